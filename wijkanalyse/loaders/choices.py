"""Several answers in one cell: which options there are, and which of them a cell holds.

What fewer than `FEW` tellers answered may have been typed under “Anders, namelijk”, and so may name somebody: it is never an
option, and is counted as `OTHER`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

FEW = 3
MAX_OPTIONS = 40  #: more answers than this that come back are no closed question
OTHER = "anders"
MARK = "\x1f"  #: stands in no text


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The options of a closed question."""

    options: tuple[str, ...]
    separator: str | None = (
        ";"  #: what stands between two of them in a cell; None when one is all there can be
    )
    by_user: bool = False  #: named in a mapping: then an option stays, however few chose it


def find_choice(cells: Sequence[str], separators: Sequence[str] = (";",)) -> Choice | None:
    """Return the options of a column with several answers in one cell, or None when that is not certain.

    It is certain when every cell ends in a semicolon (Microsoft Forms), or when two answers that come back stand together in
    a cell. With commas, parts that are never seen apart are one option (“geld, of een lening”); it is not certain when a part
    only comes behind one other that is also seen without it (“ja, soms”).
    """
    filled = [cell for cell in cells if cell]
    for separator in separators:
        if not any(separator in cell for cell in filled):
            continue  # every cell is one answer
        told = [_split(cell, separator) for cell in filled]
        counts = Counter(part for parts in told for part in set(parts))
        options = sorted(
            (part for part, n in counts.items() if n >= FEW), key=lambda one: (one.casefold(), one)
        )
        if not 0 < len(options) <= MAX_OPTIONS:
            continue
        ended = separator == ";" and all(cell.endswith(";") for cell in filled)
        back = [[part for part in parts if part in options] for parts in told]
        if separator == ", ":
            back = _glued(back)
            options = list({part for parts in back for part in parts})
        several = any(len(set(parts)) > 1 for parts in back)
        if ended or (several and (separator != ", " or not _is_cut(back))):
            ordered = sorted(options, key=lambda one: (one.casefold(), one))
            return Choice(options=tuple(ordered), separator=separator)
    return None


def is_ranking(cells: Sequence[str]) -> bool:
    """Tell whether cells hold the same three or more options, each in an order of its own: Microsoft Forms puts rankings so."""
    told = {tuple(_split(cell, ";")) for cell in cells if cell}
    return len(told) > 1 and len({frozenset(one) for one in told}) == 1 and len(min(told)) > 2


def read_choices(cell: str, choice: Choice) -> tuple[set[str], list[str]]:
    """Return which options a cell holds, and what else it says; an option with a separator in it stays whole."""
    if choice.separator is None:
        return ({cell}, []) if cell in choice.options else (set(), [cell] if cell else [])
    longest = sorted(choice.options, key=len, reverse=True)
    mark = choice.separator.strip()
    chosen: set[str] = set()
    others: list[str] = []
    rest = cell.strip()
    while rest:
        option = next((one for one in longest if rest == one or rest.startswith(one + mark)), None)
        if option is None:
            part, _, rest = rest.partition(mark)
            others += [part.strip()] if part.strip() else []
        else:
            chosen.add(option)
            rest = rest[len(option) + len(mark) :]
        rest = rest.strip()
    return chosen, others


def _split(cell: str, separator: str) -> list[str]:
    """Return the parts of a cell that hold something; Qualtrics puts no space behind its comma."""
    parts = re.split(r",(?!\s)", cell) if separator == "," else cell.split(separator)
    return [part.strip() for part in parts if part.strip()]


def _glued(told: Sequence[Sequence[str]]) -> list[list[str]]:
    """Join parts that always stand together."""
    while True:
        counts = Counter(part for parts in told for part in parts)
        together = Counter(pair for parts in told for pair in pairwise(parts))
        pairs = [pair for pair, n in sorted(together.items()) if n == counts[pair[0]] == counts[pair[1]]]
        if not pairs:
            return [list(parts) for parts in told]
        left, right = pairs[0]
        lines = (MARK.join(parts).replace(left + MARK + right, f"{left}, {right}") for parts in told)
        told = [line.split(MARK) if line else [] for line in lines]


def _is_cut(told: Sequence[Sequence[str]]) -> bool:
    """Tell whether some part stands only behind one and the same other, and so may belong to it."""
    first = {parts[0] for parts in told if parts}
    before: dict[str, set[str]] = {}
    for left, right in (pair for parts in told for pair in pairwise(parts)):
        before.setdefault(right, set()).add(left)
    return any(len(left) == 1 and right not in first for right, left in before.items())
