from __future__ import annotations

from collections import Counter
from itertools import chain

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from tests.conftest import three_subjects
from wijkanalyse.themes.engine import (
    FIELD_SHARE,
    _weighed,
    _weights,
    choose_rows,
    layout,
    order_by_size,
    reduce,
    shuffle_words,
    vectorise,
)

# None of these words is in a word field, and none shares four letters in a row with another.
PLAIN = [["lantaarn", "zebra"]] * 10 + [["lantaarn", "tijger"]] * 9 + [["lantaarn", "ijsje"]]


@pytest.fixture(scope="module")
def documents():
    return [text.split() for text in three_subjects(30)]


def cosines(documents):
    matrix = vectorise(documents).matrix
    return (matrix @ matrix.T).toarray()


def test_weights_by_hand():
    # Column 0 stands in one of two rows: idf = log(3/2) + 1; column 1 in both: idf = 1. A count of 3: 1 + log 3.
    counts = csr_matrix([[1.0, 3.0], [0.0, 1.0]])
    weights = _weighed(counts, _weights(counts, 1, 2)[1]).toarray()
    first, second = (np.log(1.5) + 1) ** 1.5, 1 + np.log(3)
    assert weights[0] == pytest.approx(np.array([first, second]) / np.hypot(first, second))
    assert weights[1].tolist() == [0.0, 1.0]


