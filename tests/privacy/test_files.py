from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from openpyxl import Workbook, load_workbook

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.files import clean_metadata, write_file
from wijkanalyse.privacy.gate import Audience

OUTSIDE, WORKBENCH = Audience.OUTSIDE, Audience.WORKBENCH


def corpus(status: PrivacyStatus = PrivacyStatus.REVIEWED):
    return make_corpus(["Een verhaal."], status=status)


@pytest.mark.parametrize(
    ("status", "audience"),
    [(PrivacyStatus.RAW, WORKBENCH), (PrivacyStatus.RAW, OUTSIDE), (PrivacyStatus.MASKED, OUTSIDE)],
)
def test_the_status_is_asked_before_anything_is_written(status, audience, tmp_path):
    with pytest.raises(PrivacyError, match="een bestand bewaren"):
        write_file(tmp_path / "uit.txt", "x", corpus(status), audience=audience)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_and_its_folder_made(tmp_path):
    path = write_file(tmp_path / "map" / "uit.txt", "eerst", corpus(), audience=OUTSIDE)
    write_file(path, b"daarna", corpus(), audience=OUTSIDE)
    assert path.read_text() == "daarna"
    assert [file.name for file in path.parent.iterdir()] == ["uit.txt"]


def test_a_working_file_is_for_its_owner(tmp_path):
    path = write_file(tmp_path / "werk.html", "x", corpus(PrivacyStatus.MASKED), audience=WORKBENCH)
    assert path.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "bestand").write_text("")
    with pytest.raises(InputError, match="Het bestand kan niet worden bewaard"):
        write_file(tmp_path / "bestand" / "uit.txt", "x", corpus(), audience=OUTSIDE)
    (tmp_path / "map.txt").mkdir()
    with pytest.raises(InputError, match="Het bestand kan niet worden bewaard"):
        write_file(tmp_path / "map.txt", "x", corpus(), audience=OUTSIDE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bestand", "map.txt"]


def test_what_goes_outside_is_logged_and_a_working_file_is_not(tmp_path):
    with wa.open_project(":memory:", who="Noor") as project:
        write_file(tmp_path / "w.txt", "x", corpus(), audience=WORKBENCH, project=project)
        write_file(tmp_path / "b.txt", "x", corpus(), audience=OUTSIDE, project=project)
        log = project.log()
    assert list(log["action"]) == ["naar buiten"]
    assert log.at[0, "detail"].startswith("b.txt, 1 verhalen, corpus ")


def test_a_masked_word_in_a_caption_stops_the_file_and_is_not_named(tmp_path):
    raw = make_corpus(
        ["Mijn buurvrouw Fatima belde.", "Zij plukt een roos. Mijn zus Roosmarijn kwam."],
        status=PrivacyStatus.RAW,
    )
    with wa.open_project(":memory:") as project:
        review = wa.privacy.Review(wa.mask(raw, project=project), project)
        for story in review.order:
            review.read(story)
        masked = review.corpus
    assert masked.status is PrivacyStatus.REVIEWED
    with pytest.raises(PrivacyError, match="staat nog een woord van vóór het maskeren") as caught:
        write_file(tmp_path / "uit.svg", "<svg><text>Wat Fatima zei</text></svg>", masked, audience=OUTSIDE)
    assert "Fatima" not in str(caught.value)
    write_file(tmp_path / "uit.svg", "<svg><text>Wat zij zei</text></svg>", masked, audience=OUTSIDE)


def test_a_word_that_a_person_saw_and_left_may_go(tmp_path):
    raw = make_corpus(["Mijn zus Bloem belde.", "Er stond een bloem in de vaas."], status=PrivacyStatus.RAW)
    with wa.open_project(":memory:") as project:
        review = wa.privacy.Review(wa.mask(raw, project=project), project)
        for story in review.order:
            review.read(story)
        masked = review.corpus
    assert "bloem" in masked.frame.at[1, "text"]
    write_file(tmp_path / "uit.txt", "Over een bloem in de vaas.", masked, audience=OUTSIDE)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_png_keeps_its_picture_and_loses_its_texts():
    picture = [
        chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"),
        chunk(b"IDAT", zlib.compress(b"\0\0")),
        chunk(b"IEND", b""),
    ]
    told = [
        chunk(b"tEXt", b"Author\0Noor"),
        chunk(b"eXIf", b"MM"),
        chunk(b"tIME", b"1234567"),
        chunk(b"iTXt", b"pad\0"),
    ]
    start = b"\x89PNG\r\n\x1a\n"
    clean = clean_metadata(start + picture[0] + b"".join(told) + b"".join(picture[1:]), ".png")
    assert clean == start + b"".join(picture)


def test_a_pdf_keeps_its_offsets_and_loses_who_made_it():
    content = b"%PDF-1.4\n1 0 obj <</Title (Kaart) /Author (Noor \\(wijkteam\\)) /Producer <FEFF0041> /CreationDate (D:2026)>>\n<?xpacket begin='a'?>Noor<?xpacket end='w'?>\nxref"
    clean = clean_metadata(content, ".pdf")
    assert len(clean) == len(content)
    assert clean.index(b"xref") == content.index(b"xref")
    assert b"/Title (Kaart)" in clean
    for gone in (b"Noor", b"FEFF", b"D:2026"):
        assert gone not in clean


def test_our_own_provenance_stays_and_that_of_others_goes():
    start = b"\x89PNG\r\n\x1a\n"
    own, other = chunk(b"iTXt", b"wijkanalyse\0\0\0nl\0\0x"), chunk(b"iTXt", b"wijkanalyse2\0\0\0nl\0\0x")
    assert clean_metadata(start + own + other, ".png") == start + own
    told = "wijkanalyse: corpus 1".encode("utf-16-be").hex().upper().encode()
    kept, gone = b"/Subject <FEFF" + told + b">", b"/Subject <FEFF0041>"
    assert clean_metadata(kept + gone, ".pdf") == kept + b"/Subject()".ljust(len(gone))
    for subject, left in (("wijkanalyse: corpus 1", "wijkanalyse: corpus 1"), ("van Noor", None)):
        book, out = Workbook(), io.BytesIO()
        book.properties.subject = subject
        book.save(out)
        assert load_workbook(io.BytesIO(clean_metadata(out.getvalue(), ".xlsx"))).properties.subject == left


def test_markup_loses_metadata_and_nothing_else():
    page = b'<html><head><meta name="author" content="Noor"><meta charset="utf-8"></head><svg><metadata>x</metadata><text>t</text></svg>'
    assert (
        clean_metadata(page, ".html") == b'<html><head><meta charset="utf-8"></head><svg><text>t</text></svg>'
    )


def test_an_office_file_loses_its_author_and_still_opens():
    book = Workbook()
    book.active["A1"] = "waarde"
    book.properties.creator = book.properties.lastModifiedBy = "Noor"
    book.properties.description = "C:/gebruikers/noor"
    out = io.BytesIO()
    book.save(out)
    clean = clean_metadata(out.getvalue(), ".xlsx")
    assert clean == clean_metadata(clean, ".xlsx")
    with zipfile.ZipFile(io.BytesIO(clean)) as container:
        assert {entry.date_time for entry in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(
            b"oor" in container.read(name) for name in container.namelist() if name.startswith("docProps")
        )
    again = load_workbook(io.BytesIO(clean))
    assert again.active["A1"].value == "waarde"
    assert not again.properties.creator


def test_a_kind_of_file_that_we_do_not_know_is_refused(tmp_path):
    with pytest.raises(InputError, match="Dit soort bestand kunnen we niet veilig bewaren"):
        write_file(tmp_path / "uit.gif", b"GIF", corpus(), audience=OUTSIDE)
    with pytest.raises(InputError, match="zonder achtervoegsel"):
        write_file(tmp_path / "uit", b"x", corpus(), audience=WORKBENCH)


@pytest.mark.parametrize("audience", [OUTSIDE, "buiten"])
def test_the_last_look_also_when_the_audience_is_a_word(tmp_path, audience):
    masked = wa.mask(make_corpus(["Mijn buurvrouw Fatima belde."], status=PrivacyStatus.RAW))
    reviewed = masked.with_changes(step="nagekeken", status=PrivacyStatus.REVIEWED)
    with pytest.raises(PrivacyError, match="van vóór het maskeren"):
        write_file(tmp_path / "uit.txt", "Fatima", reviewed, audience=audience)
    path = write_file(tmp_path / "ok.txt", "niemand", reviewed, audience=audience)
    assert path.stat().st_mode & 0o777 == 0o644
