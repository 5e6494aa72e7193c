from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import three_subjects
from wijkanalyse.language import content_lemmas
from wijkanalyse.themes.clustering import make_clusters, one_thread
from wijkanalyse.themes.engine import shuffle_words, vectorise
from wijkanalyse.themes.firmness import Rounds, _jaccard_table, make_rounds, theme_jaccard, verdict


def test_jaccard_table_by_hand():
    table = _jaccard_table(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2)
    assert table == pytest.approx(np.array([[2 / 3, 1 / 4], [0.0, 1 / 2]]))


def test_jaccard_table_of_a_theme_that_was_not_drawn_is_nought():
    assert _jaccard_table(np.array([0, -1]), np.array([0, 0]), 2).tolist() == [[0.5], [0.0]]


def test_firmness_by_hand():
    labels = np.array([0, 0, 1, 1, -1, 1])
    rounds = Rounds(
        6,
        rows=[np.array([0, 1, 2, 3]), np.array([0, 1, 2, 4])],
        found=[np.array([1, 1, 0, 0]), np.array([1, 1, 1, 0])],
    )
    jaccard, returned = theme_jaccard(labels, rounds)
    # First round: both return whole. Second: {0, 1} in {0, 1, 2} is 2/3; {2} is left with {4}: 0.
    assert jaccard == pytest.approx([(1 + 2 / 3) / 2, (1 + 0) / 2])
    # 2 left its theme once, 3 was drawn once and stayed, 4 is in no theme, 5 was never drawn.
    assert returned == pytest.approx([1, 1, 1 / 2, 1, 0, np.nan], nan_ok=True)


def test_two_themes_cannot_return_in_one_cluster():
    rounds = Rounds(5, rows=[np.arange(5)], found=[np.zeros(5, dtype=int)])
    jaccard, returned = theme_jaccard(np.array([0, 0, 0, 1, 1]), rounds)
    assert jaccard == pytest.approx([3 / 5, 0])
    assert returned.tolist() == [1, 1, 1, 0, 0]


def test_a_theme_that_falls_apart_returns_in_its_largest_part():
    rounds = Rounds(5, rows=[np.arange(5)], found=[np.array([0, 0, 0, 2, 1])])
    jaccard, returned = theme_jaccard(np.zeros(5, dtype=int), rounds)
    assert jaccard == pytest.approx([3 / 5])
    assert returned.tolist() == [1, 1, 1, 0, 0]


@pytest.fixture(scope="module")
def matrix():
    return vectorise([text.split() for text in three_subjects(60)]).matrix


def test_rounds_draw_four_in_five_and_vary_the_number(matrix):
    ticks = []
    rounds = make_rounds(matrix, 4, 1, n_rounds=6, tick=lambda: ticks.append(1))
    assert len(ticks) == len(rounds.rows) == len(rounds.found) == 6
    assert {len(set(rows)) for rows in rounds.rows} == {len(rows) for rows in rounds.found} == {48}
    assert [found.max() + 1 <= most for found, most in zip(rounds.found, [3, 4, 5] * 2, strict=True)] == [
        True
    ] * 6
    again = make_rounds(matrix, 4, 1, n_rounds=6)
    assert np.array(rounds.found).tobytes() == np.array(again.found).tobytes()
    assert np.array(rounds.rows).tobytes() != np.array(make_rounds(matrix, 4, 2, n_rounds=6).rows).tobytes()


def test_rounds_of_a_large_corpus_draw_from_a_fixed_sample(matrix, monkeypatch):
    monkeypatch.setattr("wijkanalyse.themes.firmness.MAX_STABILITY", 20)
    rounds = make_rounds(matrix, 3, 1, n_rounds=9)
    assert {len(rows) for rows in rounds.rows} == {16}
    assert len(np.unique(rounds.rows)) == 20
    assert np.max(rounds.rows) > 20
    jaccard, returned = theme_jaccard(np.array([0, 1, 2] * 20), rounds)
    assert np.isnan(returned).sum() == 40
    assert np.isfinite(jaccard).all()


def test_clear_subjects_are_firm(matrix):
    jaccard, core = theme_jaccard(np.array([0, 1, 2] * 20), make_rounds(matrix, 3, 1, n_rounds=12))
    # A third of the rounds asks for two themes and a third for four, so not all return whole.
    assert jaccard.min() > 0.6
    assert core.min() > 0.5


def test_a_division_across_the_subjects_is_not_firm(matrix):
    jaccard, _ = theme_jaccard(np.repeat([0, 1, 2], 20), make_rounds(matrix, 3, 1, n_rounds=12))
    assert jaccard.max() < 0.4


def verdicts(documents, n_themes=None, rounds=30):
    with one_thread():
        found = make_clusters(documents, n_themes, None, 1, rounds, lambda *_: None)
    jaccard, _ = theme_jaccard(found.labels, found.rounds)
    sizes = np.bincount(found.labels[found.labels >= 0])
    return {
        verdict(value, size, share=size / len(documents), has_structure=found.has_structure)
        for value, size in zip(jaccard, sizes, strict=True)
    }


@pytest.fixture(scope="module")
def sample_documents(sample):
    return [content_lemmas(text) for text in sample.frame["text"]]


@pytest.mark.parametrize("n_themes", [None, 2, 4])
@pytest.mark.parametrize("n", [12, 20, 30, 60])
def test_few_shuffled_stories_give_no_firm_theme(sample_documents, n, n_themes):
    chosen = sample_documents[:: len(sample_documents) // n][:n]
    assert "stevig" not in verdicts(shuffle_words(chosen, 5), n_themes)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("n", [150, 257])
def test_many_shuffled_stories_give_no_firm_theme(sample_documents, n, seed):
    assert verdicts(shuffle_words(sample_documents[:n], seed)) <= {"los", "te weinig verhalen"}


def test_words_drawn_at_random_give_no_firm_theme():
    rng = np.random.default_rng(7)
    words = [f"woord{number}" for number in range(300)]
    found = verdicts([list(rng.choice(words, size=40)) for _ in range(100)], 6)
    assert found <= {"los", "te weinig verhalen"}


def test_the_same_measure_calls_clear_subjects_firm():
    assert "stevig" in verdicts([text.split() for text in three_subjects(60)])


@pytest.mark.parametrize(
    ("jaccard", "n", "word"),
    [
        (0.75, 9, "stevig"),
        (0.74, 9, "patroon"),
        (0.60, 9, "patroon"),
        (0.59, 9, "los"),
        (0.75, 5, "stevig"),
        (0.99, 4, "te weinig verhalen"),
    ],
)
def test_verdicts_follow_hennig(jaccard, n, word):
    assert verdict(jaccard, n) == word


@pytest.mark.parametrize(
    ("jaccard", "n", "share", "has_structure", "word"),
    [
        (0.99, 50, 0.5, True, "stevig"),
        (0.99, 51, 0.51, True, "patroon"),
        (0.59, 51, 0.51, True, "los"),
        (0.99, 50, 0.1, False, "los"),
        (0.99, 4, 0.9, False, "te weinig verhalen"),
    ],
)
def test_half_of_all_stories_and_no_structure_are_never_firm(jaccard, n, share, has_structure, word):
    assert verdict(jaccard, n, share=share, has_structure=has_structure) == word
