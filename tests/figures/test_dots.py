from __future__ import annotations

import numpy as np
import pandas as pd

import wijkanalyse as wa
from tests.figures.test_signification import asked
from wijkanalyse.figures.behind import behind
from wijkanalyse.figures.dots import MOST_DOTS, in_dots, many, spread


def placed(n, **columns):
    ids = [f"v{row:05d}" for row in range(n)]
    return pd.DataFrame({"narrative_id": ids, "title": "bus", "group": ["a", "b"] * (n // 2), **columns})


def test_each_story_has_its_own_dot_while_there_is_room():
    points = in_dots(placed(MOST_DOTS, at=0.5).iloc[::-1], "group", ["at"])
    assert points["mark"].tolist() == points["narrative_id"].tolist() == sorted(points["narrative_id"])
    assert many(MOST_DOTS) == ""


def test_beyond_it_a_few_of_one_group_that_lie_together_share_one():
    n = 12_000
    rng = np.random.default_rng(1)
    points = placed(n, x=rng.random(n), y=rng.random(n))
    dots = in_dots(points, "group", ["x", "y"])
    assert dots["narrative_id"].tolist() == points["narrative_id"].tolist()
    assert dots.groupby("mark").size().max() == 3
    assert MOST_DOTS * 0.8 < dots["mark"].nunique() < MOST_DOTS * 1.4
    assert (dots.groupby("mark")[["group", "x", "y", "text"]].nunique() == 1).all(axis=None)
    assert (abs(dots[["x", "y"]] - points[["x", "y"]]) <= 0.05).all(axis=None)
    assert set(dots["text"]) == {"1 verhaal", "2 verhalen", "3 verhalen"}
    assert "hoogstens 3 verhalen" in many(n)


def test_stories_without_a_place_share_dots_too():
    dots = in_dots(placed(12_000, at=np.nan), "group", ["at"])
    assert dots["mark"].nunique() == 4_000
    assert dots["at"].isna().all()


def test_a_figure_of_many_stories_needs_no_webgl_and_opens_them_all():
    figure = wa.plot_signification(asked(a=[row / 6_000 for row in range(6_001)]))
    assert {trace.type for trace in figure.data} == {"scatter"}
    keys = [key for trace in figure.data for key in trace.customdata]
    assert len(keys) < MOST_DOTS
    assert len(behind(figure).stories(keys)) == 6_001
    assert "hoogstens 2 verhalen" in behind(figure).words.note


def test_what_lies_in_one_place_is_spread_no_further_than_asked():
    places = spread(np.zeros((50, 2)), 1.0, 3.0)
    assert len(np.unique(places.round(6), axis=0)) == 50
    assert np.hypot(*places.T).max() <= 3.0
