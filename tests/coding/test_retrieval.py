from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding.codings import read_codings
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.gate import Audience, release_table

TEXTS = [
    "Ik had geen geld. De huur was hoog. Buren hielpen.",
    "De huur 😀 steeg. Dank!",
    "Geld is op.",
    "Niemand kwam.",
]
COLUMNS = ["narrative_id", "coder", "code", "start", "end", "quote", "memo"]


def corpus(**more):
    return make_corpus(
        TEXTS, title=["Krap", "", "", ""], perspective=["inwoner", "inwoner", "professional", None], supported=[1.0, 4.0, 2.5, None],
        **more,
    )  # fmt: skip


def codings() -> pd.DataFrame:
    rows = [
        ("v000", "An", "geld", 12, 16, "geld", "armoede"),
        ("v000", "Bo", "geld", 3, 16, "had geen geld", None),
        ("v000", "An", "wonen", 18, 34, "De huur was hoog", None),
        ("v000", "An", "krap", 0, 34, None, None),
        ("v001", "Bo", "wonen", 3, 9, "huur 😀", None),
        ("v001", "Bo", "dank", None, None, None, "hele verhaal"),
        ("v002", "An", "schuld", 0, 4, "Geld", None),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def made(key: str, parent: str | None = None) -> Code:
    return Code(code=key, name=key.title(), definition="…", parent=parent)


SCHEME = Scheme(
    name="eigen", title="Eigen", version="1", source="zelf",
    codes=(made("geld"), made("schuld", "geld"), made("beslag", "schuld"), made("wonen"), made("dank"), made("krap")),
)  # fmt: skip
THEMES = pd.DataFrame({"narrative_id": ["v000", "v001", "v002", "v003"], "theme_id": [0, 1, 0, -1]})


def found(where=None, **more) -> list[tuple[str, str, str]]:
    frame = wa.retrieve(corpus(), codings(), where, **more)
    return list(frame[["narrative_id", "code", "coder"]].itertuples(index=False, name=None))


def test_a_quote_comes_with_its_source():
    frame = wa.retrieve(corpus(), codings(), {"code": "geld", "coder": "An"})
    row = frame.iloc[0]
    assert list(frame.columns[:9]) == [
        "narrative_id",
        "title",
        "code",
        "coder",
        "quote",
        "start",
        "end",
        "context",
        "memo",
    ]
    assert (row["title"], row["quote"], row["start"], row["end"], row["memo"]) == (
        "Krap",
        "geld",
        12,
        16,
        "armoede",
    )
    assert row["context"] == "Ik had geen geld."
    assert (row["perspective"], row["supported"]) == ("inwoner", 1.0)
    emoji = wa.retrieve(corpus(), codings(), {"quote": "😀", "code": "wonen"}).iloc[0]
    assert emoji["context"] == "De huur 😀 steeg."
    over_two = wa.retrieve(corpus(), codings(), {"code": "krap"}).iloc[0]
    assert over_two["context"] == "Ik had geen geld. De huur was hoog."
    whole = wa.retrieve(corpus(), codings(), {"code": "dank"}).iloc[0]
    assert whole["quote"] == TEXTS[1]
    assert pd.isna(whole["start"])
    assert whole["context"] == ""


def test_everything_without_a_question_in_the_order_of_the_text():
    frame = wa.retrieve(corpus(), codings().sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(frame, wa.retrieve(corpus(), codings()))
    assert frame["narrative_id"].is_monotonic_increasing
    assert len(frame) == 7


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"code": ["geld", "wonen"], "coder": "An"}, [("v000", "geld", "An"), ("v000", "wonen", "An")]),
        ({"perspective": "professional"}, [("v002", "schuld", "An")]),
        ({"supported": (2, 5), "not": {"code": "dank"}}, [("v001", "wonen", "Bo"), ("v002", "schuld", "An")]),
        ({"supported": [1.0], "code": "wonen"}, [("v000", "wonen", "An")]),
        ({"memo": "ARMOEDE"}, [("v000", "geld", "An")]),
        ({"memo": True, "not": {"code": "geld"}}, [("v001", "dank", "Bo")]),
        ({"memo": False, "code": "geld"}, [("v000", "geld", "Bo")]),
        ({"any": [{"code": "dank"}, {"coder": "Bo", "code": "geld"}]}, [("v000", "geld", "Bo"), ("v001", "dank", "Bo")]),
        ({"all": [{"overlaps": {"code": "geld"}}, {"code": "krap"}]}, [("v000", "krap", "An")]),
        ({"code": "wonen", "overlaps": {"code": "krap"}}, [("v000", "wonen", "An")]),
        ({"code": "wonen", "in_story": {"code": "dank"}}, [("v001", "wonen", "Bo")]),
        ({"code": "wonen", "not": {"in_story": {"code": "dank"}}}, [("v000", "wonen", "An")]),
        ({"any": []}, []),
        ({"narrative_id": "v002"}, [("v002", "schuld", "An")]),
        ({"teller_id": "tv002"}, [("v002", "schuld", "An")]),
    ],
)  # fmt: skip
def test_any_combination(where, expected):
    assert found(where) == expected


