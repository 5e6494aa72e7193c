"""Disclosure control: which cells of a table can be shown without telling about a few people.

Pure functions; thresholds are arguments, the gate holds them. A long frame has a row per narrative and category,
with `narrative_id` and `teller_id`; counted are distinct tellers, for one person may have told many stories.
"Hundepool" is Hundepool et al. (2012), Statistical Disclosure Control, doi:10.1002/9781118348239.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

TELLERS = "vertellers"
OTHER = "overig (samengenomen)"


def count_tellers(frame: pd.DataFrame, rows: str, columns: str | None = None) -> pd.DataFrame:
    """Count distinct tellers per cell, n_ij = |{t : t told a story in row i and column j}|.

    Parameters
    ----------
    frame : pandas.DataFrame
        Long, with `teller_id`.
    rows, columns : str
        Without `columns` the table has the one column `vertellers`.

    Returns
    -------
    pandas.DataFrame
        One row per category. A teller counts in every cell she is in, so that cells can add up to more than n.
    """
    by = [rows] if columns is None else [rows, columns]
    counts = frame.groupby(by, observed=True)["teller_id"].nunique()
    return counts.to_frame(TELLERS) if columns is None else counts.unstack(fill_value=0)  # noqa: PD010


def dominated(frame: pd.DataFrame, rows: str, columns: str | None = None, *, share: float) -> pd.DataFrame:
    """Tell per cell whether one teller told more than `share` of its stories: max_t s_t / Σ_t s_t > share.

    The (1, k) rule of Hundepool §4.2.2.
    """
    by = [rows] if columns is None else [rows, columns]
    stories = frame.drop_duplicates([*by, "narrative_id"]).groupby([*by, "teller_id"], observed=True).size()
    cells = stories.groupby(level=list(range(len(by))))
    found = cells.max() / cells.sum() > share
    return found.to_frame(TELLERS) if columns is None else found.unstack(fill_value=False)  # noqa: PD010


def class_disclosed(counts: pd.DataFrame, totals: pd.Series, *, share: float) -> Any:
    """Tell per row whether nearly all its tellers fall in one category: max_j n_ij / n_i ≥ share.

    Who is known to be in such a row is known to be in the category (group disclosure, Hundepool §5.2). A table of
    one column classifies nobody.
    """
    return ((counts.max(axis=1) / totals >= share - 1e-9) & (counts.shape[1] > 1)).to_numpy()


def withhold(
    frame: pd.DataFrame, rows: str, columns: str | None = None, **rules: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count tellers and decide which cells to withhold.

    Parameters
    ----------
    frame, rows, columns
        As in `count_tellers`.
    rules : minimum (int), class_share and dominance_share (float)

    Returns
    -------
    counts : pandas.DataFrame
    withheld : pandas.DataFrame of bool
        What may not be shown itself: fewer than `minimum` tellers (a zero too: that nobody of a group tells something
        is told about all of them), dominance, class disclosure in a row or column. And what gives it away: `protect`.

    Notes
    -----
    The reader is taken to know the number of tellers and what the tables of `rows` alone and `columns` alone show;
    what those withhold stays hidden. Tables with a third column are not looked at.
    """
    minimum, everybody = rules["minimum"], frame["teller_id"].nunique()
    counts = count_tellers(frame, rows, columns)
    sensitive = (counts < minimum) | dominated(frame, rows, columns, share=rules["dominance_share"])
    fixed, upper = np.ones((1, counts.size)), np.full(counts.shape, everybody)
    hidden = fixed[:0]
    if columns is not None:
        (by_row, no_row), (by_column, no_column) = (
            withhold(frame, name, **rules) for name in (rows, columns)
        )
        sensitive |= class_disclosed(counts, by_row[TELLERS], share=rules["class_share"])[:, None]
        sensitive |= class_disclosed(counts.T, by_column[TELLERS], share=rules["class_share"])
        n, m = counts.shape
        lines = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
        unknown = np.concatenate([no_row[TELLERS], no_column[TELLERS]])
        fixed, hidden = np.vstack([lines[~unknown], fixed]), lines[unknown]
        for total, no_total in ((by_row, no_row), (by_column.T, no_column.T)):
            upper = np.where(no_total.to_numpy(), upper, np.minimum(upper, total.to_numpy()))
    flat = (counts.to_numpy().ravel(), sensitive.to_numpy(bool).ravel(), upper.ravel())
    mask = protect(*flat, minimum=minimum, fixed=fixed, hidden=hidden)
    return counts, sensitive | mask.reshape(counts.shape)


