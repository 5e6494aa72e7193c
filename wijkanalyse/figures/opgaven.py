"""The opgaven as a triangle, with the stories that lie by other codes and outside the frame beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.bars import bars_outside
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.dots import dot_size, dots, in_dots, many, spread
from wijkanalyse.figures.drawing import SIZE, canvas, in_two, listed, marks, tint, written
from wijkanalyse.figures.labels import place_labels
from wijkanalyse.figures.readings import OUTSIDE, theme_stories
from wijkanalyse.figures.template import EDGE, LINE, PAPER, number, theme_colour
from wijkanalyse.figures.triangle import HIGH, in_triangle, triangle
from wijkanalyse.figures.words import broken, describe, short, stories, text_width, told

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

SIDE = 560  # pixels, of the triangle at most
FEWEST = 5  # stories of a theme in the triangle, for an area
LABEL_WIDTH = 150  # pixels, of one line
ROW = SIZE * LINE
HOW = (
    "Waar een verhaal ligt, volgt uit de woorden van het schema die erin staan; dat is geen codering. Hoe dichter bij een hoek, "
    "hoe meer woorden daarvan. Verhalen met vooral woorden van een andere code, of met vooral woorden die het schema niet kent, "
    "liggen ernaast."
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
    codes = [code for code in themes.nearness["code"].unique() if code != OUTSIDE]
    chosen = list(corners) if corners is not None else codes[:3]
    if len(set(chosen)) != 3 or len(chosen) != 3 or not set(chosen) <= set(codes):
        raise InputError.one(
            what="De driehoek heeft drie verschillende codes van het schema nodig.",
            where="wa.plot_opgaven",
            expected=f"drie van {list_names(codes)}",
            now='Maak de thema’s met een schema: wa.find_themes(corpus, scheme=wa.load_scheme("opgaven")), of kies andere hoeken met corners=.',
        )
    known = {code.code: code.name for code in themes.scheme or ()}
    order = [*chosen, *(code for code in codes if code not in chosen)]
    names = {code: known.get(code, code) for code in order} | {OUTSIDE: "Buiten het kader"}
    points = _lying(themes, codes, chosen)
    inside = points[points["ligging"].isin(chosen)]
    middles = inside[inside["theme_id"] >= 0].groupby("theme_id")[["x", "y"]].median()
    of_middle = points[points["theme_id"].isin(middles.index)]
    labels = themes.topics.set_index("theme_id")["label"]
    corpus, seed, lies = themes.corpus, themes.settings["random_state"], points["ligging"].map(names)
    n = lies.value_counts().reindex(list(names.values()), fill_value=0)
    three, out, (a, b, c) = n.iloc[:3].sum(), n.iloc[-1], n.index[:3]
    beside = "".join(f", {number(k)} bij {name.lower()}" for name, k in n.iloc[3:-1].items())
    return shown(
        Behind(
            kind="opgaven", corpus=corpus, order=list(n.index),
            members=opens((points["mark"], points), (of_middle["thema"], of_middle)),
            counted=points[["narrative_id", "thema"]].assign(ligging=lies),
            draw=lambda width: _drawn(points, middles, labels, names, width),
            nothing="Er zijn geen verhalen om bij de opgaven te leggen.",
            words=describe(
                corpus, how=HOW + AREAS + many(len(points)), seed=seed,
                title=f"{number(three)} van de {stories(len(points))} liggen bij {a.lower()}, {b.lower()} of {c.lower()}; "
                f"{number(out)} vooral buiten het kader",
                subtitle=f"{told(corpus)}: {number(three)} in de driehoek{beside}, {number(out)} buiten het kader. "
                "Open stip: ligt ernaast, of past bij geen thema.",
                alt=[
                    f"Driehoek met de hoeken {a}, {b}, {c}; {told(corpus)}, als stippen. Verhalen liggen het dichtst bij, of ernaast:",
                    *(f"{name} {number(k)}." for name, k in n.items()),
                ],
            ),
            outside=bars_outside(
                corpus, title="Hoe de thema’s bij de opgaven liggen", how=HOW, seed=seed, first=list(n.index),
                counts="hoeveel vertellers een verhaal hebben dat daar het dichtst bij ligt",
            ),
        )
    )  # fmt: skip


def _lying(themes: Any, codes: list[str], chosen: list[str]) -> pd.DataFrame:
    """Return the stories with the code they lie by as `ligging`, and a place in a triangle with sides of 1 for who lies in it."""
    near = themes.nearness.pivot(index="narrative_id", columns="code", values="nearness")  # noqa: PD010
    near = near.reindex(columns=[*codes, OUTSIDE]).fillna(0.0)
    points = theme_stories(themes, "title")
    near = near.loc[points["narrative_id"]].set_axis(points.index)
    points = points.assign(ligging=near[codes].idxmax(axis=1).where(near[OUTSIDE] <= 0.5, OUTSIDE))
    is_inside = points["ligging"].isin(chosen)
    x, y = in_triangle(near[chosen].where(is_inside, 1.0)).T
    points = points.assign(x=x, y=y, reeks=points["thema"].where(is_inside, "naast: " + points["ligging"]))
    return in_dots(points, "reeks", ["x", "y"])


def _drawn(
    points: pd.DataFrame, middles: pd.DataFrame, labels: pd.Series, names: Mapping[str, str], width: float
) -> go.Figure:
    """Draw in pixels, so that heaps, words and what lies beside the triangle find room by one measure."""
    room, size, chosen = width - 2 * EDGE, dot_size(len(points), width), list(names)[:3]
    most = min(room / 12, 60)
    side = min(room - 2 * most, SIDE)
    left, right, top = (broken(names[code], room / 2 - 8, SIZE) for code in chosen)
    inside = points[points["ligging"].isin(chosen)]
    drawn = inside.drop_duplicates("mark").reset_index(drop=True)
    places = drawn[["x", "y"]].to_numpy() * side
    spots = spread(places, size * 0.85, most)
    heap = abs(spots - places).max(initial=0) + size
    head = len(top) * ROW + 4
    origin = np.array([(room - side) / 2, -head - heap - side * HIGH])
    spots, foot = origin + spots, heap - origin[1]

    traces = triangle(inside[["x", "y"]].to_numpy())
    for trace in (*traces, *(areas := _areas(inside, middles))):
        trace.update(x=origin[0] + np.array(trace.x) * side, y=origin[1] + np.array(trace.y) * side)
    traces += areas
    for theme, rows in sorted(drawn.groupby("theme_id").indices.items()):
        colour = theme_colour(int(theme)) if theme >= 0 else None
        traces.append(dots(drawn.iloc[rows], spots[rows], size=size, colour=colour, name=labels[theme]))
    corners = [(origin[0] - most, -foot, left, "left"), (room - origin[0] + most, -foot, right, "right")]
    texts = [
        written(x, y, [f"<b>{line}</b>" for line in lines], xanchor=anchor, yanchor="top")
        for x, y, lines, anchor in (*corners, (room / 2, 0, top, "center"))
    ]
    anchors = origin + middles.to_numpy() * side
    diamonds, named, lines = _named(middles, labels, anchors, spots, (room, foot), head)
    foot += max(len(left), len(right)) * ROW + 4
    beside, under, foot = _beside(points[~points["ligging"].isin(chosen)], names, size, room, foot)
    texts += [*under, *named, written(0, -foot, lines, xanchor="left", yanchor="top")]
    height = foot + len(lines) * ROW
    return canvas([*traces, *beside, *diamonds], texts, width=width, height=height, down=False)


def _areas(inside: pd.DataFrame, middles: pd.DataFrame) -> list[go.Scatter]:
    """Return around each theme the half of its stories nearest to its middle."""
    import plotly.graph_objects as go
    from scipy.spatial import ConvexHull, QhullError

    areas = []
    for theme, middle in zip(middles.index, middles.to_numpy(), strict=True):
        own = inside.loc[inside["theme_id"] == theme, ["x", "y"]].to_numpy()
        distance = np.hypot(*(own - middle).T)
        core = own[distance <= np.median(distance)]
        try:
            x, y = core[ConvexHull(core).vertices].T if len(own) >= FEWEST else core[:0].T
        except (QhullError, ValueError):
            continue  # on one line: it has no area
        look = {"mode": "none", "fill": "toself", "fillcolor": tint(theme_colour(theme))}
        areas.append(go.Scatter(x=x, y=y, hoverinfo="skip", showlegend=False, **look))
    return areas


def _named(
    middles: pd.DataFrame, labels: pd.Series, anchors: Any, spots: Any, size: tuple[float, float], head: float
) -> tuple[list[Any], list[Any], list[str]]:
    """Return the diamonds of themes and their names; a name without room is a number, and stands in a list."""
    room, down = size[0], np.array([1, -1])
    names = [labels[theme] for theme in middles.index]
    lines = [in_two(name, min(LABEL_WIDTH, room / 2)) for name in names]
    # Bold is a little wider.
    boxes = [(1.08 * max(text_width(line, SIZE) for line in each) + 6, len(each) * ROW + 6) for each in lines]
    # Names keep off the diamonds, and off the words at the top.
    taken = [(room / 2, head / 2, room, head), *((x, -y, 14.0, 14.0) for x, y in anchors)]
    reach = min(90, room / 6)
    places = place_labels(spots * down, anchors * down, boxes, size=size, reach=reach, taken=taken)
    taken += [(*place, *box) for place, box in zip(places, boxes, strict=True) if place]
    left_out = [n for n, place in enumerate(places) if place is None]
    numbers = [(text_width(str(n), SIZE) + 6, ROW + 2) for n in range(1, len(left_out) + 1)]
    found = place_labels(spots * down, anchors[left_out] * down, numbers, size=size, reach=room, taken=taken)
    for number_of, (n, place) in enumerate(zip(left_out, found, strict=True), 1):
        lines[n], places[n] = [str(number_of)], place
    diamonds, texts = [], []
    for theme, name, each, place, (x, y) in zip(middles.index, names, lines, places, anchors, strict=True):
        look = {"symbol": "diamond", "size": 12, "line": {"width": 1.5, "color": PAPER}}
        look |= {"color": theme_colour(theme)}
        diamonds.append(marks([x], [y], [name], name=name, hover=f"<b>{name}</b>", **look))
        if place:
            look = {"name": "naam", "bgcolor": "rgba(255,255,255,0.82)", "borderpad": 1}
            said = [f"<b>{line}</b>" for line in each]
            texts.append(written(place[0], -place[1], said, colour=theme_colour(theme), **look))
    return diamonds, texts, listed([names[n] for n in left_out], room)


def _beside(
    rest: pd.DataFrame, names: Mapping[str, str], size: float, room: float, top: float
) -> tuple[list[Any], list[Any], float]:
    """Return what lies beside the triangle as heaps below it, their names, and where they end."""
    parts = {name: rest[rest["ligging"] == code] for code, name in names.items()}
    drawn = {name: part.drop_duplicates("mark") for name, part in parts.items() if len(part)}
    if not drawn:
        return [], [], top
    each, largest = room / len(drawn), max(map(len, drawn.values()))
    reach = min(each / 2 - 8, 90, size * largest**0.5 * 0.9)
    traces, texts = [], []
    for i, (name, part) in enumerate(drawn.items()):
        centre = np.array([[(i + 0.5) * each, -top - reach - size - 8]])
        places = spread(np.repeat(centre, len(part), axis=0), size * 0.9, reach)
        traces.append(dots(part, places, size=size, colour=None, name=name))
        lines = [short(name, each - 8, SIZE), stories(len(parts[name]))]
        texts.append(written(centre[0, 0], centre[0, 1] - reach - size - 4, lines, yanchor="top"))
    return traces, texts, top + 2 * (reach + size + ROW) + 20
