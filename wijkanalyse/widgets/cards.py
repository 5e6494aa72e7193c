"""Cards on screen: people write how they read them, and after a session what was said; the verbs are in `dialogue`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import today
from wijkanalyse.dialogue import talking_back as talk
from wijkanalyse.errors import PrivacyError
from wijkanalyse.privacy.gate import MIN_TELLERS, Audience, is_large_enough, release_texts
from wijkanalyse.widgets.panel import Panel
from wijkanalyse.widgets.text_widget import TextWidget

if TYPE_CHECKING:
    from wijkanalyse.patterns.cards import PatternCard
    from wijkanalyse.project import Project

PERSPECTIVES = ("inwoner", "mantelzorger", "vrijwilliger", "professional", "beleid en bestuur")
LOOKED = {"looked": "Ik heb gekeken: hier staat geen naam of nummer in"}
EDIT = {
    "card": "Kaart",
    "key": "Lezing",
    "perspective": "Gelezen als",
    "text": "Wat je leest",
    "title": "Titel",
    "linking_question": "Verbindende vraag",
    "left": "Spanning tussen",
    "right": "en",
    "mark": "Merkteken",
}
TELL = {
    "session": "Naam van de sessie",
    "date": "Datum",
    "card": "Kaart",
    "key": "Opmerking",
    "group": "Groep",
    "what": "Wat",
    "perspective": "Gelezen als",
    "narrative_id": "Verhaal",
    "kind": "Soort weerklank",
    "text": "Wat er is gezegd",
}
SHAPES = {
    **dict.fromkeys(("card", "key", "what", "kind"), "Dropdown"),
    **dict.fromkeys(("perspective", "narrative_id"), "Combobox"),
    "looked": "Checkbox",
    "text": "Textarea",
}


class CardPanel(Panel):
    """Fields about one card at a time, each kept when it is left. Use `edit_cards` or `session_form`."""

    def __init__(self, cards: Sequence[PatternCard], project: Project, labels: dict[str, str]) -> None:
        import ipywidgets

        super().__init__()
        self.project, self._is_filling = project, True
        self._act: partial[Any] = partial(dict)
        self.fields = {name: self._field(name, label) for name, label in {**labels, **LOOKED}.items()}
        options = [(f"{number}. {card.title}", card) for number, card in enumerate(cards, start=1)]
        self.fields["card"].options = [*([("de hele sessie", None)] if labels is TELL else []), *options]
        self.fields["card"].value = cards[0] if cards else None
        self.about = ipywidgets.HTML()
        rows, first = [self.fields[name] for name in labels], list(labels).index("key")
        self.reader = TextWidget(heading="De verhalen bij deze kaart")
        self.reader.on_event(lambda event: self._read(event.story))
        rows[first:first] = [self.status, self.fields["looked"], self.about, self.reader]
        self.fill(*rows, self.button("Ongedaan maken", self._undo))
        self.show()

    def _field(self, name: str, label: str) -> Any:
        import ipywidgets

        shape = SHAPES.get(name, "Text")
        traits: dict[str, Any] = {} if shape in ("Dropdown", "Checkbox") else {"continuous_update": False}
        choices = {"perspective": PERSPECTIVES, "what": list(talk.WHATS), "kind": list(talk.RESONANCES)}
        traits |= (
            {"options": choices[name]} if name in choices else {"value": today()} if name == "date" else {}
        )
        field = getattr(ipywidgets, shape)(
            description=label, layout={"width": "98%"}, style={"description_width": "9rem"}, **traits
        )
        field.observe(partial(self._changed, name), "value")
        return field

    def _remarks(self) -> dict[str, dict[str, str]]:
        found, value = talk.remarks_on(self.project, self.fields["card"].value), self._values()
        here: dict[str, Any] = {name: value[name].strip() for name in ("session", "date") if name in value}
        here = here or {"what": talk.READING}
        return {key: remark for key, remark in found.items() if here.items() <= remark.items()}

    def _values(self) -> dict[str, Any]:
        return {name: field.value for name, field in self.fields.items()}

    def show(self, key: str = "", *, keep: bool = False) -> None:
        """Show the card as the project holds it now, with one of its remarks or room for another; or `keep` what was typed."""
        self._is_filling, fields, card = True, self.fields, self.fields["card"].value
        remarks = self._remarks()
        blank = {} if keep else dict.fromkeys(("perspective", "text", "narrative_id"), "")
        names = [
            (f"{said['what']}: {said['perspective']} {said['text'][:50]}", name)
            for name, said in remarks.items()
        ]
        fields["key"].options = [("nieuw", ""), *names]
        laid = talk.read_cards([card], self.project)[0] if card else None
        wanted = self._values() | blank | remarks.get(key, {}) | {"card": card, "key": key, "looked": False}
        wanted["kind"] = wanted.get("kind") or next(iter(talk.RESONANCES))
        if laid:
            left, right = laid.tension or ("", "")
            own = {"title": laid.title, "linking_question": laid.linking_question, "mark": laid.mark}
            wanted |= own | {"left": left, "right": right}
        needs = {"perspective": talk.READING, "narrative_id": talk.RESONANCE, "kind": talk.RESONANCE}
        for name, of in needs.items():
            if name in fields:
                fields[name].layout.display = None if wanted.get("what", of) == of else "none"
        if "narrative_id" in fields and card:
            fields["narrative_id"].options = sorted(_stories(card))
        for name, field in fields.items():
            field.value = wanted[name]
        self.about.value = _about(laid) if laid else ""
        self._read(self.reader.story.get("id", ""))
        fields["looked"].layout.display, self._is_filling = "none", False

    def _read(self, narrative_id: str) -> None:
        """Open a story of the card, or its first; those that stand on it come first, with why."""
        card = self.fields["card"].value
        why = _stories(card) if card and card.corpus and "session" not in self.fields else {}
        self.reader.layout.display = None if why else "none"
        if not why:
            return
        told = {
            one.narrative_id: one for one in release_texts(card.corpus, [*why], audience=Audience.WORKBENCH)
        }
        self.reader.queue = [
            {"id": key, "title": told[key].title or key, "about": why[key], "left": 0, "done": False} for key in why
        ]  # fmt: skip
        one = told.get(narrative_id) or told[next(iter(why))]
        about = " · ".join(filter(None, [one.attribute, why[one.narrative_id]]))
        title = one.title or f"Verhaal {one.narrative_id}"
        self.reader.show({"id": one.narrative_id, "title": title, "about": about, "text": one.text})

    def _changed(self, name: str, change: dict[str, Any]) -> None:
        value = self._values()
        project, card, key = self.project, value["card"], value["key"]
        if self._is_filling or (card is None and "session" not in value):
            return
        if name == "looked":
            self._do(self._act)
        elif name in ("left", "right"):
            if bool(value["left"]) == bool(value["right"]):
                self._do(partial(talk.change_card, project, card, tension=(value["left"], value["right"])))
        elif name in talk.OWN:
            self._do(partial(talk.change_card, project, card, **{name: change["new"]}))
        elif name in ("card", "key") or (key and name in ("session", "date")):
            self.show(key if name == "key" else "")
        else:
            self.show(key, keep=True)
            if (key or value["text"].strip()) and "session" not in value:
                words = (value["perspective"], value["text"])
                self._do(partial(talk.add_reading, project, card, *words, key=key))
            elif key or value["text"].strip():
                said, cards = {**value, "card": card.card_id if card else ""}, [card] if card else []
                when = {"name": value["session"], "date": value["date"]}
                self._do(partial(talk.record_session, project, said=[said], cards=cards, **when))

    def _do(self, act: partial[Any]) -> None:
        """Do what a person asked, and say how it went; what seems to be a name waits until she has looked."""
        self._act = act

        def save() -> str:
            act(is_checked=self.fields["looked"].value)
            key = self.fields["key"].value
            self.show(key if key in self._remarks() else "")
            return "Bewaard."

        error = self.run(save)
        self.fields["looked"].layout.display = None if isinstance(error, PrivacyError) else "none"

    def _undo(self) -> str:
        undone = self.project.undo((talk.CARD, talk.REMARK))
        self.show()
        return "Ongedaan gemaakt." if undone else "Er is niets om ongedaan te maken."


def _stories(card: PatternCard) -> dict[str, str]:
    """Return the stories of a card, with why the first few stand on it."""
    why = {story.narrative_id: ": ".join(filter(None, (story.role, story.reason))) for story in card.stories}
    return why | {key: "" for key in card.narratives if key not in why}


def _about(card: PatternCard) -> str:
    lines = [f"{reading.perspective}: {reading.text}" for reading in card.readings]
    lines += [f"{part.session}, {part.date}: {line}" for part in card.said for line in part.lines]
    state = "" if card.is_discussed else "<p><b>Nog niet besproken</b>: minder dan twee lezingen.</p>"
    if not is_large_enough(card.n_tellers, Audience.OUTSIDE):
        state += f"<p><b>Blijft binnen</b>: minder dan {MIN_TELLERS[Audience.OUTSIDE]} mensen vertelden dit. Deze kaart komt niet in een pakket dat je doorgeeft.</p>"
    return f"<p>{escape(card.observation)}</p>{state}<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def edit_cards(cards: Sequence[PatternCard], project: Project) -> CardPanel:
    """Show a panel in which people write on cards, as `wa.find_patterns` gave them; each field is kept when it is left."""
    return CardPanel(cards, project, EDIT)


def session_form(project: Project, cards: Sequence[PatternCard]) -> CardPanel:
    """Show a form for what was said in a session, as in `wa.record_session`; parameters as `edit_cards`."""
    return CardPanel(cards, project, TELL)
