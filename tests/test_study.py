"""A working folder: which file the stories are in, what is uploaded, what a saved notebook holds, and JupyterLab on it."""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

import wijkanalyse as wa
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.study import (
    choose_source,
    keep_mapping,
    keep_upload,
    lab_command,
    load_source,
    load_study,
    make_study_folder,
    strip_outputs,
)

HEAD = "Verhaal;Wie\n"
STORIES = HEAD + "\n".join(f"Ik belde nummer {n} en daarna wachtte ik lang;inwoner" for n in range(4))


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "verhalen.csv").write_text(STORIES, "utf-8")
    with wa.open_project(tmp_path / "onderzoek.wijk") as made:
        yield made


def test_without_a_file_the_sample_that_its_makers_reviewed_goes_on(project):
    assert load_source(project) is None
    assert load_study(project).status is PrivacyStatus.REVIEWED
    assert load_study(project).provenance.source == "vertelpunt_gemaskeerd.csv"


def test_the_project_knows_the_file_wherever_one_is(project, tmp_path, monkeypatch):
    mapping = keep_mapping([{"kolom": "Verhaal", "rol": "text", "uiteinden": []}], tmp_path / "verhalen.csv")
    corpus = choose_source(project, "verhalen.csv", mapping=mapping, masked_by=None)
    assert corpus.check_report.dropped_columns == {"Wie": "staat niet in de koppeling"}
    held = {"path": "verhalen.csv", "mapping": "verhalen.csv.koppeling.yaml", "masked_by": None}
    assert project.decisions("bron")["verhalen"] == held
    n = len(project.log())
    choose_source(project, tmp_path / "verhalen.csv", mapping=mapping, masked_by=None)
    assert len(project.log()) == n
    monkeypatch.chdir("/")
    assert load_source(project).frame.equals(corpus.frame)
    assert load_study(project).status is PrivacyStatus.MASKED


def test_a_file_elsewhere_keeps_its_whole_path(project, tmp_path):
    elsewhere = SAMPLE_FOLDER / "vertelpunt.xlsx"
    choose_source(project, elsewhere)
    assert project.decisions("bron")["verhalen"] == {"path": elsewhere.as_posix()}


def test_a_file_that_cannot_be_loaded_changes_nothing(project, tmp_path):
    choose_source(project, "verhalen.csv")
    with pytest.raises(InputError, match="bestaat niet"):
        choose_source(project, "nee.csv")
    (tmp_path / "open.csv").write_text(STORIES + "\nMail naar a.b@voorbeeld.nl en vraag het;inwoner", "utf-8")
    with pytest.raises(PrivacyError, match="1 × email"):
        choose_source(project, "open.csv", masked_by="Team")
    assert project.decisions("bron")["verhalen"]["path"] == "verhalen.csv"


def test_an_upload_never_takes_the_place_of_another_file(tmp_path):
    first = keep_upload("verhalen.xlsx", b"1", tmp_path)
    assert (first.name, first.read_bytes(), first.stat().st_mode & 0o77) == ("verhalen.xlsx", b"1", 0)
    assert keep_upload("verhalen.xlsx", b"1", tmp_path) == first
    assert keep_upload("verhalen.xlsx", b"2", tmp_path).name == "verhalen (2).xlsx"
    assert keep_upload("verhalen.xlsx", b"3", tmp_path).name == "verhalen (3).xlsx"
    assert keep_upload("..\\..\\verhalen.csv", b"4", tmp_path).parent == tmp_path
    assert keep_upload("/tmp/../etc/x.csv", b"5", tmp_path) == tmp_path / "x.csv"
    with pytest.raises(InputError, match="werkmap"):
        keep_upload("x.csv", b"1", tmp_path / "er niet")


MODEL = {
    "type": "notebook",
    "content": {
        "metadata": {"widgets": {"state": {}}, "kernelspec": {"name": "python3"}},
        "cells": [
            {"cell_type": "code", "outputs": [{"text": "een verhaal"}], "execution_count": 3, "source": "x"},
            {"cell_type": "markdown", "source": "tekst"},
        ],
    },
}


def test_a_notebook_beside_a_project_is_saved_without_outputs(tmp_path):
    manager, model = SimpleNamespace(root_dir=str(tmp_path)), copy.deepcopy(MODEL)
    strip_outputs(model, "/map/a.ipynb", manager)
    assert model == MODEL
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "onderzoek.wijk").touch()
    strip_outputs(model, "/map/a.ipynb", manager)
    assert model["content"]["cells"][0] == {"cell_type": "code", "outputs": [], "execution_count": None, "source": "x"}  # fmt: skip
    assert model["content"]["cells"][1] == MODEL["content"]["cells"][1]
    assert model["content"]["metadata"] == {"kernelspec": {"name": "python3"}}


@pytest.mark.parametrize("model", [{"type": "file", "content": "tekst"}, {"type": "notebook"}])
def test_what_is_no_notebook_stays_as_it_is(model, tmp_path):
    (tmp_path / "onderzoek.wijk").touch()
    before = copy.deepcopy(model)
    strip_outputs(model, "a.txt", SimpleNamespace(root_dir=str(tmp_path)), log=None)
    assert model == before


def test_the_page_without_code_is_part_of_the_package():
    from wijkanalyse.study import lab_environment

    shares = lab_environment()["JUPYTER_PATH"].split(os.pathsep)[0]
    assert Path(shares, "voila", "templates", "wijkanalyse", "tree.html").exists()


def test_nieuw_touches_nothing_that_exists(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(InputError, match=r"geen lege map(.|\n)*Er is niets veranderd"):
        make_study_folder(tmp_path)
    (tmp_path / "b").mkdir()
    make_study_folder(tmp_path / "b")
    with pytest.raises(InputError, match="kan niet worden gemaakt"):
        make_study_folder(tmp_path / "a.txt" / "c") if os.name == "nt" else make_study_folder(
            Path("/proc/nee")
        )


def test_notebooks_hold_no_outputs():
    for path in (SAMPLE_FOLDER.parents[1] / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_lab_listens_on_this_machine_only(tmp_path):
    command = lab_command(tmp_path, open_browser=False, port=8899)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--no-browser" in command
    assert not any("token=" in part or "password" in part for part in command)


def test_lab_saves_notebooks_without_outputs_and_opens_the_first(tmp_path):
    for name in ("05-b.ipynb", "01-a.ipynb"):
        (tmp_path / name).touch()
    command = lab_command(tmp_path)
    assert "--ContentsManager.pre_save_hook=wijkanalyse.study.strip_outputs" in command
    assert "--LabApp.default_url=/lab/tree/01-a.ipynb" in command


def test_pages_without_code_are_for_this_machine_and_ask_for_a_token(tmp_path):
    command = lab_command(tmp_path, is_app=True)
    assert any("from jupyter_server.serverapp import" in part for part in command)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert not any("token=" in part or "password" in part for part in command)


@pytest.mark.slow
def test_lab_starts_and_asks_for_a_token(tmp_path):
    port = 18871
    process = subprocess.Popen(
        [sys.executable, "-m", "wijkanalyse", "lab", "--geen-browser", "--poort", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/lab", timeout=5) as answer:
                    assert "login" in answer.url
                break
            except OSError:
                assert time.monotonic() < deadline, "JupyterLab did not answer within a minute"
                assert process.poll() is None, process.stderr.read()[-800:]
                time.sleep(0.5)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/contents", timeout=5)
    finally:
        process.send_signal(signal.SIGTERM)
        subprocess.run(["pkill", "-f", f"ServerApp.port={port}"], check=False)
        process.wait(20)
        process.stderr.close()
