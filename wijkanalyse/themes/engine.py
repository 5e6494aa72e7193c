"""From lemmas to clusters: TF-IDF of words and word fields → LSA with few dimensions → KMeans. No download.

On short Dutch texts few dimensions matter more than the clusterer (benchmarks/RESULTS.md). All steps run
on rows sorted by id, on one thread and with a fixed seed, so that the same stories give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.themes.fields import field_documents, word_fields

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Array = np.ndarray[Any, np.dtype[Any]]
MAX_FEATURES = 50_000
MAX_LAYOUT = 2_000  # t-SNE takes seconds up to here, minutes beyond
MAX_STABILITY = 2_000  # rows for choosing the number of themes and for firmness
MAX_THEMES = 40


# Share of the word fields in a story's vector, the rest is its own words. Between 0.5 and 1 the outcome on the
# sample hardly changes, without fields hardly any theme returns (benchmarks/RESULTS.md). Not 1: what no field
# knows must be able to become a theme.
FIELD_SHARE = 0.6


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """The stories as rows of numbers.

    Parameters
    ----------
    matrix : csr_matrix, shape (n_narratives, n_terms + n_fields)
        TF-IDF of the words and, beside it, of the word fields; rows of unit length.
    fields : csr_matrix, shape (n_narratives, n_fields)
        How many different words of each field a story uses.
    field_keys : tuple of str
    """

    matrix: csr_matrix
    fields: csr_matrix
    field_keys: tuple[str, ...]


def same(lemmas: list[str]) -> list[str]:
    """Return the lemmas as they are; a named function, so that a fitted vectoriser can be pickled."""
    return lemmas


def vectorise(documents: Sequence[list[str]]) -> Vectors:
    """Return lists of lemmas as vectors of words and word fields.

    From twenty stories on, words of a single story are left out (they link nothing), and words of more than
    seven in ten (they tell nothing apart); unless nothing would be left.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
    from sklearn.preprocessing import normalize

    frequency = Counter(word for document in documents for word in set(document))
    few, many = (2, 0.7 * len(documents)) if len(documents) >= 20 else (1, len(documents))
    kept = [word for word, count in frequency.items() if few <= count <= many] or list(frequency)
    vocabulary = sorted(sorted(kept), key=lambda word: -frequency[word])[:MAX_FEATURES]
    vectorizer = TfidfVectorizer(analyzer=same, sublinear_tf=True, vocabulary=sorted(vocabulary))
    words = vectorizer.fit_transform(documents)
    keys = tuple(field.key for field in word_fields())
    counter = CountVectorizer(analyzer=same, vocabulary=list(keys))
    counts = counter.transform(field_documents(documents)).tocsr()
    fields = TfidfTransformer().fit_transform(counts)
    stacked = hstack([words * np.sqrt(1 - FIELD_SHARE), fields * np.sqrt(FIELD_SHARE)])
    return Vectors(matrix=normalize(stacked).tocsr(), fields=counts, field_keys=keys)


