from __future__ import annotations

import pytest

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.roles import Reading, read_roles, slug
from wijkanalyse.loaders.tabular import Table

STORY = "ik ging naar het loket en daar was helemaal niemand"
MARKER = "kwetsbaarmerkwoord"


def from_columns(columns: dict[str, list[str]]) -> Table:
    n = len(next(iter(columns.values())))
    if "Verhaal" not in columns:
        columns = {**columns, "Verhaal": [f"{STORY} {MARKER} {number}" for number in range(n)]}
    return Table(source="proef.csv", header=tuple(columns), rows=tuple(zip(*columns.values(), strict=True)))


def read(columns: dict[str, list[str]], *, text: str | None = None, keep: bool = False) -> Reading:
    return read_roles(from_columns(columns), text=text, keep_direct_identifiers=keep)


def only(header: str, cells: list[str], **options) -> tuple[str, Role] | str:
    """Return what one column beside the story became: its name and role, or why it was dropped."""
    reading = read({header: cells}, **options)
    if header in reading.dropped:
        return reading.dropped[header]
    spec = next(spec for index, spec in reading.specs if index == 0)
    assert spec.source == header
    return spec.name, spec.role


@pytest.mark.parametrize(
    ("header", "name", "role"),
    [
        ("Verhaalnummer", "narrative_id", Role.NARRATIVE_ID),
        ("ID", "narrative_id", Role.NARRATIVE_ID),
        ("Respondentnummer", "teller_id", Role.TELLER_ID),
        ("Verteller", "teller_id", Role.TELLER_ID),
        ("responder_id", "teller_id", Role.TELLER_ID),
        ("Titel", "title", Role.TITLE),
        ("Welke titel geeft u uw verhaal?", "title", Role.TITLE),
        ("Perspectief", "perspective", Role.PERSPECTIVE),
        ("Ik vertel dit als …", "perspective", Role.PERSPECTIVE),
        ("Ik ben:", "perspective", Role.PERSPECTIVE),
        ("Bent u inwoner of professional?", "perspective", Role.PERSPECTIVE),
        ("Leeftijd", "age_band", Role.CONTEXT),
        ("Leeftijdsgroep", "age_band", Role.CONTEXT),
        ("Wat is uw leeftijd?", "age_band", Role.CONTEXT),
        ("Wat is je leeftijd", "age_band", Role.CONTEXT),
        ("Hoe oud bent u?", "age_band", Role.CONTEXT),
        ("Hoe woont u?", "living_situation", Role.CONTEXT),
        ("Woon je alleen?", "living_situation", Role.CONTEXT),
        ("Speelt het in een stad of dorp?", "municipality_kind", Role.CONTEXT),
        ("Wijkteam", "organisation", Role.ORGANISATION),
        ("Gemeente", "organisation", Role.ORGANISATION),
        ("Welk team was erbij betrokken?", "organisation", Role.ORGANISATION),
        ("Hoe voelde het?", "hoe_voelde_het", Role.CONTEXT),
    ],
)
def test_headers(header, name, role):
    assert only(header, ["a", "b"]) == (name, role)


@pytest.mark.parametrize("header", ["Maand", "Tijdstempel", "Begintijd", "Wanneer was dat?", "Datum"])
def test_a_header_that_asks_a_date_with_dates_beneath_it(header):
    assert only(header, ["3-11-2025", "weet niet"]) == ("month", Role.TIME)


def test_wanneer_without_dates_beneath_it_is_a_question():
    assert only("Wanneer voelde u zich gehoord?", ["nooit", "soms"])[1] is Role.CONTEXT


@pytest.mark.parametrize(
    "header",
    [
        "Naam", "Voornaam", "Wat is uw naam?", "E-mail", "Uw e-mailadres", "Telefoonnummer", "Adres", "Wat is uw adres?",
        "Postcode", "Wat is uw postcode?", "Geboortedatum", "Wat is uw geboortedatum?", "BSN", "IBAN", "IP-adres",
    ],
)  # fmt: skip
def test_direct_identifiers_are_dropped_and_kept_on_request(header):
    assert (
        only(header, ["a", "b"])
        == "wijst een persoon aan (in een notebook te houden met keep_direct_identifiers=True)"
    )
    name, role = only(header, ["a", "b"], keep=True)
    assert (name, role) == (slug(header), Role.DIRECT_IDENTIFIER)


def test_a_second_column_with_names_is_dropped_too():
    reading = read({"Naam": ["a", "b"], "Naam (2)": ["c", "d"]})
    assert set(reading.dropped) == {"Naam", "Naam (2)"}


@pytest.mark.parametrize(
    "cell", ["jan@post.nl", "0612345678", "06-12345678", "06 12 34 56 78", "123456782", "bel 0301234567"]
)
@pytest.mark.parametrize("header", ["Contact", "Hoe woont u?", "Team", "Ik ben"])
def test_cells_that_point_at_a_person_are_dropped_whatever_the_header(header, cell):
    assert "wijst een persoon aan" in only(header, [cell, "x", "x"])


@pytest.mark.parametrize("cell", ["0,123456789", "0.30000000000000004", "06-11-2025", "1234567"])
def test_long_decimals_and_dates_point_at_nobody(cell):
    assert "wijst een persoon aan" not in only("Cijfer", [cell, cell])


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Ik voelde me gezien (1–5)", ["4", "", "1"]),
        ("alleen of samen, 0 tot 100", ["70", "3"]),
        ("rondkomen", ["0,5", "1", "0"]),
    ],
)
def test_numbers_on_a_named_scale_or_between_0_and_1_are_the_tellers_answers(header, cells):
    assert only(header, cells)[1] is Role.SIGNIFICATION
    assert read({header: cells}).specs[1][1].dtype == "float"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Jaar", ["2024", "2025"]),
        ("Postcode4", ["7411", "7412"]),
        ("Aantal kinderen", ["2", "0"]),
        ("Cijfer", ["-2,25", "8"]),
    ],
)
def test_other_numbers_are_no_answer_of_the_teller(header, cells):
    # A row number taken for an answer would make a "counter-story" out of nothing.
    assert "niet duidelijk is wat het betekent" in only(header, cells)


