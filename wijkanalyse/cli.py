"""The command `wijkanalyse`: the main job on the sample or on a file of one's own, and the workbench."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijkanalyse.errors import InputError, WijkError

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.themes import Themes
    from wijkanalyse.themes.clustering import Progress

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
OUTPUT = Path("uitvoer")
PAGE_NAME = "themakaart.html"

app = typer.Typer(
    name="wijkanalyse",
    help="Van verhalen naar patronen om over te praten. Alles blijft op je eigen computer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)

Out = Annotated[Path, typer.Option("--uit", help="Map voor de uitvoer.", show_default="uitvoer")]


MaskedBy = Annotated[str | None, typer.Option("--gemaskeerd-door", help="Wie de verhalen elders al maskeerde én nakeek. Wordt vastgelegd.")]  # fmt: skip
ProjectFile = Annotated[Path | None, typer.Option("--project", help="Projectbestand (.wijk): wat je daarin hebt nagekeken geldt weer.")]  # fmt: skip


@app.command(help="Maak de themakaart en de patroonkaarten van de voorbeeldverhalen.")
def demo(uit: Out = OUTPUT) -> None:
    """Run the main job on the raw sample."""
    from wijkanalyse.loaders import load_sample

    _run(load_sample(raw=True), uit)


@app.command(help="Maak de themakaart en de patroonkaarten van een eigen bestand (.xlsx of .csv).")
def verwerk(
    # readable=False: a file that is open in Excel gets our own sentence, not the library's English one.
    bestand: Annotated[Path, typer.Argument(help="Het bestand met verhalen.", readable=False)],
    uit: Out = OUTPUT,
    tekst: Annotated[str | None, typer.Option("--tekst", help="Naam van de kolom met de verhalen.")] = None,
    themas: Annotated[
        int | None, typer.Option("--themas", help="Aantal thema’s; anders een voorstel.")
    ] = None,
    maskeer_ook: Annotated[
        Path | None,
        typer.Option(
            "--maskeer-ook",
            help="Tekstbestand met namen die ook gemaskeerd worden, één per regel.",
            readable=False,
        ),
    ] = None,
    gemaskeerd_door: MaskedBy = None,
    koppeling: Annotated[
        Path | None, typer.Option("--koppeling", help="YAML die zegt wat elke kolom is.", readable=False)
    ] = None,
    project: ProjectFile = None,
) -> None:
    """Run the main job on a file of the user's own."""
    _check_output(uit)
    corpus = _load(bestand, masked_by=gemaskeerd_door, text=tekst, mapping=koppeling)
    _run(corpus, uit, n_themes=themas, add=_read_words(maskeer_ook), project=project)


@app.command(help="Maak een sessiepakket om te printen: kaarten, verhalen en een draaiboek.")
def sessie(
    bestand: Annotated[Path | None, typer.Argument(help="Nagekeken verhalen; anders het voorbeeld.", readable=False)] = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het pakket.")] = Path("sessie"),
    deelnemers: Annotated[int, typer.Option("--deelnemers", help="Hoeveel mensen komen er?")] = 20,
    minuten: Annotated[int, typer.Option("--minuten", help="Hoe lang duurt de sessie?")] = 120,
    gemaskeerd_door: MaskedBy = None,
    project: ProjectFile = None,
) -> None:  # fmt: skip
    """Make the session kit of the sample or of a file of the user's own."""
    import wijkanalyse as wa
    from wijkanalyse.privacy.gate import Audience

    _check_output(uit)
    corpus = _load(bestand, masked_by=gemaskeerd_door) if bestand else wa.load_sample()
    corpus, themes = _themes(corpus, project=project, only_reviewed=True)
    with _progress("Sessiepakket"):
        cards = wa.find_patterns(corpus, themes=themes, audience=Audience.OUTSIDE)
        kit = wa.build_session_kit(cards, uit, corpus=corpus, participants=deelnemers, minutes=minuten)
    typer.echo("\n  ".join(["\nKlaar:", *map(str, (kit.html.resolve(), kit.docx.name, *(pdf.name for pdf in kit.pdfs)))]))  # fmt: skip


def _load(path: Path, *, masked_by: str | None, **options: Any) -> Corpus:
    from wijkanalyse.loaders import load_narratives
    from wijkanalyse.privacy.masking import refuse_unmasked

    corpus = load_narratives(path, masked_by=masked_by, **options)
    if masked_by:
        refuse_unmasked(corpus)
        typer.echo(f"LET OP: er wordt niet gemaskeerd; dat deed volgens opgave {masked_by}.\n")
    return corpus


@app.command(
    help="Maak een werkmap met de notebooks, een leeg project en een .gitignore die verhalen buiten git houdt."
)
def nieuw(map_: Annotated[Path, typer.Argument(metavar="MAP", help="Naam van de nieuwe map.")]) -> None:
    """Make a working folder."""
    make_study_folder(map_)
    start = "py start.py" if os.name == "nt" else "python3 start.py"
    typer.echo(f'Klaar: {map_}. Zet je verhalen in die map en open haar met:\n  {start} lab "{map_}"')


