"""Who tells about what: themes by perspective, with how many there are of each and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.errors import InputError
from wijkanalyse.figures.bars import TOO_SMALL, bar_key
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.drawing import SIZE, Panels, by_category, marks
from wijkanalyse.figures.readings import NOWHERE, in_order, theme_stories
from wijkanalyse.figures.template import GROUND, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, describe, empty, short, text_width, told
from wijkanalyse.privacy.disclosure import TELLERS, count_tellers
from wijkanalyse.privacy.gate import NOT_SHOWN, shown_attribute

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.privacy.gate import SafeTable

LABEL_SHARE = 0.42  # of the width, for the names of perspectives at most
ROW = 16  # pixels for one perspective
LEVEL = 0.95
HOW = (
    "Een stip: welk deel van de vertellers met dit perspectief minstens één verhaal over dit thema vertelde. Lijn: tussen welke waarden "
    f"{number(100 * LEVEL)}% van de steekproeven met teruglegging uit deze vertellers ligt; over mensen die niets vertelden zegt ze niets. "
    "Wie nergens past, telt mee in het geheel."
)


def plot_voices(themes: Any, *, perspective: str | None = None) -> go.Figure:
    """Draw per theme which share of the tellers of each perspective told about it.

    Parameters
    ----------
    themes : Themes
        From `find_themes`.
    perspective : str, optional
        Column; default the one with the role `perspective`.

    Returns
    -------
    plotly.graph_objects.Figure
        A panel per theme, by the alphabet. A point opens the stories of that theme and perspective; a cross is a voice that is missing.

    Raises
    ------
    InputError
        When there is no such column.

    Notes
    -----
    With k of n tellers the share is k/n. Resampling n tellers with replacement gives exactly Binomial(n, k/n) / n, so its 2.5% and 97.5%
    points are the percentile bootstrap interval (Efron 1979, doi:10.1214/aos/1176344552) and nothing has to be drawn. Someone with
    many stories counts once. It tells how much depends on who happens to be among the tellers, not how often something occurs in a
    neighbourhood. A missing voice has no interval: nobody telling is no proof that there is nothing to tell.
    """
    corpus = themes.corpus
    column = perspective or shown_attribute(corpus)
    if column is None:
        raise InputError.one(
            what="Er is geen kolom die zegt vanuit welk perspectief iemand vertelt.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="een kolom met perspectief, zoals inwoner of mantelzorger",
            now="Geef de naam van een kolom mee: wa.plot_voices(themes, perspective=…).",
        )
    corpus.spec(column)
    long = theme_stories(themes, "teller_id", column).dropna(subset=[column]).rename(columns={column: "stem"})
    long = long.astype({"stem": str})
    told_of = long[long["thema"] != NOWHERE]
    table = count_tellers(long, "thema", "stem")
    table = table.loc[in_order(told_of["thema"]), in_order(long["stem"])]
    of_theme, of_voice = (count_tellers(long, name)[TELLERS] for name in ("thema", "stem"))

    def outside(
        width: float, table: SafeTable, by_theme: SafeTable, by_voice: SafeTable
    ) -> tuple[go.Figure, Words]:
        cells, of_voice = table.frame.drop(index=NOWHERE, errors="ignore"), by_voice.frame[TELLERS]
        cells = cells.mask(cells.isna() | of_voice.reindex(cells.columns).isna().to_numpy())
        words = _words(themes, cells, of_voice, is_outside=True)
        if cells.isna().all(axis=None):
            return empty(TOO_SMALL, width), words
        return _drawn(cells, by_theme.frame[TELLERS], of_voice, width), words

    return shown(
        Behind(
            kind="voices", corpus=corpus, words=_words(themes, table, of_voice), counted=long[["narrative_id", "thema", "stem"]],
            members=opens((map(bar_key, told_of["thema"], told_of["stem"]), told_of)),
            draw=lambda width: _drawn(table, of_theme, of_voice, width), outside=outside,
            nothing="Er zijn geen thema’s met vertellers van wie het perspectief bekend is.",
        )
    )  # fmt: skip


def interval(k: int, n: int) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a share of k in n; see `plot_voices`."""
    from scipy.stats import binom

    low, high = binom.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], n, k / n) / n
    return float(low), float(high)


