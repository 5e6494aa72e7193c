"""A cell that runs in a real JupyterLab, in a browser."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat

from wijkanalyse.study import lab_command, lab_environment

NOTEBOOK = "proef.ipynb"


@contextmanager
def jupyterlab(folder: Path, notebook: str = NOTEBOOK, *, is_app: bool = False) -> Iterator[str]:
    """Start JupyterLab, or the list of pages without code, on a folder with nothing of the user's own settings; give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {
        name: str(folder / name)
        for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "JUPYTER_CONFIG_DIR")
    }
    command = [
        *lab_command(folder, open_browser=False, port=port, is_app=is_app),
        "--IdentityProvider.token=proef",
    ]
    with subprocess.Popen(
        command, env={**lab_environment(), **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(600):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/{'voila/tree' if is_app else f'lab/tree/{notebook}'}?token=proef"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:  # with a kernel open it may wait for ever
                server.kill()


def wait_for_kernel(page: Any) -> None:
    """Wait until the kernel takes cells. JupyterLab says idle a moment before that, and what is run then gets lost."""
    from playwright.sync_api import expect

    idle = page.locator(".jp-NotebookPanel-toolbar:visible [data-status=idle]")
    for _ in range(2):
        expect(idle).to_be_visible(timeout=90_000)
        page.wait_for_timeout(4_000)


@contextmanager
def run_cell(browser: Any, folder: Path, cell: str) -> Iterator[Any]:
    """Run a cell in a notebook that has text below it, and give the page."""
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell), nbformat.v4.new_markdown_cell("Tekst")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(book, folder / NOTEBOOK)
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    with jupyterlab(folder) as address:
        page = context.new_page()
        page.goto(address)
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").click(timeout=60_000)
        wait_for_kernel(page)
        page.keyboard.press("Shift+Enter")
        yield page
    context.close()


def save(page: Any, folder: Path) -> str:
    """Save the notebook with the key of JupyterLab, and return what the file holds."""
    from playwright.sync_api import expect

    page.keyboard.press("Control+s")
    expect(page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    page.wait_for_timeout(500)
    return (folder / NOTEBOOK).read_text("utf-8")
