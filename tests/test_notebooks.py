"""Every notebook runs from top to bottom, on the sample and on a file of one's own by changing one line."""

from __future__ import annotations

import ast
import statistics

import nbformat
import pytest
from nbclient import NotebookClient

from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.study import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("own_file", [False, True], ids=["voorbeeld", "eigen bestand"])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_notebook_runs(path, own_file, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    if own_file:
        first = code_cells(notebook)[0]
        line = next(line for line in first.source.splitlines() if line.startswith("corpus ="))
        own = f"corpus = wa.load_narratives({str(SAMPLE_FOLDER / 'vertelpunt.xlsx')!r})"
        first.source = first.source.replace(line, own)
    NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert (tmp_path / "uitvoer" / "themakaart.html").exists()


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
