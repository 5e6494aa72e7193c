from __future__ import annotations

import sqlite3

import pytest

from wijkanalyse.errors import ProjectError
from wijkanalyse.project import APPLICATION_ID, SCHEMA_VERSION, open_project


def test_a_new_file_is_marked_as_ours(tmp_path):
    path = tmp_path / "onderzoek.wijk"
    with open_project(path) as project:
        assert repr(project) == "<Project onderzoek.wijk>"
        assert project.log().empty
        assert list(project.log().columns) == ["number", "moment", "who", "action", "detail"]
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_the_log_is_written_at_once_and_is_still_there_on_reopening(tmp_path):
    path = tmp_path / "onderzoek.wijk"
    with open_project(str(path)) as first:
        first.note("geladen", who="Noor", detail="12 verhalen")
        with open_project(path) as second:  # written at once: another connection sees it
            assert len(second.log()) == 1
        first.note("gemaskeerd", who="Noor")
    with open_project(path) as again:
        log = again.log()
    assert list(log["number"]) == [1, 2]
    assert list(log["action"]) == ["geladen", "gemaskeerd"]
    assert list(log["who"]) == ["Noor", "Noor"]
    assert list(log["detail"]) == ["12 verhalen", ""]
    assert log["moment"].str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00").all()


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
    with pytest.raises(ProjectError, match="kan niet worden geopend of gemaakt") as caught:
        open_project(path)
    assert "Waar:      brief.wijk" in str(caught.value)
    assert path.read_bytes() == before


def test_another_database_is_refused(tmp_path):
    path = tmp_path / "ander.wijk"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE iets (a)")
    connection.close()
    with pytest.raises(ProjectError, match="Dit is geen projectbestand van wijkanalyse") as caught:
        open_project(path)
    assert "Kies het goede bestand." in str(caught.value)


def test_a_newer_version_is_refused(tmp_path):
    path = tmp_path / "nieuw.wijk"
    open_project(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(ProjectError, match="van een nieuwere versie") as caught:
        open_project(path)
    assert "Werk wijkanalyse bij." in str(caught.value)


@pytest.mark.parametrize("name", ["bestaat-niet/onderzoek.wijk", "."])
def test_a_place_that_cannot_hold_a_file(tmp_path, name):
    with pytest.raises(ProjectError, match="in een map waarin je mag schrijven"):
        open_project(tmp_path / name)


def test_a_closed_project_cannot_be_written(tmp_path):
    project = open_project(tmp_path / "dicht.wijk")
    project.close()
    with pytest.raises(ProjectError, match="Er kan niet in het projectbestand worden geschreven"):
        project.note("te laat", who="Noor")


def test_a_note_that_fails_leaves_no_half_line(tmp_path):
    with open_project(tmp_path / "onderzoek.wijk") as project:
        with pytest.raises(ProjectError, match="geschreven"):
            project.note("niemand", who=None)
        assert project.log().empty
