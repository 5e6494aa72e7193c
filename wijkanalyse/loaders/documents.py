"""Documents (DOCX, ODT, PDF, TXT, MD), one or a folder or zip of them, to a table with a row for every story.

Every file is opened as if it were an attack: in memory, of a bounded size, without entities or network. What cannot be
read is set apart with its reason. Names of files stay here: they often are names of people.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table, decode, looks_like_table, read_csv
from wijkanalyse.loaders.workbook import read_workbook

MAX_BYTES, MAX_TOTAL, MAX_FILES = 64 * 2**20, 2**30, 20_000  #: of one document or its XML; of all; in number
MIN_WORDS = 8  #: a part with fewer words is no sign that a document holds several stories
SPLITS = ("koppen", "lijn", "niet")
TABLES = {
    ".csv": read_csv,
    ".tsv": read_csv,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), read_workbook),
}
OLD = (".doc", ".rtf", ".pages", ".wpd")
Line = tuple[int, str]  #: level of a heading, 0 for running text; and the text

_SAVE = "Open het in Word of LibreOffice en kies ‘Opslaan als’ .docx."
# Why a file is set apart, and what to do about it.
BROKEN = ("beschadigd, afgebroken of iets anders dan de naam zegt", f"{_SAVE} Of vraag het nog eens op.")
EMPTY = ("leeg: er staat geen enkel teken in", "Controleer of het goed is bewaard of gedownload.")
ENTITIES = ("XML met een documenttype (DTD); daarin zit soms een aanval", _SAVE)
FOREIGN = ("geen document (.docx, .odt, .pdf, .txt, .md)", "Lees een tabel of projectbestand apart in.")
LARGE = (
    f"te groot om veilig te lezen (meer dan {MAX_BYTES >> 20} MB)",
    "Verdeel het over een paar documenten.",
)
NESTED = ("een zip in een map of zip", "Pak die zip uit en lees haar apart in.")
OUTDATED = (
    "van een soort die niet gelezen wordt (.doc, .rtf, .pages)",
    f"{_SAVE} In Pages: ‘Exporteer’ naar Word.",
)
PASSWORD = ("achter een wachtwoord", "Haal het wachtwoord eraf en bewaar het opnieuw.")
SCAN = ("een PDF zonder tekst (een scan)", "Laat er tekstherkenning (OCR) over gaan, of typ de tekst over.")
STRAY = ("een naam met een pad buiten de zip (../)", "Vraag na waar deze zip vandaan komt.")
UNUSED = (
    "een tabel die niet bij de documenten hoort",
    "Zet er een kolom met bestandsnamen in, of lees haar apart in.",
)

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)
RULE = re.compile(r"\s*([-*=_~#])(?:\s*\1){2,}\s*|\s*[—–]{1,3}\s*")
NUMBERED = re.compile(
    r"(?:verhaal|interview|gesprek|casus)\s*(?:nr\.?\s*)?\d{1,4}\b[^.!?]{0,60}", re.IGNORECASE
)
LABEL = re.compile(
    r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s*)?\*{0,2}([^\W\d_][\w.'’ -]{0,30}?)\s*:(?!//)\*{0,2}(?:\s+(.*)|$)"
)
ASKS = frozenset("i int interviewer interviewster onderzoeker gespreksleider moderator vraag q".split())
TELLS = frozenset("r resp respondent respondente verteller geïnterviewde deelnemer participant antwoord inwoner cliënt".split())  # fmt: skip

# What happened to documents: counts of it → what the report says, and how to overrule it.
HAPPENED = {
    "koppen": ("{} documenten zijn gesplitst op koppen: onder elke kop een verhaal", 'splits niet met split="niet", of op een lijn met split="lijn"'),
    "lijn": ("{} documenten zijn gesplitst op een lijn (--- of ***) tussen de verhalen", 'splits niet met split="niet", of op koppen met split="koppen"'),
    "niet": ("{} documenten zijn niet gesplitst: elk een verhaal", 'splits met split="koppen" of split="lijn"'),
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


class UnreadableError(Exception):
    """A file that cannot be read: the reason, and what to do."""


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
    apart: dict[tuple[str, str], list[int]] = {}
    documents: list[tuple[str, dict[str, str], list[Line]]] = []
    tables: list[tuple[int, Table]] = []
    number = 0
    with ExitStack() as stack:
        for number, (name, load) in enumerate(_files(path, stack), start=1):
            try:
                if reader := TABLES.get(PurePosixPath(name).suffix.lower()):
                    tables.append((number, _read_table(reader, name, load())))
                else:
                    documents.append((name, *_front_matter(_read_lines(name, load(), happened), happened)))
            except UnreadableError as error:
                apart.setdefault(error.args, []).append(number)
    source = path.name or path.resolve().name
    beside, used = _beside([name for name, _, _ in documents], [table for _, table in tables], happened)
    for place, (position, _) in enumerate(tables):
        if place != used:
            apart.setdefault(UNUSED, []).append(position)
    if not documents:
        raise InputError(
            _problems(source, apart, number, alone=path.is_file() and path.suffix.lower() != ".zip")
        )
    stories, before = _stories(documents, beside, split, happened)
    guesses = [
        Guess(what=HAPPENED[key][0].format(n), overrule=HAPPENED[key][1]) for key, n in happened.items() if n
    ]
    guesses += [Guess(what=f"niet gelezen, omdat het dit is: {what} (bestand {_places(found)}, geteld op volgorde van naam)", overrule=now) for (what, now), found in apart.items()]  # fmt: skip
    set_apart = {what: len(found) for (what, _), found in apart.items()} | ({"tekst boven de eerste kop": before} if before else {})  # fmt: skip
    return _as_table(source, stories, guesses, set_apart)


def _places(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:12])) + (f" en nog {len(numbers) - 12}" if len(numbers) > 12 else "")


def _problems(
    source: str, apart: dict[tuple[str, str], list[int]], total: int, *, alone: bool
) -> Iterator[Problem]:
    good = "documenten met tekst (.docx, .odt, .pdf, .txt, .md)"
    if not apart:
        yield Problem(
            what="Er staan hier geen documenten.",
            where=source,
            expected=good,
            now="Controleer de map of zip.",
        )
    for (what, now), found in apart.items():
        count = (
            f"{len(found)} van de {total} bestanden (nummer {_places(found)}, geteld op volgorde van naam): "
        )
        yield Problem(
            what=f"Niet te lezen: {'' if alone else count}{what}.", where=source, expected=good, now=now
        )


def _as_table(source: str, stories: list[tuple[dict[str, str], str, str]], guesses: list[Guess], apart: dict[str, int]) -> Table:  # fmt: skip
    names = {"verhaal": "Verhaal", "titel": "Titel"}
    rows: list[dict[str, str]] = []
    for attributes, title, text in stories:
        row = {"titel": title}
        for name, value in attributes.items():
            key = {"title": "titel", "verhaal": "verhaal (2)"}.get(name.casefold(), name.casefold())
            names.setdefault(key, name if key == name.casefold() else "Verhaal (2)")
            row[key] = value or row.get(key, "")
        rows.append({**row, "verhaal": text})
    cells = (tuple(row.get(key, "").replace("\x00", "").strip() for key in names) for row in rows)
    return Table(source=source, header=tuple(names.values()), rows=tuple(cells), guesses=tuple(guesses), story="Verhaal", set_apart=apart)  # fmt: skip


# The files of a folder or zip, and the bytes of one.


def _files(path: Path, stack: ExitStack) -> list[tuple[str, Callable[[], bytes]]]:
    """Return the names within, sorted, each with what reads it; what a system puts beside documents is none."""
    found: list[tuple[str, Callable[[], bytes]]]
    total = 0
    if path.is_dir():
        paths = [one for one in path.rglob("*") if one.is_file()]
        found = [(one.relative_to(path).as_posix(), partial(_from_disk, one)) for one in paths]
        total = sum(one.stat().st_size for one in paths)
    elif path.suffix.lower() == ".zip":
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
        except _ZIP_ERRORS as error:
            raise InputError(_problems(path.name, {BROKEN: [1]}, 1, alone=True)) from error
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        found = [(entry.filename, partial(_from_zip, archive, entry)) for entry in entries]
        total = sum(entry.file_size for entry in entries)
    else:
        return [(path.name, partial(_from_disk, path))]
    found = [
        one
        for one in found
        if not re.search(r"(?:^|/)(?:\.(?!\./)|~\$|__MACOSX/|Thumbs\.db$|desktop\.ini$)", one[0])
    ]
    if total > MAX_TOTAL or len(found) > MAX_FILES:
        raise InputError.one(
            what="Dit is samen te groot om veilig te lezen.", where=path.name,
            expected=f"tot {MAX_FILES} bestanden, uitgepakt tot {MAX_TOTAL >> 30} GB", now="Verdeel de documenten over een paar mappen.",
        )  # fmt: skip
    return sorted(found, key=lambda one: (one[0].casefold(), one[0]))


def _from_disk(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    return path.read_bytes()


def _from_zip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if re.search(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:", entry.filename):
        raise UnreadableError(*STRAY)
    if entry.flag_bits & 1:
        raise UnreadableError(*PASSWORD)
    if entry.file_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    try:
        return archive.read(entry)  # never gives more than the size it claims
    except _ZIP_ERRORS as error:
        raise UnreadableError(*BROKEN) from error


def _read_lines(name: str, data: bytes, happened: Counter[str]) -> list[Line]:
    """Return the text of one document; what it is, is told by its first bytes and not by its name."""
    suffix = PurePosixPath(name).suffix.lower()
    if not data:
        raise UnreadableError(*EMPTY)
    if data.startswith(
        b"\xd0\xcf\x11\xe0"
    ):  # an old Office file, or the envelope around an encrypted new one
        raise UnreadableError(*(PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else OUTDATED))
    if suffix in OLD or data.startswith(b"{\\rtf"):
        raise UnreadableError(*OUTDATED)
    if b"%PDF-" in data[:1024]:
        return _read_pdf(data, happened)
    if data.startswith(b"PK\x03\x04"):
        return _read_office(data, suffix, happened)
    if suffix not in (".txt", ".md"):
        raise UnreadableError(*(BROKEN if suffix in (".docx", ".odt", ".pdf", ".zip") else FOREIGN))
    try:
        text = decode(data, name)[0].replace("\r\n", "\n").replace("\r", "\n")
    except InputError as error:
        raise UnreadableError(*BROKEN) from error
    lines = text.split("\n")
    marked = [re.match(r"(#{1,6})\s+(.*)", line) if suffix == ".md" else None for line in lines]
    return [(len(mark[1]), mark[2]) if mark else (0, line) for line, mark in zip(lines, marked, strict=True)]


# DOCX and ODT: the text of the body and no more.

# Parts that are no text of the body, with the table of contents, and what was deleted, moved away or said in the margin.
_NO_TEXT = frozenset(
    "del moveFrom rPr pPr sectPr Fallback instrText delText annotation note tracked-changes table-of-content "
    "hidden-text hidden-paragraph forms title desc".split()
)
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-", "s": " "}


def _read_office(data: bytes, suffix: str, happened: Counter[str]) -> list[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names and "_rels/.rels" in names:
                targets = {_get(one, "Target").lstrip("/") for one in _parse(archive, "_rels/.rels") if _get(one, "Type").endswith("/officeDocument")}  # fmt: skip
                main = next((one for one in sorted(targets) if one.startswith("word/")), None)
                styles = "word/styles.xml"
            else:
                main = styles = "content.xml" if _ODT in data[:200] and "content.xml" in names else None
            if "META-INF/manifest.xml" in names and any(True for _ in _parse(archive, "META-INF/manifest.xml").iter("{*}encryption-data")):  # fmt: skip
                raise UnreadableError(*PASSWORD)
            if main is None:
                raise UnreadableError(*(NESTED if suffix == ".zip" else FOREIGN))
            root, style = _parse(archive, main), _parse(archive, styles) if styles in names else None
    except _ZIP_ERRORS as error:
        raise UnreadableError(*BROKEN) from error
    happened["noten"] += sum(1 for _ in root.iter("{*}footnoteReference", "{*}endnoteReference", "{*}note"))
    levels, hidden = _styles(style) if style is not None else ({}, set())
    lines: list[tuple[int, list[str]]] = [(0, [])]
    for token in _tokens(root, levels, hidden):
        if isinstance(token, int):
            lines.append((token, []))
        else:
            lines[-1][1].append(token)
    joined = [(level, "".join(parts).strip()) for level, parts in lines]
    return [(level, text) for level, text in joined if text]


def _parse(archive: zipfile.ZipFile, part: str) -> Any:
    from lxml import etree

    entry = archive.getinfo(part)
    if entry.file_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    if entry.flag_bits & 1:
        raise UnreadableError(*PASSWORD)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(archive.read(entry), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(*BROKEN) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableError(*ENTITIES)
    return root


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _get(element: Any, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _styles(root: Any) -> tuple[dict[str, int], set[str]]:
    """Return the styles that are a heading, with their level, and those that hide text."""
    levels, hidden = {}, set()
    for style in root.iter("{*}style"):
        shown = next((_get(one, "val") for one in style if _tag(one) == "name"), "")
        name = (shown or _get(style, "parent-style-name")).lower()
        key = _get(style, "styleId") or _get(style, "name")
        if found := re.fullmatch(r"title|heading (\d)", name):
            levels[key] = int(found[1] or 1)
        if any(_get(one, "display") == "none" for one in style.iter("{*}text-properties")):
            hidden.add(key)
    return levels | {"Title": 1}, hidden


def _tokens(
    element: Any, levels: dict[str, int], hidden: set[str], inside: bool = False
) -> Iterator[str | int]:
    """Give the text in order, and before every paragraph the level of its heading."""
    tag, style = _tag(element), _get(element, "style-name")
    if tag in _NO_TEXT or style in hidden or _is_hidden_run(element):
        return
    if tag in _MARKS:
        yield _MARKS[tag] * int(_get(element, "c") or 1)
    if tag in ("p", "h"):
        yield _level(element, levels.get(style, 0))
        inside = ":opendocument:" in element.tag  # Word has its text in `t` alone
    if element.text and (inside or tag == "t"):
        yield re.sub(r"\s+", " ", element.text) if inside else element.text
    for child in element:
        yield from _tokens(child, levels, hidden, inside)
        if child.tail and inside:
            yield re.sub(r"\s+", " ", child.tail)
    if tag in ("p", "h"):
        yield 0  # of a text box within a paragraph, whose own text goes on


def _level(paragraph: Any, of_style: int) -> int:
    if outline := _get(paragraph, "outline-level"):
        return int(outline)
    return of_style


def _is_hidden_run(element: Any) -> bool:
    marks = element.iterfind("{*}rPr/{*}vanish") if _tag(element) == "r" else ()
    return any(_get(mark, "val") not in ("0", "false", "off") for mark in marks)


def _read_pdf(data: bytes, happened: Counter[str]) -> list[Line]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may quote the file
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [page.extract_text() for page in reader.pages]
    except Exception as error:
        raise UnreadableError(*BROKEN) from error
    if locked or not any(map(str.strip, pages)):
        raise UnreadableError(*(PASSWORD if locked else SCAN))
    happened["pdf"] += 1
    happened["blanco"] += sum(not page.strip() for page in pages)
    lines: list[str] = []
    for page in pages:
        found = [line.strip() for line in page.strip().split("\n")]
        # A number alone at the top or bottom is the number of the page.
        lines += [
            line for place, line in enumerate(found) if place not in (0, len(found) - 1) or not line.isdigit()
        ]
    return [(0, line) for line in _unfold(lines)]


def _unfold(lines: Sequence[str]) -> list[str]:
    """Join the lines of a page to paragraphs: a line that ends early ends its paragraph."""
    width = max(map(len, lines), default=0)
    joined: list[str] = []
    ended = True
    for line in lines:
        alone = RULE.fullmatch(line) or NUMBERED.fullmatch(line)
        if ended or alone or not line or LABEL.match(line):
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1]} {line}"
        early = len(line) < width / 2 or (len(line) < 0.85 * width and line[-1] in ".?!”’\"')")
        ended = bool(alone) or early
    return joined


# From lines to stories.


def _front_matter(lines: list[Line], happened: Counter[str]) -> tuple[dict[str, str], list[Line]]:
    """Take a block of `name: value` between two lines of --- off the top."""
    import yaml

    texts = [text.strip() for _, text in lines]
    start = next((place for place, text in enumerate(texts) if text), len(texts))
    fences = [place for place, text in enumerate(texts[: start + 100]) if re.fullmatch(r"-{3,}|—+", text)]
    if len(fences) < 2 or fences[0] != start:
        return {}, lines
    try:
        # Every value as text: YAML makes numbers and dates of codes. Nested values are left out: they can grow without end.
        found = yaml.BaseLoader("\n".join(texts[start + 1 : fences[1]])).get_single_data()
    except yaml.YAMLError:
        happened["voorblok"] += 1
        return {}, lines
    if not isinstance(found, dict):
        return {}, lines
    attributes = {}
    for name, value in found.items():
        values = value if isinstance(value, list) else [value]
        attributes[" ".join(str(name).split())] = "; ".join(one for one in values if isinstance(one, str))
    return attributes, lines[fences[1] + 1 :]


def _read_table(reader: Callable[..., Table], name: str, data: bytes) -> Table:
    try:
        return reader(Path(PurePosixPath(name).name), data=data)
    except InputError as error:
        raise UnreadableError(*BROKEN) from error


def _beside(
    names: list[str], tables: list[Table], happened: Counter[str]
) -> tuple[dict[str, dict[str, str]], int | None]:
    """Return the attributes per document from the table with most file names in one column, and its place."""
    known: dict[str, set[str]] = {}
    for name in names:
        file = PurePosixPath(name)
        for key in (name, file.name, file.stem):
            known.setdefault(key.casefold(), set()).add(name)

    def find(cell: str) -> str | None:
        found = known.get(cell.replace("\\", "/").casefold(), set())
        return next(iter(found)) if len(found) == 1 else None

    hits = [
        (sum(find(cell) is not None for cell in table.column(column)), -place, -column)
        for place, table in enumerate(tables)
        for column in range(len(table.header))
    ]
    best, place, column = max(hits, default=(0, 0, 0))
    if not best:
        return {}, None
    table, column = tables[-place], -column
    beside: dict[str, dict[str, str]] = {}
    for row in table.rows:
        name = find(row[column])
        if name is None or name in beside:
            happened["over"] += any(row)
        else:
            beside[name] = {
                header: cell
                for i, (header, cell) in enumerate(zip(table.header, row, strict=True))
                if i != column
            }
    happened["naast"], happened["zonder"] = len(beside), len(names) - len(beside)
    return beside, -place


def _stories(documents, beside, split, happened):
    headings = Counter(
        text for _, _, lines in documents for text in {text.casefold() for level, text in lines if level}
    )
    common = {text for text, n in headings.items() if n > 1}  # a heading of the form that everybody filled in
    stories, n_before = [], 0
    for name, own, lines in documents:
        how, before, parts = split_lines(lines, split, common)
        happened[how] += 1
        n_before += any(text.strip() for _, text in before)
        for heading, part in parts:
            more, part = _front_matter(part, happened) if how == "koppen" else ({}, part)
            first = next((place for place, (_, text) in enumerate(part) if text.strip()), 0)
            if not heading and part and part[first][0]:
                heading, part = part[first][1], part[first + 1 :]
            stories.append(
                ({**beside.get(name, {}), **own, **more}, heading, only_the_teller(part, happened))
            )
    return stories, n_before


def split_lines(
    lines: list[Line], how: str | None, common: Collection[str] = ()
) -> tuple[str, list[Line], list[tuple[str, list[Line]]]]:
    """Split a document into stories.

    Returns
    -------
    tuple
        How it was split, the lines above the first heading, and per story its heading and lines.
    """
    rules = [place for place, (_, text) in enumerate(lines) if RULE.fullmatch(text)]
    for kind, marks in (("koppen", _headings(lines, common)), ("lijn", rules)):
        if not marks or how not in (None, kind):
            continue
        edges = [*([-1] if kind == "lijn" else []), *marks, len(lines)]
        parts = [(lines[a][1] if kind == "koppen" else "", lines[a + 1 : b]) for a, b in pairwise(edges)]
        if kind == "lijn":
            parts = [part for part in parts if any(text.strip() for _, text in part[1])]
        long = sum(len(" ".join(text for _, text in part).split()) >= MIN_WORDS for _, part in parts)
        if how == kind or (long >= 2 and 2 * long >= len(parts)):
            return kind, lines[: marks[0]] if kind == "koppen" else [], parts
    return "niet", [], [("", lines)]


def _headings(lines: list[Line], common: Collection[str]) -> list[int]:
    """Return where the headings of the highest level are that comes more than once; else numbered lines as ‘Verhaal 3’."""
    for wanted in sorted({level for level, _ in lines if level}):
        marks = [
            place
            for place, (level, text) in enumerate(lines)
            if level == wanted and text.casefold() not in common
        ]
        if len(marks) > 1:
            return marks
    return [place for place, (_, text) in enumerate(lines) if NUMBERED.fullmatch(text.strip())]


def turns(lines: list[Line]) -> list[tuple[str, str]]:
    """Return speaker (folded; empty above the first) and words of every turn; empty when this is no conversation."""
    found = [LABEL.match(text.strip()) for _, text in lines]
    said = Counter(one[1].casefold() for one in found if one)
    speakers = {who for who, n in said.items() if n > 1 or _base(who) in ASKS | TELLS}
    n_turns = sum(said[who] for who in speakers)
    sure = bool({_base(who) for who in speakers} & ASKS and {_base(who) for who in speakers} & TELLS)
    n_lines = sum(bool(text.strip()) for _, text in lines)
    if not sure and (len(speakers) < 2 or n_turns < 4 or n_turns < 0.3 * n_lines):
        return []
    spoken: list[tuple[str, list[str]]] = [("", [])]
    for (_, text), one in zip(lines, found, strict=True):
        if one and one[1].casefold() in speakers:
            spoken.append((one[1].casefold(), [one[2] or ""]))
        else:
            spoken[-1][1].append(text)
    return [(who, "\n".join(words).strip()) for who, words in spoken]


def _base(who: str) -> str:
    return re.sub(r"[\s\d.]+$", "", who)


def only_the_teller(lines: list[Line], happened: Counter[str]) -> str:
    """Return the story: all lines, or of a conversation the turns of who tells."""
    whole = "\n".join(text for _, text in lines).strip()
    spoken = turns(lines)
    if not spoken:
        return whole
    (_, above), *spoken = spoken
    speakers = {who for who, _ in spoken}
    asking = {who for who in speakers if _base(who) in ASKS}
    telling = {who for who in speakers if _base(who) in TELLS}
    if not asking and not telling:
        asked = {
            who: sum("?" in words for one, words in spoken if one == who)
            / sum(one == who for one, _ in spoken)
            for who in speakers
        }
        most, *others = sorted(speakers, key=lambda who: (-asked[who], who))
        if asked[most] < 0.5 or 2 * asked[others[0]] > asked[most]:
            happened["onduidelijk"] += 1
            return whole
        asking = {most}
        happened["geraden"] += 1
    telling = telling or speakers - asking
    if not telling:
        return whole
    happened["gesprek"] += 1
    happened["meer"] += len(telling) > 1
    happened["vragen"] += sum(who not in telling for who, _ in spoken)
    happened["aanhef"] += len([line for line in above.split("\n") if line.strip()])
    return "\n".join(words for who, words in spoken if who in telling and words)
