"""Documents that cannot be read, or only in part: each says why, and takes nothing along."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

import wijkanalyse as wa
from tests.loaders.test_documents import FILES, ONE, TWO, changed, texts, whats, word, write
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import document_text, documents
from wijkanalyse.loaders.documents import read_documents

# Bad input.


def encrypted(data: bytes) -> bytes:
    """Set the bit of encryption on every entry of a zip."""
    return re.sub(
        rb"(PK\x01\x02.{4}|PK\x03\x04.{2})(.)", lambda m: m[1] + bytes([m[2][0] | 1]), data, flags=re.DOTALL
    )


def pdf(*, password: str = "", owner: str = "", blank: bool = False) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    if blank:
        writer.add_blank_page(200, 200)
    else:
        writer.append(FILES / "twaalf.pdf")
    if password or owner:
        writer.encrypt(password, owner or None, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


WORD = word(ONE)
ODT = (FILES / "twaalf.odt").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
DTD = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
BAD = {
    "empty.docx": (b"", "leeg"),
    "cut.docx": (WORD[: len(WORD) // 2], "beschadigd"),
    "stuk.docx": (WORD[:1500] + bytes(3000) + WORD[4500:], "beschadigd"),
    "text.docx": (ONE.encode(), "beschadigd"),
    "text.pdf": (ONE.encode(), "beschadigd"),
    "cut.pdf": ((FILES / "twaalf.pdf").read_bytes()[:3000], "beschadigd|zonder tekst"),
    "nul.txt": (b"a\x00b" * 20, "beschadigd|geen tekstbestand"),
    "image.png": (b"\x89PNG", "geen document"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "wachtwoord"),
    "old.doc": (OLE, "oude of andere soort"),
    "renamed.docx": (OLE, "oude of andere soort"),
    "old.rtf": (b"{\\rtf1 x}", "oude of andere soort"),
    "renamed.txt": (b"{\\rtf1 x}", "oude of andere soort"),
    "old.pages": (zipped(a__iwa=b"x"), "oude of andere soort"),
    "zipped.docx": (zipped(a__txt=b"x"), "geen document"),
    "book.docx": ((FILES / "twaalf.xlsx").read_bytes(), "geen document"),
    "sheet.odt": ((FILES / "twaalf.ods").read_bytes(), "geen document"),
    "nested.zip": (zipped(a__txt=b"x"), "zip in een"),
    "entity.docx": (changed(WORD, "word/document.xml", "<w:document ", f"{DTD}<w:document "), "DTD"),
    "entity.odt": (changed(ODT, "content.xml", "<office:document-content", f"{DTD}<office:document-content"), "DTD"),
    "xml.docx": (changed(WORD, "word/document.xml", "<w:body>", "<w:body><"), "beschadigd"),
    "secret.odt": (
        changed(ODT, "META-INF/manifest.xml", "</manifest:manifest>",
                '<manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'),
        "wachtwoord",
    ),
    "secret.docx": (encrypted(WORD), "wachtwoord"),
    "secret.pdf": (pdf(password="geheim"), "wachtwoord"),
    "scan.pdf": (pdf(blank=True), "scan"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why(tmp_path, name):
    data, why = BAD[name]
    folder = write(tmp_path / "m", **{name.replace(".", "__"): data, "z__txt": ONE})
    table = read_documents(folder)
    assert texts(table) == [ONE]
    assert [bool(re.search(why, reason)) for reason in table.set_apart] == [True]
    alone = folder / name
    if alone.suffix not in (".png", ".zip"):
        with pytest.raises(InputError, match=why) as caught:
            wa.load_narratives(alone)
        assert f"Waar:      {name}" in str(caught.value)
        assert "van de" not in str(caught.value)


def test_a_pdf_that_only_may_not_be_changed_is_read(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(owner="geheim"))
    assert len(read_documents(path).rows) == 12


def test_all_that_cannot_be_read_is_in_one_message(tmp_path):
    folder = write(tmp_path / "m", a__doc=OLE, b__docx=b"", c__doc=OLE)
    with pytest.raises(InputError) as caught:
        wa.load_narratives(folder)
    assert len(caught.value.problems) == 2
    assert "2 van de 3 bestanden (bestand 1, 3, geteld op volgorde van naam): een oude" in str(caught.value)
    many = write(tmp_path / "n", **{f"a{number:02d}__doc": OLE for number in range(15)})
    with pytest.raises(InputError, match="11, 12 en nog 3, geteld"):
        wa.load_narratives(many)


def test_a_zip_of_which_parts_are_no_document(tmp_path):
    files = {
        "../uit.txt": TWO,
        "/abs.txt": TWO,
        "goed.txt": ONE,
        "__MACOSX/._a.txt": "x",
        ".DS_Store": "x",
        "~$a.docx": "x",
    }
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr("leeg/", "")
    table = read_documents(path)
    assert texts(table) == [ONE]
    assert table.set_apart == {documents.STRAY[0]: 2}
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]
    path.write_bytes(encrypted(path.read_bytes()))
    with pytest.raises(InputError, match="achter een wachtwoord"):
        read_documents(path)


def test_a_zip_that_is_none_or_is_damaged(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK niets")
    with pytest.raises(InputError, match="beschadigd"):
        wa.load_narratives(path)
    write(path, a__txt=ONE * 50, b__txt=TWO)
    data = bytearray(path.read_bytes())
    data[40:60] = bytes(20)
    path.write_bytes(data)
    table = read_documents(path)
    assert (texts(table), table.set_apart) == ([TWO], {document_text.BROKEN[0]: 1})


@pytest.mark.parametrize("target", ["m", "m.zip"])
def test_what_is_too_large(tmp_path, monkeypatch, target):
    path = write(tmp_path / target, a__txt="x" * 5000, c__txt=ONE)
    for name, limit in (("MAX_TOTAL", 2000), ("MAX_FILES", 1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(documents, name, limit)
            with pytest.raises(InputError, match="samen te groot om veilig te lezen"):
                read_documents(path)
    monkeypatch.setattr(documents, "MAX_BYTES", 1000)
    table = read_documents(path)
    assert (texts(table), table.set_apart) == ([ONE], {document_text.LARGE[0]: 1})


def test_a_document_that_swells_when_it_is_unpacked(tmp_path):
    bomb = changed(WORD, "word/document.xml", ONE, "x" * (document_text.MAX_BYTES + 1))
    assert len(bomb) < 200_000
    table = read_documents(write(tmp_path / "m", a__docx=bomb, b__txt=ONE))
    assert (texts(table), table.set_apart) == ([ONE], {document_text.LARGE[0]: 1})


def test_a_folder_without_documents(tmp_path):
    with pytest.raises(InputError, match="Er staan hier geen documenten"):
        wa.load_narratives(write(tmp_path / "m"))


def printed(*pages: list[str]) -> bytes:
    """Return a PDF with these lines on its pages."""
    import pypdf
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    names = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding",
    }
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    for lines in pages:
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = fonts
        content = DecodedStreamObject()
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        content.set_data(f"BT /F1 12 Tf 50 700 Td {shown} ET".encode("cp1252"))
        page[NameObject("/Contents")] = content
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pages_without_text_and_numbers_of_pages(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(
        printed(
            ["1", "Een hele lange regel die doorloopt tot aan de", "rand, in 1987.", "1987", "1"],
            [],
            [TWO, "3"],
        )
    )
    table = read_documents(path)
    assert (
        table.rows[0][0] == f"Een hele lange regel die doorloopt tot aan de rand, in 1987.\n\n1987\n\n{TWO}"
    )
    assert "1 bladzijden van een PDF hebben geen tekst" in whats(table)


def test_an_empty_document_is_counted(tmp_path):
    report = wa.load_narratives(write(tmp_path / "m", a__docx=word(), b__txt=ONE, c__md=ONE)).check_report
    assert (report.n_read, report.n_kept) == (3, 1)
    assert report.set_apart == {"lege rij": 1, "letterlijk dubbel": 1}


def test_a_pdf_that_takes_too_long_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("wijkanalyse.loaders.document_text.MAX_SECONDS", 0.001)
    path = tmp_path / "traag.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    with pytest.raises(InputError, match="een PDF die in 120 seconden niet te lezen is"):
        read_documents(path)
