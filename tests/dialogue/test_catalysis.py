from __future__ import annotations

import csv
from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from tests.dialogue.test_talking_back import make_card
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns import Reading, Said
from wijkanalyse.privacy.gate import Audience

READINGS = (
    Reading(perspective="inwoner", text="Wie wacht, raakt achter; dat is\nniet ‘eigen schuld’."),
    Reading(perspective="school|opvang", text='Zij zegt "nee", en | belt niet.'),
)


@pytest.fixture
def card():
    return make_card(audience=Audience.OUTSIDE, readings=READINGS, tension=("regels", "ruimte"))


@pytest.fixture
def corpus():
    return make_corpus(three_subjects(12))


def test_what_is_exported_comes_back(corpus, card, tmp_path):
    said = Said(session="Middag", date="2026-11-20", lines=("Nieuwe vraag: Wie belt?",))
    other = make_card("thema-2", 2, audience=Audience.OUTSIDE)
    path = wa.export_catalysis(corpus, [replace(card, said=(said,)), other], tmp_path / "uit.csv")
    back = wa.import_catalysis(path)
    assert [found.card_id for found in back] == ["thema-1", "thema-2"]
    assert back[0].readings == READINGS
    assert (back[0].title, back[0].observation, back[0].linking_question, back[0].tension) == (
        card.title, card.observation, card.linking_question, card.tension,
    )  # fmt: skip
    assert back[0].note.endswith("Middag, 2026-11-20: Nieuwe vraag: Wie belt?")
    assert (back[0].stories, back[1].readings) == ((), ())
    assert wa.import_catalysis(path, [card, other]) == [card, other]


def test_the_file_is_as_narrafirma_reads_it(corpus, card, tmp_path):
    path = wa.export_catalysis(corpus, [card], tmp_path / "uit.csv")
    with path.open(encoding="utf-8", newline="") as file:
        header, row, *perspectives = csv.reader(file)
    assert header[0] == "; Observation"  # a comment to NarraFirma
    assert row[:5] == ["Observation", "Brieven", "3 van de 9 verhalen.", "", "Hoe komt het?"]
    name, _, idea, questions, x, y = row[13].split("|")
    assert (name, idea, questions) == ("inwoner", "", "")
    # NarraFirma gives an interpretation to the perspective that lies nearest.
    assert [kind for kind, *_ in perspectives] == ["Perspective"] * 2
    assert perspectives[0][3:5] == [x, y] != perspectives[1][3:5]
    assert row[-1].startswith("[note]")


FOREIGN = '''\
; Export of catalysis elements for catalysis report A in project B

; Observation;Name;Description;Strength;Linking question
Observation;Long waits;People wait, and wait;2 (medium);Why?;Waiting x Age;table;waiting;age;;more;10;20;Rules|Too many rules|Call first|Who decides?|90|100;Shame|Nobody asks;[note]A note
Observation;"Two lines";"""first
second; third""";;;;;;;;;;;|Only text

; Perspective;Name;Notes;X;Y;Order
Perspective;Residents;;100;100;1
Perspective;Policy;;900;900;2
Theme;Waiting;;1;2;1
'''


def test_a_file_of_narrafirma_with_semicolons_and_layers_of_quotes(tmp_path):
    path = tmp_path / "Catalysis_report.csv"
    path.write_text("\ufeff" + FOREIGN, encoding="utf-8")
    first, second = wa.import_catalysis(path)
    assert first.readings == (
        Reading(perspective="Residents", text="Rules\nToo many rules\nCall first\nWho decides?"),
        Reading(perspective="Residents", text="Shame\nNobody asks"),
    )
    assert (first.firmness, first.note, first.kind, first.card_id) == (
        "2 (medium)", "A note", "uit NarraFirma", "Waiting x Age",
    )  # fmt: skip
    assert (second.observation, second.card_id) == ("first\nsecond; third", "narrafirma-2")
    assert second.readings == (Reading(perspective="Residents", text="Only text"),)


def test_without_perspectives_the_name_is_one(tmp_path):
    path = tmp_path / "kort.csv"
    path.write_text("Observation,A,B,,,,,,,,,,,Buur|Zo lees ik het,|Zonder naam\n", encoding="utf-8")
    assert wa.import_catalysis(path)[0].readings == (
        Reading(perspective="Buur", text="Zo lees ik het"), Reading(perspective="onbekend", text="Zonder naam"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", "Observation,é".encode("latin-1"), b"Observation,A\nAnders,B\n"]
)
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(InputError, match="geen catalysis-bestand"):
        wa.import_catalysis(tmp_path / "x.csv")
    with pytest.raises(InputError, match="geen catalysis-bestand"):
        wa.import_catalysis(tmp_path / "weg.csv")


def test_what_may_not_leave_stays(corpus, card, tmp_path):
    with pytest.raises(PrivacyError, match="alleen voor de werkbank"):
        wa.export_catalysis(corpus, [replace(card, audience=Audience.WORKBENCH)], tmp_path / "uit.csv")
    with pytest.raises(PrivacyError):
        wa.export_catalysis(replace(corpus, status=PrivacyStatus.MASKED), [card], tmp_path / "uit.csv")
    raw = make_corpus(
        ["Ik belde Jolijn de Boer over de rekening van het huis."] * 3, status=PrivacyStatus.RAW
    )
    masked = replace(wa.mask(raw), status=PrivacyStatus.REVIEWED)
    named = replace(card, readings=(Reading(perspective="inwoner", text="Jolijn de Boer wacht nog."),))
    with pytest.raises(PrivacyError, match="van vóór het maskeren"):
        wa.export_catalysis(masked, [named], tmp_path / "uit.csv")
    assert not list(tmp_path.iterdir())


def test_cards_found_for_outside_say_so(sample, sample_themes):
    found = wa.find_patterns(sample, themes=sample_themes, audience=Audience.OUTSIDE)
    assert {card.audience for card in found} == {Audience.OUTSIDE}
