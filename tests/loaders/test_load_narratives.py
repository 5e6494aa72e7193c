from __future__ import annotations

import csv
import io
import re

import openpyxl
import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse import loaders
from wijkanalyse.corpus import PrivacyStatus, Role
from wijkanalyse.errors import InputError, WijkError
from wijkanalyse.loaders import CheckReport, load_narratives, load_sample

MARKER = "kwetsbaarmerkwoord"
ONE = f"Ik ging naar het loket en {MARKER} was er niet."
TWO = f"Niemand belde mij terug over {MARKER} en het geld."
THREE = f"De buurvrouw hielp met {MARKER} en de brief van school."


def write(tmp_path, rows, name: str = "proef.csv", *, encoding: str = "utf-8"):
    path = tmp_path / name
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def load(tmp_path, rows, **options):
    return load_narratives(write(tmp_path, rows), **options)


def stories(*texts: str) -> list[list[str]]:
    return [["Verhaal", "kleur"], *([text, "rood"] for text in texts)]


def whats(corpus) -> list[str]:
    return [guess.what for guess in corpus.check_report.guesses]


def test_a_file_as_people_have_it(tmp_path):
    rows = [
        [
            "Verhaalnummer",
            "Respondentnummer",
            "Tijdstempel",
            "Verhaal",
            "Titel",
            "Ik ben",
            "Cijfer",
            "E-mail",
        ],
        ["V2", "R-1", "3-11-2025 14:22", TWO, "Geld", "inwoner", "0,5", "a@b.nl"],
        ["V1", "R-2", "2025-10-01", ONE, "", "inwoner", "", "c@d.nl"],
    ]
    corpus = load(tmp_path, rows)
    expected = pd.DataFrame(
        {
            "narrative_id": ["V1", "V2"], "teller_id": ["R-2", "R-1"], "title": ["", "Geld"], "text": [ONE, TWO],
            "month": ["2025-10", "2025-11"], "perspective": ["inwoner"] * 2, "cijfer": [float("nan"), 0.5],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(corpus.frame, expected)
    assert corpus.status is PrivacyStatus.RAW
    assert corpus.provenance.source == "proef.csv"
    assert [step.split(": ")[1] for step in corpus.provenance.steps] == ["2 verhalen geladen uit proef.csv"]
    assert set(corpus.check_report.dropped_columns) == {"E-mail"}
    assert [spec.name for spec in corpus.columns] == list(corpus.frame.columns)


def test_windows_1252_from_a_dutch_excel(tmp_path):
    path = write(tmp_path, stories(f"Eén café op de hoek kostte € 3 en dat was {MARKER}."), encoding="cp1252")
    corpus = load_narratives(path)
    assert corpus.frame["text"][0].startswith("Eén café op de hoek kostte € 3")
    assert "scheidingsteken ‘;’, tekenset Windows-1252" in whats(corpus)


def test_line_breaks_in_a_story_become_one_kind(tmp_path):
    corpus = load(tmp_path, stories(f"{ONE}\r\n\r\nToen\rniets.\n"))
    assert corpus.frame["text"][0] == f"{ONE}\n\nToen\nniets."


def test_what_is_no_story_is_set_apart_and_counted(tmp_path):
    fillers = ["n.v.t.", "Geen", "geen idee!", "-", "???", "weet ik niet", "NVT"]
    corpus = load(tmp_path, stories(ONE, "", *fillers, TWO, f"  {ONE.upper()}\n"))
    report = corpus.check_report
    assert (report.n_read, report.n_kept) == (11, 2)
    assert report.set_apart == {
        "lege rij": 1,
        "vulantwoord zoals ‘geen’ of ‘n.v.t.’": 7,
        "letterlijk dubbel": 1,
    }


def test_a_story_that_begins_with_a_filler_stays(tmp_path):
    assert len(load(tmp_path, stories("Geen mens kwam ooit nog terug bij ons.", ONE))) == 2


def test_nothing_left(tmp_path):
    with pytest.raises(InputError, match="Er blijft geen enkel verhaal over") as caught:
        load(tmp_path, [["Verhaal", "x"], ["geen", "1"], ["nvt", "2"], ["", "3"]], text="Verhaal")
    assert "Apart gezet: 1 × lege rij, 2 × vulantwoord" in str(caught.value)


def test_a_header_without_rows(tmp_path):
    with pytest.raises(InputError, match="Er blijft geen enkel verhaal over") as caught:
        load(tmp_path, [["Verhaal", "x"]], text="Verhaal")
    assert "Apart gezet: niets." in str(caught.value)


def test_direct_identifiers_are_kept_on_request(tmp_path):
    rows = [["Naam", "Verhaal"], ["Anna", ONE], ["Bo", TWO]]
    dropped = load(tmp_path, rows)
    assert "naam" not in dropped.frame
    assert "Naam" in dropped.check_report.dropped_columns
    kept = load(tmp_path, rows, keep_direct_identifiers=True)
    assert sorted(kept.frame["naam"]) == ["Anna", "Bo"]
    assert kept.spec("naam").role is Role.DIRECT_IDENTIFIER


def test_cells_that_are_no_date_are_counted(tmp_path):
    rows = [["Datum", "Verhaal"], ["3-11-2025", ONE], ["vorige week", TWO], ["", THREE]]
    corpus = load(tmp_path, rows)
    assert corpus.frame.set_index("text")["month"].fillna("").to_dict() == {
        ONE: "2025-11",
        TWO: "",
        THREE: "",
    }
    assert "1 van 2 cellen in kolom ‘Datum’ zijn niet als datum te lezen en blijven leeg" in whats(corpus)


def test_cells_that_are_no_number_are_counted(tmp_path):
    mapping = tmp_path / "kolommen.yaml"
    mapping.write_text(
        "kolommen:\n  - {kolom: Verhaal, rol: text}\n  - {kolom: Cijfer, rol: signification, soort: float}\n",
        encoding="utf-8",
    )
    rows = [["Cijfer", "Verhaal"], ["0,5", ONE], ["veel", TWO], ["", THREE]]
    corpus = load(tmp_path, rows, mapping=mapping)
    assert corpus.frame["cijfer"].dtype == float
    assert corpus.frame.set_index("text")["cijfer"].fillna(-1).to_dict() == {ONE: 0.5, TWO: -1, THREE: -1}
    assert "1 van 2 cellen in kolom ‘Cijfer’ zijn niet als getal te lezen en blijven leeg" in whats(corpus)


def test_masked_by_is_recorded(tmp_path):
    corpus = load(tmp_path, stories(ONE), masked_by=" Noor ")
    assert corpus.status is PrivacyStatus.REVIEWED
    assert corpus.provenance.steps[-1].endswith("elders gemaskeerd en nagekeken, volgens opgave door Noor")


def test_masked_by_nobody(tmp_path):
    with pytest.raises(InputError, match="Er staat niet wie de verhalen maskeerde en nakeek"):
        load(tmp_path, stories(ONE), masked_by=" ")


def test_a_mapping_and_a_text_column_together(tmp_path):
    with pytest.raises(InputError, match="De kolom met verhalen is twee keer aangewezen"):
        load(tmp_path, stories(ONE), text="Verhaal", mapping="kolommen.yaml")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("verhalen.png", "Bestanden met de extensie ‘.png’ kunnen nog niet gelezen worden."),
        ("verhalen", "Dit bestand heeft geen extensie."),
    ],
)
def test_a_wrong_extension(tmp_path, name, what):
    path = tmp_path / name
    path.write_text(ONE, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        load_narratives(path)
    assert "een van ‘.csv’, ‘.tsv’, ‘.txt’, ‘.jsonl’" in str(caught.value)


@pytest.mark.parametrize("name", ["weg.csv", "weg.xlsx", "weg.docx", "weg"])
def test_a_missing_file(tmp_path, name):
    with pytest.raises(InputError, match=re.escape("Dit bestand bestaat niet.")) as caught:
        load_narratives(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, MARKER)

    monkeypatch.setitem(loaders.READERS, ".csv", refuse)
    monkeypatch.setattr(loaders, "read_csv", refuse)
    with pytest.raises(InputError, match="Dit bestand mag niet gelezen worden") as caught:
        load(tmp_path, stories(ONE))
    assert "Sluit het in Excel" in str(caught.value)


def test_an_extension_in_capitals_and_a_tab_file(tmp_path):
    path = tmp_path / "EXPORT.TSV"
    path.write_text(f"nr\tVerhaal\n1\t{ONE}\n", encoding="utf-16")
    assert load_narratives(path).frame["text"][0] == ONE


def test_a_sheet_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Uit"
    book.active.append(["lees", "mij"])
    for name, texts in (("A", (ONE, TWO)), ("B", (THREE,))):
        worksheet = book.create_sheet(name)
        for row in stories(*texts):
            worksheet.append(row)
    path = tmp_path / "boek.xlsx"
    book.save(path)
    assert len(load_narratives(path)) == 2
    assert load_narratives(path, sheet="B").frame["text"][0] == THREE


def test_the_same_rows_in_csv_and_xlsx_are_the_same_corpus(tmp_path):
    rows = [
        ["id", "Verhaal", "Cijfer", "Kleur"], ["1", ONE, "0.5", "rood"], ["2", TWO, "", "rood"], ["3", THREE, "2", ""],
    ]  # fmt: skip
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if re.fullmatch(r"[\d.]+", cell) else cell or None for cell in row])
    book.save(tmp_path / "proef.xlsx")
    from_book, from_csv = load_narratives(tmp_path / "proef.xlsx"), load(tmp_path, rows)
    pd.testing.assert_frame_equal(from_book.frame, from_csv.frame)
    assert from_book.provenance.corpus_hash == from_csv.provenance.corpus_hash


