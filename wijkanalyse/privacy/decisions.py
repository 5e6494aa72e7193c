"""What people decided about places: mask it or leave it, here or wherever the word stands.

The store (a project file) gets salted hashes and the rule, never a word. Who holds the file *and* guesses a name can
still check that guess; nobody can read a name from it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.scan import lowered
from wijkanalyse.privacy.words import fold

PLACE, WORD, READ = "masker-plek", "masker-woord", "masker-gelezen"
KINDS = (PLACE, WORD, READ)
MASK, KEEP = "maskeren", "laten staan"
BY_HAND = "met de hand"  #: the rule of a place that only a person saw


class Store(Protocol):
    """Where decisions are kept; `wijkanalyse.project.Project` is one."""

    who: str  #: who decides

    @property
    def salt(self) -> bytes:
        """What the hashes are made with."""

    def decisions(self, kind: str) -> dict[str, Any]:
        """Return what holds now of one kind."""

    def decide(self, values: Mapping[tuple[str, str], Any], *, action: str) -> None:
        """Record one action."""

    def note(self, action: str, *, detail: str) -> None:
        """Append a line to the log."""

    def undo(self, kinds: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Undo the last action, and return the kind and subject of what it touched."""


@dataclass(frozen=True)
class Decisions:
    """The decisions of a store, looked up by place. It reads the store once: make a new one after a change."""

    store: Store

    @cached_property
    def _places(self) -> dict[str, Any]:
        return self.store.decisions(PLACE)

    @cached_property
    def _words(self) -> dict[str, Any]:
        return self.store.decisions(WORD)

    @cached_property
    def _read(self) -> dict[str, Any]:
        return self.store.decisions(READ)

    @cached_property
    def _salt(self) -> bytes:
        return self.store.salt

    def place_key(self, narrative_id: str, column: str, text: str, start: int, end: int) -> str:
        """Return the hash of a place: the story, the words, and how often these words stand before it."""
        lower = lowered(text)
        phrase, count, at = lower[start:end], 0, lower.find(lower[start:end])
        while 0 <= at < start:  # one step at a time: in "ja ja ja" the two places "ja ja" overlap
            count, at = count + 1, lower.find(phrase, at + 1)
        return self._hash(narrative_id, column, phrase, str(count))

    def word_key(self, phrase: str) -> str:
        """Return the hash of a word or phrase; "Roos" and "roos" are two."""
        return self._hash(fold(phrase), "A" if phrase[:1].isupper() else "a")

    def read_key(self, narrative_id: str, texts: Sequence[str]) -> str:
        """Return the hash of a story as it was read; a story that changed has to be read again."""
        return self._hash(narrative_id, *texts)

    def verdict(
        self, narrative_id: str, column: str, text: str, start: int, end: int
    ) -> dict[str, Any] | None:
        """Return what was decided about a place: about the place itself, else about its word."""
        found: dict[str, Any] | None = None
        if narrative_id in self._sizes_by_story:
            found = self._places.get(self.place_key(narrative_id, column, text, start, end))
        if found is None and self._words:
            found = self._words.get(self.word_key(text[start:end]))
        return found

    def is_read(self, narrative_id: str, texts: Sequence[str]) -> bool:
        """Tell whether a person has read the story as it is and found it right."""
        return bool(self._read) and self.read_key(narrative_id, texts) in self._read

    def readers(self) -> list[str]:
        """Return who has gone through narratives."""
        return sorted({value["who"] for value in self._read.values()})

    def decided(self, narrative_id: str, column: str, text: str) -> Iterator[tuple[Span, str]]:
        """Yield the places that a person decided about, with the verdict; the longest first."""
        sizes = self._sizes_of_words | self._sizes_by_story.get(narrative_id, set())
        words = word_spans(text) if sizes else []
        for size in sorted(sizes, reverse=True):
            for (start, _), (_, end) in zip(words, words[size - 1 :], strict=False):
                if found := self.verdict(narrative_id, column, text, start, end):
                    kind, label, rule = (found[name] for name in ("kind", "label", "rule"))
                    span = Span(start=start, end=end, kind=kind, label=label, rule=rule, confidence=1.0)
                    yield span, found["verdict"]

    def masked(self, narrative_id: str, column: str, text: str) -> list[Span]:
        """Return the places that a person masked."""
        return [span for span, verdict in self.decided(narrative_id, column, text) if verdict == MASK]

    @cached_property
    def _sizes_of_words(self) -> set[int]:
        return {value["size"] for value in self._words.values()}

    @cached_property
    def _sizes_by_story(self) -> dict[str, set[int]]:
        """How many words long what was decided about is, per narrative."""
        found: dict[str, set[int]] = {}
        for value in self._places.values():
            found.setdefault(value["narrative_id"], set()).add(value["size"])
        return found

    def _hash(self, *parts: str) -> str:
        return hashlib.blake2b("\x1f".join(parts).encode(), key=self._salt, digest_size=16).hexdigest()


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of every run of letters and digits: what a decision can be about."""
    return [match.span() for match in re.finditer(r"\w+", text)]


def whole_words(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the offsets of the whole words that a selection touches; None when it touches none."""
    touched = [span for span in word_spans(text) if span[0] < end and span[1] > start]
    return (touched[0][0], touched[-1][1]) if touched else None
