"""What tellers answered, in one form for all programs.

Several options: a column of yes and no each. Parts of a whole (a triad): to sum 1. Dyads and sliders: from 0 to 1. “N.v.t.” is an
answer and an empty cell is none: beside numbers and ticks it has a column of its own, `<name>_na`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import list_names
from wijkanalyse.loaders.choices import FEW, OTHER, Choice, read_choices
from wijkanalyse.loaders.questions import NO, YES, find_total, fits
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import MAX_CHOICE_WORDS, Reading, slug
from wijkanalyse.loaders.values import (
    NOT_APPLICABLE,
    is_not_applicable,
    month_first,
    read_month,
    read_number,
    read_range,
)

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.loaders.tabular import Table

MAX_STEPS = 10  #: a wider range than this is a slider, and no scale of a few steps
BETTER_FILE, WITH_MAPPING = "verbeter ze in het bestand", "zeg het anders in een koppeling"


def read_answers(table: Table, reading: Reading) -> tuple[pd.DataFrame, list[ColumnSpec], list[Guess]]:
    """Return a table as values with what each column is, and what was decided or left empty on the way."""
    import pandas as pd

    reader = _Reader(table, reading)
    specs = [spec for spec, _ in reader.told.values()]
    columns = {
        spec.name: pd.array(values, dtype="boolean") if spec.dtype == "bool" else values
        for spec, values in reader.told.values()
    }
    return pd.DataFrame(columns), specs, reader.guesses


class _Reader:
    def __init__(self, table: Table, reading: Reading) -> None:
        self.told: dict[str, tuple[ColumnSpec, list[Any]]] = {}
        self.guesses: list[Guess] = []
        self._ranges = reading.ranges
        self._cells = {spec.name: table.column(index) for index, spec in reading.specs}
        # Who typed a word in three stories, or sent one story three times, is one person.
        texts = self._cells["text"]
        tellers = self._cells.get("teller_id", texts)
        self._tellers = [teller or text for teller, text in zip(tellers, texts, strict=True)]
        for _, spec in reading.specs:
            if choice := reading.choices.get(spec.name):
                self._read_choice(spec, choice)
            else:
                self.told[spec.name] = spec, self._read(spec)
        for specs in self._questions("bool"):
            self._complete_ticks(specs)
        for specs in self._questions("float"):
            self._measure(specs)

    def _say(self, what: str, overrule: str) -> None:
        self.guesses.append(Guess(what=what, overrule=overrule))

    def _add(self, spec: ColumnSpec, values: list[Any]) -> None:
        name, number = spec.name, 2
        while name in self.told or name in self._cells:
            name, number = f"{spec.name}_{number}", number + 1
        self.told[name] = replace(spec, name=name), values

    def _questions(self, dtype: str) -> list[list[ColumnSpec]]:
        groups: dict[str, list[ColumnSpec]] = {}
        for spec, _ in self.told.values():
            if spec.dtype == dtype and spec.name in self._cells and spec.role is Role.SIGNIFICATION:
                groups.setdefault(spec.group or spec.name, []).append(spec)
        return list(groups.values())

    def _read(self, spec: ColumnSpec) -> list[Any]:
        cells = self._cells[spec.name]
        values: list[Any]
        if spec.dtype == "float":
            kind, values = "getal", [read_number(cell) for cell in cells]
            if any("," in cell and _known(number) for cell, number in zip(cells, values, strict=True)):
                how = f"de komma in getallen van kolom {_named(spec)} is gelezen als decimaalteken"
                self._say(how, "schrijf getallen zonder komma")
        elif spec.dtype == "bool":
            only = len(set(cells) - {""}) == 1
            kind, values = "ja of nee", [_tick(cell, only=only) for cell in cells]
        elif spec.role is Role.TIME:
            american = month_first(cells)
            kind, values = "datum", [read_month(cell, month_first=american) for cell in cells]
            if american is not None:
                order = "maand-dag-jaar" if american else "dag-maand-jaar"
                how = f"datums als 3-11-2025 in kolom {_named(spec)} zijn gelezen als {order}"
                self._say(how, "schrijf ze met het jaar voorop: 2025-11-03")
        elif spec.role in (Role.TEXT, Role.TITLE):
            return [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
        else:
            closed = spec.dtype == "category"
            return [NOT_APPLICABLE if closed and is_not_applicable(cell) else cell or None for cell in cells]
        unread = [
            (cell, teller)
            for cell, teller, value in zip(cells, self._tellers, values, strict=True)
            if cell and not _known(value) and not is_not_applicable(cell)
        ]
        if unread:
            self._say(
                f"{len(unread)} van {sum(map(bool, cells))} cellen in kolom {_named(spec)} zijn niet als {kind} te lezen "
                f"en blijven leeg{_coming_back(unread)}",
                BETTER_FILE,
            )
        return values

    def _read_choice(self, spec: ColumnSpec, choice: Choice) -> None:
        """Add a column per option; or one column, when there can be one answer or it says who tells."""
        cells = self._cells[spec.name]
        if not choice.by_user:
            by = {
                (option, who)
                for cell, who in zip(cells, self._tellers, strict=True)
                for option in read_choices(cell, choice)[0]
            }
            often = Counter(option for option, _ in by)
            choice = replace(choice, options=tuple(one for one in choice.options if often[one] >= FEW))
        read = [read_choices(cell, choice) for cell in cells]
        others = [(part, who) for (_, parts), who in zip(read, self._tellers, strict=True) for part in parts]
        other = next((option for option in choice.options if option.casefold() == OTHER), OTHER)
        answers = [chosen | ({other} if parts else set()) for chosen, parts in read]
        options = list(dict.fromkeys([*choice.options, other]))
        told = f"{_named(spec)}: {len(choice.options)} keuzes"
        if spec.dtype == "bool":
            if len({who for _, who in others}) < FEW:
                options = list(choice.options)
            spec = replace(spec, group=spec.group or spec.label)
            for option in options:
                ticks = [
                    option in answer if cell else None for answer, cell in zip(answers, cells, strict=True)
                ]
                self._add(replace(spec, name=f"{spec.name}_{slug(option)}", label=option), ticks)
            told = f"{_named(spec)}: meer antwoorden in één cel, {len(choice.options)} keuzes kregen elk een eigen kolom"
        else:
            joined = ["; ".join(one for one in options if one in answer) or None for answer in answers]
            self.told[spec.name] = spec, joined
        if others:
            told += f"; {len(others)} andere antwoorden tellen als ‘{OTHER}’{_coming_back(others)}"
        if others or not choice.by_user:
            self._say(told, f"{WITH_MAPPING} (keuzes: [...])")

    def _complete_ticks(self, specs: list[ColumnSpec]) -> None:
        """Read an empty cell as no, when the teller ticked something else and the program never writes a no."""
        columns = [self.told[spec.name][1] for spec in specs]
        rows = list(zip(*columns, strict=True))
        if not any(value is False for row in rows for value in row):
            for values in columns:
                values[:] = [
                    value or (False if any(row) else None) for value, row in zip(values, rows, strict=True)
                ]
        self._tell_not_applicable(specs)

    def _measure(self, specs: list[ColumnSpec]) -> None:
        """Bring parts of a whole to sum 1, and any other question to 0–1."""
        rows = list(zip(*(self.told[spec.name][1] for spec in specs), strict=True))
        total = find_total(rows) if len(specs) > 2 else None
        if total is None:
            for spec in specs:
                self._rescale(spec)
                self._tell_not_applicable([self.told[spec.name][0]])
            return
        parts = [
            [part if _known(part) else 0.0 for part in row] if fits(row, total) else None for row in rows
        ]
        for number, spec in enumerate(specs):
            shares = [row[number] / sum(row) if row else math.nan for row in parts]
            self.told[spec.name] = replace(spec, unit="0–1", label=_without_range(spec.label)), shares
        question = list_names([specs[0].group])
        if total != 1:
            self._say(
                f"{question}: de delen tellen op tot {total:g} en zijn teruggebracht tot 1", WITH_MAPPING
            )
        if wrong := sum(any(map(_known, row)) and not fits(row, total) for row in rows):
            told = f"{question}: bij {wrong} van de {len(rows)} rijen tellen de delen niet op tot {total:g}; die blijven leeg"
            self._say(told, BETTER_FILE)
        self._tell_not_applicable(specs)

    def _rescale(self, spec: ColumnSpec) -> None:
        """Bring a slider or dyad to 0–1, and anything of which the mapping tells the range."""
        numbers = self.told[spec.name][1]
        told = self._ranges.get(spec.name)
        low, high = told or read_range(spec.unit or "") or read_range(spec.label) or (0.0, 1.0)
        outside = sum(number < low or number > high for number in numbers)  # NaN is neither
        if not told and (outside or 1 < high - low <= MAX_STEPS):
            return
        scaled = [(number - low) / (high - low) if low <= number <= high else math.nan for number in numbers]
        self.told[spec.name] = replace(spec, unit="0–1", label=_without_range(spec.label)), scaled
        if (low, high) != (0, 1):
            self._say(
                f"{_named(spec)} liep van {low:g} tot {high:g} en is teruggebracht tot 0–1",
                f"{WITH_MAPPING} (bereik: [...])",
            )
        if outside:
            told_outside = (
                f"{outside} getallen in kolom {_named(spec)} liggen buiten {low:g}–{high:g} en blijven leeg"
            )
            self._say(told_outside, BETTER_FILE)

    def _tell_not_applicable(self, specs: list[ColumnSpec]) -> None:
        """Add a column for “n.v.t.” when somebody answered so."""
        cells = zip(*(self._cells[spec.name] for spec in specs), strict=True)
        values = zip(*(self.told[spec.name][1] for spec in specs), strict=True)
        said = [
            False if any(map(_known, row)) else True if any(map(is_not_applicable, told)) else None
            for told, row in zip(cells, values, strict=True)
        ]
        if not any(said):
            return
        one = specs[0]
        question, name = (
            (one.label, one.name) if len(specs) == 1 else (one.group or "", slug(one.group or ""))
        )
        spec = ColumnSpec(
            name=f"{name}_na", label=NOT_APPLICABLE, role=one.role, dtype="bool", group=question
        )
        self._add(spec, said)
        told = f"{list_names([question])}: {said.count(True)} keer ‘{NOT_APPLICABLE}’; dat is een antwoord en heeft een eigen kolom"
        self._say(told, "maak die cellen leeg als er niets is geantwoord")


def _known(value: Any) -> bool:
    return value is not None and value == value


def _tick(cell: str, *, only: bool) -> bool | None:
    """Read a tick; where one answer is all a column ever holds, that is the tick (Qualtrics writes the option itself)."""
    word = cell.casefold()
    if not cell or is_not_applicable(cell):
        return None
    return False if word in NO else True if only or word in YES else None


def _named(spec: ColumnSpec) -> str:
    return list_names([spec.source or spec.label])


def _coming_back(answers: Iterable[tuple[str, str]]) -> str:
    """Name the answers of enough tellers; what fewer of them typed may be about somebody, and is only counted."""
    cells = list(answers)
    tellers = Counter(answer for answer, _ in set(cells))
    counts = Counter(answer for answer, _ in cells)
    often = [one for one in sorted(tellers) if tellers[one] >= FEW and len(one.split()) <= MAX_CHOICE_WORDS]
    named = ", ".join(f"{list_names([one])} {counts[one]} keer" for one in often[:5])
    return f" ({named})" if named else ""


def _without_range(label: str) -> str:
    return re.sub(r"\s*\(\d+\s*(?:–|-|tot|t/m)\s*\d+\)", "", label) or label
