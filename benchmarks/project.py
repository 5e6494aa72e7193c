"""How fast a large project file is: ``python -m benchmarks.project``.

10,000 stories composed of the sentences of the sample, 100,000 codings in 5,000 actions of twenty; then opening, one coding, one undo
and `check`, each a number of times, the middle one shown.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role

N_STORIES, N_CODINGS, BATCH, ROUNDS = 10_000, 100_000, 20, 9


def corpus(chance: random.Random) -> Corpus:
    """Return stories of about 120 words, of sentences drawn from the sample."""
    import pandas as pd

    sentences = [s for text in wa.load_sample().frame["text"] for s in re.split(r"(?<=[.!?])\s+", text)]
    ids = [f"v{number:05d}" for number in range(N_STORIES)]
    frame = pd.DataFrame(
        {
            "narrative_id": ids,
            "teller_id": ids,
            "text": [" ".join(chance.sample(sentences, 10)) for _ in ids],
        }
    )
    roles = (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT)
    specs = tuple(
        ColumnSpec(name=name, label=name, role=role) for name, role in zip(frame, roles, strict=True)
    )
    return Corpus(
        frame=frame,
        columns=specs,
        provenance=Provenance(source="samengesteld"),
        status=PrivacyStatus.REVIEWED,
    )


def coding(texts: dict[str, str], number: int, chance: random.Random) -> dict[str, object]:
    """Return a coding of a part of a random story."""
    narrative = chance.choice(list(texts))
    start = chance.randrange(max(1, len(texts[narrative]) - 120))
    quote = texts[narrative][start : start + chance.randrange(20, 120)]
    return {
        "narrative_id": narrative, "coder": "AB"[number % 2], "code": f"code {number % 12}", "start": start,
        "end": start + len(quote), "quote": quote,
    }  # fmt: skip


def measure(
    name: str, act: Callable[[], object], rounds: int = ROUNDS, after: Callable[[], object] = int
) -> None:
    """Print the middle of how long something takes, on the clock and of the processor; `after` is not counted."""
    took = []
    for _ in range(rounds):
        begin = time.perf_counter(), time.process_time()
        act()
        took.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
        after()
    clock, processor = (1000 * statistics.median(times) for times in zip(*took, strict=True))
    print(f"| {name} | {clock:.1f} | {processor:.1f} |")


def main() -> None:
    """Make the file, measure, print."""
    chance = random.Random(20261122)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "groot.wijk"
        stories = corpus(chance)
        texts = dict(zip(stories.frame["narrative_id"], stories.frame["text"], strict=True))
        print(f"belasting bij het begin: {os.getloadavg()[0]:.1f}")
        with wa.open_project(path) as project:
            measure("10.000 verhalen bewaren", lambda: project.keep_narratives(stories), 1)
            for first in range(0, N_CODINGS, BATCH):
                numbers = range(first, first + BATCH)
                project.decide(
                    {("codering", f"c{n}"): coding(texts, n, chance) for n in numbers}, action="gecodeerd"
                )
        print(f"bestand: {path.stat().st_size / 1e6:.0f} MB")
        opened = []

        def reopen() -> None:
            opened.append(wa.open_project(path))

        measure("openen en een kopie maken", reopen, 1, after=lambda: opened.pop().close())
        measure("openen", reopen, after=lambda: opened.pop().close())
        with wa.open_project(path) as project:
            numbers = iter(range(N_CODINGS, 2 * N_CODINGS))

            def code() -> None:
                n = next(numbers)
                project.decide({("codering", f"c{n}"): coding(texts, n, chance)}, action="gecodeerd")

            measure("één codering bewaren", code, 101)
            measure("één keer ongedaan", project.undo, 51)
            measure("idem, alleen coderingen", lambda: project.undo(["codering"]), 11)
            measure("één keer opnieuw", project.redo, 51)
            measure("alle codings lezen", lambda: project.decisions("codering"))
            measure("check()", project.check, 3)
            measure("opnieuw bewaren, niets veranderd", lambda: project.keep_narratives(stories), 3)
            measure("recheck()", project.recheck, 3)
            assert project.check().empty
        print(f"belasting aan het eind: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
