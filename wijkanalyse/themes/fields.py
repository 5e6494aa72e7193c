"""Word fields: words that different tellers use for the same subject count as one.

Without a language model a computer does not know that "deurwaarder", "aanmaning" and "beslag" belong together,
and in a few hundred stories it cannot learn it. `woordvelden.yaml` tells it, for the social domain. The fields
stand beside the words themselves, so that what no field knows can still become a theme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from wijkanalyse.language import lemma, word_field_entries


@dataclass(frozen=True, kw_only=True)
class WordField:
    """One subject of life and the lemmas that point to it."""

    key: str
    name: str
    short: str  #: for where it is one of two
    words: frozenset[str]
    pattern: re.Pattern[str] | None  #: of the words with a *


@lru_cache(maxsize=1)
def word_fields() -> tuple[WordField, ...]:
    """Return the fields that come with the package."""
    return tuple(_field(entry) for entry in word_field_entries().values())


def _field(entry: dict[str, str]) -> WordField:
    words = entry["woorden"].split()
    starred = [re.escape(word).replace(r"\*", r"\w*") for word in words if "*" in word]
    return WordField(
        key=entry["veld"],
        name=entry["naam"],
        short=entry.get("kort") or re.split(",| en ", entry["naam"])[0],
        # The text is lemmatised, so each word counts in the form the lemmatiser gives it too.
        words=frozenset(form for word in words if "*" not in word for form in (word, lemma(word))),
        pattern=re.compile("|".join(starred)) if starred else None,
    )


@lru_cache(maxsize=200_000)
def fields_of(word: str) -> tuple[str, ...]:
    """Return the keys of the fields a lemma belongs to."""
    return tuple(
        field.key
        for field in word_fields()
        if word in field.words or (field.pattern is not None and field.pattern.fullmatch(word))
    )


def field_documents(documents: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the fields that each document touches, once for every different word that touches them."""
    return [[key for word in sorted(set(document)) for key in fields_of(word)] for document in documents]
