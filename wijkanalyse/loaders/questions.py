"""Columns that are one question together: the options that could be ticked, or the parts of a whole, told by their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.roles import slug
from wijkanalyse.loaders.values import is_not_applicable, is_number_column, read_number

YES = frozenset(["1", "y", "yes", "j", "ja", "x", "true", "waar"])
NO = frozenset(["0", "n", "no", "nee", "false", "onwaar"])
ROUNDED = 0.0201  #: how far the sum of parts that were rounded may be off
# “Vraag [deel]” (LimeSurvey, a grid of Google Forms) and “Vraag: deel”.
_PART = re.compile(r"(.+?)(?: ?\[([^\[\]]+)\]|: ([^:]+))(?: \(\d+\))?")


def find_questions(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, ColumnSpec]:
    """Return header → what the column is, for columns that are certain to be one question: only ticks, or shares of a whole."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for index, name in enumerate(header):
        if found := _PART.fullmatch(name):
            groups.setdefault(found[1], []).append((index, found[2] or found[3]))
    known = {}
    for question, parts in groups.items():
        columns = [[row[index] for row in rows] for index, _ in parts]
        dtype = _kind(columns, [label for _, label in parts])
        for index, label in parts if dtype else ():
            known[header[index]] = ColumnSpec(
                name=f"{slug(question, 24)}_{slug(label, 24)}", label=label, role=Role.SIGNIFICATION, dtype=dtype,
                group=question, source=header[index],
            )  # fmt: skip
    return known


def _kind(columns: list[list[str]], labels: list[str]) -> str:
    """Return "bool" for ticks, "float" for shares, and "" when it is neither for certain."""
    filled = [[cell for cell in cells if cell and not is_not_applicable(cell)] for cells in columns]
    if len(columns) < 2 or not any(filled):
        return ""
    ticks = {word.casefold() for cells in filled for word in cells}
    is_own = all(set(cells) <= {label} for cells, label in zip(filled, labels, strict=True))
    if is_own or (ticks <= YES | NO and ticks & YES):
        return "bool"
    rows = list(zip(*([read_number(cell) for cell in cells] for cells in columns), strict=True))
    numeric = all(is_number_column(cells) for cells in filled)
    return "float" if numeric and len(columns) > 2 and find_total(rows) else ""


def find_total(rows: Sequence[Sequence[float]]) -> float | None:
    """Return to what the numbers of most rows add up, 1 or 100; None when they are no parts of one whole."""
    told = [row for row in rows if any(part == part for part in row)]
    if {part for row in told for part in row if part == part} <= {0.0, 1.0}:
        return None  # ticks
    return next(
        (total for total in (1.0, 100.0) if 2 * sum(fits(row, total) for row in told) > len(told)), None
    )


def fits(row: Sequence[float], total: float) -> bool:
    """Tell whether parts add up to a whole, but for rounding; an empty cell beside parts that do is 0."""
    parts = [part for part in row if part == part]
    return bool(parts) and min(parts) >= 0 and abs(sum(parts) / total - 1) <= ROUNDED
