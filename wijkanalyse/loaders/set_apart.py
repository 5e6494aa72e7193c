"""Which rows are stories: what is set apart and why, so that read = kept + set apart, always."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Answers that stand for "no story"; compared in lower case without punctuation.
FILLERS = frozenset(
    [
        "geen",
        "nvt",
        "niet",
        "niets",
        "niks",
        "nee",
        "ja",
        "test",
        "testen",
        "xxx",
        "xx",
        "x",
        "weetniet",
        "weetikniet",
        "geenidee",
        "geenverhaal",
        "geenantwoord",
        "geenmening",
        "geenopmerkingen",
        "geencommentaar",
        "zieboven",
    ]
)


def plain(text: str) -> str:
    """Return a text as it is compared: two stories that differ in this are two stories."""
    return " ".join(text.casefold().split())


def find_stories(texts: Sequence[str]) -> tuple[list[bool], dict[str, int]]:
    """Return which texts are kept, and how many are not by reason."""
    counts = {"lege rij": 0, "vulantwoord zoals ‘geen’ of ‘n.v.t.’": 0, "letterlijk dubbel": 0}
    empty, filler, duplicate = counts
    kept, seen = [], set()
    for text in texts:
        compared = plain(text)
        word = re.sub(r"[\W_]+", "", compared)
        reason = (
            (empty if not compared else "")
            or (filler if not word or word in FILLERS else "")
            or (duplicate if compared in seen else "")
        )
        seen.add(compared)
        kept.append(not reason)
        if reason:
            counts[reason] += 1
    return kept, {reason: n for reason, n in counts.items() if n}
