from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

import wijkanalyse as wa
from tests.conftest import click_point, make_corpus, open_offline, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.dialogue.paper import dutch_date, shorten
from wijkanalyse.errors import InputError, PrivacyError

EVIL = "schuld deurwaarder aanmaning </script><script>alert(1)</script> <img src=x onerror=alert(2)> rekening incasso"


@pytest.fixture(scope="module")
def material():
    texts = three_subjects(35)
    corpus = make_corpus([*texts, EVIL], perspective=["inwoner"] * 36, status=PrivacyStatus.MASKED)
    themes = wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"), n_themes=3, firmness_rounds=3)
    return corpus, themes, wa.find_patterns(corpus, themes=themes)


@pytest.fixture(scope="module")
def html(material, tmp_path_factory):
    return wa.write_page(*material, tmp_path_factory.mktemp("p") / "diep" / "kaart.html").read_text("utf-8")


def test_all_stories_are_in_the_page_and_none_escapes(html, material):
    data = re.search(r'<script type="application/json" id="verhalen">(.*?)</script>', html, re.DOTALL).group(
        1
    )
    stories = json.loads(data)
    assert sorted(story["text"] for story in stories) == sorted(material[0].frame["text"])
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_nothing_points_outside(html):
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.extend(name for name, _ in attrs)

    Reader().feed(html)
    assert not {"src", "href", "srcset", "action"} & set(seen)
    styles = " ".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert not re.search(r"url\(|@import", styles)
    assert "default-src 'none'" in html


def test_a_page_that_nobody_reviewed_says_so(html, material, tmp_path):
    assert "WERKVERSIE" in html
    from dataclasses import replace

    reviewed = replace(material[0], status=PrivacyStatus.REVIEWED)
    page = wa.write_page(reviewed, material[1], material[2], tmp_path / "k.html").read_text("utf-8")
    assert "WERKVERSIE" not in page
    assert "nagekeken" in page


def test_raw_text_is_refused(material, tmp_path):
    from dataclasses import replace

    raw = replace(material[0], status=PrivacyStatus.RAW)
    with pytest.raises(PrivacyError, match="verhalen laten lezen"):
        wa.write_page(raw, material[1], material[2], tmp_path / "k.html")


def test_cards_say_that_they_are_not_discussed(html):
    assert html.count("nog niet besproken: 0 van minstens twee lezingen") == 3
    assert "Hebben wij, of heeft het systeem, leed toegevoegd?" in html


def test_page_without_cards_says_why(material, tmp_path):
    page = wa.write_page(material[0], material[1], [], tmp_path / "k.html").read_text("utf-8")
    assert "Er is geen thema dat door minstens 5 vertellers wordt gedragen" in page


def test_the_same_input_gives_the_same_page(material, tmp_path):
    first = wa.write_page(*material, tmp_path / "a.html").read_bytes()
    assert wa.write_page(*material, tmp_path / "b.html").read_bytes() == first


def test_a_place_that_cannot_be_written_is_an_error(material, tmp_path):
    (tmp_path / "bestand").write_text("x")
    with pytest.raises(InputError, match=r"kan niet worden bewaard(.|\n)*een andere map"):
        wa.write_page(*material, tmp_path / "bestand" / "kaart.html")


def test_shorten_cuts_after_a_whole_sentence():
    text = "Dit is één. Dit is twee. Dit is drie en veel te lang voor hier."
    assert shorten(text, 6) == "Dit is één. Dit is twee. […]"
    assert shorten(text, 50) == text
    assert shorten("een twee drie vier vijf", 3) == "een twee drie […]"
    assert shorten("Zij zei ja. [buurvrouw 1] ook. En toen was het alweer avond.", 4) == "Zij zei ja. […]"


def test_dates_are_dutch():
    assert dutch_date("2026-03-01") == "1 maart 2026"


