"""The kit as it comes out of the printer, with everything as long as it can be."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.dialogue.test_kit import finding
from wijkanalyse.patterns import Reading
from wijkanalyse.patterns.cards import Said

LONG = "Mensenwoordenlang zinnetje over hulp en zorg en wonen in de wijk. "


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """A kit in which everything is as long as it may be."""
    corpus = make_corpus(
        [LONG * 40] * 40,
        perspective=["vrijwilliger in de buurt"] * 40,
        title=["Een titel die echt wel wat lang is geworden, zo lang"] * 40,
    )
    title = "‘Huishoudelijke hulp, dossier en wachten’ komt vaker samen voor met ‘School en opleiding (leerlingenvervoer)’"
    readings = tuple(Reading(perspective="beleid en bestuur", text=LONG * 10) for _ in range(6))
    one = finding(corpus, 12, 12, title=title, observation=LONG * 3 + title, firmness="los", tension=("zelfredzaamheid", "nabijheid"),
                  readings=readings[:1], linking_question=LONG * 2, missing_voices=("vrijwilliger in de buurt",),
                  note="Gezocht is met 1888 vergelijkingen, in 170 tabellen en nog wat. " * 4)  # fmt: skip
    refs = tuple(
        replace(
            one.stories[0],
            narrative_id=f"v{n:03d}",
            role="tegenverhaal",
            reason="de verteller duidt het anders dan de meesten",
        )
        for n in range(5)
    )
    cards = [replace(one, stories=refs), replace(one, stories=refs, readings=readings)]
    said = tuple(Said(session="Leergroep", date="2026-03-01", lines=(LONG * 9,)) for _ in range(6))
    cards = [replace(card, said=said) for card in cards]
    folder = tmp_path_factory.mktemp("vol")
    return wa.build_session_kit(cards * 5, folder, corpus=corpus, minutes=150), len(cards * 5)


@pytest.mark.browser
def test_everything_as_long_as_can_be_is_one_sheet_each(browser, full):
    kit, n_cards = full
    counts = [len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) for path in kit.pdfs]
    assert counts[1:] == [2 * n_cards, 2 * kit.n_stories]
    view = browser.new_page(viewport={"width": round(128 / 25.4 * 96), "height": 800})
    view.goto(kit.html.as_uri())
    view.emulate_media(media="print")
    heights = "kind => Math.max(...[...document.querySelectorAll('article.' + kind)].map(card => card.offsetHeight)) / 96 * 25.4"
    assert view.evaluate(heights, "card") < 190
    view.set_viewport_size({"width": round(89 / 25.4 * 96), "height": 800})
    assert view.evaluate(heights, "story") < 132
    view.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "size"), [(420, "100%"), (860, "200%")])
def test_the_page_fits_a_telephone_and_letters_twice_as_large(browser, full, width, size):
    view = browser.new_page(viewport={"width": width, "height": 800})
    view.goto(full[0].html.as_uri())
    view.evaluate(f"document.documentElement.style.fontSize = '{size}'")
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    view.close()
