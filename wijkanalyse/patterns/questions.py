"""What can be compared between groups of stories: who told it, when, and what the teller answered about it.

Only columns with the role of perspective, time or signification come in here; a team or organisation never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.corpus import ColumnSpec, Corpus, Role
from wijkanalyse.patterns.statistics import Array, ilr, replace_zeros, ridits

if TYPE_CHECKING:
    import pandas as pd

Enough = Callable[[Array], bool]  #: whether the stories of this mask stand on enough tellers
_RANGE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:–|-|tot|t/m)\s*(\d+(?:[.,]\d+)?)")
MAX_STEPS = 10
ARE, HAVE, LIE, GOT = ("is", "zijn"), ("heeft", "hebben"), ("ligt", "liggen"), ("kreeg", "kregen")
_MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Phrase:
    """Something that holds for a story or not, and how to say it."""

    verb: tuple[str, str]  #: of one story and of several: is, zijn
    rest: str  #: goes after the verb, and before it in a clause: "vanuit ‘school’ verteld"
    short: str  #: for a title
    holds: Array  #: bool, shape (n_stories,)
    score: Array  #: the higher, the more it holds; float, shape (n_stories,)
    side: int = 1  #: which direction of the facet it says something about


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Facet:
    """One thing to test, and what may be said of it when it stands out."""

    key: str
    values: Array  #: shape (n_stories, n_columns); NaN is missing
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Question:
    """The facets that belong together: one table of comparisons."""

    kind: str  #: stemmen, duiding, spanningsveld, verschuiving, samenloop, drie lezingen
    key: str
    label: str
    facets: tuple[Facet, ...]
    only_more: bool = False  #: whether "less than elsewhere" says nothing here


def questions_of(corpus: Corpus, frame: pd.DataFrame, enough: Enough) -> list[Question]:
    """Return what can be asked of every story, in the order of the columns.

    Parameters
    ----------
    corpus : Corpus
        For the meaning of the columns.
    frame : pandas.DataFrame
        The stories.
    enough : callable
        Options of fewer tellers are not looked at.
    """
    found: list[Question] = []
    for spec in corpus.with_role(Role.PERSPECTIVE):
        found += _options("stemmen", spec, frame, enough, ARE, "vanuit ‘{}’ verteld")
    for spec in corpus.with_role(Role.TIME):
        found += _time(spec, frame)
    groups: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        groups.setdefault(spec.group or spec.name, []).append(spec)
    for specs in groups.values():
        found += _answers(specs, frame, enough)
    return [question for question in found if question.facets]


def _answers(specs: Sequence[ColumnSpec], frame: pd.DataFrame, enough: Enough) -> Iterator[Question]:
    numeric = [spec for spec in specs if spec.dtype in ("float", "int", "bool")]
    # A tick “n.v.t.” stands beside the parts of a triad and is none of them.
    parts = [spec for spec in numeric if spec.dtype != "bool"]
    values = frame[[spec.name for spec in parts]].to_numpy(dtype=float)
    if len(parts) > 2 and _is_composition(values):
        yield from _triad(specs[0].group or specs[0].label, parts, values)
        numeric = [spec for spec in numeric if spec not in parts]
    yes = [spec for spec in numeric if frame[spec.name].dropna().astype(float).isin([0.0, 1.0]).all()]
    if yes:
        chosen = [(spec.label, frame[spec.name].to_numpy(dtype=float)) for spec in yes]
        label = yes[0].group or yes[0].label
        yield _choice(
            "duiding",
            yes[0].group or yes[0].name,
            label,
            chosen,
            enough,
            HAVE,
            f"bij ‘{label}’ het antwoord ‘{{}}’",
        )
    for spec in numeric:
        if spec not in yes:
            yield from _scale(spec, frame[spec.name].to_numpy(dtype=float), enough)
    for spec in specs:
        if spec.dtype not in ("float", "int", "bool"):
            yield from _options(
                "duiding", spec, frame, enough, HAVE, f"bij ‘{spec.label}’ het antwoord ‘{{}}’"
            )


def _options(
    kind: str, spec: ColumnSpec, frame: pd.DataFrame, enough: Enough, verb: tuple[str, str], rest: str
) -> Iterator[Question]:
    """Compare a closed question per option; a cell with several answers ("boos;moe") counts for each."""
    answers = frame[spec.name]
    known = answers.notna().to_numpy()
    sets = [{part.strip() for part in str(cell).split(";")} for cell in answers]
    options = sorted({part for cell, use in zip(sets, known, strict=True) if use for part in cell if part})
    columns = [
        (option, np.where(known, [float(option in cell) for cell in sets], np.nan)) for option in options
    ]
    yield _choice(kind, spec.name, spec.label, columns, enough, verb, rest)


def _choice(
    kind: str,
    key: str,
    label: str,
    columns: Sequence[tuple[str, Array]],
    enough: Enough,
    verb: tuple[str, str],
    rest: str,
) -> Question:
    facets = [
        Facet(key=option, values=values[:, None], phrases=(
            Phrase(verb=verb, rest=rest.format(option), short=f"{'bij ' if kind == 'duiding' else ''}‘{option}’", holds=values == 1, score=values),
        ))
        for option, values in columns
        if enough(values == 1) and enough(values == 0)
    ]  # fmt: skip
    return Question(kind=kind, key=key, label=label, facets=tuple(facets))


def _scale(spec: ColumnSpec, values: Array, enough: Enough) -> Iterator[Question]:
    """Compare where answers lie on a dyad or scale, and whether they lie at both ends."""
    known = np.isfinite(values)
    if not known.any() or np.nanmin(values) == np.nanmax(values):
        return
    named = _RANGE.search(spec.unit or "")
    low, high = (float(end.replace(",", ".")) for end in named.groups()) if named else (0.0, 0.0)
    if not low <= np.nanmin(values) <= np.nanmax(values) <= high:
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
    left, right = (spec.ends[0], spec.ends[-1]) if len(spec.ends) > 1 else ("laag", "hoog")
    third, middle = (high - low) / 3 + 1e-9, (low + high) / 2
    ends = (
        _end(spec.label, left, values <= low + third, -values, -1),
        _end(spec.label, right, values >= high - third, values, 1),
    )
    halves = (
        _half(spec.label, left, right, values < middle - 1e-9, -values, -1),
        _half(spec.label, right, left, values > middle + 1e-9, values, 1),
    )
    facet = Facet(key=spec.name, values=ridits(values), phrases=(*ends, *halves))
    yield Question(kind="duiding", key=spec.name, label=spec.label, facets=(facet,))
    # A point between two poles, not a step on a ladder of a few.
    is_dyad = len(np.unique(values[known])) > MAX_STEPS
    if is_dyad and enough(ends[0].holds) and enough(ends[1].holds):
        far = np.abs(values - middle)
        poles = Facet(key=spec.name, values=ridits(far), phrases=ends)
        yield Question(kind="spanningsveld", key=spec.name, label=spec.label, facets=(poles,), only_more=True)


def _end(label: str, end: str, holds: Array, score: Array, side: int) -> Phrase:
    rest = f"bij ‘{label}’ aan de kant van ‘{end}’"
    return Phrase(verb=LIE, rest=rest, short=f"aan de kant van ‘{end}’", holds=holds, score=score, side=side)


def _half(label: str, end: str, other: str, holds: Array, score: Array, side: int) -> Phrase:
    rest = f"bij ‘{label}’ dichter bij ‘{end}’ dan bij ‘{other}’"
    return Phrase(
        verb=LIE, rest=rest, short=f"dichter bij ‘{end}’", holds=holds, score=score, side=side
    )  # fmt: skip


def _is_composition(values: Array) -> bool:
    """Tell whether the columns are parts of one answer: never negative, with the same sum in every story."""
    sums = values[np.isfinite(values).all(axis=1)].sum(axis=1)
    return bool(len(sums) and np.nanmin(values) >= 0 and sums.max() > 0 and np.ptp(sums) <= 0.05 * sums.max())


def _triad(label: str, specs: Sequence[ColumnSpec], values: Array) -> Iterator[Question]:
    """Compare where answers lie in a triad, and whether they lie in the middle."""
    parts = replace_zeros(values)
    coordinates = ilr(parts)
    known = np.isfinite(coordinates).all(axis=1)
    places = list(_places(label, [spec.label for spec in specs]))
    distances = np.stack([np.linalg.norm(parts - target, axis=1) for _, _, target in places], axis=1)
    nearest = np.where(known, np.argmin(np.nan_to_num(distances, nan=np.inf), axis=1), -1)
    phrases = [
        Phrase(verb=LIE, rest=text, short=short, holds=nearest == number,
               score=-distances[:, number], side=-1 if number == len(places) - 1 else 1)
        for number, (text, short, _) in enumerate(places)
    ]  # fmt: skip
    key = specs[0].group or specs[0].name
    where = Facet(key=key, values=coordinates, phrases=tuple(phrases))
    yield Question(kind="duiding", key=key, label=label, facets=(where,))
    far = np.where(known, np.linalg.norm(coordinates, axis=1), np.nan)
    middle = Facet(key=f"{key}, midden", values=ridits(far), phrases=tuple(phrases[-1:]))
    yield Question(kind="duiding", key=f"{key}, midden", label=label, facets=(middle,))


def _places(label: str, names: Sequence[str]) -> Iterator[tuple[str, str, Array]]:
    """Yield the corners, the edges and the middle: how to say it, and the point an answer is nearest to."""
    unit = np.eye(len(names))
    for number, name in enumerate(names):
        yield f"bij ‘{label}’ in de hoek van ‘{name}’", f"in de hoek van ‘{name}’", unit[number]
    for a, b in combinations(range(len(names)), 2):
        edge = f"op de rand tussen ‘{names[a]}’ en ‘{names[b]}’"
        yield f"bij ‘{label}’ {edge}", edge, (unit[a] + unit[b]) / 2
    yield f"bij ‘{label}’ in het midden", "in het midden", unit.mean(axis=0)


def _time(spec: ColumnSpec, frame: pd.DataFrame) -> Iterator[Question]:
    """Compare earlier with later, by the order of the months; there is no line to a target."""
    known = frame[spec.name].notna().to_numpy()
    months = sorted(set(frame[spec.name].dropna().astype(str)))
    if len(months) < 2:
        return
    position = frame[spec.name].astype(str).map({month: n for n, month in enumerate(months)})
    values = np.where(known, position.to_numpy(dtype=float), np.nan)
    # The first month after the half of the stories; the first half is never empty.
    start = max(1, int(np.nanmedian(values)) + 1)
    start = min(start, len(months) - 1)
    since = _in_words(months[start])
    later, earlier = values >= start, values < start
    phrases = (
        Phrase(verb=ARE, rest=f"van {since} of later", short="later", holds=later, score=values),
        Phrase(verb=ARE, rest=f"van vóór {since}", short="eerder", holds=earlier, score=-values,
               side=-1),
    )  # fmt: skip
    facet = Facet(key=spec.name, values=ridits(values), phrases=phrases)
    yield Question(kind="verschuiving", key=spec.name, label=spec.label, facets=(facet,))


def _in_words(month: str) -> str:
    year, _, number = month.partition("-")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month[:7]):
        return f"‘{month}’"
    return f"{_MONTHS[int(number[:2]) - 1]} {year}"
