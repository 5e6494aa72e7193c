from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from wijkanalyse.errors import ProjectError
from wijkanalyse.project import copies, merge_projects, open_project, opening
from wijkanalyse.project.schema import APPLICATION_ID, SCHEMA_VERSION

HERE = Path(__file__).parent


def make(path: Path, n: int = 3) -> Path:
    with open_project(path, who="Noor") as project:
        for number in range(n):
            project.decide({("soort", f"s{number}"): {"n": number}}, action="gezet")
    return path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def on_day(monkeypatch, day: str) -> None:
    monkeypatch.setattr(copies, "today", lambda: day)


def test_an_older_file_is_brought_up_to_date_after_a_copy(tmp_path):
    """Both files were made by the program of that time."""
    for version in (1, 2):
        path = tmp_path / f"oud{version}.wijk"
        shutil.copyfile(HERE / f"versie-{version}.wijk", path)
        with open_project(path, who="Noor") as project:
            log = project.log()
            assert project.check().empty
            project.decide({("soort", "nieuw"): 1}, action="nu")
        with closing(sqlite3.connect(f"{path}.bak-{version}")) as copy:
            assert copy.execute("PRAGMA user_version").fetchone() == (version,)
            assert copy.execute("SELECT count(*) FROM log WHERE number < 100").fetchone()[0] >= len(log)
        with open_project(path) as project:
            assert project.decisions("soort")["nieuw"] == 1
            if version == 1:
                assert list(log["action"]) == ["geladen", "gemaskeerd"]
                continue
            assert list(log["action"]) == [
                "geladen", "eerst", "daarna", "derde", "ongedaan: derde", "ongedaan: daarna", "opnieuw: daarna",
            ]  # fmt: skip
            assert project.decisions("ander") == {"b": "é"}
            project.undo()
            assert project.redo()
            for _ in range(3):
                assert project.undo()
            assert not project.undo()
            assert project.decisions("soort") == project.decisions("ander") == {}


def test_two_that_open_an_older_file_at_once(tmp_path):
    path = tmp_path / "oud.wijk"
    shutil.copyfile(HERE / "versie-2.wijk", path)
    code = "import sys; from wijkanalyse.project import open_project; open_project(sys.argv[1]).close()"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    with open_project(path) as project:
        assert project.check().empty
        assert len(project.log()) == 7


@pytest.mark.parametrize("name", ["bestaat-niet/onderzoek.wijk", "."])
def test_a_place_that_cannot_hold_a_file(tmp_path, name):
    with pytest.raises(ProjectError, match="in een map waarin je mag schrijven"):
        open_project(tmp_path / name)


def test_an_empty_file_becomes_a_project(tmp_path):
    path = tmp_path / "leeg.wijk"
    path.touch()
    with open_project(path) as project:
        project.note("begonnen", who="Noor")
        assert len(project.log()) == 1


def test_a_file_that_is_no_database_is_refused_and_stays_as_it_was(tmp_path):
    path = tmp_path / "brief.wijk"
    path.write_text("Beste mevrouw, dit is een brief.\n" * 30, encoding="utf-8")
    before = path.read_bytes()
    for arguments in ({}, {"restore": True}, {"read_only": True}):
        with pytest.raises(ProjectError, match="of het is geen projectbestand") as caught:
            open_project(path, **arguments)
        assert "Waar:      brief.wijk" in str(caught.value)
        assert "Er staat geen hele kopie naast." in str(caught.value)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["brief.wijk"]


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "ander.wijk"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE iets (a)")
    with pytest.raises(ProjectError, match="Dit is geen projectbestand van wijkanalyse") as caught:
        open_project(path)
    assert "Kies het goede bestand." in str(caught.value)


def test_a_newer_version_opens_to_read_only(tmp_path):
    path = make(tmp_path / "nieuw.wijk")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.warns(UserWarning, match="nieuwere versie en is alleen te lezen"):
        project = open_project(path)
    assert repr(project) == "<Project nieuw.wijk, alleen te lezen>"
    assert project.notices == (opening.NEWER,)
    assert len(project.decisions("soort")) == 3
    for write in (
        project.undo, project.redo, lambda: project.note("x"), lambda: project.decide({("a", "b"): 1}, action="x"),
    ):  # fmt: skip
        with pytest.raises(ProjectError, match="Dit project is alleen te lezen"):
            write()
    project.close()
    assert path.read_bytes() == before
    assert names(tmp_path) == ["nieuw.wijk"]
    with pytest.raises(ProjectError, match="nieuwere versie"):
        merge_projects(path, make(tmp_path / "b.wijk"))


@contextmanager
def as_nobody():
    """Give up the rights of root, where the tests run as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """Return a folder that others may enter, and not write in once it is shut."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="rights of folders")
