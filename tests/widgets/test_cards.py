from __future__ import annotations

from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.dialogue.test_talking_back import make_card
from tests.widgets.lab import run_cell
from tests.widgets.test_text_widget import receive
from wijkanalyse.patterns import StoryRef


@pytest.fixture
def project():
    with wa.open_project(":memory:") as made:
        yield made


@pytest.fixture
def cards():
    story = StoryRef(narrative_id="v009", role="tegenverhaal", reason="")
    return [make_card(), make_card("thema-2", 2, "v004 v005 v006", tension=("a", "b")).__class__(
        **{**vars(make_card("thema-2", 2, "v004 v005 v006")), "stories": (story,), "title": "Bellen"}
    )]  # fmt: skip


def type_in(panel, **values):
    for name, value in values.items():
        panel.fields[name].value = value


def test_a_reading_is_kept_when_the_field_is_left_and_the_next_one_can_be_written(cards, project):
    panel = wa.edit_cards(cards, project)
    assert "Nog niet besproken" in panel.about.value
    type_in(panel, perspective="inwoner", text="Wachten maakt moe.")
    assert panel.status.text == "Bewaard."
    assert panel.fields["text"].value == ""
    type_in(panel, text="De regel vraagt het.", perspective="beleid")
    assert "Nog niet besproken" not in panel.about.value
    assert {r.perspective for r in wa.read_cards(cards, project)[0].readings} >= {"beleid"}
    assert wa.read_cards(cards, project)[1].readings == ()


def test_a_card_that_too_few_people_carry_says_that_it_stays_inside(cards, project):
    few, many = (replace(cards[0], n_tellers=n) for n in (9, 10))
    assert "Blijft binnen" in wa.edit_cards([few], project).about.value
    assert "Blijft binnen" not in wa.edit_cards([many], project).about.value


def test_the_stories_of_a_card_stand_beside_it_those_on_it_first(cards, project):
    corpus = make_corpus([f"Verhaal nummer {number}." for number in range(10)], perspective=["inwoner"] * 10)
    bare, card = cards[0], replace(cards[1], corpus=corpus)
    panel = wa.edit_cards([bare, card], project)
    assert panel.reader.layout.display == "none"
    panel.fields["card"].value = card
    assert panel.reader.layout.display is None
    assert [item["id"] for item in panel.reader.queue] == ["v009", "v004", "v005", "v006"]
    assert panel.reader.story["about"] == "inwoner · tegenverhaal"
    receive(panel.reader, type="open", story="v005")
    type_in(panel, perspective="inwoner", text="Wachten maakt moe.")
    assert panel.reader.story["text"] == "Verhaal nummer 5."
    assert "Verhaal nummer" not in str(panel.reader.get_state())
    assert wa.session_form(project, [card]).reader.layout.display == "none"


def test_a_reading_is_chosen_changed_taken_back_and_undone(cards, project):
    wa.add_reading(project, cards[0], "inwoner", "Wachten.")
    panel = wa.edit_cards(cards, project)
    (_, key) = panel.fields["key"].options[1]
    panel.fields["key"].value = key
    assert (panel.fields["perspective"].value, panel.fields["text"].value) == ("inwoner", "Wachten.")
    type_in(panel, text="Wachten maakt moe.")
    assert wa.read_cards(cards, project)[0].readings[0].text == "Wachten maakt moe."
    assert panel.fields["key"].value == key
    type_in(panel, text="")
    assert wa.read_cards(cards, project)[0].readings == ()
    panel.box.children[-1].click()
    assert panel.status.text == "Ongedaan gemaakt."
    assert len(wa.read_cards(cards, project)[0].readings) == 1


def test_words_of_a_card_change_and_opening_another_changes_nothing(cards, project):
    panel = wa.edit_cards(cards, project)
    type_in(panel, title="Wachten", mark="meenemen", left="regels")
    assert wa.read_cards(cards, project)[0].tension == ()
    type_in(panel, right="ruimte")
    laid = wa.read_cards(cards, project)[0]
    assert (laid.title, laid.mark, laid.tension) == ("Wachten", "meenemen", ("regels", "ruimte"))
    n = len(project.log())
    panel.fields["card"].value = cards[1]
    assert panel.fields["title"].value == "Bellen"
    assert len(project.log()) == n


