"""Structured identifiers: what can be recognised by its form, and checked where a check digit exists.

Pure functions from text to `Span`s. Near misses stay: amounts, clock times, years, law names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from wijkanalyse.privacy.ages import WORDS_PATTERN, find_ages
from wijkanalyse.privacy.scan import MONTHS, STREET_OPENERS, STREET_WORDS, forms, windows_of
from wijkanalyse.privacy.words import Words, split_words


@dataclass(frozen=True, kw_only=True, order=True)
class Span:
    """A place in a text that points to somebody. Holds no text.

    Offsets are code points, end exclusive. `label` is what the placeholder will say. `confidence` runs
    from 0 to 1 and orders the review; it is no probability.
    """

    start: int
    end: int
    kind: str
    label: str
    rule: str
    confidence: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a span needs 0 <= start < end")


MAX_ANSWER = 40  # letters of an answer that many tellers give; what is longer is remembered nowhere
_STEMS = "jan feb maa apr mei jun jul aug sep okt nov dec mrt".split()
_SEASONS = ("winter", "lente", "zomer", "herfst")


def date_label(month: int) -> str:
    """Return the season of a month as a placeholder says it: 3 → "datum in de lente"."""
    return f"datum in de {_SEASONS[month % 12 // 3]}"


Verdict = tuple[str, float] | None


class Rule(NamedTuple):
    """A pattern whose group v is masked when the judge gives it a label, and near what it is tried."""

    kind: str
    pattern: re.Pattern[str]
    judge: Callable[[re.Match[str]], Verdict]
    near: str  # what must be there, see `scan`


_BSN_CUE = re.compile(r"\b(?:bsn|burgerservicenummer|sofi-?nummer)\b[\w\s:.=-]{0,15}$", re.IGNORECASE)
_BANKS = re.compile(r"NL\d{2}[A-Z]{4}\d{10}|BE\d{14}|DE\d{20}")


def _bsn(match: re.Match[str]) -> Verdict:
    from stdnum.nl import bsn

    digits = re.sub(r"\D", "", match["v"])
    if bsn.is_valid(digits):
        return "bsn", 1.0
    if _BSN_CUE.search(match.string, max(0, match.start() - 40), match.start()):
        return "bsn", 0.95
    # Nine digits that fail the check are no BSN, but some register's number all the same.
    return ("nummer", 0.7) if digits == match["v"] else None


def _iban(match: re.Match[str]) -> Verdict:
    from stdnum import iban

    value = re.sub(r"[\s.-]", "", match["v"]).upper()
    if iban.is_valid(value, check_country=False) and len(value) > 14:
        return "iban", 1.0
    return ("iban", 0.9) if _BANKS.fullmatch(value) else None


def _phone(match: re.Match[str]) -> Verdict:
    digits = re.sub(r"\D", "", match["v"])
    if match["v"].lstrip("( ").startswith(("+", "00")):
        return ("telefoon", 1.0) if 9 <= len(digits) <= 15 else None
    if re.match(r"0[89]00", digits):
        return None  # public service numbers point to nobody
    if digits.startswith("06") and 9 <= len(digits) <= 11:
        return "telefoon", 1.0 if len(digits) == 10 else 0.8  # a digit too many is still somebody's number
    return ("telefoon", 1.0) if len(digits) == 10 and digits[1] != "0" else None


_PLATES = frozenset(
    "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X X-99-XXX 9-XX-999 999-XX-9".split()
)


def _plate(match: re.Match[str]) -> Verdict:
    shape = re.sub(r"\d", "9", re.sub(r"[A-Z]", "X", match["v"].upper()))
    return ("kenteken", 0.95) if shape in _PLATES else None


def _date(match: re.Match[str]) -> Verdict:
    month = match["m"].lower()
    if not month.isdigit():
        number = _STEMS.index(month[:3]) + 1
        return date_label(3 if number == 13 else number), 1.0
    return (date_label(int(month)), 1.0) if 1 <= int(match["d"]) <= 31 and 1 <= int(month) <= 12 else None


def _street(match: re.Match[str]) -> Verdict:
    """Refuse a "street" that is only a word that opens a sentence: "Onderweg", "Snelweg"."""
    value, before = match["v"], match.string[: match.start("v")].rstrip(' "“‘(')
    bare = not any(char.isdigit() or char.isspace() for char in value)
    if bare and _is_common(value.lower()) and (not before or before[-1] in ".!?:\n"):
        return None
    return "straat", 1.0 if value[0].isupper() else 0.9


@lru_cache(maxsize=10_000)
def _is_common(word: str) -> bool:
    from wijkanalyse.language import is_known

    return word in ("onderweg", "halverwege") or is_known(word)


_JUDGES = {"bsn": _bsn, "iban": _iban, "phone": _phone, "plate": _plate, "date": _date, "street": _street}


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    """Return the rules of ``data/forms.txt`` in order of precedence: where two overlap the earlier keeps its place."""
    pieces = {"NUMBER_WORD": WORDS_PATTERN, "STREET": STREET_WORDS, "TITLE_STREET": STREET_WORDS.title()}
    pieces |= {"STREET_OPENER": "|".join(STREET_OPENERS), "MONTH": f"(?:{MONTHS})"}
    rules = []
    for kind, options, lines in forms("forms.txt", pieces):
        flags = re.NOFLAG if "exact" in options else re.IGNORECASE | re.MULTILINE
        judge = _JUDGES.get(options.get("judge", ""), partial(_always, options.get("label", kind)))
        rules.append(Rule(kind, re.compile("".join(lines), flags), judge, options.get("near", kind)))
    return tuple(rules)


def _always(label: str, _: re.Match[str]) -> Verdict:
    return label, {"nummer": 0.7, "email": 1.0}.get(label, 0.9)


def find_identifiers(text: str, words: Words | None = None) -> list[Span]:
    """Return all structured identifiers of a text, sorted, without overlap; `words` when it was split already.

    Examples
    --------
    >>> [(span.start, span.end, span.label) for span in find_identifiers("Bel 06 00 12 34 56.")]
    [(4, 18, 'telefoon')]
    """
    found: list[Span] = []
    taken = bytearray(len(text))
    words = split_words(text) if words is None else words
    candidates = _in_answer(text) if len(text) <= MAX_ANSWER else _candidates(text, words)
    for start, end, kind, (label, confidence) in candidates:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(
                Span(start=start, end=end, kind=kind, label=label, rule=f"vorm:{kind}", confidence=confidence)
            )
    return sorted(found)


@lru_cache(maxsize=1_000)
def _in_answer(text: str) -> tuple[tuple[int, int, str, tuple[str, float]], ...]:
    return tuple(_candidates(text, split_words(text)))


def _candidates(text: str, words: Words) -> Iterator[tuple[int, int, str, tuple[str, float]]]:
    """Yield start, end, kind and verdict of what has the form of an identifier; what comes first goes first."""
    windows, numbers = windows_of(text, words)
    for kind, pattern, judge, near in _rules():
        for first, last in windows[near]:
            for match in pattern.finditer(text, first, last):
                if verdict := judge(match):
                    yield *match.span("v"), kind, verdict
    for start, end, label in find_ages(text, numbers):
        yield start, end, "leeftijd", (label, 0.9)
