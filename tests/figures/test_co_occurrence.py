from __future__ import annotations

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.privacy.gate import Audience


def coded(*stories):
    rows = [(f"v{n:03d}", code) for n, codes in enumerate(stories) for code in codes.split()]
    return pd.DataFrame(rows, columns=["narrative_id", "code"]), make_corpus(["een verhaal"] * len(stories))


FEW = coded("a b", "a b", "a", "b c", "c", "")


@pytest.fixture(params=["matrix", "netwerk"])
def kind(request):
    return request.param


def test_observed_beside_chance_by_hand(kind):
    figure = wa.plot_co_occurrence(*FEW, kind=kind)
    hover = {trace.name: trace.hovertemplate for trace in figure.data}
    # a in 3, b in 3, c in 2 of the 5 stories with a code: 3 · 3 / 5 = 1,8 and 3 · 2 / 5 = 1,2.
    assert hover["a + b"].startswith("a + b<br>2 verhalen van 2 vertellers; door toeval zo’n 1,8")
    assert hover["b + c"].startswith("b + c<br>1 verhaal van 1 verteller; door toeval zo’n 1,2")
    assert "a + c" not in hover
    assert behind(figure).stories(["a + b"])["narrative_id"].tolist() == ["v000", "v001"]
    assert behind(figure).stories(["c"])["narrative_id"].tolist() == ["v003", "v004"]
    assert behind(figure).words.title.startswith("In 3 van de 5 verhalen")
    assert "oorzaak" in behind(figure).words.note


def test_a_pair_that_never_meets_is_seen_in_the_matrix():
    written = [note.text for note in wa.plot_co_occurrence(*FEW).layout.annotations if note.name == "getal"]
    assert sorted(written) == ["0<br>(1,2)", "1<br>(1,2)", "2<br>(1,8)"]


def test_clearly_more_and_less_are_told_apart_without_colour():
    frame, corpus = coded(*["a b"] * 20, *["c d"] * 20, *["a c"] * 2)
    matrix = {trace.name: trace.marker.color for trace in wa.plot_co_occurrence(frame, corpus).data}
    assert matrix["a + b"] == "#aab8d1"  # 20, and by chance 22 · 20 / 42 = 10,5
    assert matrix["a + c"] == "#ffffff"  # 2, and by chance 22 · 22 / 42 = 11,5
    lines = wa.plot_co_occurrence(frame, corpus, kind="netwerk").layout.shapes
    assert [line.line.dash for line in lines] == ["solid", "solid", "dot"]


def test_places_in_the_network_follow_from_the_names_alone():
    def places(frame, corpus):
        figure = wa.plot_co_occurrence(frame, corpus, kind="netwerk")
        return {trace.name: (trace.x[0], trace.y[0]) for trace in figure.data if trace.name in set("abc")}

    assert places(*FEW) == places(*coded("a c", "a c", "b", "b", "b c", "c"))


def test_many_codes_give_no_thicket():
    codes = [f"c{n:02d}" for n in range(12)]
    figure = wa.plot_co_occurrence(*coded(" ".join(codes), " ".join(codes[:3])), kind="netwerk")
    assert len(figure.layout.shapes) == 40
    assert "26 lijnen met de minste verhalen zijn niet getekend" in behind(figure).words.note
    assert set(behind(figure).members["mark"]) == {trace.name for trace in figure.data}


def test_in_a_column_many_codes_are_numbers_and_their_cells_keep_theirs():
    codes = [f"onderwerp {n:02d}" for n in range(20)]
    frame, corpus = coded(*["x"] * 3)
    frame = pd.DataFrame(
        [(i, code) for i in corpus.frame["narrative_id"] for code in codes], columns=frame.columns
    )
    figure = release(wa.plot_co_occurrence(frame, corpus), audience=Audience.WORKBENCH, width=321).safe.figure
    notes = figure.layout.annotations
    assert [note.text for note in notes if note.name == "naam"] == [str(n) for n in range(1, 21)]
    (listed,) = [note.text for note in notes if note.text.startswith("1 onderwerp 00 (3)")]
    assert listed.endswith("20 onderwerp 19 (3)")
    assert [note.text for note in notes if note.name == "getal"] == ["3"] * 190


def test_one_theme_per_story_meets_nothing_and_two_do(sample_themes, kind):
    figure = wa.plot_co_occurrence(sample_themes.assignments, sample_themes.corpus, kind=kind)
    assert behind(figure).words.title == "Geen twee codes of thema’s komen samen in een verhaal"
    memberships = sample_themes.memberships
    both = memberships[memberships["theme_id"].isin([0, 1])].assign(weight=0.5)
    figure = wa.plot_co_occurrence(both, sample_themes.corpus, topics=sample_themes.topics, kind=kind)
    assert not set(behind(figure).members["mark"]) - {trace.name for trace in figure.data}
    assert any(" + " in trace.name for trace in figure.data)


@pytest.mark.parametrize("stories", [("", ""), ("a", "a")])
def test_fewer_than_two_codes_say_so(stories, kind):
    figure = wa.plot_co_occurrence(*coded(*stories), kind=kind)
    assert "geen twee codes" in figure.layout.annotations[0].text.replace("<br>", " ")
    assert not len(figure.data)
    assert not len(release(figure, audience=Audience.OUTSIDE).safe.figure.data)


def test_outside_only_pairs_of_enough_tellers_and_none_that_gives_away(kind):
    # c is hardly ever without d, and e never without b: who told of the one would be known to have told of the other.
    frame, corpus = coded(*["a b"] * 12, *["a d"] * 13, *["b e"] * 30, *["a"] * 20, *["c d"] * 15, "c")
    released = release(wa.plot_co_occurrence(frame, corpus, kind=kind), audience=Audience.OUTSIDE)
    assert not {"c + d", "b + e"} & set(released.table.frame.index)
    assert {trace.name for trace in released.safe.figure.data} == {"a + b", "a + d"}
    assert {"12", "13"} <= {
        note.text for note in released.safe.figure.layout.annotations if note.name == "getal"
    }


def test_another_kind_is_refused():
    with pytest.raises(InputError, match="‘taart’ bestaat niet"):
        wa.plot_co_occurrence(*FEW, kind="taart")
