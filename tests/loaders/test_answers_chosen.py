"""Answers of tellers who chose: one option or several, and what they typed beside them."""

from __future__ import annotations

import pandas as pd

from tests.loaders.test_answers import answer, looked_at, read, story
from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.choices import Choice

FELT = answer("gevoel", "bool", label="Hoe voelde het?")
TWO = Choice(options=("boos", "moe"))


def test_every_option_is_a_column():
    frame, specs, told = read(
        {"gevoel": ["boos;moe;", "moe;", "", "boos;moe;", "boos;"]}, [FELT], choices={"gevoel": TWO}
    )
    assert frame["gevoel_boos"].astype(object).where(frame["gevoel_boos"].notna(), None).tolist() == [
        True,
        False,
        None,
        True,
        True,
    ]
    assert frame["gevoel_moe"].sum() == 3
    assert str(frame["gevoel_moe"].dtype) == "boolean"
    assert {(spec.label, spec.group) for spec in specs.values() if spec.dtype == "bool"} == {
        ("boos", "Hoe voelde het?"), ("moe", "Hoe voelde het?"),
    }  # fmt: skip
    assert "gevoel" not in specs
    assert told == ["‘gevoel’: meer antwoorden in één cel, 2 keuzes kregen elk een eigen kolom"]


def test_what_few_tellers_typed_is_never_a_column():
    cells = ["boos;moe;"] * 3 + ["Jan de buurman;"] * 3 + ["Rie;"]
    choice = Choice(options=("Jan de buurman", "boos", "moe"))
    # One teller wrote the same words in three stories, and each of the others once.
    frame, specs, told = read(
        {"gevoel": cells}, [FELT], tellers=["1", "2", "3", "4", "4", "4", "5"], choices={"gevoel": choice}
    )
    assert [spec.label for spec in specs.values() if spec.dtype == "bool"] == ["boos", "moe"]
    assert frame["gevoel_boos"].tolist() == [True] * 3 + [False] * 4
    shown = f"{specs}{told}{frame.drop(columns=['text']).to_csv()}"
    assert "Jan" not in shown
    assert "Rie" not in shown
    assert "4 andere antwoorden tellen als ‘anders’" in told[0]
    frame, *_ = read({"gevoel": cells}, [FELT], tellers=list("1234567"), choices={"gevoel": choice})
    assert frame["gevoel_jan_de_buurman"].sum() == 3


def test_the_same_story_sent_three_times_is_of_one_person():
    cells = ["boos;"] * 3 + ["Jan;"] * 3
    frame, _, _ = read(
        {"gevoel": cells}, [FELT], texts=[story(1), story(2), story(3)] + [story(4)] * 3,
        choices={"gevoel": Choice(options=("Jan", "boos"))},
    )  # fmt: skip
    assert "gevoel_jan" not in frame


def test_what_enough_tellers_typed_counts_together_as_other():
    cells = ["boos;"] * 3 + ["Jan;", "Rie;", "Bo;"]
    frame, specs, _ = read({"gevoel": cells}, [FELT], choices={"gevoel": Choice(options=("boos",))})
    assert specs["gevoel_anders"].label == "anders"
    assert frame["gevoel_anders"].tolist() == [False] * 3 + [True] * 3
    cells = ["boos;"] * 3 + ["Anders;", "Anders;", "Anders;Jan;", "Rie;", "Bo;"]
    frame, specs, _ = read({"gevoel": cells}, [FELT], choices={"gevoel": Choice(options=("Anders", "boos"))})
    assert frame["gevoel_anders"].sum() == 5
    assert [spec.label for spec in specs.values() if spec.dtype == "bool"] == ["Anders", "boos"]


def test_options_that_a_person_named_stay_however_few_chose_them():
    choice = Choice(options=("boos", "moe"), by_user=True)
    frame, _, told = read(
        {"gevoel": ["boos;", "geen idee;", "geen idee;", "geen idee;", "Rie;"]},
        [FELT],
        choices={"gevoel": choice},
    )
    assert frame["gevoel_moe"].sum() == 0
    assert len(told) == 1
    assert told[0].endswith(
        "2 keuzes kregen elk een eigen kolom; 4 andere antwoorden tellen als ‘anders’ (‘geen idee’ 3 keer)"
    )


