from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from scipy.sparse import csr_matrix, issparse

from tests.conftest import three_subjects
from wijkanalyse.errors import ThemeError
from wijkanalyse.themes.clustering import (
    GUIDES,
    MAX_NOWHERE,
    Guide,
    _read_words,
    _shuffle_columns,
    _ticker,
    count_words,
    make_clusters,
    one_thread,
    set_nowhere,
    term_overlap,
    theme_terms,
)
from wijkanalyse.themes.consensus import CHANCE_ROUNDS, ROUNDS, RUNS, least_strength
from wijkanalyse.themes.engine import Vectors
from wijkanalyse.themes.firmness import Rounds

DOCUMENTS = [text.split() for text in three_subjects(30)]


def as_vectors(rows):
    matrix = csr_matrix(np.array(rows, dtype=float))
    return Vectors(
        matrix=matrix,
        fields=csr_matrix((matrix.shape[0], 0)),
        field_keys=(),
        field_share=0.0,
        columns=None,
        linked=np.ones(matrix.shape[0], dtype=bool),
    )


def as_rounds(*found):
    n = len(found[0])
    return Rounds(n, rows=[np.arange(n)] * len(found), found=[np.array(labels) for labels in found])


def found(**options):
    settings = {
        "documents": DOCUMENTS, "n_themes": 3, "min_theme_size": None, "random_state": 1, "rounds": 6,
        "report": lambda *_: None,
    }  # fmt: skip
    return make_clusters(**{**settings, **options})


def is_three_subjects(labels):
    return [len(set(labels[start::3])) for start in range(3)] == [1, 1, 1] and len(set(labels)) == 3


def test_at_most_a_set_share_is_taken_out_the_loosest_first():
    labels = np.repeat([0, 1], [13, 12])
    rounds = []
    # Of ten rounds story 3 stays in none, 4 in one, 0 in one; 5 stays in two, and that is enough.
    for number in range(10):
        away = [3] + [4] * (number > 0) + [0] * (number > 0) + [5] * (number > 1)
        rounds.append([2 if i in away else label for i, label in enumerate(labels)])
    vectors = as_vectors(np.eye(2)[labels])
    assert int(MAX_NOWHERE * 25) == 2
    assert np.flatnonzero(set_nowhere(vectors, labels, as_rounds(*rounds), 3) < 0).tolist() == [0, 3]
    four = Rounds(50, rows=[np.arange(25)] * 10, found=as_rounds(*rounds).found)
    twice = set_nowhere(as_vectors(np.eye(2)[np.tile(labels, 2)]), np.tile(labels, 2), four, 3)
    # With fifty stories there is room for four; of the others none was drawn, and that is no reason.
    assert np.flatnonzero(twice < 0).tolist() == [0, 3, 4]
    assert labels.tolist() == [0] * 13 + [1] * 12  # what came in is as it was


def test_a_story_that_shares_nothing_is_taken_out_whatever_the_share():
    labels = np.array([0, 0, 0, 0, 1, 1])
    vectors = as_vectors([[1, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0], [0, 1, 0]])
    assert set_nowhere(vectors, labels, as_rounds(labels), 2).tolist() == [0, 0, -1, -1, 1, 1]


def test_what_is_nowhere_stays_nowhere():
    labels = np.array([0, 0, -1, 1, 1])
    vectors = as_vectors(np.eye(2)[[0, 0, 0, 1, 1]])
    assert set_nowhere(vectors, labels, as_rounds([0, 0, 0, 1, 1]), 2).tolist() == [0, 0, -1, 1, 1]


def test_a_theme_that_became_tiny_is_taken_out():
    labels = np.array([0, 0, 0, 1, 1, 1])
    vectors = as_vectors([[1, 0, 0]] * 3 + [[0, 1, 0]] * 2 + [[0, 0, 1]])
    assert set_nowhere(vectors, labels, as_rounds(labels), 2).tolist() == [0, 0, 0, 1, 1, -1]
    assert set_nowhere(vectors, labels, as_rounds(labels), 3).tolist() == [0, 0, 0, -1, -1, -1]