def test_weights_leave_out_rare_and_common_columns_unless_none_is_left():
    counts = csr_matrix([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
    assert _weights(counts, 2, 2)[0].tolist() == [2]
    assert _weights(counts, 4, 4)[0].tolist() == [0, 1, 2]


def test_half_of_a_vector_is_pieces_of_words():
    # " zebrapad " and " zebravis " have 13 pieces each of 4 and 5 letters, 5 in common:
    # " zeb", "zebr", "ebra", " zebr" and "zebra". In common idf = 1, else log(3/2) + 1.
    own = (np.log(1.5) + 1) ** (2 * 1.5)
    found = cosines([["zebrapad"], ["zebravis"]])
    assert found[0, 1] == pytest.approx(5 / (5 + 8 * own) / 2, rel=1e-5)
    assert np.diag(found) == pytest.approx(1.0, abs=1e-6)


def test_words_of_one_story_and_of_nearly_all_are_left_out():
    vectors = vectorise(PLAIN)
    # The words zebra and tijger, 4 + 3 pieces of " zebra " and 5 + 4 of " tijger ".
    assert vectors.matrix.shape == (20, 18)
    assert vectors.matrix.getnnz(axis=1).tolist() == [8] * 10 + [10] * 9 + [0]
    assert vectors.field_share == 0.0


def test_pieces_in_more_than_half_of_the_stories_are_left_out_before_the_word_is():
    vectors = vectorise([["lantaarn", "zebra"]] * 11 + [["lantaarn", "tijger"]] * 9)
    assert vectors.matrix.shape == (20, 2 + 9)
    assert vectors.matrix.getnnz(axis=1).tolist() == [1] * 11 + [10] * 9


def test_under_twenty_stories_every_word_counts():
    vectors = vectorise(PLAIN[1:])
    # Besides: lantaarn with 7 + 6 pieces of " lantaarn ", ijsje with 4 + 3 of " ijsje ".
    assert vectors.matrix.shape == (19, 18 + 14 + 8)
    assert vectors.matrix.getnnz(axis=1).min() == 14 + 8


def test_all_words_stay_where_nothing_would_be_left():
    assert vectorise([["zebra", "tijger"]] * 20).matrix.shape == (20, 18)


def test_a_story_without_words_is_an_empty_row():
    vectors = vectorise([["zebra"], [], ["zebra"], []])
    assert vectors.matrix.getnnz(axis=1).tolist() == [8, 0, 8, 0]
    assert vectors.fields.shape == (4, len(vectors.field_keys))


@pytest.mark.parametrize(("unknown", "share"), [(4, FIELD_SHARE), (5, 0.0)])
def test_fields_take_part_from_one_in_five_lemmas(unknown, share):
    animals = ["zebra", "tijger", "olifant", "kameel", "panter"][:unknown]
    vectors = vectorise([["deurwaarder", *animals], ["aanmaning", *animals]])
    assert vectors.field_share == share
    tail = vectors.matrix[:, -len(vectors.field_keys) :].power(2).sum(axis=1).A1
    assert (tail == pytest.approx(FIELD_SHARE)) == (share > 0)
    # Also when they have no part in the clustering they are counted: for the names.
    assert vectors.fields[:, vectors.field_keys.index("schulden")].toarray().ravel().tolist() == [1, 1]


def test_stories_without_a_common_word_meet_in_a_field_by_its_share():
    found = cosines([["deurwaarder"], ["aanmaning"], ["giraffe"]])
    assert found[0, 1] == pytest.approx(FIELD_SHARE)
    assert found[0, 2] == 0


def test_the_order_of_words_does_not_matter_and_rows_follow_their_stories(documents):
    matrix = vectorise(documents).matrix.toarray()
    assert (
        vectorise([document[::-1] for document in documents]).matrix.toarray().tobytes() == matrix.tobytes()
    )
    assert vectorise(documents[::-1]).matrix.toarray()[::-1] == pytest.approx(matrix, abs=1e-6)


def test_shuffling_keeps_lengths_and_words():
    documents = [["a", "b", "b"], [], ["c"], list("defghijklm")]
    dealt = shuffle_words(documents, 1)
    assert [len(document) for document in dealt] == [3, 0, 1, 10]
    assert Counter(chain(*dealt)) == Counter(chain(*documents))
    assert dealt != documents
    assert dealt == shuffle_words(documents, 1)
    assert dealt != shuffle_words(documents, 2)


def test_order_by_size_numbers_the_largest_zero_and_keeps_nowhere():
    assert order_by_size(np.array([5, 2, 2, -1, 9, 2])).tolist() == [1, 0, 0, -1, 2, 0]
    assert order_by_size(np.array([-1, -1])).tolist() == [-1, -1]


def test_reduce_keeps_what_is_apart_apart():
    points = reduce(csr_matrix(np.eye(4)[[0, 0, 0, 1, 1, 2]]), 10, 1)
    assert points.shape == (6, 3)  # one less than there are columns
    assert points[:5] @ points[:5].T == pytest.approx(
        np.eye(2)[[0, 0, 0, 1, 1]] @ np.eye(2)[:, [0, 0, 0, 1, 1]]
    )


def test_layout_is_the_same_again_and_fits_the_frame(documents):
    points = reduce(vectorise(documents).matrix, 10, 1)
    first, second = layout(points, 1), layout(points, 1)
    assert first.tobytes() == second.tobytes()
    assert first.shape == (30, 2)
    assert np.abs(first).max() == 1.0


def test_the_map_puts_like_with_like(documents):
    placed = layout(reduce(vectorise(documents).matrix, 10, 1), 1)
    distance = np.linalg.norm(placed[:, None] - placed[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert (distance.argmin(axis=1) % 3).tolist() == [0, 1, 2] * 10


def test_choose_rows_takes_all_or_a_fixed_sample_in_order():
    assert choose_rows(4, 10, 1).tolist() == [0, 1, 2, 3]
    rows = choose_rows(100, 10, 1)
    assert len(rows) == 10
    assert rows.tolist() == sorted(set(rows.tolist())) == choose_rows(100, 10, 1).tolist()


def test_a_large_map_places_every_story_near_its_like(documents, monkeypatch):
    monkeypatch.setattr("wijkanalyse.themes.engine.MAX_LAYOUT", 12)
    documents = [*documents[:24], *documents[:6]]
    placed = layout(reduce(vectorise(documents).matrix, 10, 1), 1)
    assert placed.shape == (30, 2)
    assert np.isfinite(placed).all()
    # Equal stories lie in one place, also when only one of them was laid out.
    same = [i for i in range(30) if documents[i] == documents[0]]
    assert len(same) > 1
    assert np.ptp(placed[same], axis=0).max() < 0.2
