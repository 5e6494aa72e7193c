from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.dialogue.kit_plan import CARD, LONGEST_CARD, MOST_CARDS, SHORTEST, plan_session
from wijkanalyse.errors import InputError


def test_an_afternoon_with_twenty_people_and_eight_cards():
    plan = plan_session(["thema"] * 8, participants=20, minutes=120)
    assert plan.groups == (4, 4, 4, 4, 4)
    assert plan.card_minutes == 10
    assert plan.rounds[:2] == ((1, 2, 3, 4, 5, 6, 7, 8), (2, 3, 4, 5, 6, 7, 8, 1))
    assert plan.steps == (
        ("0–10", "welkom"),
        ("10–20", "lezen"),
        ("20–100", "kaarten"),
        ("100–115", "ophalen"),
        ("115–120", "afronden"),
    )
    assert plan.warnings == ()
    assert plan.copies == 1


@pytest.mark.parametrize(
    ("people", "groups"),
    [
        (3, (3,)),
        (4, (4,)),
        (5, (5,)),
        (6, (3, 3)),
        (7, (4, 3)),
        (9, (3, 3, 3)),
        (11, (4, 4, 3)),
        (21, (4, 4, 4, 3, 3, 3)),
    ],
)
def test_groups_are_three_or_four(people, groups):
    assert plan_session(["thema"], participants=people, minutes=60).groups == groups


def test_too_little_time_is_said_with_what_to_drop():
    plan = plan_session(
        ["thema", "duiding", "thema", "stemmen", "thema", "samenloop"], participants=8, minutes=70
    )
    assert [len(cards) for cards in plan.rounds] == [3, 3]
    first, second = plan.warnings
    assert "in 70 minuten bespreekt een groep 3 kaarten" in first
    assert "zijn er 5 nodig, en daarvoor 90 minuten" in first
    assert "Wat kan vervallen: het stille lezen (10 minuten). Dan haalt een groep 4 kaarten." in first
    assert "Minder dan twee groepen bespreken kaart 1, 2, 3, 4, 5 en 6" in second
    assert "in deze volgorde, want van hun soort ligt er nog een: 5, 3." in second


def test_the_shortest_session_has_no_silent_reading():
    plan = plan_session(["thema"], participants=6, minutes=SHORTEST)
    assert [what for _, what in plan.steps] == ["welkom", "kaarten", "ophalen", "afronden"]


@pytest.mark.parametrize(("people", "minutes"), [(2, 120), (201, 120), (20, SHORTEST - 1)])
def test_no_session(people, minutes):
    with pytest.raises(InputError, match="Zo is er geen sessie te maken"):
        plan_session(["thema"], participants=people, minutes=minutes)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(n=st.integers(1, 24), people=st.integers(3, 200), minutes=st.integers(SHORTEST, 400))
def test_every_plan_adds_up(n, people, minutes):
    plan = plan_session(["thema"] * n, participants=people, minutes=minutes)
    assert sum(plan.groups) == people
    assert all(size in (3, 4) for size in plan.groups) or plan.groups == (5,)
    assert CARD <= plan.card_minutes <= LONGEST_CARD
    ends = [tuple(map(int, step[0].split("–"))) for step in plan.steps]
    assert ends[0][0] == 0
    assert ends[-1][1] == minutes
    assert all(before[1] == after[0] for before, after in pairwise(ends))
    for cards in plan.rounds:
        assert len(set(cards)) == len(cards) <= min(n, MOST_CARDS)
        assert set(cards) <= set(range(1, n + 1))
    times = Counter(number for cards in plan.rounds for number in cards)
    shown = [times[number] for number in range(1, n + 1)]
    assert max(shown) - min(shown) <= 1
    at_once = [max(Counter(column).values()) for column in zip(*plan.rounds, strict=True)]
    assert plan.copies == max(at_once)