@app.command(help="Open JupyterLab op de notebooks.")
def lab(
    map_: Annotated[
        Path | None, typer.Argument(metavar="[MAP]", help="Een werkmap van ‘wijkanalyse nieuw’.")
    ] = None,
    geen_browser: Annotated[
        bool, typer.Option("--geen-browser", help="Open geen browser; toon alleen het adres.")
    ] = False,
    poort: Annotated[int | None, typer.Option("--poort", help="Vaste poort.")] = None,
) -> None:
    """Open JupyterLab, on this machine only."""
    folder = map_ or NOTEBOOKS
    if not folder.is_dir():
        raise InputError.one(
            what="Deze map bestaat niet.", where=str(folder), expected="een map met notebooks",
            now="Maak er een met: wijkanalyse nieuw mijn-onderzoek",
        )  # fmt: skip
    command = lab_command(folder, open_browser=not geen_browser, port=poort)
    raise typer.Exit(subprocess.call(command, env=lab_environment()))


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


def _check_output(out: Path) -> None:
    """Refuse an output folder that cannot be written before any work is done."""
    nearest = next(folder for folder in (out.resolve(), *out.resolve().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise InputError.one(
            what="In deze map kan niets worden bewaard.", where=str(out), expected="een map waarin je mag schrijven",
            now="Kies met --uit een andere map.",
        )  # fmt: skip


def _read_words(path: Path | None) -> list[str]:
    if path is None:
        return []
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.one(
            what="Het bestand met namen om te maskeren is niet te lezen.", where=path.name,
            expected="een tekstbestand (UTF-8) met één naam per regel", now="Controleer de naam en sla het op als .txt.",
        ) from error  # fmt: skip


def _run(corpus: Corpus, out: Path, **options: Any) -> None:
    """Mask, cluster, choose patterns, write the page; the main job."""
    import wijkanalyse as wa

    corpus, themes = _themes(corpus, **options)
    with _progress("Patroonkaarten en pagina"):
        cards = wa.find_patterns(corpus, themes=themes)
        path = wa.write_page(corpus, themes, cards, out / PAGE_NAME)
    typer.echo(
        f"\nKlaar. {len(themes.firmness)} thema’s en {len(cards)} patroonkaarten staan in:\n  {path.resolve()}\n"
        "Open dat bestand in je browser. Het is voor eigen gebruik; er gaat niets naar internet."
    )


def _themes(
    corpus: Corpus, *, n_themes: int | None = None, add: Sequence[str] = (), project: Path | None = None, only_reviewed: bool = False,
) -> tuple[Corpus, Themes]:  # fmt: skip
    """Mask and cluster."""
    import wijkanalyse as wa

    typer.echo(f"{corpus.check_report}\n")
    if corpus.status is wa.PrivacyStatus.RAW:
        with _progress("Maskeren"):
            corpus = _mask(corpus, add, project)
        typer.echo(f"{corpus.privacy_report}\n")
    if only_reviewed and not corpus.reviewed:
        corpus.require(wa.PrivacyStatus.REVIEWED, purpose="een sessiepakket om uit te delen")
    corpus = corpus.only_reviewed() if only_reviewed else corpus
    with _progress("Thema’s zoeken") as report:
        return corpus, wa.find_themes(
            corpus, scheme=wa.load_scheme("opgaven"), n_themes=n_themes, progress=report
        )


def _mask(corpus: Corpus, add: Sequence[str], path: Path | None) -> Corpus:
    from wijkanalyse.privacy import mask
    from wijkanalyse.project import open_project

    if path is None:
        return mask(corpus, add=add)
    if not path.exists():
        raise InputError.one(
            what="Dit projectbestand bestaat niet.", where=path.name, expected="een bestand dat op .wijk eindigt",
            now="Maak er een met: wijkanalyse nieuw mijn-onderzoek",
        )  # fmt: skip
    with open_project(path) as project:
        return mask(corpus, add=add, project=project)


@contextmanager
def _progress(step: str) -> Iterator[Progress]:
    """Show a progress bar for one step; also when it takes long, so that nobody thinks it hangs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=28), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=False) as bars:
        task = bars.add_task(step, total=None)

        def report(part: str, done: int, total: int) -> None:
            bars.update(task, description=f"{step}: {part}", completed=done, total=total)

        yield report
        bars.update(task, description=step, completed=1, total=1)


# Typer exports the special case only; what it is a case of covers all that can be typed wrong.
USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]


def _usage_sentence(error: Any) -> str:
    """Return what is wrong with a command line, in Dutch; the library only speaks English."""
    param = getattr(error, "param", None)
    kind = type(error).__name__
    if kind == "MissingParameter":
        return f"Er ontbreekt iets: {getattr(param, 'name', None) or 'een waarde'}."
    if kind == "NoSuchOption":
        return f"De optie {error.option_name} bestaat niet."
    if kind == "BadParameter":
        wanted = "een heel getal" if "integer" in error.message else "iets anders"
        return f"De waarde bij {param.opts[0] if param else 'een optie'} kan niet: daar hoort {wanted}."
    if "No such command" in error.message:
        return "Die opdracht bestaat niet. Wel: demo, verwerk, sessie, nieuw en lab."
    if "extra argument" in error.message:
        return "Er staat te veel achter de opdracht. Een pad met spaties hoort tussen aanhalingstekens."
    return "De opdracht is niet goed getypt."


def main() -> None:
    """Run the command; a known error becomes a Dutch message and exit code 1, without a traceback."""
    if find_spec("ipywidgets") is None:
        raise SystemExit("De omgeving is niet compleet. Start het programma met: python3 start.py")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console in cp1252 cannot print every character of a Dutch sentence.
            stream.reconfigure(errors="replace")
    try:
        raise SystemExit(app(standalone_mode=False))
    except USAGE_ERROR as error:
        typer.echo(f"{_usage_sentence(error)}\nHulp: zet --help achter de opdracht.", err=True)
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(130) from None
    except WijkError as error:
        typer.echo(f"Dat lukt niet.\n\n{error}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
