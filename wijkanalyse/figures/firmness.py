"""How often each theme came back when stories were left out, and which stories stayed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.figures.bars import bars_outside
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.dots import in_dots, many, strips
from wijkanalyse.figures.readings import NOWHERE, in_order, theme_stories
from wijkanalyse.figures.template import number
from wijkanalyse.figures.words import describe, stories, told

if TYPE_CHECKING:
    import plotly.graph_objects as go

STRIP = 48  # pixels, height of a theme
CORE, EDGE = 0.75, 0.5  # a story is of the core from here, and of the edge below this
PARTS = ("kern", "tussen kern en rand", "rand")
VERDICTS = ("stevig", "patroon", "los", "te weinig verhalen")
HOW = (
    "De thema’s zijn steeds opnieuw gemaakt met een deel van de verhalen en een andere kijk. Stevig is niet hetzelfde als "
    "waar of belangrijk."
)
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
    corpus, seed = themes.corpus, themes.settings["random_state"]
    points = theme_stories(themes, "title", "core")
    labels = themes.topics.set_index("theme_id")["label"]
    firm = themes.firmness.set_index(themes.firmness["theme_id"].map(labels))
    points = in_dots(
        points.assign(at=points["core"].where(points["thema"].isin(firm.index))), "thema", ["at"]
    )
    in_theme = points[points["thema"].isin(firm.index)]
    verdict = in_theme["thema"] + " (" + in_theme["thema"].map(firm["verdict"]) + ")"
    part = [PARTS[0] if core >= CORE else PARTS[2] if core < EDGE else PARTS[1] for core in in_theme["core"]]

    def draw(width: float) -> go.Figure:
        rows = []
        for name in in_order(points["thema"], []):
            own = points[points["thema"] == name]
            firmness = [firm.at[name, "verdict"]] if name in firm.index else []
            rows.append((name, " · ".join([*firmness, stories(len(own))]), own))
        diamonds = {
            name: (share, f"kwam gemiddeld voor {number(100 * share)}% terug")
            for name, share in firm["jaccard"].items()
        }
        ends = ["◂ rand: valt weg", "kern: blijft ▸"]
        return strips(rows, ends, width=width, height=STRIP, diamonds=diamonds)

    n = firm["verdict"].value_counts()
    said = ", ".join(f"{number(n[verdict])} {verdict}" for verdict in VERDICTS if verdict in n)
    nowhere = len(points) - len(in_theme)
    left = f"; {stories(nowhere)} zonder thema ({NOWHERE.lower()})" if nowhere else ""
    return shown(
        Behind(
            kind="firmness", corpus=corpus, order=PARTS, draw=draw,
            nothing="Er zijn geen verhalen, en dus geen thema’s die terug kunnen komen.",
            members=opens((points["mark"], points), (in_theme["thema"], in_theme)),
            counted=in_theme[["narrative_id"]].assign(thema=verdict, plek=part),
            words=describe(
                corpus, how=HOW + MARKS + many(len(points)), seed=seed,
                title=f"Komt een thema terug als er verhalen wegblijven? {said or 'Er is geen thema'}",
                subtitle=f"{told(corpus)}{left}. Het woord onder een thema zegt hoe stevig het is.",
                alt=[
                    f"Per thema een lijn met zijn verhalen als stippen, van rand (valt weg) naar kern (blijft). {told(corpus)}. Op alfabet.",
                    *(f"{row.Index}: {row.verdict}, kwam voor {number(100 * row.jaccard)}% terug." for row in firm.sort_index().itertuples()),
                ],
            ),
            outside=bars_outside(
                corpus, title="Welke thema’s terugkomen als er verhalen wegblijven", how=HOW, seed=seed, first=PARTS,
                counts="hoeveel vertellers een verhaal hebben in de kern of aan de rand van het thema",
            ),
        )
    )  # fmt: skip
