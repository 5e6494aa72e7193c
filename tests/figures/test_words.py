from __future__ import annotations

import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import make_corpus
from wijkanalyse.figures.words import (
    MAX_ALT,
    Words,
    alt_text,
    broken,
    dress,
    empty,
    legend_height,
    method_note,
    short,
    text_width,
    without_source,
)

WORDS = Words(title="Titel", subtitle="Van hoeveel", note="Hoe gemaakt", alt="Wat te zien is")


@settings(deadline=None, max_examples=60)
@given(
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))),
    width=st.floats(60, 600),
    size=st.sampled_from([11, 13, 18]),
)
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text, width, size):
    lines = broken(text, width, size)
    assert all(text_width(line, size) <= width for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == "".join(text.split()).replace("-", "")


def test_lines_by_hand():
    assert broken("een twee drie", 50, 10) == ["een twee", "drie"]
    assert broken("", 100, 10) == []
    assert broken("schuldhulpverlening", 60, 10) == ["schuldhul-", "pverlening"]


def test_a_short_text_ends_in_an_ellipsis_and_fits():
    assert short("Kort", 100, 12) == "Kort"
    cut = short("Schuldhulpverlening, deurwaarder en toeslagen", 240, 12)
    assert cut == "Schuldhulpverlening, deurwaarder …"
    assert text_width(cut, 12) <= 240


def test_an_alt_text_keeps_whole_sentences():
    assert alt_text("Een.", "x" * MAX_ALT, "Twee.") == "Een."
    with pytest.raises(ValueError, match="the most is 600"):
        Words(title="", subtitle="", note="", alt="x" * 601)


def test_the_note_says_what_it_was_made_of_and_outside_not_from_which_file():
    corpus = make_corpus(["Het regende.", "Zij lachte."])
    note = method_note(corpus, "Zo gemaakt.", seed=7, chosen="alleen 2025")
    assert note.startswith(
        "Voorlopig beeld, bedoeld voor gesprek. Zo gemaakt. 2 verhalen van 2 vertellers, alleen 2025, "
    )
    assert "toevalsgetal 7, bron test, corpus" in note
    assert "bron" not in without_source(note, corpus)


def test_words_take_the_room_they_need_and_no_more():
    def height(words: Words | None, width: float) -> int:
        return dress(go.Figure(layout={"height": 100}), words, width=width).layout.height

    long = Words(title="Een titel", subtitle="van veel woorden " * 9, note="en nog veel meer " * 20, alt="")
    assert height(None, 520) == 124
    assert height(None, 520) < height(WORDS, 520) < height(long, 520) < height(long, 321)


def test_an_empty_figure_says_why():
    figure = dress(empty("Er is niets. " * 9, 321), WORDS, width=321)
    assert len(figure.data) == 0
    assert figure.layout.annotations[0].text.startswith("Er is niets.")
    assert "<br>" in figure.layout.annotations[0].text


def test_a_legend_takes_rows():
    assert legend_height([], 300) == 0
    assert (
        legend_height(["kort"], 300)
        == legend_height(["kort", "ook"], 300)
        < legend_height(["lang " * 9] * 2, 300)
    )


def test_how_stories_were_selected_stands_in_the_note():
    corpus = make_corpus(["Een verhaal.", "Nog een verhaal."])
    part = corpus.select(["v001"], step="2026-11-22: alleen verhalen van inwoners")
    assert "1 verhaal van 1 verteller, alleen verhalen van inwoners, " in method_note(part, "Zo gemaakt.")
    assert "alleen verhalen" not in method_note(corpus, "Zo gemaakt.")
    assert part.select(["v001"], step="tweede keus").provenance.selections[1] == "tweede keus"
