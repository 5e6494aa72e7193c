from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from wijkanalyse.privacy.disclosure import (
    TELLERS,
    Anonymity,
    anonymity,
    class_disclosed,
    combinations,
    count_tellers,
    dominated,
    withhold,
)

RULES: dict[str, Any] = {"class_share": 0.9, "dominance_share": 0.5}


def long(table: list[list[int]]) -> pd.DataFrame:
    """Return a long frame in which every teller told one story; rows a, b, … and columns u, v, …"""
    cells = [
        (row, column)
        for row, counts in zip("abcdef", table, strict=False)
        for column, n in zip("uvwxy", counts, strict=False)
        for _ in range(n)
    ]
    frame = pd.DataFrame(cells, columns=["row", "column"])
    return frame.assign(
        teller_id=[f"t{i}" for i in range(len(cells))], narrative_id=[f"n{i}" for i in range(len(cells))]
    )


def shown(
    frame: pd.DataFrame, minimum: int, rows: str = "row", columns: str | None = "column"
) -> list[list[Any]]:
    counts, withheld = withhold(frame, rows, columns, minimum=minimum, **RULES)
    return [
        [None if hidden else n for n, hidden in zip(*pair, strict=True)]
        for pair in zip(counts.to_numpy().tolist(), withheld.to_numpy().tolist(), strict=True)
    ]


def test_a_teller_counts_once_per_cell_and_in_every_cell() -> None:
    frame = pd.DataFrame({
        "narrative_id": list("12345"), "teller_id": ["t1", "t1", "t1", "t2", None],
        "row": list("aaaba"), "column": list("xxyyx"),
    })  # fmt: skip
    assert count_tellers(frame, "row", "column").to_dict("index") == {
        "a": {"x": 1, "y": 1},
        "b": {"x": 0, "y": 1},
    }
    assert count_tellers(frame, "row")[TELLERS].to_dict() == {"a": 1, "b": 1}


def test_dominance_is_more_than_half_of_the_stories() -> None:
    tellers = ["t1", "t1", "t2", "t3", "t1", "t1", "t1", "t2", "t3"]
    frame = pd.DataFrame(
        {"narrative_id": range(9), "teller_id": tellers, "row": list("aaaabbbbb"), "column": "x"}
    )
    assert dominated(frame, "row", share=0.5)[TELLERS].to_dict() == {"a": False, "b": True}
    twice = pd.concat([frame, frame[frame["row"] == "a"].head(2)])  # the same stories coded twice
    assert dominated(twice, "row", "column", share=0.5)["x"].to_dict() == {"a": False, "b": True}


def test_a_dominated_cell_is_withheld_however_many_tellers_it_has() -> None:
    extra = pd.DataFrame(
        {"narrative_id": [f"m{i}" for i in range(12)], "teller_id": "t0", "row": "a", "column": "u"}
    )
    frame = pd.concat([long([[11, 20], [30, 30]]), extra])
    assert shown(frame, 10) == [[None, None], [None, None]]
    assert shown(long([[11, 20], [30, 30]]), 10) == [[11, 20], [30, 30]]


def test_class_disclosure_from_ninety_percent() -> None:
    counts = pd.DataFrame({"x": [18, 17], "y": [2, 3]})
    assert class_disclosed(counts, counts.sum(axis=1), share=0.9).tolist() == [True, False]
    assert class_disclosed(counts[["x"]], counts["x"], share=0.9).tolist() == [False, False]


@pytest.mark.parametrize("turn", [False, True])
def test_a_row_or_column_with_class_disclosure_is_blocked(turn: bool) -> None:
    table = np.array([[45, 5, 0], [20, 30, 25], [20, 30, 25]])
    found = np.array(shown(long((table.T if turn else table).tolist()), 5))
    assert [n is None for n in (found.T if turn else found)[0]] == [True, True, True]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # One small cell: its row, its column and the corner between would give it away.
        ([[3, 20, 30], [20, 25, 40], [40, 41, 42]], [[None, None, 30], [None, None, 40], [40, 41, 42]]),
        # Nothing small, nothing withheld.
        ([[10, 20], [20, 10]], [[10, 20], [20, 10]]),
        # Two small cells in a row hold 5 together: less than a reader may know, so a third goes.
        ([[2, 3, 20, 30], [20, 21, 22, 23], [30, 31, 32, 33]],
         [[None, None, None, 30], [None, None, None, 23], [30, 31, 32, 33]]),
    ],
)  # fmt: skip
def test_secondary_suppression_by_hand(table: list[list[int]], expected: list[list[int | None]]) -> None:
    assert shown(long(table), 10) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([3, 12, 20, 30], [None, None, 20, 30]),  # 65 − 62 would be 3; the smallest goes too
        ([3, 4, 12, 20], [None, None, None, 20]),  # 3 + 4 = 7 is still fewer than 10
        ([6, 7, 12, 20], [None, None, 12, 20]),  # 13 together: each may be anything from 0 to 13
        ([3], [None]),
        ([30], [30]),
    ],
)
def test_one_way_tables_with_a_known_number_of_tellers(counts: list[int], expected: list[int | None]) -> None:
    assert [row[0] for row in shown(long([[n] for n in counts]), 10, columns=None)] == expected


