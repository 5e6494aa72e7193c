from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.records import read_jsonl, read_sav

FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods", "jsonl", "parquet", "sav"])
def test_the_same_twelve_stories_whatever_program_wrote_them(suffix):
    if suffix == "parquet":
        pytest.importorskip("pyarrow")
    told = wa.load_narratives(FILES / f"twaalf.{suffix}")
    expected = wa.load_narratives(FILES / "twaalf.csv")
    assert len(told) == 12
    names = ["narrative_id", "teller_id", "title", "text", "perspective", "month"]
    assert told.frame[names].to_dict("list") == expected.frame[names].to_dict("list")
    assert told.check_report.n_read == 12


def write(tmp_path, text: str) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_come_in_the_order_they_come_up_and_lists_become_one_cell(tmp_path):
    lines = [
        '{"verhaal": "een", "n": 1}',
        "",
        '{"n": 2.5, "keuze": ["a", "b"], "extra": {"x": 1}, "verhaal": null}',
    ]
    table = read_jsonl(write(tmp_path, "\n".join(lines)))
    assert table.header == ("verhaal", "n", "keuze", "extra")
    assert table.rows == (("een", "1", "", ""), ("", "2.5", "a; b", '{"x": 1}'))


def test_all_lines_that_are_no_object_are_in_one_message(tmp_path):
    with pytest.raises(InputError, match="3 regels zijn geen JSON-object") as caught:
        read_jsonl(write(tmp_path, '{"a": 1}\nmerkwoord\n[1]\n{"a": \n'))
    assert "regel ‘2’, ‘3’, ‘4’" in str(caught.value)
    assert "merkwoord" not in str(caught.value)


def test_an_spss_file_that_is_none(tmp_path):
    path = tmp_path / "a.sav"
    path.write_bytes(b"$FL2 dit is geen SPSS" + b"\x00" * 200)
    with pytest.raises(InputError, match="beschadigd of is geen SPSS-bestand"):
        read_sav(path)
    path.write_bytes((FILES / "twaalf.sav").read_bytes()[:3000])
    with pytest.raises(InputError, match="beschadigd of is geen SPSS-bestand"):
        read_sav(path)


def test_parquet_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 niets")
    with pytest.raises(InputError, match=r"pyarrow|beschadigd of is geen Parquet-bestand"):
        wa.load_narratives(path)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_what_is_written_as_json_comes_back(tmp_path, texts):
    lines = [
        json.dumps({"verhaal": f"Er was eens {text}", "nummer": str(n)}, ensure_ascii=n % 2 == 0)
        for n, text in enumerate(texts)
    ]
    table = read_jsonl(write(tmp_path, "\n".join(lines)))
    if any("hersteld" in guess.what for guess in table.guesses):
        return  # the difference is in the report
    assert [row[0] for row in table.rows] == [
        f"Er was eens {text}".replace("\x00", "").replace("_x000D_", "\r").strip() for text in texts
    ]
