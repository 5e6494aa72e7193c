"""Reading stories: search, filter, see what was found in them, and go on to stories that resemble one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding import by_hand, kept
from wijkanalyse.coding.searching import search
from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.language import PLACEHOLDER, lemma, placed_words
from wijkanalyse.privacy.gate import Audience, release_texts
from wijkanalyse.widgets.code import attributes
from wijkanalyse.widgets.panel import Panel
from wijkanalyse.widgets.text_widget import TextEvent, TextWidget

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.project import Project
    from wijkanalyse.themes.result import Themes

HELP = (
    "Zoek woorden in de verhalen, in elke vorm en ook als deel van een samenstelling: ‘schuld’ vindt ook ‘schulden’ en "
    "‘schuldhulpverlening’. Tussen aanhalingstekens: precies zo. Een min ervoor: niet in het verhaal. Een * staat voor alle letters."
)
NOTHING = dict.fromkeys(("id", "about"), "") | {
    "title": "Geen verhaal gevonden",
    "text": "Zoek iets anders, of zet een filter uit.",
}
FOUND, OF_THEME, N_TONES = 8, 9, 8
MOST_LISTED = 500  # more takes the browser a second, and nobody goes through them
MOST_VALUES = 30  # of an attribute that is a filter
LIKE, BACK = "near", "back"
_ACTIONS = [
    {"id": LIKE, "key": "v", "label": "Lijkt hierop…", "on": "story", "asks": True, "quick": True, "help": "Een verhaal dat hierop lijkt."},
    {"id": BACK, "key": "b", "label": "Terug", "on": "story", "help": "Terug naar het verhaal dat je hiervoor las."},
]  # fmt: skip


class StoryReader(TextWidget):
    """Stories with a list to search in; `find` says which. Others may add actions, and answers to them in `choices`."""

    def __init__(
        self, corpus: Corpus, *, themes: Themes | None = None, codings: pd.DataFrame | None = None, names: Mapping[str, str] | None = None,
        actions: Sequence[dict[str, Any]] = (), nothing: Mapping[str, str] = NOTHING,
    ) -> None:  # fmt: skip
        super().__init__(help_text=HELP, search="Zoek in de verhalen", actions=[*_ACTIONS, *actions])
        self._corpus, self._codings, self._names = corpus, codings, dict(names or {})
        self._about = {each: " · ".join(filter(None, told)) for each, told in attributes(corpus)[1].items()}
        self._titles = dict(corpus.frame[["narrative_id", "title"]].to_numpy())
        self.asked: dict[str, Any] = {"words": "", "where": {}, "among": None, "themes": themes}
        self.answers: list[dict[str, Any]] = []
        self._path, self._nothing = list[str](), nothing
        self.on_event(self._act)
        self.find()

    def find(self, *, story: str = "", **asked: Any) -> None:
        """List the stories that meet `words`, `where` (as in `search`), and `among`, an order of ids; what is not said stays as it was.

        Then `story` opens, or the one that was open, or the first.
        """
        self.asked = {**self.asked, **asked}
        words, where, among, themes = self.asked.values()
        self._found = search(self._corpus, words, where=where, themes=themes, codings=self._codings)
        ids = list(dict.fromkeys(self._found["narrative_id"]))
        if among is not None:
            met = set(ids)
            ids = [each for each in among if each in met]
        with self.hold_sync():
            self.queue = [
                {"id": each, "title": self._titles[each] or each, "about": self._about[each], "left": 0, "done": False}
                for each in ids[:MOST_LISTED]
            ]  # fmt: skip
            more = f" · de eerste {MOST_LISTED} staan in de lijst" if len(ids) > MOST_LISTED else ""
            self.progress = f"{len(ids)} {'verhaal' if len(ids) == 1 else 'verhalen'}{more}"
            wanted = [each for each in (story, str(self.story.get("id"))) if each in set(ids)]
            self.read(wanted[0] if wanted else ids[0] if ids else "")

    def read(self, narrative_id: str) -> None:
        """Show a story with its marks and those that resemble it; with "" that there is none."""
        if not narrative_id:
            self.show(self._nothing)
            self.choices, self.legend = [], []
            return
        (told,) = release_texts(self._corpus, [narrative_id], audience=Audience.WORKBENCH)
        themes = self.asked["themes"]
        page = {"id": narrative_id, "title": told.title or f"Verhaal {narrative_id}", "text": told.text}
        theme, terms = _theme_of(themes, narrative_id)
        number = f"nummer {narrative_id}" if told.title else ""
        about = [self._about[narrative_id], f"thema: {theme}" if theme else "", number]
        codes, whole = self._codes(narrative_id)
        marks = [*self._hits(narrative_id), *_words_of_theme(told.text, theme, terms), *codes]
        near = [] if themes is None else themes.neighbours(narrative_id).to_dict("records")
        tones = {mark["tone"] for mark in marks if not mark["label"]}
        kinds = ((FOUND, "gevonden"), (OF_THEME, f"hoort bij het thema ‘{theme}’"))
        with self.hold_sync():
            first = next((mark["id"] for mark in marks if mark["tone"] == FOUND), "")
            self.show({**page, "about": " · ".join(filter(None, [*about, *whole]))}, marks, cursor=first)
            self.legend = [{"tone": tone, "label": label} for tone, label in kinds if tone in tones]
            self.choices = [*map(_near, range(1, len(near) + 1), near), *self.answers]

    def _act(self, event: TextEvent) -> None:
        here = self.story["id"]
        if event.type == "search":
            self.message = {"kind": "busy", "text": "zoeken"}  # the first time it reads all stories
            self.find(words=event.choice)
            self.message = {}
        elif event.type == "open" or event.action == LIKE:
            wanted = event.choice or event.story
            if wanted in self._titles:
                self._path.append(here)
                self.read(wanted)
        elif event.action == BACK and self._path:
            self.read(self._path.pop())

    def _hits(self, narrative_id: str) -> list[dict[str, Any]]:
        hits = self._found[(self._found["narrative_id"] == narrative_id) & self._found["start"].notna()]
        return [
            {"id": f"gevonden-{number}", "start": int(hit.start), "end": int(hit.end), "tone": FOUND, "label": "", "note": f"gevonden: {hit.term}"}
            for number, hit in enumerate(hits.itertuples())
        ]  # fmt: skip

    def _codes(self, narrative_id: str) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the marks of codings, and lines about those of the whole story."""
        if self._codings is None:
            return [], []
        of = sorted(set(self._codings["code"]))
        rows = kept.records(self._codings[self._codings["narrative_id"] == narrative_id])
        named = [{**row, "name": self._names.get(row["code"], row["code"])} for row in rows]
        marks = [
            {"id": f"code-{number}", "start": row["start"], "end": row["end"], "tone": of.index(row["code"]) % N_TONES, "label": row["name"],
             "note": f"codering van {row['coder']}"}
            for number, row in enumerate(named) if row["start"] is not None
        ]  # fmt: skip
        return marks, [
            f"hele verhaal: {row['name']} ({row['coder']})" for row in named if row["start"] is None
        ]


