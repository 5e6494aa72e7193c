from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.figures.test_signification import asked
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.tension import _coded
from wijkanalyse.privacy.gate import Audience

POLES = ("regels", "ruimte")


def codings(*rows):
    """Return codings from "v000 A regels 0 10", or "v000 A regels" for a whole story."""
    names = ["narrative_id", "coder", "code", "start", "end"]
    cells = [[*row.split(), None, None][:5] for row in rows]
    return pd.DataFrame(cells, columns=names).astype({"start": float, "end": float}).assign(quote="")


def places(frame, n=6):
    _, at, beside, _ = _coded(make_corpus(["x" * 100] * n), frame, POLES)
    return {i: at.get(i, beside[i]) for i in beside.index}


def test_place_is_the_share_of_marked_text():
    frame = codings(
        "v000 A regels 0 10", "v001 A ruimte 0 10",
        "v002 A regels 0 30", "v002 A ruimte 20 30",
        "v003 A geld 0 10", "v004 A regels", "v004 B ruimte 0 100",
    )  # fmt: skip
    assert places(frame) == {
        "v000": 0.0, "v001": 1.0, "v002": 0.25, "v003": "geen van beide", "v004": 0.5, "v005": "niet gecodeerd",
    }  # fmt: skip


def test_what_one_coder_marked_twice_counts_once_and_two_coders_count_both():
    twice = codings(
        "v000 A regels 0 20",
        "v000 A regels 5 10",
        "v000 A regels 10 30",
        "v000 A ruimte 0 30",
    )
    assert places(twice)["v000"] == 0.5
    both = codings("v000 A regels 0 30", "v000 B regels 0 30", "v000 A ruimte 0 20")
    assert places(both)["v000"] == 0.25


def test_nearness_instead_of_codings():
    frame = pd.DataFrame(
        [("v000", "regels", 0.2), ("v000", "ruimte", 0.6), ("v001", "regels", 0.0), ("v001", "ruimte", 0.0)],
        columns=["narrative_id", "code", "nearness"],
    )
    assert places(frame, 2) == {"v000": pytest.approx(0.75), "v001": "geen van beide"}


def test_every_story_is_drawn_and_counted():
    frame = codings(
        "v000 A regels 0 10",
        "v001 A regels 0 5",
        "v001 A ruimte 5 10",
        "v002 A geld 0 10",
        "v003 A ruimte 0 3",
    )
    figure = wa.plot_tension(make_corpus(["Het regende."] * 5), frame, poles=POLES)
    assert {trace.name: len(trace.x) for trace in figure.data} == {
        "een van beide of allebei": 3,
        "geen van beide": 1,
        "niet gecodeerd": 1,
    }
    assert behind(figure).words.title == "Tussen regels en ruimte: in 1 verhaal trekken ze allebei"
    assert (
        "1 alleen regels, 1 ertussen, 1 alleen ruimte, 1 geen van beide, 1 niet gecodeerd"
        in behind(figure).words.subtitle
    )
    assert behind(figure).counted["pool"].tolist() == [
        "alleen regels",
        "allebei evenveel",
        "geen van beide",
        "alleen ruimte",
    ]


def test_a_dyad_is_a_tension_too():
    figure = wa.plot_tension(
        asked(perspective=["inwoner", "school", "school"], a=[0.0, 0.75, None]),
        poles="a",
        group="perspective",
    )
    assert {trace.name: len(trace.x) for trace in figure.data} == {
        "inwoner": 1,
        "school": 1,
        "geen antwoord": 1,
    }
    assert behind(figure).counted["pool"].tolist() == ["alleen regels", "meer ruimte", "geen antwoord"]


def test_no_story_with_either_pole():
    figure = wa.plot_tension(asked(a=[None, None]), poles="a")
    assert len(figure.data) == 0
    release(figure, audience=Audience.OUTSIDE)


@pytest.mark.parametrize(
    ("frame", "poles", "said"),
    [
        (None, POLES, "Geef de coderingen mee"),
        (codings("v000 A regels 0 1"), POLES, "twee van ‘regels’"),
        (codings("v000 A regels 0 1"), ("regels", "regels"), "twee polen"),
        (
            codings("v000 A regels 0 1", "w A ruimte 0 1"),
            POLES,
            "1 gecodeerde verhalen bestaan niet",
        ),
    ],
)
def test_what_cannot_be_drawn(frame, poles, said):
    with pytest.raises(InputError, match=said):
        wa.plot_tension(make_corpus(["Het regende."]), frame, poles=poles)


def test_a_choice_is_no_line():
    with pytest.raises(InputError, match="geen lijn tussen twee polen"):
        wa.plot_tension(asked(dtype="category", gevoel=["boos"]), poles="gevoel")
