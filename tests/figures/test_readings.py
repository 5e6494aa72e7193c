from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError
from wijkanalyse.figures.readings import UNKNOWN, in_order, read_answers, read_codes, read_question, told_by


def with_column(values, **spec):
    corpus = make_corpus(["een verhaal"] * len(values))
    column = ColumnSpec(**{"name": "answer", "label": "Antwoord", "role": Role.SIGNIFICATION, **spec})
    return replace(corpus, frame=corpus.frame.assign(answer=values), columns=(*corpus.columns, column))


def test_a_choice_is_itself_and_no_answer_stays():
    frame, labels = read_answers(with_column(["boos", None, "trots"]), "answer")
    assert frame["label"].tolist() == ["boos", "Geen antwoord", "trots"]
    assert labels == ["boos", "trots", "Geen antwoord"]


def test_a_scale_is_in_the_order_of_its_numbers():
    frame, labels = read_answers(with_column([10.0, None, 2.0], dtype="float", unit="1–10"), "answer")
    assert frame["label"].tolist() == ["10", "Geen antwoord", "2"]
    assert labels == ["2", "10", "Geen antwoord"]


def test_a_dyad_is_cut_in_three():
    values = [0.0, 0.1, 1 / 3, 0.4, 0.5, 0.6, 0.7, 1.0, None]
    corpus = with_column(values, dtype="float", unit="0–1", ends=("regels", "ruimte"))
    frame, labels = read_answers(corpus, "answer")
    low, middle, high = "vooral regels", "ertussenin", "vooral ruimte"
    assert frame["label"].tolist() == [low, low, low, middle, middle, middle, high, high, "Geen antwoord"]
    assert labels == [low, middle, high, "Geen antwoord"]


def test_a_triad_is_its_heaviest_corner():
    weights = {"a": [0.7, 0.5, None, 0.2], "b": [0.2, 0.5, None, 0.2], "c": [0.1, 0.0, None, 0.6]}
    corpus = make_corpus(["een verhaal"] * 4)
    specs = [
        ColumnSpec(name=name, label=f"hoek {name}", role=Role.SIGNIFICATION, dtype="float", group="Waarover?")
        for name in weights
    ]
    corpus = replace(corpus, frame=corpus.frame.assign(**weights), columns=(*corpus.columns, *specs))
    frame, labels = read_answers(corpus, "Waarover?")
    assert frame["label"].tolist() == ["hoek a", "even veel", "Geen antwoord", "hoek c"]
    assert labels == ["hoek a", "hoek c", "even veel", "Geen antwoord"]


def test_a_measure_is_no_answer():
    corpus = with_column([float(n) for n in range(20, 30)], dtype="float", unit="jaar")
    with pytest.raises(InputError, match="10 verschillende getallen"):
        read_answers(corpus, "answer")
    with pytest.raises(InputError, match="geen kolom ‘bestaat niet’"):
        read_answers(corpus, "bestaat niet")


def test_codes_have_the_names_and_order_of_the_scheme_and_unknown_ones_stay():
    scheme, corpus = wa.load_scheme("opgaven"), make_corpus(["een verhaal"] * 2)
    rows = [
        ("v000", "veiligheid"),
        ("v000", "veiligheid"),
        ("v000", "eigen code"),
        ("v001", "bestaanszekerheid"),
    ]
    frame, labels = read_codes(pd.DataFrame(rows, columns=["narrative_id", "code"]), corpus, scheme=scheme)
    assert labels == ["Bestaanszekerheid", "Veiligheid", "eigen code"]
    assert frame.to_numpy().tolist() == [
        ["v000", "Veiligheid"],
        ["v000", "eigen code"],
        ["v001", "Bestaanszekerheid"],
    ]


def test_themes_have_their_names_and_the_strongest_is_one_per_story():
    rows = [("v000", 0, 0.4), ("v000", 1, 0.6), ("v001", -1, 0.0), ("v002", 12, 0.1)]
    frame = pd.DataFrame(rows, columns=["narrative_id", "theme_id", "weight"])
    topics = pd.DataFrame({"theme_id": [0, 1], "label": ["Geld", "School"]})
    corpus = make_corpus(["een verhaal"] * 3)
    one, labels = read_codes(frame, corpus, topics=topics, strongest=True)
    assert one["label"].tolist() == ["School", "Past nergens", "thema 12"]
    assert labels == ["School", "thema 12", "Past nergens"]
    assert read_codes(frame, corpus, at_least=0.3)[0]["label"].tolist() == ["thema 0", "thema 1"]


def test_wrong_tables_are_told_apart():
    corpus = make_corpus(["een verhaal"])
    with pytest.raises(InputError, match="welke code of welk thema"):
        read_codes(pd.DataFrame({"narrative_id": ["v000"], "label": ["x"]}), corpus)
    with pytest.raises(InputError, match="Geen van deze verhalen"):
        read_codes(pd.DataFrame({"narrative_id": ["anders"], "code": ["x"]}), corpus)


def test_order_counts_and_keeps_what_says_none_last():
    labels = ["thema 10", "Past nergens", "buiten het kader", "thema 2", "Zorg"]
    assert in_order(labels, ["Zorg"]) == ["Zorg", "thema 2", "thema 10", "buiten het kader", "Past nergens"]


TICKED = {"boos": [True, True, None, False], "moe": [True, False, None, False]}


def ticked():
    corpus = make_corpus(["een verhaal"] * 4)
    columns = {name: pd.array(values, dtype="boolean") for name, values in TICKED.items()}
    specs = [
        ColumnSpec(name=name, label=name, role=Role.SIGNIFICATION, dtype="bool", group="Hoe?")
        for name in TICKED
    ]
    return replace(corpus, frame=corpus.frame.assign(**columns), columns=(*corpus.columns, *specs))


def test_ticks_are_one_answer_several_or_none():
    frame, labels = read_answers(ticked(), "Hoe?")
    assert frame["label"].tolist() == ["meer dan één", "boos", "Geen antwoord", "geen van deze"]
    assert labels == ["boos", "meer dan één", "geen van deze", "Geen antwoord"]


def test_ticks_are_a_choice_and_one_of_them_a_yes_or_no():
    question = read_question(ticked(), "Hoe?")
    assert (question.kind, question.labels) == ("keuze", ("boos", "moe"))
    assert question.answers.to_numpy().tolist() == [["v000", "boos"], ["v001", "boos"], ["v000", "moe"]]
    alone = with_column(pd.array([True, None, False], dtype="boolean"), dtype="bool")
    question = read_question(alone)
    assert question.answers["answer"].tolist() == ["ja", "nee"]
    assert told_by(alone, group="answer")[1].tolist() == ["ja", UNKNOWN, "nee"]


def test_not_applicable_does_not_change_the_question_it_stands_beside():
    corpus = with_column([1.0, None, 5.0], dtype="float", unit="1–5")
    column = ColumnSpec(
        name="answer_na", label="n.v.t.", role=Role.SIGNIFICATION, dtype="bool", group="Antwoord"
    )
    said = pd.array([False, True, False], dtype="boolean")
    beside = replace(corpus, frame=corpus.frame.assign(answer_na=said), columns=(*corpus.columns, column))
    one, other = read_question(corpus), read_question(beside, "answer")
    assert (one.title, one.kind, one.order) == (other.title, other.kind, other.order)
    assert one.places.equals(other.places)
