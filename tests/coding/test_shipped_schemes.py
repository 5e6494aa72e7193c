"""Every scheme of the package: complete, with a source that exists, and colours that can be told apart."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import numpy as np
import pytest

from tests.figures.test_colours import SEEN_WITH, lab, linear
from wijkanalyse.coding.scheme import list_schemes, load_scheme
from wijkanalyse.loaders import load_sample

NAMES = list(list_schemes()["name"])
#: The sections of the sources, by the number of the file.
SECTIONS = {
    "000": {"Inleiding", "Leernetwerk veiligheid", "Samen doorleven van de waarde en effectiviteit van wijkteams",
            "Themabijeenkomst Duurzaam ouderschap na scheiding", "Vervolgacties kwaliteitsstatuut"},
    "001": {"1. INLEIDING", "Doel en status statuut", "2. ANDERS DENKEN OVER KWALITEITSVERBETERING", "Vertrekpunt is de leefwereld",
            "Kwaliteit moet je doen: reflecteren op reële dilemma's", "Kwaliteit moet je doen als besturingsvraagstuk", "Leernetwerken",
            "Maatwerk voor de inwoner", "Ondersteuning van beroepspraktijken", "Leren versus verantwoorden", "Moreel kompas",
            "3. WAT ZIJN WIJKTEAMS EIGENLIJK?", "Variatie in verschijningsvormen", "De kracht van ieder wijkteam",
            "4. WAARUIT BESTAAT DE KWALITEIT VAN EEN WIJKTEAM?", "1. Over kwaliteit van een wijkteam algemeen", "2. Kwaliteit in de leefwereld",
            "Kwaliteit vanuit het perspectief van de inwoner", "Kwaliteit vanuit het perspectief van 'de wijk'",
            "Kwaliteit vanuit het perspectief van de wijkteammedewerker", "Relationeel handelen/zorg geven",
            "3. Kwaliteit in organisaties en systemen", "5. RECAPITULATIE EN VOORUITBLIK", "Wat mag je van een wijkteam verwachten:",
            "Wat verwachten wijkteams daarvoor van gemeenten en andere stakeholders?", "Wat staat wijkteams, samen met anderen, te doen?"},
    "002": {"Lerend Versterken", "Over nut, noodzaak en nonsens van monitoring", "Rapport Commissie Sociaal Minimum: Een zeker bestaan II",
            "Rapport Verwey-Jonker Instituut over afwegingsproces", "Opdracht van lokale teams ten aanzien van (on)veiligheid"},
    "003": {"Samenwerken in een netwerk", "Kwaliteit van wat en wie?"},
    "004": {"Zicht op wat werkt in de wijk", "Professionals en beleidsmakers: deel vragen en knelpunten", "Stel uw vraag"},
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_filled_in(name):
    scheme = load_scheme(name)
    assert scheme.version
    assert scheme.source
    for code in scheme:
        for field in ("name", "definition", "use_when", "not_when", "example", "source", "terms"):
            assert getattr(code, field), (code.code, field)
        assert code.colour != "#555555"


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_a_section_that_exists(name):
    for code in load_scheme(name):
        file, section = re.fullmatch(r"(\d{3}) \(.+?\), (.+)", code.source).groups()
        assert section in SECTIONS[file], code.code


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("eyes", SEEN_WITH)
def test_colours_differ_from_their_neighbours(name, eyes):
    scheme = load_scheme(name)
    seen = {code.code: lab(np.asarray(SEEN_WITH[eyes]) @ linear(code.colour)) for code in scheme}
    siblings = [pair for pair in itertools.combinations(scheme, 2) if pair[0].parent == pair[1].parent]
    for one, other in [*siblings, *itertools.pairwise(scheme)]:
        # Normal sight: what is clearly two colours side by side; else what can still be told apart.
        least = 15 if eyes == "everything" else 9
        assert np.linalg.norm(seen[one.code] - seen[other.code]) > least, (one.code, other.code)


def test_keys_and_examples_are_used_once():
    codes = [code for name in NAMES for code in load_scheme(name)]
    assert not [key for key, n in Counter(code.code for code in codes).items() if n > 1]
    assert not [text for text, n in Counter(code.example for code in codes).items() if n > 1]


def test_no_example_is_taken_from_the_sample():
    grams = {gram for text in load_sample().frame["text"] for gram in rows(text)}
    for name in NAMES:
        for code in load_scheme(name):
            assert not rows(code.example) & grams, code.code


def rows(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], words[3:], words[4:], strict=False))


def test_opgaven_have_four_to_eight_codes_below():
    scheme = load_scheme("opgaven")
    assert [4 <= len(scheme.under(top.code)) - 1 <= 8 for top in scheme.top()] == [True] * 4


def test_tensions_have_two_poles():
    scheme = load_scheme("spanningsvelden")
    assert {len(scheme.under(top.code)) for top in scheme.top()} == {3}


def test_there_are_six_learning_groups():
    assert len(load_scheme("leernetwerk-veiligheid").top()) == 6
