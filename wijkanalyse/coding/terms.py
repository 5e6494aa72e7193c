"""Which words point to a code: the terms of a scheme, held against words and their lemmas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from wijkanalyse.language import lemma, word_field_entries

if TYPE_CHECKING:
    from wijkanalyse.coding.scheme import Code, Scheme


def term_pattern(term: str) -> re.Pattern[str]:
    """Return the pattern of a term on lower-cased words or lemmas; * stands for any letters, _ for a space."""
    return re.compile(re.escape(term.lower()).replace(r"\*", r"[\w-]*").replace("_", " "))


def field_words(code: Code) -> list[str]:
    """Return the words of the word fields of a code; fields of another version are passed over."""
    known = word_field_entries()
    return [word for key in code.word_fields if key in known for word in known[key]["woorden"].split()]


def words_of(scheme: Scheme, key: str) -> list[str]:
    """Return the terms and hints of a code and of those below it."""
    return [term for code in scheme.under(key) for term in (*code.terms, *code.hints)]


def matching(vocabulary: Iterable[str], terms: Iterable[str]) -> set[str]:
    """Return the words (or rows of words with spaces) that a term points to, as they are or by their lemma."""
    terms = list(terms)
    whole = [term.lower() for term in terms if "*" not in term]
    exact = {form.replace("_", " ") for term in whole for form in (term, lemma(term))}
    pattern = re.compile("|".join(term_pattern(term).pattern for term in terms if "*" in term) or "(?!)")
    fits = {word for word in vocabulary if word in exact or pattern.fullmatch(word)}
    bases = {word: lemma(word) for word in vocabulary if word not in fits and " " not in word}
    return fits | {word for word, base in bases.items() if base in exact or pattern.fullmatch(base)}
