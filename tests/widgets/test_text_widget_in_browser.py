"""What the text widget shows in a browser, joined to Python as a kernel would be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.widgets.test_text_widget import FILES, MARKS, QUEUE, STORY, TEXT, receive
from tests.widgets.test_text_widget import widget as widget
from wijkanalyse.widgets.text_widget import TextWidget

# What anywidget gives to a widget, with nothing behind it: changes and messages are kept for the test to fetch.
STAGE = """async ([source, state]) => {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  window.module = await import(url);
  window.sent = []; window.saved = 0; window.escaped = [];
  const listeners = {}, PAGE = ["story", "marks", "choices", "queue"];
  window.model = {
    get: (name) => PAGE.includes(name) ? undefined : state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      if (PAGE.includes(name)) this.page(); else (listeners["change:" + name] || []).forEach((call) => call());
    },
    page() { (listeners["msg:custom"] || []).forEach((call) => call({ type: "page", ...Object.fromEntries(PAGE.map((part) => [part, state[part]])), cursor: this.coming ?? state.cursor })); },
    on(name, call) { (listeners[name] ||= []).push(call); },
    off(name, call) { listeners[name] = (listeners[name] || []).filter((other) => other !== call); },
    save_changes() { window.saved += 1; }, send(message) { if (message.type === "ready") this.page(); else window.sent.push(message); },
    heard: () => Object.values(listeners).flat().length,
  };
  document.body.addEventListener("keydown", (event) => window.escaped.push(event.key));
  window.stop = module.default.render({ model, el: document.getElementById("el") });
}"""
TRAITS = "story marks cursor actions choices queue columns progress progress_share message heading help_text".split()


class Stage:
    """A page with the widget on it, joined to a `TextWidget` as a kernel would be."""

    def __init__(self, page: Any, widget: TextWidget) -> None:
        self.page, self.widget = page, widget
        page.set_content('<!doctype html><html lang="nl"><body><div id="el"></div></body></html>')
        page.add_style_tag(content=(FILES / "text_widget.css").read_text("utf-8"))
        page.evaluate(STAGE, [(FILES / "text_widget.js").read_text("utf-8"), self.state()])
        self.text = page.locator(".wt-text")

    def state(self) -> dict[str, Any]:
        return {name: getattr(self.widget, name) for name in TRAITS}

    def sync(self) -> list[dict[str, Any]]:
        """Bring what the browser sent to Python, and Python's answer back."""
        self.widget.cursor = self.page.evaluate("model.get('cursor')")
        messages = self.page.evaluate("sent.splice(0)")
        for message in messages:
            receive(self.widget, **message)
        self.push()
        return list(messages)

    def push(self) -> None:
        """Bring what Python shows to the browser."""
        self.page.evaluate(
            # The page is a message, and comes before the state that goes with it.
            "state => { model.coming = state.cursor; Object.entries(state).forEach(([k, v]) => model.set(k, v)); }",
            self.state(),
        )

    def keys(self, *names: str) -> list[dict[str, Any]]:
        self.page.locator(".wt-page").focus()
        for name in names:
            self.page.keyboard.press(name)
        return self.sync()

    def drag(self, words: str, until: str = "") -> None:
        """Select from the beginning of some words to the end of others, with the mouse."""
        ends = self.page.evaluate(
            """([from, to]) => [from, to].map((words, last) => {
              const walker = document.createTreeWalker(document.querySelector(".wt-text"), NodeFilter.SHOW_TEXT);
              for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words), range = document.createRange();
                if (at < 0 || node.parentNode.closest(".wt-label")) continue;
                range.setStart(node, at); range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return [last ? box.right - 0.5 : box.left + 0.5, box.top + box.height / 2];
              }
            })""",
            [words, until or words],
        )
        self.page.mouse.move(*ends[0])
        self.page.mouse.down()
        self.page.mouse.move(*ends[1], steps=3)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
    yield page
    context.close()


@pytest.fixture
def stage(blank: Any, widget: TextWidget) -> Iterator[Stage]:
    yield Stage(blank, widget)
    assert blank.problems == []


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
def test_keys_walk_along_the_marks_and_act_on_the_current_one(stage):
    stage.keys("ArrowRight")
    assert stage.widget.cursor == "tante Bep"
    label = stage.page.locator(".wt-label.wt-current")
    assert label.get_attribute("aria-label") == (
        "‘tante Bep’, tante 1, nog open, aanwijzing: tante, 95%, wordt [tante 1]"
    )
    assert stage.page.locator(".wt-page").get_attribute("aria-activedescendant") == label.get_attribute("id")
    assert "1 van 3" in stage.page.locator(".wt-now").text_content()
    stage.keys("j", "j", "k", "a")
    assert [event.mark for event in stage.widget.events if event.type == "cursor"] == [
        "tante Bep", "lang", "Café", "lang",
    ]  # fmt: skip
    assert stage.widget.events[-1].action == "right"
    assert stage.widget.events[-1].quote == "Bep 🇳🇱 uit Café Zon.\n\n<b>Zij</b>"
    assert stage.page.evaluate("escaped") == []
    assert stage.page.locator(".wt[data-lm-suppress-shortcuts=true]").count() == 1


@pytest.mark.browser
def test_a_rejected_mark_shows_its_label_only_while_it_is_the_current_one(stage):
    rejected = stage.page.locator('.wt-label[data-mark="Café"]')
    assert not rejected.is_visible()
    stage.keys("k", "ArrowRight")
    stage.widget.cursor = "Café"
    stage.page.evaluate("model.set('cursor', 'Café')")
    assert rejected.is_visible()


