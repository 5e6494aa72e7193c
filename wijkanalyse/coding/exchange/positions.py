"""Where a selection of another program stands in a text: programs count in their own ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import product

from wijkanalyse.foreign.sources import normal

_WAYS = (
    "het laatste teken hoort erbij",
    "emoji’s tellen dubbel",
    "een regeleinde van Windows telt één keer",
    "een BOM telt mee",
)
Place = tuple[int, int]


def places(text: str, *, utf16: bool = False, one_break: bool = False, mark: bool = True) -> Sequence[int]:
    """Return for every position in a text where it stands in the normal text; the last is its length.

    Parameters
    ----------
    text : str
    utf16, one_break, mark : bool
        A character beyond the first plane counts as two; CRLF counts as one; a byte order mark counts.
    """
    head = len(text) - len(text.lstrip("\ufeff"))
    if not (head or "\r" in text or (utf16 and max(text, default="") > "\uffff")):
        return range(len(text) + 1)
    found: list[int] = []
    at = 0
    for index, letter in enumerate(text):
        half = text.startswith("\r\n", index)
        silent = (half and one_break) or (index < head and not mark)
        found += [at] * (0 if silent else 2 if utf16 and letter > "\uffff" else 1)
        at += index >= head and not half
    return [*found, at]


def read_places(
    texts: Sequence[str], marked: Sequence[tuple[int, int, int, str]]
) -> tuple[list[Place | None], str]:
    """Return where selections (text, start, end, quote) stand, and in Dutch how the program counted.

    Of all ways of counting that is taken which gives back most quotes. None falls outside its text.
    """
    plain, best = [normal(text) for text in texts], (-1, list[Place | None](), "")
    # A text without such characters is counted in one way only.
    odd = [(max(text, default="") > "\uffff", "\r\n" in text, text[:1] == "\ufeff") for text in texts]
    table = cache(lambda n, ways: places(texts[n], utf16=ways[0], one_break=ways[1], mark=ways[2]))
    for inclusive, *ways in product((False, True), repeat=4):
        flags = [tuple(way and has for way, has in zip(ways, each, strict=True)) for each in odd]
        spans = [_span(table(n, flags[n]), start, end + inclusive) for n, start, end, _ in marked]
        pairs = zip(marked, spans, strict=True)
        same = sum(
            bool(span) and _blank(plain[n][slice(*span)]) == _blank(name)
            for (n, *_, name), span in pairs
            if name and span
        )
        if same > best[0]:
            how = [way for is_so, way in zip((inclusive, *ways), _WAYS, strict=True) if is_so]
            best = same, spans, ", ".join(how) or "zoals de standaard het voordoet"
    return best[1], f"{best[2]}; {best[0]} van de {sum(bool(each[3]) for each in marked)} citaten kloppen"


def _span(table: Sequence[int], start: int, end: int) -> Place | None:
    inside = 0 <= start < end < len(table) and table[start] < table[end]
    return (table[start], table[end]) if inside else None


def _blank(text: str) -> str:
    """Return a quote with all white space as spaces: XML and programs change it."""
    return re.sub(r"\s", " ", text.replace("\r\n", "\n"))
