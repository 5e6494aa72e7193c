from __future__ import annotations

import re
from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.errors import InputError
from wijkanalyse.patterns import Reading
from wijkanalyse.patterns.wording import refused_words
from wijkanalyse.privacy.gate import Audience


@pytest.fixture(scope="module")
def corpus():
    perspective = ["inwoner" if number % 3 else "wijkteam" for number in range(36)]
    supported = [1.0, 2.0] * 18
    return make_corpus(three_subjects(36), perspective=perspective, supported=supported)


@pytest.fixture(scope="module")
def themes(corpus):
    return wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), n_themes=3, firmness_rounds=9)


@pytest.fixture(scope="module")
def cards(corpus, themes):
    return wa.find_patterns(corpus, themes=themes)


def test_cards_for_outside_are_carried_by_enough_people(corpus, themes):
    assert wa.find_patterns(corpus, themes=themes, audience="buiten") == wa.find_patterns(
        corpus, themes=themes, audience=Audience.OUTSIDE
    )
    with pytest.raises(InputError, match="Kies ‘buiten’ voor alles wat je doorgeeft"):
        wa.find_patterns(corpus, themes=themes, audience="straat")


def described(corpus, themes):
    """Return the cards when there is nothing to compare."""
    same = corpus.frame.assign(perspective="inwoner")
    return wa.find_patterns(replace(corpus, frame=same), themes=themes)


def test_themes_are_described_where_nothing_stands_out(corpus, themes):
    found = described(corpus, themes)
    assert [card.kind for card in found] == ["thema"] * 3
    for card in found:
        assert card.observation.startswith(
            "12 van de 36 verhalen, van 12 vertellers, lijken in woorden op elkaar."
        )
        assert card.note.startswith("Dit beschrijft een thema; er is niets vergeleken. Gezocht is met ")
        assert card.finding is None


def test_what_stands_out_comes_before_descriptions(cards, themes):
    # One of the three subjects is told by the team alone, the other two by residents.
    assert {card.kind for card in cards} == {"stemmen"}
    told = [card for card in cards if card.kind == "stemmen"]
    theme_of = dict(zip(themes.assignments["narrative_id"], themes.assignments["theme_id"], strict=True))
    assert theme_of["v000"] in {card.theme_id for card in told}
    assert all(card.finding.title == card.title and card.card_id == card.finding.key for card in told)
    assert len({card.card_id for card in cards}) == len(cards)


def test_a_theme_with_a_pattern_is_not_described_again_and_others_fill_the_place(corpus, themes):
    # All who told the third subject say the same, of the others one in two: so only the third stands out.
    supported = [5.0 if number % 3 == 2 or number // 3 % 2 else 1.0 for number in range(36)]
    frame = corpus.frame.assign(perspective="inwoner", supported=supported)
    answered = replace(corpus, frame=frame)
    cards = wa.find_patterns(answered, themes=themes)
    told = {card.theme_id for card in cards if card.finding}
    assert 0 < len(told) < 3 == len({card.theme_id for card in cards})
    assert not told & {card.theme_id for card in cards if card.kind == "thema"}
    assert all(card.corpus is answered and "corpus" not in repr(card) for card in cards)


def test_no_card_tells_of_a_cause(cards, corpus, themes):
    for card in [*cards, *described(corpus, themes)]:
        assert refused_words(card.observation) == refused_words(card.title) == []
        assert "%" not in card.observation
        assert re.search(r"\d+ van de \d+ verhalen|Van de \d+ verhalen", card.observation)


def test_a_card_has_typical_counter_and_edge_by_different_tellers(corpus, themes):
    teller = dict(zip(corpus.frame["narrative_id"], corpus.frame["teller_id"], strict=True))
    for card in described(corpus, themes):
        assert [story.role for story in card.stories] == ["typisch"] * 3 + ["tegenverhaal", "rand"]
        assert len({teller[story.narrative_id] for story in card.stories}) == 5


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


def test_cards_of_a_part_tell_of_that_part_alone(corpus, themes):
    # Of the three subjects, told in turn, the first is left out but for two stories.
    frame = corpus.frame[[number % 3 != 0 or number < 6 for number in range(36)]]
    cards = described(replace(corpus, frame=frame), themes)
    assert [(card.kind, card.n_narratives, card.n_tellers) for card in cards] == [("thema", 12, 12)] * 2
    assert all(card.observation.startswith("12 van de 26 verhalen, van 12 vertellers") for card in cards)
    assert {story.narrative_id for card in cards for story in card.stories} <= set(frame["narrative_id"])


def test_cards_of_the_sample(sample, sample_themes):
    cards = wa.find_patterns(sample, themes=sample_themes, n_cards=6)
    assert len(cards) == 6
    assert cards[-1].kind == "past nergens"
    assert cards[-1].observation.count(" van de ") >= 1
    assert cards[0].kind == "duiding"
    assert "Elke verteller telt even zwaar." in cards[0].note
    themes = [card.theme_id for card in cards if card.kind == "thema"]
    assert len(set(themes)) == len(themes)
    assert not {card.theme_id for card in cards if card.kind != "thema"} & set(themes)
    assert cards == wa.find_patterns(sample, themes=sample_themes, n_cards=6)
    assert [card.kind for card in wa.find_patterns(sample, themes=sample_themes, n_cards=1)] == ["duiding"]


def test_signification_is_not_needed(themes):
    plain = make_corpus(three_subjects(36))
    found = wa.find_themes(plain, n_themes=3, firmness_rounds=3)
    card = wa.find_patterns(plain, themes=found)[0]
    assert "tegenverhaal" not in {story.role for story in card.stories}
    assert card.missing_voices == ()
