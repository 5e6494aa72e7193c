"""Words of a text with their offsets, and what the word lists know about each of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from wijkanalyse.privacy.ages import NUMBER_WORDS

_LETTERS = r"[^\W\d_]"
# A single capital with a point is an initial; anything else ends before its point.
WORD = re.compile(rf"(?<!\w)[^\W\d_a-zà-ÿ]\.(?:{_LETTERS}\.)*|{_LETTERS}+(?:[-'’.]{_LETTERS}+)*")
_SENTENCE_END = re.compile(r"(?:[.!?…:;\n\r•>“”\"‘(\[–—][\"'’”)\]\s–—-]*|\s-\s|(?:^|[\s(])['‘])$")
_ELIDED = frozenset(["s", "t", "n", "k", "m"])  # "'s Avonds": the first real word still opens the sentence


@dataclass(slots=True)
class _Flags:
    """What is computed once per distinct form."""

    lower: str
    folded: str
    is_capital: bool
    is_acronym: bool


@lru_cache(maxsize=100_000)
def _flags(text: str) -> _Flags:
    letters = [char for char in text if char.isalpha()]
    capitals = len(letters) > 1 and all(char.isupper() for char in letters)
    return _Flags(text.lower().rstrip("."), fold(text), text[0].isupper(), capitals)


@dataclass(eq=False)
class Word:
    """A token with what the rules need to know of it."""

    start: int
    end: int
    text: str
    initial: bool  # first of a sentence, so its capital says nothing
    gap: str  # what stands between the previous word and this one

    @cached_property
    def _known(self) -> _Flags:
        return _flags(self.text)

    @property
    def lower(self) -> str:
        """The word in lower case, without a closing point."""
        return self._known.lower

    @property
    def folded(self) -> str:
        """The word without accents, case and punctuation."""
        return self._known.folded

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital."""
        return self._known.is_capital

    @property
    def is_acronym(self) -> bool:
        """Whether it is two or more capitals."""
        return self._known.is_acronym

    @property
    def is_initials(self) -> bool:
        """Whether it is "J." or "A.B."."""
        return self.text.endswith(".")


def split_words(text: str) -> list[Word]:
    """Split a text into words with offsets, and mark those that open a sentence."""
    words: list[Word] = []
    previous = 0
    for match in WORD.finditer(text):
        gap = text[previous : match.start()]
        initial = not words or _SENTENCE_END.search(gap) is not None
        if (
            not initial
            and words[-1].initial
            and words[-1].text in _ELIDED
            and words[-1].gap[-1:] in ("'", "’")
        ):
            initial = True
        words.append(Word(match.start(), match.end(), match.group(), initial, gap))
        previous = match.end()
    return words


@lru_cache(maxsize=100_000)
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
def places() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return place names by their first word, folded; the longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for line in _lines("places.txt"):
        for place in line.split(", "):
            parts = tuple(fold(word) for word in WORD.findall(place))
            found.setdefault(parts[0], set()).add(parts)
    return {first: tuple(sorted(all_, key=lambda p: (-len(p), p))) for first, all_ in found.items()}


# "erbij", "waarmee", "daarnaast": Dutch makes these at will, no dictionary holds them all.
_PRONOMINAL = re.compile(r"(er|daar|waar|hier)(aan|achter|af|bij|boven|door|heen|in|langs|mee|na|naar|naast|om|onder|op|over|tegen|tussen|"
                         r"uit|van|vandaan|voor|vanaf|vanuit|omheen|doorheen|tegenover)")  # fmt: skip


@lru_cache(maxsize=200_000)
def is_word(lower: str) -> bool:
    """Tell whether a lower-cased token is an everyday Dutch word, a number word or a compound of known words."""
    from wijkanalyse.language import is_known

    if is_function_word(lower) or is_known(lower) or lower in NUMBER_WORDS or _PRONOMINAL.fullmatch(lower):
        return True
    parts = [lower] if "-" not in lower else lower.split("-")
    return all(part and (is_known(part) or _is_compound(part)) for part in parts)


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

    return lower in stop_words()


def is_kept(word: Word) -> bool:
    """Tell whether a capitalised word points to nobody: Turks, Wmo-consulent, UWV."""
    return _is_kept_form(word.text)


@lru_cache(maxsize=50_000)
def _is_kept_form(text: str) -> bool:
    flags = _flags(text)
    lower = flags.lower.replace("’", "'")
    if lower in kept_words():
        return True
    if flags.is_acronym:
        # An unknown abbreviation is a body or a term; a known name in capitals is a person.
        return (len(lower) <= 6 and flags.folded not in name_list()) or is_word(lower)
    stems = (lower.rstrip("s"), lower.removesuffix("'s"), lower.removesuffix("se"), lower.removesuffix("e"))
    if any(stem in kept_words() for stem in stems if len(stem) > 3):
        return True
    head, _, tail = text.partition("-")
    if not tail:
        return False
    # "Wmo-consulent", "FARC-rebellen"; but "Nieuw-Nickerie" and "Jan-Willem" go on with a capital.
    known_head = head.lower() in kept_words() or (len(head) > 1 and head.isupper())
    return known_head and (tail[0].islower() or tail.lower() in kept_words())


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
