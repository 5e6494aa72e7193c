"""Answers of tellers in one form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.answers import read_answers
from wijkanalyse.loaders.questions import find_questions, find_total, fits
from wijkanalyse.loaders.roles import Reading, read_roles
from wijkanalyse.loaders.tabular import make_table

MARKER = "kwetsbaarmerkwoord"


def story(number: int) -> str:
    return f"Ik ging naar het loket en {MARKER} was er niet, keer {number}."


def read(columns: dict[str, list[str]], specs=(), *, tellers=None, texts=None, **options):
    """Read columns as specs say; the story stands beside them."""
    n = len(next(iter(columns.values())))
    own = {"Verhaal": texts or [story(number) for number in range(n)]}
    given = [ColumnSpec(name="text", label="Verhaal", role=Role.TEXT, source="Verhaal"), *specs]
    if tellers:
        own["Verteller"] = tellers
        given.append(ColumnSpec(name="teller_id", label="Verteller", role=Role.TELLER_ID, source="Verteller"))
    table = make_table("proef.csv", [list(own | columns), *zip(*(own | columns).values(), strict=True)], [])
    index = {header: at for at, header in enumerate(table.header)}
    reading = Reading(
        specs=tuple((index[spec.source], spec) for spec in given), guesses=(), dropped={}, **options
    )
    frame, found, guesses = read_answers(table, reading)
    assert MARKER not in f"{guesses}"
    return frame, {spec.name: spec for spec in found}, [guess.what for guess in guesses]


def looked_at(columns: dict[str, list[str]]):
    """Read columns as they are without a word about them."""
    rows = [
        ["Verhaal", *columns],
        *([story(n), *cells] for n, cells in enumerate(zip(*columns.values(), strict=True))),
    ]
    table = make_table("proef.csv", rows, [])
    reading = read_roles(table, text=None, keep_direct_identifiers=False)
    frame, found, guesses = read_answers(table, reading)
    return frame, {spec.name: spec for spec in found}, [guess.what for guess in guesses], reading.dropped


def answer(name: str, dtype: str = "float", **more) -> ColumnSpec:
    return ColumnSpec(
        name=name, label=more.pop("label", name), role=Role.SIGNIFICATION, dtype=dtype, source=name, **more
    )


CORNERS = [answer(name, group="Waarover?") for name in ("geld", "school", "zorg")]


@pytest.mark.parametrize(("total", "by"), [(1, 100), (100, 1)])
def test_a_triad_sums_to_one(total, by):
    rows = [(60, 30, 10), (33, 33, 33), (100, 0, 0), (20, 20, 20)]
    cells = {
        spec.name: [f"{row[at] / by:g}".replace(".", ",") for row in rows] for at, spec in enumerate(CORNERS)
    }
    frame, specs, told = read(cells, CORNERS)
    shares = frame[["geld", "school", "zorg"]].to_numpy()
    np.testing.assert_allclose(shares[:3], [[0.6, 0.3, 0.1], [1 / 3] * 3, [1, 0, 0]])
    assert np.isnan(shares[3]).all()
    assert {specs[name].unit for name in ("geld", "school", "zorg")} == {"0–1"}
    assert f"‘Waarover?’: bij 1 van de 4 rijen tellen de delen niet op tot {total}; die blijven leeg" in told
    assert ("‘Waarover?’: de delen tellen op tot 100 en zijn teruggebracht tot 1" in told) == (total == 100)


def test_an_empty_corner_is_nought_when_the_others_are_the_whole():
    cells = {"geld": ["60", "50", ""], "school": ["40", "25", ""], "zorg": ["", "25", ""]}
    frame, _, told = read(cells, CORNERS)
    assert frame[["geld", "school", "zorg"]].fillna(-1).to_numpy().tolist() == [
        [0.6, 0.4, 0],
        [0.5, 0.25, 0.25],
        [-1, -1, -1],
    ]
    assert not [one for one in told if "tellen de delen niet op" in one]


def test_three_scales_in_a_group_are_no_triad():
    cells = {spec.name: list("12345") for spec in CORNERS}
    frame, specs, _ = read(cells, CORNERS)
    assert frame["geld"].tolist() == [1, 2, 3, 4, 5]
    assert specs["geld"].unit is None


def test_ticks_of_one_and_nought_are_no_triad():
    assert find_total([(1, 0, 0), (0, 1, 0), (0, 0, 1)]) is None


PARTS = st.lists(st.integers(0, 100), min_size=3, max_size=3).filter(lambda parts: sum(parts) > 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=8), st.sampled_from([1, 100]), st.integers(2, 4))
def test_shares_of_a_whole_always_sum_to_one(parts, total, decimals):
    rows = [[round(total * part / sum(row), decimals) for part in row] for row in parts]
    cells = {spec.name: [f"{row[at]:.{decimals}f}" for row in rows] for at, spec in enumerate(CORNERS)}
    frame, _, told = read(cells, CORNERS)
    shares = frame[[spec.name for spec in CORNERS]].to_numpy()
    assert not [one for one in told if "niet op" in one]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(shares, [[part / sum(row) for part in row] for row in parts], atol=0.03)


@pytest.mark.parametrize(
    ("row", "total", "expected"),
    [((33, 33, 33), 100, True), ((34, 34, 34), 100, True), ((30, 30, 30), 100, False), ((-1, 50, 51), 100, False),
     ((0.5, 0.5, math.nan), 1, True), ((math.nan,) * 3, 1, False)],
)  # fmt: skip
def test_what_adds_up(row, total, expected):
    assert fits(row, total) is expected


@pytest.mark.parametrize(
    ("spec", "options", "expected", "unit"),
    [
        (answer("lijn"), {}, [0, 100, 25], None),
        (answer("lijn", unit="0–100"), {}, [0, 1, 0.25], "0–1"),
        (answer("lijn", label="Ik stond er (0 tot 100)"), {}, [0, 1, 0.25], "0–1"),
        (answer("lijn", unit="1–5"), {}, [0, 100, 25], "1–5"),
        (answer("lijn", unit="10–90"), {}, [0, 100, 25], "10–90"),  # not what the answers say
        (answer("lijn"), {"ranges": {"lijn": (-100.0, 100.0)}}, [0.5, 1, 0.625], "0–1"),
        (answer("lijn"), {"ranges": {"lijn": (0.0, 50.0)}}, [0, None, 0.5], "0–1"),
    ],
)
def test_sliders_go_from_nought_to_one(spec, options, expected, unit):
    frame, specs, told = read({"lijn": ["0", "100", "25"]}, [spec], **options)
    assert frame["lijn"].astype(object).where(frame["lijn"].notna(), None).tolist() == expected
    assert specs["lijn"].unit == unit
    assert "(" not in specs["lijn"].label
    assert bool([one for one in told if "teruggebracht tot 0–1" in one]) == (unit == "0–1")
    outside = "1 getallen in kolom ‘lijn’ liggen buiten 0–50 en blijven leeg"
    assert (outside in told) == (None in expected)


def test_a_scale_of_five_stays_unless_its_range_is_given():
    spec = answer("gezien", unit="1–5")
    assert read({"gezien": ["1", "5"]}, [spec])[0]["gezien"].tolist() == [1, 5]
    frame, specs, _ = read({"gezien": ["1", "5"]}, [spec], ranges={"gezien": (1.0, 5.0)})
    assert frame["gezien"].tolist() == [0, 1]
    assert specs["gezien"].unit == "0–1"


def test_not_applicable_is_an_answer_and_empty_is_none():
    cells = {"gezien": ["3", "n.v.t.", "", "NVT", "5"]}
    frame, specs, told = read(cells, [answer("gezien", label="Gezien?")])
    assert frame["gezien"].fillna(-1).tolist() == [3, -1, -1, -1, 5]
    assert frame["gezien_na"].astype(object).where(frame["gezien_na"].notna(), None).tolist() == [
        False,
        True,
        None,
        True,
        False,
    ]
    assert (specs["gezien_na"].label, specs["gezien_na"].group, specs["gezien_na"].dtype) == (
        "n.v.t.",
        "Gezien?",
        "bool",
    )
    assert told == ["‘Gezien?’: 2 keer ‘n.v.t.’; dat is een antwoord en heeft een eigen kolom"]


def test_not_applicable_of_a_slider_stands_beside_it():
    _, specs, _ = read({"lijn": ["100", "n.v.t.", "0"]}, [answer("lijn", label="Ik stond er (0–100)")])
    assert specs["lijn_na"].group == specs["lijn"].label == "Ik stond er"


def test_not_applicable_of_a_triad_is_one_answer():
    cells = {spec.name: ["n.v.t.", "50" if spec.name != "zorg" else "0", ""] for spec in CORNERS}
    frame, specs, _ = read(cells, CORNERS)
    assert specs["waarover_na"].group == "Waarover?"
    assert frame["waarover_na"].astype(object).where(frame["waarover_na"].notna(), None).tolist() == [
        True,
        False,
        None,
    ]


def test_not_applicable_of_a_choice_is_one_of_its_answers():
    frame, _, told = read({"wie": ["nvt", "", "ik", "N/A", "na"]}, [answer("wie", "category")])
    assert frame["wie"].fillna("").tolist() == ["n.v.t.", "", "ik", "n.v.t.", "na"]
    assert told == []


@pytest.mark.parametrize(
    "cell", ["n.v.t.", "N.V.T", "nvt", "n. v. t.", "Niet van toepassing", "n/a", "Not applicable"]
)
def test_numbers_with_not_applicable_are_a_scale_still(cell):
    _, specs, _, dropped = looked_at({"Gezien (1-5)": ["1", "2", cell]})
    assert specs["gezien_1_5"].dtype == "float"
    assert specs["gezien_1_5_na"].dtype == "bool"
    assert dropped == {}


def test_columns_that_are_one_question_are_found_by_their_headings():
    header = ["V [a]", "V [b]", "W: a", "W: b", "W: c", "X: a", "X: b", "Y: a", "Los"]
    rows = [
        ["ja", "nee", "10", "20", "70", "5", "4", "ja", "1"],
        ["nee", "", "0", "0", "100", "3", "1", "nee", "2"],
    ]
    known = find_questions(header, rows)
    assert {name: (spec.dtype, spec.group, spec.label) for name, spec in known.items()} == {
        "V [a]": ("bool", "V", "a"), "V [b]": ("bool", "V", "b"), "W: a": ("float", "W", "a"), "W: b": ("float", "W", "b"),
        "W: c": ("float", "W", "c"),
    }  # fmt: skip
    assert find_questions(["V [a]", "V [b]"], [["", ""]]) == {}
    assert find_questions(["V [a]", "V [b]"], [["nee", ""]]) == {}
    assert find_questions(["V [a]", "V [b]"], [["a", ""], ["", "b"]])["V [a]"].dtype == "bool"
    assert find_questions(["V [a]", "V [b]"], [["goed", "slecht"]]) == {}


def test_the_triads_of_the_sample_are_found_without_a_mapping():
    guessed = wa.load_narratives("data/sample/vertelpunt.csv")
    triad = [spec for spec in guessed.columns if spec.group == "In dit verhaal ging het om"]
    assert [spec.label for spec in triad] == ["rondkomen", "meedoen", "veilig zijn"]
    sums = guessed.frame[[spec.name for spec in triad]].sum(axis=1, min_count=3).dropna()
    np.testing.assert_allclose(sums, 1)
