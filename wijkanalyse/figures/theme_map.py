"""The theme map: every story a point, near to stories that use the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.labels import place_labels
from wijkanalyse.figures.template import (
    FONT_SIZES,
    GROUND,
    INK,
    LINE,
    PAPER,
    QUIET,
    SYMBOLS,
    number,
    theme_colour,
)
from wijkanalyse.figures.words import (
    Words,
    alt_text,
    broken,
    empty,
    legend_height,
    method_note,
    short,
    stories,
    text_width,
    told,
)
from wijkanalyse.privacy.disclosure import OTHER, TELLERS
from wijkanalyse.privacy.gate import shown_attribute

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.privacy.gate import SafeTable

MOST_POINTS = 5_000  # beyond it a mark is a small field: SVG gets slow, and WebGL is not in every browser
FIELDS = 40  # along each side of the map
HALF = np.array([1.12, 1.08])  # half the map, in its own units; themes keeps places within −1 and 1
LABEL_WIDTH = 150  # pixels, of one line
LABEL_SHARE = 0.26  # of the map that names may cover before anyone zooms in
CIRCLE_SHARE = 0.1  # of the map outside that circles may cover together
HOW = (
    "De richting en de lege ruimte op de kaart betekenen niets. Een naam die op de kaart geen plaats vindt, komt bij inzoomen en staat in "
    "de tabel. Gemaakt met de woorden in de verhalen, uit veel berekeningen samen:"
)


def plot_theme_map(themes: Any, *, perspective: str | None = None, height: int = 480) -> go.Figure:
    """Draw the landscape of stories with the themes as named areas.

    Parameters
    ----------
    themes : Themes
        From `find_themes`.
    perspective : str, optional
        Column that gives the shape of the points; default the column with the role `perspective`.
    height : int
        Of the map itself, in pixels.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per theme; each point carries its narrative_id as customdata, so that it opens its story. Beyond 5,000 stories a point
        is what a theme has in a small field of the map, and opens those. Hover shows the teller's title, never the text.

    Notes
    -----
    Nearness means shared words. Directions, axes and empty space mean nothing. Stories that fit nowhere are the ground: open grey
    points beneath the others, not hidden. Names that find no room wait until someone zooms in. Outside, the map shows themes as circles
    with numbers of tellers, and no story.
    """
    column = perspective or shown_attribute(themes.corpus)
    points = themes.assignments.merge(themes.corpus.frame, on="narrative_id")
    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    points = points.assign(mark=_keys(points))
    counted = points[["narrative_id"]].assign(thema=points["theme_id"].map(labels))
    places = points[points["theme_id"] >= 0].groupby("theme_id")[["x", "y"]].median()

    def draw(width: float) -> go.Figure:
        return _map(points, themes.topics, places, column, width, height)

    def outside(width: float, table: SafeTable) -> tuple[go.Figure, Words]:
        return _themes_only(table, places.rename(index=labels), width, height), _words_outside(themes, table)

    return shown(
        Behind(
            kind="theme_map", corpus=themes.corpus, words=_words(themes, points["mark"].nunique()), members=points[["mark", "narrative_id"]],
            counted=counted, draw=draw, outside=outside,
        )
    )  # fmt: skip


def _map(
    points: pd.DataFrame, topics: pd.DataFrame, places: pd.DataFrame, column: str | None, width: float, height: float
) -> go.Figure:  # fmt: skip
    import plotly.graph_objects as go

    if points.empty:
        return empty("Er zijn geen verhalen om op de kaart te zetten.", width)
    marks = _marks(points)
    figure = _canvas(width, height).add_traces(_landscape(points))
    shapes = _shapes(points, column) if len(marks) == len(points) else {}
    scale = min(1.0, (width / 500) ** 0.5) * float(
        np.interp(len(marks), [200, 2_000, MOST_POINTS], [9, 5, 4])
    )
    # What fits nowhere comes first: it lies beneath the rest.
    for topic in topics.sort_values("theme_id").itertuples():
        members = marks[marks["theme_id"] == topic.theme_id]
        nowhere = topic.theme_id < 0
        figure.add_trace(
            go.Scatter(
                x=members["x"], y=members["y"], mode="markers", name=topic.label, showlegend=False, customdata=members["mark"],
                text=members["seen"], hovertemplate=f"%{{text}}<br><i>{topic.label}</i><extra></extra>",
                marker={
                    "size": scale if len(marks) == len(points) else np.round(scale * np.clip(members["n"] ** 0.5, 1, 3), 1),
                    "color": PAPER if nowhere else theme_colour(topic.theme_id),
                    "symbol": [shapes.get(str(value), "circle") for value in members[column]] if shapes else "circle",
                    "line": {"width": 1.2 if nowhere else 0.8 if scale > 5 else 0.3, "color": GROUND if nowhere else PAPER},
                    "opacity": 1 if nowhere else 0.9,
                },
            )
        )  # fmt: skip
    for value, symbol in shapes.items():
        marker = {"symbol": symbol, "size": 9, "color": QUIET}
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="markers", name=value, marker=marker, hoverinfo="skip")
        )
    figure.update_layout(margin={"b": legend_height(list(shapes), width)})
    largest = topics[topics["theme_id"] >= 0].sort_values(
        ["n_narratives", "theme_id"], ascending=[False, True]
    )
    names = [(topic.label, list[str](), theme_colour(topic.theme_id)) for topic in largest.itertuples()]
    anchors = places.loc[largest["theme_id"]].to_numpy()
    return add_labels(figure, names, anchors, points[["x", "y"]].to_numpy(), width, reach=90)


def _keys(points: pd.DataFrame) -> Any:
    """Return the key of each story's mark: the story, or its theme and field where there are too many to draw."""
    if len(points) <= MOST_POINTS:
        return points["narrative_id"]
    across, down = (((points[axis] + 1) / 2 * FIELDS).astype(int).astype(str) for axis in "xy")
    return points["theme_id"].astype(str) + "/" + across + "/" + down


