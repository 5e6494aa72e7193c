"""The command `wijkanalyse`: the main job on the sample or on a file of one's own, and the workbench."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib.util import find_spec
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wijkanalyse.errors import InputError, WijkError
from wijkanalyse.language import listing
from wijkanalyse.study import NOTEBOOKS, lab_command, lab_environment, make_study_folder

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project import Project
    from wijkanalyse.themes import Themes
    from wijkanalyse.themes.clustering import Progress

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
# readable=False: a file that is open in Excel gets our own sentence, not the library's English one.
Stories = Annotated[
    list[Path] | None,
    typer.Argument(help="Het bestand met verhalen (of meer); zonder: de voorbeeldverhalen.", readable=False),
]
Split = Annotated[str | None, typer.Option("--splits", help="Waar in een document een nieuw verhaal begint: koppen, lijn of niet.")]  # fmt: skip
Sheet = Annotated[str | None, typer.Option("--blad", help="Werkblad met de verhalen; anders het volste.")]


@dataclass(frozen=True, kw_only=True)
class How:
    """How a file is read and what is done with it; the options that `verwerk`, `sessie` and `bulletin` share."""

    tekst: Annotated[str | None, typer.Option("--tekst", help="Naam van de kolom met de verhalen.")] = None
    themas: Annotated[int | None, typer.Option("--themas", help="Aantal thema’s; anders een voorstel.")] = (
        None
    )
    maskeer_ook: Annotated[Path | None, typer.Option("--maskeer-ook", help="Tekstbestand met namen die ook gemaskeerd worden, één per regel.", readable=False)] = None  # fmt: skip
    gemaskeerd_door: Annotated[str | None, typer.Option("--gemaskeerd-door", help="Wie de verhalen elders al maskeerde én nakeek. Wordt vastgelegd.")] = None  # fmt: skip
    koppeling: Annotated[Path | None, typer.Option("--koppeling", help="Zegt wat elke kolom is: YAML (zie koppel), een framework van SenseMaker of een verhaalformulier van NarraFirma.", readable=False)] = None  # fmt: skip
    splits: Split = None
    blad: Sheet = None
    houd: Annotated[list[str] | None, typer.Option("--houd", help="Zet dit niet apart: bijna dubbel, niet Nederlands, proefinvoer of vulantwoord.")] = None  # fmt: skip
    project: Annotated[Path | None, typer.Option("--project", help="Projectbestand (.wijk): wat je daarin hebt besloten geldt weer.")] = None  # fmt: skip


def with_how(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of `How`; it gets them together, as `how`."""
    shared = {field.name for field in fields(How)}

    def run(**given: Any) -> None:
        how = How(**{name: given.pop(name) for name in shared})
        command(**given, how=how)

    # Typer reads the options from the signature and the annotations.
    parameters = [
        Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default, annotation=each.annotation)
        for each in (
            *signature(command, eval_str=True).parameters.values(),
            *signature(How, eval_str=True).parameters.values(),
        )
        if each.name != "how"
    ]
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@app.command(help="Maak de themakaart en de patroonkaarten van de voorbeeldverhalen.")
def demo(uit: Out = OUTPUT) -> None:
    """Run the main job on the raw sample."""
    from wijkanalyse.loaders import load_sample

    _run(load_sample(raw=True), uit)


@app.command(
    help="Maak de themakaart en de patroonkaarten van een eigen bestand (.xlsx, .csv, .docx, .pdf …) of een map met documenten."
)
@with_how
def verwerk(
    bestand: Annotated[
        list[Path],
        typer.Argument(
            help="Het bestand met verhalen (of meer), een map of zip met documenten, of een map met Parquet.",
            readable=False,
        ),
    ],
    uit: Out = OUTPUT,
    cluster: Annotated[str | None, typer.Option("--cluster", help="Voor een map met Parquet: lokaal, of het adres van een cluster van Dask (tcp://…).")] = None,
    *,
    how: How,
) -> None:  # fmt: skip
    """Run the main job on a file of the user's own."""
    if cluster or (len(bestand) == 1 and next(bestand[0].glob("*.parquet"), None)):
        _run_at_scale(bestand, uit, cluster, how)
        return
    corpus = _load(bestand, uit, how)
    with _store(how.project) as store:
        _run(corpus, uit, n_themes=how.themas, add=_read_words(how.maskeer_ook), project=store)


