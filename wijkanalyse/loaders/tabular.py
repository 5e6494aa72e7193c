"""CSV and XLSX, as people have them, to a plain table of strings.

Nothing is interpreted here but the file itself: encoding, delimiter, where the header is. What a
column means is decided in `roles`.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import DATE, NUMBER

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

DELIMITERS = (";", ",", "\t", "|")
# csv refuses cells over 128 KiB by default; a pasted interview is longer.
MAX_CELL_CHARACTERS = 10_000_000
# No text holds this one: the delimiter of a file with a single column, so that no story is cut at a comma.
NO_DELIMITER = "\x1f"
# Excel's own first line in a CSV, which names the delimiter.
SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# A row added to the end, to see whether a quote was still open there.
END = "einde van het bestand"
# What openpyxl raises on a workbook that is broken somewhere inside; it has no error of its own for that.
BROKEN_BOOK = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError,
    RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Table:
    """A header and rows of equal length, all cells stripped strings."""

    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guesses: tuple[Guess, ...] = ()

    def column(self, index: int) -> list[str]:
        """Return the cells of one column."""
        return [row[index] for row in self.rows]


def read_csv(path: Path) -> Table:
    """Read delimited text; encoding and delimiter are found by looking.

    Raises
    ------
    InputError
        When the file is empty, is no text, or ends inside a cell.
    """
    data = path.read_bytes()
    text, encoding = _decode(data, path.name)
    if not re.search(r"\w", text):
        raise _empty(path.name)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    if named := SEP_LINE.match(text):
        delimiter, text = named.group(1), text[named.end() :]
    else:
        delimiter = _find_delimiter(text)
    rows = _parse(text, delimiter, path.name)
    shown = {"\t": "scheidingsteken tab", NO_DELIMITER: "één kolom"}.get(
        delimiter, f"scheidingsteken ‘{delimiter}’"
    )
    guess = Guess(what=f"{shown}, tekenset {encoding}", overrule="sla het bestand op als .xlsx")
    return _make_table(path.name, rows, [guess])


def read_xlsx(path: Path, sheet: str | None = None) -> Table:
    """Read one sheet of a workbook: the one asked for, else the one with most filled rows.

    Raises
    ------
    InputError
        When the file is no workbook, has a password, is empty, or the sheet does not exist.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError.one(
            what="Het bestand heeft een wachtwoord of is een oud Excel-bestand.",
            where=path.name,
            expected="een .xlsx zonder wachtwoord",
            now="Open het in Excel, haal het wachtwoord weg en kies ‘Opslaan als’ .xlsx.",
        )
    try:
        chosen, rows, names = _read_sheet(path, sheet)
    except BROKEN_BOOK as error:
        raise InputError.one(
            what="Het bestand is beschadigd of is geen Excel-bestand.",
            where=path.name,
            expected="een .xlsx-bestand dat in Excel of LibreOffice opent",
            now="Open het daar en sla het opnieuw op, of vraag het bestand nog eens op.",
        ) from error
    if chosen is None:
        raise InputError.one(
            what=f"Er is geen werkblad ‘{sheet}’.",
            where=path.name,
            expected=f"een van {list_names(names)}",
            now="Kies een van deze namen.",
        )
    guesses = []
    if sheet is None and len(names) > 1:
        guesses.append(Guess(what=f"werkblad ‘{chosen}’", overrule='sheet="naam van het werkblad"'))
    return _make_table(path.name, rows, guesses)


def _read_sheet(path: Path, sheet: str | None) -> tuple[str | None, list[list[str]], list[str]]:
    """Return the name and rows of the sheet asked for, else of the fullest, and the names of all sheets."""
    import openpyxl

    # openpyxl warns in English about styles and validations, which a story does not need.
    # The open file, not its name: openpyxl refuses a workbook that somebody called .csv.
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            names = [worksheet.title for worksheet in book.worksheets]
            chosen, rows, most = None, [], -1
            for name in names if sheet is None else {sheet} & set(names):
                content = _sheet_rows(book, name)
                # The first of equals stays, so the choice depends on the order of the sheets only.
                if (filled := sum(any(row) for row in content)) > most:
                    chosen, rows, most = name, content, filled
        finally:
            book.close()
    return chosen, rows, names


def _sheet_rows(book: Workbook, name: str) -> list[list[str]]:
    worksheet = book[name]
    # Some programs note a wrong size in the file, and openpyxl then reads no further than that.
    worksheet.reset_dimensions()
    return [[_cell_text(cell) for cell in row] for row in worksheet.iter_rows(values_only=True)]


