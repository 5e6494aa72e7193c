"""Where in a text a rule is worth trying: fast scans that spare the slow patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def lowered(text: str) -> str:
    """Return a text in lower case, with the same offsets."""
    return text.replace("İ", "I").lower()  # the only capital that grows


def word_starts(lower: str, stems: Iterable[str]) -> Iterator[int]:
    """Yield where one of the stems opens a word, or follows a digit."""
    for stem in stems:
        at = lower.find(stem)
        while at >= 0:
            if not at or not lower[at - 1].isalpha():
                yield at
            at = lower.find(stem, at + 1)


def merged(windows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join windows that touch, so that no place is looked at twice."""
    start = end = -1
    for first, last in sorted(windows):
        if end < 0:
            start, end = max(0, first), last
        elif first > end:
            yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end >= 0:
        yield start, end
