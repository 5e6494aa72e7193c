from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import CARE, MONEY, SCHOOL, make_corpus, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError, ThemeError

NO_COMMON_LETTERS = "zebra lantaarn giraffe"
FRAMES = ("topics", "assignments", "memberships", "terms", "firmness", "nearness", "profiles", "curve")


@pytest.fixture(scope="module")
def corpus():
    return make_corpus([*three_subjects(36), NO_COMMON_LETTERS, "ja"])


@pytest.fixture(scope="module")
def themes(corpus):
    return wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), firmness_rounds=9)


def digest(themes) -> str:
    return hashlib.sha256("".join(getattr(themes, name).to_csv() for name in FRAMES).encode()).hexdigest()


def test_frames_have_the_columns_that_others_rely_on(themes):
    assert list(themes.topics.columns) == ["theme_id", "label", "n_narratives", "n_tellers", "terms"]
    assert list(themes.assignments.columns)[:3] == ["narrative_id", "theme_id", "weight"]
    assert list(themes.firmness.columns) == [
        "theme_id", "jaccard", "verdict", "term_overlap", "n_tellers", "dominance",
    ]  # fmt: skip
    assert list(themes.terms.columns) == ["theme_id", "term", "weight"]
    assert list(themes.curve.columns) == ["n_themes", "agreement", "chance", "score", "candidate"]
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


def test_a_story_with_words_of_its_own_is_nowhere_with_a_reason(themes):
    row = themes.assignments.set_index("narrative_id").loc["v036"]
    assert row["theme_id"] == -1
    assert "deelt er geen woorden mee" in row["reason"]
    assert row["core"] == 0


def test_a_story_in_a_theme_has_no_reason(themes):
    assert set(themes.assignments["reason"].iloc[:36]) == {""}
    assert themes.assignments["core"].iloc[:36].between(0.3, 1).all()


def test_the_curve_marks_the_number_that_was_chosen(themes):
    assert themes.curve.loc[themes.curve["candidate"], "n_themes"].tolist() == [3]
    gain = (themes.curve["agreement"] - themes.curve["chance"]).clip(lower=0) / (1 - themes.curve["chance"])
    assert (themes.curve["score"] <= gain + 1e-3).all()
    assert themes.curve["score"].max() > 0.5


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
    # Nor does finding themes load what only BERTopic needs.
    code = (
        "import sys, wijkanalyse as wa; from tests.themes.test_model import digest; "
        "print(digest(wa.find_themes(wa.load_sample(), scheme=wa.load_scheme('opgaven'), firmness_rounds=10)), "
        "'bertopic' in sys.modules)"
    )
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env={**_environment(), "PYTHONHASHSEED": seed},
        )
        assert done.stdout.split() == [digest(sample_themes), "False"], done.stderr[-500:]


def _environment():
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join([".", os.environ.get("PYTHONPATH", "")])}


def test_the_number_of_themes_can_be_given(corpus):
    themes = wa.find_themes(corpus, n_themes=2, firmness_rounds=3)
    assert themes.settings["n_themes"] == 2
    assert not themes.settings["n_themes_proposed"]
    assert themes.curve.empty
    assert themes.nearness.empty


@pytest.mark.slow
def test_bertopic_is_made_when_asked_for_and_has_our_themes(themes, corpus):
    import warnings

    assert "bertopic" not in vars(themes)
    model = themes.bertopic
    assert type(model).__name__ == "BERTopic"
    usable = themes.assignments["reason"] != "te weinig woorden"
    assert list(model.topics_) == themes.assignments.loc[usable, "theme_id"].tolist()
    for theme, terms in themes.terms.groupby("theme_id")["term"]:
        assert {word for word, _ in model.get_topic(theme)[:3]} <= set(terms)
    assert themes.bertopic is model
    ours = themes.assignments[usable & (themes.assignments["theme_id"] >= 0)]
    told = corpus.frame.set_index("narrative_id").loc[ours["narrative_id"], "text"].tolist()
    assert np.mean(np.array(model.transform(told)[0]) == ours["theme_id"]) > 0.9
    assert model.find_topics(told[0])[0][0] == ours["theme_id"].iloc[0]
    # Its import silences warnings for the whole process; not here.
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