@pytest.mark.parametrize("mapping", [None, loaders.SAMPLE_FOLDER / "kolommen.yaml"])
def test_the_sample_from_libreoffice_is_the_same_as_its_csv(mapping):
    from_csv, from_book = (
        load_narratives(loaders.SAMPLE_FOLDER / f"vertelpunt.{kind}", mapping=mapping)
        for kind in ("csv", "xlsx")
    )
    pd.testing.assert_frame_equal(from_book.frame, from_csv.frame)
    assert from_book.columns == from_csv.columns


def test_the_headers_of_the_sample_are_recognised_without_a_mapping():
    guessed = load_narratives(loaders.SAMPLE_FOLDER / "vertelpunt.csv")
    mapped = load_sample(raw=True)
    for name in (
        "narrative_id",
        "teller_id",
        "title",
        "text",
        "month",
        "perspective",
        "age_band",
        "organisation",
    ):
        assert guessed.spec(name).role is mapped.spec(name).role
        pd.testing.assert_series_equal(guessed.frame[name], mapped.frame[name])


def test_the_sample_is_reviewed_and_its_raw_form_is_not():
    assert load_sample().status is PrivacyStatus.REVIEWED
    assert load_sample(raw=True).status is PrivacyStatus.RAW
    assert wa.load_sample is load_sample


