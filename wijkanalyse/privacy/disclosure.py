"""Disclosure control: which cells of a table can be shown without telling about a few people.

Pure functions on frames and arrays. Thresholds are arguments; the gate holds them. A long frame has one row
per narrative and category, with at least `narrative_id` and `teller_id`; what is counted is always distinct
tellers, because one person may have told many stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

TELLERS = "vertellers"
OTHER = "overig (samengenomen)"


def count_tellers(frame: pd.DataFrame, rows: str, columns: str | None = None) -> pd.DataFrame:
    """Count distinct tellers per cell.

    Parameters
    ----------
    frame : pandas.DataFrame
        Long, with `teller_id`.
    rows, columns : str
        Names of columns; without `columns` the table has the one column `vertellers`.

    Returns
    -------
    pandas.DataFrame
        One row per category; a combination that does not occur is 0. A teller who is in several cells counts
        in each, so that cells do not add up to the number of tellers.
    """
    counts = frame.groupby(_by(rows, columns), observed=True)["teller_id"].nunique()
    return counts.to_frame(TELLERS) if columns is None else counts.unstack(fill_value=0)


def dominated(frame: pd.DataFrame, rows: str, columns: str | None = None, *, share: float) -> pd.DataFrame:
    """Tell per cell whether one teller told more than `share` of its stories.

    Notes
    -----
    The (1, k) dominance rule, max_t n_t / Σ_t n_t > k, with n_t the stories of teller t in the cell
    (Hundepool et al. 2012, Statistical Disclosure Control, §4.2.2, doi:10.1002/9781118348239).
    """
    by = _by(rows, columns)
    stories = frame.drop_duplicates([*by, "narrative_id"])
    cells = stories.groupby([*by, "teller_id"], observed=True).size().groupby(level=list(range(len(by))))
    found = cells.max() / cells.sum() > share
    return found.to_frame(TELLERS) if columns is None else found.unstack(fill_value=False)


def class_disclosed(counts: pd.DataFrame, totals: pd.Series, *, share: float) -> pd.Series:
    """Tell per row whether nearly all its tellers fall in one category.

    Knowing that somebody is in such a row is then knowing the category: max_j n_ij / n_i ≥ share, with n_i the
    distinct tellers of the row (group disclosure, Hundepool et al. 2012, §5.2.1). A table of one column is no
    classification and has none.
    """
    return (counts.max(axis=1) / totals >= share - 1e-9) & (counts.shape[1] > 1)


def round_to(counts: pd.DataFrame, base: int) -> pd.DataFrame:
    """Round to the nearest multiple of `base`, halves up; missing stays missing."""
    return (counts + base // 2) // base * base


def fold_small(
    frame: pd.DataFrame, column: str, *, minimum: int, keep: Iterable[object] = ()
) -> pd.DataFrame:
    """Put categories of fewer than `minimum` tellers together under `OTHER`, except those in `keep`.

    A label is data too: an exact age, a rare living situation or an answer in a person's own words tells
    that this person is there, even when the count beside it is withheld (global recoding, Hundepool 2012, §3.2.2).
    """
    tellers = count_tellers(frame, column)[TELLERS]
    shown = {*tellers.index[tellers >= minimum], *keep}
    return frame.assign(**{column: [value if value in shown else OTHER for value in frame[column]]})


def withhold(
    frame: pd.DataFrame,
    rows: str,
    columns: str | None = None,
    *,
    minimum: int,
    class_share: float,
    dominance_share: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count tellers and decide which cells to withhold.

    Returns
    -------
    counts : pandas.DataFrame
        As `count_tellers`.
    withheld : pandas.DataFrame of bool
        First what may not be shown itself: fewer than `minimum` tellers (a zero too: that nobody of a group tells
        something is told about everybody in it), dominance, rows and columns with class disclosure. Then what
        would give those away, see `protect`.

    Notes
    -----
    A reader is taken to know the number of tellers in all and the totals of rows and columns that the tables
    of one column, made by this same function, show. Tables of a third column are not looked at.
    """
    rules = {"minimum": minimum, "class_share": class_share, "dominance_share": dominance_share}
    counts = count_tellers(frame, rows, columns)
    sensitive = (counts < minimum) | dominated(frame, rows, columns, share=dominance_share)
    everyone = np.ones((1, counts.size))
    fixed, hidden, upper = everyone, everyone[:0], np.full(counts.shape, frame["teller_id"].nunique())
    if columns is not None:
        (row_totals, no_row), (column_totals, no_column) = (
            withhold(frame, name, **rules) for name in (rows, columns)
        )
        blocked = class_disclosed(counts, row_totals[TELLERS], share=class_share).to_numpy()[:, None]
        blocked = blocked | class_disclosed(counts.T, column_totals[TELLERS], share=class_share).to_numpy()
        sensitive |= blocked
        lines = _lines(*counts.shape)
        unknown = np.concatenate([no_row[TELLERS], no_column[TELLERS]])
        fixed, hidden = np.vstack([lines[~unknown], everyone]), lines[unknown]
        for total, no_total in ((row_totals.to_numpy(), no_row.to_numpy()), (column_totals.T, no_column.T)):
            upper = np.where(no_total, upper, np.minimum(upper, total))
    mask = protect(
        counts.to_numpy().ravel(), sensitive.to_numpy().ravel(),
        minimum=minimum, fixed=fixed, hidden=hidden, upper=upper.ravel(),
    )  # fmt: skip
    return counts, sensitive | mask.reshape(counts.shape)