def _marks(points: pd.DataFrame) -> pd.DataFrame:
    """Return a row per mark, at the middle of its stories: n (stories) and seen (what hover shows) beside the columns of the first."""
    groups = points.groupby("mark", sort=True)
    if groups.ngroups == len(points):
        return points.assign(n=1, seen=[title or "zonder titel" for title in points["title"]])
    n, middle = groups.size(), groups[["x", "y"]].mean().round(4)
    return groups[["theme_id"]].first().join(middle).assign(n=n, seen=n.map(stories)).reset_index()


def _canvas(width: float, height: float) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure(layout={"height": height * min(1.0, width / 420)})
    figure.update_xaxes(visible=False, range=[-HALF[0], HALF[0]])
    figure.update_yaxes(visible=False, range=[-HALF[1], HALF[1]])
    return figure


def _landscape(points: pd.DataFrame) -> list[Any]:
    import plotly.graph_objects as go

    hills = go.Histogram2dContour(
        x=points["x"], y=points["y"], nbinsx=24, nbinsy=24, ncontours=7, showscale=False, hoverinfo="skip",
        colorscale=[[0, "#ffffff"], [1, "#e3e6ec"]], line={"width": 0}, contours={"coloring": "fill"},
    )  # fmt: skip
    return [hills] if len(points) >= 30 else []


def _shapes(points: pd.DataFrame, column: str | None) -> dict[str, str]:
    """Give each value a shape; where there are more values than shapes, none: a shape twice would mislead."""
    if column is None:
        return {}
    # Alphabetical, so that the shape says nothing about how often a voice is heard.
    values = sorted(str(value) for value in points[column].dropna().unique())
    return dict(zip(values, SYMBOLS, strict=False)) if len(values) <= len(SYMBOLS) else {}


def add_labels(
    figure: go.Figure,
    names: list[tuple[str, list[str], str]],
    anchors: Any,
    points: Any,
    width: float,
    *,
    reach: float,
    **beside: Any,
) -> go.Figure:
    """Name what lies at the anchors; what finds no room is there all the same, unseen, for who zooms in.

    `beside` is what `place_labels` keeps to.
    """
    if not names:
        return figure
    size = FONT_SIZES["label"]
    room = np.array([width - 24, figure.layout.height])
    texts = [[*_label(text, min(LABEL_WIDTH, room[0] / 2), size), *tail] for text, tail, _ in names]
    boxes = [  # bold is a little wider
        (1.08 * max(text_width(line, size) for line in lines) + 6, len(lines) * size * LINE + 6)
        for lines in texts
    ]

    def pixels(places: Any) -> Any:
        return (np.asarray(places, dtype=float) + HALF) / (2 * HALF) * room

    # Few names at first, those of the largest themes; outside all of them, for their numbers are with them.
    covered = np.cumsum([wide * high for wide, high in boxes])
    n_first = int((covered <= LABEL_SHARE * room.prod()).sum()) if len(points) else len(boxes)
    first, size_of = pixels(anchors)[:n_first], (room[0], room[1])
    found = place_labels(pixels(points), first, boxes[:n_first], size=size_of, reach=reach, **beside)
    found += [None] * (len(boxes) - n_first)
    for (_, _, colour), lines, place, anchor in zip(names, texts, found, anchors, strict=True):
        x, y = anchor if place is None else np.array(place) / room * 2 * HALF - HALF
        figure.add_annotation(
            x=float(x), y=float(y), text=f"<b>{'<br>'.join(lines)}</b>", name="naam", visible=place is not None, showarrow=False,
            bgcolor="rgba(255,255,255,0.82)" if len(points) else None, borderpad=1, font={"size": size, "color": colour},
        )  # fmt: skip
    return figure


