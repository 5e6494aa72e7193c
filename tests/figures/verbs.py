"""All plot verbs, each with the material it wants: the tests walk this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, Role


def codings(themes: Any) -> pd.DataFrame:
    """Return codings by the words of a story, the same whatever the order of the rows: some have two codes, some none."""
    words = {
        "geld": "schuld|rekening",
        "leren": "school|toets",
        "zorg": "medicijn|huis",
        "post": "aanmaning|diploma",
    }
    frame = themes.corpus.frame
    found = [
        frame.loc[frame["text"].str.contains(word), ["narrative_id"]].assign(code=code)
        for code, word in words.items()
    ]
    return pd.concat(found).assign(coder="A", start=0, end=4, quote="")


def halves(themes: Any) -> Corpus:
    """Return the corpus with a column that cuts it in two, and not along subject or perspective."""
    corpus = themes.corpus
    half = ["eerste" if int(name[1:]) % 4 < 2 else "tweede" for name in corpus.frame["narrative_id"]]
    spec = ColumnSpec(name="half", label="Helft", role=Role.CONTEXT)
    return replace(corpus, frame=corpus.frame.assign(half=half), columns=(*corpus.columns, spec))


#: Verb → how it is called on themes (a `Themes`, or what looks like one).
VERBS: dict[str, Callable[[Any], Any]] = {
    "plot_co_occurrence": lambda themes: wa.plot_co_occurrence(codings(themes), themes.corpus),
    "plot_contrast": lambda themes: wa.plot_contrast(halves(themes), "half", "eerste", "tweede"),
    "plot_theme_map": wa.plot_theme_map,
    "plot_voices": wa.plot_voices,
    "plot_three_layers": lambda themes: wa.plot_three_layers(
        themes.corpus,
        teller="perspective",
        coder=codings(themes),
        machine=themes.assignments,
        topics=themes.topics,
    ),
}
