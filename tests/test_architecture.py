"""The arrows of ARCHITECTURE.md, proven from the imports; and the light import."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import wijkanalyse as wa

PACKAGE = Path(wa.__file__).parent
ROOMS = {
    "errors": set(),
    "corpus": {"errors"},
    "language": {"errors"},
    "loaders": {"errors", "corpus"},
    "privacy": {"errors", "corpus", "language"},
    "coding": {"errors", "corpus", "language"},
    "themes": {"errors", "corpus", "language", "coding"},
    "patterns": {"errors", "corpus", "language", "privacy", "coding", "themes"},
    "figures": {"errors", "corpus", "privacy"},
    "dialogue": {"errors", "corpus", "language", "patterns", "figures", "privacy", "themes"},
    "project": {"errors", "corpus"},
    "cli": None,
    "__init__": None,
    "__main__": None,
}
HEAVY = {
    "bertopic",
    "spacy",
    "plotly",
    "sklearn",
    "umap",
    "simplemma",
    "openpyxl",
    "jinja2",
    "ipywidgets",
    "torch",
    "pandas",
    "scipy",
}


def room_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[tuple[str, bool, bool]]:
    """Return (module, is inside a function, is for type checking only) of every import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []

    def walk(node: ast.AST, inside: bool, typing: bool) -> None:
        for child in ast.iter_child_nodes(node):
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            is_typing = isinstance(child, ast.If) and getattr(child.test, "id", "") == "TYPE_CHECKING"
            if isinstance(child, ast.Import):
                found.extend((alias.name, inside, typing) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                found.append((child.module or "", inside, typing))
            walk(child, inside or is_function, typing or is_typing)

    walk(tree, False, False)
    return found


FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_run_one_way(path):
    room = room_of(path)
    assert room in ROOMS, f"a new room ({room}) belongs in ARCHITECTURE.md and in this test"
    if ROOMS[room] is None:
        return
    used = {module.split(".")[1] for module, _, _ in imports_of(path) if module.startswith("wijkanalyse.")}
    assert used <= ROOMS[room] | {room}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_are_imported_inside_functions(path):
    at_the_top = {
        module.split(".")[0] for module, inside, typing in imports_of(path) if not inside and not typing
    }
    assert not at_the_top & HEAVY


def test_architecture_page_names_every_room():
    page = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for room in ROOMS:
        if not room.startswith("__"):
            assert f"`{room}" in page


def test_bare_import_is_light_and_fast():
    code = (
        "import time; t = time.perf_counter(); import wijkanalyse; d = time.perf_counter() - t; "
        "import sys, json; print(json.dumps([d, sorted(sys.modules)]))"
    )
    seconds, modules = min(
        (
            json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
            for _ in range(3)
        ),
        key=lambda outcome: outcome[0],
    )
    assert not {name.split(".")[0] for name in modules} & HEAVY
    assert seconds < 0.5


def test_all_is_what_the_notebooks_need():
    assert sorted(wa.__all__) == wa.__all__
    assert set(wa.__all__) == {
        "Corpus", "PrivacyStatus", "Role", "Themes", "WijkError", "find_patterns", "find_themes", "list_schemes",
        "load_narratives", "load_sample", "load_scheme", "mask", "open_project", "plot_theme_map", "write_page",
    }  # fmt: skip
    for name in wa.__all__:
        assert getattr(wa, name).__doc__
    assert set(wa.__all__) <= set(dir(wa))


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="bestaat_niet"):
        _ = wa.bestaat_niet


def test_only_the_gate_makes_safe_text_and_only_the_page_writes_stories():
    """A function that writes a file with stories goes through the gate."""
    for path in FILES:
        source = path.read_text(encoding="utf-8")
        if "write_text(" in source or '.open("w"' in source:
            assert room_of(path) in {"dialogue", "cli"}, path
            if room_of(path) == "dialogue":
                assert "release_texts(" in source
