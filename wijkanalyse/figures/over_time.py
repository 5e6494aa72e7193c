"""Themes over months, each as a ridge with how sure its height is; no target and no trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.figures.answers import group_order
from wijkanalyse.figures.bars import bar_key, bars_outside, stories
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.opgaven import tint
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GROUND, INK, PAPER, QUIET, number, theme_colour
from wijkanalyse.figures.voices import LEVEL, interval
from wijkanalyse.figures.words import Words, alt_text, empty, method_note, short, text_width
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
    corpus, column = themes.corpus, _time_column(themes.corpus, time)
    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    long = themes.assignments[["narrative_id", "theme_id"]].merge(
        corpus.frame[["narrative_id", "teller_id", column]]
    )
    parts = long[column].astype(str).str.extract(r"^(\d{4})-(\d{2})").astype(float)
    # Months as a count, so that a month in which nobody told has a place too.
    long = long.assign(
        thema=long["theme_id"].map(labels),
        month=(parts[0] * 12 + parts[1] - 1).where(parts[1].between(1, 12)),
    )
    long = long.dropna(subset=["month"]).astype({"month": int})
    enough = long["month"].nunique() >= FEWEST
    dotted = long if enough else long.iloc[:0]
    periods = [f"{month // 12}, kwartaal {month % 12 // 3 + 1}" for month in long["month"]]
    if len(set(periods)) > MOST_QUARTERS:
        periods = [f"in {month // 12}" for month in long["month"]]
    seed, order = themes.settings["random_state"], sorted(set(periods))
    return shown(
        Behind(
            kind="over_time", corpus=corpus, words=_words(corpus, long, seed), order=order,
            members=dotted.assign(mark=[*map(bar_key, dotted["thema"], dotted["month"].map(_name))])[["mark", "narrative_id"]],
            counted=long[["narrative_id", "thema"]].assign(periode=periods),
            draw=lambda width: _drawn(long, width)
            if enough
            else empty(f"Er zijn te weinig maanden met verhalen om naast elkaar te zetten; nodig zijn er {FEWEST}.", width),
            outside=bars_outside(
                corpus, title="Wanneer over welk thema is verteld", counts="hoeveel vertellers in die tijd over het thema vertelden", how=WHEN,
                first=order, seed=seed,
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
    names, size = group_order(long["thema"]), FONT_SIZES["label"]
    height = (RIDGE + HEAD) * (len(names) + 1)
    figure = go.Figure(layout={"height": height, "margin": {"l": LEFT, "b": 20}})
    for month in sorted(set(months) - set(long["month"])):
        figure.add_shape(
            type="rect", x0=month - 0.5, x1=month + 0.5, y0=0, y1=height, fillcolor="#e6e8ec", line={"width": 0}, layer="below", name="geen verhalen"
        )  # fmt: skip
    n = long.groupby("month")["narrative_id"].nunique().reindex(months, fill_value=0)
    base = height - RIDGE - HEAD
    count = {"marker": {"color": "#8a93a6"}, "hoverinfo": "skip", "showlegend": False}
    figure.add_trace(go.Bar(x=months, y=n / n.max() * RIDGE, base=base, width=0.7, **count))
    _heading(figure, base, "Verhalen per maand", "0", number(n.max()))
    top = float(cells.loc[cells["large"], "high"].max()) if cells["large"].any() else 1.0
    for i, name in enumerate(names):
        base = height - (RIDGE + HEAD) * (i + 2)
        own = long["thema"] == name
        tail = f" · {stories(int(own.sum()))}"
        bold = short(name, room * 0.92, size)  # bold is a little wider
        fits = text_width(bold, size) / 0.92 + text_width(tail, size) <= room
        _heading(figure, base, f"<b>{bold}</b>{tail if fits else ''}", "0%", f"{number(100 * top)}%")
        _ridge(
            figure,
            cells[cells["thema"] == name],
            base,
            RIDGE / top,
            theme_colour(int(long.loc[own, "theme_id"].iloc[0])),
        )
    figure.update_yaxes(range=[0, height], visible=False, fixedrange=True)
    step = next(
        step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(months) * 60 <= max(room, 120) * step
    )
    ticks = months[::step]
    figure.update_xaxes(
        range=[months[0] - 0.5, months[-1] + 0.5], tickvals=ticks, ticktext=[_name(month) for month in ticks], tickangle=0,
        ticks="outside", tickfont={"size": FONT_SIZES["note"]},
    )  # fmt: skip
    return figure


def _heading(figure: go.Figure, base: float, text: str, low: str, high: str) -> None:
    """Write a name above a ridge and the ends of its scale beside it."""
    said = {"x": 0, "xref": "x domain", "showarrow": False, "borderpad": 0}
    figure.add_annotation(
        y=base + RIDGE + 2,
        text=text,
        xanchor="left",
        yanchor="bottom",
        font={"size": FONT_SIZES["label"], "color": INK},
        **said,
    )
    for y, end in ((base + 5, low), (base + RIDGE - 4, high)):
        figure.add_annotation(
            y=y,
            text=end,
            xanchor="right",
            xshift=-4,
            font={"size": FONT_SIZES["note"], "color": QUIET},
            **said,
        )


def _ridge(figure: go.Figure, part: pd.DataFrame, base: float, scale: float, colour: str) -> None:
    """Draw line and band where months follow each other: one without stories or with too few tellers interrupts both."""
    import plotly.graph_objects as go

    quiet = {"mode": "lines", "hoverinfo": "skip", "showlegend": False}
    large = part[part["large"]]
    for _, run in large.groupby(large["month"].diff().ne(1).cumsum()):
        x = run["month"].to_numpy()
        if len(x) == 1:  # a month on its own is as wide as its bar
            x, run = x[0] + np.array([-0.35, 0.35]), run.iloc[[0, 0]]
        low, high, share = (base + run[end].to_numpy() * scale for end in ("low", "high", "share"))
        band = {"fill": "toself", "fillcolor": tint(colour, 0.22), "line": {"width": 0}}
        figure.add_trace(go.Scatter(x=[*x, *x[::-1]], y=[*high, *low[::-1]], **band, **quiet))
        figure.add_trace(go.Scatter(x=x, y=share, line={"width": 1.6, "color": colour}, **quiet))
    name = part["thema"].iloc[0]
    for is_large, told in part[part["k"] > 0].groupby("large"):
        figure.add_trace(
            go.Scatter(
                x=told["month"], y=base + told["share"] * scale * is_large, mode="markers", name=name, showlegend=False,
                customdata=[bar_key(name, _name(month)) for month in told["month"]],
                text=[f"{_name(row.month)}: {row.k} van de {row.n} vertellers" for row in told.itertuples()],
                hovertemplate=f"%{{text}}<br><i>{name}</i><extra></extra>",
                marker={"size": 7, "color": colour if is_large else PAPER, "line": {"width": 1.2, "color": PAPER if is_large else GROUND}},
            )
        )  # fmt: skip


def _words(corpus: Corpus, long: pd.DataFrame, seed: int) -> Words:
    months, without = _span(long), len(corpus) - len(long)
    quiet = len(months) - long["month"].nunique()
    span = f"{_name(months[0])} tot en met {_name(months[-1])}" if months else "geen enkele maand"
    dated = f"{stories(len(long))} van {number(long['teller_id'].nunique())} vertellers, {span}"
    said = (
        f"in {number(quiet)} van de {number(len(months))} maanden vertelde niemand"
        if quiet
        else "elke maand zijn er verhalen"
        if months
        else "geen maanden"
    )
    n = long.loc[long["theme_id"] >= 0, "thema"].nunique()
    return Words(
        title=f"{number(n)} {'thema' if n == 1 else 'thema’s'} over {number(len(months))} {'maand' if len(months) == 1 else 'maanden'}; {said}",
        subtitle=dated + (f"; {stories(without)} zonder maand" if without else "") + ". Grijs vlak: geen verhalen. Open stip: die maand te weinig vertellers.",
        note=method_note(corpus, HOW, seed=seed),
        alt=alt_text(
            f"Onder elkaar per thema een lijn over de maanden, met een band voor de onzekerheid. {dated}; {said}.",
            *(f"{name}: in {number(k)} van de maanden." for name, k in long.groupby("thema")["month"].nunique().sort_index().items()),
        ),
    )  # fmt: skip
