"""Coding on screen: what a coder does there is what the project holds, and what she may see of others."""

from __future__ import annotations

from typing import Any

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding import rounds
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError

MONEY = Code(code="geld", name="Geld", definition="Over geld.", use_when="Schuld of loon.", terms=("geld",))
DEBT = Code(code="schuld", name="Schuld", definition="Niet kunnen betalen.", parent="geld", terms=("schuld",))
HOME = Code(code="huis", name="Huis", definition="Over wonen.", terms=("huur", "dak"))
SCHEME = Scheme(name="eigen", title="Eigen", version="1", source="zelf", codes=(MONEY, DEBT, HOME))
TEXTS = [
    "Er kwam 😀 een brief. De huur was te hoog, en de schuld ook.",
    "Het dak lekte. Er was geld noch hulp.",
    "Niets aan de hand.",
]
CORPUS = make_corpus(TEXTS, perspective=["inwoner", "inwoner", "professional"], place=["stad", None, "dorp"])
CORPUS = CORPUS.with_changes(step="", frame=CORPUS.frame.assign(title=["Brief", "Dak", ""]))


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        yield project


@pytest.fixture
def widget(project):
    return wa.code(CORPUS, SCHEME, project=project)


def open_story(widget, story: str) -> None:
    widget._receive(widget, {"type": "open", "story": story}, [])


def act(
    widget,
    action: str,
    words: str = "",
    label: str = "",
    choice: str | None = None,
    whole: bool = False,
    **more: str,
) -> None:
    """Do what the browser does: an action on the story, on words, or on the mark with a label on those words."""
    place: dict[str, Any] = {"mark": "", "start": None, "end": None, "quote": ""}
    if label:
        fits = (m for m in widget.marks if m["label"] == label and words in quote_of(widget, m))
        mark = next(m for m in fits if not whole or m["start"] is None)
        words = quote_of(widget, mark)
        place["mark"] = mark["id"]
    if words:
        start = widget.story["text"].index(words)
        place |= {"start": start, "end": start + len(words), "quote": words}
    message = {
        "type": "action",
        "story": widget.story["id"],
        "action": action,
        "choice": choice,
        **place,
        **more,
    }
    widget._receive(widget, message, [])


def quote_of(widget, mark: dict[str, Any]) -> str:
    return "" if mark["start"] is None else str(widget.story["text"][mark["start"] : mark["end"]])


def shown(widget) -> list[tuple[str, str, str]]:
    return [(quote_of(widget, mark), mark["label"], mark["state"]) for mark in widget.marks]


def coded(widget) -> list[tuple[str, str, str]]:
    return list(widget.codings[["narrative_id", "code", "quote"]].itertuples(index=False, name=None))


def test_words_get_codes_and_a_second_one_on_the_same_place(widget):
    act(widget, "code", "De huur", choice="huis")
    assert widget.cursor == widget.codings["id"][0]
    assert widget.message == {"kind": "info", "text": "Gecodeerd: Huis."}
    act(widget, "also", label="Huis", choice="schuld")
    act(widget, "code", "huur was te hoog", choice="geld")
    assert coded(widget) == [
        ("v000", "huis", "De huur"), ("v000", "schuld", "De huur"), ("v000", "geld", "huur was te hoog"),
    ]  # fmt: skip
    tones = {mark["label"]: mark["tone"] for mark in widget.marks}
    assert tones == {"Huis": 1, "Schuld": 0, "Geld": 0}
    assert widget.marks[2]["note"] == "Over geld. · gebruik: Schuld of loon."


def test_another_code_and_taking_it_away(widget):
    act(widget, "code", "een brief", choice="geld")
    act(widget, "recode", label="Geld", choice="huis")
    assert coded(widget) == [("v000", "huis", "een brief")]
    assert widget.message["text"] == "Nu: Huis."
    act(widget, "remove", label="Huis")
    assert coded(widget) == []


