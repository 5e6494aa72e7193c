"""CSV and XLSX, as people have them, to a plain table of strings.

Nothing is interpreted here but the file itself: encoding, delimiter, where the header is. What a
column means is decided in `roles`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.loaders.report import Guess

DELIMITERS = (";", ",", "\t", "|")
# csv refuses cells over 128 KiB by default; a pasted interview is longer.
MAX_CELL_CHARACTERS = 10_000_000


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
        When the file is empty or no text.
    """
    data = path.read_bytes()
    text, encoding = _decode(data, path.name)
    if not text.strip():
        raise _empty(path.name)
    delimiter = _find_delimiter(text)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise InputError.one(
            what="Het bestand is niet als tabel te lezen.",
            where=path.name,
            expected="een CSV-bestand met kolommen, aanhalingstekens in paren",
            now="Open het in Excel of LibreOffice en sla het opnieuw op als .xlsx.",
        ) from error
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    guess = Guess(
        what=f"scheidingsteken ‘{shown}’, tekenset {encoding}", overrule="sla het bestand op als .xlsx"
    )
    return _make_table(path.name, rows, [guess])


def read_xlsx(path: Path, sheet: str | None = None) -> Table:
    """Read one sheet of a workbook: the one asked for, else the one with most filled rows.

    Raises
    ------
    InputError
        When the file is no workbook, has a password, is empty, or the sheet does not exist.
    """
    import openpyxl

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
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InputError.one(
            what="Het bestand is beschadigd of is geen Excel-bestand.",
            where=path.name,
            expected="een .xlsx-bestand dat in Excel of LibreOffice opent",
            now="Open het daar en sla het opnieuw op, of vraag het bestand nog eens op.",
        ) from error
    try:
        names = [worksheet.title for worksheet in book.worksheets]
        if sheet is not None and sheet not in names:
            raise InputError.one(
                what=f"Er is geen werkblad ‘{sheet}’.",
                where=path.name,
                expected=f"een van {list_names(names)}",
                now="Kies een van deze namen.",
            )
        contents = {
            name: [[_cell_text(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
            for name in (names if sheet is None else [sheet])
        }
    finally:
        book.close()
    # max keeps the first of equals, so the choice does not depend on anything but the order of the sheets.
    chosen = max(contents, key=lambda name: sum(any(row) for row in contents[name]))
    guesses = []
    if len(contents) > 1:
        guesses.append(Guess(what=f"werkblad ‘{chosen}’", overrule='sheet="naam van het werkblad"'))
    return _make_table(path.name, contents[chosen], guesses)


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
    """Return the delimiter under which most rows have the same number (> 1) of cells."""

    def score(delimiter: str) -> tuple[int, int]:
        sample = io.StringIO(text[:200_000], newline="")
        widths: dict[int, int] = {}
        try:
            for number, row in enumerate(csv.reader(sample, delimiter=delimiter)):
                if any(row):
                    widths[len(row)] = widths.get(len(row), 0) + 1
                if number > 200:
                    break
        except csv.Error:
            return (0, 0)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (count, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=score)


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
    return str(value)


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
    header, body = padded[0], padded[1:]
    if _looks_like_story_row(header, body):
        header, body = tuple([""] * width), padded
        guesses.append(
            Guess(what="geen rij met kolomnamen gevonden", overrule="zet kolomnamen in de eerste rij")
        )
    return Table(source=source, header=_name_columns(header), rows=tuple(body), guesses=tuple(guesses))


def _looks_like_story_row(header: tuple[str, ...], body: list[tuple[str, ...]]) -> bool:
    """Tell whether the first row is a story: as long as the cells beneath it, and longer than a question."""
    index = max(range(len(header)), key=lambda i: len(header[i]))
    words = len(header[index].split())
    lengths = sorted(len(row[index].split()) for row in body if row[index])
    return words > 40 and (not lengths or words >= lengths[len(lengths) // 2] / 2)


def _name_columns(header: tuple[str, ...]) -> tuple[str, ...]:
    names: list[str] = []
    for index, cell in enumerate(header):
        name = " ".join(cell.split()) or f"kolom {column_letter(index)}"
        seen = sum(1 for other in names if other == name or other.startswith(f"{name} ("))
        names.append(f"{name} ({seen + 1})" if name in names else name)
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
