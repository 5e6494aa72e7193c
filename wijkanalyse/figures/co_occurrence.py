"""Codes or themes that meet in stories: how often, and how often by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from wijkanalyse.errors import InputError
from wijkanalyse.figures.bars import TOO_SMALL
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.drawing import SIZE, canvas, listed, marks, written
from wijkanalyse.figures.readings import read_codes
from wijkanalyse.figures.template import EDGE, GROUND, INK, LINE, PAPER, QUIET, number
from wijkanalyse.figures.words import Words, broken, describe, empty, stories, tellers, text_width, told
from wijkanalyse.privacy.disclosure import OTHER, TELLERS
from wijkanalyse.privacy.gate import CLASS_SHARE

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.gate import SafeTable

MOST_LINES = 40  # in the network; more cannot be followed
ROW = SIZE * LINE
FILLS = (PAPER, "#e6e9ef", "#aab8d1")  # clearly less than by chance, about as much, clearly more
SEEN = {
    "matrix": "In elk vak: in hoeveel verhalen twee samenkomen, tussen haakjes door toeval. Donker: duidelijk vaker dan door "
    "toeval; wit: duidelijk minder vaak.",
    "netwerk": "Bij elke lijn: in hoeveel verhalen twee samenkomen. Donker: duidelijk vaker dan door toeval; gestippeld: "
    "duidelijk minder vaak.",
}


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
    if kind not in SEEN:
        raise InputError.one(
            what=f"De soort ‘{kind}’ bestaat niet.", where="wa.plot_co_occurrence, kind=", expected="‘matrix’ of ‘netwerk’",
            now="Kies een van deze twee.",
        )  # fmt: skip
    draw = _matrix if kind == "matrix" else _network
    found, labels = read_codes(frame, corpus, topics=topics, scheme=scheme, at_least=at_least)
    pairs, meeting = _pairs(found, labels, corpus)
    nearly = pairs["n_tellers"] >= CLASS_SHARE * pairs["fewest"]
    counted = meeting[~meeting["mark"].isin(pairs.loc[nearly, "mark"])]
    in_order = pairs.sort_values(["n", "mark"], ascending=[False, True], kind="stable")
    if kind == "netwerk":
        pairs = in_order[in_order["n"] > 0].head(MOST_LINES)
    own = found.groupby("label")["narrative_id"].nunique().to_dict()
    drawn = meeting[meeting["mark"].isin(pairs["mark"])]
    members = opens((found["label"], found), (drawn["mark"], drawn))

    def outside(width: float, table: SafeTable) -> tuple[go.Figure, Words]:
        said = {name: int(n) for name, n in table.frame[TELLERS].dropna().items() if name != OTHER}
        left = pairs[pairs["mark"].isin(said)]
        left = left.assign(n=left["mark"].map(said), expected=np.nan, told="")
        names = [label for label in labels if label in {*left["a"], *left["b"]}]
        figure = draw(names, left, width, {}) if names else empty(TOO_SMALL, width)
        return figure, _words_outside(corpus, left)

    return shown(
        Behind(
            kind="co_occurrence", corpus=corpus, counted=counted.rename(columns={"mark": "samen in een verhaal"}),
            words=_words(corpus, found, in_order.head(len(pairs)), kind, drawn_of=meeting["mark"].nunique()),
            members=members if len(labels) > 1 else members.head(0), draw=lambda width: draw(labels, pairs, width, own),
            nothing="Er zijn geen twee codes of thema’s die in genoeg verhalen samenkomen om te tekenen.", outside=outside,
        )
    )  # fmt: skip


def _pairs(found: pd.DataFrame, labels: list[str], corpus: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return every pair of labels with what is counted, and the stories of each pair that meets."""
    import pandas as pd

    has = pd.crosstab(found["narrative_id"], found["label"]).astype(bool)
    teller = corpus.frame.set_index("narrative_id")["teller_id"].reindex(has.index)
    of_label = {label: teller[has[label]].nunique() for label in labels}
    rows, meeting = [], [pd.DataFrame({"narrative_id": [], "mark": []}, dtype=object)]
    for a, b in combinations(labels, 2):
        both, mark = has.index[has[a] & has[b]], f"{a} + {b}"
        n, n_tellers, expected = len(both), teller[both].nunique(), has[a].sum() * has[b].sum() / len(has)
        said = f"{mark}<br>{stories(n)} van {tellers(n_tellers)}; {_by_chance(expected)}"
        rows.append((mark, a, b, n, n_tellers, min(of_label[a], of_label[b]), expected, said))
        meeting.append(pd.DataFrame({"narrative_id": both, "mark": mark}))
    columns = ["mark", "a", "b", "n", "n_tellers", "fewest", "expected", "told"]
    return pd.DataFrame(rows, columns=columns), pd.concat(meeting, ignore_index=True)


