"""How well the themes are found, and how fast: ``python -m benchmarks.themes [--data MAP] [--no-peers] [--speed [--large]]``.

Prints Markdown tables. The sample is held against its gold (read by hand), with other methods beside it on the same lemmas;
then with its words dealt out anew, when there is nothing to find. ``--data`` does the same for a folder of labelled sets:
every ``*.csv`` there with columns ``text;label``. ``--speed`` measures only time and memory. The sample was written by the
same hands as the word fields: it shows the direction, no proof.
"""

from __future__ import annotations

import argparse
import csv
import logging
import os
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import metadata
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role
from wijkanalyse.language import content_lemmas, sentences
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.themes import engine
from wijkanalyse.themes.clustering import NOWHERE, one_thread
from wijkanalyse.themes.firmness import N_ROUNDS

Array = np.ndarray[Any, np.dtype[Any]]
MIN_LEMMAS = 3  # wa.find_themes puts a shorter story in no theme
OPGAVEN = ("bestaanszekerheid", "kansengelijkheid", "veiligheid", "sociale-verbanden", "buiten_kader")
SHARES = (0.0, 0.1, 0.2, 0.6)
SEEDS, DATA_SEEDS, NULL_SEEDS = tuple(range(1, 9)), (1, 2), (1, 2, 3, 4, 5)
FEW_ROUNDS = 20  # subsamples where only what fits nowhere rests on them
FIXED = 12  # themes, to see the fields apart from the choice of a number
FEW = 3  # emergent themes with fewer stories are no theme to look for
N_LSA = 100
N_COLD, N_BIG, N_LARGE, N_WORDS = 240, 10_000, 100_000, 120


@dataclass(frozen=True, kw_only=True)
class Case:
    """Stories with what people say about them.

    Parameters
    ----------
    texts : list of str
        Stories with too few lemmas for a theme are left out beforehand.
    documents : list of list of str
        Their content lemmas, for the other methods.
    label : ndarray of str
        The gold division.
    rounds : int
        Subsamples for the firmness.
    weights : ndarray, shape (n_stories, n_labels), optional
        Gold as a row of unit length, where a story can have more than one label.
    emergent, subject : list of str
        Of the sample only; empty where nothing is filled in.
    """

    texts: list[str]
    documents: list[list[str]]
    label: Array
    rounds: int
    weights: Array | None = None
    emergent: list[str] = field(default_factory=list)
    subject: list[str] = field(default_factory=list)

    @property
    def n_labels(self) -> int:
        """How many groups the gold has: the true number."""
        return len(np.unique(self.label))


class Outcome(NamedTuple):
    """One run of one method."""

    labels: Array
    seconds: float


Method = Callable[[Case, int], Array]


