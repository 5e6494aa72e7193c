from __future__ import annotations

import wijkanalyse as wa
from tests.coding.test_disagreements import TEXT, comparison, corpus
from tests.widgets.test_text_widget import receive


def test_the_story_opens_at_the_first_difference_with_both_memos():
    widget = wa.show_disagreements(comparison(), corpus())
    assert widget.heading == "Waar codeurs verschillen: 1 plek in 1 verhaal"
    assert widget.story["text"] == TEXT
    (mark,) = widget.marks
    assert mark["label"] == "buurt, hulp"
    assert (
        mark["note"] == "An: hulp (memo: hulp: gaat om nabijheid) · Bo: buurt (memo: buurt: de straat zelf)"
    )
    assert widget.cursor == mark["id"]
    assert "buurvrouw" not in repr(widget)


def test_a_difference_about_the_whole_story_stands_above_the_text():
    widget = wa.show_disagreements(comparison("verhaal"), corpus())
    assert [(mark["start"], mark["end"]) for mark in widget.marks] == [(None, None)]
    receive(widget, type="open", story="v000")
    assert widget.message == {}
    receive(widget, type="open", story="v001")  # has no difference
    assert widget.story["id"] == "v000"