@pytest.mark.parametrize("version", [2, SCHEMA_VERSION, "na een val"])
def test_a_file_that_cannot_be_written_opens_to_read(open_folder, version):
    path = open_folder / "p.wijk"
    if version == 2:
        shutil.copyfile(HERE / "versie-2.wijk", path)
    elif version == SCHEMA_VERSION:
        make(path)
    else:  # left open by a crash: a log beside it
        killed(make(path), "import os, signal; project.note('x'); os.kill(os.getpid(), signal.SIGKILL)")
        assert {"p.wijk-shm", "p.wijk-wal"} < set(names(open_folder))
    for file in open_folder.iterdir():
        file.chmod(0o444)
    open_folder.chmod(0o555)
    before = path.read_bytes()
    with as_nobody():
        with pytest.warns(UserWarning, match="kan niet worden geschreven"):
            project = open_project(path)
        assert project.decisions("soort")
        with pytest.raises(ProjectError, match="alleen te lezen"):
            project.note("x")
        project.close()
    assert path.read_bytes() == before


def killed(path: Path, code: str) -> None:
    code = f"import sys; from wijkanalyse.project import open_project; project = open_project(sys.argv[1]); {code}"
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)


def test_to_look_only_changes_nothing(tmp_path):
    path = make(tmp_path / "p.wijk")
    before = path.read_bytes()
    with open_project(path, read_only=True) as project:
        assert len(project.decisions("soort")) == 3
        assert project.check().empty
        with pytest.raises(ProjectError, match="alleen te lezen"):
            project.undo()
    assert path.read_bytes() == before
    assert names(tmp_path) == ["p.wijk"]
    shutil.copyfile(HERE / "versie-1.wijk", tmp_path / "oud.wijk")
    with open_project(tmp_path / "oud.wijk", read_only=True) as project:
        assert len(project.log()) == 2
    assert (tmp_path / "oud.wijk").read_bytes() == (HERE / "versie-1.wijk").read_bytes()


# --- a full disk


def test_a_full_database_gives_an_error_and_leaves_what_was(tmp_path):
    path = make(tmp_path / "p.wijk")
    with open_project(path) as project:
        pages = project.query("PRAGMA page_count")[0][0]
        project.query(f"PRAGMA max_page_count = {pages}")
        before = project.all_decisions()
        with pytest.raises(ProjectError, match="De schijf is vol of niet bereikbaar") as caught:
            project.decide({("soort", "klein"): 1, ("soort", "groot"): "x" * 100_000}, action="x")
        assert "Deze handeling is niet bewaard, alles van daarvoor wel." in str(caught.value)
        assert project.all_decisions() == before
        project.query("PRAGMA max_page_count = 100000")
        project.decide({("soort", "groot"): "x" * 100_000}, action="x")
        assert project.check().empty


FULL_DISK = """
import resource, sys
from wijkanalyse.errors import ProjectError
from wijkanalyse.project import open_project
project = open_project(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
n = 0
try:
    while n < 10_000:
        project.decide({("soort", f"vol{n}"): "x" * 1000}, action="x")
        n += 1
except ProjectError as error:
    print(n, len(project.decisions("soort")), str(error).splitlines()[0])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
project.decide({("soort", "weer"): 1}, action="x")
project.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_file_that_cannot_grow_gives_an_error_and_keeps_every_action_before(tmp_path):
    path = make(tmp_path / "p.wijk")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    n, n_held, what = done.stdout.strip().split(" ", 2)
    assert what == "De schijf is vol of niet bereikbaar."
    assert int(n_held) == int(n) + 3 > 13
    with open_project(path) as project:
        assert len(project.decisions("soort")) == int(n) + 4
        assert project.check().empty


# --- the journal


def test_on_this_disk_the_journal_is_a_wal_and_goes_with_the_last_who_closes(tmp_path):
    path = tmp_path / "p.wijk"
    one, two = open_project(path), open_project(path)
    assert one.query("PRAGMA journal_mode") == [("wal",)]
    assert one.query("PRAGMA synchronous") == [(2,)]
    two.note("x")
    one.close()
    two.note("y")
    two.close()
    assert names(tmp_path) == ["p.wijk"]
    assert (
        path.read_bytes()[18:20] == b"\x01\x01"
    )  # at rest it is a plain file, that opens where nothing can be written
    two.close()


def test_in_a_synchronised_folder_there_is_one_file_and_a_warning(tmp_path):
    path = tmp_path / "OneDrive - Gemeente" / "p.wijk"
    path.parent.mkdir()
    with pytest.warns(UserWarning, match="een map die wordt gesynchroniseerd. Werk er met één mens tegelijk"):
        project = open_project(path)
    assert project.query("PRAGMA journal_mode") == [("delete",)]
    project.note("x")
    assert names(path.parent) == ["p.wijk"]
    assert project.notices == (opening.SHARED.format(place="een map die wordt gesynchroniseerd"),)
    project.close()


def test_a_file_that_others_are_writing_in_is_in_use(tmp_path, monkeypatch):
    path = make(tmp_path / "p.wijk")
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ProjectError, match="Het projectbestand is in gebruik"):
            open_project(path)


def test_nobody_elses_file_is_taken_for_a_version_of_ours(tmp_path):
    path = make(tmp_path / "p.wijk")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        connection.execute("PRAGMA user_version = -1")
    with pytest.raises(ProjectError, match="geen projectbestand"):
        open_project(path)
