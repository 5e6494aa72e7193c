"""Searching words in stories, in whatever form they stand there: lexical search, as programs for qualitative analysis call it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wijkanalyse.coding.codings import refuse
from wijkanalyse.coding.retrieval import described, part_holds, retrieve
from wijkanalyse.coding.terms import term_pattern
from wijkanalyse.corpus import Corpus, PrivacyStatus
from wijkanalyse.errors import list_names
from wijkanalyse.language import MIN_PART, is_compound_of, lemma, placed_words

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

AROUND = 40  #: characters of context on either side
_TERM = re.compile(r"""(-?)(?:["“”„]([^"“”„]*)["“”„]?|(\S+))""")
_MOST_KEPT = 2  # indexes; one of 20,000 stories takes about 60 MB


class _Index(NamedTuple):
    """Every word of a corpus in order: its number in `vocabulary`, the row of its story, and its place in the text."""

    vocabulary: list[str]
    lemmas: list[str]
    word: Any
    row: Any
    start: Any
    end: Any


_INDEXES: dict[str, _Index] = {}  # by the hash of the corpus; in memory only


def search(
    corpus: Corpus,
    words: str = "",
    *,
    where: Mapping[str, Any] | None = None,
    themes: Any = None,
    codings: pd.DataFrame | None = None,
    scheme: Scheme | None = None,
) -> pd.DataFrame:
    """Return the stories in which words stand, and where.

    Parameters
    ----------
    corpus : Corpus
        Masked or reviewed.
    words : str
        All must be in a story, in any form and as a part of a compound: `schuld` finds *schulden* and *schuldhulpverlening*.
        Between double quotes words are found as they are, in that order; `*` stands for any letters. A minus before a word or quote:
        not in the story. Capitals make no difference.
    where : mapping, optional
        `theme` (label or number), `code` or an attribute, with a value, a list of which one holds, or for numbers `(low, high)`.
    themes, codings, scheme : optional
        For `theme` and `code`, as in `retrieve`.

    Returns
    -------
    pandas.DataFrame
        One row per place: narrative_id, title, term (what was asked), quote, start, end (code points, end exclusive), context. A
        story that meets the question without a place (nothing asked but a filter, or only exclusions) has one row, with missing places.

    Raises
    ------
    PrivacyError
        When the corpus is not masked.
    InputError
        When a name or value in `where` does not exist.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> found = wa.search(wa.load_sample(), 'brief -"geen brief"')  # doctest: +SKIP
    """
    import numpy as np

    corpus.require(PrivacyStatus.MASKED, purpose="zoeken in verhalen")
    keep = _filtered(corpus, where or {}, themes, codings, scheme)
    found = []
    for minus, quoted, plain in _TERM.findall(words):
        term = [plain.lower()] if "*" in plain else [word for word, _, _ in placed_words(quoted or plain)]
        if not term:
            continue
        rows, starts, ends = _places(_index(corpus), term, exact=bool(quoted))
        has = np.isin(np.arange(len(corpus)), rows)
        keep = keep & (~has if minus else has)
        if not minus:
            found += [(*place, quoted or plain) for place in zip(rows, starts, ends, strict=True)]
    return _frame(corpus, np.flatnonzero(keep).tolist(), found)


def _filtered(corpus: Corpus, where: Mapping[str, Any], themes: Any, codings: Any, scheme: Any) -> Any:
    """Return of each story whether it meets every filter."""
    stories = described(corpus, themes)
    keep = stories["narrative_id"].notna()
    known = [*stories.columns.drop("title"), *(["code"] if codings is not None else [])]
    for name, wanted in where.items():
        if name not in known:
            raise refuse(
                f"Er is geen ‘{name}’ om op te filteren.", "wa.search, where=", f"een van {list_names(known)}"
            )
        if name == "code":
            quotes = retrieve(corpus, codings, {"code": wanted}, scheme=scheme)
            keep &= stories["narrative_id"].isin(quotes["narrative_id"])
        else:
            keep &= part_holds(stories, name, wanted, {})
    return keep.to_numpy()


def _index(corpus: Corpus) -> _Index:
    import numpy as np

    key = corpus.provenance.corpus_hash
    if key not in _INDEXES:
        numbers: dict[str, int] = {}
        word, row, start, end = columns = [array("i") for _ in range(4)]
        for story, text in enumerate(corpus.frame["text"]):
            placed = placed_words(text)
            word.extend([numbers.setdefault(each, len(numbers)) for each, _, _ in placed])
            row.extend([story] * len(placed))
            start.extend([first for _, first, _ in placed])
            end.extend([last for _, _, last in placed])
        while len(_INDEXES) >= _MOST_KEPT:
            del _INDEXES[next(iter(_INDEXES))]
        _INDEXES[key] = _Index(list(numbers), [lemma(each) for each in numbers], *map(np.array, columns))
    return _INDEXES[key]


def _places(index: _Index, term: list[str], *, exact: bool) -> tuple[list[int], ...]:
    """Return row, start and end of wherever the words of a term follow one another."""
    import numpy as np

    at = np.arange(len(index.word) - len(term) + 1)
    for step, word in enumerate(term):
        fits = np.array(_fits(index, word, exact=exact), dtype=bool)
        at = at[fits[index.word[at + step]]] if len(at) else at
    last = at + len(term) - 1
    inside = index.row[at] == index.row[last]
    at, last = at[inside], last[inside]
    return index.row[at].tolist(), index.start[at].tolist(), index.end[last].tolist()


def _fits(index: _Index, word: str, *, exact: bool) -> list[bool]:
    """Return of each word of the vocabulary whether it is the one that is asked for."""
    if exact:
        return [each == word for each in index.vocabulary]
    if "*" in word:
        pattern = term_pattern(word)
        return [pattern.fullmatch(each) is not None for each in index.vocabulary]
    base = lemma(word)
    is_form = [each == word or own == base for each, own in zip(index.vocabulary, index.lemmas, strict=True)]
    forms = {word, base, *(each for each, is_one in zip(index.vocabulary, is_form, strict=True) if is_one)}
    parts = [form for form in forms if len(form) >= MIN_PART]
    return [
        is_one or any(part in each and is_compound_of(each, part) for part in parts)
        for each, is_one in zip(index.vocabulary, is_form, strict=True)
    ]


def _frame(corpus: Corpus, kept: list[int], places: list[tuple[int, int, int, str]]) -> pd.DataFrame:
    import pandas as pd

    ids, titles, texts = (corpus.frame[name].tolist() for name in ("narrative_id", "title", "text"))
    chosen = set(kept)
    rows: list[tuple[Any, ...]] = [
        (ids[row], titles[row], term, texts[row][start:end], start, end, texts[row][max(0, start - AROUND) : end + AROUND])
        for row, start, end, term in sorted(places) if row in chosen
    ]  # fmt: skip
    if not places:
        rows = [(ids[row], titles[row], "", "", None, None, "") for row in kept]
    columns = ["narrative_id", "title", "term", "quote", "start", "end", "context"]
    return pd.DataFrame(rows, columns=columns).astype({"start": "Int64", "end": "Int64"})
