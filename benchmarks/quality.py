"""What comes out, beside what the peers make of the same stories: names found, themes that people named, what survives an exchange."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import wijkanalyse as wa
from benchmarks import privacy
from benchmarks.running import environment, watch
from benchmarks.themes.cases import load_sample_case
from benchmarks.themes.methods import find, labels_of
from benchmarks.themes.tables import ari_nmi, number
from wijkanalyse.loaders import SAMPLE_FOLDER

PEER = Path(__file__).with_name("peer.py")
Row = tuple[str, ...]


def ask(name: str, source: Path, cache: Path) -> Any:
    """Return what a peer makes of a file; a Dutch line when it makes nothing."""
    python = environment(name, cache)
    if isinstance(python, str):
        return python
    target = source.with_name(f"{name}-uit.json")
    run = watch([str(python), str(PEER), name, str(source), str(target)])
    return run if isinstance(run, str) else json.loads(target.read_text(encoding="utf-8"))


def masked_by_deduce(texts: Sequence[str], cache: Path) -> list[bytearray] | str:
    """Return which characters of each text deduce masks; a Dutch line when it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "ruw.json"
        source.write_text(json.dumps(list(texts)), encoding="utf-8")
        found = ask("deduce", source, cache)
    if isinstance(found, str):
        return found
    covered = [bytearray(len(text)) for text in texts]
    for cover, places in zip(covered, found, strict=True):
        for start, end in places:
            cover[start:end] = b"\x01" * (end - start)
    return covered


def mask_rows(cache: Path) -> Iterator[Row]:
    """Yield how many places of the gold are masked, of the whole sample."""
    texts, tellers, gold = privacy.sample()
    outcomes = {"wijkanalyse": privacy.masked(texts, tellers), "deduce": masked_by_deduce(texts, cache)}
    for name, covered in outcomes.items():
        if isinstance(covered, str):
            yield "maskeren", name, covered
            continue
        rows = {kind: (hits, total) for _, kind, hits, total in privacy.sample_rows("", covered, texts, gold)}
        kinds = ("personen en nummers", "persoon", "plaats", "andere woorden")
        counts = [(kind, *rows[kind]) for kind in kinds]
        yield (
            "maskeren",
            name,
            "; ".join(f"{kind} {hits}/{of} = {number(hits / of, 4)}" for kind, hits, of in counts),
        )


def theme_rows(cache: Path, rounds: int) -> Iterator[Row]:
    """Yield how well themes agree with the division into opgaven (ARI), over several seeds."""
    case = load_sample_case()
    divisions = {"wijkanalyse": [labels_of(find(case, seed)) for seed in range(1, rounds + 1)]}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "gemaskeerd.json"
        source.write_text(json.dumps(case.texts), encoding="utf-8")
        for name in ("bertopic", "turftopic"):
            made = [ask(name, source, cache) for _ in range(rounds)]
            if isinstance(made[0], str):
                yield "thema’s heel", name, made[0]
            else:
                divisions[name] = [np.array(labels) for labels in made]
    for name, every in divisions.items():
        ari = [ari_nmi(case.label, labels)[0] for labels in every]
        apart = statistics.median(100 * float(np.mean(labels < 0)) for labels in every)
        counts = sorted(len(set(labels[labels >= 0])) for labels in every)
        said = f"ARI {number(statistics.median(ari))} ({number(min(ari))} tot {number(max(ari))})"
        yield "thema’s heel", name, f"{said}; {counts[0]}–{counts[-1]} thema’s; {apart:.0f}% in geen thema"


def exchange_rows(cache: Path) -> Iterator[Row]:
    """Yield how many of each element are found back of a project that was written from the sample."""
    corpus, scheme = wa.load_sample(), wa.load_scheme("opgaven")
    codings = pd.read_csv(SAMPLE_FOLDER / "goud" / "coderingen.csv", sep=";")
    codings = codings.astype({"start": "Int64", "end": "Int64"}).fillna({"memo": ""})
    with tempfile.TemporaryDirectory() as folder:
        path, book = Path(folder) / "voorbeeld.qdpx", Path(folder) / "codeboek.csv"
        wa.export_qdpx(corpus, codings, path, scheme=scheme, audience="werkbank")
        wa.export_codebook(scheme, book)
        back = wa.import_qdpx(path)
        written = elements(corpus, scheme, codings)
        yield "uitwisseling", "geschreven uit het voorbeeld", said(written)
        yield "uitwisseling", "wijkanalyse, terug", said(elements(back.corpus, back.scheme, back.codings))
        found = ask("pyrefiqda", path, cache)
        yield "uitwisseling", "pyrefiqda", found if isinstance(found, str) else said(found)
        tags = ask("taguette", book, cache)
        if isinstance(tags, str):
            yield "uitwisseling", "Taguette", tags
            return
        names = {code.name for code in wa.import_qdc(f"{book}.qdc")}
        kept = sum(code.name in names for code in scheme)
        refused = f"geweigerd: {tags['geweigerd']}" if "geweigerd" in tags else said(tags)
        yield "uitwisseling", "Taguette leest ons codeboek (csv)", refused
        yield "uitwisseling", "wijkanalyse leest het codeboek van Taguette (qdc)", said({"codes": kept})


def elements(corpus: wa.Corpus, scheme: Any, codings: pd.DataFrame) -> dict[str, int]:
    texts = corpus.frame.set_index("narrative_id")["text"]
    same = sum(texts[row.narrative_id][row.start : row.end] == row.quote for row in codings.itertuples())
    return {
        "verhalen": len(corpus), "codes": len(scheme), "omschrijvingen": sum(bool(code.definition) for code in scheme),
        "coderingen": same, "codeurs": codings["coder"].nunique(), "memo’s": int((codings["memo"] != "").sum()),
    }  # fmt: skip


def said(counts: dict[str, int]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.items())