def protect(counts: Any, sensitive: Any, upper: Any, *, minimum: int, fixed: Any, hidden: Any) -> Any:
    """Withhold cells beside the sensitive ones, so that no withheld number can be worked out.

    Parameters
    ----------
    counts, sensitive, upper : numpy.ndarray, shape (n_cells,)
        The numbers, which may not be shown, and what each is at most for all the reader knows.
    minimum : int
        The least width, in tellers, of what can be worked out about a withheld number.
    fixed, hidden : numpy.ndarray of 0 and 1, shape (n_lines, n_cells)
        Sums that the reader knows, and sums that may not be found.

    Returns
    -------
    numpy.ndarray of bool, shape (n_cells,)

    Notes
    -----
    For each withheld number c·x, find tables x + y ≥ 0 and x − z ≥ 0 that agree with all fixed sums and lie
    c·(y + z) = minimum apart, at the least cost Σ x(|y| + |z|) over cells still shown; cells that move are withheld
    too (the heuristic of Kelly, Golden & Assad 1992, doi:10.1002/net.3230220407). Withholding more only widens what
    was wide enough, so one pass does; and a number that lies that far apart in the two tables found for another needs none of
    its own, as what moves in them is withheld. Where no such tables exist everything is withheld.
    """
    withheld, audited = sensitive.copy(), np.zeros_like(sensitive)
    for line in hidden:
        withheld |= _moved(counts, withheld, upper, line, minimum, fixed)[0]
    while (todo := np.flatnonzero(withheld & ~audited)).size and not withheld.all():
        target = np.eye(counts.size)[todo[0]]
        moved, apart = _moved(counts, withheld, upper, target, minimum, fixed)
        withheld |= moved
        audited |= (apart >= minimum - 1e-6) | (target > 0)
    return withheld


def _moved(counts: Any, withheld: Any, upper: Any, target: Any, minimum: int, fixed: Any) -> tuple[Any, Any]:
    """Return which cells move in the cheapest two tables for a target, and how far apart each cell is in these."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    # Four variables per cell: y up, y down, z up, z down.
    signed = np.hstack([fixed, -fixed])
    equal = csr_array(np.vstack([np.kron(np.eye(2), signed), np.tile([*target, *-target], 2)]))
    highest = np.concatenate([upper - counts, counts, counts, upper - counts])
    answer = linprog(
        np.tile(np.where(withheld, 0, counts), 4), A_eq=equal, b_eq=[0] * 2 * len(fixed) + [minimum],
        bounds=np.column_stack([np.zeros_like(highest), highest]), method="highs",
    )  # fmt: skip
    if answer.x is None:
        return np.ones_like(withheld), np.zeros(counts.size)
    y_up, y_down, z_up, z_down = moves = answer.x.reshape(4, -1)
    return moves.max(axis=0) > 1e-7, abs(y_up - y_down + z_up - z_down)


def combinations(
    frame: pd.DataFrame, columns: Sequence[str], *, sensitive: str | None = None
) -> pd.DataFrame:
    """Count who shares a combination of context columns; a missing value is a value.

    Returns
    -------
    pandas.DataFrame
        One row per combination that occurs: the columns, `n_tellers` and, with `sensitive`, `n_values` (its values).

    Notes
    -----
    k = min n_tellers (Sweeney 2002, doi:10.1142/S0218488502001648); distinct ℓ = min n_values (Machanavajjhala et
    al. 2007, doi:10.1145/1217299.1217302); unique are combinations with n_tellers = 1. It tells nothing of the texts.
    """
    groups = frame.groupby(list(columns), dropna=False, observed=True)
    table = groups["teller_id"].nunique().rename("n_tellers").to_frame()
    if sensitive is not None:
        table["n_values"] = groups[sensitive].nunique(dropna=False)
    return table.reset_index()


@dataclass(frozen=True, kw_only=True)
class Anonymity:
    """How far combinations of context columns single people out; see `combinations`."""

    k: int  #: fewest distinct tellers that share a combination; 0 without stories
    l: int | None  #: fewest distinct sensitive values in a combination  # noqa: E741
    n_combinations: int
    n_unique: int  #: combinations with one teller


def anonymity(frame: pd.DataFrame, columns: Sequence[str], *, sensitive: str | None = None) -> Anonymity:
    """Return k, ℓ and the number of unique combinations of the columns together."""
    table = combinations(frame, columns, sensitive=sensitive)
    return Anonymity(
        k=int(table["n_tellers"].min()) if len(table) else 0,
        l=None if sensitive is None else int(table["n_values"].min()) if len(table) else 0,
        n_combinations=len(table),
        n_unique=int((table["n_tellers"] == 1).sum()),
    )
