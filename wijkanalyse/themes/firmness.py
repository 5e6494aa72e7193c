"""How firm a theme is: whether it returns when stories are left out and the settings change a little.

Clusterwise Jaccard over subsamples (Hennig 2007, doi:10.1016/j.csda.2006.11.025), matched one to one. A fixed
seed alone gives the same answer every time and proves nothing. Firm is not the same as true.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.themes.engine import MAX_STABILITY, Array, choose_rows, cluster, dimensions_for, reduce

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FIRM, PATTERN = 0.75, 0.60  # Hennig's cut-offs
MIN_STORIES = 5
N_ROUNDS = 50


def theme_jaccard(
    matrix: csr_matrix,
    labels: Array,
    random_state: int,
    *,
    n_rounds: int = N_ROUNDS,
    tick: Callable[[], None] = lambda: None,
) -> tuple[Array, Array]:
    """Return how well each theme returns over subsamples of 80%, with the number of themes and dimensions varied.

    Parameters
    ----------
    matrix : csr_matrix, shape (n_narratives, n_terms)
    labels : ndarray of int, shape (n_narratives,)
        −1 for stories in no theme.

    Returns
    -------
    jaccard : ndarray, shape (n_themes,)
        Mean over the rounds of the overlap with the matched cluster, 0 to 1.
    returned : ndarray, shape (n_narratives,)
        Share of the rounds with the story in which it lay in the cluster matched to its own theme:
        high for the core of a theme, low for its edge. Of a corpus of more than `MAX_STABILITY` stories a
        fixed sample is drawn; the others have 0.
    """
    from scipy.optimize import linear_sum_assignment

    n_themes = int(labels.max()) + 1
    chosen = choose_rows(len(labels), MAX_STABILITY, random_state)
    matrix, all_labels, labels = matrix[chosen], labels, labels[chosen]
    n = len(chosen)
    rng = np.random.default_rng(random_state)
    overlaps = np.zeros((n_rounds, n_themes))
    drawn, stayed = np.zeros(n), np.zeros(n)
    for number in range(n_rounds):
        rows = np.sort(rng.choice(n, size=max(4, round(0.8 * n)), replace=False))
        k = max(2, min(n_themes + (-1, 0, 1)[number % 3], len(rows) - 1))
        d = max(2, round(dimensions_for(k) * (0.8, 1.0, 1.25)[number // 3 % 3]))
        found = cluster(reduce(matrix[rows], d, number), k, number, n_starts=3)
        table = _jaccard_table(labels[rows], found, n_themes)
        ours, theirs = linear_sum_assignment(-table)
        overlaps[number, ours] = table[ours, theirs]
        match = dict(zip(ours.tolist(), theirs.tolist(), strict=True))
        same = np.array([match.get(int(label), -2) for label in labels[rows]]) == found
        drawn[rows] += 1
        stayed[rows] += same
        tick()
    core = np.zeros(len(all_labels))
    core[chosen] = stayed / np.maximum(drawn, 1)
    return overlaps.mean(axis=0), core


def verdict(jaccard: float, n_narratives: int) -> str:
    """Return the Dutch word for a firmness; words, not a score to compare teams by."""
    if n_narratives < MIN_STORIES:
        return "te weinig verhalen"
    return "stevig" if jaccard >= FIRM else "patroon" if jaccard >= PATTERN else "los"


def _jaccard_table(ours: Array, theirs: Array, n_themes: int) -> Array:
    a = ours[:, None] == np.arange(n_themes)
    b = theirs[:, None] == np.arange(int(theirs.max()) + 1)
    both = a.T.astype(float) @ b.astype(float)
    union = a.sum(axis=0)[:, None] + b.sum(axis=0)[None, :] - both
    return np.where(union > 0, both / np.maximum(union, 1), 0.0)
