"""Schools, churches, clubs, teams and shops by their cue or ending."""

from __future__ import annotations

from collections.abc import Sequence

from wijkanalyse.privacy.cues import (
    CLUB_CUES,
    ORGANISATION_CUES,
    ORGANISATION_ENDINGS,
    PARTICLES,
    PLACE_ENDINGS,
)
from wijkanalyse.privacy.runs import Found, continues, run_end
from wijkanalyse.privacy.words import Word, is_kept, is_word

_KNOWN_ACRONYM_HEADS = frozenset(["ggz", "ggd", "uwv", "duo", "wmo", "abn", "ing", "svb"])


def by_organisation(words: Sequence[Word], index: int) -> Found | None:
    """Find the name of a school, church, club, team or shop; a capitalised cue belongs to it."""
    word = words[index]
    before = words[index - 1] if index and not word.initial else None
    label = ORGANISATION_CUES.get(before.lower, "") if before else ""
    following = words[index + 1] if index + 1 < len(words) else None
    if not word.is_capital:
        if following and continues(following):
            return Found(index, run_end(words, index + 1), _kind_of(label), label, "aanwijzing:lidwoord", 0.8)
        return None
    if before and label and not is_kept(word) and (not word.is_acronym or before.lower in CLUB_CUES):
        return Found(index, run_end(words, index), _kind_of(label), label, f"aanwijzing:{before.lower}", 0.9)
    opens = ORGANISATION_CUES.get(word.lower, "voetbalclub" if word.lower in CLUB_CUES else "")
    if (
        opens
        and following
        and following.gap == " "
        and (following.is_capital or following.lower in PARTICLES)
    ):
        head = index + 1
        while head < len(words) - 1 and words[head].lower in PARTICLES:
            head += 1
        if words[head].is_capital and not words[head].initial and not is_kept(words[head]):
            return Found(index, run_end(words, head), _kind_of(opens), opens, "aanwijzing:eigen", 0.85)
    if word.is_acronym and 2 < len(word.lower) < 6 and following and continues(following) and is_kept(word):
        known = word.lower in _KNOWN_ACRONYM_HEADS or following.gap != " "
        return (
            None
            if known
            else Found(index, run_end(words, index + 1), "organisatie", "organisatie", "hoofdletter", 0.7)
        )
    return None if word.initial and is_word(word.lower) else _by_ending(words, index)


def _by_ending(words: Sequence[Word], index: int) -> Found | None:
    word = words[index]
    if is_kept(word) or word.is_acronym:
        return None
    for ending, label in ORGANISATION_ENDINGS.items():
        if word.lower.endswith(ending) and len(word.lower) > len(ending) + 2:
            return Found(index, run_end(words, index), _kind_of(label), label, "hoofdletter", 0.8)
    if not word.initial and word.lower.endswith(PLACE_ENDINGS) and len(word.lower) > 7:
        return Found(
            index,
            run_end(words, index),
            "plaats",
            "wijk" if word.lower.endswith(("wijk", "buurt")) else "plaats",
            "hoofdletter",
            0.8,
        )
    return None


def _kind_of(label: str) -> str:
    return "school" if "school" in label else "organisatie"
