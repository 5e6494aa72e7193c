from __future__ import annotations

import pytest

from tests.conftest import make_corpus
from wijkanalyse.errors import InputError
from wijkanalyse.project import open_project


def erased(tmp_path):
    path = tmp_path / "p.wijk"
    with open_project(path, who="Noor") as project:
        project.keep_narratives(make_corpus(["Mijn deur klemt nog.", "De trap is weg.", "De trap is weg."]))
        for narrative, quote, start in (("v000", "klemt", 10), ("v001", "trap", 3)):
            value = {
                "narrative_id": narrative,
                "code": "x",
                "coder": "a",
                "start": start,
                "end": start + len(quote),
                "quote": quote,
            }
            project.decide({("codering", narrative): value}, action="gecodeerd")
        project.decide({("codering", "v000"): None}, action="codering weg")
        project.decide({("memo", "m"): {"narrative_id": "v000", "text": "over het slot"}}, action="memo")
        project.keep_narratives(make_corpus(["Mijn raam tocht.", "De trap is weg.", "De trap is weg."]))
    with open_project(path, who="Noor"):
        pass
    return path


def test_what_is_erased_does_not_come_back_from_a_file_that_still_has_it(tmp_path):
    path = erased(tmp_path)
    with open_project(path, who="Noor") as project:
        project.erase(["v000"])
        kept = project.keep_narratives(
            make_corpus(["Mijn raam tocht.", "De trap is weg.", "De trap is weg."])
        )
        assert kept[["narrative_id", "change"]].to_numpy().tolist() == [["v000", "gewist"]]
        assert "v000" not in project.decisions("verhaal")
    assert not [file for file in tmp_path.iterdir() if b"tocht" in file.read_bytes()]


def test_what_is_erased_is_nowhere_in_the_files(tmp_path):
    path = erased(tmp_path)
    with open_project(path, who="Noor") as project:
        project.erase(["v000"])
        assert project.check().empty
        assert project.log()["action"].tolist()[-1] == "verhalen gewist"
        assert project.log()["action"].tolist().count("gecodeerd") == 2
        assert list(project.decisions("codering")) == ["v001"]
        assert project.keep_narratives(make_corpus(["x", "De trap is weg.", "De trap is weg."]))[
            "change"
        ].tolist() == ["nieuw"]
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not [word for word in (b"klem", b"tocht", b"slot") if word in content]
        assert b"trap" in content
    assert len(list(tmp_path.iterdir())) == 2  # the project and one copy


def test_a_text_that_another_story_has_too_stays(tmp_path):
    with open_project(erased(tmp_path), who="Noor") as project:
        project.erase("v001")
        assert project.check().empty
        assert project.keep_narratives(make_corpus(["Mijn raam tocht.", "y", "De trap is weg."]))[
            "change"
        ].tolist() == ["nieuw"]


def test_undo_goes_past_what_was_erased(tmp_path):
    with open_project(erased(tmp_path), who="Noor") as project:
        project.erase(["v000"])
        while project.undo():
            pass
        assert project.check().empty
        assert project.decisions("codering") == {}


def test_a_story_that_is_not_there_cannot_be_erased(tmp_path):
    with open_project(erased(tmp_path), who="Noor") as project:
        with pytest.raises(InputError, match="Over deze verhalen staat niets"):
            project.erase(["v000", "v999"])
        assert "v000" in project.decisions("verhaal")
