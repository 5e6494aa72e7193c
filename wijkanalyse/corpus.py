"""The corpus: a frame of narratives, what its columns mean, where it came from, how safe it is.

`Corpus` holds a frame, it is none: analysis functions take the corpus and return new frames.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from importlib import metadata
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, PrivacyError, Problem, list_names

if TYPE_CHECKING:
    import pandas as pd

REQUIRED_COLUMNS = ("narrative_id", "teller_id", "text")


class Role(StrEnum):
    """What a column is for. `ORGANISATION` is never ranked, `DIRECT_IDENTIFIER` is dropped at loading."""

    NARRATIVE_ID = "narrative_id"
    TELLER_ID = "teller_id"
    TEXT = "text"
    TITLE = "title"
    PERSPECTIVE = "perspective"
    CONTEXT = "context"
    ORGANISATION = "organisation"
    TIME = "time"
    SIGNIFICATION = "signification"
    DIRECT_IDENTIFIER = "direct_identifier"


class PrivacyStatus(StrEnum):
    """How far the text has been protected; the order is the order of the work."""

    RAW = "ruw"
    MASKED = "gemaskeerd"
    REVIEWED = "nagekeken"

    @property
    def rank(self) -> int:
        """Position in the order raw < masked < reviewed."""
        return list(PrivacyStatus).index(self)


@dataclass(frozen=True, kw_only=True)
class ColumnSpec:
    """Meaning of one column; drives validation, axis titles and the data dictionary."""

    name: str  #: English snake_case, with the unit in it where there is one
    label: str  #: Dutch, as people read it
    role: Role
    dtype: str = "str"  #: str, float, int, bool or category
    unit: str | None = None  #: e.g. "0–1" for a dyad
    group: str | None = None  #: the question this column is a part of (a triad has three columns)
    source: str | None = None  #: header in the file it came from
    ends: tuple[str, ...] = ()  #: Dutch names of the ends of a dyad or scale, low to high


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a corpus came from and what was done to it; travels into every export."""

    source: str  #: file name without its folder: a path can hold a person's name
    corpus_hash: str = ""
    steps: tuple[str, ...] = ()  #: Dutch sentences, in order
    selections: tuple[str, ...] = ()  #: those of them that say which stories these are
    versions: Mapping[str, str] = field(default_factory=dict)

    def add(self, step: str) -> Provenance:
        """Return the provenance with one more step."""
        return replace(self, steps=(*self.steps, step))


def hash_texts(ids: Iterable[str], texts: Iterable[str]) -> str:
    """Return a digest of ids and texts that does not depend on the order of the rows."""
    digest = hashlib.blake2b(digest_size=8)
    mark = ""
    for start, text in sorted(
        (f"{narrative_id}\x1f", text) for narrative_id, text in zip(ids, texts, strict=True)
    ):
        digest.update(f"{mark}{start}{text}".encode())
        mark = "\x1e"
    return digest.hexdigest()


def package_versions(names: Iterable[str] = ("wijkanalyse", "pandas")) -> dict[str, str]:
    """Return installed versions, for provenance."""
    return {name: metadata.version(name) for name in names}


