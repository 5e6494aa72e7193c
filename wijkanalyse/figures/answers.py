"""What tellers answered about their own story: which questions there are, and each answer as a word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.template import number
from wijkanalyse.privacy.gate import shown_attribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wijkanalyse.corpus import ColumnSpec, Corpus

TRIAD, LINE, CHOICE = "drieluik", "lijn", "keuze"
CORNER, PART = 0.6, 0.2  # where SenseMaker draws the zones of a triad
MAX_STEPS = 11  # answers on a scale with steps
UNKNOWN, NOWHERE = "niet ingevuld", "Past nergens"
_RANGE = re.compile(r"(\d+)\s?(?:–|-|tot|t/m)\s?(\d+)")


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """A question to tellers, with its answers."""

    title: str
    kind: str  #: TRIAD, LINE (dyads and scales) or CHOICE
    labels: tuple[str, ...]  #: the corners, the ends, or what could be chosen
    order: tuple[str, ...]  #: of the answers
    answers: pd.DataFrame = field(repr=False)  #: narrative_id, answer (a word); a row per answer
    places: pd.DataFrame = field(
        repr=False
    )  #: by narrative_id: shares of a triad, or `at` (0 to 1) on a line
    has_steps: bool = False  #: a scale; `order` are its steps


def read_question(corpus: Corpus, name: str | None = None) -> Question:
    """Return a question by its title, or the label or name of one of its columns; default the first.

    Raises
    ------
    InputError
        When there is no such question, or its columns are not parts of one whole.
    """
    groups: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        groups.setdefault(spec.group or spec.label, []).append(spec)
    for title, group in groups.items():
        if name in (None, title):
            return _read(corpus, title, group)
        for spec in group:
            if name in (spec.name, spec.label):
                one = len(group) == 1 or _whole(_numbers(corpus, group)) is None
                return _read(corpus, spec.label if one else title, [spec] if one else group)
    raise InputError.one(
        what=f"Er is geen vraag ‘{name}’." if groups else "Er is geen vraag waarmee vertellers hun verhaal zelf duiden.",
        where=f"corpus uit {corpus.provenance.source}",
        expected=f"een van {list_names(groups)}" if groups else "minstens één kolom met de rol signification",
        now="Kies een van deze vragen met question=."
        if groups
        else "Zeg met een koppeling (kolommen.yaml) welke kolommen duiding zijn, en laad opnieuw.",
    )  # fmt: skip


def told_by(corpus: Corpus, themes: Any = None, group: str | None = None) -> tuple[str, pd.Series]:
    """Return by what stories are put in groups, in Dutch, and the group of each story by narrative_id.

    By a column of the corpus when one is named, else by theme when there are themes, else by perspective; "" when there is
    none of these. Who did not fill it in is a group too.
    """
    frame = corpus.frame.set_index("narrative_id")
    if group is None and themes is not None:
        labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
        own = themes.assignments.set_index("narrative_id")["theme_id"].map(labels)
        return "thema", own.reindex(frame.index).fillna(NOWHERE).astype(str)
    column = group or shown_attribute(corpus)
    if column is None:
        return "", frame["text"].map(lambda _: "alle verhalen")
    return corpus.spec(column).label.lower(), frame[column].astype(object).fillna(UNKNOWN).astype(str)


def group_order(groups: Any) -> list[str]:
    """Return groups by the alphabet, what is no group last."""
    return sorted(set(groups), key=lambda name: (name in (UNKNOWN, NOWHERE), name.casefold(), name))


def _numbers(corpus: Corpus, specs: Sequence[ColumnSpec]) -> pd.DataFrame:
    import pandas as pd

    frame = corpus.frame.set_index("narrative_id")[[spec.name for spec in specs]]
    return frame.apply(pd.to_numeric, errors="coerce").astype(float)


def _whole(values: pd.DataFrame) -> str | None:
    """Tell whether columns are what could be ticked (1, 0 or empty), or three parts that add up to the same for all."""
    if (values.isin([0, 1]) | values.isna()).all(axis=None):
        return CHOICE
    sums = values.dropna().sum(axis=1)
    return (
        TRIAD if len(values.columns) == 3 and (abs(sums / sums.median() - 1) < 0.05).mean() > 0.95 else None
    )


def _read(corpus: Corpus, title: str, group: list[ColumnSpec]) -> Question:
    values, labels = _numbers(corpus, group), tuple(spec.label for spec in group)
    if len(group) == 1 and group[0].dtype in ("float", "int"):
        return _line(title, group[0], values.iloc[:, 0].dropna())
    if len(group) == 1:
        # Microsoft Forms puts several answers in one cell, with a semicolon behind each.
        cells = (
            corpus.frame.set_index("narrative_id")[group[0].name]
            .dropna()
            .astype(str)
            .str.split(";")
            .explode()
            .str.strip()
        )
        cells = cells[cells != ""].rename("answer")
        return _chosen(title, cells, tuple(sorted(cells.unique(), key=str.casefold)))
    whole = _whole(values)
    if whole == CHOICE:
        ticked = values.set_axis(labels, axis=1).melt(var_name="answer", ignore_index=False)
        return _chosen(title, ticked.loc[ticked["value"] == 1, "answer"], labels)
    if whole == TRIAD:
        shares = values.dropna().div(values.dropna().sum(axis=1), axis=0)
        words, order = _zones(shares.to_numpy(), labels)
        answers = shares[[]].assign(answer=words).reset_index()
        return Question(title=title, kind=TRIAD, labels=labels, order=order, answers=answers, places=shares)
    raise InputError.one(
        what=f"De vraag ‘{title}’ heeft {len(group)} kolommen die elk een eigen antwoord zijn.",
        where=f"corpus uit {corpus.provenance.source}",
        expected=f"een van de kolommen {list_names(labels)}",
        now="Teken ze een voor een: question= met de naam van de kolom.",
    )


def _zones(shares: Any, labels: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    a, b, c = labels
    order = (
        *(f"vooral {label}" for label in labels),
        f"{a} en {b}",
        f"{a} en {c}",
        f"{b} en {c}",
        "alle drie",
    )
    sides: dict[tuple[int, ...], int] = {(0, 1): 3, (0, 2): 4, (1, 2): 5}
    large = [tuple(np.flatnonzero(row >= PART - 1e-9).tolist()) for row in shares]
    return [
        order[int(row.argmax()) if row.max() >= CORNER - 1e-9 else sides.get(parts, 6)]
        for row, parts in zip(shares, large, strict=True)
    ], order


def _chosen(title: str, cells: pd.Series, labels: tuple[str, ...]) -> Question:
    answers = cells.reset_index().drop_duplicates(ignore_index=True)
    places = answers.drop_duplicates("narrative_id").set_index("narrative_id")[[]]
    return Question(title=title, kind=CHOICE, labels=labels, order=labels, answers=answers, places=places)


def _line(title: str, spec: ColumnSpec, values: pd.Series) -> Question:
    low, high = _low_high(spec, values)
    ends = spec.ends if len(spec.ends) == 2 else ("laag", "hoog")
    has_steps = 1 < high - low < MAX_STEPS and bool((values % 1 == 0).all())
    a, b = ends
    order: tuple[str, ...] = (f"vooral {a}", f"meer {a}", "ertussenin", f"meer {b}", f"vooral {b}")
    if has_steps:
        order = tuple(number(low + step) for step in range(int(high - low) + 1))
    places = ((values - low) / (high - low)).to_frame("at")
    words = [order[round(at * (len(order) - 1))] for at in places["at"]]
    answers = places[[]].assign(answer=words).reset_index()
    return Question(
        title=title, kind=LINE, labels=ends, order=order, answers=answers, places=places, has_steps=has_steps
    )


def _low_high(spec: ColumnSpec, values: pd.Series) -> tuple[float, float]:
    """Return the ends of a line: as its unit or label says, else 0 and 1, else as far as the answers go."""
    said = (found for found in (_RANGE.search(spec.unit or ""), _RANGE.search(spec.label)) if found)
    for low, high in [*(sorted(map(float, found.groups())) for found in said), (0.0, 1.0)]:
        if low < high and values.between(low, high).all():
            return low, high
    return float(values.min()), float(max(values.max(), values.min() + 1))