def test_copies_go_along_and_do_not_weigh(corpus):
    texts = three_subjects(36)
    themes = wa.find_themes(
        make_corpus([*texts, texts[0], texts[0] + "!", *["geen idee"] * 30]), firmness_rounds=6
    )
    alone = wa.find_themes(make_corpus(texts), firmness_rounds=6)
    rows = themes.assignments.set_index("narrative_id")
    first = rows.loc["v000"]
    for copy in ("v036", "v037"):
        assert rows.loc[copy, "copy_of"] == "v000"
        assert rows.loc[copy, ["theme_id", "weight", "core", "x", "y"]].tolist() == (
            first[["theme_id", "weight", "core", "x", "y"]].tolist()
        )
    assert (rows.loc["v038":, "reason"] == "te weinig woorden").all()
    assert (rows.loc["v038":, "copy_of"] == "").all()
    assert themes.settings["n_copies"] == 2
    assert themes.topics["n_narratives"].tolist() == [14, 12, 12, 30]
    assert themes.terms["weight"].tolist() == alone.terms["weight"].tolist()


def test_another_language_is_set_apart_and_said():
    english = "They told me that I had to wait for the letter and then it was not there when I came."
    themes = wa.find_themes(make_corpus([*three_subjects(24), english]), firmness_rounds=6)
    row = themes.assignments.iloc[24]
    assert (row["theme_id"], row["reason"]) == (-1, "lijkt Engels, geen Nederlands")


def test_a_corpus_in_another_language_is_not_set_apart_from_itself_but_said():
    head = "They told me that I had to wait for it and then it was not there:"
    texts = [f"{head} {text}" for text in three_subjects(24)]
    themes = wa.find_themes(make_corpus(texts), n_themes=3, firmness_rounds=6)
    assert (themes.assignments["theme_id"] >= 0).all()
    assert themes.settings["other_languages"] == {"Engels": 24}
    assert themes.provenance.steps[-1].endswith("24 lijken Engels, terwijl de woordenlijsten Nederlands zijn")


def test_a_dutch_corpus_says_nothing_of_languages(themes):
    assert themes.settings["other_languages"] == {}
    assert themes.provenance.steps[-1].endswith("thema’s gezocht")


@pytest.mark.parametrize(
    "filler", ["geen idee", "n.v.t.", "😀😀😀", "…", "", "123 456", "\u200b", "[naam 1]"]
)
def test_a_corpus_of_fillers_is_refused_with_the_reason(filler):
    with pytest.raises(ThemeError, match=r"maar 0 bruikbare(.|\n)*Apart: 20 \(te weinig woorden\)"):
        wa.find_themes(make_corpus([filler] * 20))


def test_one_very_long_story_does_not_carry_the_themes_away():
    texts = three_subjects(36)
    long = make_corpus([*texts, " ".join(texts[::3] * 400)])  # 24,000 words, all about money
    themes = wa.find_themes(long, firmness_rounds=6)
    assert themes.topics["n_narratives"].tolist() == [13, 12, 12]
    assert themes.assignments["theme_id"].iloc[36] == themes.assignments["theme_id"].iloc[0]


@pytest.mark.parametrize("k", [0, 1, 19])
def test_an_impossible_number_is_refused(k, corpus):
    with pytest.raises(ThemeError, match=f"{k} thema’s kan niet met 37 bruikbare verhalen"):
        wa.find_themes(corpus, n_themes=k)


