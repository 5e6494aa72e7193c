"""The words of a figure: the observation, the denominator, the method, and a text for who cannot see it.

plotly wraps nothing, so the words are broken here, for the width at which the figure is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wijkanalyse.corpus import package_versions, today
from wijkanalyse.figures.template import EDGE, FONT_SIZES, GAP, LINE, QUIET, number, template

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus

MAX_ALT = 600
_NARROW, _WIDE = frozenset("iljtfrI.,:;'’‘!|()[] -"), frozenset("mwMW%@…–&×")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands around a figure, in Dutch."""

    title: str  #: the observation, not the subject
    subtitle: str  #: the denominator: of how many stories and tellers
    note: str  #: the method; see `method_note`
    alt: str  #: what is to be seen, for who does not see it; at most `MAX_ALT` characters, see `alt_text`

    def __post_init__(self) -> None:
        if len(self.alt) > MAX_ALT:
            raise ValueError(f"an alt text of {len(self.alt)} characters; the most is {MAX_ALT}")


def stories(n: float) -> str:
    """Return "12 verhalen"."""
    return f"{number(n)} {'verhaal' if n == 1 else 'verhalen'}"


def tellers(n: float) -> str:
    """Return "12 vertellers"."""
    return f"{number(n)} {'verteller' if n == 1 else 'vertellers'}"


def told(corpus: Corpus) -> str:
    """Return "257 verhalen van 197 vertellers"."""
    return f"{stories(len(corpus))} van {tellers(corpus.n_tellers)}"


def describe(
    corpus: Corpus, *, title: str, subtitle: str, how: str, alt: Iterable[str], seed: int | None = None
) -> Words:
    """Return the words of a figure: `how` goes into `method_note`, the sentences of `alt` into `alt_text`."""
    return Words(title=title, subtitle=subtitle, note=method_note(corpus, how, seed=seed), alt=alt_text(*alt))


def alt_text(*sentences: str) -> str:
    """Join sentences, the most telling first, as long as they fit."""
    text = ""
    for sentence in sentences:
        if len(text) + len(sentence) + 1 > MAX_ALT:
            break
        text += (" " if text else "") + sentence
    return text


def method_note(corpus: Corpus, how: str, *, seed: int | None = None, chosen: str = "") -> str:
    """Return the note under a figure: what it is for, how it was made, from what.

    Parameters
    ----------
    corpus : Corpus
    how : str
        How the figure was made and what it does not show; whole Dutch sentences.
    seed : int, optional
    chosen : str
        What else there is to say of the stories; how they were selected (`Corpus.select`) stands here by itself.
    """
    selections = [re.sub(r"^\d{4}-\d{2}-\d{2}: ", "", step) for step in corpus.provenance.selections]
    made = [
        told(corpus),
        *selections,
        *([chosen] if chosen else []),
        *([f"toevalsgetal {seed}"] if seed is not None else []),
        _source(corpus),
        f"corpus {corpus.provenance.corpus_hash}",
        f"wijkanalyse {package_versions(['wijkanalyse'])['wijkanalyse']}",
        today(),
    ]
    return f"Voorlopig beeld, bedoeld voor gesprek. {how} {', '.join(made)}."


def without_source(note: str, corpus: Corpus) -> str:
    """Return a note as it may go outside: a file may be called after a person, and the hash of the corpus says enough."""
    return note.replace(f"{_source(corpus)}, ", "")


def _source(corpus: Corpus) -> str:
    return f"bron {corpus.provenance.source}"


def text_width(text: str, size: float) -> float:
    """Return about how many pixels a text takes, on the wide side: which font a reader has is not known."""
    ems = sum(
        0.38 if c in _NARROW else 0.98 if c in _WIDE else 0.7 if c.isupper() or c.isdigit() else 0.61
        for c in text
    )
    return ems * size


