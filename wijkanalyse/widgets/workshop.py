"""The theme workshop: map, list and stories side by side; people name, merge, split, move, set aside and lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import ThemeError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.theme_map import plot_theme_map
from wijkanalyse.privacy.gate import Audience
from wijkanalyse.project import open_project
from wijkanalyse.themes import editing
from wijkanalyse.widgets.figure import ClickableFigure
from wijkanalyse.widgets.panel import Panel
from wijkanalyse.widgets.reader import StoryReader

if TYPE_CHECKING:
    from wijkanalyse.project import Project
    from wijkanalyse.themes.result import Themes
    from wijkanalyse.widgets.text_widget import TextEvent

HELP = (
    "Klik op een punt en lees het verhaal, of kies een thema in de lijst. Meer thema’s kies je met Ctrl (op een Mac: Cmd) of Shift ingedrukt. "
    "Wat je doet, wordt meteen bewaard."
)
BUSY = "De thema’s worden opnieuw bekeken…"
MOVE, ASIDE = "move", "aside"
_ACTIONS = [
    {"id": MOVE, "key": "m", "label": "Verplaats…", "on": "story", "asks": True, "help": "Dit verhaal hoort bij een ander thema."},
    {"id": ASIDE, "key": "x", "label": "Zet apart…", "on": "story", "text": True, "help": "Dit verhaal past nergens; schrijf erbij waarom."},
]  # fmt: skip
WIDTH, HEIGHT, FAINT = 430, 430, 0.2
THEMES, STORIES = range(2)


class ThemeWorkshop(Panel):
    """See `theme_workshop`.

    Attributes
    ----------
    themes : Themes
        As they are now.
    list : ipywidgets.SelectMultiple
        Its value: the ids of the themes that are chosen.
    reader : StoryReader
    map : ClickableFigure
    """

    def __init__(self, themes: Themes, project: Project) -> None:
        import ipywidgets

        super().__init__("Thema’s", HELP)
        self.project, self.themes = project, themes.take_up(project)
        self.reader = StoryReader(themes.corpus, themes=self.themes, actions=_ACTIONS)
        self.reader.on_event(self._on_event)
        self.list = ipywidgets.SelectMultiple(rows=9, layout={"width": "100%"})
        self.name = ipywidgets.Text(
            placeholder="nieuwe naam", continuous_update=False, layout={"width": "14rem"}
        )
        self.parts = ipywidgets.BoundedIntText(2, min=2, max=20, layout={"width": "4rem"})
        self.about = ipywidgets.HTML()
        do = partial(self.button, doing=BUSY)
        edits = [
            self.row(self.name, do("Hernoem", lambda: self._edit("rename", self._one(), self.name.value))),
            self.row(
                do("Voeg samen", lambda: self._edit("merge", self._chosen())),
                do("Splits in", lambda: self._edit("split", self._one(), self.parts.value)),
                self.parts,
            ),
            self.row(
                do("Zet vast", lambda: self._edit("lock", *self._chosen())),
                do("Laat los", lambda: self._edit("unlock", *self._chosen())),
            ),
            self.row(do("Ongedaan maken", self._step), do("Opnieuw", partial(self._step, forward=True))),
        ]
        self.map = ClickableFigure(self.choose_marks)
        # at 200% the map scrolls within its place
        self.map.layout = {"flex": f"0 1 {WIDTH}px", "min_height": f"{HEIGHT}px", "overflow": "auto hidden"}
        column = ipywidgets.VBox([self.list, self.about, *edits])
        self._tabs = ipywidgets.Tab(
            [column, self.reader],
            titles=["Thema’s", "Verhalen"],
            layout={"flex": "1 1 21rem", "min_width": "0"},
        )
        self.fill(self.status, ipywidgets.Box([self.map, self._tabs], layout={"flex_flow": "row wrap"}))
        self._show()

    def _show(self) -> None:
        """Draw map and list as the themes are now; what was chosen stays chosen where it is still there."""
        chosen, firm = self.list.value, dict(self.themes.firmness[["theme_id", "verdict"]].to_numpy())
        locked = self.themes.division.locked
        options = []
        for row in self.themes.topics.itertuples():
            state = [firm.get(row.theme_id, ""), "vast" if row.theme_id in locked else ""]
            parts = [
                row.label,
                *filter(None, state),
                f"{row.n_narratives} verhalen",
                f"{row.n_tellers} vertellers",
            ]
            options.append((" · ".join(parts), row.theme_id))
        figure = plot_theme_map(self.themes, height=HEIGHT)
        self._under = behind(figure)
        bare = release(figure, audience=Audience.WORKBENCH, width=WIDTH, with_words=False).safe.figure
        self._figure = bare.update_layout(width=WIDTH)
        self.reader.answers = [{"id": str(row.theme_id), "label": row.label, "hint": row.terms, "for": MOVE} for row in self.themes.topics.itertuples()]  # fmt: skip
        self.reader.asked["themes"] = self.themes
        self.list.unobserve_all("value")  # else it tells of every step in between
        self.list.options = options
        self.list.value = [theme for theme in chosen if theme in set(self.themes.topics["theme_id"])]
        self.list.observe(lambda _change: self._choose(), "value")
        self._choose()

    def _choose(self) -> None:
        """Show the stories of the chosen themes, the most typical first, and dim the other themes on the map."""
        chosen = self.list.value
        topics = self.themes.topics[self.themes.topics["theme_id"].isin(chosen)]
        stories = [narrative for theme in chosen for narrative in self.themes.stories(theme)["narrative_id"]]
        self.reader.find(among=stories or None)
        self.about.value = "".join(
            f"<p><b>{escape(row.label)}</b> ({row.n_narratives} verhalen van {row.n_tellers} vertellers): {escape(row.terms)}</p>"
            for row in topics.itertuples()
        )
        if len(chosen) == 1:
            self.name.value = topics["label"].item()
        for trace in self._figure.data:
            if trace.customdata is not None:
                trace.opacity = 1 if not chosen or trace.name in set(topics["label"]) else FAINT
        self.map.show(self._figure)

    def choose_marks(self, marks: Sequence[str]) -> None:
        """Open the stories of marks on the map, as a click does."""
        ids = list(self._under.stories(marks)["narrative_id"])
        self.reader.find(among=ids, words="", story=ids[0])
        self._tabs.selected_index = STORIES

    def _chosen(self) -> list[int]:
        chosen = [theme for theme in self.list.value if theme >= 0]
        if not chosen:
            raise ThemeError.one(
                what="Er is geen thema gekozen.", where="de lijst met thema’s", expected="een thema, of meer", now="Kies er een in de lijst.",
            )  # fmt: skip
        return chosen

    def _one(self) -> int:
        chosen = self._chosen()
        if len(chosen) > 1:
            raise ThemeError.one(
                what="Dit kan met één thema tegelijk.", where="de lijst met thema’s", expected="één gekozen thema", now="Kies er een.",
            )  # fmt: skip
        return chosen[0]

    def _edit(self, verb: str, *about: Any) -> str:
        edited = getattr(self.themes, verb)(*about)
        self.themes = replace(
            edited, previous=None
        )  # the project knows the way back, and memory is not without end
        self._show()
        return "Bewaard."

    def _step(self, *, forward: bool = False) -> str:
        if not editing.step(self.project, forward=forward):
            return "Er is niets meer om opnieuw te doen." if forward else "Er is niets om ongedaan te maken."
        self.themes = self.themes.take_up(self.project)
        self._show()
        return "Opnieuw gedaan." if forward else "Ongedaan gemaakt."

    def _on_event(self, event: TextEvent) -> None:
        act: Callable[[], str] | None = {
            MOVE: lambda: self._edit("move", event.story, int(event.choice)),
            ASIDE: lambda: self._edit("set_aside", event.story, event.choice.strip()),
        }.get(event.action)
        if act and self.run(act, doing=BUSY) is None:
            self.reader.message = {"kind": "info", "text": "Bewaard."}


def theme_workshop(themes: Themes, project: Project | None = None) -> ThemeWorkshop:
    """Show the themes as a map, a list and their stories, for people to make them their own.

    Parameters
    ----------
    themes : Themes
        From `wa.find_themes`.
    project : Project, optional
        Keeps every edit at once: with it, `wa.find_themes` gives the same stories the themes as they were left. Without one they
        live as long as the notebook.

    Returns
    -------
    ThemeWorkshop
        Its `themes` are the themes as they are now.

    Raises
    ------
    PrivacyError
        When the corpus is not masked.
    """
    return ThemeWorkshop(themes, project if project is not None else open_project(":memory:"))
