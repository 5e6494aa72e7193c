"""A figure beside the stories behind it: click or select marks, and read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import Behind, behind, release
from wijkanalyse.figures.template import SCREEN_WIDTH
from wijkanalyse.privacy.gate import Audience, release_texts
from wijkanalyse.widgets.figure import ClickableFigure
from wijkanalyse.widgets.reader import StoryReader

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.figures.words import Words

HELP = "Klik in de figuur op een teken, of kies er meer met een kader of lus. De verhalen erachter staan dan hier."
NOTHING = {"id": "", "title": "Kies een teken in de figuur", "about": "", "text": HELP}


class Explorer:
    """A figure and a reader beside it, for a notebook. Use `explore`.

    Attributes
    ----------
    figure : ClickableFigure
    reader : StoryReader
        The stories go to the browser as messages; what a notebook saves of it has titles at most.
    """

    def __init__(self, figure: go.Figure, under: Behind) -> None:
        import ipywidgets

        self._under, self._marks = under, list[str]()
        bare = release(figure, audience=Audience.WORKBENCH, with_words=False).safe.figure
        # A figure in a notebook does not follow the width of its box; in this width it fits beside the reader, and at 200% above it.
        self.figure = ClickableFigure(self.choose)
        self.figure.show(bare.update_layout(width=SCREEN_WIDTH))
        self.reader = StoryReader(under.corpus, nothing=NOTHING)
        self.reader.find(among=[])
        self.reader.layout.flex = "1 1 22rem"
        above, below = (ipywidgets.HTML(text) for text in _around(under.words, bool(bare.layout.title.text)))
        column = ipywidgets.VBox([above, self.figure, below], layout={"width": f"{SCREEN_WIDTH}px"})
        self._box = ipywidgets.Box([column, self.reader], layout={"flex_flow": "row wrap", "width": "100%"})

    def __repr__(self) -> str:
        return f"<Explorer {self._under.kind}, {len(self._marks)} tekens gekozen>"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self._box._repr_mimebundle_(**kwargs)

    @property
    def selected(self) -> pd.DataFrame:
        """The stories behind the marks that are chosen: rows of the corpus; none before anything is."""
        return self._under.stories(self._marks)

    def choose(self, marks: Sequence[str]) -> None:
        """Choose marks by their keys, as a click does."""
        self._marks = list(dict.fromkeys(str(mark) for mark in marks))
        self.reader.find(among=list(self.selected["narrative_id"]), words="")


def _around(words: Words, in_figure: bool) -> tuple[str, str]:
    """Return title and denominator, and the note, as HTML; a browser breaks them better than plotly."""
    if in_figure:
        return "", ""
    above = f'<b style="font-size: 1.25em; line-height: 1.3">{escape(words.title)}</b><br>{escape(words.subtitle)}'
    div = '<div style="line-height: 1.4">{}</div>'
    return div.format(above), div.format(escape(words.note))


def explore(figure: go.Figure, corpus: Corpus | None = None) -> Explorer:
    """Show a figure with the stories behind its marks beside it.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        As a plot function returned it.
    corpus : Corpus, optional
        Another state of the same stories, such as after reviewing them; default the one the figure was made of.

    Returns
    -------
    Explorer
        For the last line of a cell. Its `selected` is the frame of the stories chosen.

    Raises
    ------
    InputError
        When the figure does not know its stories, or the corpus does not have them.
    PrivacyError
        When the corpus is not masked.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> kaart = wa.plot_theme_map(wa.find_themes(wa.load_sample()))  # doctest: +SKIP
    >>> wa.explore(kaart)  # doctest: +SKIP
    """
    under = behind(figure)
    if corpus is not None:
        under = replace(under, corpus=corpus)
    missing = set(under.members["narrative_id"]) - set(under.corpus.frame["narrative_id"])
    if missing:
        raise InputError.one(
            what=f"{len(missing)} verhalen in deze figuur staan niet in dit corpus.",
            where=f"corpus uit {under.corpus.provenance.source}",
            expected="het corpus waarvan de figuur is gemaakt",
            now="Laat het corpus weg: wa.explore(figuur).",
        )
    release_texts(under.corpus, [], audience=Audience.WORKBENCH)  # refuses now, not at the first click
    return Explorer(figure, under)
