"""Every notebook runs from top to bottom, on the sample and on a file of one's own by changing one line."""

from __future__ import annotations

import ast
import shutil
import statistics

import nbformat
import pytest
from nbclient import NotebookClient

import wijkanalyse as wa
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.study import NOTEBOOKS, choose_source

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "own_file"), [*((path, False) for path in PATHS), (PATHS[0], True), (PATHS[-1], True)],
    ids=lambda value: {True: "eigen bestand", False: "voorbeeld"}.get(value) or value.stem,
)  # fmt: skip
def test_notebook_runs(path, own_file, tmp_path):
    """From a clean kernel without an edit; with a file of one's own, one line of the first changes and the others follow.

    02, 03 and 04 run on a file of one's own in `tests/test_canary.py`.
    """
    notebook = nbformat.read(path, as_version=4)
    if own_file:
        shutil.copy(SAMPLE_FOLDER / "vertelpunt.xlsx", tmp_path / "mijn.xlsx")
        shutil.copy(SAMPLE_FOLDER / "vertelpunt_gemaskeerd.csv", tmp_path / "mijn.csv")
        mapping = str(SAMPLE_FOLDER / "kolommen.yaml")
        with wa.open_project(tmp_path / "onderzoek.wijk") as project:
            choose_source(project, tmp_path / "mijn.csv", mapping=mapping, masked_by="de makers")
        first, line = code_cells(notebook)[0], "wa.load_panel(project)"
        if path.stem.startswith("01"):
            assert line in first.source
            first.source = first.source.replace(line, 'wa.load_panel(project, "mijn.xlsx")')
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = str([cell.outputs for cell in code_cells(notebook)])
    assert f"bron {'mijn' if own_file else 'vertelpunt'}" in shown


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_section_ends_with_what_it_means_and_what_not(path):
    cells = nbformat.read(path, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    sections = "\n".join(texts).split("\n## ")[1:]
    assert sections
    for section in sections:
        assert "**Wat betekent dit, en wat niet?**" in section


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_is_thin(path):
    notebook = nbformat.read(path, as_version=4)
    cells = code_cells(notebook)
    assert len(cells) <= 15
    assert statistics.median(len(cell.source.splitlines()) for cell in cells) <= 3
    for cell in cells:
        assert not any(
            isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.walk(ast.parse(cell.source))
        )
    kinds = [cell.cell_type for cell in notebook.cells]
    assert all(kinds[i - 1] == "markdown" for i, kind in enumerate(kinds) if kind == "code")
