from __future__ import annotations

import re

import pytest

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.choices import Choice
from wijkanalyse.loaders.mapping import read_mapping, read_proposal, with_roles, write_mapping
from wijkanalyse.loaders.roles import read_roles
from wijkanalyse.loaders.tabular import Table

MARKER = "kwetsbaarmerkwoord"
SMALL = Table(
    source="proef.csv",
    header=("nr", "Wie?", "Naam", "Cijfer", "Verhaal"),
    rows=(("1", "a", "x", "0,5", f"{MARKER} een"), ("2", "b", "y", "1", f"{MARKER} twee")),
)
TEXT = "  - {kolom: Verhaal, rol: text}\n"


def mapped(tmp_path, entries: str, *, encoding: str = "utf-8", **options):
    path = tmp_path / "kolommen.yaml"
    path.write_text(f"kolommen:\n{entries}", encoding=encoding)
    return read_mapping(path, SMALL, **options)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_good_mapping(tmp_path, encoding):
    reading = mapped(
        tmp_path,
        TEXT
        + "  - {kolom: '  Wie? ', naam: who, label: Wié, rol: perspective, soort: category}\n"
        + "  - {kolom: Cijfer, rol: signification, soort: float, eenheid: 0–1, groep: G, uiteinden: [1, veel]}\n",
        encoding=encoding,
    )
    text, who, number = (spec for _, spec in reading.specs)
    assert [index for index, _ in reading.specs] == [4, 1, 3]
    assert (text.name, text.role, text.label, text.dtype) == ("text", Role.TEXT, "Verhaal", "str")
    assert (who.name, who.label, who.dtype, who.source) == ("who", "Wié", "category", "Wie?")
    assert (number.name, number.unit, number.group, number.ends) == ("cijfer", "0–1", "G", ("1", "veel"))
    assert reading.dropped == {"nr": "staat niet in de koppeling", "Naam": "staat niet in de koppeling"}
    assert reading.guesses == ()


def test_a_mapping_names_options_and_ranges(tmp_path):
    reading = mapped(
        tmp_path,
        TEXT
        + "  - {kolom: Cijfer, rol: signification, soort: float, bereik: [0, 10]}\n"
        + "  - {kolom: 'Wie?', rol: perspective, soort: category, keuzes: [a, 1]}\n"
        + "  - {kolom: nr, rol: signification, soort: bool, keuzes: [boos, moe]}\n",
    )
    assert reading.ranges == {"cijfer": (0.0, 10.0)}
    assert reading.choices == {
        "wie": Choice(options=("a", "1"), separator=None, by_user=True),
        "nr": Choice(options=("boos", "moe"), separator=",", by_user=True),
    }


def test_several_answers_are_found_when_the_mapping_names_no_options(tmp_path):
    rows = tuple(
        (cell, f"{MARKER} {number}")
        for number, cell in enumerate(["boos;moe;", "moe;", "moe;boos;", "boos;"])
    )
    table = Table(source="proef.csv", header=("Hoe?", "Verhaal"), rows=rows)
    path = tmp_path / "kolommen.yaml"
    entries = f"{TEXT}  - {{kolom: 'Hoe?', rol: signification, soort: bool}}\n"
    path.write_text(f"kolommen:\n{entries}", encoding="utf-8")
    assert read_mapping(path, table).choices == {"hoe": Choice(options=("boos", "moe"))}


def test_a_fixed_role_always_has_its_fixed_name(tmp_path):
    reading = mapped(
        tmp_path,
        "  - {kolom: Verhaal, naam: story, rol: text}\n  - {kolom: nr, naam: number, rol: narrative_id}\n",
    )
    assert [spec.name for _, spec in reading.specs] == ["text", "narrative_id"]