def test_nothing_left_is_said():
    labels = np.array([0, 0, 1, 1])
    with pytest.raises(ThemeError, match=r"te weinig op elkaar(.|\n)*groep van 2 verhalen"):
        set_nowhere(as_vectors(np.eye(4)), labels, as_rounds(labels), 2)


def test_terms_by_hand():
    documents = [["a", "b", "a"], ["a"], ["c", "b"], ["c", "d", "d"], ["a"]]
    first, second = theme_terms(count_words(documents), np.array([0, 0, 1, 1, -1]), 2)
    # The first theme has a twice and b once, the second b, c twice and d: together 7, on average 3½.
    # Only a word of two stories counts; the last story is in no theme, yet makes a more common.
    assert first == [("a", pytest.approx(np.sqrt(2 / 3) * np.log(1 + 3.5 / 3)))]
    assert second == [("c", pytest.approx(np.sqrt(2 / 4) * np.log(1 + 3.5 / 2)))]


def test_terms_are_ten_and_equal_ones_stand_in_the_order_of_the_alphabet():
    words = list("mlkjihgfedcb")
    first, second = theme_terms(count_words([words, words, ["z"], ["y"]]), np.array([0, 0, 1, 1]), 2)
    assert [term for term, _ in first] == list("bcdefghijk")
    assert second == []


def test_clear_subjects_are_found_with_structure():
    result = found(n_themes=None)
    assert is_three_subjects(result.labels)
    assert result.has_structure
    assert result.settings["n_themes"] == 3
    assert result.settings["n_themes_proposed"]
    assert result.settings["min_theme_size"] == 3
    assert [point.n_themes for point in result.curve] == [3]


def test_without_structure_it_says_so():
    rng = np.random.default_rng(1)
    words = [f"w{a}{b}o{c}" for a in "bcdfg" for b in "aeiou" for c in "klmnprstvz"]
    assert not found(documents=[list(rng.choice(words, 40)) for _ in range(60)], n_themes=None).has_structure


def test_a_given_number_is_used_and_not_judged():
    result = found(n_themes=2)
    assert set(result.labels) == {0, 1}
    assert result.curve == []
    assert not result.settings["n_themes_proposed"]


@pytest.mark.parametrize(("n", "smallest"), [(29, 2), (30, 3)])
def test_the_smallest_theme_depends_on_the_number_of_stories(n, smallest):
    result = found(documents=[text.split() for text in three_subjects(n)])
    assert result.settings["min_theme_size"] == smallest


