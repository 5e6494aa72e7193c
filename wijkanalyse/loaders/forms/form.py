"""What a form is, and a draft to which a reader adds its columns one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import by_header, slug

OPEN_TEXT = "open tekst wordt hier niet gemaskeerd"
NOT_APPLICABLE = "n.v.t."
YES, NO = "ja", "nee"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A table of which a program is known to have made it.

    Parameters
    ----------
    name : str
        The program, for the report.
    header : tuple of str
        One name per column, all different.
    rows : tuple of tuple of str
        The answers, each row as long as the header; rows that are no answers are gone.
    known : mapping of str to ColumnSpec
        Header → what the column is, for the columns of which the program tells. The others are looked at as in any table.
    left_out : mapping of str to str
        Header → why the column does not come along (Dutch).
    guesses : tuple of Guess
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    known: Mapping[str, ColumnSpec] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    guesses: tuple[Guess, ...] = ()


class Draft:
    """Columns of a form that is being read: each is kept as something, left out for a reason, or looked at later."""

    def __init__(self) -> None:
        self._columns: dict[str, Sequence[str]] = {}
        self._known: dict[str, ColumnSpec] = {}
        self._left_out: dict[str, str] = {}
        self._guesses: list[Guess] = []
        self._questions: set[str] = set()
        self._names: set[str] = {"text", "title", "narrative_id", "teller_id"}

    def add(self, header: str, cells: Sequence[str]) -> str:
        """Add a column that is looked at as in any table; return its header, made different from the others."""
        header = _free(" ".join(header.split()) or "kolom", self._columns, " (", ")")
        self._columns[header] = cells
        return header

    def leave(self, header: str, cells: Sequence[str], reason: str) -> None:
        """Add a column that stays out, with the reason in Dutch."""
        self._left_out[self.add(header, cells)] = reason

    def keep(self, header: str, cells: Sequence[str], role: Role, label: str, **more: Any) -> None:
        """Add a column that comes along, under a name made of `name` or its label."""
        header = self.add(header, cells)
        given = more.pop("name", "") or slug(label)
        name = given if given == role else _free(given, self._names, "_")
        self._names.add(name)
        self._known[header] = ColumnSpec(name=name, label=label, role=role, source=header, **more)

    def question(self, title: str) -> str:
        """Return the title of a question, made different from that of the others: it names the group of its columns."""
        title = _free(title, self._questions, " (", ")")
        self._questions.add(title)
        return title

    def choice(self, header: str, cells: Sequence[str], role: Role, label: str) -> None:
        """Add a closed question with one answer; one about the teller has the name that its words call for."""
        asked = by_header(label, [cell for cell in cells if cell]) if role is Role.CONTEXT else None
        if asked and asked.role in (Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION):
            self.keep(header, cells, asked.role, asked.label, name=asked.name, dtype="category")
        else:
            self.keep(header, cells, role, label, dtype="category")

    def options(
        self, question: str, headers: Mapping[str, str], chosen: Sequence[Collection[str]], role: Role
    ) -> None:
        """Add a question with several answers as a column per option (option → header); nothing chosen is no answer."""
        for option, header in headers.items():
            cells = ["" if not row else YES if option in row else NO for row in chosen]
            name = _part_name(question, option)
            self.keep(header, cells, role, option, name=name, dtype="bool", group=question)

    def not_applicable(
        self, question: str, header: str, said: Sequence[bool], answered: Sequence[bool]
    ) -> None:
        """Add whether tellers said that a question does not apply to them, which is not the same as no answer."""
        if any(said):
            cells = [
                YES if is_said else NO if has else "" for is_said, has in zip(said, answered, strict=True)
            ]
            name = f"{slug(question, 36)}_na"
            self.keep(header, cells, Role.SIGNIFICATION, NOT_APPLICABLE, name=name, dtype="bool")

    def place(
        self, question: str, header: str, cells: Sequence[str], label: str, ends: Sequence[str] = ()
    ) -> None:
        """Add a place between 0 and 1: on a line with two ends, or the part of one corner of a triad."""
        more: dict[str, Any] = {"ends": tuple(ends)} if ends else {"group": question}
        name = slug(question) if label == question else _part_name(question, label)
        self.keep(header, cells, Role.SIGNIFICATION, label, name=name, dtype="float", unit="0–1", **more)

    def guess(self, what: str, overrule: str) -> None:
        """Add a line to the report."""
        self._guesses.append(Guess(what=what, overrule=overrule))

    def unmatched(self, question: str, n: int) -> None:
        """Report answers that are none of the answers of a question, and so stay empty; never the answers themselves."""
        if n:
            what = (
                f"{n} antwoorden op ‘{question}’ horen bij geen antwoord dat de vraag heeft en blijven leeg"
            )
            self.guess(what, "zet de antwoorden bij de vraag, of verbeter ze in het bestand")

    def done(self, name: str) -> Form:
        """Return the form."""
        return Form(
            name=name,
            header=tuple(self._columns),
            rows=tuple(zip(*self._columns.values(), strict=True)),
            known=self._known,
            left_out=self._left_out,
            guesses=tuple(self._guesses),
        )


def number_text(value: float) -> str:
    """Return a number as a cell."""
    return f"{value:.10g}"


def _part_name(question: str, part: str) -> str:
    return f"{slug(question, 20)}_{slug(part, 19)}"


def _free(name: str, taken: Collection[str], before: str, after: str = "") -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{before}{number}{after}"
    return free