@pytest.mark.parametrize("header", ["Verhaal nr.", "Nr.", "Respons-ID", "Volgnummer"])
def test_numbers_of_stories_are_ids(header):
    assert only(header, ["1", "2"])[1] is Role.NARRATIVE_ID


@pytest.mark.parametrize(
    "header", ["Naam verteller", "Interviewer", "Opm.", "Verteld door", "Naam van het kind"]
)
def test_columns_that_hold_names_are_dropped(header):
    assert "wijst een persoon aan" in only(header, ["J. de Wit", "x"])
    assert only("Cijfer", ["0,5", "veel"])[1] is Role.CONTEXT


def test_an_empty_column_is_dropped():
    assert only("Opmerking", ["", ""]) == "leeg"


def test_open_text_is_dropped_and_reported():
    assert only("Toelichting", [f"antwoord {n}" for n in range(9)]) == (
        "9 verschillende antwoorden: open tekst wordt hier niet gemaskeerd"
    )
    long = "een antwoord van meer dan acht woorden is open"
    assert only("Toelichting", [long] * 2) == "open tekst wordt hier niet gemaskeerd"


def test_a_closed_question_has_at_most_twenty_answers():
    twenty = [str(n) + "x" for n in range(20)] * 3
    assert only("Wijk", twenty)[1] is Role.CONTEXT
    assert "21 verschillende" in only("Wijk", [*twenty, "u", "u", "u"])


@pytest.mark.parametrize("header", ["Wie bent u?", "Hoe woont u?"])
def test_open_answers_under_a_known_header_are_dropped_too(header):
    assert "21 verschillende antwoorden" in only(header, [f"Naam {n}" for n in range(21)])
    assert "open tekst" in only(header, ["ik woon met mijn twee kinderen boven de winkel van mijn zus", "x"])


def test_there_may_be_many_municipalities_but_no_sentences():
    assert only("Gemeente", [f"Gemeente {n}" for n in range(60)]) == ("organisation", Role.ORGANISATION)
    assert "open tekst" in only("Team", ["de mevrouw die altijd op dinsdag bij ons thuis kwam", "x"])


def test_exact_ages_are_kept():
    assert only("Leeftijd", [str(n) for n in range(18, 60)]) == ("age_band", Role.CONTEXT)


def test_where_you_live_is_no_living_situation():
    assert only("Waar woont u?", ["a", "b"]) == ("waar_woont_u", Role.CONTEXT)


def test_two_columns_that_mean_the_same_both_stay_under_their_own_name():
    reading = read({"Titel": ["a", "b"], "Andere titel": ["c", "d"], "id": ["1", "2"], "Nummer": ["3", "4"]})
    names = {spec.name: spec.role for _, spec in reading.specs}
    assert names == {
        "text": Role.TEXT, "title": Role.TITLE, "andere_titel": Role.CONTEXT, "narrative_id": Role.NARRATIVE_ID,
        "nummer": Role.CONTEXT,
    }  # fmt: skip


def test_headers_with_the_same_slug_get_a_number():
    reading = read({"Kleur!": ["a", "a"], "Kleur?": ["b", "b"], "Text": ["a", "b"]})
    assert [spec.name for _, spec in reading.specs] == ["text", "kleur", "kleur_2", "text_2"]


def test_the_longest_text_is_the_story():
    reading = read({"Kort": ["een twee drie vier", "een twee drie vier"]})
    assert reading.specs[0][0] == 1
    assert [guess.what for guess in reading.guesses] == ["de verhalen staan in kolom ‘Verhaal’"]
    assert reading.guesses[0].overrule == '--tekst "naam" of text="naam"'


def test_the_story_can_be_named_in_any_case_and_spacing():
    reading = read({"Wat gebeurde er?": ["a", "b"]}, text="wat  GEBEURDE er?")
    assert reading.specs[0][0] == 0
    assert reading.guesses == ()


def test_a_story_column_that_does_not_exist():
    with pytest.raises(InputError, match="Er is geen kolom ‘Verhalen’") as caught:
        read({"Titel": ["a", "b"]}, text="Verhalen")
    assert "een van ‘Titel’, ‘Verhaal’" in str(caught.value)
    assert MARKER not in str(caught.value)


@pytest.mark.parametrize("cells", [["", ""], ["ja", "nee"], ["een twee drie", "x"]])
def test_no_column_with_stories(cells):
    with pytest.raises(InputError, match="Er is geen kolom met verhalen gevonden"):
        read({"Verhaal": cells, "nr": ["1", "2"]})


def test_a_header_as_long_as_a_story_is_never_shown():
    reading = read({f"{MARKER} " * 30: [STORY * 5, STORY * 5]})
    assert [guess.what for guess in reading.guesses] == [
        "de verhalen staan in kolom ‘(een kop van 569 tekens)’"
    ]


@pytest.mark.parametrize(
    ("header", "name"),
    [("Hoe voelde het?", "hoe_voelde_het"), ("Één café", "een_cafe"), ("???", "kolom"), ("a" * 50, "a" * 40)],
)
def test_slug(header, name):
    assert slug(header) == name
