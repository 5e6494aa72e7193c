"""Ages of people: a number is an age only by the words around it.

Every number is looked at once, with what stands left and right of it. Amounts, durations ("12 jaar
getrouwd"), scores and counts stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from wijkanalyse.privacy.cues import CUES
from wijkanalyse.privacy.scan import lowered, word_starts

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
#: A number word opens with one of these, or with "een" when it is a compound.
_STEMS = ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien", "veertien", "twintig",
          "dertig", "veertig", "tachtig", "honderd", "één", "eenen", "eenën")  # fmt: skip
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    rf"(?<![\w.,€:/+-])(?<!€\s)(?P<n>\d{{1,3}}|{WORDS_PATTERN})"
    r"(?:(?=[- ]?jarige?n?\b)|(?P<ordinal>ste|de|e)?(?P<unit>\s?(?:jaar|jr|maanden|mnd|weken|wkn))?(?!\w|[.,:/]\d|-\w|\s?[€%]))",
    re.IGNORECASE,
)

# Everybody who can be of an age: all roles that announce a name, and people in general.
_PEOPLE = [
    "zoons", "zonen", "dochters", "dochtertje", "jongens", "meisjes", "meid", "meiden", "kindje", "oudste", "jongste",
    "middelste", "iemand", "mensen", "jongere", "jongeren", "oudere", "ouderen", "inwoner", "gast", "gozer", "kerel", "vent",
    "knul", "student", "studente", "stagiair", "stagiaire", "assistente", "assistent", "chauffeur", "stukadoor", "loodgieter",
    "schilder", "weduwe", "weduwnaar", "vluchteling", "statushouder", "alleenstaande", "stiefzoon", "stiefdochter", "pleegzoon",
    "pleegdochter", "zwager", "schoonzus", "schoonmoeder", "schoonvader", "schoonzoon", "schoondochter", "huisgenoot", "vrouwtje",
    "mannetje", "kleinkinderen", "opa's", "oma's",
]  # fmt: skip
_KIN = "|".join(sorted({re.escape(word) for word in (*_PEOPLE, *CUES)}, key=len, reverse=True))
_NAME = r"(?-i:(?!(?:Dat|Het|Dit|Er|Wat|Waar|Alles|De|Een|In|Op|Van|En|Maar|Toen|Nu|Dan|Daar|Die|Hier|Zo)\b)[A-ZÀ-ÝĀ-Ž][\w'’-]+)"
_WHO = rf"(?:ik|jij|je|hij|zij|ze|ie|u|we|wij|die|{_NAME}|(?:{_KIN})(?:\s[\w'’-]+)?)"
_WHEN = r"(?:(?:in|op)\s(?:\d{1,2}\s)?[a-z]{3,9}|(?:volgende?|vorige?|deze|afgelopen|komende?|dit)\s[a-z]+)"
_ABOUT = (
    rf"(?:(?:nu|pas|net|al|bijna|ook|inmiddels|toen|nog|maar|ruim|intussen|zelf|ongeveer|rond\sde|zo['’]n|dan|vandaag|misschien|hooguit|zeker|toch|nou|wel|"
    rf"amper|haast|straks|dik|vast|tegen\sde|in\sde|een\sjaar\sof|,?\snaar\sik\sschat,?|{_WHEN})\s)*"
)
_MINE = r"(?:mijn|m['’]?n|me|zijn|z['’]?n|haar|d['’]r|hun|je|jouw|uw)"
_BE = "ben|bent|bin|is|was|word|wordt|werd|zal|zou"
# What may follow a bare number that is an age, and what may follow one that has its unit.
_STOP = r"\s?(?:[;:)!?…,.”\"]|\n|$)"
_FREE = (rf"(?:{_STOP}|\s(?:en|maar|dus|als|hoor|toen|nu|nou|inmiddels|ofzo|of|trouwens|geworden|oud|met|ik|ze|zij|hij|we|je|die|dat|dan|daar|in|op|ook|want|"
         r"nog|was|werd|is|zit|zat|heeft|had|wil|wilde|kan|vroeg|zegt|zei|woont|gaat|ging|ga|denk|zijn|kreeg|kwam|volgens|naar|bij)\b(?!\s(?:de\srij|honderd)))")  # fmt: skip
_FREE_UNIT = rf"(?:{_STOP}|\s(?:en|maar|dus|als|hoor|toen|nu|nou|inmiddels|oud|ofzo|of zo|die|dat|heeft|had|was|is|werd|zijn)\b)"


class _Context(NamedTuple):
    """What stands left, what stands right, what the number must have, and a word that must stand left of it."""

    left: re.Pattern[str]
    right: re.Pattern[str]
    needs: frozenset[str]
    telling: frozenset[str]  # spares the search: of these at least one is in what `left` matches


def _pair(left: str, right: str, needs: str = "", telling: str = "") -> _Context:
    return _Context(
        re.compile(rf"(?:{left})$", re.IGNORECASE),
        re.compile(right, re.IGNORECASE),
        frozenset(needs.split()),
        frozenset(telling.replace("|", " ").split()),
    )


_TOKENS = re.compile(r"\w+|[,(]")


_NO_COUNT = (r"(?!\s(?:euro|uur|kilo|kg|meter|cm|minuten|dagen|keer|procent|kinderen|mensen|personen|nummer|honderd|duizend|miljoen|bij|x|tot|"
             r"à|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|plaatsen|afspraken)\b)")  # fmt: skip
_NO_AGE_AFTER = ("contract|opleiding|bestaan|plan|studie|traject|huwelijk|relatie|project|jubileum|termijn|lening|"
                 "programma|overeenkomst|cursus|hypotheek|garantie")  # fmt: skip
_OF = rf"\b(?:{_KIN})(?:\s[\w'’-]+){{0,2}}?,?\s(?:van|v)\s{_ABOUT}"
_CHILD = "kind|kindje|jongen|jongetje|meisje|peuter|kleuter|zoontje|dochtertje|kleinkind|pleegkind"
_WAS = rf"\b{_WHO}(?:\szelf)?,?\s(?:{_BE}),?\s{_ABOUT}"
_INVERTED = rf"\b(?:{_BE}|werden|worden)\s(?:ik|jij|je|hij|zij|ze|ie|u|we|wij|{_NAME}|(?:{_KIN}))\s{_ABOUT}"
_FROM_MY = rf"\b(?:van|vanaf|sinds|op|met|rond|tot|na|voor)\s{_MINE}\s"
_PERSONS = "ik jij je hij zij ze ie we wij"
_CONTEXTS = (
    _pair("", rf"[- ]?jarige?n?\b(?!\s(?:{_NO_AGE_AFTER}))"),
    _pair("", r"\s(?:oud|jong)\b", "unit"),
    _pair("", r"\sgeworden\b", "years"),
    _pair("", r"\s(?:geworden|geweest\stoen)\b", "bare"),
    _pair(_OF, _FREE, "bare", "van v"),
    _pair(rf"\b(?:{_CHILD})\s(?:van|v)\s{_ABOUT}", _NO_COUNT, "bare", "van v"),
    _pair(_OF, _NO_COUNT, "bare teen", "van v"),
    _pair(_OF, rf"(?:{_FREE_UNIT}|(?=\s))", "unit", "van v"),
    _pair(
        rf"\b(?:{_KIN})\s(?:van|\()\s?(?:\d{{1,2}}|{WORDS_PATTERN})(?:\sjaar)?(?:,\s(?:\d{{1,2}}|{WORDS_PATTERN}))*\s?(?:,|en)\s", _FREE, "", "van (",
    ),
    _pair(rf"{_NAME},?\s(?:van|v)\s{_ABOUT}", _FREE, "bare", "van v"),
    _pair(rf"{_NAME},?\s(?:van|v)\s{_ABOUT}", rf"(?:{_FREE_UNIT}|(?=\s))", "unit", "van v"),
    _pair(_WAS, _FREE, "bare", _BE),
    _pair(_WAS, _FREE_UNIT, "unit", _BE),
    _pair(rf"\b(?:ben|bin)\s{_ABOUT}", _FREE, "bare", "ben bin"),
    _pair(r"\bschat\s(?:\w+\s)?", _STOP, "bare teen", "schat"),
    _pair(rf"\b(?:we|wij|ze|zij|{_KIN})\s(?:waren|zijn|werden|worden)\s{_ABOUT}", _FREE, "bare teen", "waren zijn werden worden"),
    _pair(_INVERTED, _FREE, "bare", f"{_BE} werden worden"),
    _pair(_INVERTED, _FREE_UNIT, "unit", f"{_BE} werden worden"),
    _pair(rf"\b(?:{_PERSONS.replace(' ', '|')})\s{_ABOUT}", r"\s(?:was|werd|bent|ben|wordt|word|waren|is|worden)\b", "", _PERSONS),
    _pair(
        rf"\b(?:toen|als|sinds|voordat|totdat|tot|dat|omdat)\s(?:{_MINE}\s)?(?:{_NAME}|(?:{_KIN}))\s{_ABOUT}",
        r"\s(?:was|werd|wordt|waren|is|worden)\b", "", "toen als sinds voordat totdat tot dat omdat",
    ),
    _pair(_FROM_MY, _FREE, "bare teen", "van vanaf sinds op met rond tot na voor"),
    _pair(_FROM_MY, r"(?!\s(?:kind|keer|dag|werkdag|week|maand|les|bezoek|gesprek|brief|huis|baan|school)\b)", "ordinal teen",
          "van vanaf sinds op met rond tot na voor"),
    _pair(rf"\b{_MINE}\s", r"\s(?:verjaardag|levensjaar)\b", "ordinal"),
    _pair(rf"(?:{_NAME}|\b(?:{_KIN})),\s{_ABOUT}", rf"(?:\s(?:inmiddels|ofzo))?{_STOP}", "", ","),
    _pair(r"[a-zà-ÿ]{3,},\s(?:nu\s|pas\s)?", r"\s?[,;]", "years teen", ","),
    _pair(r"[a-zà-ÿ]{2,},\s", r"\s(?:inmiddels|nu)\b", "bare teen", ","),
    _pair(rf"(?:{_NAME}|\b(?:{_KIN}))\s\((?:(?:toen|nu|net|bijna|pas|ruim|inmiddels)\s)?", r"\s?[,;)/]", "", "("),
    _pair(r"\w\s\((?:toen\s|nu\s|nog\s)?", r"\)", "teen", "("),
    _pair(r"\((?:\w+,\s)?(?:bijna|net|pas)\s", r"\)", "", "("),
    _pair(rf"\b(?:{_KIN}|iedereen|wie|ik|hij|ze|zij)\s(?:\w+\s)?(?:boven|onder|rond|tegen|over|ver\sin|in|begin|eind|midden)\sde\s", _FREE, "bare teen", "de"),
    _pair(r"\b(?:boven|rond|tegen|over|diep\sin|ver\sin|begin|eind|midden)\sde\s", _STOP, "bare decade", "de"),
    _pair(r"\b(?:begin|eind|midden|half)\s", _FREE, "bare decade", "begin eind midden half"),
    _pair(r"\bleeftijd(?:\sis|\swas|\svan|:)?\s", _FREE, "", "leeftijd"),
)  # fmt: skip


def age_label(age: int) -> str:
    """Return the band of an age as a placeholder says it: 12 → "leeftijd 10–14"."""
    return f"leeftijd {next((band for top, band in AGE_BANDS if age <= top), '80+')}"


def find_ages(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end (unit included) and label of every number that is somebody's age.

    Examples
    --------
    >>> list(find_ages("mijn zoon van 12 jaar"))
    [(14, 21, 'leeftijd 10–14')]
    """
    starts = {match.start() for match in _DIGITS.finditer(text)} | set(word_starts(lowered(text), _STEMS))
    for start in sorted(starts):
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
        has = _properties(age, number, match)
        words = frozenset(_TOKENS.findall(left.lower()))
        if any(
            needs <= has
            and not (telling and telling.isdisjoint(words))
            and after.match(right)
            and before.search(left)
            for before, after, needs, telling in _CONTEXTS
        ):
            yield match.start(), match.end(), age_label(_years(age, match["unit"]))


