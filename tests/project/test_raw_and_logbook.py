from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse import sealed
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import PrivacyError, ProjectError
from wijkanalyse.project import open_project
from wijkanalyse.project.places import shared_place, user_data_folder

PASSPHRASE = "vier gele laarzen zingen"


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setitem(sealed._SCRYPT, "n", 2**10)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "eigen"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "eigen"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "werk").mkdir()
    monkeypatch.chdir(tmp_path / "werk")
    return user_data_folder()


def test_raw_text_is_kept_only_on_request_and_encrypted_elsewhere(own_folder, tmp_path):
    raw = make_corpus(["Mijn buurvrouw Fatima bracht soep."], status=PrivacyStatus.RAW)
    with open_project("p.wijk", who="Noor") as project:
        project.keep_narratives(wa.mask(raw))
        assert not own_folder.exists()
        path = project.keep_raw(wa.mask(raw), PASSPHRASE)
        assert path.parent == own_folder
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"
        assert b"Fatima" not in path.read_bytes() + Path("p.wijk").read_bytes()
        assert wa.open_raw(path, PASSPHRASE).to_dict("records") == [
            {"narrative_id": "v000", "title": "", "text": "Mijn buurvrouw Fatima bracht soep."}
        ]
        last = project.log().iloc[-1]
        assert (last["action"], last["detail"]) == ("ruwe tekst versleuteld bewaard", f"{path}, 1 verhalen")
        assert PASSPHRASE not in project.logbook()
        assert project.keep_raw(raw, PASSPHRASE) != path  # a second time, a second file
        other = project.keep_raw(raw, PASSPHRASE, tmp_path / "kluis")
        assert other == tmp_path / "kluis.ruw"
    with pytest.raises(PrivacyError, match="De ruwe tekst gaat niet open"):
        wa.open_raw(path, PASSPHRASE + "!")
    with pytest.raises(PrivacyError, match="gaat niet open"):
        wa.open_key(path, PASSPHRASE)


def test_raw_text_goes_nowhere_else(own_folder, tmp_path):
    raw = make_corpus(["Fatima."], status=PrivacyStatus.RAW)
    with open_project("p.wijk") as project:
        for arguments, what in (
            ((raw, PASSPHRASE, Path("hier")), "De ruwe tekst mag niet in de map staan waarin je werkt"),
            ((raw, "kort"), "wachtzin is te kort"),
            ((make_corpus(["Een."]), PASSPHRASE), "De tekst van vóór het maskeren is er niet"),
        ):
            with pytest.raises(PrivacyError, match=what):
                project.keep_raw(*arguments)
        own_folder.rmdir()
        own_folder.parent.mkdir(exist_ok=True)
        own_folder.write_text("in de weg")
        with pytest.raises(PrivacyError, match="path="):
            project.keep_raw(raw, PASSPHRASE)
        assert project.log().empty
        pages = project.query("PRAGMA page_count")[0][0]
        project.query(f"PRAGMA max_page_count = {pages}")
        with suppress(ProjectError):
            while True:
                project.note("x")
        with pytest.raises(ProjectError, match="schijf is vol"):
            project.keep_raw(raw, PASSPHRASE, tmp_path / "kluis")
        assert not list(tmp_path.rglob("*.ruw"))


def test_the_logbook_counts_and_lists():
    with open_project(":memory:", who="Noor") as project:
        assert project.logbook() == "# Logboek van :memory:\n\nEr is nog niets gedaan.\n"
        project.decide({("memo", "m"): "Fatima"}, action="memo")
        project.decide({("memo", "n"): "Fatima"}, action="memo")
        project.undo()
        project.note("thema ‘a|b’\nhernoemd", who="Ali", detail="c")
        day = project.log()["moment"].iloc[0]
        lines = project.logbook().splitlines()
    date, minute = day[:10], day[:16].replace("T", " ")
    assert lines[:9] == [
        "# Logboek van :memory:",
        "",
        f"4 handelingen van 2 mensen, van {date} tot en met {date} (UTC). Daarvan 1 keer ongedaan gemaakt of opnieuw gedaan.",
        "",
        "| wie | wat | hoe vaak | van | tot en met |",
        "|---|---|---:|---|---|",
        rf"| Ali | thema ‘a\|b’ hernoemd | 1 | {date} | {date} |",
        f"| Noor | memo | 2 | {date} | {date} |",
        f"| Noor | ongedaan: memo | 1 | {date} | {date} |",
    ]
    assert f"| 1 | {minute} | Noor | memo |  |" in lines
    assert "Fatima" not in "\n".join(lines)


MOUNTS = "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/net\\040schijf nfs4 rw 0 0\n//s/d /mnt/cifs cifs rw 0 0\ntmpfs /mnt/net\\040schijf/lokaal tmpfs rw 0 0\n"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/home/noor/onderzoek/p.wijk", None),
        ("/home/noor/OneDrive - Gemeente/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/Users/noor/Library/Mobile Documents/com~apple~CloudDocs/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/Users/noor/Library/CloudStorage/GoogleDrive-noor/My Drive/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/home/noor/Dropbox/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/home/noor/Nextcloud/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/werk/wolk/onderzoek/p.wijk", "een map die wordt gesynchroniseerd"),
        ("/mnt/net schijf/p.wijk", "een netwerkschijf"),
        ("/mnt/net schijf/lokaal/p.wijk", None),
        ("/mnt/cifs/p.wijk", "een netwerkschijf"),
        ("//server/map/p.wijk", "een netwerkschijf"),
    ],
)  # fmt: skip
def test_where_a_file_lies(path, place):
    environment = {"OneDriveCommercial": "/werk/wolk", "OneDriveConsumer": "", "HOME": "/home/noor"}
    assert shared_place(Path(path), environment=environment, mounts=MOUNTS) == place


def test_a_windows_network_path_is_seen():
    from pathlib import PureWindowsPath

    assert (
        shared_place(PureWindowsPath(r"\\server\map\p.wijk"), environment={}, mounts="")
        == "een netwerkschijf"
    )
    assert shared_place(PureWindowsPath(r"C:\Users\noor\p.wijk"), environment={}, mounts="") is None


def test_an_action_about_many_things_is_one_numbered_line():
    with open_project(":memory:", who="Noor") as project:
        project.decide({("soort", "a"): 1, ("soort", "b"): 2}, action="twee tegelijk")
        project.note("gekeken")
        lines = project.logbook().splitlines()
    assert lines[2].startswith("2 handelingen van 1 mens, van")
    assert [line.split(" | ")[0] for line in lines[-2:]] == ["| 1", "| 2"]
