"""How much the word fields add to the themes: `python -m benchmarks.themes`.

For several shares of the word fields in a story's vector: how well the themes of the sample return over
subsamples, and how much more often two stories of one theme share an opgave (gold, read by hand) than two
stories of different themes. The sample was written by the same hands: it shows the direction, no proof.
"""

from __future__ import annotations

import csv

import numpy as np

import wijkanalyse as wa
from wijkanalyse.language import content_lemmas
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.themes import engine
from wijkanalyse.themes.clustering import one_thread
from wijkanalyse.themes.firmness import PATTERN, theme_jaccard

SHARES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.85, 1.0)
THEMES, SEEDS, ROUNDS = (8, 11, 14), (1, 2, 3), 15
GOLD = ("bestaanszekerheid", "kansengelijkheid", "veiligheid", "sociale-verbanden", "buiten_kader")


def gold(ids: list[str]) -> np.ndarray:
    """Return the gold of every story as a row of unit length."""
    with (SAMPLE_FOLDER / "goud" / "duiding.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            row["narrative_id"]: [float(row[name]) for name in GOLD]
            for row in csv.DictReader(file, delimiter=";")
        }
    table = np.array([rows[narrative_id] for narrative_id in ids]) + 1e-9
    return table / np.linalg.norm(table, axis=1, keepdims=True)


def main() -> None:
    """Print one row per share of the word fields."""
    frame = wa.load_sample().frame
    documents = [content_lemmas(text) for text in frame["text"]]
    alike = (table := gold(frame["narrative_id"].tolist())) @ table.T
    itself = np.eye(len(frame), dtype=bool)
    print("| aandeel velden | terugkeer (Jaccard) | thema’s ≥ 0,6 | zelfde opgave, binnen min buiten |")
    print("|---|---|---|---|")
    for share in SHARES:
        engine.FIELD_SHARE = share
        outcomes = []
        with one_thread():
            matrix = engine.vectorise(documents).matrix
            for k in THEMES:
                for seed in SEEDS:
                    labels = engine.cluster(engine.reduce(matrix, engine.dimensions_for(k), seed), k, seed)
                    jaccard, _ = theme_jaccard(matrix, labels, seed, n_rounds=ROUNDS)
                    same = (labels[:, None] == labels[None, :]) & ~itself
                    gap = alike[same].mean() - alike[~same & ~itself].mean()
                    outcomes.append((jaccard.mean(), (jaccard >= PATTERN).mean(), gap))
        mean = np.mean(outcomes, axis=0)
        print("| " + " | ".join(f"{value:.3f}".replace(".", ",") for value in (share, *mean)) + " |")


if __name__ == "__main__":
    main()