def test_a_direct_identifier_in_a_mapping_is_dropped_and_kept_on_request(tmp_path):
    entries = TEXT + "  - {kolom: Naam, rol: direct_identifier}\n"
    assert "wijst een persoon aan" in mapped(tmp_path, entries).dropped["Naam"]
    reading = mapped(tmp_path, entries, keep_direct_identifiers=True)
    assert "Naam" not in reading.dropped
    assert reading.specs[1][1].role is Role.DIRECT_IDENTIFIER


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("{kolom: Weg, rol: context}", "De kolom ‘Weg’ uit de koppeling staat niet in het bestand."),
        ("{rol: context}", "De kolom ‘’ uit de koppeling staat niet in het bestand."),
        ("los woord", "De kolom ‘’ uit de koppeling staat niet in het bestand."),
        ("{kolom: nr}", "De kolom ‘nr’ heeft geen rol die wij kennen."),
        ("{kolom: nr, rol: sleutel}", "De kolom ‘nr’ heeft geen rol die wij kennen."),
        ("{kolom: nr, rol: [context]}", "De kolom ‘nr’ heeft geen rol die wij kennen."),
        ("{kolom: nr, rol: context, soort: getal}", "De kolom ‘nr’ heeft geen soort die wij kennen."),
        ("{kolom: nr, rol: context, keuzes: boos}", "De keuzes van kolom ‘nr’ zijn geen lijst."),
        ("{kolom: nr, rol: context, keuzes: []}", "De keuzes van kolom ‘nr’ zijn geen lijst."),
        (
            "{kolom: nr, rol: context, bereik: 100}",
            "Het bereik van kolom ‘nr’ bestaat niet uit twee getallen.",
        ),
        (
            "{kolom: nr, rol: context, bereik: [0]}",
            "Het bereik van kolom ‘nr’ bestaat niet uit twee getallen.",
        ),
        (
            "{kolom: nr, rol: context, bereik: [5, 1]}",
            "Het bereik van kolom ‘nr’ bestaat niet uit twee getallen.",
        ),
        (
            "{kolom: nr, rol: context, bereik: [a, b]}",
            "Het bereik van kolom ‘nr’ bestaat niet uit twee getallen.",
        ),
        ("{kolom: nr, rol: context, uiteinden: laag}", "De uiteinden van kolom ‘nr’ zijn geen lijst."),
        ("{kolom: nr, rol: context, naam: text}", "De naam ‘text’ is al van een andere kolom."),
        (
            "{kolom: nr, rol: context, naam: narrative_id}",
            "De naam ‘narrative_id’ is al van een andere kolom.",
        ),
        ("{kolom: Verhaal, rol: text}", "De naam ‘text’ is al van een andere kolom."),
    ],
)
def test_every_bad_entry_is_told_with_its_place(tmp_path, entry, what):
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        mapped(tmp_path, f"{TEXT}  - {entry}\n")
    assert [problem.where for problem in caught.value.problems] == ["kolommen.yaml, kolom nummer 2"]


def test_two_columns_cannot_have_the_same_name(tmp_path):
    entries = TEXT + "  - {kolom: nr, naam: a, rol: context}\n  - {kolom: 'Wie?', naam: a, rol: context}\n"
    with pytest.raises(InputError, match="De naam ‘a’ is al van een andere kolom"):
        mapped(tmp_path, entries)


def test_all_problems_of_a_mapping_come_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        mapped(tmp_path, "  - {kolom: Weg, rol: context}\n  - {kolom: nr, rol: sleutel}\n")
    assert len(caught.value.problems) == 2
    assert MARKER not in str(caught.value)


def test_a_mapping_without_stories(tmp_path):
    with pytest.raises(InputError, match="wijst niet precies één kolom met verhalen aan"):
        mapped(tmp_path, "  - {kolom: nr, rol: context}\n")


@pytest.mark.parametrize(
    "content", ["", "- a\n", "kolom: x\n", "kolommen: geen\n", "kolommen:\n  a: b\n", "los"]
)
def test_a_mapping_that_is_no_list(tmp_path, content):
    path = tmp_path / "kolommen.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="De kolomkoppeling is niet te lezen") as caught:
        read_mapping(path, SMALL)
    assert "data/sample/kolommen.yaml" in str(caught.value)


def test_a_mapping_in_broken_yaml_is_told_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"kolommen\.yaml, regel 3"):
        mapped(tmp_path, "  - {kolom: nr\n  - x: ]\n")


def test_a_mapping_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="De kolomkoppeling is niet te lezen"):
        read_mapping(tmp_path / "weg.yaml", SMALL)
    with pytest.raises(InputError, match="De kolomkoppeling is niet te lezen"):
        mapped(tmp_path, TEXT + "  - {kolom: nr, rol: context, label: Één}\n", encoding="cp1252")


def test_a_proposal_is_read_back_with_why_a_column_stays_out(tmp_path):
    reading = read_roles(SMALL, text="Verhaal", keep_direct_identifiers=False)
    entries = read_proposal(write_mapping(SMALL, reading))
    assert [entry["kolom"] for entry in entries] == list(SMALL.header)
    assert MARKER not in str(entries)
    assert {entry["kolom"]: entry["waarom"] for entry in entries if entry["waarom"]} == reading.dropped


def test_a_role_that_a_person_chose_goes_before_the_guess():
    guess = [
        {"kolom": "Cijfer", "rol": "context", "soort": "float", "waarom": "een getal"},
        {"kolom": "Naam", "rol": "direct_identifier", "soort": "str", "waarom": "wijst een persoon aan"},
        {"kolom": "Maand", "rol": "time", "soort": "str", "naam": "month", "waarom": ""},
        {"kolom": "Verhaal", "rol": "text", "soort": "str", "naam": "text", "waarom": ""},
    ]
    roles = {"Cijfer": "signification", "Naam": "", "Maand": "context", "Verhaal": "text"}
    assert with_roles(guess, roles) == [
        {"kolom": "Cijfer", "rol": "signification", "soort": "float"},
        {"kolom": "Maand", "rol": "context", "soort": "category"},
        guess[3],
    ]
    assert with_roles(guess[1:2], {"Naam": "title"}) == [{"kolom": "Naam", "rol": "title", "soort": "str"}]
