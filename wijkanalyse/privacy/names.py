"""Names in running text: by cue, by list, by capital, and then once more over the whole corpus.

No model is needed. Each layer proposes places; what a layer accepts with confidence is remembered, and
the corpus pass masks the same name wherever it returns: in lower case, as genitive or diminutive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wijkanalyse.privacy.again import find_again, name_forms
from wijkanalyse.privacy.capitals import by_article, by_capital
from wijkanalyse.privacy.cues import CUES, NAMING, ORGANISATION_CUES
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.localities import by_place
from wijkanalyse.privacy.organisations import by_organisation
from wijkanalyse.privacy.persons import by_cue, by_lower_case
from wijkanalyse.privacy.runs import Found, continues

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import CorpusWords, Word, Words

__all__ = ["find_again", "find_names", "name_forms"]

_ANNOUNCERS = frozenset([*CUES, *NAMING, *ORGANISATION_CUES])


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
    index = 0
    while index < len(words):
        if words[index].is_plain and (not index or words[index - 1].lower not in _ANNOUNCERS):
            index += 1
            continue  # most words; what follows is for the few that can be a name
        found = _name_at(words, index, corpus)
        if found is None:
            index += 1
            continue
        start, end = words.span(found.first, found.last)
        spans.append(
            Span(
                start=start,
                end=end,
                kind=found.kind,
                label=found.label,
                rule=found.rule,
                confidence=found.confidence,
            )
        )
        index = found.last + 1
    return spans


def _name_at(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    word = words[index]
    found = by_cue(words, index) or by_place(words, index)
    if found:
        return found
    if (
        word.text == "t"
        and word.gap[-1:] in ("'", "’")
        and index + 1 < len(words)
        and continues(words[index + 1])
    ):
        return by_article(words, index, corpus)
    if word.is_capital or (
        word.lower in ("de", "het") and index and words[index - 1].lower in ORGANISATION_CUES
    ):
        found = by_organisation(words, index)
        return found or (by_capital(words, index, corpus) if word.is_capital else None)
    return by_lower_case(words, index)
