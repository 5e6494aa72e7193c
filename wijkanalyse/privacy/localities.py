"""Places by their name."""

from __future__ import annotations

from collections.abc import Sequence

from wijkanalyse.privacy.cues import AMBIGUOUS_PLACES, LOWER_PLACE_CUES, PARTICLES, PLACE_CUES
from wijkanalyse.privacy.runs import Found, run_end
from wijkanalyse.privacy.words import Word, countries, is_listed, is_word, places


def by_place(words: Sequence[Word], index: int) -> Found | None:
    """Find a place by its name, and an unknown lower-case word that must be one ("in bedum")."""
    word = words[index]
    before = words[index - 1].lower if index and not word.initial else ""
    known = places().get(word.folded, ())
    if index + 1 < len(words):
        known = places().get(f"{word.folded} {words[index + 1].folded}", ()) + known
    if not known and "-" in word.text:
        known = places().get(word.text.split("-")[0].casefold(), ())
    for parts in known:
        last = index + len(parts) - 1
        if len(parts) > 2 and tuple(w.folded for w in words[index : last + 1]) != parts:
            continue
        if _is_place_here(words, index, last, before):
            end = run_end(words, last) if word.is_capital else last
            return Found(
                index, end, "plaats", "land" if parts in countries() else "plaats", "lijst:plaats", 0.9
            )
    return None


def _is_place_here(words: Sequence[Word], first: int, last: int, before: str) -> bool:
    word = words[first]
    if word.is_capital != words[last].is_capital and word.lower not in PARTICLES:
        return False
    several, cued = last > first, before in PLACE_CUES
    if not words[last].is_capital:
        # In lower case a place must be no word, or stand where only a place can.
        unknown = len(word.lower) > 3 and not is_word(word.lower) and not is_listed(word)
        return (
            cued
            if several
            else (unknown or before in LOWER_PLACE_CUES) and word.lower not in AMBIGUOUS_PLACES
        )
    if several or word.lower not in AMBIGUOUS_PLACES:
        return cued or not is_listed(word)
    return not word.initial and cued
