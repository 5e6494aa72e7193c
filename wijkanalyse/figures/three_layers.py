"""Three layers: what the teller said of a story, what the coder read, what the machine put together; never merged."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.bars import TOO_SMALL
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.drawing import SIZE, canvas, marks, tint, written
from wijkanalyse.figures.readings import NOTHING, in_order, read_answers, read_codes
from wijkanalyse.figures.template import EDGE, GROUND, LINE, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.words import (
    Words,
    broken,
    describe,
    empty,
    short,
    stories,
    tellers,
    text_width,
    told,
)

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

LAYERS = ("Verteller", "Codeur", "Computer")
DIFFERENT = "anders gelezen"
KINDS = ("antwoord", "antwoorden"), ("code", "codes"), ("groep van de computer", "groepen van de computer")
FLOW_HEIGHT = 300  # pixels, of all stories together
BAR, GAP, HEAD = 10, 6, 24  # pixels: across a category, between two, a line of words
ROW, OTHER_COLOUR = SIZE * LINE, THEME_COLOURS[6]
RIGHT = "Dat lezers verschillen zegt niet wie gelijk heeft."


def plot_three_layers(
    corpus: Corpus, *, teller: str, coder: pd.DataFrame, machine: pd.DataFrame, topics: pd.DataFrame | None = None, scheme: Any = None
) -> go.Figure:  # fmt: skip
    """Draw the tellers' own answer, the coder's codes and the machine's themes side by side, with flows between.

    Parameters
    ----------
    corpus : Corpus
        All its stories are drawn; for the coded ones alone: `corpus.select(codings["narrative_id"], step=…)`.
    teller : str
        A column with the tellers' own answer, or the question of a triad; see `readings.read_answers`.
    coder : pandas.DataFrame
        Codings: narrative_id, code, and coder when there is more than one.
    machine : pandas.DataFrame
        `themes.assignments`, or `themes.nearness` (the nearest code of each story).
    topics, scheme : optional
        `themes.topics` and the coding scheme, for names and order.

    Returns
    -------
    plotly.graph_objects.Figure
        Every category and every flow opens its stories. Where two layers share names (codes beside nearness to the
        same scheme), flows between different names are hatched, and one mark opens all that is read differently.

    Raises
    ------
    InputError
        As `read_answers` and `read_codes`.

    Notes
    -----
    Widths are stories; a story with k codes counts 1/k in each, so that every layer is as high. No answer, not coded
    and fits nowhere are categories like the others. That layers differ does not say which one is right. Outside, a
    table of tellers: no kind of flow can be judged by the gate.
    """
    import pandas as pd

    machine_read = read_codes(machine, corpus, topics=topics, scheme=scheme, strongest=True)
    read = [read_answers(corpus, teller), read_codes(coder, corpus, scheme=scheme), machine_read]
    parts = corpus.frame[["narrative_id", "teller_id"]].astype(object)
    for layer, nothing, (frame, _) in zip(LAYERS, NOTHING, read, strict=True):
        own = frame.astype(object).rename(columns={"label": layer})
        parts = parts.merge(own, on="narrative_id", how="left").fillna({layer: nothing})
    parts = parts.assign(weight=1 / parts.groupby("narrative_id")["narrative_id"].transform("size"))
    orders = [in_order(parts[layer], labels) for layer, (_, labels) in zip(LAYERS, read, strict=True)]
    links = pd.concat([_links(parts, *pair) for pair in pairwise(LAYERS)])
    different = _read_differently(parts)
    keys = {layer: f"{layer}: " + parts[layer] for layer in LAYERS}
    answer = parts[["narrative_id"]].assign(**{"antwoord van de verteller": parts[LAYERS[0]]})
    counted = pd.concat([answer.assign(**{"codeur of computer": keys[layer]}) for layer in LAYERS[1:]])
    question = next((spec.label for spec in corpus.columns if spec.name == teller), teller)
    down = [f"{layer}: {name}" for layer, order in zip(LAYERS[1:], orders[1:], strict=True) for name in order]
    read_apart = pd.DataFrame({"narrative_id": different or []}, dtype=object)

    def outside(width: float, table: SafeTable, *_: SafeTable) -> tuple[go.Figure, Words]:
        cells = (
            table.frame.T.astype("Float64").astype(object).where(table.frame.T.notna(), np.nan).astype(float)
        )
        cells = (
            cells.loc[[name for name in down if name in cells.index]]
            .dropna(how="all")
            .dropna(how="all", axis=1)
        )
        return _table(cells, width), _words_outside(corpus, question, cells)

    return shown(
        Behind(
            kind="three_layers", corpus=corpus, order=orders[0], counted=counted.drop_duplicates(ignore_index=True),
            words=_words(corpus, question, coder, orders, parts, different),
            members=opens(*((key, parts) for key in keys.values()), (links["mark"], links), ([DIFFERENT] * len(read_apart), read_apart)),
            draw=lambda width: _flows(parts, orders, links, different, width), outside=outside,
            nothing="Er zijn geen verhalen om naast elkaar te leggen.",
        )
    )  # fmt: skip


def _links(parts: pd.DataFrame, source: str, target: str) -> pd.DataFrame:
    """Return the link of every part between two layers; hatched where both know both names and use different ones."""
    shared, left, right = _shared(parts, source, target), parts[source], parts[target]
    return parts[["narrative_id", "teller_id", "weight"]].assign(
        source=left, target=right, left=LAYERS.index(source), mark=f"{source}: " + left + f" → {target}: " + right,
        hatched=(left != right) & left.isin(shared) & right.isin(shared),
    )  # fmt: skip


def _shared(parts: pd.DataFrame, source: str, target: str) -> set[str]:
    return (set(parts[source]) & set(parts[target])) - set(NOTHING)


def _read_differently(parts: pd.DataFrame) -> list[str] | None:
    """Return the stories of which layers with names in common share no name; None without such layers."""
    pairs = [pair for pair in combinations(LAYERS, 2) if _shared(parts, *pair)]
    found: set[str] = set()
    for pair in pairs:
        links = _links(parts, *pair)
        alike = links.loc[links["source"] == links["target"], "narrative_id"]
        found |= set(links.loc[links["hatched"], "narrative_id"]) - set(alike)
    return sorted(found) if pairs else None


def _flows(
    parts: pd.DataFrame,
    orders: list[list[str]],
    links: pd.DataFrame,
    different: list[str] | None,
    width: float,
) -> go.Figure:
    import plotly.graph_objects as go

    room = width - 2 * EDGE
    layers = [_bars(parts, layer, order) for layer, order in zip(LAYERS, orders, strict=True)]
    left, right = (min(0.27 * room, 190, layers[n]["wide"].max() + BAR) for n in (0, 2))
    xs = [left, (left + room - right) / 2, room - right]
    most = (left - BAR, room - left - right, right - BAR)
    layers = [_stacked(bars, most[n], above=n == 1) for n, bars in enumerate(layers)]
    height = HEAD + max(bars["end"].max() for bars in layers)
    layers = [bars.assign(top=bars["top"] + (height + HEAD - bars["end"].max()) / 2) for bars in layers]
    traces, texts = _ribbons(links, layers, xs), list[dict[str, Any]]()
    for n, (layer, bars) in enumerate(zip(LAYERS, layers, strict=True)):
        keys = [f"{layer}: {name}" for name in bars.index]
        bar = go.Bar(
            name=layer, x=[xs[n]] * len(bars), y=bars["tall"], base=bars["top"], width=BAR, customdata=keys, text=bars["told"],
            marker={"color": QUIET, "line_width": 0}, textposition="none", hovertemplate="%{customdata}<br>%{text}<extra></extra>",
        )  # fmt: skip
        traces.append(bar)
        look = {"xanchor": ("right", "center", "left")[n], "name": "naam"}
        texts.append(written(xs[n], HEAD / 2, [f"<b>{layer}</b>"], **look))
        look |= {"bgcolor": "rgba(255,255,255,0.8)"} if n == 1 else {}
        for row in bars.itertuples():
            y = row.top - len(row.lines) * ROW / 2 if n == 1 else row.top + row.tall / 2
            texts.append(written(xs[n] + (n - 1) * BAR, y, row.lines, **look))
    if different is not None:
        y, n_different = height + HEAD / 2, number(len(different))
        said = {"name": DIFFERENT, "hover": f"{n_different} verhalen {DIFFERENT}"}
        opened = [DIFFERENT] if different else None
        traces.append(marks([EDGE], [y], opened, **said, symbol="square", size=12, color=OTHER_COLOUR))
        texts.append(written(EDGE + 10, y, [f"gestreept: {DIFFERENT} ({n_different})"], xanchor="left"))
        height += HEAD
    return canvas(traces, texts, width=width, height=height, barmode="overlay", showlegend=False)


def _bars(parts: pd.DataFrame, layer: str, order: list[str]) -> pd.DataFrame:
    """Return a row per category, in order: its name with a number and how wide that is, what it says, and how tall it is."""
    n = parts.groupby(layer)[["narrative_id", "teller_id"]].nunique().loc[order]
    weight = parts.groupby(layer)["weight"].sum().loc[order] / parts["weight"].sum()
    names = [f"{name} ({number(n)})" for name, n in n["narrative_id"].items()]
    said = n["narrative_id"].map(stories) + " van " + n["teller_id"].map(tellers)
    wide = [text_width(name, SIZE) for name in names]
    return n.assign(name=names, wide=wide, told=said, tall=(weight * FLOW_HEIGHT).clip(lower=1.5))


def _stacked(bars: pd.DataFrame, most: float, *, above: bool) -> pd.DataFrame:
    """Put the bars of a layer under each other so that no label meets another: lines of the label, top, and end with it."""
    lines = [broken(name, most, SIZE) for name in bars["name"]]
    text = np.array([len(each) * ROW for each in lines])
    takes = bars["tall"] + text if above else np.maximum(bars["tall"], text)
    end = (takes + GAP).cumsum() - GAP
    before = text if above else np.maximum(0, text - bars["tall"]) / 2
    return bars.assign(lines=lines, top=end - takes + before, end=end)


def _ribbons(links: pd.DataFrame, layers: list[pd.DataFrame], xs: list[float]) -> list[Any]:
    """Return each link as a ribbon, and along its middle unseen points that can be clicked."""
    import plotly.graph_objects as go

    scale = FLOW_HEIGHT / links.loc[links["left"] == 0, "weight"].sum()
    by = links.groupby(["left", "source", "target", "mark", "hatched"])
    found = by.agg(weight=("weight", "sum"), n=("narrative_id", "nunique"), tellers=("teller_id", "nunique"))
    tops = [dict(bars["top"]) for bars in layers]
    leaving, arriving = ([dict(layer) for layer in tops] for _ in range(2))
    shapes: dict[bool, tuple[list[Any], list[Any]]] = {False: ([], []), True: ([], [])}
    points: list[tuple[float, float, str, str]] = []
    along = np.linspace(0, 1, 21)

    def from_the_top(link: Any) -> tuple[float, ...]:
        return link.left, tops[link.left][link.source], tops[link.left + 1][link.target]

    for link in sorted(found.reset_index().itertuples(), key=from_the_top):
        n, tall = link.left, link.weight * scale
        start, end = leaving[n][link.source], arriving[n + 1][link.target]
        leaving[n][link.source], arriving[n + 1][link.target] = start + tall, end + tall
        x = xs[n] + BAR / 2 + along * (xs[n + 1] - xs[n] - BAR)
        y = start + (3 * along**2 - 2 * along**3) * (end - start)
        shapes[link.hatched][0].extend([*x, *x[::-1], x[0], None])
        shapes[link.hatched][1].extend([*y, *(y + tall)[::-1], y[0], None])
        said = f"{link.mark}<br>{stories(link.n)} van {tellers(link.tellers)}"
        points += [(x[k], y[k] + tall / 2, link.mark, said) for k in range(2, 20, 2)]
    hatching = {"shape": "/", "size": 7, "solidity": 0.25, "fgcolor": OTHER_COLOUR, "fillmode": "overlay"}
    flow = {"mode": "lines", "fill": "toself", "hoverinfo": "skip"}
    (x, y), (other_x, other_y) = shapes[False], shapes[True]
    middle_x, middle_y, keys, texts = zip(*points, strict=True)
    return [
        go.Scatter(x=x, y=y, name="stroom", line={"width": 0.5, "color": GROUND}, fillcolor=tint(GROUND, 0.22), **flow),
        go.Scatter(
            x=other_x, y=other_y, name=DIFFERENT, line={"width": 0.5, "color": OTHER_COLOUR}, fillcolor="rgba(168,72,15,0.2)",
            fillpattern=hatching, **flow,
        ),
        marks(middle_x, middle_y, keys, name="stroom", hover="%{text}", text=texts, opacity=0, size=10),
    ]  # fmt: skip


def _table(cells: pd.DataFrame, width: float) -> go.Figure:
    """Draw the released cells: answers across, codes and themes down, the number of tellers in each."""
    import plotly.graph_objects as go

    if cells.empty:
        return empty(TOO_SMALL, width)
    size, rows, columns = SIZE - 1, list(cells.index), list(cells.columns)
    left = min(0.45 * (width - 2 * EDGE), max(text_width(name, size) for name in rows) + 8)
    each = (width - 2 * EDGE - left) / len(columns) - 4
    values = cells.to_numpy()
    numbers = {(x, y): number(values[y, x]) for y, x in np.argwhere(~np.isnan(values)).tolist()}
    lines, heads = (
        [broken(name, left - 8, size) for name in rows],
        [short(name, 130, size) for name in columns],
    )
    wide, widest = (max(text_width(text, size) for text in texts) for texts in (heads, numbers.values()))
    # What is wider than a cell is written upright.
    head_turn, number_turn = ({"textangle": -90} if most > each else {} for most in (wide, widest))
    tall = max(24.0, max(map(len, lines)) * size * LINE + 6, widest + 8 if number_turn else 0)
    beside = {"xref": "paper", "xanchor": "right", "xshift": -6, "size": size}
    above = {"yref": "paper", "yanchor": "bottom", "size": size, **head_turn}
    texts = [
        *(written(x, y, [n], size=size, name="getal", **number_turn) for (x, y), n in numbers.items()),
        *(written(0, y, text, **beside) for y, text in enumerate(lines)),
        *(written(x, 1, [head], **above) for x, head in enumerate(heads)),
    ]
    figure = go.Figure(
        go.Heatmap(z=values.tolist(), x=columns, y=rows, showscale=False, xgap=2, ygap=2, zmin=0, colorscale=["#eceef3", "#a9b3c6"]),
        layout={"height": tall * len(rows), "margin": {"l": left, "t": wide + 8 if head_turn else 24}, "annotations": texts},
    )  # fmt: skip
    figure.update_xaxes(showticklabels=False, ticks="", type="category")
    return figure.update_yaxes(showticklabels=False, ticks="", type="category", autorange="reversed")


def _words(
    corpus: Corpus, question: str, coder: pd.DataFrame, orders: list[list[str]], parts: pd.DataFrame, different: list[str] | None
) -> Words:  # fmt: skip
    ids = zip(LAYERS, NOTHING, strict=True)
    without = [parts.loc[parts[layer] == nothing, "narrative_id"].nunique() for layer, nothing in ids]
    missing = [f"{nothing}: {number(n)}" for nothing, n in zip(NOTHING, without, strict=True)]
    counts = [len(set(order) - set(NOTHING)) for order in orders]
    answers, codes, groups = (f"{n} {kind[n != 1]}" for n, kind in zip(counts, KINDS, strict=True))
    title = f"Op drie manieren gelezen: {answers}, {codes} en {groups}"
    if different is not None:
        title = f"{number(len(different))} van de {told(corpus)} {DIFFERENT}"
    seen = f"{told(corpus)}, {number(len(corpus) - without[1])} ervan gecodeerd"
    meeting = (
        parts.groupby([LAYERS[0], LAYERS[2]])["narrative_id"]
        .nunique()
        .sort_values(ascending=False, kind="stable")
    )
    n_coders = coder["coder"].nunique() if "coder" in coder else 1
    by = "1 codeur" if n_coders == 1 else f"{n_coders} codeurs samen"
    return describe(
        corpus, title=title,
        subtitle=f"{seen}. Links ‘{question}’ volgens de verteller, in het midden de codes van {by}, rechts de computer. Tussen "
        "haakjes: verhalen.",
        how=f"Hoe breder de stroom, hoe meer verhalen; een verhaal met meer codes is daarover verdeeld. {RIGHT} {'; '.join(missing).capitalize()}.",
        alt=[
            f"Drie lagen naast elkaar, met stromen ertussen: {seen}.", f"{title}.", f"{'; '.join(missing).capitalize()}.",
            *(f"{LAYERS[0]} {a}, computer {b}: {number(n)}." for (a, b), n in meeting.items()),
        ],
    )  # fmt: skip


def _words_outside(corpus: Corpus, question: str, cells: pd.DataFrame) -> Words:
    seen = [
        f"{column}, {row}: {number(n)}." for column in cells for row, n in cells[column].items() if n == n
    ]
    return describe(
        corpus, title=f"‘{question}’ volgens de verteller, naast codeur en computer",
        subtitle=f"{told(corpus)}. In elk vak: hoeveel vertellers. Een leeg vak gaat over te weinig mensen om te laten zien.",
        how=f"Een verteller telt in elk vak waar een eigen verhaal in valt. {RIGHT}",
        alt=[
            f"Tabel met aantallen vertellers: ‘{question}’ volgens de verteller, naast codeur en computer. {told(corpus)}.", *seen,
        ],
    )  # fmt: skip
