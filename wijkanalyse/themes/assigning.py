"""Stories that took no part in finding the themes, each laid beside them: the same outcome whatever stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.language import content_lemmas, other_language
from wijkanalyse.themes.clustering import NOWHERE
from wijkanalyse.themes.engine import Array, Columns, vectorise
from wijkanalyse.themes.frames import MIN_LEMMAS

if TYPE_CHECKING:
    from wijkanalyse.themes.result import Themes


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Assigner:
    """What is needed to lay a story beside themes: no story is in it."""

    columns: Columns
    centroids: Array  #: unit rows, shape (n_themes, n_columns)
    theme_ids: Array
    labels: Mapping[int, str]  #: Dutch names
    dutch_only: bool  #: whether stories in another language were set apart

    @classmethod
    def learn(cls, themes: Themes) -> Assigner:
        """Return the centroids of themes that were found in words, without a language model."""
        from scipy.sparse import csr_matrix

        ground, ids = themes.ground, themes.division.ids
        labels = themes.division.compact(ground.usable)
        inside = np.flatnonzero(labels >= 0)
        members = csr_matrix((np.ones(len(inside)), (labels[inside], inside)), shape=(len(ids), len(labels)))
        sums = (members @ ground.vectors.matrix).toarray()
        names = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
        return cls(
            columns=ground.vectors.columns,
            centroids=sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12),
            theme_ids=np.array(ids, dtype=np.int64),
            labels={theme: names[theme] for theme in ids},
            dutch_only=not ground.settings["other_languages"]
            or any("Nederlands" in why for why in ground.reasons),
        )

    def assign(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Return for each masked story its theme, −1 for none, and the share of it in the resemblance to all themes.

        Returns
        -------
        theme_ids : ndarray of int, shape (n_texts,)
        weights : ndarray, shape (n_texts,)
            0 to 1, as `Themes.assignments` has it.
        """
        documents = [content_lemmas(text) for text in texts]
        vectors = vectorise(documents, self.columns)
        cosines = np.maximum(vectors.matrix @ self.centroids.T, 0)
        best = cosines.argmax(axis=1)
        fits = vectors.linked & (cosines.max(axis=1) > 1e-6)
        fits &= np.array([len(document) >= MIN_LEMMAS for document in documents], dtype=bool)
        if self.dutch_only:
            fits &= np.array([not other_language(text) for text in texts], dtype=bool)
        share = cosines.max(axis=1) / np.maximum(cosines.sum(axis=1), 1e-12)
        return np.where(fits, self.theme_ids[best], NOWHERE), np.where(fits, np.round(share, 6), 0.0)
