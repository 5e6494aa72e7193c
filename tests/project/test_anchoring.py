from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wijkanalyse.coding.after_masking import moved
from wijkanalyse.project.anchoring import Alignment, renumbered

OLD = "De deur bleef dicht. Toen kwam [buurvrouw 3] met soep. De deur ging open."


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("[buurvrouw 3] en [zoon 9]", "[buurvrouw 12] en [zoon 1]", True),
        ("[zoon 3] en [zoon 9], [zoon 3]", "[zoon 4] en [zoon 5], [zoon 4]", True),
        ("[zoon 3] en [zoon 9]", "[zoon 4] en [zoon 4]", False),  # two people became one
        ("[zoon 3]", "[dochter 3]", False),
        ("kamer 3", "kamer 4", False),
        ("[leeftijd 10]", "[leeftijd 12]", False),
        ("[leeftijd 10–14]", "[leeftijd 15–17]", False),
    ],
)
def test_only_numbers_of_placeholders_are_no_change(one, other, is_same):
    assert (renumbered(one) == renumbered(other)) is is_same


@pytest.mark.parametrize(
    ("new", "quote", "found"),
    [
        (OLD.replace("3", "12"), "kwam [buurvrouw 3] met", "kwam [buurvrouw 12] met"),
        (OLD.replace("3", "12"), "[buurvrouw 3]", "[buurvrouw 12]"),
        (OLD.replace("3", "12"), "De deur ging open.", "De deur ging open."),
        ("Gisteren. " + OLD, "met soep", "met soep"),
        (OLD.replace("bleef dicht", "zat op slot"), "De deur ging open", "De deur ging open"),
        (OLD.replace("bleef dicht", "zat op slot"), "De deur bleef", None),  # its words changed
        (OLD.replace(" met soep", ""), "soep", None),
        # the place is gone, and the same words stand elsewhere, where they stood already
        (OLD.replace("De deur ging open.", "Het werd licht."), "deur ging", None),
        # one paragraph moved
        ("De deur ging open. De deur bleef dicht. Toen kwam [buurvrouw 7] met soep.", "[buurvrouw 3] met soep.", "[buurvrouw 7] met soep."),
        (OLD.replace("Toen", "Daarna"), "dicht. Toen", None),
        (OLD.replace("soep", "pap"), "oen kw", "oen kw"),  # in the middle of words
    ],
)  # fmt: skip
def test_a_quote_is_found_back_or_left_to_people(new, quote, found):
    start = OLD.index(quote)
    place = Alignment(OLD, new).place(start, start + len(quote))
    assert (place and new[slice(*place)]) == found


def test_of_two_equal_places_the_right_one():
    old, new = "hulp kwam. " * 3, "Eerst dit. " + "hulp kwam. " * 3
    assert Alignment(old, new).place(11, 15) == (22, 26)
    # four of them now: nobody can tell which of the last
    assert Alignment("a hulp b", "c hulp d e hulp f").place(2, 6) is None


WORDS = st.lists(
    st.sampled_from(["hulp", "kwam", "laat", "[zoon 1]", "[zoon 2]", "niet,", "wel."]), max_size=8
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    before=WORDS, quote=WORDS, after=WORDS, new=WORDS, position=st.integers(0, 30), number=st.integers(3, 99)
)
def test_what_is_found_is_the_same_words(before, quote, after, new, position, number):
    assume(quote)
    old_text = " ".join([*before, *quote, *after])
    start = len(" ".join(before)) + bool(before)
    end = start + len(" ".join(quote))
    words = [*before, *quote, *after]
    words[position : position + len(new)] = new
    new_text = " ".join(words).replace("[zoon 1]", f"[zoon {number}]")
    place = Alignment(old_text, new_text).place(start, end)
    gone = [*before, *quote, *after][position : position + len(new)]
    if place and not any(
        word.startswith("[") for word in (*gone, *new)
    ):  # then it may be masked in one of them
        assert renumbered_away(new_text[slice(*place)]) == renumbered_away(old_text[start:end])
    assert Alignment(old_text, old_text).place(start, end) == (start, end)
    shifted = Alignment(old_text, "Vooraf dit. " + old_text).place(start, end)
    assert shifted in ((start + 12, end + 12), None)


@pytest.mark.parametrize(
    ("old", "new", "quote", "found"),
    [
        ("Gisteren kwam Fatima langs. Fatima belde.", "Gisteren kwam [buurvrouw 1] langs. [buurvrouw 1] belde.", "Fatima belde", "[buurvrouw 1] belde"),
        ("Mijn zoon Daan woont thuis.", "Mijn [zoon 1] woont thuis.", "zoon Daan woont", "[zoon 1] woont"),
        ("Ik zag Jan de Vries. Hij ging.", "Ik zag [naam 1]. Hij ging.", "Vries", "[naam 1]"),
        ("Ik zag [plaats 1]. Hij ging.", "Ik zag Turn. Hij ging.", "zag [plaats 1]", "zag Turn"),
        ("Ik zag [plaats 1]. Hij ging.", "Ik zag [naam 4]. Hij ging.", "zag [plaats 1]", "zag [naam 4]"),
        ("Ik zag Jan. Hij ging.", "Ik zag hem. Hij ging.", "zag Jan", None),
        ("Ik zag Jan Hij ging.", "Ik zag [naam 1] [naam 2] ging.", "zag Jan", None),  # which of the two?
        ("Een twee drie vier vijf zes zeven acht.", "Een [naam 1].", "drie", None),  # so long is no name
        ("Jan a Piet b", "[naam 1] a [naam 2] c", "Piet", None),  # too little is the same
    ],
)  # fmt: skip
def test_a_quote_follows_when_a_name_in_it_is_masked_or_not_any_more(old, new, quote, found):
    start = old.rindex(quote)
    place = Alignment(old, new).place(start, start + len(quote))
    assert (place and new[slice(*place)]) == found


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    words=st.lists(st.sampled_from("ik zag Jan Daan thuis niet hulp en,".split()), min_size=1, max_size=14),
    masked=st.sets(st.integers(0, 13), max_size=4),
    ends=st.tuples(st.integers(0, 13), st.integers(0, 13)),
)
def test_a_quote_follows_to_where_masking_says_or_to_the_same_words(words, masked, ends):
    old, starts, cuts = "", [], []
    for number, word in enumerate(words):
        starts.append((len(old), len(old) + len(word)))
        if number in masked:
            cuts.append((*starts[-1], f"[naam {number}]"))
        old += word + " "
    first, last = (min(end, len(words) - 1) for end in sorted(ends))
    start, end = starts[first][0], starts[last][1]
    new = " ".join(f"[naam {n}]" if n in masked else word for n, word in enumerate(words))
    place = Alignment(old, new).place(start, end)
    # Where the same words stand side by side, the one or the other.
    assert place in (None, moved(cuts, start, end)) or new[slice(*place)] == old[start:end]


def renumbered_away(text: str) -> str:
    import re

    return re.sub(r" \d+\]", "]", text)
