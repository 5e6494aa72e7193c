from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from tests.conftest import three_subjects
from wijkanalyse.themes.consensus import (
    CHANCE_ROUNDS,
    ROUNDS,
    RUNS,
    Point,
    _agreement,
    _modularity,
    adjusted_rand,
    agree,
    candidates,
    least_strength,
    nearly_as_good,
    propose,
    strength,
)
from wijkanalyse.themes.engine import shuffle_words, vectorise

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=60)
MODULE = "wijkanalyse.themes.consensus"


def curve(*scores, start=3):
    return [
        Point(n_themes=start + i, agreement=0.0, chance=0.0, score=score, preference=score)
        for i, score in enumerate(scores)
    ]


def same_division(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@given(PAIRS)
@settings(deadline=None)
def test_adjusted_rand_is_that_of_scikit_learn(pairs):
    from sklearn.metrics import adjusted_rand_score

    one, other = np.array(pairs).T
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-9)


def test_adjusted_rand_by_hand():
    # Of six pairs 1 is together in both, 2 in the one, 3 in the other: expected 1, at most 2½.
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0.0)
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == 1.0


def test_modularity_by_hand():
    graph = csr_matrix(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], dtype=float))
    assert _modularity(graph, np.array([0, 0, 1, 1])) == pytest.approx(0.5)
    assert _modularity(graph, np.array([0, 0, 0, 0])) == pytest.approx(0.0)
    assert _modularity(graph, np.array([0, 1, 0, 1])) == pytest.approx(-0.5)


@pytest.mark.parametrize("n", [30, 60])
def test_three_clear_subjects_are_three_themes(n):
    documents = [text.split() for text in three_subjects(n)]
    dealt = vectorise(shuffle_words(documents, 1)).matrix
    ticks = []
    k, points = propose(vectorise(documents).matrix, dealt, 1, lambda: ticks.append(1))
    assert k == 3
    assert len(ticks) == ROUNDS + CHANCE_ROUNDS
    assert [point.n_themes for point in points] == ([3] if n == 30 else [3, 4, 5, 6])
    assert points[0].agreement == pytest.approx(1.0)
    assert points[0].score > 0.5
    assert all(point.score < points[0].score for point in points[1:])


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_words_have_no_structure(seed):
    rng = np.random.default_rng(seed)
    words = [f"w{a}{b}o{c}" for a in "bcdfg" for b in "aeiou" for c in "klmnprstvz"]
    documents = [list(rng.choice(words, 40)) for _ in range(60)]
    dealt = vectorise(shuffle_words(documents, 1)).matrix
    k, points = propose(vectorise(documents).matrix, dealt, 1)
    assert strength(points) < least_strength(60)
    assert k == 3


def test_a_score_is_agreement_above_chance_times_the_root_of_modularity(monkeypatch):
    outcomes = iter(
        [
            [(0.6, 0.25), (0.65, 0.64), (0.7, 0.16), (0.3, 0.5)],
            [(0.2, 0.0), (0.3, 0.0), (0.4, 0.0), (0.5, 0.0)],
        ]
    )
    monkeypatch.setattr(f"{MODULE}._agreement", lambda *_: next(outcomes))
    k, points = propose(np.zeros((60, 1)), np.zeros((60, 1)), 1)
    assert [point.chance for point in points] == pytest.approx([0.2, 0.3, 0.4, 0.5])
    # 0.4 / 0.8 × 0.5; 0.35 / 0.7 × 0.8; 0.3 / 0.6 × 0.4; under chance nothing
    assert [point.score for point in points] == pytest.approx([0.25, 0.4, 0.2, 0.0])
    # 60 × 0.4² / 2 = 4.8, and 4 is half of 8: (ln 2 / 0.45)² / 2 = 1.186 less
    assert points[1].preference == pytest.approx(3.614, abs=1e-3)
    assert k == 4


@pytest.mark.parametrize(("n", "found"), [(100, 8), (1_000, 3)])
def test_many_stories_outweigh_what_a_group_can_talk_over(monkeypatch, n, found):
    # Score 0.22 at three themes, 0.20 at eight: 0.42 or 4.2 apart, against 2.376 for a number so far from eight.
    outcomes = iter(
        [[(0.22 if k == 3 else 0.2 if k == 8 else 0.0, 1.0) for k in (3, 4, 5, 6, 7, 8)], [(0.0, 0.0)] * 4]
    )
    monkeypatch.setattr(f"{MODULE}._agreement", lambda *_: next(outcomes))
    k, points = propose(np.zeros((n, 1)), np.zeros((n, 1)), 1, most=8)
    assert k == found
    assert candidates(points) == [3, 8]
    assert nearly_as_good(points) == (3, 8)


def test_strength_is_the_mean_up_to_ten_and_few_stories_need_more():
    assert strength(curve(0.1, 0.3, 0.2, start=8)) == pytest.approx(0.2)
    assert strength(curve(0.1, 0.3, 0.2, start=9)) == pytest.approx(0.2)  # of 9 and 10
    assert least_strength(150) == pytest.approx(0.03)
    assert least_strength(600) == pytest.approx(0.015 * 1.125)
    assert least_strength(30) == pytest.approx(0.183, abs=1e-3)


