"""Where tellers put their own story, as far as that may be shown: a place in a triad or on a dyad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.privacy.gate import Audience, release_table

if TYPE_CHECKING:
    from wijkanalyse.corpus import ColumnSpec, Corpus

DYADS = {"0–1": 1.0, "0–100": 100.0}  #: unit of a line between two ends → its length; 1–5 is a scale
#: Corners in the drawing, by how many there are; the mark is drawn in a little, to stay inside.
CORNERS = {
    2: np.array([(10.0, 9.0), (110.0, 9.0)]),
    3: np.array([(10.0, 104.0), (110.0, 104.0), (60.0, 18.0)]),
}
INWARD = 0.1


def places(
    corpus: Corpus, narrative_ids: Sequence[str], audience: Audience
) -> dict[str, list[dict[str, Any]]]:
    """Return for each story its places: question, words, the names of the ends, and x and y in the drawing.

    A place is one of seven in a triad and of three on a dyad, never the point itself, and it is there only
    when the gate releases how many tellers chose it.
    """
    questions: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        if spec.dtype == "float":
            questions.setdefault(spec.group or spec.name, []).append(spec)
    found: dict[str, list[dict[str, Any]]] = {narrative_id: [] for narrative_id in narrative_ids}
    for specs in questions.values():
        is_dyad = len(specs) == 1 and len(specs[0].ends) == 2 and specs[0].unit in DYADS
        if is_dyad or len(specs) == 3:
            names = specs[0].ends if is_dyad else tuple(spec.label for spec in specs)
            for narrative_id, words, shares in _released(corpus, specs, names, audience):
                if narrative_id in found:
                    x, y = ((1 - INWARD) * shares + INWARD / len(names)) @ CORNERS[len(names)]
                    question = specs[0].group or _asked(specs[0])
                    found[narrative_id].append(
                        {"question": question, "words": words, "names": names, "x": x, "y": y}
                    )
    return found


def _asked(spec: ColumnSpec) -> str:
    """Return what stands before the ends in the heading of a dyad: "Ik stond er … (alleen – samen)"."""
    heading = (spec.source or "").strip()
    before = heading.removesuffix(f"({spec.label})").strip()
    return before if before and before != heading else spec.label


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
    words, middles = zip(*_named(names), strict=True)
    shares = shares[usable] / shares[usable].sum(axis=1, keepdims=True)
    nearest = np.linalg.norm(shares[:, None] - np.array(middles), axis=2).argmin(axis=1)
    chosen = answers[usable].index.to_frame(index=False).assign(plek=[words[n] for n in nearest])
    table = release_table(corpus, chosen, rows="plek", audience=audience, order=words).frame
    shown = set(table.dropna().index)
    for narrative_id, n in zip(chosen["narrative_id"], nearest, strict=True):
        if words[n] in shown:
            yield narrative_id, words[n], middles[n]


def _named(names: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield each end, the middle between each two of three, and the middle of all."""
    unit = np.eye(len(names))
    for name, place in zip(names, unit, strict=True):
        yield f"{'in de hoek' if len(names) == 3 else 'aan de kant'} van ‘{name}’", place
    for a, b in combinations(range(3), 2) if len(names) == 3 else ():
        yield f"tussen ‘{names[a]}’ en ‘{names[b]}’", (unit[a] + unit[b]) / 2
    yield "in het midden", unit.mean(axis=0)
