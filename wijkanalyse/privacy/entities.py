"""Who is who: one person, one number; never two people in one.

A place, street or organisation is one over the whole corpus. A person is one within the stories of one
teller: two tellers' Daans get two numbers. Where it is not sure that two names are one person, there are two
numbers: that costs the reader a thread, the other way round costs somebody her privacy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wijkanalyse.privacy.cues import PARTICLES
from wijkanalyse.privacy.words import fold, name_list

if TYPE_CHECKING:
    from wijkanalyse.privacy.identifiers import Span

#: These placeholders carry no number: the value itself is already coarse.
UNNUMBERED = frozenset({"leeftijd", "datum"})
SHARED_KINDS = frozenset({"plaats", "straat", "school", "organisatie"})
NO_ROLE = frozenset({"persoon", "naam", "mevrouw", "meneer"})


@dataclass
class _Entity:
    labels: list[str] = field(default_factory=list)
    heads: set[str] = field(default_factory=set)  #: first names, and single names of which that is not sure
    surnames: set[str] = field(default_factory=set)

    def label(self) -> str:
        """Return the first label that tells a role, else the first: "buurvrouw" before "mevrouw" or "persoon"."""
        return next((label for label in self.labels if label not in NO_ROLE), self.labels[0])


class Entities:
    """Resolves names to entities, in the order in which they are offered, and numbers them per role."""

    def __init__(self) -> None:
        self._entities: list[_Entity] = []
        self._persons: dict[str, list[int]] = {}
        self._others: dict[tuple[str, ...], int] = {}

    def resolve(self, span: Span, name: str, teller_id: str) -> int:
        """Return the entity that a span means; a new one when no known one fits for sure."""
        if span.kind == "persoon":
            entity = self._person(fold(name).split(), self._persons.setdefault(teller_id, []))
        else:
            key = (span.kind, fold(name)) if span.kind in SHARED_KINDS else (span.kind, teller_id, fold(name))
            key = (span.kind, span.label) if span.kind in UNNUMBERED else key
            entity = self._others[key] = self._others.get(key, len(self._entities))
        if entity == len(self._entities):
            self._entities.append(_Entity())
        self._entities[entity].labels.append(span.label)
        return entity

    def placeholders(self) -> list[str]:
        """Return the placeholder of every entity: its role and a number, the first of a role is 1."""
        numbers: Counter[str] = Counter()
        unnumbered = {i for key, i in self._others.items() if key[0] in UNNUMBERED}
        result = []
        for i, entity in enumerate(self._entities):
            label = entity.label()
            numbers[label] += i not in unnumbered
            result.append(f"[{label}]" if i in unnumbered else f"[{label} {numbers[label]}]")
        return result

    def _person(self, parts: list[str], known: list[int]) -> int:
        """Find the person of this teller who is called so."""
        head = "" if not parts or parts[0] in PARTICLES else parts[0]
        surname = " ".join(parts[1:] if head else parts)
        if head and surname:
            fitting = [i for i in known if self._is_full(i, head, surname)]
        else:
            fitting = self._by_single(head or surname, known)
        new = len(self._entities)
        entity = fitting[0] if len(fitting) == 1 else new
        if entity == new:
            known.append(new)
            self._entities.append(_Entity())
        if head and surname:
            self._entities[entity].heads.add(head)
            self._entities[entity].surnames.add(surname)
        else:
            (self._entities[entity].heads if head else self._entities[entity].surnames).add(head or surname)
        return entity

    def _is_full(self, i: int, head: str, surname: str) -> bool:
        """Tell whether "Anna de Wit" is this person: same name, or only "Anna" or "De Wit" was known of her."""
        person = self._entities[i]
        if surname in person.surnames:
            return not person.heads or any(_same_head(head, other) for other in person.heads)
        return head in person.heads and not person.surnames

    def _by_single(self, name: str, known: Iterable[int]) -> list[int]:
        for form in _forms(name):
            fitting = [
                i for i in known if form in self._entities[i].heads or form in self._entities[i].surnames
            ]
            if fitting:
                return fitting
        return []


def _same_head(one: str, other: str) -> bool:
    # "A. de Wit" and "Anna de Wit"
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


def _forms(name: str) -> Iterable[str]:
    """Yield a name as it stands, then without genitive or diminutive; Hans is no Han's."""
    yield name
    if name not in name_list():
        for suffix in ("s", "tje", "je"):
            if name.endswith(suffix) and len(name) - len(suffix) >= 3:
                yield name.removesuffix(suffix)
