from __future__ import annotations

import pytest

from wijkanalyse.privacy.entities import Entities
from wijkanalyse.privacy.identifiers import Span


def numbers(*mentions: tuple[str, str, str] | tuple[str, str, str, str]) -> list[str]:
    """Return the placeholder of each (teller, label, name[, kind])."""
    entities = Entities()
    found = []
    for teller, label, name, *kind in mentions:
        span = Span(start=0, end=len(name), kind=kind[0] if kind else "persoon", label=label, rule="test")
        found.append(entities.resolve(span, name, teller))
    placeholders = entities.placeholders()
    return [placeholders[i] for i in found]


def persons(*names: str) -> list[str]:
    return [placeholder[9:-1] for placeholder in numbers(*(("t", "persoon", name) for name in names))]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Daan", "Daan", "DAAN", "daan"], "1111"),
        (["Daan", "Joris"], "12"),
        (["Daan", "Daans", "Daantje"], "111"),
        (["Han", "Hans"], "12"),  # Hans is a name of its own
        (["Anna", "Anna de Wit", "De Wit", "Anna"], "1111"),
        (["Anna de Wit", "Anna Bakker"], "12"),
        (["Anna de Wit", "Anna Bakker", "Anna"], "123"),  # which Anna is not said, so neither
        (["Anna de Wit", "Piet de Wit", "De Wit"], "123"),
        (["Terpstra", "Wiebe Terpstra"], "12"),  # a single name may be a first name
        (["A. de Wit", "Anna de Wit"], "11"),
        (["Özlem", "ozlem", "Ozlem's"], "111"),
        (["Van der Meer", "van der Meer"], "11"),
    ],
)
def test_one_person_one_number_and_never_two_in_one(names, expected):
    assert "".join(persons(*names)) == expected


def test_two_tellers_know_two_daans():
    assert numbers(("a", "zoon", "Daan"), ("b", "zoon", "Daan")) == ["[zoon 1]", "[zoon 2]"]


def test_a_place_is_one_over_the_corpus():
    mentions = [
        ("a", "plaats", "Assen", "plaats"),
        ("b", "plaats", "assen", "plaats"),
        ("b", "plaats", "Rolde", "plaats"),
    ]
    assert numbers(*mentions) == ["[plaats 1]", "[plaats 1]", "[plaats 2]"]


def test_the_role_that_is_told_once_holds_everywhere():
    assert numbers(("t", "persoon", "Fatima"), ("t", "buurvrouw", "Fatima")) == ["[buurvrouw 1]"] * 2
    assert numbers(("t", "mevrouw", "Kok"), ("t", "wijkagent", "Kok")) == ["[wijkagent 1]"] * 2
    assert numbers(("t", "persoon", "Kok"), ("t", "mevrouw", "Kok")) == ["[persoon 1]"] * 2


def test_ages_and_dates_have_no_number():
    mentions = [
        ("t", "leeftijd 10–14", "12", "leeftijd"),
        ("u", "leeftijd 10–14", "13", "leeftijd"),
        ("t", "datum in de lente", "3 mei", "datum"),
    ]
    assert numbers(*mentions) == ["[leeftijd 10–14]", "[leeftijd 10–14]", "[datum in de lente]"]


def test_a_number_of_somebody_is_his_own():
    mentions = [("a", "telefoon", "06 00", "telefoon"), ("b", "telefoon", "06 00", "telefoon")]
    assert numbers(*mentions) == ["[telefoon 1]", "[telefoon 2]"]
