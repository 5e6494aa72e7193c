"""A working folder for one study, and JupyterLab on it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from wijkanalyse.errors import InputError

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def lab_command(folder: Path, *, open_browser: bool = True, port: int | None = None) -> list[str]:
    """Return the command line that opens JupyterLab on a folder, bound to this machine, without news pop-ups."""
    command = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.resolve()}", "--ServerApp.ip=127.0.0.1",
        "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabServerApp.extra_labextensions_path=[]",
    ]  # fmt: skip
    if first := next(iter(sorted(folder.glob("*.ipynb"))), None):
        command.append(f"--LabApp.default_url=/lab/tree/{first.name}")
    if not open_browser:
        command.append("--no-browser")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; JupyterLab refuses otherwise
        command.append("--allow-root")
    return command


def lab_environment() -> dict[str, str]:
    """Return the environment for JupyterLab: our page settings before the user's, so that no news pop-up comes."""
    settings = str(Path(__file__).parent / "lab")
    path = os.pathsep.join(filter(None, [settings, os.environ.get("JUPYTER_CONFIG_PATH", "")]))
    return {**os.environ, "JUPYTER_CONFIG_PATH": path}


def make_study_folder(folder: Path) -> None:
    """Make a working folder: the notebooks without outputs, an empty project, and a .gitignore.

    Raises
    ------
    InputError
        When the folder exists and is not empty, or cannot be made.
    """
    from wijkanalyse.project import open_project

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError.one(
            what="Deze naam bestaat al, en het is geen lege map.", where=str(folder), expected="een nieuwe of lege map",
            now="Kies een andere naam. Er is niets veranderd.",
        )  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
            shutil.copyfile(notebook, folder / notebook.name)
        (folder / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    except OSError as error:
        raise InputError.one(
            what="De map kan niet worden gemaakt.", where=str(folder), expected="een plek waar je mag schrijven",
            now="Kies een andere plek.",
        ) from error  # fmt: skip
    open_project(folder / "onderzoek.wijk").close()


_GITIGNORE = """# Verhalen horen niet in git: alles blijft buiten, behalve notebooks zonder uitvoer en deze lijst.
*
!.gitignore
!*.ipynb
"""
