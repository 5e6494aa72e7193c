"""How firm a theme is: whether it returns when stories are left out and the way of looking changes.

Clusterwise Jaccard over subsamples (Hennig 2007, doi:10.1016/j.csda.2006.11.025), matched one to one. A fixed
seed alone gives the same answer every time and proves nothing. Firm is not the same as true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.themes.engine import Array, choose_rows
from wijkanalyse.themes.views import VIEWS, make_view, partition, rounds, similarities

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FIRM, PATTERN = 0.75, 0.60  # Hennig's cut-offs
MIN_STORIES = 5
MAX_SHARE = 0.5  # a theme of more than half of the stories returns of itself
N_ROUNDS = 50
MAX_STABILITY = 1_500  # stories that rounds draw from
JITTER = (-0.25, 0.0, 0.25)


@dataclass(frozen=True, eq=False)
class Rounds:
    """What came out each time: partitions of subsamples. Any division into themes can be held against them.

    Parameters
    ----------
    n : int
        All stories.
    rows, found : sequence of ndarray of int, shape (n_drawn,)
        Which stories were drawn, and the cluster of each.
    """

    n: int
    rows: Sequence[Array]
    found: Sequence[Array]


def make_rounds(
    matrix: csr_matrix | Array,
    n_themes: int,
    random_state: int,
    *,
    n_rounds: int = N_ROUNDS,
    tick: Callable[[], None] = lambda: None,
    n_jobs: int = 1,
) -> Rounds:
    """Cluster subsamples of 80% again, each with the next view and the number of themes varied by a quarter.

    Of a corpus of more than `MAX_STABILITY` stories a fixed sample is drawn from.
    """
    chosen = choose_rows(matrix.shape[0], MAX_STABILITY, random_state)
    similarity = similarities(matrix[chosen])
    rng = np.random.default_rng(random_state)
    size = max(4, round(0.8 * len(chosen)))
    draws = [np.sort(rng.choice(len(chosen), size=size, replace=False)) for _ in range(n_rounds)]

    def cluster(number: int, drawn: Array) -> Array:
        k = max(2, round(n_themes * (1 + JITTER[number % 3])))
        near = similarity[np.ix_(drawn, drawn)]
        return partition(near, make_view(near, VIEWS[number % len(VIEWS)], k, number), k, number, 4)

    found = []
    for one in rounds(cluster, range(n_rounds), draws, n_jobs=n_jobs):
        found.append(one)
        tick()
    return Rounds(matrix.shape[0], [chosen[drawn] for drawn in draws], found)


def theme_jaccard(labels: Array, rounds: Rounds) -> tuple[Array, Array]:
    """Return how well each theme returns over the rounds.

    Parameters
    ----------
    labels : ndarray of int, shape (n_narratives,)
        −1 for stories in no theme.
    rounds : Rounds

    Returns
    -------
    jaccard : ndarray, shape (n_themes,)
        Mean over the rounds of the overlap with the matched cluster, 0 to 1.
    returned : ndarray, shape (n_narratives,)
        Share of the rounds with the story in which it lay in the cluster matched to its own theme: high for the
        core of a theme, low for its edge; NaN for a story that was never drawn.
    """
    n_themes = int(labels.max()) + 1
    overlaps = np.zeros((len(rounds.rows), n_themes))
    drawn, stayed = np.zeros(rounds.n), np.zeros(rounds.n)
    for number, (rows, found) in enumerate(zip(rounds.rows, rounds.found, strict=True)):
        table = _jaccard_table(labels[rows], found, n_themes)
        match = np.full(n_themes + 1, -2)  # the last one is for label −1
        for ours, theirs in match_themes(labels[rows], found, n_themes).items():
            overlaps[number, ours] = table[ours, theirs]
            match[ours] = theirs
        drawn[rows] += 1
        stayed[rows] += match[labels[rows]] == found
    with np.errstate(invalid="ignore"):
        return overlaps.mean(axis=0), stayed / np.where(drawn > 0, drawn, np.nan)


def match_themes(ours: Array, theirs: Array, n_themes: int) -> dict[int, int]:
    """Return which cluster each theme is matched to, one to one, so that they overlap most (Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-_jaccard_table(ours, theirs, n_themes))
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def verdict(jaccard: float, n_narratives: int, *, share: float = 0.0, has_structure: bool = True) -> str:
    """Return the Dutch word for a firmness; words, not a score to compare teams by.

    Parameters
    ----------
    jaccard : float
    n_narratives : int
    share : float
        Of all stories; a theme of more than half of them is never *stevig*.
    has_structure : bool
        Whether the stories hang together better than shuffled words; without that no theme is more than *los*.
    """
    if n_narratives < MIN_STORIES:
        return "te weinig verhalen"
    if jaccard < PATTERN or not has_structure:
        return "los"
    return "stevig" if jaccard >= FIRM and share <= MAX_SHARE else "patroon"


def _jaccard_table(ours: Array, theirs: Array, n_themes: int) -> Array:
    a = ours[:, None] == np.arange(n_themes)
    b = theirs[:, None] == np.arange(int(theirs.max()) + 1)
    both = a.T.astype(float) @ b.astype(float)
    union = a.sum(axis=0)[:, None] + b.sum(axis=0)[None, :] - both
    return np.where(union > 0, both / np.maximum(union, 1), 0.0)