def _theme_of(themes: Themes | None, narrative_id: str) -> tuple[str, set[str]]:
    """Return the name of a story's theme, and its terms."""
    if themes is None:
        return "", set()
    theme = themes.assignments.set_index("narrative_id").at[narrative_id, "theme_id"]
    terms = themes.terms.loc[themes.terms["theme_id"] == theme, "term"]
    return str(themes.topics.set_index("theme_id").at[theme, "label"]), set(terms)


def _words_of_theme(text: str, theme: str, terms: set[str]) -> list[dict[str, Any]]:
    masked = {place for found in PLACEHOLDER.finditer(text) for place in range(*found.span())}
    return [
        {"id": f"thema-{start}", "start": start, "end": end, "tone": OF_THEME, "label": "", "note": f"hoort bij het thema ‘{theme}’"}
        for word, start, end in placed_words(text) if terms and start not in masked and lemma(word) in terms
    ]  # fmt: skip


def _near(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    why = row["words"] or "woorden die op elkaar lijken"
    return {
        "id": row["narrative_id"], "key": str(number), "label": row["title"] or row["narrative_id"], "for": LIKE, "hint": f"allebei: {why}",
        "why": why, "group": "Lijkt hierop",
    }  # fmt: skip


class ReadPanel(Panel):
    """Filters above a reader. Use `read`.

    Attributes
    ----------
    reader : StoryReader
    filters : dict of str to Dropdown
        By the name of the theme, code or attribute, as in `wa.search(…, where=…)`.
    """

    def __init__(
        self, reader: StoryReader, values: Mapping[str, tuple[str, Sequence[tuple[str, Any]]]]
    ) -> None:
        import ipywidgets

        super().__init__()
        self.reader, self.filters = reader, {}
        for name, (label, options) in values.items():
            self.filters[name] = ipywidgets.Dropdown(
                options=[("alle", ""), *options],
                description=label,
                style={"description_width": "initial"},
                layout={"width": "auto", "max_width": "18rem", "margin": "2px 1rem 2px 0"},
            )
            self.filters[name].observe(lambda _change: self.run(self._filter), "value")
        reader.layout.width = "100%"
        self.fill(self.row(*self.filters.values()), self.status, reader)

    def _filter(self) -> None:
        where = {name: field.value for name, field in self.filters.items() if field.value != ""}
        self.reader.find(where=where)


def read(
    corpus: Corpus,
    themes: Themes | None = None,
    codings: pd.DataFrame | None = None,
    project: Project | None = None,
) -> ReadPanel:
    """Show the stories to read, search and filter.

    Parameters
    ----------
    corpus : Corpus
        At least `gemaskeerd`.
    themes : Themes, optional
        Marks the words of a story's theme, and gives the stories that resemble it.
    codings : pandas.DataFrame, optional
        Marks what was coded; default the codings of the project.
    project : Project, optional

    Returns
    -------
    ReadPanel

    Raises
    ------
    PrivacyError
        When the corpus is not masked.
    """
    names = {code.code: code.name for code in (themes.scheme if themes else None) or ()}
    if project is not None:
        names |= {key: value["name"] for key, value in project.decisions(kept.CODE).items()}
        codings = by_hand.codings(project, corpus) if codings is None else codings
    values: dict[str, tuple[str, list[tuple[str, Any]]]] = {}
    if themes is not None:
        values["theme"] = ("Thema", [(topic.label, topic.theme_id) for topic in themes.topics.itertuples()])
    if codings is not None and len(codings):
        values["code"] = ("Code", sorted((names.get(code, code), code) for code in set(codings["code"])))
    for spec in (spec for role in (Role.PERSPECTIVE, Role.CONTEXT) for spec in corpus.with_role(role)):
        found = sorted(corpus.frame[spec.name].dropna().unique(), key=str)
        if 1 < len(found) <= MOST_VALUES:
            values[spec.name] = (spec.label, [(str(value), value) for value in found])
    return ReadPanel(StoryReader(corpus, themes=themes, codings=codings, names=names), values)
