"""Who tells about what: themes by perspective, with how many there are of each and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.panels import panels
from wijkanalyse.figures.template import FONT_SIZES, GROUND, INK, QUIET, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, alt_text, empty, method_note, short, text_width
from wijkanalyse.privacy.disclosure import TELLERS
from wijkanalyse.privacy.gate import NOT_SHOWN, shown_attribute

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.privacy.gate import SafeTable

LABEL_SHARE = 0.42  # of the width, for the names of perspectives at most
ROW = 16  # pixels for one perspective
NOWHERE = "Past nergens"
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
    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    long = themes.assignments[["narrative_id", "theme_id"]].merge(
        corpus.frame[["narrative_id", "teller_id", column]], on="narrative_id"
    )
    long = long.assign(thema=long["theme_id"].map(labels), stem=long[column]).dropna(subset=["stem"])
    long = long.astype({"stem": str})
    cells = _cells(long)
    told = long[long["thema"] != NOWHERE]
    mark = _key(told["thema"], told["stem"])

    def outside(
        width: float, table: SafeTable, by_theme: SafeTable, by_voice: SafeTable
    ) -> tuple[go.Figure, Words]:
        released = _released_cells(table, by_theme, by_voice)
        return _panels(released, width, hover=False), _words(themes, released, table)

    return shown(
        Behind(
            kind="voices",
            corpus=corpus,
            words=_words(themes, cells),
            members=told.assign(mark=mark)[["mark", "narrative_id"]].reset_index(drop=True),
            counted=long[["narrative_id", "thema", "stem"]].reset_index(drop=True),
            draw=lambda width: _panels(cells, width, hover=True),
            outside=outside,
        )
    )


def _key(theme: Any, voice: Any) -> Any:
    return theme + " · " + voice


def _cells(long: pd.DataFrame) -> pd.DataFrame:
    """Return a row per theme and perspective: thema, stem, tellers, all (with this perspective), in_theme."""
    import pandas as pd

    tellers = long.groupby(["thema", "stem"])["teller_id"].nunique()
    themes, voices = (sorted(long[name].unique()) for name in ("thema", "stem"))
    every = pd.MultiIndex.from_product(
        [[name for name in themes if name != NOWHERE], voices], names=["thema", "stem"]
    )
    cells = tellers.reindex(every, fill_value=0).rename("tellers").astype("Int64").reset_index()
    of_voice, of_theme = (long.groupby(name)["teller_id"].nunique() for name in ("stem", "thema"))
    return cells.assign(all=cells["stem"].map(of_voice), in_theme=cells["thema"].map(of_theme))


def _released_cells(table: SafeTable, by_theme: SafeTable, by_voice: SafeTable) -> pd.DataFrame:
    """Return the same of released tables; tellers is missing where a cell is withheld."""
    shown_cells = table.frame.drop(index=NOWHERE, errors="ignore")
    cells = (
        shown_cells.rename_axis(index="thema")
        .reset_index()
        .melt("thema", var_name="stem", value_name="tellers")
    )
    of_voice, of_theme = by_voice.frame[TELLERS], by_theme.frame[TELLERS]
    cells = cells.assign(all=cells["stem"].map(of_voice), in_theme=cells["thema"].map(of_theme))
    return cells.assign(tellers=cells["tellers"].where(cells["all"].notna()))


def interval(k: int, n: int) -> tuple[float, float]:
    """Return the percentile bootstrap interval of a share of k in n; see `plot_voices`."""
    from scipy.stats import binom

    low, high = binom.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], n, k / n) / n
    return float(low), float(high)


def _panels(cells: pd.DataFrame, width: float, *, hover: bool) -> go.Figure:
    import plotly.graph_objects as go

    if cells.empty:
        return empty("Er zijn geen thema’s met vertellers van wie het perspectief bekend is.", width)
    if cells["tellers"].isna().all():
        return empty("Geen groep is groot genoeg om naar buiten te laten zien.", width)
    size = FONT_SIZES["label"]
    voices = cells.drop_duplicates("stem")
    names = [_with_count(row.stem, row.all, width * LABEL_SHARE, size) for row in voices.itertuples()]
    left = max(text_width(name, size) for name in names) + 8
    groups = list(cells.groupby("thema", sort=False))
    headings = [(theme, _tellers(group["in_theme"].iloc[0])) for theme, group in groups]
    figure, places = panels(headings, width=width, left=left, height=ROW * len(voices) + 8)
    highest = 0.0
    for (theme, group), place in zip(groups, places, strict=True):
        told = group[group["tellers"].fillna(0) > 0]
        shares = [row.tellers / row.all for row in told.itertuples()]
        ends = [interval(int(row.tellers), int(row.all)) for row in told.itertuples()]
        highest = max([highest, *(high for _, high in ends)])
        figure.add_trace(
            go.Scatter(
                x=shares, y=list(told["stem"]), mode="markers", name=theme, showlegend=False,
                marker={"size": 9, "color": THEME_COLOURS[0]},
                customdata=list(_key(told["thema"], told["stem"])) if hover else None,
                text=[f"{row.tellers} van de {row.all} vertellers" for row in told.itertuples()] if hover else None,
                hovertemplate="%{text}<br>%{y}<extra></extra>",
                error_x={
                    "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": QUIET,
                    "array": [high - share for share, (_, high) in zip(shares, ends, strict=True)],
                    "arrayminus": [share - low for share, (low, _) in zip(shares, ends, strict=True)],
                },
            ), **place,
        )  # fmt: skip
        missing = group[group["tellers"] == 0]
        if len(missing):
            cross = {"symbol": "x-thin", "size": 8, "line": {"width": 2, "color": GROUND}}
            figure.add_trace(
                go.Scatter(
                    x=[0] * len(missing), y=list(missing["stem"]), mode="markers", marker=cross, name=theme, showlegend=False,
                    hovertemplate="niemand<br>%{y}<extra></extra>",
                ), **place,
            )  # fmt: skip
        for voice in group.loc[group["tellers"].isna(), "stem"]:
            figure.add_annotation(
                x=0, y=voice, text=NOT_SHOWN, showarrow=False, font={"size": size, "color": INK}, **place
            )
    top = min(1.0, max(0.1, highest))
    figure.update_xaxes(
        range=[-0.08 * top, 1.04 * top],
        tickformat=".0%",
        nticks=3,
        showgrid=True,
        gridcolor="#e3e6ec",
        showticklabels=True,
    )
    order = list(voices["stem"])
    figure.update_yaxes(
        type="category", categoryorder="array", categoryarray=order, range=[len(order) - 0.5, -0.5], tickmode="array", tickvals=order,
        ticktext=names, showline=False,
    )  # fmt: skip
    return figure


def _with_count(voice: str, n: Any, width: float, size: float) -> str:
    """Return "inwoner (44)"; a long name is cut, its number never."""
    count = f" ({_count(n)})"
    return short(voice, width - text_width(count, size), size) + count


def _tellers(n: Any) -> str:
    return f"{_count(n)} {'verteller' if _count(n) == '1' else 'vertellers'}"


def _count(n: Any) -> str:
    import pandas as pd

    return NOT_SHOWN if pd.isna(n) else number(int(n))


def _words(themes: Any, cells: pd.DataFrame, table: SafeTable | None = None) -> Words:
    corpus = themes.corpus
    n_themes, n_voices = cells["thema"].nunique(), cells["stem"].nunique()
    silent = cells[cells["tellers"] == 0]
    quiet = silent["thema"].nunique()
    title = (
        "Wie waarover vertelt: thema’s per perspectief"
        if table is not None
        else f"Bij {quiet} van de {n_themes} thema’s ontbreekt minstens één stem"
        if quiet
        else "Alle stemmen klinken in alle thema’s"
    )
    sign = (
        f"{NOT_SHOWN}: te weinig mensen om te laten zien."
        if table is not None
        else "Kruis: deze stem ontbreekt hier."
    )
    told = f"{number(len(corpus))} verhalen van {number(corpus.n_tellers)} vertellers"
    return Words(
        title=title,
        subtitle=f"{told}. Tussen haakjes: hoeveel vertellers met dit perspectief er zijn. {sign}",
        note=method_note(corpus, HOW, seed=themes.settings["random_state"]),
        alt=alt_text(
            f"{n_themes} kleine figuren, een per thema, met voor {n_voices} perspectieven het deel van de vertellers dat erover vertelde.",
            title + ".",
            *(_sentence(theme, group) for theme, group in cells.groupby("thema", sort=False)),
        ),
    )


def _sentence(theme: str, group: pd.DataFrame) -> str:
    parts = [f"{row.stem} {row.tellers} van {row.all}" for row in group.dropna().itertuples()]
    return f"{theme}: {', '.join(parts) if parts else 'niets te laten zien'}."
