"""Schemes, codings and memos in a real project file: what follows, what has to be looked at again, what can be undone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding.kept import KINDS
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError, SchemeError

TEXT = "Er kwam 😀 een brief. De huur was te hoog, zei é\u0301\u0301n buurvrouw."
MONEY = Code(code="geld", name="Geld", definition="Over geld.", terms=("geld",))
DEBT = Code(code="schuld", name="Schuld", definition="Over schuld.", parent="geld", terms=("schuld",))
HOME = Code(code="huis", name="Huis", definition="Over wonen.", hints=("dak",))
SCHEME = Scheme(name="eigen", title="Eigen", version="1", source="zelf", codes=(MONEY, DEBT, HOME))
CORPUS = make_corpus([TEXT, "Een tweede verhaal over huur."])


@pytest.fixture
def project(tmp_path):
    with wa.open_project(tmp_path / "x.wijk", who="Noor") as project:
        project.keep_narratives(CORPUS)
        wa.keep_scheme(project, SCHEME)
        yield project


def code(project, words: str, key: str = "geld", **more) -> str:
    start = TEXT.index(words)
    return wa.add_coding(project, CORPUS, "v000", key, start, start + len(words), **more)


def n_actions(project) -> int:
    return len(project.log())


def changes(project) -> list[tuple[str, str, str]]:
    return list(project.recheck()[["change", "old", "new"]].itertuples(index=False, name=None))


def test_a_coding_and_its_frame(project):
    first = code(project, "De huur")
    whole = wa.add_coding(project, CORPUS, "v001", "huis", coder="Ali")
    frame = wa.codings(project)
    assert list(frame.columns) == [
        "narrative_id",
        "coder",
        "code",
        "start",
        "end",
        "quote",
        "memo",
        "date",
        "id",
    ]
    assert list(frame["id"]) == [first, whole]
    assert frame.loc[0, ["narrative_id", "coder", "code", "start", "end", "quote"]].tolist() == [
        "v000", "Noor", "geld", TEXT.index("De huur"), TEXT.index("De huur") + 7, "De huur",
    ]  # fmt: skip
    assert frame.loc[1, ["coder", "quote"]].tolist() == ["Ali", ""]
    assert frame[["start", "end"]].loc[1].isna().all()
    assert project.check().empty
    assert project.recheck().empty


def test_the_same_coding_twice_is_one(project):
    first = code(project, "De huur")
    before = n_actions(project)
    assert code(project, "De huur") == first
    assert n_actions(project) == before
    assert code(project, "De huur", coder="Ali") != first
    assert len(wa.codings(project)) == 2


def test_undo_and_redo(project):
    code(project, "De huur")
    project.undo(KINDS)
    assert wa.codings(project).empty
    project.redo(KINDS)
    assert list(wa.codings(project)["quote"]) == ["De huur"]


def test_a_coding_that_moved_does_not_take_the_place_of_a_new_one(project):
    first = code(project, "De huur")
    longer = make_corpus(["Vooraf. " + TEXT, "Een tweede verhaal over huur."])
    project.keep_narratives(longer)
    start = TEXT.index("De huur")
    again = wa.add_coding(project, longer, "v000", "geld", start + 8, start + 15)
    assert again == first
    other = wa.add_coding(project, longer, "v000", "geld", start, start + 7)
    assert other != first
    assert len(wa.codings(project, longer)) == 2


def test_only_codings_that_stand_in_the_corpus(project):
    code(project, "De huur")
    wa.add_coding(project, CORPUS, "v001", "huis")
    assert len(wa.codings(project, CORPUS)) == 2
    assert list(wa.codings(project, make_corpus(["iets anders", "Een"]))["narrative_id"]) == ["v001"]
    assert wa.codings(project, make_corpus(["iets anders"])).empty


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(min_size=1, max_size=30), st.data())
def test_offsets_are_code_points(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    store = Memory()
    wa.keep_scheme(store, SCHEME)
    corpus = make_corpus([text])
    if not text[start:end].strip():
        with pytest.raises(InputError, match="staan geen woorden"):
            wa.add_coding(store, corpus, "v000", "geld", start, end)
        return
    wa.add_coding(store, corpus, "v000", "geld", start, end, quote=text[start:end])
    assert wa.codings(store, corpus)[["start", "end", "quote"]].to_numpy().tolist() == [
        [start, end, text[start:end]]
    ]


class Memory:
    """The least that a store is."""

    who, salt = "Noor", b"zout"

    def __init__(self):
        self.held = {}

    def decisions(self, kind):
        return {subject: value for (k, subject), value in self.held.items() if k == kind}

    def decide(self, values, *, action, who=None):
        self.held = {key: value for key, value in {**self.held, **values}.items() if value is not None}


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("v009", "geld"), "Er is geen verhaal ‘v009’"),
        (("v000", "gelt"), "De code ‘gelt’ is er niet in dit project"),
        (("v000", "geld", 0, 999), "Op deze plek staan geen woorden"),
        (("v000", "geld", -1, 3), "Op deze plek staan geen woorden"),
        (("v000", "geld", 3, 3), "Op deze plek staan geen woorden"),
        (("v000", "geld", 2, 3), "Op deze plek staan geen woorden"),
        (("v000", "geld", 1.5, 3), "Op deze plek staan geen woorden"),
        (("v000", "geld", None, 3), "Op deze plek staan geen woorden"),
    ],
)
def test_what_cannot_be_coded(project, arguments, what):
    before = n_actions(project)
    with pytest.raises(InputError, match=what) as caught:
        wa.add_coding(project, CORPUS, *arguments)
    assert "huur" not in str(caught.value)
    assert n_actions(project) == before


def test_a_quote_that_stands_elsewhere(project):
    with pytest.raises(InputError, match="of andere dan het citaat") as caught:
        wa.add_coding(project, CORPUS, "v000", "geld", 0, 7, quote="De huur")
    assert "huur" not in str(caught.value)


def test_raw_text_is_not_coded(project):
    with pytest.raises(PrivacyError):
        wa.add_coding(project, make_corpus([TEXT], status=PrivacyStatus.RAW), "v000", "geld")


def test_a_code_of_no_kept_scheme(tmp_path):
    with (
        wa.open_project(tmp_path / "leeg.wijk", who="Noor") as project,
        pytest.raises(InputError, match="keep_scheme"),
    ):
        wa.add_coding(project, CORPUS, "v000", "geld")


def test_remove(project):
    ids = [code(project, "De huur"), code(project, "brief")]
    wa.remove_codings(project, ids[0])
    wa.remove_codings(project, ids)
    before = n_actions(project)
    wa.remove_codings(project, ids)
    assert n_actions(project) == before
    project.undo(KINDS)
    project.undo(KINDS)
    assert len(wa.codings(project)) == 2


def test_the_memo_on_a_coding_goes_with_it_and_comes_back(project):
    about = {
        "corpus": CORPUS,
        "narrative_id": "v000",
        "start": TEXT.index("De huur"),
        "end": TEXT.index("De huur") + 7,
    }
    code(project, "De huur")
    wa.write_memo(project, "bij de plek", **about)
    wa.write_memo(project, "bij de codering", **about, code="geld")
    wa.write_memo(project, "van Ali", **about, code="geld", coder="Ali")
    wa.remove_codings(project, wa.codings(project)["id"])
    assert sorted(wa.memos(project)["memo"]) == ["bij de plek", "van Ali"]
    project.undo(KINDS)
    assert list(wa.codings(project)["memo"]) == ["bij de codering"]


def test_with_stories_only_memos_that_stand_in_them(project):
    about = {"corpus": CORPUS, "narrative_id": "v000"}
    wa.write_memo(project, "bij de code", code="geld")
    wa.write_memo(project, "bij het verhaal", **about)
    wa.write_memo(project, "bij de plek", **about, start=0, end=3)
    changed = make_corpus(["Heel anders, en lang genoeg voor elke plek."])
    assert sorted(wa.memos(project, changed)["memo"]) == ["bij de code", "bij het verhaal"]
    assert list(wa.memos(project, make_corpus([])).query("memo != ''")["memo"]) == ["bij de code"]


def test_accepting_suggestions_is_one_action(project):
    corpus = make_corpus(["Geld, geld en schuld. Nog iets."])
    suggestions = wa.suggest_codings(corpus, SCHEME)
    assert wa.codings(project).empty
    before = n_actions(project)
    ids = wa.accept_suggestions(project, corpus, suggestions)
    assert n_actions(project) == before + 1
    frame = wa.codings(project)
    assert set(frame["id"]) == set(ids)
    assert list(frame["coder"].unique()) == ["Noor"]
    pd.testing.assert_frame_equal(
        frame[["narrative_id", "code", "start", "end", "quote"]],
        suggestions[["narrative_id", "code", "start", "end", "quote"]],
        check_dtype=False,
    )
    wa.accept_suggestions(project, corpus, suggestions)
    assert n_actions(project) == before + 1


def test_memos_on_everything(project):
    start = TEXT.index("De huur")
    about = {"corpus": CORPUS, "narrative_id": "v000"}
    place = {"start": start, "end": start + 7}
    code(project, "De huur")
    wa.write_memo(project, "bij de code", code="geld")
    wa.write_memo(project, "bij het verhaal", **about)
    wa.write_memo(project, "bij de plek", **about, **place)
    wa.write_memo(project, "bij de codering", **about, **place, code="geld")
    told = ["bij de code", "bij de codering", "bij de plek", "bij het verhaal"]
    assert sorted(wa.memos(project)["memo"]) == told
    assert list(wa.codings(project)["memo"]) == ["bij de codering"]
    before = n_actions(project)
    wa.write_memo(project, "bij de code", code="geld")
    assert n_actions(project) == before
    wa.write_memo(project, "anders", code="geld")
    wa.write_memo(project, "van Ali", code="geld", coder="Ali")
    assert len(wa.memos(project)) == 5
    wa.write_memo(project, "", code="geld")
    assert "anders" not in set(wa.memos(project)["memo"])
    project.undo(KINDS)
    assert "anders" in set(wa.memos(project)["memo"])
    assert project.check().empty


@pytest.mark.parametrize(
    "about", [{}, {"corpus": CORPUS}, {"narrative_id": "v000"}, {"code": "geld", "start": 3}]
)
def test_a_memo_about_nothing(project, about):
    with pytest.raises(InputError, match="niet duidelijk waar deze memo over gaat"):
        wa.write_memo(project, "x", **about)


def test_a_memo_on_a_code_that_is_not_there(project):
    with pytest.raises(InputError, match="De code ‘gelt’"):
        wa.write_memo(project, "x", code="gelt")


def test_in_vivo(project):
    start = TEXT.index("te hoog")
    first = wa.code_in_vivo(project, CORPUS, "v000", start, start + 7, scheme="eigen")
    assert wa.code_in_vivo(project, CORPUS, "v000", start, start + 7, scheme="eigen") == first
    scheme = wa.kept_scheme(project, "eigen")
    (made,) = [each for each in scheme if each.narrative_id]
    assert (made.name, made.narrative_id) == ("te hoog", "v000")
    assert "hoog" not in made.code
    assert list(wa.codings(project)["code"]) == [made.code]
    # A next version of the file keeps it; erasing the story takes it along.
    wa.keep_scheme(project, replace(SCHEME, version="2"))
    assert made.code in [each.code for each in wa.kept_scheme(project, "eigen")]
    project.erase("v000")
    assert [each.code for each in wa.kept_scheme(project, "eigen")] == ["geld", "schuld", "huis"]
    assert "te hoog" not in str(project.query("SELECT * FROM log"))


def test_in_vivo_needs_a_kept_scheme(project):
    with pytest.raises(SchemeError, match="Er is geen codeerschema ‘ander’ in dit project"):
        wa.code_in_vivo(project, CORPUS, "v000", 0, 7, scheme="ander")
