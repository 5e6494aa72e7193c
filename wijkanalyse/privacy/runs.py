"""What a rule finds, and how far a name runs on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import is_acronym, is_everyday, is_function_word, is_kept_form, is_place

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import Word, Words

_ROMAN = re.compile(r"(?=[IVX])X{0,2}(?:IX|IV|V?I{0,3})")
_JOINT = re.compile(r" {1,2}(?:['’]\s?)?")


class Found(NamedTuple):
    """A name as first and last index into the words of a text."""

    first: int
    last: int
    kind: str
    label: str
    rule: str
    confidence: float


def continues(word: Word) -> bool:
    """Tell whether a word can go on with a name: a capital that says something."""
    return word.is_capital and not word.initial and _can_continue(word.text)


@lru_cache(maxsize=50_000)
def _can_continue(text: str) -> bool:
    if _ROMAN.fullmatch(text) or text.endswith("."):
        return True
    if is_kept_form(text) or (is_acronym(text) and len(text) < 4):
        return False
    lower = text.lower()
    return lower in cues.INNER_PARTICLES or lower in cues.WORD_NAMES or not is_function_word(lower)


def run_end(words: Words, index: int) -> int:
    """Return the last word of a name: capitals go on, particles only when a capital follows."""
    last = index
    while True:
        after = last + 1
        while after - last < 4 and words.at(after).is_joint:
            after += 1
        between = words[last + 1 : after + 1]
        if not _goes_on(words, after, opens=last == index) or not all(
            map(_JOINT.fullmatch, [w.gap for w in between])
        ):
            return last
        last = after


def _goes_on(words: Words, index: int, *, opens: bool) -> bool:
    """Tell whether a capital carries a name on; after a first name or a particle any word does: "Wim Kan"."""
    word, before = words.at(index), words.at(index - 1)
    if not word.is_capital or word.initial or (word.is_kept and word.lower.endswith("se")):
        return False  # "Mussolini de Italiaanse"
    if word.lower in cues.INNER_PARTICLES:  # "Bart De Wever", but a house in "Wijnand van De Schakel"
        alone = opens and word.is_listed and before.is_listed  # "Anna Le"
        known = before.is_capital or before.lower not in cues.INNER_PARTICLES
        return alone or (words.at(index + 1).is_capital and known)
    if continues(word):
        return True
    if word.is_acronym:
        return False
    named = before.is_listed or (opens and not before.is_kept)
    return before.lower in cues.INNER_PARTICLES or (named and not is_place(before.folded))


def place_end(words: Words, index: int) -> int:
    """Return the last word of a place: "Gent Sint-Pieters", "Utrecht Centraal"; a heading's next word stays."""
    end = run_end(words, index)
    rest = [word for word in words[index + 1 : end + 1] if word.is_capital]
    parts = cues.DIRECTIONS | cues.PLACE_HEADS
    return index if any(is_everyday(word.lower) and word.lower not in parts for word in rest) else end


def kind_of_run(words: Words, first: int) -> tuple[str, str]:
    """Return kind and label of a run of capitals, by the word before it."""
    before = words.at(first - 1).lower
    if before in cues.SURE_PLACE_CUES or (before in cues.PLACE_CUES and not words[first].is_listed):
        return "plaats", "plaats"
    return "persoon", "persoon"
