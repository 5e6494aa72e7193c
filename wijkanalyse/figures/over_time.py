"""Themes over months, each as a ridge with how sure its height is; no target and no trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.figures.bars import bar_key, bars_outside
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.drawing import SIZE, marks, tint, written
from wijkanalyse.figures.readings import in_order, theme_stories
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GROUND, PAPER, QUIET, number, theme_colour
from wijkanalyse.figures.voices import LEVEL, interval
from wijkanalyse.figures.words import Words, describe, short, stories, tellers, text_width
from wijkanalyse.privacy.gate import Audience, is_large_enough

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus

RIDGE, HEAD, LEFT = 52, 22, 36  # pixels: height of a ridge and of the name above it, room for its scale
FEWEST = 3  # months with stories
MOST_QUARTERS = 8  # in a released table; a table of every month would tell about a few people
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WHEN = "Hoeveel verhalen er van een maand zijn, hangt af van het ophalen."
HOW = (
    f"Lijn: welk deel van de vertellers van die maand over het thema vertelde. Band: {number(100 * LEVEL)}% van de steekproeven met teruglegging "
    f"uit deze vertellers; over mensen die niets vertelden zegt ze niets. {WHEN}"
)


def plot_over_time(themes: Any, *, time: str | None = None) -> go.Figure:
    """Draw per theme which share of the tellers of each month told about it.

    Parameters
    ----------
    themes : Themes
        From `find_themes`.
    time : str, optional
        Column with months ("2024-03"); default the first with the role `time`.

    Returns
    -------
    plotly.graph_objects.Figure
        A ridge per theme, by the alphabet and on one scale, below the number of stories. A dot opens the stories of that theme and month.
        Grey: a month without stories. Open dot: too few tellers that month for a share.

    Raises
    ------
    InputError
        When there is no column with months.

    Notes
    -----
    The interval is the percentile bootstrap over the tellers of a month, see `plot_voices`. Where none or all of n told about it, resampling says
    nothing, and the other end is 1 − 0.025^(1/n) away (Hanley & Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031). Nothing is
    smoothed, and nothing says whether two months differ by more than chance.
    """
    corpus, column, seed = themes.corpus, _time_column(themes.corpus, time), themes.settings["random_state"]
    long = theme_stories(themes, "teller_id", column)
    parts = long[column].astype(str).str.extract(r"^(\d{4})-(\d{2})").astype(float)
    # Months as a count, so that a month in which nobody told has a place too.
    long = long.assign(month=(parts[0] * 12 + parts[1] - 1).where(parts[1].between(1, 12)))
    long = long.dropna(subset=["month"]).astype({"month": int})
    dotted = long if long["month"].nunique() >= FEWEST else long.head(0)
    periods = [f"{month // 12}, kwartaal {month % 12 // 3 + 1}" for month in long["month"]]
    if len(set(periods)) > MOST_QUARTERS:
        periods = [f"in {month // 12}" for month in long["month"]]
    order = sorted(set(periods))
    return shown(
        Behind(
            kind="over_time", corpus=corpus, words=_words(corpus, long, seed), order=order,
            members=opens((map(bar_key, dotted["thema"], dotted["month"].map(_name)), dotted)),
            counted=long[["narrative_id", "thema"]].assign(periode=periods),
            draw=lambda width: _drawn(long, width),
            nothing=f"Er zijn te weinig maanden met verhalen om naast elkaar te zetten; nodig zijn er {FEWEST}.",
            outside=bars_outside(
                corpus, title="Wanneer over welk thema is verteld", counts="hoeveel vertellers in die tijd over het thema vertelden",
                how=WHEN, first=order, seed=seed,
            ),
        )
    )  # fmt: skip


def _time_column(corpus: Corpus, time: str | None) -> str:
    if time is not None:
        return corpus.spec(time).name
    if specs := corpus.with_role(Role.TIME):
        return specs[0].name
    raise InputError.one(
        what="Er is geen kolom die zegt in welke maand een verhaal is verteld.",
        where=f"corpus uit {corpus.provenance.source}",
        expected="een kolom met de rol time, zoals een datum of tijdstempel",
        now="Zeg met een koppeling (kolommen.yaml) welke kolom dat is, en laad opnieuw.",
    )


def _name(month: int) -> str:
    return f"{MONTHS[month % 12]} {month // 12}"


def _span(long: pd.DataFrame) -> list[int]:
    return list(range(long["month"].min(), long["month"].max() + 1)) if len(long) else []


def share_band(k: int, n: int) -> tuple[float, float]:
    """Return the interval of a share of k in n; see `plot_over_time`."""
    unseen = 1 - ((1 - LEVEL) / 2) ** (1 / n)
    return (0.0, unseen) if k == 0 else (1 - unseen, 1.0) if k == n else interval(k, n)


def _cells(long: pd.DataFrame) -> pd.DataFrame:
    """Return a row per theme and month with stories: k of n tellers, the share with its ends, and whether n is enough for it."""
    n = long.groupby("month")["teller_id"].nunique()
    k = long.groupby(["thema", "month"])["teller_id"].nunique().unstack(fill_value=0).stack()  # noqa: PD010, PD013
    cells = k.rename("k").reset_index()
    cells = cells.assign(n=cells["month"].map(n))
    low, high = zip(*(share_band(row.k, row.n) for row in cells.itertuples()), strict=True)
    large = [is_large_enough(n, Audience.WORKBENCH) for n in cells["n"]]
    return cells.assign(share=cells["k"] / cells["n"], low=low, high=high, large=large)


def _drawn(long: pd.DataFrame, width: float) -> go.Figure:
    import plotly.graph_objects as go

    cells, months, room = _cells(long), _span(long), width - 2 * EDGE - LEFT
    names = in_order(long["thema"])
    height = (RIDGE + HEAD) * (len(names) + 1)
    n = long.groupby("month")["narrative_id"].nunique().reindex(months, fill_value=0)
    silent: dict[str, Any] = {
        "name": "geen verhalen",
        "fillcolor": "#e6e8ec",
        "line": {"width": 0},
        "layer": "below",
    }
    silent |= {"type": "rect", "y0": 0, "y1": height}
    shapes = [{"x0": month - 0.5, "x1": month + 0.5, **silent} for month in months if not n[month]]
    base = height - RIDGE - HEAD
    count = {"marker": {"color": "#8a93a6"}, "hoverinfo": "skip", "showlegend": False}
    traces: list[Any] = [go.Bar(x=months, y=n / n.max() * RIDGE, base=base, width=0.7, **count)]
    texts = _heading(base, "Verhalen per maand", "0", number(n.max()))
    top = float(cells.loc[cells["large"], "high"].max()) if cells["large"].any() else 1.0
    for name in names:
        base -= RIDGE + HEAD
        own = long[long["thema"] == name]
        bold, tail = short(name, room * 0.92, SIZE), f" · {stories(len(own))}"  # bold is a little wider
        fits = text_width(bold, SIZE) / 0.92 + text_width(tail, SIZE) <= room
        texts += _heading(base, f"<b>{bold}</b>{tail if fits else ''}", "0%", f"{number(100 * top)}%")
        colour = theme_colour(int(own["theme_id"].iloc[0]))
        traces += _ridge(cells[cells["thema"] == name], base, RIDGE / top, colour)
    layout = {"height": height, "margin": {"l": LEFT, "b": 20}, "shapes": shapes, "annotations": texts}
    figure = go.Figure(traces, layout).update_yaxes(range=[0, height], visible=False, fixedrange=True)
    most = max(room, 120) / 60
    step = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) <= most * step)
    ticks = months[::step]
    return figure.update_xaxes(
        range=[months[0] - 0.5, months[-1] + 0.5], tickvals=ticks, ticktext=[_name(month) for month in ticks], tickangle=0,
        ticks="outside", tickfont={"size": FONT_SIZES["note"]},
    )  # fmt: skip


def _heading(base: float, text: str, low: str, high: str) -> list[dict[str, Any]]:
    """Return a name above a ridge, and the ends of its scale beside it."""
    ends = {"size": FONT_SIZES["note"], "colour": QUIET, "xref": "x domain", "xanchor": "right", "xshift": -4}
    return [
        written(0, base + RIDGE + 2, [text], xref="x domain", xanchor="left", yanchor="bottom"),
        written(0, base + 5, [low], **ends),
        written(0, base + RIDGE - 4, [high], **ends),
    ]


def _ridge(part: pd.DataFrame, base: float, scale: float, colour: str) -> list[Any]:
    """Return line and band where months follow each other: one without stories or with too few tellers interrupts both."""
    import plotly.graph_objects as go

    quiet = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    large, traces = part[part["large"]], []
    for _, run in large.groupby(large["month"].diff().ne(1).cumsum()):
        x = run["month"].to_numpy()
        if len(x) == 1:  # a month on its own is as wide as its bar
            x, run = x[0] + np.array([-0.35, 0.35]), run.iloc[[0, 0]]
        low, high, share = (base + run[end].to_numpy() * scale for end in ("low", "high", "share"))
        band = {"fill": "toself", "fillcolor": tint(colour, 0.22), "line": {"width": 0}}
        traces.append(go.Scatter(x=[*x, *x[::-1]], y=[*high, *low[::-1]], **band, **quiet))
        traces.append(go.Scatter(x=x, y=share, line={"width": 1.6, "color": colour}, **quiet))
    name = part["thema"].iloc[0]
    for is_large, told in part[part["k"] > 0].groupby("large"):
        line = {"width": 1.2, "color": PAPER if is_large else GROUND}
        dots = marks(
            told["month"], base + told["share"] * scale * is_large, [bar_key(name, _name(month)) for month in told["month"]],
            name=name, hover=f"%{{text}}<br><i>{name}</i>", size=7, color=colour if is_large else PAPER, line=line,
            text=[f"{_name(row.month)}: {row.k} van de {row.n} vertellers" for row in told.itertuples()],
        )  # fmt: skip
        traces.append(dots)
    return traces


def _words(corpus: Corpus, long: pd.DataFrame, seed: int) -> Words:
    months, without = _span(long), len(corpus) - len(long)
    quiet, n = len(months) - long["month"].nunique(), long.loc[long["theme_id"] >= 0, "thema"].nunique()
    said = "elke maand zijn er verhalen" if months else "geen maanden"
    if quiet:
        said = f"in {number(quiet)} van de {number(len(months))} maanden vertelde niemand"
    span = f"{_name(months[0])} tot en met {_name(months[-1])}" if months else "geen enkele maand"
    dated = f"{stories(len(long))} van {tellers(long['teller_id'].nunique())}, {span}"
    left = f"; {stories(without)} zonder maand" if without else ""
    over = f"{number(len(months))} {'maand' if len(months) == 1 else 'maanden'}"
    in_months = long.groupby("thema")["month"].nunique().sort_index()
    return describe(
        corpus, title=f"{number(n)} {'thema' if n == 1 else 'thema’s'} over {over}; {said}", how=HOW, seed=seed,
        subtitle=f"{dated}{left}. Grijs vlak: geen verhalen. Open stip: die maand te weinig vertellers.",
        alt=[
            f"Onder elkaar per thema een lijn over de maanden, met een band voor de onzekerheid. {dated}; {said}.",
            *(f"{name}: in {number(k)} van de maanden." for name, k in in_months.items()),
        ],
    )  # fmt: skip
