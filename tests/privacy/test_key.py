from __future__ import annotations

import copy
import pickle
import stat

import pandas as pd
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse import sealed
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError

PASSPHRASE = "vier gele laarzen zingen"


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch):
    monkeypatch.setitem(sealed._SCRYPT, "n", 2**10)


@pytest.fixture
def masked():
    return wa.mask(
        make_corpus(["Mijn buurvrouw Fatima belde 06 12345678.", "Niets."], status=PrivacyStatus.RAW)
    )


def test_the_key_knows_what_stood_behind_a_placeholder(masked):
    table = masked.key.table()
    assert dict(zip(table["placeholder"], table["original"], strict=True)) == {
        "[buurvrouw 1]": "Fatima",
        "[telefoon 1]": "06 12345678",
    }
    assert masked.key.originals() == {"Fatima", "06 12345678"}


def test_the_key_shows_nothing_and_is_in_no_pickle_and_no_copy(masked):
    assert repr(masked.key) == "<Key van 2 plekken, alleen in het geheugen>"
    assert "Fatima" not in repr(masked)
    assert b"Fatima" not in pickle.dumps(masked)
    assert copy.deepcopy(masked).key.table().empty


def test_saved_and_opened_with_the_passphrase(masked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / ".")
    (tmp_path / "werk").mkdir()
    (tmp_path / "kluis").mkdir()
    monkeypatch.chdir(tmp_path / "werk")
    path = masked.key.save(tmp_path / "kluis" / "onderzoek", PASSPHRASE)
    assert path.name == "onderzoek.sleutel"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert b"Fatima" not in content
    assert b"12345678" not in content
    pd.testing.assert_frame_equal(wa.open_key(path, PASSPHRASE), masked.key.table())
    with pytest.raises(PrivacyError, match="De sleutel gaat niet open"):
        wa.open_key(path, PASSPHRASE + "!")
    with pytest.raises(PrivacyError, match="een naam die nog niet bestaat"):
        masked.key.save(path, PASSPHRASE)
    path.write_bytes(content[:-9] + b"x" * 9)
    with pytest.raises(PrivacyError, match="gaat niet open"):
        wa.open_key(path, PASSPHRASE)


@pytest.mark.parametrize("name", ["brief.txt", "weg.sleutel"])
def test_what_is_no_key_does_not_open(name, tmp_path):
    (tmp_path / "brief.txt").write_text("Beste mevrouw")
    with pytest.raises(PrivacyError, match="gaat niet open"):
        wa.open_key(tmp_path / name, PASSPHRASE)


def test_never_in_the_folder_one_works_in(masked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path / "k", tmp_path / "onder" / "k"):
        with pytest.raises(PrivacyError, match="niet in de map staan waarin je werkt"):
            masked.key.save(place, PASSPHRASE)
    (tmp_path / "werk").mkdir()
    (tmp_path / "project").mkdir()
    wa.open_project(tmp_path / "project" / "onderzoek.wijk").close()
    monkeypatch.chdir(tmp_path / "werk")
    with pytest.raises(PrivacyError, match="niet naast een project"):
        masked.key.save(tmp_path / "project" / "k", PASSPHRASE)


def test_a_short_passphrase_and_a_folder_that_is_not_there(masked, tmp_path, monkeypatch):
    (tmp_path / "werk").mkdir()
    monkeypatch.chdir(tmp_path / "werk")
    with pytest.raises(PrivacyError, match="Deze wachtzin is te kort"):
        masked.key.save(tmp_path / "k", "kort")
    with pytest.raises(PrivacyError, match="een map die bestaat"):
        masked.key.save(tmp_path / "weg" / "k", PASSPHRASE)