def test_without_the_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(loaders, "SAMPLE_FOLDER", tmp_path)
    with pytest.raises(InputError, match="De voorbeeldverhalen zijn niet gevonden"):
        load_sample()


def test_the_report_reads_as_an_account():
    report = CheckReport(
        source="a.csv", n_read=3, n_kept=2, set_apart={"lege rij": 1},
        guesses=(loaders.Guess(what="werkblad ‘A’", overrule="sheet"),), dropped_columns={"Naam": "leeg"},
    )  # fmt: skip
    assert (
        str(report)
        == repr(report)
        == (
            "Ingelezen: a.csv\n  rijen gelezen      3\n  verhalen           2\n  apart gezet        1  (lege rij)\n"
            "Zelf gekozen. Klopt het niet, doe dan wat achter de pijl staat:\n  - werkblad ‘A’  →  sheet\n"
            "Kolommen die niet meegaan:\n  - Naam: leeg"
        )
    )
    assert CheckReport(source="a", n_read=0, n_kept=0, set_apart={}).dropped_columns == {}


def test_a_report_that_does_not_add_up_cannot_be_made():
    with pytest.raises(ValueError, match="rows read must equal"):
        CheckReport(source="a.csv", n_read=3, n_kept=2, set_apart={})


LONG = f"{MARKER} en nog veel meer dat niemand mag zien. " * 12
CASES = {
    "good": (stories(ONE, TWO, ONE, ""), {}),
    "no header": ([[LONG, "a"], [f"{LONG} twee", "b"]], {}),
    "no header, text asked for": ([[LONG, "a"], [f"{LONG} twee", "b"]], {"text": "Verhaal"}),
    "header is a story": ([[LONG, "a"], ["kort maar toch wel een verhaal", "b"]], {"text": "Verhaal"}),
    "unknown sheet column": (stories(ONE), {"text": "bestaat niet"}),
    "stories in two columns": ([["Verhaal", "Nog iets"], [LONG, ONE], [LONG + "x", TWO], [THREE, THREE]], {}),
    "story under every header": (
        [["id", "Verteller", "Titel", "Ik ben", "Leeftijd", "Datum", "Team", "Verhaal"], [ONE] * 7 + [LONG]],
        {},
    ),
    "repeated ids": ([["id", "Verhaal"], [ONE, LONG], [ONE, LONG + "x"]], {}),
    "only fillers": ([["Verhaal", "x"], ["geen", ONE]], {"text": "Verhaal"}),
}


@pytest.mark.parametrize("case", CASES)
def test_no_word_of_a_story_in_an_error_repr_or_report(tmp_path, case):
    rows, options = CASES[case]
    path = write(tmp_path, rows)
    try:
        corpus = load_narratives(path, **options)
    except WijkError as error:
        shown = f"{error}{error!r}{error.__cause__!r}"
    else:
        shown = f"{corpus!r}{corpus.check_report}{corpus.check_report!r}{corpus.provenance}"
        shown += "".join(f"{spec.name}{spec.label}" for spec in corpus.columns if spec.role is not Role.TEXT)
    assert MARKER not in shown


def test_a_renamed_workbook_is_read_all_the_same(tmp_path):
    path = tmp_path / "hernoemd.csv"
    path.write_bytes((loaders.SAMPLE_FOLDER / "vertelpunt.xlsx").read_bytes())
    assert len(load_narratives(path)) == len(load_narratives(loaders.SAMPLE_FOLDER / "vertelpunt.xlsx"))


def test_the_report_says_what_every_column_is_and_that_tellers_are_unknown(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Verhaal;Rol\neen heel kort verhaal over iets;inwoner\n", encoding="utf-8")
    report = str(load_narratives(path).check_report)
    unfolded = " ".join(report.split())
    assert "Kolommen die meegaan:\n  - Verhaal: verhaal\n  - Rol: perspectief" in report
    assert "elk verhaal telt als een eigen verteller" in unfolded
