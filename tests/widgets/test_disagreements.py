from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.coding.test_disagreements import TEXT, comparison, corpus
from tests.widgets.stage import Stage
from tests.widgets.stage import blank as blank
from tests.widgets.test_text_widget import receive


def test_the_story_opens_at_the_first_difference_with_both_memos():
    widget = wa.show_disagreements(comparison(), corpus())
    assert widget.heading == "Waar codeurs verschillen: 1 plek in 1 verhaal"
    assert widget.story["text"] == TEXT
    (mark,) = widget.marks
    assert mark["label"] == "buurt, hulp"
    assert (
        mark["note"] == "\nAn: hulp (memo: hulp: gaat om nabijheid)\nBo: buurt (memo: buurt: de straat zelf)"
    )
    assert TEXT[mark["start"] : mark["end"]] == "De buurvrouw hielp mij."  # without the space after it
    assert widget.cursor == mark["id"]
    assert "buurvrouw" not in repr(widget)


def test_a_difference_about_the_whole_story_stands_above_the_text():
    widget = wa.show_disagreements(comparison("verhaal"), corpus())
    assert [(mark["start"], mark["end"]) for mark in widget.marks] == [(None, None)]
    receive(widget, type="open", story="v000")
    assert widget.message == {}
    receive(widget, type="open", story="v001")  # has no difference
    assert widget.story["id"] == "v000"


def test_all_sentences_are_the_whole_story():
    codings = pd.DataFrame(
        [("v000", "An", "geld", None, None), ("v001", "Bo", "geld", None, None)],
        columns=["narrative_id", "coder", "code", "start", "end"],
    )
    widget = wa.show_disagreements(wa.compare_coders(codings, "zin", corpus=corpus()), corpus())
    assert [(mark["start"], mark["end"]) for mark in widget.marks] == [(None, None)]


@pytest.mark.browser
def test_on_screen_each_coder_has_a_line(blank):
    stage = Stage(blank, wa.show_disagreements(comparison(), corpus()))
    lines = stage.page.locator(".wt-now .wt-lines").inner_text().split("\n")
    assert [line.partition(":")[0] for line in lines] == ["An", "Bo"]
    assert blank.problems == []


def test_where_nobody_differs_it_says_so():
    alone = wa.compare_coders(wa.codings(wa.open_project(":memory:")), corpus=corpus())
    widget = wa.show_disagreements(alone, corpus())
    assert widget.story["title"] == "Geen verschillen"
    assert "0 coderingen" in widget.story["text"]
