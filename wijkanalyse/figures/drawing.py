"""What figures are built of: marks that open stories, words at a place, and a ground in pixels or in panels.

plotly checks every mark and word that is added to a figure again and again, so that all are collected first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.template import EDGE, FONT_SIZES, INK, LINE, QUIET
from wijkanalyse.figures.words import broken, short

if TYPE_CHECKING:
    import plotly.graph_objects as go

GUTTER, TICKS = 26, 22  # pixels between columns, and for tick labels below a panel
NARROWEST = 150  # pixels of a panel
SIZE = FONT_SIZES["label"]


def marks(
    x: Any, y: Any, keys: Any, *, name: Any, hover: Any, text: Any = None, more: Any = None, **marker: Any
) -> go.Scatter:
    """Return a trace of marks that open their stories.

    Parameters
    ----------
    x, y : sequence
    keys : sequence of str or None
        See `Behind`; None for marks that open nothing.
    name, hover : str
        Of the trace, and its `hovertemplate`.
    text : sequence of str, optional
        What each mark says when it is pointed at, `%{text}` in `hover`.
    more : dict, optional
        Of the trace.
    marker
        As plotly has it.
    """
    import plotly.graph_objects as go

    return go.Scatter(
        x=list(x), y=list(y), customdata=None if keys is None else list(keys), text=None if text is None else list(text),
        name=name, mode="markers", hovertemplate=f"{hover}<extra></extra>", marker=marker, **{"showlegend": False, **(more or {})},
    )  # fmt: skip


def written(x: Any, y: Any, lines: Sequence[str], *, size: Any = SIZE, colour: Any = INK, **more: Any) -> dict[str, Any]:  # fmt: skip
    """Return an annotation: lines of words at a place; `more` as plotly has it."""
    plain = {"xanchor": "center", "showarrow": False, "borderpad": 0, "font": {"size": size, "color": colour}}
    return {"x": x, "y": y, "text": "<br>".join(lines), "align": more.get("xanchor"), **plain, **more}


def canvas(
    traces: Sequence[Any],
    texts: Sequence[Any],
    *,
    width: float,
    height: float,
    down: bool = True,
    **layout: Any,
) -> go.Figure:
    """Return a figure in pixels from the upper left; y goes down, or up and is below zero."""
    import plotly.graph_objects as go

    figure = go.Figure(list(traces), layout={"height": height, "annotations": list(texts), **layout})
    figure.update_xaxes(visible=False, range=[0, width - 2 * EDGE])
    return figure.update_yaxes(visible=False, range=[height, 0] if down else [-height, 0])


def by_category(order: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """Return a y-axis of categories from top to bottom with how they are written; a word has the place of its number.

    A category such as "2" would be the number two to whoever places a word by it.
    """
    return {
        "type": "category", "categoryorder": "array", "categoryarray": list(order), "range": [len(order) - 0.5, -0.5],
        "tickmode": "array", "tickvals": list(order), "ticktext": list(names),
    }  # fmt: skip


def columns(n: int, room: float, narrowest: float) -> tuple[int, float]:
    """Return how many of n panels fit beside each other, and how wide each is in pixels."""
    n_columns = max(1, min(n, int((room + GUTTER) // (narrowest + GUTTER))))
    return n_columns, (room - GUTTER * (n_columns - 1)) / n_columns


class Panels:
    """Small multiples: the same axes again and again, one panel for each heading.

    Parameters
    ----------
    headings : sequence of (name, quiet line below it)
        At least one.
    width : float
        Of the whole figure, in pixels.
    left : float
        Room for tick labels beside the first column, in pixels.
    height, narrowest : float
        Of one panel, in pixels; see `columns`.
    """

    def __init__(
        self, headings: Sequence[tuple[str, str]], *, width: float, left: float, height: float, narrowest: float = NARROWEST
    ) -> None:  # fmt: skip
        room = width - 2 * EDGE - left
        self._n_columns, self.each = columns(len(headings), room, narrowest)
        # In one column a heading may begin above the tick labels.
        shift = left if self._n_columns == 1 else 0
        lines = [_heading(name, quiet, self.each + shift) for name, quiet in headings]
        above = max(map(len, lines)) * SIZE * LINE + 4
        n_rows, gap = -(-len(headings) // self._n_columns), above + TICKS
        total = n_rows * height + (n_rows - 1) * gap
        self._domains = []
        for row, column in (divmod(i, self._n_columns) for i in range(len(headings))):
            left_of, above_it = column * (self.each + GUTTER), row * (height + gap)
            # Rounded, as a hair beyond 0 or 1 is refused.
            across = [round(at / room, 9) for at in (left_of, left_of + self.each)]
            down = [round(1 - at / total, 9) for at in (above_it + height, above_it)]
            self._domains.append((across, down))
        self._layout = {"height": total, "margin": {"l": left, "t": above, "b": TICKS}}
        self._traces: list[Any] = []
        self._texts = list[dict[str, Any]]()
        for i, each in enumerate(lines):
            x, y = (f"{axis}{_suffix(i)} domain" for axis in "xy")
            at = {"xref": x, "yref": y, "xanchor": "left", "yanchor": "bottom", "xshift": -shift, "yshift": 2}
            self.write(i, 0, 1, each, **at)

    def add(self, panel: int, *traces: Any) -> None:
        """Draw traces in a panel, counted from 0."""
        axes = {f"{axis}axis": f"{axis}{_suffix(panel)}" for axis in "xy"}
        self._traces += [trace.update(axes) for trace in traces]

    def write(self, panel: int, x: Any, y: Any, lines: Sequence[str], **more: Any) -> None:
        """Write words in a panel; see `written`."""
        refs = {f"{axis}ref": f"{axis}{_suffix(panel)}" for axis in "xy"}
        self._texts.append(written(x, y, lines, **{**refs, **more}))

    def figure(self, *, x: dict[str, Any], y: dict[str, Any]) -> go.Figure:
        """Return the figure; all panels have the same axes, and tick labels of y stand beside the first column."""
        import plotly.graph_objects as go

        axes: dict[str, Any] = {}
        for i, (across, down) in enumerate(self._domains):
            n, first = _suffix(i), i % self._n_columns == 0
            axes[f"xaxis{n}"] = {"domain": across, "anchor": f"y{n}", "fixedrange": True, "tickfont": {"size": 11}, **x}  # fmt: skip
            axes[f"yaxis{n}"] = {"domain": down, "anchor": f"x{n}", "fixedrange": True, "tickfont": {"size": SIZE}, **y}  # fmt: skip
            axes[f"yaxis{n}"] |= {} if first else {"showticklabels": False}
        return go.Figure(self._traces, {**self._layout, **axes, "annotations": self._texts})


def _suffix(panel: int) -> str:
    return str(panel + 1) if panel else ""


def _heading(name: str, quiet: str, width: float) -> list[str]:
    bold = [f"<b>{line}</b>" for line in in_two(name, width * 0.95)]  # bold is a little wider
    return [*bold, f'<span style="color:{QUIET}">{short(quiet, width, SIZE)}</span>']


def in_two(text: str, width: float) -> list[str]:
    """Return a label in at most two lines."""
    first, *rest = broken(text, width, SIZE)
    return [first, short(" ".join(rest), width, SIZE)] if rest else [first]


def listed(names: Sequence[str], width: float) -> list[str]:
    """Return the lines of a list of names by number, for who finds no room beside what it names."""
    return [line for n, name in enumerate(names, 1) for line in broken(f"{n} {name}", width, SIZE)]


def tint(colour: str, opacity: float = 0.15) -> str:
    """Return a colour that lets through what lies beneath."""
    return f"rgba{(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)), opacity)}"
