from __future__ import annotations

import sqlite3
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.errors import ProjectError
from wijkanalyse.project import open_project
from wijkanalyse.project.schema import APPLICATION_ID, SCHEMA_VERSION


def test_a_new_file_is_marked_as_ours(tmp_path):
    path = tmp_path / "onderzoek.wijk"
    with open_project(path) as project:
        assert repr(project) == "<Project onderzoek.wijk>"
        assert project.log().empty
        assert list(project.log().columns) == ["number", "moment", "who", "action", "detail", "origin"]
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


def test_a_closed_project_cannot_be_read(tmp_path):
    project = open_project(tmp_path / "dicht.wijk")
    project.close()
    with pytest.raises(ProjectError, match="Het projectbestand kan niet worden gelezen"):
        project.decisions("soort")
    with pytest.raises(ProjectError, match="Het projectbestand kan niet worden gelezen"):
        project.check()


def test_a_closed_project_cannot_be_written(tmp_path):
    project = open_project(tmp_path / "dicht.wijk")
    project.close()
    with pytest.raises(ProjectError, match="Er kan niet in het projectbestand worden geschreven"):
        project.note("te laat", who="Noor")


def test_a_note_that_fails_leaves_no_half_line(tmp_path):
    with open_project(tmp_path / "onderzoek.wijk") as project:
        with pytest.raises(ProjectError, match="geschreven"):
            project.note("niemand", detail=None)
        with pytest.raises(TypeError):
            project.decide({("soort", "a"): 1, ("soort", "b"): object()}, action="half")
        assert project.decisions("soort") == {}
        assert project.log().empty


def test_undo_and_redo_tell_what_they_touched():
    with open_project(":memory:") as project:
        assert project.undo() == project.redo() == ()
        project.decide({("soort", "b"): 1, ("soort", "a"): 2}, action="twee")
        assert project.undo() == (("soort", "b"), ("soort", "a"))
        assert project.redo() == (("soort", "b"), ("soort", "a"))
        project.decide({}, action="niets")
        assert len(project.log()) == 3


def test_several_kinds_are_undone_in_the_order_in_which_they_were_done():
    with open_project(":memory:") as project:
        for n, kind in enumerate("abcabc"):
            project.decide({(kind, "x"): n}, action="x")
        assert [project.undo(["a", "b"])[0][0] for _ in range(4)] == ["b", "a", "b", "a"]
        assert project.undo(["a", "b"]) == ()
        assert [project.redo(["b", "a"])[0][0] for _ in range(4)] == ["a", "b", "a", "b"]
        assert project.decisions("c") == {"x": 5}


def test_undo_of_one_kind_stops_where_another_action_decided_about_the_same():
    with open_project(":memory:") as project:
        project.decide({("code", "a"): 1}, action="gecodeerd")
        project.decide({("verhaal", "v"): 1, ("code", "a"): 2}, action="verhalen bewaard")
        assert project.undo(["code"]) == ()
        assert project.decisions("code") == {"a": 2}
        assert project.undo() == (("verhaal", "v"), ("code", "a"))
        assert project.undo(["code"]) == (("code", "a"),)


def test_the_log_can_only_grow(tmp_path):
    path = tmp_path / "p.wijk"
    with open_project(path) as project:
        project.note("begonnen")
    connection = sqlite3.connect(path)
    for sql in ("UPDATE log SET who = 'x'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(sql)
    connection.close()


def test_the_log_is_written_by_two_connections_in_turn(tmp_path):
    path = tmp_path / "p.wijk"
    with open_project(path) as one, open_project(path) as two:
        one.decide({("soort", "a"): 1}, action="een")
        two.decide({("soort", "a"): 2}, action="twee")
        one.decide({("soort", "a"): 3}, action="drie")
        two.undo()
        assert one.decisions("soort") == {"a": 2}
        assert one.check().empty
    assert [file.name for file in tmp_path.iterdir()] == ["p.wijk"]


def test_another_process_that_keeps_the_file_busy_gives_an_error(tmp_path):
    path = tmp_path / "p.wijk"
    with open_project(path) as project:
        project.decide({("soort", "a"): 1}, action="een")
        other = sqlite3.connect(path)
        other.execute("BEGIN IMMEDIATE")
        project.query("PRAGMA busy_timeout = 20")
        with pytest.raises(ProjectError, match="Het projectbestand is in gebruik") as caught:
            project.decide({("soort", "a"): 2}, action="twee")
        assert "Deze handeling is niet bewaard, alles van daarvoor wel." in str(caught.value)
        other.close()
        assert project.decisions("soort") == {"a": 1}


KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))
VALUES = st.none() | st.integers(0, 3) | st.just({"n": 1.5, "a": ["é"]})
ACTIONS = st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), max_size=8)


@settings(derandomize=True, deadline=None)
@given(before=ACTIONS, actions=ACTIONS)
def test_any_actions_and_as_many_times_undo_give_the_start_and_redo_gives_the_end(before, actions):
    with open_project(":memory:") as project:
        for values in before:
            project.decide(values, action="eerder")
        states = [project.all_decisions()]
        for values in actions:
            project.decide(values, action="later")
            states.append(project.all_decisions())
        for state in reversed(states[:-1]):
            assert project.undo()
            assert project.all_decisions() == state
        for state in states[1:]:
            assert project.redo()
            assert project.all_decisions() == state
        assert not project.redo()
        assert project.check().empty


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("decide"), st.dictionaries(KEYS, VALUES, min_size=1, max_size=2)),
        st.tuples(st.sampled_from(["undo", "redo"]), st.none()),
    ),
    max_size=20,
)


@settings(derandomize=True, deadline=None)
@given(moves=MOVES)
def test_actions_undo_and_redo_in_any_order_are_as_a_list_of_steps_says(moves):
    """The steps as a plain list, the last one last: what the log must give too."""
    held, done, undone = {}, [], []
    with open_project(":memory:") as project:
        for name, what in moves:
            if name == "decide":
                project.decide(what, action="x")
                done.append({key: (held.get(key), value) for key, value in what.items()})
                held |= what
                undone = []
            else:
                stack, other, at = (done, undone, 1) if name == "undo" else (undone, done, 0)
                assert bool(getattr(project, name)()) == bool(stack)
                if stack:
                    other.append(stack.pop())
                    held |= {key: pair[1 - at] for key, pair in other[-1].items()}
        assert project.all_decisions() == {
            key: value for key, value in sorted(held.items()) if value is not None
        }
        assert project.check().empty
