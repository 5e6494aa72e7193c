"""Make the pictures of README and docs from the real thing: python -m docs.maak_beelden [name …] (needs Chromium).

Without names all of them. A name is the start of that of a picture: `themakaart`, `onderzoeker`, `leergroep`, `bulletin`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

import wijkanalyse as wa
from tests.widgets.lab import NOTEBOOK, jupyterlab, wait_for_kernel
from wijkanalyse.study import make_study_folder

DOCS = Path(__file__).parent
SIZE = {"width": 1280, "height": 880}  # all of a panel at once
MINUTE = 60_000
BARE = ".modebar, .jp-OutputPrompt, .jp-OutputArea-promptOverlay, .jp-NotebookPanel-toolbar { display: none !important }"


def run_all(page: Page, address: str, notebook: str) -> None:
    """Open a notebook, run it from top to bottom and wait until it is done."""
    page.goto(address.replace(NOTEBOOK, f"{notebook}.ipynb") + "&reset")  # without the notebook before it
    wait_for_kernel(page)
    page.locator(".jp-MarkdownCell").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    busy = page.locator(".jp-InputPrompt", has_text="[*]")
    expect(busy).not_to_have_count(0, timeout=2 * MINUTE)
    expect(busy).to_have_count(0, timeout=5 * MINUTE)


def shown_by(page: Page, code: str) -> Locator:
    """Return what the cell with this code shows."""
    area = page.locator(".jp-CodeCell", has_text=code).locator(".jp-Cell-outputArea").first
    area.scroll_into_view_if_needed()
    page.wait_for_timeout(2_000)  # figures and widgets draw themselves after they are there
    return area


def snap(page: Page, area: Locator, name: str, most: int = 660, *, block: str = "start") -> None:
    """Keep a picture of at most so many pixels high, of the start or the end of an area."""
    page.add_style_tag(content=BARE)
    page.mouse.move(1, 1)
    page.wait_for_timeout(500)
    area.evaluate("(area, block) => area.scrollIntoView({block})", block)
    box = area.bounding_box() or {}
    height = min(box["height"], most)
    clip = {**box, "height": height, "y": box["y"] + (box["height"] - height) * (block == "end")}
    page.screenshot(path=DOCS / f"{name}.png", clip=clip, animations="disabled", caret="hide")


def themakaart(page: Page, folder: Path) -> None:
    """Show the map of the page that `write_page` makes."""
    corpus = wa.load_sample()
    themes = wa.find_themes(corpus, scheme=wa.load_scheme("opgaven"))
    page.set_viewport_size({"width": 1500, "height": 1000})
    page.goto(wa.write_page(corpus, themes, [], folder / "kaart.html").as_uri())
    page.wait_for_selector("#kaart .annotation")
    snap(page, page.locator("#kaart"), "themakaart", most=1000)
    page.set_viewport_size(SIZE)


def onderzoeker(page: Page, folder: Path) -> None:
    """Show reviewing, a theme and its story, and coding."""
    with jupyterlab(folder) as address:
        run_all(page, address, "01-inlezen-en-maskeren")
        snap(page, shown_by(page, "wa.review("), "onderzoeker-nakijken")
        run_all(page, address, "02-themas-verkennen")
        workshop = shown_by(page, "wa.theme_workshop(")
        box = workshop.locator(".scatterlayer .point").nth(40).bounding_box() or {}
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for place in ((x + 3, y + 3), (x, y)):  # a person lingers on a point; plotly only knows it then
            page.mouse.move(*place)
            page.wait_for_timeout(400)
        page.mouse.down()
        page.mouse.up()
        expect(workshop.locator(".lm-TabBar-tab.lm-mod-current", has_text="Verhalen")).to_be_visible()
        page.wait_for_timeout(2_000)
        snap(page, workshop, "onderzoeker-themas")
        run_all(page, address, "03-coderen")
        snap(page, shown_by(page, "wa.code("), "onderzoeker-coderen")


def leergroep(page: Page, folder: Path) -> None:
    """Show a reading, the form for a session, and a card as it is printed."""
    with jupyterlab(folder) as address:
        run_all(page, address, "04-patronen-in-gesprek")
        panel = shown_by(page, "wa.edit_cards(")
        panel.get_by_label("Gelezen als").fill("inwoner")
        panel.get_by_label("Wat je leest").fill("Ik moest steeds opnieuw uitleggen hoe het zat.")
        snap(page, panel, "leergroep-lezing", most=400, block="end")
        snap(page, shown_by(page, "wa.session_form("), "leergroep-sessie")
    page.goto((folder / "sessie" / "sessiepakket.html").as_uri())
    snap(page, page.locator("article.card").first, "leergroep-kaart")


def bulletin(page: Page, folder: Path) -> None:
    """Show what may leave, a figure that did, and how to read it."""
    with jupyterlab(folder) as address:
        run_all(page, address, "05-figuren-voor-het-bulletin")
        panel = shown_by(page, "wa.export_panel(")
        snap(page, panel, "bulletin-kiezen")
        panel.get_by_role("button", name="Maak het bulletin").click()
        expect(panel.get_by_text("Bewaard in de map")).to_be_visible(timeout=5 * MINUTE)
    page.set_content((folder / "figuren" / "themakaart.svg").read_text(encoding="utf-8"))
    snap(page, page.locator("svg").first, "bulletin-figuur")
    page.goto((folder / "figuren" / "zo-lees-je-deze-figuren.html").as_uri())
    snap(page, page.locator("body"), "bulletin-leeswijzer", most=500)


MAKERS: dict[str, Callable[[Page, Path], None]] = {
    "themakaart": themakaart, "onderzoeker": onderzoeker, "leergroep": leergroep, "bulletin": bulletin,
}  # fmt: skip


def main(names: list[str]) -> None:
    """Make the pictures that were asked for, in a study folder of their own."""
    os.environ["LOGNAME"] = "Noor"  # who works in it stands in the pictures
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        make_study_folder(study := Path(folder) / "mijn-onderzoek")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name in names or MAKERS:
            page = browser.new_page(viewport=SIZE)
            page.set_default_timeout(2 * MINUTE)
            MAKERS[name](page, study)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
