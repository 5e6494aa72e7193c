"""Places by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import countries, fold, is_of_origin, is_word, places
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
    elif word.text[-2:] in ("'s", "’s"):  # "Canada's"
        known = listed.get(fold(word.text[:-2]), ())
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
    return _by_head(words, index) if word.is_capital and not word.initial else None


def _by_head(words: Words, index: int) -> Found | None:
    """Find a place by what it is, "de Ierse Zee", "de Golf van Aden", or by whose it is, "de Hollandse IJssel"."""
    word, head = words[index], index + 1
    if word.lower in cues.PLACE_HEADS:
        while words.at(head).is_joint:
            head += 1
        named = words.at(head).is_capital and not words.at(head).is_kept
    else:
        named = words.at(head).lower in cues.PLACE_HEADS and word.lower not in cues.PARTICLES  # "in De Haven"
    following = words.at(head)
    if not following.is_capital or following.initial or following.gap != " ":
        return None
    if named:
        return Found(index, place_end(words, head), "plaats", "plaats", "hoofdletter", 0.8)
    origin = is_of_origin(word.text) or (word.is_kept and word.lower.endswith(("s", "se")))
    place = by_place(words, head) if origin else None
    return place and place._replace(first=index)


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
