"""SenseMaker: raw and worked-up exports, with and without a framework."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path

import pytest

import wijkanalyse as wa
from tests.loaders.files.maak_verteltools import NAMES, guid
from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms import recognise
from wijkanalyse.loaders.forms.sensemaker import plain, read_framework, read_sensemaker, read_with_framework
from wijkanalyse.loaders.roles import IDENTIFIES_SOMEONE

FILES = Path(__file__).parent / "files"
MARKER = "kwetsbaarmerkwoord"
STORY, TRIAD, DYAD, STONES, ONE, MORE, OPEN = (
    guid(one) for one in ("s", "t", "d", "st", "one", "more", "open")
)
TOP, LEFT, RIGHT, LOW, HIGH, STONE, RED, BLUE = (guid("deel", one) for one in "abcdefgh")


def signifier(key, kind, title, *, sticky=False, **content):
    return {
        "id": key,
        "type": kind,
        "title": title,
        "sticky": sticky,
        "content": {"items": {}, "labels": {}, **content},
    }


def parts(key, **named):
    return [{"id": part, key: label} for part, label in named.values()]


FRAMEWORK = {
    "fragment_signifier_id": [STORY],
    "signifiers": [
        signifier(STORY, "freetext", "Vertel"),
        signifier(TRIAD, "triad", "Het ging om", labels=parts("text", a=(TOP, "geld<br>"), b=(LEFT, "zorg"), c=(RIGHT, "rust"))),
        signifier(DYAD, "dyad", "Hulp was", labels=parts("text", a=(LOW, "weinig"), b=(HIGH, "veel")), sticky=True) | {"sticky": True},
        signifier(STONES, "stones", "Op het vlak", stones=parts("title", a=(STONE, "<b>ik</b>"))),
        signifier(ONE, "list", "Kleur", items=parts("title", a=(RED, "rood"), b=(BLUE, "blauw")), sticky=True),
        signifier(MORE, "list", "Kleuren", items=parts("title", a=(RED, "rood"), b=(BLUE, "blauw"))),
        signifier(OPEN, "freetext", "Wilt u nog iets kwijt?"),
    ],
}  # fmt: skip


def rows_of(columns: dict[str, list[str]]) -> list[list[str]]:
    n = len(next(iter(columns.values())))
    base = {
        "id": [f"V{row}" for row in range(n)],
        "project_id": ["p"] * n,
        "server_upload_time": ["1740000000000"] * n,
        STORY: [f"Er kwam niemand langs, {MARKER} {row}." for row in range(n)],
    }
    table = {**base, **columns}
    return [list(table), *map(list, zip(*table.values(), strict=True))]


def form_of(columns, framework=FRAMEWORK):
    return read_with_framework(rows_of(columns), read_framework(json.dumps(framework)), "a.csv")


def corpus_of(folder, columns, framework=FRAMEWORK):
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows_of(columns))
    (folder / "a.json").write_text(json.dumps(framework), encoding="utf-8")
    return wa.load_narratives(folder / "a.csv", mapping=folder / "a.json")


def column(form, name):
    header = next(header for header, spec in form.known.items() if spec.name == name)
    return form.known[header], [row[form.header.index(header)] for row in form.rows]


def numbers(form, name):
    return [float(cell) if cell else math.nan for cell in column(form, name)[1]]


def test_the_fixture_gives_the_same_twelve_stories():
    told = wa.load_narratives(FILES / "sensemaker.csv", mapping=FILES / "sensemaker.json")
    expected = wa.load_narratives(FILES / "twaalf.csv").frame
    assert told.frame[NAMES].equals(expected[NAMES])
    sample = wa.load_sample().frame.set_index("narrative_id").loc[told.frame["narrative_id"]]
    for name, ours in (
        ("about_income", "in_dit_verhaal_ging_rondkomen"),
        ("about_taking_part", "in_dit_verhaal_ging_meedoen"),
        ("about_safety", "in_dit_verhaal_ging_veilig_zijn"),
        ("dyad_help", "de_hulp_heeft_mij"),
    ):
        assert told.frame[ours].to_numpy() == pytest.approx(sample[name].to_numpy(), nan_ok=True)
    spec = told.spec("de_hulp_heeft_mij")
    assert (spec.ends, spec.unit, spec.label) == (("losgelaten", "overgenomen"), "0–1", "De hulp heeft mij …")
    na = told.frame.set_index("narrative_id")["de_hulp_heeft_mij_na"]
    assert na["V174"]
    assert na.isna()["V196"]  # neither a place nor n.v.t.
    assert not na["V006"]
    assert told.spec("in_dit_verhaal_ging_meedoen").group == "In dit verhaal ging het om …"
    assert told.check_report.dropped_columns["Voeg een foto toe"] == "beeld of geluid"
    assert told.spec("perspective").role is Role.PERSPECTIVE


def test_without_a_framework_the_stories_come_along():
    told = wa.load_narratives(FILES / "sensemaker.csv")
    expected = wa.load_narratives(FILES / "twaalf.csv").frame
    for name in ("narrative_id", "teller_id", "text", "month"):
        assert told.frame[name].equals(expected[name])
    assert "geef het framework mee" in " ".join(str(told.check_report).split())


def test_an_ordinary_table_is_none_of_ours():
    assert read_sensemaker([]) is None
    assert (
        recognise([["project_id", "server_upload_time", "Verhaal"], ["1", "2", "Er kwam niemand."]]) is None
    )
    assert recognise([["id", STORY], ["1", "Er kwam niemand."]]) is None


def test_a_place_is_worked_out_where_parts_are_missing():
    raw = {f"{TRIAD}_percentX": ["0.5", "0.2"], f"{TRIAD}_percentY": ["0.5", "0.1"]}
    raw |= {
        f"{TRIAD}_{corner}": ["", part] for corner, part in ((TOP, "0.1"), (LEFT, "0.75"), (RIGHT, "0.15"))
    }
    form = form_of(raw)
    # percentY = top, percentX = right + top / 2
    assert numbers(form, "het_ging_om_geld") == pytest.approx([0.5, 0.1])
    assert numbers(form, "het_ging_om_zorg") == pytest.approx([0.25, 0.75])
    assert numbers(form, "het_ging_om_rust") == pytest.approx([0.25, 0.15])
    assert form.guesses == ()


def test_the_worked_up_variant(tmp_path):
    height = math.sqrt(3) / 2
    made = {
        f"{TRIAD}X": ["0.5", "0.5"],
        f"{TRIAD}Y": [str(0.5 * height), str(0.2 * height)],
        f"{TRIAD}_Zone": ["T", "LR"],
    }
    made |= {f"{TRIAD}_{corner}": ["", part] for corner, part in ((TOP, "20"), (LEFT, "40"), (RIGHT, "40"))}
    made |= {f"{DYAD}_{LOW}": ["30", ""], f"{DYAD}_{HIGH}": ["70", ""], f"{DYAD}XR": ["70", "20"]}
    made |= {f"{STONES}_{STONE}XRight": ["0.25", ""], f"{STONES}_{STONE}YTop": ["0.75", ""]}
    made |= {
        "wordCloud": ["Er kwam niemand langs.", "x"],
        "meta_ip": ["10.0.0.1", "10.0.0.2"],
        "FragmentID": ["F1", "F2"],
    }
    rows = [row[1:] for row in rows_of(made)]  # without ‘id’
    form = read_with_framework(rows, read_framework(json.dumps(FRAMEWORK)), "a.csv")
    assert column(form, "narrative_id")[1] == ["F1", "F2"]
    assert form.left_out == {
        "Het ging om: Zone": "afgeleid van een plaats die al meegaat",
        "project_id": "staat er alleen voor SenseMaker",
        "wordCloud": "staat er alleen voor SenseMaker",
        "meta_ip": IDENTIFIES_SOMEONE,
    }
    del made["FragmentID"]
    corpus = corpus_of(tmp_path, made)
    for name, expected in (
        ("het_ging_om_geld", [0.5, 0.2]),
        ("het_ging_om_zorg", [0.25, 0.4]),
        ("hulp_was", [0.7, 0.2]),
        ("op_het_vlak_ik_van_links_naar_rechts", [0.25, math.nan]),
        ("op_het_vlak_ik_van_onder_naar_boven", [0.75, math.nan]),
    ):
        assert corpus.frame[name].tolist() == pytest.approx(expected, nan_ok=True), name
        assert corpus.spec(name).unit == "0–1"
    assert corpus.spec("op_het_vlak_ik_van_onder_naar_boven").ends == ("onder", "boven")


def test_parts_that_are_no_whole_stay_empty_and_are_counted(tmp_path):
    raw = {f"{TRIAD}_{corner}": ["0.9", "0.2", "0.2"] for corner in (TOP, LEFT)} | {
        f"{TRIAD}_{RIGHT}": ["0.9", "0.6", "0.6"]
    }
    corpus = corpus_of(tmp_path, raw)
    assert corpus.frame["het_ging_om_geld"].tolist() == pytest.approx([math.nan, 0.2, 0.2], nan_ok=True)
    assert "bij 1 van de 3 rijen tellen de delen niet op tot 1" in " ".join(str(corpus.check_report).split())


def test_a_dyad_from_its_left_part_or_its_place():
    form = form_of(
        {
            f"{DYAD}_{LOW}": ["0.3", "", ""],
            f"{DYAD}_{HIGH}": ["", "", ""],
            f"{DYAD}_percentX": ["", "0.4", ""],
        }
    )
    assert numbers(form, "hulp_was") == pytest.approx([0.7, 0.4, math.nan], nan_ok=True)
    assert column(form, "hulp_was")[0].role is Role.SIGNIFICATION  # though it is sticky


def test_answers_have_their_titles_and_others_are_counted(tmp_path):
    corpus = corpus_of(
        tmp_path,
        {
            ONE: [RED, BLUE.upper(), "Jolanda de Wit"],
            f"{MORE}_{RED}": ["1", "", ""],
            f"{MORE}_{BLUE}": ["1", "1", ""],
        },
    )
    assert (corpus.spec("kleur").role, corpus.spec("kleur").dtype) == (Role.CONTEXT, "category")
    assert corpus.frame["kleur"].tolist() == ["rood", "blauw", "anders"]
    assert "1 andere antwoorden tellen als ‘anders’" in " ".join(str(corpus.check_report).split())
    assert "Jolanda" not in f"{corpus.check_report}{corpus.frame.to_csv()}"
    spec = corpus.spec("kleuren_rood")
    assert (spec.dtype, spec.label, spec.group, spec.role) == ("bool", "rood", "Kleuren", Role.SIGNIFICATION)
    assert corpus.frame["kleuren_rood"].tolist()[:2] == [True, False]
    assert corpus.frame["kleuren_blauw"].tolist()[:2] == [True, True]
    assert corpus.frame["kleuren_rood"].isna()[2]


def test_not_applicable_differs_from_no_answer(tmp_path):
    corpus = corpus_of(
        tmp_path,
        {
            f"{DYAD}_{HIGH}": ["0.5", "", ""],
            f"{DYAD}_NA": ["", "1", ""],
            ONE: [RED, "", ""],
            f"{ONE}_NA": ["", "1", "0"],
        },
    )
    spec, cells = corpus.spec("hulp_was_na"), corpus.frame["hulp_was_na"]
    assert (spec.label, spec.dtype) == ("n.v.t.", "bool")
    assert cells.tolist()[:2] == [False, True]
    assert cells.isna()[2]
    assert corpus.frame["kleur"].fillna("").tolist() == ["rood", "n.v.t.", ""]


def test_open_text_and_what_the_framework_does_not_have_stay_out():
    form = form_of({OPEN: ["Ja, van Jolanda"], guid("vreemd"): ["x"]})
    assert form.left_out["Wilt u nog iets kwijt?"] == "open tekst wordt hier niet gemaskeerd"
    assert form.left_out[guid("vreemd")] == "staat niet in het framework"


def test_stories_of_linked_frameworks_stand_together():
    other = guid("tweede")
    framework = {**FRAMEWORK, "linked_frameworks": [{"framework": {"fragment_signifier_id": other}}]}
    form = form_of({other: ["En later weer niet."]}, framework)
    assert column(form, "text")[1] == [f"Er kwam niemand langs, {MARKER} 0.\n\nEn later weer niet."]


def test_questions_with_one_title_are_two_questions():
    twice = guid("weer")
    framework = {
        **FRAMEWORK,
        "more": [signifier(twice, "list", "Kleuren", items=parts("title", a=(RED, "rood")))],
    }
    form = form_of({f"{MORE}_{RED}": ["1"], f"{twice}_{RED}": ["1"]}, framework)
    assert {"Kleuren", "Kleuren (2)"} <= {spec.label for spec in form.known.values()}


def test_moments_in_milliseconds_are_months():
    form = form_of({"x": ["", ""]})
    assert column(form, "month")[1] == ["2025-02"] * 2
    rows = rows_of({"x": [""]})
    rows[1][rows[0].index("server_upload_time")] = "3-11-2025"
    form = read_with_framework(rows, read_framework(json.dumps(FRAMEWORK)), "a.csv")
    assert column(form, "month")[1] == ["3-11-2025"]


def test_a_framework_of_another_project_is_refused(tmp_path):
    path = tmp_path / "anders.json"
    path.write_text(json.dumps({**FRAMEWORK, "fragment_signifier_id": guid("elders")}), encoding="utf-8")
    with pytest.raises(InputError, match="Dit framework van SenseMaker hoort niet bij dit bestand") as caught:
        wa.load_narratives(FILES / "sensemaker.csv", mapping=path)
    assert "van 0 van de 7 is er een" in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', "kolommen: []", "[" * 100_000])
def test_what_is_no_framework(content):
    assert read_framework(content) is None


def test_odd_frameworks_are_read_as_far_as_they_go():
    framework = read_framework(
        json.dumps(
            {
                "fragment_signifier_id": None,
                "a": [{"id": 1, "type": "list", "content": {"items": [1, {"title": "x"}]}}],
            }
        )
    )
    assert framework.stories == set()
    assert framework.signifiers["1"].parts == {"none": "x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("<i>&lt;font color='blue'&gt;Hulp&lt;/font&gt;</i>", "Hulp"), ("geld<br>zorg&nbsp;&amp; zo", "geld zorg & zo"), ("3 < 4", "3 < 4")],
)  # fmt: skip
def test_html_goes_out_of_titles(text, expected):
    assert plain(text) == expected


def test_a_framework_with_documents_is_refused(tmp_path):
    with pytest.raises(InputError, match="hoort bij een tabel"):
        wa.load_narratives(FILES / "twaalf-md.zip", mapping=FILES / "sensemaker.json")


def test_the_order_of_the_file_does_not_matter(tmp_path):
    rows = list(csv.reader(io.StringIO((FILES / "sensemaker.csv").read_text(encoding="utf-8"), newline="")))
    path = tmp_path / "sensemaker.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([rows[0], *reversed(rows[1:])])
    ours = wa.load_narratives(path, mapping=FILES / "sensemaker.json").frame
    assert ours.equals(wa.load_narratives(FILES / "sensemaker.csv", mapping=FILES / "sensemaker.json").frame)
