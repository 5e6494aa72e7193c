"""Several files of one study as one table: columns of the same name are one, and a column says which file a row is from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import find_text
from wijkanalyse.loaders.tabular import Table

FILE = "Bestand"
SOURCE = ColumnSpec(name="source_file", label=FILE, role=Role.CONTEXT, dtype="category", source=FILE)


def join_tables(tables: Sequence[Table], text: str | None, *, mapped: bool) -> Table:
    """Return one table with the rows of all; columns are matched by their header, whatever its capitals.

    The column with stories is found in each file and takes the name that it has in the first, unless a mapping names it.

    Raises
    ------
    InputError
        With the problems of every file without a column of stories.
    """
    first = tables[0]
    story = None
    if not mapped:
        tables, story = _same_story(tables, text)
    names: dict[str, str] = {}
    for table in tables:
        for header in table.header:
            names.setdefault(header.casefold(), header)
    names.setdefault(FILE.casefold(), FILE)
    rows = []
    for table, source in zip(tables, _names(tables), strict=True):
        place = {header.casefold(): number for number, header in enumerate(table.header)}
        place.pop(FILE.casefold(), None)  # ours says it of every row
        order = [place.get(name) for name in names]
        where = list(names).index(FILE.casefold())
        for row in table.rows:
            cells = ["" if number is None else row[number] for number in order]
            cells[where] = source
            rows.append(tuple(cells))
    apart: Counter[str] = Counter()
    known = {names[FILE.casefold()]: SOURCE}
    left_out: dict[str, str] = {}
    for table in reversed(tables):
        apart.update(table.set_apart)
        known |= {names[header.casefold()]: spec for header, spec in table.known.items()}
        left_out |= {names[header.casefold()]: why for header, why in table.left_out.items()}
    return Table(
        source=", ".join(_names(tables)),
        header=tuple(names.values()),
        rows=tuple(rows),
        guesses=tuple(
            Guess(what=f"{table.source}: {guess.what}", overrule=guess.overrule)
            for table in tables
            for guess in table.guesses
        ),
        story=story,
        set_apart=apart,
        known=known,
        left_out=left_out,
        unit=first.unit if len({table.unit for table in tables}) == 1 else "stukken",
    )


def _same_story(tables: Sequence[Table], text: str | None) -> tuple[list[Table], str]:
    """Return the tables with their stories under one name, and that name."""
    problems: list[Problem] = []
    found: list[int] = []
    for table in tables:
        try:
            index, _ = find_text(table, text or table.story)
            found.append(index)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    story = tables[0].header[found[0]]
    renamed = []
    for table, index in zip(tables, found, strict=True):
        header = [
            f"{name} (2)" if number != index and name.casefold() == story.casefold() else name
            for number, name in enumerate(table.header)
        ]
        header[index] = story
        guess = Guess(
            what=f"de verhalen staan in kolom nummer {index + 1}", overrule='--tekst "naam" of text="naam"'
        )
        guesses = table.guesses if text or table.story else (*table.guesses, guess)
        renamed.append(replace(table, header=tuple(header), guesses=guesses))
    return renamed, story


def _names(tables: Sequence[Table]) -> list[str]:
    """Return the name of every file, with a number where two files have the same."""
    seen: Counter[str] = Counter()
    names = []
    for table in tables:
        seen[table.source] += 1
        number = seen[table.source]
        names.append(table.source if number == 1 else f"{table.source} ({number})")
    return names
