from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns import PatternCard, Said


def make_card(card_id="thema-1", theme_id=1, narratives="v001 v002 v003", **words):
    return PatternCard(
        card_id=card_id, kind="thema", theme_id=theme_id, title="Brieven", observation="3 van de 9 verhalen.", firmness="patroon", note="",
        n_narratives=3, n_tellers=3, stories=(), missing_voices=(), linking_question="Hoe komt het?", narratives=tuple(narratives.split()),
        **words,
    )  # fmt: skip


@pytest.fixture
def project():
    with wa.open_project(":memory:") as made:
        yield made


def readings(project, card):
    (laid,) = wa.read_cards([card], project)
    return [(reading.perspective, reading.text) for reading in laid.readings]


def test_readings_make_a_card_discussed_and_can_be_changed_taken_back_and_undone(project):
    card = make_card()
    wa.add_reading(project, card, " inwoner ", "Wie belt, wacht; daardoor loopt het op.\n")
    (one,) = wa.read_cards([card], project)
    assert not one.is_discussed
    wa.add_reading(project, card, "beleid", "Er is een regel die dit vraagt.")
    (two,) = wa.read_cards([card], project)
    assert two.is_discussed
    assert readings(project, card) == [
        ("beleid", "Er is een regel die dit vraagt."), ("inwoner", "Wie belt, wacht; daardoor loopt het op."),
    ]  # fmt: skip
    wa.add_reading(project, card, "beleid", "Er was een regel.", key=two.readings[0].key)
    assert readings(project, card)[0] == ("beleid", "Er was een regel.")
    wa.add_reading(project, card, "beleid", " ", key=two.readings[0].key)
    assert readings(project, card) == [("inwoner", "Wie belt, wacht; daardoor loopt het op.")]
    project.undo()
    project.undo()
    assert readings(project, card)[0] == ("beleid", "Er is een regel die dit vraagt.")
    assert card.readings == ()


def test_cards_that_were_read_can_be_read_again_and_taken_back(project):
    card = make_card(tension=("a", "b"))
    wa.add_reading(project, card, "inwoner", "Zo.")
    wa.change_card(project, card, title="Wachten op een brief", tension=("regels", "ruimte"))
    (once,) = wa.read_cards([card], project)
    assert wa.read_cards([once], project) == [once]
    assert wa.read_cards([once], project)[0].proposed is card
    wa.change_card(project, once, title="", tension=("", ""))
    (back,) = wa.read_cards([once], project)
    assert (back.title, back.tension, len(back.readings)) == ("Brieven", ("a", "b"), 1)
    # In another project, too, it is known by the words of the program.
    with wa.open_project(":memory:") as other:
        wa.record_session(
            other,
            name="Leergroep",
            date="2026-11-20",
            cards=[once],
            said=[{"what": "vraag", "card": once.card_id, "text": "Wie belt er?"}],
        )
        assert list(wa.compare_sessions(other)["card"]) == ["Brieven"]


def test_words_of_ones_own_and_back_again(project):
    card = make_card(tension=("a", "b"))
    wa.change_card(project, card, title="Wachten op een brief", tension=("regels", "ruimte"), mark="meenemen")
    wa.change_card(project, card, linking_question="Hoe komt het dat niemand belt?")
    (laid,) = wa.read_cards([card], project)
    assert (laid.title, laid.tension, laid.mark) == ("Wachten op een brief", ("regels", "ruimte"), "meenemen")
    assert laid.linking_question == "Hoe komt het dat niemand belt?"
    wa.change_card(project, card, title="", tension=("", ""))
    (laid,) = wa.read_cards([card], project)
    assert (laid.title, laid.tension, laid.mark) == ("Brieven", ("a", "b"), "meenemen")


@pytest.mark.parametrize(
    "words", [{"tension": ("regels", "")}, {"tension": ("regels",)}, {"title": ("a", "b")}, {"kleur": "rood"}]
)
def test_what_cannot_be_on_a_card(project, words):
    with pytest.raises(InputError, match="kan zo niet op een kaart"):
        wa.change_card(project, make_card(), **words)


@pytest.mark.parametrize(("perspective", "text"), [("", "Zo."), ("inwoner", " ")])
def test_a_reading_needs_both(project, perspective, text):
    with pytest.raises(InputError, match="Er is niets bewaard"):
        wa.add_reading(project, make_card(), perspective, text)


def test_a_name_or_number_is_noticed_everywhere_and_never_repeated(project):
    card, text = make_card(), "Mevrouw Jansen had 06-12345678."
    with pytest.raises(PrivacyError, match="1 × persoon, 1 × telefoon") as caught:
        wa.add_reading(project, card, "inwoner", text)
    assert "Jansen" not in str(caught.value)
    with pytest.raises(PrivacyError):
        wa.change_card(project, card, mark=text)
    with pytest.raises(PrivacyError):
        wa.record_session(project, name="Sessie", date="2026-11-20", said=[{"what": "vraag", "text": text}])
    with pytest.raises(PrivacyError):
        wa.record_session(project, name=text, date="2026-11-20", said=[{"what": "vraag", "text": "Wie?"}])
    assert len(project.log()) == 0
    wa.add_reading(project, card, "inwoner", text, is_checked=True)
    wa.add_reading(project, card, "inwoner", "Mensen van 65 en ouder, en [buurvrouw 1], op 3 december.")
    assert len(readings(project, card)) == 2


