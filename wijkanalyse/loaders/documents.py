"""Documents (DOCX, ODT, PDF, TXT, MD), one or a folder or zip of them, to a table with a row for every story.

Every file is opened as if it were an attack: in memory, of a bounded size, without entities or network. What cannot be
read is set apart with its reason. Names of files stay here: they often are names of people.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath

from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.document_stories import front_matter, only_the_teller, split_lines
from wijkanalyse.loaders.document_text import (  # fmt: skip
    BROKEN,
    LARGE,
    MAX_BYTES,
    PASSWORD,
    ZIP_ERRORS,
    Line,
    UnreadableError,
    read_lines,
)
from wijkanalyse.loaders.mending import mend
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table, looks_like_table, read_csv
from wijkanalyse.loaders.workbook import read_workbook

MAX_TOTAL, MAX_FILES = 2**30, 20_000  #: bytes (unpacked) and number of files
SPLITS = ("koppen", "lijn", "niet")
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
STRAY = ("een naam met een pad buiten de zip (../)", "Vraag na waar deze zip vandaan komt.")
UNUSED = (
    "een tabel die niet bij de documenten hoort",
    "Zet er een kolom met bestandsnamen in, of lees haar apart.",
)
_BY_SYSTEM = re.compile(r"(?:^|/)(?:\.(?!\./)|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")
Reason = tuple[str, str]
Document = tuple[str, dict[str, str], list[Line]]  #: name of the file, attributes and lines
Story = tuple[dict[str, str], str, str]  #: attributes, title and text

# What happened to documents: counts of it → what the report says, and how to overrule it.
HAPPENED = {
    "koppen": ("{} documenten zijn gesplitst op koppen: onder elke kop een verhaal", '--splits niet of split="niet"; op een lijn: --splits lijn of split="lijn"'),
    "lijn": ("{} documenten zijn gesplitst op een lijn (--- of ***) tussen de verhalen", '--splits niet of split="niet"; op koppen: --splits koppen of split="koppen"'),
    "niet": ("{} documenten zijn niet gesplitst: elk een verhaal", '--splits koppen (of lijn), of split="koppen" (of "lijn")'),
    "gesprek": ("{} documenten zijn gesprekken: alleen de beurten van wie vertelt zijn het verhaal", "haal I: en R: voor de beurten weg"),
    "vragen": ("{} beurten van wie vraagt (of een ander) zijn niet meegenomen", "haal I: en R: voor de beurten weg"),
    "aanhef": ("{} regels boven de eerste beurt van een gesprek zijn niet meegenomen", "zet ze in een blok tussen --- om ze als kenmerk te lezen"),
    "meer": ("in {} gesprekken zijn er meer vertellers: hun beurten staan samen in één verhaal", "bewaar elke verteller in een eigen document"),
    "geraden": ("in {} gesprekken staan er namen voor de beurten: wie de meeste vragen stelt, telt als vrager", "zet I: voor de vragen en R: voor de antwoorden"),
    "onduidelijk": ("in {} gesprekken is niet te zien wie vraagt: alles staat in het verhaal", "zet I: voor de vragen en R: voor de antwoorden"),
    "noten": ("{} voetnoten of eindnoten zijn niet meegenomen", "zet ze in de tekst"),
    "blanco": ("{} bladzijden van een PDF hebben geen tekst", "laat er tekstherkenning (OCR) over gaan"),
    "pdf": ("in {} PDF’s zijn regels tot alinea’s samengevoegd", "bewaar het document waar de PDF van gemaakt is"),
    "voorblok": ("{} documenten beginnen met een blok tussen --- dat niet te lezen is; het staat nu in het verhaal", "schrijf elke regel als ‘naam: waarde’"),
    "naast": ("{} documenten kregen kenmerken uit een tabel ernaast; wat in het document zelf staat, gaat voor", "haal de tabel weg"),
    "zonder": ("{} documenten staan niet of niet eenduidig in de tabel ernaast", "zet elke bestandsnaam er één keer in"),
    "over": ("{} rijen van de tabel ernaast horen niet bij één document", "zet elke bestandsnaam er één keer in"),
}  # fmt: skip


def read_documents(path: Path, split: str | None = None) -> Table:
    """Read a document, or a folder or zip of documents, to a table with the columns Verhaal, Titel and attributes.

    Parameters
    ----------
    path : Path
    split : str, optional
        Where a new story begins within a document: `koppen`, `lijn` or `niet`; found by looking otherwise.

    Raises
    ------
    InputError
        When nothing can be read, with every reason and how many files have it.
    """
    if split not in (None, *SPLITS):
        raise InputError.one(
            what="Zo kan een document niet gesplitst worden.", where="split of --splits",
            expected=f"een van {list_names(SPLITS)}", now="Kies er een, of laat het weg.",
        )  # fmt: skip
    if path.suffix.lower() == ".txt" and path.is_file() and looks_like_table(path.read_bytes(), path.name):
        return read_csv(path)
    happened: Counter[str] = Counter()
    apart: dict[Reason, list[int]] = {}
    documents: list[Document] = []
    tables: list[tuple[int, Table]] = []
    number = 0
    with ExitStack() as stack:
        for number, (name, load) in enumerate(_files(path, stack), start=1):
            suffix = PurePosixPath(name).suffix.lower()
            try:
                if suffix in (".csv", ".tsv", *SHEETS):
                    tables.append((number, _read_table(suffix, load())))
                else:
                    documents.append((name, *front_matter(read_lines(suffix, load(), happened), happened)))
            except UnreadableError as error:
                apart.setdefault(error.args, []).append(number)
    source = path.name or path.resolve().name
    beside, used = _beside([name for name, _, _ in documents], [table for _, table in tables], happened)
    for position, table in tables:
        if table is not used:
            apart.setdefault(UNUSED, []).append(position)
    if not documents:
        raise InputError(_problems(source, apart, number if _holds_files(path) else 0))
    stories, n_above = _stories(documents, beside, split, happened)
    guesses = [
        Guess(what=HAPPENED[key][0].format(n), overrule=HAPPENED[key][1]) for key, n in happened.items() if n
    ]
    set_apart = {"tekst boven de eerste kop": n_above} if n_above else {}
    for (what, now), numbers in apart.items():
        set_apart[what] = len(numbers)
        guesses.append(Guess(what=f"niet gelezen ({_counted(numbers)}): {what}", overrule=now))
    unit = "documenten" if len(stories) == len(documents) else "delen van documenten"
    return _as_table(source, stories, guesses, set_apart, unit)


def _counted(numbers: Sequence[int]) -> str:
    """Point at files without their names."""
    more = f" en nog {len(numbers) - 12}" if len(numbers) > 12 else ""
    return f"bestand {', '.join(map(str, numbers[:12]))}{more}, geteld op volgorde van naam"


def _problems(source: str, apart: dict[Reason, list[int]], total: int) -> Iterator[Problem]:
    good, what = "documenten met tekst (.docx, .odt, .pdf, .txt, .md)", "Er staan hier geen documenten."
    if not apart:
        yield Problem(what=what, where=source, expected=good, now="Controleer de map of zip.")
    for (reason, now), numbers in apart.items():
        many = f"{len(numbers)} van de {total} bestanden ({_counted(numbers)}): " if total else ""
        yield Problem(what=f"Niet te lezen: {many}{reason}.", where=source, expected=good, now=now)


def _as_table(
    source: str, stories: list[Story], guesses: list[Guess], apart: dict[str, int], unit: str
) -> Table:
    names = {"verhaal": "Verhaal", "titel": "Titel"}
    rows: list[dict[str, str]] = []
    for attributes, title, text in stories:
        row = {"titel": title}
        for name, value in attributes.items():
            key = {"title": "titel", "verhaal": "verhaal (2)"}.get(name.casefold(), name.casefold())
            names.setdefault(key, name)
            row[key] = value or row.get(key, "")
        rows.append({**row, "verhaal": text})
    header = tuple("Verhaal (2)" if key == "verhaal (2)" else name for key, name in names.items())
    cells, mended = mend([[row.get(key, "") for key in names] for row in rows])
    return Table(
        source=source,
        header=header,
        rows=tuple(map(tuple, cells)),
        guesses=(*guesses, *mended),
        story="Verhaal",
        set_apart=apart,
        unit=unit,
    )


# The files of a folder or zip, and the bytes of one.


def _holds_files(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".zip"


def _files(path: Path, stack: ExitStack) -> list[tuple[str, Callable[[], bytes]]]:
    """Return the names within, sorted, each with what reads it; what a system puts beside documents is none."""
    if path.is_dir():
        paths = [one for one in path.rglob("*") if one.is_file()]
        found = [
            (one.relative_to(path).as_posix(), one.stat().st_size, partial(_from_disk, one)) for one in paths
        ]
    elif _holds_files(path):
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except ZIP_ERRORS as error:
            raise InputError(_problems(path.name, {BROKEN: [1]}, 0)) from error
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        found = [(entry.filename, entry.file_size, partial(_from_zip, archive, entry)) for entry in entries]
    else:
        return [(path.name, partial(_from_disk, path))]
    kept = [(name, size, load) for name, size, load in found if not _BY_SYSTEM.search(name)]
    if sum(size for _, size, _ in kept) > MAX_TOTAL or len(kept) > MAX_FILES:
        raise InputError.one(
            what="Dit is samen te groot om veilig te lezen.", where=path.name,
            expected=f"tot {MAX_FILES} bestanden, uitgepakt samen tot {MAX_TOTAL >> 20} MB",
            now="Verdeel de documenten over een paar mappen.",
        )  # fmt: skip
    return [(name, load) for name, _, load in sorted(kept, key=lambda one: (one[0].casefold(), one[0]))]


def _from_disk(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    return path.read_bytes()


def _from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if _OUTSIDE.search(entry.filename):
        raise UnreadableError(*STRAY)
    if entry.flag_bits & 1:
        raise UnreadableError(*PASSWORD)
    if entry.file_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    try:
        return archive.read(entry)  # never gives more than the size it claims
    except ZIP_ERRORS as error:
        raise UnreadableError(*BROKEN) from error


def _read_table(suffix: str, data: bytes) -> Table:
    reader = read_workbook if suffix in SHEETS else read_csv
    try:
        return reader(Path("tabel"), data=data)
    except InputError as error:
        raise UnreadableError(*BROKEN) from error


def _beside(
    names: list[str], tables: list[Table], happened: Counter[str]
) -> tuple[dict[str, dict[str, str]], Table | None]:
    """Return the attributes per document, and the table they are from: with most file names in one column."""
    known: dict[str, set[str]] = {}
    for name in names:
        file = PurePosixPath(name)
        for key in (name, file.name, file.stem):
            known.setdefault(key.casefold(), set()).add(name)
    one_file = {key: found.pop() for key, found in known.items() if len(found) == 1}
    best, used, filed = 0, None, 0
    for table in tables:
        for column in range(len(table.header)):
            n_hits = len({one_file.get(cell.casefold()) for cell in table.column(column)} - {None})
            if n_hits > best:
                best, used, filed = n_hits, table, column
    beside: dict[str, dict[str, str]] = {}
    for row in used.rows if used else ():
        file_name = one_file.get(row[filed].casefold())
        if used is None or file_name is None or file_name in beside:
            happened["over"] += any(row)
        else:
            cells = dict(zip(used.header, row, strict=True))
            beside[file_name] = {name: cell for name, cell in cells.items() if name != used.header[filed]}
    if used:
        happened["naast"], happened["zonder"] = len(beside), len(names) - len(beside)
    return beside, used


def _stories(
    documents: list[Document], beside: dict[str, dict[str, str]], split: str | None, happened: Counter[str]
) -> tuple[list[Story], int]:
    """Return the stories, and how many documents have text above their first heading."""
    each = ({text.casefold() for level, text in lines if level} for _, _, lines in documents)
    # A heading in several documents is of a form that everybody filled in.
    common = {text for text, n in Counter(text for texts in each for text in texts).items() if n > 1}
    stories, n_above = [], 0
    for name, own, lines in documents:
        how, above, parts = split_lines(lines, split, common)
        happened[how] += 1
        n_above += any(text.strip() for _, text in above)
        for heading, part in parts:
            more, body = front_matter(part, happened) if how == "koppen" else ({}, part)
            first = next((place for place, (_, text) in enumerate(body) if text.strip()), 0)
            if not heading and body and body[first][0]:
                heading, body = body[first][1], body[first + 1 :]
            attributes = {**beside.get(name, {}), **own, **more}
            stories.append((attributes, heading, only_the_teller(body, happened)))
    return stories, n_above
