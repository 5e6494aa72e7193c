from __future__ import annotations

import pytest

from wijkanalyse.errors import InputError
from wijkanalyse.patterns.wording import (
    QUESTIONS,
    TITLES,
    check_observation,
    how_many,
    pole,
    refused_words,
)


@pytest.mark.parametrize("text", TITLES.values())
def test_titles_claim_no_cause_and_no_judgement(text):
    assert refused_words(text) == []


@pytest.mark.parametrize("text", [*TITLES.values(), *QUESTIONS.values()])
def test_templates_hold_known_names_only(text):
    filled = text.format(group="‘wonen’", short="‘x’", left="‘a’", right="‘b’")
    assert "{" not in filled


def test_every_kind_has_a_question():
    assert set(TITLES) <= set(QUESTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "Schulden leiden bij jongeren tot stress.", "Dit komt door de wachtlijst.", "Daardoor vertellen zij minder.", "Zij wachten omdat er geen plek is.",
        "Het gevolg is dat mensen wachten.", "De regel veroorzaakt dit.", "Dit heeft invloed op het gezin.", "De wijkteams presteren hier minder.",
        "Helaas staan er 12 verhalen.", "Er zijn te weinig gesprekken.", "Dat zorgt voor onrust.", "40% van de verhalen gaat hierover.",
        "De hulp is hier beter.", "Dat hangt af van de buurt.", "Vertellers zijn positief.", "Hun score is hoog.",
    ],
)  # fmt: skip
def test_causes_judgements_and_percentages_are_refused(text):
    with pytest.raises(InputError, match=r"zegt meer dan(.|\n)*Een uitleg hoort bij de lezingen"):
        check_observation(text)


@pytest.mark.parametrize(
    "text",
    [
        "‘Wachten’ komt vaker samen voor met ‘brief’.", "12 van de 40 verhalen, van 11 vertellers, liggen bij ‘regels – ruimte’ aan de kant van ‘ruimte’.",
        "5 van de 9 verhalen hebben bij ‘Hoe goed ging het’ het antwoord ‘slecht, omdat 50% wegviel’.",
    ],
)  # fmt: skip
def test_what_lies_side_by_side_passes_and_quoted_names_are_left_alone(text):
    assert check_observation(text) == text


def test_numbers_have_their_denominator():
    assert how_many(12, 40, 11) == "12 van de 40 verhalen, van 11 vertellers"
    assert pole("aan de kant van ‘regels’") == "‘regels’"
