"""What the text widget shows in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.widgets.stage import Stage as Stage
from tests.widgets.stage import blank as blank
from tests.widgets.stage import stage as stage
from tests.widgets.test_text_widget import FILES, TEXT
from tests.widgets.test_text_widget import widget as widget
from wijkanalyse.widgets.text_widget import TextWidget


@pytest.mark.browser
def test_what_a_person_typed_stays_text(stage):
    assert stage.page.evaluate("window.hit") is None
    assert stage.page.locator(".wt :is(b, i, em, script)").count() == 0
    shown = stage.page.evaluate(
        "[...document.querySelectorAll('.wt-text [data-piece], .wt-text > span:not(.wt-label)')].map(n => n.textContent).join('')"
    )
    assert shown == TEXT
    assert stage.page.locator(".wt-title").first.text_content() == "Over <i>tante</i>"


def oracle(text: str, marks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs of characters covered by the same marks, character by character."""
    covers = [[m["id"] for m in marks if m["start"] <= at < m["end"]] for at in range(len(text))]
    runs: list[dict[str, Any]] = []
    for at, ids in enumerate(covers):
        if runs and sorted(runs[-1]["ids"]) == sorted(ids):
            runs[-1]["end"] = at + 1
        else:
            runs.append({"start": at, "end": at + 1, "ids": ids})
    return [{**run, "ids": sorted(run["ids"]), "text": text[run["start"] : run["end"]]} for run in runs]


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    letters = st.sampled_from(["a", "é", "e\u0301", "😀", "👨‍👩‍👧", "🇳🇱", "\n", " ", "\r\n", "<", "𝒳"])
    text = "".join(draw(st.lists(letters, min_size=1, max_size=25)))
    place = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(place, place), max_size=7))
    return text, [
        {"id": f"m{i}", "start": min(p), "end": max(p)} for i, p in enumerate(pairs) if p[0] != p[1]
    ]


@pytest.mark.browser
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(case=marked_texts())
def test_pieces_and_lanes_are_those_of_a_python_oracle(blank_module, case):
    text, marks = case
    pieces, lanes = blank_module.evaluate(
        """([text, marks]) => [module.segments(text, marks).map((p) => ({ start: p.start, end: p.end, text: p.text, ids: p.marks.map((m) => m.id).sort() })),
          Object.fromEntries(module.lanesOf(marks))]""",
        [text, marks],
    )
    assert pieces == oracle(text, marks)
    deepest = max(len(run["ids"]) for run in pieces)
    assert max(lanes.values(), default=-1) == deepest - 1
    assert all(len({lanes[name] for name in run["ids"]}) == len(run["ids"]) for run in pieces)


@pytest.fixture
def blank_module(blank: Any) -> Any:
    if not blank.evaluate("'module' in window"):
        Stage(blank, TextWidget())
    return blank


@pytest.mark.browser
def test_pieces_ignore_a_mark_outside_the_text(blank_module):
    marks = [
        {"id": "a", "start": 2, "end": 9},
        {"id": "b", "start": -1, "end": 1},
        {"id": "c", "start": 1, "end": 1},
    ]
    assert len(blank_module.evaluate("m => module.segments('kort', m)", marks)) == 1
    assert blank_module.evaluate("module.segments('', [])") == []


@pytest.mark.browser
def test_a_rejected_mark_shows_its_label_only_while_it_is_the_current_one(stage):
    rejected = stage.page.locator('.wt-label[data-mark="Café"]')
    assert not rejected.is_visible()
    stage.keys("k", "ArrowRight")
    stage.widget.cursor = "Café"
    stage.page.evaluate("model.set('cursor', 'Café')")
    assert rejected.is_visible()


@pytest.mark.browser
def test_another_story_is_shown_from_its_top_when_its_mark_is_in_sight(stage):
    lines = ["Er was niets aan de hand."] * 60
    text = "\n".join(["Bep", *lines, "Bep"])
    marks = [
        {"id": "text-0", "start": 0, "end": 3, "tone": 0, "state": "open", "label": "x"},
        {"id": "text-1", "start": len(text) - 3, "end": len(text), "tone": 0, "state": "open", "label": "x"},
    ]
    stage.keys()  # the focus is in the text
    for story, cursor, at_top in (("V002", "text-1", False), ("V003", "text-0", True)):
        # The mark of the story before, which has the same id here, lies far down.
        stage.widget.show({"id": story, "title": "", "text": text, "about": ""}, marks, cursor=cursor)
        stage.push()
        assert (stage.page.locator(".wt-page").evaluate("page => page.scrollTop") == 0) is at_top


