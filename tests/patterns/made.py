"""Corpora made at random, and themes over them without the words: what a pattern is found in is planted or absent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

import wijkanalyse as wa
from tests.conftest import make_corpus, three_subjects
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role

ANSWERS = (
    ColumnSpec(name="perspective", label="Perspectief", role=Role.PERSPECTIVE, dtype="category"),
    ColumnSpec(name="organisation", label="Team", role=Role.ORGANISATION, dtype="category"),
    ColumnSpec(name="month", label="Maand", role=Role.TIME),
    ColumnSpec(name="dyad", label="regels – ruimte", role=Role.SIGNIFICATION, dtype="float", unit="0–1", ends=("regels", "ruimte")),
    ColumnSpec(name="heard", label="gehoord", role=Role.SIGNIFICATION, dtype="float", unit="1–5", ends=("niet", "wel")),
    *(
        ColumnSpec(name=f"part_{name}", label=name, role=Role.SIGNIFICATION, dtype="float", group="Waar ging het om")
        for name in ("geld", "meedoen", "veilig")
    ),
    ColumnSpec(name="feeling", label="Gevoel", role=Role.SIGNIFICATION, dtype="category"),
)  # fmt: skip


def real_themes(n: int) -> Any:
    """Return themes over n texts, to be divided otherwise below."""
    return wa.find_themes(make_corpus(three_subjects(n)), n_themes=3, firmness_rounds=1)


def divide(themes: Any, shares: np.ndarray) -> Any:
    """Return themes in which each story has these shares, shape (n_stories, n_themes), and belongs to the largest."""
    n, k = shares.shape
    ids, own = themes.assignments["narrative_id"].to_numpy(), shares.argmax(axis=1)
    counts = pd.Series(own).value_counts().reindex(range(k), fill_value=0)
    topics = pd.DataFrame(
        [(theme, f"thema {theme}", counts[theme], counts[theme], "brief, loket") for theme in range(k)],
        columns=["theme_id", "label", "n_narratives", "n_tellers", "terms"],
    )
    return replace(
        themes,
        assignments=themes.assignments.assign(theme_id=own, weight=shares.max(axis=1), core=1.0, copy_of=""),
        memberships=pd.DataFrame(
            {
                "narrative_id": np.repeat(ids, k),
                "theme_id": np.tile(np.arange(k), n),
                "weight": shares.ravel(),
            }
        ),
        topics=topics,
        firmness=pd.DataFrame({"theme_id": range(k), "jaccard": 0.5, "verdict": "patroon"}),
    )


def random_shares(rng: np.random.Generator, n: int, weights: tuple[float, ...] = (2, 3, 4, 5)) -> np.ndarray:
    """Return shares in which no two themes seek or avoid each other: a Dirichlet distribution."""
    drawn = rng.gamma(weights, size=(n, len(weights)))
    return drawn / drawn.sum(axis=1, keepdims=True)


def random_frame(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Return stories whose answers know nothing of anything; tellers are alike over their own stories."""
    tellers = np.sort(rng.integers(0, int(0.8 * n), n))
    mood = rng.normal(0, 0.5, n)[tellers]
    dyad = (1 / (1 + np.exp(-rng.normal(mood, 1)))).round(2)
    dyad[rng.random(n) < 0.1] = np.nan
    parts = rng.dirichlet([0.8, 1.2, 1], n).round(2)
    parts[:, 2] = (1 - parts[:, 0] - parts[:, 1]).clip(0).round(2)
    parts[rng.random(n) < 0.1] = np.nan
    feelings = np.array(["boos", "moe", "blij", "gemengd", "boos;moe"], dtype=object)
    return pd.DataFrame({
        "narrative_id": [f"v{number:03d}" for number in range(n)],
        "teller_id": [f"t{teller:03d}" for teller in tellers],
        "title": "", "text": three_subjects(n),
        "perspective": rng.choice(["inwoner", "wijkteam", "jongere"], n, p=[0.6, 0.25, 0.15])[tellers],
        "organisation": "team", "month": [f"2024-{month:02d}" for month in rng.integers(1, 13, n)],
        "dyad": dyad, "heard": np.clip(np.round(rng.normal(3 + mood, 1)), 1, 5),
        "part_geld": parts[:, 0], "part_meedoen": parts[:, 1], "part_veilig": parts[:, 2],
        "feeling": rng.choice(feelings, n, p=[0.3, 0.2, 0.15, 0.25, 0.1]),
    })  # fmt: skip


def corpus_of(frame: pd.DataFrame, **changes: ColumnSpec) -> Corpus:
    """Return a corpus of a frame of `random_frame`, in which specs may be changed by name."""
    known = {spec.name: changes.get(spec.name, spec) for spec in ANSWERS}
    base = {
        "narrative_id": Role.NARRATIVE_ID,
        "teller_id": Role.TELLER_ID,
        "title": Role.TITLE,
        "text": Role.TEXT,
    }
    plain = {name: ColumnSpec(name=name, label=name, role=role) for name, role in base.items()}
    specs = tuple({**plain, **known}[name] for name in frame.columns)
    return Corpus(
        frame=frame, columns=specs, provenance=Provenance(source="test"), status=PrivacyStatus.REVIEWED
    )


def random_codings(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Return codings of four fifths of the stories; where nothing was found there is a row without a code."""
    rows = []
    for narrative_id in frame["narrative_id"][rng.random(len(frame)) < 0.8]:
        found = [
            code for code, share in zip("abcd", (0.3, 0.2, 0.2, 0.12), strict=True) if rng.random() < share
        ]
        rows += [(narrative_id, "A", code) for code in found or [None]]
    return pd.DataFrame(rows, columns=["narrative_id", "coder", "code"])