@pytest.mark.browser
def test_words_are_chosen_by_keyboard_from_where_the_person_is(stage):
    stage.keys("ArrowRight", "s", "Shift+ArrowRight", "Shift+A")
    assert stage.widget.events[-1].quote == "tante Bep"
    stage.keys("s", "ArrowDown", "Shift+ArrowLeft", "Shift+A")
    assert stage.widget.events[-1].quote == "Zon.\n\n<b"
    stage.keys("s", "Escape", "Shift+A")
    assert len([event for event in stage.widget.events if event.type == "action"]) == 2
    assert stage.widget.message == {}


@pytest.mark.browser
def test_before_any_step_choosing_begins_at_the_current_mark(stage):
    stage.widget.show(STORY, MARKS, cursor="Café")
    stage.push()
    stage.keys("s", "Shift+A")
    assert stage.widget.events[-1].quote == "Café"


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
def test_words_are_chosen_by_mouse_across_marks_and_emoji(stage):
    stage.drag("Met", "zei")
    assert "Gekozen" in stage.page.locator(".wt-now").text_content()
    stage.keys("Shift+A")
    assert stage.widget.events[-1].quote == TEXT[: TEXT.index(" zei") + 4]
    stage.drag("👨‍👩‍👧 ", "bleef")
    stage.keys("Shift+A")
    assert stage.widget.events[-1].quote == "👨‍👩‍👧 bleef"
    assert stage.widget.message == {}


@pytest.mark.browser
def test_a_click_takes_the_innermost_mark_and_a_second_click_the_one_around_it(stage):
    place = stage.text.get_by_text("Café", exact=True)
    place.click()
    stage.sync()
    assert stage.widget.cursor == "Café"
    place.click()
    stage.sync()
    assert stage.widget.cursor == "lang"


@pytest.mark.browser
def test_buttons_are_enabled_only_when_they_apply(stage):
    def enabled() -> list[str]:
        return [
            b.inner_text().split("\n")[-1] for b in stage.page.locator(".wt-actions button:enabled").all()
        ]

    assert [name.split(" ", 1)[-1] for name in enabled()] == ["Verhaal klaar"]
    stage.keys("ArrowRight")
    assert len(enabled()) == 3
    stage.keys("s")
    assert [name.split()[-1] for name in enabled()] == ["Gemist", "Kort", "klaar"]


@pytest.mark.browser
def test_the_search_box_takes_one_choice_or_own_words(stage):
    stage.keys("ArrowRight", "Enter")
    stage.page.keyboard.type("caf")
    assert stage.page.locator("[role=option]").all_text_contents() == ["Café"]
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert (stage.widget.events[-1].action, stage.widget.events[-1].choice) == ("role", "cafe")
    stage.drag("zus")
    stage.keys("Enter")
    stage.page.keyboard.type("adn")  # letters with a meaning outside the box
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert stage.widget.events[-1].choice == "adn"
    assert stage.widget.events[-1].quote == "zus"
    assert stage.page.evaluate("document.activeElement.className") == "wt-page"
    stage.keys("ArrowRight", "Enter")
    stage.page.keyboard.press("ArrowDown")
    assert stage.page.locator("[aria-selected=true]").inner_text().startswith("Zus")
    stage.page.keyboard.press("Escape")
    assert not stage.page.locator(".wt-box").is_visible()


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
def test_another_story_forgets_the_choice_and_the_open_box(stage):
    stage.drag("zus")
    stage.keys("Enter")
    stage.widget.show({"id": "V002", "title": "", "text": "De lift.", "about": ""})
    stage.sync()
    assert not stage.page.locator(".wt-box").is_visible()
    assert stage.page.locator(".wt-chosen").count() == 0
    assert stage.text.text_content() == "De lift."
    assert stage.page.locator(".wt-now").text_content() == "Geen markeringen"


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
def test_a_double_click_takes_the_word_also_inside_a_mark(stage):
    for word in ("tante", "zus"):
        stage.drag(word)  # brings it into view
        stage.keys("Escape")
        box = stage.page.evaluate(
            """word => { const walker = document.createTreeWalker(document.querySelector(".wt-text"), 4), range = document.createRange();
              for (let node = walker.nextNode(); node; node = walker.nextNode()) { const at = node.data.indexOf(word);
                if (at >= 0) { range.setStart(node, at); range.setEnd(node, at + word.length); const b = range.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; } } }""",
            word,
        )
        stage.page.mouse.dblclick(*box)
        stage.keys("Shift+A")
        assert stage.widget.events[-1].quote == word


@pytest.mark.browser
def test_keys_never_fall_through_when_painting_takes_the_focus_away(stage):
    stage.keys("ArrowRight")
    stage.page.locator("[data-action=right]").focus()
    stage.page.keyboard.press("Enter")
    stage.page.evaluate("model.set('cursor', '')")
    stage.sync()
    assert stage.page.evaluate("document.activeElement.className") == "wt-page"
    stage.page.locator(".wt-queue button").first.focus()
    stage.widget.queue = QUEUE[1:]
    stage.sync()
    assert stage.page.evaluate("document.activeElement.className") == "wt-page"
    assert stage.page.evaluate("escaped") == []


@pytest.mark.browser
def test_ctrl_s_still_reaches_the_notebook(stage):
    stage.keys("Control+s")
    assert stage.page.evaluate("escaped") == ["s"]
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
