from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import spacy

from wijkanalyse.errors import ThemeError
from wijkanalyse.themes import embedding
from wijkanalyse.themes.embedding import Embedder, embed, load_embedder


class Lengths:
    """A model that knows how long a text is and how many a's it has; it remembers what it was asked."""

    def __init__(self, name="lengtes"):
        self.name = name
        self.asked = []

    def embed(self, texts):
        self.asked.append(list(texts))
        return np.array([[len(text), text.count("a")] for text in texts], dtype=float)


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch):
    monkeypatch.setattr(embedding, "_CACHE", {})


@pytest.fixture
def spacy_folder(tmp_path):
    language = spacy.blank("nl")
    for word, vector in {"schuld": [1.0, 0.0, 0.0], "brief": [0.0, 1.0, 0.0]}.items():
        language.vocab.set_vector(word, np.array(vector, dtype=np.float32))
    language.to_disk(tmp_path / "nl_klein")
    return tmp_path / "nl_klein"


def fake_sentence_transformers(monkeypatch):
    made = []

    class SentenceTransformer:
        def __init__(self, name, **options):
            made.append((name, options))

        def encode(self, texts, show_progress_bar):
            assert not show_progress_bar
            return [[len(text), 1] for text in texts]

    monkeypatch.setitem(
        sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=SentenceTransformer)
    )
    return made


def test_an_object_passes_through():
    model = Lengths()
    assert isinstance(model, Embedder)
    assert load_embedder(model) is model


def test_a_spacy_folder_gives_the_mean_of_its_word_vectors(spacy_folder):
    model = load_embedder(str(spacy_folder))
    assert model.name.startswith("nl_klein-")
    assert model.embed(["schuld", "schuld brief", ""]).tolist() == [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 0]]
    assert embed(model, ["schuld brief"]).tolist() == [
        [pytest.approx(np.sqrt(0.5)), pytest.approx(np.sqrt(0.5)), 0]
    ]


def test_another_model_in_the_same_folder_has_another_name(spacy_folder):
    first = embedding._fingerprint(spacy_folder)
    assert embedding._fingerprint(spacy_folder) == first
    language = spacy.blank("nl")
    language.vocab.set_vector("schuld", np.array([0.0, 0.0, 1.0], dtype=np.float32))
    language.to_disk(spacy_folder)
    assert embedding._fingerprint(spacy_folder) != first


def test_a_spacy_folder_without_vectors_is_refused(tmp_path):
    spacy.blank("nl").to_disk(tmp_path / "leeg")
    with pytest.raises(ThemeError, match=r"geen woordvectoren(.|\n)*leeg(.|\n)*nl_core_news_md"):
        load_embedder(tmp_path / "leeg")


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "verhalen.csv").write_text("x", encoding="utf-8")
    with pytest.raises(ThemeError, match=r"geen taalmodel dat we kennen(.|\n)*spaCy"):
        load_embedder(tmp_path)


@pytest.mark.parametrize("model", ["iemand/model-nl", Path("map/die/er/niet/is")])
def test_a_name_is_not_fetched_unasked(model, monkeypatch):
    made = fake_sentence_transformers(monkeypatch)
    with pytest.raises(ThemeError, match=r"staat niet op deze computer(.|\n)*allow_download=True") as caught:
        load_embedder(model)
    assert made == []
    assert "map/die" not in str(caught.value)  # only the last part: a path may hold a person's name


def test_a_name_is_fetched_when_asked(monkeypatch):
    made = fake_sentence_transformers(monkeypatch)
    model = load_embedder("iemand/model-nl", allow_download=True)
    assert made == [("iemand/model-nl", {"local_files_only": False})]
    assert model.name == "iemand/model-nl"
    found = model.embed(("aa", "b"))
    assert found.tolist() == [[2, 1], [1, 1]]
    assert found.dtype == np.float32


def test_a_folder_of_sentence_transformers_stays_local(tmp_path, monkeypatch):
    made = fake_sentence_transformers(monkeypatch)
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    # Also when it could have been fetched.
    model = load_embedder(tmp_path, allow_download=True)
    assert made == [(str(tmp_path), {"local_files_only": True})]
    assert model.name.startswith(f"{tmp_path.name}-")


