"""One stage of the work on stories that lie ready, in a process of its own: ``python -m benchmarks.stages STAGE FOLDER``.

A stage reads what the stage before it left in the folder, and leaves its own outcome for the next. It prints the seconds and the
processor time of its own work (children such as the browser included), without imports, word lists, reading and leaving. With ``kaal:``
before its name goes what a bare library needs for something alike: the measure that the machine is known by. A number writes so many stories.
"""

from __future__ import annotations

import csv
import json
import pickle
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import wijkanalyse as wa
from benchmarks.peer import texts_of, timed
from benchmarks.themes.speed import draw_pairs, recombine
from wijkanalyse.loaders import SAMPLE_FOLDER

Work = Callable[[], Any]
SEED, MIN_SECONDS = 2022, 0.3  # a short piece of bare work is done again until the clock can see it


def write_stories(path: Path, n: int) -> None:
    """Write the sample's own file: its first `n` rows, or rows with text composed of two stories and the answers of the first."""
    with (SAMPLE_FOLDER / "vertelpunt.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    at = next(i for i, name in enumerate(head) if name.startswith("Vertel over"))
    made = rows[:n]
    if n > len(rows):
        firsts = draw_pairs(n, len(rows), np.random.default_rng(SEED))[:, 0]
        texts = recombine(n, SEED, [row[at] for row in rows])
        made = [
            [f"V{i:06}", f"R{i:06}", *rows[first][2:at], text, *rows[first][at + 1 :]]
            for i, (first, text) in enumerate(zip(firsts, texts, strict=True))
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *made])


def read(folder: Path, *names: str) -> list[Any]:
    return [pickle.loads((folder / f"{name}.pkl").read_bytes()) for name in names]


def load(folder: Path) -> Work:
    import_module("pandas")
    return lambda: wa.load_narratives(folder / "verhalen.csv")


def mask(folder: Path) -> Work:
    (raw,) = read(folder, "laden")
    wa.mask(replace(raw, frame=raw.frame.head(1)))
    return lambda: wa.mask(raw)


def embed(folder: Path) -> Work:
    from wijkanalyse.language import content_lemmas
    from wijkanalyse.themes.engine import vectorise

    (corpus,) = read(folder, "maskeren")

    def work() -> Any:
        documents = [content_lemmas(text) for text in corpus.frame["text"]]
        return documents, vectorise(documents)

    return work


def cluster(folder: Path) -> Work:
    from wijkanalyse.themes.consensus import MAX_CHOOSE, agree, propose
    from wijkanalyse.themes.engine import choose_rows, shuffle_words, vectorise

    ((documents, vectors),) = read(folder, "woorden")

    def work() -> int:
        chosen = choose_rows(len(documents), MAX_CHOOSE, SEED)
        chance = vectorise(shuffle_words([documents[row] for row in chosen], SEED)).matrix
        k, _ = propose(vectors.matrix[chosen], chance, SEED)
        agree(vectors.matrix, k, SEED, smallest=3)
        return k

    return work


def firmness(folder: Path) -> Work:
    from wijkanalyse.themes.firmness import make_rounds

    (_, vectors), k = read(folder, "woorden", "indelen")
    return lambda: make_rounds(vectors.matrix, k, SEED)


def themes(folder: Path) -> Work:
    (corpus,) = read(folder, "maskeren")
    return lambda: wa.find_themes(corpus)


def patterns(folder: Path) -> Work:
    corpus, found = read(folder, "maskeren", "thema’s heel")
    return lambda: wa.find_patterns(corpus, themes=found)


def figures(folder: Path) -> Work:
    corpus, found = read(folder, "maskeren", "thema’s heel")
    drawn = (wa.plot_theme_map, wa.plot_firmness, wa.plot_voices, wa.plot_over_time)
    return lambda: [
        figure.to_json()
        for figure in (*(draw(found) for draw in drawn), wa.plot_signification(corpus, found))
    ]


def kit(folder: Path) -> Work:
    corpus, cards = read(folder, "maskeren", "patronen")
    return lambda: wa.build_session_kit(cards[:12], folder / "sessie", corpus=corpus, audience="werkbank")


def bare_load(folder: Path) -> Work:
    import pandas as pd

    return lambda: pd.read_csv(folder / "verhalen.csv", sep=";")


def bare_tokens(folder: Path) -> Work:
    import spacy

    texts, pipeline = texts_of(folder / "laden.json"), spacy.blank("nl")
    return lambda: list(pipeline.pipe(texts))


def bare_words(folder: Path) -> Work:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = texts_of(folder / "maskeren.json")
    return lambda: TfidfVectorizer().fit_transform(texts)


def bare_cluster(folder: Path) -> Work:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    weigh = bare_words(folder)
    return lambda: KMeans(10, random_state=SEED).fit(
        TruncatedSVD(100, random_state=SEED).fit_transform(weigh())
    )


def bare_dots(folder: Path) -> Work:
    import plotly.graph_objects as go

    texts = texts_of(folder / "maskeren.json")
    dots = list(range(len(texts)))
    return lambda: go.Figure(go.Scatter(x=dots, y=dots, mode="markers", text=texts)).to_json()


#: In this order: each may rest on those before it. With what it imports on first use.
STAGES: dict[str, tuple[Callable[[Path], Work], str]] = {
    "laden": (load, "pandas"),
    "maskeren": (mask, "pandas"),
    "woorden": (embed, "sklearn.feature_extraction.text"),
    "indelen": (cluster, "sklearn.cluster sklearn.decomposition scipy.sparse.linalg"),
    "stevigheid": (firmness, "sklearn.cluster scipy.sparse.linalg"),
    "thema’s heel": (themes, "sklearn.cluster sklearn.manifold sklearn.neighbors scipy.sparse.linalg"),
    "patronen": (patterns, "scipy.stats"),
    "figuren": (figures, "plotly.graph_objects"),
    "sessiepakket": (kit, "jinja2 docx"),
}
BARE: dict[str, tuple[str, Callable[[Path], Work]]] = {
    "laden": ("pandas, read_csv", bare_load),
    "maskeren": ("spaCy, alleen woorden knippen", bare_tokens),
    "woorden": ("scikit-learn, TF-IDF", bare_words),
    "indelen": ("scikit-learn, TF-IDF + LSA + KMeans", bare_cluster),
    "figuren": ("plotly, één puntenwolk", bare_dots),
}


def run_bare(work: Work) -> dict[str, float]:
    """Return the mean of as many times as the clock needs, after one that does not count."""
    work()
    clocks: list[dict[str, float]] = []
    while sum(clock["cpu"] for clock in clocks) < MIN_SECONDS:
        clocks.append(timed(work)[1])
    return {name: sum(clock[name] for clock in clocks) / len(clocks) for name in clocks[0]}


def main(stage: str, folder: Path) -> None:
    warnings.simplefilter("ignore")
    if stage.isdigit():
        write_stories(folder / "verhalen.csv", int(stage))
        return
    if stage.startswith("kaal:"):
        print(json.dumps(run_bare(BARE[stage.removeprefix("kaal:")][1](folder))))
        return
    prepare, modules = STAGES[stage]
    for module in modules.split():
        import_module(module)
    if "sklearn" in modules:
        import_module("wijkanalyse.language").content_lemmas("Een verhaal.")  # reads the word list
    outcome, clock = timed(prepare(folder))
    print(json.dumps(clock), flush=True)
    (folder / f"{stage}.pkl").write_bytes(pickle.dumps(outcome))
    if stage in ("laden", "maskeren"):  # for those who know no corpus
        (folder / f"{stage}.json").write_text(json.dumps(list(outcome.frame["text"])), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
