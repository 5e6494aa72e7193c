"""Codes or themes that meet in stories: how often, and how often by chance."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.readings import how_many, read_codes, written
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GROUND, INK, LINE, PAPER, QUIET, number
from wijkanalyse.figures.words import Words, alt_text, broken, empty, method_note, text_width
from wijkanalyse.privacy.disclosure import OTHER, TELLERS
from wijkanalyse.privacy.gate import CLASS_SHARE

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

MOST_LINES = 40  # in the network; more cannot be followed
SIZE = FONT_SIZES["label"]
FILLS = (PAPER, "#e6e9ef", "#aab8d1")  # clearly less than by chance, about as much, clearly more


def plot_co_occurrence(
    frame: pd.DataFrame,
    corpus: Corpus,
    *,
    kind: Literal["matrix", "netwerk"] = "matrix",
    at_least: float = 0.25,
    topics: pd.DataFrame | None = None,
    scheme: Any = None,
) -> go.Figure:
    """Draw which codes or themes meet in stories, as a matrix or as a network.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per story and code or theme: codings, `themes.memberships` or `themes.nearness`. In `themes.assignments` a story has one
        theme, and nothing meets.
    corpus : Corpus
    kind : {"matrix", "netwerk"}
    at_least : float
        Weight or nearness from which a story has a theme or code, for frames that have it, 0–1.
    topics, scheme : optional
        `themes.topics` and the coding scheme, for names and order.

    Returns
    -------
    plotly.graph_objects.Figure
        Every code, and every pair that meets, opens its stories. Places follow from the order of the names alone, so that they never move.

    Raises
    ------
    InputError
        As `read_codes`, and for an unknown kind.

    Notes
    -----
    Expected is n_a · n_b / n, n the stories with any code at all: as if codes fell on these stories apart from one another. Where stories
    have few codes each, most pairs meet less than expected for that reason alone; neither more nor less is a cause. Outside, pairs are
    left out of which one side nearly always goes with the other: who is known to have told of one would be known to have told of both.
    """
    import pandas as pd

    kinds = {"matrix": _matrix, "netwerk": _network}
    if kind not in kinds:
        raise InputError.one(
            what=f"De soort ‘{kind}’ bestaat niet.", where="wa.plot_co_occurrence, kind=", expected="‘matrix’ of ‘netwerk’",
            now="Kies een van deze twee.",
        )  # fmt: skip
    found, labels = read_codes(frame, corpus, topics=topics, scheme=scheme, at_least=at_least)
    pairs, meeting = _pairs(found, labels, corpus)
    nearly = pairs["n_tellers"] >= CLASS_SHARE * pairs["fewest"]
    counted = meeting[~meeting["mark"].isin(pairs.loc[nearly, "mark"])]
    if kind == "netwerk":
        pairs = (
            pairs[pairs["n"] > 0]
            .sort_values(["n", "mark"], ascending=[False, True], kind="stable")
            .head(MOST_LINES)
        )
    own = found.groupby("label")["narrative_id"].nunique().to_dict()
    words = _words(corpus, found, pairs, kind, meeting["mark"].nunique() - len(pairs))
    members = pd.concat(
        [found.rename(columns={"label": "mark"}), meeting[meeting["mark"].isin(pairs["mark"])]]
    )
    members = (
        members[["mark", "narrative_id"]] if len(labels) > 1 else members[["mark", "narrative_id"]].head(0)
    )

    def draw(width: float) -> go.Figure:
        return kinds[kind](labels, pairs, width, own)

    def outside(width: float, table: SafeTable) -> tuple[go.Figure, Words]:
        tellers = {name: int(n) for name, n in table.frame[TELLERS].dropna().items() if name != OTHER}
        drawn = pairs[pairs["mark"].isin(tellers)]
        drawn = drawn.assign(n=drawn["mark"].map(tellers), expected=np.nan, told="")
        left = [label for label in labels if label in {*drawn["a"], *drawn["b"]}]
        return kinds[kind](left, drawn, width, {}), _words_outside(corpus, drawn)

    return shown(
        Behind(
            kind="co_occurrence", corpus=corpus, words=words, members=members.reset_index(drop=True),
            counted=counted.rename(columns={"mark": "samen in een verhaal"}), draw=draw, outside=outside,
        )
    )  # fmt: skip


def _pairs(found: pd.DataFrame, labels: list[str], corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every pair of labels with what is counted, and the stories of each pair that meets."""
    import pandas as pd

    ids = sorted(set(found["narrative_id"]))
    has = pd.crosstab(found["narrative_id"], found["label"]).reindex(ids, fill_value=0).astype(bool)
    teller = corpus.frame.set_index("narrative_id")["teller_id"].reindex(ids)
    tellers = {label: teller[has[label]].nunique() for label in labels}
    rows, meeting = [], [pd.DataFrame({"narrative_id": [], "mark": []}, dtype=object)]
    for a, b in combinations(labels, 2):
        both, mark = has.index[has[a] & has[b]], f"{a} + {b}"
        n, n_tellers, expected = len(both), teller[both].nunique(), has[a].sum() * has[b].sum() / len(ids)
        told = f"{mark}<br>{how_many(n, n_tellers)}; {_by_chance(expected)}"
        rows.append((mark, a, b, n, n_tellers, min(tellers[a], tellers[b]), expected, told))
        meeting.append(pd.DataFrame({"narrative_id": both, "mark": mark}))
    columns = ["mark", "a", "b", "n", "n_tellers", "fewest", "expected", "told"]
    return pd.DataFrame(rows, columns=columns), pd.concat(meeting, ignore_index=True)