def test_without_structure_the_smallest_number_is_proposed(monkeypatch):
    outcomes = iter([[(0.1, 0.2), (0.1, 0.2), (0.11, 0.2), (0.1, 0.2)], [(0.1, 0.2)] * 4])
    monkeypatch.setattr(f"{MODULE}._agreement", lambda *_: next(outcomes))
    k, points = propose(np.zeros((60, 1)), np.zeros((60, 1)), 1)
    assert points[2].score > 0
    assert strength(points) < least_strength(60)
    assert k == 3


def test_chance_is_measured_at_four_numbers_and_stays_under_one(monkeypatch):
    asked = []

    def agreement(matrix, grid, *_):
        asked.append(list(grid))
        return [(1.0, 1.0)] * len(grid) if len(asked) == 1 else [(0.95, 0.0)] * len(grid)

    monkeypatch.setattr(f"{MODULE}._agreement", agreement)
    k, points = propose(np.zeros((1_000, 1)), np.zeros((1_000, 1)), 1)
    assert asked == [[3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 40], [3, 8, 17, 40]]
    assert {point.chance for point in points} == {0.9}
    assert k == 8  # all score 1: what a group can talk over


def test_agreement_of_rounds_over_two_blocks_is_whole():
    outcome = _agreement(np.eye(2)[np.arange(20) % 2], [2], 1, 3, lambda: None, 1)
    assert outcome == [(pytest.approx(1.0), pytest.approx(0.5, abs=0.05))]


@pytest.mark.parametrize(
    ("scores", "found"),
    [
        ((0.3, 0.2, 0.1), [3]),
        ((0.1, 0.2, 0.3), [5]),
        ((0.3, 0.1, 0.2, 0.1, 0.25), [3, 5, 7]),
        ((0.3, 0.1, 0.2, 0.1, 0.25, 0.1, 0.4), [3, 7, 9]),  # the three best of four
        ((0.3, 0.01, 0.14, 0.01), [3]),  # the second has not half of it
        ((0.3, 0.01, 0.15, 0.01), [3, 5]),
        ((0.2,), [3]),
        ((), []),
    ],
)
def test_candidates_are_the_best_peaks(scores, found):
    assert candidates(curve(*scores)) == found


def test_clear_subjects_are_found_whole():
    ticks = []
    matrix = vectorise([text.split() for text in three_subjects(30)]).matrix
    labels = agree(matrix, 3, 1, smallest=3, tick=lambda: ticks.append(1))
    assert same_division(labels.tolist(), [0, 1, 2] * 10)
    assert len(ticks) == RUNS
    assert labels.tobytes() == agree(matrix, 3, 1, smallest=3).tobytes()


def test_a_model_of_vectors_goes_the_same_way():
    rng = np.random.default_rng(1)
    points = np.eye(3)[np.arange(30) % 3] + rng.normal(0, 0.05, (30, 3))
    labels = agree(points / np.linalg.norm(points, axis=1, keepdims=True), 3, 1, smallest=3)
    assert same_division(labels.tolist(), [0, 1, 2] * 10)


def small_third_theme():
    """Twelve and twelve stories and three of a third kind, which share one word in three with the first."""
    matrix = np.zeros((27, 3))
    matrix[:12, 0] = matrix[12:24, 1] = 1.0
    matrix[24:, 0], matrix[24:, 2] = 0.2, np.sqrt(0.96)
    return matrix


def test_a_tiny_theme_is_divided_over_the_others():
    kept = agree(small_third_theme(), 3, 1, smallest=3)
    assert same_division(kept.tolist(), [0] * 12 + [1] * 12 + [2] * 3)
    divided = agree(small_third_theme(), 3, 1, smallest=4)
    assert same_division(divided.tolist(), [0] * 12 + [1] * 12 + [0] * 3)


def test_themes_that_are_all_tiny_stay():
    labels = agree(small_third_theme(), 3, 1, smallest=20)
    assert labels.min() == 0
    assert same_division(labels.tolist(), [0] * 12 + [1] * 12 + [2] * 3)


def test_more_stories_than_fit_are_all_placed(monkeypatch):
    monkeypatch.setattr(f"{MODULE}.MAX_CONSENSUS", 15)
    labels = agree(vectorise([text.split() for text in three_subjects(60)]).matrix, 3, 1, smallest=2)
    assert same_division(labels.tolist(), [0, 1, 2] * 20)


def test_nearly_as_good_by_hand():
    scores = {3: 0.1, 4: 0.19, 6: 0.2, 8: 0.1, 10: 0.181}
    points = [
        Point(n_themes=k, agreement=0.0, chance=0.0, score=score, preference=score if k < 7 else -1.0)
        for k, score in scores.items()
    ]
    assert nearly_as_good(points) == (4, 10)
    assert nearly_as_good(points[:1]) == (3, 3)
    assert nearly_as_good([points[0], replace(points[2], preference=0.0)]) == (
        3,
        6,
    )  # 3 is proposed, 6 scores more
