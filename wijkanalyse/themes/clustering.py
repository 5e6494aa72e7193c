"""From lemmas to themes with their terms and firmness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from wijkanalyse.errors import ThemeError
from wijkanalyse.language import content_lemmas
from wijkanalyse.themes.consensus import (
    CHANCE_ROUNDS,
    GRID,
    MAX_CHOOSE,
    ROUNDS,
    RUNS,
    WIDE,
    Point,
    adjusted_rand,
    agree,
    least_strength,
    nearly_as_good,
    propose,
    strength,
)
from wijkanalyse.themes.engine import (
    Array,
    Vectors,
    choose_rows,
    order_by_size,
    reduce,
    shuffle_words,
    vectorise,
)
from wijkanalyse.themes.firmness import Rounds, make_rounds, match_themes, theme_jaccard
from wijkanalyse.themes.views import resemblance

MAX_NOWHERE = 0.08  # at most this share is set apart because it stays with no theme
MIN_STAY = 0.2  # share of rounds in which a story stays with its theme, under which it belongs to none
N_TERMS = 10
MAX_TERM_ROUNDS = 20
N_LAYOUT = 30  # dimensions behind the map
N_BERTOPIC = 100  # dimensions in which BERTopic places a new text
NOWHERE = -1

Progress = Callable[[str, int, int], None]


@contextmanager
def one_thread() -> Iterator[None]:
    """Run numerics on one thread: sums over threads come in another order each time, and so in other bytes."""
    # Only libraries that are loaded by now can be limited, so load them first.
    import scipy.sparse.linalg  # noqa: F401
    import sklearn.cluster
    import sklearn.decomposition
    import sklearn.manifold  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


#: Part of the scheme in a story's vector. "Licht" tips the balance, "sterk" decides wherever the scheme knows the words.
GUIDES = {"licht": 0.2, "sterk": 0.6}


@dataclass(frozen=True, kw_only=True, eq=False)
class Guide:
    """A scheme as a start: how near each story lies to its codes."""

    name: str  #: licht or sterk
    nearness: Array  #: shape (n_narratives, n_codes)

    def beside(self, matrix: Any) -> Any:
        """Return vectors with the nearness laid beside them, unit rows."""
        from scipy.sparse import csr_matrix, hstack, issparse
        from sklearn.preprocessing import normalize

        share = GUIDES[self.name]
        near = normalize(self.nearness) * np.sqrt(share)
        if not issparse(matrix):
            return normalize(np.hstack([matrix * np.sqrt(1 - share), near]))
        return normalize(hstack([matrix * np.sqrt(1 - share), csr_matrix(near)], format="csr"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Clusters:
    """What clustering gives: a theme per story, and what it rests on."""

    labels: Array  #: 0 for the largest theme, −1 for none; shape (n_narratives,)
    points: Array  #: shape (n_narratives, n_dimensions), for the map
    vectors: Vectors
    rounds: Rounds
    curve: list[Point]
    has_structure: bool
    settings: dict[str, Any]


def make_clusters(
    documents: list[list[str]],
    n_themes: int | None,
    min_theme_size: int | None,
    random_state: int,
    rounds: int,
    report: Progress,
    *,
    points: Array | None = None,
    free: Array | None = None,
    guide: Guide | None = None,
    n_jobs: int = 1,
) -> Clusters:
    """Cluster lists of lemmas and set apart what fits nowhere.

    Parameters
    ----------
    documents : list of list of str
    n_themes, min_theme_size : int, optional
    random_state, rounds : int
    report : callable
    points : ndarray, shape (n_narratives, n_dimensions), optional
        Vectors of a model, unit rows; they take the place of the words.
    free : ndarray of bool, shape (n_narratives,), optional
        Which stories may be put in a theme; default all.
    guide : Guide, optional
        What a scheme says of the stories, laid beside their words.
    n_jobs : int
        Threads for the rounds.
    """
    vectors = vectorise(documents)
    if points is not None:
        vectors = replace(vectors, matrix=points, field_share=0.0, linked=np.ones(len(points), dtype=bool))
    unguided = vectors.matrix
    if guide is not None:
        vectors = replace(vectors, matrix=guide.beside(unguided))
    rows = np.arange(len(documents)) if free is None else np.flatnonzero(free)
    tick = _ticker(report, "Aantal thema’s", ROUNDS + CHANCE_ROUNDS)
    chosen = rows[choose_rows(len(rows), MAX_CHOOSE, random_state)]
    if points is None:
        chance = vectorise(shuffle_words([documents[row] for row in chosen], random_state)).matrix
    else:
        chance = _shuffle_columns(points[chosen], random_state)
    if guide is not None:
        dealt = np.random.default_rng(random_state).permutation(guide.nearness[chosen])
        chance = replace(guide, nearness=dealt).beside(chance)
    most = GRID[-1] if n_themes is None else WIDE
    proposed, curve = propose(vectors.matrix[chosen], chance, random_state, tick, most=most, n_jobs=n_jobs)
    k = n_themes or proposed
    # A model or a guide has few strong directions, on which chance agrees sooner (benchmarks/RESULTS.md).
    needed = least_strength(len(chosen)) * (1 if points is None and guide is None else 2)
    smallest = min_theme_size or (3 if len(rows) >= 30 else 2)
    tick = _ticker(report, "Verhalen bij elkaar zetten", RUNS)
    labels = np.full(len(documents), NOWHERE, dtype=np.int64)
    agreed = agree(vectors.matrix[rows], k, random_state, smallest=smallest, tick=tick, n_jobs=n_jobs)
    labels[rows] = order_by_size(agreed)
    found = int(labels.max()) + 1
    guided = {}
    if guide is not None:
        alone = agree(unguided[rows], k, random_state, smallest=smallest)
        guided = {"guide": guide.name, "guide_agreement": round(adjusted_rand(labels[rows], alone), 3)}
    drawn = make_rounds(
        vectors.matrix,
        found,
        random_state,
        n_rounds=rounds,
        tick=_ticker(report, "Stevigheid", rounds),
        n_jobs=n_jobs,
    )
    labels = order_by_size(set_nowhere(vectors, labels, drawn, smallest))
    return Clusters(
        labels=labels,
        points=reduce(vectors.matrix, N_LAYOUT, random_state) if points is None else points,
        vectors=vectors,
        rounds=drawn,
        curve=curve if n_themes is None else [],
        has_structure=strength(curve) >= needed,
        settings={
            "n_themes": int(labels.max()) + 1,
            "n_themes_asked": n_themes,
            "n_themes_proposed": n_themes is None,
            "n_themes_range": nearly_as_good(curve) if n_themes is None else (n_themes, n_themes),
            "min_theme_size": smallest,
            "field_share": vectors.field_share,
            "random_state": random_state,
            "firmness_rounds": rounds,
            **guided,
        },
    )


def _shuffle_columns(points: Array, random_state: int) -> Array:
    """Return vectors with every column dealt out anew over the stories: no structure is left."""
    dealt = np.random.default_rng(random_state).permuted(points, axis=0)
    return np.asarray(dealt / np.maximum(np.linalg.norm(dealt, axis=1, keepdims=True), 1e-12))


def set_nowhere(vectors: Vectors, labels: Array, rounds: Rounds, smallest: int) -> Array:
    """Take out stories that share nothing with their theme or stay with none, and tiny themes."""
    labels = labels.copy()
    own = resemblance(vectors.matrix, labels)[np.arange(len(labels)), np.maximum(labels, 0)]
    _, stay = theme_jaccard(labels, rounds)
    loose = [i for i in np.argsort(stay, kind="stable") if stay[i] < MIN_STAY and labels[i] >= 0]
    labels[loose[: int(MAX_NOWHERE * len(labels))]] = NOWHERE
    labels[(own <= 1e-6) | ~vectors.linked] = NOWHERE
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


def theme_terms(
    counted: tuple[Any, Array], labels: Array, n_themes: int, tellers: Sequence[str] | None = None
) -> list[list[tuple[str, float]]]:
    """Return the strongest terms per theme by c-TF-IDF, on the final assignment; `counted` as `count_words` gives it.

    A term must be used by two tellers of the theme: what one person says may be a name.
    """
    from scipy.sparse import csr_matrix

    counts, names = counted
    who = np.unique(range(len(labels)) if tellers is None else list(tellers), return_inverse=True)[1]
    weights = _ctfidf(counts, labels, n_themes)
    for theme in range(n_themes):
        rows = np.flatnonzero(labels == theme)
        told = csr_matrix(
            (np.ones(len(rows)), (who[rows], np.arange(len(rows)))), shape=(who.max() + 1, len(rows))
        )
        weights[theme, np.asarray(((told @ counts[rows]) > 0).sum(axis=0)).ravel() < 2] = 0.0
    return [[(str(names[i]), float(row[i])) for i in _best(row, names)] for row in weights]


def term_overlap(counted: tuple[Any, Array], labels: Array, n_themes: int, rounds: Rounds) -> Array:
    """Return which share of a theme's strongest terms returns in the matched cluster of a round, shape (n_themes,).

    Greene et al. 2014 (arXiv 1404.4606), on the first `MAX_TERM_ROUNDS` rounds.
    """
    counts, names = counted
    own = [set(_best(row, names)) for row in _ctfidf(counts, labels, n_themes)]
    shares = np.zeros((min(len(rounds.rows), MAX_TERM_ROUNDS), n_themes))
    for share, rows, found in zip(shares, rounds.rows, rounds.found, strict=False):
        weights = _ctfidf(counts[rows], found, int(found.max()) + 1)
        for theme, cluster in match_themes(labels[rows], found, n_themes).items():
            share[theme] = len(own[theme] & set(_best(weights[cluster], names))) / max(len(own[theme]), 1)
    return np.asarray(shares.mean(axis=0))


def count_words(documents: Sequence[Sequence[str]]) -> tuple[Any, Array]:
    """Return which words stand in which document, as a csr_matrix of zeros and ones, and the words."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(analyzer=list, binary=True)
    return counter.fit_transform(documents).tocsr(), counter.get_feature_names_out()