def _clearly(pair: Any) -> int:
    """Tell whether a pair meets more (1) or less (−1) than chance usually comes to: |n − e| > 2√e, two Poisson deviations."""
    return int(np.sign(pair.n - pair.expected)) if abs(pair.n - pair.expected) > 2 * pair.expected**0.5 else 0


def _by_chance(expected: float) -> str:
    return f"door toeval zo’n {number(expected, int(expected < 10))}"


def _matrix(labels: list[str], pairs: pd.DataFrame, width: float, own: dict[str, int]) -> go.Figure:
    """Draw half a matrix; each name stands at the end of its row and the top of its column."""
    room, names = width - 2 * EDGE, _named(labels, own)
    side = min(0.4 * room, max([text_width(name, SIZE) for name in names], default=0) + 14)
    across = min(56.0, (room - side) / max(len(labels), 1))
    lines = [broken(name, room - (n + 1) * across, SIZE) for n, name in enumerate(names)]
    down = max(min(across, 44), max(map(len, lines), default=1) * SIZE * LINE + 2)
    at = {label: ((n + 0.5) * across, (n + 0.5) * down) for n, label in enumerate(labels)}
    marks, texts = [], []
    for pair in pairs.itertuples():
        x, y, tile = at[pair.a][0], at[pair.b][1], min(across, down) - 2
        look = {"symbol": "square", "color": FILLS[_clearly(pair) + 1], "line": {"width": 1, "color": GROUND}}
        if pair.n:
            marks.append(_mark(pair.mark, x, y, pair.told, size=tile, **look))
        lines_in = [number(pair.n)]
        if tile > 34 and not np.isnan(pair.expected):
            lines_in.append(f"({number(pair.expected, int(pair.expected < 10))})")
        if max(text_width(line, SIZE) for line in lines_in) + 3 <= across:
            texts.append(_written(x, y, lines_in, INK if pair.n else QUIET, name="getal"))
    for (x, y), text in zip(at.values(), lines, strict=True):
        texts.append(_written(x + 10, y, text, xanchor="left"))
    return _figure(labels, [*marks, *_own_marks(at, own)], texts, width, down * len(labels))


