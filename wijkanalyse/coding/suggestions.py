"""Suggestions for coding: which words point to a code, and why. A suggestion is no coding until a person accepts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijkanalyse.coding.learning import learned
from wijkanalyse.coding.terms import matching
from wijkanalyse.language import lemma, listing, placed_words, sentences

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.corpus import Corpus

COLUMNS = ["narrative_id", "coder", "code", "start", "end", "quote", "matched", "reason", "kind", "quality"]
SUGGESTED = "voorstel"  #: the coder of a suggestion
BY_WORDS = "woorden"
#: A story gets a code from this much: a term counts 1, a hint ½, each word once.
ENOUGH = 2.0
LONGEST = 3  # words in a term
REACH = 4  # words between a negation and what it denies
_BEFORE, _AFTER = {"geen", "niet", "nooit", "zonder", "noch", "nergens"}, {"niet", "nooit"}
#: Behind a negation these take it back: not only violence; violence no more, so there was.
_STILL, _NO_MORE = {"alleen", "slechts", "enkel", "zomaar"}, "meer"
_BREAKS = {"maar", "want", "omdat", "dat", "en", "toen", "terwijl", "dus", "als"}
_PRONOUNS = {"me", "mij", "je", "jou", "haar", "hem", "ons", "jullie", "hen", "hun", "ze", "hij", "ik"}


@dataclass(frozen=True, kw_only=True)
class _Match:
    """A word or row of words in a story that points to a code."""

    code: str
    word: str
    start: int
    end: int
    weight: float
    is_denied: bool


class Finder:
    """The words of a scheme, looked up in stories."""

    def __init__(self, scheme: Scheme, texts: Sequence[str]) -> None:
        self._words = [placed_words(text) for text in texts]
        self._texts = texts
        vocabulary = {word for words in self._words for word, _, _ in words}
        heads = {term.split("_")[0] for code in scheme for term in (*code.terms, *code.hints) if "_" in term}
        self._heads = matching(vocabulary, heads)
        vocabulary |= {row for words in self._words for _, _, row in self._rows(words) if " " in row}
        self._codes: dict[str, list[tuple[str, float, bool]]] = {}
        for code in scheme:
            strong = matching(vocabulary, code.terms)
            for weight, found in ((1.0, strong), (0.5, matching(vocabulary, code.hints) - strong)):
                for word in found:
                    self._codes.setdefault(word, []).append((code.code, weight, code.lack))

    def _rows(self, words: Sequence[tuple[str, int, int]]) -> Iterator[tuple[int, int, str]]:
        """Yield every word, and the rows of words that can be a term: first, last, the words."""
        for first, (word, _, _) in enumerate(words):
            yield first, first, word
            if word in self._heads:
                for last in range(first + 1, min(first + LONGEST, len(words))):
                    yield first, last, " ".join(each for each, _, _ in words[first : last + 1])

    def matches(self, number: int) -> list[_Match]:
        """Return what is found in a story, in order."""
        words, text, found = self._words[number], self._texts[number], []
        for first, last, row in self._rows(words):
            for code, weight, lack in self._codes.get(row, ()):
                denied = _is_denied(text, words, first, last)
                if lack or not denied:
                    start, end = words[first][1], words[last][2]
                    found.append(_Match(code=code, word=row, start=start, end=end, weight=weight, is_denied=denied))  # fmt: skip
        return found


def _is_denied(text: str, words: Sequence[tuple[str, int, int]], first: int, last: int) -> bool:
    """Tell whether the words say that it is not there: "geen geweld", "sloeg haar nooit"."""

    def is_break(at: int) -> bool:
        between = text[words[at][2] : words[at + 1][1]]
        return any(mark in between for mark in ".,;:!?()\n–") or words[at + 1][0] in _BREAKS

    after = [word for word, _, _ in words[last + 1 : last + 4]]
    for step in range(1, 4):
        if last + step >= len(words) or is_break(last + step - 1):
            after = after[: step - 1]
            break
    for at in range(first - 1, max(first - 1 - REACH, -1), -1):
        if is_break(at):
            break
        if words[at][0] in _BEFORE:
            inside = [word for word, _, _ in words[at + 1 : first]]
            return not (_STILL & set(inside[:1]) or _NO_MORE in inside or _NO_MORE in after)
    word = words[last][0]
    if after[:1] and after[0] in _PRONOUNS:
        after = after[1:]
    is_verb = lemma(word) != word and lemma(word).endswith("n")
    return is_verb and after[:1] != [] and after[0] in _AFTER and not {_NO_MORE, *_STILL} & set(after[1:2])


def suggest_codings(corpus: Corpus, scheme: Scheme, *, accepted: pd.DataFrame | None = None) -> pd.DataFrame:
    """Suggest codings by the words of a scheme, with the words and the reason of each.

    A suggestion is no coding: `wa.accept_suggestions` makes it one, in the name of a person.

    Parameters
    ----------
    corpus : Corpus
    scheme : Scheme
        Its terms and hints are looked up as words, lemmas and rows of words. What is denied ("geen geweld") does not count,
        unless the words of the code name something good that is missing ("geen geld").
    accepted : pandas.DataFrame, optional
        Codings by people (`wa.codings(project)`). Stories that nobody coded are then also held against them, for every code
        of which enough stories with and without it are coded.

    Returns
    -------
    pandas.DataFrame
        narrative_id, coder (`voorstel`), code, start, end (code points, end exclusive; missing for a whole story), quote,
        matched (the words), reason, kind (woorden, geleerd), quality (of what was learned: the F1 in cross-validation). A top
        code is suggested for a whole story that has enough words of it or of the codes below it, and then each code with a
        term of its own for the sentences in which that stands.
    """
    import pandas as pd

    ids, texts = list(corpus.frame["narrative_id"]), list(corpus.frame["text"])
    finder = Finder(scheme, texts)
    tops = {code.code: top.code for top in scheme.top() for code in scheme.under(top.code)}
    rows: list[tuple[object, ...]] = []
    for number, narrative in enumerate(ids):
        matches = finder.matches(number)
        for top in scheme.top():
            found = [match for match in matches if tops[match.code] == top.code]
            if _evidence(found) < ENOUGH:
                continue
            rows.append((narrative, SUGGESTED, top.code, None, None, "", *_told(found), BY_WORDS, None))
            for start, end in sentences(texts[number]):
                inside = [match for match in found if start <= match.start < end]
                for code in sorted({match.code for match in inside if match.weight == 1}):
                    mine = [match for match in inside if match.code == code]
                    quote = texts[number][start:end].rstrip()
                    rows.append((narrative, SUGGESTED, code, start, start + len(quote), quote, *_told(mine), BY_WORDS, None))  # fmt: skip
    if accepted is not None and len(accepted):
        have = {(row[0], row[2]) for row in rows}
        rows += [row for row in learned(ids, texts, scheme, accepted) if (row[0], row[2]) not in have]
    order = {code.code: place for place, code in enumerate(scheme)}
    rows.sort(key=lambda row: (row[0], -1 if row[3] is None else row[3], order[str(row[2])]))
    types = {"start": "Int64", "end": "Int64", "quality": "Float64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _evidence(matches: Sequence[_Match]) -> float:
    weights: dict[str, float] = {}
    for match in matches:
        base = lemma(match.word)
        weights[base] = max(match.weight, weights.get(base, 0.0))
    return sum(weights.values())


def _told(matches: Sequence[_Match]) -> tuple[str, str]:
    """Return the words, and the reason in Dutch."""
    words = sorted({match.word for match in matches})
    reason = f"Woorden van deze code: {listing([f'‘{word}’' for word in words])}."
    if denied := sorted({match.word for match in matches if match.is_denied}):
        reason += (
            f" Bij {listing([f'‘{word}’' for word in denied])} staat dat het er niet is; dat telt hier ook."
        )
    return ", ".join(words), reason
