from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import three_subjects
from wijkanalyse.themes.engine import cluster, reduce, vectorise
from wijkanalyse.themes.firmness import _jaccard_table, theme_jaccard, verdict


def test_jaccard_table_by_hand():
    table = _jaccard_table(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]), 2)
    assert table == pytest.approx(np.array([[2 / 3, 1 / 4], [0.0, 1 / 2]]))


def test_clear_subjects_are_firm():
    vectors = vectorise([text.split() for text in three_subjects(60)])
    labels = cluster(reduce(vectors.matrix, 10, 1), 3, 1)
    jaccard, core = theme_jaccard(vectors.matrix, labels, 1, n_rounds=12)
    # A third of the rounds asks for two themes and a third for four, so not all return whole.
    assert jaccard.min() > 0.6
    assert core.mean() > 0.7


@pytest.mark.slow
def test_words_without_structure_give_no_firm_theme():
    rng = np.random.default_rng(7)
    words = [f"woord{number}" for number in range(300)]
    vectors = vectorise([list(rng.choice(words, size=40)) for _ in range(150)])
    labels = cluster(reduce(vectors.matrix, 12, 1), 6, 1)
    jaccard, _ = theme_jaccard(vectors.matrix, labels, 1, n_rounds=30)
    assert {verdict(value, 25) for value in jaccard} == {"los"}


@pytest.mark.parametrize(
    ("jaccard", "n", "word"),
    [
        (0.75, 9, "stevig"),
        (0.74, 9, "patroon"),
        (0.60, 9, "patroon"),
        (0.59, 9, "los"),
        (0.99, 4, "te weinig verhalen"),
    ],
)
def test_verdicts_follow_hennig(jaccard, n, word):
    assert verdict(jaccard, n) == word
