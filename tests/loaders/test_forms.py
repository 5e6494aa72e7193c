"""The agreement between a table and the programs that know their own header."""

from __future__ import annotations

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders import forms
from wijkanalyse.loaders.forms import Form, recognise
from wijkanalyse.loaders.roles import read_roles
from wijkanalyse.loaders.tabular import make_table

ROWS = [["Kop", "Vraag", "Weg"], ["vertel", "wat", "x"], ["Zij belde en er kwam niemand.", "1", "y"]]


def read_own(rows):
    if rows[0][0] != "Kop":
        return None
    return Form(
        name="Eigen programma",
        header=tuple(rows[0]),
        rows=tuple(tuple(row) for row in rows[2:]),
        known={
            "Kop": ColumnSpec(name="text", label="Verhaal", role=Role.TEXT, source="Kop"),
            "Vraag": ColumnSpec(name="vraag", label="Vraag", role=Role.SIGNIFICATION, dtype="float", source="Vraag"),
        },
        left_out={"Weg": "staat er alleen voor het programma"},
    )  # fmt: skip


def test_what_the_program_says_goes_before_looking(monkeypatch):
    monkeypatch.setattr(forms, "RECOGNISERS", (read_own,))
    table = make_table("a.csv", ROWS, [])
    assert table.rows == (("Zij belde en er kwam niemand.", "1", "y"),)
    assert [guess.what for guess in table.guesses] == ["dit bestand komt uit Eigen programma"]
    reading = read_roles(table, text=None, keep_direct_identifiers=False)
    assert [(index, spec.name, spec.role) for index, spec in reading.specs] == [
        (0, "text", Role.TEXT),
        (1, "vraag", Role.SIGNIFICATION),
    ]
    assert reading.dropped == {"Weg": "staat er alleen voor het programma"}


def test_nobody_knows_an_ordinary_table():
    assert recognise([["Verhaal"], ["Zij belde en er kwam niemand."]]) is None
