"""File → `Corpus`, with a report of everything that was read, kept, set apart and guessed.

To add a format: write `read_xxx(path) -> Table` and name its suffix in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role, package_versions, today
from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.answers import read_answers
from wijkanalyse.loaders.document_text import OLD
from wijkanalyse.loaders.documents import read_documents
from wijkanalyse.loaders.guides import read_guide
from wijkanalyse.loaders.ids import narrative_ids, teller_ids
from wijkanalyse.loaders.mapping import read_mapping, read_proposal, with_roles, write_mapping
from wijkanalyse.loaders.qda import read_qdpx
from wijkanalyse.loaders.records import read_jsonl, read_parquet, read_sav
from wijkanalyse.loaders.report import CheckReport, Guess
from wijkanalyse.loaders.roles import Reading, read_roles
from wijkanalyse.loaders.set_apart import KEEPABLE, find_stories, plain
from wijkanalyse.loaders.several import join_tables, say_missing
from wijkanalyse.loaders.tabular import Table, read_csv
from wijkanalyse.loaders.workbook import read_workbook

if TYPE_CHECKING:
    from wijkanalyse.loaders.forms import Guide

__all__ = [
    "READERS", "CheckReport", "Guess", "load_narratives", "load_sample", "propose_mapping", "read_proposal", "with_roles",
]  # fmt: skip

READERS: dict[str, Callable[..., Table]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_documents,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".parquet": read_parquet,
    ".sav": read_sav,
    ".qdpx": read_qdpx,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), read_workbook),
    **dict.fromkeys((".docx", ".odt", ".md", ".pdf", ".zip"), read_documents),
}

MAX_BYTES = 2**29  #: of a table; reading takes some ten times as much memory
SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "data" / "sample"

ROLE_NAMES = {
    Role.NARRATIVE_ID: "nummer van het verhaal", Role.TELLER_ID: "verteller", Role.TEXT: "verhaal", Role.TITLE: "titel",
    Role.PERSPECTIVE: "perspectief", Role.CONTEXT: "kenmerk van de verteller", Role.ORGANISATION: "team of organisatie",
    Role.TIME: "maand", Role.SIGNIFICATION: "antwoord van de verteller", Role.DIRECT_IDENTIFIER: "wijst een persoon aan",
}  # fmt: skip


def load_narratives(
    path: str | Path | Sequence[str | Path],
    *,
    text: str | None = None,
    masked_by: str | None = None,
    mapping: str | Path | None = None,
    sheet: str | None = None,
    split: str | None = None,
    keep: Sequence[str] = (),
    keep_direct_identifiers: bool = False,
) -> Corpus:
    """Load narratives as people have them: a table, or documents.

    Parameters
    ----------
    path : str, Path or sequence of them
        The file, or a folder or zip of documents; several become one corpus, with a column that says which file a story is from
        and columns of the same name put together. Encoding, delimiter, header and story column are found by looking; every
        finding is in `corpus.check_report`, with how to overrule it.
    text : str, optional
        Header of the story column, when the longest text is not the right one.
    masked_by : str, optional
        Name of who masked and checked the source elsewhere. The corpus is then `nagekeken`
        at once, and the name is recorded in its provenance.
    mapping : str or Path, optional
        Says what each column is; not together with `text`. A YAML file (see `data/sample/kolommen.yaml`), which
        `propose_mapping` fills in, or for narrative tools a SenseMaker framework (JSON) or NarraFirma story form (CSV).
    sheet : str, optional
        Worksheet of a workbook; default the fullest.
    split : str, optional
        Where a new story begins within a document: `koppen`, `lijn` (---) or `niet`; default found by looking.
    keep : sequence of str
        What is not set apart: of `vulantwoord`, `proefinvoer`, `bijna dubbel` and `niet Nederlands`.
    keep_direct_identifiers : bool
        Keep columns with names, e-mail and the like. Dropped by default.

    Returns
    -------
    Corpus
        One row per narrative, sorted by `narrative_id`. Ids come from an id column, else from the
        text itself, so that a file that grew keeps them.

    Raises
    ------
    InputError
        When the file or the mapping cannot be read, or holds no stories.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> corpus = wa.load_narratives("verhalen.xlsx")  # doctest: +SKIP
    """
    paths = [Path(one) for one in ([path] if isinstance(path, str | Path) else path)]
    _check_arguments(paths, text, mapping, masked_by, keep)
    guide = None if mapping is None else read_guide(Path(mapping))
    tables: list[Table] = []
    problems: list[Problem] = []
    for one in paths:
        try:
            tables.append(_read(one, sheet, split, guide))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    table, mapped = tables[0], mapping is not None and guide is None
    if len(tables) > 1:
        table, text = join_tables(tables, text, mapped=mapped), None
    if not mapped:
        reading = read_roles(table, text=text or table.story, keep_direct_identifiers=keep_direct_identifiers)
    else:
        reading = read_mapping(Path(str(mapping)), table, keep_direct_identifiers=keep_direct_identifiers)
    n_by_file = {f"{number}. {one.source}": one.n_read for number, one in enumerate(tables, start=1)}
    if len(tables) > 1:
        missing = say_missing(tables, [spec for _, spec in reading.specs], mapped=mapped)
        reading = replace(reading, guesses=(*reading.guesses, *missing))
    corpus = _build(table, reading, masked_by, keep)
    if len(tables) == 1:
        return corpus
    return replace(corpus, check_report=replace(corpus.check_report, n_by_file=n_by_file))


def load_sample(*, raw: bool = False) -> Corpus:
    """Load the sample: invented stories as a *vertelpunt lokale teams* would collect them.

    Parameters
    ----------
    raw : bool
        The unmasked export with invented identifiers instead of the masked, checked corpus.
    """
    name = "vertelpunt.csv" if raw else "vertelpunt_gemaskeerd.csv"
    path = SAMPLE_FOLDER / name
    if not path.exists():
        raise InputError.one(
            what="De voorbeeldverhalen zijn niet gevonden.",
            where=f"data/sample/{name}",
            expected="de map data/sample naast de map wijkanalyse",
            now="Haal het project opnieuw op, of gebruik wa.load_narratives met een eigen bestand.",
        )
    return load_narratives(
        path,
        mapping=SAMPLE_FOLDER / "kolommen.yaml",
        masked_by=None if raw else "de makers van het voorbeeld",
    )


def _check_arguments(
    paths: Sequence[Path],
    text: str | None,
    mapping: str | Path | None,
    masked_by: str | None,
    keep: Sequence[str],
) -> None:
    if masked_by is not None and not masked_by.strip():
        raise InputError.one(
            what="Er staat niet wie de verhalen maskeerde en nakeek.",
            where="masked_by of --gemaskeerd-door",
            expected="een naam; die wordt vastgelegd",
            now="Vul de naam in, of laat het weg als de verhalen nog ruw zijn.",
        )
    if isinstance(keep, str) or not set(keep) <= set(KEEPABLE):
        raise InputError.one(
            what="Wat niet apart gezet moet worden, is niet te begrijpen.",
            where="keep of --houd",
            expected=f"een of meer van {list_names(KEEPABLE)}",
            now='Schrijf het zo: keep=["bijna dubbel"] of --houd "bijna dubbel".',
        )
    if not paths:
        raise InputError.one(
            what="Er is geen bestand genoemd.",
            where="load_narratives",
            expected="minstens één bestand met verhalen",
            now='Noem het bestand: wa.load_narratives("verhalen.xlsx").',
        )
    if text is not None and mapping is not None:
        raise InputError.one(
            what="De kolom met verhalen is twee keer aangewezen.",
            where=", ".join(one.name for one in paths),
            expected="een koppeling, of de naam van de kolom",
            now="Laat --tekst (text=) weg; de koppeling zegt al welke kolom de verhalen heeft.",
        )


def propose_mapping(path: str | Path, *, sheet: str | None = None, split: str | None = None) -> str:
    """Return a mapping file (YAML) for a file with narratives: every column, with what `load_narratives` takes it for.

    Raises
    ------
    InputError
        When the file cannot be read, or holds no stories.
    """
    table = _read(Path(path), sheet, split, None)
    reading = read_roles(table, text=table.story, keep_direct_identifiers=False)
    return write_mapping(table, reading)


def _read(path: Path, sheet: str | None, split: str | None, guide: Guide | None) -> Table:
    if not path.exists():
        raise InputError.one(
            what="Dit bestand bestaat niet.",
            where=str(path),
            expected="een bestand met verhalen (.xlsx, .csv, .docx, .pdf …), of een map of zip met documenten",
            now="Controleer de naam en de map. Een pad met spaties hoort tussen aanhalingstekens.",
        )
    suffix = path.suffix.lower()
    reader = read_documents if path.is_dir() or suffix in OLD else READERS.get(suffix)
    if reader is None:
        raise InputError.one(
            what=f"Bestanden met de extensie ‘{path.suffix}’ kunnen nog niet gelezen worden."
            if path.suffix
            else "Dit bestand heeft geen extensie.",
            where=path.name,
            expected=f"een van {list_names(READERS)}",
            now="Open het in Excel of LibreOffice en kies ‘Opslaan als’ .xlsx.",
        )
    if path.is_file() and path.stat().st_size > MAX_BYTES and path.suffix.lower() != ".zip":
        raise InputError.one(
            what=f"Dit bestand is groter dan {MAX_BYTES >> 20} MB.",
            where=path.name,
            expected="een bestand met verhalen; een miljoen korte verhalen is kleiner",
            now="Kijk of het goede bestand is gekozen, of verdeel het over een paar bestanden.",
        )
    if guide is not None and reader not in (read_csv, read_workbook):
        raise InputError.one(
            what="Een framework of verhaalformulier hoort bij een tabel, en dit bestand is er geen.",
            where=path.name,
            expected="het bestand met verhalen zoals SenseMaker of NarraFirma het exporteert (.csv of .xlsx)",
            now="Geef dat bestand, of laat de koppeling weg.",
        )
    try:
        if reader is read_documents:
            return read_documents(path, split)
        with path.open("rb") as file:
            is_zip = file.read(4) == b"PK\x03\x04"
        if reader is read_csv and is_zip:
            reader = read_workbook  # a workbook that somebody renamed
        if reader is read_workbook:
            return read_workbook(path, sheet, guide=guide)
        return reader(path) if guide is None else read_csv(path, guide=guide)
    except PermissionError as error:
        raise InputError.one(
            what="Dit bestand mag niet gelezen worden.",
            where=path.name,
            expected="een bestand dat nergens anders openstaat",
            now="Sluit het in Excel en probeer het opnieuw.",
        ) from error


def _build(table: Table, reading: Reading, masked_by: str | None, keep: Sequence[str]) -> Corpus:
    import pandas as pd

    # Sorted rows: which of two equal stories is kept may not depend on the order of the file.
    table = replace(table, rows=tuple(sorted(table.rows)))
    frame, specs, answered = read_answers(table, reading)
    guesses = [*table.guesses, *reading.guesses, *answered]
    tellers = frame["teller_id"].tolist() if "teller_id" in frame else [""] * len(frame)
    tellers = [plain(teller) if teller and isinstance(teller, str) else "" for teller in tellers]
    kept, found_apart, said = find_stories(frame["text"].tolist(), tellers, keep)
    guesses += said
    set_apart = {**table.set_apart, **found_apart}
    frame = frame[kept].reset_index(drop=True)
    if frame.empty:
        reasons = ", ".join(f"{n} × {reason}" for reason, n in set_apart.items())
        raise InputError.one(
            what="Er blijft geen enkel verhaal over.",
            where=table.source,
            expected="minstens één ingevulde cel in de kolom met verhalen",
            now=f"Controleer welke kolom de verhalen heeft. Apart gezet: {reasons or 'niets'}.",
        )
    frame["narrative_id"], id_guess = narrative_ids(frame)
    if "teller_id" not in frame:
        guesses.append(
            Guess(
                what="geen kolom met vertellers gevonden: elk verhaal telt als een eigen verteller",
                overrule="geef de vertellers een nummer in een kolom ‘Verteller’",
            )
        )
    frame["teller_id"] = teller_ids(frame)
    guesses += id_guess
    for name, label, role in (
        ("narrative_id", "Verhaalnummer", Role.NARRATIVE_ID),
        ("teller_id", "Verteller", Role.TELLER_ID),
    ):
        if name not in {spec.name for spec in specs}:
            specs.append(ColumnSpec(name=name, label=label, role=role))
    if "title" not in frame:
        frame["title"] = pd.Series([""] * len(frame), dtype="str")
        specs.append(ColumnSpec(name="title", label="Titel", role=Role.TITLE))
    first = ["narrative_id", "teller_id", "title", "text"]
    frame = frame[first + [name for name in frame.columns if name not in first]]
    place = {name: number for number, name in enumerate(frame.columns)}
    steps = [f"{today()}: {len(frame)} verhalen geladen uit {table.source}"]
    if masked_by:
        steps.append(f"{today()}: elders gemaskeerd en nagekeken, volgens opgave door {masked_by.strip()}")
    return Corpus(
        frame=frame,
        columns=tuple(sorted(specs, key=lambda spec: place[spec.name])),
        provenance=Provenance(source=table.source, steps=tuple(steps), versions=package_versions()),
        status=PrivacyStatus.REVIEWED if masked_by else PrivacyStatus.RAW,
        check_report=CheckReport(
            source=table.source,
            n_read=table.n_read,
            n_kept=len(frame),
            set_apart=set_apart,
            guesses=tuple(dict.fromkeys(guesses)),
            kept_columns={
                spec.source: ROLE_NAMES[spec.role] for _, spec in reading.specs if spec.source is not None
            },
            dropped_columns=reading.dropped,
            unit=table.unit,
        ),
    )
