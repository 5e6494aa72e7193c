"""The table of codings: every number opens its quotes, and what is saved goes through the gate."""

from __future__ import annotations

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import ColumnSpec, PrivacyStatus, Role
from wijkanalyse.errors import PrivacyError
from wijkanalyse.widgets.coding_table import NOTHING

SCHEME = Scheme(
    name="eigen", title="Eigen", version="1", source="zelf",
    codes=(
        Code(code="geld", name="Geld", definition="Over geld."),
        Code(code="schuld", name="Schuld", definition="Niet kunnen betalen.", parent="geld"),
        Code(code="wonen", name="Een plek", definition="Over wonen."),
    ),
)  # fmt: skip
TEXTS = ["Ik had geen geld. De huur was hoog.", "De schuld groeide.", "Niets aan de hand."]


def make(status: PrivacyStatus = PrivacyStatus.REVIEWED):
    corpus = make_corpus(
        TEXTS, status=status, title=["Krap", None, ""], perspective=["inwoner", "professional", "inwoner"]
    )
    specs = (
        *(spec for spec in corpus.columns if spec.role != Role.PERSPECTIVE),
        ColumnSpec(name="perspective", label="Perspectief", role=Role.PERSPECTIVE, dtype="category"),
    )
    return corpus.with_changes(step="", columns=specs)


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        wa.keep_scheme(project, SCHEME)
        yield project


@pytest.fixture
def table(project):
    corpus = make()
    wa.add_coding(project, corpus, "v000", "geld", 12, 16)
    wa.write_memo(project, "Hoeveel?", corpus=corpus, narrative_id="v000", start=12, end=16, code="geld")
    wa.add_coding(project, corpus, "v000", "wonen", 18, 35, coder="Ali")
    wa.add_coding(project, corpus, "v001", "schuld", 3, 9)
    wa.add_coding(project, corpus, "v001", "wonen", coder="Ali")
    return wa.coding_table(corpus, SCHEME, project=project)


def numbers(table) -> dict[str, str]:
    return {cell["key"]: cell["text"] for row in table.cross._page["rows"] for cell in row[1:]}


def press(table, key: str) -> None:
    table.cross._receive(table.cross, {"type": "choose", "key": key}, [])


def quotes(table) -> list[list[str]]:
    return [[row[0], row[1], row[3]["text"]] for row in table.quotes._page["rows"]]


def test_a_number_stands_beside_what_it_is_of_and_opens_its_quotes(table):
    assert table.cross._page["header"] == [
        "Code",
        "inwoner\nvan 1",
        "professional\nvan 1",
        "in totaal\nvan 2",
    ]
    assert numbers(table)["wonen\tin totaal"] == "2"
    assert table.status.text == "4 van de 4 coderingen."
    press(table, "wonen\tinwoner")
    assert quotes(table) == [["v000 Krap", "Een plek", "De huur was hoog."]]
    assert table.status.text == "1 van de 4 coderingen bij Een plek × inwoner."
    press(table, "schuld\tinwoner")
    assert quotes(table) == []
    press(table, "schuld\tinwoner")
    assert table.cross.chosen == ""
    assert len(quotes(table)) == 4


def test_every_number_opens_as_many_stories(table):
    for column in ("perspective", "coder", "code"):
        table.beside.value = column
        for key, text in numbers(table).items():
            press(table, key)
            assert text in ("", str(table.selected["narrative_id"].nunique())), key


def test_a_quote_opens_to_what_stands_around_it_and_a_whole_story_to_its_text(table):
    shown = [row[3] for row in table.quotes._page["rows"]]
    assert shown == [
        {"text": "geld", "more": "Ik had geen geld."}, {"text": "De huur was hoog.", "more": "De huur was hoog."},
        {"text": "het hele verhaal", "more": "De schuld groeide."}, {"text": "schuld", "more": "De schuld groeide."},
    ]  # fmt: skip


def test_filters_by_code_word_story_and_coder(table):
    table.code.value = "geld"
    assert [row[1] for row in quotes(table)] == ["Geld", "Schuld"]
    table.words.value = "hoeveel"
    assert [row[2] for row in quotes(table)] == ["geld"]
    table.code.value, table.words.value = "", "v001"
    assert [row[0] for row in quotes(table)] == ["v001", "v001"]
    table.words.value, table.coder.value = "", "Ali"
    assert {row[2] for row in table.quotes._page["rows"]} == {"Ali"}
    assert numbers(table)["wonen\tin totaal"] == "2"


def test_what_is_coded_later_is_there_when_somebody_asks(table, project):
    wa.code_in_vivo(project, make(), "v002", 0, 5, scheme="eigen")
    next(each for each in table._buttons if each.description == "Lees opnieuw").click()
    assert ["v002", "Niets", "Niets"] in quotes(table)


def test_before_anybody_coded_it_says_so(project):
    table = wa.coding_table(make(), SCHEME, project=project)
    assert table.status.text == NOTHING
    assert table.selected.empty


def test_codes_beside_themes(project):
    import pandas as pd

    wa.add_coding(project, make(), "v000", "geld", 12, 16)
    themes = pd.DataFrame({"narrative_id": ["v000", "v001", "v002"], "theme_id": [0, 1, -1]})
    table = wa.coding_table(make(), SCHEME, project=project, themes=themes)
    table.beside.value = "theme"
    assert numbers(table)["geld\tthema 0"] == "1"


def test_files_and_what_may_not_leave(table, project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wa.write_memo(project, "Over de code.", code="geld")
    for button in table._buttons[:3]:
        button.click()
        assert table.status.text.startswith("Bewaard: uitvoer/coderingen"), button.description
    assert sorted(path.suffix for path in (tmp_path / "uitvoer").iterdir()) == [".docx", ".qdpx", ".xlsx"]
    masked = wa.coding_table(make(PrivacyStatus.MASKED), SCHEME, project=project)
    masked._buttons[0].click()
    assert "nagekeken" in masked.status.problems[0]["expected"] + masked.status.problems[0]["now"]
    masked.audience.value = "werkbank"
    masked._buttons[0].click()
    assert masked.status.text.startswith("Bewaard")
    with pytest.raises(PrivacyError):
        wa.coding_table(make(PrivacyStatus.RAW), SCHEME, project=project)


def test_no_word_of_a_story_is_state_of_a_widget(table):
    state = f"{table.cross.get_state()}{table.quotes.get_state()}{table!r}{table.quotes!r}"
    assert "geld." not in state.replace(str(table.quotes._esm), "")
    assert "huur" not in state


def test_many_quotes_are_cut_off_and_it_says_so(table, monkeypatch):
    monkeypatch.setattr("wijkanalyse.widgets.coding_table.SHOWN", 2)
    table.words.value = "e"
    assert len(quotes(table)) == 2
    assert table.status.text == "3 van de 4 coderingen. De eerste 2 staan hier."
