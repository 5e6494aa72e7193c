"""The way out: the one place where a file is written that people will read, and what is done to it first."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.gate import REQUIRED_STATUS, Audience
from wijkanalyse.privacy.rendered import PNG, png_chunks, remaining_originals

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store

PLAIN = frozenset(
    [".csv", ".json", ".md", ".parquet", ".qdc", ".txt", ".yaml"]
)  #: these hold nothing beside what is seen
MARKUP = frozenset([".html", ".svg"])
CONTAINERS = frozenset([".docx", ".odt", ".pptx", ".qdpx", ".xlsx"])
#: What a file tells of its own making begins with this, and stays: it is composed by us and names no person, path or program.
PROVENANCE = "wijkanalyse: "
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file knows


def write_file(
    path: str | Path,
    content: str | bytes,
    corpus: Corpus | None,
    *,
    audience: Audience,
    project: Store | None = None,
) -> Path:
    """Write a file that people will read, after a last look.

    Author, program, path and dates in the file's own metadata are taken out. Outside, the content may hold no word
    that was masked; words that stand in a narrative which a person reviewed are left out of that, for she saw them.

    Parameters
    ----------
    path : str or Path
        Its folder is made when it does not exist; an existing file is replaced at once, never half.
    content : str or bytes
        Made of what the gate released.
    corpus : Corpus or None
        What the content is about; None for what holds nothing of stories, such as a codebook.
    audience : Audience
    project : Project, optional
        Its log gets a line about what went outside.

    Raises
    ------
    PrivacyError
        By the status of the corpus, or when a masked word still stands in the content.
    InputError
        When the kind of file is not known here, or it cannot be written.
    """
    path = Path(path)
    plain = content.encode() if isinstance(content, str) else content
    clean = clean_metadata(plain, path.suffix.lower())
    if corpus is not None:
        corpus.require(REQUIRED_STATUS[audience], purpose="een bestand bewaren")
        last_look(clean, corpus, audience=audience, where=path.name)
    _replace(path, clean, mode=0o644 if audience == Audience.OUTSIDE else 0o600)
    if project is not None and corpus is not None and audience == Audience.OUTSIDE:
        project.note(
            "naar buiten",
            detail=f"{path.name}, {len(corpus)} verhalen, corpus {corpus.provenance.corpus_hash}",
        )
    return path


def last_look(content: str | bytes, corpus: Corpus, *, audience: Audience, where: str) -> None:
    """Refuse what goes outside with a word in it that was masked; what is drawn later as pixels has to pass here first.

    Raises
    ------
    PrivacyError
        With the number of such words, never the words.
    """
    if audience == Audience.OUTSIDE and (n := len(remaining_originals(content, corpus))):
        raise PrivacyError.one(
            what=f"In dit bestand {'staat nog een woord' if n == 1 else f'staan nog {n} woorden'} van vóór het maskeren.",
            where=where,
            expected="alleen tekst die is gemaskeerd of nagekeken",
            now="Kijk titels, onderschriften, lezingen en namen van thema’s na; daar kan een naam in staan.",
        )


def clean_metadata(content: bytes, suffix: str) -> bytes:
    """Return a file without what it tells about who made it, with what, where and when.

    Our own provenance stays: a PNG text with the keyword `wijkanalyse`, and a PDF or office subject that begins with `PROVENANCE`.

    Parameters
    ----------
    content : bytes
    suffix : str
        In lower case, with its point.

    Raises
    ------
    InputError
        When we do not know how this kind of file is cleaned.
    """
    if suffix in PLAIN:
        return content
    if suffix in MARKUP:
        return re.sub(
            rb"(?is)<metadata\b.*?</metadata>|<meta\s+name=.?(?:author|generator|creator)\b[^>]*>",
            b"",
            content,
        )
    if suffix == ".png":
        return _clean_png(content)
    if suffix == ".pdf":
        return _clean_pdf(content)
    if suffix in CONTAINERS:
        return _clean_container(content)
    raise InputError.one(
        what="Dit soort bestand kunnen we niet veilig bewaren.",
        where=f"‘{suffix or 'zonder achtervoegsel'}’",
        expected=f"een van {', '.join(sorted({*PLAIN, *MARKUP, *CONTAINERS, '.pdf', '.png'}))}",
        now="Kies een andere naam voor het bestand.",
    )


_DRAWN_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs", b"sRGB", b"gAMA")
_OWN_TEXT = PROVENANCE.rstrip(": ").encode() + b"\0"


def _clean_png(content: bytes) -> bytes:
    """Keep the chunks that are needed to draw the picture at its size, and our own text; other texts, time and EXIF go."""
    kept = [
        chunk
        for kind, data, chunk in png_chunks(content)
        if kind in _DRAWN_CHUNKS or (kind == b"iTXt" and data.startswith(_OWN_TEXT))
    ]
    return PNG + b"".join(kept)


def _clean_pdf(content: bytes) -> bytes:
    """Blank the document information; every byte stays in its place, so that the table of offsets holds."""
    blank = re.compile(
        rb"(/(?:Author|Creator|Producer|Keywords|Subject|CreationDate|ModDate))\s*(?:\((?:\\.|[^\\)])*\)|<[0-9A-Fa-f\s]*>)",
        re.DOTALL,
    )

    own = b"/Subject <FEFF" + PROVENANCE.encode("utf-16-be").hex().upper().encode()

    def emptied(match: re.Match[bytes]) -> bytes:
        return match[0] if match[0].startswith(own) else (match[1] + b"()").ljust(len(match[0]))

    cleaned = blank.sub(emptied, content)
    return re.sub(
        rb"(?s)<\?xpacket begin.*?<\?xpacket end[^>]*>", lambda match: b" " * len(match[0]), cleaned
    )


_OFFICE_FIELDS = re.compile(
    rb"(?s)(<(?P<name>dc:creator|cp:lastModifiedBy|cp:lastPrinted|cp:keywords|dc:description|dc:subject|cp:category|dcterms:created|"
    rb"dcterms:modified|Company|Manager|Application|AppVersion|Template|HyperlinkBase|meta:initial-creator|meta:generator|meta:printed-by|"
    rb"dc:date|meta:creation-date|meta:user-defined)\b[^>]*>)(?P<value>.*?)(?P<end></(?P=name)>)"
)
_DATED = (b"dcterms:created", b"dcterms:modified", b"dc:date", b"meta:creation-date")


def _clean_container(content: bytes) -> bytes:
    """Write an office file anew: no author, program or template, and no dates of its parts."""

    def emptied(match: re.Match[bytes]) -> bytes:
        if match["name"] == b"dc:subject" and match["value"].startswith(PROVENANCE.encode()):
            return match[0]
        return match[1] + (b"1980-01-01T00:00:00Z" if match["name"] in _DATED else b"") + match["end"]

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.startswith("docProps/") or entry.filename == "meta.xml":
                data = _OFFICE_FIELDS.sub(emptied, data)
            # ODF wants its first part, the mimetype, without compression.
            target.writestr(
                zipfile.ZipInfo(entry.filename, _EPOCH), data, entry.compress_type, zlib.Z_DEFAULT_COMPRESSION
            )
    return out.getvalue()


def _replace(path: Path, content: bytes, *, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".wijk-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(mode)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError.one(
            what="Het bestand kan niet worden bewaard.",
            where=str(path),
            expected="een map waarin je mag schrijven, met genoeg ruimte",
            now="Sluit het bestand als het openstaat, of kies een andere map.",
        ) from error