def test_a_code_in_the_words_of_the_teller_is_in_no_state_of_the_widget(widget):
    act(widget, "in_vivo", "te hoog")
    assert widget.choices[-1]["label"] == "te hoog"
    assert shown(widget) == [("te hoog", "te hoog", "")]
    assert widget.marks[0]["tone"] == 7
    act(widget, "whole", choice=widget.choices[-1]["id"])
    assert ("", "te hoog", "") in shown(widget)
    assert "te hoog" not in str(widget.get_state())


def test_memos_on_words_a_coding_a_code_and_a_story(widget, project):
    act(widget, "note", "een brief", choice="Van wie?")
    act(widget, "code", "een brief", choice="geld")
    act(widget, "memo", label="Geld", choice="Dreigend\nof niet")
    act(widget, "code_memo", label="Geld ✎", choice="Ook loon?")
    act(widget, "story_memo", choice="Lang verhaal")
    assert sorted(wa.memos(project)["memo"]) == ["Dreigend\nof niet", "Lang verhaal", "Ook loon?", "Van wie?"]
    marks = {mark["label"]: mark for mark in widget.marks}
    assert marks["memo ✎"]["note"] == "memo: Van wie?"
    assert marks["memo ✎"]["texts"]["note"] == "Van wie?"
    assert marks["Geld ✎"]["texts"] == {"memo": "Dreigend\nof niet", "note": "Dreigend\nof niet", "code_memo": "Ook loon?"}  # fmt: skip
    assert widget.story["texts"] == {"story_memo": "Lang verhaal"}
    assert widget.story["about"] == "inwoner · stad · memo: Lang verhaal"
    act(widget, "story_memo", choice="")
    assert widget.message["text"] == "Memo weggehaald."
    act(widget, "memo", label="memo ✎", choice="Van de bank?")
    act(widget, "remove", label="memo ✎")
    assert sorted(wa.memos(project)["memo"]) == ["Dreigend\nof niet", "Ook loon?"]


def test_a_code_for_the_whole_story_is_a_mark_like_any_other(widget):
    act(widget, "whole", choice="geld")
    assert coded(widget) == [("v000", "geld", "")]
    assert (widget.cursor, widget.story["about"]) == (widget.marks[0]["id"], "inwoner · stad")
    act(widget, "whole", choice="geld")
    assert len(coded(widget)) == 1
    act(widget, "memo", label="Geld", choice="Hm")
    act(widget, "also", label="Geld ✎", choice="huis")
    act(widget, "recode", label="Geld ✎", choice="schuld")
    assert shown(widget) == [("", "Huis", ""), ("", "Schuld ✎", "")]
    assert widget.story["about"] == "inwoner · stad"
    act(widget, "remove", label="Huis")
    assert coded(widget) == [("v000", "schuld", "")]
    assert widget.message["text"] == "Weggehaald: Huis."


def test_a_story_is_done_the_next_opens_and_undo_comes_back(widget):
    act(widget, "done")
    assert (widget.story["id"], widget.progress, widget.progress_share) == ("v001", "1 van de 3 verhalen klaar", 1 / 3)  # fmt: skip
    assert [item["done"] for item in widget.queue] == [True, False, False]
    act(widget, "undo")
    assert (widget.story["id"], widget.progress_share) == ("v000", 0)
    assert widget.message["text"] == "Ongedaan gemaakt."
    act(widget, "undo")
    assert widget.message["text"] == "Er is niets van jou om ongedaan te maken."
    for _ in TEXTS:
        act(widget, "done")
    assert widget.progress_share == 1
    assert widget.story["about"].endswith("klaar")


def test_the_next_story_is_the_one_the_screen_gave(widget):
    act(widget, "done", next="v002")
    assert (widget.story["id"], widget.message["text"]) == ("v002", "Verhaal v000 is klaar.")
    act(widget, "done", next="")  # nothing is left on the list, though v001 is open
    assert widget.story["id"] == "v002"
    assert (
        widget.message["text"] == "Verhaal v002 is klaar. Dat was het laatste dat nog open was in de lijst."
    )
    act(widget, "done", next="v009")
    assert widget.story["id"] == "v001"


