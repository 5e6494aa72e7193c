"""What a rule finds, and how far a name runs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wijkanalyse.privacy.cues import INNER_PARTICLES, PLACE_CUES, SURE_PLACE_CUES
from wijkanalyse.privacy.words import Word, is_kept, name_list


class Found(NamedTuple):
    """A name as first and last index into the words of a text."""

    first: int
    last: int
    kind: str
    label: str
    rule: str
    confidence: float


def continues(word: Word) -> bool:
    """Tell whether a word can go on with a name: a capital that neither opens a sentence nor is kept."""
    return (
        word.is_capital
        and not word.initial
        and not is_kept(word)
        and not (word.is_acronym and len(word.text) < 4)
    )


def run_end(words: Sequence[Word], index: int) -> int:
    """Return the last word of a name: capitals go on, particles only when a capital follows."""
    last = index
    while last + 1 < len(words):
        after = last + 1
        while (
            after < len(words)
            and words[after].lower in INNER_PARTICLES
            and not words[after].is_capital
            and after - last < 4
        ):
            after += 1
        between = words[last + 1 : after + 1]
        if (
            after >= len(words)
            or not continues(words[after])
            or any(w.gap not in (" ", "  ", " '", " ’") for w in between)
        ):
            break
        last = after
    return last


def kind_of_run(words: Sequence[Word], first: int) -> tuple[str, str]:
    """Return kind and label of a run of capitals, by the word before it."""
    before = words[first - 1].lower if first else ""
    if before in SURE_PLACE_CUES or (before in PLACE_CUES and words[first].folded not in name_list()):
        return "plaats", "plaats"
    return "persoon", "persoon"
