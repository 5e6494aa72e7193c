"""Exports of form programs and narrative tools, recognised by their header: the maker says what a column is, so nobody guesses.

To add one: write `read_xxx(rows) -> Form | None` in a file of its own and name it in `RECOGNISERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wijkanalyse.corpus import ColumnSpec
    from wijkanalyse.loaders.report import Guess


@dataclass(frozen=True, kw_only=True)
class Form:
    """A table of which a program is known to have made it.

    Parameters
    ----------
    name : str
        The program, for the report.
    header : tuple of str
        One name per column, all different.
    rows : tuple of tuple of str
        The answers, each row as long as the header; rows that are no answers are gone.
    known : mapping of str to ColumnSpec
        Header → what the column is, for the columns of which the program tells. The others are looked at as in any table.
    left_out : mapping of str to str
        Header → why the column does not come along (Dutch).
    set_apart : mapping of str to int
        Reason (Dutch) → number of rows that are no answers of tellers.
    separators : tuple of str
        What may stand between several answers in one cell.
    guesses : tuple of Guess
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    known: Mapping[str, ColumnSpec] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    set_apart: Mapping[str, int] = field(default_factory=dict)
    separators: tuple[str, ...] = (";",)
    guesses: tuple[Guess, ...] = ()


from wijkanalyse.loaders.forms import surveys  # noqa: E402  (each makes a Form)

#: Each looks at the rows as they stand in the file and says None when it is not its own.
RECOGNISERS: tuple[Callable[[list[list[str]]], Form | None], ...] = (
    surveys.read_microsoft,
    surveys.read_google,
    surveys.read_limesurvey,
    surveys.read_qualtrics,
)


def recognise(rows: list[list[str]]) -> Form | None:
    """Return the table of the first program that knows its own header, or None."""
    return next((form for read in RECOGNISERS if (form := read(rows)) is not None), None)