def test_who_tells_stays_in_one_column_without_what_few_typed():
    spec = ColumnSpec(
        name="perspective", label="Perspectief", role=Role.PERSPECTIVE, dtype="category", source="Ik ben"
    )
    cells = ["inwoner;buur;"] * 3 + ["inwoner;Jan;", ""]
    frame, _, _ = read(
        {"Ik ben": cells}, [spec], choices={"perspective": Choice(options=("buur", "inwoner"))}
    )
    assert frame["perspective"].fillna("").tolist() == ["buur; inwoner"] * 3 + ["inwoner; anders", ""]


def test_one_answer_that_is_no_option_is_counted():
    choice = Choice(options=("goed", "slecht"), separator=None, by_user=True)
    frame, _, told = read(
        {"hoe": ["goed", "soms", "soms", "soms", "Jan hielp", ""]},
        [answer("hoe", "category")],
        choices={"hoe": choice},
    )
    assert frame["hoe"].fillna("").tolist() == ["goed", "anders", "anders", "anders", "anders", ""]
    assert told == ["‘hoe’: 2 keuzes; 4 andere antwoorden tellen als ‘anders’ (‘soms’ 3 keer)"]


def test_ticks_without_a_no():
    specs = [answer(name, "bool", group="Hulp") for name in "ab"]
    frame, *_ = read({"a": ["Y", "Y", ""], "b": ["Y", "", ""]}, specs)
    assert frame[["a", "b"]].astype(object).fillna("").to_numpy().tolist() == [
        [True, True],
        [True, False],
        ["", ""],
    ]
    frame, *_ = read({"a": ["Ja", "Nee", ""], "b": ["Ja", "", ""]}, specs)
    assert frame[["a", "b"]].astype(object).fillna("").to_numpy().tolist() == [
        [True, True],
        [False, ""],
        ["", ""],
    ]


def test_cells_that_are_no_tick_are_counted():
    frame, _, told = read({"a": ["ja", "misschien", "nee"]}, [answer("a", "bool")])
    assert frame["a"].astype(object).fillna("").tolist() == [True, "", False]
    assert told == ["1 van 3 cellen in kolom ‘a’ zijn niet als ja of nee te lezen en blijven leeg"]


def test_an_answer_that_comes_back_is_named_and_free_text_never():
    cells = [
        "5",
        *["weet niet"] * 3,
        *["Jan weet er meer van"] * 2,
        "een antwoord van meer dan acht woorden is open",
    ]
    _, _, told = read({"a": cells}, [answer("a")])
    assert told == [
        "6 van 7 cellen in kolom ‘a’ zijn niet als getal te lezen en blijven leeg (‘weet niet’ 3 keer)"
    ]


def test_names_stay_apart():
    choice = Choice(options=("a b", "a-b"), by_user=True)
    frame, specs, _ = read(
        {"x": ["a b;", "a-b;"], "x_a_b": ["1", "2"]},
        [answer("x", "bool"), answer("x_a_b")],
        choices={"x": choice},
    )
    assert [name for name in frame if name != "text"] == ["x_a_b_2", "x_a_b_3", "x_a_b"]
    assert list(specs) == list(frame)


def test_without_a_word_about_it_several_answers_are_columns():
    cells = ["boos;moe;", "moe;", "boos;", "boos;moe;", "moe;Jan;"]
    frame, specs, told, dropped = looked_at({"Hoe voelde het?": cells})
    assert {spec.label for spec in specs.values() if spec.dtype == "bool"} == {"boos", "moe"}
    assert specs["hoe_voelde_het_boos"].role is Role.SIGNIFICATION
    assert frame["hoe_voelde_het_moe"].tolist() == [True, True, False, True, True]
    assert "1 andere antwoorden tellen als ‘anders’" in told[0]
    assert dropped == {}


def test_a_ranking_stays_out_and_says_so():
    *_, dropped = looked_at({"Wat eerst?": ["a;b;c;", "b;a;c;", "c;a;b;"]})
    assert dropped == {"Wat eerst?": "keuzes op volgorde; die lezen wij nog niet"}


def test_an_address_under_other_does_not_cost_the_question_its_options():
    _, specs, told, _ = looked_at({"Hulp?": ["boos;", "boos;", "boos;jan@voorbeeld.nl;"]})
    assert "hulp_boos" in specs
    assert "jan" not in f"{told}{specs}"


def test_shuffled_rows_give_the_same_options():
    cells = ["boos;moe;", "moe;", "boos;", "boos;moe;", "moe;Jan;", "Rie;"]
    one, other = (looked_at({"Hoe?": list(order)})[0] for order in (cells, cells[::-1]))
    assert list(one) == list(other)
    pd.testing.assert_series_equal(one["hoe_boos"][::-1].reset_index(drop=True), other["hoe_boos"])
