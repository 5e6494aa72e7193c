"""One stage of the work on stories that lie ready, in a process of its own: ``python -m benchmarks.stages STAGE FOLDER``.

A stage reads what the stage before it left in the folder, and leaves its own outcome for the next. It prints the seconds and the
processor time of its own work (children such as the browser included), without imports and without reading and leaving. With
``kaal:`` before its name goes what a bare library needs for something alike: the measure that the machine is known by.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import wijkanalyse as wa
from benchmarks.themes.speed import draw_pairs, recombine
from wijkanalyse.loaders import SAMPLE_FOLDER

SEED = 2022
STORY = "Vertel over"  # how the heading of the column with stories begins
clock: dict[str, float] = {}


def write_stories(path: Path, n: int) -> None:
    """Write the sample's own file, its first `n` rows or rows composed of it: text of two stories, answers of the first."""
    with (SAMPLE_FOLDER / "vertelpunt.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    at = next(i for i, name in enumerate(head) if name.startswith(STORY))
    made = rows[:n]
    if n > len(rows):
        firsts = draw_pairs(n, len(rows), np.random.default_rng(SEED))[:, 0]
        texts = recombine(n, SEED, [row[at] for row in rows])
        made = [
            [f"V{i:06}", f"R{i:06}", *rows[first][2:at], text, *rows[first][at + 1 :]]
            for i, (first, text) in enumerate(zip(firsts, texts, strict=True))
        ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *made])


def warm_up(*modules: str) -> None:
    """Import what a stage imports on first use, and read the word lists: that is the same for one story as for many."""
    from wijkanalyse.language import content_lemmas
    from wijkanalyse.themes.clustering import one_thread

    for module in modules:
        import_module(module)
    if modules[0] == "sklearn":
        with one_thread():
            content_lemmas("Een verhaal.")


@contextmanager
def timed() -> Iterator[None]:
    """Keep the seconds and the processor time of what happens inside."""
    before, started = os.times(), time.perf_counter()
    yield
    clock["s"] = time.perf_counter() - started
    clock["cpu"] = sum(os.times()[:4]) - sum(before[:4])


def read(folder: Path, name: str) -> Any:
    with (folder / f"{name}.pkl").open("rb") as file:
        return pickle.load(file)


def load(folder: Path) -> Any:
    warm_up("pandas")
    with timed():
        return wa.load_narratives(folder / "verhalen.csv")


def mask(folder: Path) -> Any:
    raw = read(folder, "laden")
    wa.mask(replace(raw, frame=raw.frame.head(1)))
    with timed():
        return wa.mask(raw)


def embed(folder: Path) -> Any:
    from wijkanalyse.language import content_lemmas
    from wijkanalyse.themes.clustering import one_thread
    from wijkanalyse.themes.engine import vectorise

    texts = read(folder, "maskeren").frame["text"]
    warm_up("sklearn", "sklearn.feature_extraction.text")
    with one_thread(), timed():
        documents = [content_lemmas(text) for text in texts]
        vectors = vectorise(documents)
    return documents, vectors


def cluster(folder: Path) -> Any:
    from wijkanalyse.themes.clustering import one_thread
    from wijkanalyse.themes.consensus import MAX_CHOOSE, agree, propose
    from wijkanalyse.themes.engine import choose_rows, shuffle_words, vectorise

    documents, vectors = read(folder, "woorden")
    with one_thread(), timed():
        chosen = choose_rows(len(documents), MAX_CHOOSE, SEED)
        chance = vectorise(shuffle_words([documents[row] for row in chosen], SEED)).matrix
        k, _ = propose(vectors.matrix[chosen], chance, SEED)
        agree(vectors.matrix, k, SEED, smallest=3)
    return k


def firmness(folder: Path) -> Any:
    from wijkanalyse.themes.clustering import one_thread
    from wijkanalyse.themes.firmness import make_rounds

    (_, vectors), k = read(folder, "woorden"), read(folder, "indelen")
    with one_thread(), timed():
        make_rounds(vectors.matrix, k, SEED)


def themes(folder: Path) -> Any:
    corpus = read(folder, "maskeren")
    warm_up("sklearn", "sklearn.feature_extraction.text", "sklearn.neighbors")
    with timed():
        return wa.find_themes(corpus)


