"""Environments for the peers, and a process seen from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "wijkanalyse-benchmarks"
#: What pip installs, and what it installs after that without its dependencies: BERTopic then runs without sentence-transformers and torch.
NEEDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "deduce": (("deduce==3.0.6",), ()),
    "bertopic": (
        ("-c", "versies.txt", *"numpy pandas scikit-learn umap-learn hdbscan plotly tqdm pyyaml".split()),
        ("bertopic==0.17.4",),
    ),
    "turftopic": (("torch==2.13.0", "turftopic"), ()),
    "pyrefiqda": (("pyrefiqda==0.3.1",), ()),
    "taguette": (("taguette==1.5.2",), ()),
}
# One core for everybody: else waiting threads count as work.
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


class Run(NamedTuple):
    """One piece of work in a process of its own."""

    s: float  #: seconds on the clock, of the work alone
    cpu: float  #: seconds of processor time, of the work alone
    loading: float  #: processor time of the rest: starting, importing, reading what lies ready
    peak: float  #: MB at most, of the whole process


def environment(name: str, folder: Path) -> Path | str:
    """Return the Python of a peer, made when it is not there; or a Dutch line that says why there is none."""
    home = folder / f"omgeving-{name}"
    python, done = home / "bin" / "python", home / "uitkomst.txt"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
        pins = re.findall(r"^[\w.-]+==[^ \\]+(?: ; [^\\\n]*)?", lock, re.MULTILINE)
        (folder / "versies.txt").write_text("\n".join(pins), encoding="utf-8")
        together, alone = NEEDS[name]
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        steps = [[sys.executable, "-m", "venv", "--clear", str(home)], [*pip, *together]]
        if alone:
            steps.append([*pip, "--no-deps", *alone])
        said = ""
        for step in steps:
            outcome = subprocess.run(step, capture_output=True, text=True, check=False, cwd=folder)
            if outcome.returncode:
                said = (outcome.stderr.strip() or "onbekende fout").splitlines()[-1][:200]
                break
        home.mkdir(exist_ok=True)
        done.write_text(said, encoding="utf-8")
    failed = done.read_text(encoding="utf-8")
    return f"{name} is niet te installeren: {failed}" if failed else python


def version(name: str, python: Path) -> str:
    code = f"import importlib.metadata as m; print(m.version({name!r}))"
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True)
    return f"{name} {done.stdout.strip()}"


def watch(command: Sequence[str]) -> Run | str:
    """Run a command that prints its own seconds, and see from outside what it took; or say what went wrong."""
    env = {**os.environ, **ONE_CORE, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as said,
        subprocess.Popen(list(command), stdout=subprocess.PIPE, stderr=said, text=True, env=env) as process,
    ):
        lines = process.stdout.read().splitlines() if process.stdout else []
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        last = (said.read().strip().splitlines() or [""])[-1][:120]
    if process.returncode or not lines:
        return f"gestopt ({process.returncode}): {last}"
    clock = json.loads(lines[-1])
    rest = usage.ru_utime + usage.ru_stime - clock["cpu"]
    return Run(clock["s"], clock["cpu"], max(rest, 0.0), usage.ru_maxrss / 1024)
