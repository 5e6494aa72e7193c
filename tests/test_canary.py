"""Two hundred planted identifiers go in; none comes out anywhere: no export, log, error, repr or temporary file."""

from __future__ import annotations

import csv
import itertools
import logging
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from stdnum.nl import bsn

import wijkanalyse as wa
from wijkanalyse.study import NOTEBOOKS, choose_source

SYLLABLES = ("bre", "vol", "dam", "tis", "ku", "rem", "jol", "sa", "wen", "ga", "fri", "mon")


def planted() -> dict[str, list[str]]:
    names = [
        "".join(parts).capitalize() + "q"
        for parts in itertools.islice(itertools.permutations(SYLLABLES, 3), 7, 600, 7)
    ]
    numbers = (f"99999{n:04d}" for n in range(10_000))
    return {
        "name": names[:60],
        "column": names[60:80],
        "phone": [f"06 00 {n:02d} {n + 11:02d} {99 - n:02d}" for n in range(30)],
        "email": [f"k.anarie{n}@voorbeeld.nl" for n in range(30)],
        "bsn": list(itertools.islice((n for n in numbers if bsn.is_valid(n)), 30)),
        "iban": [iban(n) for n in range(30)],
    }


def iban(n: int) -> str:
    account = f"WIJK{n * 7919:010d}"
    digits = "".join(str(int(char, 36)) for char in account + "NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"


@pytest.fixture(scope="module")
def secrets() -> dict[str, list[str]]:
    return planted()


@pytest.fixture(scope="module")
def raw_file(secrets, tmp_path_factory) -> Path:
    """A form export: stories of the sample with the identifiers in the middle of them, and a column of names."""
    stories = wa.load_sample().frame["text"].tolist()[:60]
    path = tmp_path_factory.mktemp("in") / "verhalen.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nr", "Naam", "E-mailadres", "Wat gebeurde er?", "Ik ben"])
        for i, story in enumerate(stories):
            name = secrets["name"][i]
            extra = [f"Mijn buurvrouw {name} belde.", f"Toen kwam {name} weer.", f"{name.lower()} zei niks."]
            for kind, words in (
                ("phone", "Zij gaf {}."),
                ("email", "Mail naar {} graag."),
                ("bsn", "Bsn {} staat erop."),
                ("iban", "Stort op {}."),
            ):
                if i < 30:
                    extra.append(words.format(secrets[kind][i]))
            column = secrets["column"][i] if i < 20 else ""
            mail = secrets["email"][i] if i < 30 else ""
            writer.writerow(
                [i, column, mail, f"{story} {' '.join(extra)}", ("inwoner", "mantelzorger")[i % 2]]
            )
    return path


def found_in(content: str | bytes, secrets: dict[str, list[str]]) -> list[str]:
    text = content.decode("utf-8", "ignore") if isinstance(content, bytes) else content
    lower = text.lower()
    return [value for values in secrets.values() for value in values if value.lower() in lower]


def test_there_are_two_hundred_and_the_search_finds_them(secrets, raw_file):
    assert sum(len(values) for values in secrets.values()) == 200
    assert len(found_in(raw_file.read_bytes(), secrets)) == 200


@pytest.mark.slow
def test_the_command_leaks_nothing(secrets, raw_file, tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONUTF8": "1"}
    (tmp_path / "tmp").mkdir()
    for arguments in (
        ["verwerk", str(raw_file), "--uit", str(tmp_path / "uit")],
        ["verwerk", str(raw_file), "--tekst", "bestaat niet"],
        ["verwerk", str(raw_file), "--themas", "500", "--uit", str(tmp_path / "uit")],
        ["nieuw", str(tmp_path / "map")],
    ):
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-m", "wijkanalyse", *arguments],
            capture_output=True, cwd=tmp_path, env=environment, check=False,
        )  # fmt: skip
        assert found_in(done.stdout + done.stderr, secrets) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name == "themakaart.html" for path in files)
    for path in files:
        assert found_in(path.read_bytes(), secrets) == [], path.name


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_an_executed_notebook_leaks_nothing(path, secrets, raw_file, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    with wa.open_project(tmp_path / "onderzoek.wijk") as project:
        choose_source(project, raw_file)
    # Nobody reviewed these stories, so the notebook that lets them go outside refuses with an error: that is searched too.
    refused = path.stem.startswith("05")
    client = NotebookClient(
        notebook, timeout=240, allow_errors=refused, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    assert re.search("(bron|uit) verhalen", str([cell.get("outputs") for cell in notebook.cells]))
    for cell in notebook.cells:
        assert found_in(str(cell.get("outputs", "")), secrets) == []
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or found_in(file.read_bytes(), secrets) == []


def test_reviewing_and_handing_on_leaves_no_trace(secrets, raw_file, tmp_path, monkeypatch, caplog):
    """The project, what a widget would save, the files that go outside and the key itself."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "werk").mkdir()
    monkeypatch.chdir(tmp_path / "werk")
    raw = wa.load_narratives(raw_file)
    with wa.open_project("onderzoek.wijk") as project:
        widget = wa.review(wa.mask(raw, project=project), project)
        shown = [repr(widget), str(widget.get_state()), repr(widget.review)]
        review = widget.review
        for story in review.order:
            shown += [repr(place) for place in review.places(story)]
            for place in review.places(story)[:1]:
                review.decide(place, masked=True, everywhere=True)
            review.read(story)
        corpus = widget.corpus
        shown += [
            repr(widget),
            str(widget.get_state()),
            project.log().to_csv(),
            repr(corpus.key),
            caplog.text,
        ]
        wa.write_stories(corpus, "verhalen.csv", project=project)
        wa.write_stories(corpus, "verhalen.xlsx", project=project)
    corpus.key.save(tmp_path / "onderzoek", "vier gele laarzen zingen")
    for text in shown:
        assert found_in(text, secrets) == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".wijk", ".csv", ".xlsx", ".sleutel"}
    for path in files:
        content = path.read_bytes()
        assert found_in(content, secrets) == [], path.name
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as container:
                for name in container.namelist():
                    assert found_in(container.read(name), secrets) == [], name


def test_objects_errors_and_logs_leak_nothing(secrets, raw_file, caplog):
    caplog.set_level(logging.DEBUG)
    raw = wa.load_narratives(raw_file)
    masked = wa.mask(raw)
    shown = [repr(raw), str(raw.check_report), repr(masked), str(masked.privacy_report), caplog.text]
    shown += [masked.privacy_report.findings.to_csv(), masked.frame.to_csv(), repr(masked.provenance)]
    for action in (
        lambda: wa.find_themes(raw),
        lambda: wa.load_narratives(raw_file, text="geen kolom"),
        lambda: wa.find_themes(masked, n_themes=400),
        lambda: wa.mask(raw).spec("nee"),
    ):
        with pytest.raises(wa.WijkError) as caught:
            action()
        shown.append(str(caught.value))
    for text in shown:
        assert found_in(text, secrets) == []