def _ctfidf(counts: Any, labels: Array, n_themes: int) -> Array:
    """Return c-TF-IDF, shape (n_themes, n_words); a word in one story of a theme counts as 0.

    Grootendorst 2022 (arXiv 2203.05794): term frequency in the theme × log(1 + average theme length / frequency over
    all), with the square root of the frequency.
    """
    sums = np.zeros((n_themes, counts.shape[1]))
    for theme in range(n_themes):
        sums[theme] = np.asarray(counts[np.flatnonzero(labels == theme)].sum(axis=0)).ravel()
    overall = np.maximum(np.asarray(counts.sum(axis=0)).ravel(), 1)
    weights = np.sqrt(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1)) * np.log1p(
        sums.sum() / max(n_themes, 1) / overall
    )
    weights[sums < 2] = 0.0
    return np.asarray(weights)


def _best(weights: Array, names: Array) -> list[int]:
    """Return the columns of the strongest terms; ties by the alphabet."""
    found = np.flatnonzero(weights).tolist()
    return sorted(found, key=lambda i: (-weights[i], names[i]))[:N_TERMS]


def make_bertopic(documents: Sequence[Sequence[str]], labels: Array) -> Any:
    """Return a BERTopic model of these themes: for its representations, hierarchy, plots, saving, and new texts.

    The division is ours, so it gets no clusterer of its own; a new text goes to the theme it lies nearest to in LSA of
    the words. Importing it takes seconds, so it is made on request.
    """
    import logging
    import warnings

    with warnings.catch_warnings():
        # Its import silences warnings for the whole process and pulls in umap and numba.
        warnings.simplefilter("ignore")
        from bertopic import BERTopic
        from bertopic.cluster import BaseCluster
        from bertopic.dimensionality import BaseDimensionalityReduction
        from bertopic.vectorizers import ClassTfidfTransformer
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import Normalizer

        known = frozenset(word for document in documents for word in document)
        read = partial(_read_words, known)
        dimensions = max(1, min(N_BERTOPIC, len(documents) - 1, len(known) - 1))
        embedder = make_pipeline(
            TfidfVectorizer(analyzer=read, sublinear_tf=True),
            TruncatedSVD(dimensions, random_state=0),
            Normalizer(),
        )
        model = BERTopic(
            # "english" strips every letter outside ASCII.
            language="dutch",
            embedding_model=embedder,
            umap_model=BaseDimensionalityReduction(),
            hdbscan_model=BaseCluster(),
            vectorizer_model=CountVectorizer(tokenizer=read, token_pattern=None, lowercase=False),
            ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
            top_n_words=N_TERMS,
        )
        logging.getLogger("BERTopic").setLevel(logging.WARNING)
        texts = [" ".join(document) for document in documents]
        return model.fit(texts, embeddings=embedder.fit_transform(texts), y=labels.tolist())


def _read_words(known: frozenset[str], text: str) -> list[str]:
    """Return the lemmas of a text; one of our own documents is lemmas already, and a lemma of a lemma is another word."""
    words = text.split()
    return words if known.issuperset(words) else content_lemmas(text)


def _ticker(report: Progress, step: str, total: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        report(step, min(done, total), total)

    return tick
