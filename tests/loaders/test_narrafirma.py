"""NarraFirma: data with a story form, and its own export with quotes that no other program writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.loaders.files.maak_verteltools import native_line, native_story
from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms import recognise
from wijkanalyse.loaders.forms.narrafirma import (
    NATIVE,
    StoryForm,
    is_native,
    read_narrafirma,
    read_native,
    read_story_form,
    split_native,
    unwrapped,
)
from wijkanalyse.loaders.tabular import read_csv

FILES = Path(__file__).parent / "files"
MARKER = "kwetsbaarmerkwoord"
TOP = ["Data column name", "Type", "About", "Short name", "Long name", "Options", "Answers"]
SAME = ["title", "text", "perspective", "month"]


def form_of(*lines: str) -> StoryForm:
    form = read_story_form([TOP, *(line.split(";") for line in lines)])
    assert form is not None
    return form


def told(header: str, *lines: str, form: StoryForm):
    rows = [["Story text", *header.split(";")]]
    rows += [[f"Er kwam niemand, {MARKER} {n}.", *line.split(";")] for n, line in enumerate(lines)]
    made = read_narrafirma(rows, form, "a.csv")
    return made, {
        name: ([row[at] for row in made.rows], made.known.get(name), made.left_out.get(name))
        for at, name in enumerate(made.header)
    }


def sorted_values(frame, name):
    return sorted(frame[name].fillna(""))


def test_data_and_a_story_form_give_the_same_twelve_stories():
    corpus = wa.load_narratives(FILES / "narrafirma.csv", mapping=FILES / "narrafirma-formulier.csv")
    expected = wa.load_narratives(FILES / "twaalf.csv").frame
    for name in [*SAME, "teller_id"]:
        assert sorted_values(corpus.frame, name) == sorted_values(expected, name)
    sample = wa.load_sample().frame.set_index("text")
    place = corpus.frame.set_index("text")["de_hulp_heeft_mij"]
    assert place.to_dict() == pytest.approx(sample["dyad_help"].loc[place.index].to_dict(), nan_ok=True)
    assert corpus.spec("de_hulp_heeft_mij").ends == ("losgelaten", "overgenomen")
    felt = corpus.frame.set_index("text")["hoe_voelde_het_moe"]
    assert felt[felt.fillna(False)].index.isin(sample.index[sample["feeling"] == "moe"]).all()
    assert felt.sum() == 3
    assert corpus.check_report.n_read == 12  # rows of remarks are no rows
    assert corpus.check_report.dropped_columns == {
        "WRITEIN_Gevoel": "zelf ingevuld antwoord; open tekst wordt hier niet gemaskeerd",
        "Los": "staat niet in het verhaalformulier",
    }


def test_the_native_export_gives_the_same_twelve_stories():
    corpus = wa.load_narratives(FILES / "narrafirma-native.csv")
    expected = wa.load_narratives(FILES / "twaalf.csv").frame
    for name in SAME:
        assert sorted_values(corpus.frame, name) == sorted_values(expected, name)
    spec = corpus.spec("gevoel_moe")
    assert (spec.label, spec.group, spec.dtype, spec.role) == ("moe", "Gevoel", "bool", Role.SIGNIFICATION)
    assert corpus.frame["gevoel_moe"].sum() == 3


def test_an_export_that_was_saved_elsewhere_without_its_second_row():
    rows = [
        [*NATIVE, "Gevoel", "Gevoel"],
        ["T", "Er kwam niemand.", "2025-01-02", "nl", "x", "moe", ""],
        ["U", "En nu weer.", "", "nl", "x", "", "blij"],
    ]
    form = recognise(rows)
    assert form.header[5:] == ("Gevoel",)
    assert [row[5] for row in form.rows] == ["moe", "blij"]
    assert form.choices["Gevoel"].options == ("moe", "blij")


def test_an_ordinary_table_is_none_of_ours():
    assert read_native([]) is None
    assert read_native([["Story title", "Story text", "Date"]]) is None
    assert not is_native("Story title,Text\n")


def test_every_kind_of_question(tmp_path):
    form = form_of(
        ";Yes no questions Q-A separator;import;;;;[",
        ";Yes no questions Q-A ending;import;;;;]",
        ";Yes no questions yes indicator;import;;;;Ja",
        ";Multi choice single column delimiter;import;;;;space",
        ";Scale range;import;;;;1;50",
        "A;Single choice indexed;story;A;Vraag A;;rood;blauw",
        "B;Multi-choice multi-column yes/no;story;B;Vraag B;;in|binnen;uit|buiten",
        "C;Multi-choice single-column delimited;story;C;Vraag C;;x|iks;y",
        "D;Multi-choice single-column delimited indexed;participant;D;Vraag D;;links;rechts",
        "E;Scale;story;E;Vraag E;;weinig;veel;past niet",
        "F;Scale;story;F;Vraag F;;laag;hoog;0;20",
        "G;Textarea;story;G;Vraag G;;",
        "H;Boolean;story;H;Vraag H;;",
        "I;Radiobuttons;annotation;I;Vraag I;;ja;nee",
        "J;Single choice;story;J;Vraag J;;kort|lang antwoord|plaatje.png;b",
    )
    header = "A;B [in];B [uit];C;D;E;F;G;H;I;J;WRITEIN_J"
    made, columns = told(
        header,
        "2;Ja;;x y;2 1;25,5;5;open;yes;ja;kort;zelf",
        "3;;Ja;z;;past niet;;;no;nee;b;",
        ";;;;;;;;;;;",
        form=form,
    )
    cells = {name: column for name, (column, _, _) in columns.items()}
    assert cells["A"] == ["blauw", "3", ""]
    assert cells["B"] == ["binnen", "buiten", ""]
    assert cells["C"] == ["iks; y", "z", ""]
    assert (cells["D"], columns["D"][1].role) == (["rechts; links", "", ""], Role.CONTEXT)
    assert cells["E"] == ["25,5", "n.v.t.", ""]
    assert (columns["E"][1].ends, columns["E"][1].unit) == (("weinig", "veel"), "1–50")
    assert columns["F"][1].unit == "0–20"
    assert columns["G"][2] == "open tekst wordt hier niet gemaskeerd"
    assert cells["H"] == ["yes", "no", ""]
    assert columns["I"][2] == "aantekening van een onderzoeker, geen antwoord van de verteller"
    assert cells["J"] == ["lang antwoord", "b", ""]
    assert columns["WRITEIN_J"][2] == "zelf ingevuld antwoord; open tekst wordt hier niet gemaskeerd"
    assert {name: choice.separator for name, choice in made.choices.items()} == {
        "A": None,
        "B": ";",
        "C": ";",
        "D": ";",
        "H": None,
        "J": None,
    }


def test_answers_of_every_kind_in_a_corpus(tmp_path):
    form = [
        TOP,
        ["A", "Single choice indexed", "story", "A", "Vraag A", "", "rood", "blauw"],
        ["C", "Multi-choice single-column delimited", "story", "C", "Vraag C", "", "x|iks", "y"],
        ["E", "Scale", "story", "E", "Vraag E", "", "weinig", "veel", "past niet"],
        ["F", "Scale", "story", "F", "Vraag F", "", "laag", "hoog", "0", "20"],
    ]
    rows = [
        ["Story text", "A", "C", "E", "F"],
        ["; een opmerking"],
        [f"Er kwam niemand, {MARKER} 1.", "2", "x,y", "25", "5"],
        [f"Er kwam niemand, {MARKER} 2.", "7", "y", "past niet", ""],
        [f"Er kwam niemand, {MARKER} 3.", "", "", "", "20"],
    ]
    for name, lines in (("form.csv", form), ("data.csv", rows)):
        (tmp_path / name).write_text(
            "\n".join(";".join(line) for line in lines)
            .replace("\n; een", '\n"; een')
            .replace("opmerking", 'opmerking"'),
            "utf-8",
        )
    frame = (
        wa.load_narratives(tmp_path / "data.csv", mapping=tmp_path / "form.csv")
        .frame.sort_values("text")
        .reset_index()
    )
    assert frame["vraag_a"].fillna("").tolist() == ["blauw", "anders", ""]
    assert frame["vraag_c_iks"].fillna(False).tolist() == [True, False, False]
    assert frame["vraag_c_y"].isna().tolist() == [False, False, True]
    assert frame["vraag_e"].fillna(-1).tolist() == [0.25, -1, -1]
    assert frame["vraag_e_na"].fillna(False).tolist() == [False, True, False]
    assert frame["vraag_f"].fillna(-1).tolist() == [0.25, -1, 1]


def test_a_scale_without_a_range_that_can_be():
    _made, columns = told("E", "25", form=form_of("E;Scale;story;E;E;;a;b", ";Scale range;import;;;;5;5"))
    assert columns["E"][1].unit == "0–100"


def test_questions_of_one_title_and_the_names_of_fixed_columns():
    form = form_of(
        ";Participant ID column name;import;;;;Wie",
        "A;Multiple choice;story;A;Wie hielp?;;x;y",
        "B;Multiple choice;story;B;Wie hielp?;;x;y",
        "Kleur;Single choice;participant;K;Kleur;;rood;blauw",
    )
    _made, columns = told("Wie;A;B;Kleur", "R-1;x;y;rood", "R-1;;;rood", form=form)
    assert columns["Wie"][1].role is Role.TELLER_ID
    assert columns["Kleur"][1].role is Role.CONTEXT
    assert [columns[name][1].label for name in "AB"] == ["Wie hielp?", "Wie hielp? (2)"]


def test_a_form_of_another_file_is_refused():
    with pytest.raises(InputError, match="hoort niet bij dit bestand") as caught:
        wa.load_narratives(FILES / "sensemaker.csv", mapping=FILES / "narrafirma-formulier.csv")
    assert "een kolom ‘Verhaal’; er zijn ‘id’" in str(caught.value)
    with pytest.raises(InputError, match="een kolom ‘Story text’"):
        read_narrafirma([], StoryForm(), "leeg.csv")


def test_questions_of_a_form_that_the_file_does_not_have_are_told():
    form = form_of("A;Single choice;story;A;A;;x;y", "B;Text;story;B;B;;")
    made, _ = told("C", "1", form=form)
    assert [guess.what for guess in made.guesses] == [
        "2 vragen uit het verhaalformulier staan niet in het bestand"
    ]


@pytest.mark.parametrize("rows", [[], [["Verhaal"]], [["Type", "About"], ["a", "b"]]])
def test_what_is_no_story_form(rows):
    assert read_story_form(rows) is None


@pytest.mark.parametrize(
    "text",
    [
        "Gewoon.",
        'Zij zei "nee" en ging weg.',
        '"Nee," zei ze, "nooit."',
        "Een regel.\nEn nog een, met komma.",
        'Een regel.\n"Nee" zei ze.',
        '"Nee, echt"\n"niet"',
        '"',
        'Het eind is een "woord"\nen nog "een"',
        "met\rterugloop",
    ],
)
def test_the_layers_of_quotes_come_off(text):
    line = native_line(["T", native_story(text), "2025-01-01"])
    rows = split_native(native_line(["Story title", "Story text", "Collection date"]) + line, ",")
    assert rows[1][0] == "T"
    assert unwrapped(rows[1][1]) == text
    assert rows[1][2] == "2025-01-01"


WORDS = st.lists(
    st.sampled_from(["Zij", "belde", "weer,", '"nee"', "\n", "\n\n", 'zei "ja",', "'", ";", "é"]), min_size=1, max_size=12
).map(" ".join)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(",;\t"))
def test_any_story_comes_back_from_a_native_export(texts, delimiter):
    texts = [text.strip() for text in texts]
    head = native_line([*NATIVE], delimiter) + native_line([";", "", "", "", ""], delimiter)
    lines = [native_line(["T", native_story(text), "", "nl", "x"], delimiter) for text in texts]
    rows = split_native(head + "".join(lines), delimiter)
    form = read_native([[cell.strip() for cell in row] for row in rows])
    assert [
        " ".join(row[form.header.index("Story text")].split(" ")) for row in form.rows if any(row)
    ] == texts


def test_a_story_that_begins_with_a_quote_does_not_swallow_the_next(tmp_path):
    lines = [
        [*NATIVE],
        [";", "", "", "", ""],
        ["A", '"Nee zei ze', "", "nl", "x"],
        ["B", "Toen kwam er hulp.", "", "nl", "x"],
        ["C", 'Weg" was hij', "", "nl", "x"],
    ]
    path = tmp_path / "export.csv"
    path.write_text("".join(map(native_line, lines)), encoding="utf-8")
    table = read_csv(path)
    at = table.header.index("Story text")
    assert table.column(at) == ['"Nee zei ze', "Toen kwam er hulp.", 'Weg" was hij']


def test_a_last_cell_that_is_empty_is_there():
    assert split_native("a,b\n1,", ",") == [["a", "b"], ["1", ""]]