def broken(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines of at most `width` pixels, broken between words; a longer word is cut with a hyphen."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
            continue
        while text_width(word, size) > width and len(word) > 2:
            fits = max(2, sum(text_width(f"{word[:n]}-", size) <= width for n in range(1, len(word))))
            lines.append(f"{word[:fits]}-")
            word = word[fits:]
        lines.append(word)
    return lines


def short(text: str, width: float, size: float) -> str:
    """Return a text on one line of at most `width` pixels, cut at a word."""
    lines = broken(text, width, size)
    if len(lines) <= 1:
        return text
    first = broken(text, width - text_width(" …", size), size)[0]
    return first.rstrip(" ,;-") + " …"


def dress(figure: go.Figure, words: Words | None, *, width: float) -> go.Figure:
    """Give a figure its look and its words, broken for a width.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Its `layout.height` is the height of the plot itself; `margin.l`, `margin.r`, `margin.t` and `margin.b` what its own tick labels,
        headings, axis titles and legend take there.
    words : Words or None
        None where a page holds the words itself.
    width : float
        In pixels, of the whole figure. On a wider screen nothing more is broken.

    Returns
    -------
    plotly.graph_objects.Figure
        The same figure.
    """
    own, room = figure.layout.margin, width - 2 * EDGE
    left, right, above, below = ((own[side] or 0) for side in "lrtb")
    top, bottom = float(EDGE + above), float(EDGE + below)
    if words is not None:
        sizes = {part: FONT_SIZES[part] for part in ("title", "subtitle", "note")}
        lines = {part: broken(getattr(words, part), room, size) for part, size in sizes.items()}
        heights = {part: len(lines[part]) * sizes[part] * LINE for part in sizes}
        top += heights["title"] + heights["subtitle"] + 2 * GAP
        bottom += GAP + heights["note"]
        quiet = {"color": QUIET}
        # plotly draws a title of more lines higher than one of a single line, by 0.7 of its size.
        pad = EDGE + 4 + (0.7 * sizes["title"] if len(lines["title"]) > 1 else 0)
        figure.update_layout(
            title={
                "text": "<br>".join(lines["title"]), "pad": {"l": EDGE, "t": pad},
                "subtitle": {"text": "<br>".join(lines["subtitle"]), "font": {"size": sizes["subtitle"], **quiet}},
            }
        )  # fmt: skip
        figure.add_annotation(
            text="<br>".join(lines["note"]), name="note", x=0, y=0, xref="paper", yref="paper", xshift=-left, yshift=-below - GAP,
            xanchor="left", yanchor="top", align="left", showarrow=False, borderpad=0, font={"size": sizes["note"], **quiet},
        )  # fmt: skip
    return figure.update_layout(
        template=template(),
        height=round((figure.layout.height or 420) + top + bottom),
        margin={
            "l": left + EDGE,
            "r": right + EDGE,
            "t": round(top),
            "b": round(bottom),
            "autoexpand": False,
        },
    )


def empty(sentence: str, width: float) -> go.Figure:
    """Return a figure without marks that says why."""
    import plotly.graph_objects as go

    lines = broken(sentence, width - 2 * EDGE, FONT_SIZES["subtitle"])
    hidden = {"visible": False}
    figure = go.Figure(layout={"height": 24 * len(lines) + 24, "xaxis": hidden, "yaxis": hidden})
    figure.add_annotation(
        text="<br>".join(lines), x=0, y=0.5, xref="paper", yref="paper", xanchor="left", align="left", showarrow=False,
        font={"size": FONT_SIZES["subtitle"]},
    )  # fmt: skip
    return figure


def legend_height(names: Sequence[str], width: float) -> float:
    """Return how many pixels a horizontal legend takes below a plot of a width."""
    if not names:
        return 0
    size = FONT_SIZES["label"]
    columns = max(1, int(width // (max(text_width(name, size) for name in names) + 50)))
    return -(-len(names) // columns) * (size * LINE + 4) + 8
