"""A figure as SVG, PDF or PNG, drawn by the browser of this computer; its making goes along in the file."""

from __future__ import annotations

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from html import escape
from typing import TYPE_CHECKING

from wijkanalyse.privacy.files import PROVENANCE

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from wijkanalyse.figures.words import Words

DPI, CSS_DPI, MM_PER_INCH = 300, 96, 25.4


def pixels(mm: float) -> float:
    """Return millimetres on paper as CSS pixels."""
    return mm / MM_PER_INCH * CSS_DPI


class NoBrowserError(Exception):
    """There is nothing here that can draw a picture."""


def picture(figure: go.Figure, kind: str, *, width_mm: float, words: Words) -> bytes:
    """Return a figure as `svg`, `pdf` or `png` of a width on paper.

    Raises
    ------
    NoBrowserError
        Without kaleido or a browser.
    """
    content = _drawn(figure, kind, pixels(width_mm))
    if kind == "svg":
        return _svg(content, words, width_mm)
    return _pdf(content, words) if kind == "pdf" else _png(content, words)


@contextmanager
def one_browser() -> Iterator[None]:
    """Draw every picture inside with one browser, as starting one takes seconds; without a browser this does nothing."""
    import plotly.graph_objects as go

    with ExitStack() as stack:
        with suppress(NoBrowserError):
            # Where none starts, a server would wait for ever.
            _drawn(go.Figure(layout={"height": 100}), "svg", 100)
            import kaleido

            kaleido.start_sync_server(mathjax=False, silence_warnings=True)
            stack.callback(kaleido.stop_sync_server, silence_warnings=True)
        yield


def _drawn(figure: go.Figure, kind: str, width: float) -> bytes:
    try:
        import kaleido
        from choreographer.errors import (
            BrowserClosedError,
            BrowserDepsError,
            BrowserFailedError,
            ChromeNotFoundError,
        )
    except ImportError as error:
        raise NoBrowserError from error
    opts = {
        "format": kind,
        "width": width,
        "height": figure.layout.height,
        "scale": DPI / CSS_DPI if kind == "png" else 1,
    }
    try:
        with warnings.catch_warnings():
            # `one_browser` has them already.
            warnings.filterwarnings("ignore", "The kopts argument is ignored")
            # Without mathjax=False kaleido would fetch it from the internet.
            content: bytes = kaleido.calc_fig_sync(figure, opts=opts, kopts={"mathjax": False})
    except (BrowserClosedError, BrowserDepsError, BrowserFailedError, ChromeNotFoundError) as error:
        raise NoBrowserError from error
    return content


def _svg(content: bytes, words: Words, width_mm: float) -> bytes:
    """Give the drawing its size in millimetres, a name and a description, and ids that are the same every time."""
    text = re.sub(r'class="trace (\w+) trace\w+"', r'class="trace \1"', content.decode())
    if found := re.search(r'id="defs-(\w+)"', text):
        text = re.sub(rf"(?:(?<=[A-Za-z])|(?<=defs-)){found[1]}", "wijk", text)
    head, rest = text.split(">", 1)
    width, height = (float(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', head)[:2])
    head = re.sub(
        r' width="[^"]*" height="[^"]*"',
        f' width="{width_mm:g}mm" height="{width_mm * height / width:.2f}mm"',
        head,
        count=1,
    )
    title, described = escape(words.title), escape(f"{words.alt} {PROVENANCE}{words.note}")
    return f'{head} role="img" xml:lang="nl"><title>{title}</title><desc>{described}</desc>{rest}'.encode()


def _png(content: bytes, words: Words) -> bytes:
    """Add the size on paper and how it was made (PNG 1.2, §4.2.4.2 and §4.2.3.3)."""
    per_metre = round(DPI / MM_PER_INCH * 1000)
    text = PROVENANCE.rstrip(": ").encode() + b"\0\0\0nl\0\0" + f"{words.title}. {words.note}".encode()
    begin = content.index(b"IHDR") + 4 + 13 + 4
    return (
        content[:begin]
        + _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
        + _chunk(b"iTXt", text)
        + content[begin:]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pdf(content: bytes, words: Words) -> bytes:
    """Add a title and how it was made, as an update at the end (ISO 32000-1, §7.5.6): no byte of the drawing moves."""
    end = re.search(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", content, re.DOTALL)
    size, root = (
        re.search(pattern, end[1]) if end else None for pattern in (rb"/Size (\d+)", rb"/Root \d+ \d+ R")
    )
    if end is None or size is None or root is None:
        return content
    begin = len(content) + (not content.endswith(b"\n"))
    told = f"/Title {_pdf_text(words.title)} /Subject {_pdf_text(PROVENANCE + words.note)}"
    entry = f"{int(size[1])} 0 obj\n<<{told}>>\nendobj\n"
    update = (
        f"{entry}xref\n{int(size[1])} 1\n{begin:010d} 00000 n \ntrailer\n<</Size {int(size[1]) + 1} {root[0].decode()} "
        f"/Info {int(size[1])} 0 R /Prev {int(end[2])}>>\nstartxref\n{begin + len(entry)}\n%%EOF\n"
    )
    return content.ljust(begin, b"\n") + update.encode("ascii")


def _pdf_text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
