"""What tellers said about their own story: triads, lines and choices, as they placed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.figures.answers import CHOICE, LINE, TRIAD, Question, group_order, read_question, told_by
from wijkanalyse.figures.bars import bar_key, bars, bars_outside, stories
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.dots import N_PLACES, Strip, dot_size, dots, spread, strips
from wijkanalyse.figures.panels import columns, panels
from wijkanalyse.figures.template import EDGE, FONT_SIZES, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.template import LINE as LINE_HEIGHT
from wijkanalyse.figures.triangle import HIGH, in_triangle, triangle
from wijkanalyse.figures.words import Words, alt_text, broken, empty, method_note

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus

STRIP, TRIANGLE = 56, 130  # pixels: height of a line, and least width of a triangle
TOLD = "Vertellers duidden hun verhaal zelf; de computer deed dat niet."
HOW = {
    TRIAD: "Een stip is een verhaal, op de plek die de verteller koos: hoe dichter bij een hoek, hoe meer het daarom ging. Grijs: waar veel stippen "
    "liggen, per driehoek. Verhalen op één plek liggen in een kring.",
    LINE: "Een stip is een verhaal, op de plek die de verteller koos. Verhalen op één plek zijn gestapeld; de hoogte vergelijk je alleen binnen een lijn.",
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
    counted = asked.answers.rename(columns={"answer": "antwoord"}).assign(
        groep=asked.answers["narrative_id"].map(groups)
    )
    marks = (
        map(bar_key, counted["groep"], counted["antwoord"])
        if asked.kind == CHOICE
        else counted["narrative_id"]
    )
    per = f" Per {by}." if by else ""
    return shown(
        Behind(
            kind="signification", corpus=corpus, words=_words(corpus, asked, per), order=asked.order,
            members=counted[["narrative_id"]].assign(mark=list(marks))[["mark", "narrative_id"]],
            counted=counted[["narrative_id", "groep", "antwoord"] if by else ["narrative_id", "antwoord"]],
            draw=lambda width: _drawn(corpus, asked, groups, width),
            outside=bars_outside(
                corpus, title=f"{asked.title}: wat vertellers antwoordden", counts=f"hoeveel vertellers dit antwoord gaven{f', per {by}' if by else ''}",
                how=TOLD, first=asked.order,
            ),
        )
    )  # fmt: skip


def _drawn(corpus: Corpus, asked: Question, groups: pd.Series, width: float) -> go.Figure:
    if asked.answers.empty:
        return empty(f"Niemand gaf antwoord op ‘{asked.title}’.", width)
    answered = corpus.frame[["narrative_id", "title"]].merge(
        asked.places, left_on="narrative_id", right_index=True
    )
    own = answered["narrative_id"].map(groups)
    parts = {name: answered[own == name] for name in group_order(own)}
    n = groups.value_counts()
    quiet = {
        name: stories(len(part)) if len(part) == n[name] else f"{number(len(part))} van {number(n[name])}"
        for name, part in parts.items()
    }
    if asked.kind == TRIAD:
        return _triangles(asked, parts, quiet, width)
    if asked.kind == CHOICE:
        return _choices(asked, groups, quiet, width)
    rows = [Strip(name=name, quiet=quiet[name], told=part) for name, part in parts.items()]
    ticks, n_places = (
        (asked.order, len(asked.order)) if asked.has_steps else (line_ticks(asked.labels), N_PLACES)
    )
    return strips(rows, ticks, width=width, height=STRIP, n_places=n_places)[0]


def line_ticks(ends: tuple[str, ...]) -> list[str]:
    """Return what stands below the ends of a line."""
    return [f"◂ {ends[0]}", f"{ends[1]} ▸"]


def _triangles(
    asked: Question, parts: dict[str, pd.DataFrame], quiet: dict[str, str], width: float
) -> go.Figure:
    wide, small = columns(len(parts), width - 2 * EDGE, TRIANGLE)[1], FONT_SIZES["note"]
    lines = [
        broken(label, share * wide, small)
        for label, share in zip(asked.labels, (0.48, 0.48, 0.9), strict=True)
    ]
    below, above = (max(map(len, some)) * small * LINE_HEIGHT + 8 for some in (lines[:2], lines[2:]))
    side = wide * 0.94
    figure, places = panels(
        list(quiet.items()), width=width, left=0, height=side * HIGH + below + above, narrowest=TRIANGLE
    )
    n = sum(map(len, parts.values()))
    size, gap = dot_size(n, width) * 0.8, 6 / side
    ends = [(-0.03, -gap, "left", "top"), (1.03, -gap, "right", "top"), (0.5, HIGH + gap, "center", "bottom")]
    for (name, part), place in zip(parts.items(), places, strict=True):
        xy = in_triangle(part[list(asked.places)])
        figure.add_traces(triangle(xy), rows=place["row"], cols=place["col"])
        xy = spread(xy, size * 0.8 / side, 0.03)
        figure.add_trace(dots(part, xy, size=size, n=n, colour=THEME_COLOURS[0], name=name), **place)
        # Among thousands a dot lets through how many lie beneath.
        figure.data[-1].marker.opacity = float(np.interp(len(part), [500, 5_000], [1, 0.2]))
        for text, (x, y, xanchor, yanchor) in zip(lines, ends, strict=True):
            figure.add_annotation(
                x=x, y=y, xanchor=xanchor, yanchor=yanchor, align=xanchor, text="<br>".join(text), showarrow=False, borderpad=0,
                font={"size": small, "color": QUIET}, **place,
            )  # fmt: skip
    figure.update_xaxes(range=[-0.03, 1.03], visible=False)
    figure.update_yaxes(range=[-below / side, HIGH + above / side], visible=False)
    return figure


def _choices(asked: Question, groups: pd.Series, quiet: dict[str, str], width: float) -> go.Figure:
    import pandas as pd

    own = asked.answers["narrative_id"].map(groups)
    counts = pd.crosstab(own, asked.answers["answer"]).reindex(
        index=list(quiet), columns=list(asked.order), fill_value=0
    )
    shares = counts.div(asked.answers.groupby(own)["narrative_id"].nunique(), axis=0).loc[list(quiet)]
    texts = shares.map(lambda share: f"{number(100 * share)}%") + counts.map(lambda k: f" ({number(k)})")
    return bars(shares, quiet, width=width, texts=texts)


def _words(corpus: Corpus, asked: Question, per: str) -> Words:
    n, counts = len(asked.places), asked.answers["answer"].value_counts().reindex(asked.order, fill_value=0)
    tellers = corpus.frame.loc[corpus.frame["narrative_id"].isin(asked.places.index), "teller_id"].nunique()
    told = (
        f"{stories(n)} van {number(tellers)} vertellers met een antwoord; {stories(len(corpus) - n)} zonder."
    )
    if asked.has_steps:
        told += f" {asked.order[0]} is {asked.labels[0]}, {asked.order[-1]} is {asked.labels[1]}."
    shape = {TRIAD: "Driehoeken tussen ", LINE: "Lijnen van ", CHOICE: "Staven met "}[asked.kind] + ", ".join(
        asked.labels
    )
    most = f"{number(counts.max())} van de {stories(n)} ‘{counts.idxmax()}’" if n else "geen antwoorden"
    return Words(
        title=f"{asked.title}: {most}",
        subtitle=told + per,
        note=method_note(corpus, f"{TOLD} {HOW[asked.kind]}"),
        alt=alt_text(
            f"{asked.title}. {told}{per}",
            *(f"{answer}: {number(k)}." for answer, k in counts.items()),
            f"{shape}.",
        ),
    )
