from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.widgets.figure import ClickableFigure


@pytest.fixture(scope="module")
def themes():
    corpus = make_corpus(three_subjects(36), perspective=["inwoner", "wijkteam"] * 18)
    return wa.find_themes(corpus, n_themes=3, firmness_rounds=3)


def test_before_a_choice_nothing_is_selected(themes):
    explorer = wa.explore(wa.plot_theme_map(themes))
    assert explorer.selected.empty
    assert explorer.reader.story["title"] == "Kies een teken in de figuur"
    assert repr(explorer) == "<Explorer theme_map, 0 tekens gekozen>"


def test_a_click_on_a_point_opens_its_story(themes):
    explorer = wa.explore(wa.plot_theme_map(themes))
    trace = next(trace for trace in explorer.figure.figure.data if trace.customdata is not None)
    explorer.figure._receive(explorer.figure, {"type": "marks", "keys": [trace.customdata[0]]}, [])
    narrative_id = trace.customdata[0]
    assert explorer.selected["narrative_id"].tolist() == [narrative_id]
    assert explorer.reader.story["text"] == explorer.selected["text"].item()


def test_a_click_beside_the_marks_changes_nothing(themes):
    explorer = wa.explore(wa.plot_theme_map(themes))
    explorer.choose(["v001"])
    explorer.figure._receive(explorer.figure, {"type": "marks", "keys": []}, [])
    assert explorer.selected["narrative_id"].tolist() == ["v001"]


def test_a_page_gets_plotly_once_and_the_figure_when_it_asks(themes, monkeypatch):
    explorer, sent = wa.explore(wa.plot_theme_map(themes)), []
    monkeypatch.setattr(
        ClickableFigure, "send", lambda _self, content, buffers=(): sent.append((set(content), len(buffers)))
    )
    explorer.figure._receive(explorer.figure, {"type": "ready", "bare": True}, [])
    explorer.figure._receive(explorer.figure, {"type": "ready", "bare": False}, [])
    figure = ({"figure", "config"}, 0)
    assert sent == [(set(), 1), figure, figure]
    ClickableFigure(print)._receive(None, {"type": "ready"}, [])
    assert sent == [(set(), 1), figure, figure]


def test_a_mark_of_many_stories_fills_the_queue_and_the_queue_opens_them(themes):
    explorer = wa.explore(wa.plot_voices(themes))
    mark = next(
        key
        for trace in explorer.figure.figure.data
        if trace.customdata is not None
        for key in trace.customdata
    )
    explorer.choose([mark])
    ids = explorer.selected["narrative_id"].tolist()
    assert len(ids) > 1
    assert [entry["id"] for entry in explorer.reader.queue] == ids
    assert explorer.reader.progress == f"{len(ids)} verhalen"
    explorer.reader._receive(explorer.reader, {"type": "open", "story": ids[1]}, [])
    assert explorer.reader.story["id"] == ids[1]
    explorer.reader._receive(explorer.reader, {"type": "open", "story": "v999"}, [])
    assert explorer.reader.story["id"] == ids[1]
    explorer.choose([])
    assert explorer.reader.queue == []
    assert explorer.reader.story["id"] == ""


def test_no_story_is_state_of_a_widget(themes):
    explorer = wa.explore(wa.plot_theme_map(themes))
    explorer.choose(["v001", "v002"])
    state = f"{explorer.reader.get_state()} {explorer.figure.get_state()}"
    assert not any(text in state for text in themes.corpus.frame["text"])
    assert not any(text in repr(explorer) for text in themes.corpus.frame["text"])


def test_what_cannot_be_explored(themes):
    figure = wa.plot_theme_map(themes)
    with pytest.raises(InputError, match="weet niet welke verhalen erachter zitten"):
        wa.explore(go.Figure(figure))
    others = replace(
        themes.corpus, frame=themes.corpus.frame.assign(narrative_id=[f"w{i}" for i in range(36)])
    )
    with pytest.raises(InputError, match="36 verhalen in deze figuur staan niet in dit corpus"):
        wa.explore(figure, others)
    with pytest.raises(PrivacyError, match="verhalen laten lezen"):
        wa.explore(figure, replace(themes.corpus, status=PrivacyStatus.RAW))
