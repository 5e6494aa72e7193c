"""Schemes, codings and memos in a real project file: what follows, what has to be looked at again, what can be undone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding import kept, rounds
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
    with pytest.raises(InputError, match="Het citaat staat niet op deze plek") as caught:
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


def test_keeping_is_idempotent_and_gives_the_scheme_back(project):
    before = n_actions(project)
    assert wa.keep_scheme(project, SCHEME).empty
    assert n_actions(project) == before
    assert wa.kept_scheme(project, "eigen") == SCHEME
    opgaven = wa.load_scheme("opgaven")
    assert set(wa.keep_scheme(project, opgaven)["change"]) == {"toegevoegd"}
    assert wa.kept_scheme(project, "opgaven") == opgaven


def test_two_schemes_cannot_share_a_key(project):
    with pytest.raises(SchemeError, match="horen al bij een ander codeerschema: ‘geld’"):
        wa.keep_scheme(project, replace(SCHEME, name="ander", codes=(MONEY,)))


def test_a_rename_follows_by_itself(project):
    code(project, "De huur")
    assert wa.keep_scheme(project, SCHEME.revise("geld", name="Inkomen")).to_numpy().tolist() == [
        ["geld", "hernoemd", "Geld", "Inkomen"]
    ]
    assert list(wa.codings(project)["code"]) == ["geld"]
    assert project.recheck().empty


def test_another_definition_has_to_be_looked_at(project):
    code(project, "De huur")
    wa.add_coding(project, CORPUS, "v001", "geld")
    code(project, "brief", "huis")
    wa.keep_scheme(project, SCHEME.revise("geld", definition="Over inkomen."))
    assert changes(project) == [("definitie gewijzigd", "Over geld.", "Over inkomen.")] * 2
    project.mark_rechecked("v000")
    assert list(project.recheck()["narrative_id"]) == ["v001"]
    with pytest.raises(InputError, match="‘v000’"):
        project.mark_rechecked("v000")
    project.undo(KINDS)
    assert len(project.recheck()) == 2
    wa.recode(project, list(wa.codings(project).query("code == 'geld'")["id"]), "geld")
    assert project.recheck().empty
    project.undo(KINDS)
    project.undo(KINDS)
    assert project.recheck().empty
    assert wa.kept_scheme(project, "eigen") == SCHEME


def test_merged_codes_take_their_codings_along(project):
    code(project, "De huur", "schuld")
    code(project, "De huur", "geld")
    code(project, "brief", "huis")
    merged = SCHEME.merge(["schuld", "huis"], into="geld")
    wa.keep_scheme(project, merged)
    assert wa.codings(project)[["code", "quote"]].to_numpy().tolist() == [
        ["geld", "brief"],
        ["geld", "De huur"],
    ]
    assert project.recheck().empty
    kept = wa.kept_scheme(project, "eigen")
    assert kept["geld"].terms == ("geld", "schuld")
    assert kept["geld"].hints == ("dak",)
    assert wa.keep_scheme(project, merged).empty
    project.undo(KINDS)
    assert sorted(wa.codings(project)["code"]) == ["geld", "huis", "schuld"]


def test_memos_follow_their_coding(project):
    place = {
        "corpus": CORPUS,
        "narrative_id": "v000",
        "start": TEXT.index("De huur"),
        "end": TEXT.index("De huur") + 7,
    }
    first = code(project, "De huur", "schuld")
    wa.write_memo(project, "waarom", **place, code="schuld")
    wa.recode(project, first, "huis")
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["huis", "waarom"]]
    wa.keep_scheme(project, SCHEME.merge(["huis"], into="geld"))
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["geld", "waarom"]]
    project.undo(KINDS)
    assert wa.codings(project)[["code", "memo"]].to_numpy().tolist() == [["huis", "waarom"]]


def test_two_codings_that_get_one_code_at_once(project):
    ids = [code(project, "De huur"), code(project, "De huur", "schuld")]
    wa.recode(project, ids, "huis")
    assert list(wa.codings(project)["code"]) == ["huis"]


def test_a_code_merged_twice(project):
    code(project, "De huur", "schuld")
    wa.keep_scheme(project, SCHEME.merge(["schuld"], into="huis").merge(["huis"], into="geld"))
    assert list(wa.codings(project)["code"]) == ["geld"]


def test_codings_of_a_split_code_wait_for_a_person(project):
    first = code(project, "De huur")
    parts = [replace(MONEY, code="loon", name="Loon"), replace(MONEY, code="uitgaven", name="Uitgaven")]
    wa.keep_scheme(project, SCHEME.split("geld", parts))
    assert changes(project) == [("code vervallen", "Geld", "Loon, Uitgaven")]
    assert list(wa.codings(project)["code"]) == ["geld"]
    with pytest.raises(InputError, match="code die vervallen is"):
        project.mark_rechecked("v000")
    with pytest.raises(InputError, match="De code ‘geld’ is er niet"):
        wa.recode(project, first, "geld")
    wa.recode(project, first, "loon")
    assert project.recheck().empty
    assert list(wa.codings(project)["code"]) == ["loon"]


def test_codings_of_a_dropped_code_wait_too(project):
    code(project, "brief", "huis")
    wa.keep_scheme(project, replace(SCHEME, codes=(MONEY, DEBT)))
    assert changes(project) == [("code vervallen", "Huis", "")]
    wa.keep_scheme(project, SCHEME)
    assert project.recheck().empty


def test_recoding_to_what_is_there_leaves_one(project):
    first, other = code(project, "De huur"), code(project, "De huur", "huis")
    wa.recode(project, first, "huis")
    assert list(wa.codings(project)["id"]) == [other]
    wa.recode(project, "weg", "huis")


def test_two_copies_make_the_same_ids(tmp_path, project):
    first = code(project, "De huur")
    project.copy_to(tmp_path / "b.wijk")
    project.undo(KINDS)
    with wa.open_project(tmp_path / "b.wijk", who="Ali") as other:
        assert list(wa.codings(other)["id"]) == [first]
    assert code(project, "De huur") == first


def test_each_coder_undoes_her_own_and_no_scheme(project):
    mine = code(project, "De huur")
    code(project, "een brief", coder="Ali")
    assert rounds.undo_coding(project) == (True, "v000")
    assert mine not in set(wa.codings(project)["id"])
    assert rounds.undo_coding(project) == (False, "")  # what is left of Noor is the scheme
    assert len(wa.kept_scheme(project, "eigen")) == 3
    assert rounds.undo_coding(project, coder="Ali") == (True, "v000")
    assert set(project.log()["who"].tail(2)) == {"Noor", "Ali"}
    assert project.redo(kept.KINDS, who="Noor")
    assert list(wa.codings(project)["id"]) == [mine]
    wa.write_memo(project, "Ruim", code="geld")
    assert rounds.undo_coding(project) == (True, "")


def test_undo_of_in_vivo_takes_the_code_along(project):
    wa.code_in_vivo(project, CORPUS, "v000", 8, 20, scheme="eigen")
    assert rounds.undo_coding(project) == (True, "v000")
    assert len(wa.kept_scheme(project, "eigen")) == 3


def test_a_story_is_done_or_not_yet(project):
    rounds.mark_done(project, "v001", coder="Ali")
    rounds.mark_done(project, "v000")
    n = n_actions(project)
    rounds.mark_done(project, "v000")
    assert n_actions(project) == n
    assert list(rounds.done(project)["narrative_id"]) == ["v000", "v001"]
    rounds.mark_done(project, "v000", is_done=False)
    assert list(rounds.done(project)["coder"]) == ["Ali"]
    project.erase("v001")
    assert rounds.done(project).empty


def test_a_blind_coder_sees_others_only_where_she_is_done(project):
    for story, coder in (("v000", "Ali"), ("v001", "Ali"), ("v001", "Noor")):
        wa.add_coding(project, CORPUS, story, "geld", coder=coder)
    wa.write_memo(project, "Ruim", code="geld", coder="Ali")
    rounds.mark_done(project, "v000")
    seen = rounds.blinded(project, wa.codings(project))
    assert list(seen[["narrative_id", "coder"]].itertuples(index=False, name=None)) == [("v000", "Ali"), ("v001", "Noor")]  # fmt: skip
    assert rounds.blinded(project, wa.memos(project)).empty


def test_suggestions_stay_decided_without_their_words(project):
    rows = [("v000", "voorstel", key, None, None, "") for key in ("geld", "huis", "weg")]
    rows += [("v001", "voorstel", "geld", 4, 10, "tweede"), ("v001", "voorstel", "geld", 0, 6, "tweede"), ("v9", "voorstel", "geld", 0, 1, "x")]  # fmt: skip
    asked = pd.DataFrame(rows, columns=["narrative_id", "coder", "code", "start", "end", "quote"])
    asked = asked.astype({"start": "Int64", "end": "Int64"})
    first = rounds.open_suggestions(project, CORPUS, asked)
    assert list(first.index) == [0, 1, 3]  # unknown code, words elsewhere, unknown story
    wa.accept_suggestions(project, CORPUS, first.loc[[3]])
    rounds.reject_suggestions(project, first.loc[[0]])
    assert list(rounds.open_suggestions(project, CORPUS, asked).index) == [1]
    assert list(rounds.open_suggestions(project, CORPUS, asked, coder="Ali").index) == [0, 1, 3]
    wa.remove_codings(project, wa.codings(project)["id"])
    assert list(rounds.open_suggestions(project, CORPUS, asked).index) == [1]
    assert "tweede" not in str(project.decisions(kept.SUGGESTION))
    assert project.check().empty
    assert rounds.open_suggestions(project, CORPUS, asked.head(0)).empty
