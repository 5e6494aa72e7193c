"""The command `wijkanalyse`: the main job on the sample or on a file of one's own, and the workbench."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import fields
from importlib.util import find_spec
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from wijkanalyse import steps
from wijkanalyse.errors import InputError, WijkError
from wijkanalyse.language import listing
from wijkanalyse.steps import How, Sheet, Split
from wijkanalyse.study import NOTEBOOKS, lab_command, lab_environment, make_study_folder

OUTPUT = Path("uitvoer")

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

    steps.make_page(load_sample(raw=True), uit)


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
        steps.make_page_at_scale(bestand, uit, cluster, how)
        return
    corpus = steps.load(bestand, uit, how)
    with steps.opened(how.project) as store:
        steps.make_page(
            corpus, uit, n_themes=how.themas, add=steps.read_words(how.maskeer_ook), project=store
        )


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

    corpus = steps.load(bestand, uit, how)
    with steps.opened(how.project) as store:
        corpus = steps.only_reviewed(steps.mask_stories(corpus, steps.read_words(how.maskeer_ook), store))
        themes = steps.cluster(corpus, how.themas, store)
        with steps.show_bar("Sessiepakket"):
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

    corpus = steps.load(bestand, uit, how)
    choices = uit.resolve().with_name(f"{uit.resolve().name}-citaten-kiezen.md")
    with steps.opened(how.project) as held, held or open_project(":memory:") as store:
        corpus = steps.mask_stories(corpus, steps.read_words(how.maskeer_ook), held)
        reviewed = steps.only_reviewed(corpus)
        themes = steps.cluster(reviewed, how.themas, store)
        if choices.exists():
            made.approve_quotes(made.read_choices(choices), reviewed, store)
            if held and held.decisions(made.KIND):
                held.keep_narratives(corpus)  # so that quotes move along when the stories change
        else:
            made.write_choices(made.propose_quotes(themes), reviewed, choices)
        with steps.show_bar("Figuren en leeswijzer"), warnings.catch_warnings(record=True) as said:
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
