from __future__ import annotations

import shutil

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from tests.project.test_narratives import OLD, coded
from wijkanalyse.errors import ProjectError
from wijkanalyse.project import open_project


@pytest.fixture
def pair(tmp_path):
    """Return two copies of a project in which three stories were kept and one coding made."""
    with open_project(tmp_path / "a.wijk", who="Noor") as project:
        project.keep_narratives(make_corpus([OLD, "Twee.", "Drie."]))
        project.decide(
            {("codering", "c0"): coded(OLD, "soep"), ("thema", "0"): {"label": "geld"}}, action="begin"
        )
    shutil.copyfile(tmp_path / "a.wijk", tmp_path / "b.wijk")
    return tmp_path / "a.wijk", tmp_path / "b.wijk"


def act(path, who, *actions):
    with open_project(path, who=who) as project:
        for values in actions:
            project.decide(values, action="gedaan")


def test_what_each_did_holds_and_both_logs_stay(pair):
    a, b = pair
    act(a, "Noor", {("codering", "n1"): coded(OLD, "deur")}, {("thema", "1"): {"label": "zorg"}})
    act(b, "Ali", {("codering", "a1"): coded(OLD, "deur", coder="B")}, {("codering", "c0"): None})
    before = a.read_bytes(), b.read_bytes()
    project, conflicts = wa.merge_projects(a, b, who="Noor")
    with project:
        assert project.path.name == "a.samen.wijk"
        assert conflicts.empty
        assert list(conflicts.columns) == ["kind", "subject", "in_a", "in_b", "kept"]
        assert set(project.decisions("codering")) == {"n1", "a1"}
        assert set(project.decisions("thema")) == {"0", "1"}
        log = project.log()
        assert list(zip(log["who"], log["action"], log["origin"], strict=True)) == [
            ("Noor", "verhalen bewaard", ""), ("Noor", "begin", ""), ("Noor", "gedaan", ""), ("Noor", "gedaan", ""),
            ("Ali", "gedaan", "b.wijk"), ("Ali", "gedaan", "b.wijk"), ("Noor", "samengevoegd", ""),
        ]  # fmt: skip
        assert log["detail"].iloc[-1] == "b.wijk: 2 besluiten overgenomen, 0 verschillen"
        assert project.check().empty
        project.undo()
        assert set(project.decisions("codering")) == {"c0", "n1"}
        project.undo()
        project.undo()
        project.undo()
        assert project.decisions("thema") == {}
    assert (a.read_bytes(), b.read_bytes()) == before
    with open_project(project.path) as again:
        assert again.check().empty


def test_where_both_decided_differently(pair):
    a, b = pair
    mine, theirs = coded(OLD, "met soep"), coded(OLD, "kwam")
    act(a, "Noor", {("codering", "c0"): mine, ("thema", "0"): {"label": "schulden"}, ("lezing", "x"): "a"})
    act(b, "Ali", {("codering", "c0"): theirs, ("thema", "0"): {"label": "armoede"}, ("lezing", "x"): "a"})
    project, conflicts = wa.merge_projects(a, b)
    with project:
        held = project.decisions("codering")
        assert sorted(held.values(), key=str) == sorted([mine, theirs], key=str)
        assert held["c0"] == mine
        assert project.decisions("thema") == {"0": {"label": "schulden"}}
        assert project.decisions("lezing") == {"x": "a"}
        assert conflicts.to_numpy().tolist() == [
            ["codering", "c0", mine, theirs, "beide"],
            ["thema", "0", {"label": "schulden"}, {"label": "armoede"}, "a"],
        ]
        assert project.check().empty


def test_a_coding_that_one_took_back_and_the_other_changed_stays(pair):
    a, b = pair
    changed = coded(OLD, "met soep")
    act(a, "Noor", {("codering", "c0"): None})
    act(b, "Ali", {("codering", "c0"): changed})
    for one, other, kept in ((a, b, "b"), (b, a, "a")):
        project, conflicts = wa.merge_projects(one, other)
        with project:
            assert project.decisions("codering") == {"c0": changed}
            assert list(conflicts["kept"]) == [kept]


def test_the_same_coding_in_both_is_there_once(pair):
    a, b = pair
    act(a, "Noor", {("codering", "n"): coded(OLD, "deur")})
    act(b, "Ali", {("codering", "m"): coded(OLD, "deur")})
    project, conflicts = wa.merge_projects(a, b)
    with project:
        assert set(project.decisions("codering")) == {"c0", "n"}
        assert conflicts.empty


def test_codings_move_to_the_text_that_holds(pair):
    a, b = pair
    new = "Vooraf. " + OLD
    with open_project(a) as project:
        project.keep_narratives(make_corpus([new, "Twee.", "Drie."]))
    act(b, "Ali", {("codering", "a1"): coded(OLD, "deur", coder="B")})
    for one, other in ((a, b), (b, a)):
        project, conflicts = wa.merge_projects(one, other)
        with project:
            assert project.decisions("codering") == {
                "c0": coded(new, "soep"),
                "a1": coded(new, "deur", coder="B"),
            }
            assert project.recheck()["change"].tolist() == ["gewijzigd"]
            assert project.check().empty
            assert conflicts.empty


def test_joining_the_same_file_once_more_adds_nothing(pair, tmp_path):
    a, b = pair
    act(a, "Noor", {("codering", "c0"): coded(OLD, "met soep")})
    act(b, "Ali", {("codering", "c0"): coded(OLD, "kwam")})
    wa.merge_projects(a, b)[0].close()
    project, _ = wa.merge_projects(tmp_path / "a.samen.wijk", b, tmp_path / "nog.wijk")
    with project:
        assert len(project.decisions("codering")) == 2
        assert project.check().empty


def test_masking_of_projects_that_began_apart_cannot_be_joined(tmp_path):
    a, b = tmp_path / "a.wijk", tmp_path / "b.wijk"
    act(a, "Noor", {("masker-woord", "1f"): {"verdict": "maskeren"}})
    act(b, "Ali", {("masker-woord", "2e"): {"verdict": "maskeren"}, ("codering", "x"): coded(OLD, "soep")})
    project, conflicts = wa.merge_projects(a, b)
    with project:
        assert list(project.decisions("masker-woord")) == ["1f"]
        assert list(project.decisions("codering")) == ["x"]
        assert conflicts.to_numpy().tolist() == [
            ["masker-woord", "2e", None, {"verdict": "maskeren"}, "a, want maskeren kan niet mee"]
        ]
        assert "Besluiten over maskeren uit b.wijk zijn niet overgenomen" in project.log()["detail"].iloc[-1]


def test_only_into_a_new_file_from_two_that_are_there(pair, tmp_path):
    a, b = pair
    for arguments in ((a, a), (a, b, b)):
        with pytest.raises(ProjectError, match="alleen in een nieuw bestand"):
            wa.merge_projects(*arguments)
    with pytest.raises(ProjectError, match="kan niet worden geopend"):
        wa.merge_projects(a, tmp_path / "weg.wijk")
    assert not (tmp_path / "weg.wijk").exists()
    with pytest.raises(ProjectError, match="kan niet worden geopend"):
        wa.merge_projects(a, b, tmp_path / "bestaat-niet" / "c.wijk")