def test_vectors_of_a_model_take_the_place_of_the_words():
    points = np.eye(3)[np.arange(30) // 10]  # other subjects than the words tell of
    result = found(n_themes=None, points=points)
    assert result.labels.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert result.vectors.matrix is result.points is points
    assert result.settings["field_share"] == 0.0


def test_stories_that_are_not_free_are_left_alone():
    free = np.arange(30) < 24
    result = found(free=free)
    assert result.labels[24:].tolist() == [-1] * 6
    assert is_three_subjects(result.labels[:24])
    assert len(result.points) == result.rounds.n == 30


@pytest.mark.parametrize("made", [np.array, csr_matrix])
def test_a_guide_lies_beside_the_vectors_by_its_share(made):
    guide = Guide(name="licht", nearness=np.array([[0.2, 0.0], [0.3, 0.4], [0.0, 0.0]]))
    beside = guide.beside(made([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]))
    assert issparse(beside) == (made is csr_matrix)
    dense = beside.toarray() if issparse(beside) else beside
    assert GUIDES["licht"] == 0.2
    near, own = np.sqrt(0.2), np.sqrt(0.8)
    # The last story uses no word of the scheme: its vector is its own words alone.
    assert dense == pytest.approx(
        np.array([[own, 0, near, 0], [0, own, 0.6 * near, 0.8 * near], [0.6, 0.8, 0, 0]])
    )


def test_a_guide_is_told_with_how_much_it_changed():
    subject = np.eye(3)[np.arange(30) % 3]
    result = found(guide=Guide(name="sterk", nearness=subject))
    assert is_three_subjects(result.labels)
    assert result.settings["guide"] == "sterk"
    assert result.settings["guide_agreement"] == 1.0
    across = found(guide=Guide(name="sterk", nearness=np.eye(3)[np.arange(30) // 10]))
    assert across.labels.tolist() == [0] * 10 + [1] * 10 + [2] * 10
    assert across.settings["guide_agreement"] < 0.1
    assert "guide" not in found().settings


def test_shuffled_columns_keep_their_values_and_lose_their_rows():
    points = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    dealt = _shuffle_columns(points, 1)
    assert np.linalg.norm(dealt, axis=1) == pytest.approx(1.0)
    assert np.ptp(dealt[:, 0]) > 0.01  # in the rows that came in the columns always go together
    assert dealt.tobytes() == _shuffle_columns(points, 1).tobytes()


@pytest.mark.parametrize("n_themes", [None, 3])
def test_every_step_is_reported_to_its_end(n_themes):
    seen = []
    found(n_themes=n_themes, report=lambda *step: seen.append(step))
    steps = [(step, [tick[1:] for tick in ticks]) for step, ticks in groupby(seen, key=lambda tick: tick[0])]
    totals = {"Aantal thema’s": ROUNDS + CHANCE_ROUNDS, "Verhalen bij elkaar zetten": RUNS, "Stevigheid": 6}
    assert steps == [(step, [(i, total) for i in range(1, total + 1)]) for step, total in totals.items()]


def test_a_ticker_stops_at_its_total():
    seen = []
    tick = _ticker(lambda *step: seen.append(step), "Stap", 2)
    for _ in range(3):
        tick()
    assert seen == [("Stap", 1, 2), ("Stap", 2, 2), ("Stap", 2, 2)]


def test_numerics_run_on_one_thread_and_get_theirs_back():
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads():
        return {pool["num_threads"] for pool in threadpool_info()}

    with threadpool_limits(2):
        assert threads() == {2}
        with one_thread():
            assert threads() == {1}
        assert threads() == {2}


def test_a_story_that_shares_only_pieces_of_words_is_in_no_theme():
    # "toetsen" and "fietsen" share an ending and nothing more.
    labels = found(documents=[*DOCUMENTS, ["fietsen", "lantaarn", "giraffe"]]).labels
    assert labels[-1] == -1
    assert (labels[:-1] >= 0).all()


def test_term_overlap_by_hand():
    documents = [["a", "b"], ["a", "b"], ["c", "d"], ["c", "d"]]
    labels = np.array([0, 0, 1, 1])
    same, other = as_rounds([0, 0, 1, 1]), as_rounds([0, 1, 1, 0])
    assert term_overlap(count_words(documents), labels, 2, same).tolist() == [1.0, 1.0]
    # Clusters of one story of each theme: no term stands in two of its stories.
    assert term_overlap(count_words(documents), labels, 2, other).tolist() == [0.0, 0.0]


def test_a_term_of_one_teller_is_no_term():
    documents = [["chef", "a"], ["chef", "a"], ["a"], ["b"]]
    labels = np.array([0, 0, 0, 1])
    words = [word for word, _ in theme_terms(count_words(documents), labels, 2, ["x", "x", "y", "z"])[0]]
    assert words == ["a"]


def test_more_threads_give_the_same_bytes():
    one, two = (found(n_jobs=n_jobs) for n_jobs in (1, 2))
    assert one.labels.tobytes() == two.labels.tobytes()
    assert one.curve == two.curve
    assert one.settings == two.settings
    for ours, theirs in ((one.rounds.rows, two.rounds.rows), (one.rounds.found, two.rounds.found)):
        assert [array.tobytes() for array in ours] == [array.tobytes() for array in theirs]


def test_bertopic_reads_our_documents_as_they_are_and_other_texts_by_their_lemmas():
    known = frozenset(["brieven", "schuld"])
    assert _read_words(known, "brieven schuld brieven") == ["brieven", "schuld", "brieven"]
    assert _read_words(known, "Twee brieven over de schuld") == ["brief", "schuld"]


@pytest.mark.parametrize(("part", "expected"), [(1.0, False), (2.0, True)])
def test_points_of_a_model_need_twice_as_much_to_have_structure(monkeypatch, part, expected):
    monkeypatch.setattr("wijkanalyse.themes.clustering.strength", lambda _: part * least_strength(30))
    assert found().has_structure
    assert found(points=np.eye(3)[np.arange(30) % 3] + 0.01).has_structure is expected