@app.command(
    help="Schrijf op wat elke kolom van een bestand lijkt te zijn, om te verbeteren en mee te geven met --koppeling."
)
def koppel(
    bestand: Annotated[Path, typer.Argument(help="Het bestand met verhalen.", readable=False)],
    uit: Annotated[
        Path, typer.Option("--uit", help="Het bestand dat gemaakt wordt.", show_default="koppeling.yaml")
    ] = Path("koppeling.yaml"),
    splits: Split = None,
    blad: Sheet = None,
) -> None:
    """Write a filled-in mapping file; nothing of a story is in it."""
    from wijkanalyse.loaders import propose_mapping
    from wijkanalyse.privacy.files import write_file
    from wijkanalyse.privacy.gate import Audience

    if uit.exists() or uit.suffix.lower() != ".yaml":
        raise InputError.one(
            what="Dit bestand bestaat al." if uit.exists() else "Een koppeling is een bestand op .yaml.",
            where=str(uit), expected="een nieuwe naam, zoals koppeling-2.yaml",
            now="Kies met --uit een andere naam. Er is niets bewaard.",
        )  # fmt: skip
    write_file(uit, propose_mapping(bestand, sheet=blad, split=splits), None, audience=Audience.WORKBENCH)
    typer.echo(
        f"Klaar: {uit.resolve()}\nKijk het na, verbeter wat niet klopt, en geef het mee:\n"
        f'  wijkanalyse verwerk "{bestand}" --koppeling "{uit}"'
    )


@app.command(help="Maak een sessiepakket om te printen: kaarten, verhalen, een draaiboek en antwoordbladen.")
@with_how
def sessie(
    bestand: Stories = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor het pakket.", show_default="sessie")] = Path(
        "sessie"
    ),
    deelnemers: Annotated[int, typer.Option("--deelnemers", help="Hoeveel mensen komen er?")] = 20,
    minuten: Annotated[int, typer.Option("--minuten", help="Hoe lang duurt de sessie?")] = 120,
    *,
    how: How,
) -> None:
    """Make what is laid on the table: of reviewed stories only, with the readings that the project holds."""
    from wijkanalyse.coding.by_hand import codings
    from wijkanalyse.dialogue import build_session_kit
    from wijkanalyse.dialogue.talking_back import read_cards
    from wijkanalyse.patterns import find_patterns
    from wijkanalyse.privacy.gate import Audience

    corpus = _load(bestand, uit, how)
    with _store(how.project) as store:
        corpus = _only_reviewed(_masked(corpus, _read_words(how.maskeer_ook), store))
        themes = _themes(corpus, how.themas, store)
        with _progress("Sessiepakket"):
            coded = codings(store, corpus) if store else None
            cards = find_patterns(corpus, themes=themes, codings=coded, audience=Audience.OUTSIDE)
            if store:
                cards = read_cards(cards, store)
            kit = build_session_kit(
                cards, uit, corpus=corpus, participants=deelnemers, minutes=minuten, project=store
            )
    names = [kit.html.resolve(), kit.docx.name, *(pdf.name for pdf in kit.pdfs)]
    typer.echo("\n  ".join(["\nKlaar:", *map(str, names)]))


