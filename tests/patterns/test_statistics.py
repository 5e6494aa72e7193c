from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from wijkanalyse.patterns.statistics import (
    Comparison,
    Outcome,
    compare,
    exchanges,
    false_discoveries,
    ilr,
    replace_zeros,
    ridits,
    share_difference,
    teller_weights,
)


def one_test(group, values, tellers, rounds=1999):
    values = np.asarray(values, dtype=float)
    table = Comparison(
        groups=np.asarray(group)[:, None],
        facets=[values.reshape(len(values), -1)],
        tried=np.ones((1, 1), dtype=bool),
    )
    (outcome,) = compare([table], np.asarray(tellers), rounds=rounds)
    return outcome


def test_with_one_story_each_it_is_the_mann_whitney_test():
    rng = np.random.default_rng(3)
    group = np.arange(60) < 25
    values = rng.integers(1, 6, 60) + group  # a scale of five, with many ties
    expected = stats.mannwhitneyu(values[group], values[~group], use_continuity=False).pvalue
    outcome = one_test(group, ridits(values.astype(float)), np.arange(60), rounds=9999)
    assert outcome.p[0, 0] == pytest.approx(expected, abs=0.012)
    assert outcome.sign[0, 0] == 1


def test_with_one_story_each_it_is_close_to_the_test_of_student():
    rng = np.random.default_rng(6)
    group = np.arange(40) < 15
    values = rng.normal(size=40) - 0.7 * group
    expected = stats.ttest_ind(values[group], values[~group]).pvalue
    outcome = one_test(group, values, np.arange(40), rounds=9999)
    assert outcome.p[0, 0] == pytest.approx(expected, abs=0.005)
    assert outcome.sign[0, 0] == -1


def test_two_columns_together_are_the_test_of_hotelling():
    rng = np.random.default_rng(8)
    group = np.arange(80) < 30
    values = rng.normal(size=(80, 2)) @ [[1, 0.8], [0, 0.6]] + 0.35 * group[:, None]
    a, b = values[group], values[~group]
    pooled = (29 * np.cov(a.T) + 49 * np.cov(b.T)) / 78
    gap = a.mean(axis=0) - b.mean(axis=0)
    t2 = 30 * 50 / 80 * gap @ np.linalg.solve(pooled, gap)
    expected = stats.f.sf(t2 * 77 / (2 * 78), 2, 77)
    assert one_test(group, values, np.arange(80), rounds=9999).p[0, 0] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("constant", [True, False])
def test_a_talkative_teller_cannot_fake_a_pattern(constant):
    """Ninety angry stories of one teller, all in the group; the other sixty tellers show nothing."""
    group = np.concatenate([np.tile([True, False], 30), np.ones(90, dtype=bool)])
    angry = np.concatenate([np.tile([1.0, 0, 0, 1], 15), np.ones(90)])
    if not constant:  # she also has calm stories, all outside the group
        group = np.concatenate([group, np.zeros(90, dtype=bool)])
        angry = np.concatenate([angry, np.zeros(90)])
    tellers = np.concatenate([np.arange(60), np.full(len(group) - 60, 99)])
    table = [[(group & (angry == 1)).sum(), (group & (angry == 0)).sum()],
             [(~group & (angry == 1)).sum(), (~group & (angry == 0)).sum()]]  # fmt: skip
    assert stats.fisher_exact(table).pvalue < 1e-4  # what counting stories would say
    assert one_test(group, angry, tellers).p[0, 0] > 0.3


def test_what_many_tellers_say_within_their_own_stories_is_found():
    tellers = np.repeat(np.arange(20), 3)
    group = np.tile([True, False, False], 20)
    assert one_test(group, group.astype(float) + np.repeat(np.arange(20), 3), tellers).p[0, 0] < 0.001


def test_a_label_of_the_teller_goes_to_all_her_stories():
    tellers = np.array([0, 0, 1, 1, 2, 2, 2, 3])
    label = np.array(["a", "a", "b", "b", "a", "a", "a", "b"])
    for moved in exchanges(tellers, rounds=200, seed=[1], constant=True):
        for row in label[moved]:
            assert len(set(row[:2])) == len(set(row[2:4])) == len(set(row[4:7])) == 1
            assert row[7] == "b"  # nobody else told one story


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=25))
def test_stories_go_to_a_teller_with_as_many(told_by):
    tellers = np.array(told_by)
    counts = np.bincount(tellers)
    moved = np.vstack(list(exchanges(tellers, rounds=20, seed=[2])))
    assert len(moved) == 20
    for row in moved:
        assert sorted(row) == list(range(len(tellers)))
        for teller in np.unique(tellers):
            sources = set(tellers[row[tellers == teller]])
            assert len(sources) == 1
            assert counts[sources.pop()] == counts[teller]


