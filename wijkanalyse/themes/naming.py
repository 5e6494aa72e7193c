"""A first, readable name for a theme; people give a better one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.language import listing
from wijkanalyse.themes.fields import word_fields

if TYPE_CHECKING:
    from wijkanalyse.themes.engine import Array, Vectors

# A field names a theme when most of its stories touch it, much more often than the other stories do. A name
# says more than a list of words, so for a theme that hardly returns it takes more.
MIN_SHARE, MIN_LIFT, MAX_FIELDS = 0.5, 2.0, 2
MIN_SHARE_LOOSE, MIN_LIFT_LOOSE = 0.65, 2.5


def name_themes(
    vectors: Vectors, labels: Array, terms: Sequence[Sequence[str]], firm: Sequence[bool]
) -> list[str]:
    """Return a name per theme: of the word fields that mark it, else of its strongest terms.

    Parameters
    ----------
    vectors : Vectors
    labels : ndarray of int, shape (n_narratives,)
    terms : sequence of sequence of str
        Strongest terms of every theme.
    firm : sequence of bool
        Whether each theme returns well enough to carry the name of a subject.

    Returns
    -------
    list of str
        All different: where two themes would get one name, their first own term is put behind it.
    """
    names = [
        name_from_fields(vectors, labels == theme, firm[theme]) or label_from(words)
        for theme, words in enumerate(terms)
    ]
    count = Counter(names)
    return [
        f"{name} ({words[0]})" if count[name] > 1 and words else name
        for name, words in zip(names, terms, strict=True)
    ]


def name_from_fields(vectors: Vectors, members: Array, firm: bool) -> str:
    """Return the names of one or two fields that mark a theme, or an empty string."""
    share, least_lift = (MIN_SHARE, MIN_LIFT) if firm else (MIN_SHARE_LOOSE, MIN_LIFT_LOOSE)
    touched = (vectors.fields > 0).astype(float)
    inside = np.asarray(touched[members].mean(axis=0)).ravel()
    outside = (
        np.asarray(touched[~members].mean(axis=0)).ravel() if (~members).any() else np.zeros_like(inside)
    )
    lift = inside / np.maximum(outside, 1 / len(members))
    marking = list(np.flatnonzero((inside >= share) & (lift >= least_lift)))
    marking.sort(key=lambda i: (-(inside[i] - outside[i]), i))
    full = {field.key: field.name for field in word_fields()}
    chosen = [full[vectors.field_keys[i]] for i in marking[:MAX_FIELDS]]
    return " / ".join(chosen)


def label_from(words: Sequence[str]) -> str:
    """Return a first, readable label: three terms that are not forms of one another."""
    chosen: list[str] = []
    for word in words:
        if all(word not in other and other not in word for other in chosen):
            chosen.append(word)
        if len(chosen) == 3:
            break
    if not chosen:
        return "Zonder eigen woorden"
    text = listing(chosen)
    return text[0].upper() + text[1:]
