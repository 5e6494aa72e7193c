from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.privacy.gate import Audience

CODED = pd.DataFrame(
    [("v000", "geld"), ("v000", "werk"), ("v001", "geld"), ("v002", "werk")], columns=["narrative_id", "code"]
)
NEAR = pd.DataFrame(
    [("v000", "geld", 0.9), ("v000", "werk", 0.1), ("v001", "werk", 0.8), ("v002", "werk", 0.7), ("v003", "geld", 0.6)],
    columns=["narrative_id", "code", "nearness"],
)  # fmt: skip


@pytest.fixture(scope="module")
def figure():
    corpus = make_corpus(["een verhaal"] * 5, feeling=["boos", "boos", "trots", "trots", None])
    return wa.plot_three_layers(corpus, teller="feeling", coder=CODED, machine=NEAR)


def stories(figure, mark):
    return behind(figure).stories([mark])["narrative_id"].tolist()


def test_nothing_is_dropped(figure):
    bars = {
        bar.name: dict(zip(bar.customdata, bar.y, strict=True)) for bar in figure.data if bar.type == "bar"
    }
    assert list(bars["Verteller"]) == ["Verteller: boos", "Verteller: trots", "Verteller: Geen antwoord"]
    assert list(bars["Codeur"]) == ["Codeur: geld", "Codeur: werk", "Codeur: Niet gecodeerd"]
    assert list(bars["Computer"]) == ["Computer: geld", "Computer: werk", "Computer: Past nergens"]
    # 300 pixels for five stories; the story with two codes is half in each.
    assert list(bars["Codeur"].values()) == pytest.approx([90, 90, 120])
    assert all(sum(bar.values()) == pytest.approx(300) for bar in bars.values())


def test_categories_and_flows_open_their_stories(figure):
    assert stories(figure, "Verteller: Geen antwoord") == ["v004"]
    assert stories(figure, "Codeur: geld") == ["v000", "v001"]
    assert stories(figure, "Verteller: boos → Codeur: geld") == ["v000", "v001"]
    assert stories(figure, "Codeur: Niet gecodeerd → Computer: Past nergens") == ["v004"]


def test_what_is_read_differently_is_one_mark(figure):
    # v000 has geld from both, whatever else was coded; v003 was not coded, and nobody read it differently.
    assert stories(figure, "anders gelezen") == ["v001"]
    assert behind(figure).words.title.startswith("1 van de 5 verhalen")
    hatched = next(trace for trace in figure.data if trace.fillpattern and trace.fillpattern.shape == "/")
    assert sum(value is None for value in hatched.x) == 2


def test_without_names_in_common_nothing_is_different(sample, sample_themes):
    figure = wa.plot_three_layers(
        sample, teller="feeling", coder=CODED.assign(narrative_id=["V011", "V011", "V013", "V019"]), machine=sample_themes.assignments,
        topics=sample_themes.topics,
    )  # fmt: skip
    assert "anders gelezen" not in set(behind(figure).members["mark"])
    assert set(sample_themes.topics["label"]) == {
        name.removeprefix("Computer: ")
        for bar in figure.data
        if bar.name == "Computer"
        for name in bar.customdata
    }


def test_no_codings_at_all():
    corpus = make_corpus(["een verhaal"] * 3, feeling=["boos"] * 3)
    figure = wa.plot_three_layers(corpus, teller="feeling", coder=CODED.head(0), machine=NEAR)
    assert stories(figure, "Codeur: Niet gecodeerd") == ["v000", "v001", "v002"]
    assert "0 ervan gecodeerd" in behind(figure).words.subtitle


def test_no_stories_at_all():
    corpus = make_corpus([], feeling=[])
    figure = wa.plot_three_layers(corpus, teller="feeling", coder=CODED.head(0), machine=NEAR.head(0))
    assert "geen verhalen" in figure.layout.annotations[0].text


def test_outside_is_a_table_of_tellers():
    corpus = make_corpus(["een verhaal"] * 60, feeling=["boos", "trots"] * 30)
    ids = corpus.frame["narrative_id"]
    coder = pd.DataFrame({"narrative_id": ids[:40], "code": ["geld", "geld", "werk", "werk"] * 10})
    near = pd.DataFrame({"narrative_id": ids, "code": ["geld", "geld", "werk", "werk"] * 15, "nearness": 1.0})
    figure = wa.plot_three_layers(corpus, teller="feeling", coder=coder, machine=near)
    released = release(figure, audience=Audience.OUTSIDE)
    (heatmap,) = released.safe.figure.data
    assert heatmap.type == "heatmap"
    assert list(heatmap.y) == [
        "Codeur: geld",
        "Codeur: werk",
        "Codeur: Niet gecodeerd",
        "Computer: geld",
        "Computer: werk",
    ]
    assert [list(row) for row in heatmap.z] == [[10, 10]] * 3 + [[15, 15], [15, 15]]
    written = [note.text for note in released.safe.figure.layout.annotations if note.name == "getal"]
    assert sorted(written) == ["10"] * 6 + ["15"] * 4