def test_a_card_of_a_theme_is_known_by_its_stories_when_the_corpus_grows(project):
    wa.add_reading(project, make_card(), "inwoner", "Zo lees ik het.")
    grown = make_card("thema-4", 4, "v001 v002 v007 v008 v009 v010 v011")
    other = make_card("thema-1", 1, "v003 v004 v005 v006")
    half = make_card("thema-9", 9, "v001 v004 v005 v006")
    assert [len(card.readings) for card in wa.read_cards([other, grown, half], project)] == [0, 1, 0]
    # What now has the old number gets a place of its own.
    wa.add_reading(project, other, "beleid", "Iets anders.")
    assert [len(card.readings) for card in wa.read_cards([other, grown], project)] == [1, 1]


def test_what_a_theme_is_held_against_is_part_of_what_it_is(project):
    told = make_card("stemmen-thema-1-perspective-inwoner", 1)
    wa.add_reading(project, told, "inwoner", "Zo.")
    together = make_card("samenloop-thema-1-3", 1)
    wa.add_reading(project, together, "inwoner", "Anders.")
    later = [
        make_card("samenloop-thema-2-0", 2), make_card("stemmen-thema-2-perspective-inwoner", 2),
        make_card("stemmen-thema-2-perspective-school", 2),
    ]  # fmt: skip
    assert [[r.text for r in card.readings] for card in wa.read_cards(later, project)] == [
        ["Anders."],
        ["Zo."],
        [],
    ]


def test_a_card_about_a_code_or_about_what_fits_nowhere_keeps_its_name(project):
    for card_id, theme_id in (("past-nergens", -1), ("stemmen-code-schuld-perspective-inwoner", None)):
        wa.add_reading(project, make_card(card_id, theme_id), "inwoner", "Zo.")
        assert len(readings(project, make_card(card_id, theme_id, "v008 v009"))) == 1


def test_themes_that_became_one_bring_both_readings(project):
    wa.add_reading(project, make_card("thema-1", 1, "v001 v002"), "inwoner", "Een.")
    wa.add_reading(project, make_card("thema-2", 2, "v003 v004"), "inwoner", "Twee.")
    assert len(readings(project, make_card("thema-1", 1, "v001 v002 v003 v004"))) == 2


FIRST = [
    {"what": "afspraak", "text": "We praten verder."},
    {"what": "vraag", "card": "thema-1", "text": "Wie beslist?"},
    {"what": "vraag", "card": "thema-1", "text": "Wie belt?"},
    {"what": "lezing", "card": "thema-1", "perspective": "inwoner", "group": "groep 1", "text": "Wachten."},
    {
        "what": "weerklank",
        "card": "thema-1",
        "narrative_id": "v002",
        "kind": "stem",
        "text": "Het werd stil.",
    },
    {"what": "weerklank", "card": "thema-1", "narrative_id": "v003", "kind": "keerpunt"},
    {"what": "niet herkend", "card": "thema-1", "text": "Dat niemand belt."},
]
SECOND = [
    {"what": "vraag", "card": "thema-1", "text": "wie belt?"},
    {"what": "vraag", "card": "thema-1", "text": "Wie schrijft?"},
]


@pytest.fixture
def told(project):
    card = make_card()
    wa.record_session(project, name="Middag", date="2026-11-20", said=FIRST, cards=[card])
    wa.record_session(project, name="Avond", date="2026-12-01", said=pd.DataFrame(SECOND), cards=[card])
    return project


def test_a_card_shows_what_was_said_session_by_session(told):
    (card,) = wa.read_cards([make_card()], told)
    assert card.said == (
        Said(session="Middag", date="2026-11-20", lines=(
            "Bij verhaal v003 nam het gesprek een andere wending.",
            "Verhaal v002 gaf een stem aan wat gezegd moest worden. Het werd stil.",
            "Groep 1 las dit als inwoner: Wachten.", "Nieuwe vraag: Wie belt?", "Nieuwe vraag: Wie beslist?",
            "Niet herkend: Dat niemand belt.",
        )),
        Said(session="Avond", date="2026-12-01", lines=("Nieuwe vraag: Wie schrijft?", "Nieuwe vraag: wie belt?")),
    )  # fmt: skip
    assert [(reading.perspective, reading.text) for reading in card.readings] == [("inwoner", "Wachten.")]


