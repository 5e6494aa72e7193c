"""The text widget: what Python checks, what the browser shows, and the road between the two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from wijkanalyse.errors import PrivacyError
from wijkanalyse.widgets import text_widget
from wijkanalyse.widgets.text_widget import TextEvent, TextWidget

FILES = Path(text_widget.__file__).parent
# An astral emoji, a flag of two code points, a family of five, an e with a combining accent: code points ≠ UTF-16 units.
TEXT = "Met 😀 belde tante Bep 🇳🇱 uit Café Zon.\n\n<b>Zij</b> zei: <script>window.hit=1</script> niets & 👨‍👩‍👧 bleef. Ze woont nu bij haar zus."
STORY = {"id": "V001", "title": "Over <i>tante</i>", "text": TEXT, "about": "inwoner · nummer V001"}


def mark(words: str, name: str = "", **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    shown = {"label": "label", "tone": 0, "note": "", "state": "open", "replacement": ""}
    return {"id": name or words, "start": start, "end": start + len(words), **shown, **more}


MARKS = [
    mark("tante Bep", label="tante 1", note="aanwijzing: tante, 95%", replacement="[tante 1]"),
    mark("Café", label="plaats", tone=1, state="rejected"),
    mark("Bep 🇳🇱 uit Café Zon.\n\n<b>Zij</b>", "lang", label="code <em>x</em>", tone=2, state="accepted"),
]
ACTIONS = [
    {"id": "right", "key": "a", "label": "Klopt", "on": "mark", "help": "De markering klopt", "group": "1"},
    {"id": "role", "key": "Enter", "label": "Andere rol", "on": "mark", "group": "1", "asks": True},
    {"id": "missed", "key": "Enter", "label": "Gemist", "on": "selection", "group": "2", "asks": True, "free": True},
    {"id": "quick", "key": "Shift+A", "label": "Kort", "on": "selection", "group": "2"},
    {"id": "done", "key": "d", "label": "Verhaal klaar", "on": "story", "group": "3"},
]  # fmt: skip
CHOICES = [
    {"id": "plaats", "label": "Plaats", "hint": "een stad of dorp"},
    {"id": "zus", "label": "Zus", "hint": "familie"},
    {"id": "cafe", "label": "Café", "hint": ""},
]
QUEUE = [
    {"id": "V000", "title": "De sleutel", "left": 2, "done": False},
    {"id": "V001", "title": "Over tante", "left": 1, "done": False},
    {"id": "V002", "title": "De lift", "left": 0, "done": True},
]


@pytest.fixture
def widget() -> TextWidget:
    made = TextWidget(
        story=STORY, marks=MARKS, actions=ACTIONS, choices=CHOICES, queue=QUEUE,
        progress="12 van 257 verhalen nagekeken", progress_share=0.05, heading="Nakijken", help_text="Zo werkt het.",
    )  # fmt: skip
    made.events = []
    made.on_event(made.events.append)
    return made


def receive(widget: TextWidget, **content: Any) -> None:
    widget._receive(widget, content, [])


def action(name: str, words: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    place = {"mark": "", "start": start, "end": start + len(words), "quote": words, "choice": None}
    return {"type": "action", "story": "V001", "action": name, **place, **more}


# ---- Python's side ----


def test_an_action_arrives_as_an_event_with_its_place(widget):
    receive(widget, **action("right", "tante Bep", mark="tante Bep"))
    [event] = widget.events
    assert (event.action, event.mark, event.quote) == ("right", "tante Bep", "tante Bep")
    assert TEXT[event.start : event.end] == "tante Bep"
    assert "Bep" not in repr(TextEvent(type="action", story="V001", quote="Bep"))
    assert widget.message == {}


@pytest.mark.parametrize(
    "content",
    [
        action("quick", "zus", quote="Zus"),
        action("quick", "zus", start=-3),
        action("quick", "zus", end=10**6),
        action("quick", "zus", start="4"),
        action("quick", "zus", start=True),
        action("quick", "zus", start=None),
        action("quick", "zus", story="V002"),
        action("quick", "zus", choice="plaats"),
        action("unknown", "zus"),
        action("right", "zus", mark="tante Bep"),
        action("right", "zus", mark="nergens"),
        action("role", "tante Bep", mark="tante Bep"),
        action("role", "tante Bep", mark="tante Bep", choice="eigen woord"),
        action("missed", "zus", choice="  "),
        {"type": "cursor", "mark": "nergens"},
        {"type": "open"},
        {"type": ["x"]},
        {},
    ],
)
def test_what_does_not_fit_the_screen_is_refused_with_a_message(widget, content):
    receive(widget, **content)
    assert widget.events == []
    assert widget.message["kind"] == "error"
    assert "Er is niets vastgelegd" in widget.message["text"]


def test_choices_come_from_the_list_or_from_a_person(widget):
    receive(widget, **action("role", "tante Bep", mark="tante Bep", choice="zus"))
    receive(widget, **action("missed", "zus", choice="eigen woord"))
    assert [event.choice for event in widget.events] == ["zus", "eigen woord"]


def test_opening_moving_and_finishing_need_no_place(widget):
    receive(widget, type="open", story="V002")
    receive(widget, type="cursor", mark="lang")
    receive(widget, type="action", story="V001", action="done", mark="", start=None, end=None, quote="")
    assert [(event.type, event.story, event.mark) for event in widget.events] == [
        ("open", "V002", ""), ("cursor", "V001", "lang"), ("action", "V001", ""),
    ]  # fmt: skip


def test_an_error_of_a_callback_becomes_a_line_without_words_of_the_story(widget):
    def fail(event: TextEvent) -> None:
        raise KeyError(f"tante Bep {event.quote}")

    widget.on_event(fail)
    receive(widget, **action("quick", "zus"))
    assert widget.message["kind"] == "error"
    assert "KeyError" in widget.message["text"]
    assert "zus" not in widget.message["text"]
    assert "Bep" not in widget.message["text"]


def test_an_error_of_the_package_is_shown_as_it_reads(widget):
    def fail(event: TextEvent) -> None:
        raise PrivacyError.one(what="Dit kan nog niet.", where="", expected="", now="Maskeer eerst.")

    widget.on_event(fail)
    receive(widget, type="open", story="V002")
    assert widget.message == {"kind": "error", "text": "Dit kan nog niet. Maskeer eerst."}


@pytest.mark.parametrize(
    "change", [{"key": "ArrowLeft"}, {"key": "n"}, {"key": "a", "id": "again"}, {"on": "page"}]
)
def test_actions_with_a_taken_key_or_an_unknown_target_are_refused(widget, change):
    new = {"id": "new", "key": "z", "label": "Nieuw", "on": "mark", **change}
    with pytest.raises(TraitError, match="reserved or taken"):
        widget.actions = [*ACTIONS, new]
    assert widget.actions == ACTIONS


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x", "start": 0, "end": 999},
        {"id": "x", "start": 3, "end": 3},
        {**MARKS[0], "start": 0, "end": 2},
    ],
)
def test_a_mark_that_could_not_be_shown_is_refused(widget, wrong):
    with pytest.raises(TraitError, match=r"outside the story|same id"):
        widget.marks = [*MARKS, wrong]
    assert widget.marks == MARKS


def test_show_replaces_story_and_marks_and_copies_them(widget):
    marks = [{"id": "x", "start": 0, "end": 3}]
    widget.show({"id": "V009", "title": "", "text": "Een twee", "about": ""}, marks, cursor="x")
    marks[0]["end"] = 99
    assert (widget.story["id"], widget.marks[0]["end"], widget.cursor) == ("V009", 3, "x")


def test_the_story_is_sent_on_request_and_is_in_no_state_and_no_repr(widget, monkeypatch):
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(widget, "send", sent.append)
    widget.marks = MARKS[:1]
    assert sent == []  # no browser has asked
    receive(widget, type="ready")
    widget.show(STORY, MARKS[:2])
    assert [(message["type"], message["story"]["id"], len(message["marks"])) for message in sent] == [
        ("page", "V001", 1), ("page", "V001", 2),
    ]  # fmt: skip
    assert widget.events == []
    for shown in (repr(widget), str(widget.get_state())):
        assert "tante" not in shown.replace(
            "Over tante", ""
        )  # its title in the queue is masked by who fills it
    assert repr(widget) == "<TextWidget 12 van 257 verhalen nagekeken>"
