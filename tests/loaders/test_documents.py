from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import document_text, documents
from wijkanalyse.loaders.document_stories import front_matter, only_the_teller, split_lines, turns
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


# Where a story begins.


def test_headings_and_lines_split_a_document(tmp_path):
    heads = tmp_path / "a.md"
    heads.write_text(f"vooraf\n# Een\n{ONE}\n## klein\nmeer\n# Twee\n{TWO}\n", encoding="utf-8")
    table = read_documents(heads)
    assert told(table) == {"Een": f"{ONE}\nklein\nmeer", "Twee": TWO}
    assert table.set_apart == {"tekst boven de eerste kop": 1}
    assert "gesplitst op koppen" in whats(table)
    rules = tmp_path / "b.txt"
    rules.write_text(f"{ONE}\n\n* * *\n{TWO}\n-----\n{THREE}\n---\n", encoding="utf-8")
    assert texts(read_documents(rules)) == sorted([ONE, TWO, THREE])
    assert "gesplitst op een lijn" in whats(read_documents(rules))
    assert len(read_documents(rules, "niet").rows) == 1
    numbered = tmp_path / "c.txt"
    numbered.write_text(f"Verhaal 1\n{ONE}\nVerhaal 2: geld\n{TWO}", encoding="utf-8")
    assert told(read_documents(numbered)) == {"Verhaal 1": ONE, "Verhaal 2: geld": TWO}


def test_the_headings_of_a_form_do_not_split(tmp_path):
    form = f"# Wat gebeurde er?\n{ONE}\n# Wat deed dat met u?\n{TWO}"
    folder = write(tmp_path / "m", a__md=form, b__md=form.replace("loket", "huis"))
    assert len(read_documents(folder).rows) == 2
    assert len(wa.load_narratives(folder, split="niet")) == 2


def test_short_parts_do_not_split_unless_asked_for(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# A\nkort\n# B\nook kort", encoding="utf-8")
    assert len(read_documents(path).rows) == 1
    assert told(read_documents(path, "koppen")) == {"A": "kort", "B": "ook kort"}


def test_a_way_to_split_that_is_none(tmp_path):
    with pytest.raises(InputError, match="Zo kan een document niet gesplitst worden"):
        wa.load_narratives(write(tmp_path / "m", a__txt=ONE), split="zin")


WORDS = st.text("abcdé? .:", min_size=0, max_size=30)
LINES = st.lists(
    st.one_of(
        WORDS.map(lambda text: (0, text)),
        WORDS.map(lambda text: (1, text)),
        st.sampled_from([(0, "---"), (0, "* * *"), (2, "Kop"), (0, "Verhaal 3"), (0, ONE)]),
    ),
    max_size=12,
)


@settings(derandomize=True, deadline=None)
@given(LINES, st.sampled_from([None, "koppen", "lijn", "niet"]))
def test_splitting_loses_nothing(lines, how):
    kind, above, parts = split_lines(lines, how)
    again = [word for _, text in above for word in text.split()]
    for heading, part in parts:
        again += [word for text in (heading, *(text for _, text in part)) for word in text.split()]
    drawn = kind == "lijn"
    whole = [
        word
        for _, text in lines
        if not (drawn and document_text.RULE.fullmatch(text))
        for word in text.split()
    ]
    assert again == whole


SPEECH = st.lists(
    st.tuples(st.sampled_from(["I: ", "R: ", "R2: ", "Jan: ", "[00:01:02] I: ", "Kortom: ", ""]), WORDS),
    max_size=15,
)


@settings(derandomize=True, deadline=None)
@given(SPEECH)
def test_turns_lose_nothing(spoken):
    lines = [(0, f"{who}{said}") for who, said in spoken]
    found = turns(lines)
    if not found:
        assert only_the_teller(lines, Counter()) == "\n".join(text for _, text in lines).strip()
        return
    whole = " ".join(text for _, text in lines).split()
    again = [word for who, said in found for word in said.split()]
    missing = Counter(whole) - Counter(again)
    assert not Counter(again) - Counter(whole)
    assert all(word.endswith(":") or re.fullmatch(r"\[.*\]", word) for word in missing)


# Conversations.


def conversation(*spoken: str) -> tuple[str, Counter[str]]:
    happened: Counter[str] = Counter()
    return only_the_teller([(0, line) for line in spoken], happened), +happened


@pytest.mark.parametrize(
    ("asks", "tells"),
    [
        ("I", "R"),
        ("Interviewer", "Respondent"),
        ("i1", "Geïnterviewde"),
        ("**I", "**R"),
        ("[00:12] I", "0:01:02 R"),
    ],
)
def test_only_the_turns_of_the_teller(asks, tells):
    story, happened = conversation("Opname 3", f"{asks}: Hoe gaat het?", f"{tells}: {ONE}", "En verder.", f"{asks}: Ja?", f"{tells}: {TWO}")  # fmt: skip
    assert story == f"{ONE}\nEn verder.\n{TWO}"
    assert happened == {"gesprek": 1, "vragen": 2, "aanhef": 1}


def test_names_for_the_turns():
    asked = [f"{NAME}: Hoe ging dat?", f"Bo: {ONE}", f"{NAME}: En toen?", f"Bo: {TWO}"]
    assert conversation(*asked) == (f"{ONE}\n{TWO}", {"gesprek": 1, "geraden": 1, "vragen": 2})
    unclear = [line.replace("?", ".") for line in asked]
    assert conversation(*unclear) == ("\n".join(unclear), {"onduidelijk": 1})


def test_several_tellers_and_one_who_asks():
    story, happened = conversation("I: Hoe was het?", f"R1: {ONE}", f"R2: {TWO}")
    assert story == f"{ONE}\n{TWO}"
    assert happened["meer"] == 1


def test_a_colon_makes_no_conversation():
    for lines in (
        ["Kortom: dat was het.", ONE],
        ["http://a: b", "http://a: c"],
        ["I: Hoe?", "I: Wat?", "I: Wie?", "I: En?"],
    ):
        assert conversation(*lines) == ("\n".join(lines), {})


def test_no_name_or_word_in_report_or_error(tmp_path):
    spoken = f"{NAME}: Hoe ging dat?\nBo: {ONE}\n{NAME}: En toen?\nBo: {TWO}"
    folder = write(tmp_path / "m", **{f"{NAME}__txt": spoken, f"{NAME}2__docx": b"stuk", "b__txt": THREE})
    corpus = wa.load_narratives(folder)
    shown = f"{corpus!r}{corpus.check_report}{corpus.provenance}{list(corpus.frame['narrative_id'])}"
    assert NAME not in shown
    assert MARKER not in shown
    assert "Bo" not in re.findall(r"\w+", shown)
    assert corpus.check_report.n_read == 3 == len(corpus) + 1
    (folder / f"{NAME}.txt").unlink()
    (folder / "b.txt").unlink()
    with pytest.raises(InputError) as caught:
        wa.load_narratives(folder)
    assert NAME not in f"{caught.value}{caught.value.__cause__!r}{caught.value.__context__!r}"


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
