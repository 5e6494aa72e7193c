"""Tests in which the teller is the unit, and what is left of them after everything that was tried.

Many stories by one person are no independent evidence. Every teller weighs one, however many stories she told; what is
exchanged are whole tellers; and stories are shuffled only within their own teller (Winkler et al. 2015, NeuroImage 123). The
largest of a table is its omnibus, and corrects within it (Westfall & Young 1993); Benjamini–Hochberg goes over the tables, and
on to the pairs of those that pass (Benjamini & Bogomolov 2014, JRSS-B 76).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from wijkanalyse.parallel import each

Array = np.ndarray[Any, Any]

ROUNDS = 1999
#: Share of chance finds among what is shown. At 0.05 one in twenty corpora without structure would show something, give or
#: take; it is to be at most that.
LEVEL = 0.04
DETECTION = 0.01  # people place a point in a triad no finer than this
_TIE = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """One table: groups of stories, each held against all other stories, on each facet of a question."""

    groups: Array  #: bool, shape (n_stories, n_groups)
    facets: Sequence[
        Array
    ]  #: float, each (n_stories, n_columns), tested together; NaN is missing and does not count
    tried: Array  #: bool, shape (n_facets, n_groups)


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What a table gave; arrays of shape (n_facets, n_groups), NaN where nothing was tried."""

    sign: Array  #: +1 where the group lies higher than the rest; 0 for a facet of several columns
    p: Array  #: of this comparison alone
    p_within: Array  #: corrected for the other comparisons of the table
    p_table: float  #: whether anything in the table stands out


def exchanges(tellers: Array, *, rounds: int, seed: Sequence[int], constant: bool = False) -> Iterator[Array]:
    """Yield batches of row numbers, shape (rounds in the batch, n_rows), in which the evidence is exchanged.

    Parameters
    ----------
    tellers : array of shape (n_rows,)
    rounds : int
    seed : sequence of int
    constant : bool
        Whether what is exchanged is the same in all stories of a teller, such as a perspective. Then it goes to all stories
        of another who told about as many (1, 2–3, 4–7 …: with very different numbers the spread of a teller's mean differs
        too). Otherwise stories go to another who told exactly as many, and are shuffled among themselves.

    Notes
    -----
    Each is one drawn exchange after another, of two sets of √rounds: pairwise independent, as if all were drawn.
    """
    rng = np.random.default_rng(seed)
    _, first, teller, counts = np.unique(tellers, return_index=True, return_inverse=True, return_counts=True)
    size = np.log2(counts).astype(int) if constant else counts
    by_teller = np.argsort(teller, kind="stable")
    n_drawn = int(np.ceil(np.sqrt(rounds)))
    drawn = np.empty((2, n_drawn, len(tellers)), dtype=np.int32)
    for moved in drawn:
        for value in np.unique(size):
            chosen = np.flatnonzero(size == value)
            rows = by_teller[size[teller[by_teller]] == value]
            who = rng.permuted(np.tile(np.arange(len(chosen)), (n_drawn, 1)), axis=1)
            if constant:
                moved[:, rows] = first[chosen][who[:, np.searchsorted(chosen, teller[rows])]]
            else:
                blocks = rng.permuted(rows.reshape(len(chosen), -1)[who], axis=2)
                moved[:, rows] = blocks.reshape(n_drawn, -1)
    for start, one in zip(range(0, rounds, n_drawn), drawn[0], strict=False):
        yield one[drawn[1, : rounds - start]]


def teller_weights(tellers: Array) -> Array:
    """Return a weight per story, so that every teller weighs one."""
    _, teller, counts = np.unique(tellers, return_inverse=True, return_counts=True)
    weights: Array = 1.0 / counts[teller]
    return weights


