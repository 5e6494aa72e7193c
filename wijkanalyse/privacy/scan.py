"""Where in a text a rule is worth trying: fast scans that spare the slow patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import Words


MONTHS = (
    "januari|februari|augustus|september|oktober|november|december|maart|april|juni|juli|febr|sept|"
    "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec"
)
STREET_WORDS = (
    "straat|laan|weg|plein|kade|singel|gracht|steeg|dijk|hof|pad|park|plantsoen|dreef|boulevard|markt|wal|baan|"
    "zoom|oord|veld|kamp|erf|ring|poort|brink|haven"
)
STREET_OPENERS = tuple(
    "Laan Plein Weg Pad Hof Kade Burgemeester Dokter Professor Koningin Prins Prinses".split()
)

# What a text must hold before the rules of a kind are worth trying, and only near it: most stories hold
# little of it, and a scan for a digit is ten times as fast as a rule. First the stems of which one must
# occur in lower case (none: always), or how many digits must stand close together; then the place around
# which the rules look.
_TRIGGERS = {
    kind: (tuple(stems.split()), digits, re.compile(pattern, flags))
    for kind, stems, digits, pattern, flags in (
        ("email", "@ at) at] apenstaart", 0, r"(?:@|[(\[]at[)\]]|apenstaart)\S*", re.IGNORECASE),
        ("url", "", 0, r"[.:](?=[a-zA-Z/])\S*", re.NOFLAG),
        ("handle", "@", 0, r"@", re.NOFLAG),
        ("datum", "", 2, r"\d\s?[-/.]\s?\d", re.NOFLAG),
        ("iban", "", 5, r"\d{2}[\s.-]?(?:[A-Z]{1,4}[\s.-]?)?\d\s?\d\s?\d", re.IGNORECASE),
        ("cijfers", "", 7, r"\d(?:[\s()./–-]{0,4}\d){6}", re.NOFLAG),
        ("kenmerk", "nummer nr kenmerk referentie ref. -id", 0, r"n(?:umme)?r|kenmerk|ref(?:\.|er)|-id", re.IGNORECASE),
        ("dossier", "dossier zaak", 0, r"(?:dossier|zaak)\s*:?\s*\d", re.IGNORECASE),
        ("document", "", 1, r"\d{1,6}[A-NP-Z]|[A-NP-Z]\d", re.NOFLAG),
        ("kenteken", "", 1, r"\d-|-\d", re.NOFLAG),
        ("kentekenwoord", "kenteken", 0, r"kenteken", re.IGNORECASE),
        ("postcode", "", 4, r"\d{4}", re.NOFLAG),
    )
}  # fmt: skip
_STREETS = (*STREET_WORDS.split("|"), "straatje", "laantje")
_BEFORE_HOUSE = (*_STREETS, "nr", "nr.", "no", "no.", "nummer")
_STREET_PART = re.compile(rf"(?:{STREET_WORDS}|je)(?:['’.-]|$)", re.IGNORECASE)
_MONTH = re.compile(MONTHS)
#: A number word opens with one of these, or with "een" when it is a compound.
_NUMBER_STEMS = re.compile(
    r"(?<![^\W\d_])(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|twintig|dertig|veertig|tachtig|honderd|"
    r"één|een[eë]n)"
)
_NUMBER = re.compile(r"\d+")


class Signs(NamedTuple):
    """What a word form can be part of: offsets of number words in it, a month, a street."""

    numbers: tuple[int, ...]
    month: bool
    street: bool


def signs_of(form: str) -> Signs | None:
    """Return the signs of a word form; None for nearly all."""
    lower = lowered(form)
    numbers = tuple(match.start() for match in _NUMBER_STEMS.finditer(lower))
    month = any(map(_MONTH.fullmatch, re.split(r"[-'’.]", lower)))
    street = lower != form and (form in STREET_OPENERS or _STREET_PART.search(form) is not None)
    return Signs(numbers, month, street) if numbers or month or street else None


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


def windows_of(text: str, words: Words) -> tuple[dict[str, list[tuple[int, int]]], list[int]]:
    """Return per trigger the stretches of a text in which its rules can find something, and where a number can start."""
    lower = lowered(text)
    numbers = [match.span() for match in _NUMBER.finditer(text)]
    signs = [(start, word.signs) for word, start in zip(words, words.starts, strict=True) if word.signs]
    near = [
        (first, last, sum(end - start for start, end in numbers if first <= start < last))
        for first, last in merged((start - 12, end + 12) for start, end in numbers)
    ]
    windows = {}
    for kind, (stems, digits, trigger) in _TRIGGERS.items():
        if digits:
            stretches = [(first, last) for first, last, n in near if n >= digits]
        else:
            stretches = [(0, len(text))] if not stems or any(stem in lower for stem in stems) else []
        found = [match.span() for first, last in stretches for match in trigger.finditer(text, first, last)]
        windows[kind] = list(merged((start - 80, end + 80) for start, end in found)) if found else []
    windows["maand"] = list(merged((at - 90, at + 40) for at, found in signs if found.month))
    streets = [(at - 60, at + 80) for at, found in signs if found.street]
    windows["straat"] = list(merged([*streets, *_houses(text, numbers)]))
    return windows, [start for start, _ in numbers] + [
        at + offset for at, found in signs for offset in found.numbers
    ]


def _houses(text: str, numbers: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where a street can stand because a number comes after such a word, also in lower case."""
    for start, end in numbers:
        before = text[max(0, start - 30) : start].lower()
        if before[-1:].isspace() and before.rstrip().endswith(_BEFORE_HOUSE):
            yield start - 60, end + 30
