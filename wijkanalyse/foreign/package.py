"""A file from another program, opened as if it were an attack: nothing is unpacked, fetched or expanded."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from wijkanalyse.errors import InputError, Problem
from wijkanalyse.foreign import DocumentTypeError, xml_root

MAX_XML, MAX_TEXTS = 64 * 2**20, 256 * 2**20  #: bytes: about 60,000 codings, and all texts together
_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError)
_ASTRAY = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")  # ../, /etc, C:
_AGAIN = "Bewaar het opnieuw in het programma waar het vandaan komt, en lees dat bestand in."


def problem(what: str, where: str, expected: str, now: str = _AGAIN) -> Problem:
    """Return a problem of a file that another program made."""
    return Problem(what=what, where=where, expected=expected, now=now)


def refusal(what: str, where: str, expected: str, now: str = _AGAIN) -> InputError:
    """Return an error with one such problem."""
    return InputError([problem(what, where, expected, now)])


class Package:
    """The parts of a `.qdpx`: `root` is the project, `text` gives its texts; sizes are bounded."""

    def __init__(self, path: Path) -> None:
        self.name, self._left = path.name, MAX_TEXTS
        read_file(path, 1)
        try:
            self._archive = zipfile.ZipFile(path)
        except _ERRORS as error:
            raise self._damaged() from error
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        found = [(_last(entry.filename), entry) for entry in entries]
        self._parts, main = dict(found), dict(found).get("project.qde")
        several = sum(n > 1 for n in Counter(part for part, _ in found).values())
        astray = sum(bool(_ASTRAY.search(entry.filename)) for entry in entries)
        flaws = {
            ("hebben een pad dat buiten het project wijst", "namen zonder ../"): astray,
            ("zitten achter een wachtwoord", "een project zonder wachtwoord"): sum(
                entry.flag_bits & 1 for entry in entries
            ),
            ("hebben dezelfde naam", "elke naam één keer"): several,
            ("ontbreken: het project zelf", "een deel project.qde"): main is None,
            ("zijn te groot om veilig te lezen", f"tot {MAX_XML // 2**20} MB"): main is not None
            and main.file_size > MAX_XML,
        }
        if any(flaws.values()) or main is None:
            raise InputError(
                problem(f"{n:d} delen {what}.", self.name, good) for (what, good), n in flaws.items() if n
            )
        self.root = parse(self._read(main), self.name, "Project")

    def _damaged(self) -> InputError:
        what = "Dit bestand is geen heel project (.qdpx): het is afgebroken, beschadigd of iets anders."
        good = "een REFI-QDA-project, zoals ATLAS.ti, MAXQDA, NVivo en QualCoder dat bewaren"
        now = f"{_AGAIN} Is het een codeboek (.qdc)? Gebruik dan wa.import_qdc."
        return refusal(what, self.name, good, now)

    def _read(self, entry: zipfile.ZipInfo) -> bytes:
        try:
            with self._archive.open(entry) as part:  # never gives more than the size it claims
                return part.read()
        except _ERRORS as error:
            raise self._damaged() from error

    def text(self, reference: str) -> tuple[str | None, str]:
        """Return the text behind a path of the project, and what is wrong with it (Dutch).

        Raises
        ------
        InputError
            When a part is damaged, or all texts together are too large.
        """
        kind, mark, path = reference.rpartition("://")
        if mark and kind.lower() != "internal":
            return None, "de tekst staat buiten dit bestand"
        entry = None if _ASTRAY.search(path) else self._parts.get(_last(path))
        if entry is None:
            return None, "de tekst zit niet in dit bestand"
        self._left -= entry.file_size
        if self._left < 0:
            good = f"teksten tot {MAX_TEXTS // 2**20} MB samen"
            raise refusal("De teksten zijn samen te groot om veilig te lezen.", self.name, good)
        content = self._read(entry)
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        try:
            return content.decode("utf-16" if wide else "utf-8"), ""
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace"), "geen UTF-8; gelezen als Windows-1252"


def _last(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name.lower()


def read_file(path: Path, limit: int = MAX_XML + 1) -> bytes:
    """Return the first bytes of a file."""
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError as error:
        what, good = "Dit bestand bestaat niet of mag niet gelezen worden.", "een bestand op .qdpx of .qdc"
        raise refusal(what, path.name, good, "Controleer de naam en de map.") from error


def parse(content: bytes, name: str, expected: str) -> Any:
    """Return the root of XML, with local names for tags: namespaces differ between programs.

    Raises
    ------
    InputError
        When it is too large, no XML, about something else, or has a document type (and so entities).
    """
    from lxml import etree

    flaw = ("De inhoud is te groot om veilig te lezen.", name, f"een bestand tot {MAX_XML // 2**20} MB")
    try:
        root = xml_root(content) if len(content) <= MAX_XML else None
        if root is not None and etree.QName(root).localname != expected:
            flaw = ("De inhoud gaat over iets anders.", name, f"XML die begint met ‘{expected}’")
        elif root is not None:
            for element in root.iter():
                element.tag = etree.QName(element).localname
            return root
    except DocumentTypeError:
        flaw = (
            "De inhoud heeft een documenttype (DTD).",
            name,
            "XML zonder DTD; daarin zit soms een aanval",
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        flaw = ("De inhoud is niet te lezen.", f"{name}, regel {line}", "geldige XML")
    raise refusal(*flaw)
