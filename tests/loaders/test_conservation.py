"""Whatever stands in a file: read = kept + set apart, and a file that grew or was shuffled gives the same."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loaders.test_load_narratives import load, stories, whats, write
from wijkanalyse.loaders import load_narratives

# Text that holds at least four words of its own, so that it is a story and no filler.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
TELLINGS = st.lists(
    st.one_of(
        WORDS.map(lambda words: f"er was eens een verhaal {words}".strip()),
        st.sampled_from(["", " ", "geen", "n.v.t.", "er was eens een verhaal"]),
    ),
    min_size=1,
    max_size=8,
)
FILES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FIRST = "dit is het eerste verhaal van allemaal"


@FILES
@given(TELLINGS, st.randoms())
def test_rows_are_conserved_and_their_order_does_not_matter(tmp_path, texts, random):
    # The colour tells which of two equal stories was kept.
    rows = [[FIRST, "a"], *([text, "ab"[number % 2]] for number, text in enumerate(texts))]
    corpus = load(tmp_path, [["Verhaal", "kleur"], *rows])
    report = corpus.check_report
    assert report.n_read == len(rows) == report.n_kept + sum(report.set_apart.values())
    assert report.n_kept == len(corpus) == corpus.frame["narrative_id"].nunique()
    if not any("hersteld" in what for what in whats(corpus)):
        assert set(corpus.frame["text"]) <= {text.strip() for text, _ in rows}
    shuffled = load(tmp_path, [["Verhaal", "kleur"], *random.sample(rows, len(rows))])
    pd.testing.assert_frame_equal(shuffled.frame, corpus.frame)
    assert shuffled.provenance.corpus_hash == corpus.provenance.corpus_hash


@FILES
@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(WORDS, max_size=5))
def test_a_grown_file_keeps_every_id(tmp_path, before, added):
    old = load(tmp_path, stories(FIRST, *(f"eens was er {text} en toen niets" for text in before))).frame
    grown = load(
        tmp_path, stories(FIRST, *(f"eens was er {text} en toen niets" for text in [*added, *before]))
    ).frame
    assert set(old["narrative_id"]) <= set(grown["narrative_id"])


# With no control characters, which a workbook cannot hold, nor the codes that Excel has for them.
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    lambda text: text.replace("_x", "x")
)
ROWS = st.lists(
    st.tuples(
        st.one_of(
            CELLS.map(lambda words: f"er was eens een verhaal {words}"),
            st.sampled_from(
                ["", "geen", "N.v.t.", "test", "asdf", "er was eens een verhaal", "The end of it all"]
            ),
        ),
        st.sampled_from(["", "R-1", "R-2"]),
        st.sampled_from(["", "rood", "blauw"]),
    ),
    min_size=1,
    max_size=8,
)


def write_jsonl(tmp_path, rows):
    path = tmp_path / "proef.jsonl"
    header, *body = rows
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in body]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_book(tmp_path, rows):
    book = openpyxl.Workbook()
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            book.active.cell(at, column, text).data_type = "s"
    book.save(tmp_path / "proef.xlsx")
    return tmp_path / "proef.xlsx"


WRITERS = {"csv": write, "jsonl": write_jsonl, "xlsx": write_book}


@pytest.mark.parametrize("kinds", [["csv"], ["jsonl"], ["xlsx"], ["csv", "jsonl", "xlsx"]], ids="-".join)
@settings(FILES, max_examples=25)
@given(
    st.data(), st.lists(st.sampled_from(["vulantwoord", "proefinvoer", "bijna dubbel", "niet Nederlands"]))
)
def test_in_every_format_and_in_several_files_no_row_gets_lost(tmp_path, kinds, data, keep):
    paths, n_by_file = [], []
    for kind in kinds:
        # The last row is filled: a workbook does not tell how many empty rows follow.
        rows = [*data.draw(ROWS), (f"{FIRST} {kind}", "R-3", "rood")]
        paths.append(WRITERS[kind](tmp_path, [["Verhaal", "Verteller", "kleur"], *map(list, rows)]))
        n_by_file.append(len(rows))
    corpus = load_narratives(paths, text="Verhaal", keep=keep)
    report = corpus.check_report
    assert report.n_read == sum(n_by_file) == report.n_kept + sum(report.set_apart.values())
    assert report.n_kept == len(corpus) == corpus.frame["narrative_id"].nunique()
    assert list(report.n_by_file.values()) == (n_by_file if len(kinds) > 1 else [])
    assert {f"{FIRST} {kind}" for kind in kinds} & set(corpus.frame["text"])
    assert len(set(report.guesses)) == len(report.guesses)
