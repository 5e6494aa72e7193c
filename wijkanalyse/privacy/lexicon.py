"""What the word lists and the dictionary know of a word: everyday Dutch, a name, a place, or of no one in particular."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.ages import NUMBER_WORDS

# Without digits and punctuation; with accents that stand as a character of their own, as in "gô͘".
LETTERS = "[A-Za-zÀ-ÖØ-öø-\u1fff\u3040-\ud7a3]"
# A single capital with a point is an initial; anything else ends before its point.
WORD = re.compile(rf"(?<!\w)[^\W\d_a-zà-ÿ]\.(?:{LETTERS}\.)*|{LETTERS}+(?:[-'’.]{LETTERS}+)*")
# "erbij", "waarmee", "daarnaast": Dutch makes these at will, no dictionary holds them all.
_PRONOMINAL = re.compile(r"(er|daar|waar|hier)(aan|achter|af|bij|boven|door|heen|in|langs|mee|na|naar|naast|om|onder|op|over|tegen|toe|tussen|"
                         r"uit|van|vandaan|voor|vanaf|vanuit|omheen|doorheen|tegenover)")  # fmt: skip
# What only an everyday word ends in; names in -ing, -er and -en are too many for those.
_DERIVED = re.compile(
    r".{3,}(?:he(?:id|den)|(?:[aeiu]|[cp])tie[sf]?|ismen?|iteit(?:en)?|kunde|kundige?|logi(?:e|sche?)|nomie|grafie|teelt|schap(?:pen)?|"
    r"achtige?|loo?[sz]e?|baa?re?|elijke?|[ae]nsen?|waardige?|matige?|talige?n?|istische?|eerde?|eer[dt]|erij(?:en)?|sters?|"
    r"centrum|centra|ment(?:en)?|tjes?|[ae]ties?)|(?:ver|be|ont|her|aan|af|op|uit|in|door|onder|over)\w{3,}ing(?:en)?"
)
_STRESS = str.maketrans("áéíóúàèìòù", "aeiouaeiou")
# How regular words for a people, a language or a country end; the others (Duits, Rus) are in the list.
_OF_ORIGIN = re.compile(r".+(?:ische?|aanse?|aan|ees|e[sz]e|[aeiï]ër|lander|lands|talig|eens|ieks|ijns)")


@lru_cache(maxsize=200_000)
def fold(name: str) -> str:
    """Return a name without accents, case and punctuation, for comparing."""
    special = name.replace("ı", "i").replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", special)
    return "".join(char for char in plain if char.isalnum() or char == " ").casefold().strip()


def _lines(file: str) -> list[str]:
    lines = (Path(__file__).parent / "data" / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def name_list() -> frozenset[str]:
    """Return known given and family names, folded; words that are everyday Dutch are not in it."""
    return frozenset(fold(name) for line in _lines("names.txt") for name in line.split(", "))


@lru_cache(maxsize=1)
def kept_words() -> frozenset[str]:
    """Return capitalised words that point to nobody: national bodies, brands, feasts, forms of address."""
    return frozenset(word.lower() for line in _lines("kept.txt") for word in line.split())


def _names_of(file: str) -> frozenset[tuple[str, ...]]:
    names = (name for line in _lines(file) for name in line.split(", "))
    return frozenset(tuple(fold(word) for word in WORD.findall(name)) for name in names)


@lru_cache(maxsize=1)
def countries() -> frozenset[tuple[str, ...]]:
    """Return countries and continents, folded, each as a tuple of words."""
    return _names_of("countries.txt")


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return place names, folded, by their first word or first two ("den haag"); the longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for parts in _names_of("places.txt") | _names_of("localities.txt") | countries():
        found.setdefault(parts[0], set())  # a word that opens a longer name is looked at too
        found.setdefault(" ".join(parts[:2]), set()).add(parts)
    return {key: tuple(sorted(all_, key=lambda p: (-len(p), p))) for key, all_ in found.items()}


def is_place(folded: str) -> bool:
    """Tell whether a folded word is a place by itself; "den" only opens one."""
    return (folded,) in places().get(folded, ())


@lru_cache(maxsize=200_000)
def is_dictionary_word(lower: str) -> bool:
    """Tell whether the dictionary has a word by itself and in lower case: "roos", not "frankrijk"."""
    from simplemma import lemmatize

    from wijkanalyse.language import is_known

    return is_known(lower) and not lemmatize(lower, lang="nl")[:1].isupper()


@lru_cache(maxsize=200_000)
def is_word(lower: str) -> bool:
    """Tell whether a lower-cased token is an everyday Dutch word, a number word or a compound of known words."""
    if not lower.isascii() and not is_dictionary_word(lower):
        lower = lower.translate(_STRESS)  # "vóórdat", "dáár": stress marks
    if is_function_word(lower) or is_dictionary_word(lower) or lower in NUMBER_WORDS:
        return True
    return all(part and (is_dictionary_word(part) or _is_made(part)) for part in lower.split("-"))


@lru_cache(maxsize=200_000)
def is_everyday(lower: str) -> bool:
    """Tell whether a word is one though it opens a sentence; "Oosterbeek" and "Veldman" look like two in one."""
    return is_word(lower) and (
        is_function_word(lower) or is_dictionary_word(lower) or not lower.endswith(cues.NAME_ENDINGS)
    )


def _is_made(word: str) -> bool:
    """Tell whether a word is two known words in one, with or without a joint (casus|overleg), or derived."""
    for cut in range(4, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        stems = (
            (head, head.removesuffix("s"), head.removesuffix("en")) if len(tail) > 3 else (head[4:] and head,)
        )
        if is_dictionary_word(tail) and any(is_dictionary_word(stem) for stem in stems if len(stem) > 3):
            return True
    return is_derived(word)


def is_derived(word: str) -> bool:
    """Tell whether a word ends as words made from others do: "bezienswaardigheden", "toerisme"."""
    return _DERIVED.fullmatch(word) is not None


@lru_cache(maxsize=50_000)
def is_function_word(lower: str) -> bool:
    """Tell whether a word is on the stop list: it is never a name by its capital alone."""
    from wijkanalyse.language import stop_words

    return lower in stop_words() or _PRONOMINAL.fullmatch(lower) is not None


@lru_cache(maxsize=50_000)
def is_of_origin(text: str) -> bool:
    """Tell whether a word is of a people, a language or a country: Israëlische, Zuid-Amerikaans, Brit.

    The dictionary has these with a capital only. "Rotterdamse" points to a place and is none of them.
    """
    from simplemma import lemmatize

    from wijkanalyse.language import is_known

    *heads, last = text.split("-")
    if heads:
        directions = all(head.lower() in cues.DIRECTIONS or is_of_origin(head) for head in heads)
        return directions and is_of_origin(last[:1].upper() + last[1:])
    if not last[:1].isupper() or is_place(fold(last)) or not is_known(last):
        return False
    base = lemmatize(last, lang="nl").replace("_", "")
    return base[:1].isupper() and _OF_ORIGIN.fullmatch(base) is not None


@lru_cache(maxsize=50_000)
def is_listed_form(text: str) -> bool:
    """Tell whether a word is a known name, or known names with a hyphen: Hendrik-Jan."""
    parts = [fold(part) for part in text.split("-")]
    if len(parts) == 1 or fold(text) in name_list():
        return fold(text) in name_list()
    known = [part in name_list() for part in parts]  # "zwart-wit" is none, "Anne-Wil" is
    return any(known) and all(
        len(p) > 1 and (yes or p in cues.WORD_NAMES) for p, yes in zip(parts, known, strict=True)
    )


@lru_cache(maxsize=50_000)
def is_kept_form(text: str) -> bool:
    """Tell whether a capitalised word points to nobody: Turks, Wmo-consulent, UWV."""
    lower = text.lower().rstrip(".").replace("’", "'")
    if lower in kept_words():
        return True
    if is_acronym(text):
        # An unknown abbreviation is a body or a term; a known name in capitals is a person.
        return not (len(lower) > 3 and fold(text) in name_list()) and (len(lower) <= 6 or is_word(lower))
    stems = [lower.rstrip("s"), lower.removesuffix("'s"), lower.removesuffix("se")]
    stems += [lower[:-1]] if lower.endswith("se") else []  # "Duitse"; "Poole" is no Pool
    if any(stem in kept_words() for stem in stems if len(stem) > 3):
        return True
    if is_of_origin(text[:1].upper() + text[1:]):
        return fold(text) not in name_list()
    *heads, tail = text.split("-")
    if not tail or not all(heads) or not heads or fold(text) in name_list():
        return False
    # "Wmo-consulent", "FARC-rebellen", "N-VA-programma"; but "Nieuw-Nickerie" and "Jan-Willem" go on with a capital.
    if not all(head.lower() in kept_words() or head.isupper() for head in heads):
        return False
    letter = len("".join(heads)) == 1  # "A-elementen" is a word, "I-chun" a name
    return (tail[0].islower() and (not letter or is_word(tail))) or tail.lower() in kept_words()


def is_acronym(text: str) -> bool:
    """Tell whether a word has two letters or more and all are capitals."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(char.isupper() for char in letters)
