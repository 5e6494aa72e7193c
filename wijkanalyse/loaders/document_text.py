"""One document (DOCX, ODT, PDF, TXT, MD) to lines of text, opened as if it were an attack.

In memory, of a bounded size, without entities or network; of what was deleted, hidden or said in the margin nothing.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from wijkanalyse.errors import InputError
from wijkanalyse.foreign import DocumentTypeError, xml_root
from wijkanalyse.loaders.apart import TOO_LONG, run_apart
from wijkanalyse.loaders.tabular import decode

MAX_BYTES = 64 * 2**20  #: of one document, and of the XML in it
MAX_SECONDS = 120.0  #: for one PDF
OLD = (".doc", ".rtf", ".pages", ".wpd")
Line = tuple[int, str]  #: level of a heading, 0 for running text; and the text

_SAVE = "Open het in Word of LibreOffice en kies ‘Opslaan als’ .docx."
# Why a file is set apart, and what to do about it.
BROKEN = ("beschadigd, afgebroken of iets anders dan de naam zegt", f"{_SAVE} Of vraag het nog eens op.")
EMPTY = ("leeg: er staat geen enkel teken in", "Controleer of het goed is bewaard of gedownload.")
ENTITIES = ("XML met een documenttype (DTD); daarin zit soms een aanval", _SAVE)
FOREIGN = ("geen document (.docx, .odt, .pdf, .txt, .md)", "Lees een tabel of projectbestand apart in.")
LARGE = (f"groter dan {MAX_BYTES >> 20} MB (uitgepakt)", "Verdeel het over een paar documenten.")
NESTED = ("een zip in een map of zip", "Pak die zip uit en lees haar apart in.")
OUTDATED = ("een oude of andere soort (.doc, .rtf, .pages)", f"{_SAVE} In Pages: ‘Exporteer’ naar Word.")
PASSWORD = ("achter een wachtwoord", "Haal het wachtwoord eraf en bewaar het opnieuw.")
SLOW = (
    f"een PDF die in {MAX_SECONDS:.0f} seconden niet te lezen is",
    "Bewaar het document opnieuw als PDF, of in kleinere delen.",
)
SCAN = ("een PDF zonder tekst (een scan)", "Laat er tekstherkenning (OCR) over gaan, of typ de tekst over.")

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
RULE = re.compile(r"\s*([-*=_~#])(?:\s*\1){2,}\s*|\s*[—–]{1,3}\s*")
_NUMBERED = r"(?:verhaal|interview|gesprek|casus)\s*(?:nr\.?\s*)?\d{1,4}\b[^.!?]{0,60}"
NUMBERED = re.compile(_NUMBERED, re.IGNORECASE)
_CLOCK = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s*)?"
LABEL = re.compile(_CLOCK + r"\*{0,2}([^\W\d_][\w.'’ -]{0,30}?)\s*:(?!//)\*{0,2}(?:\s+(.*)|$)")


class UnreadableError(Exception):
    """A file that cannot be read: the reason, and what to do."""


def read_lines(suffix: str, data: bytes, happened: Counter[str]) -> list[Line]:
    """Return the text of one document; what it is, is told by its first bytes and not by its name."""
    if not data:
        raise UnreadableError(*EMPTY)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # old Office, or the envelope around a new file with a password
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
        text = decode(data, "")[0].replace("\r\n", "\n").replace("\r", "\n")
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
            main, styles = _parts(archive, data)
            if main not in archive.namelist():
                raise UnreadableError(*(NESTED if suffix == ".zip" else FOREIGN))
            root = _parse(archive, main)
            levels, hidden = _styles(_parse(archive, styles)) if styles in archive.namelist() else ({}, set())
    except ZIP_ERRORS as error:
        raise UnreadableError(*BROKEN) from error
    happened["noten"] += sum(1 for _ in root.iter("{*}footnoteReference", "{*}endnoteReference", "{*}note"))
    lines: list[tuple[int, list[str]]] = [(0, [])]
    for token in _tokens(root, levels, hidden):
        if isinstance(token, int):
            lines.append((token, []))
        else:
            lines[-1][1].append(token)
    joined = [(level, "".join(parts).strip()) for level, parts in lines]
    return _spaced([(level, text) for level, text in joined if text])


def _parts(archive: zipfile.ZipFile, data: bytes) -> tuple[str, str]:
    """Return the names of the parts with the text and with the styles; empty when this is no such document."""
    names = archive.namelist()
    if _ODT in data[:200]:
        manifest = _parse(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else ()
        if any(_tag(mark) == "encryption-data" for entry in manifest for mark in entry):
            raise UnreadableError(*PASSWORD)
        return "content.xml", "content.xml"
    links = _parse(archive, "_rels/.rels") if "_rels/.rels" in names else ()
    targets = [
        _get(link, "Target").lstrip("/") for link in links if _get(link, "Type").endswith("/officeDocument")
    ]
    return next((target for target in targets if target.startswith("word/")), ""), "word/styles.xml"


def _spaced(paragraphs: Sequence[Line]) -> list[Line]:
    """Put an empty line behind every paragraph, as in plain text."""
    return [line for paragraph in paragraphs for line in (paragraph, (0, ""))]


def _parse(archive: zipfile.ZipFile, part: str) -> Any:
    from lxml import etree

    entry = archive.getinfo(part)
    if entry.file_size > MAX_BYTES:
        raise UnreadableError(*LARGE)
    if entry.flag_bits & 1:
        raise UnreadableError(*PASSWORD)
    try:
        return xml_root(archive.read(entry))
    except DocumentTypeError as error:
        raise UnreadableError(*ENTITIES) from error
    except etree.XMLSyntaxError as error:
        raise UnreadableError(*BROKEN) from error


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
            levels[key] = (
                int(found[1]) + 1 if found[1] else 1
            )  # the title of all stands above a first heading
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
        yield _MARKS[tag] * min(_count(_get(element, "c")) or 1, 20)
    if tag in ("p", "h"):
        given = [_get(mark, "val") for mark in element.iterfind("{*}pPr/{*}pStyle")]
        outline = _count(_get(element, "outline-level"))
        yield outline + 1 if outline else levels.get(given[0] if given else style, 0)
        inside = ":opendocument:" in element.tag  # Word has its text in `t` alone
    if element.text and (inside or tag == "t"):
        yield re.sub(r"\s+", " ", element.text) if inside else element.text
    for child in element:
        yield from _tokens(child, levels, hidden, inside)
        if child.tail and inside:
            yield re.sub(r"\s+", " ", child.tail)
    if tag in ("p", "h"):
        yield 0  # of a text box within a paragraph, whose own text goes on


def _count(value: str) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,4}", value) else 0


def _is_hidden_run(element: Any) -> bool:
    marks = element.iterfind("{*}rPr/{*}vanish") if _tag(element) == "r" else ()
    return any(_get(mark, "val") not in ("0", "false", "off") for mark in marks)


def _read_pdf(data: bytes, happened: Counter[str]) -> list[Line]:
    code, printed = run_apart("wijkanalyse.loaders.pdf", [], data, MAX_SECONDS)
    if code:
        raise UnreadableError(*(SLOW if code == TOO_LONG else BROKEN))
    pages = json.loads(printed)
    if pages is None or not any(map(str.strip, pages)):
        raise UnreadableError(*(PASSWORD if pages is None else SCAN))
    happened["pdf"] += 1
    happened["blanco"] += sum(not page.strip() for page in pages)
    lines: list[str] = []
    for page in pages:
        found = [line.strip() for line in page.strip().split("\n")]
        # A number alone at the top or bottom is the number of the page.
        lines += [
            line for place, line in enumerate(found) if place not in (0, len(found) - 1) or not line.isdigit()
        ]
    return _spaced([(0, line) for line in _unfold(lines) if line])


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