def compare(
    tables: Sequence[Comparison],
    tellers: Array,
    *,
    rounds: int = ROUNDS,
    random_state: int = 2022,
    n_jobs: int = 1,
) -> list[Outcome]:
    """Try every comparison of every table.

    Returns
    -------
    list of Outcome
        Two-sided: how far the weighted sum in a group lies from what the exchanges give; of several columns, the sum of their
        squared scores. p is (b + 1) / (rounds + 1), and ties count against us. Facets that the same stories answered share
        their exchanges; with `n_jobs` each such set has a thread.
    """
    observed = [np.zeros(table.tried.shape) for table in tables]
    sign, as_high = [np.zeros_like(o) for o in observed], [np.ones_like(o) for o in observed]
    highest = [np.full(rounds, -np.inf) for _ in tables]

    def exchange(constant: bool, rows: Array, places: list[tuple[int, int]]) -> list[Array]:
        weights = teller_weights(tellers[rows])
        groups = [tables[t].groups[rows] * weights[:, None] for t, _ in places]
        columns = [_whitened(tables[t].facets[f][rows], weights) for t, f in places]
        sums = [np.empty((rounds + 1, c.shape[1], g.shape[1])) for c, g in zip(columns, groups, strict=True)]
        for one, column, group in zip(sums, columns, groups, strict=True):
            one[0] = column.T @ group
        done = 1
        seed = (random_state, crc32(rows.tobytes()))
        for moved in exchanges(tellers[rows], rounds=rounds, seed=seed, constant=constant):
            for one, column, group in zip(sums, columns, groups, strict=True):
                for number, values in enumerate(column.T):
                    one[done : done + len(moved), number] = values[moved] @ group
            done += len(moved)
        return sums

    alike = [(constant, rows, places) for (_, constant), (rows, places) in _alike(tables, tellers).items()]
    every = each(exchange, *zip(*alike, strict=True), n_jobs=n_jobs, threads=True) if alike else ()
    for (_, _, places), sums in zip(alike, every, strict=True):
        for (t, f), one in zip(places, sums, strict=True):
            scores = _standardised(one)
            single = scores.shape[1] == 1
            far = _evened(scores[:, 0]) ** 2 if single else _evened(_standardised((scores**2).sum(axis=1)))
            sign[t][f] = np.sign(scores[0, 0]) if single else 0
            observed[t][f] = far[0]
            as_high[t][f] += (far[1:] >= far[0] - _TIE).sum(axis=0)
            if tables[t].tried[f].any():
                highest[t] = np.maximum(highest[t], far[1:, tables[t].tried[f]].max(axis=1))
    outcomes = []
    for t, table in enumerate(tables):
        above = (highest[t][:, None, None] >= observed[t] - _TIE).sum(axis=0) + 1
        p, within = (np.where(table.tried, count / (rounds + 1), np.nan) for count in (as_high[t], above))
        lowest = float(np.nanmin(within)) if table.tried.any() else 1.0
        outcomes.append(Outcome(sign=sign[t], p=p, p_within=within, p_table=lowest))
    return outcomes


def _alike(
    tables: Sequence[Comparison], tellers: Array
) -> dict[tuple[bytes, bool], tuple[Array, list[tuple[int, int]]]]:
    """Put together the facets that the same stories answered, and whether the answer is the teller's or the story's."""
    found: dict[tuple[bytes, bool], tuple[Array, list[tuple[int, int]]]] = {}
    for t, table in enumerate(tables):
        for f, facet in enumerate(table.facets):
            rows = np.flatnonzero(np.isfinite(facet).all(axis=1))
            if len(rows) and table.tried[f].any():
                _, first, teller = np.unique(tellers[rows], return_index=True, return_inverse=True)
                constant = bool((facet[rows] == facet[rows][first][teller]).all()) and len(first) < len(rows)
                found.setdefault((rows.tobytes(), constant), (rows, []))[1].append((t, f))
    return found


def _whitened(values: Array, weights: Array) -> Array:
    centred: Array = values - np.average(values, axis=0, weights=weights)
    if values.shape[1] == 1:
        return centred
    _, scale, axes = np.linalg.svd(centred * np.sqrt(weights)[:, None], full_matrices=False)
    whitened: Array = centred @ axes.T / np.where(scale > _TIE, scale, np.inf)
    return whitened


