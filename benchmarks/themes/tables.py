"""Measures against the gold, and the tables of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from unittest import mock

import numpy as np

import wijkanalyse as wa
from benchmarks.themes.cases import FEW_ROUNDS, Array, Case, load_case
from benchmarks.themes.methods import Method, Outcome, find, labels_of, run
from wijkanalyse.language import content_lemmas
from wijkanalyse.themes import engine
from wijkanalyse.themes.consensus import least_strength, propose, strength

SHARES = (0.0, 0.1, 0.15, 0.2)
SEEDS, DATA_SEEDS, NULL_SEEDS = tuple(range(1, 9)), (1, 2), (1, 2, 3, 4, 5)
NUMBER_SEEDS, PART = tuple(range(1, 13)), 0.95
FIXED = 12  # themes, to see the fields apart from the choice of a number
LIMIT_DEALS = ((15, 40), (30, 60), (60, 40), (120, 20), (257, 12))  # stories, and how often they are dealt
FEW = 3  # emergent themes with fewer stories are no theme to look for


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
            rows.append([number(share, 2), chosen, *map(spread, values)])
    names = (
        "aandeel", "thema’s per keer", "ARI opgave", "zelfde opgave", "ARI emergent", "gedeeld woord in onderwerp",
        "ARI tussen toevalsgetallen", "terugkeer (Jaccard)", "deel stevig", "deel patroon",
    )  # fmt: skip
    print_table(names, rows)


def print_numbers(case: Case) -> None:
    """Print which number is chosen, over seeds, over parts of the stories, and when the machine has masked them."""
    print("### Het gekozen aantal op het voorbeeld\n")
    parts = [
        np.sort(
            np.random.default_rng(seed).choice(len(case.texts), round(PART * len(case.texts)), replace=False)
        )
        for seed in NUMBER_SEEDS
    ]
    masked = replace(case, texts=wa.mask(wa.load_sample(raw=True)).frame["text"].tolist())
    runs = {
        "met de hand gemaskeerd, elk een toevalsgetal": [(case, seed) for seed in NUMBER_SEEDS],
        f"idem, elk een andere {PART:.0%} van de verhalen": [
            (replace(case, texts=[case.texts[row] for row in rows]), 1) for rows in parts
        ],
        "door de computer gemaskeerd, elk een toevalsgetal": [(masked, seed) for seed in NUMBER_SEEDS],
    }
    rows = []
    for name, asked in runs.items():
        found = [find(replace(one, rounds=1), seed) for one, seed in asked]
        counts = [len(themes.firmness) for themes in found]
        best = [strength(themes.ground.curve) for themes in found]
        rows.append(
            [name, ", ".join(map(str, counts)), number(float(np.std(np.log(counts))), 2), spread(best)]
        )
    print_table(("verhalen", "thema’s per keer", "spreiding (log)", "samenhang"), rows)


def print_null(case: Case) -> None:
    print("### Geen samenhang: het voorbeeld met alle woorden opnieuw uitgedeeld, zonder aantal\n")
    rows, results = [], []
    for seed in NULL_SEEDS:
        dealt = engine.shuffle_words(case.documents, 1_000 + seed)
        themes = find(replace(case, texts=[" ".join(words) for words in dealt]), seed)
        results.append(themes)
        best = strength(themes.ground.curve)
        highest = max(themes.firmness["jaccard"])
        shares = [share_of([themes], word) for word in ("stevig", "patroon")]
        rows.append([str(seed), str(len(themes.firmness)), *map(number, (best, highest, *shares))])
    names = ("keer", "thema’s", "samenhang", "hoogste Jaccard", "deel stevig", "deel patroon")
    print_table(names, rows)
    firm = share_of(results, "stevig")
    print(f"Stevig in {number(100 * firm, 1)}% van de thema’s; dat moet 0 zijn.\n")


def print_limit(case: Case) -> None:
    """Print how much shuffled words seem to hang together, over many deals, against the limit; and parts of the sample."""
    print("### De grens van samenhang: delen van het voorbeeld, en hun woorden opnieuw uitgedeeld\n")
    rows = []
    for n, deals in LIMIT_DEALS:
        real, null = [], []
        for seed in range(deals):
            chosen = np.sort(np.random.default_rng(seed).choice(len(case.documents), n, replace=False))
            part = [case.documents[row] for row in chosen]
            dealt, beside = (
                engine.vectorise(engine.shuffle_words(part, start + seed)).matrix for start in (2_000, 3_000)
            )
            null.append(strength(propose(dealt, beside, seed)[1]))
            real.append(strength(propose(engine.vectorise(part).matrix, beside, seed)[1]))
        limit = least_strength(n)
        above = [f"{sum(value >= limit for value in values)} van {deals}" for values in (null, real)]
        rows.append(
            [str(n), number(limit), number(max(null)), above[0], number(float(np.median(real))), above[1]]
        )
    names = ("verhalen", "grens", "hoogste geschud", "geschud erboven", "midden echt", "echt erboven")
    print_table(names, rows)


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
