from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.figures.labels import place_labels

NOTHING = np.empty((0, 2))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), min_size=1, max_size=12))
def test_labels_lie_within_the_plot_and_off_each_other(anchors):
    boxes = [(60.0 + 7 * i, 20.0) for i in range(len(anchors))]
    places = place_labels(NOTHING, np.array(anchors), boxes, size=(400, 300), reach=80)
    shown = [(place, box) for place, box in zip(places, boxes, strict=True) if place is not None]
    for (x, y), (width, height) in shown:
        assert width / 2 <= x <= 400 - width / 2
        assert height / 2 <= y <= 300 - height / 2
    for ((ax, ay), a), ((bx, by), b) in itertools.combinations(shown, 2):
        assert abs(ax - bx) >= (a[0] + b[0]) / 2 or abs(ay - by) >= (a[1] + b[1]) / 2


def test_a_label_goes_where_no_points_are():
    points = np.array([(x, y) for x in range(100, 301, 5) for y in range(100, 201, 5)], dtype=float)
    ((_, y),) = place_labels(points, np.array([[200.0, 190.0]]), [(60, 20)], size=(400, 300), reach=90)
    assert y >= 205


def test_without_room_within_reach_there_is_no_place():
    anchors = np.array([[50.0, 50.0], [50.0, 50.0]])
    first, second = place_labels(NOTHING, anchors, [(90, 20)] * 2, size=(100, 100), reach=10)
    assert first is not None
    assert second is None


def test_a_label_lies_nearest_to_the_circle_it_names():
    circles, radii = np.array([[248.0, 230.0], [302.0, 256.0]]), (28.0, 18.0)
    taken = [(*circle, 2 * radius, 2 * radius) for circle, radius in zip(circles, radii, strict=True)]
    taken.append((248.0, 150.0, 500.0, 100.0))  # no room below

    how: dict[str, Any] = {"size": (600.0, 460.0), "reach": 60, "taken": taken}

    def nearest(place):
        away = np.hypot(
            (abs(place[0] - circles[:, 0]) - 80).clip(0), (abs(place[1] - circles[:, 1]) - 10).clip(0)
        )
        return int((away - radii).argmin())

    (place,) = place_labels(np.empty((0, 2)), circles[:1], [(160.0, 20.0)], **how)
    assert nearest(place) == 1
    places = place_labels(
        np.empty((0, 2)), circles, [(160.0, 20.0)] * 2, **{**how, "reach": 140}, radii=radii
    )
    assert [nearest(place) for place in places] == [0, 1]
