"""Words of a text with their offsets, and what the word lists know about each of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from wijkanalyse.privacy.ages import NUMBER_WORDS
from wijkanalyse.privacy.cues import WORD_NAMES

_LETTERS = r"[^\W\d_]"
# A single capital with a point is an initial; anything else ends before its point.
WORD = re.compile(rf"(?<!\w)[^\W\d_a-zà-ÿ]\.(?:{_LETTERS}\.)*|{_LETTERS}+(?:[-'’.]{_LETTERS}+)*")
_WORD = re.compile(f"({WORD.pattern})")
_SENTENCE_END = re.compile(r"(?:[.!?…:;\n\r•>“”\"‘(\[–—][\"'’”)\]\s–—-]*|\s-\s|(?:^|[\s(])['‘])$")
# After these a point ends no sentence.
_ABBREVIATIONS = frozenset([
    "dhr", "mw", "mevr", "mej", "dr", "drs", "ds", "ir", "ing", "mr", "prof", "fam", "st", "fa", "vd", "sr", "jr", "bijv", "nr",
    "tel",
])  # fmt: skip
_ELIDED = frozenset(["s", "t", "n", "k", "m"])  # "'s Avonds": the first real word still opens the sentence


class Form(NamedTuple):
    """What is known of a word form, computed once per distinct form."""

    lower: str  # without a closing point
    folded: str
    is_capital: bool
    is_acronym: bool  # two or more capitals
    is_initials: bool  # "J." or "A.B."
    is_plain: bool  # a lower-case everyday word: a name only after a cue


@lru_cache(maxsize=200_000)
def form_of(text: str) -> Form:
    """Return what the lists know of a word form."""
    letters = [char for char in text if char.isalpha()]
    acronym = len(letters) > 1 and all(char.isupper() for char in letters)
    lower, folded = text.lower().rstrip("."), fold(text)
    named = folded in places() or text.split("-")[0].casefold() in places() or "-" in text
    plain = (
        text.islower()
        and not named
        and (len(lower) < 3 or is_word(lower))
        and lower not in ("t", "de", "het")
    )
    return Form(lower, folded, _opens_with_capital(text), acronym, text.endswith("."), plain)


class Word(NamedTuple):
    """A token with what the rules need to know of it; the last six fields are those of its `Form`.

    `initial` marks the first word of a sentence, whose capital says nothing; `gap` is what stands between
    the previous word and this one.
    """

    text: str
    gap: str
    initial: bool
    lower: str
    folded: str
    is_capital: bool
    is_acronym: bool
    is_initials: bool
    is_plain: bool


def _opens_with_capital(text: str) -> bool:
    return text[0].isupper() or (text[1:2] in ("'", "’") and text[2:3].isupper())  # d'Annunzio


@lru_cache(maxsize=200_000)
def _word(text: str, gap: str, initial: bool) -> Word:
    """Return a word; the same one wherever it stands likewise, because a corpus has a million of them."""
    return Word(text, gap, initial, *form_of(text))


class Words(list[Word]):
    """The words of a text, and where each starts."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: list[int] = []

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return start and end of a run of words, given its first and last index."""
        return self.starts[first], self.starts[last] + len(self[last].text)


def split_words(text: str) -> Words:
    """Split a text into words with offsets, and mark those that open a sentence."""
    words = Words()
    parts = _WORD.split(text)  # gap, word, gap, word, …, gap
    at = 0
    after_initial = False
    for gap, token in zip(parts[::2], parts[1::2], strict=False):
        at += len(gap)
        initial = not words or (gap != " " and _opens_sentence(gap, token, words[-1].lower))
        if after_initial and not initial:
            initial = words[-1].text in _ELIDED and words[-1].gap[-1:] in ("'", "’")
        words.append(_word(token, gap, initial))
        words.starts.append(at)
        after_initial = initial
        at += len(token)
    return words


@lru_cache(maxsize=50_000)
def _opens_sentence(gap: str, token: str, before: str) -> bool:
    if gap == ". " and before in _ABBREVIATIONS:
        return False
    if gap == " (" and before:
        return False  # "(Etterbeek, 1907)": a whole sentence between brackets comes after a point
    # "'t Spieker": the quote before an elided word opens no quotation.
    ending = gap[:-1] if token in _ELIDED and gap[-1:] in ("'", "’") else gap
    return _SENTENCE_END.search(ending) is not None


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
    """Return capitalised words that point to nobody: countries, languages, national bodies, brands, feasts."""
    return frozenset(word.lower() for line in _lines("kept.txt") for word in line.split())


@lru_cache(maxsize=1)
def countries() -> frozenset[tuple[str, ...]]:
    """Return countries and continents, folded, each as a tuple of words."""
    names = (name for line in _lines("countries.txt") for name in line.split(", "))
    return frozenset(tuple(fold(word) for word in WORD.findall(name)) for name in names)


@lru_cache(maxsize=1)
def places() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return place names, folded, by their first word or first two ("den haag"); the longest first."""
    names = (
        tuple(fold(word) for word in WORD.findall(name))
        for line in _lines("places.txt")
        for name in line.split(", ")
    )
    found: dict[str, set[tuple[str, ...]]] = {}
    for parts in (*names, *countries()):
        found.setdefault(parts[0], set())  # a word that opens a longer name is looked at too
        found.setdefault(" ".join(parts[:2]), set()).add(parts)
    return {key: tuple(sorted(all_, key=lambda p: (-len(p), p))) for key, all_ in found.items()}


