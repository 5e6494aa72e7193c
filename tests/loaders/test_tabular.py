from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wijkanalyse.errors import InputError
from wijkanalyse.loaders.tabular import Table, _regular_rows, read_csv
from wijkanalyse.loaders.values import column_letter
from wijkanalyse.loaders.workbook import read_workbook

MIDNIGHT = datetime(2025, 3, 14)  # noqa: DTZ001  Excel knows no zone
MARKER = "kwetsbaarmerkwoord"
HEADER = ("nr", "verhaal", "cijfer")
ROWS = (("1", "Ik ging, eindelijk.", "0,5"), ("2", "Één café; toch", "1"))

# XML cannot hold most control characters or surrogates, and Excel's own codes for them look like _x0041_.
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t,;|\"'"), max_size=30
).filter(lambda text: not re.search(r"_x[0-9A-Fa-f]{4}_", text))
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=5)
)
FILES_OF_OTHERS = Path(__file__).parent / "files"
FILES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(tmp_path, content, name: str = "proef.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def as_csv(rows, delimiter: str, *, newline: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return out.getvalue()


def as_book(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        worksheet = book.create_sheet(name)
        for row in rows:
            worksheet.append(list(row))
    book.save(path)
    return path


def whats(table: Table) -> list[str]:
    return [guess.what for guess in table.guesses]


@pytest.mark.parametrize(("delimiter", "shown"), [(";", "‘;’"), (",", "‘,’"), ("\t", "tab"), ("|", "‘|’")])
@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_encoding_are_found(tmp_path, delimiter, shown, encoding, named, newline):
    data = as_csv([HEADER, *ROWS], delimiter, newline=newline).encode(encoding)
    table = read_csv(write(tmp_path, data))
    assert (table.header, table.rows) == (HEADER, ROWS)
    assert whats(table) == [f"scheidingsteken {shown}, tekenset {named}"]


def test_utf_16_big_endian(tmp_path):
    data = b"\xfe\xff" + as_csv([HEADER, *ROWS], "\t").encode("utf-16-be")
    assert read_csv(write(tmp_path, data)).rows == ROWS


def test_a_byte_without_meaning_in_windows_1252_stays_visible(tmp_path):
    assert read_csv(write(tmp_path, b"a;b\n\xe9\x81;2\n")).rows == (("é\ufffd", "2"),)


def test_the_first_line_of_excel_that_names_the_delimiter(tmp_path):
    table = read_csv(write(tmp_path, "sep=,\r\na,b;c\r\n1,2;3\r\n"))
    assert (table.header, table.rows) == (("a", "b;c"), (("1", "2;3"),))


def test_commas_in_stories_do_not_beat_the_delimiter(tmp_path):
    table = read_csv(write(tmp_path, "nr;verhaal\n1;een, twee, drie\n2;een, twee, drie\n"))
    assert table.rows == (("1", "een, twee, drie"), ("2", "een, twee, drie"))


def test_a_single_column_is_not_cut_at_commas_or_semicolons(tmp_path):
    table = read_csv(write(tmp_path, "Verhaal\nik ging, en toen\nja, nee\nwel; niet\n"))
    assert table.header == ("Verhaal",)
    assert table.rows == (("ik ging, en toen",), ("ja, nee",), ("wel; niet",))
    assert whats(table) == ["één kolom, tekenset UTF-8"]


def test_a_question_with_a_comma_above_a_single_column_is_not_cut_either(tmp_path):
    table = read_csv(
        write(tmp_path, "Wat gebeurde er, en wanneer?\na, b, c\nd, e, f\na, b, c, d\nx\na,,,,b\n")
    )
    assert table.header == ("Wat gebeurde er, en wanneer?",)
    assert [row[0] for row in table.rows] == ["a, b, c", "d, e, f", "a, b, c, d", "x", "a,,,,b"]


def test_line_breaks_and_quotes_inside_cells(tmp_path):
    table = read_csv(
        write(tmp_path, 'nr;verhaal\r\n1;"Ze zei: ""nee"".\r\n\r\nToen; niets."\r\n2;een "los" woord\r\n')
    )
    assert table.rows == (("1", 'Ze zei: "nee".\r\n\r\nToen; niets.'), ("2", 'een "los" woord'))


def test_a_header_that_is_a_whole_question_comes_on_one_line(tmp_path):
    table = read_csv(write(tmp_path, 'nr;"Vertel over\neen  moment.\r\nWat gebeurde er?"\n1;iets\n'))
    assert table.header == ("nr", "Vertel over een moment. Wat gebeurde er?")


def test_an_interview_longer_than_the_csv_module_allows_by_default(tmp_path):
    assert len(read_csv(write(tmp_path, f"nr;verhaal\n1;{'woord ' * 40_000}\n")).rows[0][1]) == 239_999


def test_empty_rows_between_stay_and_around_do_not(tmp_path):
    table = read_csv(write(tmp_path, "\n;\nnr;verhaal\n1;a\n\n;\n2;b\n;\n\n"))
    assert table.header == ("nr", "verhaal")
    assert table.rows == (("1", "a"), ("", ""), ("", ""), ("2", "b"))


def test_rows_of_unequal_length_are_filled_up(tmp_path):
    table = read_csv(write(tmp_path, "a;b\n1\n1;2;3\n4;5\n"))
    assert table.header == ("a", "b", "kolom C")
    assert table.rows == (("1", "", ""), ("1", "2", "3"), ("4", "5", ""))


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a;a;a", ("a", "a (2)", "a (3)")),
        ("a (3);a;a;a", ("a (3)", "a", "a (2)", "a (4)")),
        ("kolom B;;x", ("kolom B", "kolom B (2)", "x")),
        ("a;;b;;", ("a", "kolom B", "b", "kolom D", "kolom E")),
    ],
)
def test_duplicate_and_empty_headers_get_a_name_of_their_own(tmp_path, header, names):
    assert read_csv(write(tmp_path, f"{header}\n{';'.join('x' * len(names))}\n")).header == names


