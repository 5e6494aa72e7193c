"""The reader: what is searched and filtered is listed, and the story on screen shows why."""

from __future__ import annotations

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from tests.widgets.lab import run_cell
from wijkanalyse.widgets import reader as module
from wijkanalyse.widgets.reader import FOUND, LIKE, OF_THEME


@pytest.fixture(scope="module")
def themes():
    corpus = make_corpus(three_subjects(36), perspective=["inwoner", "wijkteam"] * 18)
    return wa.find_themes(corpus, n_themes=3, firmness_rounds=3)


@pytest.fixture
def project(themes):
    with wa.open_project(":memory:", who="Noor") as made:
        made.keep_narratives(themes.corpus)
        wa.keep_scheme(made, wa.load_scheme("opgaven"))
        text = themes.corpus.frame["text"][0]
        wa.add_coding(made, themes.corpus, "v000", "veiligheid", 0, text.index(" "))
        wa.add_coding(made, themes.corpus, "v000", "kansengelijkheid")
        yield made


def send(reader, **message):
    reader._receive(reader, message, [])


def listed(reader):
    return [item["id"] for item in reader.queue]


def test_a_word_inside_a_placeholder_is_no_word_of_the_theme():
    text = "De [jongere 1] zag de jongere op het plein"
    marks = module._words_of_theme(text, "Jeugd", {"jong", "jongere"})
    assert [text[mark["start"] : mark["end"]] for mark in marks] == ["jongere"]
    assert marks[0]["start"] > text.index("]")


def test_search_lists_the_stories_and_marks_the_words(themes):
    reader = wa.read(themes.corpus, themes).reader
    assert (len(reader.queue), reader.progress) == (36, "36 verhalen")
    send(reader, type="search", query="rekeningen")
    ids = listed(reader)
    assert 0 < len(ids) < 36
    assert reader.progress == f"{len(ids)} verhalen"
    assert reader.story["id"] == ids[0]
    hits = [mark for mark in reader.marks if mark["tone"] == FOUND]
    assert [reader.story["text"][mark["start"] : mark["end"]] for mark in hits] == ["rekening"]
    assert reader.cursor == hits[0]["id"]
    assert {entry["tone"] for entry in reader.legend} == {FOUND, OF_THEME}
    send(reader, type="search", query="xyz")
    assert (reader.queue, reader.story["title"], reader.legend) == ([], "Geen verhaal gevonden", [])
    send(reader, type="search", query="")
    assert len(reader.queue) == 36


def test_filters_hold_together_and_can_be_taken_away(themes, project):
    panel = wa.read(themes.corpus, themes, project=project)
    assert list(panel.filters) == ["theme", "code", "perspective"]
    panel.filters["perspective"].value = "wijkteam"
    panel.filters["theme"].value = 0
    frame = themes.assignments.merge(themes.corpus.frame, on="narrative_id").query(
        "theme_id == 0 and perspective == 'wijkteam'"
    )
    assert listed(panel.reader) == list(frame["narrative_id"])
    panel.filters["perspective"].value = panel.filters["theme"].value = ""
    panel.filters["code"].value = "veiligheid"
    assert listed(panel.reader) == ["v000"]


def test_codes_theme_and_attributes_are_told_of_a_story(themes, project):
    reader = wa.read(themes.corpus, themes, project=project).reader
    label = themes.topics.set_index("theme_id").at[themes.assignments["theme_id"][0], "label"]
    assert reader.story["about"] == f"inwoner · thema: {label} · hele verhaal: Kansengelijkheid (Noor)"
    (code,) = [mark for mark in reader.marks if mark["label"]]
    assert (code["label"], code["start"], code["note"]) == ("Veiligheid", 0, "codering van Noor")
    words = [mark for mark in reader.marks if mark["tone"] == OF_THEME]
    assert {reader.story["text"][mark["start"] : mark["end"]] for mark in words} <= set(
        reader.story["text"].split()
    )
    assert words


def test_a_story_that_resembles_it_opens_and_the_way_back_is_kept(themes):
    reader = wa.read(themes.corpus, themes).reader
    near = themes.neighbours("v000")
    assert [(choice["id"], choice["key"]) for choice in reader.choices] == [
        (key, str(n)) for n, key in enumerate(near["narrative_id"], 1)
    ]
    assert reader.choices[0]["why"] == near["words"][0]
    send(reader, type="action", action=LIKE, story="v000", choice=near["narrative_id"][0])
    assert reader.story["id"] == near["narrative_id"][0]
    send(reader, type="action", action="back", story=reader.story["id"])
    assert reader.story["id"] == "v000"
    send(reader, type="action", action="back", story="v000")
    send(reader, type="open", story="v999")
    assert reader.story["id"] == "v000"


def test_without_themes_or_codes_it_reads_all_the_same(themes, monkeypatch):
    monkeypatch.setattr(module, "MOST_LISTED", 10)
    panel = wa.read(themes.corpus)
    assert list(panel.filters) == ["perspective"]
    assert (len(panel.reader.queue), panel.reader.progress) == (
        10,
        "36 verhalen · de eerste 10 staan in de lijst",
    )
    assert (panel.reader.choices, panel.reader.legend, panel.reader.marks) == ([], [], [])


def test_no_story_is_state_of_the_widget(themes):
    reader = wa.read(themes.corpus, themes).reader
    reader.find(words="schuld")
    state = f"{reader.get_state()} {reader!r}"
    assert not any(text in state for text in themes.corpus.frame["text"])


CELL = """
import wijkanalyse as wa
wa.read(wa.load_sample())
"""


@pytest.mark.browser
@pytest.mark.slow
def test_a_word_is_searched_and_seen_in_jupyterlab(browser, tmp_path):
    from playwright.sync_api import expect

    with run_cell(browser, tmp_path, CELL) as page:
        page.locator(".wt-page").wait_for(timeout=120_000)
        box = page.get_by_label("Zoek in de verhalen")
        box.fill("schuld")
        box.press("Enter")
        expect(page.locator(".wt-legend")).to_contain_text("gevonden", timeout=60_000)
        assert "schuld" in page.locator(".wt-text [data-tone='8']").first.inner_text().lower()
        first = page.locator(".wt-title").first.inner_text()
        page.locator(".wt-page").focus()
        page.keyboard.press("n")
        expect(page.locator(".wt-title").first).not_to_have_text(first)
        expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
