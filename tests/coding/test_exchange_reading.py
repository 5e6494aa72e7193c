"""Files of other programs: their own ways, what is lost, and files that mean harm."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse.coding.scheme import Scheme
from wijkanalyse.errors import InputError

GUIDS = {
    name: f"{number:08x}-0000-4000-8000-000000000000"
    for number, name in enumerate(
        ("anna", "ben", "geld", "huur", "een", "twee", "memo", "leeftijd", "klaar"), start=1
    )
}
TEXT = "Ik heb 🙂 geen geld.\r\nDe huur is hoog."


def xml(
    text=None,
    *,
    selections="",
    sources="",
    rest="",
    users="",
    codes="",
    before="",
    space="urn:QDA-XML:project:1.0",
):
    inside = "" if text is None else f"<PlainTextContent>{text}</PlainTextContent>"
    return f"""<?xml version="1.0" encoding="utf-8"?>{before}
<Project xmlns="{space}" name="Van elders" origin="ATLAS.ti 23">
<Users><User guid="{GUIDS["anna"]}" name="Anna"/><User guid="{{{GUIDS["ben"].upper()}}}" id="BB"/>{users}</Users>
<CodeBook><Codes><Code guid="{GUIDS["geld"]}" name="Geld" isCodable="false" color="#ABC"><Description>Over geld.</Description>
<Code guid="{GUIDS["huur"]}" name="Huur" isCodable="true"/></Code>{codes}</Codes></CodeBook>
{rest if rest.startswith("<Variables") else ""}
<Sources><TextSource guid="{GUIDS["een"]}" name="Gesprek Jolanda" plainTextPath="internal://{GUIDS["een"]}.TXT">{inside}{selections}</TextSource>
{sources}</Sources>{"" if rest.startswith("<Variables") else rest}</Project>"""


def selection(start, end, name, code="huur", number=100, user="anna"):
    return (
        f'<PlainTextSelection guid="{number:08x}-0000-4000-8000-000000000000" name="{name}" startPosition="{start}" '
        f'endPosition="{end}" creatingUser="{GUIDS[user].upper()}" creationDateTime="2026-11-22T12:00:00+01:00"><Coding '
        f'guid="{number:08x}-1111-4000-8000-000000000000"><CodeRef targetGUID="{GUIDS[code]}"/></Coding></PlainTextSelection>'
    )


def packed(path, content, files=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Project.QDE", content)
        for name, data in ({f"Sources/{GUIDS['een']}.txt": TEXT} if files is None else files).items():
            archive.writestr(name, data)
    return path


def lost(project):
    return {(row.element, row.reason): row.n for row in project.loss.itertuples()}


HOUSE = 21  # where “De huur” starts in TEXT, counted by code points with CRLF as two


@pytest.mark.parametrize(
    ("shift", "end", "bom", "says"),
    [
        (0, 0, "", "zoals de standaard het voordoet"),
        (0, -1, "", "het laatste teken hoort erbij"),
        (1, 0, "", "emoji’s tellen dubbel"),
        (1, -1, "", "het laatste teken hoort erbij, emoji’s tellen dubbel"),
        (-1, 0, "", "een regeleinde van Windows telt één keer"),
        (0, 0, "\ufeff", "zoals de standaard het voordoet"),
        (1, 0, "\ufeff", None),
    ],
)
def test_every_way_of_counting_is_recognised(tmp_path, shift, end, bom, says):
    start = HOUSE + shift
    early = 1 if bom and says is None else 0
    marks = selection(start, start + 7 + end, "De huur") + selection(
        3 + early, 6 + early + end, "heb", number=101
    )
    path = packed(
        tmp_path / "a.qdpx", xml(selections=marks), {f"sources/{GUIDS['een']}.txt": (bom + TEXT).encode()}
    )
    project = wa.import_qdpx(path)
    assert sorted(project.codings["quote"]) == ["De huur", "heb"]
    assert project.counting == f"{says or 'een BOM telt mee'}; 2 van de 2 citaten kloppen"
    assert project.corpus.frame["text"][0] == TEXT.replace("\r\n", "\n")


def test_what_another_program_wrote_comes_along_and_the_rest_is_named(tmp_path):
    sources = (
        f'<TextSource guid="{GUIDS["twee"]}" name="V12" plainTextPath="internal://weg.txt"/>'
        f'<TextSource guid="{GUIDS["klaar"]}" name="V13" richTextPath="internal://x.docx"><Description>Over V13</Description>'
        f"<PlainTextContent>Het loket.</PlainTextContent>{selection(4, 90, 'loket', number=7000)}{selection('x', 9, '', number=7001)}"
        f'<Coding guid="00007002-0000-4000-8000-000000000000"><CodeRef targetGUID="{GUIDS["anna"]}"/></Coding>'
        f'<NoteRef targetGUID="{GUIDS["memo"]}"/><VariableValue><VariableRef targetGUID="{GUIDS["leeftijd"]}"/>'
        "<IntegerValue>veel</IntegerValue></VariableValue></TextSource>"
        '<TextSource guid="00007003-0000-4000-8000-000000000000" name="leeg"><PlainTextContent> </PlainTextContent></TextSource>'
        '<TextSource guid="00007005-0000-4000-8000-000000000000" name="ver" plainTextPath="relative://../geheim.txt"/>'
        '<PDFSource guid="00007004-0000-4000-8000-000000000000" name="pdf" path="internal://x.pdf"/>'
    )
    rest = (
        f'<Notes><Note guid="{GUIDS["memo"]}" name="Idee" creatingUser="{GUIDS["ben"]}"><PlainTextContent>kijk nog eens</PlainTextContent></Note>'
        '<Note guid="00007006-0000-4000-8000-000000000000" name="Memo"><PlainTextContent>los</PlainTextContent></Note></Notes>'
        '<Links><Link guid="00007007-0000-4000-8000-000000000000"/></Links>'
        '<Sets><Set guid="00007008-0000-4000-8000-000000000000" name="s"/></Sets><Description>Het project</Description>'
    )
    path = packed(
        tmp_path / "a.qdpx", xml(selections=selection(3, 6, "heb", user="ben"), sources=sources, rest=rest)
    )
    project = wa.import_qdpx(path)
    frame = project.corpus.frame
    assert list(frame["title"]) == ["", "Gesprek Jolanda"]
    assert frame["narrative_id"][0] == "V13"
    assert "Jolanda" not in frame["narrative_id"][1]
    assert project.codings[["coder", "code", "quote", "date"]].to_numpy().tolist() == [
        ["BB", "huur", "heb", "2026-11-22T11:00:00Z"]
    ]
    assert [(code.code, code.parent, code.colour) for code in project.scheme] == [
        ("geld", None, "#AABBCC"), ("huur", "geld", "#555555"),
    ]  # fmt: skip
    assert sorted(zip(project.memos["narrative_id"], project.memos["coder"], project.memos["memo"], strict=True)) == [
        ("", "", "Het project"), ("", "", "los"), ("V13", "", "Over V13"), ("V13", "BB", "Idee\nkijk nog eens"),
    ]  # fmt: skip
    assert lost(project) == {
        ("Code", "een groep; hier een gewone code"): 1,
        ("Coding", "de plaats is geen getal"): 1,
        ("Coding", "de plaats valt buiten de tekst"): 1,
        ("Coding", "verwijst naar een code die er niet is"): 1,
        ("Link", "hiervoor is hier geen plaats"): 1,
        ("PDFSource", "hiervoor is hier geen plaats"): 1,
        ("PlainTextSelection", "de plaats is geen getal"): 1,
        ("PlainTextSelection", "de plaats valt buiten de tekst"): 1,
        ("Set", "hiervoor is hier geen plaats"): 1,
        ("TextSource", "de opmaak komt niet mee, de tekst wel"): 1,
        ("TextSource", "de tekst staat buiten dit bestand"): 1,
        ("TextSource", "de tekst zit niet in dit bestand"): 1,
        ("TextSource", "er staat geen tekst in"): 1,
        ("VariableValue", "hoort bij geen kenmerk, of past er niet bij"): 1,
    }
    assert "1 × Set: hiervoor is hier geen plaats" in repr(project)
    assert "Jolanda" not in repr(project)


NAMED = (
    f'<Code guid="{GUIDS["twee"]}" name="Jan de Vries" isCodable="true"><Description>Alles over mijn buurvrouw Fatima.\n'
    "Sleutel: jan-de-vries</Description></Code>"
    f'<Code guid="{GUIDS["klaar"]}" name="Mevrouw Jansen" isCodable="true"/>'
    f'<Code guid="{GUIDS["memo"]}" name="18 jaar of ouder" isCodable="true"/>'
    f'<Code guid="{GUIDS["leeftijd"]}" name="Petra" isCodable="true"/>'
)


def test_a_code_that_names_somebody_is_masked_with_its_key_and_that_is_said(tmp_path):
    marks = selection(HOUSE, HOUSE + 7, "De huur", code="twee")
    project = wa.import_qdpx(packed(tmp_path / "a.qdpx", xml(selections=marks, codes=NAMED)))
    codes = {code.code: (code.name, code.definition) for code in project.scheme}
    assert list(codes)[2:] == ["persoon", "mevrouw", "18-jaar-of-ouder", "persoon-2"]
    assert codes["persoon"] == ("[persoon]", "Alles over mijn [buurvrouw].")
    assert codes["mevrouw"] == ("[mevrouw]", "")
    assert list(project.codings["code"]) == ["persoon"]
    assert (
        lost(project)[
            "Code",
            "lijkt iemand te noemen en is gemaskeerd; is het geen naam, geef het woord dan mee in keep=",
        ]
        == 3
    )
    assert project.scheme.source == "ATLAS.ti 23; 3 × een code die iemand leek te noemen, gemaskeerd"
    for name in ("Vries", "Fatima", "Jansen", "Petra"):
        assert name.lower() not in f"{project!r}{project.scheme}".lower()
    kept = wa.import_qdpx(tmp_path / "a.qdpx", keep=["Jan de Vries", "fatima", "Jansen", "Petra"])
    assert {code.name for code in kept.scheme} >= {"Jan de Vries", "Mevrouw Jansen", "Petra"}
    assert "jan-de-vries" in {code.code for code in kept.scheme}


def test_a_codebook_that_names_somebody_is_masked_unless_we_made_it(tmp_path):
    path = tmp_path / "a.qdc"
    path.write_text(
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo"><Codes><Code guid="00000001-0000-4000-8000-000000000000" '
        'name="Jan de Vries" isCodable="true"/></Codes></CodeBook>',
        encoding="utf-8",
    )
    (code,) = wa.import_qdc(path)
    assert (code.code, code.name) == ("persoon", "[persoon]")
    own = Scheme(
        name="eigen", title="Eigen", version="1", source="zelf", codes=(replace(code, name="Jan de Vries"),)
    )
    assert wa.import_qdc(wa.export_qdc(own, tmp_path / "b.qdc")) == own


def test_cases_give_attributes_and_stories_of_one_case_one_teller(tmp_path):
    source = f'<TextSource guid="{GUIDS["twee"]}" name="V12"><PlainTextContent>Nog een.</PlainTextContent></TextSource>'
    value = f'<VariableValue><VariableRef targetGUID="{GUIDS["leeftijd"]}"/><IntegerValue>%s</IntegerValue></VariableValue>'
    refs = "".join(f'<SourceRef targetGUID="{GUIDS[name]}"/>' for name in ("een", "twee"))
    rest = (
        f'<Variables><Variable guid="{GUIDS["leeftijd"]}" name="Leeftijd (jaar)" typeOfVariable="Integer"><Description>toen</Description>'
        "</Variable></Variables><Cases>"
        f'<Case guid="00008000-0000-4000-8000-000000000000" name="Anna de V."><Description>praat snel</Description>{value % 41}{refs}</Case>'
        f'<Case guid="00008001-0000-4000-8000-000000000000">{value % 42}<SourceRef targetGUID="{GUIDS["twee"]}"/></Case>'
        '<Case guid="00008002-0000-4000-8000-000000000000"/></Cases>'
    )
    project = wa.import_qdpx(packed(tmp_path / "a.qdpx", xml(sources=source, rest=rest)))
    assert project.corpus.n_tellers == 1
    assert project.corpus.frame["leeftijd_jaar"].tolist() == [41, 41]
    assert project.corpus.spec("leeftijd_jaar").label == "Leeftijd (jaar)"
    assert project.memos["memo"].tolist() == ["praat snel", "praat snel"]
    assert lost(project) == {
        ("Case", "hiervoor is hier geen plaats"): 1,
        ("Code", "een groep; hier een gewone code"): 1,
        ("Description", "hiervoor is hier geen plaats"): 1,
        ("VariableValue", "een tweede, andere waarde voor hetzelfde verhaal"): 1,
    }


def test_text_of_windows_is_read_with_a_word_about_it(tmp_path):
    path = packed(tmp_path / "a.qdpx", xml(), {f"sources/{GUIDS['een']}.txt": "Café één".encode("cp1252")})
    project = wa.import_qdpx(path)
    assert project.corpus.frame["text"][0] == "Café één"
    assert lost(project) == {
        ("Code", "een groep; hier een gewone code"): 1,
        ("TextSource", "geen UTF-8; gelezen als Windows-1252"): 1,
    }
    wide = packed(tmp_path / "b.qdpx", xml(), {f"sources/{GUIDS['een']}.txt": "Café 🙂".encode("utf-16")})
    assert wa.import_qdpx(wide).corpus.frame["text"][0] == "Café 🙂"


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (xml("&d;", before=BOMB), "documenttype"),
        (xml("&x;", before=FILE), "documenttype"),
        (xml("x", before='<!DOCTYPE a SYSTEM "http://voorbeeld.test/a.dtd">'), "documenttype"),
        ("<Project", "niet te lezen"),
        ("", "niet te lezen"),
        ("<Iets/>", "iets anders"),
        (f"<Project>{'<a>' * 400}{'</a>' * 400}</Project>", "niet te lezen"),
        (xml("geen"), ""),
    ],
)
def test_xml_that_means_harm_or_is_broken(tmp_path, content, says):
    path = packed(tmp_path / "a.qdpx", content)
    if says:
        with pytest.raises(InputError, match=says):
            wa.import_qdpx(path)
    else:
        assert wa.import_qdpx(path).corpus.frame["text"][0] == "geen"


def test_namespaces_differ_between_programs(tmp_path):
    for space in ("urn:QDA-XML:project:0:4", "urn:QDA-XML:project:1:0"):
        assert len(wa.import_qdpx(packed(tmp_path / "a.qdpx", xml("tekst", space=space))).scheme) == 2


def test_a_file_that_is_no_project(tmp_path):
    good = packed(tmp_path / "a.qdpx", xml()).read_bytes()
    for name, content in {
        "kort": good[:-40],
        "geen": b"geen zip",
        "leeg": b"",
        "stuk": good[:60] + b"\0\0\0\0" + good[64:],
    }.items():
        path = tmp_path / f"{name}.qdpx"
        path.write_bytes(content)
        with pytest.raises(InputError, match="geen heel project"):
            wa.import_qdpx(path)
    with pytest.raises(InputError, match="bestaat niet"):
        wa.import_qdpx(tmp_path / "weg.qdpx")
    with pytest.raises(InputError, match="bestaat niet"):
        wa.import_qdc(tmp_path / "weg.qdc")


def test_all_that_is_wrong_with_a_package_is_said_at_once(tmp_path):
    path = tmp_path / "a.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../buiten.txt", "x")
        archive.writestr("sources/A.txt", "x")
        archive.writestr("sources/a.TXT", "y")
    with pytest.raises(InputError) as error:
        wa.import_qdpx(path)
    assert [problem.what for problem in error.value.problems] == [
        "1 delen hebben een pad dat buiten het project wijst.", "1 delen hebben dezelfde naam.", "1 delen ontbreken: het project zelf.",
    ]  # fmt: skip


def test_paths_never_leave_the_package(tmp_path):
    (tmp_path / "geheim.txt").write_text("geheim")
    for reference in (
        "internal://../geheim.txt",
        "internal:///etc/hostname",
        "relative://geheim.txt",
        f"absolute://{tmp_path}/geheim.txt",
        "C:\\x.txt",
    ):
        source = f'<TextSource guid="{GUIDS["twee"]}" name="V2" plainTextPath="{reference}"/>'
        project = wa.import_qdpx(packed(tmp_path / "a.qdpx", xml(sources=source)))
        assert len(project.corpus) == 1
        assert project.loss["element"].tolist().count("TextSource") == 1


def test_a_zip_bomb_is_refused_before_it_goes_off(tmp_path, monkeypatch):
    from wijkanalyse.foreign import package

    monkeypatch.setattr(package, "MAX_XML", 5_000)
    monkeypatch.setattr(package, "MAX_TEXTS", 20_000)
    path = packed(tmp_path / "a.qdpx", xml("x" * 10_000))
    with pytest.raises(InputError, match="te groot om veilig te lezen"):
        wa.import_qdpx(path)
    path = packed(tmp_path / "a.qdpx", xml(), {f"sources/{GUIDS['een']}.txt": "x" * 30_000})
    with pytest.raises(InputError, match="samen te groot"):
        wa.import_qdpx(path)
    (tmp_path / "a.qdc").write_text("<CodeBook>" + " " * 6_000 + "</CodeBook>")
    with pytest.raises(InputError, match="te groot"):
        wa.import_qdc(tmp_path / "a.qdc")


def test_one_identity_for_two_things_is_refused(tmp_path):
    double = f'<Code guid="{GUIDS["huur"].upper()}" name="Anders" isCodable="true"/>'
    user = f'<User guid="{GUIDS["anna"]}" name="Nog een"/>'
    with pytest.raises(InputError) as error:
        wa.import_qdpx(packed(tmp_path / "a.qdpx", xml(codes=double, users=user)))
    assert [problem.what for problem in error.value.problems] == [
        "1 × meer dan één User met dezelfde guid.", "1 × meer dan één Code met dezelfde guid.",
    ]  # fmt: skip
    (tmp_path / "a.qdc").write_text(f"<CodeBook><Codes>{double}{double}</Codes></CodeBook>")
    with pytest.raises(InputError, match="meer dan één Code"):
        wa.import_qdc(tmp_path / "a.qdc")


def test_a_project_without_texts_is_refused(tmp_path):
    with pytest.raises(InputError, match="geen tekst"):
        wa.import_qdpx(packed(tmp_path / "a.qdpx", xml(), {}))


def test_a_codebook_of_another_program(tmp_path):
    path = tmp_path / "Codes van Anna.qdc"
    path.write_text(
        f'\ufeff<CodeBook xmlns="urn:QDA-XML:codebook:0:4" origin="NVivo"><Codes><Code guid="{GUIDS["geld"]}" name="Géld?"/>'
        f'<Code guid="{GUIDS["huur"]}" name="geld"/></Codes><Sets><Set guid="{GUIDS["een"]}" name="s"/></Sets></CodeBook>'
    )
    scheme = wa.import_qdc(path)
    assert [(code.code, code.name) for code in scheme] == [("geld", "Géld?"), ("geld-2", "geld")]
    assert (scheme.name, scheme.title, scheme.source) == ("codes-van-anna", "Codes van Anna", "NVivo")


def test_our_own_file_changed_by_somebody_else_is_still_read(tmp_path):
    content = xml("tekst", rest=f'<Variables><Variable guid="{GUIDS["leeftijd"]}" name="Text" typeOfVariable="Text">'
                  "<Description>{}</Description></Variable></Variables>").replace("ATLAS.ti 23", "wijkanalyse {&quot;name&quot;: &quot;x&quot;}")  # fmt: skip
    project = wa.import_qdpx(packed(tmp_path / "a.qdpx", content))
    assert list(project.corpus.frame.columns)[-1] == "text_2"
    assert project.scheme.name == "x"
    assert project.corpus.frame["narrative_id"].tolist() == ["Gesprek Jolanda"]
    for origin in ("wijkanalyse {", "wijkanalyse []", "wijkanalyse 3"):
        project = wa.import_qdpx(
            packed(
                tmp_path / "a.qdpx", content.replace("wijkanalyse {&quot;name&quot;: &quot;x&quot;}", origin)
            )
        )
        assert project.scheme.name == "van-elders"
    assert isinstance(project.loss, pd.DataFrame)
