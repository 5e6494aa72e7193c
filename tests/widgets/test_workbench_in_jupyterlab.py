"""The notebooks in a real JupyterLab, as a person uses them: one server, two studies, a kernel that is killed."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

import wijkanalyse as wa
from tests.conftest import three_subjects
from tests.widgets.lab import jupyterlab, wait_for_kernel
from wijkanalyse.privacy.decisions import KEEP, MASK, PLACE
from wijkanalyse.study import choose_source, make_study_folder

SCREENS = Path(__file__).parents[1] / "_schermen"
LOAD, EXPORT = "01-inlezen-en-maskeren.ipynb", "05-figuren-voor-het-bulletin.ipynb"
RAW = [
    "Mijn buurvrouw Fatima Yilmaz belde mij op 06-11112222 over de brief.",
    "Bij de Rozenstraat 12 kwam Kees van Dijk elke dag langs met soep.",
    "Ik wachtte lang op een antwoord en hoorde daarna niets meer van ze.",
]


def write_workbook(path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in [
        ("Wat gebeurde er?", "Wie vertelt?", "Opmerking"),
        *((text, "inwoner", "ja") for text in RAW),
    ]:
        book.active.append(row)
    book.save(path)


def run_all(page):
    """Run every cell, and wait until the last has its number."""
    from playwright.sync_api import expect

    page.locator(".jp-Notebook:visible .jp-CodeCell .cm-content:visible").first.click(timeout=90_000)
    wait_for_kernel(page)
    prompts = page.locator(".jp-Notebook:visible .jp-CodeCell .jp-InputArea-prompt")
    for _ in range(3):  # JupyterLab says idle a moment before its kernel takes cells; then it runs none
        page.get_by_text("Run", exact=True).first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        with suppress(AssertionError):
            expect(prompts.filter(has_text="[ ]")).to_have_count(0, timeout=20_000)
            break
    expect(prompts.filter(has_text="*")).to_have_count(0, timeout=180_000)
    expect(prompts.filter(has_text="[ ]")).to_have_count(0)


def kill_kernel(address):
    """End the process of the only kernel as a crash does; JupyterLab starts another."""
    host, _, _ = address.partition("/lab/")
    with urllib.request.urlopen(f"{host}/api/kernels?token=proef", timeout=10) as answer:
        (kernel,) = json.load(answer)
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"kernel-{kernel['id']}".encode() in path.read_bytes():
                os.kill(int(path.parent.name), signal.SIGKILL)


@pytest.mark.browser
@pytest.mark.slow
def test_from_a_workbook_to_a_figure_and_nothing_is_lost(browser, tmp_path):
    from playwright.sync_api import expect

    one, two = tmp_path / "een", tmp_path / "twee"
    for folder in (one, two):
        make_study_folder(folder)
    write_workbook(tmp_path / "verhalen.xlsx")
    (two / "v.csv").write_text("Verhaal\n" + "\n".join(three_subjects(60)), "utf-8")
    with wa.open_project(two / "onderzoek.wijk") as project:
        choose_source(project, two / "v.csv", masked_by="Team Test")
    SCREENS.mkdir(exist_ok=True)
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    # JupyterLab may ask for a kernel where another notebook was open a moment before; it proposes the right one.
    page.add_locator_handler(
        page.locator(".jp-Dialog", has_text="Select Kernel"),
        lambda dialog: dialog.get_by_role("button", name="Select", exact=True).click(),
    )
    with jupyterlab(tmp_path, f"een/{LOAD}") as address:
        page.goto(address)
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click(timeout=90_000)
        wait_for_kernel(page)
        page.keyboard.press("Shift+Enter")
        status = page.locator(".wp [role=status]").first
        expect(status).to_contain_text("verzonnen voorbeeldverhalen", timeout=60_000)
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Ophalen van je computer").click()
        chooser.value.set_files(tmp_path / "verhalen.xlsx")
        page.get_by_label("Opmerking").select_option("gaat niet mee", timeout=30_000)
        page.screenshot(path=SCREENS / "01-kolommen.png")
        page.get_by_role("button", name="Zo inlezen").click()
        expect(status).to_contain_text("3 verhalen ingelezen uit verhalen.xlsx", timeout=30_000)

        run_all(page)
        text = page.locator(".wt-page")
        text.scroll_into_view_if_needed()
        text.focus()
        page.keyboard.press("m")
        expect(page.locator(".wt-line[data-state=accepted]")).to_have_count(1)
        page.keyboard.press("l")
        expect(page.locator(".wt-line[data-state=rejected]")).to_have_count(1)
        page.screenshot(path=SCREENS / "01-nakijken.png")
        page.keyboard.press("Control+s")
        expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
        saved = json.loads((one / LOAD).read_text("utf-8"))
        assert not [cell for cell in saved["cells"] if cell.get("outputs") or cell.get("execution_count")]
        assert "widgets" not in saved["metadata"]
        expect(page.locator(".wt-page")).to_have_count(1)  # what is on the screen stays

        kill_kernel(address)
        page.locator(".jp-Dialog").get_by_role("button", name="Ok").click(timeout=60_000)
        wait_for_kernel(page)
        with wa.open_project(one / "onderzoek.wijk") as project:
            verdicts = Counter(held["verdict"] for held in project.decisions(PLACE).values())
        assert verdicts == {MASK: 1, KEEP: 1}
        run_all(page)
        expect(status).to_contain_text("3 verhalen ingelezen uit verhalen.xlsx")
        expect(page.locator(".wt-text")).not_to_be_empty(timeout=30_000)

        page.goto(
            address.replace(f"een/{LOAD}", f"twee/{EXPORT}") + "&reset"
        )  # without the notebook before it
        run_all(page)
        page.get_by_role("button", name="Bewaar losse figuren").click()
        expect(page.locator(".wp:visible [role=status]")).to_contain_text(
            "Bewaard in de map figuren", timeout=90_000
        )
        page.get_by_role("button", name="Bewaar losse figuren").scroll_into_view_if_needed()
        page.screenshot(path=SCREENS / "05-bewaren.png")
        assert (two / "figuren" / "themakaart.svg").read_text("utf-8").startswith("<svg")
    page.context.close()
