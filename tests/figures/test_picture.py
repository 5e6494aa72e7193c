"""What is put into a picture after it was drawn; the drawing itself is in test_export.py."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import pytest

from wijkanalyse.figures.picture import NoBrowserError, _pdf, _png, _svg, picture, pixels
from wijkanalyse.figures.words import Words
from wijkanalyse.privacy.files import clean_metadata

WORDS = Words(title="Thema’s & stemmen", subtitle="", note="Voorlopig beeld <257>.", alt="Een kaart.")
PDF = (
    b"%PDF-1.4\n1 0 obj\n<</Creator (Browser) /Producer (X)>>\nendobj\n2 0 obj\n<</Type /Catalog>>\nendobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000063 00000 n \n"
    b"trailer\n<</Size 3\n/Root 2 0 R\n/Info 1 0 R>>\nstartxref\n97\n%%EOF\n"
)


def test_millimetres():
    assert pixels(25.4) == 96
    assert round(pixels(85)) == 321


def drawing(uid: str) -> bytes:
    return (
        f'<svg class="main-svg" xmlns="http://www.w3.org/2000/svg" width="321" height="642" viewBox="0 0 321 642"><defs id="defs-{uid}">'
        f'<clipPath id="clip{uid}xy"/></defs><g clip-path="url(#clip{uid}xy)"><path d="M1,-{uid}Z"/><text>Thema</text></g></svg>'
    ).encode()


def test_an_svg_has_its_size_on_paper_a_name_and_a_description():
    root = ET.fromstring(_svg(drawing("a1b2c3"), WORDS, 85))
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("85mm", "170.00mm", "0 0 321 642")
    name = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{name}title").text == "Thema’s & stemmen"
    assert root.find(f"{name}desc").text == "Een kaart. wijkanalyse: Voorlopig beeld <257>."
    assert root.find(f".//{name}text").text == "Thema"


def test_two_drawings_of_one_figure_are_the_same_bytes():
    first, second = (
        _svg(drawing(uid).replace(b"-" + uid.encode() + b"Z", b"-1Z"), WORDS, 85)
        for uid in ("a1b2c3", "104207")
    )
    assert first == second
    assert b"-104207Z" in _svg(drawing("104207"), WORDS, 85)  # a number in a path stays


def test_a_png_has_300_dots_to_the_inch_and_says_how_it_was_made():
    header = (
        struct.pack(">I", 13) + b"IHDR" + b"\0" * 13 + struct.pack(">I", zlib.crc32(b"IHDR" + b"\0" * 13))
    )
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    made = _png(b"\x89PNG\r\n\x1a\n" + header + end, WORDS)
    assert struct.unpack(">II", made[made.index(b"pHYs") + 4 :][:8]) == (11811, 11811)
    assert clean_metadata(made, ".png") == made
    assert b"Voorlopig beeld <257>." in made


def test_a_pdf_says_how_it_was_made_and_its_offsets_hold():
    made = clean_metadata(_pdf(PDF, WORDS), ".pdf")
    assert b"Browser" not in made
    subject = re.search(rb"/Subject <FEFF([0-9A-F]+)>", made)[1].decode()
    assert bytes.fromhex(subject).decode("utf-16-be") == "wijkanalyse: Voorlopig beeld <257>."
    table = int(re.findall(rb"startxref\n(\d+)", made)[-1])
    assert made[table:].startswith(b"xref\n3 1\n")
    place = int(made[table:].split(b"\n")[2][:10])
    assert made[place:].startswith(b"3 0 obj")
    assert b"/Prev 97" in made[table:]


def test_a_pdf_of_another_build_stays_as_it_is():
    assert _pdf(b"%PDF-1.5 stream", WORDS) == b"%PDF-1.5 stream"


def test_without_kaleido_there_is_no_picture(monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(NoBrowserError):
        picture(go.Figure(), "svg", width_mm=85, words=WORDS)
