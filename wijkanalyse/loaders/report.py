"""What a load read, kept and set apart, and every guess it made: read = kept + set apart, always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wijkanalyse.errors import fold_lines, short_name


@dataclass(frozen=True, kw_only=True)
class Guess:
    """One thing the loader decided by looking, and how to overrule it."""

    what: str
    overrule: str


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """Account of one load. Holds counts and names of columns, never a word of a story.

    Parameters
    ----------
    source : str
        File name.
    n_read : int
        Rows under the header.
    n_kept : int
        Rows that became a narrative.
    set_apart : mapping of str to int
        Reason (Dutch) → number of rows.
    guesses : tuple of Guess
    kept_columns : mapping of str to str
        Header → what it is used as (Dutch).
    dropped_columns : mapping of str to str
        Header → why it is not in the corpus.
    """

    source: str
    n_read: int
    n_kept: int
    set_apart: Mapping[str, int]
    guesses: tuple[Guess, ...] = ()
    kept_columns: Mapping[str, str] = field(default_factory=dict)
    dropped_columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.n_read != self.n_kept + sum(self.set_apart.values()):
            raise ValueError("rows read must equal rows kept plus rows set apart")

    def __str__(self) -> str:
        lines = [
            f"Ingelezen: {self.source}",
            f"  rijen gelezen      {self.n_read}",
            f"  verhalen           {self.n_kept}",
        ]
        lines += [f"  apart gezet        {n}  ({reason})" for reason, n in self.set_apart.items()]
        if self.guesses:
            lines.append("Zelf gekozen. Klopt het niet, doe dan wat achter de pijl staat:")
            lines += [f"  - {guess.what}  →  {guess.overrule}" for guess in self.guesses]
        if self.kept_columns:
            lines.append("Kolommen die meegaan:")
            lines += [f"  - {short_name(name)}: {role}" for name, role in self.kept_columns.items()]
        if self.dropped_columns:
            lines.append("Kolommen die niet meegaan:")
            lines += [f"  - {short_name(name)}: {why}" for name, why in self.dropped_columns.items()]
        return fold_lines(lines)

    __repr__ = __str__
