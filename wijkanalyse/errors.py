"""The exception tree, and the one place where Dutch error text is put together.

::

    WijkError
    ├── InputError      a file or frame that cannot be used as it is
    ├── PrivacyError    something that would leave unprotected, or is asked too early
    ├── ThemeError      themes cannot be made, or not honestly
    ├── SchemeError     a coding scheme that cannot be read
    └── ProjectError    a project file that cannot be opened or written

Every error carries one or more `Problem`s, each in four parts: what is wrong, where, what was
expected, what to do now. All problems of one file are collected before anything is raised.
No message ever holds a word of a narrative: pass counts, positions and names of columns, not cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import fill
from typing import Self

# A header can be a whole question; longer than this it may well be a story (a file without headers).
MAX_NAME_LENGTH = 120
MAX_NAMES_LISTED = 12


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, in the four parts that a user needs."""

    what: str
    where: str
    expected: str
    now: str

    def __str__(self) -> str:
        return (
            f"{self.what}\n  Waar:      {self.where}\n  Verwacht:  {self.expected}\n  Wat nu:    {self.now}"
        )


class WijkError(Exception):
    """Base of all errors that this package raises on purpose.

    Parameters
    ----------
    problems : iterable of Problem
        At least one; all are shown.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Problem, ...]]]:
        return type(self), (
            self.problems,
        )  # the default would hand the message as problems, from another process

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows instead of a traceback."""
        return ["Dat lukt niet.", "", str(self)]

    @classmethod
    def one(cls, *, what: str, where: str, expected: str, now: str) -> Self:
        """Make an error with a single problem, of the class it is called on."""
        return cls([Problem(what=what, where=where, expected=expected, now=now)])


class InputError(WijkError):
    """A file or frame that cannot be used as it is."""


class PrivacyError(WijkError):
    """Something would leave unprotected, or is asked before the text is masked or reviewed."""


class ThemeError(WijkError):
    """Themes cannot be made from this corpus, or not honestly."""


class SchemeError(WijkError):
    """A coding scheme that cannot be read."""


class ProjectError(WijkError):
    """A project file that cannot be opened or written."""


def short_name(name: object) -> str:
    """Return a name that is safe to print: cut off where it is so long that it may be a story."""
    text = " ".join(str(name).split())
    return text if len(text) <= MAX_NAME_LENGTH else f"(een kop van {len(text)} tekens)"


def fold_lines(lines: Iterable[str], width: int = 79) -> str:
    """Return the lines of a report, folded between words: a terminal and JupyterLab both cut through them."""
    folded = []
    for line in lines:
        words = line.lstrip().removeprefix("- ")  # what follows stands under the words, not under the dash
        folded.append(fill(line, width, subsequent_indent=" " * (len(line) - len(words))))
    return "\n".join(folded)


def list_names(names: Iterable[object]) -> str:
    """Return names as one Dutch enumeration, shortened when there are many."""
    shown = [f"‘{short_name(name)}’" for name in names]
    if not shown:
        return "geen"
    rest = len(shown) - MAX_NAMES_LISTED
    return ", ".join(shown[:MAX_NAMES_LISTED]) + (f" en nog {rest}" if rest > 0 else "")