def test_the_list_shows_what_is_known_of_a_story(widget):
    act(widget, "code", "De huur", choice="huis")
    act(widget, "whole", choice="huis")
    assert widget.columns == ["perspective", "place", "Codes"]
    assert [(item["title"], item["cells"]) for item in widget.queue] == [
        ("Brief", ["inwoner", "stad", "Huis"]), ("Dak", ["inwoner", "", ""]),
        ("Niets aan de hand.", ["professional", "dorp", ""]),
    ]  # fmt: skip
    open_story(widget, "v002")
    assert widget.story["title"] == "Verhaal v002"
    open_story(widget, "v009")
    assert widget.story["id"] == "v002"


def test_suggestions_are_open_until_somebody_decides(project):
    asked = wa.suggest_codings(make_corpus(["Het geld, de lening, de schuld. De huur.", *TEXTS[1:]]), SCHEME)
    corpus = make_corpus(["Het geld, de lening, de schuld. De huur.", *TEXTS[1:]])
    widget = wa.code(corpus, SCHEME, project=project, suggestions=asked)
    sentence = "Het geld, de lening, de schuld."
    whole = ("", "Geld", "open")
    assert shown(widget) == [whole, (sentence, "Geld", "open"), (sentence, "Schuld", "open")]
    assert [item["left"] for item in widget.queue] == [3, 0, 0]
    assert coded(widget) == []
    act(widget, "accept", sentence, "Geld")
    act(widget, "reject", sentence, "Schuld")
    assert shown(widget) == [(sentence, "Geld", ""), whole]
    act(widget, "reject", label="Geld", whole=True)  # only that
    assert widget.message["text"] == "Afgewezen: Geld."
    assert shown(widget) == [(sentence, "Geld", "")]
    act(widget, "undo")
    act(widget, "whole", choice="geld")  # is an answer as well
    sure = ("", "Geld", "")
    again = wa.code(corpus, SCHEME, project=project, suggestions=asked)
    assert shown(again) == [sure, (sentence, "Geld", "")]
    act(again, "recode", sentence, "Geld", choice="huis")
    assert shown(again) == [sure, (sentence, "Huis", "")]
    for _ in range(4):
        act(again, "undo")
    assert shown(again) == [whole, (sentence, "Geld", "open"), (sentence, "Schuld", "open")]
    act(again, "accept", label="Geld", whole=True)
    assert sure in shown(again)


def test_others_are_shown_with_their_name_and_can_be_followed(widget, project):
    ali = wa.code(CORPUS, SCHEME, project=project, coder="Ali")
    act(ali, "code", "een brief", choice="geld")
    act(ali, "note", "De huur", choice="Hm")
    act(ali, "whole", choice="huis")
    open_story(widget, "v000")
    assert shown(widget) == [
        ("", "Huis · Ali", "other"), ("een brief", "Geld · Ali", "other"), ("De huur", "memo · Ali ✎", "other"),
    ]  # fmt: skip
    act(widget, "remove", label="Geld · Ali")
    assert widget.message["kind"] == "error"  # that is Ali's
    act(widget, "undo")
    assert widget.message["text"] == "Er is niets van jou om ongedaan te maken."
    act(widget, "accept", label="Geld · Ali")
    assert sorted(widget.codings.query("code == 'geld'")["coder"]) == ["Ali", "Noor"]


def test_in_a_blind_round_others_stay_hidden_until_the_story_is_done(widget, project):
    act(widget, "code", "een brief", choice="geld")
    act(widget, "story_memo", choice="Hm")
    ali = wa.code(CORPUS, SCHEME, project=project, coder="Ali", blind=True)
    assert (shown(ali), ali.story["about"], len(ali.codings)) == ([], "inwoner · stad", 0)
    act(ali, "code", "een brief", choice="huis")
    act(ali, "done")
    open_story(ali, "v000")
    assert shown(ali) == [("een brief", "Geld · Noor", "other"), ("een brief", "Huis", "")]
    assert ali.story["about"] == "inwoner · stad · memo: Hm (Noor) · klaar"
    assert len(ali.codings) == 2
    assert list(rounds.done(project)[["narrative_id", "coder"]].itertuples(index=False, name=None)) == [("v000", "Ali")]  # fmt: skip