def reduce(matrix: csr_matrix, n_dimensions: int, random_state: int) -> Array:
    """Return LSA coordinates of unit length, shape (n_narratives, n_dimensions)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    n_dimensions = max(2, min(n_dimensions, min(matrix.shape) - 1))
    svd = TruncatedSVD(n_dimensions, algorithm="randomized", n_iter=7, random_state=random_state)
    return np.asarray(normalize(svd.fit_transform(matrix)))


def dimensions_for(n_themes: int) -> int:
    """Return the number of LSA dimensions for a number of themes."""
    return max(10, 2 * n_themes)


def cluster(points: Array, n_themes: int, random_state: int, n_starts: int = 10) -> Array:
    """Return a cluster number per row, 0 for the largest; ties go to the cluster that comes first."""
    from sklearn.cluster import KMeans

    labels = KMeans(n_themes, n_init=n_starts, random_state=random_state).fit(points).labels_
    return order_by_size(labels)


def order_by_size(labels: Array) -> Array:
    """Renumber clusters by size, then by their first row; −1 stays −1."""
    numbers = [int(number) for number in np.unique(labels) if number >= 0]
    rank = sorted(
        numbers, key=lambda number: (-int(np.sum(labels == number)), int(np.argmax(labels == number)))
    )
    renumber = {number: position for position, number in enumerate(rank)}
    return np.array([renumber.get(int(label), -1) for label in labels], dtype=np.int64)


def propose_n_themes(
    matrix: csr_matrix,
    random_state: int,
    *,
    n_rounds: int = 12,
    tick: Callable[[], None] = lambda: None,
) -> tuple[int, list[tuple[int, float]]]:
    """Propose a number of themes: the one whose clusters return best when stories are left out.

    Parameters
    ----------
    matrix : csr_matrix, shape (n_narratives, n_terms)
    random_state : int
    n_rounds : int
        Subsamples of 80% per candidate.
    tick : callable
        Called once per candidate, for a progress bar.

    Returns
    -------
    n_themes : int
    curve : list of (int, float)
        Every candidate with its agreement: mean adjusted Rand index between the clusters of a subsample and
        those of all stories. Candidates lie around √(n/2), because that agreement alone prefers two clusters.
    """
    from sklearn.metrics import adjusted_rand_score

    middle = min(np.sqrt(matrix.shape[0] / 2), MAX_THEMES / 1.4)
    matrix = matrix[choose_rows(matrix.shape[0], MAX_STABILITY, random_state)]
    n = matrix.shape[0]
    low = max(2, round(0.6 * middle))
    high = max(low + 1, min(round(1.4 * middle), n // 4))
    candidates = sorted({round(k) for k in np.linspace(low, high, num=min(9, high - low + 1))})
    rng = np.random.default_rng(random_state)
    rounds = [np.sort(rng.choice(n, size=max(4, round(0.8 * n)), replace=False)) for _ in range(n_rounds)]
    curve: list[tuple[int, float]] = []
    errors: list[float] = []
    for k in candidates:
        whole = cluster(reduce(matrix, dimensions_for(k), random_state), k, random_state)
        scores = []
        for number, rows in enumerate(rounds):
            part = cluster(reduce(matrix[rows], dimensions_for(k), number), k, number, n_starts=3)
            scores.append(adjusted_rand_score(whole[rows], part))
        curve.append((k, float(np.mean(scores))))
        errors.append(float(np.std(scores, ddof=1)) / np.sqrt(n_rounds))
        tick()
    best = max(range(len(curve)), key=lambda i: curve[i][1])
    # The one-standard-error rule: what is not clearly worse counts as equal, and fewer themes are easier to
    # talk about.
    enough = curve[best][1] - errors[best]
    return next(k for k, score in curve if score >= enough), curve


def support(matrix: csr_matrix, labels: Array) -> tuple[Array, Array]:
    """Return how much each story's own words resemble its theme, and the best of the other themes.

    Cosine between a story and the mean of the *other* stories of the theme, on TF-IDF and not on the LSA
    that made the clusters. A story that resembles nobody scores near zero on both.

    Returns
    -------
    own, other : ndarray, shape (n_narratives,)
    """
    similarity = theme_similarity(matrix, labels)
    rows = np.arange(len(labels))
    own = np.where(labels >= 0, similarity[rows, np.maximum(labels, 0)], 0.0)
    masked = similarity.copy()
    masked[rows, np.maximum(labels, 0)] = -1.0
    return own, masked.max(axis=1) if masked.shape[1] > 1 else np.zeros(len(labels))


def theme_similarity(matrix: csr_matrix, labels: Array) -> Array:
    """Return cosines between stories and themes, a story left out of its own; shape (n_narratives, n_themes)."""
    n_themes = int(labels.max()) + 1
    columns = []
    for theme in range(n_themes):
        members = labels == theme
        total = np.asarray(matrix[members].sum(axis=0)).ravel()
        dots = np.asarray(matrix @ total).ravel()
        norm_squared = float(total @ total)
        squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
        # Taking a member out changes the sum: dot and norm follow without a second pass.
        dot = np.where(members, dots - squares, dots)
        norm = np.where(members, norm_squared - 2 * dots + squares, norm_squared)
        columns.append(np.where(norm > 1e-12, dot / np.sqrt(np.maximum(norm, 1e-12)), 0.0))
    return np.stack(columns, axis=1)


def layout(points: Array, random_state: int) -> Array:
    """Return map coordinates, shape (n_narratives, 2), in [−1, 1]. Nearness means something, direction nothing.

    Up to `MAX_LAYOUT` stories are laid out by t-SNE; of a larger corpus that many are, and each other story is
    placed among its five nearest.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    from sklearn.neighbors import NearestNeighbors

    rows = choose_rows(len(points), MAX_LAYOUT, random_state)
    anchors = points[rows]
    start = PCA(2, svd_solver="full").fit_transform(anchors)
    placed = TSNE(
        2,
        init=start / max(float(np.std(start[:, 0])), 1e-9) * 1e-4,
        perplexity=max(2.0, min(30.0, (len(anchors) - 1) / 4)),
        random_state=random_state,
        method="exact" if len(anchors) <= 600 else "barnes_hut",
    ).fit_transform(anchors)
    if len(rows) < len(points):
        distances, nearest = NearestNeighbors(n_neighbors=5).fit(anchors).kneighbors(points)
        weights = 1 / (distances + 1e-6)
        placed = (placed[nearest] * (weights / weights.sum(axis=1, keepdims=True))[:, :, None]).sum(axis=1)
    placed = placed - placed.mean(axis=0)
    return np.asarray(np.round(placed / max(float(np.abs(placed).max()), 1e-9), 4))


def choose_rows(n: int, most: int, random_state: int) -> Array:
    """Return all row numbers, or a fixed sample of them in order when there are more than `most`."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, size=most, replace=False))
