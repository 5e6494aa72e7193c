"""When a stage counts as dearer than it was; the numbers are made up, nothing is measured here."""

from __future__ import annotations

import json
import math

import pytest

from benchmarks import check
from benchmarks.chart import apart, slope
from benchmarks.running import Run
from benchmarks.stages import STAGES

STORED = {
    "laden": {"processortijd": 10.0, "geheugen": 2.0},
    "figuren": {"processortijd": 4.0, "geheugen": 1.0},
}


def run(cpu, peak):
    return Run(s=99.0, cpu=cpu, loading=5.0, peak=peak)


def test_a_ratio_is_the_middle_of_those_within_a_round():
    ours = {"laden": [run(6.0, 300), run(8.0, 300), run(50.0, 450)]}
    bare = {"laden": [run(2.0, 100), run(4.0, 150), run(5.0, 150)]}
    # 3, 2 and 10 times the time; 3, 2 and 3 times the memory. The middle of the times themselves would give 8 / 4 = 2.
    assert check.ratios(ours, bare) == {"laden": {"processortijd": 3.0, "geheugen": 3.0}}


def test_a_stage_without_a_bare_library_of_its_own_is_held_against_that_of_clustering():
    ours = {"patronen": [run(6.0, 300)]}
    bare = {"laden": [run(1.0, 100)], "indelen": [run(2.0, 200)]}
    assert check.ratios(ours, bare) == {"patronen": {"processortijd": 3.0, "geheugen": 1.5}}


@pytest.mark.parametrize(
    ("times", "fails"), [(0.2, False), (1.0, False), (1.39, False), (1.41, True), (5.0, True)]
)
def test_time_may_rise_by_two_fifths(times, fails):
    now = {**STORED, "laden": {"processortijd": 10.0 * times, "geheugen": 2.0}}
    assert bool(check.compare(STORED, now)) is fails


def test_memory_may_rise_by_a_quarter():
    now = {**STORED, "figuren": {"processortijd": 4.0, "geheugen": 1.3}}
    assert check.compare(STORED, now) == [
        "figuren kost meer geheugen: 1,30 keer de kale bibliotheek, bewaard is 1,00 (hoogstens 1,25 keer zoveel mag)."
    ]


def test_what_was_not_measured_is_said():
    assert check.compare(STORED, {"laden": STORED["laden"]}) == [
        "figuren: processortijd is niet gemeten.",
        "figuren: geheugen is niet gemeten.",
    ]


def test_the_command_fails_on_a_rise_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(check, "STORED", tmp_path / "ratios.json")
    assert check.verdict(STORED, keep=True) == 0
    assert json.loads(check.STORED.read_text(encoding="utf-8")) == STORED
    assert check.verdict(STORED, keep=False) == 0
    assert "Geen stap kost meer" in capsys.readouterr().out
    dearer = {**STORED, "laden": {"processortijd": 20.0, "geheugen": 2.0}}
    assert check.verdict(dearer, keep=False) == 1
    assert capsys.readouterr().out.startswith("laden kost meer processortijd: 20,00 keer")


def test_the_stored_ratios_are_of_known_stages():
    assert set(json.loads(check.STORED.read_text(encoding="utf-8"))) <= set(STAGES)


def test_the_slope_is_that_of_the_two_largest_sizes():
    assert slope({1_000: 2.0, 10_000: 20.0, 240: 1.9}) == pytest.approx(1.0)
    assert slope({1_000: 2.0, 10_000: 200.0}) == pytest.approx(2.0)
    assert math.isnan(slope({1_000: 2.0}))


def test_names_in_the_chart_keep_their_order_and_stand_apart():
    places = apart({"onder": 0.0, "boven": 2.0, "ernaast": 0.1}, room=0.5)
    assert places == {"onder": 0.0, "ernaast": 0.5, "boven": 2.0}
