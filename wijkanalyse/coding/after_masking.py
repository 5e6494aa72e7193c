"""Codings that were made before masking, on the masked text: "Fatima belde" becomes "[buurvrouw 1] belde"; and codes that name somebody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.codings import quote_at
from wijkanalyse.coding.kept import records, refusal
from wijkanalyse.errors import PrivacyError, fold_lines
from wijkanalyse.privacy.entities import UNNUMBERED
from wijkanalyse.privacy.finding import Piece, find_all
from wijkanalyse.privacy.masking import render, replaced

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

ABOUT_MEMOS = "In memo’s is vervangen wie in hun verhaal is gemaskeerd, en wat verder op een naam lijkt. Lees ze na: er kan nog iemand in staan."


@dataclass(frozen=True, eq=False, kw_only=True)
class MaskedCodings:
    """Codings or memos on the masked text; printing it says what became of them."""

    codings: pd.DataFrame = field(repr=False)  #: as given, with places and quotes of the masked text
    recheck: pd.DataFrame = field(
        repr=False
    )  #: what has no place there: that of the raw text, no quote, `reason`

    def __repr__(self) -> str:
        lost = self.recheck["reason"].value_counts(sort=False).items()
        told = [f"Opnieuw bekijken, in .recheck: {n} × {reason}." for reason, n in lost] or [
            "Niets blijft achter."
        ]
        return fold_lines([f"{len(self.codings)} staan in de gemaskeerde verhalen.", *told, ABOUT_MEMOS])


def mask_codings(codings: pd.DataFrame, corpus: Corpus) -> MaskedCodings:
    """Bring codings or memos of raw stories, such as those of `import_qdpx`, to the stories that `mask` made of them.

    Parameters
    ----------
    codings : pandas.DataFrame
        narrative_id, start, end (code points of the raw text, end exclusive; missing for a whole story), quote, memo, and more.
    corpus : Corpus
        Masked in this session, also after a review: what was masked where must still be in memory.

    Returns
    -------
    MaskedCodings
        A place with a part of a name gets the whole placeholder; one without keeps its characters.

    Raises
    ------
    PrivacyError
        When it is not in memory what was masked.
    """
    import pandas as pd

    if getattr(corpus.key, "raw", None) is None:
        raise refusal(
            "Het is niet meer bekend wat er in deze verhalen is gemaskeerd.",
            f"corpus uit {corpus.provenance.source}, ‘{corpus.status}’",
            "een corpus dat in deze zitting met wa.mask is gemaskeerd",
            "Lees het bestand opnieuw in, doe corpus = wa.mask(…) en dan wa.mask_codings(…, corpus).",
            PrivacyError,
        )
    raw, told = (dict(each.frame[["narrative_id", "text"]].to_numpy()) for each in (corpus.key.raw, corpus))
    findings = corpus.privacy_report.findings.query("column == 'text'")
    cuts = {
        key: replaced(raw[key], [(place, place.placeholder) for place in places.itertuples()])
        for key, places in findings.groupby("narrative_id")
    }
    # The name alone, beside what was cut out: "buurvrouw Fatima".
    alone = {
        key: list(zip(each["start"], each["end"], each["placeholder"], strict=True))
        for key, each in findings.groupby("narrative_id")
    }
    good, doubtful = [], []
    rows = records(codings)
    stories = [row["narrative_id"] or "" for row in rows]
    memos = [
        _as_in_story(row.get("memo") or "", raw.get(key, ""), [*cuts.get(key, []), *alone.get(key, [])])
        for row, key in zip(rows, stories, strict=True)
    ]
    for row, memo in zip(rows, without_names(memos, corpus.key.arguments.get("keep", ())), strict=True):
        start, end, quote = list[Any](row.get(name) for name in ("start", "end", "quote"))
        key = row["narrative_id"] or ""
        row |= {"quote": "", "memo": memo}
        if key and key not in told:
            doubtful.append({**row, "reason": "het verhaal is er niet in dit corpus"})
        elif not key or start is end is None:
            good.append(row)
        elif quote_at(raw[key], start, end, quote) is None:
            doubtful.append({**row, "reason": "het citaat stond niet op zijn plek"})
        else:
            start, end = moved(cuts.get(key, []), start, end)
            good.append({**row, "start": start, "end": end, "quote": told[key][start:end]})
    names = list(dict.fromkeys([*codings.columns, "start", "end", "quote", "memo"]))
    frame = pd.DataFrame(good, columns=names).astype({"start": "Int64", "end": "Int64"})
    return MaskedCodings(codings=frame, recheck=pd.DataFrame(doubtful, columns=[*names, "reason"]))


def without_names(texts: Sequence[str], keep: Iterable[str] = ()) -> list[str]:
    """Return what stands beside stories (codes, memos) with a placeholder for whoever it names, without a number: that is of a story."""
    pieces = [Piece(narrative_id="", teller_id="", column="", text=text) for text in texts]
    found = find_all(pieces, add={}, keep=keep, decisions=None, voice=None)
    return [
        render(text, [(span, f"[{span.label}]") for span in spans if span.kind not in UNNUMBERED])
        for text, spans in zip(texts, found, strict=True)
    ]


def moved(cuts: Iterable[tuple[int, int, str]], start: int, end: int) -> tuple[int, int]:
    """Return where a place stands after cuts, in order; a part of what was cut out becomes all that came instead."""
    before = within = 0
    for first, last, instead in cuts:
        grown = len(instead) - (last - first)
        if last <= start:
            before += grown
        elif first < end:
            start, end, within = min(start, first), max(end, last), within + grown
    return start + before, end + before + within


def _as_in_story(memo: str, text: str, cuts: Iterable[tuple[int, int, str]]) -> str:
    """Return a memo with the placeholders of its own story for what is masked there, the longest first."""
    names = {text[first:last]: instead for first, last, instead in cuts}
    longest = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{longest})(?!\w)", lambda match: names[match[0]], memo) if names else memo
