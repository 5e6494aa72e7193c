from __future__ import annotations

import sqlite3
import threading

import pytest

from wijkanalyse.errors import ProjectError
from wijkanalyse.project import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, open_project


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


def test_a_decision_holds_can_be_undone_and_done_again():
    with open_project(":memory:", who="Noor") as project:
        project.decide({("soort", "a"): {"x": 1}}, action="eerst")
        project.decide(
            {("soort", "a"): {"x": 2}, ("soort", "b"): "é"}, action="daarna", detail="twee tegelijk"
        )
        assert project.decisions("soort") == {"a": {"x": 2}, "b": "é"}
        assert project.undo()
        assert project.decisions("soort") == {"a": {"x": 1}}
        assert project.undo()
        assert project.decisions("soort") == {}
        assert not project.undo()
        assert project.redo()
        assert project.redo()
        assert project.decisions("soort") == {"a": {"x": 2}, "b": "é"}
        assert not project.redo()
        log = project.log()
    assert list(log["action"]) == [
        "eerst", "daarna", "ongedaan: daarna", "ongedaan: eerst", "opnieuw: eerst", "opnieuw: daarna",
    ]  # fmt: skip
    assert set(log["who"]) == {"Noor"}


def test_what_is_decided_after_an_undo_ends_the_redo():
    with open_project(":memory:") as project:
        project.decide({("soort", "a"): 1}, action="een")
        project.undo()
        project.decide({("soort", "b"): 2}, action="twee")
        assert not project.redo()
        assert project.undo()
        assert not project.undo()


def test_a_decision_can_be_taken_back_and_that_can_be_undone():
    with open_project(":memory:") as project:
        project.decide({("soort", "a"): 1}, action="een")
        project.decide({("soort", "a"): None}, action="terug")
        assert project.decisions("soort") == {}
        project.undo()
        assert project.decisions("soort") == {"a": 1}


def test_undo_of_one_kind_leaves_the_others():
    with open_project(":memory:") as project:
        project.decide({("masker", "a"): 1}, action="een")
        project.decide({("code", "a"): 2}, action="twee")
        assert project.undo(["masker"])
        assert project.decisions("masker") == {}
        assert project.decisions("code") == {"a": 2}
        assert not project.undo(["masker"])


def test_another_thread_may_decide_too(tmp_path):
    with open_project(tmp_path / "p.wijk") as project:
        threads = [
            threading.Thread(target=project.decide, args=({("soort", f"{n}"): n},), kwargs={"action": "x"})
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert project.decisions("soort") == {f"{n}": n for n in range(20)}
        assert len(project.log()) == 20


def test_who_is_known_without_asking(tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "ali")
    with open_project(":memory:") as project:
        assert project.who == "ali"
    monkeypatch.setattr("getpass.getuser", _nobody)
    with open_project(":memory:") as project:
        assert project.who == "onbekend"


def _nobody():
    raise KeyError("uid")


def test_two_projects_hash_differently(tmp_path):
    with open_project(tmp_path / "a.wijk") as one, open_project(tmp_path / "b.wijk") as two:
        assert len(one.salt) == 16
        assert one.salt != two.salt
    with open_project(tmp_path / "a.wijk") as again:
        assert again.salt == one_salt(tmp_path / "a.wijk")


def one_salt(path):
    connection = sqlite3.connect(path)
    (salt,) = connection.execute("SELECT value FROM secrets WHERE name = 'salt'").fetchone()
    connection.close()
    return salt


def test_a_file_of_the_first_version_is_brought_up_to_date_after_a_copy(tmp_path):
    path = tmp_path / "oud.wijk"
    connection = sqlite3.connect(path)
    connection.executescript(
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1; {MIGRATIONS[0]}"
    )
    connection.execute(
        "INSERT INTO log (moment, who, action) VALUES ('2026-01-01T00:00:00+00:00', 'Noor', 'begonnen')"
    )
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with open_project(path) as project:
        assert list(project.log()["action"]) == ["begonnen"]
        project.decide({("soort", "a"): 1}, action="een")
    assert (tmp_path / "oud.wijk.bak-1").read_bytes() == before
    with open_project(path) as project:
        assert project.decisions("soort") == {"a": 1}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["oud.wijk", "oud.wijk.bak-1"]


def test_a_closed_project_cannot_be_read(tmp_path):
    project = open_project(tmp_path / "dicht.wijk")
    project.close()
    with pytest.raises(ProjectError, match="Het projectbestand kan niet worden gelezen"):
        project.decisions("soort")


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
            project.note("niemand", detail=None)
        assert project.log().empty
