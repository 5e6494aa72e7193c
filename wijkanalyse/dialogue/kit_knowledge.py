"""The *kenniskaart*: what practice asks, by subject, with what worked elsewhere, each tied to its story."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.dialogue.paper import shorten, title_of
from wijkanalyse.errors import InputError
from wijkanalyse.privacy.gate import Audience, SafeText, release_texts

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Scheme
    from wijkanalyse.corpus import Corpus

MOST_QUOTES, QUOTE_WORDS = 4, 45


def knowledge(
    corpus: Corpus, codings: pd.DataFrame | None, scheme: Scheme | None, audience: Audience
) -> list[dict[str, Any]]:
    """Return a card for each top code that was used, with under each of its codes what was coded, one of a teller."""
    if codings is None and scheme is None:
        return []
    if codings is None or scheme is None or not {"narrative_id", "code"} <= set(codings.columns):
        raise InputError.one(
            what="Voor kenniskaarten ontbreekt iets.",
            where="wa.build_session_kit, codings= en scheme=",
            expected="coderingen (narrative_id, code, start, end) én het codeerschema waarmee ze zijn gemaakt",
            now='Geef beide mee, bijvoorbeeld scheme=wa.load_scheme("vragen-en-knelpunten").',
        )
    coded = codings[codings["code"].isin([code.code for code in scheme])]
    coded = coded.reindex(columns=["narrative_id", "code", "start", "end", "quote"]).sort_values(
        ["narrative_id", "start", "end", "code"]
    )
    texts = release_texts(corpus, list(dict.fromkeys(coded["narrative_id"])), audience=audience)
    safe, teller = (
        {text.narrative_id: text for text in texts},
        corpus.frame.set_index("narrative_id")["teller_id"],
    )
    cards = []
    for focus in scheme.top():
        parts = []
        for code in (code for code in scheme if focus.code in (code.code, code.parent)):
            rows = coded[coded["code"] == code.code]
            rows = rows[~rows["narrative_id"].map(teller).duplicated()].head(MOST_QUOTES)
            quotes = [
                (safe[row.narrative_id], _span(row, safe[row.narrative_id])) for row in rows.itertuples()
            ]
            if quotes:
                parts.append(
                    (
                        code.name if code.parent else "",
                        [(each.narrative_id, title_of(each), text) for each, text in quotes],
                    )
                )
        if parts:
            cards.append({"title": focus.name, "definition": focus.definition, "parts": parts})
    return cards


def _span(row: Any, safe: SafeText) -> str:
    """Return the coded words, or the beginning of the story when there is no place or the text has changed since."""
    known = row.start == row.start and row.end == row.end
    span = safe.text[int(row.start) : int(row.end)] if known else ""
    changed = isinstance(row.quote, str) and row.quote != span
    return shorten(" ".join((safe.text if changed or not span.strip() else span).split()), QUOTE_WORDS)
