"""A tension: two poles that pull at the same time, with the stories between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.answers import LINE, group_order, read_question, told_by
from wijkanalyse.figures.bars import bars_outside, stories, told
from wijkanalyse.figures.behind import Behind, shown
from wijkanalyse.figures.dots import NARROWEST, Strip, strips
from wijkanalyse.figures.signification import TOLD, line_ticks
from wijkanalyse.figures.template import number
from wijkanalyse.figures.words import Words, alt_text, empty, method_note

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
    corpus: Corpus,
    codings: pd.DataFrame | None = None,
    *,
    poles: str | Sequence[str],
    group: str | None = None,
) -> go.Figure:
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
    ends, at, beside, how = (
        _told(corpus, poles) if isinstance(poles, str) else _coded(corpus, codings, tuple(poles))
    )
    frame = corpus.frame[["narrative_id", "title"]].assign(at=corpus.frame["narrative_id"].map(at))
    frame = frame.assign(naast=frame["narrative_id"].map(beside).where(frame["at"].isna()))
    by, groups = (
        told_by(corpus, group=group)
        if group
        else ("", frame.set_index("narrative_id")["title"].map(lambda _: ALL))
    )
    order = (
        f"alleen {ends[0]}",
        f"meer {ends[0]}",
        "allebei evenveel",
        f"meer {ends[1]}",
        f"alleen {ends[1]}",
        NEITHER,
        NO_ANSWER,
    )
    words = [_word(row.at, order) if row.at == row.at else row.naast for row in frame.itertuples()]
    counted = frame[["narrative_id"]].assign(groep=frame["narrative_id"].map(groups), pool=words)
    counted = counted[counted["pool"] != NOT_CODED]
    return shown(
        Behind(
            kind="tension", corpus=corpus, words=_words(corpus, ends, frame, by, how), order=order,
            members=frame[["narrative_id"]].assign(mark=frame["narrative_id"])[["mark", "narrative_id"]],
            counted=counted if by else counted.drop(columns="groep"),
            draw=lambda width: _drawn(frame, groups, ends, width),
            outside=bars_outside(
                corpus, title=f"Tussen {ends[0]} en {ends[1]}", counts="hoeveel vertellers daar een verhaal hebben", how=f"{how} {HOW}", first=order
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
    known = set() if codings is None else set(codings["code"])
    if codings is None or len(set(poles)) != 2 or not set(poles) <= known:
        raise InputError.one(
            what="Een spanningsveld heeft twee polen die in de coderingen voorkomen.",
            where="wa.plot_tension",
            expected=f"twee van {list_names(sorted(known))}"
            if known
            else "coderingen met narrative_id, code, start en end",
            now="Geef de coderingen mee en twee van hun codes als poles=, of de naam van een dyade.",
        )
    ids = corpus.frame["narrative_id"]
    if unknown := set(codings["narrative_id"]) - set(ids):
        raise InputError.one(
            what=f"{len(unknown)} gecodeerde verhalen bestaan niet in dit corpus.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="coderingen van deze verhalen",
            now="Gebruik hetzelfde corpus als waarop gecodeerd is.",
        )
    is_near = "nearness" in codings
    amounts = (
        codings.set_index(["code", "narrative_id"])["nearness"] if is_near else _characters(corpus, codings)
    )
    a, b = (amounts.loc[pole].reindex(ids).fillna(0).astype(float) for pole in poles)
    coded = ids.isin(codings["narrative_id"]).map({True: NEITHER, False: NOT_CODED})
    return poles, (b / (a + b)).dropna(), coded.set_axis(ids), NEAR if is_near else CODED


def _characters(corpus: Corpus, codings: pd.DataFrame) -> pd.Series:
    """Return how many characters have a code, by code and narrative_id; what one coder marked twice counts once."""
    whole = codings["narrative_id"].map(corpus.frame.set_index("narrative_id")["text"].str.len())
    spans = codings.assign(
        start=codings["start"].astype(float).fillna(0), end=codings["end"].astype(float).fillna(whole)
    )
    spans = spans.sort_values(["start", "end"])
    by = ["code", "narrative_id", "coder"]
    reached = spans.assign(end=spans.groupby(by)["end"].cummax()).groupby(by)["end"].shift().fillna(0)
    return (
        spans.assign(new=(spans["end"] - np.maximum(spans["start"], reached)).clip(lower=0))
        .groupby(by[:2])["new"]
        .sum()
    )


def _word(at: float, order: Sequence[str]) -> str:
    return (
        order[0]
        if at == 0
        else order[4]
        if at == 1
        else order[2 if abs(at - 0.5) < 0.1 else 1 if at < 0.5 else 3]
    )


def _drawn(frame: pd.DataFrame, groups: pd.Series, ends: tuple[str, ...], width: float) -> go.Figure:
    if frame["at"].isna().all():
        return empty(f"Geen enkel verhaal ligt bij ‘{ends[0]}’ of bij ‘{ends[1]}’.", width)
    # Beside it is what has no place; its name is not that of a group.
    name = frame["naast"].fillna(frame["narrative_id"].map(groups))
    placed = frame["at"].notna()
    parts = [(own, frame[placed & (name == own)], True) for own in group_order(name[placed])]
    parts += [(own, frame[~placed & (name == own)], False) for own in sorted(set(name[~placed]))]
    rows = [Strip(name=own, quiet=stories(len(part)), told=part, has_places=has) for own, part, has in parts]
    narrowest = width if len(set(name[placed])) == 1 else NARROWEST
    return strips(rows, line_ticks(ends), width=width, height=STRIP, narrowest=narrowest)[0]


def _words(corpus: Corpus, ends: tuple[str, ...], frame: pd.DataFrame, by: str, how: str) -> Words:
    at = frame["at"]
    between = int(((at > 0) & (at < 1)).sum())
    parts = {
        f"alleen {ends[0]}": int((at == 0).sum()),
        "ertussen": between,
        f"alleen {ends[1]}": int((at == 1).sum()),
    }
    parts |= frame["naast"].value_counts().sort_index().to_dict()
    said = ", ".join(f"{number(n)} {name}" for name, n in parts.items())
    return Words(
        title=f"Tussen {ends[0]} en {ends[1]}: {f'in {stories(between)} trekken ze allebei' if between else 'geen verhaal ligt ertussen'}",
        subtitle=f"{told(corpus)}: {said}.{f' Per {by}.' if by else ''}",
        note=method_note(corpus, f"{how} {HOW}"),
        alt=alt_text(
            f"Lijn van {ends[0]} (links) naar {ends[1]} (rechts), elk verhaal een stip. {told(corpus)}: {said}."
        ),
    )