# The last word before a number that can be an age; anything else is told by what follows.
_TAILS = frozenset(
    f"{_BE} ik jij je hij zij ze ie u we wij die van v de en of waren zijn werden worden nu pas net al bijna ook inmiddels toen nog maar ruim intussen "
    "zelf ongeveer dan vandaag misschien hooguit zeker toch nou wel amper haast straks dik vast schat mijn m'n m’n mn me z'n z’n zn haar d'r d’r hun "
    "jouw uw begin eind midden half leeftijd maand week jaar zomer winter herfst voorjaar najaar januari februari maart april mei juni juli augustus "
    "september oktober november december".replace("|", " ").split()
)
_TELLING = re.compile(
    r"[- ]?jarig|\s(?:oud|jong|geworden|geweest|was|werd|bent?|wordt?|waren|is|worden|verjaardag|levensjaar)\b"
)


def _is_worth_a_look(left: str, right: str) -> bool:
    words = left.rsplit(None, 1)
    if not words or _TELLING.match(right):
        return True
    tail = words[-1]
    return (
        tail[-1] in ",:("
        or tail[0] == "("
        or tail[0].isupper()
        or tail.lower() in _TAILS
        or tail.lower() in CUES
    )


def _properties(age: int, number: str, match: re.Match[str]) -> frozenset[str]:
    has = {"unit"} if match["unit"] else {"ordinal"} if match["ordinal"] else {"bare"}
    if "jaar" in (match["unit"] or ""):
        has.add("years")
    if age >= 10:
        has.add("teen")
    if age >= 20 and age % 10 == 0 and not number.isdigit():
        has.add("decade")
    return frozenset(has)


@cache
def _years(number: int, unit: str | None) -> int:
    """Return an age in whole years; "18 maanden" is one year."""
    short = (unit or "").strip()[:1].lower()
    return number // 52 if short == "w" else number // 12 if short == "m" else number