def test_progress_is_reported(corpus):
    seen = []
    wa.find_themes(corpus, firmness_rounds=3, progress=lambda *step: seen.append(step))
    assert seen[0] == ("Nederlandse woorden", 0, 1)
    assert {("Aantal thema’s", 24, 24), ("Verhalen bij elkaar zetten", 18, 18), ("Stevigheid", 3, 3)} <= set(
        seen
    )


def test_an_exception_in_progress_stops_the_work(corpus):
    def stop(step, done, total):
        if step == "Stevigheid":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wa.find_themes(corpus, n_themes=3, firmness_rounds=3, progress=stop)


def test_few_stories_of_the_sample_are_past_nergens(sample_themes):
    share = (sample_themes.assignments["theme_id"] == -1).mean()
    assert 0 < share < 0.1


def test_the_sample_has_themes_to_talk_about(sample_themes):
    assert 4 <= len(sample_themes.firmness) <= 20
    assert sample_themes.firmness["verdict"].isin(["stevig", "patroon"]).any()
    assert 1 <= sample_themes.curve["candidate"].sum() <= 3
    # One and the same story is in one theme; a theme is no bin for everything.
    assert sample_themes.topics["n_narratives"].max() < 0.4 * len(sample_themes.assignments)


class Counts:
    """A model with a column per subject; it remembers what it was asked."""

    name = "telt-woorden"

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked += texts
        rows = [[sum(word in text for word in words) for words in (MONEY, SCHOOL, CARE)] for text in texts]
        return np.array(rows, dtype=float)


def test_a_model_takes_the_place_of_the_words(monkeypatch):
    monkeypatch.setattr("wijkanalyse.themes.embedding._CACHE", {})
    model = Counts()
    corpus = make_corpus([*three_subjects(36), "ja"])
    themes = wa.find_themes(corpus, embedder=model, firmness_rounds=6)
    found = themes.assignments["theme_id"].tolist()
    assert [len(set(found[start:36:3])) for start in range(3)] == [1, 1, 1]
    assert len(set(found[:36])) == 3
    assert found[36] == -1
    assert set(model.asked) == set(three_subjects(36))  # a story without words is not even asked for
    assert themes.settings["embedder"] == "telt-woorden"
    # The words still tell what a theme is about.
    assert set(themes.terms.loc[themes.terms["theme_id"] == found[0], "term"]) <= {*MONEY}


def test_without_a_model_that_is_said(themes):
    assert themes.settings["embedder"] is None


def test_a_model_that_is_not_here_is_refused(corpus):
    with pytest.raises(ThemeError, match="staat niet op deze computer"):
        wa.find_themes(corpus, embedder="iemand/model-nl")


def test_a_scheme_can_guide(corpus):
    scheme = wa.load_scheme("opgaven")
    themes = wa.find_themes(corpus, scheme=scheme, n_themes=3, guide="licht", firmness_rounds=3)
    assert themes.settings["guide"] == "licht"
    assert -1 <= themes.settings["guide_agreement"] <= 1


@pytest.mark.parametrize(
    ("guide", "with_scheme", "words"),
    [
        ("hard", True, "‘hard’ is geen manier om thema’s te sturen"),
        ("licht", False, "Sturen kan alleen met een codeerschema"),
    ],
)
def test_a_guide_that_cannot_be_is_refused(corpus, guide, with_scheme, words):
    scheme = wa.load_scheme("opgaven") if with_scheme else None
    with pytest.raises(ThemeError, match=words):
        wa.find_themes(corpus, scheme=scheme, guide=guide)


def test_a_guide_that_would_change_nothing_is_refused():
    words = "lantaarn giraffe zebra kameel panter olifant tijger leeuw".split()
    texts = [" ".join(words[(i + (1 + 2 * (i // 8)) * j) % 8] for j in range(4)) for i in range(16)]
    with pytest.raises(ThemeError, match="maar 0% van de verhalen gebruikt een woord"):
        wa.find_themes(make_corpus(texts), scheme=wa.load_scheme("opgaven"), guide="sterk")
