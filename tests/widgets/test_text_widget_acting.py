"""What a person does in the text widget with keys and mouse: along marks, choosing words, acting."""

from __future__ import annotations

import pytest

from tests.widgets.stage import blank as blank
from tests.widgets.stage import stage as stage
from tests.widgets.test_text_widget import MARKS, QUEUE, STORY, TEXT
from tests.widgets.test_text_widget import widget as widget


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
