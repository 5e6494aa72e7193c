"""The review on screen: one narrative, its places, and what a person decides about them."""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock
from typing import TYPE_CHECKING, Any

from wijkanalyse.privacy.review import ROLES, Place, Review
from wijkanalyse.project import open_project
from wijkanalyse.widgets.text_widget import TextEvent, TextWidget

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project import Project

HEADING = "Nakijken"
HELP = (
    "Lees elk verhaal. Klopt wat gemaskeerd is? Staat er nog een naam? Wat onzeker is, staat vooraan. Bij elke plek staat of die "
    "gemaskeerd wordt; ‘twijfel’ is een woord dat nu blijft staan. Alles wat je beslist, wordt meteen bewaard."
)
#: One tone per kind of place; a doubt has its own.
_TONES = {"persoon": 0, "plaats": 1, "straat": 1, "school": 2, "organisatie": 2, "leeftijd": 3, "datum": 3}
_OTHER_TONE, _DOUBT_TONE = 4, 5
RULE_WORDS_BY_HEAD = {
    "vorm": "herkend aan de vorm", "lijst": "staat op een lijst", "hoofdletter": "om de hoofdletter",
    "corpus": "dezelfde naam staat elders", "twijfel": "misschien een naam", "taalmodel": "volgens het taalmodel",
    "voorletters": "om de voorletters", "toegevoegd": "op je eigen lijst", "met de hand": "met de hand toegevoegd",
}  # fmt: skip
_ACTIONS: list[dict[str, Any]] = [
    {"id": "mask", "group": "plek", "advance": True, "key": "m", "label": "Maskeren", "on": "mark", "help": "Deze plek wordt gemaskeerd."},
    {"id": "keep", "group": "plek", "advance": True, "key": "l", "label": "Laten staan", "on": "mark", "help": "Deze plek blijft leesbaar."},
    {"id": "role", "group": "plek", "advance": True, "key": "r", "label": "Rol…", "on": "mark", "asks": True, "free": True,
     "help": "Maskeren met een ander woord tussen de haken."},
    {"id": "always", "group": "woord", "key": "Shift+M", "label": "Altijd", "on": "mark", "help": "Dit woord in alle verhalen maskeren."},
    {"id": "never", "group": "woord", "key": "Shift+L", "label": "Nooit", "on": "mark", "help": "Dit woord in geen verhaal maskeren."},
    {"id": "add", "group": "selectie", "key": "m", "label": "Maskeren als…", "on": "selection", "asks": True, "free": True,
     "help": "Voor een naam die het programma niet zag."},
    {"id": "read", "group": "verhaal", "key": "Enter", "label": "Gelezen, klopt", "on": "story",
     "help": "Alles wat nog open staat blijft zoals het is; dit verhaal is nagekeken."},
    {"id": "undo", "group": "verhaal", "key": "z", "label": "Ongedaan maken", "on": "story", "help": "Maakt je laatste beslissing ongedaan."},
]  # fmt: skip


#: What looks at every story again, and takes seconds: the screen says so.
_SLOW = ("always", "never", "undo")


