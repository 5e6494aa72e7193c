from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.privacy.rendered import scan_rendered


def _docx(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as container:
        for name, text in parts.items():
            container.writestr(f"word/{name}.xml", text)
    return held.getvalue()


def _png(**chunks: bytes) -> bytes:
    written = (
        len(data).to_bytes(4, "big") + kind.encode() + data + b"\0\0\0\0" for kind, data in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


@pytest.mark.parametrize(
    ("content", "n"),
    [
        ("Met Fatima en DE VRIES.", 2),
        ("Fatimaatje, devries", 0),
        ("Jan", 0),  # shorter than four
        ("<text>&#214;zlem</text>", 1),
        ('{"t": "\\u00d6zlem"}', 1),
        ("<w:t>Fat</w:t></w:r><w:r><w:t>ima</w:t>", 1),
        ("O\u0308zlem", 1),
        (b"de\n  <b>Vries</b>", 1),
        (_docx(document="<w:t>Niets</w:t>", comments="<w:t>fatima</w:t>"), 1),
        (_docx(fatima="leeg"), 1),
        (b"PK\x03\x04 geen echte zip met Fatima", 1),
        (_png(IDAT=b"\xff fatima \xff"), 0),  # pixels, that spell a name by chance
        (_png(IDAT=b"x", iTXt=b"wijkanalyse\0 Fatima"), 1),
        (_docx(document=_png(IDAT=b" fatima ").decode("latin-1")), 1),  # a picture is bytes, and this is none
        (b"%PDF-1.7\n1 0 obj\n<< >>\nstream\n fatima \nendstream\nendobj", 0),
        (b"%PDF-1.7\n<< /Title (Fatima) >>\nstream\nx\nendstream", 1),
        ("", 0),
    ],
)
def test_originals_are_found_in_a_rendered_file(content: bytes | str, n: int) -> None:
    assert len(scan_rendered(content, ["Fatima", "fatima", "De Vries", "Özlem", "Jan"])) == n


@settings(deadline=None, max_examples=60)
@given(
    name=st.text("abcdefghijëöşÖI", min_size=4, max_size=9),
    before=st.sampled_from(["", "<p>", "de ", "(", "&lt;"]),
    after=st.sampled_from(["", "</p>", "'s", ".", "_1"]),
)
def test_any_name_is_found_whatever_stands_around_it(name: str, before: str, after: str) -> None:
    escaped = name.encode("ascii", "xmlcharrefreplace").decode()
    assert len(scan_rendered(f"{before}{name.upper()}{after}", [name.upper()])) == 1
    assert len(scan_rendered(_docx(document=f"<w:t>{before}{escaped}{after}</w:t>"), [name])) == 1