def _label(text: str, width: float, size: float) -> list[str]:
    """Return a name in at most two lines."""
    first, *rest = broken(text, width, size)
    return [first, short(" ".join(rest), width, size)] if rest else [first]


def _themes_only(table: SafeTable, places: pd.DataFrame, width: float, height: float) -> go.Figure:
    """Draw each released theme as a circle at its middle, with its number of tellers."""
    import plotly.graph_objects as go

    tellers = {name: int(n) for name, n in table.frame[TELLERS].dropna().items() if name in places.index}
    if not tellers:
        return empty("Geen thema wordt door genoeg vertellers gedragen om naar buiten te laten zien.", width)
    figure = _canvas(width, height)
    area = (width - 24) * figure.layout.height * CIRCLE_SHARE
    # So that area tells the number of tellers, and all circles together keep to their share.
    per_teller = min(area / sum(tellers.values()), 2_500 / max(tellers.values()))
    sizes = [round(2 * (per_teller * n / np.pi) ** 0.5, 1) for n in tellers.values()]
    for name, size in zip(tellers, sizes, strict=True):
        marker = {"size": [size], "color": "#d5dae3", "line": {"width": 1.5, "color": QUIET}}
        at = {"x": [places.at[name, "x"]], "y": [places.at[name, "y"]]}
        figure.add_trace(go.Scatter(**at, mode="markers", name=name, marker=marker, showlegend=False))
    anchors, nothing = places.loc[[*tellers]].to_numpy(), np.empty((0, 2))
    # The number lies in its circle and the name beside it, nearest to its own, so that it is plain whose they are.
    middles = (anchors + HALF) / (2 * HALF) * (width - 24, figure.layout.height)
    taken = [(x, y, max(size, 26), max(size, 22)) for (x, y), size in zip(middles, sizes, strict=True)]
    numbers = [(number(n), list[str](), INK) for n in tellers.values()]
    add_labels(figure, numbers, anchors, nothing, width, reach=9)
    names = [(name, list[str](), INK) for name in tellers]
    radii = [size / 2 for size in sizes]
    return add_labels(figure, names, anchors, nothing, width, reach=140, taken=taken, radii=radii)


def _words(themes: Any, n_marks: int) -> Words:
    named = themes.topics[themes.topics["theme_id"] >= 0].sort_values("label")
    nowhere = int((themes.assignments["theme_id"] < 0).sum())
    left = f"; {stories(nowhere)} {'past' if nowhere == 1 else 'passen'} nergens" if nowhere else ""
    single = n_marks == len(themes.assignments)
    point = "Elk teken is een verhaal." if single else "Hoe groter een stip, hoe meer verhalen."
    return _around(
        themes,
        len(named),
        f"{told(themes.corpus)}{left}. {point}",
        f"Kaart met {told(themes.corpus)}{left}. {point} Verhalen met dezelfde woorden liggen bij elkaar.",
        "Aantallen verhalen per thema, op alfabet.",
        *(f"{topic.label}: {number(topic.n_narratives)}." for topic in named.itertuples()),
    )


def _words_outside(themes: Any, table: SafeTable) -> Words:
    tellers = table.frame[TELLERS].dropna().drop([OTHER, "Past nergens"], errors="ignore")
    return _around(
        themes,
        len(tellers),
        f"{told(themes.corpus)}. Het getal bij een thema: hoeveel vertellers er een verhaal over vertelden.",
        f"Kaart van thema’s uit {told(themes.corpus)}. Thema’s met dezelfde woorden liggen bij elkaar.",
        "Aantallen vertellers, op alfabet.",
        *(f"{name}: {number(int(count))}." for name, count in sorted(tellers.items())),
    )


def _around(themes: Any, n: int, subtitle: str, *alt: str) -> Words:
    added = themes.settings.get("n_added", 0)
    placed = f"{stories(added)} later in een bewaarde kaart gezet" if added else ""
    return Words(
        title=f"Waar deze verhalen over gaan: {n} {'thema' if n == 1 else 'thema’s'}",
        subtitle=f"{subtitle} Dicht bij elkaar: dezelfde woorden.",
        note=method_note(themes.corpus, HOW, seed=themes.settings["random_state"], chosen=placed),
        alt=alt_text(*alt),
    )
