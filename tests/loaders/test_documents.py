from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

import wijkanalyse as wa
from wijkanalyse.loaders import document_text, documents
from wijkanalyse.loaders.document_stories import front_matter
from wijkanalyse.loaders.documents import read_documents

FILES = Path(__file__).parent / "files"
MARKER = "kwetsbaarmerkwoord"
NAME = "Annelies"
ONE = f"Ik ging naar het loket en {MARKER} was er niet."
TWO = f"Niemand belde mij terug over {MARKER} en het geld."
THREE = f"De buurvrouw hielp met {MARKER} en de brief van school."


def told(table) -> dict[str, str]:
    """Return title → story."""
    title, text = table.header.index("Titel"), table.header.index("Verhaal")
    return {row[title]: row[text] for row in table.rows}


def texts(table) -> list[str]:
    return sorted(table.column(table.header.index("Verhaal")))


def whats(table) -> str:
    return "\n".join(guess.what for guess in table.guesses)


def write(path: Path, **files: str | bytes) -> Path:
    """Make a folder of files, or a zip when the name says so; in names of files `__` is a point."""
    named = {
        name.replace("__", "."): text.encode() if isinstance(text, str) else text
        for name, text in files.items()
    }
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in named.items():
                archive.writestr(name, content)
        return path
    path.mkdir()
    for name, content in named.items():
        (path / name).write_bytes(content)
    return path


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """Return a container with something else in one part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(entry, content, zipfile.ZIP_STORED if entry.filename == "mimetype" else None)
    return out.getvalue()


# The same twelve stories.


@pytest.mark.parametrize("name", ["twaalf-docx.zip", "twaalf-md.zip", "twaalf.odt", "twaalf.pdf"])
def test_the_same_twelve_stories_whatever_program_wrote_them(name):
    read = wa.load_narratives(FILES / name)
    expected = wa.load_narratives(FILES / "twaalf.jsonl").frame
    assert (read.check_report.n_read, len(read)) == (12, 12)
    for column in ("narrative_id", "teller_id", "perspective", "month"):
        assert list(read.frame[column]) == list(expected[column])
    titles = zip(read.frame["title"], expected["title"], strict=True)
    assert all(title == wanted or not wanted for title, wanted in titles)
    if name.endswith(".pdf"):  # a page does not tell where a paragraph ends: only the words
        assert [text.split() for text in read.frame["text"]] == [text.split() for text in expected["text"]]
        assert sum(read.frame["text"] == expected["text"]) >= 8
    else:
        assert list(read.frame["text"]) == list(expected["text"])


def test_a_folder_is_as_its_zip(tmp_path):
    with zipfile.ZipFile(FILES / "twaalf-docx.zip") as archive:
        files = {name.replace(".", "__"): archive.read(name) for name in archive.namelist()}
    folder = wa.load_narratives(write(tmp_path / "map", **files))
    assert folder.frame.equals(wa.load_narratives(FILES / "twaalf-docx.zip").frame)
    assert folder.provenance.source == "map"


# What is read of a document.


def test_of_word_the_body_alone(tmp_path):
    document = docx.Document()
    document.add_heading("Een kop", 1)
    document.sections[0].header.paragraphs[0].text = "bovenaan"
    document.sections[0].footer.paragraphs[0].text = "onderaan"
    paragraph = document.add_paragraph("Eerst\tdit")
    paragraph.add_run().add_break()
    paragraph.add_run("en dat")
    paragraph.add_run(" verborgen").font.hidden = True
    paragraph.add_run(" zichtbaar").font.hidden = False
    for tag, inner in (("w:del", "delText"), ("w:ins", "t"), ("w:moveFrom", "t")):
        change = OxmlElement(tag)
        change.append(
            parse_xml(f"<w:r {nsdecls('w')}><w:{inner} xml:space='preserve'> {tag[2:]}</w:{inner}></w:r>")
        )
        paragraph._p.append(change)
    note = OxmlElement("w:footnoteReference")
    note.set(qn("w:id"), "1")
    paragraph.add_run()._r.append(note)
    document.add_table(1, 2).rows[0].cells[1].text = "in een cel"
    document.add_comment(paragraph.runs, text="opmerking", author="iemand")
    path = tmp_path / "a.docx"
    path.write_bytes(saved(document))
    table = read_documents(path)
    assert told(table) == {"Een kop": "Eerst\tdit\nen dat zichtbaar ins\n\nin een cel"}
    assert "1 voetnoten of eindnoten zijn niet meegenomen" in whats(table)


def test_of_odt_the_body_alone(tmp_path):
    data = changed((FILES / "twaalf.odt").read_bytes(), "content.xml", "</office:text>", (
        '<text:tracked-changes><text:p>gewist</text:p></text:tracked-changes>'
        '<text:h text:outline-level="1">Slot</text:h>'
        '<text:p>een<text:s text:c="2"/>twee<text:tab/>drie<text:line-break/>vier<text:note><text:p>noot</text:p></text:note>'
        ' vijf<office:annotation><text:p>kanttekening</text:p></office:annotation>'
        '<text:hidden-text>weg</text:hidden-text> zes\n  zeven</text:p></office:text>'
    ))  # fmt: skip
    path = tmp_path / "a.odt"
    path.write_bytes(data)
    assert told(read_documents(path))["Slot"] == "een  twee\tdrie\nvier vijf zes zeven"


def test_numbers_in_odt_that_are_none_or_without_end(tmp_path):
    path = tmp_path / "a.odt"
    inner = f'<text:h text:outline-level="x">{ONE}<text:s text:c="9999"/>einde<text:s text:c="y"/>.</text:h>'
    path.write_bytes(
        changed(
            (FILES / "twaalf.odt").read_bytes(), "content.xml", "</office:text>", f"{inner}</office:text>"
        )
    )
    ends = [text.endswith(f"{ONE}{' ' * 20}einde .") for text in texts(read_documents(path))]
    assert ends.count(True) == 1


def test_the_title_of_a_document_is_no_story(tmp_path):
    document = docx.Document()
    document.add_heading("Verhalen uit de wijk", 0)
    for title, text in (("Loket", ONE), ("Geld", TWO)):
        document.add_heading(title, 1)
        document.add_paragraph(text)
    path = tmp_path / "a.docx"
    path.write_bytes(saved(document))
    table = read_documents(path)
    assert told(table) == {"Loket": ONE, "Geld": TWO}
    assert table.set_apart == {"tekst boven de eerste kop": 1}


def test_markdown_and_text_of_windows(tmp_path):
    folder = write(tmp_path / "m", a__md=f"# Kop\r\n\r\n{ONE}\r\nnog", b__txt="Eén café.".encode("cp1252"))
    assert told(read_documents(folder)) == {"Kop": f"{ONE}\nnog", "": "Eén café."}


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        ("nr;Verhaal\n1;een verhaal\n2;nog een\n", True),
        ("nr,Verhaal\n1,een verhaal\n2,nog een\n", True),
        ("sep=|\nnr|Verhaal\n1|een verhaal\n", True),
        ("Verhaal\neen verhaal\nnog een\n", True),
        ("Ik ging naar huis, en toen.\nDaar was niemand, zei hij.\n", False),
        ("Gisteren, na het eten, kwam ze langs.", False),
        ("Een regel.\n\nNog een regel.\n", False),
    ],
)
def test_text_that_looks_like_a_table_is_one(tmp_path, text, is_table):
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert (read_documents(path).story is None) == is_table


# Attributes.


def test_a_block_at_the_top_gives_attributes(tmp_path):
    path = tmp_path / "a.md"
    block = (
        "---\nTitel: Geld\nleeftijd: 0612\nIk ben: [inwoner, vrijwilliger]\ndiep: {a: b}\nverhaal: x\n---\n"
    )
    path.write_text(block + ONE, encoding="utf-8")
    table = read_documents(path)
    row = dict(zip(table.header, table.rows[0], strict=True))
    assert row == {
        "Verhaal": ONE, "Titel": "Geld", "leeftijd": "0612", "Ik ben": "inwoner; vrijwilliger", "diep": "", "Verhaal (2)": "x",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("block", "reported"),
    [
        ("---\na: b: c\n---", True),
        ("---\n" + "[" * 5000 + "\n---", True),
        ("---\ngewoon een zin\n---", False),
        ("---\na: b", False),
        ("---\na: " + "x" * 30_000 + "\n---", False),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---", None),
    ],
)
def test_a_block_that_is_none_stays_in_the_story(block, reported):
    happened: Counter[str] = Counter()
    lines = [(0, line) for line in [*block.split("\n"), ONE]]
    attributes, rest = front_matter(lines, happened)
    if reported is None:  # what refers to itself can grow without end: left out
        assert attributes == {"a": "x; x", "b": ""}
    else:
        assert (attributes, rest) == ({}, lines)
        assert happened["voorblok"] == reported


def beside(*rows: tuple[str, ...], sheet: bool = False) -> bytes:
    if sheet:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        return saved(book)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("sheet", [False, True])
@pytest.mark.parametrize("target", ["bron", "bron.zip"])
def test_a_table_beside_the_documents_gives_attributes(tmp_path, sheet, target):
    rows = [("Bestand", "Ik ben", "Maand"), (f"{NAME}.txt", "inwoner", "2025-01"), ("B", "raadslid", "2025-02"),
            ("weg.txt", "inwoner", "2025-03"), ("b.md", "dubbel", "2025-04")]  # fmt: skip
    files = {f"{NAME}__txt": ONE, "b__md": f"---\nIk ben: professional\n---\n{TWO}", "c__txt": THREE}
    kind = "k__xlsx" if sheet else "k__csv"
    table = read_documents(write(tmp_path / target, **files, **{kind: beside(*rows, sheet=sheet)}))
    found = {row[0]: row[2:] for row in table.rows}
    assert table.header == ("Verhaal", "Titel", "Ik ben", "Maand")
    assert found == {ONE: ("inwoner", "2025-01"), TWO: ("professional", "2025-02"), THREE: ("", "")}
    said = whats(table)
    assert "2 documenten kregen kenmerken uit een tabel ernaast" in said
    assert "1 documenten staan niet of niet eenduidig in de tabel ernaast" in said
    assert "2 rijen van de tabel ernaast horen niet bij één document" in said
    assert NAME not in repr(table.guesses) + repr(table.set_apart) + repr(table.header)


def test_a_table_that_does_not_fit_or_cannot_be_read_is_set_apart(tmp_path):
    folder = write(tmp_path / "m", a__txt=ONE, b__csv="x;y\n1;2\n", c__xlsx=b"PK\x03\x04 stuk")
    table = read_documents(folder)
    assert table.set_apart == {documents.UNUSED[0]: 1, document_text.BROKEN[0]: 1}
    assert "bestand 2, geteld op volgorde van naam" in whats(table)


def test_two_documents_of_one_name(tmp_path):
    folder = write(tmp_path / "m", k__csv="Bestand;Ik ben\nx/a.txt;inwoner\ny/a.txt;raadslid\n")
    for sub, text in (("x", ONE), ("y", TWO)):
        (folder / sub).mkdir()
        (folder / sub / "a.txt").write_text(text, encoding="utf-8")
    table = read_documents(folder)
    assert {row[0]: row[2] for row in table.rows} == {ONE: "inwoner", TWO: "raadslid"}
