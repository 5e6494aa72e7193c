"""A map that is kept: what was on it stays, what is new comes among it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import MONEY, make_corpus, three_subjects
from wijkanalyse.errors import ThemeError
from wijkanalyse.figures.behind import behind
from wijkanalyse.themes.engine import place_among

PLACES = ["x", "y"]


def find(texts: list[str], **options):
    return wa.find_themes(make_corpus(texts), n_themes=3, firmness_rounds=3, **options)


@pytest.fixture(scope="module")
def old():
    return find(three_subjects(36))


@pytest.fixture(scope="module")
def grown():
    return find([*three_subjects(36), " ".join(MONEY[:5]), "schuld", " ".join(reversed(MONEY[:5]))])


def placed(themes):
    return themes.assignments.set_index("narrative_id")[PLACES]


def test_the_mean_of_the_nearest_by_hand():
    # Far from the others, so that only two nearest weigh; at an anchor only that one does.
    anchors = np.array([[0.0], [1.0], [1e9], [1e9], [1e9], [1e9]])
    places = np.array([[0.0, 0.0], [1.0, 2.0], [9, 9], [9, 9], [9, 9], [9, 9]])
    found = place_among(np.array([[0.25], [1.0]]), anchors, places)
    assert found == pytest.approx(np.array([[0.25, 0.5], [1, 2]]), abs=1e-4)


def test_what_was_on_it_stays_to_the_last_bit_and_the_new_lie_among_their_like(old, grown):
    kept = grown.keep_map(old.assignments)
    before, now = placed(old), placed(kept)
    assert not placed(grown).iloc[:36].equals(before)  # made anew it would have moved
    pd.testing.assert_frame_equal(now.iloc[:36], before, check_exact=True)
    money = before[[number % 3 == 0 for number in range(36)]]
    assert (now.loc["v036"] >= money.min()).all()
    assert (now.loc["v036"] <= money.max()).all()
    assert kept.settings["n_added"] == 3
    assert "3 verhalen later in een bewaarde kaart gezet" in behind(wa.plot_theme_map(kept)).words.note
    assert "later in een bewaarde kaart" not in behind(wa.plot_theme_map(grown)).words.note


def test_it_stays_through_edits_and_comes_out_the_same_every_time(old, grown):
    kept = grown.keep_map(old.assignments)
    assert placed(kept.merge([0, 1])).equals(placed(kept))
    shuffled = replace(grown.corpus, frame=grown.corpus.frame.iloc[::-1])
    again = wa.find_themes(shuffled, n_themes=3, firmness_rounds=3)
    assert placed(again.keep_map(old.assignments.iloc[::-1])).equals(placed(kept))


def test_a_copy_of_an_old_story_lies_on_it_and_does_not_move_it(old):
    texts = three_subjects(36)
    # Its number comes first, so that the old story is now the copy.
    corpus = make_corpus([*texts, texts[0]])
    ids = [*corpus.frame["narrative_id"][:36], "a000"]
    themes = wa.find_themes(
        replace(corpus, frame=corpus.frame.assign(narrative_id=ids)), n_themes=3, firmness_rounds=3
    )
    kept = placed(themes.keep_map(old.assignments))
    assert kept.loc["v000"].equals(placed(old).loc["v000"])
    assert abs(kept.loc["a000"]).max() <= 1


def test_a_project_keeps_it_for_the_next_time(tmp_path):
    with wa.open_project(tmp_path / "p.wijk", who="Noor") as project:
        first = find(three_subjects(36), project=project).keep_map()
        assert first.settings["n_added"] == 0
        assert placed(first).equals(placed(find(three_subjects(36))))
        first.keep_map()
        assert list(project.log()["action"]) == ["themakaart bewaard"]
    with wa.open_project(tmp_path / "p.wijk", who="Noor") as project:
        more = find(three_subjects(42), project=project).keep_map()
        assert more.settings["n_added"] == 6
        assert placed(more).iloc[:36].equals(placed(first))
        # The new ones are on it from now on.
        assert find(three_subjects(45), project=project).keep_map().settings["n_added"] == 3
        assert project.check().empty


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (pd.DataFrame({"narrative_id": ["v000"], "x": [0.0]}), "Dit is geen kaart"),
        (pd.DataFrame({"narrative_id": [], "x": [], "y": []}), "staan er 0 op de bewaarde kaart"),
        (pd.DataFrame({"narrative_id": ["v000"], "x": [0.0], "y": [None]}), "Dit is geen kaart"),
        (
            pd.DataFrame({"narrative_id": ["v000", "elders"], "x": [0.0, 0], "y": [0.0, 1]}),
            "Van deze verhalen staan er 1 op de bewaarde kaart",
        ),
    ],
)
def test_what_is_no_map_of_these_stories(old, layout, message):
    with pytest.raises(ThemeError, match=message):
        old.keep_map(layout)
