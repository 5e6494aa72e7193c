"""Everything measured beside the peers, in one command: ``python -m benchmarks [--sizes …] [--rounds 5] [--only …] [--map MAP]``.

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
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from benchmarks import check
from benchmarks.chart import draw, slope
from benchmarks.running import CACHE, Run, environment, version, watch
from benchmarks.stages import BARE, STAGES, write_stories
from benchmarks.themes.tables import number, print_table

PEER = Path(__file__).with_name("peer.py")
SIZES, MANY, MANY_ROUNDS = (240, 1_000, 10_000), 10_000, 1
#: Peers beside a stage, and the texts they get.
PEERS = {"maskeren": ("deduce",), "thema’s heel": ("bertopic", "turftopic")}
TEXTS = {"maskeren": "ruw.json", "thema’s heel": "gemaskeerd.json"}
QUALITY = "kwaliteit"
Key = tuple[int, str, str]


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


def measure(
    n: int, stages: Sequence[str], rounds: int, cache: Path, *, peers: bool
) -> dict[Key, list[Run] | str]:
    """Run the stages in their order, each followed by its peers, round after round."""
    folder = cache / f"verhalen-{n}"
    folder.mkdir(parents=True, exist_ok=True)
    write_stories(folder / "verhalen.csv", n)
    outcome: dict[Key, list[Run] | str] = {}
    for number_of in range(rounds):
        for stage in stages:
            for who, command in contestants(stage, folder, cache, peers=peers):
                key = n, stage, who
                run = command if isinstance(command, str) else watch(command)
                before = outcome.setdefault(key, [] if isinstance(run, Run) else run)
                if isinstance(before, list) and isinstance(run, Run):
                    before.append(run)
                print(f"  {number_of + 1}/{rounds} {n} {stage}, {who}: {run}", file=sys.stderr, flush=True)
    return outcome


def checked(cache: Path, *, keep: bool) -> int:
    """Measure the stages beside bare libraries alone, and compare."""
    found = measure(check.SIZE, list(STAGES), check.ROUNDS, cache, peers=False)
    if stopped := [
        f"{stage}, {who}: {runs}" for (_, stage, who), runs in found.items() if isinstance(runs, str)
    ]:
        print("\n".join(["Niet alles liep door, dus er valt niets te vergelijken.", *stopped]))
        return 1
    ours = {stage: runs for (_, stage, who), runs in found.items() if who == "wijkanalyse"}
    bare = {stage: runs for (_, stage, who), runs in found.items() if who != "wijkanalyse"}
    return check.verdict(check.ratios(ours, bare), keep=keep)


def kept(path: Path) -> dict[Key, list[Run] | str]:
    """Return what was measured before, in this folder."""
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {
        (n, stage, who): runs if isinstance(runs, str) else [Run(*run) for run in runs]
        for n, stage, who, runs in rows
    }


def table(found: dict[Key, list[Run] | str], quality: Sequence[Sequence[str]]) -> None:
    """Print who took what, of all that lies in the folder."""
    sizes = sorted({n for n, _, _ in found})
    names = [f"{n:,}".replace(",", ".") for n in sizes]
    rows = []
    for stage, who in sorted({(stage, who) for _, stage, who in found}, key=lambda pair: (list(STAGES).index(pair[0]), pair[1] != "wijkanalyse")):  # fmt: skip
        runs = {n: found.get((n, stage, who), []) for n in sizes}
        costs = {n: statistics.median(run.cpu for run in every) for n, every in runs.items() if every and not isinstance(every, str)}  # fmt: skip
        largest = runs[max(costs)] if costs else []
        cells = [runs[n] if isinstance(runs[n], str) else cell(runs[n]) for n in sizes]
        times = [
            statistics.median(one.cpu / other.cpu for one, other in zip(mine, largest, strict=False))
            for mine in [found.get((max(costs), stage, "wijkanalyse"), [])] if who != "wijkanalyse" and largest and mine
        ] if costs else []  # fmt: skip
        rows.append(
            [
                stage, who, *cells, number(slope(costs), 2) if len(costs) > 1 else "",
                number(times[0], 2) if times else "",
                number(statistics.median(run.loading for run in largest), 1) if largest else "",
            ]
        )  # fmt: skip
    print_table(("stap", "wie", *names, "helling", "wijkanalyse is keer zo duur", "starten, s"), rows)
    print_table(("stap", "wie", "wat eruit komt"), quality)


def cell(runs: Sequence[Run]) -> str:
    if not runs:
        return ""
    seconds, clock, peak = (
        statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "s", "peak")
    )
    return f"{number(seconds, 2 if seconds < 10 else 0)} s ({number(clock, 2 if clock < 10 else 0)}); {peak:.0f} MB; {len(runs)}×"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", nargs="?", choices=("meet", "check", "tabel"), default="meet", help="tabel: meet niets"
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
    parser.add_argument("--bewaar", action="store_true", help="bij check: bewaar wat nu gemeten is")
    asked = parser.parse_args(arguments)
    cache = asked.map.expanduser().resolve()
    if asked.what == "check":
        return checked(cache, keep=asked.bewaar)
    said, lines = cache / "metingen.json", cache / "kwaliteit.json"
    found, quality = kept(said), json.loads(lines.read_text(encoding="utf-8")) if lines.exists() else []
    load = os.getloadavg()[0]
    if asked.what == "meet":
        cache.mkdir(parents=True, exist_ok=True)
        stages = [stage for stage in STAGES if stage in asked.only]
        for n in asked.sizes if stages else ():
            rounds = asked.rounds if n <= MANY else MANY_ROUNDS
            found |= measure(n, stages, rounds, cache, peers=True)
            said.write_text(json.dumps([[*key, runs] for key, runs in found.items()]), encoding="utf-8")
        if QUALITY in asked.only:
            from benchmarks.quality import exchange_rows, mask_rows, theme_rows

            quality = [*mask_rows(cache), *theme_rows(cache, asked.rounds), *exchange_rows(cache)]
            lines.write_text(json.dumps(quality), encoding="utf-8")
    pythons = {
        name: environment(name, cache)
        for name in ("deduce", "bertopic", "turftopic", "pyrefiqda", "taguette")
    }
    peers = [version(name, python) for name, python in pythons.items() if isinstance(python, Path)]
    ours = [
        f"{name} {metadata.version(name)}" for name in ("numpy", "pandas", "scikit-learn", "spacy", "plotly")
    ]
    print(
        f"Python {platform.python_version()}, {', '.join([*ours, *peers])}; {platform.machine()}, {os.cpu_count()} kernen,"
    )
    print(f"belasting {number(load, 1)} aan het begin en {number(os.getloadavg()[0], 1)} aan het eind.\n")
    table(found, quality)
    ours_only = {
        stage: {n: statistics.median(run.cpu for run in runs) for (n, at, who), runs in found.items() if at == stage and who == "wijkanalyse"}
        for stage in STAGES
    }  # fmt: skip
    draw(
        {stage: costs for stage, costs in ours_only.items() if costs}, Path(__file__).with_name("kosten.svg")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
