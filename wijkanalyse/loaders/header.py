"""Where the names of the columns stand: beneath a title, in two rows, or nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wijkanalyse.loaders.values import DATE, NUMBER


def rows_above_header(rows: list[tuple[str, ...]]) -> int:
    """Return how many rows stand above the header: a title of the export fills one cell, a header most."""
    usual = sorted(sum(map(bool, row)) for row in rows[:40] if any(row))
    if len(usual) < 4 or usual[len(usual) // 2] < 3:
        return 0
    for number, row in enumerate(rows[:6]):
        if sum(map(bool, row)) >= max(2, 0.5 * usual[len(usual) // 2]):
            return number
    return 0


def looks_like_story_row(header: tuple[str, ...], body: list[tuple[str, ...]]) -> bool:
    """Tell whether the first row is a story: as long as the cells beneath it, and longer than a question.

    Beside a number or a date, or an answer that comes again beneath it, which are no names of columns, a shorter text is a
    story too.
    """
    index = max(range(len(header)), key=lambda i: len(header[i]))
    words = len(header[index].split())
    lengths = sorted(len(row[index].split()) for row in body[:1000] if row[index])
    cells = [(i, cell) for i, cell in enumerate(header) if cell and i != index]
    beside = any(NUMBER.fullmatch(cell) or DATE.match(cell) for _, cell in cells)
    again = any(cell == row[i] for i, cell in cells for row in body)
    enough = 3 if again else 8 if beside else 40
    return words > enough and (not lengths or words >= lengths[len(lengths) // 2] / 2)


def in_two_rows(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell whether the row beneath the header is one too, as where the cells above questions of one kind were merged.

    Sure enough to take a row for a header: under every gap or repeated name it has a name, none is a number or date or comes
    again beneath it, and where the stories are it is empty or short.
    """
    if len(body) < 3:
        return False
    below, rest = body[0], body[1:200]
    times = Counter(header)
    gaps = [
        i for i, name in enumerate(header) if (not name or times[name] > 1) and any(row[i] for row in rest)
    ]
    story = max(range(len(header)), key=lambda i: sum(len(row[i]) for row in rest))
    words = sorted(len(row[story].split()) for row in rest if row[story])
    if not gaps or not all(below[i] for i in gaps) or sum(map(bool, below)) < 2:
        return False
    if any(cell and (NUMBER.fullmatch(cell) or DATE.match(cell)) for cell in below):
        return False
    if any(cell and cell == row[i] for row in rest for i, cell in enumerate(below)):
        return False
    return 3 * len(below[story].split()) <= words[len(words) // 2]


def join_headers(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Return one name per column: the lower one, after the upper one where it is not alone."""
    times = Counter(lower)
    names, last = [], ""
    for above, name in zip(upper, lower, strict=True):
        last = above or last
        names.append(f"{last}: {name}" if name and times[name] > 1 else name or above)
    return tuple(names)
