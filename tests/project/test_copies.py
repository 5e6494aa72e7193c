"""Copies beside the file, and what happens when the file itself is damaged."""

from __future__ import annotations

import random
import sqlite3
import warnings
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.project.test_opening import make, names, on_day
from wijkanalyse.errors import ProjectError
from wijkanalyse.project import copies, merge_projects, open_project, opening

# --- copies


def test_a_copy_is_made_when_something_changed_and_three_days_stay(tmp_path, monkeypatch):
    path = make(tmp_path / "p.wijk")
    assert names(tmp_path) == ["p.wijk"]
    for day in range(1, 6):
        on_day(monkeypatch, f"2026-11-0{day}")
        with open_project(path) as project:
            project.note(f"dag {day}")
    assert names(tmp_path) == ["p.wijk", *(f"p.wijk.bak-2026-11-0{day}" for day in (3, 4, 5))]
    on_day(monkeypatch, "2026-11-06")
    open_project(path).close()
    on_day(monkeypatch, "2026-11-07")
    open_project(path).close()  # nothing changed since
    assert names(tmp_path)[-1] == "p.wijk.bak-2026-11-06"
    with closing(sqlite3.connect(tmp_path / "p.wijk.bak-2026-11-06")) as copy:
        assert copy.execute("SELECT action FROM log ORDER BY number DESC").fetchone() == ("dag 5",)


def test_the_copy_of_today_follows_the_file(tmp_path):
    path = make(tmp_path / "p.wijk")
    for _ in range(2):
        with open_project(path) as project:
            project.note("verder")
    (copy,) = copies.copies(path).values()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM log").fetchone() == (4,)


def test_a_copy_that_cannot_be_made_is_told_and_the_project_opens(tmp_path, monkeypatch):
    path = make(tmp_path / "p.wijk")
    (tmp_path / "p.wijk.bak-2026-11-01").mkdir()
    on_day(monkeypatch, "2026-11-01")
    with warnings_off(), open_project(path) as project:
        project.note("verder")
        assert project.notices == (opening.NO_COPY,)
    assert names(tmp_path) == ["p.wijk", "p.wijk.bak-2026-11-01"]


# --- damage