def test_without_a_header_the_first_story_stays_a_row(tmp_path):
    story = f"{MARKER} " * 45
    table = read_csv(write(tmp_path, f"{story};a\n{story};b\n"))
    assert table.header == ("kolom A", "kolom B")
    assert len(table.rows) == 2
    assert "geen rij met kolomnamen gevonden" in whats(table)


@pytest.mark.parametrize("beside", ["12", "0,4", "3-11-2025", "2025-11-03 14:22"])
def test_without_a_header_a_number_or_date_gives_a_shorter_story_away(tmp_path, beside):
    story = "ik ging naar het loket en daar was helemaal niemand"
    table = read_csv(write(tmp_path, f"{beside};{story}\n{beside};{story}\n"))
    assert table.header == ("kolom A", "kolom B")
    assert len(table.rows) == 2


def test_a_long_question_above_longer_stories_is_a_header(tmp_path):
    question, story = "vraag " * 45, "verhaal " * 100
    table = read_csv(write(tmp_path, f"nr;{question}\n1;{story}\n"))
    assert table.header == ("nr", question.strip())


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", '"";""\n', ";;;\n;;\n"])
def test_nothing_in_the_file(tmp_path, content):
    with pytest.raises(InputError, match="Er staat niets in dit bestand") as caught:
        read_csv(write(tmp_path, content))
    assert "een rij met kolomnamen en daaronder één verhaal per rij" in str(caught.value)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00", b"a\x00b\x00"]
)
def test_a_binary_file_with_a_csv_name(tmp_path, data):
    with pytest.raises(InputError, match=re.escape("Dit is geen tekstbestand.")) as caught:
        read_csv(write(tmp_path, data))
    assert "of de extensie klopt" in str(caught.value)


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path):
    with pytest.raises(InputError, match=re.escape("een aanhalingsteken wordt niet gesloten.")) as caught:
        read_csv(write(tmp_path, f'nr;verhaal\n1;"{MARKER} een\n2;{MARKER} twee\n'))
    assert MARKER not in str(caught.value)