@pytest.mark.browser
def test_the_queue_filters_and_opens(stage):
    stage.page.locator(".wt-queue input").fill("")
    stage.page.locator(".wt-queue input").focus()
    stage.page.keyboard.type("lift")
    assert stage.page.locator(".wt-queue li").count() == 1
    assert "klaar" in stage.page.locator(".wt-queue li").inner_text()
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert [(event.type, event.story) for event in stage.widget.events] == [("open", "V002")]
    stage.page.locator(".wt-queue input").fill("")
    stage.keys("n", "p")
    assert [event.story for event in stage.widget.events[1:]] == ["V002", "V000"]


@pytest.mark.browser
def test_messages_and_help_are_read_aloud_and_reachable(stage):
    stage.widget.message = {"kind": "error", "text": "Het bestand is bezet."}
    stage.sync()
    message = stage.page.locator(".wt-message")
    assert message.text_content() == "Let op: Het bestand is bezet."
    assert message.get_attribute("aria-live") == "assertive"
    stage.keys("?")
    help_ = stage.page.locator(".wt-help")
    assert "De markering klopt" in help_.text_content()
    assert "Zo werkt het." in help_.text_content()
    stage.page.keyboard.press("a")
    stage.page.keyboard.press("Escape")
    assert not help_.is_visible()
    assert stage.sync() == []


@pytest.mark.browser
def test_nothing_is_left_behind_when_the_view_goes(stage):
    stage.page.evaluate("stop()")
    assert stage.page.evaluate("model.heard()") == 0
    assert stage.page.locator(".wt").count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 640, 380])
def test_nothing_sticks_out_at_any_width(stage, width):
    stage.page.set_viewport_size({"width": width, "height": 720 if width == 1280 else 360})
    try:
        assert stage.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert stage.page.evaluate(
            "[...document.querySelectorAll('.wt-actions button')].every((b) => b.getBoundingClientRect().right <= innerWidth)"
        )
    finally:
        stage.page.set_viewport_size({"width": 1280, "height": 720})


def test_the_files_ask_the_network_for_nothing():
    for name in ("text_widget.js", "text_widget.css"):
        source = (FILES / name).read_text("utf-8")
        assert not [word for word in ("http", "@import", "fetch(", "innerHTML", "url(") if word in source]


@pytest.mark.browser
def test_who_searches_itself_hears_what_is_typed_and_marks_without_a_label_stand_in_a_legend(widget, blank):
    heard = []
    widget.on_event(heard.append)
    widget.search = "Zoek in de verhalen"
    widget.legend = [{"tone": 8, "label": "gevonden"}]
    widget.marks = [{"id": "h", "start": 0, "end": 3, "label": "", "tone": 8}]
    widget.choices = [
        {
            "id": "v2",
            "label": "Een ander",
            "key": "1",
            "group": "Lijkt hierop",
            "why": "brief",
            "for": "near",
        },
        {"id": "x", "label": "Niet hier", "for": "iets anders"},
    ]
    widget.actions = [
        {"id": "near", "key": "v", "label": "Lijkt…", "on": "story", "asks": True, "quick": True}
    ]
    stage = Stage(blank, widget)
    assert stage.page.locator(".wt-label").count() == 0
    assert stage.page.locator(".wt-legend li").inner_text() == "woord gevonden"
    assert stage.page.locator(".wt-quick").inner_text().split() == [
        "Lijkt",
        "hierop",
        "1",
        "Een",
        "ander",
        "brief",
    ]
    stage.page.get_by_label("Zoek in de verhalen").fill("brief")
    stage.page.keyboard.press("Enter")
    stage.page.wait_for_function("sent.length")
    stage.sync()
    assert [(event.type, event.choice) for event in heard] == [("search", "brief")]
    stage.page.locator(".wt-page").focus()
    stage.page.keyboard.press("v")
    assert stage.page.locator(".wt-box li").count() == 1
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert (heard[-1].action, heard[-1].choice) == ("near", "v2")
