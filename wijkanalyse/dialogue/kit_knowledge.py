"""The *kenniskaart*: what practice asks, by subject, with what worked elsewhere, each tied to its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.dialogue.paper import shorten, title_of
from wijkanalyse.errors import InputError
from wijkanalyse.privacy.gate import release_texts

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Code, Scheme
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import Audience, SafeText

MOST_QUOTES, QUOTE_WORDS = 4, 45


def knowledge(
    corpus: Corpus, codings: pd.DataFrame | None, scheme: Scheme | None, audience: Audience
) -> list[dict[str, Any]]:
    """Return a card for each code at the top of the scheme under which something was coded, in the order of the scheme.

    Parameters
    ----------
    corpus : Corpus
    codings : pandas.DataFrame, optional
        narrative_id, code, start, end; a coding without a place is of the whole story.
    scheme : Scheme, optional
    audience : Audience

    Raises
    ------
    InputError
        When one of codings and scheme is there without the other, a column is missing, or a story is unknown.
    """
    if codings is None and scheme is None:
        return []
    if codings is None or scheme is None or not {"narrative_id", "code"} <= set(codings.columns):
        raise InputError.one(
            what="Voor kenniskaarten ontbreekt iets.", where="wa.build_session_kit, codings= en scheme=",
            expected="coderingen (narrative_id, code, start, end) én het codeerschema waarmee ze zijn gemaakt",
            now='Geef beide mee, bijvoorbeeld scheme=wa.load_scheme("vragen-en-knelpunten").',
        )  # fmt: skip
    coded = codings.dropna(subset=["code"]).reindex(columns=["narrative_id", "code", "start", "end", "quote"])
    coded = coded[coded["code"].isin([code.code for code in scheme])].sort_values(
        ["narrative_id", "start", "end", "code"]
    )
    ids = list(dict.fromkeys(coded["narrative_id"]))
    texts = {safe.narrative_id: safe for safe in release_texts(corpus, ids, audience=audience)}
    tellers = dict(zip(corpus.frame["narrative_id"], corpus.frame["teller_id"], strict=True))
    cards = []
    for focus in scheme.top():
        codes = [code for code in scheme if focus.code in (code.code, code.parent)]
        parts = [
            {"name": code.name if code.parent else "", "quotes": _quotes(coded, code, texts, tellers)}
            for code in codes
        ]
        parts = [part for part in parts if part["quotes"]]
        if parts:
            cards.append({"title": focus.name, "definition": focus.definition, "parts": parts})
    return cards


def _quotes(
    coded: pd.DataFrame, code: Code, texts: dict[str, SafeText], tellers: dict[str, str]
) -> list[dict[str, str]]:
    """Return what was coded, never two by one teller."""
    found: dict[str, dict[str, str]] = {}
    for row in coded[coded["code"] == code.code].itertuples():
        safe = texts[row.narrative_id]
        found.setdefault(
            tellers[row.narrative_id],
            {"id": safe.narrative_id, "title": title_of(safe), "text": _span(row, safe.text)},
        )
    return list(found.values())[:MOST_QUOTES]


def _span(row: Any, text: str) -> str:
    """Return the coded words, or the beginning of the story when there is no place or the text has changed since."""
    if row.start == row.start and row.end == row.end:
        span = text[int(row.start) : int(row.end)]
        if span.strip() and (row.quote != row.quote or row.quote == span):
            return shorten(" ".join(span.split()), QUOTE_WORDS)
    return shorten(" ".join(text.split()), QUOTE_WORDS)
