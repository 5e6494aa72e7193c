"""Counts as small bars, a panel for each row of a table: what most figures look like outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.drawing import SIZE, Panels, by_category
from wijkanalyse.figures.template import FONT_SIZES, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, describe, empty, short, tellers, text_width, told
from wijkanalyse.privacy.disclosure import TELLERS
from wijkanalyse.privacy.gate import NOT_SHOWN

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

LABEL_SHARE = 0.4  # of the width, for the names of bars at most
BAR = 19  # pixels for one bar
EVERYBODY = "alle vertellers"  # heading of a table of one column; no label of a cell
TOO_SMALL = "Geen enkele groep is groot genoeg om naar buiten te laten zien."


def bar_key(row: Any, label: Any) -> str:
    """Return the key of what stands for a row and a label."""
    return f"{row} · {label}"


def bars(
    table: pd.DataFrame, quiet: Mapping[Any, str], *, width: float, texts: pd.DataFrame | None = None
) -> go.Figure:
    """Draw a panel for each row of a table and a bar for each column; what is missing is a dash.

    Parameters
    ----------
    table : pandas.DataFrame of float
        At least one row and one column.
    quiet : mapping
        Row → the line below its name.
    width : float
        Of the figure, in pixels.
    texts : pandas.DataFrame, optional
        What stands beside each bar; default its number.
    """
    import plotly.graph_objects as go

    names = [short(label, width * LABEL_SHARE, SIZE) for label in table.columns]
    left = max(text_width(name, SIZE) for name in names) + 8
    headings = [(row, quiet.get(row, "")) for row in table.index]
    panels = Panels(headings, width=width, left=left, height=BAR * len(names) + 4)
    for panel, (row, cells) in enumerate(table.iterrows()):
        values = cells[cells > 0]
        bar = go.Bar(
            x=list(values), y=list(values.index), orientation="h", name=row, showlegend=False, width=0.7,
            customdata=[bar_key(row, label) for label in values.index], hovertemplate="%{y}<extra></extra>",
            marker={"color": THEME_COLOURS[0]},
        )  # fmt: skip
        panels.add(panel, bar)
        for i, (label, value) in enumerate(cells.items()):
            said = NOT_SHOWN if value != value else number(value) if texts is None else texts.at[row, label]
            at = values.get(label, 0.0)
            panels.write(panel, at, i, [said], size=FONT_SIZES["note"], xanchor="left", xshift=2)
    # Half as wide again, for the number beside the longest bar.
    x = {"visible": False, "range": [0, (float(table.max().max()) or 1) * 1.5]}
    return panels.figure(x=x, y={**by_category(list(table.columns), names), "showline": True})


def bars_outside(
    corpus: Corpus, *, title: str, counts: str, how: str, first: Sequence[str] = (), seed: int | None = None
) -> Callable[..., tuple[go.Figure, Words]]:
    """Return an `outside` for `Behind` that draws the released table as bars.

    Parameters
    ----------
    corpus : Corpus
    title : str
    counts : str
        What a number counts: "hoeveel vertellers …".
    how : str
        For the method note.
    first : sequence of str
        The order of the bars.
    seed : int, optional
    """

    def outside(
        width: float, table: SafeTable, by_row: SafeTable | None = None, _: Any = None
    ) -> tuple[go.Figure, Words]:
        words = describe(
            corpus, title=title, subtitle=f"{told(corpus)}. Het getal bij een staaf: {counts}.", how=how, seed=seed,
            alt=[f"{title}. Staven uit {told(corpus)}; {counts}.", *_sentences(table.frame)],
        )  # fmt: skip
        return _released(width, table, by_row, first), words

    return outside


def _released(width: float, table: SafeTable, by_row: SafeTable | None, first: Sequence[str]) -> go.Figure:
    frame = table.frame.astype(float)
    if frame.isna().all(axis=None):
        return empty(TOO_SMALL, width)
    if by_row is None:
        return bars(frame[TELLERS].to_frame(EVERYBODY).T, {}, width=width)
    order = [label for label in first if label in frame]
    frame = frame[[*order, *frame.columns.difference(order)]].dropna(how="all")
    known = {row: tellers(n) for row, n in by_row.frame[TELLERS].dropna().items()}
    return bars(frame, {row: known.get(row, NOT_SHOWN) for row in frame.index}, width=width)


def _sentences(frame: pd.DataFrame) -> list[str]:
    """Return a sentence per row with what is shown of it."""
    if list(frame.columns) == [TELLERS]:
        frame = frame.T
    rows = [(row, cells.dropna()) for row, cells in frame.iterrows()]
    said = [
        (row, ", ".join(f"{label} ({number(int(n))})" for label, n in cells.items())) for row, cells in rows
    ]
    return [f"{row}: {cells}." for row, cells in said if cells]
