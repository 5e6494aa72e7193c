"""`python -m benchmarks.scale --verhalen 1000000 --map …`: from Parquet to the theme of every story, on a worker per core.

Stories of 120 words, composed of sentences of the raw sample with a fixed seed; one in ten tellers told a second one.
The time starts before the cluster does. Memory and processor time are those of all processes together, seen twice a second.
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

import psutil

import wijkanalyse as wa
from benchmarks.themes.speed import recombine
from wijkanalyse.scale import process

PER_FILE = 10_000


def make(folder: Path, n_stories: int) -> None:
    """Write the stories, once."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, n_stories, PER_FILE):
        path = folder / f"deel-{start // PER_FILE:04d}.parquet"
        if path.exists():
            continue
        numbers = range(start, min(start + PER_FILE, n_stories))
        tellers = [n * 7919 % n_stories if n % 10 == 9 else n for n in numbers]
        table = {
            "narrative_id": [f"v{n:08d}" for n in numbers],
            "teller_id": [f"p{n:08d}" for n in tellers],
            "text": recombine(len(numbers), seed=2022 + start, texts=wa.load_sample(raw=True).frame["text"]),
        }
        parquet.write_table(pa.table(table), path)


class Watch(threading.Thread):
    """Peak memory and processor time of this process and all it started."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.largest, self.seconds, self.ended = 0, 0, dict[int, float](), threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.ended.wait(0.5):
            sizes = []
            for one in (me, *me.children(recursive=True)):
                try:
                    sizes.append(one.memory_full_info().pss)
                    self.seconds[one.pid] = sum(one.cpu_times()[:2])
                except psutil.NoSuchProcess:
                    continue
            self.peak, self.largest = max(self.peak, sum(sizes)), max(self.largest, *sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verhalen", type=int, default=100_000)
    parser.add_argument("--map", type=Path, required=True)
    parser.add_argument("--cluster", default="lokaal")
    asked = parser.parse_args()
    stories = asked.map / f"verhalen-{asked.verhalen}"
    make(stories, asked.verhalen)
    watch, start = Watch(), time.perf_counter()
    watch.start()
    cluster = None if asked.cluster == "nee" else asked.cluster

    def say(step: str, *_: int) -> None:
        print(f"{time.perf_counter() - start:8.0f} s  {step}", flush=True)

    outcome = process(stories, asked.map / "uit", cluster=cluster, report=say)
    say("klaar")
    watch.ended.set()
    print(
        f"{outcome.n_narratives} verhalen, {len(outcome.themes.firmness)} thema’s: {sum(watch.seconds.values()):.0f} s processortijd, "
        f"piek {watch.peak / 2**20:.0f} MB samen, {watch.largest / 2**20:.0f} MB in één proces; belasting {psutil.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
