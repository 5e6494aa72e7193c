"""One more look at a file that is about to leave, for names that were masked before."""

from __future__ import annotations

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator

MIN_ORIGINAL_LENGTH = 4  #: shorter names are too often ordinary words to look for in a rendered file


def scan_rendered(content: bytes | str, originals: Iterable[str]) -> int:
    """Count the originals (masked before, of 4 characters or more) that still stand in a rendered file.

    Whole words without regard to case; also inside zip containers (docx, xlsx), behind XML and JSON escapes, and where
    markup cuts a word in two. Compressed streams of a PDF and letters drawn as curves or pixels are not read.
    """
    text = " ".join(_plain(part) for part in _parts(content))
    words = set(text.split())
    wanted = {_plain(original) for original in originals if len(original.strip()) >= MIN_ORIGINAL_LENGTH} - {
        ""
    }
    return sum(f" {name} " in f" {text} " if " " in name else name in words for name in wanted)


def _parts(content: bytes | str) -> Iterator[str]:
    """Yield the texts in a file: as it is, and with its markup taken out."""
    if isinstance(content, bytes) and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            for name in container.namelist():
                yield name
                yield from _parts(container.read(name))
        return
    text = content if isinstance(content, str) else content.decode("utf-8", errors="replace")
    for part in (text, re.sub(r"<[^<>]*>", "", text)):
        yield html.unescape(re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), part))


def _plain(text: str) -> str:
    """Return the words of a text, folded, one space between them."""
    return " ".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))
