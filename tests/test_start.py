"""`start.py`: one clear Dutch sentence for whatever goes wrong, and half an install is repaired."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def start(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "requirements-test.lock"):
        (tmp_path / name).write_text("een==1 \\\n    --hash=sha256:0\ntwee==2\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(venv))
    monkeypatch.setattr(module, "PYTHON", str(venv / "bin" / "python"))
    monkeypatch.setattr(module, "BUSY", str(venv / "bezig"))
    return module


@pytest.fixture
def quick(start, monkeypatch):
    """Replace what takes minutes by a record of the calls; the venv itself is an empty folder."""
    calls = []

    def run(command, **_):
        calls.append(command)
        if "venv" in command:
            Path(start.PYTHON).parent.mkdir(parents=True, exist_ok=True)
            if "--clear" in command:
                for path in Path(start.VENV).glob("*"):
                    if path.is_file():
                        path.unlink()
            Path(start.PYTHON).write_text("")
        return SimpleNamespace(
            returncode=0, stdout=b"bertopic 0.17.4 requires sentence-transformers, which is not installed.\n"
        )

    monkeypatch.setattr(start.subprocess, "run", run)
    monkeypatch.setattr(start.subprocess, "call", lambda command, **_: calls.append(command) or 0)
    monkeypatch.setattr(start, "pip", lambda arguments, total=0: calls.append(["pip", *arguments]))
    return calls


def test_old_python_meets_a_sentence_not_a_traceback():
    # The file must parse under old versions, so no f-strings or annotations.
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.JoinedStr | ast.NamedExpr | ast.AnnAssign) for node in ast.walk(tree))
    code = (
        "import sys, runpy; sys.version_info = (3, 8, 1); "
        f"sys.argv = ['start.py']; runpy.run_path({str(ROOT / 'start.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("Dit programma heeft Python 3.11, 3.12 of 3.13 nodig; dit is Python 3.8.")
    assert "Traceback" not in done.stderr


def test_first_time_installs_the_lock_and_itself(start, quick):
    start.set_up("basis")
    pips = [call for call in quick if call[0] == "pip"]
    assert pips[0][1:4] == ["install", "--require-hashes", "--no-deps"]
    assert pips[0][-1].endswith("requirements.lock")
    assert pips[1][-2:] == ["-e", start.ROOT]
    assert not Path(start.BUSY).exists()


def test_second_time_does_nothing(start, quick):
    start.set_up("basis")
    quick.clear()
    start.set_up("basis")
    assert quick == []


def test_the_test_set_is_enough_for_daily_use(start, quick):
    start.set_up("test")
    quick.clear()
    start.set_up("basis")
    assert quick == []


def test_a_changed_lock_installs_again_without_starting_over(start, quick):
    start.set_up("basis")
    quick.clear()
    Path(start.ROOT, "requirements.lock").write_text("een==2\n", encoding="utf-8")
    start.set_up("basis")
    assert any(call[0] == "pip" for call in quick)
    assert not any("venv" in call for call in quick)


def test_windows_line_ends_are_no_reason_to_install_again(start, quick):
    start.set_up("basis")
    quick.clear()
    lock = Path(start.ROOT, "requirements.lock")
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    start.set_up("basis")
    assert quick == []


def test_half_an_install_is_made_anew(start, quick):
    Path(start.PYTHON).parent.mkdir(parents=True)
    Path(start.PYTHON).write_text("")
    Path(start.BUSY).write_text("")
    start.set_up("basis")
    assert any("--clear" in call for call in quick)
    assert not Path(start.BUSY).exists()


def test_a_full_disk_is_said_before_anything_is_made(start, monkeypatch):
    monkeypatch.setattr(start.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    with pytest.raises(start.Stop, match="De schijf is vol"):
        start.set_up("basis")
    assert not Path(start.VENV).exists()


def test_a_disk_that_fills_up_half_way(start, quick, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(start, "pip", full)
    with pytest.raises(start.Stop, match="De schijf is vol"):
        start.set_up("basis")
    assert Path(start.BUSY).exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "De schijf is vol",
        ),
        ("NewConnectionError('Failed to establish a new connection: [Errno 101]", "geen verbinding"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "geen verbinding"),
        ("PermissionError: [Errno 13] Permission denied", "mag niet geschreven worden"),
        ("something else", "iets anders"),
    ],
)
def test_every_failure_has_its_sentence(start, output, sentence):
    assert sentence in start.explain(output, "iets anders")


def test_no_network_is_one_sentence(start, tmp_path):
    """With a package index that nobody answers, the real pip fails and the user reads what to do."""
    Path(start.VENV).mkdir()
    Path(start.BUSY).write_text("")
    start.PYTHON = sys.executable
    old = dict(os.environ)
    os.environ.update(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        os.environ.pop(name, None)
    try:
        with pytest.raises(start.Stop, match="geen verbinding met internet"):
            start.pip(["download", "--no-deps", "-d", str(tmp_path / "d"), "wijkanalyse-bestaat-niet"])
    finally:
        os.environ.clear()
        os.environ.update(old)
    # pip had changed nothing, so nothing has to be made anew.
    assert not Path(start.BUSY).exists()


def test_an_unexpected_conflict_is_shown(start, quick, monkeypatch):
    answer = SimpleNamespace(returncode=1, stdout=b"a 1 requires b, which is not installed.\n")
    monkeypatch.setattr(start.subprocess, "run", lambda *_, **__: answer)
    with pytest.raises(start.Stop, match="Het installeren lukte niet"):
        start.check()


def test_help_is_dutch(start, capsys):
    assert start.main(["--help"]) == 0
    assert "werkbank" in capsys.readouterr().out