# "erbij", "waarmee", "daarnaast": Dutch makes these at will, no dictionary holds them all.
_PRONOMINAL = re.compile(r"(er|daar|waar|hier)(aan|achter|af|bij|boven|door|heen|in|langs|mee|na|naar|naast|om|onder|op|over|tegen|tussen|"
                         r"uit|van|vandaan|voor|vanaf|vanuit|omheen|doorheen|tegenover)")  # fmt: skip


_STRESS = str.maketrans("áéíóúàèìòù", "aeiouaeiou")


@lru_cache(maxsize=200_000)
def is_word(lower: str) -> bool:
    """Tell whether a lower-cased token is an everyday Dutch word, a number word or a compound of known words."""
    from wijkanalyse.language import is_known

    if not lower.isascii():
        # "vóórdat", "dáár": stress marks, when the word without them is known.
        lower = lower if is_known(lower) else lower.translate(_STRESS)
    if is_function_word(lower) or is_known(lower) or lower in NUMBER_WORDS or _PRONOMINAL.fullmatch(lower):
        return True
    parts = [lower] if "-" not in lower else lower.split("-")
    return all(part and (is_known(part) or _is_compound(part)) for part in parts)


def is_dictionary_word(lower: str) -> bool:
    """Tell whether a word stands in the dictionary by itself, not only as two words in one."""
    from wijkanalyse.language import is_known

    return is_known(lower)


def _is_compound(word: str) -> bool:
    """Tell whether a word is two known words in one, with or without a joint (s, en): casus|overleg."""
    from wijkanalyse.language import is_known

    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        stems = (head, head.removesuffix("s"), head.removesuffix("en"))
        if is_known(tail) and any(is_known(stem) for stem in stems if len(stem) > 3):
            return True
    return False


@lru_cache(maxsize=50_000)
def is_function_word(lower: str) -> bool:
    """Tell whether a word is on the stop list: it is never a name by its capital alone."""
    from wijkanalyse.language import stop_words

    return lower in stop_words() or _PRONOMINAL.fullmatch(lower) is not None


def is_kept(word: Word) -> bool:
    """Tell whether a capitalised word points to nobody: Turks, Wmo-consulent, UWV."""
    return _is_kept_form(word.text)


@lru_cache(maxsize=50_000)
def _is_kept_form(text: str) -> bool:
    flags = form_of(text)
    lower = flags.lower.replace("’", "'")
    if lower in kept_words():
        return True
    if flags.is_acronym:
        # An unknown abbreviation is a body or a term; a known name in capitals is a person.
        known_name = len(lower) > 3 and flags.folded in name_list()
        return not known_name and (len(lower) <= 6 or is_word(lower))
    stems = (lower.rstrip("s"), lower.removesuffix("'s"), lower.removesuffix("se"), lower.removesuffix("e"))
    if any(stem in kept_words() for stem in stems if len(stem) > 3):
        return True
    head, _, tail = text.partition("-")
    if not tail or flags.folded in name_list():
        return False
    # "Wmo-consulent", "FARC-rebellen"; but "Nieuw-Nickerie" and "Jan-Willem" go on with a capital.
    known_head = head.lower() in kept_words() or (len(head) > 1 and head.isupper())
    return known_head and (tail[0].islower() or tail.lower() in kept_words())


def is_listed(word: Word) -> bool:
    """Tell whether a word is a known name, or known names with a hyphen: Hendrik-Jan."""
    return word.folded in name_list() or ("-" in word.text and _is_double_name(word.text))


@lru_cache(maxsize=10_000)
def _is_double_name(text: str) -> bool:
    parts = [fold(part) for part in text.split("-")]
    return all(len(part) > 1 and (part in name_list() or part in WORD_NAMES) for part in parts)


@dataclass(frozen=True)
class CorpusWords:
    """How often each word stands in lower case in the corpus: "wil" often, "marloes" never."""

    lower: Counter[str]

    @classmethod
    def count(cls, texts: Iterable[Sequence[Word]]) -> CorpusWords:
        """Count the lower-case words of all texts."""
        return cls(Counter(word.text for words in texts for word in words if word.text.islower()))

    def is_ordinary(self, word: str) -> bool:
        """Tell whether the corpus itself uses a word in lower case, as a word."""
        return self.lower[word] >= 2
