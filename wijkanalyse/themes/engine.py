"""From lemmas to rows of numbers, without a download; and the places of the stories on a map.

All steps run on rows sorted by id, on one thread and with a fixed seed, so that the same stories give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.themes.fields import field_documents, word_fields

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Array = np.ndarray[Any, np.dtype[Any]]
MAX_LAYOUT = 2_000  # t-SNE takes seconds up to here, minutes beyond
IDF_POWER = 1.5  # rare words weigh more than in plain TF-IDF: short texts share few (benchmarks/RESULTS.md)
PIECES = (4, 5)  # letters
# The word fields help where the stories are about what they know, and hurt elsewhere (benchmarks/RESULTS.md).
FIELD_SHARE, MIN_FIELD_WORDS = 0.1, 0.2


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Columns:
    """What the columns of a matrix stand for and weigh, so that other stories get the same."""

    words: list[str]
    pieces: list[str]
    word_weights: Array
    piece_weights: Array
    fields: Any  #: TfidfTransformer
    share: float  #: of the word fields


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """The stories as rows of numbers.

    Parameters
    ----------
    matrix : csr_matrix or ndarray, shape (n_narratives, n_columns)
        Weights of words, of their pieces and, where they fit, of the word fields; or a model's vectors. Unit rows.
    fields : csr_matrix, shape (n_narratives, n_fields)
        How many different words of each field a story uses.
    field_keys : tuple of str
    field_share : float
        Part of the word fields in `matrix`.
    linked : ndarray of bool, shape (n_narratives,)
        Whether a story has a word or field in common with another one. A piece alone links nothing: "toetsen" and
        "fietsen" share an ending.
    columns : Columns
    """

    matrix: csr_matrix | Array
    fields: csr_matrix
    field_keys: tuple[str, ...]
    field_share: float
    linked: Array
    columns: Columns


def vectorise(documents: Sequence[Sequence[str]], columns: Columns | None = None) -> Vectors:
    """Return lists of lemmas as vectors: half words, half pieces of words, and word fields where they fit.

    The pieces let "schuldhulpverlening" and "schulden" meet. Words in one story link nothing and words in more than seven
    in ten tell nothing apart; they are left out from twenty stories on, unless nothing would be left. With the columns of other
    stories the rows are as if they stood among those: the same whatever stands beside them.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
    from sklearn.preprocessing import normalize

    n, small = len(documents), len(documents) < 20
    vocabulary = {word: i for i, word in enumerate(sorted({word for words in documents for word in words}))}
    starts = np.cumsum([0, *(len(words) for words in documents)])
    where = np.array([vocabulary[word] for words in documents for word in words], dtype=np.int64)
    counts = csr_matrix((np.ones(len(where), dtype=np.float32), where, starts), shape=(n, len(vocabulary)))
    counts.sum_duplicates()
    # Cut once per distinct word, not once per story.
    known_pieces = columns.pieces if columns else None
    cutter = CountVectorizer(
        analyzer="char_wb", ngram_range=PIECES, dtype=np.float32, vocabulary=known_pieces
    )
    pieces = (counts @ cutter.fit_transform(vocabulary)).tocsr()
    keys = tuple(field.key for field in word_fields())
    touched = field_documents(documents)
    fields = CountVectorizer(analyzer=list, vocabulary=list(keys)).transform(touched).tocsr()
    if columns is None:
        of_words = _weights(counts, 1 if small else 2, n if small else 0.7 * n)
        of_pieces = _weights(pieces, 1 if small else 3, n if small else 0.5 * n)
        known = sum(map(len, touched)) / max(1, sum(len(set(document)) for document in documents))
        columns = Columns(
            words=[list(vocabulary)[i] for i in of_words[0]], word_weights=of_words[1],
            pieces=cutter.get_feature_names_out()[of_pieces[0]].tolist(), piece_weights=of_pieces[1],
            fields=TfidfTransformer().fit(fields), share=FIELD_SHARE if known >= MIN_FIELD_WORDS else 0.0,
        )  # fmt: skip
        counts, pieces = counts[:, of_words[0]], pieces[:, of_pieces[0]]
    else:
        order = {word: i for i, word in enumerate(columns.words)}
        pairs = [(i, order[word]) for word, i in vocabulary.items() if word in order]
        rows, to = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        shape = (len(vocabulary), len(order))
        counts = counts @ csr_matrix((np.ones(len(pairs), dtype=np.float32), (rows, to)), shape=shape)
        for block in (counts, pieces):
            block.sort_indices()  # or sums would come in another order beside other stories
    words, parts = _weighed(counts, columns.word_weights), _weighed(pieces, columns.piece_weights)
    share = columns.share
    blocks = [words * np.sqrt(1 - share), parts * np.sqrt(1 - share)]
    if share:
        blocks.append(columns.fields.transform(fields) * np.sqrt(2 * share))
    matrix = normalize(hstack(blocks, format="csr")).astype(np.float32)
    linked = (words.getnnz(axis=1) > 0) | ((fields.getnnz(axis=1) > 0) & (share > 0))
    return Vectors(
        matrix=matrix, fields=fields, field_keys=keys, field_share=share, linked=linked, columns=columns
    )


