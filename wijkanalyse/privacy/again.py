"""The corpus pass: a name that was accepted once is found wherever it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.lexicon import is_everyday, is_function_word, is_place, is_word

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import CorpusWords, Word, Words


def name_forms(folded: str) -> Iterator[str]:
    """Yield the folded forms under which an accepted single name returns: as is, genitive, diminutive."""
    yield folded
    for suffix in ("s", "tje", "je", "ie", "tjes", "jes"):
        yield folded + suffix


def find_again(
    words: Words,
    taken: bytearray,
    accepted: Mapping[str, Span],
    corpus: CorpusWords,
    own: Mapping[str, Span] = MappingProxyType({}),
) -> list[Span]:
    """Return places where a name that was accepted elsewhere returns, also in lower case.

    Parameters
    ----------
    words : Words
    taken : bytearray
        One byte per character of the text; 1 where a span lies already.
    accepted : mapping of str to Span
        Folded single name → the span that was accepted for it.
    corpus : CorpusWords
    own : mapping of str to Span
        Those that stand in this teller's own stories; these go first.
    """
    spans = []
    returning = [i for i, word in enumerate(words) if word.folded in accepted or word.folded in own]
    for index in returning:
        word = words[index]
        at_home = own.get(word.folded)
        known = at_home or accepted[word.folded]
        start, end = words.span(index, index)
        if any(taken[start:end]) or not _is_again(word, known, corpus, at_home is not None):
            continue
        spans.append(
            Span(start=start, end=end, kind=known.kind, label=known.label, rule="corpus", confidence=0.8)
        )
    return spans


def _is_again(word: Word, known: Span, corpus: CorpusWords, own: bool) -> bool:
    """Tell whether a word that looks like a known name is that name here."""
    if is_function_word(word.lower) or (word.is_kept and not word.is_listed):
        return False  # "Nederlands" is no genitive
    if not word.is_capital:
        return _is_lower_again(word, known, corpus, own)
    if not word.initial or not is_everyday(word.lower):
        return known.confidence >= 0.75 or own
    # "Davenport vloog": a word, but the corpus only knows it as somebody's whole name.
    alone = known.end - known.start <= len(word.text) + 2
    mine = own and known.confidence >= 0.9 and not corpus.is_ordinary(word.lower)
    return mine or (alone and corpus.is_name(word.lower))


def _is_lower_again(word: Word, known: Span, corpus: CorpusWords, own: bool) -> bool:
    by_cue = known.rule.startswith("aanwijzing")
    # "roos" the flower: an everyday word is the person only when this teller named her so, and it is rare.
    if is_word(word.lower):
        return by_cue and own and corpus.lower[word.lower] <= 3
    if word.is_listed or is_place(word.folded) or by_cue:
        return known.confidence > 0.6
    # "algebra": the dictionary does not know it, but the corpus writes it in lower case as a rule.
    alone = known.end - known.start <= len(word.text) + 2
    return (
        alone and known.confidence > 0.6 and (own or corpus.lower[word.lower] <= corpus.capital[word.lower])
    )