@dataclass(frozen=True, eq=False, kw_only=True)
class Corpus:
    """Narratives with the meaning of their columns, their origin and their privacy status.

    Rows are sorted by `narrative_id`, so that a shuffled file is the same corpus.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per narrative; at least `narrative_id`, `teller_id` and `text`.
    columns : tuple of ColumnSpec
        One for every column of the frame.
    provenance : Provenance
    status : PrivacyStatus
    check_report : object, optional
        What the loader read, kept and set apart (`wijkanalyse.loaders.CheckReport`).
    privacy_report : object, optional
        What masking found (`wijkanalyse.privacy.PrivacyReport`).
    reviewed : frozenset of str
        The narratives that a person has gone through, while not all are.
    key : object, optional
        Which words stood behind the placeholders (`wijkanalyse.privacy.Key`); in memory only.

    Raises
    ------
    InputError
        When a required column is missing, an id repeats or a column has no spec.
    """

    frame: pd.DataFrame
    columns: tuple[ColumnSpec, ...]
    provenance: Provenance
    status: PrivacyStatus = PrivacyStatus.RAW
    check_report: Any = None
    privacy_report: Any = None
    reviewed: frozenset[str] = frozenset()
    key: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        problems = list(_schema_problems(self.frame, self.columns, self.provenance.source))
        if problems:
            raise InputError(problems)
        frame = self.frame.sort_values("narrative_id", kind="stable").reset_index(drop=True)
        object.__setattr__(self, "frame", frame)
        digest = hash_texts(frame["narrative_id"].tolist(), frame["text"].tolist())
        object.__setattr__(self, "provenance", replace(self.provenance, corpus_hash=digest))

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        # Counts only: a repr ends up in notebooks, logs and tracebacks.
        return (
            f"<Corpus {len(self)} verhalen van {self.n_tellers} vertellers, "
            f"{self.status}, bron {self.provenance.source}>"
        )

    @cached_property
    def n_tellers(self) -> int:
        """Number of distinct tellers."""
        return int(self.frame["teller_id"].nunique())

    def spec(self, name: str) -> ColumnSpec:
        """Return the spec of a column."""
        for spec in self.columns:
            if spec.name == name:
                return spec
        raise InputError.one(
            what=f"Er is geen kolom ‘{name}’.",
            where=f"corpus uit {self.provenance.source}",
            expected=f"een van {list_names(spec.name for spec in self.columns)}",
            now="Kies een van deze kolommen.",
        )

    def with_role(self, role: Role) -> tuple[ColumnSpec, ...]:
        """Return the specs of all columns with a role, in frame order."""
        return tuple(spec for spec in self.columns if spec.role is role)

    def require(self, status: PrivacyStatus, *, purpose: str) -> None:
        """Refuse when the text is less protected than `status`.

        Raises
        ------
        PrivacyError
            With what to do first.
        """
        if self.status.rank >= status.rank:
            return
        now = {
            PrivacyStatus.MASKED: "Doe eerst corpus = wa.mask(corpus). Is de bron elders al gemaskeerd en "
            'nagekeken? Laad haar dan met masked_by="naam van wie dat deed".',
            PrivacyStatus.REVIEWED: "Kijk de verhalen na met wa.review(corpus, project). Wat al is nagekeken geeft "
            'corpus.only_reviewed(). Is het elders gebeurd? Laad dan met masked_by="naam van wie dat deed".',
        }[status]
        raise PrivacyError.one(
            what=f"Deze verhalen zijn nog ‘{self.status}’ en kunnen niet gebruikt worden voor: {purpose}.",
            where=f"corpus uit {self.provenance.source}",
            expected=f"verhalen die minstens ‘{status}’ zijn",
            now=now,
        )

    def select(self, narrative_ids: Iterable[str], *, step: str) -> Corpus:
        """Return a corpus with these narratives only.

        Raises
        ------
        InputError
            When none of them is in the corpus.
        """
        chosen = self.frame["narrative_id"].isin(set(narrative_ids))
        if not chosen.any():
            raise InputError.one(
                what="Er blijft geen enkel verhaal over.",
                where=f"corpus uit {self.provenance.source}",
                expected="minstens één verhaal",
                now="Kies andere verhalen, of kijk er eerst een paar na met wa.review(corpus, project).",
            )
        part = self.with_changes(step=step, frame=self.frame[chosen])
        selections = (*part.provenance.selections, step)
        return replace(part, provenance=replace(part.provenance, selections=selections))

    def only_reviewed(self) -> Corpus:
        """Return the narratives that a person has gone through, as a corpus that is `nagekeken`.

        Raises
        ------
        InputError
            When nobody has gone through any.
        """
        if self.status is PrivacyStatus.REVIEWED:
            return self
        part = self.select(
            self.reviewed, step=f"{today()}: alleen de {len(self.reviewed)} nagekeken verhalen"
        )
        return replace(part, status=PrivacyStatus.REVIEWED)

    def with_changes(self, *, step: str, **changes: Any) -> Corpus:
        """Return a new corpus with changed fields and one more step in its provenance."""
        return replace(self, provenance=self.provenance.add(step), **changes)


def _schema_problems(frame: pd.DataFrame, columns: tuple[ColumnSpec, ...], source: str) -> Iterable[Problem]:
    where = f"corpus uit {source}"
    missing = [name for name in REQUIRED_COLUMNS if name not in frame.columns]
    if missing:
        yield Problem(
            what=f"Kolommen ontbreken: {list_names(missing)}.",
            where=where,
            expected=f"minstens {list_names(REQUIRED_COLUMNS)}",
            now="Gebruik wa.load_narratives; dat maakt deze kolommen.",
        )
        return
    repeated = frame["narrative_id"].duplicated()
    if repeated.any():
        yield Problem(
            what=f"{int(repeated.sum())} verhaalnummers komen vaker voor.",
            where=f"{where}, kolom ‘narrative_id’",
            expected="één nummer per verhaal",
            now="Maak de nummers uniek of laat de kolom weg; dan maken wij nummers.",
        )
    held, described = Counter(frame.columns), Counter(spec.name for spec in columns)
    undescribed = (held - described) + (described - held)
    if undescribed:
        yield Problem(
            what=f"Kolommen en beschrijving kloppen niet: {list_names(sorted(undescribed))}.",
            where=where,
            expected="één beschrijving bij elke kolom, en omgekeerd",
            now="Gebruik wa.load_narratives; dat maakt de beschrijving.",
        )


def today() -> str:
    """Return the date for provenance, in UTC so that two machines agree."""
    return datetime.now(UTC).date().isoformat()
