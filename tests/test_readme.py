"""Every command and snippet of the README works as printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import wijkanalyse as wa
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.privacy.review import Review

ROOT = SAMPLE_FOLDER.parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.strip()
    for block in re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    """A folder with a workbook of one's own, whose story column has a short name."""
    book = openpyxl.load_workbook(SAMPLE_FOLDER / "vertelpunt.xlsx")
    header = next(book.active.iter_rows(max_row=1))
    next(cell for cell in header if str(cell.value).startswith("Vertel over")).value = "Wat gebeurde er?"
    book.save(tmp_path / "verhalen.xlsx")
    (tmp_path / "namen.txt").write_text("kwabs\n", encoding="utf-8")
    return tmp_path


def start(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "start.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, encoding="utf-8", timeout=600)


def review_everything(path: Path, project: Path) -> None:
    project.parent.mkdir()
    with wa.open_project(project, who="Noor") as opened:
        review = Review(wa.mask(wa.load_narratives(path), project=opened), opened)
        for narrative_id in review.order:
            review.read(narrative_id)


def test_the_readme_has_the_two_commands():
    assert COMMANDS[:2] == ["python3 start.py", "python3 start.py test"]


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".venv" / "klaar-test").exists(), reason="not set up by start.py")
@pytest.mark.parametrize("command", COMMANDS)
def test_command(command, folder):
    import shlex

    program, script, *arguments = shlex.split(command)
    assert (program, script) == ("python3", "start.py")
    if arguments[:1] == ["test"]:
        # The whole run would start itself; that it collects shows that the command is right.
        arguments = ["test", "--collect-only", "-q", str(ROOT / "tests" / "test_readme.py")]
    if arguments[:1] == ["lab"]:
        (folder / "mijn-onderzoek").mkdir()
        arguments = ["lab", "--help"]  # that it opens is shown by test_lab_starts_and_asks_for_a_token
    if "--project" in arguments:
        review_everything(folder / "verhalen.xlsx", folder / "mijn-onderzoek" / "onderzoek.wijk")
    done = start(arguments, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    if not arguments or arguments[0] == "verwerk":
        assert (folder / "uitvoer" / "themakaart.html").exists()
    if not arguments:
        assert "lab" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippet(snippet, folder):
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", snippet],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "uitvoer" / "themakaart.html").exists()


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (ROOT / target).exists(), target
    for name in re.findall(r"`(notebooks/[^`]+)`", README):
        assert (ROOT / name).exists()