def test_a_story_that_was_done_opens_again_and_hides_others_again(widget, project):
    act(widget, "code", "een brief", choice="geld")
    assert "reopen" not in widget.story["can"]
    act(widget, "reopen")
    assert widget.message["kind"] == "error"  # it is not done
    ali = wa.code(CORPUS, SCHEME, project=project, coder="Ali", blind=True)
    act(ali, "done")
    act(ali, "done")  # something else in between
    open_story(ali, "v000")
    assert len(shown(ali)) == 1
    act(ali, "reopen")
    assert ali.message["text"] == "Verhaal v000 is weer open. Wat anderen deden, is weer verborgen."
    assert (shown(ali), len(ali.codings), ali.progress_share) == ([], 0, 1 / 3)
    assert ali.story["id"] == "v000"
    act(ali, "undo")
    assert len(shown(ali)) == 1
    assert "verhaal weer open" in set(project.log()["action"])
    open_story(widget, "v000")
    act(widget, "done")
    open_story(widget, "v000")
    act(widget, "reopen")
    assert widget.message["text"] == "Verhaal v000 is weer open."  # not blind: nothing was hidden


def test_after_a_restart_everything_is_there(tmp_path):
    with wa.open_project(tmp_path / "x.wijk", who="Noor") as project:
        widget = wa.code(CORPUS, SCHEME, project=project)
        act(widget, "code", "😀 een brief", choice="geld")
        act(widget, "in_vivo", "te hoog")
        act(widget, "done")
    with wa.open_project(tmp_path / "x.wijk", who="Noor") as project:
        widget = wa.code(CORPUS, SCHEME, project=project)
        assert widget.story["id"] == "v001"
        open_story(widget, "v000")
        assert shown(widget) == [("😀 een brief", "Geld", ""), ("te hoog", "te hoog", "")]
        assert project.check().empty
        assert widget.message["text"] == ""


def test_a_part_of_the_stories_is_enough_but_not_other_ones(widget, project):
    part = CORPUS.select(["v001"], step="")
    assert len(wa.code(part, SCHEME, project=project).queue) == 1
    assert "gone" not in str(project.decisions("verhaal"))
    with pytest.raises(InputError, match="andere verhalen dan dit corpus"):
        wa.code(make_corpus(["Een ander verhaal."]), SCHEME, project=project)


def test_the_version_in_the_project_holds(widget, project):
    act(widget, "code", "een brief", choice="geld")
    wa.keep_scheme(project, SCHEME.revise("geld", name="Poen"))
    again = wa.code(CORPUS, SCHEME, project=project)
    assert "andere versie" in again.message["text"]
    assert shown(again) == [("een brief", "Poen", "")]


def test_a_code_that_is_gone_asks_for_another(widget, project):
    act(widget, "code", "een brief", choice="huis")
    wa.keep_scheme(project, Scheme(name="eigen", title="Eigen", version="2", source="zelf", codes=(MONEY, DEBT)))  # fmt: skip
    open_story(widget, "v000")
    assert widget.marks[0]["note"] == "Deze code is vervallen. Kies een andere."
    act(widget, "recode", label="Huis", choice="geld")
    assert shown(widget) == [("een brief", "Geld", "")]
    assert project.recheck().empty


def test_without_a_project_and_without_masking():
    widget = wa.code(CORPUS, SCHEME, coder="Noor")
    act(widget, "code", "een brief", choice="geld")
    assert list(widget.codings["coder"]) == ["Noor"]
    with pytest.raises(PrivacyError):
        wa.code(make_corpus(TEXTS, status=PrivacyStatus.RAW), SCHEME)


def test_an_error_is_a_line_on_screen(widget, project):
    project.close()
    act(widget, "code", "een brief", choice="geld")
    assert widget.message["kind"] == "error"
    assert "projectbestand" in widget.message["text"]
