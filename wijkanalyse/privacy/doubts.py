"""Places that were not masked and that a person should look at, because a name may have been let go.

Nothing here masks anything. Four questions per word: is it a name that is a word too; does a capital stand
where none belongs; is it a lower-case word that Dutch does not know; does it stand where a house, a street or
an organisation stands?
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.ages import NUMBER_WORDS
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.lexicon import is_dictionary_word, is_function_word, is_word
from wijkanalyse.privacy.persons import is_someone_of

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import CorpusWords, Words

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_NEXT_TO = frozenset("van v vd vh bij in op naar uit aan ik met het".split())
_INSIDE = frozenset(["in", "op", "bij"])
_STAY = frozenset("woon woont wonen woonde zit zitten zat werk werkt werkte verblijft logeert".split())
_PARTICIPLE = re.compile(r"\w*ge\w{3,}(?:[dt]e?|en)")
Doubt = tuple[str, str, float]  # kind, why, confidence


def find_doubts(words: Words, taken: bytearray, corpus: CorpusWords) -> list[Span]:
    """Return places of a text that may be a name all the same, for the review.

    Parameters
    ----------
    words : Words
        One text, from `split_words`.
    taken : bytearray
        One byte per character of the text; 1 where a span was masked.
    corpus : CorpusWords
        Tells which unknown words many tellers use, and what a slip of the keyboard may have been.

    Returns
    -------
    list of Span
        Sorted, without overlap. `rule` says why, ``twijfel:…``; `confidence` runs from .1 to .5 and is higher
        when a name is likelier. It orders the review and is no probability.
    """
    spans = []
    for index in range(len(words)):
        start, end = words.span(index, index)
        if any(taken[start:end]):
            continue
        if doubt := _doubt(words, index, corpus):
            kind, reason, confidence = doubt
            spans.append(
                Span(
                    start=start,
                    end=end,
                    kind=kind,
                    label=kind,
                    rule=f"twijfel:{reason}",
                    confidence=confidence,
                )
            )
    return spans


def _doubt(words: Words, index: int, corpus: CorpusWords) -> Doubt | None:
    word = words[index]
    if word.lower in NUMBER_WORDS:
        alone = words.at(index + 1).gap[:1] == "." and (word.initial or word.gap == ", ")
        return ("leeftijd", "los getal", 0.2) if alone else None
    if word.is_capital:
        return None if word.is_acronym or len(word.lower) == 1 else _capital(words, index)
    if len(word.lower) < 3 or is_function_word(word.lower) or word.is_kept or corpus.lower[word.lower] > 3:
        return None
    return _unknown(words, index, corpus) or _named(words, index, corpus)


def _capital(words: Words, index: int) -> Doubt | None:
    """Doubt a capital that was let go: a name that opens a sentence, or an ordinary word in mid-sentence."""
    word, following = words[index], words.at(index + 1)
    if word.is_kept or is_function_word(word.lower) or word.lower in cues.CUES:
        return None
    if not word.initial:
        return "organisatie", "hoofdletter", 0.4
    if word.lower in cues.WORD_NAMES and not is_function_word(following.lower):
        return "persoon", "naam of woord", 0.3
    titled = following.is_capital and following.gap == " "  # "Lage Akkers", "Vlijt Thuisdiensten"
    return ("organisatie", "hoofdletter", 0.2) if titled else None


def _unknown(words: Words, index: int, corpus: CorpusWords) -> Doubt | None:
    """Doubt a lower-case word that is no Dutch and no slip of the keyboard."""
    word = words[index]
    if len(word.lower) < 4 or is_word(word.lower) or _PARTICIPLE.fullmatch(word.lower):
        return None
    if is_slip(word.lower, corpus):
        return None
    cue = _cue_before(words, index)
    near = cue in cues.CUES or cue in cues.BEFORE_NAME or words.at(index + 1).lower in cues.PERSON_VERBS
    return "persoon", "onbekend woord", 0.5 if near else 0.3


def _named(words: Words, index: int, corpus: CorpusWords) -> Doubt | None:
    """Doubt a lower-case word that Dutch knows, where a person, a house or a firm has its name."""
    word, before, cue = words[index], words.before(index), _cue_before(words, index)
    if word.lower in cues.WORD_NAMES and before not in cues.ARTICLES | cues.POSSESSIVES:
        return "persoon", "naam of woord", 0.2
    if is_someone_of(words, index) and before not in cues.ARTICLES | cues.POSSESSIVES:
        return "persoon", "van een team", 0.3
    if before in cues.BEFORE_NAME and word.gap == " " and words.at(index + 1).gap != " ":
        return "persoon", "na zeggen of bellen", 0.2
    if corpus.lower[word.lower] > 1:
        return None
    made = not is_dictionary_word(word.lower)
    if cue in cues.ORGANISATION_CUES and made:
        return "organisatie", "na een instelling", 0.35
    if made and before in _NEXT_TO and word.lower.endswith((*cues.NAME_ENDINGS, "licht", "ster", "huis")):
        return "plaats", "klinkt als een straat of huis", 0.25
    at_home = cue in _INSIDE and before in ("de", "het")
    at_home = at_home and not _STAY.isdisjoint(w.lower for w in words[max(0, index - 5) : index])
    return ("organisatie", "waar iemand woont of zit", 0.2) if at_home else None


def _cue_before(words: Words, index: int) -> str:
    """Return the word before a word and its article: "stichting" in "stichting de brug"."""
    while index and not words[index].initial and words[index - 1].lower in cues.ARTICLES:
        index -= 1
    return words.before(index)


def is_slip(lower: str, corpus: CorpusWords) -> bool:
    """Tell whether a word is one keystroke from a word that everybody, or this corpus, uses all the time."""
    return any(is_function_word(near) or corpus.lower[near] > 5 for near in _one_key_away(lower))


@lru_cache(maxsize=10_000)
def _one_key_away(word: str) -> frozenset[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    changed = {head + char + tail[1:] for head, tail in cuts if tail for char in _ALPHABET}
    added = {head + char + tail for head, tail in cuts for char in _ALPHABET}
    return frozenset((dropped | swapped | changed | added) - {word})
