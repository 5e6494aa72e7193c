"""A triangle between three corners: where a story lies by its three shares, and where many lie."""

from __future__ import annotations

from typing import Any

import numpy as np

from wijkanalyse.figures.template import GROUND, PAPER

HIGH = 0.75**0.5  # of a triangle with sides of 1
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, HIGH]])
FEWEST = 30  # stories for a density
N_CELLS, BANDWIDTH = 48, 0.08  # of the density: cells along a side, and how far a story counts


def in_triangle(shares: Any) -> Any:
    """Return the places of shares, shape (n, 3), as (n, 2): lower left, lower right and top."""
    shares = np.asarray(shares, dtype=float)
    return shares / shares.sum(axis=1, keepdims=True) @ CORNERS


def triangle(places: Any) -> list[Any]:
    """Return traces of the sides and, from `FEWEST` places on, of where many lie.

    Notes
    -----
    A Gaussian kernel, divided by how much of it falls inside, so that the sides do not look emptier than they are
    (Jones 1993, doi:10.1007/BF00147776).
    """
    import plotly.graph_objects as go

    quiet = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    x, y = CORNERS[[0, 1, 2, 0]].T
    sides = go.Scatter(x=x, y=y, line={"width": 1.2, "color": GROUND}, **quiet)
    if len(places) < FEWEST:
        return [sides]
    edges = np.linspace(0, 1, N_CELLS + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    counts = np.histogram2d(places[:, 0], places[:, 1], bins=[edges, edges])[0]
    kernel = np.exp(-(((middle[:, None] - middle) / BANDWIDTH) ** 2) / 2)
    inside = kernel @ (middle <= 2 * HIGH * np.minimum(middle, 1 - middle)[:, None]) @ kernel
    # In a corner a sixth of the kernel falls inside; beyond that is outside the triangle.
    # The root keeps a heap in a corner from making all else look empty.
    z = np.sqrt(kernel @ counts @ kernel / np.maximum(inside, inside.max() / 7))
    # What the contours paint beyond the sides is painted over.
    far = np.array([[-0.02, -0.02], [1.02, -0.02], [1.02, 1.02], [-0.02, 1.02], [-0.02, -0.02]])
    x, y = np.vstack([far, CORNERS[[0, 2, 1, 0]], far[:1]]).T
    return [
        go.Contour(
            x=edges[:-1] * N_CELLS / (N_CELLS - 1), y=edges[:-1] * N_CELLS / (N_CELLS - 1), z=z.T, ncontours=6, showscale=False, hoverinfo="skip", line={"width": 0},
            colorscale=[[0, PAPER], [1, "#c3cbd9"]], contours={"coloring": "fill"},
        ),
        go.Scatter(x=x, y=y, fill="toself", fillcolor=PAPER, line={"width": 0}, **quiet),
        sides,
    ]  # fmt: skip
