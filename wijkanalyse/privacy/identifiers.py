"""Structured identifiers: what can be recognised by its form, and checked where a check digit exists.

Pure functions from text to `Span`s. Near misses stay: amounts, clock times, years, law names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from wijkanalyse.privacy.ages import WORDS_PATTERN, find_ages
from wijkanalyse.privacy.scan import lowered, merged, word_starts


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


MONTHS = {
    "januari": 1, "februari": 2, "maart": 3, "april": 4, "mei": 5, "juni": 6, "juli": 7, "augustus": 8,
    "september": 9, "oktober": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "febr": 2, "mrt": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "okt": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SEASONS = ("winter", "lente", "zomer", "herfst")
# Single street words that mean no street in particular.
_STREET_WORDS = (
    "straat|laan|weg|plein|kade|singel|gracht|steeg|dijk|hof|pad|park|plantsoen|dreef|boulevard|markt|wal|baan|"
    "zoom|oord|veld|kamp|erf|ring|poort|brink|haven"
)
_SURE_STREET_WORDS = "straat|laan|plein|kade|singel|gracht|steeg|plantsoen|dreef|straatje|laantje|weg|dijk"
_NUMBER_PART = r"(?:\s*[-/]\s*\d{1,3}|\s?[-–]?\s?(?:I{1,3}|IV|V)\b|\s?[-]?[a-zA-Z]\b(?!['’]))"
_HOUSE = rf"(?:\s+(?:nr\.?|nummer|no\.?|huisnummer))?\s+\d{{1,4}}(?!\d|[.,:]\d|\s?(?:uur|jaar|euro|keer|mensen|dagen|weken|maanden|%)){_NUMBER_PART}?"


def date_label(month: int) -> str:
    """Return the season of a month as a placeholder says it: 3 → "datum in de lente"."""
    return f"datum in de {_SEASONS[month % 12 // 3]}"


class Rule(NamedTuple):
    """A pattern whose group v is masked when the judge gives it a label, and near what it is tried."""

    kind: str
    pattern: re.Pattern[str]
    judge: Callable[[re.Match[str]], tuple[str, float] | None]
    near: str = ""  # a name in `_TRIGGERS`; empty: the kind


def _fixed(label: str, confidence: float = 1.0) -> Callable[[re.Match[str]], tuple[str, float]]:
    return lambda _: (label, confidence)


_BSN_CUE = re.compile(r"\b(?:bsn|burgerservicenummer|sofi-?nummer)\b[\w\s:.=-]{0,15}$", re.IGNORECASE)


def _bsn(match: re.Match[str]) -> tuple[str, float] | None:
    from stdnum.nl import bsn

    digits = re.sub(r"\D", "", match.group("v"))
    if bsn.is_valid(digits):
        return "bsn", 1.0
    if _BSN_CUE.search(match.string, max(0, match.start() - 40), match.start()):
        return "bsn", 0.95
    # Nine digits that fail the check are no BSN, but some register's number all the same.
    return ("nummer", 0.7) if digits == match.group("v") else None


def _iban(match: re.Match[str]) -> tuple[str, float] | None:
    from stdnum import iban

    value = re.sub(r"\s", "", match.group("v")).upper()
    if iban.is_valid(value):
        return "iban", 1.0
    return ("iban", 0.9) if re.fullmatch(r"(NL\d{2}[A-Z]{4}\d{10}|BE\d{14}|DE\d{20})", value) else None


def _phone(match: re.Match[str]) -> tuple[str, float] | None:
    value = match.group("v")
    digits = re.sub(r"\D", "", value)
    if value.lstrip("( ").startswith(("+", "00")):
        return ("telefoon", 1.0) if 9 <= len(digits) <= 15 else None
    if re.match(r"0[89]00", digits):
        return None  # public service numbers point to nobody
    if digits.startswith("06") and 9 <= len(digits) <= 11:
        return "telefoon", 1.0 if len(digits) == 10 else 0.8  # a digit too many is still somebody's number
    return ("telefoon", 1.0) if len(digits) == 10 and digits[1] != "0" else None


def _plate(match: re.Match[str]) -> tuple[str, float] | None:
    value = match.group("v").upper().replace(" ", "-")
    shape = re.sub(r"\d", "9", re.sub(r"[A-Z]", "X", value))
    return ("kenteken", 0.95) if shape in _PLATE_SHAPES else None


_PLATE_SHAPES = frozenset([
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X", "X-999-XX",
    "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
])  # fmt: skip


def _numeric_date(match: re.Match[str]) -> tuple[str, float] | None:
    day, month = int(match.group("d")), int(match.group("m"))
    return (date_label(month), 1.0) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _named_date(match: re.Match[str]) -> tuple[str, float]:
    return date_label(MONTHS[match.group("m").lower()]), 1.0


def _compile(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(pattern, flags)


# In order of precedence: an earlier rule keeps its place where two overlap. Group v is what is masked.
_RULES = tuple(Rule(*rule) for rule in (
    ("email", _compile(r"(?P<v>[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)"), _fixed("email")),
    ("email", _compile(r"(?P<v>[\w.+-]+\s?(?:\(at\)|\[at\]|\sapenstaartje\s)\s?[\w-]+(?:\.[\w-]+)+)"), _fixed("email")),
    ("url", _compile(r"(?P<v>(?:https?://|www\.)[^\s<>\"“”]*[\w/])"), _fixed("url")),
    (
        "url",
        _compile(
            r"(?<![\w@.-])(?P<v>(?:[a-z0-9-]+\.)+(?:nl|com|org|eu|net|be|de|frl|info|online|amsterdam)(?:/[^\s<>\"“”]*[\w/])?)(?![\w.-]*@)\b"
        ),
        _fixed("url"),
    ),
    ("handle", _compile(r"(?<![\w.@])(?P<v>@[a-z_][\w.]+\w)"), _fixed("gebruikersnaam", 0.9)),
    ("iban", _compile(r"\b(?P<v>[A-Z]{2}\s?\d{2}(?:\s?[A-Z]{1,4})?(?:\s?(?=[A-Z]*\d)[A-Z0-9]{1,26}){1,8})\b"), _iban),
    ("iban", _compile(r"\b(?P<v>NL\s?\d{2}\s?[A-Z]{4}(?:\s?\d){10})\b"), _iban),
    (
        "telefoon",
        _compile(r"(?<![\w€+])(?P<v>(?:\+|00)\d{2,3}[\s.-]?(?:\(0\)[\s.-]?)?\d(?:[\s./-]{0,3}\d){6,11})(?!\d)"),
        _phone,
    ),
    (
        "telefoon",
        _compile(r"(?<![\w€+.,-])(?P<v>\(?0\d{1,3}\)?(?:\s?[-–/.]?\s?\d){6,9})(?![\d])"),
        _phone,
    ),
    (
        "bsn",
        _compile(
            r"(?<![\d.,€])(?P<v>\d{9}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}[ .-]\d{2}[ .-]\d{3})(?![\d]|[.,]\d)"
        ),
        _bsn,
    ),
    (
        "dossiernummer",
        _compile(
            r"\b(?:dossier|zaak|klant|cli[eë]nt|polis|pati[eë]nt|lidmaatschaps|lid|factuur|registratie|aanvraag|beschikking|huurders?|debiteuren|"
            r"relatie|meld|aangifte|proces[- ]?verbaal)[- ]?(?:nummer|nr\.?|kenmerk)\s*(?:is|was|:|=)?\s*(?P<v>[A-Z]{0,6}[-./ ]?\d[\w./-]*\w)"
        ),
        _fixed("dossiernummer"),
        "kenmerk",
    ),
    ("dossiernummer", _compile(r"\b(?P<v>[A-Z]{1,6}[-/.]?(?:19|20)\d{2}[-/.]\d{2,9})\b"), _fixed("dossiernummer")),
    ("dossiernummer", re.compile(r"\b(?P<v>[A-Z]{1,5}(?:-\d{2}-\d{3,8}|\d{4}-\d{6,12}(?:-\d{1,2})?))\b"), _fixed("dossiernummer")),
    ("dossiernummer", re.compile(r"\b(?P<v>[A-Z]{1,5}-\d{4,8}-\d{1,6})\b"), _fixed("dossiernummer")),
    ("dossiernummer", _compile(r"\b(?:kenmerk|referentie|ref\.)\s*:?\s*(?P<v>[A-Z0-9]{0,6}[-/.]?\d[\w./-]*\w)"), _fixed("dossiernummer"), "kenmerk"),
    ("document", _compile(r"\b(?P<v>(?=[A-Z]*\d)[A-NP-Z]{2}[A-NP-Z0-9]{6}\d)\b", 0), _fixed("documentnummer", 0.8)),
    ("kenteken", _compile(r"(?<![\w-])(?P<v>[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3})(?![\w-])"), _plate),
    (
        "kenteken",
        _compile(r"\bkenteken\s*(?:is|was|:)?\s*(?P<v>[A-Z0-9]{1,3}[ -]?[A-Z0-9]{2,3}[ -]?[A-Z0-9]{1,3})\b"),
        _fixed("kenteken", 0.9),
        "kentekenwoord",
    ),
    ("datum", _compile(r"(?<![\d.,€-])(?P<v>(?:19|20)\d{2}-(?P<m>\d{1,2})-(?P<d>\d{1,2}))(?![\d-])"), _numeric_date),
    (
        "datum",
        _compile(r"(?<![\d.,€-])(?P<v>(?P<d>\d{1,2})\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?:(?:19|20)\d{2}|['’]?\d{2}))(?![\d]|[-/.]\d)"),
        _numeric_date,
    ),
    # A log line that opens with its day: "8/11. Crisisdienst".
    ("datum", _compile(r"^(?P<v>(?P<d>\d{1,2})[-/](?P<m>\d{1,2}))(?=[.:]\s)", re.MULTILINE), _numeric_date),
    ("datum", _compile(r"\bop\s(?P<v>(?P<d>\d{1,2})[-/](?P<m>\d{1,2}))(?![\d/-])"), _numeric_date),
    (
        "datum",
        _compile(
            rf"(?<![\d.,])\b(?P<v>(?:\d{{1,2}}(?:,\s|\sen\s|\sof\s|\st/m\s|\stot\s(?:en\smet\s)?|\s?[-–/]\s?)){{0,4}}(?:\d{{1,2}}(?:e|ste|de)?|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|"
            rf"{WORDS_PATTERN}(?:de|ste)?)"
            rf"\s?-?(?:\s?van\s)?\s?(?P<m>{_MONTH})\b(?:\.(?=\s?[\d’']))?(?:\s?-?\s?(?:in\s|van\s)?(?:(?:19|20)\d{{2}}|['’]\d{{2}})\b)?)(?!\w)"
        ),
        _named_date,
        "maand",
    ),
    (
        "datum",
        _compile(rf"\b(?P<v>(?P<m>{_MONTH})\.?,?\s(?:van\s|in\s)?(?:(?:19|20)\d{{2}}|['’]\d{{2}}))\b"),
        _named_date,
        "maand",
    ),
    ("postcode", _compile(r"(?<![\d€.,-])\b(?P<v>[1-9]\d{3}\s?(?!SA|SD|SS)[A-Z]{2})\b(?![-\w])", 0), _fixed("postcode")),
    ("postcode", _compile(r"(?<![\d€.,-])\b(?P<v>[1-9]\d{3}(?!sa|sd|ss|jr|km|kg|ml|cm|mm|st|de|en)[a-z]{2})\b", 0), _fixed("postcode")),
    (
        "straat",
        _compile(rf"\b(?P<v>(?:[A-ZÀ-Ý][\w'’.-]*\s+(?:(?:van|de|der|den|het|te|ter|ten|en|'t|’t|[A-ZÀ-Ý][\w'’.-]*)\s+){{0,4}})?"
                 rf"[A-ZÀ-Ý][\w'’-]*?(?:{_SURE_STREET_WORDS})(?:{_HOUSE})?)(?!\w)", 0),
        _fixed("straat"),
    ),
    (
        "straat",
        _compile(rf"\b(?P<v>(?:[A-ZÀ-Ý][\w'’.-]*\s+){{0,2}}[A-ZÀ-Ý][\w'’-]*?(?:{_STREET_WORDS})(?:{_HOUSE}))(?!\w)", 0),
        _fixed("straat"),
    ),
    (
        "straat",
        _compile(rf"\b(?P<v>(?:Laan|Plein|Weg|Pad|Hof|Kade|Burgemeester|Dokter|Professor|Koningin|Prins(?:es)?)\s(?:(?:van|de|der|den|het)\s)*[A-ZÀ-Ý][\w'’-]+(?:{_HOUSE}))(?!\w)", 0),
        _fixed("straat"),
    ),
    ("straat", _compile(rf"\b(?P<v>[a-zà-ÿ'’-]{{2,}}(?:{_SURE_STREET_WORDS})(?:{_HOUSE}))(?!\w)", 0), _fixed("straat", 0.9)),
    ("straat", _compile(r"\b(?:huisnummer|(?:wonen|woont|woon|woonde|buren|bewoner|bewoners|mevrouw|meneer|man|vrouw|portiek)\s(?:op|van)\s(?:nummer|nr\.?))\s(?P<v>\d{1,4}(?:\s?-\s?\d{1,3}|\s?[a-z])?)\b(?!\s?(?:uur|jaar|euro|in de))"), _fixed("huisnummer", 0.8)),
    ("nummer", _compile(r"(?<![\w.,€-])(?<!€\s)(?P<v>\d{7,})(?![\w]|[.,]\d)"), _fixed("nummer", 0.7)),
))  # fmt: skip


def find_identifiers(text: str) -> list[Span]:
    """Return all structured identifiers of a text, sorted, without overlap.

    Examples
    --------
    >>> [(span.start, span.end, span.label) for span in find_identifiers("Bel 06 00 12 34 56.")]
    [(4, 18, 'telefoon')]
    """
    found: list[Span] = []
    taken = bytearray(len(text))
    for span in _candidates(text):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            found.append(span)
    return sorted(found)


def _candidates(text: str) -> Iterator[Span]:
    yield from _by_form(text)
    for start, end, label in find_ages(text):
        yield Span(start=start, end=end, kind="leeftijd", label=label, rule="vorm:leeftijd", confidence=0.9)


def _by_form(text: str) -> Iterator[Span]:
    lower = lowered(text)
    windows = {kind: list(_windows(text, lower, kind)) for kind in _TRIGGERS}
    windows["maand"] = list(merged((at - 90, at + 40) for at in word_starts(lower, _MONTH_STEMS)))
    windows["straat"] = list(merged(_near_streets(text)))
    for kind, pattern, judge, near in _RULES:
        for start, end in windows[near or _NEAR.get(kind, kind)]:
            for match in pattern.finditer(text, start, end):
                verdict = judge(match)
                if verdict is None or (kind == "straat" and _is_common_opening(text, match)):
                    continue
                yield Span(
                    start=match.start("v"),
                    end=match.end("v"),
                    kind=kind,
                    label=verdict[0],
                    rule=f"vorm:{kind}",
                    confidence=verdict[1],
                )


# What a text must hold before the rules of a kind are worth trying, and only near it: most stories hold
# little of it, and a scan for a digit is ten times as fast as a rule. First the stems of which one must
# occur in lower case (none: always), then the place around which the rules look.
_TRIGGERS: dict[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "email": (("@", "at)", "at]", "apenstaart"), re.compile(r"(?:@|[(\[]at[)\]]|apenstaart)\S*", re.IGNORECASE)),
    "handle": (("@",), re.compile(r"@")),
    "url": ((), re.compile(r"[.:](?=[a-z/])\S*", re.IGNORECASE)),
    "datum": ((), re.compile(r"\d\s?[-/.]\s?\d")),
    "iban": ((), re.compile(r"\d{2}\s?(?:[A-Z]{1,4}\s?)?\d\s?\d\s?\d", re.IGNORECASE)),
    "cijfers": ((), re.compile(r"\d(?:[\s()./–-]{0,4}\d){6}")),
    "kenmerk": (("nummer", "nr", "kenmerk", "referentie", "ref."), re.compile(r"n(?:umme)?r|kenmerk|ref(?:\.|er)", re.IGNORECASE)),
    "document": ((), re.compile(r"\d{1,6}[A-NP-Z]|[A-NP-Z]\d")),
    "kenteken": ((), re.compile(r"\d-|-\d")),
    "kentekenwoord": (("kenteken",), re.compile(r"kenteken", re.IGNORECASE)),
    "postcode": ((), re.compile(r"\d{4}")),
}  # fmt: skip
_NEAR = {"telefoon": "cijfers", "bsn": "cijfers", "nummer": "cijfers", "dossiernummer": "datum"}
_MONTH_STEMS = ("jan", "feb", "maart", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_STREET_OPENERS = ("Laan", "Plein", "Weg", "Pad", "Hof", "Kade", "Burgemeester", "Dokter", "Professor", "Koningin", "Prins", "Prinses")  # fmt: skip
_STREETS = (*_STREET_WORDS.split("|"), "straatje", "laantje")
_CAPITALISED = re.compile(r"[A-ZÀ-Ý][\w'’-]+")
_STREET_PART = re.compile(rf"(?:{_STREET_WORDS}|je)['’-]")
_LONE_NUMBER = re.compile(r"\d{1,4}")


def _windows(text: str, lower: str, kind: str) -> Iterator[tuple[int, int]]:
    stems, trigger = _TRIGGERS[kind]
    if not stems or any(stem in lower for stem in stems):
        yield from merged((match.start() - 80, match.end() + 80) for match in trigger.finditer(text))


def _near_streets(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a street can stand: a capitalised word that ends as one, or a number after such a word."""
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        if word.endswith(_STREETS) or word in _STREET_OPENERS or _STREET_PART.search(word):
            yield match.start() - 60, match.end() + 60
    for match in _LONE_NUMBER.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].lower()
        if before[-1:].isspace() and before.rstrip().endswith(
            (*_STREETS, "nr", "nr.", "no", "no.", "nummer")
        ):
            yield match.start() - 60, match.end() + 30


def _is_common_opening(text: str, match: re.Match[str]) -> bool:
    """Tell whether a "street" is only a word that opens a sentence: "Onderweg", "Snelweg"."""
    value = match.group("v")
    if any(char.isdigit() or char.isspace() for char in value) or not _is_common(value.lower()):
        return False
    before = text[: match.start("v")].rstrip(' "“‘(')
    return not before or before[-1] in ".!?:\n"


@lru_cache(maxsize=10_000)
def _is_common(word: str) -> bool:
    from wijkanalyse.language import is_known

    return word in ("onderweg", "halverwege") or is_known(word)
