"""What is measured on: stories with what people say about them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role
from wijkanalyse.language import content_lemmas
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.themes.firmness import N_ROUNDS

Array = np.ndarray[Any, np.dtype[Any]]
MIN_LEMMAS = 3  # wa.find_themes puts a shorter story in no theme
OPGAVEN = ("bestaanszekerheid", "kansengelijkheid", "veiligheid", "sociale-verbanden", "buiten_kader")
FEW_ROUNDS = 20  # subsamples where only what fits nowhere rests on them


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
