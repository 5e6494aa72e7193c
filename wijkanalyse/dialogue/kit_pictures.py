"""Small pictures for paper, drawn by hand as SVG: in ink only, so that a copier keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.privacy.gate import NOT_SHOWN, Audience, release_table

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import ColumnSpec, Corpus

INK, PAPER = "#1f2430", "#ffffff"
CORNERS = ((10.0, 92.0), (110.0, 92.0), (60.0, 6.0))  # of a triad, in the units of its drawing
DYADS = {"0–1": 1.0, "0–100": 100.0}  # unit of a line between two ends → its length; 1–5 is a scale


@dataclass(frozen=True, kw_only=True)
class Placing:
    """Where a teller put a story in one triad or dyad."""

    question: str
    words: str  #: the place in words, for Word and for who cannot see the drawing
    svg: str


def bars(rows: Sequence[tuple[str, int | None, bool]], unit: str) -> str:
    """Return an SVG with a bar per row: label, number (None is withheld) and whether it is filled or open."""
    longest = max([n for _, n, _ in rows if n], default=1)
    parts, said = [], []
    for place, (label, n, filled) in enumerate(rows):
        y, width = 24 * place, 210 * (n or 0) / longest
        shown = NOT_SHOWN if n is None else str(n)
        said.append(f"{label}: {'niet te tonen' if n is None else n}")
        parts.append(
            f'<text x="0" y="{y + 8}" font-size="8.5">{escape(label)}</text>'
            f'<rect x="0.6" y="{y + 11}" width="{max(width, 0.1):.1f}" height="8" fill="{INK if filled else PAPER}" stroke="{INK}"/>'
            f'<text x="{width + 5:.1f}" y="{y + 18.5}" font-size="8.5" font-weight="bold">{shown}</text>'
        )
    return _svg(f"{unit}. {'; '.join(said)}.", (250, 24 * len(rows)), "".join(parts))


def placings(corpus: Corpus, narrative_ids: Sequence[str], audience: Audience) -> dict[str, list[Placing]]:
    """Return for each story its places in triads and dyads, as far as they may be shown.

    Outside a place is one of seven in a triad and of three in a dyad, and only when the gate releases how many tellers
    chose it; on the workbench it is the point itself.
    """
    groups: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        if spec.dtype == "float":
            groups.setdefault(spec.group or spec.name, []).append(spec)
    frame = corpus.frame.set_index("narrative_id", drop=False)
    found: dict[str, list[Placing]] = {narrative_id: [] for narrative_id in narrative_ids}
    for specs in groups.values():
        is_dyad = len(specs) == 1 and len(specs[0].ends) == 2 and specs[0].unit in DYADS
        if len(specs) != 3 and not is_dyad:
            continue
        names = [spec.label for spec in specs] if len(specs) == 3 else list(specs[0].ends)
        question = specs[0].group or specs[0].label
        for narrative_id, point, words, anchor in _released(corpus, frame, specs, names, audience):
            if narrative_id not in found:
                continue
            exact = audience is Audience.WORKBENCH
            draw = _triad if len(names) == 3 else _dyad
            at = point if exact else anchor
            svg = draw(f"{question}: {words}", names, at, 3 if exact else 7)
            found[narrative_id].append(Placing(question=question, words=words, svg=svg))
    return found


def _released(
    corpus: Corpus, frame: pd.DataFrame, specs: Sequence[ColumnSpec], names: Sequence[str], audience: Audience
) -> Iterator[tuple[str, np.ndarray, str, np.ndarray]]:
    """Yield the id, the shares, the place in words and the middle of that place, for what the gate lets through."""
    answers = frame[[spec.name for spec in specs]].astype(float).dropna()
    if len(names) == 2:
        right = answers.to_numpy()[:, 0] / DYADS[specs[0].unit or ""]
        shares = np.column_stack([1 - right, right])
    else:
        shares = answers.to_numpy()
    usable = (shares >= 0).all(axis=1) & (shares.sum(axis=1) > 0)
    answers, shares = answers[usable], shares[usable] / shares[usable].sum(axis=1, keepdims=True)
    if answers.empty:
        return
    words, anchors = zip(*_places(names), strict=True)
    nearest = np.linalg.norm(shares[:, None] - np.array(anchors), axis=2).argmin(axis=1)
    chosen = answers.index.to_frame(index=False, name="narrative_id").assign(plek=[words[n] for n in nearest])
    table = release_table(corpus, chosen, rows="plek", audience=audience, order=words).frame
    shown = set(table.index[table.notna().all(axis=1)])
    for narrative_id, share, n in zip(answers.index, shares, nearest, strict=True):
        if words[n] in shown:
            yield narrative_id, share, words[n], anchors[n]


def _places(names: Sequence[str]) -> Iterator[tuple[str, np.ndarray]]:
    unit = np.eye(len(names))
    for number, name in enumerate(names):
        yield f"{'in de hoek' if len(names) == 3 else 'aan de kant'} van ‘{name}’", unit[number]
    if len(names) == 3:
        for a, b in combinations(range(3), 2):
            yield f"tussen ‘{names[a]}’ en ‘{names[b]}’", (unit[a] + unit[b]) / 2
    yield "in het midden", unit.mean(axis=0)


def _triad(alt: str, names: Sequence[str], shares: np.ndarray, radius: int) -> str:
    corners = np.array(CORNERS)
    # Drawn in from the corner, so that the whole mark stays inside.
    x, y = (0.86 * shares + 0.14 / 3) @ corners
    outline = " ".join(f"{a:g},{b:g}" for a, b in CORNERS)
    anchors = (("start", 0, 103), ("end", 120, 103), ("middle", 60, 0))
    labels = "".join(
        f'<text x="{at}" y="{height}" text-anchor="{anchor}" font-size="8">{escape(name)}</text>'
        for name, (anchor, at, height) in zip(names, anchors, strict=True)
    )
    shape = f'<polygon points="{outline}" fill="none" stroke="{INK}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{INK}"/>'
    return _svg(alt, (120, 120), f'<g transform="translate(0 12)">{shape}{labels}</g>')


def _dyad(alt: str, names: Sequence[str], shares: np.ndarray, radius: int) -> str:
    x = 10 + 230 * (0.94 * shares[1] + 0.03)
    labels = (
        f'<text x="0" y="26" font-size="8">{escape(names[0])}</text>'
        f'<text x="250" y="26" text-anchor="end" font-size="8">{escape(names[1])}</text>'
    )
    line = f'<path d="M10 9H240M10 4V14M240 4V14" stroke="{INK}" fill="none"/>'
    return _svg(alt, (250, 29), f'{line}<circle cx="{x:.1f}" cy="9" r="{radius}" fill="{INK}"/>{labels}')


def _svg(alt: str, size: tuple[int, int], content: str) -> str:
    return f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {size[0]} {size[1]}" fill="{INK}">{content}</svg>'
