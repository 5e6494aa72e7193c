"""The theme map: every story a point, near to stories that use the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.template import GROUND, PAPER, dress, number, theme_colour
from wijkanalyse.privacy.gate import shown_attribute

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "triangle-down")
SVG_LIMIT = 5_000  # beyond it SVG gets slow; below it WebGL is not needed
LABEL_CHARACTER, LABEL_HEIGHT = 0.023, 0.1  # size of label text in map units, at 850 by 680 pixels


def plot_theme_map(themes: Any, *, perspective: str | None = None, height: int = 680) -> go.Figure:
    """Draw the landscape of stories with the themes as named areas.

    Parameters
    ----------
    themes : Themes
        From `find_themes`.
    perspective : str, optional
        Column that gives the shape of the points; default the column with the role `perspective`.
    height : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
        One trace per theme; each point carries its narrative_id as customdata, so that it opens its story.
        Hover shows the teller's title, never the text.

    Notes
    -----
    Nearness means shared words. Directions, axes and empty space mean nothing. Stories that fit nowhere are
    drawn as open grey points, not hidden.
    """
    import plotly.graph_objects as go

    points = themes.assignments.merge(themes.corpus.frame, on="narrative_id")
    column = perspective or shown_attribute(themes.corpus)
    kind = go.Scatter if len(points) <= SVG_LIMIT else go.Scattergl
    figure = go.Figure(_landscape(points))
    shapes = _shapes(points, column)
    for topic in themes.topics.itertuples():
        members = points[points["theme_id"] == topic.theme_id]
        nowhere = topic.theme_id < 0
        figure.add_trace(
            kind(
                x=members["x"], y=members["y"], mode="markers", name=topic.label,
                showlegend=False,
                customdata=members["narrative_id"],
                text=[title or "zonder titel" for title in members["title"]],
                hovertemplate=f"%{{text}}<br><i>{topic.label}</i><extra></extra>",
                marker={
                    "size": 9 if len(points) < 1_000 else 5,
                    "color": PAPER if nowhere else theme_colour(topic.theme_id),
                    "symbol": [shapes.get(value, "circle") for value in members[column]] if column else "circle",
                    "line": {"width": 1.3 if nowhere else 0.8, "color": GROUND if nowhere else PAPER},
                    "opacity": 0.9,
                },
            )
        )  # fmt: skip
    _legend_of_shapes(figure, shapes)
    _add_labels(figure, points, themes.topics)
    figure.update_xaxes(visible=False, range=[-1.18, 1.18])
    figure.update_yaxes(visible=False, range=[-1.12, 1.12])
    figure.update_layout(height=height)
    return dress(figure, title=_title(themes), subtitle=_subtitle(themes), note=_note(themes))


def _landscape(points: pd.DataFrame) -> list[Any]:
    import plotly.graph_objects as go

    if len(points) < 30:
        return []
    return [
        go.Histogram2dContour(
            x=points["x"], y=points["y"], nbinsx=24, nbinsy=24, ncontours=7, showscale=False, hoverinfo="skip",
            colorscale=[[0, "#ffffff"], [1, "#e3e6ec"]], line={"width": 0}, contours={"coloring": "fill"},
        )
    ]  # fmt: skip


def _shapes(points: pd.DataFrame, column: str | None) -> dict[str, str]:
    if column is None:
        return {}
    # Alphabetical, so that the shape says nothing about how often a voice is heard.
    values = sorted(str(value) for value in points[column].dropna().unique())
    return {value: SYMBOLS[i % len(SYMBOLS)] for i, value in enumerate(values)}


def _legend_of_shapes(figure: go.Figure, shapes: dict[str, str]) -> None:
    import plotly.graph_objects as go

    for value, symbol in shapes.items():
        marker = {"symbol": symbol, "size": 9, "color": "#5b6270"}
        figure.add_trace(
            go.Scatter(x=[None], y=[None], mode="markers", name=value, marker=marker, hoverinfo="skip")
        )


def _add_labels(figure: go.Figure, points: pd.DataFrame, topics: pd.DataFrame) -> None:
    """Name each theme at its middle; a label that would cover another moves away from it."""
    placed: list[tuple[float, float, float]] = []
    for topic in topics[topics["theme_id"] >= 0].itertuples():
        members = points[points["theme_id"] == topic.theme_id]
        text = short_label(topic.label)
        half = LABEL_CHARACTER * len(text) / 2
        x = min(max(float(members["x"].median()), -1.1 + half), 1.1 - half)
        y = _free_height(x, float(members["y"].median()), half, placed)
        placed.append((x, y, half))
        figure.add_annotation(
            x=x, y=y, text=f"<b>{text}</b>", showarrow=False, bgcolor="rgba(255,255,255,0.86)", borderpad=2,
            font={"size": 12.5, "color": theme_colour(topic.theme_id)},
        )  # fmt: skip


def _free_height(x: float, y: float, half: float, placed: list[tuple[float, float, float]]) -> float:
    for step in range(40):
        offset = LABEL_HEIGHT * ((step + 1) // 2) * (1 if step % 2 else -1)
        candidate = y + offset
        if abs(candidate) < 1.08 and all(
            abs(candidate - other_y) >= LABEL_HEIGHT or abs(x - other_x) >= half + other_half
            for other_x, other_y, other_half in placed
        ):
            return candidate
    return y


def short_label(label: str, longest: int = 34) -> str:
    """Return a label that fits on the map, cut at a word."""
    if len(label) <= longest:
        return label
    return label[:longest].rsplit(" ", 1)[0].rstrip(",") + " …"


def _title(themes: Any) -> str:
    n = int((themes.topics["theme_id"] >= 0).sum())
    return f"Waar deze verhalen over gaan: {n} thema’s"


def _subtitle(themes: Any) -> str:
    nowhere = int((themes.assignments["theme_id"] < 0).sum())
    tail = (
        f"; {nowhere} verhalen passen nergens"
        if nowhere > 1
        else "; één verhaal past nergens"
        if nowhere
        else ""
    )
    return (
        f"{number(len(themes.assignments))} verhalen van {number(themes.corpus.n_tellers)} vertellers{tail}. "
        "Dicht bij elkaar: dezelfde woorden."
    )


def _note(themes: Any) -> str:
    versions = themes.provenance.versions
    return (
        "Voorlopig beeld, bedoeld voor gesprek. De richting en de lege ruimte op de kaart betekenen niets. "
        "Gemaakt met de woorden in de verhalen, uit veel berekeningen samen, "
        f"toevalsgetal {themes.settings['random_state']}, bron {themes.provenance.source}, "
        f"corpus {themes.provenance.corpus_hash}, wijkanalyse {versions.get('wijkanalyse', '')}."
    )
