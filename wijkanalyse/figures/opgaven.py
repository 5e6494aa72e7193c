"""The opgaven as a triangle, with the stories that lie by other codes and outside the frame beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.bars import bars_outside, stories, told
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.dots import dot_size, dots, spread
from wijkanalyse.figures.template import EDGE, FONT_SIZES, INK, LINE, PAPER, number, theme_colour
from wijkanalyse.figures.theme_map import HALF, add_labels
from wijkanalyse.figures.triangle import CORNERS, HIGH, in_triangle, triangle
from wijkanalyse.figures.words import Words, alt_text, broken, empty, method_note, short

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

OUTSIDE = "buiten het kader"
SIDE = 560  # pixels, of the triangle at most
FEWEST = 5  # stories of a theme in the triangle, for an area
HOW = (
    "Waar een verhaal ligt, volgt uit de woorden van het schema die erin staan; dat is geen codering. Hoe dichter bij een hoek, hoe meer woorden daarvan. "
    "Verhalen met vooral woorden van een andere code, of met vooral woorden die het schema niet kent, liggen ernaast."
)
AREAS = " Ruit: het midden van een thema. Gebied: de helft van zijn verhalen die daar het dichtst bij ligt."


def plot_opgaven(themes: Any, *, corners: Sequence[str] | None = None) -> go.Figure:
    """Draw the stories between three codes of a scheme, with the themes as areas.

    Parameters
    ----------
    themes : Themes
        Made with a scheme: `nearness` and `assignments` are used.
    corners : sequence of three str, optional
        Codes at the corners (lower left, lower right, top); default the first three of the scheme.

    Returns
    -------
    plotly.graph_objects.Figure
        A dot opens its story, a diamond the stories of its theme.

    Raises
    ------
    InputError
        Without a scheme, or when the corners are not three of its codes.

    Notes
    -----
    A story lies beside the triangle when more than half of its nearness is `buiten het kader`, or when the code it is nearest to is at no corner.
    The others lie at the mean of the corners, weighed by their nearness to these three. Nearness is by words; it says nothing about how serious
    or how well solved something is.
    """
    import pandas as pd

    codes = [code for code in themes.nearness["code"].unique() if code != OUTSIDE]
    chosen = list(corners) if corners is not None else codes[:3]
    if len(set(chosen)) != 3 or len(chosen) != 3 or not set(chosen) <= set(codes):
        raise InputError.one(
            what="De driehoek heeft drie verschillende codes van het schema nodig.",
            where="wa.plot_opgaven",
            expected=f"drie van {list_names(codes)}",
            now='Maak de thema’s met een schema: wa.find_themes(corpus, scheme=wa.load_scheme("opgaven")), of kies andere hoeken met corners=.',
        )
    near = (
        themes.nearness.pivot(  # noqa: PD010
            index="narrative_id", columns="code", values="nearness"
        )
        .reindex(columns=[*codes, OUTSIDE])
        .fillna(0.0)
    )
    lies = near[codes].idxmax(axis=1).where(near[OUTSIDE] <= 0.5, OUTSIDE)
    known = {code.code: code.name for code in themes.scheme or ()}
    others = [code for code in codes if code not in chosen]
    names = {code: known.get(code, code) for code in [*chosen, *others]} | {OUTSIDE: "Buiten het kader"}
    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    points = themes.assignments[["narrative_id", "theme_id"]].merge(
        themes.corpus.frame[["narrative_id", "title"]]
    )
    points = points.merge(near, left_on="narrative_id", right_index=True).sort_values(
        "narrative_id", ignore_index=True
    )
    points = points.assign(thema=points["theme_id"].map(labels), ligging=points["narrative_id"].map(lies))
    has_middle = points["theme_id"].isin(
        points.loc[points["ligging"].isin(chosen) & (points["theme_id"] >= 0), "theme_id"]
    )
    seed = themes.settings["random_state"]
    return shown(
        Behind(
            kind="opgaven", corpus=themes.corpus, words=_words(themes, points["ligging"].map(names), list(names.values())), order=list(names.values()),
            members=pd.concat([points.assign(mark=points["narrative_id"]), points[has_middle].assign(mark=points["thema"])])[["mark", "narrative_id"]],
            counted=points[["narrative_id", "thema"]].assign(ligging=points["ligging"].map(names)),
            draw=lambda width: _drawn(points, labels, names, width),
            outside=bars_outside(
                themes.corpus, title="Hoe de thema’s bij de opgaven liggen", counts="hoeveel vertellers een verhaal hebben dat daar het dichtst bij ligt",
                how=HOW, seed=seed, first=list(names.values()),
            ),
        )
    )  # fmt: skip


def _drawn(
    points: pd.DataFrame, labels: Mapping[int, str], names: Mapping[str, str], width: float
) -> go.Figure:
    """Draw in pixels, so that heaps, words and what lies beside the triangle find room by one measure."""
    import plotly.graph_objects as go

    if points.empty:
        return empty("Er zijn geen verhalen om bij de opgaven te leggen.", width)
    chosen, room, size = list(names)[:3], width - 2 * EDGE, dot_size(len(points), width)
    line, most = FONT_SIZES["label"] * LINE, min(room / 12, 60)
    inside = points[points["ligging"].isin(chosen)].reset_index(drop=True)
    shares = in_triangle(inside[chosen]) if len(inside) else np.empty((0, 2))
    side = min(room - 2 * most, SIDE)
    xy = spread(shares * side, size * 0.85, most)
    heap = abs(xy - shares * side).max(initial=0) + size
    figure = go.Figure()
    base = _beside(
        figure, points[~points["ligging"].isin(chosen)], names, size=size, n=len(points), room=room
    )
    corners = [broken(names[code], room / 2 - 8, FONT_SIZES["label"]) for code in chosen]
    origin = np.array([(room - side) / 2, base + max(map(len, corners[:2])) * line + heap + 4])
    high = origin[1] + side * HIGH + heap + len(corners[2]) * line + 4
    for trace in triangle(shares):
        figure.add_trace(
            trace.update(x=origin[0] + np.array(trace.x) * side, y=origin[1] + np.array(trace.y) * side)
        )
    middles = _areas(figure, inside, origin + shares * side)
    for theme, rows in sorted(inside.groupby("theme_id").indices.items()):
        colour = theme_colour(int(theme)) if theme >= 0 else None
        figure.add_trace(
            dots(
                inside.iloc[rows],
                origin + xy[rows],
                size=size,
                n=len(points),
                colour=colour,
                name=labels[theme],
            )
        )
    for text, place, anchor in zip(
        corners, origin + CORNERS * side, ("left", "right", "center"), strict=True
    ):
        x = place[0] + {"left": -most, "right": most, "center": 0}[anchor]
        y = place[1] + heap + len(text) * line if anchor == "center" else place[1] - heap
        _say(figure, x, y, [f"<b>{part}</b>" for part in text], anchor)
    for theme, place in middles.items():
        marker = {
            "symbol": "diamond",
            "size": 12,
            "color": theme_colour(theme),
            "line": {"width": 1.5, "color": PAPER},
        }
        figure.add_trace(
            go.Scatter(
                x=[place[0]], y=[place[1]], mode="markers", name=labels[theme], showlegend=False, customdata=[labels[theme]], marker=marker,
                hovertemplate=f"<b>{labels[theme]}</b><extra></extra>",
            )
        )  # fmt: skip
    # Names of themes keep off the diamonds, and off the words at the corners.
    taken = [(x, y, 14.0, 14.0) for x, y in middles.values()]
    taken += [
        (room / 2, base / 2, room, base + 2 * (origin[1] - heap - base)),
        (room / 2, high, room, 2 * len(corners[2]) * line),
    ]
    return _named(figure, middles, labels, origin + xy, taken, width, high)


def _named(
    figure: go.Figure, middles: Mapping[int, Any], labels: Mapping[int, str], points: Any, taken: Any, width: float, high: float
) -> go.Figure:  # fmt: skip
    """Go over to the units of the map, in which names are placed."""
    box = np.array([width - 2 * EDGE, high])

    def units(places: Any, axes: Any = slice(None)) -> Any:
        return np.asarray(places, dtype=float) / box[axes] * 2 * HALF[axes] - HALF[axes]

    for mark in (*figure.data, *figure.layout.annotations):
        mark.update(x=units(mark.x, 0), y=units(mark.y, 1))
    figure.update_layout(height=high)
    figure.update_xaxes(visible=False, range=[-HALF[0], HALF[0]])
    figure.update_yaxes(visible=False, range=[-HALF[1], HALF[1]])
    names: list[tuple[str, list[str], str]] = [(labels[theme], [], theme_colour(theme)) for theme in middles]
    anchors = [units(place) for place in middles.values()]
    return add_labels(figure, names, anchors, units(points), width, reach=min(90, width / 8), taken=taken)


def _beside(
    figure: go.Figure, rest: pd.DataFrame, names: Mapping[str, str], *, size: float, n: int, room: float
) -> float:
    """Draw what lies beside the triangle as heaps below it, and return how high they are."""
    parts = [
        (name, rest[rest["ligging"] == code])
        for code, name in names.items()
        if (rest["ligging"] == code).any()
    ]
    if not parts:
        return 0.0
    each, line = room / len(parts), FONT_SIZES["label"] * LINE
    reach = min(each / 2 - 8, 90, size * max(len(part) for _, part in parts) ** 0.5 * 0.9)
    for i, (name, part) in enumerate(parts):
        centre = np.array([(i + 0.5) * each, reach + 2 * line + size + 4])
        xy = spread(np.repeat(centre[None, :], len(part), axis=0), size * 0.9, reach)
        figure.add_trace(dots(part, xy, size=size, n=n, colour=None, name=name))
        _say(
            figure,
            centre[0],
            2 * line,
            [short(name, each - 8, FONT_SIZES["label"]), stories(len(part))],
            "center",
        )
    return float(2 * (reach + line + size) + 12)


def _say(figure: go.Figure, x: float, y: float, lines: Sequence[str], anchor: str) -> None:
    figure.add_annotation(
        x=x, y=y, text="<br>".join(lines), xanchor=anchor, yanchor="top", align=anchor, showarrow=False, borderpad=0,
        font={"size": FONT_SIZES["label"], "color": INK},
    )  # fmt: skip


def _areas(figure: go.Figure, inside: pd.DataFrame, places: Any) -> dict[int, Any]:
    """Draw around each theme the half of its stories nearest to its middle, and return the middles in pixels."""
    import plotly.graph_objects as go
    from scipy.spatial import ConvexHull, QhullError

    middles = {
        int(theme): np.median(places[rows], axis=0)
        for theme, rows in sorted(inside.groupby("theme_id").indices.items())
        if theme >= 0
    }
    for theme, middle in middles.items():
        own = places[inside["theme_id"] == theme]
        distance = np.hypot(*(own - middle).T)
        core = own[distance <= np.median(distance)]
        try:
            x, y = core[ConvexHull(core).vertices].T if len(own) >= FEWEST else np.empty((2, 0))
        except (QhullError, ValueError):
            continue  # on one line: it has no area
        colour = theme_colour(theme)
        figure.add_trace(
            go.Scatter(
                x=x,
                y=y,
                mode="none",
                fill="toself",
                fillcolor=tint(colour),
                hoverinfo="skip",
                showlegend=False,
            )
        )
    return middles


def tint(colour: str, opacity: float = 0.15) -> str:
    """Return a colour that lets through what lies beneath."""
    return f"rgba{(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)), opacity)}"


def _words(themes: Any, lies: pd.Series, order: list[str]) -> Words:
    n = lies.value_counts().reindex(order, fill_value=0)
    three, out = n.iloc[:3].sum(), n.iloc[-1]
    beside = "".join(f", {number(k)} bij {name.lower()}" for name, k in n.iloc[3:-1].items())
    return Words(
        title=f"{number(three)} van de {stories(len(lies))} liggen bij {', '.join(order[:2]).lower()} of {order[2].lower()}; {number(out)} vooral "
        "buiten het kader",
        subtitle=f"{told(themes.corpus)}: {number(three)} in de driehoek{beside}, {number(out)} buiten het kader. Open stip: ligt ernaast, of past bij geen thema.",
        note=method_note(themes.corpus, HOW + AREAS, seed=themes.settings["random_state"]),
        alt=alt_text(
            f"Driehoek met de hoeken {', '.join(order[:3])}; {told(themes.corpus)}, elk verhaal een stip. Verhalen liggen het dichtst bij, of ernaast:",
            *(f"{name} {number(k)}." for name, k in n.items()),
        ),
    )  # fmt: skip