def _drawn(table: pd.DataFrame, of_theme: pd.Series, of_voice: pd.Series, width: float) -> go.Figure:
    """Draw numbers of tellers per theme (row) and voice (column), beside those of the whole theme and the whole voice."""
    counts = [f" ({_count(of_voice[voice])})" for voice in table]
    names = [
        short(voice, width * LABEL_SHARE - text_width(count, SIZE), SIZE) + count
        for voice, count in zip(table, counts, strict=True)
    ]
    known = [(theme, _count(n)) for theme, n in of_theme[table.index].items()]
    headings = [(theme, f"{n} {'verteller' if n == '1' else 'vertellers'}") for theme, n in known]
    left = max(text_width(name, SIZE) for name in names) + 8
    panels = Panels(headings, width=width, left=left, height=ROW * len(names) + 8)
    top = 0.1
    for panel, (theme, row) in enumerate(table.iterrows()):
        cells = [(voice, int(k), int(of_voice[voice])) for voice, k in row.dropna().items() if k]
        shares = [k / n for _, k, n in cells]
        ends = [interval(k, n) for _, k, n in cells]
        top = max([top, *(high for _, high in ends)])
        error = {
            "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": QUIET,
            "array": [high - share for share, (_, high) in zip(shares, ends, strict=True)],
            "arrayminus": [share - low for share, (low, _) in zip(shares, ends, strict=True)],
        }  # fmt: skip
        voices = [voice for voice, *_ in cells]
        point = marks(
            shares, voices, [bar_key(theme, voice) for voice in voices], name=theme, hover="%{text}<br>%{y}",
            text=[f"{k} van de {n} vertellers" for _, k, n in cells], more={"error_x": error}, size=9, color=THEME_COLOURS[0],
        )  # fmt: skip
        panels.add(panel, point)
        if silent := [voice for voice, k in row.dropna().items() if not k]:
            cross = {"symbol": "x-thin", "size": 8, "line": {"width": 2, "color": GROUND}}
            said = {"name": theme, "hover": "niemand<br>%{y}"}
            panels.add(panel, marks([0] * len(silent), silent, None, **said, **cross))
        for i in np.flatnonzero(row.isna()):
            panels.write(panel, 0, int(i), [NOT_SHOWN])
    x = {"range": [-0.08 * top, 1.04 * top], "tickformat": ".0%", "nticks": 3}
    x |= {"showgrid": True, "gridcolor": "#e3e6ec"}
    return panels.figure(x=x, y={**by_category(list(table.columns), names), "showline": False})


def _count(n: Any) -> str:
    import pandas as pd

    return NOT_SHOWN if pd.isna(n) else number(int(n))


def _words(themes: Any, table: pd.DataFrame, of_voice: pd.Series, *, is_outside: bool = False) -> Words:
    quiet, n_themes = int((table == 0).any(axis=1).sum()), len(table)
    title = "Alle stemmen klinken in alle thema’s"
    if quiet:
        title = f"Bij {quiet} van de {n_themes} thema’s ontbreekt minstens één stem"
    sign = "Kruis: deze stem ontbreekt hier."
    if is_outside:
        title = "Wie waarover vertelt: thema’s per perspectief"
        sign = f"{NOT_SHOWN}: te weinig mensen om te laten zien."
    rows = [(theme, row.dropna()) for theme, row in table.iterrows()]
    told_by = [
        (theme, ", ".join(f"{voice} {k} van {of_voice[voice]}" for voice, k in row.items()))
        for theme, row in rows
    ]
    return describe(
        themes.corpus, title=title, how=HOW, seed=themes.settings["random_state"],
        subtitle=f"{told(themes.corpus)}. Tussen haakjes: hoeveel vertellers met dit perspectief er zijn. {sign}",
        alt=[
            f"{n_themes} kleine figuren, een per thema, met voor {len(table.columns)} perspectieven het deel van de vertellers dat erover vertelde.",
            f"{title}.", *(f"{theme}: {said or 'niets te laten zien'}." for theme, said in told_by),
        ],
    )  # fmt: skip
