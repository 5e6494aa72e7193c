"""What `wijkanalyse koppel` writes: a mapping that says what the loader would have taken the columns for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import propose_mapping

FILES = Path(__file__).parent / "files"
FIXTURES = sorted(
    path
    for path in FILES.iterdir()
    if path.suffix not in (".py", ".json") and path.is_file() and path.name not in ("wachtwoord.xlsx", "narrafirma-formulier.csv")
)  # fmt: skip
MARKER = "kwetsbaarmerkwoord"


def with_proposal(path: Path, folder: Path):
    mapping = folder / "koppeling.yaml"
    mapping.write_text(propose_mapping(path), encoding="utf-8")
    return wa.load_narratives(path, mapping=mapping)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_proposal_gives_the_same_corpus(path, tmp_path):
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow")
    told, expected = with_proposal(path, tmp_path), wa.load_narratives(path)
    assert told.frame.equals(expected.frame)
    assert told.columns == expected.columns


HEADERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=60) | st.sampled_from(
    ["ja", "null", "1", "- a", "#kop", ": x", "{a}", "'", '"', "Naam", "E-mail", "x" * 70, "x" * 69 + "y", "text", "Titel", "Tekst", "rondkomen (0-1)", "💶"]
)  # fmt: skip


@given(st.lists(HEADERS, min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_headers_come_back(tmp_path, headers):
    path = tmp_path / "proef.csv"
    out = io.StringIO(newline="")
    table = [
        ["Verhaal", *headers],
        [f"Er kwam niemand langs en {MARKER} belde niet.", *["0,5"] * len(headers)],
        ["Toen kwam er hulp van de buurvrouw.", *["0,25"] * len(headers)],
    ]
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(table)
    path.write_text(out.getvalue(), encoding="utf-8")
    try:
        expected = wa.load_narratives(path)
    except InputError:
        return
    told = with_proposal(path, tmp_path)
    assert told.frame.equals(expected.frame)
    assert told.columns == expected.columns


def test_every_column_is_there_with_counts_and_no_answer(tmp_path):
    path = tmp_path / "proef.csv"
    rows = [["Verhaal", "Ik ben", "Opmerking", "Kenmerk", "Leeg"]]
    rows += [
        [f"Er kwam niemand op dag {n}.", "inwoner", f"{MARKER} {n}", f"Jolanda {n}", ""] for n in range(9)
    ]
    path.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    text = propose_mapping(path)
    assert MARKER not in text
    assert "Jolanda" not in text
    assert "niemand" not in text
    assert [entry["kolom"] for entry in yaml.safe_load(text)["kolommen"]] == ["Verhaal", "Ik ben"]
    assert (
        "# 9 ingevuld, 1 verschillend\n  - {kolom: Ik ben, naam: perspective, label: Perspectief, rol: perspective"
        in text
    )
    assert "# 9 ingevuld, 9 verschillend; gaat niet mee: wijst een persoon aan" in text
    assert "# - {kolom: Kenmerk, naam: kenmerk, label: Kenmerk, rol: context, soort: str}" in text
    assert "# - {kolom: Opmerking, naam: opmerking, label: Opmerking, rol: direct_identifier" in text
    assert "# 0 ingevuld, 0 verschillend; gaat niet mee: leeg" in text
    taken = text.replace("  # - {kolom: Kenmerk", "  - {kolom: Kenmerk")  # as the file itself says to do
    (tmp_path / "k.yaml").write_text(taken, encoding="utf-8")
    assert "kenmerk" in wa.load_narratives(path, mapping=tmp_path / "k.yaml").frame


def test_what_cannot_be_read_gives_no_proposal(tmp_path):
    with pytest.raises(InputError, match="Dit bestand bestaat niet"):
        propose_mapping(tmp_path / "weg.csv")
