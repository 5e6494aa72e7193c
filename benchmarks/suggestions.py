"""How well words suggest the opgaven: ``python -m benchmarks.suggestions``.

Prints a Markdown table: precision, recall and F1 per opgave at story level against the gold of the sample, for the half of
which the misses were looked at while the words were chosen (odd numbers) and for the half that was not (even numbers).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pandas as pd

import wijkanalyse as wa
from wijkanalyse.loaders import SAMPLE_FOLDER

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus


def gold() -> pd.DataFrame:
    with (SAMPLE_FOLDER / "goud" / "duiding.csv").open(encoding="utf-8", newline="") as file:
        return pd.DataFrame(csv.DictReader(file, delimiter=";")).set_index("narrative_id")


def scores(corpus: Corpus, half: int | None = None, accepted: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return per opgave: stories, suggested, precision, recall, f1; of odd (1) or even (0) story numbers, or all."""
    scheme, truth = wa.load_scheme("opgaven"), gold()
    ids = [each for each in corpus.frame["narrative_id"] if half is None or int(each[1:]) % 2 == half]
    found = wa.suggest_codings(corpus, scheme, accepted=accepted)
    rows = []
    for top in scheme.top():
        mine = set(found.loc[found["code"] == top.code, "narrative_id"]) & set(ids)
        right = {each for each in ids if truth.loc[each, top.code] == "1"}
        hit = len(mine & right)
        rows.append(
            (
                top.name,
                len(right),
                len(mine),
                hit / max(1, len(mine)),
                hit / len(right),
                2 * hit / (len(mine) + len(right)),
            )
        )
    return pd.DataFrame(rows, columns=["opgave", "stories", "suggested", "precision", "recall", "f1"])


def main() -> None:
    corpus = wa.load_sample()
    tables = {
        "nagekeken helft": scores(corpus, 1),
        "andere helft": scores(corpus, 0),
        "alles": scores(corpus),
    }
    print(
        "| opgave | verhalen | deel | voorgesteld | precisie | vangst | F1 |\n|---|---|---|---|---|---|---|"
    )
    for part, table in tables.items():
        for row in table.itertuples():
            print(
                f"| {row.opgave} | {row.stories} | {part} | {row.suggested} | {row.precision:.2f} | {row.recall:.2f} | {row.f1:.2f} |".replace(
                    ".", ","
                )
            )
        print(f"| **gemiddeld** |  | {part} |  |  |  | **{table['f1'].mean():.3f}** |".replace(".", ","))


if __name__ == "__main__":
    main()
