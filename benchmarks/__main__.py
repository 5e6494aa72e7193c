"""Everything measured beside the peers, in one command: ``python -m benchmarks [--sizes …] [--rounds 5] [--only …] [--no-peers] [--map MAP]``.

Makes an environment for each peer outside the project (the first time that takes minutes), and runs every stage and every peer in
processes of their own, in turns. What is measured stays in the folder, so a run can be done in parts; the table is of all of it.
Prints Markdown and draws the cost against the number of stories. ``python -m benchmarks check`` holds the stages against the ratios that
are stored, without peers; ``check --bewaar`` stores them anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from benchmarks import check
from benchmarks.chart import draw, slope
from benchmarks.running import CACHE, NEEDS, Run, environment, version, watch
from benchmarks.stages import BARE, STAGES
from benchmarks.themes.tables import number, print_table

PEER = Path(__file__).with_name("peer.py")
SIZES, MANY, MANY_ROUNDS = (240, 1_000, 10_000), 10_000, 1
ALL_SIZES = (*SIZES, 100_000)
#: Peers beside a stage, and the texts they get.
PEERS = {"maskeren": ("deduce",), "thema’s heel": ("bertopic", "turftopic")}
TEXTS = {"maskeren": "laden.json", "thema’s heel": "maskeren.json"}
QUALITY = "kwaliteit"
Outcome = dict[tuple[str, str], list[Run] | str]  # stage and who → runs, or why there are none


def contestants(
    stage: str, folder: Path, cache: Path, *, peers: bool
) -> Iterator[tuple[str, list[str] | str]]:
    """Yield who does the work of a stage, and the command; or why it cannot."""
    mine = [sys.executable, "-m", "benchmarks.stages"]
    yield "wijkanalyse", [*mine, stage, str(folder)]
    if stage in BARE:
        yield BARE[stage][0], [*mine, f"kaal:{stage}", str(folder)]
    for name in PEERS.get(stage, ()) if peers else ():
        python = environment(name, cache)
        target = folder / f"{name}.json"
        command = [str(python), str(PEER), name, str(folder / TEXTS[stage]), str(target)]
        yield name, python if isinstance(python, str) else command


def measure(n: int, stages: Sequence[str], rounds: int, cache: Path, *, peers: bool = True) -> Outcome:
    """Run the stages in their order, each followed by its peers, round after round; every outcome is kept at once."""
    folder = cache / f"verhalen-{n}"
    subprocess.run([sys.executable, "-m", "benchmarks.stages", str(n), str(folder)], check=True)
    outcome = {key: runs for key, runs in kept(folder).items() if key[0] not in stages}
    for round_ in range(rounds):
        for stage in stages:
            for who, command in contestants(stage, folder, cache, peers=peers):
                run = command if isinstance(command, str) else watch(command)
                before = outcome.get((stage, who), [])
                if isinstance(run, str) or isinstance(before, str):
                    outcome[stage, who] = run if isinstance(run, str) else before
                else:
                    outcome[stage, who] = [*before, run]
                print(f"{round_ + 1}/{rounds} {n} {stage}, {who}: {run}", file=sys.stderr, flush=True)
                rows = json.dumps([[*key, runs] for key, runs in outcome.items()])
                (folder / "metingen.json").write_text(rows, encoding="utf-8")
    return outcome


def kept(folder: Path) -> Outcome:
    """Return what was measured of the stories in a folder."""
    path = folder / "metingen.json"
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {
        (stage, who): runs if isinstance(runs, str) else [Run(*run) for run in runs]
        for stage, who, runs in rows
    }


def compared(found: Outcome, *, keep: bool) -> int:
    """Hold the ratios to bare libraries against the stored ones."""
    bare = {stage: name for stage, (name, _) in BARE.items()}
    wanted = {key: runs for key, runs in found.items() if key[1] in ("wijkanalyse", bare.get(key[0]))}
    if stopped := [
        f"{stage}, {who}: {runs}" for (stage, who), runs in wanted.items() if isinstance(runs, str)
    ]:
        print("\n".join(["Niet alles liep door, dus er valt niets te vergelijken.", *stopped]))
        return 1
    ours = {stage: runs for (stage, who), runs in wanted.items() if who == "wijkanalyse"}
    beside = {stage: runs for (stage, who), runs in wanted.items() if who != "wijkanalyse"}
    return check.verdict(check.ratios(ours, beside), keep=keep)


def table(every: dict[int, Outcome], quality: Sequence[Sequence[str]]) -> None:
    """Print who took what for each stage, and what came out."""
    rows, made = [], {(stage, who): said for stage, who, said in quality}
    for stage in STAGES:
        for who in dict.fromkeys(who for found in every.values() for at, who in found if at == stage):
            costs, most, ratio, loading = costs_of(every, stage, who), 0, "", ""
            if costs:
                most = max(costs)
                loading = number(statistics.median(run.loading for run in every[most][stage, who]), 1)
            if costs and who != "wijkanalyse":
                pairs = zip(every[most][stage, "wijkanalyse"], every[most][stage, who], strict=False)
                ratio = number(statistics.median(one.cpu / other.cpu for one, other in pairs), 2)
            power = number(slope(costs), 2) if len(costs) > 1 else ""
            cells = (cell(found.get((stage, who), [])) for found in every.values())
            rows.append([stage, who, *cells, power, ratio, loading, made.pop((stage, who), "")])
    rows += [[stage, who, *[""] * (len(every) + 3), said] for (stage, who), said in made.items()]
    names = [f"{n:,}".replace(",", ".") for n in every]
    print_table(("stap", "wie", *names, "helling", "wij zijn keer", "starten, s", "wat eruit komt"), rows)


def costs_of(every: dict[int, Outcome], stage: str, who: str) -> dict[int, float]:
    """Return the seconds of processor time per number of stories; nothing where it was not measured."""
    runs = {n: found.get((stage, who), []) for n, found in every.items()}
    return {
        n: statistics.median(run.cpu for run in some)
        for n, some in runs.items()
        if some and not isinstance(some, str)
    }


def cell(runs: Sequence[Run] | str) -> str:
    if isinstance(runs, str) or not runs:
        return str(runs or "")
    seconds, clock, peak = (
        statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "s", "peak")
    )
    said = [number(value, 2 if value < 10 else 0) for value in (seconds, clock)]
    return f"{said[0]} s (klok {said[1]}), {peak:.0f} MB, {len(runs)}×"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", nargs="?", choices=("meet", "tabel", "check"), default="meet", help="tabel: meet niets"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="aantallen verhalen; ook 100000 kan"
    )
    parser.add_argument("--rounds", type=int, default=5, help=f"boven {MANY} verhalen altijd {MANY_ROUNDS}")
    parser.add_argument(
        "--only", nargs="+", choices=[*STAGES, QUALITY], default=[*STAGES, QUALITY], help="een deel"
    )
    parser.add_argument(
        "--map", type=Path, default=CACHE, help=f"map voor omgevingen en metingen (standaard {CACHE})"
    )
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="meet ook andere programma’s"
    )
    parser.add_argument("--bewaar", action="store_true", help="bewaar de verhoudingen waar check naar kijkt")
    asked = parser.parse_args(arguments)
    cache, stages = asked.map.expanduser().resolve(), [stage for stage in STAGES if stage in asked.only]
    if asked.what == "check":
        return compared(
            measure(check.SIZE, list(STAGES), check.ROUNDS, cache, peers=False), keep=asked.bewaar
        )
    load, lines = os.getloadavg()[0], cache / "kwaliteit.json"
    if asked.what == "meet":
        for n in asked.sizes if stages else ():
            measure(n, stages, asked.rounds if n <= MANY else MANY_ROUNDS, cache, peers=asked.peers)
        if QUALITY in asked.only:
            from benchmarks.quality import exchange_rows, mask_rows, theme_rows

            rows = [*mask_rows(cache), *theme_rows(cache, asked.rounds), *exchange_rows(cache)]
            lines.write_text(json.dumps(rows), encoding="utf-8")
    pythons = {name: environment(name, cache) for name in NEEDS}
    peers = [version(name, python) for name, python in pythons.items() if isinstance(python, Path)]
    ours = [
        f"{name} {metadata.version(name)}" for name in ("numpy", "pandas", "scikit-learn", "spacy", "plotly")
    ]
    print(
        f"Python {platform.python_version()}, {', '.join([*ours, *peers])}; {platform.machine()}, {os.cpu_count()} kernen,"
    )
    print(f"belasting {number(load, 1)} aan het begin en {number(os.getloadavg()[0], 1)} aan het eind.\n")
    every = {n: found for n in sorted(ALL_SIZES) if (found := kept(cache / f"verhalen-{n}"))}
    table(every, json.loads(lines.read_text(encoding="utf-8")) if lines.exists() else [])
    costs = {stage: costs_of(every, stage, "wijkanalyse") for stage in STAGES}
    draw({stage: points for stage, points in costs.items() if points}, Path(__file__).with_name("kosten.svg"))
    return compared(every[check.SIZE], keep=True) if asked.bewaar and check.SIZE in every else 0


if __name__ == "__main__":
    sys.exit(main())