def damaged(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "leeg":
        path.write_bytes(b"")
    elif how == "weg":
        path.unlink()
    elif how == "afgekapt":
        path.write_bytes(content[: len(content) // 2])
    else:
        at = content.index(b'{"n": 1}') + 6 if how == "logboek" else 0
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])


@pytest.mark.parametrize("how", ["leeg", "weg", "afgekapt", "logboek", "kop"])
def test_a_damaged_file_names_the_newest_whole_copy_and_goes_on_with_it(tmp_path, monkeypatch, how):
    path = make(tmp_path / "p.wijk")
    for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
        on_day(monkeypatch, day)
        with open_project(path) as project:
            project.note(day)
    damaged(tmp_path / "p.wijk.bak-2026-11-03", "afgekapt")
    damaged(path, how)
    after = path.read_bytes() if path.exists() else None
    with pytest.raises(ProjectError, match="beschadigd of weg") as caught:
        open_project(path)
    assert "De nieuwste hele kopie is p.wijk.bak-2026-11-02." in str(caught.value)
    assert 'wa.open_project("p.wijk", restore=True)' in str(caught.value)
    with pytest.raises(ProjectError, match="beschadigd of weg"):
        merge_projects(
            path if path.exists() else tmp_path / "p.wijk.bak-2026-11-03", tmp_path / "p.wijk.bak-2026-11-02"
        )
    assert (path.read_bytes() if path.exists() else None) == after
    with open_project(path, restore=True) as project:
        assert len(project.decisions("soort")) == 3
        assert list(project.log()["action"])[-2:] == ["2026-11-01", "kopie teruggezet"]
        assert project.check().empty
    if after is not None:
        assert (tmp_path / f"p.wijk.stuk-{copies.today()}").read_bytes() == after
        damaged(path, "afgekapt")
        with open_project(path, restore=True) as project:
            detail = project.log()["detail"].iloc[-1]
        assert detail.endswith(f"het beschadigde bestand heet nu p.wijk.stuk-{copies.today()}-2")


def test_a_file_that_is_gone_does_not_become_an_empty_project(tmp_path):
    path = make(tmp_path / "p.wijk")
    open_project(path).close()
    path.unlink()
    with pytest.raises(ProjectError, match="beschadigd of weg"):
        open_project(path)
    assert not path.exists()


def test_what_is_left_of_a_damaged_file_can_be_looked_at(tmp_path):
    path = make(tmp_path / "p.wijk")
    damaged(path, "logboek")
    with pytest.warns(UserWarning, match="beschadigd en is alleen te lezen"):
        project = open_project(path, read_only=True)
    assert len(project.decisions("soort")) == 3
    found = project.check()
    assert list(found.columns) == ["what", "where", "expected", "now"]
    assert len(found) == 1
    project.close()


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE decisions SET value = '7' WHERE subject = 's1'", "Een besluit is anders dan het logboek zegt."),
        ("INSERT INTO decisions VALUES ('soort', 's9', '1')", "Een besluit is anders dan het logboek zegt."),
        ("DELETE FROM decisions WHERE subject = 's1'", "Een besluit uit het logboek ontbreekt."),
        ("INSERT INTO texts VALUES ('abc', 'Een verhaal.')", "Een bewaarde tekst is veranderd."),
        ("DROP TRIGGER log_stays; DELETE FROM log WHERE number = 2", "Een regel in het logboek is veranderd, of er ontbreekt er een."),
        ("UPDATE secrets SET value = randomblob(16)", "Een regel in het logboek is veranderd, of er ontbreekt er een."),
        ("DELETE FROM secrets", "Een deel van het bestand is niet te lezen."),
        ("DROP TABLE decisions", "Een deel van het bestand is niet te lezen."),
    ],
)  # fmt: skip
def test_damage_that_sqlite_does_not_see(tmp_path, sql, what):
    path = make(tmp_path / "p.wijk")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    with pytest.raises(ProjectError, match="beschadigd of weg"):
        open_project(path)
    with warnings_off(), open_project(path, read_only=True) as project:
        assert project.notices == (opening.DAMAGED,)
        assert list(project.check()["what"]) == [what]


def test_no_error_about_damage_quotes_what_was_decided(tmp_path):
    path = tmp_path / "p.wijk"
    with open_project(path) as project:
        project.decide({("memo", "m"): "Fatima belde"}, action="x")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Fatima", b"\xffatima"))  # no text any more
    with pytest.raises(ProjectError) as caught:
        open_project(path)
    error: BaseException | None = caught.value
    while error is not None:
        assert "atima" not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    with warnings_off(), open_project(path, read_only=True) as project:
        with pytest.raises(ProjectError) as unreadable:
            project.decisions("memo")
        assert "atima" not in str(unreadable.value)
        assert unreadable.value.__cause__ is None


@pytest.mark.slow
def test_a_bit_that_flips_is_seen_or_does_no_harm(tmp_path):
    """600 single bits at random places, half of them where something is written: never another decision without a word."""
    path = make(tmp_path / "p.wijk", 40)
    content = path.read_bytes()
    with open_project(path, read_only=True) as project:
        wanted, salt, log = project.all_decisions(), project.salt, project.log()
    written = [at for at, byte in enumerate(content) if byte]
    chance = random.Random(20261122)
    places = chance.sample(range(len(content)), 300) + chance.sample(written, 300)
    n_seen = 0
    flipped = tmp_path / "flip" / "p.wijk"
    flipped.parent.mkdir()
    for at in places:
        flipped.write_bytes(
            content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
        )
        try:
            with warnings_off(), open_project(flipped) as project:
                assert project.all_decisions() == wanted, at
                assert project.salt == salt, at
                assert project.log().equals(log), at
        except ProjectError:
            n_seen += 1
        for file in flipped.parent.iterdir():
            file.unlink()
    assert 100 < n_seen < 600


@contextmanager
def warnings_off():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
