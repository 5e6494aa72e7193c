"""Finding a quote back in a text that changed; rather not at all than in the wrong place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

#: "[buurvrouw 3]"; the number counts over the corpus, so that it changes when the corpus grows.
_NUMBERED = re.compile(r"\[(?!leeftijd |datum )([^\[\]\d]+) \d+\]")
_TOKEN = re.compile(r"(\[[^\[\]\n]*\]|\w+|[^\w\s]|)(\s*)")
_CONTEXT = 2  #: so many words and signs must be equal beside a quote


def renumbered(text: str) -> str:
    """Return a text with its placeholders numbered from 1 in reading order: two that differ in numbers only get the same."""
    last: Counter[str] = Counter()
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] not in seen:
            last[match[1]] += 1
            seen[match[0]] = f"[{match[1]} {last[match[1]]}]"
        return seen[match[0]]

    return _NUMBERED.sub(number, text)


class _Tokens:
    def __init__(self, text: str) -> None:
        found = [match for match in _TOKEN.finditer(text) if match[0]]
        self.starts = [match.start() for match in found]
        self.sizes = [len(match[1]) for match in found]
        self.keys = [_NUMBERED.sub(r"[\1]", match[1]) for match in found]

    def at(self, position: int) -> int:
        return bisect_right(self.starts, position) - 1

    def moved(self, position: int, token: int, other: _Tokens, shift: int) -> int:
        """Return where a place in a word, or at its end, stands in the same word of another text."""
        inside, size, there = position - self.starts[token], self.sizes[token], other.sizes[token + shift]
        return other.starts[token + shift] + (there if inside >= size else min(inside, there))


class Alignment:
    """An old and a new text of one story, laid beside each other.

    Parameters
    ----------
    old, new : str
    """

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = _Tokens(old), _Tokens(new)

    @cached_property
    def _blocks(self) -> list[tuple[int, int, int]]:
        if self._old.keys == self._new.keys:
            return [(0, 0, len(self._old.keys))]
        from difflib import SequenceMatcher

        matcher = SequenceMatcher(None, self._old.keys, self._new.keys, autojunk=False)
        return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a span of the old text stands in the new one.

        Its words and what stands beside it are the same there, apart from numbers in placeholders; or its words
        stand once in the old text and once in the new. In any other case a person has to look: None.
        """
        first, last = self._old.at(start), self._old.at(end - 1)
        n, keys = last - first + 1, self._old.keys[first : last + 1]
        shifts = [
            there - here
            for here, there, size in self._blocks
            if here <= first and last < here + size and (size >= n + _CONTEXT or size == len(self._old.keys))
        ]
        if not shifts and len(_runs(self._old.keys, keys)) == 1:
            places = _runs(self._new.keys, keys)
            shifts = [places[0] - first] if len(places) == 1 else []
        if not shifts:
            return None
        shift = shifts[0]
        return self._old.moved(start, first, self._new, shift), self._old.moved(end, last, self._new, shift)


def _runs(keys: Sequence[str], wanted: Sequence[str]) -> list[int]:
    n = len(wanted)
    return [at for at in range(len(keys) - n + 1) if keys[at : at + n] == wanted]
