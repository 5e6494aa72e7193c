"""What a load read, kept and set apart, and every guess it made: read = kept + set apart, always."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wijkanalyse.errors import MAX_NAMES_LISTED, fold_lines, list_names, short_name


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
    unit : str
        What was read (Dutch): rows, or documents.
    n_by_file : mapping of str to int
        File → number read, when there were several.
    """

    source: str
    n_read: int
    n_kept: int
    set_apart: Mapping[str, int]
    guesses: tuple[Guess, ...] = ()
    kept_columns: Mapping[str, str] = field(default_factory=dict)
    dropped_columns: Mapping[str, str] = field(default_factory=dict)
    unit: str = "rijen"
    n_by_file: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.n_read != self.n_kept + sum(self.set_apart.values()):
            raise ValueError("rows read must equal rows kept plus rows set apart")

    def __str__(self) -> str:
        lines = [
            f"Ingelezen: {self.source}",
            f"  {f'{self.unit} gelezen':<18} {self.n_read}",
            *(f"    {n:>6}  ({name})" for name, n in self.n_by_file.items()),
            f"  verhalen           {self.n_kept}",
        ]
        lines += [f"  apart gezet        {n}  ({reason})" for reason, n in self.set_apart.items()]
        if self.guesses:
            lines.append("Zelf gekozen. Klopt het niet, doe dan wat achter de pijl staat:")
            lines += [f"  - {guess.what}  →  {guess.overrule}" for guess in self.guesses]
        if self.kept_columns:
            lines.append("Kolommen die meegaan:")
            lines += _columns(self.kept_columns)
        if self.dropped_columns:
            lines.append("Kolommen die niet meegaan:")
            lines += _columns(self.dropped_columns)
        return fold_lines(lines)

    __repr__ = __str__


def _columns(named: Mapping[str, str]) -> Iterator[str]:
    """Give a line per column, and one for all of the same kind where there are many: a survey has ten thousand."""
    kinds = Counter(named.values())
    many = {kind for kind, n in kinds.items() if n > MAX_NAMES_LISTED}
    yield from (f"  - {short_name(name)}: {kind}" for name, kind in named.items() if kind not in many)
    for kind in sorted(many):
        names = list_names(name for name, own in named.items() if own == kind)
        yield f"  - {kinds[kind]} kolommen, {names}: {kind}"
