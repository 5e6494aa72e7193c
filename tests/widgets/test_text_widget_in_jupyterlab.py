"""The text widget in a real JupyterLab: its keys stay its own, and the story stays out of the file."""

from __future__ import annotations

import pytest

from tests.widgets.lab import run_cell, save

CELL = """
import wijkanalyse as wa
from wijkanalyse.widgets.text_widget import TextWidget
row = wa.load_sample().frame.iloc[0]
widget = TextWidget(actions=[{"id": "d", "key": "d", "label": "Klaar", "on": "story"}])
widget.show({"id": "V001", "title": row.title, "text": row.text, "about": ""}, [{"id": "a", "start": 0, "end": 2, "label": "begin", "tone": 0, "state": "open"}])
def answer(event):
    widget.message = {"kind": "info", "text": f"gedaan: {event.action}{event.mark}"}
widget.on_event(answer)
widget
"""


@pytest.mark.browser
@pytest.mark.slow
def test_in_jupyterlab_keys_stay_in_the_widget_and_the_story_out_of_the_file(browser, tmp_path):
    from playwright.sync_api import expect

    with run_cell(browser, tmp_path, CELL) as page:
        text = page.locator(".wt-page")
        text.wait_for(timeout=60_000)
        expect(page.locator(".wt-text")).to_contain_text("stopcontact")  # the story comes after the frame
        text.focus()
        for key in "a b x m y z c v d d 0 0 Enter Shift+Enter".split():
            page.keyboard.press(key)
        expect(page.locator(".wt-message")).to_have_text("gedaan: d")
        page.keyboard.press("j")
        expect(page.locator(".wt-message")).to_have_text("gedaan: a")
        assert page.locator(".jp-Notebook .jp-Cell").count() == 2
        assert page.locator(".jp-Notebook .jp-CodeCell").count() == 1
        assert "wt-page" in page.evaluate("document.activeElement.className")
        saved = save(page, tmp_path)
        expect(page.locator(".jp-Notebook .jp-CodeCell")).to_have_count(1)
    assert "jupyter.widget-view" in saved
    assert "stopcontact" not in saved
