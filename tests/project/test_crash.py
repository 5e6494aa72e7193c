"""Nothing that was confirmed is lost, whatever happens to the process that wrote it."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from wijkanalyse.project import open_project

WRITE = """
import sys
from wijkanalyse.project import open_project
project = open_project(sys.argv[1], who=sys.argv[2])
print("begonnen", flush=True)
for n in range(int(sys.argv[3])):
    project.decide({("soort", f"{sys.argv[2]} {n}"): n, ("laatste", "samen"): n}, action="gezet")
    print(n, flush=True)
project.close()
"""


def writer(path, who, n):
    return subprocess.Popen(
        [sys.executable, "-c", WRITE, str(path), who, str(n)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.slow
def test_kill_in_the_middle_of_a_thousand_writes_fifty_times(tmp_path):
    chance = random.Random(20261122)
    n_interrupted = 0
    for run in range(50):
        path = tmp_path / f"{run}" / "p.wijk"
        path.parent.mkdir()
        process = writer(path, "Noor", 1000)
        assert process.stdout.readline() == "begonnen\n"
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        # The last line may be half when the process died in the middle of it.
        confirmed = [int(line) for line in process.communicate()[0].split("\n")[:-1]]
        n_interrupted += len(confirmed) < 1000
        with open_project(path) as project:
            held = project.decisions("soort")
            assert set(range(len(confirmed))) <= set(held.values())
            # Whole actions, in order: at most one that was written and not yet confirmed.
            assert sorted(held.values()) == list(range(len(held)))
            assert len(held) - len(confirmed) in (0, 1)
            assert project.decisions("laatste") == ({"samen": len(held) - 1} if held else {})
            assert project.check().empty
    assert n_interrupted >= 40


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["hier", "OneDrive"])  # with a WAL, and with a rollback journal
@pytest.mark.filterwarnings("ignore:Dit project staat in")
def test_two_processes_at_once_lose_nothing(tmp_path, folder):
    path = tmp_path / folder / "p.wijk"
    path.parent.mkdir()
    running = [writer(path, who, 250) for who in ("Noor", "Ali")]
    for process in running:
        process.communicate()
        assert process.returncode == 0
    with open_project(path) as project:
        held = project.decisions("soort")
        assert held == {f"{who} {n}": n for who in ("Ali", "Noor") for n in range(250)}
        log = project.log()
        assert len(log) == 500
        assert project.check().empty
        # What held before stands in the log as it was when the action was done: undoing all gives the start.
        for _ in range(500):
            assert project.undo()
        assert project.all_decisions() == {}
