from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.voices import interval
from wijkanalyse.privacy.gate import Audience


def themes_by_hand(rows: list[tuple[str, str | None, str]], *, tellers: list[str] | None = None):
    """Return what looks like themes: (theme, perspective) per story."""
    corpus = make_corpus(["Het regende."] * len(rows), perspective=[voice for _, voice, _ in rows])
    frame = corpus.frame.assign(teller_id=[teller for _, _, teller in rows])
    names = sorted({theme for theme, _, _ in rows} - {"Past nergens"})
    ids = {**{name: i for i, name in enumerate(names)}, "Past nergens": -1}
    topics = pd.DataFrame({"theme_id": list(ids.values()), "label": list(ids)})
    assignments = pd.DataFrame(
        {"narrative_id": frame["narrative_id"], "theme_id": [ids[theme] for theme, _, _ in rows]}
    )
    return SimpleNamespace(
        corpus=replace(corpus, frame=frame),
        topics=topics,
        assignments=assignments,
        settings={"random_state": 1},
    )


# Of three residents two told about buses, one of them twice; the one volunteer told nothing about buses.
SMALL = [
    ("bus", "inwoner", "a"), ("bus", "inwoner", "a"), ("bus", "inwoner", "b"), ("school", "inwoner", "c"),
    ("school", "vrijwilliger", "d"), ("Past nergens", "vrijwilliger", "e"), ("bus", None, "f"),
]  # fmt: skip


def points(figure, theme):
    return {
        (place, float(x)): trace.marker.symbol
        for trace in figure.data
        if trace.name == theme
        for place, x in zip(trace.y, trace.x, strict=True)
    }


def test_shares_are_of_tellers_and_missing_voices_are_crosses():
    figure = wa.plot_voices(themes_by_hand(SMALL))
    assert points(figure, "bus") == {("inwoner", 2 / 3): None, ("vrijwilliger", 0.0): "x-thin"}
    assert points(figure, "school") == {("inwoner", 1 / 3): None, ("vrijwilliger", 0.5): None}
    assert figure.layout.yaxis.ticktext == ("inwoner (3)", "vrijwilliger (2)")
    assert figure.layout.title.text == "Bij 1 van de 2 thema’s ontbreekt minstens één stem"


def test_a_point_opens_its_stories():
    figure = wa.plot_voices(themes_by_hand(SMALL))
    assert behind(figure).stories(["bus · inwoner"])["narrative_id"].tolist() == ["v000", "v001", "v002"]


def test_what_fits_nowhere_counts_in_the_whole_only():
    figure = wa.plot_voices(themes_by_hand(SMALL))
    assert {trace.name for trace in figure.data} == {"bus", "school"}


def test_the_interval_is_what_resampling_gives():
    # Two of two: every sample is the same. One of two: 0, 1 or 2 of two, with chances ¼, ½, ¼.
    assert interval(2, 2) == (1.0, 1.0)
    assert interval(1, 2) == (0.0, 1.0)
    low, high = interval(40, 100)
    assert (low, high) == (0.31, 0.5)


def test_all_voices():
    figure = wa.plot_voices(themes_by_hand([("bus", "inwoner", "a"), ("bus", "school", "b")]))
    assert figure.layout.title.text == "Alle stemmen klinken in alle thema’s"


def test_nobody_with_a_perspective():
    figure = wa.plot_voices(themes_by_hand([("bus", None, "a"), ("bus", None, "b")]))
    assert len(figure.data) == 0
    assert "Er zijn geen thema’s met vertellers" in figure.layout.annotations[0].text.replace("<br>", " ")


def test_without_a_column_it_says_what_is_wanted():
    themes = themes_by_hand(SMALL)
    corpus = make_corpus(["Het regende."] * 7)
    with pytest.raises(InputError, match="Er is geen kolom die zegt vanuit welk perspectief"):
        wa.plot_voices(SimpleNamespace(**{**vars(themes), "corpus": corpus}))
    with pytest.raises(InputError, match="Er is geen kolom ‘kleur’"):
        wa.plot_voices(themes, perspective="kleur")


def test_outside_only_released_cells_are_points_and_the_rest_is_a_dash():
    rows = [("bus", "inwoner", f"a{i}") for i in range(30)] + [
        ("school", "inwoner", f"b{i}") for i in range(25)
    ]
    rows += [("bus", "wijkteam", f"c{i}") for i in range(20)] + [
        ("school", "wijkteam", f"d{i}") for i in range(30)
    ]
    rows += [("tuin", "inwoner", f"e{i}") for i in range(12)] + [
        ("tuin", "wijkteam", f"f{i}") for i in range(2)
    ]
    figure = wa.plot_voices(themes_by_hand(rows))
    released = release(figure, audience=Audience.OUTSIDE)
    cells = released.table.frame
    assert cells.isna().to_numpy().any()
    drawn = {(trace.name, voice) for trace in released.safe.figure.data for voice in trace.y}
    assert drawn == {
        (theme, voice) for theme in cells.index for voice in cells if pd.notna(cells.at[theme, voice])
    }
    dashes = [note for note in released.safe.figure.layout.annotations if note.text == "–"]
    assert len(dashes) == int(cells.isna().to_numpy().sum())
    assert released.words.title == "Wie waarover vertelt: thema’s per perspectief"


def test_perspectives_that_are_numbers_stay_in_their_own_row():
    rows = [("bus", "1", f"a{i}") for i in range(40)] + [("school", "1", f"b{i}") for i in range(40)]
    rows += [("bus", "10", f"c{i}") for i in range(30)] + [("school", "10", f"d{i}") for i in range(4)]
    rows += [("bus", "2", f"e{i}") for i in range(30)] + [("school", "2", f"f{i}") for i in range(30)]
    figure = release(wa.plot_voices(themes_by_hand(rows)), audience=Audience.OUTSIDE).safe.figure
    order = list(figure.layout.yaxis.categoryarray)
    assert order == ["1", "2", "10"]
    drawn = {(trace.yaxis, order.index(voice)) for trace in figure.data for voice in trace.y}
    dashes = [(note.yref, note.y) for note in figure.layout.annotations if note.text == "–"]
    assert ("y2", order.index("10")) in dashes
    assert sorted([*drawn, *dashes]) == [(axis, row) for axis in ("y", "y2") for row in range(3)]
