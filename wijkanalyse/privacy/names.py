"""Names in running text: by cue, by list, by capital, and then once more over the whole corpus.

No model is needed. Each layer proposes places; what a layer accepts with confidence is remembered, and
the corpus pass masks the same name wherever it returns: in lower case, as genitive or diminutive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.again import find_again, name_forms
from wijkanalyse.privacy.capitals import by_capital, by_particle
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.localities import by_place
from wijkanalyse.privacy.organisations import by_organisation
from wijkanalyse.privacy.persons import by_cue, by_lower_case
from wijkanalyse.privacy.runs import Found, continues
from wijkanalyse.privacy.words import NOTHING

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import CorpusWords, Words

__all__ = ["find_again", "find_names", "name_forms"]

_ANNOUNCERS = frozenset([*cues.CUES, *cues.NAMING, *cues.ORGANISATION_CUES])
_BEFORE_ARTICLE = _ANNOUNCERS | cues.PLACE_CUES


def find_names(words: Words, corpus: CorpusWords) -> list[Span]:
    """Return the names that stand in one text by cue, list or capital, without overlap.

    Parameters
    ----------
    words : Words
        One text, from `split_words`.
    corpus : CorpusWords
        Tells which capitalised words are ordinary ones.
    """
    spans: list[Span] = []
    following, before = 0, NOTHING
    for index, word in enumerate(words):
        # Most words are plain; what follows is for the few that can be a name.
        announced, before = before.lower, word
        if index < following or (word.is_plain and announced not in _ANNOUNCERS):
            continue
        article = word.text in ("de", "het") and announced not in _BEFORE_ARTICLE
        if article and not words.at(index + 1).is_capital:
            continue  # opens no "De Bilt"
        found = _name_at(words, index, corpus)
        if found:
            start, end = words.span(found.first, found.last)
            spans.append(
                Span(start=start, end=end, kind=found.kind, label=found.label, rule=found.rule, confidence=found.confidence)
            )  # fmt: skip
            following = found.last + 1
    return spans


def _name_at(words: Words, index: int, corpus: CorpusWords) -> Found | None:
    word = words[index]
    found = by_cue(words, index) or by_place(words, index)
    if found:
        return found
    if word.text == "t" and word.gap[-1:] in ("'", "’") and continues(words.at(index + 1)):
        return by_particle(words, index, corpus)  # "in 't Spieker"
    if word.is_capital:
        return by_organisation(words, index) or by_capital(words, index, corpus)
    named = words.before(index) in cues.ORGANISATION_CUES and by_organisation(words, index)
    return named or by_lower_case(words, index)
