"""Labels on a map: beside what they name, not over each other, and over as few points as can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

STEP = 4  # pixels between the places that are tried


def place_labels(
    points: Any,
    anchors: Any,
    boxes: Sequence[tuple[float, float]],
    *,
    size: tuple[float, float],
    reach: float,
    taken: Sequence[tuple[float, float, float, float]] = (),
    radii: Sequence[float] = (),
) -> list[tuple[float, float] | None]:
    """Find a place for each label, the first ones first.

    Parameters
    ----------
    points : numpy.ndarray, shape (n_points, 2)
        What is better not covered, in pixels from the lower left.
    anchors : numpy.ndarray, shape (n_labels, 2)
        What each label names, in pixels.
    boxes : sequence of (width, height)
        Of each label, in pixels.
    size : (width, height)
        Of the plot, in pixels.
    reach : float
        How far from its anchor the middle of a label may lie, in pixels.
    taken : sequence of (x, y, width, height)
        Boxes by their middle that no label may cover.
    radii : sequence of float
        Of circles at the anchors: then no label may lie nearer to the circle of another than to its own.

    Returns
    -------
    list of (x, y) or None
        Middles of the labels in pixels; None where there was no room within reach.
    """
    # Summed over the plot, so that the points under any box are four look-ups (Crow 1984, doi:10.1145/800031.808600).
    edges = [np.arange(0, length + STEP, STEP) for length in size]
    counts = np.histogram2d(points[:, 0], points[:, 1], bins=edges)[0]
    summed = np.pad(counts.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    placed = list(taken)
    found: list[tuple[float, float] | None] = []
    for own, (anchor, (width, height)) in enumerate(zip(anchors, boxes, strict=True)):
        halves = (width / 2, height / 2)
        grid = (np.arange(h, length - h + 1e-9, STEP) for h, length in zip(halves, size, strict=True))
        x, y = (each.ravel() for each in np.meshgrid(*grid, indexing="ij"))
        free = np.hypot(x - anchor[0], y - anchor[1]) <= reach
        for other_x, other_y, other_width, other_height in placed:
            beside = abs(x - other_x) >= (width + other_width) / 2
            free &= beside | (abs(y - other_y) >= (height + other_height) / 2)
        if len(radii):
            gaps = np.array([
                np.hypot(np.maximum(abs(x - at_x) - width / 2, 0), np.maximum(abs(y - at_y) - height / 2, 0)) - radius
                for (at_x, at_y), radius in zip(anchors, radii, strict=True)
            ])  # fmt: skip
            free &= gaps[own] <= gaps.min(axis=0)
        x, y = x[free], y[free]
        if not len(x):
            found.append(None)
            continue
        (low_x, high_x), (low_y, high_y) = (
            [np.clip((middle + side) // STEP, 0, len(edge) - 1).astype(int) for side in (-half, half)]
            for middle, half, edge in zip((x, y), halves, edges, strict=True)
        )
        covered = (
            summed[high_x, high_y] - summed[low_x, high_y] - summed[high_x, low_y] + summed[low_x, low_y]
        )
        # Being a label's height away weighs as much as covering a twentieth of what the fullest place would.
        cost = covered / max(covered.max(), 1) + np.hypot(x - anchor[0], y - anchor[1]) / height / 20
        best = int(np.argmin(cost))
        placed.append((x[best], y[best], width, height))
        found.append((float(x[best]), float(y[best])))
    return found
