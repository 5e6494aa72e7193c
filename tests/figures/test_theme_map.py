from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.template import CONFIG, THEME_COLOURS, number, template, theme_colour
from wijkanalyse.privacy.disclosure import OTHER
from wijkanalyse.privacy.gate import Audience


@pytest.fixture(scope="module")
def themes():
    texts = three_subjects(36)
    return wa.find_themes(
        make_corpus(texts, perspective=["inwoner", "wijkteam"] * 18), n_themes=3, firmness_rounds=3
    )


@pytest.fixture(scope="module")
def figure(themes):
    return wa.plot_theme_map(themes)


def points(figure):
    return [trace for trace in figure.data if trace.customdata is not None]


def test_every_story_is_one_point_that_knows_its_story(figure, themes):
    shown = [narrative_id for trace in points(figure) for narrative_id in trace.customdata]
    assert sorted(shown) == themes.assignments["narrative_id"].tolist()


def test_one_trace_per_theme_named_by_its_label(figure, themes):
    assert sorted(trace.name for trace in points(figure)) == sorted(themes.topics["label"])


def test_shape_tells_the_perspective(figure):
    symbols = {
        trace.name: trace.marker.symbol for trace in figure.data if trace.name in ("inwoner", "wijkteam")
    }
    assert symbols == {"inwoner": "circle", "wijkteam": "square"}
    assert {symbol for trace in points(figure) for symbol in trace.marker.symbol} == {"circle", "square"}


def test_title_denominator_and_note(figure):
    assert figure.layout.title.text == "Waar deze verhalen over gaan: 3 thema’s"
    assert figure.layout.title.subtitle.text.startswith("36 verhalen van 36 vertellers")
    assert "<br>" in figure.layout.title.subtitle.text
    note = figure.layout.annotations[-1].text.replace("<br>", " ")
    assert "Voorlopig beeld, bedoeld voor gesprek" in note
    assert "toevalsgetal 2022" in note


def test_no_text_of_a_story_in_the_figure(figure, themes):
    content = json.dumps(figure.to_plotly_json(), default=list)
    assert all(text not in content for text in themes.corpus.frame["text"])


def test_themes_are_labelled_once_and_nowhere_is_open(sample_themes):
    figure = wa.plot_theme_map(sample_themes)
    named = [annotation for annotation in figure.layout.annotations if annotation.text.startswith("<b>")]
    assert len(named) == len(sample_themes.firmness)
    nowhere = next(trace for trace in points(figure) if trace.name == "Past nergens")
    assert nowhere.marker.color == "#ffffff"


def test_nowhere_lies_beneath_the_themes(sample_themes):
    assert points(wa.plot_theme_map(sample_themes))[0].name == "Past nergens"


def test_beyond_five_thousand_a_point_is_a_field_and_every_story_is_still_behind_one(themes):
    many = pd.concat([themes.assignments] * 140, ignore_index=True)
    ids = [f"v{number:05d}" for number in range(len(many))]
    frame = pd.concat([themes.corpus.frame] * 140, ignore_index=True).assign(narrative_id=ids)
    fake = SimpleNamespace(
        assignments=many.assign(narrative_id=ids), corpus=replace(themes.corpus, frame=frame), topics=themes.topics,
        settings=themes.settings, provenance=themes.provenance,
    )  # fmt: skip
    drawn = wa.plot_theme_map(fake)
    assert {trace.type for trace in points(drawn)} == {"scatter"}
    assert sum(len(trace.x) for trace in points(drawn)) <= 36
    keys = [key for trace in points(drawn) for key in trace.customdata]
    assert sorted(behind(drawn).stories(keys)["narrative_id"]) == ids
    assert points(drawn)[-1].text[0].endswith(" verhalen")
    assert "Hoe groter een stip, hoe meer verhalen." in behind(drawn).words.subtitle


def test_outside_themes_are_circles_with_tellers_and_no_story_is_left():
    themes = wa.find_themes(make_corpus(three_subjects(60)), n_themes=3, firmness_rounds=3)
    released = release(wa.plot_theme_map(themes), audience=Audience.OUTSIDE)
    tellers = released.table.frame["vertellers"].dropna().drop([OTHER, "Past nergens"], errors="ignore")
    assert len(tellers) >= 2
    assert {trace.name for trace in released.safe.figure.data} == set(tellers.index)
    assert all(len(trace.x) == 1 for trace in released.safe.figure.data)
    content = released.safe.figure.to_json()
    assert not any(narrative_id in content for narrative_id in themes.assignments["narrative_id"])
    names = [note.text for note in released.safe.figure.layout.annotations if note.name == "naam"]
    shown = [re.sub("</?b>", "", name.replace("<br>", " ")) for name in names]
    assert sorted(name for name in shown if name.isdigit()) == sorted(map(str, tellers))
    assert len(shown) == 2 * len(tellers)


def test_outside_without_enough_tellers_says_so():
    themes = wa.find_themes(make_corpus(three_subjects(21)), n_themes=3, firmness_rounds=3)
    released = release(wa.plot_theme_map(themes), audience=Audience.OUTSIDE)
    assert len(released.safe.figure.data) == 0
    shown = " ".join(note.text.replace("<br>", " ") for note in released.safe.figure.layout.annotations)
    assert "Geen thema wordt door genoeg vertellers gedragen" in shown


def test_colours_tell_themes_apart_and_nowhere_is_grey():
    assert len(set(THEME_COLOURS)) == len(THEME_COLOURS)
    assert theme_colour(0) != theme_colour(1)
    assert theme_colour(-1) == "#8a909c"


def test_no_button_sends_a_figure_away():
    # A notebook shows plotly's own row of buttons, so the template has to take it out.
    assert {"sendChartToCloud", "sendDataToCloud"} <= set(template().layout.modebar.remove)


def test_dutch_numbers_and_buttons():
    assert number(1234.5, 1) == "1.234,5"
    assert template().layout.separators == ",."
    assert CONFIG["locale"] == "nl"
    assert not {"sendDataToCloud", "editInChartStudio"} & {b for row in CONFIG["modeBarButtons"] for b in row}
