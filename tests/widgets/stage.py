"""A page with a widget on it, joined to Python as a kernel would be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.widgets.test_text_widget import FILES, receive

if TYPE_CHECKING:
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
TRAITS = "story marks cursor actions choices queue columns progress progress_share message heading help_text search legend".split()


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
