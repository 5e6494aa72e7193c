"""How much masking finds, on what, how fast: ``python -m benchmarks.privacy [--data MAP] [--peers]``.

Prints one table. A place counts as found when every letter and digit of it is masked.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, Provenance, Role
from wijkanalyse.privacy import lexicon, runs
from wijkanalyse.privacy import words as word_lists
from wijkanalyse.privacy.doubts import find_doubts

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
STRUCTURED = ("bsn", "iban", "telefoon", "email", "kenteken", "dossiernummer", "straat", "leeftijd", "datum")
# Origin → countries in the names lists.
ORIGINS = {
    "Nederlands": "NL", "Vlaams": "BE", "Marokkaans, Algerijns": "MA DZ", "Turks": "TR", "Surinaams, Antilliaans": "SR AW",
    "Pools": "PL", "Oekraïens, Russisch": "UA RU", "Arabisch": "IQ LB JO EG KW SA", "Iraans, Afghaans": "IR", "Chinees, Vietnamees": "CN TW VN",
    "Indonesisch, Maleis": "ID MY", "Bulgaars, Roemeens": "BG RO",
}  # fmt: skip
#: Natural carriers; {n} is the name as written, {l} in lower case, {f} after a Dutch given name.
CARRIERS = (
    "Gisteren kwam {n} nog even langs met soep.",
    "{n} belde me op en vroeg hoe het ging.",
    "We hebben het daarna met {n} besproken.",
    "Mijn buurvrouw {n} heeft de sleutel.",
    "en toen zei mijn collega {l} dat het niet mocht",
    "{n} is de enige die ik vertrouw.",
    "Dat was {n}s idee, niet dat van mij.",
    "Volgens mevrouw {n} moest het anders.",
    "De brief was van {f}, dat wist iedereen.",
    "{f} kwam als laatste binnen.",
)


class Gold(NamedTuple):
    """A place that must be masked: index of the text, start, end, and what it is."""

    text: int
    start: int
    end: int
    kind: str


def masked(texts: Sequence[str], tellers: Sequence[str] | None = None) -> list[bytearray]:
    """Return for every text which of its characters `mask` replaces."""
    ids = [f"n{i:06}" for i in range(len(texts))]
    frame = pd.DataFrame({"narrative_id": ids, "teller_id": list(tellers or ids), "text": list(texts)})
    roles = {"narrative_id": Role.NARRATIVE_ID, "teller_id": Role.TELLER_ID, "text": Role.TEXT}
    specs = tuple(ColumnSpec(name=name, label=name, role=role) for name, role in roles.items())
    done = wa.mask(Corpus(frame=frame, columns=specs, provenance=Provenance(source="meting")))
    covered = [bytearray(len(text)) for text in texts]
    for row in done.privacy_report.findings.itertuples():
        covered[int(row.narrative_id[1:])][row.start : row.end] = b"\x01" * (row.end - row.start)
    return covered


def is_covered(text: str, covered: bytearray, start: int, end: int) -> bool:
    return all(covered[at] for at in range(start, end) if text[at].isalnum())


def share(texts: Sequence[str], covered: Sequence[bytearray], gold: Iterable[Gold]) -> tuple[int, int]:
    hits = [is_covered(texts[g.text], covered[g.text], g.start, g.end) for g in gold]
    return sum(hits), len(hits)


def other_tokens(
    texts: Sequence[str],
    covered: Sequence[bytearray],
    gold: Iterable[Gold],
    ordinary: Sequence[bytearray] | None = None,
) -> tuple[int, int]:
    """Count words that no gold place touches, and how many of them are masked all the same.

    With `ordinary`, only words of which every character is marked there.
    """
    named = [bytearray(len(text)) for text in texts]
    for g in gold:
        named[g.text][g.start : g.end] = b"\x01" * (g.end - g.start)
    wrong = total = 0
    for i, (text, cover, name) in enumerate(zip(texts, covered, named, strict=True)):
        for match in re.finditer(r"[^\W\d_]+", text):
            place = slice(*match.span())
            if not any(name[place]) and (ordinary is None or all(ordinary[i][place])):
                total += 1
                wrong += any(cover[place])
    return wrong, total


def sample() -> tuple[list[str], list[str], list[Gold]]:
    frame = wa.load_sample(raw=True).frame
    at = {narrative_id: i for i, narrative_id in enumerate(frame["narrative_id"])}
    with (SAMPLE / "goud" / "plekken.csv").open(encoding="utf-8-sig") as file:
        gold = [
            Gold(at[row["narrative_id"]], int(row["start"]), int(row["end"]), row["kind"])
            for row in csv.DictReader(file, delimiter=";")
        ]
    return list(frame["text"].astype(str)), list(frame["teller_id"]), gold


def ud(file: Path) -> tuple[list[str], list[Gold], list[bytearray]]:
    """Return sentences joined by document into texts of about 150 words, every word of interest, and what is ordinary.

    Kind: PROPN, kept (a proper noun that points to nobody: language, people, body) or PROPN-begin. Ordinary are
    words in lower case, the first word of a sentence, and an adjective or noun with a capital that has no capital next
    to it ("de Turkse bakker", "de Gemeente"). What is left are parts of titles and organisations ("Grand Slam").
    """
    texts: list[str] = []
    gold: list[Gold] = []
    ordinary: list[bytearray] = []
    current, marks, document = "", bytearray(), ""
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        sentence = next((line[9:] for line in lines if line.startswith("# text = ")), None)
        if sentence is None:
            continue
        source = re.split(r"\.p\.|\\", next(line for line in lines if line.startswith("# sent_id")))[0]
        if current and (source != document or len(current) > 900):
            texts.append(current)
            ordinary.append(marks)
            current, marks = "", bytearray()
        document = source
        offset = len(current) + bool(current)
        current = f"{current} {sentence}" if current else sentence
        marks += bytes(len(current) - len(marks))
        rows = [row for line in lines if (row := line.split("\t"))[0].isdigit() and len(row) > 4]
        position = 0
        for (form, tag), before, after, first in _with_neighbours(rows):
            position = sentence.index(form, position)
            start, end = offset + position, offset + position + len(form)
            if tag == "PROPN":
                word = word_lists.split_words(form)
                kept = bool(word) and (word[0].is_kept or form.islower())
                gold.append(
                    Gold(len(texts), start, end, "kept" if kept else "PROPN-begin" if first else "PROPN")
                )
            alone = tag in ("ADJ", "NOUN") and not before[:1].isupper() and not after[:1].isupper()
            inside = before[:1].isupper() and after[:1].isupper() and not first  # "Prijs van België"
            if first or alone or (form.islower() and not inside):
                marks[start:end] = b"\x01" * len(form)
            position += len(form)
    return [*texts, current], gold, [*ordinary, marks]


def _with_neighbours(rows: Sequence[Sequence[str]]) -> Iterator[tuple[tuple[str, str], str, str, bool]]:
    """Yield form and tag of every word, the form before and after it, and whether it is the first."""
    kept = [(row[1], row[3]) for row in rows if any(char.isalpha() for char in row[1])]
    for i, pair in enumerate(kept):
        before = kept[i - 1][0] if i > 1 else ""  # the capital of the first word says nothing
        yield pair, before, kept[i + 1][0] if i + 1 < len(kept) else "", i == 0


_CLOSING = re.compile(r"[.,;:!?)\]…]|''")


def openboek(folder: Path, name: str) -> tuple[list[str], list[Gold]]:
    """Return a novel in texts of eight sentences, with its names of persons and places.

    A name is a token tagged as proper noun that stands with a capital in a mention whose entity is
    annotated by hand as a person or place.
    """
    kinds: dict[str, Counter[str]] = {}
    with (folder / f"{name}.features.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = row["category"].split(".")[0]
            for token in re.findall(r"[^\W\d_][\w'’-]*", row["mentions"] or ""):
                if token[0].isupper():
                    kinds.setdefault(token, Counter())[kind] += 1
    texts, gold = [], []
    for i, sentences in enumerate(_chunks(_sentences(folder / f"{name}.conll"), 8)):
        text, quoted = "", False
        for token, tag in (pair for sentence in sentences for pair in sentence):
            glued = _CLOSING.fullmatch(token) or text.endswith(("(", "‘", "“")) or not text
            if token in "'\"":
                glued, quoted = quoted or not text, not quoted
            elif quoted and text.endswith((" '", ' "')):
                glued = True
            text += token if glued else f" {token}"
            found = kinds.get(token) or kinds.get(token.rstrip("."))
            if found and ("eigen" in tag) and (kind := found.most_common(1)[0][0]) in ("PER", "LOC"):
                gold.append(Gold(i, len(text) - len(token), len(text), kind))
        texts.append(text)
    return texts, gold


def _sentences(file: Path) -> Iterator[list[tuple[str, str]]]:
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line and line[0] != "#"]
        if rows:
            yield [(row[3], row[4]) for row in rows]


def _chunks(items: Iterable[list[tuple[str, str]]], size: int) -> Iterator[list[list[tuple[str, str]]]]:
    every = list(items)
    return (every[i : i + size] for i in range(0, len(every), size))


def by_origin(folder: Path) -> dict[str, tuple[int, int]]:
    """Return per origin how many names are masked, each in ten carriers and in a text of its own."""
    names: dict[str, set[str]] = {origin: set() for origin in ORIGINS}
    for file, column in (
        ("common-forenames-by-country.csv", "Country"),
        ("common-surnames-by-country.csv", "Country"),
    ):
        with (folder / file).open(encoding="utf-8-sig") as lines:
            for row in csv.DictReader(lines):
                for origin, countries in ORIGINS.items():
                    name = row["Romanized Name"] or row["Localized Name"]
                    if row[column] in countries.split() and name[:1].isupper() and name.isprintable():
                        names[origin].add(name)
    outcome = {}
    for origin, every in names.items():
        if not every:
            continue
        texts, gold = [], []
        for name in sorted(every):
            for carrier in CARRIERS:
                form = next(form for form in ("{n}s", "{n}", "{l}", "{f}") if form in carrier)
                value = {"{n}s": f"{name}s", "{n}": name, "{l}": name.lower(), "{f}": f"Anna {name}"}[form]
                start = carrier.index(form)
                gold.append(Gold(len(texts), start, start + len(value), origin))
                texts.append(carrier.replace(form, value))
        outcome[origin] = share(texts, masked_apart(texts), gold)
    return outcome


def masked_apart(texts: Sequence[str]) -> list[bytearray]:
    """Mask every text as a corpus of its own, so that no name helps another."""
    from wijkanalyse.privacy.identifiers import find_identifiers
    from wijkanalyse.privacy.names import find_names

    outcome = []
    for text in texts:
        tokens = word_lists.split_words(text)
        covered = bytearray(len(text))
        for span in (*find_identifiers(text), *find_names(tokens, word_lists.CorpusWords.count([tokens]))):
            covered[span.start : span.end] = b"\x01" * (span.end - span.start)
        outcome.append(covered)
    return outcome


@contextmanager
def no_name_list() -> Iterator[None]:
    """Look at names as if no list knew them: what the rules alone do for a name nobody wrote down."""
    caches = [
        value
        for module in (word_lists, lexicon, runs)
        for value in vars(module).values()
        if hasattr(value, "cache_clear") and not isinstance(value, type)
    ]
    lines = "_lines"
    read = getattr(lexicon, lines)

    def clear() -> None:
        for cache in caches:
            cache.cache_clear()

    clear()
    with mock.patch.object(lexicon, lines, lambda file: [] if file == "names.txt" else read(file)):
        yield
    clear()


def stories(n: int = 2000) -> list[str]:
    """Return stories of 150 words, cut from the sample."""
    every = " ".join(sample()[0]).split(" ")
    return [" ".join(every[i * 150 % (len(every) - 150) :][:150]) for i in range(n)]


def measure_speed() -> dict[str, float]:
    """Return stories per second of processor time after loading, loading time and peak memory."""
    texts = stories()
    started = time.process_time()
    masked(["Mijn buurvrouw Fatima woont in Assen."])
    loading = time.process_time() - started
    masked(texts[:200])
    best = 0.0
    for _ in range(3):
        started = time.process_time()
        masked(texts)
        best = max(best, len(texts) / (time.process_time() - started))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"per_second": best, "loading_s": loading, "peak_mb": peak}


Row = tuple[str, str, int, int]


def rows_of(
    name: str,
    texts: Sequence[str],
    covered: Sequence[bytearray],
    gold: Sequence[Gold],
    ordinary: Sequence[bytearray] | None = None,
) -> list[Row]:
    """Return the rows of one source: masked and total per kind, then other words masked."""
    kinds = sorted({g.kind for g in gold})
    rows = [(name, kind, *share(texts, covered, (g for g in gold if g.kind == kind))) for kind in kinds]
    rows.append((name, "andere woorden", *other_tokens(texts, covered, gold)))
    if ordinary is not None:
        rows.append((name, "gewone woorden", *other_tokens(texts, covered, gold, ordinary)))
    return rows


def sample_rows(
    name: str, covered: Sequence[bytearray], texts: Sequence[str], gold: Sequence[Gold]
) -> list[Row]:
    direct = [g for g in gold if g.kind in ("persoon", *STRUCTURED)]
    lower = [g for g in gold if g.kind == "persoon" and texts[g.text][g.start : g.end].islower()]
    extra = [
        (name, "personen en nummers", *share(texts, covered, direct)),
        (name, "namen in kleine letters", *share(texts, covered, lower)),
    ]
    return [*extra, *rows_of(name, texts, covered, gold)]


def doubt_row(texts: Sequence[str], covered: Sequence[bytearray], gold: Sequence[Gold]) -> tuple[Row, float]:
    """Return how many of the places that masking misses are among the doubts, and the median of doubts a story."""
    words = [word_lists.split_words(text) for text in texts]
    corpus = word_lists.CorpusWords.count(words)
    doubts = [find_doubts(tokens, cover, corpus) for tokens, cover in zip(words, covered, strict=True)]
    missed = [g for g in gold if not is_covered(texts[g.text], covered[g.text], g.start, g.end)]
    seen = [any(d.start < g.end and g.start < d.end for d in doubts[g.text]) for g in missed]
    row = ("voorbeeld", "gemist, wel bij de twijfels", sum(seen), max(1, len(missed)))
    return row, statistics.median(map(len, doubts))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("meetdata"),
        help="map met openboek/, ud_dutch/ en names/ (open data, niet meegeleverd)",
    )
    parser.add_argument(
        "--peers", action="store_true", help="meet deduce 3.0.6 ernaast (snelheid: python -m benchmarks)"
    )
    parser.add_argument("--speed-only", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.speed_only:
        print(json.dumps(measure_speed()))
        return
    texts, tellers, gold = sample()
    covered = masked(texts, tellers)
    doubts, a_story = doubt_row(texts, covered, gold)
    rows = [*sample_rows("voorbeeld", covered, texts, gold), doubts]
    if (folder := options.data / "openboek").exists():
        for book in ("Nescio_Titaantjes", "Verne_ReisOmDeWereld"):
            novel, names = openboek(folder, book)
            covered = masked(novel)
            rows += rows_of(book, novel, covered, names)
            people = [g for g in names if g.kind == "PER" and novel[g.text][g.start : g.end] != "God"]
            rows.append((book, "PER zonder God", *share(novel, covered, people)))
    if (folder := options.data / "ud_dutch").exists():
        for file in sorted(folder.glob("*.conllu")):
            sentences, proper, ordinary = ud(file)
            rows += rows_of(file.stem, sentences, masked(sentences), proper, ordinary)
    if (folder := options.data / "names").exists():
        origins = by_origin(folder)
        rows += [("herkomst", origin, *counts) for origin, counts in origins.items()]
        with no_name_list():
            rows += [
                ("herkomst, lijst leeg", origin, *counts) for origin, counts in by_origin(folder).items()
            ]
    else:
        print(f"Overgeslagen: {options.data} is er niet; geef de map met --data.")
    for source, kind, hits, total in rows:
        print(f"{source:<26}{kind:<26}{hits:>7} /{total:>7}{hits / total:>9.4f}")
    print(f"{'voorbeeld':<26}{'twijfels per verhaal (mediaan)':<42}{a_story:>9}")
    for source in ("herkomst", "herkomst, lijst leeg"):
        shares = [hits / total for name, _, hits, total in rows if name == source]
        if shares:
            print(f"{source:<26}{'verschil in punten':<42}{100 * (max(shares) - min(shares)):>9.2f}")
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.privacy", "--speed-only"],
        capture_output=True,
        text=True,
        check=True,
    )
    _print_speed("wijkanalyse", json.loads(child.stdout))
    if options.peers:
        from benchmarks.quality import masked_by_deduce
        from benchmarks.running import CACHE

        peer = masked_by_deduce(texts, CACHE)
        if isinstance(peer, str):
            print(peer)
            return
        for source, kind, hits, total in sample_rows("deduce op voorbeeld", peer, texts, gold):
            print(f"{source:<26}{kind:<26}{hits:>7} /{total:>7}{hits / total:>9.4f}")


def _print_speed(name: str, found: dict[str, float]) -> None:
    print(
        f"{name}: {found['per_second']:.0f} verhalen van 150 woorden per seconde op één kern, "
        f"laden {found['loading_s']:.1f} s, piek {found['peak_mb']:.0f} MB"
    )


if __name__ == "__main__":
    main()