def test_sessions_are_compared_by_card_and_nothing_is_counted(told):
    wa.change_card(told, make_card(), title="Wachten op een brief")
    frame = wa.compare_sessions(told)
    assert set(frame["card"]) == {"", "Wachten op een brief"}
    later = frame[frame["session"] == "Avond"]
    assert later[["what", "change", "text"]].to_numpy().tolist() == [
        ["vraag", "ook eerder gezegd", "wie belt?"], ["vraag", "nieuw", "Wie schrijft?"], ["vraag", "niet meer gevraagd", "Wie beslist?"],
    ]  # fmt: skip
    assert (frame.loc[frame["session"] == "Middag", "change"] == "nieuw").all()
    assert frame.dtypes.map(str).isin(["str", "object"]).all()


def test_a_session_is_one_action(told):
    assert told.undo()
    assert set(wa.compare_sessions(told)["session"]) == {"Middag"}
    assert told.undo()
    assert wa.compare_sessions(told).empty
    assert wa.read_cards([make_card()], told) == [make_card()]


def test_calling_it_again_adds_and_a_key_replaces(told):
    more = [{"what": "afspraak", "text": "We bellen."}]
    wa.record_session(told, name="Middag", date="2026-11-20", said=more)
    whole = wa.compare_sessions(told).query("card == ''")
    assert list(whole["text"]) == ["We bellen.", "We praten verder."]
    key = next(key for key, remark in told.decisions("gezegd").items() if remark["text"] == "We bellen.")
    wa.record_session(
        told, name="Middag", date="2026-11-20", said=[{"key": key, "text": "We bellen maandag."}]
    )
    assert "We bellen maandag." in set(wa.compare_sessions(told)["text"])
    wa.record_session(told, name="Middag", date="2026-11-20", said=[{"key": key, "text": ""}])
    assert list(wa.compare_sessions(told).query("card == ''")["text"]) == ["We praten verder."]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(project):
    wrong = [
        {"what": "gefluister", "text": "geheim woord"}, {"what": "vraag", "card": "thema-8", "text": "geheim woord"}, {"what": "afspraak"},
        {"what": "lezing", "text": "geheim woord", "perspective": "inwoner"}, {"what": "weerklank", "narrative_id": "v001", "kind": "luid"},
        {"what": "vraag", "text": "goed"},
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        wa.record_session(project, name="Middag", date="2026-11-20", said=wrong, cards=[make_card()])
    assert [problem.where for problem in caught.value.problems] == [f"opmerking {n}" for n in range(1, 6)]
    assert "geheim" not in str(caught.value)
    assert len(project.log()) == 0


@pytest.mark.parametrize(
    ("name", "date"), [("", "2026-11-20"), ("Middag", ""), ("Middag", "20-11-2026"), ("Middag", "20261120")]
)
def test_a_session_has_a_name_and_a_date(project, name, date):
    with pytest.raises(InputError, match="een naam en een datum nodig"):
        wa.record_session(project, name=name, date=date, said=[{"what": "afspraak", "text": "Verder."}])


def test_what_two_people_wrote_in_two_copies_comes_together(tmp_path):
    card = make_card()
    for name, text in (("begin", "Een."), ("a", "Twee."), ("b", "Drie.")):
        if name != "begin":
            (tmp_path / f"{name}.wijk").write_bytes((tmp_path / "begin.wijk").read_bytes())
        with wa.open_project(tmp_path / f"{name}.wijk") as project:
            wa.add_reading(project, card, "inwoner", text)
    merged, conflicts = wa.merge_projects(tmp_path / "a.wijk", tmp_path / "b.wijk")
    with merged:
        assert [text for _, text in readings(merged, card)] == ["Drie.", "Een.", "Twee."]
    assert conflicts.empty


def test_erasing_a_story_erases_what_was_said_of_it(told):
    told.erase("v002")
    assert "v002" not in set(wa.compare_sessions(told)["narrative_id"])


def test_readings_that_came_with_a_card_stay(project):
    from wijkanalyse.patterns import Reading

    card = make_card(readings=(Reading(perspective="school", text="Van elders."),))
    wa.add_reading(project, card, "inwoner", "Van hier.")
    (laid,) = wa.read_cards([card], project)
    assert [reading.text for reading in laid.readings] == ["Van elders.", "Van hier."]
    assert wa.read_cards([laid], project) == [laid]


def test_cards_of_the_sample_know_their_stories(sample, sample_themes):
    cards = wa.find_patterns(sample, themes=sample_themes)
    assert all(card.narratives for card in cards)
    renumbered = [replace(card, card_id=card.card_id.replace("thema-", "thema-1")) for card in cards]
    with wa.open_project(":memory:") as project:
        for card in cards:
            wa.add_reading(
                project, card, "inwoner", f"Over {card.kind}, {card.n_narratives}.", is_checked=True
            )
        found = wa.read_cards(renumbered, project)
    assert [card.readings[0].text for card in found] == [
        f"Over {card.kind}, {card.n_narratives}." for card in cards
    ]
    assert all(len(card.readings) == 1 for card in found)