@app.command(
    help="Maak figuren, citaten en een leeswijzer voor een bulletin, van een eigen bestand of van de voorbeeldverhalen."
)
@with_how
def bulletin(
    bestand: Stories = None,
    uit: Annotated[Path, typer.Option("--uit", help="Map voor de figuren.", show_default="figuren")] = Path(
        "figuren"
    ),
    breedte: Annotated[
        float, typer.Option("--breedte", help="Breedte van een figuur op papier, in mm.")
    ] = 170,
    *,
    how: How,
) -> None:
    """Make what goes into a bulletin: of reviewed stories only, and only with quotes that somebody ticked."""
    from wijkanalyse.dialogue import bulletin as made
    from wijkanalyse.project import open_project

    corpus = _load(bestand, uit, how)
    choices = uit.resolve().with_name(f"{uit.resolve().name}-citaten-kiezen.md")
    with _store(how.project) as held, held or open_project(":memory:") as store:
        corpus = _masked(corpus, _read_words(how.maskeer_ook), held)
        reviewed = _only_reviewed(corpus)
        themes = _themes(reviewed, how.themas, store)
        if choices.exists():
            made.approve_quotes(made.read_choices(choices), reviewed, store)
            if held and held.decisions(made.KIND):
                held.keep_narratives(corpus)  # so that quotes move along when the stories change
        else:
            made.write_choices(made.propose_quotes(themes), reviewed, choices)
        with _progress("Figuren en leeswijzer"), warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            remark = "" if bestand else "Dit is een voorbeeld. De verhalen zijn verzonnen."
            files, notices = made.write_bulletin(themes, uit, project=store, width_mm=breedte, remark=remark)
    typer.echo(
        "".join(f"- {line}\n" for line in [*notices, *dict.fromkeys(str(one.message) for one in said)])
    )
    typer.echo(f"Klaar: {len(files)} bestanden, met getallen en tekst erbij, in:\n  {uit.resolve()}\n")
    typer.echo(f"Citaten keur je goed in dit bestand; geef daarna de opdracht opnieuw:\n  {choices}")


@app.command(
    help="Maak een werkmap met de notebooks, een leeg project en een .gitignore die verhalen buiten git houdt."
)
def nieuw(map_: Annotated[Path, typer.Argument(metavar="MAP", help="Naam van de nieuwe map.")]) -> None:
    """Make a working folder."""
    make_study_folder(map_)
    start = "py start.py" if os.name == "nt" else "python3 start.py"
    typer.echo(f'Klaar: {map_}. Zet je verhalen in die map en open haar met:\n  {start} lab "{map_}"')


Folder = Annotated[Path | None, typer.Argument(metavar="[MAP]", help="Een werkmap van ‘wijkanalyse nieuw’.")]  # fmt: skip
NoBrowser = Annotated[bool, typer.Option("--geen-browser", help="Open geen browser; toon alleen het adres.")]
Port = Annotated[int | None, typer.Option("--poort", help="Vaste poort.")]


@app.command(help="Open JupyterLab op de notebooks.")
def lab(map_: Folder = None, geen_browser: NoBrowser = False, poort: Port = None) -> None:
    """Open JupyterLab, on this machine only."""
    _serve(map_, open_browser=not geen_browser, port=poort)


@app.command("app", help="Open dezelfde notebooks als pagina’s zonder code.")
def pages(map_: Folder = None, geen_browser: NoBrowser = False, poort: Port = None) -> None:
    """Open the notebooks as pages (Voilà), on this machine only."""
    _serve(map_, open_browser=not geen_browser, port=poort, is_app=True)


def _serve(folder: Path | None, **how: Any) -> None:
    folder = folder or NOTEBOOKS
    if not folder.is_dir():
        raise InputError.one(
            what="Deze map bestaat niet.", where=str(folder), expected="een map met notebooks",
            now="Maak er een met: wijkanalyse nieuw mijn-onderzoek",
        )  # fmt: skip
    raise typer.Exit(subprocess.call(lab_command(folder, **how), env=lab_environment()))


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


def _load(paths: list[Path] | None, out: Path, how: How) -> Corpus:
    """Load a file, or the sample; first see whether the outcome can be written."""
    from wijkanalyse.loaders import load_narratives, load_sample
    from wijkanalyse.privacy.masking import refuse_unmasked

    _check_output(out)
    if not paths:
        return load_sample()
    corpus = load_narratives(
        paths, masked_by=how.gemaskeerd_door, text=how.tekst, mapping=how.koppeling, split=how.splits,
        sheet=how.blad, keep=how.houd or (),
    )  # fmt: skip
    if how.gemaskeerd_door:
        refuse_unmasked(corpus)
        typer.echo(f"LET OP: er wordt niet gemaskeerd; dat deed volgens opgave {how.gemaskeerd_door}.\n")
    return corpus