def _weights(counts: csr_matrix, few: float, many: float) -> tuple[Array, Array]:
    """Return the columns that stand in `few` to `many` rows, all where none does, and their idf^1.5."""
    frequency = counts.getnnz(axis=0)
    keep = np.flatnonzero((frequency >= few) & (frequency <= many))
    keep = keep if len(keep) else np.arange(len(frequency))
    idf = np.log((1 + counts.shape[0]) / (1 + frequency[keep])) + 1
    return keep, (idf**IDF_POWER).astype(np.float32)


def _weighed(counts: csr_matrix, weights: Array) -> csr_matrix:
    """Return (1 + log tf) × weight as unit rows."""
    from scipy.sparse import diags
    from sklearn.preprocessing import normalize

    counts.data = 1 + np.log(counts.data)
    return normalize((counts @ diags(weights)).tocsr())


def shuffle_words(documents: Sequence[Sequence[str]], random_state: int) -> list[list[str]]:
    """Return stories of the same lengths with all their words dealt out anew: no structure is left."""
    words = [word for document in documents for word in document]
    dealt = iter(np.random.default_rng(random_state).permutation(len(words)))
    return [[words[next(dealt)] for _ in document] for document in documents]


def order_by_size(labels: Array) -> Array:
    """Renumber clusters by size, then by their first row; −1 stays −1."""
    numbers = [int(number) for number in np.unique(labels) if number >= 0]
    rank = sorted(
        numbers, key=lambda number: (-int(np.sum(labels == number)), int(np.argmax(labels == number)))
    )
    renumber = {number: position for position, number in enumerate(rank)}
    return np.array([renumber.get(int(label), -1) for label in labels], dtype=np.int64)


def reduce(matrix: csr_matrix | Array, n_dimensions: int, random_state: int) -> Array:
    """Return LSA coordinates of unit length, shape (n_narratives, n_dimensions)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    n_dimensions = max(2, min(n_dimensions, min(matrix.shape) - 1))
    svd = TruncatedSVD(n_dimensions, algorithm="randomized", n_iter=7, random_state=random_state)
    return np.asarray(normalize(svd.fit_transform(matrix)), dtype=float)


def layout(points: Array, random_state: int) -> Array:
    """Return map coordinates, shape (n_narratives, 2), in [−1, 1]. Nearness means something, direction nothing.

    Up to `MAX_LAYOUT` stories are laid out by t-SNE; of a larger corpus that many are, and each other story is
    placed among its five nearest.
    """
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    rows = choose_rows(len(points), MAX_LAYOUT, random_state)
    anchors = points[rows]
    start = PCA(2, svd_solver="full").fit_transform(anchors)
    placed = TSNE(
        2,
        init=start / max(float(np.std(start[:, 0])), 1e-9) * 1e-4,
        perplexity=max(2.0, min(30.0, (len(anchors) - 1) / 4)),
        random_state=random_state,
        max_iter=500,  # half of the usual: the map hardly moves after them
        method="exact" if len(anchors) <= 60 else "barnes_hut",
    ).fit_transform(anchors)
    if len(rows) < len(points):
        placed = place_among(points, anchors, placed)
    placed = placed - placed.mean(axis=0)
    return np.asarray(np.round(placed / max(float(np.abs(placed).max()), 1e-9), 4))


def place_among(points: Array, anchors: Array, places: Array) -> Array:
    """Return a place for each point: the mean of those of its five nearest anchors, weighed by nearness; shape (n_points, 2)."""
    from sklearn.neighbors import NearestNeighbors

    distances, nearest = NearestNeighbors(n_neighbors=5).fit(anchors).kneighbors(points)
    weights = 1 / (distances + 1e-6)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray((places[nearest] * weights[:, :, None]).sum(axis=1))


def choose_rows(n: int, most: int, random_state: int) -> Array:
    """Return all row numbers, or a fixed sample of them in order when there are more than `most`."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, size=most, replace=False))
