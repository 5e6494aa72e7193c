"""Workbooks, and what is wrong with those that people send."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from tests.loaders.test_tabular import FILES_OF_OTHERS, MARKER, MIDNIGHT, as_book, whats
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.workbook import read_workbook


def test_xlsx_cells_become_text(tmp_path):
    cells = [
        1,
        2.0,
        2.5,
        1e-05,
        True,
        date(2025, 3, 14),
        datetime(2025, 3, 14, 9, 5),  # noqa: DTZ001  Excel knows no zone
        time(9, 5),
        None,
        " a\nb ",
    ]
    path = as_book(tmp_path / "a.xlsx", Blad1=[[f"k{n}" for n in range(len(cells))], cells])
    assert read_workbook(path).rows == (
        ("1", "2", "2.5", "1e-05", "True", "2025-03-14", "2025-03-14 09:05", "09:05:00", "", "a\nb"),
    )
    assert read_workbook(path).guesses == ()


def test_xlsx_date_without_time_is_a_date_only(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["d", "e"], [MIDNIGHT, "x"]])
    assert read_workbook(path).rows == (("2025-03-14", "x"),)


def test_the_code_of_excel_for_a_carriage_return_is_a_line_break(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["a", "b"], ["x", "een_x000D_\ntwee"]])
    assert read_workbook(path).rows == (("x", "een\r\ntwee"),)


def test_the_fullest_sheet_is_taken_and_another_can_be_asked_for(tmp_path):
    sheets = {
        "Uitleg": [["lees mij"]],
        "Verhalen": [["a", "b"], [1, 2], [3, 4]],
        "Oud": [["a", "b"], [5, 6], [7, 8]],
    }
    path = as_book(tmp_path / "a.xlsx", **sheets)
    table = read_workbook(path)
    assert table.rows == (("1", "2"), ("3", "4"))
    assert whats(table) == ["werkblad ‘Verhalen’"]
    asked = read_workbook(path, "Oud")
    assert asked.rows == (("5", "6"), ("7", "8"))
    assert asked.guesses == ()


def test_a_sheet_that_does_not_exist(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Een=[["a"]], Twee=[["b"]])
    with pytest.raises(InputError, match="Er is geen werkblad ‘Drie’") as caught:
        read_workbook(path, "Drie")
    assert "een van ‘Een’, ‘Twee’" in str(caught.value)


def test_an_empty_workbook(tmp_path):
    with pytest.raises(InputError, match="Er staat niets in dit bestand"):
        read_workbook(as_book(tmp_path / "a.xlsx", Blad1=[], Blad2=[[None, " "]]))


def test_a_workbook_with_a_password():
    with pytest.raises(InputError, match="Het bestand heeft een wachtwoord") as caught:
        read_workbook(FILES_OF_OTHERS / "wachtwoord.xlsx")
    assert "haal het wachtwoord weg" in str(caught.value)


def test_one_stray_cell_in_the_last_corner_is_an_error_and_not_the_end_of_the_kernel(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["a", "b"], [1, 2]])
    rezip(
        path,
        lambda name, data: data.replace(b'r="B2"', b'r="XFD1048576"').replace(
            b'<row r="2"', b'<row r="1048576"'
        ),
    )
    with pytest.raises(InputError, match="haal lege rijen en kolommen aan het eind weg"):
        read_workbook(path)


def test_a_heading_over_two_columns_is_the_name_of_both(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["a", "b", None], [1, 2, 3]])

    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B1:C1")
    book.save(path)
    assert read_workbook(path).header == ("a", "b", "b (2)")


def rezip(path, change):
    """Write a workbook again with some of its parts changed or left out (None)."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            if (data := change(name, data)) is not None:
                book.writestr(name, data)
    return path


BREAKS = {
    "no zip": lambda path: path.write_bytes(b"nr;verhaal\n1;iets\n"),
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-300]),
    "bytes changed": lambda path: path.write_bytes(path.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05")),
    "no book": lambda path: rezip(path, lambda name, data: None if name == "xl/workbook.xml" else data),
    "broken sheet": lambda path: rezip(path, lambda name, data: data[:-40] if "sheet1" in name else data),
    "broken styles": lambda path: rezip(path, lambda name, data: b"<a>" if "styles" in name else data),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_workbook(tmp_path, how):
    path = as_book(tmp_path / "stuk.xlsx", Blad1=[["nr", "verhaal"], ["a", MARKER]])
    BREAKS[how](path)
    with pytest.raises(InputError, match="Het bestand is beschadigd of is geen Excel-bestand") as caught:
        read_workbook(path)
    assert "Waar:      stuk.xlsx" in str(caught.value)
    assert MARKER not in str(caught.value)


def test_a_wrong_size_noted_in_the_file_hides_no_rows(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["a", "b"], [1, 2], [3, 4]])
    rezip(path, lambda name, data: data.replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'))
    with zipfile.ZipFile(path) as book:
        assert b'<dimension ref="A1"' in book.read("xl/worksheets/sheet1.xml")
    assert read_workbook(path).rows == (("1", "2"), ("3", "4"))


def test_a_workbook_without_styles_gives_no_english_warning(tmp_path):
    path = as_book(tmp_path / "a.xlsx", Blad1=[["a", "b"], [1, 2]])
    rezip(
        path,
        lambda name, data: (
            re.sub(rb"<cellStyleXfs.*</cellStyles>", b"", data, flags=re.DOTALL) if "styles" in name else data
        ),
    )
    assert read_workbook(path).rows == (("1", "2"),)
