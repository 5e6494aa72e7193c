from __future__ import annotations

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.figures.verbs import with_columns
from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.readings import CHOICE, LINE, TRIAD, read_question
from wijkanalyse.figures.triangle import CORNERS, in_triangle
from wijkanalyse.privacy.gate import Audience


def asked(dtype="float", perspective=None, **columns):
    """Return a corpus with columns of one question, `Vraag`; a single column is a question of its own."""
    n = len(next(iter(columns.values())))
    corpus = make_corpus(["Het regende."] * n, **({"perspective": perspective} if perspective else {}))
    group = "Vraag" if len(columns) > 1 else None
    specs = [
        ColumnSpec(
            name=name,
            label=name,
            role=Role.SIGNIFICATION,
            dtype=dtype,
            group=group,
            ends=("regels", "ruimte"),
        )
        for name in columns
    ]
    return with_columns(corpus, *specs, **columns)


def words(question):
    return question.answers.set_index("narrative_id")["answer"].to_dict()


def test_corners_and_middle_of_a_triangle():
    assert np.allclose(in_triangle(np.eye(3)), CORNERS)
    assert np.allclose(in_triangle([[2, 2, 2]]), CORNERS.mean(axis=0))


def test_zones_of_a_triad():
    parts = [(60, 20, 20), (45, 45, 10), (40, 40, 20), (10, 45, 45), (None, 50, 50), (0, 0, 100)]
    question = read_question(asked(a=[p[0] for p in parts], b=[p[1] for p in parts], c=[p[2] for p in parts]))
    assert question.kind == TRIAD
    assert words(question) == {
        "v000": "vooral a",
        "v001": "a en b",
        "v002": "alle drie",
        "v003": "b en c",
        "v005": "vooral c",
    }
    assert question.places.loc["v001"].tolist() == [0.45, 0.45, 0.1]


@pytest.mark.parametrize(
    ("values", "unit", "places"),
    [
        ([0.0, 0.5, 1.0, None], None, [0.0, 0.5, 1.0]),
        ([2.0, 3.0, 5.0, None], "1–5", [0.25, 0.5, 1.0]),
        ([10.0, 20.0, 30.0, None], None, [0.0, 0.5, 1.0]),
        ([25.0, 50.0, None, None], "0–100", [0.25, 0.5]),
    ],
)  # fmt: skip
def test_lines_lie_between_their_ends(values, unit, places):
    corpus = make_corpus(["Het regende."] * 4)
    spec = ColumnSpec(name="lijn", label="lijn", role=Role.SIGNIFICATION, dtype="float", unit=unit)
    question = read_question(with_columns(corpus, spec, lijn=values))
    assert question.kind == LINE
    assert question.places["at"].tolist() == places


def test_a_scale_keeps_its_steps_and_a_dyad_has_five_zones():
    scale = read_question(asked(a=[1.0, 3.0, 4.0, 1.0]))
    assert scale.order == ("1", "2", "3", "4")
    assert list(words(scale).values()) == ["1", "3", "4", "1"]
    dyad = read_question(asked(a=[0.0, 0.2, 0.5, 0.8, 1.0]))
    assert list(words(dyad).values()) == [
        "vooral regels",
        "meer regels",
        "ertussenin",
        "meer ruimte",
        "vooral ruimte",
    ]


def test_several_answers_in_one_cell_or_in_columns():
    cell = read_question(asked(dtype="category", gevoel=["boos; moe;", "moe", None]))
    ticked = read_question(asked(boos=[1.0, 0.0, None], moe=[1.0, 1.0, None]))
    for question in (cell, ticked):
        assert question.kind == CHOICE
        assert list(question.places.index) == ["v000", "v001"]
        assert sorted(map(tuple, question.answers.to_numpy())) == [
            ("v000", "boos"),
            ("v000", "moe"),
            ("v001", "moe"),
        ]


def test_choices_are_shares_of_who_answered():
    voices = ["inwoner"] * 3 + ["school"]
    figure = wa.plot_signification(
        asked(dtype="category", perspective=voices, gevoel=["boos; moe", "moe", None, "boos"])
    )
    shares = {(trace.name, y): x for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)}
    assert shares == {("inwoner", "boos"): 0.5, ("inwoner", "moe"): 1.0, ("school", "boos"): 1.0}
    said = " ".join(note.text for note in figure.layout.annotations)
    assert "2 van 3" in said
    assert "50% (1)" in said
    assert "3 verhalen van 3 vertellers met een antwoord; 1 verhaal zonder." in behind(figure).words.subtitle
    assert sorted(behind(figure).stories(["inwoner · moe"])["narrative_id"]) == ["v000", "v001"]


def test_columns_that_are_no_whole_are_asked_for_one_by_one():
    corpus = asked(a=[1.0, 5.0], b=[2.0, 2.0])
    with pytest.raises(InputError, match="2 kolommen die elk een eigen antwoord zijn"):
        wa.plot_signification(corpus)
    assert read_question(corpus, "b").title == "b"
    with pytest.raises(InputError, match="Er is geen vraag ‘c’") as caught:
        read_question(corpus, "c")
    assert "‘Vraag’" in str(caught.value)


def test_without_questions_it_says_what_is_missing():
    with pytest.raises(InputError, match="geen vraag waarmee vertellers hun verhaal zelf duiden"):
        wa.plot_signification(make_corpus(["Het regende."]))


def test_numbers_as_answers_stay_beside_their_own_bar():
    corpus = asked(perspective=["inwoner"] * 90, a=[1.0 + row % 3 for row in range(90)])
    figure = release(
        wa.plot_signification(corpus, group="perspective"), audience=Audience.OUTSIDE
    ).safe.figure
    assert list(figure.data[0].y) == ["1", "2", "3"]
    assert [note.y for note in figure.layout.annotations if note.text == "30"] == [0, 1, 2]


def test_nobody_answered():
    figure = wa.plot_signification(asked(a=[None, None]))
    assert len(figure.data) == 0
    assert "Niemand gaf antwoord" in figure.layout.annotations[0].text
    release(figure, audience=Audience.OUTSIDE)


def test_by_theme_and_density_only_where_there_are_enough(sample, sample_themes):
    figure = wa.plot_signification(sample, sample_themes, question="difference_rules")
    dots = {trace.name: len(trace.x) for trace in figure.data if trace.customdata is not None}
    assert set(dots) == set(sample_themes.topics["label"])
    assert sum(dots.values()) == 247
    assert sum(trace.type == "contour" for trace in figure.data) == sum(n >= 30 for n in dots.values())


@pytest.mark.parametrize(
    "question", ["losgelaten – overgenomen", "gezien", "Gevoel", "Wat maakte het verschil"]
)
def test_every_kind_has_an_outside(sample, question):
    released = release(wa.plot_signification(sample, question=question), audience=Audience.OUTSIDE)
    assert len(released.safe.figure.data) >= 1
