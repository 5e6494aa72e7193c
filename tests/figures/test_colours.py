"""Contrast and colour distance, by computation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from wijkanalyse.figures.template import GROUND, INK, PAPER, QUIET, THEME_COLOURS

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
