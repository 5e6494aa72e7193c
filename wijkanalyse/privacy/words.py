"""Words of a text with their offsets, and how a corpus uses them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import (
    WORD,
    fold,
    is_acronym,
    is_function_word,
    is_kept_form,
    is_listed_form,
    is_word,
    name_list,
    places,
)
from wijkanalyse.privacy.scan import Signs, signs_of

__all__ = ["CorpusWords", "Word", "Words", "fold", "is_function_word", "is_word", "name_list", "split_words"]

MAX_FORMS = 200_000  #: word forms whose properties are kept
_WORD = re.compile(f"({WORD.pattern})")
_SENTENCE_END = re.compile(r"(?:[.!?…:;\n\r•*|>«»“”\"‘(\[–—][\"'’”«»)\]\s–—-]*|\s-\s|(?:^|[\s(])['‘]\s?)$")
# After these a point ends no sentence.
_ABBREVIATIONS = frozenset(
    "dhr mw mevr mej dr drs ds ir ing mr prof fam st fa vd sr jr bijv nr tel ca v n".split()
)
_SPEAKING = cues.PARTICLES | cues.WORD_NAMES | cues.CUES.keys() | cues.ORGANISATION_CUES.keys()
_ELIDED = frozenset(["s", "t", "n", "k", "m"])  # "'s Avonds": the first real word still opens the sentence
# "d'Annunzio", "al-Assad": the capital comes second.
_INNER_CAPITAL = re.compile(r"(?:[a-zà-ÿ]['’]|(?:a[dlnrst]|el|es|ul|ibn|bin)-)[^\W\d_a-zà-ÿ]")


class Word(NamedTuple):
    """A token with what the rules need to know of it, computed once per distinct form.

    `initial` marks the first word of a sentence, whose capital says nothing; `gap` is what stands between
    the previous word and this one.
    """

    text: str
    gap: str
    initial: bool
    lower: str  # without a closing point
    folded: str
    is_capital: bool
    is_acronym: bool  # two or more capitals
    is_initials: bool  # "J." or "A.B."
    is_plain: bool  # an everyday word, in lower case or at the start of a sentence: a name only after a cue
    signs: Signs | None  # of a number, a month or a street

    @property
    def is_kept(self) -> bool:
        """Whether a capitalised word points to nobody: Turks, Wmo-consulent, UWV."""
        return is_kept_form(self.text)

    @property
    def is_joint(self) -> bool:
        """Whether a word stands between the words of a name: "van", "de"."""
        return self.lower in cues.INNER_PARTICLES and not self.is_capital

    @property
    def is_listed(self) -> bool:
        """Whether a word is a known name, or known names with a hyphen."""
        return is_listed_form(self.text)


@lru_cache(maxsize=MAX_FORMS)
def _word(text: str, gap: str, initial: bool) -> Word:
    """Return a word; the same one wherever it stands likewise, because a corpus has a million of them."""
    lower, folded = text.lower().rstrip("."), fold(text)
    capital = text[0].isupper() or _INNER_CAPITAL.match(text) is not None
    function = is_function_word(lower)
    named = folded in places() or "-" in text or lower in ("t", "de", "het")
    named = named or lower in cues.SURE_NAMES or (lower in cues.WORD_NAMES and not function)
    plain = text.islower() and not named and (len(lower) < 3 or is_word(lower))
    if capital and initial and function:  # "Ik" and "Toen" open a sentence and are no name, particle or role
        plain = not (named or lower in _SPEAKING or lower in name_list() or is_kept_form(text))
    seen = (capital, is_acronym(text), text.endswith("."), plain, signs_of(text))
    return Word(text, gap, initial, lower, folded, *seen)


class _Inside(dict[str, Word]):
    """Words inside a sentence after one space, nine in ten: looked up without a call."""

    def __missing__(self, text: str) -> Word:
        if len(self) >= MAX_FORMS:
            self.clear()
        word = self[text] = _word(text, " ", False)
        return word

    cache_clear = dict.clear  # as the other caches have it


_INSIDE = _Inside()


#: What stands before the first and after the last word.
NOTHING = Word("", "\n", True, "", "", False, False, False, True, None)


class Words(list[Word]):
    """The words of a text, and where each starts."""

    def __init__(self) -> None:
        super().__init__()
        self.starts: list[int] = []

    def at(self, index: int) -> Word:
        """Return a word, or nothing beyond the ends."""
        return self[index] if 0 <= index < len(self) else NOTHING

    def before(self, index: int) -> str:
        """Return the lower-cased word before one, when that stands in the same sentence."""
        return "" if index < 1 or self[index].initial else self[index - 1].lower

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return start and end of a run of words, given its first and last index."""
        return self.starts[first], self.starts[last] + len(self[last].text)


