"""Coding on screen in a browser, and in JupyterLab: with the keyboard alone, and with the mouse."""

from __future__ import annotations

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.widgets.lab import run_cell, save
from tests.widgets.stage import Stage
from tests.widgets.stage import blank as blank
from tests.widgets.test_code import CORPUS, SCHEME, TEXTS, act, coded, open_story, shown
from tests.widgets.test_code import project as project
from tests.widgets.test_code import widget as widget


@pytest.mark.browser
def test_a_story_is_coded_with_the_keyboard_alone(blank, widget):
    stage = Stage(blank, widget)
    stage.keys("s", "Shift+ArrowRight", "c")
    stage.page.keyboard.type("betal")  # in the definition
    stage.page.keyboard.press("Enter")
    stage.sync()
    stage.keys("3")
    assert coded(widget) == [("v000", "huis", "Er kwam"), ("v000", "schuld", "Er kwam")]
    stage.keys("m")
    stage.page.keyboard.type("Een gedachte")
    stage.page.keyboard.press("Shift+Enter")
    stage.page.keyboard.type("en nog een")
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert sorted(widget.codings["memo"]) == ["", "Een gedachte\nen nog een"]
    stage.keys("m")
    assert stage.page.locator(".wt-box textarea").input_value() == "Een gedachte\nen nog een"
    stage.page.keyboard.press("Escape")
    stage.keys("w", "Enter")
    assert [item["done"] for item in widget.queue] == [True, False, False]
    stage.keys("z")
    stage.keys("z")
    assert len(widget.codings) == 2
    assert blank.problems == []


@pytest.mark.browser
def test_a_key_right_after_coding_never_reaches_an_older_mark(blank, widget):
    act(widget, "code", "een brief", choice="geld")
    stage = Stage(blank, widget)
    stage.drag("te hoog")
    stage.keys("3", "w", "2")  # the answer to the first key is still under way
    assert coded(widget) == [("v000", "geld", "een brief"), ("v000", "huis", "te hoog")]
    stage.keys("w")
    assert coded(widget) == [("v000", "geld", "een brief")]


@pytest.mark.browser
def test_a_memo_is_kept_by_a_click_beside_it_and_the_list_finds_by_what_is_known(blank, widget):
    stage = Stage(blank, widget)
    stage.keys("b")
    stage.page.keyboard.type("Niet weg")
    stage.page.locator(".wt-queue input").click()
    stage.sync()
    assert widget.story["texts"]["story_memo"] == "Niet weg"
    stage.page.keyboard.type("professional")
    assert stage.page.locator(".wt-queue li").count() == 1
    stage.page.keyboard.press("Enter")
    stage.sync()
    assert widget.story["id"] == "v002"
    assert blank.problems == []


@pytest.mark.browser
def test_only_what_a_mark_allows_is_offered(blank, widget, project):
    wa.add_coding(project, CORPUS, "v000", "geld", 0, 2, coder="Ali")
    open_story(widget, "v000")
    stage = Stage(blank, widget)
    stage.keys("j")
    buttons = stage.page.locator(".wt-actions button:visible").all_text_contents()
    assert buttons[:3] == ["a Overnemen", "c Nog een code…", "Shift+M Codememo…"]
    stage.keys("w")
    assert len(widget.codings) == 1


@pytest.mark.browser
def test_a_whole_story_is_coded_and_a_suggestion_for_it_refused_with_keys_and_mouse(blank, project):
    asked = wa.suggest_codings(make_corpus(["Het geld, de lening, de schuld. De huur.", *TEXTS[1:]]), SCHEME)
    corpus = make_corpus(["Het geld, de lening, de schuld. De huur.", *TEXTS[1:]])
    widget = wa.code(corpus, SCHEME, project=project, suggestions=asked)
    stage = Stage(blank, widget)
    stage.keys("3")  # nothing is chosen: the whole story
    assert coded(widget) == [("v000", "huis", "")]
    labels = stage.page.locator(".wt-whole .wt-label")
    assert labels.all_text_contents() == ["Huis", "○ Geld"]
    stage.keys("ArrowRight")
    assert stage.page.locator(".wt-now").inner_text().startswith("2 van 4 · heel verhaal · Geld · nog open")
    stage.keys("x")
    assert labels.all_text_contents() == ["Huis"]
    stage.keys("z")
    labels.nth(1).click()
    stage.page.locator("[data-action=reject]").click()
    stage.sync()
    assert labels.all_text_contents() == ["Huis"]
    labels.first.click()
    stage.keys("w")
    assert coded(widget) == []
    assert not stage.page.locator("[data-action=reopen]").is_visible()
    stage.keys("Enter")
    stage.keys("p")
    stage.keys("o")
    assert widget.progress_share == 0
    assert blank.problems == []


