"""Ages of people: a number is an age only by the words around it.

Every number is looked at once, with what stands left and right of it. Amounts, durations ("12 jaar
getrouwd"), scores and counts stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.scan import forms

AGE_BANDS = ((4, "0–4"), (9, "5–9"), (14, "10–14"), (19, "15–19"), (29, "20–29"), (39, "30–39"),
             (49, "40–49"), (59, "50–59"), (69, "60–69"), (79, "70–79"))  # fmt: skip
MAX_AGE = 110


def _number_words() -> dict[str, int]:
    """Return Dutch number words from 1 to 102."""
    ones = ["", *["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]]
    words = {word: n for n, word in enumerate(ones) if word} | {"één": 1}
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
    words |= {word: 10 + n for n, word in enumerate(teens.split())}
    tens = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
    for i, ten in enumerate(tens.split(), start=2):
        words[ten] = 10 * i
        words |= {f"{ones[n]}{joint}{ten}": 10 * i + n for n in range(1, 10) for joint in ("ën", "en")}
    return words | {"honderd": 100, "honderdeen": 101, "honderdtwee": 102}


NUMBER_WORDS = _number_words()
_ONES = "twee|drie|vier|vijf|zes|zeven|acht|negen"
#: The words of `NUMBER_WORDS` but "een", as a short pattern.
WORDS_PATTERN = (
    rf"(?:(?:(?:een|{_ONES})[eë]n)?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|"
    rf"(?:dertien|veertien|(?:vijf|zes|zeven|acht|negen)tien|tien|elf|twaalf)|{_ONES}|één|honderd(?:een|twee)?)"
)
_NUMBER = re.compile(
    rf"(?<![\w.,€:/+-])(?<!€\s)(?P<n>\d{{1,3}}|{WORDS_PATTERN})"
    r"(?:(?=[- ]?jarige?n?\b)|(?P<ordinal>ste|de|e)?(?P<unit>\s?(?:jaar|jr|maanden|mnd|weken|wkn))?(?!\w|[.,:/]\d|-\w|\s?[€%]))",
    re.IGNORECASE,
)


_TOKENS = re.compile(r"\w+|[(,]")


class _Context(NamedTuple):
    """What stands left, what stands right, what the number must have, and a word that must stand left of it."""

    left: re.Pattern[str]
    right: re.Pattern[str]
    needs: frozenset[str]
    telling: frozenset[str]  # spares the search: of these at least one is in what `left` matches


@lru_cache(maxsize=1)
def _contexts() -> tuple[_Context, ...]:
    """Return the contexts of ``data/ages.txt``."""
    # By first letter: a pattern that ignores case tries all that is offered.
    people = sorted(map(re.escape, cues.PEOPLE), key=lambda word: (word[0], -len(word), word))
    kin = "|".join(
        f"{letter}(?:{'|'.join(word[1:] for word in group)})"
        for letter, group in groupby(people, key=itemgetter(0))
    )
    contexts = []
    for _, options, lines in forms("ages.txt", {"NUMBER_WORD": WORDS_PATTERN, "KIN": kin}):
        middle = lines.index("…")
        left, right = "".join(lines[:middle]), "".join(lines[middle + 1 :])
        contexts.append(
            _Context(
                re.compile(rf"(?:{left})$", re.IGNORECASE),
                re.compile(right, re.IGNORECASE),
                frozenset(filter(None, options.get("needs", "").split(","))),
                frozenset(filter(None, options.get("telling", "").split("|"))),
            )
        )
    return tuple(contexts)


@lru_cache(maxsize=100)
def _contexts_of(has: frozenset[str]) -> tuple[_Context, ...]:
    return tuple(context for context in _contexts() if context.needs <= has)


def age_label(age: int) -> str:
    """Return the band of an age as a placeholder says it: 12 → "leeftijd 10–14"."""
    return f"leeftijd {next((band for top, band in AGE_BANDS if age <= top), '80+')}"


def find_ages(text: str, starts: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (unit included) and label of every number that is somebody's age.

    `starts` are the offsets at which a number can start.

    Examples
    --------
    >>> list(find_ages("mijn zoon van 12 jaar", [14]))
    [(14, 21, 'leeftijd 10–14')]
    """
    for start in sorted(set(starts)):
        match = _NUMBER.match(text, start)
        if match is None:
            continue
        number = match["n"].lower()
        age = int(number) if number.isdigit() else NUMBER_WORDS[number]
        if age > MAX_AGE:
            continue
        left, right = text[max(0, match.start() - 50) : match.start()], text[match.end() : match.end() + 24]
        if not _is_worth_a_look(left, right):
            continue
        words = frozenset(_TOKENS.findall(left.lower()))
        if any(
            not (telling and telling.isdisjoint(words))
            and after.match(right)
            and (found := before.search(left))
            and not _is_thing(found)
            for before, after, _, telling in _contexts_of(_properties(age, number, match))
        ):
            yield match.start(), match.end(), age_label(_years(age, match["unit"]))


_TELLING = re.compile(
    r"[- ]?jarig|\s(?:oud|jong|geworden|geweest|was|werd|bent?|wordt?|waren|is|worden|verjaardag|levensjaar)\b"
)


def _is_thing(match: re.Match[str]) -> bool:
    """Tell whether what is said to be "of" a number is a word: "de trein van 8"."""
    from wijkanalyse.language import is_known, stop_words

    word = match.groupdict().get("unknown")
    return word is not None and (is_known(word) or word in stop_words())


def _is_worth_a_look(left: str, right: str) -> bool:
    words = left.rsplit(None, 1)
    if not words or _TELLING.match(right):
        return True
    tail = words[-1]
    return tail[-1] in ",:(" or tail[0] == "(" or tail[0].isupper() or tail.lower() in cues.BEFORE_AGE


def _properties(age: int, number: str, match: re.Match[str]) -> frozenset[str]:
    has = {"unit"} if match["unit"] else {"ordinal"} if match["ordinal"] else {"bare"}
    if "jaar" in (match["unit"] or ""):
        has.add("years")
    if age >= 10:
        has.add("teen")
    if age >= 20 and age % 10 == 0 and not number.isdigit():
        has.add("decade")
    return frozenset(has)


@lru_cache(maxsize=1_000)
def _years(number: int, unit: str | None) -> int:
    """Return an age in whole years; "18 maanden" is one year."""
    short = (unit or "").strip()[:1].lower()
    return number // 52 if short == "w" else number // 12 if short == "m" else number
