"""Small corpora with stories written for the tests, and the sample, loaded once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

MONEY = ["schuld", "deurwaarder", "aanmaning", "toeslag", "rekening", "betalen", "huurachterstand", "incasso"]
SCHOOL = ["school", "juf", "klas", "toets", "diploma", "leerling", "stage", "huiswerk"]
CARE = [
    "dementie",
    "medicijn",
    "mantelzorg",
    "ziekenhuis",
    "verpleging",
    "dagbesteding",
    "rolstoel",
    "casemanager",
]


def make_corpus(
    texts: list[str], *, status: PrivacyStatus = PrivacyStatus.REVIEWED, **columns: list[Any]
) -> Corpus:
    import pandas as pd

    ids = [f"v{number:03d}" for number in range(len(texts))]
    frame = pd.DataFrame(
        {"narrative_id": ids, "teller_id": [f"t{i}" for i in ids], "title": "", "text": texts, **columns}
    )
    roles = {"perspective": Role.PERSPECTIVE, "supported": Role.SIGNIFICATION}
    specs = tuple(
        ColumnSpec(
            name=name,
            label=name,
            role=roles.get(name, Role.CONTEXT),
            dtype="float" if name == "supported" else "str",
        )
        for name in frame.columns
    )
    return Corpus(frame=frame, columns=specs, provenance=Provenance(source="test"), status=status)


def three_subjects(n: int = 30) -> list[str]:
    """Texts about three subjects with no word in common; which three words each uses differs."""
    texts = []
    for number in range(n):
        words = (MONEY, SCHOOL, CARE)[number % 3]
        texts.append(" ".join(words[(number // 3 + step) % len(words)] for step in range(5)))
    return texts


@pytest.fixture(scope="session")
def sample() -> Corpus:
    return wa.load_sample()


@pytest.fixture(scope="session")
def sample_themes(sample: Corpus) -> Any:
    return wa.find_themes(sample, scheme=wa.load_scheme("opgaven"), firmness_rounds=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a Chromium of the system, driven by playwright; without one, skip, but never in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI must have Chromium; .ci/run installs it")
        pytest.skip("geen Chromium op deze machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()
