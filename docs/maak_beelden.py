"""Make the picture of the README from the real page: python docs/maak_beelden.py (needs Chromium)."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import wijkanalyse as wa

TARGET = Path(__file__).parent / "themakaart.png"


def main() -> None:
    """Write the page of the masked sample and take a picture of its map."""
    corpus = wa.load_sample()
    themes = wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = wa.write_page(corpus, themes, [], Path(folder) / "kaart.html")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page(viewport={"width": 1500, "height": 1000})
        view.goto(page.as_uri())
        view.wait_for_selector("#kaart .annotation")
        view.add_style_tag(content=".modebar { display: none !important }")
        view.locator("#kaart").screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
