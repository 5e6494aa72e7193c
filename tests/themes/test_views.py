from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from tests.conftest import three_subjects
from wijkanalyse.themes.engine import vectorise
from wijkanalyse.themes.views import (
    VIEWS,
    _largest,
    make_view,
    mend,
    neighbour_graph,
    partition,
    resemblance,
    similarities,
)

ROOT = np.sqrt(0.5)


@pytest.fixture(scope="module")
def similarity():
    return similarities(vectorise([text.split() for text in three_subjects(30)]).matrix)


@pytest.mark.parametrize("made", [np.array, csr_matrix])
def test_similarities_by_hand(made):
    # The last row points away from the first: that is no similarity at all.
    found = similarities(made([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0], [0.0, 0.0]]))
    assert found == pytest.approx(
        np.array([[0, 0.6, 0, 0, 0], [0.6, 0, 0.8, 0, 0], [0, 0.8, 0, 0, 0], [0] * 5, [0] * 5])
    )
    assert found.dtype == np.float32


def test_similarities_go_on_past_the_first_thousand():
    found = similarities(np.eye(2)[np.arange(1_003) % 2])
    assert found[1_002, :4].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert found.sum() == 502 * 501 + 501 * 500


def test_neighbour_graph_by_hand():
    similarity = np.zeros((5, 5))
    pairs = {(0, 1): 0.9, (0, 2): 0.5, (0, 3): 0.4, (1, 2): 0.6, (2, 3): 0.8, (3, 4): 0.7}
    for (i, j), value in pairs.items():
        similarity[i, j] = similarity[j, i] = value
    graph = neighbour_graph(similarity, 2).toarray()
    # 0–3 are not among each other's two nearest. 2 is among those of 0 and not the other way round: that counts.
    del pairs[0, 3]
    assert {(i, j): graph[i, j] for i, j in np.argwhere(np.triu(graph))} == pairs
    assert np.array_equal(graph, graph.T)


def test_a_quarter_of_the_stories_is_the_most_neighbours():
    graph = neighbour_graph(np.ones((12, 12)) - np.eye(12), 10)
    assert graph.getnnz(axis=1).min() == 3


def test_mend_moves_a_misplaced_story():
    near = similarities(np.eye(2)[[0, 0, 0, 1, 1, 1]])
    assert mend(near, np.array([0, 0, 1, 1, 1, 1]), 1).tolist() == [0, 0, 0, 1, 1, 1]


def test_mend_weighs_by_resemblance_and_not_by_size():
    # The last story shares 0.6 with each of one, 0.8 with each of three that have nothing in common.
    matrix = np.zeros((6, 6))
    matrix[[0, 1], 0] = 1.0
    matrix[[2, 3, 4], [1, 2, 3]] = 1.0
    matrix[5, [0, 1, 2, 3, 4]] = [0.6, 0.4, 0.4, 0.4, np.sqrt(1 - 0.36 - 0.48)]
    # With {0, 1}: 1.2 / 2 = 0.6. With {2, 3, 4}: 1.2 / √3 = 0.69.
    assert mend(similarities(matrix), np.array([0, 0, 1, 1, 1, 0]), 1)[5] == 1
    matrix[5, [0, 1, 2, 3, 4]] = [0.7, 0.4, 0.4, 0.4, np.sqrt(1 - 0.49 - 0.48)]
    # Now 1.4 / 2 = 0.7.
    assert mend(similarities(matrix), np.array([0, 0, 1, 1, 1, 1]), 1)[5] == 0


def test_mend_dissolves_a_theme_of_one_and_leaves_a_story_without_words():
    near = similarities(np.eye(2)[[0, 0, 0, 0]])
    assert mend(near, np.array([0, 0, 0, 1]), 3).tolist() == [0, 0, 0, 0]
    near = similarities(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))
    assert mend(near, np.array([0, 0, 1, 1]), 3).tolist() == [0, 0, 1, 1]


def test_mend_numbers_from_nought():
    assert mend(np.zeros((3, 3)), np.array([5, 5, 9]), 0).tolist() == [0, 0, 1]


@pytest.mark.parametrize("made", [np.array, csr_matrix])
def test_resemblance_by_hand(made):
    matrix = made([[1.0, 0.0], [ROOT, ROOT], [0.0, 1.0], [0.0, 0.0], [0.0, 1.0]])
    found = resemblance(matrix, np.array([0, 0, 1, 1, -1]))
    # The first theme is (1 + √½, √½), its length √(2 + √2). The last story is in none, so nothing is left out for it.
    edge = ROOT / np.sqrt(2 + np.sqrt(2))
    assert found == pytest.approx(
        np.array([[ROOT, 0.0], [ROOT, ROOT], [edge, 0.0], [0.0, 0.0], [edge, 1.0]]), abs=1e-6
    )


def test_resemblance_of_dense_and_sparse_is_the_same():
    matrix = vectorise([text.split() for text in three_subjects(30)]).matrix
    labels = np.array([0, 1, 2] * 9 + [-1] * 3)
    assert resemblance(matrix.toarray(), labels) == pytest.approx(resemblance(matrix, labels), abs=1e-5)


def test_a_story_alone_in_its_theme_resembles_it_in_nothing():
    found = resemblance(csr_matrix(np.eye(2)[[0, 0, 1]]), np.array([0, 0, 1]))
    assert found.tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("kind", VIEWS)
def test_every_view_shows_three_clear_subjects_and_the_same_again(similarity, kind):
    view, again = (make_view(similarity, kind, 4, 1) for _ in range(2))
    assert view(3).tobytes() == again(3).tobytes()
    assert np.linalg.norm(view(3), axis=1) == pytest.approx(1.0)
    labels = partition(similarity, view, 3, 1)
    assert labels.tobytes() == partition(similarity, again, 3, 1).tobytes()
    assert [len(set(labels[start::3])) for start in range(3)] == [1, 1, 1]
    assert len(set(labels)) == 3


def test_eigenvectors_by_iteration_are_those_of_all_at_once(monkeypatch):
    square = np.random.default_rng(1).normal(size=(30, 30))
    matrix = square @ square.T
    at_once = _largest(lambda v: matrix @ v, 30, 4, 1)
    monkeypatch.setattr("wijkanalyse.themes.views.MAX_DENSE", 29)
    values, vectors = _largest(lambda v: matrix @ v, 30, 4, 1)
    assert values == pytest.approx(at_once[0], rel=1e-4)
    assert np.abs(vectors) == pytest.approx(np.abs(at_once[1]), abs=1e-3)
    assert values.tolist() == sorted(values, reverse=True)


def test_a_view_gives_more_dimensions_to_more_themes(similarity):
    view = make_view(similarity, ("lsa", 0, 0.5), 12, 1)
    assert [view(k).shape for k in (2, 5, 8, 12)] == [(30, 10), (30, 10), (30, 16), (30, 24)]


def test_a_view_never_asks_for_more_than_there_is():
    near = similarities(np.eye(3)[np.arange(12) % 3])
    for kind in VIEWS:
        assert make_view(near, kind, 40, 1)(3).shape == (12, 10)


def test_a_partition_has_at_most_half_as_many_themes_as_stories(similarity):
    view = make_view(similarity, VIEWS[0], 30, 1)
    assert partition(similarity, view, 30, 1, 0).max() + 1 == 15
    assert partition(similarity, view, 1, 1, 0).max() + 1 == 2