def test_missing_answers_do_not_count():
    rng = np.random.default_rng(1)
    values, group = rng.normal(size=(50, 1)), np.arange(50) % 2 == 0
    longer = np.vstack([values, np.full((10, 1), np.nan)])
    more = np.concatenate([group, np.ones(10, dtype=bool)])
    assert one_test(more, longer, np.arange(60)).p == one_test(group, values, np.arange(50)).p


def test_a_constant_answer_is_never_a_pattern():
    assert one_test(np.arange(20) < 9, np.ones(20), np.arange(20)).p[0, 0] == 1


def test_the_table_corrects_for_its_own_comparisons():
    """Twenty facets without structure: the smallest p is small, the table is not."""
    lowest, table = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        comparison = Comparison(
            groups=(np.arange(40) < 20)[:, None],
            facets=[rng.normal(size=(40, 1)) for _ in range(20)],
            tried=np.ones((20, 1), dtype=bool),
        )
        (outcome,) = compare([comparison], np.arange(40), rounds=199)
        lowest.append(np.nanmin(outcome.p) <= 0.05)
        table.append(outcome.p_table <= 0.05)
    assert np.mean(lowest) > 0.4
    assert np.mean(table) < 0.12


def outcome_of(p_within):
    p = np.array(p_within, dtype=float)
    return Outcome(sign=np.ones_like(p), p=p, p_within=p, p_table=float(np.nanmin(p)))


def test_false_discoveries_worked_by_hand():
    tables = [
        outcome_of([[0.001, 0.02]]),
        outcome_of([[0.03]]),
        outcome_of([[0.5, np.nan]]),
        outcome_of([[0.9]]),
    ]
    first, second, third, fourth = false_discoveries(tables)
    # Tables: 0.001·4/1, 0.03·4/2, 0.5·4/3, 0.9. One of the four passes 0.04, so pairs cost four times their p.
    assert first[0] == pytest.approx([0.004, 0.08])
    assert second[0] == pytest.approx([0.12])
    assert third[0][0] == 1.0
    assert np.isnan(third[0][1])
    assert fourth[0] == pytest.approx([1.0])
    assert false_discoveries([]) == []


def test_a_share_counts_tellers_and_not_stories():
    group = np.array([1, 1, 1, 1, 0, 0], dtype=bool)
    holds = np.array([1, 1, 1, 0, 1, 0], dtype=bool)
    tellers = np.array([0, 0, 0, 1, 2, 3])
    # Inside: teller 0 always, teller 1 never: a half. Outside: a half.
    assert share_difference(group, holds, tellers, np.ones((1, 4)))[0] == pytest.approx(0.0)
    twice = np.array([[2.0, 1, 1, 1]])
    assert share_difference(group, holds, tellers, twice)[0] == pytest.approx(2 / 3 - 1 / 2)
    assert teller_weights(tellers) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1, 1])


def test_zeros_are_replaced_and_ratios_kept():
    parts = np.array([[0.0, 0.2, 0.8], [1.0, 0.0, 0.0], [50, 30, 20], [0, 0, 0], [np.nan, 0.5, 0.5]])
    found = replace_zeros(parts)
    assert found[0] == pytest.approx([0.0065, 0.2 * 0.9935, 0.8 * 0.9935])
    assert found[1] == pytest.approx([0.987, 0.0065, 0.0065])
    assert found[2] == pytest.approx([0.5, 0.3, 0.2])
    assert np.isnan(found[3:]).all()


def test_ilr_worked_by_hand_and_isometric():
    a, b = np.array([[0.5, 0.25, 0.25]]), np.array([[0.2, 0.2, 0.6]])
    assert ilr(a)[0] == pytest.approx([np.log(2) / np.sqrt(2), np.log(0.5 * 0.25 / 0.25**2) / np.sqrt(6)])
    clr = [np.log(x) - np.log(x).mean() for x in (a, b)]
    assert np.linalg.norm(ilr(a) - ilr(b)) == pytest.approx(np.linalg.norm(clr[0] - clr[1]))


def test_ridits_share_ties():
    assert ridits(np.array([1.0, 2, 2, np.nan, 5]))[:, 0] == pytest.approx(
        [1 / 8, 1 / 2, 1 / 2, np.nan, 7 / 8], nan_ok=True
    )


def test_more_threads_give_the_same_bytes():
    rng = np.random.default_rng(4)
    groups = rng.integers(0, 2, (60, 2)).astype(bool)
    whole, partly = rng.normal(size=(60, 2)), rng.normal(size=(60, 1))
    partly[::4] = np.nan  # other stories answered: exchanges of their own
    table = Comparison(groups=groups, facets=[whole, partly], tried=np.ones((2, 2), dtype=bool))
    one, two = (compare([table], np.arange(60) // 2, rounds=99, n_jobs=n_jobs) for n_jobs in (1, 2))
    for ours, theirs in zip(one, two, strict=True):
        assert ours.p.tobytes() == theirs.p.tobytes()
        assert ours.p_within.tobytes() == theirs.p_within.tobytes()
        assert ours.sign.tobytes() == theirs.sign.tobytes()
