"""From lemmas to clusters with their terms and firmness; BERTopic carries it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from wijkanalyse.errors import ThemeError
from wijkanalyse.themes.engine import (
    Array,
    Vectors,
    dimensions_for,
    order_by_size,
    propose_n_themes,
    reduce,
    support,
    vectorise,
)
from wijkanalyse.themes.firmness import theme_jaccard

MAX_NOWHERE = 0.10  # at most this share is set in no theme because it resembles none
N_TERMS = 10
NOWHERE = -1

Progress = Callable[[str, int, int], None]


@contextmanager
def one_thread() -> Iterator[None]:
    """Run numerics on one thread: sums over threads come in another order each time, and so in other bytes."""
    # Only libraries that are loaded by now can be limited, so load them first.
    import sklearn.cluster
    import sklearn.decomposition
    import sklearn.manifold  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """What clustering gives: labels, the vectors they rest on, terms and firmness."""

    labels: Array
    points: Array
    vectors: Vectors
    jaccard: Array
    core: Array
    curve: list[tuple[int, float]]
    model: Any
    terms: list[list[tuple[str, float]]]
    settings: dict[str, Any]


def make_clusters(
    documents: list[list[str]],
    n_themes: int | None,
    min_theme_size: int | None,
    random_state: int,
    rounds: int,
    report: Progress,
) -> Clusters:
    """Cluster lists of lemmas, set apart what fits nowhere, and measure how firm each theme is."""
    vectors = vectorise(documents)
    curve: list[tuple[int, float]] = []
    k = n_themes
    if k is None:
        k, curve = propose_n_themes(vectors.matrix, random_state, tick=_ticker(report, "Aantal thema’s", 9))
    points = reduce(vectors.matrix, dimensions_for(k), random_state)
    model, labels = _fit_bertopic(documents, points, k, random_state, report)
    smallest = min_theme_size or (3 if len(documents) >= 30 else 2)
    labels = _set_nowhere(vectors, labels, smallest)
    labels = order_by_size(labels)
    jaccard, core = theme_jaccard(
        vectors.matrix, labels, random_state, n_rounds=rounds, tick=_ticker(report, "Stevigheid", rounds)
    )
    return Clusters(
        labels=labels,
        points=points,
        vectors=vectors,
        jaccard=jaccard,
        core=core,
        curve=curve,
        model=model,
        terms=_theme_terms(documents, labels),
        settings={
            "n_themes": k,
            "n_themes_proposed": n_themes is None,
            "n_dimensions": points.shape[1],
            "min_theme_size": smallest,
            "random_state": random_state,
            "firmness_rounds": rounds,
        },
    )


def _fit_bertopic(
    documents: list[list[str]], points: Array, k: int, random_state: int, report: Progress
) -> tuple[Any, Array]:
    """Fit BERTopic with our own sub-models: it carries c-TF-IDF, representations, hierarchy and saving."""
    report("BERTopic", 0, 1)
    with warnings.catch_warnings():
        # Its import silences warnings for the whole process and pulls in umap and numba.
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.backend import BaseEmbedder
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.cluster import KMeans
        from sklearn.feature_extraction.text import CountVectorizer

        model = BERTopic(
            # "english" strips every letter outside ASCII.
            language="dutch",
            embedding_model=BaseEmbedder(),
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=KMeans(k, n_init=10, random_state=random_state),
            vectorizer_model=CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False),
            ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
            top_n_words=N_TERMS,
        )
        logging.getLogger("BERTopic").setLevel(logging.WARNING)
        topics, _ = model.fit_transform(
            [" ".join(document) for document in documents], embeddings=points.copy()
        )
    report("BERTopic", 1, 1)
    return model, order_by_size(np.array(topics))


def _set_nowhere(vectors: Vectors, labels: Array, smallest: int) -> Array:
    """Take out stories that share no word with their theme or more with another one, and tiny themes."""
    labels = labels.copy()
    own, other = support(vectors.matrix, labels)
    margin = np.where(own > 0, own - other, 0.0)
    most = int(MAX_NOWHERE * len(labels))
    candidates = [i for i in np.argsort(margin, kind="stable")[:most] if margin[i] < 0]
    labels[candidates] = NOWHERE
    labels[own <= 0] = NOWHERE
    for theme in np.unique(labels[labels >= 0]):
        if np.sum(labels == theme) < smallest:
            labels[labels == theme] = NOWHERE
    if not np.any(labels >= 0):
        raise ThemeError.one(
            what="Deze verhalen lijken te weinig op elkaar om thema’s te vormen.",
            where="wa.find_themes",
            expected=f"minstens één groep van {smallest} verhalen",
            now="Lees de verhalen zelf naast elkaar, of verzamel er meer.",
        )
    return labels


def _theme_terms(documents: list[list[str]], labels: Array) -> list[list[tuple[str, float]]]:
    """Return the strongest terms per theme by c-TF-IDF, on the final assignment.

    c-TF-IDF (Grootendorst 2022, arXiv 2203.05794): term frequency in the theme × log(1 + average theme length /
    frequency over all), with the square root of the frequency; a term must stand in two stories of the theme.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False, binary=True)
    counts = counter.fit_transform([" ".join(document) for document in documents]).tocsr()
    names = counter.get_feature_names_out()
    n_themes = int(labels.max()) + 1
    sums = np.stack([np.asarray(counts[labels == theme].sum(axis=0)).ravel() for theme in range(n_themes)])
    overall = np.maximum(np.asarray(counts.sum(axis=0)).ravel(), 1)
    weights = np.sqrt(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1)) * np.log1p(
        sums.sum() / n_themes / overall
    )
    weights[sums < 2] = 0.0
    result = []
    for row in weights:
        best = sorted(np.flatnonzero(row), key=lambda i: (-row[i], names[i]))[:N_TERMS]
        result.append([(str(names[i]), float(row[i])) for i in best])
    return result


def _ticker(report: Progress, step: str, total: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        report(step, min(done, total), total)

    return tick
