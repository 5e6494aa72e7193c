"""How two groups speak: the words of both, and which of them one group uses more than chance would have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.dots import GOLDEN
from wijkanalyse.figures.drawing import SIZE, by_category, marks, written
from wijkanalyse.figures.labels import place_labels
from wijkanalyse.figures.template import EDGE, GROUND, INK, LINE, THEME_COLOURS, number
from wijkanalyse.figures.words import Words, describe, empty, legend_height, tellers, text_width
from wijkanalyse.language import content_words
from wijkanalyse.privacy.gate import REQUIRED_STATUS, Audience, is_large_enough

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

FEWEST_TELLERS = 2  # a word of one teller may be a name, or a manner of speaking that gives her away
PRIOR_TELLERS = 10  # as many tellers as what is usual in the whole corpus weighs
CLEAR = 1.96  # z from which a word is drawn as of one group: the 95% interval leaves out zero
MOST_WORDS = 1_500  # drawn, the clearest first
MOST_LABELS = 16  # of each group
MOST_OUTSIDE = 10
LEFT, BELOW = 34, 44  # pixels that tick labels and the name of an axis take
TICKS = (0, 1, 5, 10, 20, 40, 60, 80, 100)
COLOURS = (THEME_COLOURS[6], THEME_COLOURS[1], GROUND)
NONE_OUTSIDE = (
    "Geen woord wordt in beide groepen door genoeg vertellers gebruikt om naar buiten te laten zien."
)
SHAPES = ("square", "triangle-up", "circle")


def plot_contrast(corpus: Corpus, column: str, a: Any, b: Any) -> go.Figure:
    """Draw the words of two groups by how many tellers of each use them.

    Parameters
    ----------
    corpus : Corpus
    column : str
        With the groups, such as `perspective`.
    a, b : str or number
        Two of its values.

    Returns
    -------
    plotly.graph_objects.Figure
        One mark per word, which opens the stories of these groups with that word.

    Raises
    ------
    InputError
        For a column or value that does not exist, or twice the same value.
    PrivacyError
        When the corpus is not masked.

    Notes
    -----
    Words are lemmas, and a word counts once per teller, however often she uses it: y is the number of tellers of a group that do, n the sum
    of y over words. Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, doi:10.1093/pan/mpn018, eq. 15–22):
    δ = log((y_a + α) / (n_a + α₀ − y_a − α)) − the same of b, variance 1/(y_a + α) + 1/(y_b + α), z = δ / its root; α is the use of the word
    by all tellers of the corpus, scaled to ten tellers. Of many words some are clear by chance. Only words of at least two tellers.
    """
    corpus.require(REQUIRED_STATUS[Audience.WORKBENCH], purpose="woorden van twee groepen laten zien")
    values = sorted(corpus.frame[corpus.spec(column).name].dropna().unique())
    if a == b or not {a, b} <= set(values):
        raise InputError.one(
            what="Er zijn twee verschillende groepen nodig die allebei voorkomen.",
            where=f"kolom ‘{column}’ van het corpus uit {corpus.provenance.source}",
            expected=f"twee van {list_names(map(str, values))}",
            now="Kies twee van deze waarden voor a en b.",
        )
    long = _long(corpus, column, (a, b))
    totals = [corpus.frame.loc[corpus.frame[column] == value, "teller_id"].nunique() for value in (a, b)]
    words = _compared(long, (a, b), corpus.n_tellers)
    groups, label = (str(a), str(b)), corpus.spec(column).label
    who = " en ".join(f"{tellers(n)} ‘{group}’" for n, group in zip(totals, groups, strict=True))
    opened = long[long["word"].isin(words["word"]) & long["group"].notna()]
    chosen = _for_outside(words)
    counted = opened.loc[opened["word"].isin(chosen), ["narrative_id", "word", "group"]].astype(object)
    members = opened[["word", "narrative_id"]].astype(object).set_axis(["mark", "narrative_id"], axis=1)

    def outside(width: float, table: SafeTable, *_: SafeTable) -> tuple[go.Figure, Words]:
        enough = all(is_large_enough(total, Audience.OUTSIDE) for total in totals)
        cells = table.frame.reindex(index=chosen if enough else [], columns=[a, b]).dropna()
        shares = (cells.astype(float) / totals).set_axis(groups, axis=1)
        said = [
            f"{word}: {number(one)}% en {number(other)}%." for word, one, other in (shares * 100).itertuples()
        ]
        return _beside(shares, width), describe(
            corpus, title=f"Woorden van ‘{groups[0]}’ en ‘{groups[1]}’ naast elkaar",
            subtitle=f"{label}: {who}. Welk deel van de vertellers een woord gebruikt.",
            how="Een woord telt één keer per verteller. Gekozen zijn woorden die allebei gebruiken en die het meest verschillen (gewogen "
            "log-odds, Monroe, Colaresi & Quinn 2008).",
            alt=[f"Welk deel van {who} een woord gebruikt.", *said],
        )  # fmt: skip

    return shown(
        Behind(
            kind="contrast", corpus=corpus, words=_words(corpus, f"{label}: {who}", groups, words), members=members,
            counted=counted.set_axis(["narrative_id", "woord", label], axis=1).reset_index(drop=True),
            draw=lambda width: _plane(words, groups, totals, width), outside=outside,
            nothing=f"Deze groepen hebben geen woord dat minstens {FEWEST_TELLERS} vertellers gebruiken.",
        )
    )  # fmt: skip


def _long(corpus: Corpus, column: str, values: tuple[Any, Any]) -> pd.DataFrame:
    """Return a row per story and word: narrative_id, teller_id, group (missing for stories of neither), word."""
    group = corpus.frame[column].astype(object)
    words = [sorted(content_words(text)) for text in corpus.frame["text"]]
    frame = corpus.frame[["narrative_id", "teller_id"]].assign(
        group=group.where(group.isin(values)), word=words
    )
    # Categories are quicker to count than texts: a corpus has a million words.
    frame = frame.astype({"teller_id": "category", "group": "category"}).explode("word", ignore_index=True)
    return frame.dropna(subset="word").astype({"word": "category"})


def log_odds(a: Any, b: Any, prior: Any) -> Any:
    """Return z of the weighted log-odds of each word, above zero where `a` uses it more.

    Parameters
    ----------
    a, b, prior : numpy.ndarray, shape (n_words,)
        Counts in both groups, and α, above zero; see `plot_contrast`.
    """
    odds, variance = [], 0.0
    for counts in (a, b):
        with_word = counts + prior
        odds.append(np.log(with_word / (with_word.sum() - with_word)))
        variance = variance + 1 / with_word
    return (odds[0] - odds[1]) / variance**0.5


def _compared(long: pd.DataFrame, values: tuple[Any, Any], n_tellers: int) -> pd.DataFrame:
    """Return the words of two groups, the clearest first: word, a and b (tellers), z, clear (|z|), side (0, 1 or 2: neither)."""
    import pandas as pd

    def users(rows: pd.DataFrame) -> pd.Series:
        return rows.drop_duplicates(["teller_id", "word"]).groupby("word", observed=True).size()

    of = {name: users(long[long["group"] == value]) for name, value in zip("ab", values, strict=True)}
    of |= {"every": users(long), "told": users(long[long["group"].notna()])}
    words = pd.DataFrame({name: counts.rename(index=str) for name, counts in of.items()}).fillna(0)
    words = words.rename_axis("word").reset_index().astype({"word": object})
    # Odds are between words: where there is one, there are none.
    prior = words["every"] * PRIOR_TELLERS / max(n_tellers, 1)
    words = words.assign(z=log_odds(words["a"], words["b"], prior) if len(words) > 1 else 0.0)
    words = words[words["told"] >= FEWEST_TELLERS].assign(clear=lambda frame: frame["z"].abs())
    words = words.sort_values(["clear", "word"], ascending=[False, True], ignore_index=True).head(MOST_WORDS)
    return words.assign(side=np.where(words["clear"] < CLEAR, 2, np.where(words["z"] > 0, 0, 1)))


def _for_outside(words: pd.DataFrame) -> list[str]:
    """Return the clearest words of each side that both groups have enough tellers of."""
    least = words[["a", "b"]].min(axis=1)
    enough = words[least.map(lambda n: is_large_enough(n, Audience.OUTSIDE)).astype(bool)]
    sides = (enough[enough["z"] > 0], enough[enough["z"] <= 0])
    return [word for side in sides for word in sorted(side["word"].head(MOST_OUTSIDE))]


def _plane(words: pd.DataFrame, groups: tuple[str, str], totals: list[int], width: float) -> go.Figure:
    """Draw each word at the shares of tellers that use it, on axes of square roots, so that rare words come apart."""
    import plotly.graph_objects as go

    inner = width - 2 * EDGE - LEFT
    height = min(inner, 480)
    roots = np.sqrt(words[["a", "b"]].to_numpy() / totals)
    top = float(roots.max()) * 1.06
    low = -0.04 * top
    places = _apart(roots, 0.03 * top)
    legend = (*(f"vaker bij {group}" for group in groups), "geen duidelijk verschil")
    said = words["word"]
    for name, group, total in zip("ab", groups, totals, strict=True):
        said = said + f"<br>{group}: " + words[name].map(number) + f" van {number(total)} vertellers"
    traces = []
    for side in (2, 0, 1):
        own = (words["side"] == side).to_numpy()
        look = {"symbol": SHAPES[side], "size": 4 if side == 2 else 7, "color": COLOURS[side]}
        keyed = {"name": legend[side], "hover": "%{text}", "text": said[own], "more": {"showlegend": True}}
        x, y = places[own].T
        traces.append(marks(x, y, words.loc[own, "word"], **keyed, **look))
    paper: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "top"}
    scale = (top - low) / np.array([inner, height])
    texts = [
        written(
            0, 1, [f"{groups[1]}: deel van de vertellers"], xanchor="left", xshift=-LEFT, yshift=20, **paper
        ),
        written(1, 0, [f"{groups[0]}: deel van de vertellers"], xanchor="right", yshift=-24, **paper),
        *_names(words, (places - low) / scale, (inner, height), lambda place: place * scale + low),
    ]
    line = {"width": 1, "color": GROUND, "dash": "dot"}
    equal = {"type": "line", "x0": 0, "y0": 0, "x1": top, "y1": top, "layer": "below", "line": line}
    margin = {"l": LEFT, "t": 22, "b": BELOW + legend_height(legend, width)}
    layout = {"height": height, "annotations": texts, "shapes": [equal], "legend": {"y": -BELOW / height}}
    figure = go.Figure(traces, {**layout, "margin": margin})
    ticks: list[int] = []
    for tick in TICKS:  # one takes 34 pixels
        apart = (tick**0.5 - ticks[-1] ** 0.5) / 10 / scale[0] if ticks else 35
        ticks += [tick] if tick**0.5 <= 10 * top and apart > 34 else []
    axis = {"tickvals": np.sqrt(ticks) / 10, "ticktext": [f"{tick}%" for tick in ticks], "range": [low, top]}
    axis |= {"tickfont": {"size": SIZE}, "tickangle": 0, "showline": True}
    return figure.update_xaxes(**axis).update_yaxes(**axis)


def _apart(places: Any, step: float) -> Any:
    """Put words with the same numbers in a spiral, the clearest in the middle; zooming in takes them apart."""
    import pandas as pd

    turn = pd.DataFrame(places.round(9)).groupby([0, 1]).cumcount().to_numpy()
    radius, angle = step * np.sqrt(turn / max(turn.max(), 30)), turn * GOLDEN
    return places + np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _names(
    words: pd.DataFrame, pixels: Any, size: tuple[float, float], to_axes: Callable[[Any], Any]
) -> list[dict[str, Any]]:
    """Return the clearest words of both sides, each beside its mark, as far as there is room."""
    rows = sorted(row for side in (0, 1) for row in words.index[words["side"] == side][:MOST_LABELS])
    names, anchors = [str(words.at[row, "word"]) for row in rows], pixels[rows].reshape(-1, 2)
    boxes = [(text_width(name, SIZE) + 8, SIZE * LINE + 9) for name in names]
    # The mark of a named word is not to be hidden; the crowd of rare words weighs as one mark a place.
    kept = np.vstack([np.unique(pixels.round(-1), axis=0), np.repeat(anchors, 10, axis=0)])
    found = place_labels(kept, anchors, boxes, size=size, reach=46)
    look = {"name": "naam", "bgcolor": "rgba(255,255,255,0.8)"}
    texts = []
    for row, name, place in zip(rows, names, found, strict=True):
        if place:
            x, y = to_axes(place)
            texts.append(written(x, y, [name], colour=COLOURS[words.at[row, "side"]], **look))
    return texts


def _beside(shares: pd.DataFrame, width: float) -> go.Figure:
    """Draw released words under each other, with the share of both groups."""
    import plotly.graph_objects as go

    if shares.empty:
        return empty(NONE_OUTSIDE, width)
    words, below, height = list(shares.index), 30, 22 * len(shares) + 20
    keyed = {"hover": "", "more": {"showlegend": True}, "size": 10}
    traces = [
        marks(shares[group], words, None, name=group, symbol=shape, color=colour, **keyed)
        for group, shape, colour in zip(shares, SHAPES, COLOURS, strict=False)
    ]
    between = {"type": "line", "layer": "below", "line": {"width": 2, "color": "#c9cdd4"}}
    ends = zip(shares.min(axis=1), shares.max(axis=1), strict=True)
    lines = [{"x0": low, "x1": high, "y0": n, "y1": n, **between} for n, (low, high) in enumerate(ends)]
    left = max(text_width(word, SIZE) for word in words) + 10
    margin = {"l": left, "b": below + legend_height(list(shares), width)}
    layout = {"height": height, "legend": {"y": -below / height}, "shapes": lines, "margin": margin}
    x = {"tickformat": ".0%", "rangemode": "tozero", "showgrid": True, "gridcolor": "#eceef3", "nticks": 6}
    figure = go.Figure(traces, layout).update_xaxes(**x, tickfont={"size": SIZE})
    return figure.update_yaxes(**by_category(words, words), tickfont={"size": SIZE, "color": INK})


def _more(groups: Sequence[str], words: pd.DataFrame, most: int) -> str:
    """Return which words are of one group more than of the other."""
    found = [", ".join(words.loc[words["side"] == side, "word"].head(most)) for side in (0, 1)]
    told = "; ".join(f"vaker bij {group}: {own}" for group, own in zip(groups, found, strict=True) if own)
    return told[:1].upper() + told[1:] or f"Geen woord onderscheidt {groups[0]} en {groups[1]} duidelijk"


def _words(corpus: Corpus, who: str, groups: tuple[str, str], words: pd.DataFrame) -> Words:
    clear = f"{number(int((words['side'] < 2).sum()))} van {number(len(words))} woorden verschillen duidelijk"
    drawn = f" Getekend zijn de {number(MOST_WORDS)} duidelijkste." if len(words) == MOST_WORDS else ""
    return describe(
        corpus, title=_more(groups, words, 3),
        subtitle=f"{who}. Elk teken is een woord; hoe verder van de stippellijn, hoe ongelijker. {clear}.",
        how=f"Een woord telt één keer per verteller; minstens {FEWEST_TELLERS} vertellers gebruiken het. Vergeleken met gewogen log-odds, "
        "met het hele corpus als voorkennis (Monroe, Colaresi & Quinn 2008). Bij zoveel woorden steken er altijd een paar door "
        f"toeval uit.{drawn}",
        alt=[f"Woorden van {who}; {clear}.", f"{_more(groups, words, 8)}."],
    )  # fmt: skip
