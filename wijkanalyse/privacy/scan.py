"""Where in a text a rule is worth trying: fast scans that spare the slow patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

MONTH_STEMS = ("jan", "feb", "maart", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
#: How a street ends; some of these words mean no street in particular.
STREET_WORDS = (
    "straat|laan|weg|plein|kade|singel|gracht|steeg|dijk|hof|pad|park|plantsoen|dreef|boulevard|markt|wal|baan|"
    "zoom|oord|veld|kamp|erf|ring|poort|brink|haven"
)
STREET_OPENERS = tuple(
    "Laan Plein Weg Pad Hof Kade Burgemeester Dokter Professor Koningin Prins Prinses".split()
)

# What a text must hold before the rules of a kind are worth trying, and only near it: most stories hold
# little of it, and a scan for a digit is ten times as fast as a rule. First the stems of which one must
# occur in lower case (none: always), then the place around which the rules look.
_TRIGGERS = {
    kind: (tuple(stems.split()), re.compile(pattern, re.NOFLAG if kind == "document" else re.IGNORECASE))
    for kind, stems, pattern in (
        ("email", "@ at) at] apenstaart", r"(?:@|[(\[]at[)\]]|apenstaart)\S*"),
        ("url", "", r"[.:](?=[a-z/])\S*"),
        ("handle", "@", r"@"),
        ("datum", "", r"\d\s?[-/.]\s?\d"),
        ("iban", "", r"\d{2}[\s.-]?(?:[A-Z]{1,4}[\s.-]?)?\d\s?\d\s?\d"),
        ("cijfers", "", r"\d(?:[\s()./–-]{0,4}\d){6}"),
        ("kenmerk", "nummer nr kenmerk referentie ref. -id", r"n(?:umme)?r|kenmerk|ref(?:\.|er)|-id"),
        ("dossier", "dossier zaak", r"(?:dossier|zaak)\s*:?\s*\d"),
        ("document", "", r"\d{1,6}[A-NP-Z]|[A-NP-Z]\d"),
        ("kenteken", "", r"\d-|-\d"),
        ("kentekenwoord", "kenteken", r"kenteken"),
        ("postcode", "", r"\d{4}"),
    )
}
_STREETS = (*STREET_WORDS.split("|"), "straatje", "laantje")
_BEFORE_HOUSE = (*_STREETS, "nr", "nr.", "no", "no.", "nummer")
_CAPITALISED = re.compile(r"[A-ZÀ-Ý][\w'’-]+")
_STREET_PART = re.compile(rf"(?:{STREET_WORDS}|je)['’-]")
_NUMBER = re.compile(r"\d+")
_WANT_DIGITS = frozenset(["datum", "iban", "cijfers", "document", "kenteken", "postcode"])


def forms(file: str, pieces: dict[str, str]) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Yield kind, options and lines of every paragraph of a file of patterns; `pieces` fill in its <PIECES>."""
    text = (Path(__file__).parent / "data" / file).read_text(encoding="utf-8")
    for paragraph in text.split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line[:1] != "#"]
        if not lines:
            continue
        kind, *words = lines[0].split()
        filled = [re.sub(r"<([A-Z_]{2,})>", lambda piece: pieces[piece[1]], line) for line in lines[1:]]
        if kind.isupper():
            pieces[kind] = "".join(filled)
        else:
            yield kind, {key: value for key, _, value in (word.partition("=") for word in words)}, filled


def lowered(text: str) -> str:
    """Return a text in lower case, with the same offsets."""
    return text.replace("İ", "I").lower()  # the only capital that grows


def word_starts(lower: str, stems: Iterable[str]) -> Iterator[int]:
    """Yield where one of the stems opens a word, or follows a digit."""
    for stem in stems:
        at = lower.find(stem)
        while at >= 0:
            if not at or not lower[at - 1].isalpha():
                yield at
            at = lower.find(stem, at + 1)


def merged(windows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join windows that touch, so that no place is looked at twice."""
    start = end = -1
    for first, last in sorted(windows):
        if end < 0:
            start, end = max(0, first), last
        elif first > end:
            yield start, end
            start, end = first, last
        else:
            end = max(end, last)
    if end >= 0:
        yield start, end


def windows_of(text: str) -> dict[str, list[tuple[int, int]]]:
    """Return per trigger the stretches of a text in which its rules can find something."""
    lower = lowered(text)
    numbers = [match.span() for match in _NUMBER.finditer(text)]
    near_numbers = list(merged((start - 12, end + 12) for start, end in numbers))
    windows = {}
    for kind, (stems, trigger) in _TRIGGERS.items():
        # A rule that wants a digit need not look where there is none.
        stretches = near_numbers if kind in _WANT_DIGITS else [(0, len(text))]
        if stretches and (not stems or any(stem in lower for stem in stems)):
            found = (
                match.span() for first, last in stretches for match in trigger.finditer(text, first, last)
            )
            windows[kind] = list(merged((start - 80, end + 80) for start, end in found))
        else:
            windows[kind] = []
    windows["maand"] = list(merged((at - 90, at + 40) for at in word_starts(lower, MONTH_STEMS)))
    windows["straat"] = list(merged(_near_streets(text, numbers)))
    return windows


def _near_streets(text: str, numbers: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where a street can stand: a capitalised word that ends as one, or a number after such a word."""
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        if word.lower().endswith(_STREETS) or word in STREET_OPENERS or _STREET_PART.search(word):
            yield match.start() - 60, match.end() + 60
    for start, end in numbers:
        before = text[max(0, start - 30) : start].lower()
        if before[-1:].isspace() and before.rstrip().endswith(_BEFORE_HOUSE):
            yield start - 60, end + 30
