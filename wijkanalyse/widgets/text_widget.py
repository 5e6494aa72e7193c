"""One story on screen with marks in it: it shows what it is given and reports what a person does.

It knows nothing of privacy or of codes. Whoever uses it fills the traits and listens with `on_event`.
Nothing imports this module when the package is imported: anywidget brings all of ipywidgets along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import anywidget
import traitlets

from wijkanalyse.errors import WijkError

#: Keys that the widget itself listens to; an action cannot have them.
BUILT_IN_KEYS = frozenset(
    "ArrowLeft ArrowRight ArrowUp ArrowDown Shift+ArrowLeft Shift+ArrowRight j k n p s g ? Escape Tab".split()
)
ACTION_TARGETS = ("mark", "selection", "story")
#: What goes to the browser as a message.
PAGE = ("story", "marks", "choices", "queue")
STALE = (
    "Dit past niet meer bij het verhaal op het scherm. Er is niets vastgelegd. "
    "Open het verhaal opnieuw en probeer het nog een keer."
)
BROKEN = (
    "Dit lukte niet, door een fout in het programma ({kind}). "
    "Open het verhaal opnieuw en kijk of het is vastgelegd."
)


@dataclass(frozen=True, kw_only=True)
class TextEvent:
    """What a person did, checked against the story on screen."""

    type: Literal["action", "open", "cursor", "search"]
    #: The story on screen; for `open`, the story that is asked for.
    story: str
    action: str = ""
    #: Mark that the action is about, or that is now the current one; "" for a selection and for none.
    mark: str = ""
    #: Place in code points, as `text[start:end]` counts; None where the action is about the whole story.
    start: int | None = None
    end: int | None = None
    #: The words themselves. Kept out of the repr, which may end up in a log.
    quote: str = field(default="", repr=False)
    #: Id of the choice, or the words a person typed where the action is `free`, or to search for.
    choice: str = field(default="", repr=False)
    #: Of an action on the story: the next one that is not done among those on the list, or "" where all are.
    next: str | None = None


class TextWidget(anywidget.AnyWidget):
    """Show one story with marks, a queue of stories and actions with keys.

    Every trait takes a new value as a whole; changing a list in place does not reach the screen.

    Attributes
    ----------
    story : dict
        `id`, `title`, `text`, `about` (one short line), and `can`: the actions on a story that it allows; default all.
    marks : list of dict
        `id`, `start`, `end` (code points; both None for the whole story), `label`, `tone` (0–7, a colour and a pattern; 8 and 9
        for words found and words that count, which have no label), `note`,
        `replacement`, and `state`: open, accepted, rejected (faint, its label only while it is the current
        one), other (of another person), or "" where nothing has to be decided. `can` holds the ids of the actions that it
        allows; default all. `texts` is what was written before, by action. Marks may overlap.
    cursor : str
        Id of the current mark, or "". It follows the person by itself.
    actions : list of dict
        `id`, `key` (such as a, Shift+A, Enter), `label`, `on` (mark, selection or story), `help`, `group`,
        `asks` (first take one of `choices`), `free` (own words will do as well), `text` (first write something; empty
        takes it away), `quick` (the key of a choice answers it at once) and `advance` (the cursor goes on to the next
        open mark at once; do not set `cursor` in the answer).
    choices : list of dict
        `id`, `label`, `hint`, `words` (to be found by), `for` (the one action it answers), and for an action that is `quick`: `key`,
        `group` (a heading above them) and `why` (a line under the label).
    queue : list of dict
        `id`, `title`, `left` (number still open), `done`, and `about` (a line under the title; the search looks in it), or
        instead of that `cells`, one for each of `columns`, for the table of all stories.
    columns : list of str
    progress, progress_share : str, float
        A short text, and the share from 0 to 1.
    message : dict
        `kind` (info, error or busy) and `text`; read aloud by a screen reader.
    search : str
        What stands in the search box when the one who fills the queue also searches: then what is typed comes as an event.
    legend : list of dict
        `tone` and `label`, of marks that have no label.
    heading, help_text : str
        Above everything, and on top of the help.

    Notes
    -----
    The story, its marks, the choices and the queue go to the browser as a message, on request, and are no state of the
    widget: what is state can be saved along with a notebook, and is printed by its repr.
    """

    _esm = Path(__file__).with_name("text_widget.js")
    _css = Path(__file__).with_name("text_widget.css")

    story = traitlets.Dict()
    marks = traitlets.List(traitlets.Dict())
    cursor = traitlets.Unicode("").tag(sync=True)
    actions = traitlets.List(traitlets.Dict()).tag(sync=True)
    choices = traitlets.List(traitlets.Dict())
    queue = traitlets.List(traitlets.Dict())
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    progress = traitlets.Unicode("").tag(sync=True)
    progress_share = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)
    message = traitlets.Dict().tag(sync=True)
    search = traitlets.Unicode("").tag(sync=True)
    legend = traitlets.List(traitlets.Dict()).tag(sync=True)
    heading = traitlets.Unicode("").tag(sync=True)
    help_text = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        self._callbacks: list[Callable[[TextEvent], object]] = []
        self._asked = False  # nothing is sent before a browser asks for it
        super().__init__(**traits)
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.progress}>".replace(" >", ">")

    def on_event(self, callback: Callable[[TextEvent], object]) -> None:
        """Call `callback` with every `TextEvent`, after the earlier ones."""
        self._callbacks.append(callback)

    def show(
        self, story: Mapping[str, Any], marks: Iterable[Mapping[str, Any]] = (), *, cursor: str = ""
    ) -> None:
        """Put another story on screen with its marks, in one go: never a story with another one's marks."""
        asked, self._asked = self._asked, False
        self.marks = []
        self.story, self.marks, self.cursor = dict(story), [dict(mark) for mark in marks], cursor
        self._asked = asked
        self._send_page("story", "marks")

    @traitlets.observe(*PAGE)
    def _on_page(self, change: Any) -> None:
        self._send_page(change["name"])

    def _send_page(self, *names: str) -> None:
        if self._asked:
            parts = {name: getattr(self, name) for name in names}
            self.send({"type": "page", **parts, "cursor": self.cursor})

    @traitlets.validate("marks")
    def _marks_are_in_the_story(self, proposal: Any) -> Any:
        """Refuse a mark that the screen could not show: nobody would ever decide about it."""
        length, names = len(self.story.get("text", "")), [mark["id"] for mark in proposal["value"]]
        if len(set(names)) < len(names):
            raise traitlets.TraitError("two marks have the same id")
        for mark in proposal["value"]:
            is_whole = mark["start"] is None and mark["end"] is None
            if not (is_whole or 0 <= mark["start"] < mark["end"] <= length):
                raise traitlets.TraitError(f"mark {mark['id']!r} lies outside the story; use show() for both")
        return proposal["value"]

    @traitlets.validate("actions")
    def _keys_are_free(self, proposal: Any) -> Any:
        taken: set[tuple[str, str]] = set()
        for action in proposal["value"]:
            place = (action["on"], action.get("key", ""))
            if place[0] not in ACTION_TARGETS or place[1] in BUILT_IN_KEYS or (place[1] and place in taken):
                raise traitlets.TraitError(f"action {action['id']!r}: {place} is unknown, reserved or taken")
            taken.add(place)
        return proposal["value"]

    def _receive(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        """Check a message of the browser and pass it on; whatever goes wrong becomes a line on screen."""
        if content.get("type") == "ready":
            self._asked = True
            self._send_page(*PAGE)
            return
        if content.get("type") != "cursor":  # that comes right after an action that goes on to the next mark
            self.message = {}
        event = self._checked(content)
        if event is None:
            self.message = {"kind": "error", "text": STALE}
            return
        try:
            for callback in self._callbacks:
                callback(event)
        except WijkError as error:  # these never hold a word of a story
            text = " ".join(f"{problem.what} {problem.now}" for problem in error.problems)
            self.message = {"kind": "error", "text": text}
        except Exception as error:  # noqa: BLE001  a traceback under the cell could show the story
            self.message = {"kind": "error", "text": BROKEN.format(kind=type(error).__name__)}

    def _checked(self, content: Mapping[str, Any]) -> TextEvent | None:
        """Return the message as an event, or None when it does not fit what is on screen."""
        match content:
            case {"type": "open", "story": str(story)}:
                return TextEvent(type="open", story=story)
            case {"type": "search", "query": str(words)} if self.search:
                return TextEvent(type="search", story=self._story_id, choice=words)
            case {"type": "cursor", "mark": str(mark)} if not mark or self._mark_with_id(mark):
                return TextEvent(type="cursor", story=self._story_id, mark=mark)
            case {"type": "action", "story": self._story_id, "action": str(name)}:
                action = next((action for action in self.actions if action["id"] == name), None)
                if action and self._choice_fits(action, content) and self._place_fits(action, content):
                    return _action_event(content)
        return None

    @property
    def _story_id(self) -> str:
        return str(self.story.get("id", ""))

    def _mark_with_id(self, mark_id: object) -> dict[str, Any] | None:
        return next((mark for mark in self.marks if mark["id"] == mark_id), None)

    def _choice_fits(self, action: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
        choice = content.get("choice") or ""
        if action.get("text"):
            return isinstance(choice, str)
        if not action.get("asks"):
            return not choice
        listed = any(
            item["id"] == choice and item.get("for", action["id"]) == action["id"] for item in self.choices
        )
        return listed or bool(action.get("free") and isinstance(choice, str) and choice.strip())

    def _place_fits(self, action: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
        """Tell whether the place in the message is the place in the text: same words, same mark."""
        start, end, text = content.get("start"), content.get("end"), self.story.get("text", "")
        if action["on"] != "selection":
            about = self.story if action["on"] == "story" else self._mark_with_id(content.get("mark"))
            if about is None or action["id"] not in about.get("can", [action["id"]]):
                return False
            if (about.get("start"), about.get("end")) != (start, end):
                return False
            if start is None:
                return True
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            return False
        return bool(text[start:end] == content.get("quote"))


def _action_event(content: Mapping[str, Any]) -> TextEvent:
    return TextEvent(
        type="action", story=content["story"], action=content["action"], mark=content.get("mark") or "",
        start=content.get("start"), end=content.get("end"), quote=content.get("quote") or "",
        choice=content.get("choice") or "", next=content.get("next"),
    )  # fmt: skip