def test_codes_under_a_code_come_along():
    assert ("v002", "schuld", "An") in found({"code": "geld"}, scheme=SCHEME)
    assert ("v002", "schuld", "An") not in found({"code": "geld"})
    assert found({"code": "beslag"}, scheme=SCHEME) == []  # in the scheme, and not used


def test_themes_by_number_and_by_label(sample_themes):
    assert {row[0] for row in found({"theme": 0}, themes=THEMES)} == {"v000", "v002"}
    assert found({"theme": "thema 1", "code": "dank"}, themes=THEMES) == [("v001", "dank", "Bo")]
    story, label = sample_themes.assignments.iloc[0]["narrative_id"], sample_themes.topics.iloc[0]["label"]
    coded = pd.DataFrame({"narrative_id": [story], "coder": ["An"], "code": ["x"]})
    frame = wa.retrieve(sample_themes.corpus, coded, themes=sample_themes)
    assert frame["theme"].iloc[0] in set(sample_themes.topics["label"])
    assert label in set(sample_themes.topics["label"])


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"kode": "geld"}, "Er is geen ‘kode’ om op te zoeken.*‘code’.*‘perspective’"),
        ({"theme": "x"}, "Er is geen ‘theme’"),
        ({"code": "gelt"}, "Bij ‘code’ komt ‘gelt’ niet voor.*‘geld’"),
        ({"coder": "Cy"}, "‘An’, ‘Bo’"),
        ({"perspective": "raadslid"}, "een van de 2 waarden van deze kolom"),
        ({"not": {"code": "gelt"}}, "‘gelt’"),
    ],
)
def test_what_does_not_exist_is_named(where, message):
    with pytest.raises(InputError, match=f"(?s){message}") as caught:
        found(where)
    assert "huur" not in str(caught.value)


def test_categories_of_our_own_are_listed():
    frame = corpus()
    frame = frame.with_changes(step="", frame=frame.frame.astype({"perspective": "category"}))
    with pytest.raises(InputError, match="‘inwoner’, ‘professional’"):
        wa.retrieve(frame, codings(), {"perspective": "raadslid"})


@pytest.mark.parametrize(
    "change",
    [
        {"end": 99}, {"start": 5, "end": 5}, {"start": -1}, {"start": None}, {"quote": "iets anders"}, {"coder": None}, {"code": None},
    ],
)  # fmt: skip
def test_codings_that_do_not_fit_the_text_are_refused_with_their_row(change):
    rows = codings().astype({"start": object, "end": object})
    for name, value in change.items():
        rows.loc[2, name] = value
    with pytest.raises(InputError, match=r"(?s)1 coderingen passen niet.*rijen: ‘3’") as caught:
        wa.retrieve(corpus(), rows)
    assert "huur" not in str(caught.value)


def test_codings_of_other_stories():
    assert len(wa.retrieve(corpus().select(["v002"], step=""), codings())) == 1
    with pytest.raises(InputError, match="alle coderingen"):
        wa.retrieve(corpus().select(["v003"], step=""), codings())
    with pytest.raises(InputError, match="‘coder’"):
        wa.retrieve(corpus(), codings().drop(columns="coder"))
    with pytest.raises(PrivacyError):
        wa.retrieve(make_corpus(TEXTS, status=PrivacyStatus.RAW), codings())
    assert wa.retrieve(corpus(), codings().head(0)).empty


def test_the_same_coding_twice_is_one():
    rows = pd.concat([codings(), codings().assign(date="2026-01-01")])
    assert len(read_codings(rows, corpus())) == 7


def test_code_by_code_by_overlap():
    table = wa.cross_tabulate(corpus(), codings())
    assert table.frame.loc["geld", "krap"] == table.frame.loc["krap", "geld"] == 1
    assert table.frame.loc["geld", "wonen"] == 0
    assert table.frame.loc["wonen", "dank"] == 1  # the whole story spans it
    assert pd.isna(table.frame.loc["geld", "geld"])
    assert table.frame.loc["wonen", "in totaal"] == table.frame.loc["in totaal", "wonen"] == 2
    assert table.frame.loc["in totaal", "in totaal"] == 3
    behind = table.behind("krap", "geld")
    assert behind["other_quote"].tolist() == ["had geen geld", "geld"]
    assert set(behind["quote"]) == {TEXTS[0][:34]}
    assert "Geteld per verhaal; met een codering zijn dat er 3, uit een corpus van 4 verhalen." in table.note
    assert "(van" not in table._repr_html_()
    assert table.note in table._repr_html_()
    assert "huur" not in repr(table.note)


