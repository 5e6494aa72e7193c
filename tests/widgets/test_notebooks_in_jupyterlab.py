"""Notebooks 03 and 04 in a real JupyterLab: what people do there is kept, also when the kernel dies."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

import wijkanalyse as wa
from tests.widgets.lab import NOTEBOOK, jupyterlab, wait_for_kernel
from wijkanalyse.study import make_study_folder

PLACE = """words => {
  const text = document.querySelector(".wt-text"), walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  document.querySelector(".wt-sheet").scrollIntoView({ block: "start" });
  document.querySelector(".wt-page").scrollTop = 0;
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words), range = document.createRange();
    if (at < 0) continue;
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    const box = range.getBoundingClientRect();
    return [box.left + 1, box.right - 1, (box.top + box.bottom) / 2];
  }
}"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("onderzoek") / "map"
    make_study_folder(folder)
    with jupyterlab(folder) as address:
        yield folder, address


def opened(browser: Any, address: str, name: str) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(90_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address.replace(NOTEBOOK, name))
    return page


def run_down_to(page: Any, words: str) -> None:
    """Run the notebook from its first cell to the code cell with these words."""

    wait_for_kernel(page)
    page.locator(".jp-CodeCell", has_text=words).locator(".cm-content").click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Above Selected Cell").click()
    page.locator(".jp-CodeCell", has_text=words).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def kill_kernels() -> None:
    for process in psutil.Process().children(recursive=True):
        if "ipykernel_launcher" in process.cmdline():
            process.kill()


@pytest.mark.browser
@pytest.mark.slow
def test_words_are_chosen_with_the_mouse_and_coded_and_a_dead_kernel_loses_nothing(browser, study):
    from playwright.sync_api import expect

    folder, address = study
    page = opened(browser, address, "03-coderen.ipynb")
    run_down_to(page, "blind=True")
    expect(page.locator(".wt-text")).to_contain_text("genoteerd", timeout=90_000)
    left, right, middle = page.evaluate(PLACE, "alles genoteerd")
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(right, middle, steps=5)
    page.mouse.up()
    page.keyboard.press("c")
    page.keyboard.type("schulden")
    page.keyboard.press("Enter")
    expect(page.locator(".wt-message")).to_have_text("Gecodeerd: Schulden.", timeout=15_000)
    kill_kernels()
    page.reload()
    run_down_to(page, "coding_table")
    mine = page.locator(".wpt tbody tr").filter(has_text="alles genoteerd")
    expect(mine).to_contain_text("Schulden", timeout=90_000)
    page.locator(".wpt button[data-key='schulden\tin totaal']").click()
    expect(page.locator(".wp-status [role=status]").last).to_have_text(
        "1 van de 343 coderingen bij Schulden × in totaal.", timeout=15_000
    )
    page.context.close()
    with wa.open_project(folder / "onderzoek.wijk") as project:
        codings = wa.codings(project, wa.load_study(project)).set_index("coder")
    assert codings.loc[["A", "B"]].groupby("coder").size().to_dict() == {"A": 167, "B": 175}
    assert codings.drop(["A", "B"])["quote"].tolist() == ["alles genoteerd"]


@pytest.mark.browser
@pytest.mark.slow
def test_two_readings_are_written_beside_the_stories_and_stand_in_the_kit(browser, study):
    from playwright.sync_api import expect

    folder, address = study
    page = opened(browser, address, "04-patronen-in-gesprek.ipynb")
    run_down_to(page, "edit_cards")
    panel = page.locator(".wp:visible")
    expect(panel.locator(".wt-queue li").first).to_contain_text("typisch", timeout=120_000)
    for perspective, reading in (("inwoner", "Wachten maakt moe."), ("professional", "De regel past niet.")):
        panel.get_by_label("Gelezen als").fill(perspective)
        panel.get_by_label("Wat je leest").fill(reading)
        page.keyboard.press("Tab")
        expect(panel.locator(".widget-html li", has_text=reading)).to_be_visible(timeout=15_000)
    expect(panel).not_to_contain_text("Nog niet besproken")
    kit = page.locator(".jp-CodeCell", has_text="build_session_kit")
    kit.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(kit.locator(".jp-OutputArea-output")).to_contain_text("sessiepakket.html", timeout=120_000)
    page.context.close()
    told = (folder / "sessie" / "sessiepakket.html").read_text("utf-8")
    assert "Wachten maakt moe." in told
    assert "De regel past niet." in told
