"""Several files of one study as one table: columns of the same name are one, and a column says which file a row is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import find_text
from wijkanalyse.loaders.tabular import Table
from wijkanalyse.loaders.values import name_columns

FILE = ColumnSpec(name="source_file", label="Bestand", role=Role.CONTEXT, dtype="category", source="Bestand")


def join_tables(tables: Sequence[Table], text: str | None, *, mapped: bool) -> Table:
    """Return one table with the rows of all; columns are matched by their header, whatever its capitals.

    The column with stories is found in each file and takes the name that it has in the first, unless a mapping names it.

    Raises
    ------
    InputError
        With the problems of every file without a column of stories.
    """
    joined = list(map(_with_file, tables if mapped else _same_story(tables, text), count(1)))
    names = {header.casefold(): header for table in reversed(joined) for header in table.header}
    rows: list[tuple[str, ...]] = []
    apart: Counter[str] = Counter()
    for table in joined:
        place = {header.casefold(): number for number, header in enumerate(table.header)}
        order = [place.get(name) for name in names]
        rows += [tuple("" if number is None else row[number] for number in order) for row in table.rows]
        apart.update(table.set_apart)
    said: dict[Guess, list[str]] = {}
    for number, table in enumerate(joined, start=1):
        for guess in table.guesses:
            said.setdefault(guess, []).append(_shown(table, number))
    guesses = [
        replace(guess, what=f"{'elk bestand' if len(of) == len(joined) else ', '.join(of)}: {guess.what}")
        for guess, of in said.items()
    ]
    return Table(
        source=", ".join(table.source for table in joined),
        header=tuple(names.values()),
        rows=tuple(rows),
        guesses=tuple(guesses),
        story=joined[0].story,
        set_apart=apart,
        known={names[key.casefold()]: spec for table in joined for key, spec in table.known.items()},
        left_out={names[key.casefold()]: why for table in joined for key, why in table.left_out.items()},
        separators=tuple(dict.fromkeys(mark for table in joined for mark in table.separators)),
        choices={names[key.casefold()]: one for table in joined for key, one in table.choices.items()},
        unit=joined[0].unit if len({table.unit for table in joined}) == 1 else "stukken",
    )


def _with_file(table: Table, number: int) -> Table:
    """Return the table with the name of its file in a last column; the name of a document often is that of a person."""
    header = name_columns((*table.header, FILE.label))
    known, name = {**table.known, header[-1]: FILE}, _shown(table, number)
    return replace(table, header=header, rows=tuple((*row, name) for row in table.rows), known=known)


def _shown(table: Table, number: int) -> str:
    return table.source if table.unit == "rijen" else f"bestand {number}"


def say_missing(tables: Sequence[Table], specs: Iterable[ColumnSpec], *, mapped: bool) -> list[Guess]:
    """Say which columns of the corpus each file lacks; there they stay empty.

    Raises
    ------
    InputError
        When a file lacks the column that a mapping takes the stories from.
    """
    problems, said = [], []
    for number, table in enumerate(tables, start=1):
        own = {header.casefold() for header in (*table.header, str(FILE.source))}
        lacking = [spec for spec in specs if spec.source and spec.source.casefold() not in own]
        story = [spec.source for spec in lacking if spec.role is Role.TEXT]
        others = [spec.source for spec in lacking if spec.role is not Role.TEXT]
        name, same = _shown(table, number), "geef de kolom in elk bestand dezelfde naam"
        if mapped and story:
            what = "De kolom met verhalen uit de koppeling staat niet in dit bestand."
            problems.append(
                Problem(what=what, where=name, expected=list_names(story), now=f"{same.capitalize()}.")
            )
        elif others:
            said.append(
                Guess(what=f"{name} heeft niet: {list_names(others)}; dat blijft daar leeg", overrule=same)
            )
    if problems:
        raise InputError(problems)
    return said


def _same_story(tables: Sequence[Table], text: str | None) -> list[Table]:
    """Return the tables with their stories in a first column, under one name."""
    problems: list[Problem] = []
    joined: list[Table] = []
    for table in tables:
        try:
            index, guess = find_text(table, text or table.story)
        except InputError as error:
            problems += error.problems
            continue
        story = joined[0].story if joined else table.header[index]
        others = [*table.header[:index], *table.header[index + 1 :]]
        header = name_columns((str(story), *others))  # another column of that name gets a number
        rows = tuple((row[index], *row[:index], *row[index + 1 :]) for row in table.rows)
        guesses = (*table.guesses, guess) if guess else table.guesses
        joined.append(replace(table, header=header, rows=rows, story=header[0], guesses=guesses))
    if problems:
        raise InputError(problems)
    return joined
