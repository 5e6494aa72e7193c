"""Microsoft Forms, Google Forms, LimeSurvey and Qualtrics."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import wijkanalyse as wa
from wijkanalyse.corpus import Role
from wijkanalyse.loaders.forms import recognise
from wijkanalyse.loaders.forms.surveys import FOR_PROGRAM, SECOND_CLOCK, TYPED
from wijkanalyse.loaders.tabular import make_table

FILES = Path(__file__).parent / "files"
MARKER = "kwetsbaarmerkwoord"
STORY = f"Ik ging naar het loket en {MARKER} was er niet."
NAMES = ["luisteren", "doorvragen", "geld, of een lening"]


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("microsoft-forms.xlsx", "Microsoft Forms"),
        ("google-forms.csv", "Google Forms"),
        ("limesurvey.csv", "LimeSurvey"),
        ("qualtrics.csv", "Qualtrics"),
    ],
)
def test_the_same_twelve_stories_and_answers(name, program):
    told = wa.load_narratives(FILES / name)
    columns = ["title", "text", "month", "perspective"]
    expected = wa.load_narratives(FILES / "twaalf.csv").frame.sort_values("text")[columns]
    pd.testing.assert_frame_equal(
        told.frame.sort_values("text")[columns].reset_index(drop=True),
        expected.reset_index(drop=True),
        check_dtype=False,
    )
    assert f"dit bestand komt uit {program}" in [guess.what for guess in told.check_report.guesses]
    ticks = {spec.label: spec for spec in told.columns if spec.dtype == "bool"}
    assert set(ticks) == set(NAMES)
    assert {spec.group for spec in ticks.values()} == {"Wat hielp?"}
    # The story with number n ticked the options that are the ones in n, written in twos; number 8 ticked none.
    by_month = told.frame.sort_values("month")
    counts = {label: by_month[spec.name].sum() for label, spec in ticks.items()}
    assert counts == {"luisteren": 6, "doorvragen": 6, "geld, of een lening": 5}
    assert {by_month[spec.name].isna().sum() for spec in ticks.values()} == {1}
    assert not [spec for spec in told.columns if spec.role is Role.DIRECT_IDENTIFIER]
    assert "192.0.2.1" not in told.frame.to_csv()
    assert "buurman" not in f"{told.check_report}{told.frame.drop(columns='text').to_csv()}"


def test_rows_of_the_makers_are_set_apart_and_counted():
    report = wa.load_narratives(FILES / "qualtrics.csv").check_report
    assert (report.n_read, report.n_kept) == (13, 12)
    assert report.set_apart == {"proefantwoord van de makers in Qualtrics": 1}


def test_direct_identifiers_stay_on_request():
    corpus = wa.load_narratives(FILES / "microsoft-forms.xlsx", keep_direct_identifiers=True)
    assert corpus.spec("e_mail").role is corpus.spec("naam").role is Role.DIRECT_IDENTIFIER


def form(rows):
    found = recognise([list(row) for row in rows])
    assert found is not None
    assert all(len(row) == len(found.header) for row in found.rows)
    return found


def roles(found) -> dict[str, str]:
    return {header: spec.role.value for header, spec in found.known.items()} | dict(found.left_out)


@pytest.mark.parametrize(
    "header",
    [
        (
            "ID",
            "Start time",
            "Completion time",
            "Email",
            "Name",
            "Last modified time",
            "What happened?",
            "Points - What",
        ),
        (
            "Id",
            "Begintijd",
            "Tijd van voltooien",
            "E-mail",
            "Naam",
            "Tijd van laatste\xa0wijziging",
            "Wat gebeurde er?",
            "Punten - Wat",
        ),
    ],
)
def test_microsoft_in_two_languages(header):
    found = form([header, ("1", "2025-03-01 10:00", "2025-03-01 10:05", "a@b.nl", "An", "", STORY, "")])
    assert found.name == "Microsoft Forms"
    assert list(roles(found).values()) == [
        "narrative_id", "time", "direct_identifier", "direct_identifier", SECOND_CLOCK, FOR_PROGRAM, FOR_PROGRAM,
    ]  # fmt: skip


def test_a_clock_that_nobody_wound_is_passed_over():
    found = form([["ID", "Begintijd", "Tijd van voltooien", "Vraag"], ["1", "", "1-3-2025", STORY]])
    assert roles(found)["Begintijd"] == SECOND_CLOCK
    assert roles(found)["Tijd van voltooien"] == "time"


@pytest.mark.parametrize("stamp", ["Timestamp", "Tijdstempel"])
def test_google_in_two_languages(stamp):
    found = form(
        [
            [],
            [stamp, "Email Address", "Score", "What?"],
            ["2025/03/14 9:05:11 AM CET", "", "3 / 5", STORY],
            [],
        ]
    )
    assert (found.name, found.separators, len(found.rows)) == ("Google Forms", (";", ", "), 1)
    assert list(roles(found).values()) == ["time", "direct_identifier", FOR_PROGRAM]


def test_american_dates_are_read_the_american_way(tmp_path):
    path = tmp_path / "google.csv"
    rows = [f"3/{day}/2025 9:05:11,{STORY} {day}" for day in (4, 14)]
    path.write_text("\n".join(["Timestamp,What?", *rows]), encoding="utf-8")
    corpus = wa.load_narratives(path, keep=["bijna dubbel"])
    assert list(corpus.frame["month"]) == ["2025-03", "2025-03"]
    assert "datums als 3-11-2025 in kolom ‘Timestamp’ zijn gelezen als maand-dag-jaar" in [
        guess.what for guess in corpus.check_report.guesses
    ]


CODES = [
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "seed",
    "token",
    "Q1",
    "Q2[SQ001]",
    "Q2[SQ002]",
    "Q2[other]",
    "Q2[SQ001comment]",
]
TEXTS = [
    "Response ID",
    "Date submitted",
    "Last page",
    "Start language",
    "Seed",
    "Access code",
    "Wat?",
    "Hulp [a]",
    "Hulp [b]",
    "Hulp [Other]",
    "Hulp [a][Opmerking]",
]
DUTCH = [
    "Antwoord ID",
    "Datum ingestuurd",
    "Laatste pagina",
    "Starttaal",
    "Seed",
    "Toegangscode",
    *TEXTS[6:9],
    "Hulp [Anders]",
    TEXTS[10],
]
BOTH = [f"{code}. {text}" for code, text in zip(CODES, TEXTS, strict=True)]


@pytest.mark.parametrize("header", [CODES, TEXTS, DUTCH, BOTH])
@pytest.mark.parametrize(("yes", "no"), [("Y", ""), ("Ja", "Nee"), ("Yes", "No")])
def test_limesurvey_with_codes_texts_or_both(tmp_path, header, yes, no):
    path = tmp_path / "lime.csv"
    rows = [
        ["1", "2025-03-01", "2", "nl", "9", "abc", f"{STORY} een", yes, no, "mijn buurman", "toelichting"],
        ["2", "1980-01-01 00:00:00", "2", "nl", "9", "abd", f"{STORY} twee", yes, yes, no, ""],
        ["3", "", "1", "nl", "9", "abe", f"{STORY} drie", "", "", "", ""],
    ]
    path.write_text(
        "\n".join(";".join(f'"{cell}"' for cell in row) for row in [header, *rows]), encoding="utf-8"
    )
    corpus = wa.load_narratives(path, keep=["bijna dubbel"])
    ticks = [spec for spec in corpus.columns if spec.dtype == "bool"]
    assert [spec.label for spec in ticks] == (
        ["SQ001", "SQ002", "anders"] if header is CODES else ["a", "b", "anders"]
    )
    values = corpus.frame.set_index("narrative_id")[[spec.name for spec in ticks]]
    assert values.loc[["1", "2"]].to_numpy().tolist() == [[True, False, True], [True, True, False]]
    assert values.loc["3"].isna().all()
    assert corpus.frame["month"].fillna("").tolist() == ["2025-03", "", ""]
    told = [guess.what for guess in corpus.check_report.guesses]
    assert "1 antwoorden zijn niet afgemaakt; wie een verhaal schreef gaat mee" in told
    assert list(corpus.check_report.dropped_columns.values()).count(TYPED) == 1
    assert "buurman" not in corpus.frame.to_csv()


def test_what_was_typed_beside_one_answer_stays_out():
    rows = [["id", "submitdate", "lastpage", "Q1", "Q1[other]"], ["1", "", "1", "x", "mijn buurman"]]
    assert form(rows).left_out["Q1[anders]"] == TYPED


def test_a_question_that_was_not_asked_is_not_a_no(tmp_path):
    path = tmp_path / "lime.csv"
    rows = [["1", "", "2", f"{STORY} een", "Nee", "Ja"], ["2", "", "2", f"{STORY} twee", "N/A", "N/A"]]
    header = ["id", "submitdate", "lastpage", "Q1", "Q2[a]", "Q2[b]"]
    path.write_text("\n".join(";".join(row) for row in [header, *rows]), encoding="utf-8")
    frame = wa.load_narratives(path, keep=["bijna dubbel"]).frame
    assert frame[["q2_a", "q2_b"]].to_numpy().tolist()[0] == [False, True]
    assert frame[["q2_a", "q2_b"]].iloc[1].isna().all()
    assert frame["q2_na"].tolist() == [False, True]


QUALTRICS = [
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "LocationLatitude",
    "DistributionChannel",
    "Q1",
    "Q2_1",
    "Q2_2",
    "Q2_2_TEXT",
    "Q3",
]
QUESTIONS = [
    "Start Date",
    "End Date",
    "Response Type",
    "IP Address",
    "Progress",
    "Finished",
    "Recorded Date",
    "Response ID",
    "Location Latitude",
    "Distribution Channel",
    "Wat?",
    "Hulp - Selected Choice - a",
    "Hulp - Selected Choice - anders, nl.",
    "Hulp - anders - Text",
    "Waar? - Selected Choice",
]
IDS = [f'{{"ImportId":"{name}"}}' for name in QUALTRICS]


def answer(status="0", channel="anonymous", finished="1"):
    return [
        "2025-03-01 10:00",
        "2025-03-01",
        status,
        "192.0.2.1",
        "100",
        finished,
        "2025-03-01",
        "R_1",
        "52",
        channel,
        STORY,
        "1",
        "",
        "Jan",
        "thuis",
    ]


@pytest.mark.parametrize("above", [[QUALTRICS, QUESTIONS, IDS], [QUALTRICS, QUESTIONS]])
def test_qualtrics_with_three_rows_above_or_two(above):
    found = form([*above, answer(), answer(finished="0")])
    assert found.header[10:] == ("Wat?", "Hulp [a]", "Hulp [anders, nl.]", "Hulp - anders - Text", "Waar?")
    assert len(found.rows) == 2
    kinds = roles(found)
    assert kinds["Start Date"] == "time"
    assert kinds["Response ID"] == "narrative_id"
    assert {kinds["IP Address"], kinds["Location Latitude"]} == {"direct_identifier"}
    assert kinds["Hulp - anders - Text"] == TYPED
    assert {kinds[name] for name in ("Response Type", "Progress", "Finished", "Distribution Channel")} == {
        FOR_PROGRAM
    }
    assert [guess.what for guess in found.guesses] == [
        "1 antwoorden zijn niet afgemaakt; wie een verhaal schreef gaat mee"
    ]


def test_qualtrics_whose_second_rows_were_taken_out():
    assert form([QUALTRICS, answer()]).header[0] == "StartDate"
    assert len(form([QUALTRICS, answer()]).rows) == 1


def test_the_oldest_qualtrics():
    names = [
        "ResponseID",
        "ResponseSet",
        "IPAddress",
        "StartDate",
        "EndDate",
        "RecipientEmail",
        "ExternalDataReference",
        "Finished",
        "Status",
        "Wat?",
    ]
    rows = [["R_1", "Default", "192.0.2.1", "2025-03-01", "2025-03-01", "", "", "1", "0", STORY]]
    with_numbers = form([[f"V{number}" for number in range(1, 11)], names, *rows])
    assert with_numbers == form([names, *rows])
    assert with_numbers.known["ResponseID"].role is Role.NARRATIVE_ID


@pytest.mark.parametrize(
    "row",
    [
        answer("1"),
        answer("Survey Preview"),
        answer("Survey Test"),
        answer("2"),
        answer("IP Address", "preview"),
    ],
)
def test_previews_and_tests_are_no_answers(row):
    found = form([QUALTRICS, QUESTIONS, IDS, row, answer()])
    assert (len(found.rows), sum(found.set_apart.values())) == (1, 1)


@pytest.mark.parametrize("row", [answer("IP Address"), answer("Imported"), answer("8"), answer("0", "email")])
def test_real_answers_stay(row):
    assert len(form([QUALTRICS, QUESTIONS, IDS, row]).rows) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["Verhaal"], [STORY]],
        [["Tijdstempel"], ["2025-03-01"]],
        [["Nummer", "Tijdstempel"], ["1", "2025-03-01"]],
        [["ID", "Naam", "Begintijd"], ["1", "x", "y"]],
        [["id", "seed", "Verhaal"], ["1", "2", STORY]],
        [["V1", "V2"], ["a", "b"]],
        [["Status", "Progress", "Finished"], ["1", "2", "3"]],
    ],
)
def test_what_only_looks_like_a_form(rows):
    assert recognise(rows) is None


def test_a_form_without_answers():
    table = make_table("leeg.csv", [QUALTRICS, QUESTIONS, IDS], [])
    assert table.rows == ()
    assert table.header[0] == "Start Date"
