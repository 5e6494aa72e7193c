"""Exports of form programs and narrative tools, recognised by their header: the maker says what a column is, so nobody guesses.

To add one: write `read_xxx(rows) -> Form | None` in a file of its own and name it in `RECOGNISERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.roles import by_header, slug
from wijkanalyse.loaders.values import name_columns

if TYPE_CHECKING:
    from wijkanalyse.loaders.choices import Choice
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
    choices : mapping of str to Choice
        Header → the options of a closed question, for the columns of which the program tells.
    guesses : tuple of Guess
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    known: Mapping[str, ColumnSpec] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    set_apart: Mapping[str, int] = field(default_factory=dict)
    separators: tuple[str, ...] = (";",)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    guesses: tuple[Guess, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a form: what it is, or why it stays out; with neither it is looked at as in any table."""

    header: str
    cells: Sequence[str]
    spec: ColumnSpec | None = None
    choice: Choice | None = None
    left_out: str = ""


def make_form(name: str, columns: Sequence[Column], guesses: Sequence[Guess] = ()) -> Form:
    """Return a form of columns; headers that come again get a number."""
    named = dict(zip(name_columns([column.header for column in columns]), columns, strict=True))
    return Form(
        name=name,
        header=tuple(named),
        rows=tuple(zip(*(column.cells for column in columns), strict=True)),
        known={at: replace(column.spec, source=at) for at, column in named.items() if column.spec},
        left_out={at: column.left_out for at, column in named.items() if column.left_out},
        choices={at: column.choice for at, column in named.items() if column.choice},
        guesses=tuple(guesses),
    )


def asked(question: str, role: Role) -> ColumnSpec:
    """Return what a closed question is; one about the teller is what its words call for, such as the perspective."""
    told = by_header(question, []) if role is Role.CONTEXT else None
    if told and told.role in (Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION):
        return replace(told, dtype="category")
    return ColumnSpec(name=slug(question), label=question, role=role, dtype="category")


from wijkanalyse.loaders.forms import narrafirma, sensemaker, surveys  # noqa: E402  (each makes a Form)

#: What a file beside the table says of its columns (a framework, a story form): rows and the name of the table → form.
Guide = Callable[[list[list[str]], str], Form]
#: Each looks at the rows as they stand in the file and says None when it is not its own.
RECOGNISERS: tuple[Callable[[list[list[str]]], Form | None], ...] = (
    surveys.read_microsoft,
    surveys.read_google,
    surveys.read_limesurvey,
    surveys.read_qualtrics,
    sensemaker.read_sensemaker,
    narrafirma.read_native,
)


def recognise(rows: list[list[str]]) -> Form | None:
    """Return the table of the first program that knows its own header, or None."""
    return next((form for read in RECOGNISERS if (form := read(rows)) is not None), None)
