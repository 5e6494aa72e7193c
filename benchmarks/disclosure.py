"""k and ℓ of the privacy report beside pycanon's: ``python -m benchmarks.disclosure``.

pycanon pins an older numpy, so it runs in a venv that lives as long as this command. Compared are the sample and seeded
random tables with missing values, one teller per row (pycanon counts rows, we count tellers).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import Role
from wijkanalyse.privacy.disclosure import anonymity

N_TABLES = 200
_PEER = """
import json, sys
import pandas as pd
from pycanon.anonymity import k_anonymity, l_diversity
tables = json.load(open(sys.argv[1]))
found = []
for rows, columns, names, sensitive in tables:
    frame = pd.DataFrame(rows, columns=columns)
    found.append([int(k_anonymity(frame, names)), int(l_diversity(frame, names, [sensitive]))])
json.dump(found, open(sys.argv[2], "w"))
"""


def tables() -> list[tuple[pd.DataFrame, list[str], str]]:
    """Return frames with the columns that single out and the sensitive one; the sample comes first."""
    corpus = wa.load_sample()
    frame = corpus.frame.drop_duplicates("teller_id")
    specs = [spec.name for role in (Role.PERSPECTIVE, Role.CONTEXT) for spec in corpus.with_role(role)]
    answers = [spec.name for spec in corpus.with_role(Role.SIGNIFICATION) if spec.dtype == "category"]
    found = [(frame, specs, answers[0] if answers else specs[-1])]
    random = np.random.default_rng(20261121)
    for _ in range(N_TABLES):
        n = int(random.integers(1, 60))
        table = pd.DataFrame(
            {name: random.choice(["a", "b", "c", None], n, p=[0.5, 0.3, 0.1, 0.1]) for name in "xyz"}
        )
        table["s"] = random.choice(["1", "2", "3"], n)
        found.append(
            (
                table.assign(teller_id=[f"t{i}" for i in range(n)]),
                list("xyz")[: int(random.integers(1, 4))],
                "s",
            )
        )
    return found


def ours(frame: pd.DataFrame, names: list[str], sensitive: str) -> list[int]:
    """Return k and ℓ as the report has them."""
    found = anonymity(frame, names, sensitive=sensitive)
    return [found.k, found.l or 0]


def main() -> None:
    """Print how many tables agree, and every one that does not."""
    every = tables()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        python = place / "venv" / "bin" / "python"
        source, outcome = place / "in.json", place / "out.json"
        # A missing value is a value in both, so it gets a word that pycanon can group on.
        plain = [
            (frame[[*names, sensitive]].fillna("onbekend"), names, sensitive)
            for frame, names, sensitive in every
        ]
        source.write_text(
            json.dumps(
                [
                    (frame.astype(str).to_numpy().tolist(), list(frame.columns), names, s)
                    for frame, names, s in plain
                ]
            )
        )
        for step in (
            [sys.executable, "-m", "venv", str(place / "venv")],
            [str(python), "-m", "pip", "install", "--quiet", "pycanon==1.3.6"],
            [str(python), "-c", _PEER, str(source), str(outcome)],
        ):
            subprocess.run(step, check=True)
        theirs = json.loads(outcome.read_text())
    mine = [ours(*table) for table in every]
    agree = sum(a == b for a, b in zip(mine, theirs, strict=True))
    print(f"voorbeeld: k en l {mine[0]} hier, {theirs[0]} bij pycanon")
    print(f"gelijk: {agree} van de {len(every)} tabellen")
    for number, (a, b) in enumerate(zip(mine, theirs, strict=True)):
        if a != b:
            print(f"  tabel {number}: {a} hier, {b} bij pycanon")


if __name__ == "__main__":
    main()
