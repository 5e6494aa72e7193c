"""The Dutch pipeline: tokens, sentences, lemmas, stop words. No model is downloaded.

spaCy's blank Dutch pipeline tokenises; simplemma's dictionary gives lemmas and tells known words,
because spaCy's lookup lemmatiser misses half of the everyday forms.
"""

from __future__ import annotations

import re
import runpy
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

# "[buurvrouw 3]" → buurvrouw: a placeholder keeps the role that carries meaning. These roles carry none.
PLACEHOLDER = re.compile(r"\[([^\W\d][^\[\]\n]{0,60})\]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_EMPTY_PLACEHOLDERS = frozenset(
    "persoon plaats wijk straat adres leeftijd datum telefoon email e-mail url bsn iban kenteken dossiernummer postcode "
    "verteller nummer naam organisatie".split()
)


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """Return the blank Dutch pipeline: tokeniser and sentence rules."""
    import spacy

    nlp = spacy.blank("nl")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 20_000_000
    return nlp


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return Dutch stop words: spaCy's list and words that fill spoken stories."""
    lines = (Path(__file__).parent / "stopwoorden.txt").read_text(encoding="utf-8").splitlines()
    return _spacy_stop_words("nl") | {
        word for line in lines if not line.startswith("#") for word in line.split()
    }


@lru_cache(maxsize=1)
def word_field_entries() -> dict[str, dict[str, str]]:
    """Return the word fields that come with the package: key to naam and woorden (with spaces; * stands for letters)."""
    import yaml

    content = yaml.safe_load((Path(__file__).parent / "woordvelden.yaml").read_text(encoding="utf-8"))
    return {entry["veld"]: entry for entry in content["velden"]}


@lru_cache
def _spacy_stop_words(code: str) -> frozenset[str]:
    # Its file alone: importing spaCy for a list of words takes longer than masking a thousand stories.
    package = find_spec("spacy")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("spacy")
    return frozenset(
        runpy.run_path(str(Path(package.origin).parent / "lang" / code / "stop_words.py"))["STOP_WORDS"]
    )


#: Languages that are told from Dutch by their small words.
OTHER_LANGUAGES = {
    "ar": "Arabisch", "de": "Duits", "en": "Engels", "es": "Spaans", "fr": "Frans", "pl": "Pools", "tr": "Turks",
    "uk": "Oekraïens",
}  # fmt: skip
MIN_DUTCH, MIN_OTHER = 0.2, 5  # share of the words; words


def other_language(text: str) -> str:
    """Return the Dutch name of the language a text is in, or an empty string where it may be Dutch.

    A language is told by its small words: there must be five, and more than twice as many as Dutch ones.
    """
    words = _WORD.findall(text.lower())
    dutch = sum(word in stop_words() for word in words)
    if dutch >= MIN_DUTCH * len(words):
        return ""
    counts = {code: sum(word in _spacy_stop_words(code) for word in words) for code in OTHER_LANGUAGES}
    best = max(counts, key=lambda code: (counts[code], code))
    return OTHER_LANGUAGES[best] if counts[best] >= max(MIN_OTHER, 2 * dutch + 1) else ""


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end (code points, end exclusive) of every sentence."""
    found = list(pipeline()(text).sents)
    # The opening bracket of a placeholder would stay behind with the sentence before it.
    starts = [each.start_char - text[: each.start_char].endswith(("[", "(")) for each in found]
    ends = [min(each.end_char, after) for each, after in zip(found, [*starts[1:], len(text)], strict=False)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a lower-cased word.

    Notes
    -----
    simplemma splits some compounds with an underscore (buurman → buur_man); that is undone. Some pairs it sends to one
    another (tolk → tolken → tolk); both get the longer form.
    """
    base = _lemma(word)
    other = _lemma(base)
    return max(base, other, key=lambda form: (len(form), form)) if _lemma(other) == base else base


def _lemma(word: str) -> str:
    import simplemma

    return str(simplemma.lemmatize(word, lang="nl")).replace("_", "").lower()


@lru_cache(maxsize=200_000)
def is_known(word: str) -> bool:
    """Tell whether a lower-cased word is in the Dutch dictionary."""
    import simplemma

    return bool(simplemma.is_known(word, lang="nl"))


@lru_cache(maxsize=200_000)
def _content_lemma(word: str) -> str:
    """Return the lemma of a word that says something, else an empty string."""
    if len(word) < 3 or word in stop_words() or not any(char.isalpha() for char in word):
        return ""
    base = lemma(word)
    return "" if len(base) < 3 or base in stop_words() else base


def content_lemmas(text: str) -> list[str]:
    """Return the lemmas that carry content, in order: no stop words, numbers or punctuation.

    A placeholder of masking counts as its role ("[buurvrouw 3]" → buurvrouw) when that means something.
    """
    return [base for _, base in spoken_words(text) if base]


def spoken_words(text: str) -> list[tuple[str, str]]:
    """Return every word as it is written, in lower case, with its lemma; the lemma is empty where it carries no content."""
    return [(word, _content_lemma(word)) for word in _written(text)]


def content_words(text: str) -> set[str]:
    """Return what `content_lemmas` does, each lemma once and in no order: a word is looked up once however often it is said."""
    return {_content_lemma(word) for word in set(_written(text))} - {""}


def _written(text: str) -> list[str]:
    return _WORD.findall(PLACEHOLDER.sub(_role, text).lower())


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """Return every word in lower case with its start and end in the text (code points, end exclusive).

    Of a placeholder only its role is a word, and only where it means something.
    """
    blank = PLACEHOLDER.sub(
        lambda found: f"[{_role(found).strip()}".ljust(len(found[0]))[: len(found[0])], text
    )
    return [(found[0].lower(), *found.span()) for found in _WORD.finditer(blank)]


COPY_SHARE = (4, 5)  # of the rows of three words that two stories use


def first_copies(documents: Sequence[Sequence[str]]) -> list[int]:
    """Return for each list of words the number of the first that it repeats, nearly or wholly; its own number when none.

    Two are copies when they share four fifths of their rows of three words (Jaccard). Of such sets, one of the rarest rows must be
    common, so that only those are looked up (prefix filtering: Bayardo et al. 2007).
    """
    rows = [
        {hash(row) for row in zip(words, words[1:], words[2:], strict=False)} or {hash(tuple(words))}
        for words in documents
    ]
    frequency = Counter(row for found in rows for row in found)
    having: defaultdict[int, list[int]] = defaultdict(list)
    first = list(range(len(rows)))
    part, whole = COPY_SHARE
    for number, found in enumerate(rows):
        rare = sorted(found, key=lambda row: (frequency[row], row))[
            : len(found) - -(-part * len(found) // whole) + 1
        ]
        for other in sorted({other for row in rare for other in having[row]}):
            if whole * len(found & rows[other]) >= part * len(found | rows[other]):
                first[number] = other
                break
        else:
            for row in rare:
                having[row].append(number)
    return first


def _role(match: re.Match[str]) -> str:
    role = match.group(1).split()[0].lower()
    return " " if role in _EMPTY_PLACEHOLDERS else f" {role} "


def listing(words: Sequence[str]) -> str:
    """Return words as one Dutch enumeration: "brief, loket en school"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " en " + words[-1]