def test_a_cell_too_long_to_be_one(tmp_path, monkeypatch):
    monkeypatch.setattr("wijkanalyse.loaders.tabular.MAX_CELL_CHARACTERS", 50)
    with pytest.raises(InputError, match="niet als tabel te lezen") as caught:
        read_csv(write(tmp_path, f"nr;verhaal\n1;{MARKER * 10}\n"))
    assert MARKER not in str(caught.value)


def test_a_nul_far_into_a_text_is_left_out(tmp_path):
    assert read_csv(write(tmp_path, f"a;b\n{'x' * 5000};1\ny\x00z;2\n")).rows[1] == ("yz", "2")


def test_column_letters():
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def expected_rows(rows):
    """What must come back: cells stripped, and no rows after the last filled one."""
    cleaned = [tuple(cell.strip() for cell in row) for row in rows]
    while cleaned and not any(cleaned[-1]):
        cleaned.pop()
    return tuple(cleaned)


def assert_comes_back(table, header, rows):
    """Equal, or the report says in which column it is not."""
    assert table.header == header
    differ = {
        column_letter(n)
        for row, expected in zip(table.rows, expected_rows(rows), strict=True)
        for n, (cell, wanted) in enumerate(zip(row, expected, strict=True))
        if cell != wanted
    }
    said = " ".join(what for what in whats(table) if "hersteld" in what or "mislukte formules" in what)
    assert differ == set(re.findall(r"kolom ([A-Z])\b", said))


@FILES
@given(TABLES, st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans())
def test_what_is_written_to_csv_comes_back(tmp_path, rows, delimiter, encoding, quote_all):
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    header = tuple(f"kop{n}" for n in range(len(rows[0])))
    path = write(tmp_path, as_csv([header, *rows], delimiter, quoting=quoting).encode(encoding))
    assert_comes_back(read_csv(path), header, rows)


@FILES
@given(TABLES)
def test_what_is_written_to_xlsx_comes_back(tmp_path, rows):
    # A cell that starts with = is a formula to the writer.
    assume(not any(cell.startswith("=") for row in rows for cell in row))
    header = tuple(f"kop{n}" for n in range(len(rows[0])))
    assert_comes_back(read_workbook(as_book(tmp_path / "a.xlsx", Blad1=[header, *rows])), header, rows)


@FILES
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_dutch_error(tmp_path, data):
    for name, read in (("a.csv", read_csv), ("a.xlsx", read_workbook)):
        try:
            table = read(write(tmp_path, data, name))
        except InputError as error:
            assert error.problems[0].now  # noqa: PT017  an error is one of two good outcomes
            continue
        assert len(set(table.header)) == len(table.header)
        assert all(len(row) == len(table.header) for row in table.rows)


def test_a_title_above_the_header_is_passed_over(tmp_path):
    lines = [
        "Export van het vertelpunt;;",
        ";;",
        "nr;verhaal;rol",
        "1;een verhaal;inwoner",
        "2;nog een;inwoner",
        "3;derde;x",
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    table = read_csv(path)
    assert table.header == ("nr", "verhaal", "rol")
    assert len(table.rows) == 3
    assert "de kolomnamen staan in rij 3" in {guess.what for guess in table.guesses}


@given(st.text(st.sampled_from(list('ab;"\n\r \x00\ufeff')), max_size=40), st.booleans())
def test_the_quick_parser_cuts_as_csv_does_or_is_not_used(text, regular):
    text = '"a;""b""";c\n' + text if regular else text
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    quick = _regular_rows(text, ";")
    assert quick in ([], [row or [""] for row in rows])


def test_the_quick_parser_is_used_where_rows_are_as_long():
    assert _regular_rows('a;b\r\n"1;\r\n""2""";é\r\n;\r\n', ";") == [["a", "b"], ['1;\r\n"2"', "é"], ["", ""]]
    assert _regular_rows("a;b\n1\n", ";") == []
    assert _regular_rows("a;b\n1;2;3\n", ";") == []
