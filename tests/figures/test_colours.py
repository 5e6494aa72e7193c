"""Contrast and colour distance, by computation."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from tests.figures.verbs import VERBS
from wijkanalyse.figures.behind import release
from wijkanalyse.figures.template import GROUND, INK, PAPER, QUIET, THEME_COLOURS
from wijkanalyse.privacy.gate import Audience

# Machado, Oliveira & Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.0, for linear RGB.
SEEN_WITH = {
    "everything": np.eye(3),
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}  # fmt: skip
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(colour: str, other: str = PAPER) -> float:
    """WCAG 2.2, "contrast ratio"."""
    dark, light = sorted(float(XYZ[1] @ linear(each)) for each in (colour, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b*."""
    t = XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_arithmetic_is_right():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.01)
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)


@pytest.mark.parametrize("colour", [INK, QUIET, *THEME_COLOURS])
def test_text_has_its_contrast(colour):
    # The label of a theme has its colour, so it needs the contrast of text.
    assert contrast(colour) >= 4.5


def test_marks_have_their_contrast():
    assert contrast(GROUND) >= 3


@pytest.mark.parametrize("eyes", SEEN_WITH)
def test_any_two_colours_can_be_told_apart(eyes):
    # About 2.3 is just noticeable side by side (Mahy et al. 1994); small marks far apart need a multiple of that.
    seen = [lab(np.array(SEEN_WITH[eyes]) @ linear(colour)) for colour in THEME_COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= 16


def test_a_pair_of_red_and_green_would_be_found_out():
    red, green = (
        lab(np.array(SEEN_WITH["deuteranopia"]) @ linear(colour)) for colour in ("#a05000", "#587000")
    )
    assert np.linalg.norm(red - green) < 16


def colours_of(value) -> list[str]:
    """Return the colours of a mark: one, or one for each point; rgba is laid on white."""
    found = []
    for colour in [value] if isinstance(value, str) else list(value) if value is not None else []:
        if not isinstance(colour, str):
            continue
        if match := re.fullmatch(r"rgba\((\d+), ?(\d+), ?(\d+), ?([\d.]+)\)", colour):
            *rgb, opacity = (float(part) for part in match.groups())
            colour = "#" + "".join(f"{round(255 + (channel - 255) * opacity):02x}" for channel in rgb)
        found.append(colour)
    return found


def drawn_with(trace) -> list[str]:
    """Return of each colour that a trace draws with the stronger of its fill and its edge; bands and grounds draw with none."""
    plain = trace.to_plotly_json()
    if plain["type"] == "heatmap":
        return []  # its cells carry their number
    if "lines" in (plain.get("mode") or ""):
        return colours_of(plain.get("line", {}).get("color"))
    marker = plain.get("marker", {})
    if "contour" in plain["type"] or marker.get("opacity") == 0:
        return []
    edge = colours_of(marker.get("line", {}).get("color"))
    return [
        max([fill, *edge], key=contrast) if contrast(fill) < 3 else fill
        for fill in colours_of(marker.get("color"))
    ]


@pytest.fixture(scope="module")
def every_figure():
    """Return each figure inside and outside."""
    texts, half = three_subjects(120), ["inwoner", "wijkteam"] * 60
    themes = wa.find_themes(make_corpus(texts, perspective=half), n_themes=3, firmness_rounds=3)
    return {
        (verb, audience): release(make(themes), audience=audience).safe.figure
        for verb, make in VERBS.items()
        for audience in Audience
    }


WALK = [(verb, audience) for verb in VERBS for audience in Audience]


@pytest.mark.parametrize("which", WALK, ids=lambda which: f"{which[0]}-{which[1]}")
def test_every_mark_of_every_figure_stands_out_from_paper(which, every_figure):
    found = {colour for trace in every_figure[which].data for colour in drawn_with(trace)}
    assert {colour: contrast(colour) for colour in found if contrast(colour) < 3} == {}


@pytest.mark.parametrize("which", WALK, ids=lambda which: f"{which[0]}-{which[1]}")
def test_every_word_of_every_figure_can_be_read(which, every_figure):
    layout = every_figure[which].layout
    heat = [trace.colorscale[-1][1] for trace in every_figure[which].data if trace.type == "heatmap"]
    axes = [layout[name].tickfont.color or QUIET for name in layout if re.match(r"[xy]axis", name)]
    words = [layout.title.font.color or INK, layout.legend.font.color or QUIET, *axes]
    written = " ".join(str(note.text) for note in layout.annotations)
    words += [note.font.color or INK for note in layout.annotations]
    words += re.findall(r"color: ?(#\w{6})", written)
    assert min(contrast(colour) for colour in words) >= 4.5
    # What stands in a cell: numbers are written in ink.
    assert all(contrast(INK, cell) >= 4.5 for cell in heat)


@pytest.mark.parametrize("eyes", SEEN_WITH)
@pytest.mark.parametrize("which", WALK, ids=lambda which: f"{which[0]}-{which[1]}")
def test_the_colours_within_a_figure_can_be_told_apart(which, eyes, every_figure):
    # Of one kind: a grey bar and a grey line are told apart by what they are.
    kinds: dict[str, set[str]] = {}
    for trace in every_figure[which].data:
        kinds.setdefault(f"{trace.type} {getattr(trace, 'mode', '')}", set()).update(drawn_with(trace))
    for found in kinds.values():
        seen = [lab(np.array(SEEN_WITH[eyes]) @ linear(colour)) for colour in sorted(found)]
        assert all(np.linalg.norm(a - b) >= 16 for a, b in itertools.combinations(seen, 2))


def test_a_pale_mark_would_be_found_out():
    import plotly.graph_objects as go

    assert drawn_with(go.Bar(marker={"color": "#e6e9ef"})) == ["#e6e9ef"]
    assert drawn_with(go.Scatter(mode="markers", marker={"color": "#e6e9ef", "line": {"color": GROUND}})) == [
        GROUND
    ]
    assert colours_of("rgba(0, 51, 153, 0.5)") == ["#8099cc"]
