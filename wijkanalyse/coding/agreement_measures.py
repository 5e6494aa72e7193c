"""Coefficients of agreement, all from sums over stories: a bootstrap over stories is then one product of matrices.

Our own numpy, because no light library does what is asked: krippendorff is GPL, irrCAC pins old versions, nltk and statsmodels
have no missing values, sets, weights or intervals. The tests hold every number against them and against published tables.

Cohen (1960); Fleiss (1971), and Gwet (2014) for units that not everybody read; Gwet's AC1 (2008, doi:10.1348/000711006X126600);
Krippendorff (2011); MASI: Passonneau (2006); unitising: |uα of Krippendorff, Mathet, Bouvry &
Widlöcher (2016, doi:10.1007/s11135-015-0266-1).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
COHEN = "Cohen kappa"


def draw_stories(n_stories: int, rounds: int, random_state: int) -> Array:
    """Return how often each story counts, shape (rounds + 1, n_stories); in the first row each once."""
    rng = np.random.default_rng(random_state)
    drawn = (
        rng.multinomial(n_stories, [1 / n_stories] * n_stories, size=rounds)
        if n_stories
        else np.ones((rounds, 0))
    )
    return np.vstack([np.ones(n_stories), drawn])


def masi(sets: Array) -> Array:
    """Return distances of sets, shape (n_sets, n_sets), from bool of shape (n_sets, n_codes); two empty sets are equal."""
    held = sets.astype(float)
    both, sizes = held @ held.T, held.sum(axis=1)
    union = sizes[:, None] + sizes - both
    like = np.select([both == union, both == np.minimum.outer(sizes, sizes), both > 0], [1, 2 / 3, 1 / 3], 0)
    distance: Array = 1 - like * np.where(union > 0, both / np.maximum(union, 1), 1)
    return distance


def coefficients(
    labels: Array,
    stories: Array,
    weights: Array,
    draws: Array,
    *,
    distance: Array | None = None,
    squares: Array | None = None,
) -> dict[tuple[str, tuple[int, ...]], Array]:
    """Return coefficients by name and the numbers of the coders they are about, each in every draw; NaN where there is none.

    Parameters
    ----------
    labels : int array of shape (n_units, n_coders)
        Which of `len(distance)` labels each coder gave a unit, by default of 0 and 1; −1 where she did not read it.
    stories, weights : array of shape (n_units,)
        The story a unit is in, and its length: a unit of weight 5 is five characters.
    draws : array of shape (n_draws, n_stories)
    distance : array of shape (n_labels, n_labels), optional
        Of sets, for MASI.
    squares : array of shape (n_stories,), optional
        Sum of squared lengths of what was marked 1, for unitising: a piece of text is not paired with itself.
    """
    from scipy import sparse

    (n_units, n_coders), n_labels = labels.shape, 2 if distance is None else len(distance)
    gather = sparse.csr_matrix((np.ones(n_units), (stories, np.arange(n_units))), (draws.shape[1], n_units))
    read = labels >= 0
    n_read = read.sum(axis=1)
    pairable, at_least_two = n_read > 1, np.maximum(n_read, 2)

    def total(values: Any) -> Array:
        return np.asarray(draws @ (gather @ (weights * values)))

    def per_label(chosen: Array, values: Array) -> Array:
        """Sum the values of units over stories, by the label that the chosen coders gave."""
        units, coders = chosen.nonzero()
        cells = (stories[units], labels[units, coders])
        sums = sparse.csr_matrix(((weights * values)[units], cells), (draws.shape[1], n_labels))
        return np.asarray(draws @ sums.toarray())

    pairs = list(combinations(range(n_coders), 2))
    both = {pair: read[:, pair].all(axis=1) for pair in pairs}
    apart = sum(((labels[:, a] != labels[:, b]) & both[a, b] for a, b in pairs), np.zeros(n_units))
    agreed = _ratio(total(pairable - apart * 2 / (at_least_two * (at_least_two - 1))), total(pairable))
    spread = _ratio(per_label(read, 1 / np.maximum(n_read, 1)), total(n_read > 0)[:, None])
    by_chance = (spread**2).sum(axis=1)
    gwet = _ratio(1 - by_chance, np.full(len(draws), n_labels - 1))
    counts = per_label(read & pairable[:, None], np.ones(n_units))
    size, observed, everyone = (
        counts.sum(axis=1),
        total(apart * 2 / (at_least_two - 1)),
        tuple(range(n_coders)),
    )
    different = size**2 - (counts**2).sum(axis=1)
    found = {
        ("percentage", everyone): agreed,
        ("Fleiss kappa", everyone): _ratio(agreed - by_chance, 1 - by_chance),
        ("Gwet AC1", everyone): _ratio(agreed - gwet, 1 - gwet),
        ("Krippendorff alpha", everyone): 1 - _ratio((size - 1) * observed, different),
    }
    if distance is not None:
        far = sum((distance[labels[:, a], labels[:, b]] * both[a, b] for a, b in pairs), np.zeros(n_units))
        expected = ((counts @ distance) * counts).sum(axis=1)
        alpha = 1 - _ratio((size - 1) * total(far * 2 / (at_least_two - 1)), expected)
        found["Krippendorff alpha MASI", everyone] = alpha
    if squares is not None:
        alone = size**2 - draws @ squares - counts[:, 0]
        found["Krippendorff alpha unitising", everyone] = 1 - _ratio(observed * alone, size * different)
    for pair in pairs:
        n, same = total(both[pair]), total(both[pair] & (labels[:, pair[0]] == labels[:, pair[1]]))
        chosen = np.asarray(both[pair])[:, None]
        first, second = (per_label(chosen & (np.arange(n_coders) == one), np.ones(n_units)) for one in pair)
        expected = (first * second).sum(axis=1)
        found[COHEN, pair] = _ratio(same * n - expected, n**2 - expected)
    return found if pairs else found | {(COHEN, everyone): np.full(len(draws), np.nan)}


def _ratio(above: Array, below: Array) -> Array:
    """Divide; NaN where there is nothing to divide by."""
    real = np.abs(below) > 1e-12
    return np.where(real, above / np.where(real, below, 1), np.nan)


def interval(values: Array, n_stories: int) -> tuple[float, float, float]:
    """Return the value and the middle 95% of its draws; NaN for an interval when half of the draws, or more, have none."""
    drawn = values[1:][np.isfinite(values[1:])]
    has = n_stories > 1 and np.isfinite(values[0]) and 2 * len(drawn) > len(values) - 1
    low, high = np.quantile(drawn, [0.025, 0.975]) if has else (np.nan, np.nan)
    return round(float(values[0]), 12), round(float(low), 12), round(float(high), 12)