def test_what_seems_a_name_waits_until_a_person_has_looked(cards, project):
    panel = wa.edit_cards(cards, project)
    assert panel.fields["looked"].layout.display == "none"
    type_in(panel, perspective="inwoner", text="Fatima herkende dit niet.")
    assert "lijkt een naam of nummer" in panel.status.text
    assert "Fatima" not in panel.status.text
    assert panel.fields["looked"].layout.display is None
    assert wa.read_cards(cards, project)[0].readings == ()
    panel.fields["looked"].value = True
    assert len(wa.read_cards(cards, project)[0].readings) == 1
    assert (panel.fields["looked"].value, panel.fields["looked"].layout.display) == (False, "none")


def test_the_form_keeps_one_remark_after_another(cards, project):
    form = wa.session_form(project, cards)
    type_in(form, card=cards[1], what="vraag", text="Wie belt?")
    assert "naam en een datum" in form.status.text
    assert form.fields["text"].value == "Wie belt?"  # nothing typed is lost
    type_in(form, date="2026-11-20", session="Middag")
    assert form.status.text == "Bewaard."
    type_in(form, what="weerklank", narrative_id="v009", kind="stem", text="Het werd stil.")
    assert form.fields["narrative_id"].options == ("v004", "v005", "v006", "v009")
    type_in(form, card=None, what="afspraak", text="We gaan verder.")
    said = wa.read_cards(cards, project)[1].said
    assert said[0].lines == (
        "Verhaal v009 gaf een stem aan wat gezegd moest worden. Het werd stil.",
        "Nieuwe vraag: Wie belt?",
    )
    assert set(wa.compare_sessions(project)["card"]) == {"", "Bellen"}


def test_only_the_fields_that_matter_are_shown(cards, project):
    form = wa.session_form(project, cards)
    shown = {}
    for what in ("weerklank", "lezing", "vraag"):
        form.fields["what"].value = what
        names = ("perspective", "narrative_id", "kind")
        shown[what] = [name for name in names if form.fields[name].layout.display is None]
    assert shown == {"weerklank": ["narrative_id", "kind"], "lezing": ["perspective"], "vraag": []}


def test_without_cards_there_is_nothing_to_write(project):
    panel = wa.edit_cards([], project)
    type_in(panel, title="x", text="y")
    assert len(project.log()) == 0
    assert project.undo() == ()
    panel.box.children[-1].click()
    assert panel.status.text == "Er is niets om ongedaan te maken."
    assert panel._repr_mimebundle_()


CELL = """
import wijkanalyse as wa
from wijkanalyse.patterns import PatternCard
words = dict(kind="thema", theme_id=None, observation="3 van de 9 verhalen.", firmness="", note="", n_narratives=3, n_tellers=3, stories=(),
             missing_voices=(), linking_question="Hoe komt het?")
cards = [PatternCard(card_id=name, title=name, **words) for name in ("een", "twee")]
wa.edit_cards(cards, wa.open_project(":memory:"))
"""


@pytest.mark.browser
@pytest.mark.slow
def test_in_jupyterlab_the_keyboard_is_enough_and_no_key_deletes_a_cell(browser, tmp_path):
    from playwright.sync_api import expect

    with run_cell(browser, tmp_path, CELL) as page:
        page.locator(".widget-dropdown select").first.wait_for(timeout=60_000)
        status = page.locator(".wp-status [role=status]")
        expect(status).to_have_count(1)
        page.locator(".widget-dropdown select").first.focus()
        for key in "d d x a b".split():
            page.keyboard.press(key)
        assert page.locator(".jp-Notebook .jp-Cell").count() == 2
        expect(page.locator(".widget-dropdown select")).to_have_count(2)
        for keys in ("", "inwoner", "Wachten maakt moe."):
            page.keyboard.press("Tab")
            page.keyboard.type(keys)
        page.keyboard.press("Tab")
        expect(status).to_have_text("Bewaard.")
        expect(page.locator(".widget-html li")).to_have_text(["inwoner: Wachten maakt moe."])
        page.get_by_role("button", name="Ongedaan maken").focus()
        page.keyboard.press("Enter")
        expect(status).to_have_text("Ongedaan gemaakt.")
        assert page.locator(".jp-Notebook .jp-Cell").count() == 2