def _clearly(pair: Any) -> int:
    """Tell whether a pair meets more (1) or less (−1) than chance usually comes to: |n − e| > 2√e, two Poisson deviations."""
    return int(np.sign(pair.n - pair.expected)) if abs(pair.n - pair.expected) > 2 * pair.expected**0.5 else 0


def _by_chance(expected: float) -> str:
    return f"door toeval zo’n {number(expected, int(expected < 10))}"


def _named(labels: Sequence[str], own: Mapping[str, int]) -> list[str]:
    return [f"{label} ({number(own[label])})" if own else label for label in labels]


def _matrix(labels: list[str], pairs: pd.DataFrame, width: float, own: Mapping[str, int]) -> go.Figure:
    """Draw half a matrix; each name stands at the end of its row and the top of its column.

    Where that leaves no room for numbers in the cells, the names are numbers, and stand in a list below.
    """
    room, names, below = width - 2 * EDGE, _named(labels, own), list[str]()
    side = min(0.4 * room, max(text_width(name, SIZE) for name in names) + 14)
    across, size = min(56.0, (room - side) / len(labels)), SIZE
    widest = max(text_width(number(n), SIZE) for n in pairs["n"])
    if across < widest + 3:
        below, names = listed(names, room), [str(n) for n in range(1, len(names) + 1)]
        across, size = min(56.0, (room - 26) / len(labels)), SIZE - 3
    lines = [broken(name, room - (n + 1) * across, SIZE) for n, name in enumerate(names)]
    down = max(min(across, 44), max(map(len, lines)) * ROW + 2)
    at = {label: ((n + 0.5) * across, (n + 0.5) * down) for n, label in enumerate(labels)}
    tile, traces, texts = min(across, down) - 2, [], []
    for pair in pairs.itertuples():
        x, y = at[pair.a][0], at[pair.b][1]
        if pair.n:
            look = {"symbol": "square", "color": FILLS[_clearly(pair) + 1], "size": tile}
            traces.append(_mark(pair.mark, x, y, pair.told, line={"width": 1, "color": GROUND}, **look))
        inside = [number(pair.n)]
        if tile > 34 and not np.isnan(pair.expected):
            inside.append(f"({number(pair.expected, int(pair.expected < 10))})")
        if max(text_width(line, size) for line in inside) + 3 <= across:
            texts.append(written(x, y, inside, size=size, colour=INK if pair.n else QUIET, name="getal"))
    for (x, y), text in zip(at.values(), lines, strict=True):
        texts.append(written(x + 10, y, text, xanchor="left", name="naam"))
    height = down * len(labels)
    texts.append(written(0, height + 8, below, xanchor="left", yanchor="top"))
    height += 8 + len(below) * ROW if below else 0
    return canvas([*traces, *_own_marks(at, own)], texts, width=width, height=height)