def widths(frame: pd.DataFrame, minimum: int) -> tuple[list[float], np.ndarray[Any, Any]]:
    """Attack: work out every withheld cell and margin from three tables and the number of tellers.

    Written apart from the package on purpose: one variable per cell, an equation per number that is shown.
    """
    counts, withheld = withhold(frame, "row", "column", minimum=minimum, **RULES)
    true, hidden = counts.to_numpy(), withheld.to_numpy()
    n_rows, n_columns = true.shape
    targets, equations, values = [], [np.ones(true.size)], [true.sum()]
    for i, j in product(range(n_rows), range(n_columns)):
        weights = np.zeros_like(true)
        weights[i, j] = 1
        (targets if hidden[i, j] else equations).append(weights.ravel())
        if not hidden[i, j]:
            values.append(true[i, j])
    for axis, name in enumerate(("row", "column")):
        totals, no_total = withhold(frame, name, minimum=minimum, **RULES)
        for k, (total, is_hidden) in enumerate(zip(totals[TELLERS], no_total[TELLERS], strict=True)):
            weights = np.zeros_like(true)
            weights[(k, slice(None)) if axis == 0 else (slice(None), k)] = 1
            (targets if is_hidden else equations).append(weights.ravel())
            if not is_hidden:
                values.append(total)
    found = []
    for target in targets:
        ends = [linprog(sign * target, A_eq=np.array(equations), b_eq=values) for sign in (1, -1)]
        assert all(end.status in (0, 3) for end in ends)
        found.append(sum(np.inf if end.status == 3 else -end.fun for end in ends))
    return found, hidden


CELLS = st.sampled_from([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 40])


@settings(deadline=None, max_examples=120)
@given(
    table=st.integers(2, 4).flatmap(
        lambda m: st.lists(st.lists(CELLS, min_size=m, max_size=m), min_size=2, max_size=5)
    ),
    minimum=st.sampled_from([3, 5, 10]),
)
@example(table=[[0, 12], [12, 0]], minimum=10)
@example(table=[[40, 3], [3, 40]], minimum=10)
def test_no_withheld_number_can_be_worked_out(table: list[list[int]], minimum: int) -> None:
    assume(sum(map(sum, table)) >= minimum)
    frame = long(table)
    counts = count_tellers(frame, "row", "column")
    assume(min(counts.shape) > 1)
    found, hidden = widths(frame, minimum)
    assert not (hidden < (counts.to_numpy() < minimum)).any()
    assert all(width >= minimum - 1e-6 for width in found), (found, counts)


@settings(deadline=None, max_examples=40)
@given(
    stories=st.lists(
        st.tuples(st.integers(0, 25), st.sampled_from("abc"), st.sampled_from("xyz")),
        min_size=20,
        max_size=120,
    )
)
def test_with_tellers_of_many_stories_no_small_number_is_shown(stories: list[tuple[int, str, str]]) -> None:
    frame = pd.DataFrame(stories, columns=["teller_id", "row", "column"]).assign(
        narrative_id=range(len(stories))
    )
    counts, withheld = withhold(frame, "row", "column", minimum=5, **RULES)
    assert counts.to_numpy()[~withheld.to_numpy()].min(initial=5) >= 5
    # What is shown does not hang on the order of the rows.
    again = withhold(frame.iloc[::-1], "row", "column", minimum=5, **RULES)[1]
    assert again.equals(withheld)


def test_an_empty_frame_gives_an_empty_table() -> None:
    assert shown(long([]), 10, columns=None) == []
    assert shown(long([]), 10) == []


def test_combinations_of_context_columns() -> None:
    frame = pd.DataFrame({
        "teller_id": ["t1", "t1", "t2", "t3", "t4"], "age": ["65+", "65+", "65+", "18-24", None],
        "home": ["alone", "alone", "alone", "alone", "alone"], "theme": [1, 2, 1, 3, 3],
    })  # fmt: skip
    found = combinations(frame, ["age", "home"], sensitive="theme").fillna("?").to_dict("records")
    assert found == [
        {"age": "18-24", "home": "alone", "n_tellers": 1, "n_values": 1},
        {"age": "65+", "home": "alone", "n_tellers": 2, "n_values": 2},
        {"age": "?", "home": "alone", "n_tellers": 1, "n_values": 1},
    ]
    assert anonymity(frame, ["age", "home"], sensitive="theme") == Anonymity(
        k=1, l=1, n_combinations=3, n_unique=2
    )
    assert anonymity(frame, ["home"]) == Anonymity(k=4, l=None, n_combinations=1, n_unique=0)
    assert anonymity(frame.head(0), ["home"], sensitive="theme") == Anonymity(
        k=0, l=0, n_combinations=0, n_unique=0
    )
