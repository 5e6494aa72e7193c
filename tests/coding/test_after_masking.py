"""Codings of raw stories, on the masked text; and codings of elsewhere, kept in a project."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.coding.test_by_hand import SCHEME
from tests.coding.test_exchange_reading import packed, selection, xml
from tests.conftest import make_corpus
from wijkanalyse.coding.after_masking import mask_codings, moved
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.masking import render, replaced

TEXT = "Mijn buurvrouw Fatima belde 😀. Ik zag mijn zoon Daan, en later Fatima nog eens."
RAW = make_corpus([TEXT, "Een verhaal zonder wie dan ook."], status=PrivacyStatus.RAW)


@pytest.fixture(scope="module")
def masked():
    corpus = wa.mask(RAW, model=None)
    assert corpus.frame["text"][0] == (
        "Mijn [buurvrouw 1] belde 😀. Ik zag mijn [zoon 1], en later [buurvrouw 1] nog eens."
    )
    return corpus


def coded(quote: str | None, *, text: str = TEXT, narrative_id: str = "v000", **more):
    start = None if quote is None else text.index(quote)
    end = None if quote is None else start + len(quote)
    return {"narrative_id": narrative_id, "coder": "An", "code": "geld", "start": start, "end": end, "quote": quote or "", **more}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Fatima belde", "[buurvrouw 1] belde"),
        ("Fatima", "[buurvrouw 1]"),
        ("tima bel", "[buurvrouw 1] bel"),
        ("belde 😀.", "belde 😀."),
        ("nog eens.", "nog eens."),
        ("Mijn buurvrouw", "Mijn [buurvrouw 1]"),  # the word goes along with the name
        ("zag mijn", "zag mijn"),
        (TEXT, "Mijn [buurvrouw 1] belde 😀. Ik zag mijn [zoon 1], en later [buurvrouw 1] nog eens."),
    ],
)
def test_a_coding_follows_what_was_masked(masked, before, after):
    found = mask_codings(pd.DataFrame([coded(before, memo="Fatima’s moed")]), masked)
    (row,) = found.codings.to_dict("records")
    assert row["quote"] == after == masked.frame["text"][0][row["start"] : row["end"]]
    assert row["memo"] == "[buurvrouw 1]’s moed"
    assert found.recheck.empty
    assert "Niets blijft achter" in repr(found)


def test_whole_stories_and_memos_without_a_story_go_along_and_nothing_is_lost(masked):
    rows = [
        coded(None), {**coded(None), "narrative_id": "", "memo": "Over het schema"}, coded("Fatima", narrative_id="v009"),
        coded("Fatima") | {"quote": "iets anders"}, coded("Fatima") | {"end": 999}, coded("wie dan", text=RAW.frame["text"][1], narrative_id="v001"),
    ]  # fmt: skip
    found = mask_codings(pd.DataFrame(rows), masked)
    assert len(found.codings) + len(found.recheck) == len(rows)
    assert list(found.codings["quote"]) == ["", "", "wie dan"]
    assert list(found.codings["start"].isna()) == [True, True, False]
    assert list(found.recheck["reason"]) == ["het verhaal is er niet in dit corpus", *["het citaat stond niet op zijn plek"] * 2]  # fmt: skip
    assert "Opnieuw bekijken, in .recheck: 2 × het citaat stond niet op zijn plek." in repr(found)
    assert "Fatima" not in repr(found) + found.recheck.to_string()
    empty = mask_codings(pd.DataFrame(columns=["narrative_id"]), masked)
    assert (len(empty.codings), len(empty.recheck)) == (0, 0)


def test_it_says_when_it_is_not_known_what_was_masked(masked):
    for corpus in (make_corpus([TEXT]), replace(masked, key=None), RAW):
        with pytest.raises(PrivacyError, match="niet meer bekend wat er"):
            mask_codings(pd.DataFrame([coded("Fatima")]), corpus)


@st.composite
def maskings(draw):
    """A text, cuts in it with what comes instead, and a place."""
    text = draw(st.text(alphabet="abc 😀é\u0301\n", min_size=2, max_size=30))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    words = st.text(alphabet="[]naam 1", min_size=1, max_size=9)
    cuts = [(a, b, draw(words)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    start = draw(st.integers(0, len(text) - 1))
    return text, cuts, start, draw(st.integers(start + 1, len(text)))


@settings(derandomize=True, deadline=None, max_examples=500)
@given(maskings())
def test_a_place_holds_the_same_characters_and_whole_placeholders(made):
    text, cuts, start, end = made
    out = "".join(
        text[last:first] + instead
        for (_, last, _), (first, _, instead) in zip([(0, 0, ""), *cuts], [*cuts, (len(text), 0, "")], strict=True)
    )  # fmt: skip
    a, b = moved(cuts, start, end)
    hit = [(first, last, instead) for first, last, instead in cuts if first < end and last > start]
    wanted, at = "", min([start, *(first for first, _, _ in hit)])
    for first, last, instead in hit:
        wanted, at = wanted + text[at:first] + instead, last
    assert out[a:b] == wanted + text[at : max(at, end)]
    if not hit:
        assert out[a:b] == text[start:end]


def test_what_is_cut_out_is_what_rendering_leaves_out(masked):
    places = masked.privacy_report.findings.query("narrative_id == 'v000'")
    pairs = [(row, row.placeholder) for row in places.itertuples()]
    assert [(TEXT[a:b], instead) for a, b, instead in replaced(TEXT, pairs)] == [
        ("buurvrouw Fatima", "[buurvrouw 1]"), ("zoon Daan", "[zoon 1]"), ("Fatima", "[buurvrouw 1]"),
    ]  # fmt: skip
    assert render(TEXT, pairs) == masked.frame["text"][0]


def test_in_the_sample_every_quote_stands_where_it_should():
    sample_raw = wa.load_sample(raw=True)
    corpus = wa.mask(sample_raw, model=None)
    rows = []
    for key, text in sample_raw.frame[["narrative_id", "text"]].to_numpy():
        cuts = [*range(0, len(text), 37), len(text)]
        rows += [
            {"narrative_id": key, "coder": "An", "code": "geld", "start": a, "end": b, "quote": text[a:b]}
            for a, b in pairwise(cuts)
        ]
    found = mask_codings(pd.DataFrame(rows), corpus)
    assert found.recheck.empty
    told = dict(corpus.frame[["narrative_id", "text"]].to_numpy())
    assert all(told[row.narrative_id][row.start : row.end] == row.quote for row in found.codings.itertuples())
    assert found.codings["quote"].str.contains("[", regex=False).sum() > 100


def test_from_another_program_into_a_project(tmp_path):
    text = "Gisteren belde mijn buurvrouw Fatima de Wit. Zij heeft geld."
    marks = selection(30, 43, "Fatima de Wit", number=1) + selection(0, 8, "Gisteren", number=2)
    name = packed(tmp_path / "x.qdpx", xml(selections=marks), {f"Sources/{'5':0>8}-0000-4000-8000-000000000000.txt": text})  # fmt: skip
    given = wa.import_qdpx(name)
    assert "wa.mask_codings" in repr(given)
    corpus = wa.mask(given.corpus, model=None)
    found = wa.mask_codings(given.codings, corpus)
    with wa.open_project(tmp_path / "x.wijk", who="Noor") as project:
        project.keep_narratives(corpus)
        wa.keep_scheme(project, given.scheme)
        ids = wa.keep_codings(project, corpus, found.codings)
        kept = wa.codings(project, corpus)
        assert set(kept["id"]) == set(ids)
        assert sorted(kept["quote"]) == ["Gisteren", "[buurvrouw 1]"]
        assert set(kept["coder"]) == {"Anna"}
        assert set(kept["date"]) == {"2026-11-22T11:00:00Z"}
        assert project.recheck().empty
        assert "Fatima" not in (tmp_path / "x.wijk").read_bytes().decode("latin-1")
        # a name that was missed is masked at last: the codings go along
        later = wa.mask(given.corpus, model=None, add={"Gisteren": "dag"})
        project.keep_narratives(later)
        assert sorted(wa.codings(project, later)["quote"]) == ["[buurvrouw 1]", "[dag 1]"]


def test_memos_on_codes_and_on_stories_name_nobody():
    raw = make_corpus(["Mijn buurvrouw Fatima belde."], status=PrivacyStatus.RAW)
    corpus = wa.mask(raw, keep=["Petra"])
    rows = [
        {
            "narrative_id": "",
            "code": "geld",
            "coder": "An",
            "memo": "Lijkt op wat mevrouw Jansen zei, vindt Petra.",
        },
        {"narrative_id": "v000", "code": "", "coder": "An", "memo": "Fatima kent Jan de Vries."},
    ]
    masked = wa.mask_codings(pd.DataFrame(rows), corpus)
    assert list(masked.codings["memo"]) == [
        "Lijkt op wat [mevrouw] zei, vindt Petra.", "[buurvrouw 1] kent [persoon].",
    ]  # fmt: skip
    assert "naam lijkt" in repr(masked)


def test_codings_of_elsewhere_keep_coder_date_and_memo_and_add_to_what_is_there(tmp_path):
    corpus = make_corpus(["De huur was te hoog.", "Geld is op."])
    rows = [
        {"narrative_id": "v000", "coder": "An", "code": "geld", "start": 0, "end": 7, "memo": "Eén"},
        {"narrative_id": "v000", "coder": "An", "code": "geld", "start": 0, "end": 7, "memo": "Twee"},
        {"narrative_id": "v001", "coder": "Bo", "code": "huis", "start": None, "end": None, "memo": ""},
    ]
    memos = pd.DataFrame(
        [
            {"narrative_id": "v001", "code": "", "coder": "", "memo": "Kort"},
            {"narrative_id": "", "code": "geld", "coder": "Bo", "memo": "Ruim genoeg?"},
            {"narrative_id": "", "code": "", "coder": "Bo", "memo": "Over alles"},
        ]
    )
    with wa.open_project(tmp_path / "x.wijk", who="Noor") as project:
        project.keep_narratives(corpus)
        with pytest.raises(InputError, match="is er niet in dit project"):
            wa.keep_codings(project, corpus, pd.DataFrame(rows))
        wa.keep_scheme(project, SCHEME)
        n = len(project.log())
        first = wa.keep_codings(project, corpus, pd.DataFrame(rows), memos=memos)
        assert len(project.log()) == n + 1
        assert first[0] == first[1] != first[2]
        held = wa.codings(project, corpus)
        assert held[["coder", "memo"]].to_numpy().tolist() == [["An", "Eén\n\nTwee"], ["Bo", ""]]
        written = wa.memos(project)
        assert sorted(written["memo"]) == ["Eén\n\nTwee", "Kort", "Over alles", "Ruim genoeg?"]
        assert written.set_index("memo").loc["Kort", "coder"] == "Noor"
        assert (
            wa.keep_codings(project, corpus, pd.DataFrame(rows), memos=memos) == first
        )  # once more: nothing new
        assert len(project.log()) == n + 1
        assert project.check().empty
        rows[0]["quote"] = "Iets anders"
        with pytest.raises(InputError, match="of andere dan het citaat"):
            wa.keep_codings(project, corpus, pd.DataFrame(rows))
