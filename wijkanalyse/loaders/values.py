"""What a cell says (a number, a month, “n.v.t.”), in the forms that people and programs write; and names for columns."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b")

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})\b")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b")
_NAMED = re.compile(
    r"(?:\d{1,2}[- ])?(jan|feb|mrt|maart|apr|mei|jun|jul|aug|sept?|okt|nov|dec)"
    r"(?:uari|ruari|il|i|ustus|tember|ember|ober)?\.?[- ](\d{4})\b",
    re.IGNORECASE,
)
_NAMES = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_SERIAL = re.compile(r"[2-6]\d{4}(?:[.,]\d+)?")
_SERIAL_START = date(1899, 12, 30)  # day 0 of Excel, which holds 1900 for a leap year
_NOT_APPLICABLE = re.compile(r"n\.? ?v\.? ?t\.?|n/a|niet van toepassing|not applicable", re.IGNORECASE)
NOT_APPLICABLE = "n.v.t."
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:–|-|tot|t/m)\s*(\d+(?:[.,]\d+)?)")


def is_not_applicable(cell: str) -> bool:
    """Tell whether a cell says “n.v.t.”, which is an answer: an empty cell is none."""
    return _NOT_APPLICABLE.fullmatch(cell) is not None


def read_range(text: str) -> tuple[float, float] | None:
    """Return the ends of a range that a text names: “0–100”, “0 tot 100”."""
    found = _RANGE.search(text)
    low, high = map(read_number, found.groups()) if found else (0.0, 0.0)
    return (low, high) if low < high else None


def read_number(cell: str) -> float:
    """Return a number with a decimal comma or point, else NaN."""
    return float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else math.nan


def is_number_column(cells: Sequence[str]) -> bool:
    """Tell whether all filled cells are numbers, with a decimal comma or point."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(NUMBER.fullmatch(cell) for cell in filled)


def month_first(cells: Sequence[str]) -> bool | None:
    """Tell whether dates as 3/11/2025 have the month first, as American programs write; None when there are no such dates."""
    found = [match for cell in cells if (match := _DAY_FIRST.match(cell))]
    if not found:
        return None
    return any(int(one[2]) > 12 for one in found) and all(int(one[1]) <= 12 for one in found)


def read_month(cell: str, *, month_first: bool | None = False) -> str | None:
    """Return a date in any usual Dutch form as `2025-03`: a day would help to recognise people.

    Read are year first (2025-03-14, 2025/03), day first (14-3-2025, 14/03/25) or month first, a Dutch name (14 maart 2025,
    mrt. 2025) and the day number of Excel (45730). Anything else is None.
    """
    if found := _YEAR_FIRST.match(cell):
        year, month = found.group(1), int(found.group(2))
    elif found := _DAY_FIRST.match(cell):
        year, month = found.group(3), int(found.group(1 if month_first else 2))
    elif found := _NAMED.match(cell):
        short = found.group(1).lower().replace("maart", "mrt")[:3]
        year, month = found.group(2), _NAMES.index(short) + 1
    elif _SERIAL.fullmatch(cell):
        day = _SERIAL_START + timedelta(days=int(cell[:5]))
        year, month = str(day.year), day.month
    else:
        return None
    year = year if len(year) == 4 else f"20{year}"
    return f"{year}-{month:02d}" if 1 <= month <= 12 else None


def name_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Give every column a name of its own: a letter when it has none, a number when another has it already."""
    names: dict[str, None] = {}
    for index, cell in enumerate(header):
        name = " ".join(cell.split()) or f"kolom {column_letter(index)}"
        unique, number = name, 1
        while unique in names:
            number += 1
            unique = f"{name} ({number})"
        names[unique] = None
    return tuple(names)


def column_letter(index: int) -> str:
    """Return the letter a spreadsheet shows for a column, 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
