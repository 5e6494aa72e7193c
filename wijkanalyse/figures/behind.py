"""What is behind a figure: the stories of each mark, what was counted, and how it is drawn for whom.

How a figure is made
--------------------
A plot function takes frames (and the corpus), works out what is seen, and returns `shown(Behind(…))`:

1. `draw(width)` returns a plotly figure of the marks only, for a width in pixels: `drawing.marks` and `drawing.written` on a `canvas` or
   in `Panels`. Every mark has as `customdata` its key, a str (a narrative_id where a mark is one story), and a hover without a word of a
   story; titles at most. `layout.height` is the height of the plot, `layout.margin` what tick labels (l), headings (t), axis title and
   legend (b) take; no automargin. Break labels with `words.broken` or `words.short`: they know the width of letters. Colour never stands
   alone: add shape, pattern or label. Stories as dots: `dots.in_dots`, which puts a few together when there are too many.
2. `members` says which stories a key opens: `opens((keys, frame))`. When there are none, `nothing` is said instead of drawing.
3. `counted` is what is seen as a long frame: narrative_id and one or two columns of categories, named in Dutch as a table has them.
4. `outside` draws the same from released tables alone; `bars.bars_outside` suffices for most. One of your own is
   `outside(width, table)`, with two columns `outside(width, table, by_row, by_column)`. It returns a figure and its `Words`, both made of
   nothing but these tables. Bars, points, heatmaps and pies only, where every mark carries the labels of its own cell in `table`: as x, y
   or the name of its trace. Numbers and labels go in annotations or axes: what a mark says of itself (text, hover, customdata) is taken
   out on the way. Leave out what is missing (NA).
5. `words`: `words.describe`, with the title (what is to be seen), subtitle (of how many), method and alt text (composed of the data).

Sort by id or alphabet (`readings.in_order`), never by a number of a team or organisation. Then add the verb to `wijkanalyse/__init__.py`
and to `VERBS` in tests/figures/verbs.py; the tests there walk every figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.figures.template import SCREEN_WIDTH
from wijkanalyse.figures.words import Words, dress, empty, without_source
from wijkanalyse.privacy.gate import Audience, SafeFigure, SafeTable, release_figure, release_table

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store


@dataclass(frozen=True, eq=False, kw_only=True)
class Behind:
    """What a figure stands on; see the top of this file."""

    kind: str  #: name of the plot function without `plot_`
    corpus: Corpus = field(repr=False)
    words: Words = field(repr=False)
    members: pd.DataFrame = field(repr=False)  #: mark (str), narrative_id
    counted: pd.DataFrame = field(repr=False)  #: narrative_id and one or two columns of categories
    draw: Callable[[float], go.Figure] = field(repr=False)
    nothing: str = ""  #: said instead of drawing when there are no members
    outside: Callable[..., tuple[go.Figure, Words]] = field(repr=False)
    order: Sequence[Any] = ()  #: categories that a scheme or questionnaire has; these are never put together

    def __post_init__(self) -> None:
        if list(self.members.columns) != ["mark", "narrative_id"]:
            raise ValueError("members has the columns mark and narrative_id")
        if self.counted.columns[0] != "narrative_id" or len(self.counted.columns) not in (2, 3):
            raise ValueError("counted has narrative_id and one or two columns of categories")

    def drawn(self, width: float) -> go.Figure:
        """Return the marks, or the sentence that says why there are none."""
        return empty(self.nothing, width) if self.nothing and self.members.empty else self.draw(width)

    def stories(self, marks: Sequence[Any]) -> pd.DataFrame:
        """Return the stories behind marks: the rows of the corpus, each once."""
        ids = self.members.loc[self.members["mark"].isin([str(mark) for mark in marks]), "narrative_id"]
        frame = self.corpus.frame
        return frame[frame["narrative_id"].isin(ids)].reset_index(drop=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class Released:
    """A figure that may be shown, with its words and the table it stands on."""

    safe: SafeFigure
    words: Words = field(repr=False)
    table: SafeTable


def opens(*pairs: tuple[Iterable[Any], pd.DataFrame]) -> pd.DataFrame:
    """Return members: of each pair, keys of marks for the rows of a frame with narrative_id."""
    import pandas as pd

    each = [
        pd.DataFrame({"mark": list(keys), "narrative_id": list(frame["narrative_id"])}, dtype=object)
        for keys, frame in pairs
    ]
    return pd.concat(each, ignore_index=True).drop_duplicates(ignore_index=True)


def shown(behind: Behind, width: float = SCREEN_WIDTH) -> go.Figure:
    """Return the figure for the workbench, with what is behind it."""
    figure = dress(behind.drawn(width), behind.words, width=width)
    figure._behind = behind  # noqa: SLF001  plotly keeps what begins with an underscore
    return figure


def behind(figure: go.Figure) -> Behind:
    """Return what is behind a figure.

    Raises
    ------
    InputError
        For a figure of another maker, or a copy: plotly does not copy it along.
    """
    found = getattr(figure, "_behind", None)
    if isinstance(found, Behind):
        return found
    raise InputError.one(
        what="Deze figuur weet niet welke verhalen erachter zitten.",
        where=f"een {type(figure).__name__}",
        expected="een figuur zoals een van de opdrachten wa.plot_… haar teruggaf, geen kopie",
        now="Maak de figuur opnieuw met wa.plot_… en geef die zelf mee. Wil je iets veranderen? Doe dat met "
        "fig.update_layout(…) op de figuur zelf.",
    )


def release(
    figure: go.Figure,
    *,
    audience: Audience,
    width: float = SCREEN_WIDTH,
    with_words: bool = True,
    reason: str | None = None,
    override: int | None = None,
    project: Store | None = None,
) -> Released:
    """Return a figure for an audience: on the workbench as it is, outside drawn anew from released tables.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        As a plot function returned it. What someone changed in it by hand stays on the workbench, and goes no further.
    audience : Audience
    width : float
        In pixels; a figure that was changed by hand keeps its own.
    with_words : bool
        Put title, subtitle and note in the figure.
    reason, override, project : optional
        As in `release_table`.

    Raises
    ------
    PrivacyError
        By the status of the corpus, or when the drawing outside has a mark without a cell of its own.
    InputError
        When the figure does not know what is behind it.
    """
    under = behind(figure)
    rules: dict[str, Any] = {
        "audience": audience, "reason": reason, "override": override, "order": under.order, "project": project,
    }  # fmt: skip
    names = list(under.counted.columns[1:])
    counted = under.counted.dropna()
    table = release_table(
        under.corpus, counted, rows=names[0], columns=names[1] if names[1:] else None, **rules
    )
    words = under.words
    if audience == Audience.WORKBENCH:
        drawn = under.drawn(width) if figure == shown(under) else None
    else:
        rules["project"] = None  # one line in the log is enough
        margins = [release_table(under.corpus, counted, rows=name, **rules) for name in names if names[1:]]
        drawn, words = under.outside(width, table, *margins)
        words = replace(words, note=f"{without_source(words.note, under.corpus)} {table.note}")
    if drawn is not None:
        figure = dress(drawn, words if with_words else None, width=width)
    safe = release_figure(figure, under.corpus, audience=audience, table=table)
    return Released(safe=safe, words=words, table=table)
