from __future__ import annotations

import pytest

import wijkanalyse as wa
from wijkanalyse.privacy.decisions import KEEP, MASK, PLACE, READ, WORD, Decisions, whole_words

TEXT = "Roos zag een roos. Toen lachte Roos."


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        yield project


def value(verdict: str, **more):
    return {
        "verdict": verdict, "kind": "persoon", "label": "zus", "rule": "hoofdletter", "size": 1, "narrative_id": "v1", **more,
    }  # fmt: skip


def test_nothing_decided(project):
    decisions = Decisions(project)
    assert decisions.verdict("v1", "text", TEXT, 0, 4) is None
    assert list(decisions.masked("v1", "text", TEXT)) == []
    assert not decisions.is_read("v1", [TEXT])
    assert decisions.readers() == []


def test_a_place_is_one_place_and_a_word_is_all_with_that_capital(project):
    first, second, last = 0, TEXT.index("roos"), TEXT.rindex("Roos")
    key = Decisions(project).place_key("v1", "text", TEXT, first, 4)
    project.decide({(PLACE, key): value(KEEP)}, action="x")
    decisions = Decisions(project)
    assert decisions.verdict("v1", "text", TEXT, first, 4)["verdict"] == KEEP
    assert decisions.verdict("v1", "text", TEXT, last, last + 4) is None
    assert decisions.verdict("v2", "text", TEXT, first, 4) is None
    assert decisions.verdict("v1", "title", TEXT, first, 4) is None

    project.decide({(WORD, decisions.word_key("Roos")): value(MASK)}, action="x")
    decisions = Decisions(project)
    assert (
        decisions.verdict("v1", "text", TEXT, first, 4)["verdict"] == KEEP
    )  # the place goes before the word
    assert decisions.verdict("v1", "text", TEXT, last, last + 4)["verdict"] == MASK
    assert decisions.verdict("v9", "text", "Bij Roos", 4, 8)["verdict"] == MASK
    assert decisions.verdict("v1", "text", TEXT, second, second + 4) is None
    spans = list(decisions.masked("v1", "text", TEXT))
    assert [(span.start, span.end, span.label, span.rule, span.confidence) for span in spans] == [
        (last, last + 4, "zus", "hoofdletter", 1.0)
    ]


def test_places_that_overlap_are_two_places(project):
    text = "belde belde belde"
    key = Decisions(project).place_key("v1", "text", text, 6, 17)
    assert key != Decisions(project).place_key("v1", "text", text, 0, 11)
    project.decide({(PLACE, key): value(MASK, size=2)}, action="x")
    assert [(span.start, span.end) for span in Decisions(project).masked("v1", "text", text)] == [(6, 17)]


def test_a_place_stays_when_the_text_around_it_changes(project):
    key = Decisions(project).place_key("v1", "text", TEXT, 0, 4)
    project.decide({(PLACE, key): value(MASK)}, action="x")
    longer = "Er was eens: " + TEXT
    (span,) = Decisions(project).masked("v1", "text", longer)
    assert longer[span.start : span.end] == "Roos"
    assert span.start == 13


def test_a_phrase_is_found_by_its_number_of_words(project):
    text = "Wij kwamen bij De Blauwe Reiger binnen."
    start = text.index("De Blauwe Reiger")
    key = Decisions(project).place_key("v1", "text", text, start, start + 16)
    project.decide({(PLACE, key): value(MASK, size=3, kind="organisatie", label="buurthuis")}, action="x")
    (span,) = Decisions(project).masked("v1", "text", text)
    assert (span.start, span.end, span.kind, span.label) == (start, start + 16, "organisatie", "buurthuis")


def test_a_story_that_changed_must_be_read_again(project):
    key = Decisions(project).read_key("v1", [TEXT])
    project.decide({(READ, key): {"narrative_id": "v1", "who": "Noor"}}, action="x")
    decisions = Decisions(project)
    assert decisions.is_read("v1", [TEXT])
    assert not decisions.is_read("v1", [TEXT + " "])
    assert not decisions.is_read("v2", [TEXT])
    assert decisions.readers() == ["Noor"]


def test_the_file_holds_no_word_of_a_story(tmp_path):
    path = tmp_path / "p.wijk"
    with wa.open_project(path) as project:
        decisions = Decisions(project)
        project.decide(
            {
                (PLACE, decisions.place_key("v1", "text", TEXT, 0, 4)): value(MASK),
                (WORD, decisions.word_key("Roos")): value(KEEP),
                (READ, decisions.read_key("v1", [TEXT])): {"narrative_id": "v1", "who": "Noor"},
            },
            action="x",
        )
    content = path.read_bytes().lower()
    for word in (b"roos", b"lachte"):
        assert word not in content


def test_a_selection_grows_to_whole_words():
    text = "bij Jan-Willem, zei ze"
    assert whole_words(text, 5, 10) == (4, 14)
    assert whole_words(text, 5, 6) == (4, 7)
    assert whole_words(text, 0, 5) == (0, 7)
    assert whole_words(text, 14, 16) is None


def test_a_number_can_be_masked_by_hand(project):
    text = "Nummer 47 11 stond op de brief."
    key = Decisions(project).place_key("v1", "text", text, 7, 12)
    project.decide({(PLACE, key): value(MASK, size=2, label="nummer")}, action="x")
    (span,) = Decisions(project).masked("v1", "text", text)
    assert (span.start, span.end) == (7, 12)
