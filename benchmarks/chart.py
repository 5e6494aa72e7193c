"""What each stage costs as the stories grow in number: a chart with logarithmic axes, and the slope."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

Costs = Mapping[str, Mapping[int, float]]  # stage → number of stories → seconds of processor time


def slope(costs: Mapping[int, float]) -> float:
    """Return the power with which the cost grows between the two largest sizes: 1 is in proportion, NaN with one size."""
    if len(costs) < 2:
        return math.nan
    (n, one), (m, other) = sorted(costs.items())[-2:]
    return math.log(other / one) / math.log(m / n)


def draw(costs: Costs, path: Path) -> None:
    """Write the chart as SVG; each line is named at its end, with its slope."""
    import plotly.graph_objects as go

    from wijkanalyse.figures.picture import picture
    from wijkanalyse.figures.template import FONT, INK, QUIET, SYMBOLS, THEME_COLOURS
    from wijkanalyse.figures.words import Words

    sizes = sorted({n for points in costs.values() for n in points})
    figure = go.Figure()
    places = apart({stage: math.log10(max(points.items())[1]) for stage, points in costs.items()})
    for number, (stage, points) in enumerate(costs.items()):
        colour, at = THEME_COLOURS[number % len(THEME_COLOURS)], sorted(points)
        figure.add_scatter(
            x=at, y=[points[n] for n in at], mode="lines+markers", line={"color": colour, "width": 1.5},
            marker={"symbol": SYMBOLS[number % len(SYMBOLS)], "size": 7},
        )  # fmt: skip
        power = f"{slope(points):.2f}".replace(".", ",")
        figure.add_annotation(
            x=1.01, xref="paper", y=places[stage], yref="y", text=f"{stage} ({power})", showarrow=False, xanchor="left",
            font={"color": colour, "size": 12},
        )  # fmt: skip
    labels = [f"{n:,}".replace(",", ".") for n in sizes]
    figure.update_xaxes(type="log", tickvals=sizes, ticktext=labels, title="verhalen")
    ticks = [10**power for power in range(-2, 4)]
    texts = [f"{tick:g}".replace(".", ",") for tick in ticks]
    figure.update_yaxes(
        type="log", tickvals=ticks, ticktext=texts, title="seconden processortijd", gridcolor="#e4e6ea"
    )
    figure.update_layout(
        template="none", height=460, margin={"l": 70, "r": 190, "t": 50, "b": 60}, showlegend=False,
        font={"family": FONT, "size": 12, "color": INK},
        title={"text": "Wat elke stap kost; tussen haakjes de helling (1 is evenredig)", "font": {"size": 15}, "x": 0.02},
    )  # fmt: skip
    figure.update_layout(xaxis={"gridcolor": "#e4e6ea", "linecolor": QUIET, "zeroline": False})
    told = "; ".join(f"{stage} helling {slope(points):.2f}" for stage, points in costs.items())
    words = Words(
        title="Wat elke stap kost bij meer verhalen",
        subtitle="",
        note="benchmarks/RESULTS.md",
        alt=f"{told}.",
    )
    path.write_bytes(picture(figure, "svg", width_mm=190, words=words))


def apart(heights: Mapping[str, float], room: float = 0.16) -> dict[str, float]:
    """Return heights for names, in the same order from below, at least `room` apart."""
    places: dict[str, float] = {}
    last = -math.inf
    for name, height in sorted(heights.items(), key=lambda pair: pair[1]):
        last = places[name] = max(height, last + room)
    return places
