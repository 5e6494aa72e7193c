"""One more look at a file that is about to leave, for names that were masked before."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wijkanalyse.corpus import PrivacyStatus

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus

PNG = b"\x89PNG\r\n\x1a\n"
MIN_ORIGINAL_LENGTH = 4  #: shorter names are too often ordinary words to look for in a rendered file


def scan_rendered(content: bytes | str, originals: Iterable[str]) -> set[str]:
    """Return the originals (masked before, of 4 characters or more) that still stand in a rendered file.

    Whole words without regard to case; also inside zip containers (docx, xlsx), behind XML and JSON escapes, and where
    markup cuts a word in two. Compressed streams of a PDF and letters drawn as curves or pixels are not read.
    """
    text = " ".join(_plain(part) for part in _parts(content))
    words = set(text.split())
    wanted = {
        _plain(original): original for original in originals if len(original.strip()) >= MIN_ORIGINAL_LENGTH
    }
    return {
        original
        for name, original in wanted.items()
        if name and (f" {name} " in f" {text} " if " " in name else name in words)
    }


def remaining_originals(content: bytes | str, corpus: Corpus) -> set[str]:
    """Return the masked words of a corpus that stand in a file, without those that a person has seen and left.

    What stands in a narrative that was reviewed was left there on purpose: the flower, not Roos.
    """
    if corpus.key is None:
        return set()
    found = scan_rendered(content, corpus.key.originals())
    everything = corpus.status is PrivacyStatus.REVIEWED
    seen = corpus.frame if everything else corpus.frame[corpus.frame["narrative_id"].isin(corpus.reviewed)]
    left = scan_rendered(" ".join([*seen["text"], *seen.get("title", [])]), found)
    return found - left


def _parts(content: bytes | str) -> Iterator[str]:
    """Yield the texts in a file: as it is, and with its markup taken out."""
    if isinstance(content, bytes) and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            for name in container.namelist():
                yield name
                yield from _parts(container.read(name))
        return
    text = content if isinstance(content, str) else _without_pixels(content).decode("utf-8", errors="replace")
    for part in (text, re.sub(r"<[^<>]*>", "", text)):
        yield html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), part))


def png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield kind, data and all bytes of every chunk of a PNG."""
    at = len(PNG)
    while at + 8 <= len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        yield content[at + 4 : at + 8], content[at + 8 : end - 4], content[at:end]
        at = end


def _without_pixels(content: bytes) -> bytes:
    """Leave out what is compressed: read as letters, some hundred kilobytes hold a name of four by chance."""
    if content.startswith(PNG):
        return b"\n".join(data for kind, data, _ in png_chunks(content) if kind != b"IDAT")
    if content.startswith(b"%PDF"):
        return re.sub(rb"(?s)\bstream\r?\n.*?\bendstream\b", b"", content)
    return content


def _plain(text: str) -> str:
    """Return the words of a text, folded, one space between them."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
