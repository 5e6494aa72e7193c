from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import MONEY, make_corpus, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError, ThemeError

FRAMES = ("topics", "assignments", "memberships", "terms", "firmness", "nearness", "profiles", "curve")


@pytest.fixture(scope="module")
def corpus():
    return make_corpus([*three_subjects(36), "fiets lantaarn giraffe", "ja"])


@pytest.fixture(scope="module")
def themes(corpus):
    return wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), firmness_rounds=9)


def digest(themes) -> str:
    return hashlib.sha256("".join(getattr(themes, name).to_csv() for name in FRAMES).encode()).hexdigest()


def test_frames_have_the_columns_that_others_rely_on(themes):
    assert list(themes.topics.columns) == ["theme_id", "label", "n_narratives", "n_tellers", "terms"]
    assert list(themes.assignments.columns)[:3] == ["narrative_id", "theme_id", "weight"]
    assert list(themes.firmness.columns) == ["theme_id", "jaccard", "verdict"]
    assert themes.assignments["theme_id"].dtype == np.int64


def test_three_subjects_become_three_themes(themes):
    found = themes.assignments["theme_id"].tolist()[:36]
    assert len({tuple(found[start::3]) for start in range(3)}) == 3
    assert all(len(set(found[start::3])) == 1 for start in range(3))
    assert themes.topics["n_narratives"].tolist()[:3] == [12, 12, 12]
    assert themes.settings["n_themes_proposed"]


def test_terms_and_label_come_from_the_theme(themes):
    theme = themes.assignments["theme_id"].iloc[0]
    topic = themes.topics.set_index("theme_id").loc[theme]
    assert set(topic["terms"].split(", ")) <= {*MONEY}
    assert "chulden" in topic["label"]


def test_a_story_without_words_is_nowhere_with_a_reason(themes):
    row = themes.assignments.set_index("narrative_id").loc["v037"]
    assert row["theme_id"] == -1
    assert row["reason"] == "te weinig woorden"
    assert row["weight"] == 0


def test_memberships_sum_to_one_for_stories_that_share_words(themes):
    sums = themes.memberships.groupby("narrative_id")["weight"].sum()
    assert sums.drop(["v036", "v037"]).to_numpy() == pytest.approx(1.0, abs=1e-5)


def test_every_story_is_in_the_frames_once(themes, corpus):
    assert sorted(themes.assignments["narrative_id"]) == sorted(corpus.frame["narrative_id"])
    assert themes.topics["n_narratives"].sum() == len(corpus)


def test_shuffled_rows_give_the_same_bytes(themes, corpus):
    from dataclasses import replace

    shuffled = replace(corpus, frame=corpus.frame.sample(frac=1, random_state=4))
    again = wa.find_themes(shuffled, scheme=wa.load_scheme("opgaven"), firmness_rounds=9)
    assert digest(again) == digest(themes)


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(sample_themes):
    code = (
        "import wijkanalyse as wa; from tests.themes.test_model import digest; "
        "print(digest(wa.find_themes(wa.load_sample(), scheme=wa.load_scheme('opgaven'), firmness_rounds=10)))"
    )
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={**_environment(), "PYTHONHASHSEED": seed},
        )
        assert done.stdout.strip() == digest(sample_themes), done.stderr[-500:]


def _environment():
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join([".", os.environ.get("PYTHONPATH", "")])}


def test_the_number_of_themes_can_be_given(corpus):
    themes = wa.find_themes(corpus, n_themes=2, firmness_rounds=3)
    assert themes.settings["n_themes"] == 2
    assert not themes.settings["n_themes_proposed"]
    assert themes.curve.empty
    assert themes.nearness.empty


def test_bertopic_is_at_hand(themes):
    assert type(themes.bertopic).__name__ == "BERTopic"
    assert len(themes.bertopic.get_topics()) >= 3


def test_import_of_bertopic_leaves_the_warnings_as_they_were(themes):
    import warnings

    with pytest.warns(UserWarning, match="nog hoorbaar"):
        warnings.warn("nog hoorbaar", UserWarning, stacklevel=1)


def test_stories_come_with_the_most_typical_first(themes):
    stories = themes.stories(0)
    assert stories["core"].is_monotonic_decreasing
    assert "text" in stories


def test_repr_counts_and_shows_no_words(themes):
    assert repr(themes).startswith("<Themes ")
    assert not any(word in repr(themes) for word in MONEY)


def test_raw_text_is_refused():
    with pytest.raises(PrivacyError, match=r"nog ‘ruw’.*thema’s zoeken(.|\n)*wa\.mask"):
        wa.find_themes(make_corpus(three_subjects(12), status=PrivacyStatus.RAW))


@pytest.mark.parametrize("n", [1, 2, 11])
def test_too_few_stories_are_refused(n):
    with pytest.raises(ThemeError, match=f"maar {n} bruikbare verhalen(.|\n)*minstens 12"):
        wa.find_themes(make_corpus(three_subjects(n)))


def test_fifteen_stories_give_a_small_honest_result():
    themes = wa.find_themes(make_corpus(three_subjects(15)), firmness_rounds=6)
    assert 2 <= len(themes.firmness) <= 4
    assert set(themes.firmness["verdict"]) <= {"stevig", "patroon", "los", "te weinig verhalen"}


def test_all_alike_is_refused():
    with pytest.raises(ThemeError, match="bijna allemaal hetzelfde"):
        wa.find_themes(make_corpus(["schuld deurwaarder aanmaning"] * 20))


@pytest.mark.parametrize("k", [0, 1, 19])
def test_an_impossible_number_is_refused(k, corpus):
    with pytest.raises(ThemeError, match=f"{k} thema’s kan niet met 37 bruikbare verhalen"):
        wa.find_themes(corpus, n_themes=k)


def test_progress_is_reported(corpus):
    seen = []
    wa.find_themes(corpus, n_themes=3, firmness_rounds=3, progress=lambda *step: seen.append(step))
    assert ("Stevigheid", 3, 3) in seen
