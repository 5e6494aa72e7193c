"""The corpus pass: a name that was accepted once is found wherever it returns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.words import CorpusWords, Word, Words, is_function_word, is_kept, is_word


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
    own: Container[str] = (),
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
    own : container of str
        Those of `accepted` that stand in this teller's own stories.
    """
    spans = []
    for index, word in enumerate(words):
        known = accepted.get(word.folded)
        if known is None:
            continue
        start, end = words.span(index, index)
        if any(taken[start:end]) or not _is_again(word, known, corpus, word.folded in own):
            continue
        spans.append(
            Span(
                start=start,
                end=end,
                kind=known.kind,
                label=known.label,
                rule="corpus",
                confidence=0.8,
            )
        )
    return spans


def _is_again(word: Word, known: Span, corpus: CorpusWords, own: bool) -> bool:
    """Tell whether a word that looks like a known name is that name here."""
    lower, by_cue = word.lower, known.rule.startswith("aanwijzing")
    if known.kind == "plaats" and is_kept(word):
        return False  # "Nederlands" is no genitive
    if word.is_capital:
        if word.initial and is_word(lower) and (corpus.is_ordinary(lower) or not own):
            # "Davenport vloog": a word, but the corpus only knows it as somebody's whole name.
            alone = known.end - known.start <= len(word.text) + 2
            rare = alone and not corpus.lower[lower] and not is_function_word(lower)
            return (known.confidence >= 0.9 and own) or (rare and known.confidence >= 0.75)
        return known.confidence >= 0.9 or not (is_kept(word) and not word.is_acronym)
    if is_function_word(lower) or is_kept(word):
        return False
    # "roos" the flower: an everyday word is the person only when this teller named her so, and it is rare.
    if is_word(lower):
        return by_cue and own and corpus.lower[lower] <= 3
    return known.confidence > 0.6
