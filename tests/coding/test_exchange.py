"""What we write of codings: valid by the standard, the same when read back, and nothing that may not leave."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding import Code, Scheme
from wijkanalyse.corpus import ColumnSpec, PrivacyStatus, Role
from wijkanalyse.errors import InputError, PrivacyError

XSD = Path(__file__).parent / "refi"
CHECKER = os.environ.get("WIJKANALYSE_BUITEN", "")
FAMILY = "👩‍👧"
DECOMPOSED = "cafe\u0301 nai\u0308ef"
COLUMNS = ["narrative_id", "coder", "code", "start", "end", "quote", "memo", "date"]


def scheme(**changes):
    codes = (
        Code(code="geld", name="Geld & zo", definition='Over "geld" <euro>.\nOok schuld.', colour="#0072B2", terms=("geld", "eigen risico")),
        Code(code="geld-huur", name="Huur", definition="Wonen.", parent="geld", use_when="Huis", not_when="Werk", example="Een brief", source="h. 1"),
        Code(code="zorg", name="Huur", definition="Een code met dezelfde naam."),
    )  # fmt: skip
    return Scheme(
        **{"name": "proef", "title": "Proef", "version": "2", "source": "eigen", "codes": codes} | changes
    )


TEXTS = [
    f"Ik had geen geld {FAMILY} voor de huur.\nToen kwam er een brief.",
    f"In het {DECOMPOSED} kreeg ik hulp 🙂.",
    "Niets gecodeerd hier.",
]


def codings():
    spans = [(0, "Mirjam", "geld", 7, 16, "twijfel", "2026-11-22T10:00:00Z"), (0, "Mirjam", "geld-huur", 7, 16, "", ""),
             (0, "Ahmed", "zorg", 12, 24, "", "2026-11-21"), (1, "Ahmed", "zorg", 7, 12, "", ""),
             (1, "Ahmed", "geld", 34, 35, "", ""), (1, "Mirjam", "zorg", None, None, "hele verhaal", "")]  # fmt: skip
    rows = [
        (f"v{n:03d}", coder, code, start, end, TEXTS[n][start:end] if end else "", memo, date)
        for n, coder, code, start, end, memo, date in spans
    ]
    order = ["narrative_id", "start", "end", "code", "coder"]
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})
    return frame.sort_values(order, na_position="first", ignore_index=True)


def memos():
    rows = [("", "Mirjam", "", None, None, "", "over alles", ""), ("", "Ahmed", "zorg", None, None, "", "over de code", "2026-11-20"),
            ("v000", "", "", 0, 6, "Ik had", "een plek", ""), ("v002", "Ahmed", "", None, None, "", "een verhaal", "")]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).astype({"start": "Int64", "end": "Int64"})


def corpus(**options):
    return make_corpus(TEXTS, **options)


def project_of(path):
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.qde"))


def assert_valid(root, kind="Project"):
    schema = etree.XMLSchema(file=str(XSD / f"{kind}.xsd"))
    assert schema.validate(root), schema.error_log.last_error


def same(one, other):
    columns = list(one)
    pd.testing.assert_frame_equal(one[columns], other[columns], check_dtype=False)


def test_a_project_is_valid_and_comes_back_as_it_was(tmp_path):
    path = wa.export_qdpx(corpus(), codings(), tmp_path / "uit.qdpx", scheme=scheme(), memos=memos())
    assert_valid(project_of(path))
    back = wa.import_qdpx(path)
    same(codings(), back.codings)
    same(memos(), back.memos)
    assert back.scheme == scheme()
    assert list(back.corpus.frame["text"]) == TEXTS
    assert list(back.corpus.frame["narrative_id"]) == ["v000", "v001", "v002"]
    assert back.corpus.status is PrivacyStatus.RAW
    assert back.loss.empty
    assert "Alles is meegekomen." in repr(back)
    assert back.counting == "zoals de standaard het voordoet; 5 van de 5 citaten kloppen"
    assert wa.import_qdpx(path, masked_by="Mirjam").corpus.status is PrivacyStatus.REVIEWED


def test_the_same_work_gives_the_same_bytes(tmp_path):
    shuffled = codings().sample(frac=1, random_state=1)
    one = wa.export_qdpx(corpus(), codings(), tmp_path / "a.qdpx", scheme=scheme(), memos=memos())
    other = wa.export_qdpx(corpus(), shuffled, tmp_path / "b.qdpx", scheme=scheme(), memos=memos()[::-1])
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
        assert names[0] == "project.qde"
        assert all(name.startswith("sources/") and name == name.lower() for name in names[1:])
        assert b"\r" not in archive.read(names[1])


def test_empty_containers_are_left_out(tmp_path):
    path = wa.export_qdpx(corpus(), codings()[:0], tmp_path / "uit.qdpx", scheme=scheme())
    root = project_of(path)
    assert_valid(root)
    assert {"Users", "Notes"}.isdisjoint(etree.QName(part).localname for part in root)
    assert wa.import_qdpx(path).codings.empty


def test_line_ends_and_marks_of_windows_leave_and_places_move(tmp_path):
    text = "\ufeffEerste regel\r\nTweede 🙂 regel\rDerde"
    made = make_corpus([text])
    spans = [(0, 7), (8, 13), (13, 15), (15, 24), (14, 15), (28, 31)]
    rows = pd.DataFrame([("v000", "A", "geld", a, b) for a, b in spans], columns=COLUMNS[:5])
    back = wa.import_qdpx(wa.export_qdpx(made, rows, tmp_path / "uit.qdpx", scheme=scheme()))
    plain = "Eerste regel\nTweede 🙂 regel\nDerde"
    assert back.corpus.frame["text"][0] == plain
    # The BOM and half a line break have no place of their own; both ends of a break give the break.
    assert sorted(back.codings["quote"]) == sorted(["Eerste", "regel", "\n", "Tweede 🙂 ", "\n", "l\nD"])
    assert all(plain[row.start : row.end] == row.quote for row in back.codings.itertuples())


def attributes():
    n = 24
    made = make_corpus(
        [f"Verhaal {i} over de brief." for i in range(n)],
        perspective=["inwoner"] * 20 + ["arts"] * 4, supported=[0.1] * 23 + [None], leeftijd=["30–39", None] * 12,
    )  # fmt: skip
    columns = [
        dataclasses.replace(spec, unit="0–1", ends=("laag", "hoog"), group="vraag")
        if spec.name == "supported"
        else spec
        for spec in made.columns
    ]
    secret = ColumnSpec(name="mail", label="E-mail", role=Role.DIRECT_IDENTIFIER)
    return dataclasses.replace(
        made, frame=made.frame.assign(mail="a@b.nl", title="Een titel"), columns=(*columns, secret)
    )


def test_on_the_workbench_cases_carry_all_attributes_and_never_who_told_it(tmp_path):
    made = dataclasses.replace(attributes(), status=PrivacyStatus.MASKED)
    rows = codings()[:0]
    with pytest.raises(PrivacyError, match="nagekeken"):
        wa.export_qdpx(made, rows, tmp_path / "uit.qdpx", scheme=scheme())
    path = wa.export_qdpx(made, rows, tmp_path / "uit.qdpx", scheme=scheme(), audience="werkbank")
    root = project_of(path)
    assert_valid(root)
    content = etree.tostring(root, encoding="unicode")
    assert "a@b.nl" not in content
    assert "tv000" not in content
    assert "Weggelaten: teller_id, E-mail." in content
    back = wa.import_qdpx(path)
    names = ["title", "perspective", "supported", "leeftijd"]
    same(made.frame[names], back.corpus.frame[names])
    assert [back.corpus.spec(name) for name in names] == [made.spec(name) for name in names]
    assert back.loss.empty


def test_outside_only_a_perspective_that_enough_tellers_share(tmp_path):
    made = attributes()
    root = project_of(wa.export_qdpx(made, codings()[:0], tmp_path / "uit.qdpx", scheme=scheme()))
    assert_valid(root)
    values = root.xpath("//*[local-name()='Case']//*[local-name()='TextValue']/text()")
    assert set(values) == {"inwoner", "Een titel"}
    assert not root.xpath("//*[local-name()='FloatValue']")
    # With their codes beside them, fewer than ten tellers share anything.
    few = pd.DataFrame({"narrative_id": ["v000", "v001"], "coder": "A", "code": "geld"})
    root = project_of(wa.export_qdpx(made, few, tmp_path / "uit.qdpx", scheme=scheme()))
    texts = root.xpath("//*[local-name()='Case'][@name='v000']//*[local-name()='TextValue']/text()")
    assert texts == ["Een titel"]


def test_memos_with_names_stay_inside(tmp_path):
    rows = codings().assign(memo="Dit gaat over mevrouw Jansen, 06-12345678.")
    with pytest.raises(PrivacyError, match="In 1 memo’s") as error:
        wa.export_qdpx(corpus(), rows, tmp_path / "uit.qdpx", scheme=scheme())
    assert "Jansen" not in str(error.value)
    assert not list(tmp_path.iterdir())
    wa.export_qdpx(corpus(), rows, tmp_path / "uit.qdpx", scheme=scheme(), audience="werkbank")
    named = codings().assign(memo="Vergelijk mevrouw Arendt.")
    with pytest.raises(PrivacyError):
        wa.export_codings(named, tmp_path / "uit.csv", corpus=corpus())
    wa.export_codings(named, tmp_path / "uit.csv", corpus=corpus(), keep=["Arendt"])


def test_all_memos_of_a_project_come_back(tmp_path):
    here = {"corpus": corpus(), "narrative_id": "v000", "start": 7, "end": 16}
    with wa.open_project(":memory:", who="Mirjam") as project:
        wa.keep_scheme(project, scheme())
        wa.add_coding(project, corpus(), "v000", "geld", 7, 16)
        wa.write_memo(project, "bij de codering", **here, code="geld")
        wa.write_memo(project, "bij de plek", **here)
        wa.write_memo(project, "zonder codering", **here, code="zorg")
        held, told = wa.codings(project), wa.memos(project)
    plain = held.drop(columns="memo")  # the memo comes in from the other frame
    ways = [
        wa.export_qdpx(corpus(), frame, tmp_path / f"{n}.qdpx", scheme=scheme(), memos=told)
        for n, frame in enumerate((held, plain))
    ]
    assert ways[0].read_bytes() == ways[1].read_bytes()
    back = wa.import_qdpx(ways[0])
    assert back.codings[["code", "quote", "memo"]].to_numpy().tolist() == [
        ["geld", "geen geld", "bij de codering"]
    ]
    assert sorted(back.memos["memo"]) == ["Huur: zonder codering", "bij de plek"]
    assert set(back.memos["code"]) == {""}


def test_everything_that_does_not_fit_is_said_at_once_and_without_words(tmp_path):
    rows = codings()
    rows.loc[0, "narrative_id"] = "v999"
    rows.loc[1, "code"] = "onbekend"
    rows.loc[2, "end"] = 4000
    rows.loc[5, "quote"] = "iets anders"
    rows.loc[4, "date"] = "gisteren"
    notes = memos().assign(code="geld", narrative_id="v000", memo=["a", "b", "c", ""])
    with pytest.raises(InputError) as error:
        wa.export_qdpx(corpus(), rows, tmp_path / "uit.qdpx", scheme=scheme(), memos=notes)
    assert sorted(problem.what for problem in error.value.problems) == [
        "1 × een citaat dat niet op zijn plaats staat in de gemaskeerde tekst.",
        "1 × een code die niet in het schema staat.",
        "1 × een datum die niet te lezen is.",
        "1 × een memo zonder tekst.",
        "1 × een plaats buiten het verhaal.",
        "1 × een verhaal dat niet in het corpus zit.",
    ]  # fmt: skip
    assert "geld" not in str(error.value)
    for places in ((3, None), (None, 3), (5, 5), (1.5, 3), ("a", "b"), (-1, 3)):
        one = pd.DataFrame([("v000", "A", "geld", *places)], columns=COLUMNS[:5])
        with pytest.raises(InputError, match="een plaats buiten het verhaal"):
            wa.export_codings(one, tmp_path / "uit.csv", corpus=corpus())
    with pytest.raises(InputError, match="1 × een code die niet in het schema staat"):
        wa.export_codings(codings()[:1].assign(code=None), tmp_path / "uit.csv", corpus=corpus())
    with pytest.raises(InputError, match="Kolommen ontbreken: ‘coder’"):
        wa.export_qdpx(corpus(), rows.drop(columns="coder"), tmp_path / "uit.qdpx", scheme=scheme())
    with pytest.raises(InputError, match=r"een naam op \.qdpx"):
        wa.export_qdpx(corpus(), codings(), tmp_path / "uit.zip", scheme=scheme())
    with pytest.raises(InputError, match="Voor wie"):
        wa.export_qdpx(corpus(), codings(), tmp_path / "uit.qdpx", scheme=scheme(), audience="iedereen")
    assert not list(tmp_path.iterdir())


def test_a_codebook_is_valid_and_comes_back(tmp_path):
    path = wa.export_qdc(scheme(), tmp_path / "codes.qdc")
    root = etree.parse(path).getroot()
    assert_valid(root, "Codebook")
    assert root.xpath("//@name") == ["Geld & zo", "Huur", "Huur 2"]
    assert wa.import_qdc(path) == scheme()
    own = wa.load_scheme("opgaven")
    assert wa.import_qdc(wa.export_qdc(own, path)) == own


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\r")
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff;"), max_size=12
)
STORIES = st.lists(
    st.text(LETTERS | st.sampled_from("🙂👩‍👧e\u0301\n "), min_size=1, max_size=40), min_size=1, max_size=4
)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(STORIES, st.data())
def test_whatever_is_written_is_valid_and_read_back(tmp_path_factory, texts, data):
    texts = [f"x{text}" for text in texts]
    made, rows = make_corpus(texts), []
    for number in data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=8)):
        places = st.lists(st.integers(0, len(texts[number])), min_size=2, max_size=2, unique=True)
        start, end = sorted(data.draw(places))
        coder, memo = (
            data.draw(st.sampled_from(["A", "B&<>'\""])),
            data.draw(WORDS.filter(lambda w: not w.startswith("Gemaakt"))),
        )
        rows.append(
            (
                f"v{number:03d}",
                coder,
                data.draw(st.sampled_from(["geld", "geld-huur", "zorg"])),
                start,
                end,
                texts[number][start:end],
                memo,
                "",
            )
        )
    name, definition = data.draw(WORDS), data.draw(WORDS)
    named = scheme(
        title=name, codes=(*scheme().codes, Code(code="x", name=name or "x", definition=definition))
    )
    frame = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(ignore_index=True)
    path = tmp_path_factory.mktemp("qda") / "uit.qdpx"
    wa.export_qdpx(made, frame, path, scheme=named, audience="werkbank")
    assert_valid(project_of(path))
    back = wa.import_qdpx(path)
    assert list(back.corpus.frame["text"]) == texts
    assert back.scheme == named
    assert sorted(map(tuple, back.codings.itertuples(index=False))) == sorted(frame.itertuples(index=False))
    assert back.loss.empty


@pytest.mark.slow
def test_five_thousand_stories(tmp_path):
    texts = [f"Verhaal {n} {'🙂' * (n % 3)} over een brief van de gemeente. " * 10 for n in range(5000)]
    rows = [(f"v{n:03d}", "A", "geld", 8, 12 + n % 40) for n in range(5000)]
    frame = pd.DataFrame(rows, columns=COLUMNS[:5])
    path = wa.export_qdpx(make_corpus(texts), frame, tmp_path / "uit.qdpx", scheme=scheme())
    back = wa.import_qdpx(path)
    assert sorted(back.corpus.frame["text"]) == sorted(texts)
    same(frame.sort_values("narrative_id", ignore_index=True), back.codings)
    assert back.counting.endswith("5000 van de 5000 citaten kloppen")


OUTSIDE = """
import json, sys
from pathlib import Path
from pyrefiqda.refiproject import RefiProject
from potato.importers.text.qdpx_importer import QDPXImporter
project = RefiProject.load(sys.argv[1], sys.argv[2])
texts = {s.name: Path(RefiProject.resolve_source_path(s.plain_text_path, sys.argv[2])).read_text("utf-8") for s in project.sources.text_source}
ours = [(s.name, p.name, texts[s.name][p.start_position:p.end_position]) for s in project.sources.text_source for p in s.plain_text_selection]
read = QDPXImporter().parse_path(Path(sys.argv[1]), {"qdpx_end_position": "exclusive"})
spans = [(d.instance_id, s.label, s.annotator, s.text) for d in read.documents for s in d.spans]
print(json.dumps([ours, spans, len(read.warnings), sorted(label["name"] for label in read.labels)]))
"""


@pytest.mark.outside
@pytest.mark.skipif(
    not CHECKER, reason="geen Python met pyrefiqda en potato-annotation in WIJKANALYSE_BUITEN"
)
def test_other_programs_read_what_we_write(tmp_path):
    path = wa.export_qdpx(corpus(), codings(), tmp_path / "uit.qdpx", scheme=scheme(), memos=memos())
    done = subprocess.run(
        [CHECKER, "-c", OUTSIDE, path, tmp_path / "los"], capture_output=True, text=True, check=True
    )
    ours, spans, warnings, labels = json.loads(done.stdout.splitlines()[-1])
    assert ours
    assert all(name == text for _, name, text in ours)
    placed = codings().dropna(subset="start")
    names = {"geld": "Geld & zo", "geld-huur": "Huur", "zorg": "Huur 2"}
    expected = [[row.narrative_id, names[row.code], row.coder, row.quote] for row in placed.itertuples()]
    assert sorted(spans) == sorted(expected)
    assert warnings == 1  # the place with a memo and no code
    assert labels == sorted(names.values())


def test_what_came_in_can_be_compared_and_quoted(tmp_path):
    back = wa.import_qdpx(wa.export_qdpx(corpus(), codings(), tmp_path / "uit.qdpx", scheme=scheme()))
    assert len(wa.compare_coders(back.codings).coefficients)
    quotes = wa.retrieve(wa.import_qdpx(tmp_path / "uit.qdpx", masked_by="Mirjam").corpus, back.codings)
    assert len(quotes) == len(codings())
