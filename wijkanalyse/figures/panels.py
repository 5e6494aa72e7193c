"""Small multiples: the same axes again and again, one panel for each heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wijkanalyse.figures.template import EDGE, FONT_SIZES, LINE, QUIET
from wijkanalyse.figures.words import broken, short

if TYPE_CHECKING:
    import plotly.graph_objects as go

GUTTER, TICKS = 26, 22  # pixels between columns, and for tick labels below a panel
NARROWEST = 150  # pixels of a panel


def panels(
    headings: Sequence[tuple[str, str]],
    *,
    width: float,
    left: float,
    height: float,
    narrowest: float = NARROWEST,
) -> tuple[go.Figure, list[dict[str, int]]]:
    """Return a figure with a panel for each heading, and the place of each as `row` and `col`.

    Parameters
    ----------
    headings : sequence of (name, quiet line below it)
        At least one.
    width : float
        Of the whole figure, in pixels.
    left : float
        Room for tick labels beside the first column, in pixels.
    height : float
        Of one panel, in pixels.
    narrowest : float
        Of one panel, in pixels; see `columns`.
    """
    from plotly.subplots import make_subplots

    room = width - 2 * EDGE - left
    n_columns, each = columns(len(headings), room, narrowest)
    n_rows = -(-len(headings) // n_columns)
    size = FONT_SIZES["label"]
    # In one column a heading may begin above the tick labels.
    shift = left if n_columns == 1 else 0
    lines = [_heading(name, quiet, each + shift, size) for name, quiet in headings]
    above = max(len(each_lines) for each_lines in lines) * size * LINE + 4
    total = n_rows * height + (n_rows - 1) * (above + TICKS)
    figure = make_subplots(
        rows=n_rows, cols=n_columns, shared_yaxes=True, horizontal_spacing=GUTTER / room if n_columns > 1 else 0,
        vertical_spacing=(above + TICKS) / total if n_rows > 1 else 0,
    )  # fmt: skip
    places = [{"row": i // n_columns + 1, "col": i % n_columns + 1} for i in range(len(headings))]
    for i, text in enumerate(lines):
        axis = "" if i == 0 else str(i + 1)
        figure.add_annotation(
            text="<br>".join(text), x=0, xref=f"x{axis} domain", xanchor="left", y=1, yref=f"y{axis} domain", yanchor="bottom", xshift=-shift,
            yshift=2,
            align="left", showarrow=False, borderpad=0, font={"size": size},
        )  # fmt: skip
    for unused in range(len(headings), n_rows * n_columns):
        figure.update_xaxes(visible=False, row=unused // n_columns + 1, col=unused % n_columns + 1)
    figure.update_xaxes(fixedrange=True, tickfont={"size": 11})
    figure.update_yaxes(fixedrange=True, tickfont={"size": size})
    figure.update_layout(height=total, margin={"l": left, "t": above, "b": TICKS})
    return figure, places


def columns(n: int, room: float, narrowest: float) -> tuple[int, float]:
    """Return how many of n panels fit beside each other, and how wide each is in pixels."""
    n_columns = max(1, min(n, int((room + GUTTER) // (narrowest + GUTTER))))
    return n_columns, (room - GUTTER * (n_columns - 1)) / n_columns


def _heading(name: str, quiet: str, width: float, size: float) -> list[str]:
    first, *rest = broken(name, width * 0.95, size)  # bold is a little wider
    bold = [first, short(" ".join(rest), width * 0.95, size)] if rest else [first]
    return [
        *(f"<b>{line}</b>" for line in bold),
        f'<span style="color:{QUIET}">{short(quiet, width, size)}</span>',
    ]
