"""Cards on screen: people write how they read them, and after a session what was said; the verbs are in `dialogue`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import today
from wijkanalyse.dialogue import talking_back as talk
from wijkanalyse.errors import PrivacyError, WijkError
from wijkanalyse.patterns.cards import PatternCard, Reading

if TYPE_CHECKING:
    from wijkanalyse.project import Project

PERSPECTIVES = ("inwoner", "mantelzorger", "vrijwilliger", "professional", "beleid en bestuur")
EDIT = {
    "card": "Kaart", "key": "Lezing", "perspective": "Gelezen als", "text": "Wat je leest", "title": "Titel", "linking_question": "Verbindende vraag",
    "left": "Spanning tussen", "right": "en", "mark": "Merkteken",
}  # fmt: skip
TELL = {
    "session": "Sessie", "date": "Datum", "card": "Kaart", "key": "Opmerking", "group": "Groep", "what": "Wat", "perspective": "Gelezen als",
    "narrative_id": "Verhaal", "kind": "Soort weerklank", "text": "Wat er is gezegd",
}  # fmt: skip
_SHAPES = {**dict.fromkeys(("card", "key", "what", "kind"), "Dropdown"), "perspective": "Combobox", "narrative_id": "Combobox",
           "text": "Textarea", "looked": "Checkbox"}  # fmt: skip


class CardPanel:
    """Fields about one card at a time, each kept when it is left. Use `edit_cards` or `session_form`."""

    def __init__(self, cards: Sequence[PatternCard], project: Project, labels: dict[str, str]) -> None:
        import ipywidgets

        self.project, self._is_filling = project, True
        self._act: Callable[..., object] = dict
        self.fields = {name: self._field(name, label) for name, label in labels.items()}
        self.looked = self._field("looked", "Ik heb gekeken: hier staat geen naam of nummer in")
        whole = [("de hele sessie", None)] if labels is TELL else []
        options = [(f"{number}. {card.title}", card) for number, card in enumerate(cards, start=1)]
        choices = {
            "card": whole + options,
            "perspective": PERSPECTIVES,
            "what": talk.WHATS,
            "kind": talk.RESONANCES,
        }
        for name in choices.keys() & labels.keys():
            self.fields[name].options = tuple(choices[name])
        self.about, self.status, undo = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.Button(description="Ongedaan maken")  # fmt: skip
        undo.on_click(self._undo)
        rows = list(self.fields.values())
        first = list(labels).index("card") + 1
        shown = [*rows[:first], self.about, *rows[first:], self.looked, undo, self.status]
        self.box = ipywidgets.VBox(shown, layout={"max_width": "60rem"})
        if labels is TELL:
            self.fields["date"].value = today()
        self.show()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    def _field(self, name: str, label: str) -> Any:
        import ipywidgets

        shape = _SHAPES.get(name, "Text")
        late = (
            {} if shape in ("Dropdown", "Checkbox") else {"continuous_update": False}
        )  # kept when it is left
        style = {"description_width": "9rem"}
        field = getattr(ipywidgets, shape)(description=label, layout={"width": "98%"}, style=style, **late)
        field.observe(partial(self._changed, name), "value")
        return field

    def show(self, key: str = "") -> None:
        """Show the card that is chosen as the project holds it now, and one of its remarks or room for another."""
        self._is_filling, fields, card = True, self.fields, self.fields["card"].value
        is_session, remarks = "session" in fields, self.remarks()
        new = "nieuwe opmerking" if is_session else "nieuwe lezing"
        names = [
            (f"{remark['what']}: {remark['perspective']} {remark['text'][:50]}", key)
            for key, remark in remarks.items()
        ]
        fields["key"].options, fields["key"].value = [(new, ""), *names], key
        laid = talk.read_cards([card], self.project)[0] if card else None
        values = dict(remarks.get(key, {"text": "", "narrative_id": ""}))
        if laid and not is_session:
            left, right = laid.tension or ("", "")
            own = {"title": laid.title, "linking_question": laid.linking_question, "mark": laid.mark}
            values |= {**own, "left": left, "right": right}
        for name in values.keys() & fields.keys() - {"card", "key"}:
            if values[name] or name not in ("kind", "perspective"):
                fields[name].value = values[name]
        if is_session:
            what = fields["what"].value
            for name, of in (
                ("perspective", talk.READING),
                ("narrative_id", talk.RESONANCE),
                ("kind", talk.RESONANCE),
            ):
                fields[name].layout.display = None if what == of else "none"
            stories = {*card.narratives, *(story.narrative_id for story in card.stories)} if card else ()
            fields["narrative_id"].options = sorted(stories)
        self.about.value = _about(laid) if laid else ""
        self.looked.value, self.looked.layout.display, self._is_filling = False, "none", False

    def remarks(self) -> dict[str, dict[str, str]]:
        """Return the remarks that can be chosen here: the readings of the card, or what this session said of it."""
        at = {
            name: str(self.fields[name].value).strip() for name in ("session", "date") if name in self.fields
        }
        at = at or {"what": talk.READING}
        found = talk.remarks_on(self.project, self.fields["card"].value)
        return {key: remark for key, remark in found.items() if at.items() <= remark.items()}

    def _changed(self, name: str, _change: object) -> None:
        if self._is_filling:
            return
        value = {name: field.value for name, field in self.fields.items()}
        change: dict[str, Any] = {name: value[name]} if name in talk.OWN else {}
        if name in ("left", "right") and bool(value["left"]) == bool(value["right"]):
            change = {"tension": (value["left"], value["right"])}
        if change:
            self._do(partial(talk.change_card, self.project, value["card"], **change))
        elif name == "looked":
            self._do(self._act)
        elif name == "key":
            self.show(value["key"])
        elif name in ("card", "session", "date") or (name == "what" and not value["key"]):
            self.show()
        elif name in ("text", "kind") or value["key"]:
            self._keep(value)

    def _keep(self, value: dict[str, Any]) -> None:
        """Keep the remark on screen, once there is enough of it."""
        if "session" in value:
            said = {**value, "card": value["card"].card_id if value["card"] else ""}
            about = {
                "name": said.pop("session"),
                "date": said.pop("date"),
                "cards": [value["card"]] if value["card"] else [],
            }
            act = partial(talk.record_session, self.project, said=[said], **about)
        else:
            was = Reading(perspective="", text="", key=value["key"]) if value["key"] else None
            act = partial(
                talk.add_reading,
                self.project,
                value["card"],
                value["perspective"],
                value["text"],
                instead_of=was,
            )
        self._do(act)

    def _do(self, act: Callable[..., object]) -> None:
        """Do what a person asked, and say how it went; what seems to be a name waits until she has looked."""
        self._act, before = act, self.remarks().keys()
        try:
            act(is_checked=self.looked.value)
        except WijkError as error:  # these never hold a word that was typed
            self._say(" ".join(f"{problem.what} {problem.now}" for problem in error.problems))
            self.looked.layout.display = None if isinstance(error, PrivacyError) else "none"
            return
        now, chosen = self.remarks().keys(), self.fields["key"].value
        self.show(next(iter(now - before), chosen if chosen in now else ""))
        self._say("Bewaard.")

    def _undo(self, _button: object) -> None:
        self._say("Ongedaan gemaakt." if self.project.undo(talk.KINDS) else "Er is niets om ongedaan te maken.")  # fmt: skip
        self.show()

    def _say(self, text: str) -> None:
        self.status.value = f'<div role="status">{escape(text)}</div>'


def _about(card: PatternCard) -> str:
    """Return what stands on a card, above the fields."""
    lines = [f"{reading.perspective}: {reading.text}" for reading in card.readings]
    lines += [f"{part.session}, {part.date}: {line}" for part in card.said for line in part.lines]
    state = "" if card.is_discussed else "<p><b>Nog niet besproken</b>: er zijn minder dan twee lezingen.</p>"
    return f"<p>{escape(card.observation)}</p>{state}<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def edit_cards(cards: Sequence[PatternCard], project: Project) -> CardPanel:
    """Show a panel in which people write readings on cards, and change their words; each field is kept when it is left.

    Parameters
    ----------
    cards : sequence of PatternCard
        As `wa.find_patterns` gave them.
    project : Project
        `wa.read_cards(cards, project)` gives the cards with what was written.
    """
    return CardPanel(cards, project, EDIT)


def session_form(project: Project, cards: Sequence[PatternCard]) -> CardPanel:
    """Show a form for what was said in a session, as in `wa.record_session`; parameters as `edit_cards`."""
    return CardPanel(cards, project, TELL)
