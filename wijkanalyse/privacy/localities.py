"""Places by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import countries, is_word, places
from wijkanalyse.privacy.runs import Found, place_end

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import Words


def by_place(words: Words, index: int) -> Found | None:
    """Find a place by its name: on the list, or by the sea or realm that it is."""
    word, before = words[index], words.before(index)
    listed = places()
    known: tuple[tuple[str, ...], ...] = ()
    if word.folded in listed:  # the longer name goes first: "den haag" before "den"
        known = listed.get(f"{word.folded} {words.at(index + 1).folded}", ()) + listed[word.folded]
    elif "-" in word.text:
        known = listed.get(word.text.split("-")[0].casefold(), ())
    for parts in known:
        last = index + len(parts) - 1
        if len(parts) > 2 and tuple(w.folded for w in words[index : last + 1]) != parts:
            continue
        if _is_place_here(words, index, last, before):
            end = place_end(words, last) if word.is_capital else last
            label = "land" if parts in countries() else "plaats"
            return Found(index, end, "plaats", label, "lijst:plaats", 0.9)
    if word.is_capital and not word.initial and _is_head(words, index + 1):
        return Found(index, place_end(words, index + 1), "plaats", "plaats", "hoofdletter", 0.8)
    return None


def _is_head(words: Words, index: int) -> bool:
    """Tell whether a word names what the place is: "de Ierse Zee", "het Byzantijnse Rijk"."""
    word = words.at(index)
    return word.is_capital and word.gap == " " and word.lower in cues.PLACE_HEADS and not word.initial


def _is_place_here(words: Words, first: int, last: int, before: str) -> bool:
    word = words[first]
    if word.is_capital != words[last].is_capital and word.lower not in cues.PARTICLES:
        return False
    several, cued = last > first, before in cues.PLACE_CUES
    if not words[last].is_capital:
        # In lower case a place must be no word, or stand where only a place can.
        unknown = len(word.lower) > 3 and not is_word(word.lower) and not word.is_listed
        alone = (unknown or before in cues.LOWER_PLACE_CUES) and word.lower not in cues.AMBIGUOUS_PLACES
        return cued if several else alone
    if several or word.lower not in cues.AMBIGUOUS_PLACES:
        return cued or not word.is_listed
    return not word.initial and cued
