from __future__ import annotations

import numpy as np
import pytest

from tests.conftest import three_subjects
from wijkanalyse.themes.engine import (
    choose_rows,
    cluster,
    dimensions_for,
    layout,
    order_by_size,
    propose_n_themes,
    reduce,
    support,
    theme_similarity,
    vectorise,
)


@pytest.fixture(scope="module")
def documents():
    return [text.split() for text in three_subjects(30)]


def test_vectorise_leaves_out_words_of_one_story_and_of_nearly_all():
    documents = [["schuld", "brief"]] * 10 + [["schuld", "school"]] * 9 + [["schuld", "uniek"]]
    vectors = vectorise(documents)
    n_words = vectors.matrix.shape[1] - len(vectors.field_keys)
    assert n_words == 2  # brief and school
    assert (vectors.matrix[:, :n_words] > 0).sum(axis=1).A1.tolist() == [1] * 19 + [0]
    assert np.sqrt(vectors.matrix.multiply(vectors.matrix).sum(axis=1)).A1[:19] == pytest.approx(1.0)


def test_vectorise_keeps_all_words_where_nothing_would_be_left():
    for documents in ([["schuld", "brief"]] * 20, [["schuld"], ["brief"]]):
        vectors = vectorise(documents)
        assert vectors.matrix.shape[1] - len(vectors.field_keys) == 2


def test_dimensions_are_twice_the_themes_and_at_least_ten():
    assert [dimensions_for(k) for k in (2, 5, 6, 20)] == [10, 10, 12, 40]


def test_order_by_size_numbers_the_largest_zero_and_keeps_nowhere():
    assert order_by_size(np.array([5, 2, 2, -1, 9, 2])).tolist() == [1, 0, 0, -1, 2, 0]


def test_three_subjects_are_found_whole(documents):
    vectors = vectorise(documents)
    labels = cluster(reduce(vectors.matrix, 10, 1), 3, 1)
    assert labels.tolist() == [0, 1, 2] * 10


def test_the_proposed_number_is_the_stable_one(documents):
    k, curve = propose_n_themes(vectorise(documents).matrix, 1)
    assert k == 3
    assert dict(curve)[3] == pytest.approx(1.0)
    assert dict(curve)[5] < 0.99


def test_similarity_leaves_a_story_out_of_its_own_theme():
    from scipy.sparse import csr_matrix

    matrix = csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    similarity = theme_similarity(matrix, np.array([0, 0, 1]))
    # The third story is alone in its theme: without itself nothing is left to resemble.
    assert similarity.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]


def test_support_compares_own_theme_with_the_best_other():
    from scipy.sparse import csr_matrix

    root = np.sqrt(0.5)
    matrix = csr_matrix(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [root, root]]))
    own, other = support(matrix, np.array([0, 0, 1, 1]))
    assert own[3] == pytest.approx(root)
    assert other[3] == pytest.approx(root)
    assert own[0] == pytest.approx(1.0)


def test_layout_is_the_same_again_and_fits_the_frame(documents):
    points = reduce(vectorise(documents).matrix, 10, 1)
    first, second = layout(points, 1), layout(points, 1)
    assert first.tobytes() == second.tobytes()
    assert first.shape == (30, 2)
    assert np.abs(first).max() == 1.0


def test_choose_rows_takes_all_or_a_fixed_sample_in_order():
    assert choose_rows(4, 10, 1).tolist() == [0, 1, 2, 3]
    rows = choose_rows(100, 10, 1)
    assert len(rows) == 10
    assert rows.tolist() == sorted(set(rows.tolist())) == choose_rows(100, 10, 1).tolist()


def test_a_large_map_places_every_story_near_its_like(documents, monkeypatch):
    monkeypatch.setattr("wijkanalyse.themes.engine.MAX_LAYOUT", 12)
    points = reduce(vectorise(documents).matrix, 10, 1)
    placed = layout(points, 1)
    assert placed.shape == (30, 2)
    assert np.isfinite(placed).all()
    # Equal stories lie in one place, also when only one of them was laid out.
    same = [i for i in range(30) if documents[i] == documents[0]]
    assert np.ptp(placed[same], axis=0).max() < 0.2


def test_a_large_corpus_gets_a_bounded_number_of_themes(documents, monkeypatch):
    monkeypatch.setattr("wijkanalyse.themes.engine.MAX_STABILITY", 60)
    k, curve = propose_n_themes(vectorise(documents * 200).matrix, 1, n_rounds=2)
    assert all(number <= 40 for number, _ in curve)
    assert k <= 40
