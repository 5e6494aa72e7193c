"""Schools, churches, clubs, teams and shops by their cue or ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import is_word
from wijkanalyse.privacy.runs import Found, continues, run_end

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import Words

_KNOWN_ACRONYM_HEADS = frozenset(["ggz", "ggd", "uwv", "duo", "wmo", "abn", "ing", "svb"])


def by_organisation(words: Words, index: int) -> Found | None:
    """Find the name of a school, church, club, team or shop; a capitalised cue belongs to it."""
    word, cue, following = words[index], words.before(index), words.at(index + 1)
    label = cues.ORGANISATION_CUES.get(cue, "")
    if not word.is_capital and word.lower not in ("de", "het"):  # "bakker tjaarda"
        unknown = word.gap == " " and len(word.lower) > 4 and not is_word(word.lower) and not word.is_kept
        return _found(words, index, index, label, "aanwijzing:lidwoord") if unknown else None
    if not word.is_capital:  # "camping de Zeven Linden"
        named = following.is_capital and not following.initial and not following.is_kept
        return _found(words, index, index + 1, label, "aanwijzing:lidwoord") if named else None
    if label and not word.is_kept and (not word.is_acronym or cue in cues.CLUB_CUES):
        return _found(words, index, index, label, f"aanwijzing:{cue}")
    opens = cues.ORGANISATION_CUES.get(word.lower, "voetbalclub" if word.lower in cues.CLUB_CUES else "")
    if opens and following.gap == " ":
        head = index + 1
        while head < len(words) - 1 and words[head].lower in cues.INNER_PARTICLES:
            head += 1
        if words[head].is_capital and not words[head].initial and not words[head].is_kept:
            return _found(words, index, head, opens, "aanwijzing:eigen")
    if word.is_acronym and 2 < len(word.lower) < 6 and word.is_kept and continues(following):
        known = word.lower in _KNOWN_ACRONYM_HEADS or following.gap != " "
        return None if known else _found(words, index, index + 1, "organisatie", "hoofdletter")
    return None if word.initial and is_word(word.lower) else _by_ending(words, index)


def _by_ending(words: Words, index: int) -> Found | None:
    word = words[index]
    if word.is_kept or word.is_acronym:
        return None
    for ending, label in cues.ORGANISATION_ENDINGS.items():
        if word.lower.endswith(ending) and len(word.lower) > len(ending) + 2:
            return _found(words, index, index, label, "hoofdletter")
    if not word.initial and word.lower.endswith(cues.PLACE_ENDINGS) and len(word.lower) > 7:
        label = "wijk" if word.lower.endswith(("wijk", "buurt")) else "plaats"
        return Found(index, run_end(words, index), "plaats", label, "hoofdletter", 0.8)
    return None


def _found(words: Words, first: int, head: int, label: str, rule: str) -> Found:
    kind = "school" if "school" in label else "organisatie"
    return Found(first, run_end(words, head), kind, label, rule, 0.8 if rule == "hoofdletter" else 0.85)
