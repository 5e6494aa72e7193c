"""Stories and attributes out of a project for coding, on the ids and places that its codings have."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import wijkanalyse as wa
from tests.loaders.files.maak_verteltools import NAMES
from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.qda import read_qdpx

FILES = Path(__file__).parent / "files"
MARKER = "kwetsbaarmerkwoord"
HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="P">'


def project(tmp_path, inside: str, head: str = HEAD) -> Path:
    path = tmp_path / "proef.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", f"{head}{inside}</Project>")
    return path


def source(key: str, text: str, name: str = "", more: str = "") -> str:
    return f'<TextSource guid="{key}" name="{name}"><PlainTextContent>{text}</PlainTextContent>{more}</TextSource>'


def test_a_project_of_another_program_gives_the_same_twelve_stories():
    corpus = wa.load_narratives(FILES / "twaalf.qdpx")
    expected = wa.load_narratives(FILES / "twaalf.csv").frame
    assert corpus.frame[NAMES].equals(expected[NAMES])
    assert "12 coderingen blijven in het bestand" in str(corpus.check_report)


def test_its_codings_fit_the_stories():
    corpus, back = wa.load_narratives(FILES / "twaalf.qdpx"), wa.import_qdpx(FILES / "twaalf.qdpx")
    texts = corpus.frame.set_index("narrative_id")["text"]
    assert len(back.codings) == 12
    for row in back.codings.itertuples():
        assert texts[row.narrative_id][row.start : row.end] == row.quote


def test_places_hold_where_a_text_begins_with_space_and_a_mark(tmp_path):
    text = f"\ufeff\r\n  Er kwam niemand, {MARKER}.\r\n"
    quote = "niemand"
    at = text.replace("\r\n", "\n").lstrip("\ufeff").index(quote)
    place = f'<PlainTextSelection guid="p" name="{quote}" startPosition="{at}" endPosition="{at + len(quote)}"><Coding guid="c"><CodeRef targetGUID="k"/></Coding></PlainTextSelection>'
    book = '<CodeBook><Codes><Code guid="k" name="Hulp" isCodable="true"/></Codes></CodeBook>'
    escaped = text.replace("\r", "&#13;")
    path = project(tmp_path, f"{book}<Sources>{source('s', escaped, 'Gesprek Jolanda', place)}</Sources>")
    corpus, back = wa.load_narratives(path), wa.import_qdpx(path)
    row = back.codings.iloc[0]
    story = corpus.frame.iloc[0]
    assert story["narrative_id"] == row["narrative_id"]
    assert story["text"][row["start"] : row["end"]] == quote
    assert story["title"] == "Gesprek Jolanda"
    assert corpus.frame["text"].equals(back.corpus.frame["text"])


def test_our_own_project_keeps_what_columns_are(tmp_path):
    sample = wa.load_sample()
    sample = sample.select(sample.frame["narrative_id"][:20], step="twintig")
    scheme = wa.load_scheme("opgaven")
    import pandas as pd

    codings = pd.DataFrame(columns=["narrative_id", "coder", "code"])
    path = wa.export_qdpx(sample, codings, tmp_path / "eigen.qdpx", scheme=scheme, audience="werkbank")
    back = wa.load_narratives(path)
    for name in (
        "narrative_id",
        "text",
        "title",
        "perspective",
        "month",
        "about_income",
        "dyad_help",
        "seen_1_to_5",
    ):
        assert back.frame[name].fillna("").tolist() == sample.frame[name].fillna("").tolist(), name
        ours, theirs = back.spec(name), sample.spec(name)
        assert (ours.role, ours.label, ours.group, ours.ends) == (
            theirs.role,
            theirs.label,
            theirs.group,
            theirs.ends,
        )


def test_attributes_of_others_are_looked_at_as_any_column(tmp_path):
    def value(of: str, kind: str, text: str) -> str:
        return f'<VariableValue><VariableRef targetGUID="{of}"/><{kind}Value>{text}</{kind}Value></VariableValue>'

    variables = (
        '<Variables><Variable guid="a" name="Ik ben" typeOfVariable="Text"/><Variable guid="b" name="Rapportcijfer" typeOfVariable="Integer"/>'
        '<Variable guid="c" name="E-mail" typeOfVariable="Text"/><Variable guid="d" name="Verhaal" typeOfVariable="Boolean"/></Variables>'
    )
    given = (
        value("a", "Text", "inwoner")
        + value("b", "Integer", "7")
        + value("c", "Text", "a@b.nl")
        + value("d", "Boolean", "true")
    )
    cases = '<Cases><Case guid="w" name="Jolanda"><SourceRef targetGUID="s"/><SourceRef targetGUID="t"/></Case></Cases>'
    sources = (
        source("s", "Er kwam niemand.", "1", given)
        + source("t", "En toen weer niet.", "2")
        + source("u", " ", "3")
    )
    sources += '<PictureSource guid="v" name="foto"/>'
    corpus = wa.load_narratives(project(tmp_path, f"{variables}{cases}<Sources>{sources}</Sources>"))
    frame = corpus.frame.set_index("narrative_id")
    assert frame["teller_id"].nunique() == 1  # of one case
    assert corpus.spec("perspective").role is Role.PERSPECTIVE
    assert frame["rapportcijfer"]["1"] == 7
    assert "E-mail" in corpus.check_report.dropped_columns
    assert corpus.check_report.set_apart == {"bron zonder tekst": 1, "beeld, geluid of PDF": 1}
    assert corpus.check_report.n_read == 4
    assert "Jolanda" not in str(corpus.check_report)
    assert "1 × TextSource: er staat geen tekst in" in str(corpus.check_report)


def test_whole_numbers_and_yes_or_no_of_our_own(tmp_path):
    about = '{"name": "%s", "label": "%s", "role": "signification", "dtype": "%s"}'
    origin = 'wijkanalyse {"name": "s", "title": "S", "version": "1", "source": ""}'.replace('"', "&quot;")
    variables = "".join(
        f'<Variable guid="{name}" name="{name}" typeOfVariable="{kind}"><Description>{about % (name, name, dtype)}</Description></Variable>'
        for name, kind, dtype in (("cijfer", "Integer", "int"), ("geld", "Boolean", "bool"))
    )
    texts = "".join(
        source(
            key,
            f"Er kwam niemand op dag {key}.",
            key,
            f'<VariableValue><VariableRef targetGUID="cijfer"/><IntegerValue>{key}</IntegerValue></VariableValue><VariableValue><VariableRef targetGUID="geld"/><BooleanValue>{flag}</BooleanValue></VariableValue>',
        )
        for key, flag in (("4", "true"), ("5", "false"))
    )
    head = HEAD.replace(">", f' origin="{origin}">')
    corpus = wa.load_narratives(
        project(tmp_path, f"<Variables>{variables}</Variables><Sources>{texts}</Sources>", head)
    )
    assert corpus.frame["cijfer"].tolist() == [4.0, 5.0]
    assert corpus.frame["geld"].tolist() == [True, False]
    assert corpus.spec("geld").dtype == "bool"


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"geen zip", "geen heel project"), ((FILES / "twaalf.qdpx").read_bytes()[:9000], "geen heel project")],
)
def test_a_broken_project(tmp_path, content, what):
    path = tmp_path / "stuk.qdpx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=what):
        wa.load_narratives(path)


def test_a_project_without_texts(tmp_path):
    with pytest.raises(InputError, match="In dit project staat geen tekst"):
        read_qdpx(project(tmp_path, '<Sources><PictureSource guid="v"/></Sources>'))


def test_a_document_type_is_refused(tmp_path):
    path = project(tmp_path, "<Sources/>", f'<!DOCTYPE a [<!ENTITY x "y">]>{HEAD}')
    with pytest.raises(InputError, match="DTD"):
        wa.load_narratives(path)
