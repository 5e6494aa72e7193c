"""Several ways to look at the same stories, and one partition per way.

A view is a spectral embedding of a graph of nearest neighbours, or LSA. KMeans on a view gives a partition; moving each story
to the theme whose other stories share its words most mends it. What one view shows and another does not is no theme:
`consensus` puts them together. Everything works on a table of similarities, from words or from a model's vectors.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.parallel import each
from wijkanalyse.themes.engine import Array

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Kind of view, neighbours, and the power of the eigenvalues: graphs of several reaches, and LSA (benchmarks/RESULTS.md).
VIEWS = (
    ("graph", 15, 3),
    ("graph", 10, 1),
    ("lsa", 0, 0.5),
    ("graph", 25, 3),
    ("graph", 15, 1),
    ("graph", 10, 3),
)
REGULARISATION = 0.01  # of the mean degree, spread over all pairs: small loose components then matter less
MAX_DENSE = 500  # stories up to which all eigenvectors at once are faster than a few by iteration
View = Callable[[int], Array]


def similarities(matrix: csr_matrix | Array) -> Array:
    """Return all cosines with 0 on the diagonal, float32, shape (n_narratives, n_narratives)."""
    dense = np.empty((matrix.shape[0], matrix.shape[0]), dtype=np.float32)
    for start in range(0, len(dense), 1_000):
        part = matrix[start : start + 1_000] @ matrix.T
        dense[start : start + 1_000] = part if isinstance(part, np.ndarray) else part.toarray()
    np.fill_diagonal(dense, 0)
    return np.maximum(dense, 0)


def neighbour_graph(similarity: Array, n_neighbours: int) -> csr_matrix:
    """Return the symmetric graph of each row's nearest neighbours, weighted by cosine."""
    from scipy.sparse import csr_matrix

    n, m = len(similarity), max(2, min(n_neighbours, len(similarity) // 4))
    nearest = np.argpartition(-similarity, m - 1, axis=1)[:, :m]
    weights = np.take_along_axis(similarity, nearest, 1).ravel().astype(float)
    graph = csr_matrix((weights, (np.repeat(np.arange(n), m), nearest.ravel())), shape=(n, n))
    graph.eliminate_zeros()
    return graph.maximum(graph.T)


def make_view(similarity: Array, kind: tuple[str, int, float], most: int, seed: int) -> View:
    """Return a function from a number of themes (at most `most`) to coordinates; the costly part is done once."""
    from sklearn.preprocessing import normalize

    name, n_neighbours, power = kind
    if name == "lsa":  # the left singular vectors of TF-IDF are the eigenvectors of its similarities
        product, least = (lambda v: similarity @ v.astype(np.float32) + v), 10
    else:
        product, least = _normalised(neighbour_graph(similarity, n_neighbours)), 20
    values, vectors = _largest(product, len(similarity), max(least, 2 * most), seed)
    return lambda k: np.asarray(normalize((vectors * values**power)[:, : max(least, 2 * k)]))


def _normalised(graph: csr_matrix) -> Callable[[Array], Array]:
    """Return the product with the graph, normalised by degree.

    Regularised spectral clustering: Qin & Rohe 2013, arXiv 1309.4111.
    """
    degree = np.asarray(graph.sum(axis=1))
    tau = max(REGULARISATION * float(degree.mean()), 1e-9)
    scale = 1 / np.sqrt(degree + tau)
    return lambda v: np.asarray(scale * (graph @ (scale * v) + tau / len(scale) * (scale * v).sum(axis=0)))


def _largest(product: Callable[[Array], Array], n: int, n_dimensions: int, seed: int) -> tuple[Array, Array]:
    """Return the largest eigenvalues (not under 0) and vectors of a symmetric operator."""
    from scipy.linalg import eigh
    from scipy.sparse.linalg import LinearOperator, eigsh

    n_dimensions = max(1, min(n_dimensions, n - 2))
    if n <= MAX_DENSE:
        values, vectors = eigh(product(np.eye(n)), subset_by_index=(n - n_dimensions, n - 1))
    else:
        start = np.random.default_rng(seed).uniform(-1, 1, n)  # its own default start is not seeded
        operator = LinearOperator((n, n), matvec=lambda v: product(v.reshape(-1, 1)), dtype=float)
        values, vectors = eigsh(operator, k=n_dimensions, which="LA", v0=start, tol=1e-4)
    order = np.argsort(-values)
    return np.maximum(values[order], 0), vectors[:, order]


def partition(similarity: Array, view: View, k: int, seed: int, n_rounds: int = 10) -> Array:
    """Return one partition: KMeans on a view, then mended on the words; shape (n_narratives,)."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    k = max(2, min(k, len(similarity) // 2))
    with warnings.catch_warnings():
        # Fewer places than themes: then there are fewer themes.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return mend(similarity, KMeans(k, n_init=2, random_state=seed).fit_predict(view(k)), n_rounds)


def rounds(function: Callable[..., Any], *items: Sequence[Any], n_jobs: int) -> Iterator[Any]:
    """Yield what each round gives, in order. The filter of `partition` is set for all threads at once: each alone would undo it."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield from each(function, *items, n_jobs=n_jobs, threads=True)


def mend(similarity: Array, labels: Array, n_rounds: int) -> Array:
    """Move each story to the theme whose *other* stories resemble it most (spherical k-means, itself left out)."""
    for _ in range(n_rounds):
        labels = np.unique(labels, return_inverse=True)[1]
        members = (labels[:, None] == np.arange(labels.max() + 1)).astype(np.float32)
        cosines = _left_out(similarity @ members, labels)
        old, labels = labels, np.where(cosines.max(axis=1) > 0, cosines.argmax(axis=1), labels)
        if np.mean(old == labels) > 0.999:
            break
    return np.unique(labels, return_inverse=True)[1]


def _left_out(dots: Array, labels: Array) -> Array:
    """Return cosines of stories with theme sums, from `dots`: similarities summed over the *other* stories."""
    rows = np.arange(len(labels))
    own, k = dots[rows, labels], dots.shape[1]
    size = np.bincount(labels, minlength=k)
    norms = np.bincount(labels, weights=own, minlength=k) + size
    cosines = dots / np.sqrt(np.maximum(norms, 1e-9))
    rest = np.sqrt(np.maximum(norms[labels] - 2 * own - 1, 1e-9))
    cosines[rows, labels] = np.where(size[labels] > 1, own / rest, 0)
    return np.asarray(cosines)


def resemblance(matrix: csr_matrix | Array, labels: Array) -> Array:
    """Return cosines between stories and themes, a story left out of its own; shape (n_narratives, n_themes).

    Label −1 belongs to no theme. A story without words resembles nothing: its row is 0.
    """
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(labels >= 0)
    shape = (int(labels.max()) + 1, len(labels))
    members = csr_matrix((np.ones(len(inside)), (labels[inside], inside)), shape=shape)
    sums: Any = members @ matrix
    sums = sums if isinstance(sums, np.ndarray) else sums.toarray()
    dots = np.asarray(matrix @ sums.T)
    cosines = dots / np.sqrt(np.maximum((sums**2).sum(axis=1), 1e-9))
    dots[inside, labels[inside]] -= 1
    cosines[inside] = _left_out(dots[inside], labels[inside])
    filled = (matrix != 0).any(axis=1) if isinstance(matrix, np.ndarray) else matrix.getnnz(axis=1) > 0
    return np.asarray(np.maximum(cosines, 0) * filled[:, None])
