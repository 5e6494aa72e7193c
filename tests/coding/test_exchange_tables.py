"""Codings on paper and in a spreadsheet."""

from __future__ import annotations

import csv
import zipfile

import docx
import pandas as pd
import pytest
from lxml import etree
from openpyxl import load_workbook

import wijkanalyse as wa
from tests.coding.test_exchange import TEXTS, codings, corpus, scheme
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def test_a_codebook_as_a_table(tmp_path):
    header, *rows = rows_of(wa.export_codebook(scheme(), tmp_path / "codes.csv"))
    assert header == "Sleutel,Naam,Onder,Definitie,Gebruiken bij,Niet bij,Voorbeeld,Bron,Termen,Kleur".split(
        ","
    )
    assert rows[0] == [
        "geld",
        "Geld & zo",
        "",
        'Over "geld" <euro>.\nOok schuld.',
        "",
        "",
        "",
        "",
        "geld; eigen risico",
        "#0072B2",
    ]
    assert rows[1] == [
        "geld-huur",
        "Huur",
        "geld",
        "Wonen.",
        "Huis",
        "Werk",
        "Een brief",
        "h. 1",
        "",
        "#555555",
    ]
    sheet = load_workbook(wa.export_codebook(scheme(), tmp_path / "codes.xlsx")).active
    assert [sheet.title, sheet.max_row, sheet["B4"].value] == ["codeboek", 4, "Huur"]
    with pytest.raises(InputError, match=r"\.csv of \.xlsx"):
        wa.export_codebook(scheme(), tmp_path / "codes.docx")


def test_codings_as_a_tidy_table_that_can_be_read_back(tmp_path):
    path = wa.export_codings(codings(), tmp_path / "uit.csv", corpus=corpus())
    back = pd.read_csv(path, sep=";", keep_default_na=False)
    assert list(back) == list(codings())
    expected = codings().astype(object).fillna("")
    assert back.astype(str).to_numpy().tolist() == expected.astype(str).to_numpy().tolist()


def test_codings_as_a_matrix_for_r_and_spss(tmp_path):
    made = make_corpus(TEXTS, perspective=["inwoner"] * 3, status=PrivacyStatus.MASKED)
    path = wa.export_codings(
        codings(), tmp_path / "uit.csv", corpus=made, scheme=scheme(), shape="matrix", audience="werkbank"
    )
    assert rows_of(path) == [
        ["narrative_id", "gecodeerd", "geld", "geld_huur", "zorg", "perspective"],
        ["v000", "1", "1", "1", "1", "inwoner"],
        ["v001", "1", "1", "0", "1", "inwoner"],
        ["v002", "0", "0", "0", "0", "inwoner"],
    ]
    few = pd.DataFrame({"narrative_id": ["v000", "v001"], "coder": "A", "code": ["3D-print", "c 3d print"]})
    sheet = load_workbook(
        wa.export_codings(few, tmp_path / "uit.xlsx", corpus=corpus(), shape="matrix")
    ).active
    assert [cell.value for cell in sheet[1]] == ["narrative_id", "gecodeerd", "c_3d_print", "c_3d_print_2"]
    assert [cell.value for cell in sheet[2]] == ["v000", 1, 1, 0]


def test_no_cell_is_a_formula_and_none_is_cut_off(tmp_path):
    made = make_corpus(["=cmd|x", "lang " * 9000, "raar \x0b teken"])
    few = pd.DataFrame(
        [("v000", "@A", "-x", 0, 4)], columns=["narrative_id", "coder", "code", "start", "end"]
    )
    assert rows_of(wa.export_codings(few, tmp_path / "uit.csv", corpus=made))[1][1:6] == [
        "'@A",
        "'-x",
        "0",
        "4",
        "'=cmd",
    ]
    few = few.assign(narrative_id="v001", end=40000)
    with pytest.raises(InputError, match="te lang voor een cel"):
        wa.export_codings(few, tmp_path / "uit.xlsx", corpus=made)
    few = few.assign(narrative_id="v002", end=7)
    assert (
        load_workbook(wa.export_codings(few, tmp_path / "uit.xlsx", corpus=made)).active["F2"].value
        == "raar \ufffd "
    )


def test_a_page_with_codes_in_the_margin(tmp_path):
    path = wa.export_codings(codings(), tmp_path / "uit.html", corpus=corpus(), scheme=scheme())
    content = path.read_text(encoding="utf-8")
    page = etree.fromstring(content, etree.HTMLParser())
    assert [part.text for part in page.iter("h2")] == ["v000", "v001"]  # the third has no codes
    for mark in page.xpath("//i"):
        mark.text = ""
    told = "\n".join("".join(part.itertext()) for part in page.xpath("//p[@class='text']"))
    assert told == "\n".join(TEXTS[:2])
    notes = [" ".join("".join(part.itertext()).split()) for part in page.xpath("//li")]
    assert notes == [
        "1 Geld & zo Mirjamtwijfel",
        "2 Huur Mirjam",
        "3 Huur 2 Ahmed",
        "4 Huur 2 Mirjamhele verhaal",
        "5 Huur 2 Ahmed",
        "6 Geld & zo Ahmed",
    ]
    # Overlapping codings have lines at different heights, of different kinds.
    lines = {part.get("style").split("; ", 1)[1] for part in page.xpath("//span")}
    assert {
        f"text-decoration-style: {kind}; text-underline-offset: {3 + 5 * n}px"
        for n, kind in enumerate(("solid", "dotted", "dashed"))
    } <= lines
    assert "default-src 'none'" in content
    assert "://" not in content
    assert "Werkversie" not in content


def test_word_with_codes_as_comments(tmp_path):
    made = corpus(status=PrivacyStatus.MASKED)
    with pytest.raises(PrivacyError):
        wa.export_codings(codings(), tmp_path / "uit.docx", corpus=made)
    path = wa.export_codings(
        codings(), tmp_path / "uit.docx", corpus=made, scheme=scheme(), audience="werkbank"
    )
    document = docx.Document(path)
    told = [paragraph.text for paragraph in document.paragraphs]
    assert told[0].startswith("Werkversie")
    assert told[1:] == ["v000", *TEXTS[0].split("\n"), "v001", TEXTS[1]]
    assert [(note.author, note.text) for note in document.comments] == [
        ("Mirjam", "Geld & zo\ntwijfel"), ("Mirjam", "Huur"), ("Ahmed", "Huur 2"), ("Mirjam", "Huur 2\nhele verhaal"),
        ("Ahmed", "Huur 2"), ("Ahmed", "Geld & zo"),
    ]  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml")
    assert (
        body.count(b"commentRangeStart")
        == body.count(b"commentRangeEnd")
        == body.count(b"commentReference")
        == 6
    )
    again = wa.export_codings(
        codings()[::-1], tmp_path / "b.docx", corpus=made, scheme=scheme(), audience="werkbank"
    )
    assert again.read_bytes() == path.read_bytes()
