"""Every story a dot: beside each other where many lie in one place, closer together where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.panels import columns, panels
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GROUND, PAPER, QUIET, THEME_COLOURS
from wijkanalyse.figures.words import short

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

SVG_LIMIT = 5_000  # dots in a figure; beyond it SVG gets slow, below it WebGL is not needed
N_PLACES = 21  # on a line without steps: tellers place by about a twentieth
NARROWEST = 250  # pixels of a line
GOLDEN = np.pi * (3 - 5**0.5)


def dot_size(n: int, width: float) -> float:
    """Return the diameter of a dot in pixels, smaller where there are many or the figure is narrow."""
    return float(np.interp(n, [200, 2_000, 20_000], [8, 5, 3]) * min(1.0, (width / 500) ** 0.5))


def dots(told: pd.DataFrame, places: Any, *, size: float, n: int, colour: str | None, name: str) -> Any:
    """Return a trace with a dot for each story that opens it.

    Parameters
    ----------
    told : pandas.DataFrame
        narrative_id, title.
    places : numpy.ndarray, shape (n_stories, 2)
    size : float
        In pixels.
    n : int
        Dots in the whole figure: more than SVG can hold are drawn with WebGL.
    colour : str or None
        None for open grey dots.
    name : str
    """
    import plotly.graph_objects as go

    line = {"width": 0.5 if size > 5 else 0, "color": PAPER} if colour else {"width": 1, "color": GROUND}
    return (go.Scatter if n <= SVG_LIMIT else go.Scattergl)(
        x=places[:, 0], y=places[:, 1], mode="markers", name=name, showlegend=False, customdata=list(told["narrative_id"]),
        text=[title or "zonder titel" for title in told["title"]], hovertemplate=f"%{{text}}<br><i>{name}</i><extra></extra>",
        marker={"size": size, "color": colour or PAPER, "line": line},
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


@dataclass(frozen=True, eq=False, kw_only=True)
class Strip:
    """Stories on a line between two ends; without places they lie in a block, as open dots."""

    name: str
    quiet: str  #: line below the name: of how many
    told: pd.DataFrame = field(repr=False)  #: narrative_id, title, at (0 to 1)
    has_places: bool = True


def strips(
    rows: Sequence[Strip], ticks: Sequence[str], *, width: float, height: float, narrowest: float = NARROWEST, n_places: int = N_PLACES
) -> tuple[go.Figure, list[dict[str, int]], float]:  # fmt: skip
    """Draw a panel for each strip; stories in one place are piled up.

    Parameters
    ----------
    rows : sequence of Strip
        At least one.
    ticks : sequence of str
        What stands below the line, at equal distances.
    width, height, narrowest : float
        Of the figure; of a line, and the least it is wide, in pixels.
    n_places : int
        On the line: the steps of a scale, or `N_PLACES`.

    Returns
    -------
    figure, the place of each panel, and the width of a panel; the axes are in pixels.
    """
    headings = [(row.name, row.quiet) for row in rows]
    wide = columns(len(rows), width - 2 * EDGE, narrowest)[1]
    figure, places = panels(headings, width=width, left=0, height=height, narrowest=narrowest)
    n = sum(len(row.told) for row in rows)
    size, small = dot_size(n, width), FONT_SIZES["note"]
    for row, place in zip(rows, places, strict=True):
        told = row.told.sort_values("narrative_id")
        xy = (
            _piled(told["at"], n_places, wide, height, size)
            if row.has_places
            else _block(len(told), wide, height, size)
        )
        figure.add_trace(
            dots(
                told, xy, size=size, n=n, colour=THEME_COLOURS[0] if row.has_places else None, name=row.name
            ),
            **place,
        )
        for i, text in enumerate(ticks if row.has_places else ()):
            at = line_place(i / (len(ticks) - 1), n_places, wide)
            side = ("left", "right")[i] if len(ticks) == 2 else "center"
            figure.add_annotation(
                x={"left": 0, "right": wide, "center": at}[side], y=0, xanchor=side, yanchor="top", yshift=-4, showarrow=False, borderpad=0,
                text=short(text, wide / len(ticks) - 4, small), font={"size": small, "color": QUIET}, **place,
            )  # fmt: skip
    figure.update_xaxes(range=[0, wide], showticklabels=False, showline=True)
    figure.update_yaxes(range=[0, height], visible=False)
    return figure, places, wide


def line_place(at: Any, n_places: int, wide: float) -> Any:
    """Return where a place between 0 and 1 is in pixels: half a pile is kept free at both ends."""
    return (0.5 + at * (n_places - 1)) * wide / n_places


def _piled(at: Any, n_places: int, wide: float, height: float, size: float) -> Any:
    pile = np.round(np.clip(at.to_numpy(dtype=float), 0, 1) * (n_places - 1)).astype(int)
    across = np.minimum(
        max(1, int(wide / n_places * 0.85 / size)), np.bincount(pile, minlength=n_places)[pile]
    )
    rank = _rank(pile)
    x = line_place(pile / (n_places - 1), n_places, wide) + (rank % across - (across - 1) / 2) * size
    return np.column_stack([x, _stacked(rank // across, height, size)])


def _block(n: int, wide: float, height: float, size: float) -> Any:
    across, rank = max(1, int(wide / size)), np.arange(n)
    return np.column_stack([size / 2 + rank % across * size, _stacked(rank // across, height, size)])


def _stacked(level: Any, height: float, size: float) -> Any:
    return size / 2 + level * min(size, (height - size) / max(1, level.max(initial=0)))
