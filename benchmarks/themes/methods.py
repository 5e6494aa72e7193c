"""From a case to labels, −1 for none: ours, and other methods on the same lemmas."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

import wijkanalyse as wa
from benchmarks.themes.cases import Array, Case, make_corpus
from wijkanalyse.themes import engine
from wijkanalyse.themes.clustering import NOWHERE, one_thread

N_LSA = 100


class Outcome(NamedTuple):
    """One run of one method."""

    labels: Array
    seconds: float


Method = Callable[[Case, int], Array]


def find(case: Case, seed: int, n_themes: int | None = None) -> wa.Themes:
    corpus = make_corpus(case.texts)
    return wa.find_themes(corpus, n_themes=n_themes, random_state=seed, firmness_rounds=case.rounds)


def ours(case: Case, seed: int, *, true_k: bool) -> Array:
    return labels_of(find(case, seed, case.n_labels if true_k else None))


def labels_of(themes: wa.Themes) -> Array:
    return themes.assignments["theme_id"].to_numpy()


def our_matrix(case: Case) -> Any:
    return engine.vectorise(case.documents).matrix


def plain_matrix(case: Case) -> Any:
    """Return scikit-learn's TF-IDF as it comes, on the same lemmas."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=list, min_df=2, max_df=0.7).fit_transform(case.documents)


def nmf(case: Case, seed: int, *, matrix: Callable[[Case], Any]) -> Array:
    from sklearn.decomposition import NMF

    model = NMF(case.n_labels, init="nndsvdar", random_state=seed, max_iter=200)
    return model.fit_transform(matrix(case)).argmax(axis=1)


def lsa_kmeans(case: Case, seed: int, *, matrix: Callable[[Case], Any]) -> Array:
    from sklearn.cluster import KMeans

    points = engine.reduce(matrix(case), N_LSA, seed)
    return KMeans(case.n_labels, n_init=10, random_state=seed).fit_predict(points)


def bertopic(case: Case, seed: int, *, true_k: bool) -> Array:
    """Return the topics of BERTopic with its defaults, seeded, on the LSA of our matrix.

    With the true number its topics are merged to that many, and its outliers divided by c-TF-IDF.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    texts = [" ".join(document) for document in case.documents]
    model = BERTopic(
        language="dutch",
        embedding_model=BaseEmbedder(),
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        vectorizer_model=CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False),
    )
    topics, _ = model.fit_transform(texts, engine.reduce(our_matrix(case), N_LSA, seed))
    if true_k and len(set(topics)) > 1:
        topics = model.reduce_topics(texts, nr_topics=case.n_labels + (NOWHERE in topics)).topics_
        if NOWHERE in topics and len(set(topics)) > 1:
            topics = model.reduce_outliers(texts, topics, strategy="c-tf-idf")
    return np.asarray(topics)


OURS: dict[str, Method] = {
    "wijkanalyse, zonder aantal": partial(ours, true_k=False),
    "wijkanalyse, ware aantal": partial(ours, true_k=True),
}
PEERS: dict[str, Method] = {
    "BERTopic, standaard": partial(bertopic, true_k=False),
    "BERTopic, ware aantal, −1 verdeeld": partial(bertopic, true_k=True),
    "NMF, gewone TF-IDF, ware aantal": partial(nmf, matrix=plain_matrix),
    "NMF, onze matrix, ware aantal": partial(nmf, matrix=our_matrix),
    "LSA-100 + KMeans, gewone TF-IDF, ware aantal": partial(lsa_kmeans, matrix=plain_matrix),
    "LSA-100 + KMeans, onze matrix, ware aantal": partial(lsa_kmeans, matrix=our_matrix),
}


def run(method: Method, case: Case, seeds: Iterable[int]) -> list[Outcome]:
    outcomes = []
    for seed in seeds:
        started = time.perf_counter()
        with one_thread():
            labels = method(case, seed)
        outcomes.append(Outcome(labels, time.perf_counter() - started))
    return outcomes


def warm_up() -> float:
    """Import BERTopic and let numba compile UMAP; return the seconds, which count in no table."""
    started = time.perf_counter()
    from bertopic import BERTopic  # noqa: F401

    warnings.simplefilter("ignore")
    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    words = np.random.default_rng(0).integers(0, 60, (120, 15))
    documents = [[f"woord{number}" for number in row] for row in words]
    bertopic(Case(texts=[], documents=documents, label=np.arange(120) % 5, rounds=0), 0, true_k=True)
    return time.perf_counter() - started
