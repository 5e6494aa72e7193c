"""How fast a large table is loaded, beside bare pandas: ``python -m benchmarks.loaders [--stories 100000] [--rounds 5]``.

Stories of about 120 words, of sentences of the sample, as CSV and as XLSX. Every load is a process of its own; the ways take turns, so
that other work on the machine weighs on all of them. Prints the middle of the seconds (without imports) and of the highest memory of the
process and its children, and both as a multiple of bare pandas. pandas finds no roles, copies, languages or numbers. Text is kept
as without pyarrow, which is no part of the basis.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = {
    "csv, pandas": "pd.read_csv(PATH + '.csv', sep=';')",
    "csv, wijkanalyse": "wa.load_narratives(PATH + '.csv')",
    "xlsx, pandas met openpyxl": "pd.read_excel(PATH + '.xlsx', engine='openpyxl')",
    "xlsx, pandas met calamine": "pd.read_excel(PATH + '.xlsx', engine='calamine')",
    "xlsx, wijkanalyse": "wa.load_narratives(PATH + '.xlsx')",
}
BESIDE = {
    "csv, wijkanalyse": ("csv, pandas",),
    "xlsx, wijkanalyse": ("xlsx, pandas met openpyxl", "xlsx, pandas met calamine"),
}


def make(folder: Path, n_stories: int) -> Path:
    """Write the stories as CSV and XLSX; return their path without the extension."""
    import openpyxl

    import wijkanalyse as wa

    chance = random.Random(20261122)
    sentences = [s for text in wa.load_sample().frame["text"] for s in re.split(r"(?<=[.!?])\s+", text)]
    rows = [["nr", "Verhaal", "Ik ben"]]
    for number in range(n_stories):
        text = " ".join(chance.sample(sentences, 10))
        rows.append([f"V{number}", text, chance.choice(["inwoner", "professional"])])
    path = folder / "verhalen"
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path


def measure(way: str, path: Path) -> tuple[float, float]:
    """Return the seconds that a way takes, and the MB that its process and children have at most."""
    import psutil

    code = (
        "import time, pandas as pd, wijkanalyse as wa\nwa.load_narratives\n"
        "pd.set_option('mode.string_storage', 'python')\n"
        f"PATH = {str(path)!r}\nbegin = time.perf_counter()\n{WAYS[way]}\nprint(time.perf_counter() - begin)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    peak = 0
    while child.poll() is None:
        try:
            family = [psutil.Process(child.pid), *psutil.Process(child.pid).children(recursive=True)]
            peak = max(peak, sum(one.memory_info().rss for one in family))
        except psutil.NoSuchProcess:
            pass
        time.sleep(0.02)
    return float(child.communicate()[0]), peak / 1e6


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), asked.stories)
        print(f"{asked.stories} verhalen, {asked.rounds} ronden, belasting {os.getloadavg()[0]:.1f}")
        rounds = [{way: measure(way, path) for way in asked.ways} for _ in range(asked.rounds)]
    print("| manier | s | MB | keer de tijd | keer het geheugen |\n|---|---|---|---|---|")
    for way in asked.ways:
        seconds, memory = (statistics.median(one[way][part] for one in rounds) for part in (0, 1))
        # A ratio within a round: what else the machine did weighs on both.
        ratios = [
            " / ".join(
                f"{statistics.median(one[way][p] / one[bare][p] for one in rounds):.2f}" for bare in beside
            )
            for p in (0, 1)
            if (beside := [bare for bare in BESIDE.get(way, ()) if bare in asked.ways])
        ]
        print(f"| {way} | {seconds:.1f} | {memory:.0f} | {' | '.join(ratios or ['', ''])} |")
    print(f"belasting aan het eind: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
