"""Counts as small bars, a panel for each row of a table: what most figures look like outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.panels import panels
from wijkanalyse.figures.template import FONT_SIZES, INK, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, alt_text, empty, method_note, short, text_width
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


def stories(n: float) -> str:
    """Return "12 verhalen"."""
    return f"{number(n)} {'verhaal' if n == 1 else 'verhalen'}"


def told(corpus: Corpus) -> str:
    """Return "257 verhalen van 197 vertellers"."""
    return f"{stories(len(corpus))} van {number(corpus.n_tellers)} {'verteller' if corpus.n_tellers == 1 else 'vertellers'}"


def bar_key(row: Any, label: Any) -> str:
    """Return the key of a bar."""
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

    size = FONT_SIZES["label"]
    names = {label: short(label, width * LABEL_SHARE, size) for label in table.columns}
    left = max(text_width(name, size) for name in names.values()) + 8
    headings = [(row, quiet.get(row, "")) for row in table.index]
    figure, places = panels(headings, width=width, left=left, height=BAR * len(names) + 4)
    for row, place in zip(table.index, places, strict=True):
        values = table.loc[row][table.loc[row] > 0]
        figure.add_trace(
            go.Bar(
                x=list(values), y=list(values.index), orientation="h", name=row, showlegend=False, width=0.7, marker={"color": THEME_COLOURS[0]},
                customdata=[bar_key(row, label) for label in values.index], hovertemplate="%{y}<extra></extra>",
            ), **place,
        )  # fmt: skip
        for i, (label, value) in enumerate(table.loc[row].items()):
            said = NOT_SHOWN if value != value else number(value) if texts is None else texts.at[row, label]
            figure.add_annotation(
                x=values.get(label, 0.0), y=i, text=said, showarrow=False, xanchor="left", xshift=2, borderpad=0,
                font={"size": FONT_SIZES["note"], "color": INK}, **place,
            )  # fmt: skip
    # Half as wide again, for the number beside the longest bar.
    figure.update_xaxes(visible=False, range=[0, (float(table.max().max()) or 1) * 1.5])
    order = list(names)
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=order, range=[len(order) - 0.5, -0.5], tickmode="array",
        tickvals=order, ticktext=list(names.values()), showline=True,
    )  # fmt: skip
    return figure


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
        words = Words(
            title=title,
            subtitle=f"{told(corpus)}. Het getal bij een staaf: {counts}.",
            note=method_note(corpus, how, seed=seed),
            alt=alt_text(f"{title}. Staven uit {told(corpus)}; {counts}.", *_sentences(table.frame)),
        )
        return _released(width, table, by_row, first), words

    return outside


def _released(width: float, table: SafeTable, by_row: SafeTable | None, first: Sequence[str]) -> go.Figure:
    frame = table.frame.astype(float)
    if frame.isna().all(axis=None):
        return empty("Geen enkele groep is groot genoeg om naar buiten te laten zien.", width)
    if by_row is None:
        return bars(frame[TELLERS].to_frame(EVERYBODY).T, {}, width=width)
    order = [label for label in first if label in frame]
    frame = frame[[*order, *frame.columns.difference(order)]].dropna(how="all")
    known = {row: f"{number(n)} vertellers" for row, n in by_row.frame[TELLERS].dropna().items()}
    return bars(frame, {row: known.get(row, NOT_SHOWN) for row in frame.index}, width=width)


def _sentences(frame: pd.DataFrame) -> list[str]:
    """Return a sentence per row with what is shown of it."""
    if list(frame.columns) == [TELLERS]:
        frame = frame.T
    rows = ((row, cells.dropna()) for row, cells in frame.iterrows())
    return [
        f"{row}: {', '.join(f'{label} ({number(int(n))})' for label, n in cells.items())}."
        for row, cells in rows
        if len(cells)
    ]
