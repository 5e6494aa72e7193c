"""The steps that a command is made of: each says on the terminal what it does, with a bar where it takes long."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wijkanalyse.errors import InputError
from wijkanalyse.language import listing

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project import Project
    from wijkanalyse.themes import Themes
    from wijkanalyse.themes.clustering import Progress

PAGE_NAME = "themakaart.html"
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


def check_output(out: Path) -> None:
    """Refuse an output folder that cannot be written before any work is done."""
    nearest = next(folder for folder in (out.resolve(), *out.resolve().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise InputError.one(
            what="In deze map kan niets worden bewaard.", where=str(out), expected="een map waarin je mag schrijven",
            now="Kies met --uit een andere map.",
        )  # fmt: skip


def read_words(path: Path | None) -> list[str]:
    """Return the names in a file, one per line, that are masked as well."""
    if path is None:
        return []
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.one(
            what="Het bestand met namen om te maskeren is niet te lezen.", where=path.name,
            expected="een tekstbestand (UTF-8) met één naam per regel", now="Controleer de naam en sla het op als .txt.",
        ) from error  # fmt: skip


def load(paths: list[Path] | None, out: Path, how: How) -> Corpus:
    """Load a file, or the sample; first see whether the outcome can be written."""
    from wijkanalyse.loaders import load_narratives, load_sample
    from wijkanalyse.privacy.masking import refuse_unmasked

    check_output(out)
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


def make_page(
    corpus: Corpus, out: Path, *, n_themes: int | None = None, add: Sequence[str] = (), project: Project | None = None
) -> None:  # fmt: skip
    """Mask, cluster, choose patterns, write the page; the main job."""
    from wijkanalyse.dialogue import write_page
    from wijkanalyse.patterns import find_patterns

    corpus = mask_stories(corpus, add, project)
    themes = cluster(corpus, n_themes)
    with show_bar("Patroonkaarten en pagina"):
        cards = find_patterns(corpus, themes=themes)
        path = write_page(corpus, themes, cards, out / PAGE_NAME)
    typer.echo(
        f"\nKlaar. {len(themes.firmness)} thema’s en {len(cards)} patroonkaarten staan in:\n  {path.resolve()}\n"
        "Open dat bestand in je browser. Het is voor eigen gebruik; er gaat niets naar internet."
    )


def make_page_at_scale(paths: list[Path], out: Path, cluster: str | None, how: How) -> None:
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
    check_output(out)
    with show_bar("Verhalen in delen") as report:
        found = process(
            paths[0], out, cluster=cluster, text=how.tekst or "text", scheme=load_scheme("opgaven"), n_themes=how.themas,
            add=read_words(how.maskeer_ook), report=report,
        )  # fmt: skip
    with show_bar("Patroonkaarten en pagina"):
        cards = find_patterns(found.corpus, themes=found.themes)
        path = write_page(found.corpus, found.themes, cards, out / PAGE_NAME)
    typer.echo(
        f"\nKlaar. Het thema van elk van de {found.n_narratives} verhalen staat, gemaskeerd, in:\n  {found.folder.resolve()}\n"
        f"De pagina gaat over een steekproef van {len(found.corpus)}:\n  {path.resolve()}"
    )


def mask_stories(corpus: Corpus, add: Sequence[str], project: Project | None) -> Corpus:
    """Say what was read, mask it where that was not done, and say what was masked."""
    from wijkanalyse.corpus import PrivacyStatus
    from wijkanalyse.privacy import mask

    typer.echo(f"{corpus.check_report}\n")
    if corpus.status is PrivacyStatus.RAW:
        with show_bar("Maskeren"):
            corpus = mask(corpus, add=add, project=project)
        typer.echo(f"{corpus.privacy_report}\n")
    return corpus


def only_reviewed(corpus: Corpus) -> Corpus:
    """Return the stories that a person reviewed, and say how many are left out."""
    reviewed = corpus.only_reviewed()
    if left := len(corpus) - len(reviewed):
        typer.echo(f"{left} verhalen zijn nog niet nagekeken en doen niet mee.\n")
    return reviewed


def cluster(corpus: Corpus, n_themes: int | None, project: Project | None = None) -> Themes:
    """Find themes, with the scheme of the opgaven beside them."""
    from wijkanalyse.coding import load_scheme
    from wijkanalyse.themes import find_themes

    scheme = load_scheme("opgaven")
    with show_bar("Thema’s zoeken") as report:
        return find_themes(corpus, scheme=scheme, n_themes=n_themes, progress=report, project=project)


@contextmanager
def opened(path: Path | None) -> Iterator[Project | None]:
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
def show_bar(step: str) -> Iterator[Progress]:
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
