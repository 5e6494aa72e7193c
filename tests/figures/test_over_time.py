from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.figures.verbs import with_columns
from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.over_time import share_band
from wijkanalyse.privacy.gate import Audience


def dated(rows):
    """Return what looks like themes: (month, theme, teller) per story."""
    corpus = make_corpus(["Het regende."] * len(rows))
    corpus = replace(corpus, frame=corpus.frame.assign(teller_id=[teller for *_, teller in rows]))
    spec = ColumnSpec(name="month", label="Maand", role=Role.TIME)
    corpus = with_columns(corpus, spec, month=[month for month, *_ in rows])
    return SimpleNamespace(
        corpus=corpus, settings={"random_state": 1},
        topics=pd.DataFrame({"theme_id": [0, 1, -1], "label": ["bus", "brief", "Past nergens"]}),
        assignments=pd.DataFrame({"narrative_id": corpus.frame["narrative_id"], "theme_id": [theme for _, theme, _ in rows]}),
    )  # fmt: skip


# January: six tellers, two about the bus, one of them twice. February: silent. March: two tellers. April: five. One story has no month.
ROWS = [
    ("2025-01", 0, "a"), ("2025-01", 0, "a"), ("2025-01", 0, "b"), *(("2025-01", 1, teller) for teller in "cdef"),
    ("2025-03", 0, "g"), ("2025-03", 1, "h"), *(("2025-04", 0, teller) for teller in "ijklm"), (None, 0, "n"),
]  # fmt: skip


def texts(figure):
    return {
        key: text
        for trace in figure.data
        if trace.customdata is not None
        for key, text in zip(trace.customdata, trace.text, strict=True)
    }


def test_shares_are_of_the_tellers_of_a_month():
    said = texts(wa.plot_over_time(dated(ROWS)))
    assert said["bus · jan 2025"] == "jan 2025: 2 van de 6 vertellers"
    assert said["bus · apr 2025"] == "apr 2025: 5 van de 5 vertellers"
    assert "brief · apr 2025" not in said


def test_a_point_opens_the_stories_of_theme_and_month():
    figure = wa.plot_over_time(dated(ROWS))
    assert list(behind(figure).stories(["bus · jan 2025"])["narrative_id"]) == ["v000", "v001", "v002"]


def test_silent_months_and_stories_without_a_month_are_said():
    figure = wa.plot_over_time(dated(ROWS))
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(2025 * 12 + 0.5, 2025 * 12 + 1.5)]
    words = behind(figure).words
    assert words.title == "2 thema’s over 4 maanden; in 1 van de 4 maanden vertelde niemand"
    assert (
        "14 verhalen van 13 vertellers, jan 2025 tot en met apr 2025; 1 verhaal zonder maand"
        in words.subtitle
    )


def test_too_few_tellers_give_open_dots_and_no_line():
    figure = wa.plot_over_time(dated(ROWS))
    (few,) = [trace for trace in figure.data if trace.name == "brief" and "mrt" in trace.customdata[0]]
    assert few.marker.color == "#ffffff"
    lines = [
        trace.x
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "lines" and not trace.fill
    ]
    assert not [x for x in lines if 2025 * 12 + 2 in x]
    assert all(max(x) - min(x) < 1 for x in lines)  # January and April do not follow each other


def test_no_trend_no_target_no_arrow():
    layout = wa.plot_over_time(dated(ROWS)).layout
    assert not [note for note in layout.annotations if note.showarrow]
    assert not [shape for shape in layout.shapes if shape.type == "line"]


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [(0, 10, (0.0, 0.3085)), (10, 10, (0.6915, 1.0)), (5, 10, (0.2, 0.8))],  # 1 − 0.025^(1/10) = 0.3085
)
def test_ends_of_a_share(k, n, expected):
    assert share_band(k, n) == pytest.approx(expected, abs=1e-4)


def test_too_few_months_is_said_and_nothing_is_drawn():
    figure = wa.plot_over_time(dated(ROWS[:9]))
    assert len(figure.data) == 0
    assert "te weinig maanden met verhalen" in " ".join(figure.layout.annotations[0].text.split("<br>"))
    assert behind(figure).members.empty
    release(figure, audience=Audience.OUTSIDE)


def test_no_month_at_all():
    figure = wa.plot_over_time(dated([(None, 0, "a"), ("2025-13", 0, "b"), ("vorig jaar", 0, "c")]))
    assert "3 verhalen zonder maand" in behind(figure).words.subtitle
    release(figure, audience=Audience.OUTSIDE)


def test_without_a_column_of_months():
    themes = dated(ROWS)
    themes.corpus = make_corpus(["Het regende."] * len(ROWS))
    with pytest.raises(InputError, match="geen kolom die zegt in welke maand"):
        wa.plot_over_time(themes)
    with pytest.raises(InputError, match="geen kolom ‘jaar’"):
        wa.plot_over_time(themes, time="jaar")


def test_a_released_table_has_quarters_and_of_a_long_time_years():
    short = behind(wa.plot_over_time(dated(ROWS))).counted["periode"]
    assert set(short) == {"2025, kwartaal 1", "2025, kwartaal 2"}
    long = dated([(f"{2015 + i // 4}-{i % 4 * 3 + 1:02d}", 0, str(i)) for i in range(12)])
    assert set(behind(wa.plot_over_time(long)).counted["periode"]) == {"in 2015", "in 2016", "in 2017"}