def _network(labels: list[str], pairs: pd.DataFrame, width: float, own: Mapping[str, int]) -> go.Figure:
    """Draw the names around an oval, the first at the upper right and on by the clock, and a line for each pair."""
    room, names, half = width - 2 * EDGE, _named(labels, own), -(-len(labels) // 2)
    side = min(0.32 * room, max(text_width(name, SIZE) for name in names) + 14)
    lines = [broken(name, side - 12, SIZE) for name in names]
    slot = max(30.0, max(map(len, lines)) * ROW + 6, 260 / half)
    at: dict[str, tuple[float, float]] = {}
    turns = [1 if n < half else -1 for n in range(len(labels))]  # right of the middle, or left
    for n, (label, turn) in enumerate(zip(labels, turns, strict=True)):
        y = (n + 0.5 if turn > 0 else half - 0.5 - (n - half) - (half - len(labels) // 2) / 2) / half
        wide = min(room / 2 - side, 220) * (1 - 0.75 * (2 * y - 1) ** 2) ** 0.5
        at[label] = (room / 2 + turn * wide, y * slot * half)
    # A number keeps away from the names too: they begin outward of their mark.
    taken = [(x + turn * out, y) for (x, y), turn in zip(at.values(), turns, strict=True) for out in (0, 20)]
    traces, texts, shapes = [], [], []
    along, most = np.linspace(0.2, 0.8, 25), pairs["n"].max()
    for pair in pairs.itertuples():
        start, end, clearly = np.array(at[pair.a]), np.array(at[pair.b]), _clearly(pair)
        line = {"color": QUIET if clearly > 0 else GROUND, "dash": "dot" if clearly < 0 else "solid"}
        line |= {"width": 1 + 5 * pair.n / most}
        ends = dict(zip(("x0", "y0", "x1", "y1"), (*start, *end), strict=True))
        shapes.append({"type": "line", "layer": "below", "line": line, **ends})
        tries = start + along[:, None] * (end - start)
        free = np.min([np.hypot(*(tries - other).T) for other in taken], axis=0)
        size = max(20, text_width(number(pair.n), SIZE) + 6)
        best = np.argmax(np.minimum(free, size + 6) - abs(along - 0.5) * 13)  # rather near the middle
        (x, y), fits = tries[best], free[best] >= size + 4
        taken.append((x, y))
        look = {"color": PAPER, "line": {"width": 1.2, "color": QUIET}}
        traces.append(_mark(pair.mark, x, y, pair.told, size=size if fits else 7, **look))
        if fits:
            texts.append(written(x, y, [number(pair.n)], name="getal"))
    for (x, y), turn, text in zip(at.values(), turns, lines, strict=True):
        texts.append(written(x + 9 * turn, y, text, xanchor="left" if turn > 0 else "right", name="naam"))
    return canvas([*traces, *_own_marks(at, own)], texts, width=width, height=slot * half, shapes=shapes)


def _mark(key: str, x: float, y: float, hover: str, **marker: Any) -> Any:
    return marks([x], [y], [key], name=key, hover=hover, **marker)


def _own_marks(at: Mapping[str, tuple[float, float]], own: Mapping[str, int]) -> list[Any]:
    """Return the marks of single codes; outside there are none, as only pairs were released."""
    return [
        _mark(label, *at[label], f"{label}: {stories(n)}", size=9, color=QUIET) for label, n in own.items()
    ]


def _words(corpus: Corpus, found: pd.DataFrame, pairs: pd.DataFrame, kind: str, *, drawn_of: int) -> Words:
    own = corpus.frame[corpus.frame["narrative_id"].isin(found["narrative_id"])]
    several = int((found.groupby("narrative_id").size() > 1).sum())
    meet = "komt" if several == 1 else "komen"
    title = (
        f"In {number(several)} van de {number(len(own))} verhalen met een code of thema {meet} er meer samen"
    )
    if not several:
        title = "Geen twee codes of thema’s komen samen in een verhaal"
    left_out = drawn_of - len(pairs) if kind == "netwerk" else 0
    not_drawn = f" {left_out} lijnen met de minste verhalen zijn niet getekend." if left_out else ""
    return describe(
        corpus, title=title, subtitle=f"{stories(len(own))} van {tellers(own['teller_id'].nunique())}. {SEEN[kind]}",
        how="Door toeval: zo vaak als wanneer codes los van elkaar over deze verhalen verdeeld waren; duidelijk: verder daarvan af "
        f"dan toeval meestal komt. Vaker of minder vaak samen is nog geen oorzaak.{not_drawn}",
        alt=[
            f"{kind.capitalize()}: hoe vaak {found['label'].nunique()} codes of thema’s in een verhaal samenkomen.", f"{title}.",
            *(f"{pair.mark}: {number(pair.n)}, {_by_chance(pair.expected)}." for pair in pairs.itertuples()),
        ],
    )  # fmt: skip


def _words_outside(corpus: Corpus, drawn: pd.DataFrame) -> Words:
    title = f"{len(drawn)} paren van codes of thema’s komen samen in verhalen"
    if len(drawn) == 1:
        title = "Eén paar van codes of thema’s komt samen in verhalen"
    pairs = [f"{pair.mark}: {number(pair.n)}." for pair in drawn.itertuples()]
    return describe(
        corpus, title=title, alt=[f"{title}. {told(corpus)}. Aantallen vertellers.", *pairs],
        subtitle=f"{told(corpus)}. Het getal: hoeveel vertellers een verhaal vertelden waarin beide voorkomen.",
        how="Paren van weinig vertellers staan er niet bij, en ook niet als het ene bijna altijd met het andere samengaat. Samen in "
        "een verhaal is nog geen oorzaak.",
    )  # fmt: skip
