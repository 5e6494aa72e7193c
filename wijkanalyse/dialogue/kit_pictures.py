"""Small pictures for paper, drawn as SVG in ink only, so that a copier keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.privacy.gate import NOT_SHOWN, Audience, release_table

if TYPE_CHECKING:
    from wijkanalyse.corpus import ColumnSpec, Corpus

INK, PAPER = "#1f2430", "#ffffff"
DYADS = {"0–1": 1.0, "0–100": 100.0}  #: unit of a line between two ends → its length; 1–5 is a scale
ROUGH, EXACT = 7, 3  #: size of the mark of a place and of a point
TRIAD = np.array([(10.0, 104.0), (110.0, 104.0), (60.0, 18.0)])  #: lower left, lower right, top
DYAD = np.array([(10.0, 9.0), (110.0, 9.0)])


def bars(rows: Sequence[tuple[str, int | None, bool]], unit: str) -> str:
    """Return an SVG with a bar for each label and number (None is withheld), filled or open."""
    longest = max([n for _, n, _ in rows if n], default=1)
    content = ""
    for place, (label, n, filled) in enumerate(rows):
        y, width = 24 * place, 210 * (n or 0) / longest
        content += f'<text x="0" y="{y + 8}" font-size="8.5">{escape(label)}</text>'
        if n:
            content += f'<rect x="0.5" y="{y + 11}" width="{width:.1f}" height="8" fill="{INK if filled else PAPER}" stroke="{INK}"/>'
        content += f'<text x="{width + 5:.1f}" y="{y + 18.5}" font-size="8.5" font-weight="bold">{NOT_SHOWN if n is None else n}</text>'
    said = "; ".join(f"{label}: {'te klein om te tonen' if n is None else n}" for label, n, _ in rows)
    return _svg(f"{unit}: {said}.", (250, 24 * len(rows)), content)


def placings(
    corpus: Corpus, narrative_ids: Sequence[str], audience: Audience
) -> dict[str, list[tuple[str, str]]]:
    """Return for each story the question and a drawing of where the teller put it, for each triad and dyad that may be shown.

    Outside a place is one of seven in a triad and of three in a dyad, and shown only when the gate releases how many tellers
    chose it; on the workbench it is the point itself.
    """
    questions: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        if spec.dtype == "float":
            questions.setdefault(spec.group or spec.name, []).append(spec)
    found: dict[str, list[tuple[str, str]]] = {narrative_id: [] for narrative_id in narrative_ids}
    for specs in questions.values():
        if len(specs) == 1 and len(specs[0].ends) == 2 and specs[0].unit in DYADS:
            names, corners = list(specs[0].ends), DYAD
        elif len(specs) == 3:
            names, corners = [spec.label for spec in specs], TRIAD
        else:
            continue
        question = specs[0].group or specs[0].label
        for narrative_id, words, shares in _released(corpus, specs, names, audience):
            if narrative_id in found:
                svg = _drawn(
                    f"{question}: {words}",
                    names,
                    corners,
                    shares,
                    EXACT if audience is Audience.WORKBENCH else ROUGH,
                )
                found[narrative_id].append((question, svg))
    return found


def _released(
    corpus: Corpus, specs: Sequence[ColumnSpec], names: Sequence[str], audience: Audience
) -> Iterator[tuple[str, str, Any]]:
    """Yield the id, the place in words and the shares of the ends, as far as the gate lets them through."""
    answers = corpus.frame.set_index("narrative_id")[[spec.name for spec in specs]].astype(float).dropna()
    shares = answers.to_numpy()
    if len(names) == 2:
        right = shares[:, 0] / DYADS[specs[0].unit or ""]
        shares = np.column_stack([1 - right, right])
    usable = (shares >= 0).all(axis=1) & (shares.sum(axis=1) > 0)
    if not usable.any():
        return
    shares = shares[usable] / shares[usable].sum(axis=1, keepdims=True)
    words, middles = zip(*_places(names), strict=True)
    nearest = np.linalg.norm(shares[:, None] - np.array(middles), axis=2).argmin(axis=1)
    chosen = answers[usable].index.to_frame(index=False).assign(plek=[words[n] for n in nearest])
    table = release_table(corpus, chosen, rows="plek", audience=audience, order=words).frame
    shown = set(table.index[table.notna().all(axis=1)])
    for narrative_id, n, exact in zip(chosen["narrative_id"], nearest, shares, strict=True):
        if words[n] in shown:
            yield narrative_id, words[n], exact if audience is Audience.WORKBENCH else middles[n]


def _places(names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield each end, the middle between each two of three, and the middle of all."""
    unit = np.eye(len(names))
    for name, place in zip(names, unit, strict=True):
        yield f"{'in de hoek' if len(names) == 3 else 'aan de kant'} van ‘{name}’", place
    if len(names) == 3:
        for a, b in combinations(range(3), 2):
            yield f"tussen ‘{names[a]}’ en ‘{names[b]}’", (unit[a] + unit[b]) / 2
    yield "in het midden", unit.mean(axis=0)


def _drawn(alt: str, names: Sequence[str], corners: Any, shares: Any, radius: int) -> str:
    """Draw the triangle or line, the mark, and the names at the corners; the mark is drawn in a little, to stay inside."""
    x, y = (0.9 * shares + 0.1 / len(names)) @ corners
    outline = " ".join(f"{a:g},{b:g}" for a, b in corners)
    places = ((0, corners[0][1] + 15, "start"), (120, corners[1][1] + 15, "end"), (60, 11, "middle"))
    labels = "".join(
        f'<text x="{at}" y="{height:g}" text-anchor="{anchor}" font-size="8.5">{escape(name)}</text>'
        for name, (at, height, anchor) in zip(names, places, strict=False)
    )
    shape = f'<polygon points="{outline}" fill="none" stroke="{INK}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
    return _svg(alt, (120, int(corners[0][1]) + 20), shape + labels)


def _svg(alt: str, size: tuple[int, int], content: str) -> str:
    return f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {size[0]} {size[1]}" fill="{INK}">{content}</svg>'
