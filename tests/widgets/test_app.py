"""`wijkanalyse app` in a real browser: a page without code, that works without the internet."""

from __future__ import annotations

import pytest

import wijkanalyse as wa
from tests.widgets.lab import jupyterlab
from wijkanalyse.study import make_study_folder

ROWS = "Zegt u het maar;Pet\n" + "\n".join(
    f"Op dag {n} wachtte ik lang op een brief.;inwoner" for n in range(4)
)


@pytest.mark.browser
@pytest.mark.slow
def test_the_first_notebook_is_a_page_that_loads_a_file_and_asks_nothing_of_the_internet(browser, tmp_path):
    from playwright.sync_api import expect

    folder, wrong = tmp_path / "map", list[str]()
    make_study_folder(folder)
    (folder / "verhalen.csv").write_text(ROWS, "utf-8")
    (folder / "eerst.csv").write_text("Verhaal\nIk wachtte een jaar op een brief.\n", "utf-8")
    with wa.open_project(folder / "onderzoek.wijk") as project:
        wa.load_panel(project, folder / "eerst.csv")  # small: the page runs the whole notebook first
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(45_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    with jupyterlab(folder, is_app=True) as address:
        own = (address.partition("/voila")[0], "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(own) else wrong.append(request.url))
        page.goto(address)
        expect(page.locator("li a")).to_have_count(5)
        page.locator("li a").first.click()
        status = page.locator(".wp [role=status]").first
        expect(status).to_have_text("1 verhaal ingelezen uit eerst.csv.", timeout=45_000)
        expect(page.locator(".wt-text")).to_contain_text("brief", timeout=20_000)
        page.get_by_label("In de werkmap:").select_option("verhalen.csv")
        page.get_by_label("Pet").select_option("perspectief")
        page.get_by_role("button", name="Zo inlezen").click()
        expect(status).to_contain_text(
            "4 verhalen ingelezen uit verhalen.csv. Ververs nu deze pagina (F5)", timeout=20_000
        )
        shown = page.locator("body").inner_text()
        assert "wa.open_project" not in shown
        assert "Traceback" not in shown
        page.context.close()
        assert wrong == []
    with wa.open_project(folder / "onderzoek.wijk") as project:
        assert list(wa.load_study(project).frame["pet"]) == ["inwoner"] * 4