def protect(
    counts: np.ndarray[Any, Any],
    sensitive: np.ndarray[Any, Any],
    *,
    minimum: int,
    fixed: np.ndarray[Any, Any],
    hidden: np.ndarray[Any, Any],
    upper: np.ndarray[Any, Any],
) -> np.ndarray[Any, Any]:
    """Withhold cells beside the sensitive ones, so that no withheld number can be worked out.

    Parameters
    ----------
    counts, sensitive, upper : numpy.ndarray, shape (n_cells,)
        The numbers, which of them may not be shown, and what each is at most for all the reader knows.
    minimum : int
        The least width of what a reader can work out about a withheld number.
    fixed, hidden : numpy.ndarray, shape (n_lines, n_cells)
        Sums of cells, as 0/1 weights, that the reader knows and that the reader may not find out.

    Returns
    -------
    numpy.ndarray of bool, shape (n_cells,)

    Notes
    -----
    For each withheld number c·x: find two tables x + y ≥ 0 and x − z ≥ 0 that both agree with every sum the reader
    knows and differ by c·(y + z) = minimum, at the least cost Σ x (|y| + |z|) over cells still shown; cells that have
    to move are withheld too. Withholding more only widens what was wide enough, so one pass does. When there are no such
    tables, everything is withheld. The linear-programming heuristic of Kelly, Golden & Assad (1992,
    doi:10.1002/net.3230220407); an attacker with a linear program cannot do better than the width proven here.
    """
    withheld = sensitive.copy()
    for line in hidden:
        withheld |= _moved(counts, withheld, line, minimum, fixed, upper)
    audited = np.zeros_like(withheld)
    while (todo := np.flatnonzero(withheld & ~audited)).size:
        cell = np.eye(1, counts.size, todo[0])[0]
        withheld |= _moved(counts, withheld, cell, minimum, fixed, upper)
        audited[todo[0]] = True
    return withheld


def _moved(
    counts: Any, withheld: Any, target: Any, minimum: int, fixed: Any, upper: Any
) -> np.ndarray[Any, Any]:
    """Return which cells move between the two tables that hide the target; all when there are none."""
    from scipy.optimize import linprog

    # Four blocks of variables, one per cell each: y up, y down, z up, z down.
    room, signed = upper - counts, np.hstack([fixed, -fixed])
    nothing = np.zeros_like(signed)
    equal = np.vstack([np.hstack([signed, nothing]), np.hstack([nothing, signed]), np.tile([*target, *-target], 2)])
    goal = np.append(np.zeros(len(equal) - 1), minimum)
    highest = np.concatenate([room, counts, counts, room])
    answer = linprog(
        np.tile(np.where(withheld, 0, counts), 4), A_eq=equal, b_eq=goal,
        bounds=np.column_stack([np.zeros_like(highest), highest]), method="highs",
    )  # fmt: skip
    if answer.x is None:
        return np.ones_like(withheld)
    return np.asarray(answer.x.reshape(4, -1).max(axis=0) > 1e-7)


def _lines(n_rows: int, n_columns: int) -> np.ndarray[Any, Any]:
    """Return the rows and then the columns of a table as weights on its cells."""
    rows = np.kron(np.eye(n_rows), np.ones(n_columns))
    return np.vstack([rows, np.kron(np.ones(n_rows), np.eye(n_columns))])


def _by(rows: str, columns: str | None) -> list[str]:
    return [rows] if columns is None else [rows, columns]


@dataclass(frozen=True, kw_only=True)
class Anonymity:
    """How far combinations of context columns single people out."""

    k: int  #: fewest distinct tellers that share a combination; 0 without stories
    l: int | None  #: fewest distinct sensitive values in a combination  # noqa: E741
    n_combinations: int
    n_unique: int  #: combinations with one teller


def combinations(frame: pd.DataFrame, columns: Sequence[str], *, sensitive: str | None = None) -> pd.DataFrame:
    """Count distinct tellers, and distinct values of a sensitive column, per combination that occurs.

    Returns
    -------
    pandas.DataFrame
        One row per combination (a missing value is a value): the columns, `n_tellers`, and `n_values` when
        `sensitive` is given.
    """
    groups = frame.groupby(list(columns), dropna=False, observed=True)
    counted = {"n_tellers": groups["teller_id"].nunique()}
    if sensitive is not None:
        counted["n_values"] = groups[sensitive].nunique(dropna=False)
    return next(iter(counted.values())).index.to_frame(index=False).assign(
        **{name: values.to_numpy() for name, values in counted.items()}
    )


def anonymity(frame: pd.DataFrame, columns: Sequence[str], *, sensitive: str | None = None) -> Anonymity:
    """Return k (Sweeney 2002, doi:10.1142/S0218488502001648) and distinct ℓ (Machanavajjhala et al. 2007,
    doi:10.1145/1217299.1217302) of a combination of columns.

    It says nothing of what the texts themselves tell.
    """
    table = combinations(frame, columns, sensitive=sensitive)
    return Anonymity(
        k=int(table["n_tellers"].min()) if len(table) else 0,
        l=None if sensitive is None else int(table["n_values"].min()) if len(table) else 0,
        n_combinations=len(table),
        n_unique=int((table["n_tellers"] == 1).sum()),
    )  # fmt: skip
