"""A first, readable name for a theme; people give a better one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.themes.fields import word_fields

if TYPE_CHECKING:
    from wijkanalyse.themes.engine import Array, Vectors

# A field names a theme when half of its stories touch it, and twice as often as the other stories do.
MIN_SHARE, MIN_LIFT, MAX_FIELDS = 0.5, 2.0, 2


def name_themes(vectors: Vectors, labels: Array, terms: Sequence[Sequence[str]]) -> list[str]:
    """Return a name per theme: of the word fields that mark it, else of its strongest terms.

    Parameters
    ----------
    vectors : Vectors
    labels : ndarray of int, shape (n_narratives,)
    terms : sequence of sequence of str
        Strongest terms of every theme.

    Returns
    -------
    list of str
        All different: where two themes would get one name, their first own term is put behind it.
    """
    names = [
        name_from_fields(vectors, labels == theme) or label_from(words) for theme, words in enumerate(terms)
    ]
    count = Counter(names)
    return [
        f"{name} ({words[0]})" if count[name] > 1 and words else name
        for name, words in zip(names, terms, strict=True)
    ]


def name_from_fields(vectors: Vectors, members: Array) -> str:
    """Return the names of one or two fields that mark a theme, or an empty string."""
    touched = (vectors.fields > 0).astype(float)
    inside = np.asarray(touched[members].mean(axis=0)).ravel()
    outside = (
        np.asarray(touched[~members].mean(axis=0)).ravel() if (~members).any() else np.zeros_like(inside)
    )
    lift = inside / np.maximum(outside, 1 / len(members))
    marking = list(np.flatnonzero((inside >= MIN_SHARE) & (lift >= MIN_LIFT)))
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
    text = chosen[0] if len(chosen) == 1 else ", ".join(chosen[:-1]) + " en " + chosen[-1]
    return text[0].upper() + text[1:]