def patterns(folder: Path) -> Any:
    corpus, found = read(folder, "maskeren"), read(folder, "thema’s heel")
    warm_up("sklearn", "scipy.stats")
    with timed():
        return wa.find_patterns(corpus, themes=found)


def figures(folder: Path) -> Any:
    corpus, found = read(folder, "maskeren"), read(folder, "thema’s heel")
    warm_up("sklearn", "plotly.graph_objects")
    with timed():
        drawn = (wa.plot_theme_map, wa.plot_firmness, wa.plot_voices, wa.plot_over_time)
        for figure in (*(draw(found) for draw in drawn), wa.plot_signification(corpus, found)):
            figure.to_json()


def kit(folder: Path) -> Any:
    corpus, cards = read(folder, "maskeren"), read(folder, "patronen")
    warm_up("jinja2", "docx", "kaleido")
    with timed():
        wa.build_session_kit(cards[:12], folder / "sessie", corpus=corpus, audience="werkbank")


#: In this order: each may rest on those before it.
STAGES: dict[str, Callable[[Path], Any]] = {
    "laden": load,
    "maskeren": mask,
    "woorden": embed,
    "indelen": cluster,
    "stevigheid": firmness,
    "thema’s heel": themes,
    "patronen": patterns,
    "figuren": figures,
    "sessiepakket": kit,
}


def bare_load(folder: Path) -> Callable[[], Any]:
    import pandas as pd

    return lambda: pd.read_csv(folder / "verhalen.csv", sep=";")


def bare_tokens(folder: Path) -> Callable[[], Any]:
    import spacy

    texts, pipeline = read_texts(folder, "ruw"), spacy.blank("nl")
    return lambda: list(pipeline.pipe(texts))


def bare_words(folder: Path) -> Callable[[], Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = read_texts(folder, "gemaskeerd")
    return lambda: TfidfVectorizer().fit_transform(texts)


def bare_cluster(folder: Path) -> Callable[[], Any]:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD

    weigh = bare_words(folder)
    return lambda: KMeans(10, random_state=SEED).fit(
        TruncatedSVD(100, random_state=SEED).fit_transform(weigh())
    )


def bare_dots(folder: Path) -> Callable[[], Any]:
    import plotly.graph_objects as go

    texts = read_texts(folder, "gemaskeerd")
    dots = list(range(len(texts)))
    return lambda: go.Figure(go.Scatter(x=dots, y=dots, mode="markers", text=texts)).to_json()


BARE: dict[str, tuple[str, Callable[[Path], Callable[[], Any]]]] = {
    "laden": ("pandas, read_csv", bare_load),
    "maskeren": ("spaCy, alleen woorden knippen", bare_tokens),
    "woorden": ("scikit-learn, TF-IDF", bare_words),
    "indelen": ("scikit-learn, TF-IDF + LSA + KMeans", bare_cluster),
    "figuren": ("plotly, één puntenwolk", bare_dots),
}
MIN_SECONDS = 0.3  # a short piece of work is done again until the clock can see it


def run_bare(stage: str, folder: Path) -> None:
    work = BARE[stage][1](folder)
    work()
    rounds: list[dict[str, float]] = []
    while sum(once["cpu"] for once in rounds) < MIN_SECONDS:
        with timed():
            work()
        rounds.append(dict(clock))
    clock.update({name: sum(once[name] for once in rounds) / len(rounds) for name in clock})


def read_texts(folder: Path, name: str) -> list[str]:
    texts: list[str] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return texts


def main(stage: str, folder: Path) -> None:
    warnings.simplefilter("ignore")
    if stage.isdigit():  # a process of its own too: a child begins with the memory of its parent
        folder.mkdir(parents=True, exist_ok=True)
        write_stories(folder / "verhalen.csv", int(stage))
        return
    if stage.startswith("kaal:"):
        run_bare(stage.removeprefix("kaal:"), folder)
        print(json.dumps(clock))
        return
    outcome = STAGES[stage](folder)
    print(json.dumps(clock), flush=True)
    if outcome is not None:
        (folder / f"{stage}.pkl").write_bytes(pickle.dumps(outcome))
    for made, name in (("laden", "ruw"), ("maskeren", "gemaskeerd")):  # for those who know no corpus
        if stage == made:
            (folder / f"{name}.json").write_text(json.dumps(list(outcome.frame["text"])), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
