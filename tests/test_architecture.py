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
    "parallel": {"errors"},
    "corpus": {"errors"},
    "language": {"errors"},
    "foreign": {"errors", "corpus"},
    "loaders": {"errors", "corpus", "foreign", "language"},
    "sealed": {"errors"},
    "privacy": {"errors", "corpus", "language", "sealed", "parallel"},
    "coding": {"errors", "corpus", "foreign", "language", "privacy"},
    "themes": {"errors", "corpus", "language", "coding", "parallel"},
    "patterns": {"errors", "corpus", "language", "privacy", "coding", "themes", "parallel"},
    "figures": {"errors", "corpus", "language", "privacy"},
    "dialogue": {"errors", "corpus", "language", "coding", "patterns", "figures", "privacy", "themes"},
    "project": {"errors", "corpus", "sealed"},
    "widgets": {
        "errors",
        "corpus",
        "language",
        "privacy",
        "project",
        "figures",
        "patterns",
        "dialogue",
        "coding",
        "themes",
        "loaders",
        "study",
    },
    "scale": {"errors", "corpus", "privacy", "themes", "coding"},
    "study": {"errors", "corpus", "loaders", "privacy", "coding", "project"},
    "steps": None,
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
    "lxml",
    "ipywidgets",
    "torch",
    "pandas",
    "scipy",
    "cryptography",
    "dask",
    "joblib",
    "pyarrow",
    "distributed",
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
        "Corpus", "PrivacyStatus", "Role", "Themes", "WijkError", "accept_suggestions", "add_coding", "add_reading",
        "approve_quotes", "build_session_kit", "change_card", "code", "code_in_vivo", "coding_table", "codings", "compare_coders", "compare_sessions",
        "cross_tabulate", "done", "edit_cards", "explore", "export_catalysis", "export_codebook", "export_codings", "export_figure", "export_panel",
        "export_qdc", "export_qdpx", "find_patterns", "find_themes", "import_catalysis", "import_qdc", "import_qdpx",
        "keep_codings", "keep_scheme", "kept_scheme", "list_schemes", "load_narratives", "load_panel", "load_sample", "load_scheme", "load_study", "mask", "mask_codings", "memos",
        "merge_projects", "open_key", "open_project", "open_raw", "plot_co_occurrence", "plot_contrast", "plot_firmness",
        "plot_opgaven", "plot_over_time", "plot_signification", "plot_tension", "plot_theme_map", "plot_three_layers",
        "plot_voices", "propose_quotes", "read", "read_cards", "recode", "record_session", "remove_codings", "retrieve", "review", "search",
        "session_form", "show_disagreements", "show_progress", "suggest_codings", "theme_workshop", "write_bulletin", "write_disagreements", "write_memo", "write_page", "write_stories",
    }  # fmt: skip
    for name in wa.__all__:
        assert getattr(wa, name).__doc__
    assert set(wa.__all__) <= set(dir(wa))


def test_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="bestaat_niet"):
        _ = wa.bestaat_niet


#: Who may open a file for writing, and what for. Everything that people read goes through `write_file`.
WRITERS = {
    "privacy/files.py": {"mkstemp", "fdopen", "ZipFile", "replace"},  # the way out itself
    "coding/exchange/writing.py": {"ZipFile"},  # bytes of a container, for the way out
    "sealed.py": {"fdopen"},  # encrypted
    "project/copies.py": {"replace"},  # copies of the user's own project beside it
    "dialogue/page.py": {"to_html"},  # a string, not a file
    "coding/agreement.py": {"to_html"},  # strings too, in a notebook
    "coding/retrieval.py": {"to_html"},
    "figures/standalone.py": {"to_html"},  # a string too
    "widgets/figure.py": {"to_json"},  # a string too, to the page
    "study.py": {
        "copyfile",
        "write_text",
        "write_bytes",
    },  # empty notebooks and a .gitignore for a new study; the user's own upload
}
WRITING = {
    "write_text", "write_bytes", "write_html", "write_image", "write_json", "to_image", "savefig", "to_csv", "to_excel", "to_parquet",
    "to_json", "to_html", "to_pickle", "to_feather", "to_markdown", "dump", "mkstemp", "NamedTemporaryFile", "mkdtemp", "fdopen", "copyfile",
    "copy", "copy2", "copytree", "move", "ZipFile", "extractall", "touch", "replace",
}  # fmt: skip


def writing_calls(path: Path) -> set[str]:
    """Return the calls in a file that can write one: by name, or `open` with a mode that writes."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        modes = {
            value.value
            for value in arguments
            if isinstance(value, ast.Constant) and isinstance(value.value, str)
        }
        opens = any(set(mode) & set("wax+") and len(mode) < 4 for mode in modes)
        writes = {
            "open": opens,
            "ZipFile": opens,
            "replace": len(arguments) == 1,  # Path.replace; str.replace has two
            "copy": bool(arguments),  # shutil.copy; a copy of a frame has none
            "move": getattr(getattr(node.func, "value", None), "id", "") == "shutil",
        }.get(name, name in WRITING)
        if writes:
            found.add(name)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_way_out_writes_files(path):
    assert writing_calls(path) <= WRITERS.get(str(path.relative_to(PACKAGE)), set())


def test_the_search_for_writing_calls_finds_them(tmp_path):
    code = tmp_path / "code.py"
    code.write_text(
        "Path(x).write_text(y)\nopen(x, 'w')\nopen(x, mode='ab')\nf.to_csv(p)\nPath(a).replace(b)\nopen(x)\n's'.replace('a', 'b')\nd.copy()"
    )
    assert writing_calls(code) == {"write_text", "open", "to_csv", "replace"}


@pytest.mark.slow
def test_the_main_job_writes_nothing_but_through_the_way_out(tmp_path):
    """Every file that the whole job opens for writing is opened by `write_file`, seen from the interpreter itself."""
    code = """
import sys, traceback
opened = []
def look(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+") and isinstance(arguments[0], str):
        stack = [frame.name for frame in traceback.extract_stack()]
        if "write_file" not in stack and not arguments[0].startswith(("/dev/", sys.prefix)):
            opened.append((arguments[0], stack[-4:]))
sys.addaudithook(look)
sys.dont_write_bytecode = True
from wijkanalyse.cli import app
app(["demo", "--uit", sys.argv[1]], standalone_mode=False)
assert not opened, opened[:5]
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["themakaart.html"]
