from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.privacy.gate import Audience


def firm(rows, themes):
    """Return what looks like themes: (theme, core) per story, and (label, jaccard, verdict) per theme."""
    corpus = make_corpus(["Het regende."] * len(rows))
    return SimpleNamespace(
        corpus=corpus, settings={"random_state": 1},
        topics=pd.DataFrame([*((i, label) for i, (label, *_) in enumerate(themes)), (-1, "Past nergens")], columns=["theme_id", "label"]),
        firmness=pd.DataFrame([(i, *rest) for i, (_, *rest) in enumerate(themes)], columns=["theme_id", "jaccard", "verdict"]),
        assignments=pd.DataFrame({"narrative_id": corpus.frame["narrative_id"], "theme_id": [row[0] for row in rows], "core": [row[1] for row in rows]}),
    )  # fmt: skip


THEMES = [("school", 0.9, "stevig"), ("bus", 0.2, "los")]
ROWS = [(0, 1.0), (0, 0.75), (0, 0.5), (1, 0.49), (1, 0.0), (-1, 0.0)]


def test_themes_by_the_alphabet_with_their_verdict_as_a_word():
    figure = wa.plot_firmness(firm(ROWS, THEMES))
    headings = [note.text for note in figure.layout.annotations if note.text.startswith("<b>")]
    assert [text.split("</b>")[0] for text in headings] == ["<b>bus", "<b>school", "<b>Past nergens"]
    assert "los · 2 verhalen" in headings[0]
    assert "stevig · 3 verhalen" in headings[1]
    assert behind(figure).words.title.endswith("1 stevig, 1 los")


def test_core_edge_and_what_fits_nowhere():
    figure = wa.plot_firmness(firm(ROWS, THEMES))
    assert behind(figure).counted[["thema", "plek"]].to_numpy().tolist() == [
        ["school (stevig)", "kern"], ["school (stevig)", "kern"], ["school (stevig)", "tussen kern en rand"],
        ["bus (los)", "rand"], ["bus (los)", "rand"],
    ]  # fmt: skip
    dots = {trace.name: trace for trace in figure.data if trace.marker.symbol != "diamond"}
    assert list(dots["school"].customdata) == ["v000", "v001", "v002"]
    assert dots["school"].x[0] > dots["school"].x[1] > dots["school"].x[2]
    assert dots["Past nergens"].marker.color == "#ffffff"


def test_a_diamond_opens_its_theme_and_lies_at_the_overlap():
    figure = wa.plot_firmness(firm(ROWS, THEMES))
    diamonds = {trace.name: trace.x[0] for trace in figure.data if trace.marker.symbol == "diamond"}
    assert diamonds["bus"] < diamonds["school"]
    assert list(behind(figure).stories(["bus"])["narrative_id"]) == ["v003", "v004"]


def test_verdict_is_no_colour():
    colours = {
        trace.marker.color
        for trace in wa.plot_firmness(firm(ROWS, THEMES)).data
        if trace.name in ("school", "bus")
    }
    assert len(colours) == 2  # dots and diamonds, the same for a firm theme and a loose one


def test_no_theme_at_all():
    figure = wa.plot_firmness(firm([(-1, 0.0)] * 3, []))
    assert "Er is geen thema" in behind(figure).words.title
    assert [len(trace.x) for trace in figure.data] == [3]
    release(figure, audience=Audience.OUTSIDE)
