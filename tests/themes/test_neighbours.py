from __future__ import annotations

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.errors import ThemeError


@pytest.fixture(scope="module")
def themes():
    texts = [
        *three_subjects(36),
        "ja",
        "schuld deurwaarder diploma xylofoon",
        "xylofoon school diploma toets",
    ]
    texts.append(texts[0])
    return wa.find_themes(make_corpus(texts), n_themes=3, firmness_rounds=3)


def test_neighbours_share_words_and_the_rarest_come_first(themes):
    near = themes.neighbours("v038", 50).set_index("narrative_id")
    assert list(near.columns) == ["title", "words"]
    assert len(themes.neighbours("v038")) == 5
    assert near.at["v037", "words"] == "xylofoon, diploma"
    texts = themes.corpus.frame.set_index("narrative_id")["text"]
    for narrative_id, words in near["words"].items():
        assert {*words.replace("toetsen", "toets").split(", ")} == {*texts["v038"].split()} & {
            *texts[narrative_id].split()
        } or not words


def test_a_story_is_no_neighbour_of_itself_nor_of_its_copy_and_one_without_words_has_none(themes):
    assert not {"v000", "v039"} & set(themes.neighbours("v000", 50)["narrative_id"])
    assert themes.neighbours("v039").equals(themes.neighbours("v000"))
    assert themes.neighbours("v036").empty
    assert len(themes.neighbours("v000", 2)) == 2
    with pytest.raises(ThemeError, match="bestaat niet in dit corpus"):
        themes.neighbours("v999")


def test_with_a_model_its_vectors_say_who_is_near():
    class Model:
        name = "tel"

        def embed(self, texts):
            return np.array(
                [[text.count(word) + 0.1 for word in ("schuld", "school", "dementie")] for text in texts]
            )

    themes = wa.find_themes(make_corpus(three_subjects(36)), n_themes=3, firmness_rounds=3, embedder=Model())
    near = themes.neighbours("v000")["narrative_id"]
    assert {int(name[1:]) % 3 for name in near} == {0}
