"""How often each theme came back when stories were left out, and which stories stayed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.answers import NOWHERE, group_order
from wijkanalyse.figures.bars import bars_outside, stories, told
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.dots import N_PLACES, Strip, line_place, strips
from wijkanalyse.figures.template import INK, PAPER, number
from wijkanalyse.figures.words import Words, alt_text, empty, method_note

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

STRIP = 48  # pixels, height of a theme
CORE, EDGE = 0.75, 0.5  # a story is of the core from here, and of the edge below this
PARTS = ("kern", "tussen kern en rand", "rand")
VERDICTS = ("stevig", "patroon", "los", "te weinig verhalen")
HOW = "De thema’s zijn steeds opnieuw gemaakt met een deel van de verhalen en een andere kijk. Stevig is niet hetzelfde als waar of belangrijk."
MARKS = " Ruit: hoeveel van het thema gemiddeld terugkwam. Stip: hoe vaak een verhaal bij zijn thema bleef."


def plot_firmness(themes: Any) -> go.Figure:
    """Draw how often each theme came back, with the stories of its core and its edge.

    Parameters
    ----------
    themes : Themes
        `firmness`, and `core` of `assignments`, are used.

    Returns
    -------
    plotly.graph_objects.Figure
        A panel per theme, by the alphabet and never by firmness. A dot opens its story, a diamond the stories of its theme.

    Notes
    -----
    The diamond is the mean Jaccard overlap over subsamples (Hennig 2007, doi:10.1016/j.csda.2006.11.025), a dot the share of the
    subsamples with that story in which it lay in the cluster matched to its theme. Both go from 0 to 1; they are not the same thing.
    """
    import pandas as pd

    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    firm = themes.firmness.set_index(themes.firmness["theme_id"].map(labels))
    points = themes.assignments[["narrative_id", "theme_id", "core"]].merge(
        themes.corpus.frame[["narrative_id", "title"]]
    )
    points = points.assign(thema=points["theme_id"].map(labels)).rename(columns={"core": "at"})
    in_theme = points[points["thema"].isin(firm.index)]
    named = in_theme["thema"].map({name: f"{name} ({verdict})" for name, verdict in firm["verdict"].items()})
    part = [PARTS[0] if core >= CORE else PARTS[2] if core < EDGE else PARTS[1] for core in in_theme["at"]]
    seed = themes.settings["random_state"]
    return shown(
        Behind(
            kind="firmness", corpus=themes.corpus, words=_words(themes, firm, seed), order=PARTS,
            members=pd.concat([points.assign(mark=points["narrative_id"]), in_theme.assign(mark=in_theme["thema"])])[["mark", "narrative_id"]],
            counted=in_theme[["narrative_id"]].assign(thema=named, plek=part),
            draw=lambda width: _drawn(points, firm, width),
            outside=bars_outside(
                themes.corpus, title="Welke thema’s terugkomen als er verhalen wegblijven", how=HOW, seed=seed, first=PARTS,
                counts="hoeveel vertellers een verhaal hebben in de kern of aan de rand van het thema",
            ),
        )
    )  # fmt: skip


def _drawn(points: pd.DataFrame, firm: pd.DataFrame, width: float) -> go.Figure:
    import plotly.graph_objects as go

    if points.empty:
        return empty("Er zijn geen verhalen, en dus geen thema’s die terug kunnen komen.", width)
    parts = {name: points[points["thema"] == name] for name in group_order(points["thema"])}
    rows = [
        Strip(
            name=name, told=part, has_places=name in firm.index,
            quiet=f"{firm.at[name, 'verdict']} · {stories(len(part))}" if name in firm.index else stories(len(part)),
        )
        for name, part in parts.items()
    ]  # fmt: skip
    figure, places, wide = strips(rows, ["◂ rand: valt weg", "kern: blijft ▸"], width=width, height=STRIP)
    for row, place in zip(rows, places, strict=True):
        for value in firm.loc[firm.index == row.name, "jaccard"]:
            figure.add_trace(
                go.Scatter(
                    x=[line_place(value, N_PLACES, wide)], y=[STRIP - 7], mode="markers", name=row.name, showlegend=False, customdata=[row.name],
                    hovertemplate=f"kwam gemiddeld voor {number(100 * value)}% terug<extra></extra>",
                    marker={"symbol": "diamond", "size": 12, "color": INK, "line": {"width": 1.5, "color": PAPER}},
                ), **place,
            )  # fmt: skip
    return figure


def _words(themes: Any, firm: pd.DataFrame, seed: int) -> Words:
    n = firm["verdict"].value_counts()
    said = ", ".join(f"{number(n[verdict])} {verdict}" for verdict in VERDICTS if verdict in n)
    nowhere = int((themes.assignments["theme_id"] < 0).sum())
    left = f"; {stories(nowhere)} zonder thema ({NOWHERE.lower()})" if nowhere else ""
    return Words(
        title=f"Komt een thema terug als er verhalen wegblijven? {said or 'Er is geen thema'}",
        subtitle=f"{told(themes.corpus)}{left}. Het woord onder een thema zegt hoe stevig het is.",
        note=method_note(themes.corpus, HOW + MARKS, seed=seed),
        alt=alt_text(
            f"Per thema een lijn met zijn verhalen als stippen, van rand (valt weg) naar kern (blijft). {told(themes.corpus)}. Op alfabet.",
            *(f"{row.Index}: {row.verdict}, kwam voor {number(100 * row.jaccard)}% terug." for row in firm.sort_index().itertuples()),
        ),
    )  # fmt: skip