def split_words(text: str) -> Words:
    """Split a text into words with offsets, and mark those that open a sentence."""
    words = Words()
    parts = _WORD.split(text)  # gap, word, gap, word, …, gap
    at, inside = 0, False  # inside a sentence, past its first word
    add, add_start = words.append, words.starts.append
    for gap, token in zip(parts[::2], parts[1::2], strict=False):
        at += len(gap)
        if inside and gap == " ":
            add(_INSIDE[token])
        else:
            initial = _is_initial(words, gap, token)
            add(_word(token, gap, initial))
            inside = not initial
        add_start(at)
        at += len(token)
    return words


def _is_initial(words: Words, gap: str, token: str) -> bool:
    if not words or (gap != " " and _opens_sentence(gap, token, words[-1].lower)):
        return True
    before = words[-1]  # "'s Avonds": the elided word opens the sentence, and so does the next
    return before.initial and before.text in _ELIDED and before.gap[-1:] in ("'", "’")


@lru_cache(maxsize=50_000)
def _opens_sentence(gap: str, token: str, before: str) -> bool:
    if gap == ". " and before in _ABBREVIATIONS:
        return False
    if gap in (" (", " ( ") and before:
        return False  # "(Etterbeek, 1907)": a whole sentence between brackets comes after a point
    # "'t Spieker": the quote before an elided word opens no quotation.
    ending = gap[:-1] if token in _ELIDED and gap[-1:] in ("'", "’") else gap
    return _SENTENCE_END.search(ending) is not None


@dataclass(frozen=True)
class CorpusWords:
    """How often a corpus has each word in lower case, and with a capital where no sentence opens."""

    lower: Counter[str] = field(repr=False)
    capital: Counter[str] = field(default_factory=Counter, repr=False)

    @classmethod
    def count(cls, texts: Iterable[Words]) -> CorpusWords:
        """Count the words of all texts; "De Wever" in mid-sentence counts as one, too."""
        lower: Counter[str] = Counter()
        capital: Counter[str] = Counter()
        for words in texts:
            lower.update([word.text for word in words if word.is_plain or word.text.islower()])
            sure = [at for at, word in enumerate(words) if word.is_capital and not word.initial]
            capital.update([words[at].lower for at in sure])
            pairs = [(words[at - 1], words[at]) for at in sure]
            capital.update([f"{a.lower} {b.lower}" for a, b in pairs if a.is_capital and not a.initial])
        return cls(lower, capital)

    @classmethod
    def together(cls, parts: Iterable[CorpusWords]) -> CorpusWords:
        """Return the counts of several parts of a corpus as those of the whole."""
        whole = cls(Counter())
        for part in parts:
            whole.lower.update(part.lower)
            whole.capital.update(part.capital)
        return whole

    def is_ordinary(self, word: str) -> bool:
        """Tell whether the corpus itself uses a word in lower case, as a word."""
        return self.lower[word] >= 2

    def is_name(self, word: str) -> bool:
        """Tell whether the corpus has a word with a capital where no sentence opens, and hardly otherwise."""
        return self.capital[word] > 4 * self.lower[word]
