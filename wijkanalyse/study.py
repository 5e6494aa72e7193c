"""A working folder for one study: its notebooks, which file the stories are in, and JupyterLab on it."""

from __future__ import annotations

import os
import shutil
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError
from wijkanalyse.loaders import load_narratives, load_sample
from wijkanalyse.privacy.masking import mask, refuse_unmasked

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project import Project

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
MAX_UPLOAD = 200 * 2**20  #: bytes; JupyterLab's own limit of 10 MB would drop the connection without a word
#: Voilà asks the internet for fonts and MathJax; the browser may not.
OFFLINE = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'"
#: How a server is started. Two thirds of its start went to a grammar of internet addresses that nothing here needs.
START = "import sys; sys.modules['rfc3987_syntax'] = None; from {} import main; main()"
SOURCE = ("bron", "verhalen")  #: kind and subject of the decision in a project in which file the stories are


def working_folder(project: Project) -> Path:
    """Return the folder that a project lies in; of one in memory, where we are."""
    return project.path.resolve().parent


def choose_source(project: Project, path: str | Path, **how: Any) -> Corpus:
    """Load stories as `load_narratives` does, and keep in the project in which file they are, and how that was loaded.

    What was coded in the sample before that was practice, and is taken out.
    """
    folder, files = working_folder(project), {"path": path}
    if how.get("mapping"):
        files["mapping"] = how.pop("mapping")
    places = {name: Path(file).resolve() for name, file in files.items()}
    corpus = _load(**places, **how)  # what cannot be loaded is not kept
    for name, place in places.items():
        how[name] = (place.relative_to(folder) if place.is_relative_to(folder) else place).as_posix()
    held = project.decisions(SOURCE[0]).get(SOURCE[1])
    if held != how:
        project.decide({SOURCE: how}, action="bestand met verhalen gekozen")
    if held is None:
        _put_away_practice(project)
    return corpus


def _put_away_practice(project: Project) -> None:
    """Take out what was coded in the sample: its coders are no colleagues, and a story of one's own can have the same number."""
    from wijkanalyse.coding import kept

    held, sample = {kind: project.decisions(kind) for kind in kept.BY_CODERS}, load_sample()
    about = {(kind, key): value for kind in held for key, value in kept.standing(held[kind], sample).items()}
    if practice := {key: None for key, value in about.items() if "narrative_id" in value}:
        project.decide(practice, action="oefening met de voorbeeldverhalen weggehaald")


def load_source(project: Project) -> Corpus | None:
    """Return the stories as they stand in the file that was chosen, or None where none was."""
    source = project.decisions(SOURCE[0]).get(SOURCE[1], {})
    files = {name: working_folder(project) / source[name] for name in ("path", "mapping") if name in source}
    return _load(**{**source, **files}) if source else None


def _load(path: Path, **how: Any) -> Corpus:
    corpus = load_narratives(path, **how)
    if how.get("masked_by"):
        refuse_unmasked(corpus)
    return corpus


def load_study(project: Project) -> Corpus:
    """Load the stories of a project as they are decided so far, to go on in another notebook.

    Returns
    -------
    Corpus
        The file that was chosen in `wa.load_panel`, masked with what people decided in `wa.review`; `only_reviewed()` is
        the part that may leave. Where no file was chosen: the invented sample, which its makers masked and reviewed.
    """
    corpus = load_source(project)
    return load_sample() if corpus is None else mask(corpus, project=project)


def keep_mapping(entries: list[dict[str, Any]], path: Path) -> Path:
    """Write a mapping beside the file that it is about. Not in the project: a header can be a story, in a file without headers."""
    import yaml

    beside = path.with_name(f"{path.name}.koppeling.yaml")
    beside.write_text(yaml.safe_dump({"kolommen": entries}, allow_unicode=True, sort_keys=False), "utf-8")
    return beside


def keep_upload(name: str, content: bytes, folder: Path) -> Path:
    """Put a file that was uploaded in the working folder; under another name where there is another file of that name."""
    own = Path(name.replace("\\", "/"))
    path, numbers = folder / own.name, count(2)
    try:
        while path.exists() and path.read_bytes() != content:
            path = folder / f"{own.stem} ({next(numbers)}){own.suffix}"
        path.write_bytes(content)
        path.chmod(0o600)
    except OSError as error:
        raise InputError.one(
            what="Het bestand kan niet in de werkmap worden gezet.", where=path.name,
            expected="een map waarin je mag schrijven, met ruimte op de schijf",
            now="Maak ruimte, of zet het bestand zelf in de map en kies het daar.",
        ) from error  # fmt: skip
    return path


def strip_outputs(model: dict[str, Any], path: str, contents_manager: Any, **_other: object) -> None:
    """Take the outputs out of a notebook that JupyterLab saves beside a project: they can hold stories.

    A hook of its contents manager. What is on the screen stays there.
    """
    beside = Path(contents_manager.root_dir, path.strip("/")).parent.glob("*.wijk")
    if model.get("type") != "notebook" or not model.get("content") or not any(beside):
        return
    model["content"]["metadata"].pop("widgets", None)
    for cell in model["content"]["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def lab_command(
    folder: Path, *, open_browser: bool = True, port: int | None = None, is_app: bool = False
) -> list[str]:
    """Return the command line that opens JupyterLab on a folder, bound to this machine, without news pop-ups.

    With `is_app` it opens the same notebooks as pages without code (Voilà).
    """
    settings: dict[str, Any] = {"websocket_max_message_size": MAX_UPLOAD}
    if is_app:
        settings["headers"] = {"Content-Security-Policy": OFFLINE}
    command = [
        sys.executable, "-c", START.format("jupyter_server.serverapp" if is_app else "jupyterlab.labapp"),
        f"--ServerApp.root_dir={folder.resolve()}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.tornado_settings={settings}",
    ]  # fmt: skip
    if is_app:
        command += [
            "--ServerApp.jpserver_extensions={'voila.server_extension': True}", "--ServerApp.default_url=/voila/tree",
            "--VoilaConfiguration.template=wijkanalyse", "--VoilaConfiguration.classic_tree=True",
        ]  # fmt: skip
    else:
        command += [
            "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabServerApp.extra_labextensions_path=[]", "--ContentsManager.pre_save_hook=wijkanalyse.study.strip_outputs",
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
    """Return the environment for JupyterLab: our settings and templates before the user's, so that no news pop-up comes."""
    settings, found = Path(__file__).parent / "lab", dict(os.environ)
    for name, folder in (("JUPYTER_CONFIG_PATH", settings), ("JUPYTER_PATH", settings / "share")):
        found[name] = os.pathsep.join(filter(None, [str(folder), found.get(name, "")]))
    return found


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