def _run(
    corpus: Corpus, out: Path, *, n_themes: int | None = None, add: Sequence[str] = (), project: Project | None = None
) -> None:  # fmt: skip
    """Mask, cluster, choose patterns, write the page; the main job."""
    from wijkanalyse.dialogue import write_page
    from wijkanalyse.patterns import find_patterns

    corpus = _masked(corpus, add, project)
    themes = _themes(corpus, n_themes)
    with _progress("Patroonkaarten en pagina"):
        cards = find_patterns(corpus, themes=themes)
        path = write_page(corpus, themes, cards, out / PAGE_NAME)
    typer.echo(
        f"\nKlaar. {len(themes.firmness)} thema’s en {len(cards)} patroonkaarten staan in:\n  {path.resolve()}\n"
        "Open dat bestand in je browser. Het is voor eigen gebruik; er gaat niets naar internet."
    )


def _run_at_scale(paths: list[Path], out: Path, cluster: str | None, how: How) -> None:
    """Do the main job for a folder of Parquet: themes of a sample, and every story laid beside them."""
    from wijkanalyse.coding import load_scheme
    from wijkanalyse.dialogue import write_page
    from wijkanalyse.patterns import find_patterns
    from wijkanalyse.scale import process

    useless = [
        f"--{each.name.replace('_', '-')}" for each in fields(How)
        if each.name not in ("tekst", "themas", "maskeer_ook") and getattr(how, each.name)
    ]  # fmt: skip
    if useless or len(paths) > 1 or not paths[0].is_dir():
        raise InputError.one(
            what="Dit gaat niet samen met een cluster of een map met Parquet.", where=listing([*useless, *map(str, paths)]),
            expected="één map, met hoogstens --cluster, --uit, --tekst, --themas en --maskeer-ook",
            now="Laat de rest weg. Eén bestand gaat zonder --cluster.",
        )  # fmt: skip
    _check_output(out)
    with _progress("Verhalen in delen") as report:
        found = process(
            paths[0], out, cluster=cluster, text=how.tekst or "text", scheme=load_scheme("opgaven"), n_themes=how.themas,
            add=_read_words(how.maskeer_ook), report=report,
        )  # fmt: skip
    with _progress("Patroonkaarten en pagina"):
        cards = find_patterns(found.corpus, themes=found.themes)
        path = write_page(found.corpus, found.themes, cards, out / PAGE_NAME)
    typer.echo(
        f"\nKlaar. Het thema van elk van de {found.n_narratives} verhalen staat, gemaskeerd, in:\n  {found.folder.resolve()}\n"
        f"De pagina gaat over een steekproef van {len(found.corpus)}:\n  {path.resolve()}"
    )


def _masked(corpus: Corpus, add: Sequence[str], project: Project | None) -> Corpus:
    from wijkanalyse.corpus import PrivacyStatus
    from wijkanalyse.privacy import mask

    typer.echo(f"{corpus.check_report}\n")
    if corpus.status is PrivacyStatus.RAW:
        with _progress("Maskeren"):
            corpus = mask(corpus, add=add, project=project)
        typer.echo(f"{corpus.privacy_report}\n")
    return corpus


def _only_reviewed(corpus: Corpus) -> Corpus:
    reviewed = corpus.only_reviewed()
    if left := len(corpus) - len(reviewed):
        typer.echo(f"{left} verhalen zijn nog niet nagekeken en doen niet mee.\n")
    return reviewed


def _themes(corpus: Corpus, n_themes: int | None, project: Project | None = None) -> Themes:
    from wijkanalyse.coding import load_scheme
    from wijkanalyse.themes import find_themes

    scheme = load_scheme("opgaven")
    with _progress("Thema’s zoeken") as report:
        return find_themes(corpus, scheme=scheme, n_themes=n_themes, progress=report, project=project)


@contextmanager
def _store(path: Path | None) -> Iterator[Project | None]:
    """Open the project that was named, if one was."""
    from wijkanalyse.project import open_project

    if path is None:
        yield None
        return
    if not path.exists():
        raise InputError.one(
            what="Dit projectbestand bestaat niet.", where=path.name, expected="een bestand dat op .wijk eindigt",
            now="Maak er een met: wijkanalyse nieuw mijn-onderzoek",
        )  # fmt: skip
    with open_project(path) as project:
        yield project


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
        names = [each.name or each.callback.__name__ for each in app.registered_commands if each.callback]
        return f"Die opdracht bestaat niet. Wel: {listing(names)}."
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
