"""How near each story lies to the codes of a scheme, by the words it uses; transparent, and no coding.

This is the scheme's lens beside the machine's themes. What lies outside the frame stays visible: every
story keeps a part `buiten het kader`, the larger the fewer of its words the scheme knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.coding.terms import matching, words_of

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

OUTSIDE = "buiten het kader"
# As much as this many different words of the scheme weigh against "outside the frame".
OUTSIDE_WORDS = 2.0


def nearness(ids: Sequence[str], documents: Sequence[list[str]], scheme: Scheme) -> pd.DataFrame:
    """Return the nearness of every story to every top code of a scheme.

    Parameters
    ----------
    ids : sequence of str
    documents : sequence of list of str
        Content lemmas of each story.
    scheme : Scheme

    Returns
    -------
    pandas.DataFrame
        One row per story and code (and one for `buiten het kader`): narrative_id, code, nearness, words.
        Nearness sums to 1 over the codes of a story: the share of its weighted matched words, in which two
        unmatched "outside" words always count. Rare words weigh more: log((1 + n) / (1 + n with the word)) + 1.
        `words` are the matched lemmas.
    """
    import pandas as pd

    vocabulary = sorted({word for document in documents for word in document})
    n = len(documents)
    frequency = dict.fromkeys(vocabulary, 0)
    for document in documents:
        for word in set(document):
            frequency[word] += 1
    weight = {word: float(np.log((1 + n) / (1 + count)) + 1) for word, count in frequency.items()}
    typical = float(np.median(list(weight.values()))) if weight else 1.0
    known = {code.code: matching(vocabulary, words_of(scheme, code.code)) for code in scheme.top()}
    rows = []
    for narrative_id, document in zip(ids, documents, strict=True):
        words = {code: sorted(set(document) & terms) for code, terms in known.items()}
        scores = {code: sum(weight[word] for word in found) for code, found in words.items()}
        total = sum(scores.values()) + OUTSIDE_WORDS * typical
        rows += [(narrative_id, code, scores[code] / total, ", ".join(words[code])) for code in known]
        rows.append((narrative_id, OUTSIDE, OUTSIDE_WORDS * typical / total, ""))
    return pd.DataFrame(rows, columns=["narrative_id", "code", "nearness", "words"])


def theme_profiles(near: pd.DataFrame, assignments: pd.DataFrame) -> pd.DataFrame:
    """Return every theme's mean nearness to the codes: theme_id, code, share (sums to 1 within a theme)."""
    joined = near.merge(assignments[["narrative_id", "theme_id"]], on="narrative_id")
    profile = (
        joined.groupby(["theme_id", "code"], sort=False)["nearness"].mean().rename("share").reset_index()
    )
    order = {code: position for position, code in enumerate(near["code"].unique())}
    return profile.sort_values(
        ["theme_id", "code"],
        key=lambda column: column.map(order) if column.name == "code" else column,
        ignore_index=True,
    )