@pytest.mark.browser
def test_a_story_that_is_done_gives_way_to_the_next_on_the_list(blank, widget):
    stage = Stage(blank, widget)
    search = stage.page.locator(".wt-queue input")
    search.fill("professional open")
    stage.keys("Enter")
    assert widget.story["id"] == "v002"  # not v001, which is not on the list
    assert stage.page.locator(".wt-queue li").all_text_contents()[0].startswith("Niets aan de hand.")
    stage.keys("Enter")
    assert widget.story["id"] == "v002"
    assert stage.page.locator(".wt-message").text_content().endswith("open was in de lijst.")
    assert stage.page.locator(".wt-queue li").all_text_contents() == ["Geen verhaal gevonden."]
    search.fill("klaar")
    assert stage.page.locator(".wt-queue li").count() == 2
    search.fill("")
    stage.keys("Enter")
    assert widget.story["id"] == "v001"
    assert blank.problems == []


@pytest.mark.browser
def test_by_keyboard_a_placeholder_is_one_word(blank):
    corpus = make_corpus(["Mijn [broer 1] belde. Hij [was] er."])
    stage = Stage(blank, wa.code(corpus, SCHEME, coder="Noor"))
    stage.keys("s", "Shift+ArrowRight", "1")
    assert coded(stage.widget) == [("v000", "geld", "Mijn [broer 1]")]


@pytest.mark.browser
def test_all_stories_as_a_table_found_by_attribute_and_code(blank, widget):
    act(widget, "whole", choice="huis")
    stage = Stage(blank, widget)
    stage.keys("g")
    rows = stage.page.locator(".wt-queue li")
    assert rows.nth(0).locator("span").all_text_contents() == ["Brief", "", "inwoner", "stad", "Huis"]
    assert not stage.page.locator(".wt-text").is_visible()
    stage.page.keyboard.type("inwoner")
    assert stage.page.locator(".wt-grid-button").text_content() == "Esc terug · 2 van de 3 verhalen"
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        stage.page.keyboard.press(key)
    stage.sync()
    assert widget.story["id"] == "v001"
    assert stage.page.locator(".wt-text").is_visible()
    stage.keys("g")
    stage.page.keyboard.press("Escape")
    assert stage.page.locator(".wt-page").evaluate("page => page === document.activeElement")
    assert rows.count() == 3
    assert blank.problems == []


# ---- in JupyterLab ----

CELL = """
import wijkanalyse as wa
project = wa.open_project("proef.wijk", who="Noor")
corpus, scheme = wa.load_sample(), wa.load_scheme("opgaven")
wa.code(corpus, scheme, project=project)
"""


@pytest.mark.browser
@pytest.mark.slow
def test_in_jupyterlab_codings_are_kept_and_words_stay_out_of_the_notebook(browser, tmp_path):
    from playwright.sync_api import expect

    with run_cell(browser, tmp_path, CELL) as page:
        text = page.locator(".wt-page")
        text.wait_for(timeout=60_000)
        expect(page.locator(".wt-text")).to_contain_text(
            "Ik heb", timeout=15_000
        )  # the story comes after the frame
        text.focus()
        said = page.locator(".wt-message")
        for keys, answer in (
            (["s", "Shift+ArrowRight", "c", *"schulden", "Enter"], "Gecodeerd: Schulden."),
            (["1"], "Gecodeerd: Bestaanszekerheid."),
            (["s", "Shift+ArrowRight", "Shift+ArrowRight", "v"], "Gecodeerd: eigen woorden."),
            (["b", *"dd", "Enter"], "Memo bewaard."),
            (["Enter"], "Verhaal V001 is klaar."),
        ):
            for key in keys:
                page.keyboard.press(key)
            expect(said).to_have_text(answer, timeout=15_000)
        assert page.locator(".jp-Notebook .jp-CodeCell").count() >= 1
        saved = save(page, tmp_path)
    assert '"outputs": []' in saved  # beside a project outputs are not saved
    assert "Ik heb die" not in saved
    with wa.open_project(tmp_path / "proef.wijk", who="Noor") as project:
        widget = wa.code(wa.load_sample(), wa.load_scheme("opgaven"), project=project)
        assert widget.story["id"] == "V002"
        open_story(widget, "V001")
        assert sorted(shown(widget)) == [
            ("Ik heb", "Bestaanszekerheid", ""), ("Ik heb", "Schulden", ""), ("Ik heb die", "Ik heb die", ""),
        ]  # fmt: skip
        assert widget.story["texts"]["story_memo"] == "dd"
