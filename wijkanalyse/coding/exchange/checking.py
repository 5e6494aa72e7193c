"""Codings and memos as they may leave: of released texts, each on its own place, in one order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wijkanalyse.coding.codings import quote_at
from wijkanalyse.errors import InputError, PrivacyError, list_names
from wijkanalyse.foreign.package import problem, refusal
from wijkanalyse.privacy.finding import Piece, find_all
from wijkanalyse.privacy.gate import Audience, SafeText, release_texts
from wijkanalyse.privacy.rendered import scan_rendered

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus


class Row(NamedTuple):
    """A coding, or a memo (which has no story or no code); without places it is about the whole."""

    narrative_id: str = ""
    coder: str = ""
    code: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    memo: str = ""
    date: str = ""  #: ISO, in UTC


_FLAWS = {
    "story": ("een verhaal dat niet in het corpus zit", "verhalen uit corpus="),
    "code": ("een code die niet in het schema staat", "codes uit scheme="),
    "place": ("een plaats buiten het verhaal", "start en end in tekens, of beide leeg"),
    "quote": ("een citaat dat niet op zijn plaats staat in de gemaskeerde tekst", "citaten uit dit corpus"),
    "date": ("een datum die niet te lezen is", "datums zoals 2026-11-22 of 2026-11-22T14:05:00"),
    "empty": ("een memo zonder tekst", "tekst in de kolom memo"),
}
_NOW = "Verbeter deze rijen, of laat ze weg; er is niets bewaard."


def released(
    corpus: Corpus,
    codings: pd.DataFrame,
    memos: pd.DataFrame | None,
    codes: Iterable[Any] | None,
    *,
    audience: Audience,
    keep: Iterable[str],
    where: str,
) -> tuple[dict[str, SafeText], defaultdict[str, list[Row]]]:
    """Return the texts that may leave, and codings and memos by story; under "" the memos that are about none.

    Raises
    ------
    PrivacyError
        By the status of the corpus; outside also when a memo holds what looks like a name or a number.
    InputError
        With everything that does not fit: columns, codes, stories, places, quotes and dates.
    """
    given = {False: codings} if memos is None else {False: codings, True: memos}
    required = {False: Row._fields[:3], True: ("memo",)}
    missing = [name for is_memo, frame in given.items() for name in required[is_memo] if name not in frame]
    if missing:
        good = "codings met narrative_id, coder en code; memo’s met memo"
        raise refusal(f"Kolommen ontbreken: {list_names(missing)}.", where, good, _NOW)
    beside: dict[str, str] = dict.fromkeys(corpus.frame["narrative_id"], "")
    for key, some in codings.groupby("narrative_id"):
        beside[key] = "|".join(sorted(set(map(str, some["code"]))))
    texts = {safe.narrative_id: safe for safe in release_texts(corpus, audience=audience, group=beside)}
    names = None if codes is None else {code.code: code.name for code in codes}
    flaws = Counter[tuple[str, str]]()
    found: dict[bool, set[Row]] = {False: set(), True: set()}  # the same coding twice is one
    for is_memo, frame in given.items():
        rows = frame.reindex(columns=list(Row._fields)).astype(object)
        for row in rows.where(rows.notna(), None).itertuples(index=False):
            found[is_memo].add(_row(row, texts, names, flaws, is_memo=is_memo))
    if flaws:
        raise InputError([problem(f"{n} × {what}.", where, good, _NOW) for (what, good), n in flaws.items()])
    done = _with_memos(found[False], found[True], names or {})
    if audience is Audience.OUTSIDE and (written := sorted({row.memo for row in done} - {""})):
        _refuse_names(written, texts, keep, where)
    by_story = defaultdict[str, list[Row]](list)
    for row in sorted(done, key=_order):
        by_story[row.narrative_id].append(row)
    return texts, by_story


def _order(row: Row) -> list[Any]:
    return [(part is not None, part) for part in (row[0], *row[3:5], *row)]


def _with_memos(codings: Collection[Row], memos: Collection[Row], names: Mapping[str, str]) -> set[Row]:
    """Return codings with the memos on them, and other memos; one whose coding is not here becomes one on its place."""
    done = {*codings, *(memo for memo in memos if not (memo.narrative_id and memo.code))}
    of_place = {row[:5]: row for row in sorted(codings, key=_order)}
    for memo in sorted(set(memos) - done, key=_order):
        coding = of_place.get(memo[:5])
        if coding is None:
            done.add(memo._replace(code="", memo=f"{names.get(memo.code, memo.code)}: {memo.memo}"))
        elif memo.memo not in coding.memo:
            text = "\n\n".join(filter(None, [coding.memo, memo.memo]))
            of_place[memo[:5]] = coding._replace(memo=text)
            done = (done - {coding}) | {of_place[memo[:5]]}
    return done


def _row(
    given: Any,
    texts: Mapping[str, SafeText],
    codes: Collection[str] | None,
    flaws: Counter[tuple[str, str]],
    *,
    is_memo: bool,
) -> Row:
    key, coder, code, memo = (str(value or "") for value in (*given[:3], given.memo))
    safe, date, (start, end) = texts.get(key), moment(given.date), given[3:5]
    text = safe.text if safe else ""
    inside, quote = quote_at(text, start, end) is not None, quote_at(text, start, end, given.quote)
    start, end = (int(start), int(end)) if inside else (None, None)
    unknown = code not in codes if code and codes is not None else not (code or is_memo)
    wrong = {
        "story": not (safe or (is_memo and not key)),
        "code": unknown
        and not (is_memo and key),  # that of a memo on a coding is looked for among the codings
        "place": safe and not inside and given[3:5] != (None, None),
        "quote": inside and quote is None,
        "date": date is None,
        "empty": is_memo and not memo,
    }
    flaws.update(_FLAWS[name] for name, is_so in wrong.items() if is_so)
    return Row(key, coder, code, start, end, quote or "", memo, date or "")


def _refuse_names(memos: list[str], texts: Mapping[str, SafeText], keep: Iterable[str], where: str) -> None:
    """Refuse memos with what looks like a name, unless a person left that word standing in a story."""
    about = {"narrative_id": "", "teller_id": "", "column": "memo"}
    pieces = [Piece(text=memo, **about) for memo in memos]
    spans = find_all(pieces, add={}, keep=keep, decisions=None, voice=None)
    found = [{memo[span.start : span.end] for span in each} for memo, each in zip(memos, spans, strict=True)]
    left = scan_rendered(" ".join(safe.text for safe in texts.values()), set().union(*found))
    if n := sum(bool(words - left) for words in found):
        what = f"In {n} memo’s staat iets dat op een naam of nummer lijkt."
        good = "memo’s waarin niemand te herkennen is"
        now = 'Haal het weg, noem gewone woorden in keep=, of bewaar voor eigen gebruik met audience="werkbank".'
        raise PrivacyError([problem(what, where, good, now)])


def require_suffix(path: str | Path, *suffixes: str) -> Path:
    """Return the path, when its name ends as it should."""
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        good = f"een naam op {' of '.join(suffixes)}"
        raise refusal("Zo kan het bestand niet heten.", path.name, good, "Kies een andere naam.")
    return path


def moment(value: Any) -> str | None:
    """Return a date or moment as ISO in UTC, "" when there is none, None when it cannot be read."""
    try:
        when = datetime.fromisoformat(str(value).strip()) if value not in (None, "") else None
        if when is None:
            return ""
        when = when.astimezone(UTC) if when.tzinfo else datetime.combine(when.date(), when.time(), UTC)
    except (ValueError, OverflowError):
        return None
    return when.isoformat(timespec="seconds").replace("+00:00", "Z").removesuffix("T00:00:00Z")