def _network(labels: list[str], pairs: pd.DataFrame, width: float, own: dict[str, int]) -> go.Figure:
    """Draw the names around an oval, the first at the upper right and on by the clock, and a line for each pair."""
    room, names, half = width - 2 * EDGE, _named(labels, own), -(-len(labels) // 2)
    side = min(0.32 * room, max([text_width(name, SIZE) for name in names], default=0) + 14)
    lines = [broken(name, side - 12, SIZE) for name in names]
    slot = max(30.0, max(map(len, lines), default=1) * SIZE * LINE + 6, 260 / max(half, 1))
    turns = [1 if n < half else -1 for n in range(len(labels))]  # right of the middle, or left
    at: dict[str, tuple[float, float]] = {}
    for n, (label, turn) in enumerate(zip(labels, turns, strict=True)):
        y = (n + 0.5 if turn > 0 else half - 0.5 - (n - half) - (half - len(labels) // 2) / 2) / half
        wide = min(room / 2 - side, 220) * (1 - 0.75 * (2 * y - 1) ** 2) ** 0.5
        at[label] = (room / 2 + turn * wide, y * slot * half)
    # A number keeps away from the names too: they begin outward of their mark.
    taken = [
        np.array([x + turn * out, y])
        for (x, y), turn in zip(at.values(), turns, strict=True)
        for out in (0, 20)
    ]
    marks, texts, shapes = [], [], []
    for pair in pairs.itertuples():
        start, end, clearly = np.array(at[pair.a]), np.array(at[pair.b]), _clearly(pair)
        line = {"color": QUIET if clearly > 0 else GROUND, "dash": "dot" if clearly < 0 else "solid"}
        line |= {"width": 1 + 5 * pair.n / pairs["n"].max()}
        ends = {"x0": start[0], "y0": start[1], "x1": end[0], "y1": end[1]}
        shapes.append({"type": "line", "layer": "below", "line": line, **ends})
        tries = [start + part * (end - start) for part in np.linspace(0.2, 0.8, 25)]
        free = np.array([min(np.hypot(*(place - other)) for other in taken) for place in tries])
        size = max(20, text_width(number(pair.n), SIZE) + 6)
        best = int(
            np.argmax(np.minimum(free, size + 6) - abs(np.linspace(-4, 4, 25)))
        )  # rather near the middle
        (x, y), fits = tries[best], free[best] >= size + 4
        taken.append(tries[best])
        look = {"color": PAPER, "line": {"width": 1.2, "color": QUIET}}
        marks.append(_mark(pair.mark, x, y, pair.told, size=size if fits else 7, **look))
        if fits:
            texts.append(_written(x, y, [number(pair.n)], name="getal"))
    for (x, y), turn, text in zip(at.values(), turns, lines, strict=True):
        texts.append(_written(x + 9 * turn, y, text, xanchor="left" if turn > 0 else "right"))
    return _figure(labels, [*marks, *_own_marks(at, own)], texts, width, slot * half, shapes=shapes)


def _named(labels: list[str], own: dict[str, int]) -> list[str]:
    return [f"{label} ({number(own[label])})" if own else label for label in labels]


def _figure(
    labels: list[str], marks: list[Any], texts: list[dict[str, Any]], width: float, height: float, **more: Any
) -> go.Figure:
    import plotly.graph_objects as go

    if len(labels) < 2:
        return empty(
            "Er zijn geen twee codes of thema’s die in genoeg verhalen samenkomen om te tekenen.", width
        )
    figure = go.Figure(marks, layout={"height": height, "showlegend": False, "annotations": texts, **more})
    figure.update_xaxes(visible=False, range=[0, width - 2 * EDGE])
    return figure.update_yaxes(visible=False, range=[height, 0])


def _mark(key: str, x: float, y: float, hover: str, **marker: Any) -> Any:
    import plotly.graph_objects as go

    keyed = {"name": key, "customdata": [key], "hovertemplate": f"{hover}<extra></extra>"}
    return go.Scatter(x=[x], y=[y], mode="markers", marker=marker, **keyed)


def _own_marks(at: dict[str, tuple[float, float]], own: dict[str, int]) -> list[Any]:
    """Return the marks of single codes; outside there are none, as only pairs were released."""
    return [
        _mark(label, *at[label], f"{label}: {number(n)} verhalen", size=9, color=QUIET)
        for label, n in own.items()
    ]


def _written(x: float, y: float, lines: list[str], colour: str = INK, **more: Any) -> dict[str, Any]:
    return written(x, y, lines, size=SIZE, **{"font": {"size": SIZE, "color": colour}, **more})


def _words(corpus: Corpus, found: pd.DataFrame, pairs: pd.DataFrame, kind: str, left_out: int) -> Words:
    own = corpus.frame[corpus.frame["narrative_id"].isin(found["narrative_id"])]
    several = int((found.groupby("narrative_id").size() > 1).sum())
    title = f"In {number(several)} van de {number(len(own))} verhalen met een code of thema {'komt' if several == 1 else 'komen'} er meer samen"
    if not several:
        title = "Geen twee codes of thema’s komen samen in een verhaal"
    seen = {
        "matrix": "In elk vak: in hoeveel verhalen twee samenkomen, tussen haakjes door toeval. Donker: duidelijk vaker dan door "
        "toeval; wit: duidelijk minder vaak.",
        "netwerk": "Bij elke lijn: in hoeveel verhalen twee samenkomen. Donker: duidelijk vaker dan door toeval; gestippeld: "
        "duidelijk minder vaak.",
    }[kind]
    not_drawn = (
        f" {left_out} lijnen met de minste verhalen zijn niet getekend."
        if kind == "netwerk" and left_out
        else ""
    )
    return Words(
        title=title,
        subtitle=f"{how_many(len(own), own['teller_id'].nunique())}. {seen}",
        note=method_note(
            corpus,
            "Door toeval: zo vaak als wanneer codes los van elkaar over deze verhalen verdeeld waren; duidelijk: verder daarvan af "
            f"dan toeval meestal komt. Vaker of minder vaak samen is nog geen oorzaak.{not_drawn}",
        ),
        alt=alt_text(
            f"{'Matrix' if kind == 'matrix' else 'Netwerk'}: hoe vaak {found['label'].nunique()} codes of thema’s in een verhaal samenkomen.",
            f"{title}.",
            *(
                f"{pair.mark}: {number(pair.n)}, {_by_chance(pair.expected)}."
                for pair in pairs.sort_values(
                    ["n", "mark"], ascending=[False, True], kind="stable"
                ).itertuples()
            ),
        ),
    )


def _words_outside(corpus: Corpus, drawn: pd.DataFrame) -> Words:
    title = f"{len(drawn)} paren van codes of thema’s komen samen in verhalen"
    if len(drawn) == 1:
        title = "Eén paar van codes of thema’s komt samen in verhalen"
    told = how_many(len(corpus), corpus.n_tellers)
    return Words(
        title=title,
        subtitle=f"{told}. Het getal: hoeveel vertellers een verhaal vertelden waarin beide voorkomen.",
        note=method_note(
            corpus,
            "Paren van weinig vertellers staan er niet bij, en ook niet als het ene bijna altijd met het andere samengaat. Samen in "
            "een verhaal is nog geen oorzaak.",
        ),
        alt=alt_text(
            f"{title}. {told}. Aantallen vertellers.",
            *(f"{pair.mark}: {number(pair.n)}." for pair in drawn.itertuples()),
        ),
    )
