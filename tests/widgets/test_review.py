"""The review on screen: what a person does there is what the review decides."""

from __future__ import annotations

from typing import Any

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.widgets.test_text_widget_in_browser import Stage, blank  # noqa: F401  a fixture
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError
from wijkanalyse.widgets.review import RULE_WORDS_BY_HEAD, _reason

RULE_WORDS = set(RULE_WORDS_BY_HEAD.values())

TEXTS = [
    "Mijn buurvrouw Fatima belde 06 12345678 😀. Kwabbie lachte.",
    "Bij de Blauwe Reiger zat mijn zoon Daan.",
]


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        yield project


@pytest.fixture
def widget(project):
    raw = make_corpus(TEXTS, status=PrivacyStatus.RAW)
    raw = raw.with_changes(step="", frame=raw.frame.assign(title=["Brief van Fatima", "Zo"]))
    widget = wa.review(wa.mask(raw, project=project), project)
    open_story(widget, "v000")
    return widget


def open_story(widget, story: str) -> None:
    widget._receive(widget, {"type": "open", "story": story}, [])


def act(widget, action: str, words: str = "", *, choice: str | None = None, mark: bool = True) -> None:
    """Do what the browser does: an action on the mark that covers some words, or on those words themselves."""
    text, place = widget.story["text"], {"mark": "", "start": None, "end": None, "quote": ""}
    if words:
        start = text.rindex(words)
        place = {"mark": "", "start": start, "end": start + len(words), "quote": words}
        if mark:
            place["mark"] = next(m["id"] for m in widget.marks if m["start"] == start)
    message = {"type": "action", "story": widget.story["id"], "action": action, "choice": choice, **place}
    widget._receive(widget, message, [])


def state_of(widget, words: str) -> tuple[str, str]:
    start = widget.story["text"].rindex(words)
    return next((m["state"], m["label"]) for m in widget.marks if m["start"] == start)


def text_of(widget, story: int) -> str:
    return str(widget.corpus.frame.at[story, "text"])


def test_a_story_is_shown_with_its_title_and_the_places_in_both(widget):
    assert widget.story["text"] == f"Brief van Fatima\n\n{TEXTS[0]}"
    shown = [widget.story["text"][m["start"] : m["end"]] for m in widget.marks]
    assert shown[:3] == ["Fatima", "Fatima", "06 12345678"]
    assert widget.cursor == widget.marks[0]["id"]
    assert widget.queue[0].keys() == {"id", "title", "left", "done"}
    assert widget.progress == "0 van de 2 verhalen nagekeken"
    assert not any("Fatima" in item["title"] for item in widget.queue)


def test_masking_leaving_and_another_role(widget):
    act(widget, "keep", "Fatima")
    assert state_of(widget, "Fatima") == ("rejected", "blijft staan")
    act(widget, "role", "06 12345678", choice="nummer")
    assert state_of(widget, "06 12345678") == ("accepted", "[nummer]")
    assert text_of(widget, 0).startswith("Mijn buurvrouw Fatima belde [nummer 1] 😀.")
    act(widget, "mask", "Fatima")
    assert "[buurvrouw 1]" in text_of(widget, 0)


def test_a_missed_name_is_added_where_it_stands_behind_an_emoji(widget):
    act(widget, "add", "wabbie", choice="hond", mark=False)
    assert state_of(widget, "Kwabbie")[0] == "accepted"
    assert "[hond 1] lachte" in text_of(widget, 0)
    assert widget.corpus.frame.at[0, "title"] == "Brief van [buurvrouw 1]"


def test_reading_opens_the_next_story_and_undo_comes_back_on_it(widget):
    order = widget.review.order
    open_story(widget, order[0])
    act(widget, "read")
    assert widget.story["id"] == order[1]
    assert widget.progress == "1 van de 2 verhalen nagekeken"
    assert widget.progress_share == 0.5
    assert [item["done"] for item in widget.queue] == [True, False]
    act(widget, "undo")
    assert widget.story["id"] == order[0]
    assert widget.message == {"kind": "info", "text": "Ongedaan gemaakt."}
    assert widget.progress_share == 0
    act(widget, "undo")
    assert widget.message["text"] == "Er is niets om ongedaan te maken."
    act(widget, "read")
    act(widget, "read")
    assert widget.corpus.status is PrivacyStatus.REVIEWED
    assert widget.story["about"] == "nagekeken"


def test_always_and_never(widget):
    open_story(widget, "v001")
    act(widget, "never", "Daan")
    assert "zoon Daan" in text_of(widget, 1)
    act(widget, "undo")
    act(widget, "always", "Daan")
    assert "[zoon 1]" in text_of(widget, 1)


def test_an_error_is_a_line_on_screen(widget, project):
    project.close()
    act(widget, "keep", "Fatima")
    assert widget.message["kind"] == "error"
    assert "projectbestand" in widget.message["text"]


def test_without_a_project_decisions_live_as_long_as_the_widget():
    widget = wa.review(wa.mask(make_corpus(TEXTS, status=PrivacyStatus.RAW)))
    act(widget, "read")
    assert widget.review.n_read == 1


def test_what_was_masked_elsewhere_cannot_be_reviewed_here(project):
    with pytest.raises(PrivacyError, match="De tekst van vóór het maskeren"):
        wa.review(make_corpus(TEXTS), project)


def test_every_rule_has_words(sample):
    masked = wa.mask(wa.load_sample(raw=True))
    rules = set(masked.privacy_report.findings["rule"])
    for rule in rules:
        assert _reason(rule) in RULE_WORDS or _reason(rule).startswith("het woord ervoor"), rule


def test_what_takes_long_says_so_first_and_then_what_was_done(widget):
    said = []
    widget.observe(lambda change: said.append(change["new"].get("text", "")), "message")
    act(widget, "always", "Fatima")
    act(widget, "never", "Fatima")
    act(widget, "undo")
    busy = "alle verhalen worden opnieuw bekeken."
    assert [text for text in said if text] == [
        busy, "Dit woord wordt nu overal gemaskeerd.", busy, "Dit woord blijft nu overal staan.", busy, "Ongedaan gemaakt.",
    ]  # fmt: skip


@pytest.mark.browser
def test_keys_in_quick_succession_each_reach_the_next_place(blank, widget):  # noqa: F811
    stage = Stage(blank, widget)
    sent = stage.keys("m", "l", "m")
    quotes = [message["quote"] for message in sent if message["type"] == "action"]
    assert quotes == ["Fatima", "Fatima", "06 12345678"]
    verdicts = {place.id: place.verdict for place in widget.review.places("v000")}
    assert verdicts == {**verdicts, "title-0": "maskeren", "text-0": "laten staan", "text-1": "maskeren"}
    assert blank.problems == []


@pytest.mark.browser
def test_a_name_is_selected_with_the_mouse_and_gets_a_role(blank, widget):  # noqa: F811
    stage = Stage(blank, widget)
    stage.drag("Kwabbie")
    buttons: Any = stage.page.locator(".wt-actions button:visible")
    assert buttons.all_text_contents()[0] == "m Maskeren als…"
    stage.keys("m")
    stage.page.keyboard.type("hon")
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert "hon" in text_of(widget, 0) or "kat" in text_of(widget, 0)
    assert "Kwabbie" not in text_of(widget, 0)
