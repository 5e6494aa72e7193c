"""Several answers in one cell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.loaders.choices import Choice, find_choice, is_ranking, read_choices


def test_a_semicolon_behind_every_cell_is_certain_even_when_nobody_chose_two():
    choice = find_choice(["boos;", "moe;", "boos;", "", "boos;", "Jan van hiernaast;"])
    assert choice == Choice(options=("boos",), separator=";")
    assert read_choices("boos;Jan van hiernaast;", choice) == ({"boos"}, ["Jan van hiernaast"])
    assert read_choices("", choice) == (set(), [])


def test_two_answers_that_come_back_together_are_certain_too():
    assert find_choice(["boos; moe", "moe", "boos", "boos", "moe"]) == Choice(
        options=("boos", "moe"), separator=";"
    )
    assert find_choice(["boos; moe", "moe", "boos"]) is None
    assert find_choice(["boos", "moe"] * 5) is None
    assert find_choice([]) is None


def test_open_text_with_semicolons_has_no_options():
    assert find_choice([f"ik ging {n}; hij kwam {n}" for n in range(9)]) is None
    assert find_choice([f"{n % 50};" for n in range(200)]) is None


COMMA = (";", ", ")


def test_an_option_may_hold_a_comma():
    cells = [
        "geld, of een lening",
        "luisteren, geld, of een lening",
        "luisteren",
        "luisteren",
        "geld, of een lening",
    ]
    choice = find_choice(cells, COMMA)
    assert choice == Choice(options=("geld, of een lening", "luisteren"), separator=", ")
    assert read_choices("luisteren, geld, of een lening, mijn zus", choice) == (
        set(choice.options),
        ["mijn zus"],
    )


@pytest.mark.parametrize(
    "cells",
    [
        ["Ja, soms", "Nee, nooit"] * 4,  # one answer each, with a comma in it
        ["Ja, soms", "Ja, altijd", "Nee"] * 4,
        ["Ja, soms", "Ja", "Nee"] * 4,
        ["A", "A, B", "A, B", "A, B", "C, A"],  # B only comes behind A
    ],
)
def test_what_may_be_half_an_option_is_not_split(cells):
    assert find_choice(cells, COMMA) is None


def test_qualtrics_puts_no_space_behind_its_comma():
    choice = find_choice(["boos,ja, soms", "boos", "ja, soms", "boos,ja, soms"], (";", ","))
    assert choice == Choice(options=("boos", "ja, soms"), separator=",")
    assert read_choices("boos,ja, soms", choice) == ({"boos", "ja, soms"}, [])


def test_a_ranking_is_no_choice():
    assert is_ranking(["a;b;c;", "b;a;c;", ""])
    assert not is_ranking(["a;b;c;", "a;b;c;"])
    assert not is_ranking(["a;b;", "b;a;"])
    assert not is_ranking(["a;b;c;", "b;a;"])


def test_one_answer_is_an_option_or_something_else():
    choice = Choice(options=("ja, soms", "nee"), separator=None)
    assert read_choices("ja, soms", choice) == ({"ja, soms"}, [])
    assert read_choices("wie weet", choice) == (set(), ["wie weet"])
    assert read_choices("", choice) == (set(), [])


OPTIONS = st.lists(st.text("abcdé ,(/", min_size=1, max_size=8), min_size=1, max_size=6)
TICKED = st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(OPTIONS, TICKED)
def test_whatever_was_ticked_comes_back(options, ticked):
    options = sorted({one.strip() for one in options} - {""})
    choice = Choice(options=tuple(options))
    for row in ticked:
        chosen = {option for option, is_chosen in zip(options, row, strict=False) if is_chosen}
        cell = "".join(f"{option};" for option in options if option in chosen)
        assert read_choices(cell, choice) == (chosen, [])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["rood", "groen", "blauw, licht", "wit", "Jo"]), max_size=30),
    st.sampled_from([";", ", ", ","]),
)
def test_what_is_found_is_what_was_written(cells, separator):
    written = [separator.join(dict.fromkeys(cells[at : at + 3])) for at in range(len(cells))]
    choice = find_choice(written, (separator,))
    for cell in written if choice else ():
        chosen, others = read_choices(cell, choice)
        # Nothing is lost, and nothing is there that was not written.
        assert (
            sum(map(len, [*chosen, *others]))
            >= len(cell.replace(separator, "").replace(", ", "").replace(" ", "")) - 2
        )
        assert all(part in cell for part in [*chosen, *others])
