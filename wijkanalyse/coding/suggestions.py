"""Suggestions for coding: which words point to a code, and why. A suggestion is no coding until a person accepts it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from wijkanalyse.coding.learning import learned
from wijkanalyse.coding.terms import field_words, matching
from wijkanalyse.language import lemma, listing, placed_words, sentences

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.corpus import Corpus

_Placed = tuple[str, int, int]
COLUMNS = ["narrative_id", "coder", "code", "start", "end", "quote", "matched", "reason", "kind", "quality"]
SUGGESTED = "voorstel"  #: the coder of a suggestion
BY_WORDS = "woorden"
#: A hint, or a word of a word field, is half a term; said twice or three times a word counts √2 or √3 times.
TERM, HINT, MOST = 1.0, 0.5, 3
#: What points to the other top codes, on average, counts against a code by this much.
OTHERS = 0.3
LONGEST = 3  # words in a term
REACH = 4  # words between a negation and what it denies
_BEFORE, _AFTER = {"geen", "niet", "nooit", "zonder", "noch", "nergens"}, {"niet", "nooit"}
#: Behind a negation these take it back: not only violence; violence no more, so there was.
_STILL, _NO_MORE = {"alleen", "slechts", "enkel", "zomaar"}, "meer"
_BREAKS = {"maar", "want", "omdat", "dat", "en", "toen", "terwijl", "dus", "als"}
_PRONOUNS = {"me", "mij", "je", "jou", "haar", "hem", "ons", "jullie", "hen", "hun", "ze", "hij", "ik"}


class Match(NamedTuple):
    """A word or row of words in a story that points to a code."""

    code: str
    word: str
    start: int
    end: int
    weight: float
    is_denied: bool


def find_words(scheme: Scheme, texts: Sequence[str]) -> Iterator[list[Match]]:
    """Yield for each text the words that point to a code of the scheme, in order; what is denied is left out."""
    placed = [placed_words(text) for text in texts]
    vocabulary = {word for words in placed for word, _, _ in words}
    heads = {term.split("_")[0] for code in scheme for term in (*code.terms, *code.hints) if "_" in term}
    heads = matching(vocabulary, heads)
    vocabulary |= {row for words in placed for _, _, row in _rows(words, heads)}
    codes: dict[str, list[tuple[str, float, bool]]] = {}
    for code in scheme:
        strong = matching(vocabulary, code.terms)
        weak = matching(vocabulary, (*code.hints, *field_words(code))) - strong
        for word in (*strong, *weak):
            codes.setdefault(word, []).append((code.code, TERM if word in strong else HINT, code.lack))
    for words, text in zip(placed, texts, strict=True):
        found = []
        for first, last, row in _rows(words, heads):
            denied = row in codes and _is_denied(text, words, first, last)
            place = (row, words[first][1], words[last][2])
            for key, weight, lack in codes.get(row, ()):
                found += [Match(key, *place, weight, denied)] if lack or not denied else []
        yield found


def _rows(words: Sequence[_Placed], heads: set[str]) -> Iterator[tuple[int, int, str]]:
    """Yield every word, and the rows of words that can be a term: first, last, the words."""
    for first, (word, _, _) in enumerate(words):
        for last in range(first, min(first + LONGEST, len(words)) if word in heads else first + 1):
            yield first, last, " ".join(each for each, _, _ in words[first : last + 1])


def _is_denied(text: str, words: Sequence[_Placed], first: int, last: int) -> bool:
    """Tell whether the words say that it is not there: "geen geweld", "sloeg haar nooit"."""

    def is_break(at: int) -> bool:
        between = text[words[at][2] : words[at + 1][1]]
        return any(mark in between for mark in ".,;:!?()\n–") or words[at + 1][0] in _BREAKS

    reach = takewhile(lambda at: at + 1 < len(words) and not is_break(at), range(last, last + 3))
    after = [words[at + 1][0] for at in reach]
    for at in range(first - 1, max(first - 1 - REACH, -1), -1):
        if is_break(at):
            break
        if words[at][0] in _BEFORE:
            inside = [word for word, _, _ in words[at + 1 : first]]
            return not (_STILL & set(inside[:1]) or _NO_MORE in inside or _NO_MORE in after)
    word = words[last][0]
    after = after[1:] if after and after[0] in _PRONOUNS else after
    is_verb = lemma(word) != word and lemma(word).endswith("n")
    return is_verb and bool(after) and after[0] in _AFTER and not {_NO_MORE, *_STILL} & set(after[1:2])


def suggest_codings(corpus: Corpus, scheme: Scheme, *, accepted: pd.DataFrame | None = None) -> pd.DataFrame:
    """Suggest codings by the words of a scheme; none is a coding until a person accepts it (`wa.accept_suggestions`).

    Parameters
    ----------
    corpus, scheme : Corpus, Scheme
        Terms, hints and words of word fields are looked up as words, lemmas and rows of words. What is denied
        ("geen geweld") does not count, unless the words of the code name something good that is missing ("geen geld").
    accepted : pandas.DataFrame, optional
        Codings by people: stories that nobody coded are then also held against them (`learning`).

    Returns
    -------
    pandas.DataFrame
        The columns of codings, with matched (words), reason, kind (woorden, geleerd) and quality (F1 of what was
        learned). A top code is suggested for a whole story when the words of it and of the codes below weigh more than its `enough`
        terms, less `OTHERS` times what the words of the other top codes weigh on average; then every code for the
        sentences with a term of its own.
    """
    import pandas as pd

    ids, texts = list(corpus.frame["narrative_id"]), list(corpus.frame["text"])
    tops = {code.code: top.code for top in scheme.top() for code in scheme.under(top.code)}
    rows: list[tuple[Any, ...]] = []
    for narrative, text, matches in zip(ids, texts, find_words(scheme, texts), strict=True):
        of_top = {
            top.code: [match for match in matches if tops[match.code] == top.code] for top in scheme.top()
        }
        weights = {code: _weight(found) for code, found in of_top.items()}
        for top in scheme.top():
            found, own = of_top[top.code], weights[top.code]
            others = (sum(weights.values()) - own) / max(1, len(weights) - 1)
            if own - OTHERS * others <= top.enough:
                continue
            rows.append((narrative, SUGGESTED, top.code, None, None, "", *_told(found), BY_WORDS, None))
            for start, end in sentences(text):
                inside = [match for match in found if start <= match.start < end]
                quote = text[start:end].strip()
                at = text.index(quote, start)
                for code in sorted({match.code for match in inside if match.weight == TERM}):
                    told = _told([match for match in inside if match.code == code])
                    place = (at, at + len(quote), quote)
                    rows.append((narrative, SUGGESTED, code, *place, *told, BY_WORDS, None))
    if accepted is not None and len(accepted):
        have = {(row[0], row[2]) for row in rows}
        rows += [row for row in learned(ids, texts, scheme, accepted) if (row[0], row[2]) not in have]
    order = {code.code: place for place, code in enumerate(scheme)}
    rows.sort(key=lambda row: (row[0], -1 if row[3] is None else row[3], order[row[2]]))
    types = {"start": "Int64", "end": "Int64", "quality": "Float64"}
    return pd.DataFrame(rows, columns=COLUMNS).astype(types)


def _weight(matches: Sequence[Match]) -> float:
    """Return how many terms the words weigh."""
    times: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for match in matches:
        said = times[lemma(match.word)]
        said[match.start] = max(match.weight, said.get(match.start, 0.0))
    return sum(max(said.values()) * math.sqrt(min(len(said), MOST)) for said in times.values())


def _told(matches: Sequence[Match]) -> tuple[str, str]:
    """Return the words, and the reason in Dutch."""
    words = sorted({match.word for match in matches})
    reason = f"Woorden van deze code: {listing([f'‘{word}’' for word in words])}."
    if denied := sorted({match.word for match in matches if match.is_denied}):
        reason += (
            f" Bij {listing([f'‘{word}’' for word in denied])} staat dat het er niet is; dat telt hier ook."
        )
    return ", ".join(words), reason
