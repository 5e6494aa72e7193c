"""Three layers: what the teller said of a story, what the coder read, what the machine put together; never merged."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.readings import NOTHING, how_many, in_order, read_answers, read_codes, written
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GROUND, LINE, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, alt_text, broken, empty, method_note, short, text_width

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

LAYERS = ("Verteller", "Codeur", "Computer")
DIFFERENT = "anders gelezen"
FLOW_HEIGHT, BAR, GAP, HEAD = (
    300,
    10,
    6,
    24,
)  # all stories, across a category, between two, a line of words; pixels
SIZE, OTHER_COLOUR = FONT_SIZES["label"], THEME_COLOURS[6]
RIGHT = "Dat lezers verschillen zegt niet wie gelijk heeft."


def plot_three_layers(
    corpus: Corpus,
    *,
    teller: str,
    coder: pd.DataFrame,
    machine: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    scheme: Any = None,
) -> go.Figure:
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
    links = pd.concat([_links(parts, *pair) for pair in (LAYERS[:2], LAYERS[1:])])
    different = _read_differently(parts)
    marks = {layer: f"{layer}: " + parts[layer] for layer in LAYERS}
    opened = [*(parts[["narrative_id"]].assign(mark=mark) for mark in marks.values()), links]
    opened += [pd.DataFrame({"narrative_id": different or [], "mark": DIFFERENT}, dtype=object)]
    answer = parts[["narrative_id"]].assign(**{"antwoord van de verteller": parts[LAYERS[0]]})
    counted = pd.concat([answer.assign(**{"codeur of computer": marks[layer]}) for layer in LAYERS[1:]])
    question = next((spec.label for spec in corpus.columns if spec.name == teller), teller)
    n_coders = coder["coder"].nunique() if "coder" in coder else 1

    def draw(width: float) -> go.Figure:
        return _flows(parts, orders, links, different, width)

    def outside(width: float, table: SafeTable, *_: SafeTable) -> tuple[go.Figure, Words]:
        down = [
            f"{layer}: {name}" for layer, order in zip(LAYERS[1:], orders[1:], strict=True) for name in order
        ]
        numbers = table.frame.astype("Float64").to_numpy(dtype=float, na_value=np.nan).T
        cells = pd.DataFrame(numbers, index=table.frame.columns, columns=table.frame.index)
        cells = (
            cells.loc[[name for name in down if name in cells.index]]
            .dropna(how="all")
            .dropna(how="all", axis=1)
        )
        return _table(cells, width), _words_outside(corpus, question, cells)

    return shown(
        Behind(
            kind="three_layers", corpus=corpus, words=_words(corpus, question, n_coders, orders, parts, different),
            members=pd.concat(opened)[["mark", "narrative_id"]].drop_duplicates(ignore_index=True),
            counted=counted.drop_duplicates(ignore_index=True), draw=draw, outside=outside, order=orders[0],
        )
    )  # fmt: skip


def _links(parts: pd.DataFrame, source: str, target: str) -> pd.DataFrame:
    """Return the link of every part between two layers; hatched where both know both names and use different ones."""
    shared, left, right = _shared(parts, source, target), parts[source], parts[target]
    return parts[["narrative_id", "teller_id", "weight"]].assign(
        source=left, target=right, left=LAYERS.index(source),
        mark=f"{source}: " + left + f" → {target}: " + right,
        hatched=(left != right) & left.isin(shared) & right.isin(shared),
    )  # fmt: skip


def _shared(parts: pd.DataFrame, source: str, target: str) -> set[str]:
    return (set(parts[source]) & set(parts[target])) - set(NOTHING)


def _read_differently(parts: pd.DataFrame) -> list[str] | None:
    """Return the stories of which layers with names in common share no name; None without such layers."""
    pairs = [pair for pair in combinations(LAYERS, 2) if _shared(parts, *pair)]
    found: set[str] = set()
    for source, target in pairs:
        links = _links(parts, source, target)
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

    if parts.empty:
        return empty("Er zijn geen verhalen om naast elkaar te leggen.", width)
    room = width - 2 * EDGE
    counts = [parts.groupby(layer)[["narrative_id", "teller_id"]].nunique() for layer in LAYERS]
    names = [
        [f"{name} ({number(n.at[name, 'narrative_id'])})" for name in order]
        for n, order in zip(counts, orders, strict=True)
    ]
    left, right = (
        min(0.27 * room, 190, max(text_width(name, SIZE) for name in names[n]) + BAR) for n in (0, 2)
    )
    xs = [left, (left + room - right) / 2, room - right]
    most = (left - BAR, room - left - right, right - BAR)
    labels = [[broken(name, most[n], SIZE) for name in names[n]] for n in range(3)]
    weights = [parts.groupby(layer)["weight"].sum() * FLOW_HEIGHT / parts["weight"].sum() for layer in LAYERS]
    bars = [[max(weights[n][name], 1.5) for name in orders[n]] for n in range(3)]
    stacks = [_stacked(bars[n], labels[n], above=n == 1) for n in range(3)]
    height = HEAD + max(end for _, end in stacks)
    tops = [[top + (height + HEAD - end) / 2 for top in stack] for stack, end in stacks]
    marks = _ribbons(links, [dict(zip(orders[n], tops[n], strict=True)) for n in range(3)], xs)
    texts = []
    for n, layer in enumerate(LAYERS):
        told = [how_many(*counts[n].loc[name]) for name in orders[n]]
        keys = [f"{layer}: {name}" for name in orders[n]]
        seen = {
            "x": [xs[n]] * len(keys),
            "y": bars[n],
            "base": tops[n],
            "width": BAR,
            "marker": {"color": QUIET, "line_width": 0},
        }
        hover = {
            "text": told,
            "textposition": "none",
            "hovertemplate": "%{customdata}<br>%{text}<extra></extra>",
        }
        marks.append(go.Bar(name=layer, customdata=keys, **seen, **hover))
        anchor = ("right", "center", "left")[n]
        texts.append(written(xs[n], HEAD / 2, [f"<b>{layer}</b>"], size=SIZE, xanchor=anchor))
        for lines, top, bar in zip(labels[n], tops[n], bars[n], strict=True):
            y = top - len(lines) * SIZE * LINE / 2 if n == 1 else top + bar / 2
            cover = "rgba(255,255,255,0.8)" if n == 1 else None
            texts.append(written(xs[n] + (n - 1) * BAR, y, lines, size=SIZE, xanchor=anchor, bgcolor=cover))
    if different is not None:
        key = {"symbol": "square", "size": 12, "color": OTHER_COLOUR}
        hover = {"hovertemplate": f"{number(len(different))} verhalen {DIFFERENT}<extra></extra>"}
        at = {"x": [EDGE], "y": [height + HEAD / 2], "customdata": [DIFFERENT] if different else None}
        marks.append(go.Scatter(mode="markers", marker=key, name=DIFFERENT, **at, **hover))
        said = f"gestreept: {DIFFERENT} ({number(len(different))})"
        texts.append(written(EDGE + 10, height + HEAD / 2, [said], size=SIZE, xanchor="left"))
        height += HEAD
    figure = go.Figure(
        marks, layout={"height": height, "barmode": "overlay", "showlegend": False, "annotations": texts}
    )
    return figure.update_xaxes(visible=False, range=[0, room]).update_yaxes(visible=False, range=[height, 0])


def _stacked(bars: list[float], labels: list[list[str]], *, above: bool) -> tuple[list[float], float]:
    """Put the bars of a layer under each other so that no label meets another; return their tops, and the end."""
    tops, end = [], 0.0
    for bar, lines in zip(bars, labels, strict=True):
        text = len(lines) * SIZE * LINE
        tops.append(end + (text if above else max(0, text - bar) / 2))
        end += (bar + text if above else max(bar, text)) + GAP
    return tops, end - GAP


def _ribbons(links: pd.DataFrame, tops: list[dict[str, float]], xs: list[float]) -> list[Any]:
    """Return each link as a ribbon, and along its middle unseen points that can be clicked."""
    import plotly.graph_objects as go

    scale = FLOW_HEIGHT / links.loc[links["left"] == 0, "weight"].sum()
    by = links.groupby(["left", "source", "target", "mark", "hatched"])
    found = by.agg(weight=("weight", "sum"), n=("narrative_id", "nunique"), tellers=("teller_id", "nunique"))
    leaving, arriving = ([dict(layer) for layer in tops] for _ in range(2))
    shapes: dict[bool, tuple[list[Any], list[Any]]] = {False: ([], []), True: ([], [])}
    points: list[tuple[float, float, str, str]] = []
    along = np.linspace(0, 1, 21)
    order = {(n, name): top for n, layer in enumerate(tops) for name, top in layer.items()}
    for link in sorted(
        found.reset_index().itertuples(), key=lambda one: (one.left, order[one.left, one.source], order[one.left + 1, one.target])
    ):  # fmt: skip
        n, tall = link.left, link.weight * scale
        start, end = leaving[n][link.source], arriving[n + 1][link.target]
        leaving[n][link.source], arriving[n + 1][link.target] = start + tall, end + tall
        x = xs[n] + BAR / 2 + along * (xs[n + 1] - xs[n] - BAR)
        y = start + (3 * along**2 - 2 * along**3) * (end - start)
        shapes[link.hatched][0].extend([*x, *x[::-1], x[0], None])
        shapes[link.hatched][1].extend([*y, *(y + tall)[::-1], y[0], None])
        told = f"{link.mark}<br>{how_many(link.n, link.tellers)}"
        points += [(x[k], y[k] + tall / 2, link.mark, told) for k in range(2, 20, 2)]
    hatching = {"shape": "/", "size": 7, "solidity": 0.25, "fgcolor": OTHER_COLOUR, "fillmode": "overlay"}
    looks = {
        False: {"name": "stroom", "line": {"width": 0.5, "color": GROUND}, "fillcolor": "rgba(138,144,156,0.22)"},
        True: {"name": DIFFERENT, "line": {"width": 0.5, "color": OTHER_COLOUR}, "fillcolor": "rgba(168,72,15,0.2)", "fillpattern": hatching},
    }  # fmt: skip
    drawn = [
        go.Scatter(x=x, y=y, mode="lines", fill="toself", hoverinfo="skip", **looks[hatched]) for hatched, (x, y) in shapes.items()
    ]  # fmt: skip
    places = dict(zip(("x", "y", "customdata", "text"), map(list, zip(*points, strict=True)), strict=True))
    unseen = {"marker": {"opacity": 0, "size": 10}, "hovertemplate": "%{text}<extra></extra>"}
    return [*drawn, go.Scatter(mode="markers", **places, **unseen)]


def _table(cells: pd.DataFrame, width: float) -> go.Figure:
    """Draw the released cells: answers across, codes and themes down, the number of tellers in each."""
    import plotly.graph_objects as go

    if cells.empty:
        return empty(
            "Geen antwoord met een code of thema heeft genoeg vertellers om naar buiten te laten zien.", width
        )
    size, rows, columns = SIZE - 1, list(cells.index), list(cells.columns)
    left = min(0.45 * (width - 2 * EDGE), max(text_width(name, size) for name in rows) + 8)
    each = (width - 2 * EDGE - left) / len(columns) - 4
    numbers = {
        (x, y): number(n) for y, row in enumerate(cells.to_numpy()) for x, n in enumerate(row) if n == n
    }
    lines, heads = (
        [broken(name, left - 8, size) for name in rows],
        [short(name, 130, size) for name in columns],
    )
    wide, widest = (max(text_width(text, size) for text in texts) for texts in (heads, numbers.values()))
    tall = max(24.0, max(map(len, lines)) * size * LINE + 6, widest + 8 if widest > each else 0)
    texts = [
        written(x, y, [n], size=size, name="getal", textangle=-90 if widest > each else 0)
        for (x, y), n in numbers.items()
    ]
    texts += [
        written(0, y, text, size=size, xref="paper", xanchor="right", xshift=-6)
        for y, text in enumerate(lines)
    ]
    texts += [
        written(x, 1, [head], size=size, yref="paper", yanchor="bottom", textangle=-90 if wide > each else 0) for x, head in enumerate(heads)
    ]  # fmt: skip
    figure = go.Figure(
        go.Heatmap(z=cells.to_numpy().tolist(), x=columns, y=rows, showscale=False, xgap=2, ygap=2, zmin=0, colorscale=["#eceef3", "#a9b3c6"]),
        layout={"height": tall * len(rows), "margin": {"l": left, "t": wide + 8 if wide > each else 24}, "annotations": texts},
    )  # fmt: skip
    figure.update_xaxes(showticklabels=False, ticks="", type="category")
    return figure.update_yaxes(showticklabels=False, ticks="", type="category", autorange="reversed")


def _words(
    corpus: Corpus, question: str, n_coders: int, orders: list[list[str]], parts: pd.DataFrame, different: list[str] | None
) -> Words:  # fmt: skip
    without = [
        parts.loc[parts[layer] == name, "narrative_id"].nunique()
        for layer, name in zip(LAYERS, NOTHING, strict=True)
    ]
    kinds = (
        ("antwoord", "antwoorden"),
        ("code", "codes"),
        ("groep van de computer", "groepen van de computer"),
    )
    counts = [len(set(order) - set(NOTHING)) for order in orders]
    answers, codes, groups = (f"{n} {kind[n != 1]}" for n, kind in zip(counts, kinds, strict=True))
    title = f"Op drie manieren gelezen: {answers}, {codes} en {groups}"
    if different is not None:
        title = f"{number(len(different))} van de {how_many(len(corpus), corpus.n_tellers)} {DIFFERENT}"
    told = f"{how_many(len(corpus), corpus.n_tellers)}, {number(len(corpus) - without[1])} ervan gecodeerd"
    missing = "; ".join(
        f"{name.lower()}: {number(n)}" for name, n in zip(NOTHING, without, strict=True)
    ).capitalize()
    largest = (
        parts.groupby([LAYERS[0], LAYERS[2]])["narrative_id"]
        .nunique()
        .sort_values(ascending=False, kind="stable")
    )
    by = "1 codeur" if n_coders == 1 else f"{n_coders} codeurs samen"
    return Words(
        title=title,
        subtitle=f"{told}. Links ‘{question}’ volgens de verteller, in het midden de codes van {by}, rechts de computer. Tussen "
        "haakjes: verhalen.",
        note=method_note(
            corpus,
            f"Hoe breder de stroom, hoe meer verhalen; een verhaal met meer codes is daarover verdeeld. {RIGHT} {missing}.",
        ),
        alt=alt_text(
            f"Drie lagen naast elkaar, met stromen ertussen: {told}.", f"{title}.", f"{missing}.",
            *(f"{LAYERS[0]} {a}, computer {b}: {number(n)}." for (a, b), n in largest.items()),
        ),
    )  # fmt: skip


def _words_outside(corpus: Corpus, question: str, cells: pd.DataFrame) -> Words:
    told = how_many(len(corpus), corpus.n_tellers)
    seen = [(row, column, n) for column in cells for row, n in cells[column].items() if n == n]
    return Words(
        title=f"‘{question}’ volgens de verteller, naast codeur en computer",
        subtitle=f"{told}. In elk vak: hoeveel vertellers. Een leeg vak gaat over te weinig mensen om te laten zien.",
        note=method_note(corpus, f"Een verteller telt in elk vak waar een eigen verhaal in valt. {RIGHT}"),
        alt=alt_text(
            f"Tabel met aantallen vertellers: ‘{question}’ volgens de verteller, naast codeur en computer. {told}.",
            *(f"{column}, {row}: {number(n)}." for row, column, n in seen),
        ),
    )
