"""Time and memory: every measurement in a process of its own, seen by its parent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

import wijkanalyse as wa
from benchmarks.themes.cases import Array, make_corpus
from benchmarks.themes.tables import number, print_table
from wijkanalyse.language import sentences

N_COLD, N_BIG, N_LARGE, N_WORDS = 240, 10_000, 100_000, 120


def recombine(n: int, seed: int = 2022, texts: Iterable[str] | None = None) -> list[str]:
    """Return `n` stories of `N_WORDS` words, each of sentences drawn from two of the texts; default those of the sample."""
    random = np.random.default_rng(seed)
    every = wa.load_sample().frame["text"] if texts is None else texts
    pool = [[text[start:end].split() for start, end in sentences(text)] for text in every]
    stories = []
    for one, other in draw_pairs(n, len(pool), random):
        source = pool[one] + pool[other]
        words: list[str] = []
        while len(words) < N_WORDS:
            words += source[random.integers(len(source))]
        stories.append(" ".join(words[:N_WORDS]))
    return stories


def draw_pairs(n: int, size: int, random: np.random.Generator) -> Array:
    """Return which two texts each story is made of, shape (n, 2)."""
    return random.integers(0, size, (n, 2))


def child(n_stories: int) -> None:
    """Say when the stories are ready and when their themes are; the small corpus goes twice."""
    if n_stories > N_COLD:
        corpus = make_corpus(recombine(n_stories))
    else:
        corpus = make_corpus(wa.load_sample().frame["text"][:n_stories].tolist())
    for _ in range(2 if n_stories <= N_COLD else 1):
        print("start", flush=True)
        themes = wa.find_themes(corpus)
        print("klaar", len(themes.firmness), flush=True)


class Timing(NamedTuple):
    """What the parent saw of a child."""

    said: list[float]  #: seconds since its start, for every line it printed
    processor: float  #: seconds of processor time, all of it
    peak: float  #: MB
    n_themes: str


def time_child(n_stories: int) -> Timing:
    command = [sys.executable, "-m", "benchmarks.themes", "--child", str(n_stories)]
    started, said, last = time.perf_counter(), [], ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            said.append(time.perf_counter() - started)
            last = line.strip()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"De meting van {n_stories} verhalen is gestopt ({process.returncode}).")
    return Timing(said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, last.split()[-1])


def speed_rows(*, large: bool) -> Iterator[list[str]]:
    small = time_child(N_COLD)
    cold, warm = small.said[1], small.said[3] - small.said[2]
    yield [f"{N_COLD} verhalen, koud (vanaf het starten van Python)", number(cold, 1), "", small.n_themes, ""]
    both = f"{number(small.processor, 1)} (samen)"
    yield [f"{N_COLD} verhalen, warm", number(warm, 1), both, small.n_themes, f"{small.peak:.0f}"]
    for n_stories in (N_BIG, N_LARGE) if large else (N_BIG,):
        timing = time_child(n_stories)
        name = f"{n_stories:,} verhalen van {N_WORDS} woorden".replace(",", ".")
        seconds = number(timing.said[1] - timing.said[0], 1)
        yield [name, seconds, number(timing.processor, 1), timing.n_themes, f"{timing.peak:.0f}"]


def print_speed(*, large: bool) -> None:
    print("### Snelheid: `wa.find_themes` met stevigheid, elk in een eigen proces\n")
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"Belasting van de machine bij het begin: {number(load, 1)} op {cores} kernen.\n")
    header = ("wat", "s", "s processortijd, met inlezen en samenstellen", "thema’s", "piek in MB")
    print_table(header, speed_rows(large=large))
    print(
        f"De {N_COLD} zijn de eerste van het voorbeeld. De grote corpora zijn samengesteld: elk verhaal bestaat uit zinnen "
        "van twee verhalen uit het voorbeeld, getrokken met een vast toevalsgetal. Hun woordenschat is dus kleiner dan "
        "van evenveel echte verhalen. Het samenstellen telt mee in de piek, niet in de tijd."
    )
