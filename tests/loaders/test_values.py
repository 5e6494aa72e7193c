from __future__ import annotations

import math

import pytest

from wijkanalyse.loaders.values import is_number_column, read_month, read_number


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2025-03", "2025-03"),
        ("2025-03-14", "2025-03"),
        ("2025-03-14 09:05", "2025-03"),
        ("2025-03-14T09:05:00Z", "2025-03"),
        ("2025/03/14 9:05:11 AM CET", "2025-03"),
        ("14-3-2025", "2025-03"),
        ("14/03/2025 14:22", "2025-03"),
        ("14.03.2025", "2025-03"),
        ("14-03-25", "2025-03"),
        ("14 maart 2025", "2025-03"),
        ("Maart 2025", "2025-03"),
        ("mrt. 2025", "2025-03"),
        ("3-sep-2024", "2024-09"),
        ("1 december 2024", "2024-12"),
        ("45730", "2025-03"),
        ("45730.59", "2025-03"),
        ("45747", "2025-03"),
        ("45748", "2025-04"),
        ("12 september 2025", "2025-09"),
        ("sept. 2025", "2025-09"),
        ("14-13-2025", None),
        ("2025-00", None),
        ("2025-13-01", None),
        ("vorige week", None),
        ("meiveld 2025 was mooi", None),
        ("2025", None),
        ("12345", None),
        ("", None),
    ],
)
def test_read_month(cell, month):
    assert read_month(cell) == month


@pytest.mark.parametrize(
    ("cell", "number"), [("3", 3.0), ("-0,5", -0.5), ("0.25", 0.25), ("1e-05", 1e-05), ("2,5E3", 2500.0)]
)
def test_read_number(cell, number):
    assert read_number(cell) == number


@pytest.mark.parametrize("cell", ["", "drie", "1.234,5", "3 euro", "inf", "nan", "1_000", "½"])
def test_no_number(cell):
    assert math.isnan(read_number(cell))


def test_is_number_column():
    assert is_number_column(["1", "", "0,5"])
    assert not is_number_column(["1", "veel"])
    assert not is_number_column(["", ""])
    assert not is_number_column([])
