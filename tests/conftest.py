"""Small corpora with stories written for the tests, and the sample, loaded once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role

# The extra `schaal` brings pyarrow, and with it pandas keeps text otherwise. Most people do not have it, so the tests
# run as for them; what runs in a process of its own (commands, notebooks, workers) has it.
pd.set_option("mode.string_storage", "python")

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
    ids = [f"v{number:03d}" for number in range(len(texts))]
    frame = pd.DataFrame(
        {"narrative_id": ids, "teller_id": [f"t{i}" for i in ids], "title": "", "text": texts, **columns}
    )
    roles = {
        "narrative_id": Role.NARRATIVE_ID, "teller_id": Role.TELLER_ID, "title": Role.TITLE, "text": Role.TEXT,
        "perspective": Role.PERSPECTIVE, "supported": Role.SIGNIFICATION,
    }  # fmt: skip
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
    """Texts about three subjects with no word in common; which words each uses, and in which order, differs."""
    texts = []
    for number in range(n):
        words = (MONEY, SCHOOL, CARE)[number % 3]
        stride = 1 + 2 * (number // 24 % 4)
        texts.append(" ".join(words[(number // 3 + stride * step) % len(words)] for step in range(5)))
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


POINT = """id => {
  const map = document.getElementById("kaart"), box = map.getBoundingClientRect(), layout = map._fullLayout;
  for (const trace of map.calcdata) {
    const ids = trace[0].trace.customdata || [];
    for (let i = 0; i < ids.length; i++) if (ids[i] === id)
      return [box.left + layout.xaxis._offset + layout.xaxis.c2p(trace[i].x),
              box.top + layout.yaxis._offset + layout.yaxis.c2p(trace[i].y)];
  }
}"""


@contextmanager
def open_offline(browser: Any, path: Path, figure: str = "#kaart") -> Iterator[Any]:
    """Open a page with the network off; what it asked for and what went wrong is kept on the view."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    view = context.new_page()
    view.problems, view.requests = [], []
    view.on(
        "console", lambda message: view.problems.append(message.text) if message.type == "error" else None
    )
    view.on("pageerror", lambda error: view.problems.append(str(error)))

    def keep(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            view.requests.append(request.url)

    view.on("request", keep)
    view.goto(path.as_uri())
    view.wait_for_selector(figure if figure == "main" else f"{figure} .plot-container")
    yield view
    context.close()


def click_point(view: Any, narrative_id: str) -> str:
    """Click a story on the map as a person would, and return the text that the reader shows."""
    from playwright.sync_api import expect

    # Clicking a mark in plotly takes a move, a press and a release: its drag layer swallows a plain click.
    view.evaluate("document.getElementById('kaart').scrollIntoView({block: 'end'})")
    view.mouse.move(*view.evaluate(POINT, narrative_id))
    view.wait_for_timeout(200)
    view.mouse.down()
    view.mouse.up()
    reader = view.locator("#lezer [data-part=text]")
    expect(reader).not_to_be_empty()
    return str(reader.text_content())
