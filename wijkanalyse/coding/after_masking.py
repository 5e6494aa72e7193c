"""Codings that were made before masking, on the masked text: "Fatima belde" becomes "[buurvrouw 1] belde"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.codings import quote_at
from wijkanalyse.coding.kept import records, refusal
from wijkanalyse.errors import PrivacyError, fold_lines
from wijkanalyse.privacy.masking import replaced

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

#: What is cut out of a text, and what comes in its place; in order, and none over another.
Cuts = Sequence[tuple[int, int, str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class MaskedCodings:
    """Codings or memos on the masked text; printing it shows what became of them."""

    codings: pd.DataFrame = field(
        repr=False
    )  #: the columns that were given, with places and quotes of the masked text
    recheck: pd.DataFrame = field(
        repr=False
    )  #: what has no place there: places of the raw text, no quote, `reason`
    n_masked: int  #: in so many the words of the quote changed

    def __repr__(self) -> str:
        reasons = self.recheck["reason"].value_counts(sort=False)
        return fold_lines(
            [
                f"{len(self.codings)} staan in de gemaskeerde tekst; bij {self.n_masked} is er in het citaat iets vervangen.",
                f"{len(self.recheck)} opnieuw bekijken, in .recheck."
                if len(reasons)
                else "Niets blijft achter.",
                *(f"  - {n} × {reason}" for reason, n in reasons.items()),
                "In memo’s is vervangen wat in hun verhaal is gemaskeerd. Lees ze na: er kan nog iemand in staan.",
            ]
        )


def mask_codings(codings: pd.DataFrame, corpus: Corpus) -> MaskedCodings:
    """Bring codings or memos of raw stories, such as those of `import_qdpx`, to the stories that `mask` made of them.

    Parameters
    ----------
    codings : pandas.DataFrame
        narrative_id, start, end (code points of the raw text, end exclusive; missing for a whole story); quote and memo if they are
        there; other columns go along.
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
    InputError
        When the frame has no narrative_id.
    """
    import pandas as pd

    if getattr(corpus.key, "raw", None) is None or corpus.privacy_report is None:
        raise refusal(
            "Het is niet meer bekend wat er in deze verhalen is gemaskeerd.",
            f"corpus uit {corpus.provenance.source}, ‘{corpus.status}’",
            "een corpus dat in deze zitting met wa.mask is gemaskeerd",
            "Lees het bestand opnieuw in, doe corpus = wa.mask(…) en dan wa.mask_codings(…, corpus).",
            PrivacyError,
        )
    if "narrative_id" not in codings:
        raise refusal("Er staat niet bij welk verhaal iets hoort.", "de coderingen", "een kolom narrative_id",
                      "Geef bijvoorbeeld project.codings van wa.import_qdpx.")  # fmt: skip
    raw, told = (dict(each.frame[["narrative_id", "text"]].to_numpy()) for each in (corpus.key.raw, corpus))
    findings = corpus.privacy_report.findings
    cuts = {
        key: replaced(raw[key], [(place, place.placeholder) for place in places.itertuples()])
        for key, places in findings[findings["column"] == "text"].groupby("narrative_id")
    }
    good, doubtful, n_masked = [], [], 0
    for row in records(codings):
        given: list[Any] = [row.get(name) for name in ("narrative_id", "start", "end")]
        key, start, end = given
        mine = cuts.get(key, [])
        if row.get("memo"):
            row["memo"] = _without_names(row["memo"], raw.get(key, ""), mine)
        if key and key not in told:
            doubtful.append({**row, "quote": "", "reason": "het verhaal is er niet in dit corpus"})
        elif not key or (start is None and end is None):
            good.append({**row, "quote": ""})
        elif (quote := quote_at(raw[key], start, end, row.get("quote"))) is None:
            doubtful.append({**row, "quote": "", "reason": "het citaat stond niet op zijn plek"})
        else:
            start, end = moved(mine, start, end)
            good.append({**row, "start": start, "end": end, "quote": told[key][start:end]})
            n_masked += told[key][start:end] != quote
    names = list(dict.fromkeys([*codings.columns, "start", "end", "quote"]))
    places = {"start": "Int64", "end": "Int64"}
    return MaskedCodings(
        codings=pd.DataFrame(good, columns=names).astype(places),
        recheck=pd.DataFrame(doubtful, columns=[*names, "reason"]),
        n_masked=n_masked,
    )


def moved(cuts: Cuts, start: int, end: int) -> tuple[int, int]:
    """Return where a place stands after cuts; a part of what was cut out becomes all that came instead."""
    before = within = 0
    for first, last, instead in cuts:
        grown = len(instead) - (last - first)
        if last <= start:
            before += grown
        elif first < end:
            start, end, within = min(start, first), max(end, last), within + grown
    return start + before, end + before + within


def _without_names(memo: str, text: str, cuts: Iterable[tuple[int, int, str]]) -> str:
    """Return a memo with the placeholders of its own story for what is masked there, the longest first."""
    names = {text[first:last]: instead for first, last, instead in cuts}
    longest = sorted(names, key=len, reverse=True)
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)") if names else None
    return found.sub(lambda match: names[match[0]], memo) if found else memo
