from __future__ import annotations

import pandas as pd
import pytest

from wijkanalyse.coding import Code, Scheme
from wijkanalyse.themes.nearness import OUTSIDE, nearness, theme_profiles

SCHEME = Scheme(
    name="proef",
    title="Proef",
    version="1",
    source="test",
    codes=(
        Code(code="geld", name="Geld", definition="geld", terms=("schuld*", "rekening")),
        Code(code="school", name="School", definition="school", terms=("klas",)),
    ),
)


def test_nearness_by_hand():
    # Three documents; every word stands in one of them, so all weigh the same and cancel out.
    frame = nearness(["a", "b", "c"], [["schuldhulp", "rekening"], ["klas"], ["fiets"]], SCHEME)
    table = frame.pivot(index="narrative_id", columns="code", values="nearness")
    assert table.loc["a", "geld"] == pytest.approx(2 / 4)
    assert table.loc["a", OUTSIDE] == pytest.approx(2 / 4)
    assert table.loc["b", "school"] == pytest.approx(1 / 3)
    assert table.loc["c", OUTSIDE] == pytest.approx(1.0)
    assert table.sum(axis=1).tolist() == pytest.approx([1.0] * 3)


def test_matched_words_are_shown():
    frame = nearness(["a"], [["schuldhulp", "rekening", "fiets"]], SCHEME)
    words = frame.set_index("code")["words"]
    assert words["geld"] == "rekening, schuldhulp"
    assert words["school"] == ""


def test_profile_is_the_mean_over_a_theme():
    near = nearness(["a", "b"], [["rekening"], ["klas"]], SCHEME)
    profile = theme_profiles(near, pd.DataFrame({"narrative_id": ["a", "b"], "theme_id": [0, 0]}))
    assert profile["code"].tolist() == ["geld", "school", OUTSIDE]
    assert profile["share"].sum() == pytest.approx(1.0)
    assert profile.set_index("code")["share"]["geld"] == pytest.approx((1 / 3) / 2)
