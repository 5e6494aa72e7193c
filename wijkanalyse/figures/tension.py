"""A tension: two poles that pull at the same time, with the stories between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.bars import bars_outside
from wijkanalyse.figures.behind import Behind, opens, shown
from wijkanalyse.figures.dots import NARROWEST, in_dots, many, strips
from wijkanalyse.figures.readings import LINE, in_order, read_question, told_by
from wijkanalyse.figures.signification import TOLD, line_ticks
from wijkanalyse.figures.template import number
from wijkanalyse.figures.words import Words, describe, stories, told

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus

STRIP = 64  # pixels, height of a line
NEITHER, NOT_CODED, NO_ANSWER = "geen van beide", "niet gecodeerd", "geen antwoord"
ALL = "een van beide of allebei"
HOW = "Beide polen kunnen nodig zijn; het midden is geen doel."
CODED = "Waar een verhaal ligt, volgt uit hoeveel tekst elke pool kreeg van alle codeurs samen."
NEAR = "Waar een verhaal ligt, volgt uit de woorden van het schema die erin staan; dat is geen codering."


def plot_tension(
    corpus: Corpus, codings: pd.DataFrame | None = None, *, poles: str | Sequence[str], group: str | None = None
) -> go.Figure:  # fmt: skip
    """Draw stories between the two poles of a tension.

    Parameters
    ----------
    corpus : Corpus
    codings : pandas.DataFrame, optional
        narrative_id, coder, code, start, end (code points; missing for a whole story); or nearness to a scheme: narrative_id, code,
        nearness. A dyad needs none.
    poles : (str, str) or str
        Two codes, or the title, label or column of a dyad.
    group : str, optional
        Column to draw by; default all stories together.

    Returns
    -------
    plotly.graph_objects.Figure
        Stories with one pole lie at its end, with both in between, with neither beside it. A dot opens its story.

    Raises
    ------
    InputError
        When a pole does not occur, or the codings are of other stories.

    Notes
    -----
    With a and b the number of characters that have each code, added up over coders, a story lies at b / (a + b). What one coder marked twice
    counts once. A story coded with something else has neither pole; one without codings may not have been read.
    """
    found = _told(corpus, poles) if isinstance(poles, str) else _coded(corpus, codings, tuple(poles))
    ends, at, beside, how = found
    by, groups = told_by(corpus, group=group) if group else ("", {})
    a, b = ends
    order = (f"alleen {a}", f"meer {a}", "allebei evenveel", f"meer {b}", f"alleen {b}", NEITHER, NO_ANSWER)
    ids = corpus.frame["narrative_id"]
    points = corpus.frame[["narrative_id", "title"]].assign(at=ids.map(at))
    naast = ids.map(beside).where(points["at"].isna())
    points = points.assign(naast=naast, groep=ids.map(groups) if group else ALL)
    # Beside the line is what has no place; its name is not that of a group.
    points = points.assign(
        rij=points["naast"].fillna(points["groep"]),
        pool=[_zone(row.at, order) if row.at == row.at else row.naast for row in points.itertuples()],
    )
    counted = points.loc[points["pool"] != NOT_CODED, ["narrative_id", *(["groep"] if by else []), "pool"]]
    words = _words(corpus, ends, points, by, how)
    points = in_dots(points, "rij", ["at"])
    placed = points["at"].notna()

    def draw(width: float) -> go.Figure:
        names = [*in_order(points.loc[placed, "rij"]), *sorted(set(points.loc[~placed, "rij"]))]
        parts = [points[points["rij"] == name] for name in names]
        rows = [(name, stories(len(part)), part) for name, part in zip(names, parts, strict=True)]
        narrowest = width if points.loc[placed, "rij"].drop_duplicates().size == 1 else NARROWEST
        return strips(rows, line_ticks(ends), width=width, height=STRIP, narrowest=narrowest)

    return shown(
        Behind(
            kind="tension", corpus=corpus, words=words, order=order, counted=counted, draw=draw,
            members=opens((points["mark"], points) if placed.any() else ([], points.head(0))),
            nothing=f"Geen enkel verhaal ligt bij ‘{a}’ of bij ‘{b}’.",
            outside=bars_outside(
                corpus, title=f"Tussen {a} en {b}", counts="hoeveel vertellers daar een verhaal hebben", how=f"{how} {HOW}",
                first=order,
            ),
        )
    )  # fmt: skip


def _told(corpus: Corpus, name: str) -> tuple[tuple[str, ...], pd.Series, pd.Series, str]:
    asked = read_question(corpus, name)
    if asked.kind != LINE:
        raise InputError.one(
            what=f"‘{asked.title}’ is geen lijn tussen twee polen.",
            where="wa.plot_tension",
            expected="een dyade of schaal, of twee codes",
            now='Geef twee codes: poles=("…", "…"), of teken deze vraag met wa.plot_signification.',
        )
    everybody = corpus.frame.set_index("narrative_id")["teller_id"]
    return asked.labels, asked.places["at"], everybody.map(lambda _: NO_ANSWER), TOLD


def _coded(
    corpus: Corpus, codings: pd.DataFrame | None, poles: tuple[str, ...]
) -> tuple[tuple[str, ...], pd.Series, pd.Series, str]:
    """Return the poles, where stories lie that have one, what the others have instead, and how that is known."""
    known = set() if codings is None else set(codings["code"])
    if codings is None or len(set(poles)) != 2 or not set(poles) <= known:
        raise InputError.one(
            what="Een spanningsveld heeft twee polen die in de coderingen voorkomen.",
            where="wa.plot_tension",
            expected=f"twee van {list_names(sorted(known))}" if known else "coderingen met narrative_id, code, start en end",
            now="Geef de coderingen mee en twee van hun codes als poles=, of de naam van een dyade.",
        )  # fmt: skip
    ids = corpus.frame["narrative_id"]
    if unknown := set(codings["narrative_id"]) - set(ids):
        raise InputError.one(
            what=f"{len(unknown)} gecodeerde verhalen bestaan niet in dit corpus.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="coderingen van deze verhalen",
            now="Gebruik hetzelfde corpus als waarop gecodeerd is.",
        )
    by, is_near = ["code", "narrative_id"], "nearness" in codings
    amounts = codings.set_index(by)["nearness"] if is_near else _characters(corpus, codings, by)
    a, b = (amounts.loc[pole].reindex(ids).fillna(0).astype(float) for pole in poles)
    coded = ids.isin(codings["narrative_id"]).map({True: NEITHER, False: NOT_CODED})
    return poles, (b / (a + b)).dropna(), coded.set_axis(ids), NEAR if is_near else CODED


def _characters(corpus: Corpus, codings: pd.DataFrame, by: list[str]) -> pd.Series:
    """Return how many characters have a code, by code and narrative_id; what one coder marked twice counts once."""
    length = codings["narrative_id"].map(corpus.frame.set_index("narrative_id")["text"].str.len())
    spans = codings.assign(
        start=codings["start"].astype(float).fillna(0), end=codings["end"].astype(float).fillna(length)
    )
    spans = spans.sort_values(["start", "end"])
    coder = [*by, "coder"]
    reached = spans.assign(end=spans.groupby(coder)["end"].cummax()).groupby(coder)["end"].shift().fillna(0)
    new = (spans["end"] - np.maximum(spans["start"], reached)).clip(lower=0)
    return spans.assign(new=new).groupby(by)["new"].sum()


def _zone(at: float, order: Sequence[str]) -> str:
    if at in (0, 1):
        return order[0 if at == 0 else 4]
    return order[2 if abs(at - 0.5) < 0.1 else 1 if at < 0.5 else 3]


def _words(corpus: Corpus, ends: tuple[str, ...], points: pd.DataFrame, by: str, how: str) -> Words:
    at = points["at"]
    between = int(((at > 0) & (at < 1)).sum())
    a, b = ends
    parts = {f"alleen {a}": int((at == 0).sum()), "ertussen": between, f"alleen {b}": int((at == 1).sum())}
    parts |= points["naast"].value_counts().sort_index().to_dict()
    said = ", ".join(f"{number(n)} {name}" for name, n in parts.items())
    pull = f"in {stories(between)} trekken ze allebei" if between else "geen verhaal ligt ertussen"
    return describe(
        corpus, title=f"Tussen {a} en {b}: {pull}", how=f"{how} {HOW}{many(len(points))}",
        subtitle=f"{told(corpus)}: {said}.{f' Per {by}.' if by else ''}",
        alt=[f"Lijn van {a} (links) naar {b} (rechts), elk verhaal een stip. {told(corpus)}: {said}."],
    )  # fmt: skip
