"""What tellers said about their own story: triads, lines and choices, as they placed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.bars import bar_key, bars, bars_outside
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.dots import N_PLACES, dot_size, dots, in_dots, many, spread, strips
from wijkanalyse.figures.drawing import Panels, columns
from wijkanalyse.figures.readings import CHOICE, LINE, TRIAD, Question, in_order, read_question, told_by
from wijkanalyse.figures.template import EDGE, FONT_SIZES, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.template import LINE as LINE_HEIGHT
from wijkanalyse.figures.triangle import HIGH, in_triangle, triangle
from wijkanalyse.figures.words import Words, broken, describe, stories, tellers

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus

STRIP, TRIANGLE = 56, 130  # pixels: height of a line, and least width of a triangle
SMALL = FONT_SIZES["note"]
TOLD = "Vertellers duidden hun verhaal zelf; de computer deed dat niet."
HOW = {
    TRIAD: "Een stip is een verhaal, op de plek die de verteller koos: hoe dichter bij een hoek, hoe meer het daarom ging. "
    "Grijs: waar veel stippen liggen, per driehoek. Verhalen op één plek liggen in een kring.",
    LINE: "Een stip is een verhaal, op de plek die de verteller koos. Verhalen op één plek zijn gestapeld; de hoogte vergelijk "
    "je alleen binnen een lijn.",
    CHOICE: "Een staaf: welk deel van de verhalen met een antwoord dit antwoord kreeg. Eén verhaal kan meer antwoorden hebben.",
}


def plot_signification(
    corpus: Corpus, themes: Any = None, *, question: str | None = None, group: str | None = None
) -> go.Figure:
    """Draw the answers that tellers gave about their own story.

    Parameters
    ----------
    corpus : Corpus
    themes : Themes, optional
        To draw by theme.
    question : str, optional
        Title of a question, or name or label of its column; default the first.
    group : str, optional
        Column to draw by; default the theme when there are themes, else the perspective.

    Returns
    -------
    plotly.graph_objects.Figure
        A panel per group, by the alphabet. Triads, dyads and scales: a dot opens its story. Choices: a bar opens its stories.

    Raises
    ------
    InputError
        When there is no such question or column.

    Notes
    -----
    A place says what a teller meant by it, not how well something went. Outside, answers are counted by zone: of a triad a corner from 60%, a
    side where two parts are at least 20% and the third is not, and otherwise all three, as SenseMaker divides them; of a line five.
    """
    asked = read_question(corpus, question)
    by, groups = told_by(corpus, themes, group)
    answers = asked.answers.rename(columns={"answer": "antwoord"})
    answers = answers.assign(groep=answers["narrative_id"].map(groups))
    points = corpus.frame[["narrative_id", "title"]].join(asked.places, on="narrative_id", how="inner")
    points = points.assign(groep=points["narrative_id"].map(groups))
    if asked.kind == TRIAD:
        x, y = in_triangle(points[list(asked.places)]).T
        points = points.assign(x=x, y=y)
    if asked.kind != CHOICE:
        points = in_dots(points, "groep", ["x", "y"] if asked.kind == TRIAD else ["at"])
    n, with_answer = groups.value_counts(), points["groep"].value_counts()
    quiet = {
        name: stories(n[name]) if with_answer[name] == n[name] else f"{number(with_answer[name])} van {number(n[name])}"
        for name in in_order(points["groep"])
    }  # fmt: skip

    def draw(width: float) -> go.Figure:
        if asked.kind == CHOICE:
            return _choices(asked, answers, quiet, width)
        rows = [(name, quiet[name], points[points["groep"] == name]) for name in quiet]
        if asked.kind == TRIAD:
            return _triangles(asked, rows, len(points), width)
        ticks = asked.order if asked.has_steps else line_ticks(asked.labels)
        n_places = len(asked.order) if asked.has_steps else N_PLACES
        return strips(rows, ticks, width=width, height=STRIP, n_places=n_places)

    if asked.kind == CHOICE:
        members = opens((map(bar_key, answers["groep"], answers["antwoord"]), answers))
    else:
        members = opens((points["mark"], points))
    counts = f"hoeveel vertellers dit antwoord gaven{f', per {by}' if by else ''}"
    return shown(
        Behind(
            kind="signification", corpus=corpus, words=_words(corpus, asked, f" Per {by}." if by else ""), order=asked.order,
            members=members, counted=answers[["narrative_id", *(["groep"] if by else []), "antwoord"]],
            draw=draw, nothing=f"Niemand gaf antwoord op ‘{asked.title}’.",
            outside=bars_outside(
                corpus, title=f"{asked.title}: wat vertellers antwoordden", counts=counts, how=TOLD, first=asked.order
            ),
        )
    )  # fmt: skip


def line_ticks(ends: tuple[str, ...]) -> list[str]:
    """Return what stands below the ends of a line."""
    return [f"◂ {ends[0]}", f"{ends[1]} ▸"]


def _triangles(asked: Question, rows: list[tuple[str, str, pd.DataFrame]], n: int, width: float) -> go.Figure:
    wide = columns(len(rows), width - 2 * EDGE, TRIANGLE)[1]
    shares_of_width = (0.48, 0.48, 0.9)
    lines = [
        broken(label, part * wide, SMALL) for label, part in zip(asked.labels, shares_of_width, strict=True)
    ]
    below, above = (max(map(len, some)) * SMALL * LINE_HEIGHT + 8 for some in (lines[:2], lines[2:]))
    side = wide * 0.94
    headings = [(name, quiet) for name, quiet, _ in rows]
    panels = Panels(headings, width=width, left=0, height=side * HIGH + below + above, narrowest=TRIANGLE)
    size, gap = dot_size(n, width) * 0.8, 6 / side
    ends = [(-0.03, -gap, "left", "top"), (1.03, -gap, "right", "top"), (0.5, HIGH + gap, "center", "bottom")]
    for panel, (name, _, told) in enumerate(rows):
        panels.add(panel, *triangle(told[["x", "y"]].to_numpy()))
        told = told.drop_duplicates("mark")
        xy = spread(told[["x", "y"]].to_numpy(), size * 0.8 / side, 0.03)
        # Among thousands a dot lets through how many lie beneath.
        opacity = float(np.interp(len(told), [500, 5_000], [1, 0.2]))
        drawn = dots(told, xy, size=size, colour=THEME_COLOURS[0], name=name)
        panels.add(panel, drawn.update(marker_opacity=opacity))
        for text, (x, y, xanchor, yanchor) in zip(lines, ends, strict=True):
            panels.write(panel, x, y, text, size=SMALL, colour=QUIET, xanchor=xanchor, yanchor=yanchor)
    across = {"range": [-0.03, 1.03], "visible": False}
    return panels.figure(x=across, y={"range": [-below / side, HIGH + above / side], "visible": False})


def _choices(asked: Question, answers: pd.DataFrame, quiet: dict[str, str], width: float) -> go.Figure:
    import pandas as pd

    counts = pd.crosstab(answers["groep"], answers["antwoord"])
    counts = counts.reindex(index=list(quiet), columns=list(asked.order), fill_value=0)
    shares = counts.div(answers.groupby("groep")["narrative_id"].nunique(), axis=0).loc[list(quiet)]
    texts = shares.map(lambda share: f"{number(100 * share)}%") + counts.map(lambda k: f" ({number(k)})")
    return bars(shares, quiet, width=width, texts=texts)


def _words(corpus: Corpus, asked: Question, per: str) -> Words:
    n, counts = len(asked.places), asked.answers["answer"].value_counts().reindex(asked.order, fill_value=0)
    n_tellers = corpus.frame.loc[corpus.frame["narrative_id"].isin(asked.places.index), "teller_id"].nunique()
    told = f"{stories(n)} van {tellers(n_tellers)} met een antwoord; {stories(len(corpus) - n)} zonder."
    if asked.has_steps:
        told += f" {asked.order[0]} is {asked.labels[0]}, {asked.order[-1]} is {asked.labels[1]}."
    shape = {TRIAD: "Driehoeken tussen", LINE: "Lijnen van", CHOICE: "Staven met"}[asked.kind]
    most = f"{number(counts.max())} van de {stories(n)} ‘{counts.idxmax()}’" if n else "geen antwoorden"
    answered = [f"{answer}: {number(k)}." for answer, k in counts.items()]
    return describe(
        corpus, title=f"{asked.title}: {most}", subtitle=told + per,
        how=f"{TOLD} {HOW[asked.kind]}{many(n) if asked.kind != CHOICE else ''}",
        alt=[f"{asked.title}. {told}{per}", *answered, f"{shape} {', '.join(asked.labels)}."],
    )  # fmt: skip
