"""Several files of one study as one table: columns of the same name are one, and a column says which file a row is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem
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
    said = [
        Guess(what=f"{table.source}: {guess.what}", overrule=guess.overrule)
        for table in joined
        for guess in table.guesses
    ]
    return Table(
        source=", ".join(table.source for table in joined),
        header=tuple(names.values()),
        rows=tuple(rows),
        guesses=tuple(said),
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
    name = table.source if table.unit == "rijen" else f"bestand {number}"
    header = name_columns((*table.header, FILE.label))
    known = {**table.known, header[-1]: FILE}
    return replace(table, header=header, rows=tuple((*row, name) for row in table.rows), known=known)


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
