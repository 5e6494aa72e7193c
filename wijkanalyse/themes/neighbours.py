"""Stories that resemble a story, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.errors import ThemeError

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.themes.frames import Ground

N_WORDS = 6  #: as many as can be read at a glance


def neighbours(ground: Ground, narrative_id: str, n: int) -> pd.DataFrame:
    """See `Themes.neighbours`."""
    import pandas as pd

    frame, rows = ground.corpus.frame, np.flatnonzero(ground.usable)
    at = np.flatnonzero(frame["narrative_id"] == narrative_id)
    if not len(at):
        raise ThemeError.one(
            what="Dit verhaal bestaat niet in dit corpus.", where="themes.neighbours", expected="een nummer uit themes.assignments",
            now="Kies een bestaand nummer.",
        )  # fmt: skip
    place = np.flatnonzero(rows == ground.copies[at[0]])
    found = []
    if len(place):
        matrix, (counts, names) = ground.vectors.matrix, ground.counted
        products = matrix @ matrix[place].T
        likeness = np.asarray(products if isinstance(products, np.ndarray) else products.toarray()).ravel()
        likeness[place] = 0
        best = np.argsort(-likeness, kind="stable")[:n]
        # A binary matrix: the sum of a column tells in how many stories the word is.
        frequency, own = np.asarray(counts.sum(axis=0)).ravel(), set(counts[place[0]].indices)
        for other in best[likeness[best] > 0]:
            shared = sorted(own & set(counts[other].indices), key=lambda word: (frequency[word], names[word]))
            told = frame.iloc[rows[other]]
            words = ", ".join(names[word] for word in shared[:N_WORDS])
            found.append((told["narrative_id"], told["title"], words))
    return pd.DataFrame(found, columns=["narrative_id", "title", "words"])
