"""Workbooks (.xlsx, .xlsm, .xls, .ods) to rows of text.

python-calamine reads them: eleven times as fast as openpyxl, and it knows the old and the open formats too. On what it
cannot bear it aborts, and takes its process along: one stray cell in the last corner of a sheet asks for 500 GB. So it
works in a process of its own.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.loaders.apart import run_apart
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table, make_table

if TYPE_CHECKING:
    from wijkanalyse.loaders.forms import Guide

MAX_UNPACKED = 2**30  #: bytes of all parts together
MAX_SECONDS = 300.0
PASSWORD, NO_SHEET = 3, 4  #: exit codes of the child, beside 0 and whatever a crash gives


def read_workbook(
    path: Path, sheet: str | None = None, *, data: bytes | None = None, guide: Guide | None = None
) -> Table:
    """Read one sheet of a workbook, of a file or from its bytes: the one asked for, else the one with most filled rows.

    Raises
    ------
    InputError
        When the file is no workbook, has a password, is empty, or the sheet does not exist.
    """
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(BytesIO(data) if data else path) as parts:
        if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
            raise InputError.one(
                what="Het werkboek is te groot om veilig te lezen.",
                where=path.name,
                expected=f"een werkboek dat uitgepakt niet groter is dan {MAX_UNPACKED >> 20} MB",
                now="Verdeel het over een paar bestanden, of bewaar het werkblad als .csv.",
            )
    arguments = ["-" if data else str(path), *([sheet] if sheet else [])]
    code, printed = run_apart(__name__, arguments, data or b"", MAX_SECONDS)
    if code == PASSWORD:
        raise InputError.one(
            what="Het bestand heeft een wachtwoord.",
            where=path.name,
            expected="een werkboek zonder wachtwoord",
            now="Open het in Excel, haal het wachtwoord weg en sla het opnieuw op.",
        )
    if code == NO_SHEET:
        raise InputError.one(
            what=f"Er is geen werkblad ‘{sheet}’.",
            where=path.name,
            expected=f"een van {list_names(json.loads(printed))}",
            now="Kies een van deze namen.",
        )
    if code:
        raise InputError.one(
            what="Het bestand is beschadigd of is geen Excel-bestand.",
            where=path.name,
            expected=f"een werkboek dat in Excel of LibreOffice binnen {MAX_SECONDS / 60:.0f} minuten opent",
            now="Open het daar, haal lege rijen en kolommen aan het eind weg en sla het opnieuw op, "
            "of vraag het bestand nog eens op.",
        )
    found = json.loads(printed)
    guesses = []
    if sheet is None and found["n_sheets"] > 1:
        guesses.append(
            Guess(
                what=f"werkblad ‘{found['name']}’", overrule='--blad "naam" of sheet="naam van het werkblad"'
            )
        )
    return make_table(path.name, found["rows"], guesses, guide)


def main() -> None:
    """Be the child: print the sheet as JSON."""
    from python_calamine import CalamineWorkbook, PasswordError

    try:
        inside = BytesIO(sys.stdin.buffer.read())
        book = (
            CalamineWorkbook.from_path(sys.argv[1])
            if sys.argv[1] != "-"
            else CalamineWorkbook.from_filelike(inside)
        )
        wanted = sys.argv[2:] or book.sheet_names
        if not set(wanted) <= set(book.sheet_names):
            sys.stdout.write(json.dumps(book.sheet_names))
            sys.exit(NO_SHEET)
        sheets = [(name, _cells(book, name)) for name in wanted]
    except PasswordError:
        sys.exit(PASSWORD)
    # The first of equals, so the choice depends on the order of the sheets only.
    name, rows = max(sheets, key=lambda named: sum(any(row) for row in named[1]))
    sys.stdout.write(json.dumps({"name": name, "n_sheets": len(book.sheet_names), "rows": rows}))


def _cells(book: Any, name: str) -> list[list[str]]:
    sheet = book.get_sheet_by_name(name)
    rows = [[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for row, first, last in _merged_across(sheet):
        # A heading over several columns: each of them has it.
        if row < len(rows):
            rows[row][first + 1 : last + 1] = [rows[row][first]] * (last - first)
    return rows


def _merged_across(sheet: Any) -> Iterator[tuple[int, int, int]]:
    """Return row, first and last column of the cells that were merged over columns within one row."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top == bottom and left < right:
            yield top, left, right


def cell_text(value: Any) -> str:
    """Return a cell of a workbook or a data frame as people see it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    # Excel keeps the CR of a Windows line break as this code.
    return str(value).replace("_x000D_", "\r")
