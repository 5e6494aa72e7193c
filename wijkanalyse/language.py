"""The Dutch pipeline: tokens, sentences, lemmas, stop words. No model is downloaded.

spaCy's blank Dutch pipeline tokenises; simplemma's dictionary gives lemmas and tells known words,
because spaCy's lookup lemmatiser misses half of the everyday forms.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# "[buurvrouw 3]" → buurvrouw: a placeholder keeps the role that carries meaning. These roles carry none.
PLACEHOLDER = re.compile(r"\[([^\W\d][^\[\]\n]{0,60})\]")
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
    # Its file alone: importing spaCy for a list of words takes longer than masking a thousand stories.
    package = find_spec("spacy")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("spacy")
    spacy_words = runpy.run_path(str(Path(package.origin).parent / "lang" / "nl" / "stop_words.py"))[
        "STOP_WORDS"
    ]
    lines = (Path(__file__).parent / "stopwoorden.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(spacy_words) | {
        word for line in lines if not line.startswith("#") for word in line.split()
    }


def tokenise(text: str) -> Doc:
    """Split a text into tokens, each with its offset."""
    return pipeline().make_doc(text)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end (code points, end exclusive) of every sentence."""
    return [(sentence.start_char, sentence.end_char) for sentence in pipeline()(text).sents]


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a lower-cased word.

    Notes
    -----
    simplemma splits some compounds with an underscore (buurman → buur_man); that is undone.
    """
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
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", PLACEHOLDER.sub(_role, text).lower())
    return [base for word in words if (base := _content_lemma(word))]


def _role(match: re.Match[str]) -> str:
    role = match.group(1).split()[0].lower()
    return " " if role in _EMPTY_PLACEHOLDERS else f" {role} "


def listing(words: Sequence[str]) -> str:
    """Return words as one Dutch enumeration: "brief, loket en school"."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " en " + words[-1]
