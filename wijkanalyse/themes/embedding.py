"""Language models of the user: one protocol for all of them, loaded from disk, never fetched unasked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from wijkanalyse.errors import ThemeError

Array = np.ndarray[Any, np.dtype[Any]]
MAX_CACHED = 200_000  # stories; 300 MB at 384 dimensions
_KINDS = "sentence-transformers, model2vec of spaCy (met woordvectoren)"


@runtime_checkable
class Embedder(Protocol):
    """Anything that turns texts into rows of numbers.

    Attributes
    ----------
    name : str
        Stands in the provenance; together with a text it is the key of the cache.
    """

    name: str

    def embed(self, texts: Sequence[str]) -> Array:
        """Return one row per text, shape (n_texts, n_dimensions)."""


class _Model:
    """A function as an embedder."""

    def __init__(self, name: str, embed: Callable[[list[str]], Any]) -> None:
        self.name = name
        self._embed = embed

    def embed(self, texts: Sequence[str]) -> Array:
        return np.asarray(self._embed(list(texts)), dtype=np.float32)


def load_embedder(model: str | Path | Embedder, *, allow_download: bool = False) -> Embedder:
    """Return a model as an embedder.

    Parameters
    ----------
    model : str, Path or Embedder
        A folder with a model of sentence-transformers, model2vec or spaCy; or an object with `name` and `embed`.
    allow_download : bool
        Whether a name that is no folder may be fetched from the internet, by sentence-transformers.

    Raises
    ------
    ThemeError
        When there is no such model, the library for it is not installed, or it has no vectors.
    """
    if isinstance(model, Embedder):
        return model
    path = Path(model).expanduser()
    if str(model) and path.is_dir():
        return _from_folder(path)
    if allow_download:
        return _sentence_transformer(str(model), local=False)
    raise ThemeError.one(
        what="Dit taalmodel staat niet op deze computer.",
        where=f"embedder=‘{path.name}’",
        expected=f"een map met een model van {_KINDS}",
        now="Geef het pad van de map. Mag het van internet worden gehaald, geef dan allow_download=True.",
    )


def _from_folder(path: Path) -> Embedder:
    if (path / "config.cfg").exists():
        return _spacy(path)
    modules = path / "modules.json"
    # model2vec also writes a modules.json, for who has sentence-transformers.
    if modules.exists() and "StaticEmbedding" not in modules.read_text(encoding="utf-8"):
        return _sentence_transformer(str(path), local=True)
    if (path / "model.safetensors").exists() and (path / "tokenizer.json").exists():
        return _model2vec(path)
    raise ThemeError.one(
        what="In deze map staat geen taalmodel dat we kennen.",
        where=path.name,
        expected=f"een model van {_KINDS}",
        now="Kies de map waarin het model zelf staat.",
    )


def _spacy(path: Path) -> Embedder:
    import spacy

    language = spacy.load(path)
    if not language.vocab.vectors_length:
        raise ThemeError.one(
            what="Dit spaCy-model heeft geen woordvectoren.",
            where=path.name,
            expected="een model met vectoren, zoals nl_core_news_md of nl_core_news_lg",
            now="Kies een ander model.",
        )
    return _Model(
        _fingerprint(path), lambda texts: np.stack([doc.vector for doc in map(language.make_doc, texts)])
    )


def _sentence_transformer(name: str, *, local: bool) -> Embedder:
    library = _library("sentence_transformers", "sentence-transformers")
    model = library.SentenceTransformer(name, local_files_only=local)
    label = _fingerprint(Path(name)) if local else name
    return _Model(label, lambda texts: model.encode(texts, show_progress_bar=False))


def _model2vec(path: Path) -> Embedder:
    model = _library("model2vec", "model2vec").StaticModel.from_pretrained(str(path))
    return _Model(_fingerprint(path), model.encode)


def _library(module: str, package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise ThemeError.one(
            what=f"Voor dit taalmodel is {package} nodig, en dat is niet geïnstalleerd.",
            where="embedder=",
            expected=f"een omgeving met {package}",
            now=f"Installeer het met: pip install {package}. Zonder model werkt alles ook.",
        ) from error


def _fingerprint(path: Path) -> str:
    """Return the folder's name and a digest of what is in it, so that another model is another name."""
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(path.rglob("*")):
        if file.is_file():
            digest.update(json.dumps([file.name, file.stat().st_size]).encode())
            with file.open("rb") as content:
                digest.update(content.read(65_536))
    return f"{path.name}-{digest.hexdigest()}"


# In memory only: from vectors much of a text can be told, so they do not land on a disk unasked.
_CACHE: dict[bytes, Array] = {}


def embed(embedder: Embedder, texts: Sequence[str]) -> Array:
    """Return the vectors of texts, each made once per model in a session; rows of unit length.

    Raises
    ------
    ThemeError
        When the model gives no usable row for each text.
    """
    keys = [hashlib.blake2b(f"{embedder.name}\x1f{text}".encode(), digest_size=16).digest() for text in texts]
    first = {key: i for i, key in reversed(list(enumerate(keys)))}
    new = sorted(i for key, i in first.items() if key not in _CACHE)
    if len(_CACHE) + len(new) > MAX_CACHED:
        _CACHE.clear()
        new = sorted(first.values())
    if new:
        made = embedder.embed([texts[i] for i in new])
        if made.ndim != 2 or len(made) != len(new) or not np.isfinite(made).all():
            raise ThemeError.one(
                what="Het taalmodel gaf niet voor elk verhaal een bruikbare rij getallen.",
                where=f"embedder {embedder.name}",
                expected=f"een tabel van {len(new)} rijen zonder lege waarden",
                now="Controleer het model op een paar zinnen.",
            )
        _CACHE.update({keys[i]: row for i, row in zip(new, made, strict=True)})
    rows = np.stack([_CACHE[key] for key in keys]).astype(np.float64)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
