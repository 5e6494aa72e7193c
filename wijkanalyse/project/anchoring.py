"""Finding a quote back in a text that changed; rather not at all than in the wrong place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, partial

#: "[buurvrouw 3]"; the number counts over the corpus, so that it changes when the corpus grows.
_NUMBERED = re.compile(r"\[(?!leeftijd |datum )([^\[\]\d]+) \d+\]")
_TOKEN = re.compile(r"(\[[^\[\]\n]*\]|\w+|[^\w\s]|)(\s*)")
_JOINED = "\0"  #: so begins what was masked in one of two texts: one word in both
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

    def join(self, first: int, last: int, key: str) -> None:
        """Make one word of some."""
        start, end = self.starts[first], self.starts[last - 1] + self.sizes[last - 1]
        self.starts[first:last], self.sizes[first:last] = [start], [end - start]
        self.keys[first:last] = [_JOINED + key]

    def moved(self, position: int, token: int, other: _Tokens, shift: int, *, is_end: bool = False) -> int:
        """Return where a place in a word, or at its end, stands in the same word of another text."""
        inside, size, there = position - self.starts[token], self.sizes[token], other.sizes[token + shift]
        if self.keys[token].startswith(_JOINED):
            inside = size * is_end
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
        old, new = self._old.keys, self._new.keys
        if old == new:
            return [(0, 0, len(old))]
        from difflib import SequenceMatcher

        found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        for number, (_, a, a_end, b, b_end) in reversed(list(enumerate(found))):
            is_sure = all(_is_firm(found, number + by, old) for by in (-1, 1))
            if is_sure and _is_masked(old[a:a_end], new[b:b_end]):
                self._old.join(a, a_end, str(a))
                self._new.join(b, b_end, str(a))
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks()]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a span of the old text stands in the new one.

        Its words and what stands beside it are the same there, apart from placeholders: their numbers, or words that are
        masked in one of the texts; or its words stand once in the old text and once in the new. In any other case a person
        has to look: None.
        """
        blocks = self._blocks
        first, last = self._old.at(start), self._old.at(end - 1)
        n, keys = last - first + 1, self._old.keys[first : last + 1]
        shifts = [
            there - here
            for here, there, size in blocks
            if here <= first and last < here + size and (size >= n + _CONTEXT or size == len(self._old.keys))
        ]
        if not shifts and len(_runs(self._old.keys, keys)) == 1:
            places = _runs(self._new.keys, keys)
            shifts = [places[0] - first] if len(places) == 1 else []
        if not shifts:
            return None
        shift = shifts[0]
        move = partial(self._old.moved, other=self._new, shift=shift)
        return move(start, first), move(end, last, is_end=True)


def _is_masked(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether one of the two is a placeholder, where the other has as many words as a name can have."""
    return any(
        len(one) == 1 and one[0].startswith("[") and one[0].endswith("]") and 0 < len(other) <= _NAME
        for one, other in ((old, new), (new, old))
    )


def _is_firm(found: Sequence[tuple[str, int, int, int, int]], number: int, old: Sequence[str]) -> bool:
    """Tell whether what stands here is equal and stands nowhere else, or is where the text begins or ends."""
    if not 0 < number < len(found) - 1:
        return not 0 <= number < len(found) or found[number][0] == "equal"
    kind, a, a_end, *_ = found[number]
    return kind == "equal" and a_end - a >= _CONTEXT and len(_runs(old, old[a:a_end])) == 1


def _runs(keys: Sequence[str], wanted: Sequence[str]) -> list[int]:
    n = len(wanted)
    return [at for at in range(len(keys) - n + 1) if keys[at : at + n] == wanted]
