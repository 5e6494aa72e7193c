from __future__ import annotations

from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.patterns import Reading


@pytest.fixture(scope="module")
def corpus():
    perspective = ["inwoner" if number % 3 else "wijkteam" for number in range(36)]
    supported = [1.0, 2.0] * 18
    supported[4] = 5.0  # in the second subject, and told differently from all others there
    return make_corpus(three_subjects(36), perspective=perspective, supported=supported)


@pytest.fixture(scope="module")
def themes(corpus):
    return wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), n_themes=3, firmness_rounds=9)


@pytest.fixture(scope="module")
def cards(corpus, themes):
    return wa.find_patterns(corpus, themes=themes)


def test_three_themes_give_three_cards(cards):
    assert len(cards) == 3
    assert {card.kind for card in cards} == {"thema"}


def test_no_card_tells_of_a_cause(cards):
    for card in cards:
        assert not any(word in card.observation for word in ("leidt tot", "doordat", "veroorza", "daardoor"))
        assert card.observation.startswith("12 van de 36 verhalen, van 12 vertellers")


def test_a_card_has_typical_counter_and_edge_by_different_tellers(corpus, cards):
    teller = dict(zip(corpus.frame["narrative_id"], corpus.frame["teller_id"], strict=True))
    for card in cards:
        assert [story.role for story in card.stories] == ["typisch"] * 3 + ["tegenverhaal", "rand"]
        assert len({teller[story.narrative_id] for story in card.stories}) == 5


def test_the_counter_story_is_the_one_told_differently(cards, themes):
    theme = dict(zip(themes.assignments["narrative_id"], themes.assignments["theme_id"], strict=True))["v004"]
    card = next(card for card in cards if card.theme_id == theme)
    members = themes.stories(theme)["narrative_id"].tolist()
    if members.index("v004") < 6:  # it is looked for among the half that lies nearest to the theme
        assert [s.narrative_id for s in card.stories if s.role == "tegenverhaal"] == ["v004"]


def test_missing_voices_are_named(cards, themes):
    by_theme = {card.theme_id: card for card in cards}
    theme_of = dict(zip(themes.assignments["narrative_id"], themes.assignments["theme_id"], strict=True))
    assert by_theme[theme_of["v000"]].missing_voices == ("inwoner",)
    assert by_theme[theme_of["v001"]].missing_voices == ("wijkteam",)


def test_a_card_is_discussed_from_two_readings_on(cards):
    card = cards[0]
    one = replace(card, readings=(Reading(perspective="inwoner", text="Zo lees ik het."),))
    two = replace(one, readings=(*one.readings, Reading(perspective="beleid", text="Ik lees iets anders.")))
    assert [card.is_discussed, one.is_discussed, two.is_discussed] == [False, False, True]


def test_few_tellers_get_no_card(corpus, themes):
    frame = corpus.frame.assign(teller_id=["a", "b", "c"] * 12)
    few = replace(corpus, frame=frame)
    found = wa.find_themes(few, n_themes=3, firmness_rounds=3)
    assert wa.find_patterns(few, themes=found) == []


def test_cards_are_chosen_for_variety(sample, sample_themes):
    cards = wa.find_patterns(sample, themes=sample_themes, n_cards=3)
    assert 2 <= len(cards) <= 3
    assert len({card.theme_id for card in cards}) == len(cards)


def test_signification_is_not_needed(themes):
    plain = make_corpus(three_subjects(36))
    found = wa.find_themes(plain, n_themes=3, firmness_rounds=3)
    card = wa.find_patterns(plain, themes=found)[0]
    assert "tegenverhaal" not in {story.role for story in card.stories}
    assert card.missing_voices == ()