def load_sample_case() -> Case:
    """Return the sample; its label is the opgave with the largest weight."""
    with (SAMPLE_FOLDER / "goud" / "duiding.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["narrative_id"]: row for row in csv.DictReader(file, delimiter=";")}
    frame = wa.load_sample().frame
    pairs = zip(frame["text"], (rows[name] for name in frame["narrative_id"]), strict=True)
    kept = [(text, row) for text, row in pairs if len(content_lemmas(text)) >= MIN_LEMMAS]
    table = np.array([[float(row[name]) for name in OPGAVEN] for _, row in kept])
    filled = table + 1e-9
    return Case(
        texts=[text for text, _ in kept],
        documents=[content_lemmas(text) for text, _ in kept],
        label=np.array(OPGAVEN)[table.argmax(axis=1)],
        rounds=N_ROUNDS,
        weights=filled / np.linalg.norm(filled, axis=1, keepdims=True),
        emergent=[row["emergent"] for _, row in kept],
        subject=[row["onderwerp"] for _, row in kept],
    )


def load_case(path: Path) -> Case:
    """Return a labelled set from a file with columns text;label."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file, delimiter=";")]
    rows = [row for row in rows if len(content_lemmas(row[0])) >= MIN_LEMMAS]
    return Case(
        texts=[text for text, _ in rows],
        documents=[content_lemmas(text) for text, _ in rows],
        label=np.array([label for _, label in rows]),
        rounds=FEW_ROUNDS,
    )


def make_corpus(texts: Sequence[str]) -> Corpus:
    """Return a corpus in the order of the texts."""
    ids = [f"n{i:06}" for i in range(len(texts))]
    frame = pd.DataFrame({"narrative_id": ids, "teller_id": ids, "text": list(texts)})
    roles = {"narrative_id": Role.NARRATIVE_ID, "teller_id": Role.TELLER_ID, "text": Role.TEXT}
    specs = tuple(ColumnSpec(name=name, label=name, role=role) for name, role in roles.items())
    provenance = Provenance(source="meting")
    return Corpus(frame=frame, columns=specs, provenance=provenance, status=PrivacyStatus.MASKED)


# Methods: from a case to labels, −1 for none.


def find(case: Case, seed: int, n_themes: int | None = None) -> wa.Themes:
    corpus = make_corpus(case.texts)
    return wa.find_themes(corpus, n_themes=n_themes, random_state=seed, firmness_rounds=case.rounds)


def ours(case: Case, seed: int, *, true_k: bool) -> Array:
    return labels_of(find(case, seed, case.n_labels if true_k else None))


def labels_of(themes: wa.Themes) -> Array:
    return themes.assignments["theme_id"].to_numpy()


def our_matrix(case: Case) -> Any:
    return engine.vectorise(case.documents).matrix


def plain_matrix(case: Case) -> Any:
    """Return scikit-learn's TF-IDF as it comes, on the same lemmas."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=list, min_df=2, max_df=0.7).fit_transform(case.documents)


def nmf(case: Case, seed: int, *, matrix: Callable[[Case], Any]) -> Array:
    from sklearn.decomposition import NMF

    model = NMF(case.n_labels, init="nndsvdar", random_state=seed, max_iter=200)
    return model.fit_transform(matrix(case)).argmax(axis=1)


def lsa_kmeans(case: Case, seed: int, *, matrix: Callable[[Case], Any]) -> Array:
    from sklearn.cluster import KMeans

    points = engine.reduce(matrix(case), N_LSA, seed)
    return KMeans(case.n_labels, n_init=10, random_state=seed).fit_predict(points)


def bertopic(case: Case, seed: int, *, true_k: bool) -> Array:
    """Return the topics of BERTopic with its defaults, seeded, on the LSA of our matrix.

    With the true number its topics are merged to that many, and its outliers divided by c-TF-IDF.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    texts = [" ".join(document) for document in case.documents]
    model = BERTopic(
        language="dutch",
        embedding_model=BaseEmbedder(),
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed),
        vectorizer_model=CountVectorizer(tokenizer=str.split, token_pattern=None, lowercase=False),
    )
    topics, _ = model.fit_transform(texts, engine.reduce(our_matrix(case), N_LSA, seed))
    if true_k and len(set(topics)) > 1:
        topics = model.reduce_topics(texts, nr_topics=case.n_labels + (NOWHERE in topics)).topics_
        if NOWHERE in topics and len(set(topics)) > 1:
            topics = model.reduce_outliers(texts, topics, strategy="c-tf-idf")
    return np.asarray(topics)


OURS: dict[str, Method] = {
    "wijkanalyse, zonder aantal": partial(ours, true_k=False),
    "wijkanalyse, ware aantal": partial(ours, true_k=True),
}
PEERS: dict[str, Method] = {
    "BERTopic, standaard": partial(bertopic, true_k=False),
    "BERTopic, ware aantal, −1 verdeeld": partial(bertopic, true_k=True),
    "NMF, gewone TF-IDF, ware aantal": partial(nmf, matrix=plain_matrix),
    "NMF, onze matrix, ware aantal": partial(nmf, matrix=our_matrix),
    "LSA-100 + KMeans, gewone TF-IDF, ware aantal": partial(lsa_kmeans, matrix=plain_matrix),
    "LSA-100 + KMeans, onze matrix, ware aantal": partial(lsa_kmeans, matrix=our_matrix),
}


def run(method: Method, case: Case, seeds: Iterable[int]) -> list[Outcome]:
    outcomes = []
    for seed in seeds:
        started = time.perf_counter()
        with one_thread():
            labels = method(case, seed)
        outcomes.append(Outcome(labels, time.perf_counter() - started))
    return outcomes


def warm_up() -> float:
    """Import BERTopic and let numba compile UMAP; return the seconds, which count in no table."""
    started = time.perf_counter()
    from bertopic import BERTopic  # noqa: F401

    warnings.simplefilter("ignore")
    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    words = np.random.default_rng(0).integers(0, 60, (120, 15))
    documents = [[f"woord{number}" for number in row] for row in words]
    bertopic(Case(texts=[], documents=documents, label=np.arange(120) % 5, rounds=0), 0, true_k=True)
    return time.perf_counter() - started


# Measures.


def ari_nmi(gold: Sequence[str] | Array, labels: Array) -> tuple[float, float]:
    """Return ARI and NMI over the stories with a gold label; −1 counts as one group."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    filled = np.flatnonzero([bool(name) for name in gold])
    known, found = np.asarray(gold)[filled], labels[filled]
    return adjusted_rand_score(known, found), normalized_mutual_info_score(known, found)


def gap(alike: Array, labels: Array) -> float:
    """Return how much more alike two stories of one theme are than two that share no theme."""
    itself = np.eye(len(labels), dtype=bool)
    same = (labels[:, None] == labels[None, :]) & (labels >= 0)[:, None] & ~itself
    return float(alike[same].mean() - alike[~same & ~itself].mean())


def shared_words(subject: Sequence[str]) -> Array:
    """Return for every two stories whether their subjects, as a reader wrote them, share a content word."""
    words = [set(content_lemmas(text)) for text in subject]
    return np.array([[float(bool(one & other)) for other in words] for one in words])


def best_f1(members: Array, labels: Array) -> float:
    """Return how well the best theme covers these stories and no others."""
    found = [labels == theme for theme in np.unique(labels[labels >= 0])]
    return max(2 * np.sum(members & theme) / (members.sum() + theme.sum()) for theme in found)


def count_themes(labels: Array) -> int:
    return len(np.unique(labels[labels >= 0]))


# Tables.


def number(value: float | str, digits: int = 3) -> str:
    return value if isinstance(value, str) else f"{value:.{digits}f}".replace(".", ",")


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print(flush=True)


def counts_of(found: Sequence[Array]) -> str:
    """Return the lowest and the highest number of themes over seeds."""
    counts = [count_themes(labels) for labels in found]
    return str(min(counts)) if min(counts) == max(counts) else f"{min(counts)}–{max(counts)}"


def spread(values: Sequence[float]) -> str:
    """Return mean ± standard deviation over seeds; the mean alone of a few."""
    if len(values) < 3 or not (deviation := float(np.std(values, ddof=1))):
        return number(float(np.mean(values)))
    return f"{number(float(np.mean(values)))} ± {number(deviation)}"


def mean_row(outcomes: Sequence[Outcome], measures: Sequence[Callable[[Array], float]]) -> list[str]:
    """Return number of themes, the measures, % in −1 and seconds, over seeds."""
    found = [outcome.labels for outcome in outcomes]
    values = [spread([measure(labels) for labels in found]) for measure in measures]
    nowhere = number(100 * np.mean([np.mean(labels < 0) for labels in found]), 1)
    return [counts_of(found), *values, nowhere, number(np.mean([outcome.seconds for outcome in outcomes]), 1)]


def print_sample(case: Case, methods: dict[str, Method]) -> None:
    print(
        f"### Voorbeeld: {len(case.documents)} verhalen, {len(SEEDS)} toevalsgetallen, gemiddelde ± standaardafwijking\n"
    )
    subject, alike = shared_words(case.subject), case.weights @ case.weights.T
    measures = (
        lambda labels: ari_nmi(case.label, labels)[0],
        lambda labels: ari_nmi(case.label, labels)[1],
        lambda labels: gap(alike, labels),
        lambda labels: ari_nmi(case.emergent, labels)[0],
        lambda labels: ari_nmi(case.emergent, labels)[1],
        lambda labels: gap(subject, labels),
    )
    names = (
        "methode", "thema’s", "ARI opgave", "NMI opgave", "zelfde opgave, binnen min buiten", "ARI emergent",
        "NMI emergent", "gedeeld woord in onderwerp, binnen min buiten",
        "% in −1", "s",
    )  # fmt: skip
    found = {name: run(method, case, SEEDS) for name, method in methods.items()}
    print_table(names, ([name, *mean_row(outcomes, measures)] for name, outcomes in found.items()))
    print_emergent(case, found)


def print_emergent(case: Case, found: dict[str, list[Outcome]]) -> None:
    """Print how well the best theme of each method fits what readers saw emerge, and what chance gives."""
    random = np.random.default_rng(0)
    columns = {
        name: [outcome.labels for outcome in outcomes]
        for name, outcomes in found.items()
        if name.startswith(("wijk", "BERTopic, standaard"))
    }
    columns["toeval (eerste kolom geschud)"] = [
        random.permutation(labels) for labels in next(iter(columns.values())) for _ in range(20)
    ]
    sizes = Counter(name for name in case.emergent if name)
    rows = []
    for theme, size in sizes.most_common():
        if size >= FEW:
            members = np.array([name == theme for name in case.emergent])
            scores = [np.mean([best_f1(members, one) for one in labels]) for labels in columns.values()]
            rows.append([theme, str(size), *map(number, scores)])
    print("Emergente thema’s van het voorbeeld: F1 van het thema dat er het best bij past.\n")
    print_table(["emergent", "verhalen", *columns], rows)


def share_of(results: Sequence[wa.Themes], word: str) -> float:
    """Return which part of all themes gets this verdict."""
    return float(np.mean([name == word for themes in results for name in themes.firmness["verdict"]]))


def print_shares(case: Case) -> None:
    print(f"### Aandeel van de woordvelden, {len(SEEDS)} toevalsgetallen\n")
    few, rows = replace(case, rounds=FEW_ROUNDS), []
    alike, subject = case.weights @ case.weights.T, shared_words(case.subject)
    for n_themes in (None, FIXED):
        for share in SHARES:
            with mock.patch.object(engine, "FIELD_SHARE", share):
                results = [find(few, seed, n_themes) for seed in SEEDS]
            found = [labels_of(themes) for themes in results]
            values = (
                [ari_nmi(case.label, labels)[0] for labels in found],
                [gap(alike, labels) for labels in found],
                [ari_nmi(case.emergent, labels)[0] for labels in found],
                [gap(subject, labels) for labels in found],
                [ari_nmi(one.astype(str), two)[0] for one, two in combinations(found, 2)],
                [themes.firmness["jaccard"].mean() for themes in results],
                [share_of([themes], "stevig") for themes in results],
                [share_of([themes], "patroon") for themes in results],
            )
            chosen = (
                ", ".join(str(count_themes(labels)) for labels in found)
                if n_themes is None
                else f"gegeven: {n_themes}"
            )
            rows.append([number(share, 1), chosen, *map(spread, values)])
    names = (
        "aandeel", "thema’s per keer", "ARI opgave", "zelfde opgave", "ARI emergent", "gedeeld woord in onderwerp",
        "ARI tussen toevalsgetallen", "terugkeer (Jaccard)", "deel stevig", "deel patroon",
    )  # fmt: skip
    print_table(names, rows)


def print_null(case: Case) -> None:
    print("### Geen samenhang: het voorbeeld met alle woorden opnieuw uitgedeeld, zonder aantal\n")
    rows, results = [], []
    for seed in NULL_SEEDS:
        dealt = engine.shuffle_words(case.documents, 1_000 + seed)
        themes = find(replace(case, texts=[" ".join(words) for words in dealt]), seed)
        results.append(themes)
        best = max(themes.curve["score"])
        highest = max(themes.firmness["jaccard"])
        shares = [share_of([themes], word) for word in ("stevig", "patroon")]
        rows.append([str(seed), str(len(themes.firmness)), *map(number, (best, highest, *shares))])
    names = ("keer", "thema’s", "hoogste score", "hoogste Jaccard", "deel stevig", "deel patroon")
    print_table(names, rows)
    firm = share_of(results, "stevig")
    print(f"Stevig in {number(100 * firm, 1)}% van de thema’s; dat moet 0 zijn.\n")


def print_data(folder: Path, methods: dict[str, Method]) -> None:
    """Print a row per labelled set as it is done: ARI and NMI, then what belongs to them."""
    print(
        f"### Gelabelde sets: ARI (NMI), {len(DATA_SEEDS)} toevalsgetallen, {FEW_ROUNDS} deelsteekproeven\n"
    )
    details: list[list[str]] = []
    print_table(("set", "teksten", "labels", "lemma’s", *methods), data_rows(folder, methods, details))
    print("Thema’s, % in −1 en seconden:\n")
    print_table(("set", *methods), details)


def data_rows(folder: Path, methods: dict[str, Method], details: list[list[str]]) -> Iterator[list[str]]:
    """Yield the row of scores of every set, and add the rest to `details`."""
    for path in sorted(folder.glob("*.csv")):
        case = load_case(path)
        measures = (
            lambda labels, case=case: ari_nmi(case.label, labels)[0],
            lambda labels, case=case: ari_nmi(case.label, labels)[1],
        )
        rows = [mean_row(run(method, case, DATA_SEEDS), measures) for method in methods.values()]
        details.append(
            [path.stem, *(f"{count}; {nowhere}%; {seconds} s" for count, *_, nowhere, seconds in rows)]
        )
        words = np.mean([len(document) for document in case.documents])
        scores = (f"{ari} ({nmi})" for _, ari, nmi, *_ in rows)
        yield [path.stem, str(len(case.documents)), str(case.n_labels), f"{words:.0f}", *scores]


# Speed: every measurement in a process of its own, timed by its parent.


def recombine(n: int, seed: int = 2022) -> list[str]:
    """Return `n` stories of `N_WORDS` words, each of sentences drawn from two stories of the sample."""
    random = np.random.default_rng(seed)
    pool = [
        [text[start:end].split() for start, end in sentences(text)] for text in wa.load_sample().frame["text"]
    ]
    stories = []
    for one, other in random.integers(0, len(pool), (n, 2)):
        source = pool[one] + pool[other]
        words: list[str] = []
        while len(words) < N_WORDS:
            words += source[random.integers(len(source))]
        stories.append(" ".join(words[:N_WORDS]))
    return stories


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


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="map met gelabelde sets: *.csv met kolommen text;label")
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="meet ook andere methoden"
    )
    parser.add_argument("--speed", action="store_true", help="meet alleen tijd en geheugen")
    parser.add_argument("--large", action="store_true", help="met --speed: ook 100.000 verhalen")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        child(options.child)
        return
    names = ("numpy", "scipy", "scikit-learn", "simplemma", "bertopic", "umap-learn", "hdbscan", "numba")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    print(f"Python {sys.version.split()[0]}, {versions}\n")
    if options.speed:
        print_speed(large=options.large)
        return
    methods = OURS | PEERS if options.peers else OURS
    if options.peers:
        print(
            f"BERTopic inlezen en UMAP vertalen: {number(warm_up(), 1)} s; telt nergens mee. De seconden van wijkanalyse zijn heel `wa.find_themes`, met stevigheid en kaart; die van de andere vanaf lemma’s tot labels.\n"
        )
    case = load_sample_case()
    print_sample(case, methods)
    print_shares(case)
    print_null(case)
    if options.data:
        print_data(options.data, methods)


if __name__ == "__main__":
    main()
