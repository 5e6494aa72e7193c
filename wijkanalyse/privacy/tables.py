"""Tables that a spreadsheet can open without harm: no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from wijkanalyse.errors import InputError

# A cell that opens with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767  #: letters in a cell; openpyxl cuts off what is more


def table_file(
    rows: Sequence[Sequence[Any]], suffix: str, *, title: str, widths: Sequence[int] = ()
) -> bytes:
    """Return a table as a file.

    Parameters
    ----------
    rows : sequence of sequences
        The header first. Text that looks like a formula gets an apostrophe before it.
    suffix : {".csv", ".xlsx"}
        `.csv` is for Excel: semicolons, UTF-8 with a BOM.
    title : str
        Of the sheet.
    widths : sequence of int
        Of the columns in a spreadsheet, in letters; 16 for the others.

    Raises
    ------
    InputError
        When a text does not fit in a cell.
    """
    safe = [
        [f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row]
        for row in rows
    ]
    if suffix.lower() == ".csv":
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";").writerows(safe)
        return out.getvalue().encode("utf-8-sig")
    return _xlsx(safe, title, [*widths, *[16] * len(rows[0])][: len(rows[0])])


def _xlsx(rows: list[list[Any]], title: str, widths: list[int]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        cells = [ILLEGAL_CHARACTERS_RE.sub("\ufffd", cell) if isinstance(cell, str) else cell for cell in row]
        if any(len(str(cell)) > _LONGEST for cell in cells):
            raise InputError.one(
                what="Een tekst is te lang voor een cel van Excel.", where=f"rij {number}",
                expected=f"hoogstens {_LONGEST} tekens per cel", now="Kies een naam op .csv.",
            )  # fmt: skip
        sheet.append(cells)
        # LibreOffice leaves a row without a height at one line, and Excel goes no further than 409 points.
        lines = max(
            sum(len(part) // (1.1 * width) + 1 for part in str(cell).split("\n"))
            for cell, width in zip(cells, widths, strict=False)
        )
        sheet.row_dimensions[number].height = min(15 * lines + 3, 409)
    for number, width in enumerate(widths, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(name="Calibri", size=11, bold=cell.row == 1)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows, sheet.print_options.gridLines = "1:1", True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
