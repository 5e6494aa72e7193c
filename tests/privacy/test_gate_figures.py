"""Which figures may leave, and what is left out of them."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go
import pytest

from tests.privacy.test_gate import OUTSIDE, WORKBENCH, two_by_two, voices
from wijkanalyse.errors import PrivacyError
from wijkanalyse.privacy.gate import (
    SafeTable,
    release_figure,
    release_table,
)


def bars(table: SafeTable, **extra: Any) -> go.Figure:
    shown = table.frame.astype(object).where(table.frame.notna(), None)
    return go.Figure([go.Bar(name=name, x=list(shown.index), y=list(shown[name]), **extra) for name in shown])


def test_bars_of_a_released_table_leave_bare() -> None:
    corpus, table = two_by_two()
    ids = list(corpus.frame["narrative_id"])
    figure = bars(
        table,
        customdata=[ids[:12], ids[12:]],
        hovertext=["Het regende", "b"],
        text=["Het regende", "b"],
        ids=ids[:2],
    )
    figure.update_traces(meta="Het regende", uirevision="v001", hovertemplate="%{customdata}", uid="v001")
    figure.update_layout(meta={"v": "v001"}, uirevision="v001", title="Thema’s")
    figure.frames = [go.Frame(data=[go.Bar(customdata=ids)])]
    before = json.loads(figure.to_json())
    safe = release_figure(figure, corpus, audience=OUTSIDE, table=table)
    written = safe.figure.to_json()
    assert not any(
        word in written for word in ("v00", "regende", "customdata", "hovertext", "uirevision", "meta")
    )
    assert [list(trace.y) for trace in safe.figure.data] == [[12, 30], [15, 20]]
    assert safe.figure.layout.title.text == "Thema’s"
    assert safe.figure.layout.hovermode is False
    assert safe.note == table.note
    assert json.loads(figure.to_json()) == before


def test_a_heatmap_a_pie_and_packed_numbers_find_their_cells() -> None:
    corpus, table = two_by_two()
    heat = go.Figure(
        go.Heatmap(x=list(table.frame.columns), y=list(table.frame.index), z=table.frame.to_numpy(int))
    )
    one = release_table(corpus, corpus.frame, rows="perspective", audience=OUTSIDE)
    pie = go.Figure(go.Pie(labels=list(one.frame.index), values=list(one.frame["vertellers"])))
    for figure, numbers in ((heat, table), (pie, one), (go.Figure(bars(table).to_dict()), table)):
        assert release_figure(figure, corpus, audience=OUTSIDE, table=numbers).figure.data


def test_the_workbench_gets_a_copy_as_it_is() -> None:
    corpus, _ = two_by_two()
    figure = go.Figure(go.Scatter(x=[1], y=[2], customdata=["v001"], text=["titel"]))
    safe = release_figure(figure, corpus, audience=WORKBENCH)
    assert json.loads(safe.figure.to_json()) == json.loads(figure.to_json())
    assert safe.figure is not figure


UNKNOWN = "niet na te gaan op hoeveel vertellers"


@pytest.mark.parametrize(
    ("trace", "refusal"),
    [
        (go.Scatter(x=[1, 2], y=[3, 4], customdata=["v001", "v002"]), "Deze figuur heeft een teken per verhaal"),
        (go.Bar(x=["a"], y=[1], name="inwoner", customdata=[["v001", 3]]), "Deze figuur heeft een teken per verhaal"),
        (go.Bar(x=["a", "a"], y=[1, 1], name="inwoner"), "meer tekens dan cellen"),
        (go.Scatter(x=[0.1, 0.2], y=[0.3, 0.4]), UNKNOWN),
        (go.Bar(x=["a"], y=[12]), UNKNOWN),  # which perspective?
        (go.Heatmap(z=[[12, 30], [15, 20]]), UNKNOWN),
        (go.Box(x=["a", "b"], y=[1, 2], name="inwoner"), UNKNOWN),
        (go.Histogram(x=["a", "b"], name="inwoner"), UNKNOWN),
    ],
)  # fmt: skip
def test_refused_figures(trace: Any, refusal: str) -> None:
    corpus, table = two_by_two()
    with pytest.raises(PrivacyError, match=refusal) as caught:
        release_figure(go.Figure(trace), corpus, audience=OUTSIDE, table=table)
    assert "v00" not in str(caught.value)
    with pytest.raises(PrivacyError, match=f"{UNKNOWN}|teken per verhaal"):
        release_figure(go.Figure(trace), corpus, audience=OUTSIDE)


def test_a_mark_for_a_withheld_cell_is_refused_and_a_gap_is_not() -> None:
    corpus = voices({"inwoner": 30, "mantelzorger": 12, "vrijwilliger": 3})
    table = release_table(corpus, corpus.frame, rows="perspective", audience=OUTSIDE, order=["vrijwilliger"])
    assert release_figure(bars(table), corpus, audience=OUTSIDE, table=table)
    drawn = go.Figure(go.Bar(x=["inwoner", "vrijwilliger"], y=[30, 3]))
    with pytest.raises(PrivacyError, match="staat op minder dan 10 vertellers"):
        release_figure(drawn, corpus, audience=OUTSIDE, table=table)


def test_a_table_of_the_workbench_proves_nothing_outside() -> None:
    corpus, table = two_by_two(WORKBENCH)
    with pytest.raises(PrivacyError, match=UNKNOWN):
        release_figure(bars(table), corpus, audience=OUTSIDE, table=table)
