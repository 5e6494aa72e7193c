from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError


def corpus(**options):
    texts = [f"Verhaal {n} over de brief." for n in range(12)]
    return make_corpus(texts, perspective=["inwoner"] * 10 + ["arts", "juf"], **options)


def test_a_csv_for_excel_with_one_attribute_and_no_tellers(tmp_path):
    path = wa.write_stories(corpus(), tmp_path / "uit.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == ["Nummer", "Titel", "Verhaal", "perspective"]
    assert rows[1] == ["v000", "", "Verhaal 0 over de brief.", "inwoner"]
    assert rows[11][3] == rows[12][3] == ""  # fewer than ten tellers share it
    assert len(rows) == 13


def test_without_a_perspective_there_is_no_fourth_column(tmp_path):
    path = wa.write_stories(make_corpus(["Een verhaal."]), tmp_path / "uit.csv")
    assert path.read_text(encoding="utf-8-sig").splitlines()[0] == "Nummer;Titel;Verhaal"


def test_an_excel_file(tmp_path):
    sheet = load_workbook(wa.write_stories(corpus(), tmp_path / "uit.xlsx")).active
    assert [cell.value for cell in sheet[2]] == ["v000", None, "Verhaal 0 over de brief.", "inwoner"]
    assert sheet.freeze_panes == "A2"


def test_rows_in_an_excel_file_are_as_high_as_their_story(tmp_path):
    texts = ["Kort.", "Een\ntwee\n\nvier", "woord " * 60, "regel\n" * 400]
    sheet = load_workbook(wa.write_stories(make_corpus(texts), tmp_path / "uit.xlsx")).active
    # 360 letters are three lines of 132; 409 points is as high as Excel goes.
    assert [sheet.row_dimensions[row].height for row in range(1, 6)] == [18, 18, 63, 48, 409]
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
    assert [cell.font.bold for cell in sheet["A"]] == [True, False, False, False, False]
    assert sheet.print_title_rows == "$1:$1"


def test_a_story_is_never_a_formula(tmp_path):
    texts = make_corpus(["=HYPERLINK(1)", "+31", "@x", "gewoon - zo"])
    rows = wa.write_stories(texts, tmp_path / "uit.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(";")[2] for row in rows[1:]] == ["'=HYPERLINK(1)", "'+31", "'@x", "gewoon - zo"]


def test_what_nobody_reviewed_stays_and_other_files_are_refused(tmp_path):
    with pytest.raises(PrivacyError, match=r"wa\.review"):
        wa.write_stories(corpus(status=PrivacyStatus.MASKED), tmp_path / "uit.csv")
    with pytest.raises(InputError, match=r"een naam op \.csv of \.xlsx"):
        wa.write_stories(corpus(), tmp_path / "uit.txt")
    assert list(tmp_path.iterdir()) == []
