"""What another program broke, mended and reported; and bounds on what is read at all."""

from __future__ import annotations

import re
import time
import zipfile

import pytest

from tests.loaders.test_load_narratives import MARKER, ONE, THREE, TWO, load, stories, whats
from tests.loaders.test_tabular import as_book
from wijkanalyse import loaders
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import apart, load_narratives, workbook
from wijkanalyse.loaders.header import in_two_rows, join_headers
from wijkanalyse.loaders.mending import mend
from wijkanalyse.loaders.values import month_first, read_month


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("geÃ¯nteresseerd", "geïnteresseerd"),
        ("CafÃ© “De Hoek” zei â€œja”, 😀 ﬁjn", "Café “De Hoek” zei “ja”, 😀 ﬁjn"),
        ("het kostte â‚¬ 30", "het kostte € 30"),
    ],
)
def test_half_decoded_text_is_mended_and_counted(broken, whole):
    rows, guesses = mend([["nr", "tekst"], ["1", broken], ["2", "goed"]])
    assert rows == [["nr", "tekst"], ["1", whole], ["2", "goed"]]
    assert [guess.what for guess in guesses] == [
        "verkeerd gelezen letters (zoals Ã© voor é) zijn hersteld: kolom B (1)"
    ]


@pytest.mark.parametrize(
    "good", ["één café, naïef", "‘zei’ “ze”…", "ﬁets ＦＵＬＬ 😀", "Ångström Âge", "São Paulo", "Güneş, Łódź", "doe�s"]
)  # fmt: skip
def test_what_is_whole_stays_as_it_is(good):
    assert mend([[good]]) == ([[good]], [])


def test_failed_formulas_are_empty_and_counted(tmp_path):
    rows = [
        ["Verhaal", "Ik ben"],
        [ONE, "#N/B"],
        ["#NAAM?", "inwoner"],
        [TWO, "inwoner"],
        [f"#REF! {THREE}", "x"],
    ]
    corpus = load(tmp_path, rows)
    assert corpus.check_report.set_apart == {"lege rij": 1}
    assert "mislukte formules (zoals #REF! of #NAAM?) tellen als lege cel: kolom A (1), kolom B (1)" in whats(
        corpus
    )


def test_nul_characters_are_counted():
    rows, guesses = mend([["a\x00b\x00", "\x00 "]])
    assert rows == [["ab", ""]]
    assert guesses[0].what == "3 onleesbare tekens (NUL) zijn weggelaten"


HEADINGS = [["Over u", "", "Uw verhaal"], ["Ik ben", "Woonplaats", ""]]


def test_two_rows_of_headings_are_one(tmp_path):
    rows = [
        *HEADINGS,
        ["inwoner", "stad", ONE],
        ["inwoner", "dorp", TWO],
        ["professional", "stad", THREE],
        ["inwoner", "stad", f"{ONE} Echt."],
    ]
    corpus = load(tmp_path, rows)
    assert corpus.check_report.n_read == 4
    assert set(corpus.check_report.kept_columns) == {"Ik ben", "Woonplaats", "Uw verhaal"}
    assert "de kolomnamen staan in twee rijen (1 en 2)" in whats(corpus)


@pytest.mark.parametrize(
    "first",
    [
        ["inwoner", "stad", ""],  # answers that come again
        ["iemand", "3", ""],  # a number
        ["iemand", "", ""],  # a gap without a name
        ["iemand", "ergens", ONE],  # a story
    ],
)
def test_a_first_row_of_answers_is_no_heading(first):
    body = [first, ["inwoner", "stad", ONE], ["inwoner", "dorp", TWO], ["professional", "stad", THREE]]
    assert not in_two_rows(HEADINGS[0], body)


def test_names_of_answers_that_come_again_keep_the_question_before_them():
    assert join_headers(("Zorg", "", "Werk", "", "Verhaal"), ("ja", "nee", "ja", "nee", "")) == (
        "Zorg: ja", "Zorg: nee", "Werk: ja", "Werk: nee", "Verhaal",
    )  # fmt: skip


def test_a_column_that_comes_twice_is_reported(tmp_path):
    corpus = load(tmp_path, [["Verhaal", "Kleur", "Kleur"], [ONE, "rood", "blauw"], [TWO, "rood", "blauw"]])
    assert "1 kolommen hebben de naam van een andere en kregen een nummer: ‘naam (2)’" in whats(corpus)


@pytest.mark.parametrize(
    ("cells", "american", "months"),
    [
        (["3/11/2025", "25/12/2025"], False, ["2025-11", "2025-12"]),
        (["3/11/2025 14:02", "12/25/2025 9:00"], True, ["2025-03", "2025-12"]),
        (["2025-03-11"], None, ["2025-03"]),
    ],
)
def test_which_of_day_and_month_is_first(cells, american, months):
    assert month_first(cells) is american
    assert [read_month(cell, month_first=american) for cell in cells] == months


def test_how_dates_and_numbers_were_read_is_said(tmp_path):
    rows = [["Datum", "Cijfer (0-1)", "Verhaal"], ["3/11/2025", "0,5", ONE], ["12/25/2025", "1", TWO]]
    said = whats(load(tmp_path, rows))
    assert "datums als 3-11-2025 in kolom ‘Datum’ zijn gelezen als maand-dag-jaar" in said
    assert "de komma in getallen van kolom ‘Cijfer (0-1)’ is gelezen als decimaalteken" in said


def test_ten_thousand_columns_give_a_short_report(tmp_path):
    wide = [f"vraag {n}" for n in range(10_000)]
    corpus = load(tmp_path, [["Verhaal", *wide], [ONE, *[""] * 10_000], [TWO, *[""] * 10_000]])
    report = str(corpus.check_report)
    assert "10000 kolommen" in report
    assert "en nog 9988: leeg" in " ".join(report.split())
    assert report.count("\n") < 30


def test_a_file_too_large_for_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(loaders, "MAX_BYTES", 20)
    with pytest.raises(InputError, match="Dit bestand is groter dan 0 MB"):
        load(tmp_path, stories(ONE))


def test_a_workbook_that_swells(tmp_path):
    path = as_book(tmp_path / "bom.xlsx", Blad1=[["Verhaal"], [ONE]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book, book.open("vol.bin", "w") as part:
        for _ in range(17):
            part.write(bytes(2**26))
    with pytest.raises(InputError, match="te groot om veilig te lezen") as caught:
        load_narratives(path)
    assert "1024 MB" in str(caught.value)


def test_work_that_takes_too_long_is_ended():
    begin = time.monotonic()
    assert apart.run_apart("tests.loaders.sleeping", [], b"", 0.2) == (apart.TOO_LONG, b"")
    assert time.monotonic() - begin < 20


def test_a_workbook_that_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_SECONDS", 0.001)
    with pytest.raises(InputError, match="Het bestand is beschadigd"):
        load_narratives(as_book(tmp_path / "a.xlsx", Blad1=[["Verhaal"], [ONE]]))


def test_no_word_of_a_story_in_what_was_mended(tmp_path):
    rows = [["Verhaal", "Ik ben"], [f"{MARKER} geÃ¯nteresseerd en meer van dat", "#REF!"], [TWO, "x"]]
    assert MARKER not in str(load(tmp_path, rows).check_report)
    assert re.search("hersteld: kolom A", " ".join(whats(load(tmp_path, rows))))
