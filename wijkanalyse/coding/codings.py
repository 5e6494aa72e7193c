"""Codings in one form: what every quote, count and comparison starts from."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, list_names

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

_ORDER = ["narrative_id", "start", "end", "code", "coder", "memo"]


def refuse(what: str, where: str, expected: str, now: str = "Kies een van deze.") -> InputError:
    """Return an error about what was asked of codings."""
    return InputError.one(what=what, where=where, expected=expected, now=now)


def quote_at(text: str, start: Any, end: Any, quote: Any = None) -> str | None:
    """Return the words at a place in code points; None when it is no place, or other words stand there than were quoted."""
    places = all(isinstance(place, Real) and place == place // 1 for place in (start, end))
    if not (places and 0 <= start < end <= len(text)):
        return None
    found = text[int(start) : int(end)]
    return found if quote in (None, "", found) else None


def read_codings(codings: pd.DataFrame, corpus: Corpus | None = None) -> pd.DataFrame:
    """Return codings sorted, each once: narrative_id, start, end, code, coder, memo, quote, then other columns.

    With a corpus: of its stories only, held against the text. A coding of a whole story has no start and end, and all as its quote.

    Raises
    ------
    InputError
        When columns or cells are missing, or a place or quote does not fit the text.
    """
    import pandas as pd

    now = "Kijk de coderingen na, of haal ze opnieuw uit het project. Is er daarna gemaskeerd? Doe dan eerst wa.mask_codings."
    if missing := [name for name in ("narrative_id", "coder", "code") if name not in codings]:
        raise refuse("Er ontbreken kolommen.", "de coderingen", f"ook {list_names(missing)}", now)
    texts = {} if corpus is None else dict(corpus.frame[["narrative_id", "text"]].to_numpy())
    frame = codings.assign(**{name: codings.get(name) for name in ("start", "end", "memo", "quote")})
    frame = frame if corpus is None else frame[frame["narrative_id"].isin(texts)]
    frame = frame.astype({"start": "Float64", "end": "Float64", "memo": object, "quote": object})
    frame = frame.astype({"start": "Int64", "end": "Int64"}).fillna({"memo": "", "quote": ""})
    bad, quotes = frame[["narrative_id", "coder", "code"]].isna().any(axis=1).to_list(), []
    for number, row in enumerate(frame.itertuples()):
        text, whole = texts.get(row.narrative_id), pd.isna(row.start) and pd.isna(row.end)
        if whole or text is None:
            quote = row.quote if text is None else text
            fits = whole or bool(pd.notna(row.start) and pd.notna(row.end) and 0 <= row.start < row.end)
        else:
            quote = quote_at(text, row.start, row.end, row.quote)
            fits = quote is not None
        bad[number] |= not fits
        quotes.append(quote)
    if any(bad) or len(frame) < min(len(codings), 1):
        rows = list_names(number for number, wrong in enumerate(bad, start=1) if wrong)
        what = f"{sum(bad) or len(codings)} coderingen passen niet bij de verhalen."
        expected = "verhaal, codeur en code; een plaats in de tekst of geen; het citaat dat daar staat"
        raise refuse(what, f"de coderingen, rijen: {rows}" if any(bad) else "alle coderingen", expected, now)
    others = ["quote", *(name for name in frame if name not in (*_ORDER, "quote"))]
    frame = frame.assign(quote=pd.Series(quotes, frame.index, dtype=object))[[*_ORDER, *others]]
    frame = frame.sort_values(others, key=lambda column: column.astype(str))
    frame = frame.sort_values(_ORDER, kind="stable", na_position="first")
    return frame.drop_duplicates(_ORDER, ignore_index=True)
