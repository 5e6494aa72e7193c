"""Stories that took no part in finding the themes."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import CARE, MONEY, SCHOOL, make_corpus, three_subjects
from wijkanalyse.themes.assigning import Assigner


@pytest.fixture(scope="module")
def themes():
    return wa.find_themes(make_corpus(three_subjects(45)), n_themes=3, firmness_rounds=5)


@pytest.fixture(scope="module")
def assigner(themes):
    return pickle.loads(pickle.dumps(Assigner.learn(themes)))


def theme_of(themes, words):
    texts = themes.corpus.frame["text"]
    row = next(i for i, text in enumerate(texts) if text.split()[0] in words)
    return int(themes.assignments["theme_id"][row])


@pytest.mark.parametrize("words", [MONEY, SCHOOL, CARE])
def test_a_story_goes_where_its_words_are(themes, assigner, words):
    (theme,), (weight,) = assigner.assign([" ".join(words[:4])])
    assert theme == theme_of(themes, words)
    assert weight == pytest.approx(1, abs=0.05)


def test_a_mixed_story_has_the_share_of_its_theme(themes, assigner):
    (theme,), (weight,) = assigner.assign([" ".join([*MONEY[:4], *SCHOOL[:2]])])
    assert theme == theme_of(themes, MONEY)
    assert 0.5 < weight < 0.85


@pytest.mark.parametrize(
    "text",
    [
        "",
        "schuld deurwaarder",  # two words
        "giraffe olifant zebra tijger",  # none of them stands in a theme
        "my rent is the same as it was and they have not been here for us",
    ],
)
def test_what_fits_nowhere_has_no_theme(assigner, text):
    theme, weight = assigner.assign([text])
    assert (theme.tolist(), weight.tolist()) == ([-1], [0.0])


def test_what_stands_beside_a_story_changes_nothing(assigner):
    texts = [*three_subjects(60), "school zebra klas juf lantaarn", ""]
    together = assigner.assign(texts)
    alone = [assigner.assign([text]) for text in texts]
    reverse = assigner.assign(texts[::-1])
    for column in (0, 1):
        assert together[column].tobytes() == np.concatenate([one[column] for one in alone]).tobytes()
        assert together[column].tobytes() == reverse[column][::-1].tobytes()


def test_another_language_counts_only_where_it_was_set_apart(themes, assigner):
    english = "my school and klas and toets is the same as it was and they have not been here for us"
    assert assigner.assign([english])[0].tolist() == [-1]
    everything = replace(assigner, dutch_only=False)
    assert everything.assign([english])[0].tolist() == [theme_of(themes, SCHOOL)]