def _parse(text: str, delimiter: str, name: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(f"{text}\n{END}", newline=""), delimiter=delimiter))
    except csv.Error:
        rows = [[]]
    if rows.pop() != [END]:
        # Without this, one forgotten quote makes one story of all rows that follow.
        raise InputError.one(
            what="Het bestand is niet als tabel te lezen: een aanhalingsteken wordt niet gesloten.",
            where=name,
            expected="een CSV-bestand met kolommen, aanhalingstekens in paren",
            now="Open het in Excel of LibreOffice, kijk of alle rijen er zijn en sla het op als .xlsx.",
        )
    return rows


def _decode(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    if b"\x00" in data[:4096]:
        raise InputError.one(
            what="Dit is geen tekstbestand.",
            where=name,
            expected="een .csv of .xlsx met verhalen",
            now="Controleer of je het goede bestand hebt en of de extensie klopt.",
        )
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        # What Excel on a Dutch Windows writes. Five bytes have no meaning there; they stay visible as �.
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def _find_delimiter(text: str) -> str:
    """Return the delimiter under which most rows have the same number (> 1) of cells.

    Rows without a header cell more than one, or that mostly differ in width, are a single column of text.
    """

    def score(delimiter: str) -> tuple[int, int]:
        sample = io.StringIO(text[:200_000], newline="")
        try:
            rows = list(islice(csv.reader(sample, delimiter=delimiter), 200))
        except csv.Error:
            return (0, 0)
        widths = [len(row) for row in rows if any(row)]
        if not widths or widths[0] == 1:
            return (0, 0)
        width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
        return (count, width) if width > 1 and 2 * count >= len(widths) else (0, 0)

    best = max(DELIMITERS, key=score)
    return best if score(best) > (0, 0) else NO_DELIMITER


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # Excel keeps the CR of a Windows line break as this code.
    return str(value).replace("_x000D_", "\r")


def _make_table(source: str, rows: Iterable[Iterable[str]], guesses: list[Guess]) -> Table:
    cleaned = [[cell.replace("\x00", "").strip() for cell in row] for row in rows]
    filled = [row for row in cleaned if any(row)]
    if not filled:
        raise _empty(source)
    width = max(len(row) for row in filled)
    # Empty rows stay in the count of rows read (set apart by the loader), those above the header do not.
    first = next(index for index, row in enumerate(cleaned) if any(row))
    last = max(index for index, row in enumerate(cleaned) if any(row))
    padded = [tuple(row + [""] * (width - len(row))) for row in cleaned[first : last + 1]]
    above = _rows_above_header(padded)
    if above:
        guesses.append(
            Guess(
                what=f"de kolomnamen staan in rij {first + above + 1}", overrule="haal de regels erboven weg"
            )
        )
    header, body = padded[above], padded[above + 1 :]
    if _looks_like_story_row(header, body):
        header, body = tuple([""] * width), padded
        guesses.append(
            Guess(what="geen rij met kolomnamen gevonden", overrule="zet kolomnamen in de eerste rij")
        )
    return Table(source=source, header=_name_columns(header), rows=tuple(body), guesses=tuple(guesses))


def _rows_above_header(rows: list[tuple[str, ...]]) -> int:
    """Return how many rows stand above the header: a title of the export fills one cell, a header most."""
    usual = sorted(sum(map(bool, row)) for row in rows[:40] if any(row))
    if len(usual) < 4 or usual[len(usual) // 2] < 3:
        return 0
    for number, row in enumerate(rows[:6]):
        if sum(map(bool, row)) >= max(2, 0.5 * usual[len(usual) // 2]):
            return number
    return 0


def _looks_like_story_row(header: tuple[str, ...], body: list[tuple[str, ...]]) -> bool:
    """Tell whether the first row is a story: as long as the cells beneath it, and longer than a question.

    Beside a number or a date, which are no names of columns, a shorter text is a story too.
    """
    index = max(range(len(header)), key=lambda i: len(header[i]))
    words = len(header[index].split())
    lengths = sorted(len(row[index].split()) for row in body if row[index])
    beside = any(NUMBER.fullmatch(cell) or DATE.match(cell) for cell in header)
    return words > (8 if beside else 40) and (not lengths or words >= lengths[len(lengths) // 2] / 2)


def _name_columns(header: tuple[str, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for index, cell in enumerate(header):
        name = " ".join(cell.split()) or f"kolom {column_letter(index)}"
        unique, number = name, 1
        while unique in names:
            number += 1
            unique = f"{name} ({number})"
        names.append(unique)
    return tuple(names)


def column_letter(index: int) -> str:
    """Return the letter a spreadsheet shows for a column, 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _empty(name: str) -> InputError:
    return InputError.one(
        what="Er staat niets in dit bestand.",
        where=name,
        expected="een rij met kolomnamen en daaronder één verhaal per rij",
        now="Controleer of je het goede bestand of werkblad hebt.",
    )