def test_inside_and_near_have_a_direction_and_a_distance():
    inside = wa.cross_tabulate(corpus(), codings(), relation="binnen").frame
    assert (inside.loc["geld", "krap"], inside.loc["krap", "geld"]) == (1, 0)
    assert wa.cross_tabulate(corpus(), codings(), relation="nabij", near=2).frame.loc["geld", "wonen"] == 1
    assert wa.cross_tabulate(corpus(), codings(), relation="nabij", near=1).frame.loc["geld", "wonen"] == 0


def test_units():
    one_teller = corpus()
    one_teller = one_teller.with_changes(step="", frame=one_teller.frame.assign(teller_id="t"))
    assert wa.cross_tabulate(one_teller, codings(), unit="verteller").frame.loc["wonen", "in totaal"] == 1
    assert wa.cross_tabulate(one_teller, codings(), unit="fragment").frame.loc["geld", "krap"] == 2
    assert wa.cross_tabulate(one_teller, codings(), unit="fragment").frame.loc["krap", "geld"] == 1


def test_code_by_attribute_theme_and_coder():
    table = wa.cross_tabulate(corpus(), codings(), columns="perspective")
    assert table.frame.loc["geld"].tolist() == [1, 0, 1]
    assert list(table.frame.columns) == ["inwoner", "professional", "in totaal"]
    assert table.behind("wonen", "inwoner")["quote"].tolist() == ["De huur was hoog", "huur 😀"]
    assert len(table.behind("in totaal", "professional")) == 1
    by_theme = wa.cross_tabulate(corpus(), codings(), rows="theme", columns="code", themes=THEMES)
    assert by_theme.frame.loc["thema 1", "dank"] == 1
    assert (
        wa.cross_tabulate(corpus(), codings(), columns="coder", unit="fragment").frame.loc["geld", "Bo"] == 1
    )
    unknown = pd.DataFrame({"narrative_id": ["v003"], "coder": ["An"], "code": ["leeg"]})
    assert wa.cross_tabulate(corpus(), unknown, columns="perspective").frame.loc["leeg", "niet ingevuld"] == 1


def test_every_cell_opens_its_quotes():
    for columns in ("code", "perspective"):
        table = wa.cross_tabulate(corpus(), codings(), columns=columns)
        for row in table.frame.index:
            for column in table.frame.columns:
                count = table.frame.loc[row, column]
                assert pd.isna(count) or table.behind(row, column)["narrative_id"].nunique() == count


def test_tables_that_cannot_be_made():
    for more in (
        {"relation": "naast"},
        {"unit": "alinea"},
        {"columns": "text"},
        {"columns": "theme"},
        {"rows": "coder", "columns": "coder"},
    ):
        with pytest.raises(InputError, match="kan hier niet"):
            wa.cross_tabulate(corpus(), codings(), **more)
    with pytest.raises(InputError, match="‘buurt’ staat niet in de tabel"):
        wa.cross_tabulate(corpus(), codings()).behind("buurt", "geld")


def test_outside_the_gate_counts_for_itself():
    many = make_corpus(["Geld is op."] * 24, perspective=["inwoner"] * 20 + ["professional"] * 4)
    coded = pd.DataFrame(
        {"narrative_id": many.frame["narrative_id"], "coder": "An", "code": "geld", "start": 0, "end": 4}
    )
    table = wa.cross_tabulate(many, coded, columns="perspective")
    assert table.frame.loc["geld", "professional"] == 4
    released = release_table(many, coded, rows="code", columns="perspective", audience=Audience.OUTSIDE)
    assert "professional" not in released.frame.columns or released.frame["professional"].isna().all()


SPAN = st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 12))


@given(
    st.text(st.sampled_from("abc .é😀\n"), min_size=45, max_size=45), st.lists(SPAN, min_size=1, max_size=8)
)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_places_and_meetings_are_those_of_single_characters(text, spans):
    one = make_corpus([text])
    rows = [("v000", "An", code, first, first + length) for code, first, length in sorted(set(spans))]
    coded = pd.DataFrame(rows, columns=["narrative_id", "coder", "code", "start", "end"])
    frame = wa.retrieve(one, coded)
    for row in frame.itertuples():
        assert row.quote == text[row.start : row.end]
        assert row.quote.strip() in row.context
    sets = [(code, set(range(a, b))) for _, _, code, a, b in rows]
    for relation, meets in {
        "overlap": lambda x, y: bool(x & y),
        "binnen": lambda x, y: x <= y,
        "nabij": lambda x, y: bool({p + d for p in x for d in range(-4, 5)} & y),
    }.items():
        table = wa.cross_tabulate(one, coded, relation=relation, near=3, unit="fragment")
        if set(coded["code"]) == {"a", "b"}:
            expected = {
                min(x) * 100 + max(x)
                for code, x in sets
                if code == "a"
                for other, y in sets
                if other == "b" and meets(x, y)
            }
            assert table.frame.loc["a", "b"] == len(expected)