def _standardised(values: Array) -> Array:
    spread = values.std(axis=0)
    scores: Array = (values - values.mean(axis=0)) / np.where(spread > _TIE, spread, np.inf)
    return scores


def _evened(scores: Array) -> Array:
    """Return standard scores without their skewness (Wilson & Hilferty 1931, for a gamma distribution).

    Counts of rare answers have a long tail to one side. On plain scores the largest of a table would be theirs, and nothing
    else would ever stand out.
    """
    skew = (scores**3).mean(axis=0)
    safe = np.where(np.abs(skew) > 1e-6, skew, 1.0)
    even: Array = 6 / safe * (np.cbrt(np.maximum(safe * scores / 2 + 1, 0)) - 1) + safe / 6
    return np.where(np.abs(skew) > 1e-6, even, scores)


def false_discoveries(outcomes: Sequence[Outcome], level: float = LEVEL) -> list[Array]:
    """Return q for every comparison: Benjamini–Hochberg over all tables, then within those that pass.

    Every table counts, also where nothing stood out; every pair counts, in its own table. Of what has q ≤ level, that share
    is expected to be chance.
    """
    from scipy import stats

    if not outcomes:
        return []
    q_tables = stats.false_discovery_control([outcome.p_table for outcome in outcomes])
    price = len(outcomes) / max(int((q_tables <= level).sum()), 1)
    pairs = zip(outcomes, q_tables, strict=True)
    return [np.maximum(np.minimum(outcome.p_within * price, 1.0), q) for outcome, q in pairs]


def share_difference(group: Array, holds: Array, tellers: Array, draws: Array) -> Array:
    """Return in what share of the stories something holds inside a group, minus outside it; every teller weighs one.

    Parameters
    ----------
    group, holds : bool arrays of shape (n_stories,)
    tellers : int array of shape (n_stories,)
        Position of the teller in `draws`.
    draws : array of shape (n_draws, n_tellers)
        How often each teller counts: once, or as drawn for a bootstrap interval.

    Returns
    -------
    array of shape (n_draws,)
    """
    columns = np.stack([group & holds, group, ~group & holds, ~group], axis=1)
    per_teller = np.zeros((draws.shape[1], 4))
    np.add.at(per_teller, tellers, columns * teller_weights(tellers)[:, None])
    sums = draws @ per_teller
    with np.errstate(invalid="ignore", divide="ignore"):
        difference: Array = sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]
    return difference


def ridits(values: Array) -> Array:
    """Return mid-ranks between 0 and 1 as one column, ties sharing theirs; missing stays missing."""
    from scipy import stats

    ranks = stats.rankdata(values, nan_policy="omit")
    result: Array = (ranks - 0.5) / max(int(np.isfinite(values).sum()), 1)
    return result[:, None]


def replace_zeros(parts: Array, detection: float = DETECTION) -> Array:
    """Return compositions that sum to 1 without zeros; NaN where a part is missing or all are zero.

    A zero becomes 0.65 of the smallest part that can be told from nothing, and the other parts shrink alike: multiplicative
    replacement (Martín-Fernández, Barceló-Vidal & Pawlowsky-Glahn 2003, Mathematical Geology 35(3)).
    """
    total = parts.sum(axis=1, keepdims=True)
    closed = parts / np.where(total > 0, total, np.nan)
    zero, small = closed <= 0, 0.65 * detection
    replaced: Array = np.where(zero, small, closed * (1 - small * zero.sum(axis=1, keepdims=True)))
    replaced[~np.isfinite(closed).all(axis=1)] = np.nan
    return replaced


def ilr(parts: Array) -> Array:
    """Return isometric log-ratio coordinates (Egozcue et al. 2003), shape (n, n_parts − 1); parts are positive."""
    from scipy.linalg import helmert

    coordinates: Array = np.log(parts) @ helmert(parts.shape[1]).T
    return coordinates
