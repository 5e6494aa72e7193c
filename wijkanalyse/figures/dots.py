"""Every story a dot: beside each other where many lie in one place, closer together where there is no room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.drawing import Panels, marks
from wijkanalyse.figures.template import FONT_SIZES, GROUND, INK, PAPER, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.words import short, stories

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

MOST_DOTS = 5_000  # in a figure, about; beyond it SVG gets slow, and WebGL is not in every browser
N_PLACES = 21  # on a line without steps: tellers place by about a twentieth
NARROWEST = 250  # pixels of a line
GOLDEN = np.pi * (3 - 5**0.5)


def in_dots(points: pd.DataFrame, group: str, places: Sequence[str]) -> pd.DataFrame:
    """Say which dot each story is in: its own, and beyond `MOST_DOTS` that of a few that lie beside it.

    Parameters
    ----------
    points : pandas.DataFrame
        narrative_id, title, and the columns `group` and `places`: one on a line or two in a plane, 0 to 1.

    Returns
    -------
    pandas.DataFrame
        The same, sorted by id, with the key of the dot as `mark`, its places, and what it says as `text`.
    """
    points = points.sort_values("narrative_id", ignore_index=True)
    text = [title or "zonder titel" for title in points["title"]]
    points = points.assign(mark=points["narrative_id"], text=text)
    if (each := stories_in_a_dot(len(points))) == 1:
        return points
    # Within small squares, so that no dot lies where none of its stories does.
    squares = [(points[place] * 20).round().rename(f"square of {place}") for place in places]
    by = [points[group], *squares]
    order = points.sort_values([*places, "narrative_id"]).index
    part = points.loc[order].groupby(by, dropna=False).cumcount() // each
    dot = points.groupby([*by, part.rename("part")], dropna=False).ngroup() + 1
    points = points.assign(mark=points[group].astype(str) + " · " + dot.astype(str))
    shared = points.groupby("mark")
    middle = shared[list(places)].transform("mean")
    return points.assign(
        text=shared["mark"].transform("size").map(stories), **{at: middle[at] for at in places}
    )


def stories_in_a_dot(n: int) -> int:
    """Return how many of n stories a dot stands for at most."""
    return max(1, -(-n // MOST_DOTS))


def many(n: int) -> str:
    """Return what a note says of the dots of n stories: nothing when each story has its own."""
    each = stories_in_a_dot(n)
    return (
        f" Omdat het er zoveel zijn, staat een stip hier voor hoogstens {number(each)} verhalen vlak bij elkaar."
        if each > 1
        else ""
    )


def dot_size(n: int, width: float) -> float:
    """Return the diameter of the dots of n stories in pixels, smaller where there are many or the figure is narrow."""
    return float(
        np.interp(n / stories_in_a_dot(n), [200, 2_000, 20_000], [8, 5, 3]) * min(1.0, (width / 500) ** 0.5)
    )


def dots(told: pd.DataFrame, places: Any, *, size: float, colour: str | None, name: str) -> go.Scatter:
    """Return a trace of dots that open their stories.

    Parameters
    ----------
    told : pandas.DataFrame
        mark, text; a row per dot.
    places : numpy.ndarray, shape (n_dots, 2)
    size : float
        In pixels.
    colour : str or None
        None for open grey dots.
    name : str
    """
    line = {"width": 0.5 if size > 5 else 0, "color": PAPER} if colour else {"width": 1, "color": GROUND}
    return marks(
        places[:, 0], places[:, 1], told["mark"], name=name, hover=f"%{{text}}<br><i>{name}</i>", text=told["text"],
        size=size, color=colour or PAPER, line=line,
    )  # fmt: skip


def spread(places: Any, step: float, most: float) -> Any:
    """Lay what is in one place around it, as the seeds of a sunflower (Vogel 1979, doi:10.1016/0025-5564(79)90080-4).

    Parameters
    ----------
    places : numpy.ndarray, shape (n, 2)
    step, most : float
        From one to the next, and how far from its place one may come to lie, in the unit of the places.
    """
    _, group, sizes = np.unique(np.round(places, 6), axis=0, return_inverse=True, return_counts=True)
    rank = _rank(group.ravel())
    radius = np.sqrt(rank) * np.minimum(step, most / np.sqrt(sizes[group.ravel()]))
    return places + np.column_stack([radius * np.cos(rank * GOLDEN), radius * np.sin(rank * GOLDEN)])


def _rank(group: Any) -> Any:
    """Return 0, 1, 2 … within each group, in the order of the rows."""
    order = np.argsort(group, kind="stable")
    rank = np.empty(len(group), dtype=int)
    rank[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    return rank


def strips(
    rows: Sequence[tuple[str, str, pd.DataFrame]], ticks: Sequence[str], *, width: float, height: float,
    narrowest: float = NARROWEST, n_places: int = N_PLACES, diamonds: Mapping[str, tuple[float, str]] = MappingProxyType({}),
) -> go.Figure:  # fmt: skip
    """Draw a line between two ends for each group; stories in one place are piled up.

    Parameters
    ----------
    rows : sequence of (name, quiet line below it, stories)
        At least one. Stories have narrative_id, mark, text and `at` (0 to 1); where nobody has a place they lie in a block,
        as open dots.
    ticks : sequence of str
        What stands below the line, at equal distances.
    width, height, narrowest : float
        Of the figure; of a line, and the least it is wide, in pixels.
    n_places : int
        On the line: the steps of a scale, or `N_PLACES`.
    diamonds : mapping, optional
        Name → where above the line a diamond opens the whole group, and what it says.
    """
    headings = [(name, quiet) for name, quiet, _ in rows]
    panels = Panels(headings, width=width, left=0, height=height, narrowest=narrowest)
    wide, small = panels.each, FONT_SIZES["note"]
    size = dot_size(sum(len(told) for *_, told in rows), width)
    for panel, (name, _, told) in enumerate(rows):
        told = told.drop_duplicates("mark")
        has_places = bool(told["at"].notna().any())
        box = (wide, height, size)
        xy = _piled(told["at"], n_places, *box) if has_places else _block(len(told), *box)
        colour = THEME_COLOURS[0] if has_places else None
        panels.add(panel, dots(told, xy, size=size, colour=colour, name=name))
        if name in diamonds:
            value, said = diamonds[name]
            look = {"symbol": "diamond", "size": 12, "color": INK, "line": {"width": 1.5, "color": PAPER}}
            place = _line_place(value, n_places, wide)
            panels.add(panel, marks([place], [height - 7], [name], name=name, hover=said, **look))
        for i, text in enumerate(ticks if has_places else ()):
            at = _line_place(i / (len(ticks) - 1), n_places, wide)
            side = ("left", "right")[i] if len(ticks) == 2 else "center"
            x = {"left": 0, "right": wide, "center": at}[side]
            text = short(text, wide / len(ticks) - 4, small)
            below = {"xanchor": side, "yanchor": "top", "yshift": -4}
            panels.write(panel, x, 0, [text], size=small, colour=QUIET, **below)
    x = {"range": [0, wide], "showticklabels": False, "showline": True}
    return panels.figure(x=x, y={"range": [0, height], "visible": False})


def _line_place(at: Any, n_places: int, wide: float) -> Any:
    """Return where a place between 0 and 1 is in pixels: half a pile is kept free at both ends."""
    return (0.5 + at * (n_places - 1)) * wide / n_places


def _piled(at: Any, n_places: int, wide: float, height: float, size: float) -> Any:
    pile = np.round(np.clip(at.to_numpy(dtype=float), 0, 1) * (n_places - 1)).astype(int)
    most = max(1, int(wide / n_places * 0.85 / size))
    across, rank = np.minimum(most, np.bincount(pile, minlength=n_places)[pile]), _rank(pile)
    x = _line_place(pile / (n_places - 1), n_places, wide) + (rank % across - (across - 1) / 2) * size
    return np.column_stack([x, _stacked(rank // across, height, size)])


def _block(n: int, wide: float, height: float, size: float) -> Any:
    across, rank = max(1, int(wide / size)), np.arange(n)
    return np.column_stack([size / 2 + rank % across * size, _stacked(rank // across, height, size)])


def _stacked(level: Any, height: float, size: float) -> Any:
    return size / 2 + level * min(size, (height - size) / max(1, level.max(initial=0)))
