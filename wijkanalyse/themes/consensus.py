"""One partition out of many, and how many themes there are: the number on which runs agree most.

Runs differ in view, in the stories they see and in the number of themes. Their agreement rises with that number even
when there is nothing to find, so it counts only above the same stories with their words dealt out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.themes.engine import Array, choose_rows
from wijkanalyse.themes.views import (
    VIEWS,
    make_view,
    neighbour_graph,
    partition,
    resemblance,
    rounds,
    similarities,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

GRID = (3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 40)
# Shuffled words stay under this: few stories agree by chance more easily, and so do many themes. One number of themes may
# agree by chance, so the mean up to ten counts (benchmarks/RESULTS.md).
LEAST, FEW_STORIES, WIDE = 0.015, 150, 10
MAX_CHOOSE, MAX_CONSENSUS = 2_000, 3_000  # stories for choosing the number, and for the consensus
ROUNDS, CHANCE_ROUNDS, RUNS, JITTER = 18, 6, 18, 0.3
N_CANDIDATES, NEARLY = 3, 0.1
# Where many numbers do as well the seed would choose; then it is about eight, which a group can talk over. The score
# weighs as a correlation does, n r² / 2, so many stories or clear themes outweigh this (benchmarks/RESULTS.md).
TALKABLE, SPREAD = 8, 0.45
Tick = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Point:
    """How well a number of themes does."""

    n_themes: int
    agreement: float  #: mean adjusted Rand index over all pairs of rounds
    chance: float  #: the same, expected when the words are shuffled
    score: float  #: agreement above chance × √modularity; 0 is chance
    preference: float  #: what the score weighs, less how far the number is from what people can talk over


def strength(curve: Sequence[Point]) -> float:
    """Return the mean score of the numbers up to ten."""
    return float(np.mean([point.score for point in curve if point.n_themes <= WIDE]))


def least_strength(n: int) -> float:
    """Return the strength that shows structure in n stories: 0.015, and more for few."""
    return LEAST * (1 + float((FEW_STORIES / n) ** 1.5))


def propose(
    matrix: csr_matrix | Array,
    shuffled: csr_matrix | Array,
    random_state: int,
    tick: Tick = lambda: None,
    *,
    most: int = GRID[-1],
    n_jobs: int = 1,
) -> tuple[int, list[Point]]:
    """Propose a number of themes.

    Parameters
    ----------
    matrix, shuffled : shape (n_narratives, n_columns)
        Rows of unit length; `shuffled` is made of the same words, dealt out anew.
    random_state : int
    tick : callable
        Called once per round, `ROUNDS + CHANCE_ROUNDS` times.
    most : int
        The largest number to look at; never more than a tenth of the stories.
    n_jobs : int
        Threads for the rounds.

    Returns
    -------
    n_themes : int
    curve : list of Point
        The number with the highest preference is proposed; without structure it is the smallest
        number.
    """
    n = matrix.shape[0]
    grid = [k for k in GRID if k <= max(GRID[0], min(most, n // 10))]
    found = _agreement(matrix, grid, random_state, ROUNDS, tick, n_jobs)
    few = sorted({grid[round(i)] for i in np.linspace(0, len(grid) - 1, 4)})
    by_chance = _agreement(shuffled, few, random_state, CHANCE_ROUNDS, tick, n_jobs)
    heights = [agreement for agreement, _ in by_chance]
    line = np.polyfit(few, heights, min(1, len(few) - 1))
    curve = []
    for k, (agreement, modularity) in zip(grid, found, strict=True):
        chance = float(np.clip(np.polyval(line, k), 0, 0.9))
        gain = max(agreement - chance, 0) / (1 - chance)
        score = gain * float(np.sqrt(max(modularity, 0)))
        preference = n * score**2 / 2 - float(np.log(k / TALKABLE) / SPREAD) ** 2 / 2
        curve.append(
            Point(n_themes=k, agreement=agreement, chance=chance, score=score, preference=preference)
        )
    return (_proposed(curve).n_themes if strength(curve) >= least_strength(n) else grid[0]), curve


def _proposed(curve: Sequence[Point]) -> Point:
    return max(curve, key=lambda point: (point.preference, -point.n_themes))


def nearly_as_good(curve: Sequence[Point]) -> tuple[int, int]:
    """Return the smallest and largest number with nine tenths of the score of the proposed one: how far it is open."""
    least = (1 - NEARLY) * _proposed(curve).score
    close = [point.n_themes for point in curve if point.score >= least]
    return min(close), max(close)


def candidates(curve: Sequence[Point]) -> list[int]:
    """Return at most three numbers worth a look: the best places where the preference is not lower than beside it.

    A number with less than half of the score of the proposed one is none.
    """
    values = [-np.inf, *(point.preference for point in curve), -np.inf]
    peaks = [
        point
        for i, point in enumerate(curve, start=1)
        if values[i] >= max(values[i - 1], values[i + 1]) and point.score >= _proposed(curve).score / 2
    ]
    peaks.sort(key=lambda point: (-point.preference, point.n_themes))
    return sorted(point.n_themes for point in peaks[:N_CANDIDATES])


def _agreement(
    matrix: csr_matrix | Array,
    grid: Sequence[int],
    random_state: int,
    n_rounds: int,
    tick: Tick,
    n_jobs: int,
) -> list[tuple[float, float]]:
    """Return agreement and modularity per number of themes; each round draws 80% and takes the next view."""
    n = matrix.shape[0]
    similarity = similarities(matrix)
    rng = np.random.default_rng(random_state)
    labels = np.full((len(grid), n_rounds, n), -1)
    modular = np.zeros((len(grid), n_rounds))
    draws = [np.sort(rng.choice(n, size=round(0.8 * n), replace=False)) for _ in range(n_rounds)]

    def look(number: int, rows: Array) -> None:
        near = similarity[np.ix_(rows, rows)]
        view = make_view(near, VIEWS[number % len(VIEWS)], max(grid), number)
        graph = neighbour_graph(near, 15)
        for i, k in enumerate(grid):
            labels[i, number, rows] = found = partition(near, view, k, number, 4)
            modular[i, number] = _modularity(graph, found)

    for _ in rounds(look, range(n_rounds), draws, n_jobs=n_jobs):
        tick()
    outcome = []
    for every, share in zip(labels, modular, strict=True):
        pairs = [pair[:, (pair >= 0).all(axis=0)] for pair in map(np.array, combinations(every, 2))]
        agreement = float(np.mean([adjusted_rand(*pair) for pair in pairs]))
        outcome.append((agreement, float(share.mean())))
    return outcome


def adjusted_rand(one: Array, other: Array) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985); a fifth of the time of scikit-learn's, which checks its input."""
    size = int(other.max()) + 1
    table = np.bincount(one * size + other, minlength=(int(one.max()) + 1) * size).reshape(-1, size)
    together, rows, columns = (
        float((counts * (counts - 1.0)).sum() / 2) for counts in (table, table.sum(axis=1), table.sum(axis=0))
    )
    expected = rows * columns / (len(one) * (len(one) - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _modularity(graph: csr_matrix, labels: Array) -> float:
    """Return Newman's modularity: the share of weight within themes, above what their degrees give by chance."""
    k = int(labels.max()) + 1
    pairs = np.repeat(labels, np.diff(graph.indptr)) * k + labels[graph.indices]
    between = np.bincount(pairs, graph.data, k * k).reshape(k, k) / max(graph.sum(), 1e-12)
    return float(np.trace(between) - (between.sum(axis=1) ** 2).sum())


def agree(
    matrix: csr_matrix | Array,
    k: int,
    random_state: int,
    *,
    smallest: int,
    tick: Tick = lambda: None,
    n_jobs: int = 1,
) -> Array:
    """Return one partition in about `k` themes: what many runs put together (Fred & Jain 2005, evidence accumulation).

    Parameters
    ----------
    matrix : shape (n_narratives, n_columns)
        Rows of unit length.
    k, random_state : int
    smallest : int
        A theme with fewer stories is divided over the others.
    tick : callable
        Called once per run, `RUNS` times.
    n_jobs : int
        Threads for the runs.

    Returns
    -------
    ndarray of int, shape (n_narratives,)
        Of more than `MAX_CONSENSUS` stories a fixed sample is put together; the others join the theme they resemble most.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    rows = choose_rows(matrix.shape[0], MAX_CONSENSUS, random_state)
    similarity = similarities(matrix[rows])
    rng = np.random.default_rng(random_state)
    together = np.zeros(similarity.shape, dtype=np.float32)
    most = round(k * (1 + JITTER)) + 1
    views = [make_view(similarity, kind, most, random_state) for kind in VIEWS]

    def run(number: int, share: float) -> Array:
        return partition(similarity, views[number % len(views)], round(k * share), random_state + number)

    shares = rng.uniform(1 - JITTER, 1 + JITTER, RUNS).tolist()
    for found in rounds(run, range(RUNS), shares, n_jobs=n_jobs):
        together += found[:, None] == found[None, :]
        tick()
    tree = linkage(squareform(1 - together / RUNS, checks=False), "ward")
    labels = fcluster(tree, k, "maxclust") - 1
    large = np.bincount(labels) >= smallest
    if not large.any():
        large[:] = True
    found = np.full(matrix.shape[0], -1)
    found[rows] = np.where(large[labels], labels, -1)
    found[found >= 0] = np.unique(found[found >= 0], return_inverse=True)[1]
    found = np.where(found < 0, resemblance(matrix, found).argmax(axis=1), found)
    if len(rows) < matrix.shape[0]:
        found = resemblance(matrix, found).argmax(axis=1)
    return np.asarray(found)
