"""The masked narratives as a table that may be handed on."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, release_texts, shown_attribute

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store

# A cell that opens with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = (10, 26, 120, 20)  #: of the columns in a spreadsheet, in letters


def write_stories(corpus: Corpus, path: str | Path, *, project: Store | None = None) -> Path:
    """Write the reviewed narratives to a CSV or XLSX file: number, title, text and at most one attribute.

    Parameters
    ----------
    corpus : Corpus
        Reviewed; `corpus.only_reviewed()` gives the part that is.
    path : str or Path
        Ends in `.csv` (for Excel: semicolons, UTF-8) or `.xlsx`.
    project : Project, optional
        Its log gets a line.

    Returns
    -------
    Path

    Raises
    ------
    PrivacyError
        When narratives were not reviewed, or a masked name still stands in one.
    InputError
        When the file cannot be written.

    Notes
    -----
    Who told what is left out: two narratives by one teller are easier to recognise than two by two. The attribute is
    empty where fewer than ten tellers share it.
    """
    path = Path(path)
    attribute = shown_attribute(corpus)
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    texts = release_texts(corpus, audience=Audience.OUTSIDE, group=everybody)
    header = ["Nummer", "Titel", "Verhaal", *([corpus.spec(attribute).label] if attribute else [])]
    cells = ([safe.narrative_id, safe.title, safe.text, safe.attribute][: len(header)] for safe in texts)
    rows = [header, *([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in cells)]
    writers = {".csv": _csv, ".xlsx": _xlsx}
    if path.suffix.lower() not in writers:
        raise InputError.one(
            what="Verhalen kunnen niet in dit soort bestand.", where=path.name, expected="een naam op .csv of .xlsx",
            now="Kies een van deze twee.",
        )  # fmt: skip
    content = writers[path.suffix.lower()](rows)
    return write_file(path, content, corpus, audience=Audience.OUTSIDE, project=project)


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: list[list[str]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "verhalen"
    for number, row in enumerate(rows, start=1):
        sheet.append(row)
        # LibreOffice leaves a row without a height at one line, and Excel goes no further than 409 points.
        lines = max(
            sum(len(part) // (1.1 * width) + 1 for part in cell.split("\n"))
            for cell, width in zip(row, _WIDTHS, strict=False)
        )
        sheet.row_dimensions[number].height = min(15 * lines + 3, 409)
    for letter, width in zip("ABCD", _WIDTHS, strict=False):
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