@pytest.fixture
def page_view(browser, material, tmp_path):
    with open_offline(browser, wa.write_page(*material, tmp_path / "kaart.html")) as view:
        yield view


@pytest.mark.browser
def test_a_point_opens_its_story_and_no_request_leaves(page_view, material):
    # The lowest point: no other covers it.
    lowest = material[1].assignments.sort_values(["y", "x"]).iloc[0]["narrative_id"]
    text = dict(zip(material[0].frame["narrative_id"], material[0].frame["text"], strict=True))[lowest]
    assert click_point(page_view, lowest) == text
    assert page_view.requests == []
    assert page_view.problems == []


@pytest.mark.browser
def test_the_lists_open_stories_by_keyboard_and_steps_stay_in_the_theme(page_view, material):
    page_view.locator("details.list summary").first.focus()
    page_view.keyboard.press("Enter")
    page_view.keyboard.press("Tab")
    page_view.keyboard.press("Enter")
    first = page_view.text_content("#lezer [data-part=text]")
    about = page_view.text_content("#lezer [data-part=about]")
    assert first in set(material[0].frame["text"])
    page_view.locator("[data-stap='1']").click()
    page_view.locator("[data-stap='-1']").click()
    assert page_view.text_content("#lezer [data-part=about]") == about
    assert page_view.problems == []


@pytest.mark.browser
def test_labels_legend_and_note_do_not_overlap(browser, sample, sample_themes, tmp_path):
    cards = wa.find_patterns(sample, themes=sample_themes)
    path = wa.write_page(sample, sample_themes, cards, tmp_path / "kaart.html")
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    view = context.new_page()
    view.goto(path.as_uri())
    view.wait_for_selector("#kaart .annotation")
    boxes = view.evaluate(
        "() => [...document.querySelectorAll('#kaart .annotation, #kaart g.legend')].map(e => {"
        "const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; })"
    )
    context.close()
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            overlap_x = min(a[2], b[2]) - max(a[0], b[0])
            overlap_y = min(a[3], b[3]) - max(a[1], b[1])
            assert overlap_x <= 1 or overlap_y <= 2, (a, b)


@pytest.mark.browser
@pytest.mark.parametrize("words", [None, "Woorden uit een lang verhaal over zorg en de lift. " * 12])
def test_every_card_is_one_sheet(browser, material, tmp_path, words):
    """Also when every story is as long as a card lets it be."""
    corpus, themes, cards = material
    if words:
        frame = corpus.frame.assign(text=words)
        corpus = corpus.with_changes(step="", frame=frame)
    page = browser.new_page(viewport={"width": round(182 / 25.4 * 96), "height": round(271 / 25.4 * 96)})
    page.goto(wa.write_page(corpus, themes, cards, tmp_path / "p.html").as_uri())
    page.emulate_media(media="print")  # A4 without the margins of the style sheet: 182 by 271 mm
    heights = page.evaluate("[...document.querySelectorAll('.card')].map(card => card.offsetHeight)")
    assert len(heights) == len(cards)
    assert max(heights) < 271 / 25.4 * 96
    page.close()


@pytest.mark.browser
def test_the_page_fits_a_telephone_and_says_why_there_is_no_map_without_scripts(browser, material, tmp_path):
    path = wa.write_page(*material, tmp_path / "p.html")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sticking_out = """() => [...document.querySelectorAll(".card *, .theme *")].filter(node =>
      node.getBoundingClientRect().right > node.closest(".card, .theme").getBoundingClientRect().right).length"""
    assert page.evaluate(sticking_out) == 0
    assert page.get_by_text("Trust HTML").count() == 0
    # As JupyterLab shows a file that nobody has trusted yet.
    (tmp_path / "lab.html").write_text('<iframe sandbox src="p.html" width=380 height=800></iframe>')
    page.goto((tmp_path / "lab.html").as_uri())
    assert page.frame_locator("iframe").get_by_text("Trust HTML").is_visible()
    page.close()
