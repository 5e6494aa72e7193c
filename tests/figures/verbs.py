"""All plot verbs, each with the material it wants: the tests walk this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, Role
from wijkanalyse.themes.nearness import nearness


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


def with_columns(corpus: Corpus, *specs: ColumnSpec, **values: list[Any]) -> Corpus:
    """Return a corpus with more columns; values follow the narrative ids."""
    return replace(corpus, frame=corpus.frame.assign(**values), columns=(*corpus.columns, *specs))


def with_scheme(themes: Any) -> Any:
    """Return themes beside the opgaven."""
    scheme = wa.load_scheme("opgaven")
    near = nearness(list(themes.corpus.frame["narrative_id"]), themes.ground.documents, scheme)
    return replace(themes, nearness=near, ground=replace(themes.ground, scheme=scheme))


def with_months(themes: Any) -> Any:
    """Return themes of stories told in four months of which the third is silent, unless they have months of their own."""
    if "month" in themes.corpus.frame:
        return themes
    months = [("2025-01", "2025-02", "2025-04")[row // 2 % 3] for row in range(len(themes.corpus))]
    spec = ColumnSpec(name="month", label="Maand", role=Role.TIME)
    return replace(
        themes, ground=replace(themes.ground, corpus=with_columns(themes.corpus, spec, month=months))
    )


def with_triad(corpus: Corpus) -> Corpus:
    """Return a corpus whose tellers placed their story in a triangle; every ninth did not."""
    parts = [(0.1 * (row % 5), 0.1 * (row % 4)) if row % 9 else (None, None) for row in range(len(corpus))]
    values = {
        "mensen": [a for a, _ in parts],
        "regels": [b for _, b in parts],
        "toeval": [None if a is None else 1 - a - b for a, b in parts],
    }
    specs = [
        ColumnSpec(name=name, label=name, role=Role.SIGNIFICATION, dtype="float", group="Wat gaf de doorslag")
        for name in values
    ]
    return with_columns(corpus, *specs, **values)


def coded(corpus: Corpus) -> pd.DataFrame:
    """Return codings: of every four stories one has the first pole, one both, one another code, one none."""
    rows = []
    for row, narrative_id in enumerate(corpus.frame["narrative_id"]):
        codes = (["nabijheid"], ["nabijheid", "zelf doen"], ["geld"], [])[row % 4]
        rows += [(narrative_id, "A", code, 0.0, 5.0, "") for code in codes]
    return pd.DataFrame(rows, columns=["narrative_id", "coder", "code", "start", "end", "quote"])


#: Verb → how it is called on themes (a `Themes`, or what looks like one).
VERBS: dict[str, Callable[[Any], Any]] = {
    "plot_co_occurrence": lambda themes: wa.plot_co_occurrence(codings(themes), themes.corpus),
    "plot_contrast": lambda themes: wa.plot_contrast(halves(themes), "half", "eerste", "tweede"),
    "plot_firmness": wa.plot_firmness,
    "plot_opgaven": lambda themes: wa.plot_opgaven(with_scheme(themes)),
    "plot_over_time": lambda themes: wa.plot_over_time(with_months(themes)),
    "plot_signification": lambda themes: wa.plot_signification(with_triad(themes.corpus)),
    "plot_tension": lambda themes: wa.plot_tension(
        themes.corpus, coded(themes.corpus), poles=("nabijheid", "zelf doen")
    ),
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
