"""Ages of people: a number is an age only by the words around it.

Every number is looked at once, with what stands left and right of it. Amounts, durations ("12 jaar
getrouwd"), scores and counts stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

AGE_BANDS = ((4, "0–4"), (9, "5–9"), (14, "10–14"), (19, "15–19"), (29, "20–29"), (39, "30–39"),
             (49, "40–49"), (59, "50–59"), (69, "60–69"), (79, "70–79"))  # fmt: skip
MAX_AGE = 110


def _number_words() -> dict[str, int]:
    """Return Dutch number words from 1 to 102."""
    ones = ["", *"een twee drie vier vijf zes zeven acht negen".split()]
    words = {word: n for n, word in enumerate(ones) if word} | {"één": 1}
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien"
    words |= {word: 10 + n for n, word in enumerate(teens.split())}
    tens = "twintig dertig veertig vijftig zestig zeventig tachtig negentig"
    for i, ten in enumerate(tens.split(), start=2):
        words[ten] = 10 * i
        words |= {f"{ones[n]}{joint}{ten}": 10 * i + n for n in range(1, 10) for joint in ("ën", "en")}
    return words | {"honderd": 100, "honderdeen": 101, "honderdtwee": 102}


NUMBER_WORDS = _number_words()
_WORDS = "|".join(sorted((word for word in NUMBER_WORDS if word != "een"), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.,€:/+-])(?<!€\s)(?P<n>\d{{1,3}}|{_WORDS})"
    r"(?:(?=[- ]?jarige?n?\b)|(?P<ordinal>ste|de|e)?(?P<unit>\s?(?:jaar|jr|maanden|mnd|weken|wkn))?(?!\w|[.,:/]\d|-\w|\s?[€%]))",
    re.IGNORECASE,
)

_KIN = (
    "zoon(?:tje|s)?|zonen|dochter(?:tje|s)?|jongen(?:s|tje)?|jongetje|meisje[s]?|meid(?:en)?|kind(?:je|eren)?|baby|peuter|kleuter|puber|man|vrouw|"
    "moeder|vader|ma|pa|mama|papa|mam|pap|oma|opa|broer(?:tje)?|zus(?:je)?|tante|oom|neef(?:je)?|nicht(?:je)?|kleinzoon|kleindochter|kleinkind(?:eren)?|"
    "buurman|buurvrouw|buurjongen|buurmeisje|vriend(?:in)?|leerling|cliënte?|patiënte?|mevrouw|meneer|dame|heer|tweeling|oudste|jongste|middelste|"
    "partner|stiefzoon|stiefdochter|pleegkind|pleegzoon|pleegdochter|iemand|mensen|jongere[n]?|oudere[n]?|bewoner|bewoonster|inwoner|gast|gozer|kerel|vent|"
    "knul|student(?:e)?|stagiaire?|assistente?|chauffeur|stukadoor|loodgieter|schilder|verpleegkundige|vrijwilligster|vrijwilliger|collega|weduwe|weduwnaar|"
    "vluchteling|statushouder|alleenstaande|juf|meester|dokter"
)  # fmt: skip
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
         r"nog|was|werd|is|zit|zat|heeft|had|wil|wilde|kan|vroeg|zegt|zei|woont|gaat|ging|ga|denk|tot|zijn|kreeg|kwam|ofzo|naar|bij)\b(?!\s(?:de\srij|honderd)))")  # fmt: skip
_FREE_UNIT = rf"(?:{_STOP}|\s(?:en|maar|dus|als|hoor|toen|nu|nou|inmiddels|oud|ofzo|of zo|die|dat|heeft|had|was|is|werd|zijn)\b)"


def _pair(left: str, right: str, needs: str = "") -> tuple[re.Pattern[str], re.Pattern[str], str]:
    return re.compile(rf"(?:{left})$", re.IGNORECASE), re.compile(right, re.IGNORECASE), needs


_NO_AGE_AFTER = ("contract|opleiding|bestaan|plan|studie|traject|huwelijk|relatie|project|jubileum|termijn|lening|"
                 "programma|overeenkomst|cursus|hypotheek|garantie")  # fmt: skip
# What stands left, what stands right, and what the number itself must have: a unit, an ordinal, neither.
_CONTEXTS = (
    _pair("", rf"[- ]?jarige?n?\b(?!\s(?:{_NO_AGE_AFTER}))"),
    _pair("", r"\s(?:oud|jong|geworden)\b", "unit"),
    _pair("", r"\s(?:geworden|geweest\stoen)\b", "bare"),
    _pair(rf"\b(?:{_KIN})(?:\s[\w'’-]+){{0,2}}?,?\s(?:van|v)\s{_ABOUT}", _FREE, "bare"),
    _pair(rf"\b(?:{_KIN})(?:\s[\w'’-]+){{0,2}}?,?\s(?:van|v)\s{_ABOUT}", rf"(?:{_FREE_UNIT}|(?=\s))", "unit"),
    _pair(
        rf"\b(?:{_KIN})\s(?:van|\()\s?(?:\d{{1,2}}|{_WORDS})(?:\sjaar)?(?:,\s(?:\d{{1,2}}|{_WORDS}))*\s?(?:,|en)\s", _FREE
    ),
    _pair(rf"{_NAME},?\s(?:van|v)\s{_ABOUT}", _FREE, "bare"),
    _pair(rf"{_NAME},?\s(?:van|v)\s{_ABOUT}", rf"(?:{_FREE_UNIT}|(?=\s))", "unit"),
    _pair(rf"\b{_WHO}(?:\szelf)?,?\s(?:{_BE}),?\s{_ABOUT}", _FREE, "bare"),
    _pair(rf"\b{_WHO}(?:\szelf)?,?\s(?:{_BE}),?\s{_ABOUT}", _FREE_UNIT, "unit"),
    _pair(rf"\b(?:we|wij|ze|zij|{_KIN})\s(?:waren|zijn|werden|worden)\s{_ABOUT}", _FREE, "bare teen"),
    _pair(rf"\b(?:{_BE}|werden|worden)\s(?:ik|jij|je|hij|zij|ze|ie|u|we|wij|{_NAME}|(?:{_KIN}))\s{_ABOUT}", _FREE, "bare"),
    _pair(rf"\b(?:{_BE}|werden|worden)\s(?:ik|jij|je|hij|zij|ze|ie|u|we|wij|{_NAME}|(?:{_KIN}))\s{_ABOUT}", _FREE_UNIT, "unit"),
    _pair(rf"\b(?:ik|jij|je|hij|zij|ze|ie|we|wij)\s{_ABOUT}", r"\s(?:was|werd|bent|ben|wordt|word|waren|is|worden)\b"),
    _pair(
        rf"\b(?:toen|als|sinds|voordat|totdat|tot|dat|omdat)\s(?:{_MINE}\s)?(?:{_NAME}|(?:{_KIN}))\s{_ABOUT}",
        r"\s(?:was|werd|wordt|waren|is|worden)\b",
    ),
    _pair(rf"\b(?:van|vanaf|sinds|op|met|rond|tot|na|voor)\s{_MINE}\s", _FREE, "bare teen"),
    _pair(rf"\b(?:van|vanaf|sinds|op|met|rond|tot|na|voor)\s{_MINE}\s", rf"(?:{_FREE}|\sniet\b|\sal\b)", "ordinal teen"),
    _pair(rf"\b{_MINE}\s", r"\s(?:verjaardag|levensjaar)\b", "ordinal"),
    _pair(rf"(?:{_NAME}|\b(?:{_KIN})),\s{_ABOUT}", rf"(?:\s(?:inmiddels|ofzo))?{_STOP}"),
    _pair(r"[a-zà-ÿ]{3,},\s(?:nu\s|pas\s)?", r"\s?[,;]", "unit teen"),
    _pair(r"[a-zà-ÿ]{4,},\s", r"\sinmiddels\b", "bare teen"),
    _pair(rf"(?:{_NAME}|\b(?:{_KIN}))\s\((?:(?:toen|nu|net|bijna|pas|ruim|inmiddels)\s)?", r"\s?[,;)/]"),
    _pair(r"\w\s\((?:toen\s|nu\s|nog\s)?", r"\)", "teen"),
    _pair(r"\((?:\w+,\s)?(?:bijna|net|pas)\s", r"\)"),
    _pair(rf"\b(?:{_KIN}|iedereen|wie|ik|hij|ze|zij)\s(?:\w+\s)?(?:boven|onder|rond|tegen|over|ver\sin|in|begin|eind|midden)\sde\s", _FREE, "bare teen"),
    _pair(r"\b(?:boven|rond|tegen|over|diep\sin|ver\sin|begin|eind|midden)\sde\s", _STOP, "bare decade"),
    _pair(r"\b(?:begin|eind|midden|half)\s", _FREE, "bare decade"),
    _pair(r"\bleeftijd(?:\sis|\swas|\svan|:)?\s", _FREE),
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
    for match in _NUMBER.finditer(text):
        number = match["n"].lower()
        age = int(number) if number.isdigit() else NUMBER_WORDS[number]
        if age > MAX_AGE:
            continue
        left, right = text[max(0, match.start() - 70) : match.start()], text[match.end() : match.end() + 24]
        has = _properties(age, number, match)
        if any(
            set(needs.split()) <= has and after.match(right) and before.search(left)
            for before, after, needs in _CONTEXTS
        ):
            yield match.start(), match.end(), age_label(_years(age, match["unit"]))


def _properties(age: int, number: str, match: re.Match[str]) -> frozenset[str]:
    has = {"unit"} if match["unit"] else {"ordinal"} if match["ordinal"] else {"bare"}
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
