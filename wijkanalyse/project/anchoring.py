"""Finding a quote back in a text that changed; rather not at all than in the wrong place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

#: "[buurvrouw 3]"; the number counts over the corpus, so that it changes when the corpus grows.
_NUMBERED = re.compile(r"\[(?!leeftijd |datum )([^\[\]\d]+) \d+\]")
_TOKEN = re.compile(r"(\[[^\[\]\n]*\]|\w+|[^\w\s]|)(\s*)")
_CONTEXT = 2  #: so many words and signs must be equal beside a quote
_NAME = 6  #: of so many words and signs is a name at most


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

    def end(self, token: int) -> int:
        """Return where a word or sign ends."""
        return self.starts[token] + self.sizes[token]

    def moved(self, position: int, token: int, other: _Tokens, shift: int) -> int:
        """Return where a place in a word, or at its end, stands in the same word of another text."""
        inside, size, there = position - self.starts[token], self.sizes[token], other.sizes[token + shift]
        return other.starts[token + shift] + (there if inside >= size else min(inside, there))


class _Piece(NamedTuple):
    """Words and signs from `a` to `a_end` of an old text, which are those from `b` to `b_end` of the new one."""

    a: int
    a_end: int
    b: int
    b_end: int
    is_equal: bool


class Alignment:
    """An old and a new text of one story, laid beside each other.

    Parameters
    ----------
    old, new : str
    """

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = _Tokens(old), _Tokens(new)

    @cached_property
    def _chains(self) -> list[list[_Piece]]:
        """Return what lies side by side in both texts: equal words, and places that were masked in only one of them."""
        old, new = self._old.keys, self._new.keys
        if old == new:
            return [[_Piece(0, len(old), 0, len(new), True)]]
        from difflib import SequenceMatcher

        found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        chains: list[list[_Piece]] = [[]]
        for number, (kind, a, a_end, b, b_end) in enumerate(found):
            sides = old[a:a_end], new[b:b_end]
            if kind == "equal":
                chains[-1].append(_Piece(a, a_end, b, b_end, True))
            elif _is_masked(*sides) and all(_is_firm(found, number + by) for by in (-1, 1)):
                chains[-1].append(_Piece(a, a_end, b, b_end, False))
            else:
                chains.append([])
        return [chain for chain in chains if chain]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a span of the old text stands in the new one.

        Its words and what stands beside it are the same there, apart from placeholders: their numbers, or words that are
        masked in one of the texts; or its words stand once in the old text and once in the new. In any other case a person
        has to look: None.
        """
        first, last = self._old.at(start), self._old.at(end - 1)
        n, keys = last - first + 1, self._old.keys[first : last + 1]
        for chain in self._chains:
            a, a_end = chain[0].a, chain[-1].a_end
            is_sure = a_end - a >= n + _CONTEXT or a_end - a == len(self._old.keys)
            if a <= first and last < a_end and is_sure:
                head, tail = (next(piece for piece in chain if at < piece.a_end) for at in (first, last))
                return (
                    self._moved(start, first, head) if head.is_equal else self._new.starts[head.b],
                    self._moved(end, last, tail) if tail.is_equal else self._new.end(tail.b_end - 1),
                )
        places = _runs(self._new.keys, keys) if len(_runs(self._old.keys, keys)) == 1 else []
        if len(places) != 1:
            return None
        here = _Piece(first, last + 1, places[0], places[0] + n, True)
        return self._moved(start, first, here), self._moved(end, last, here)

    def _moved(self, position: int, token: int, piece: _Piece) -> int:
        return self._old.moved(position, token, self._new, piece.b - piece.a)


def _is_masked(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether one of the two is a placeholder, where the other has as many words as a name can have."""
    return any(
        len(one) == 1 and one[0].startswith("[") and one[0].endswith("]") and 0 < len(other) <= _NAME
        for one, other in ((old, new), (new, old))
    )


def _is_firm(found: Sequence[tuple[str, int, int, int, int]], number: int) -> bool:
    """Tell whether enough is equal here, or the text ends."""
    if not 0 <= number < len(found):
        return True
    kind, a, a_end, *_ = found[number]
    return kind == "equal" and (a_end - a >= _CONTEXT or number in (0, len(found) - 1))


def _runs(keys: Sequence[str], wanted: Sequence[str]) -> list[int]:
    n = len(wanted)
    return [at for at in range(len(keys) - n + 1) if keys[at : at + n] == wanted]
