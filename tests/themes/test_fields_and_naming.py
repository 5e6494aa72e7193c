from __future__ import annotations

import numpy as np

from wijkanalyse.language import content_lemmas
from wijkanalyse.themes.engine import vectorise
from wijkanalyse.themes.fields import field_documents, fields_of, word_fields
from wijkanalyse.themes.naming import Spoken, how_spoken, label_from, name_from_fields, name_themes


def test_every_field_is_whole_and_no_word_is_everywhere():
    fields = word_fields()
    assert len({field.key for field in fields}) == len(fields) >= 60
    assert all(field.name and len(field.words) + (field.pattern is not None) >= 10 for field in fields)
    assert all(len(fields_of(word)) <= 3 for field in fields for word in field.words)


def test_different_words_meet_in_a_field():
    assert set(fields_of("deurwaarder")) & set(fields_of("aanmaning")) & set(fields_of("loonbeslag")) == {
        "schulden"
    }
    assert fields_of("schuldhulpverlening") == ("schulden",)
    assert fields_of("giraffe") == ()


def test_a_field_counts_once_for_every_different_word():
    assert field_documents([["deurwaarder", "deurwaarder", "aanmaning", "giraffe"]]) == [
        ["schulden", "schulden"]
    ]


def test_a_theme_is_named_by_the_field_that_marks_it():
    vectors = vectorise([["deurwaarder"], ["aanmaning"], ["giraffe"], ["zebra"]])
    name = next(field.name for field in word_fields() if field.key == "schulden")
    assert name_from_fields(vectors, np.array([True, True, False, False]), True) == name
    assert name_from_fields(vectors, np.array([False, False, True, True]), True) == ""


def test_equal_names_are_told_apart_and_terms_step_in():
    vectors = vectorise(
        [["deurwaarder"], ["deurwaarder"], ["aanmaning"], ["aanmaning"], ["giraffe"], ["giraffe"]]
    )
    terms = [["deurwaarder"], ["aanmaning"], ["giraffe"]]
    names = name_themes(vectors, np.array([0, 0, 1, 1, 2, 2]), terms, [True] * 3)
    assert names[2] == "Giraffe"
    assert len(set(names)) == 3


def test_label_leaves_out_forms_of_the_same_word():
    assert label_from(["schuld", "schuldhulp", "brief", "loket"], {}) == "Schuld, brief en loket"
    assert label_from(["schuld"], {}) == "Schuld"
    assert label_from([], {}) == "Zonder eigen woorden"


def test_label_names_things_first():
    said = {"duren": Spoken(form="duren", is_apt=False), "huisarts": Spoken(form="huisarts")}
    assert label_from(["duren", "huisarts"], said) == "Huisarts en duren"


def test_terms_are_said_as_the_stories_say_them():
    texts = [
        "De huishoudelijke hulp komt niet. Ik heb geen geld.",
        "Mijn huishoudelijke hulp wacht, zonder het geld.",
        "Een huishoudelijke hulp duurde lang, en geen geld voor de tuinen.",
    ]
    said = how_spoken(texts, ["huishoudelijk", "geld", "duren", "tuinen", "nergens"])
    assert said["huishoudelijk"] == Spoken(form="huishoudelijke hulp")
    assert said["geld"] == Spoken(form="geen geld")  # twice out of three; "zonder" once
    assert said["duren"] == Spoken(form="duren", is_apt=False)
    assert said["tuinen"] == Spoken(form="tuinen")
    assert said["nergens"].form == "nergens"


def test_a_thing_has_the_form_that_is_written_most():
    said = how_spoken(["De tolk kwam. Met de tolk ging het.", "Twee tolken."], ["tolken"])
    assert content_lemmas("tolk tolken") == ["tolken", "tolken"]  # the dictionary knows the verb only
    assert said["tolken"].form == "tolk"


def test_a_word_of_few_stories_is_no_name():
    texts = ["Het huis is van de gemeente."] * 9 + ["De pagina."]
    assert not how_spoken(texts, ["pagina"])["pagina"].is_apt
    assert how_spoken(texts, ["gemeente"])["gemeente"].is_apt


def test_a_loose_theme_needs_more_to_carry_the_name_of_a_subject():
    vectors = vectorise([["deurwaarder"], ["aanmaning"], ["giraffe"], ["zebra"], ["olifant"], ["leeuw"]])
    members = np.array([True, True, True, True, False, False])  # half of its stories touch the field
    assert name_from_fields(vectors, members, True) != ""
    assert name_from_fields(vectors, members, False) == ""


def test_two_fields_that_most_stories_touch_name_a_theme_together():
    stories = [["deurwaarder"], ["aanmaning"], ["school"], ["klaslokaal"], ["giraffe"], ["zebra"], ["leeuw"]]
    vectors = vectorise(stories)
    both = np.array(
        [True] * 4 + [False] * 3
    )  # each field in half of its stories: too little for a loose theme
    assert name_from_fields(vectors, both, False) in ("Schulden en school", "School en schulden")
    assert name_from_fields(vectors, np.array([True] * 7), False) == ""  # together in four of seven
    mixed = np.array([True, True, False, False, True, True, True])
    assert name_from_fields(vectors, mixed, False) == ""  # one field stands out, and nothing beside it


def test_a_short_name_is_what_stands_before_the_comma_or_what_the_field_says():
    short = {field.name: field.short for field in word_fields()}
    assert short["Schulden, deurwaarders en bewind"] == "Schulden"
    assert short["Bus, taxi en fiets"] == "Vervoer"
    assert short["Huiselijk geweld"] == "Huiselijk geweld"


def test_an_inflected_word_is_no_thing():
    said = how_spoken(["De oude vrouw.", "De oude brug.", "Mijn oude baas.", "De gemeente belde."], ["oud", "gemeente"])  # fmt: skip
    assert not said["oud"].is_apt
    assert said["gemeente"].is_apt
