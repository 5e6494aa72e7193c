"""How fast a large project file is: ``python -m benchmarks.project``.

10,000 stories composed of the sentences of the sample, 100,000 codings in 5,000 actions of twenty; then opening, one coding, one undo
and `check`, each a number of times, the middle one shown.
"""

from __future__ import annotations

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


def middle(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the middle of how long something takes, in ms."""
    took = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        took.append(1000 * (time.perf_counter() - begin))
    return statistics.median(took)


def main() -> None:
    """Make the file, measure, print."""
    chance = random.Random(20261122)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "groot.wijk"
        stories = corpus(chance)
        texts = dict(zip(stories.frame["narrative_id"], stories.frame["text"], strict=True))
        with wa.open_project(path) as project:
            print(f"verhalen bewaren: {middle(lambda: project.keep_narratives(stories), 1):.0f} ms")
            for first in range(0, N_CODINGS, BATCH):
                numbers = range(first, first + BATCH)
                project.decide(
                    {("codering", f"c{n}"): coding(texts, n, chance) for n in numbers}, action="gecodeerd"
                )
        print(f"bestand: {path.stat().st_size / 1e6:.0f} MB")
        opened = []

        def reopen() -> None:
            opened.append(wa.open_project(path))

        print(f"openen, met nieuwe kopie: {middle(reopen, 1):.0f} ms")
        opened.pop().close()
        seconds = []
        for _ in range(ROUNDS):
            seconds.append(middle(reopen, 1))
            opened.pop().close()
        print(f"openen: {statistics.median(seconds):.0f} ms")
        with wa.open_project(path) as project:
            numbers = iter(range(N_CODINGS, 2 * N_CODINGS))

            def code() -> None:
                n = next(numbers)
                project.decide({("codering", f"c{n}"): coding(texts, n, chance)}, action="gecodeerd")

            print(f"één codering: {middle(code, 101):.1f} ms")
            print(f"ongedaan: {middle(project.undo, 51):.1f} ms")
            print(f"ongedaan, alleen coderingen: {middle(lambda: project.undo(['codering']), 11):.1f} ms")
            print(f"opnieuw: {middle(project.redo, 51):.1f} ms")
            print(f"codings lezen: {middle(lambda: project.decisions('codering')):.0f} ms")
            found = []
            print(f"check(): {middle(lambda: found.append(project.check()), 3):.0f} ms")
            assert all(frame.empty for frame in found)
            project.decide({("memo", "m"): "x"}, action="memo")
            print(
                f"opnieuw bewaren, niets veranderd: {middle(lambda: project.keep_narratives(stories), 1):.0f} ms"
            )
            print(f"recheck(): {middle(project.recheck, 3):.0f} ms")


if __name__ == "__main__":
    main()