@pytest.fixture
def model2vec_folder(tmp_path):
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = Tokenizer(WordLevel({"[UNK]": 0, "schuld": 1, "brief": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    vectors = np.array([[0, 0], [1, 0], [0, 1]], dtype=np.float32)
    StaticModel(vectors, words, config={"normalize": False}).save_pretrained(str(tmp_path / "klein"))
    return tmp_path / "klein"


@pytest.mark.parametrize("file", ["README.md", "modules.json"])
def test_a_folder_of_model2vec_gives_the_mean_of_its_word_vectors(model2vec_folder, file):
    # With its modules.json, for those who have sentence-transformers; and without, as older versions wrote it.
    (model2vec_folder / file).unlink()
    model = load_embedder(model2vec_folder)
    assert model.name.startswith("klein-")
    assert model.embed(["schuld", "schuld brief"]).tolist() == [[1, 0], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("files", "module", "package"),
    [
        (["modules.json"], "sentence_transformers", "sentence-transformers"),
        (["model.safetensors", "tokenizer.json"], "model2vec", "model2vec"),
    ],
)
def test_a_missing_library_is_named(tmp_path, monkeypatch, files, module, package):
    monkeypatch.setitem(sys.modules, module, None)
    for name in files:
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(ThemeError, match=rf"is {package} nodig(.|\n)*pip install {package}"):
        load_embedder(tmp_path)


def test_rows_have_unit_length_and_the_order_of_the_texts():
    found = embed(Lengths(), ["aaaa", "bb", "abab"])
    # (4, 4), (2, 0) and (4, 2)
    assert found == pytest.approx(np.array([[1 / np.sqrt(2)] * 2, [1, 0], [2 / np.sqrt(5), 1 / np.sqrt(5)]]))
    assert found.dtype == np.float64


def test_a_row_of_noughts_stays():
    assert embed(Lengths(), ["", "a"])[0].tolist() == [0.0, 0.0]


def test_every_text_is_embedded_once_per_model():
    model, other = Lengths(), Lengths("andere")
    first = embed(model, ["a", "bb", "ccc"])
    again = embed(model, ["ccc", "dd", "a"])
    assert model.asked == [["a", "bb", "ccc"], ["dd"]]
    assert again[[2, 0]].tobytes() == first[[0, 2]].tobytes()
    embed(model, ["a"])
    assert len(model.asked) == 2
    embed(other, ["a"])
    assert other.asked == [["a"]]


def test_the_same_name_is_the_same_model():
    embed(Lengths(), ["a"])
    again = Lengths()
    embed(again, ["a"])
    assert again.asked == []


def test_equal_texts_in_one_call_are_embedded_once():
    model = Lengths()
    found = embed(model, ["a", "b", "a"])
    assert model.asked == [["a", "b"]]
    assert found[0].tolist() == found[2].tolist() != found[1].tolist()


def test_a_full_cache_is_emptied_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(embedding, "MAX_CACHED", 3)
    model = Lengths()
    embed(model, ["a", "bb"])
    found = embed(model, ["a", "ccc", "dddd"])
    assert found.shape == (3, 2)
    assert found[0] == pytest.approx([np.sqrt(0.5)] * 2)
    assert len(embedding._CACHE) == 3


@pytest.mark.parametrize(
    "rows",
    [
        np.ones((1, 3)),
        np.ones((3, 3)),
        np.ones(2),
        np.array([[1.0, np.nan], [1.0, 1.0]]),
        np.array([[1.0, np.inf], [1.0, 1.0]]),
    ],
)
def test_a_table_that_does_not_fit_is_refused_and_not_kept(rows):
    model = SimpleNamespace(name="kapot", embed=lambda texts: rows)
    with pytest.raises(ThemeError, match=r"niet voor elk verhaal(.|\n)*kapot(.|\n)*2 rijen") as caught:
        embed(model, ["geheim verhaal", "ander verhaal"])
    assert "geheim" not in str(caught.value)
    assert embedding._CACHE == {}