class ReviewWidget(TextWidget):
    """The review of a masked corpus, for a notebook. Use `review`.

    Attributes
    ----------
    review : Review
        What there is to decide, and the verbs for it.
    """

    def __init__(self, review: Review) -> None:
        super().__init__(
            heading=HEADING,
            help_text=HELP,
            actions=_ACTIONS,
            choices=[
                {"id": role, "label": role, "hint": kind if kind != role else ""}
                for role, kind in ROLES.items()
            ],
        )
        self.review = review
        self._turn = RLock()  # JupyterLab lets a widget speak in another thread than the cells
        self.on_event(self._act)
        self._open(next((story for story in review.order if not review.is_done(story)), review.order[0]))

    @property
    def corpus(self) -> Corpus:
        """The corpus as decided so far; `nagekeken` when every narrative is done."""
        with self._turn:
            return self.review.corpus

    def _act(self, event: TextEvent) -> None:
        with self._turn:
            self._answer(event)

    def _answer(self, event: TextEvent) -> None:
        if event.action in _SLOW:
            self.message = {"kind": "busy", "text": "alle verhalen worden opnieuw bekeken."}
        if event.type == "open":
            self._open(event.story)
        elif event.type == "cursor":
            pass
        elif event.action == "undo":
            undone = self.review.undo()
            # A decision may be about a story that is not in this file.
            self._open(undone if undone in self.review.stories else self._shown)
            self.message = {
                "kind": "info",
                "text": "Ongedaan gemaakt." if undone else "Er is niets om ongedaan te maken.",
            }
        elif event.action == "read":
            self.review.read(self._shown)
            self._open(self._next())
        elif event.action == "add":
            self._add(event)
        else:
            self._decide(event)

    def _decide(self, event: TextEvent) -> None:
        place = next(place for place in self.review.places(self._shown) if place.id == event.mark)
        masked, everywhere = event.action not in ("keep", "never"), event.action in ("always", "never")
        self.review.decide(place, masked=masked, role=event.choice or None, everywhere=everywhere)
        self._open(self._shown, cursor=None if everywhere else self.cursor)
        if everywhere:
            done = "wordt nu overal gemaskeerd" if masked else "blijft nu overal staan"
            self.message = {"kind": "info", "text": f"Dit woord {done}."}

    def _add(self, event: TextEvent) -> None:
        column, start = self._source_of(event.start or 0)
        self.review.add(
            self._shown, column, start, start + (event.end or 0) - (event.start or 0), role=event.choice
        )
        self._open(self._shown)

    def _open(self, narrative_id: str, *, cursor: str | None = None) -> None:
        """Show a narrative, with the cursor on a place; default the first that is open."""
        self._shown = narrative_id
        pieces = self.review.pieces(narrative_id)
        self._starts: dict[str, int] = {}
        text = ""
        for piece in pieces:
            text += "\n\n" if text else ""
            self._starts[piece.column] = len(text)
            text += piece.text
        places = self.review.places(narrative_id)
        marks = [self._mark(place) for place in places]
        if cursor is None:
            cursor = next((place.id for place in places if not place.verdict), "")
        done, total = self.review.n_read, len(self.review.order)
        with self.hold_sync():
            self.show(
                {
                    "id": narrative_id,
                    "title": f"Verhaal {narrative_id}",
                    "about": _about(self.review, narrative_id),
                    "text": text,
                },
                marks,
                cursor=cursor,
            )
            self.queue = list(self._queue())
            self.progress = f"{done} van de {total} verhalen nagekeken"
            self.progress_share = done / total
            self.message = {}

    def _mark(self, place: Place) -> dict[str, Any]:
        at, span = self._starts[place.column], place.span
        label = f"[{span.label}]" if not place.placeholder else place.placeholder
        if place.is_masked:
            note = f"wordt gemaskeerd; {_reason(span.rule)}"
            state = "accepted" if place.verdict else "open"
        else:
            note = f"blijft staan; {_reason(span.rule)}"
            state = "rejected" if place.verdict else "open"
        return {
            "id": place.id, "start": at + span.start, "end": at + span.end, "state": state, "note": note,
            "label": label if place.is_masked else "twijfel" if not place.verdict else "blijft staan",
            "tone": _TONES.get(span.kind, _OTHER_TONE) if place.is_masked else _DOUBT_TONE,
        }  # fmt: skip

    def _queue(self) -> Iterator[dict[str, Any]]:
        for story in self.review.order:
            yield {
                "id": story, "title": self.review.title(story) or story, "left": self.review.n_open(story), "done": self.review.is_done(story),
            }  # fmt: skip

    def _next(self) -> str:
        """Return the next narrative in the order that is not done; where all are, the same."""
        order = self.review.order
        at = order.index(self._shown)
        rest = [*order[at + 1 :], *order[:at]]
        return next((story for story in rest if not self.review.is_done(story)), self._shown)

    def _source_of(self, position: int) -> tuple[str, int]:
        """Return in which column of the narrative a place on screen stands, and where in it."""
        column = max(
            (c for c, start in self._starts.items() if start <= position), key=lambda c: self._starts[c]
        )
        return column, position - self._starts[column]


def _about(review: Review, narrative_id: str) -> str:
    left = review.n_open(narrative_id)
    return (
        "nagekeken"
        if review.is_done(narrative_id)
        else f"{left} plekken open"
        if left != 1
        else "1 plek open"
    )


def _reason(rule: str) -> str:
    """Say why a place is a place, in words."""
    head, _, tail = rule.partition(":")
    return f"het woord ervoor: {tail}" if head == "aanwijzing" else RULE_WORDS_BY_HEAD.get(head, head)


def review(corpus: Corpus, project: Project | None = None) -> ReviewWidget:
    """Show the narratives one by one, the most uncertain first, to decide what is masked and what stays.

    Parameters
    ----------
    corpus : Corpus
        Masked in this session.
    project : Project, optional
        Keeps the decisions: as salted hashes, with no word of a narrative. Without one they live as long as the notebook.

    Returns
    -------
    ReviewWidget
        Its `corpus` is the corpus as decided; a narrative is `nagekeken` when a person read it and every place is decided.

    Raises
    ------
    PrivacyError
        When the text from before masking is not in memory.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> corpus = wa.mask(wa.load_sample(raw=True))  # doctest: +SKIP
    >>> wa.review(corpus)  # doctest: +SKIP
    """
    return ReviewWidget(Review(corpus, project if project is not None else open_project(":memory:")))
