"""Several files as one corpus."""

from __future__ import annotations

import pytest

from tests.loaders.test_load_narratives import ONE, THREE, TWO, whats, write
from tests.loaders.test_tabular import as_book
from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import load_narratives


@pytest.fixture
def files(tmp_path):
    table = write(
        tmp_path, [["nr", "Uw verhaal", "Ik ben"], ["1", ONE, "inwoner"], ["2", "", "inwoner"]], "a.csv"
    )
    book = as_book(
        tmp_path / "b.xlsx", Blad1=[["NR", "Wat gebeurde er?", "Team"], ["3", TWO, "Oost"], ["4", ONE, ""]]
    )
    return [table, book]


def test_columns_of_the_same_name_are_one_and_the_file_is_a_column(files):
    corpus = load_narratives(files)
    frame = corpus.frame.set_index("narrative_id").fillna("")
    assert frame["text"].to_dict() == {"1": ONE, "3": TWO}
    assert frame["source_file"].to_dict() == {"1": "a.csv", "3": "b.xlsx"}
    assert frame["perspective"].to_dict() == {"1": "inwoner", "3": ""}
    assert frame["organisation"].to_dict() == {"1": "", "3": "Oost"}
    assert corpus.spec("source_file").role is Role.CONTEXT
    report = corpus.check_report
    assert (report.n_read, report.n_kept) == (4, 2)
    assert report.n_by_file == {"1. a.csv": 2, "2. b.xlsx": 2}
    assert report.set_apart == {"lege rij": 1, "letterlijk dubbel": 1}
    assert "a.csv: scheidingsteken ‘;’, tekenset UTF-8" in {guess.what for guess in report.guesses}
    assert corpus.provenance.source == "a.csv, b.xlsx"


def test_all_problems_of_all_files_in_one_message(tmp_path, files):
    broken = tmp_path / "stuk.xlsx"
    broken.write_bytes(b"")
    with pytest.raises(InputError) as caught:
        load_narratives([*files, broken, tmp_path / "weg.csv"])
    assert [problem.where for problem in caught.value.problems] == ["stuk.xlsx", str(tmp_path / "weg.csv")]


def test_a_story_column_that_one_file_lacks(files):
    with pytest.raises(InputError, match="Er is geen kolom ‘Uw verhaal’") as caught:
        load_narratives(files, text="Uw verhaal")
    assert caught.value.problems[0].where == "b.xlsx"


def test_documents_and_a_table(tmp_path, files):
    (tmp_path / "gesprek.txt").write_text(THREE, encoding="utf-8")
    corpus = load_narratives([files[0], tmp_path / "gesprek.txt"])
    assert set(corpus.frame["text"]) == {ONE, THREE}
    assert set(corpus.frame["source_file"]) == {"a.csv", "bestand 2"}  # a document is called after who tells
    assert "stukken gelezen" in str(corpus.check_report)
    alone = load_narratives(tmp_path / "gesprek.txt")
    assert "documenten gelezen 1" in str(alone.check_report)


def test_a_mapping_for_several_files(tmp_path, files):
    again = write(tmp_path, [["nr", "Uw verhaal", "Ik ben"], ["5", THREE, "inwoner"]], "c.csv")
    mapping = tmp_path / "koppeling.yaml"
    mapping.write_text(
        "kolommen:\n  - {kolom: Uw verhaal, rol: text}\n  - {kolom: nr, rol: narrative_id}\n", "utf-8"
    )
    corpus = load_narratives([files[0], again], mapping=mapping)
    assert list(corpus.frame["narrative_id"]) == ["1", "5"]


def test_a_column_that_one_file_lacks_is_named_with_the_file(tmp_path, files):
    assert "b.xlsx heeft niet: ‘Ik ben’; dat blijft daar leeg" in whats(load_narratives(files))
    again = write(tmp_path, [["NR", "Uw verhaal", "Ik bèn"], ["5", THREE, "inwoner"]], "c.csv")
    mapping = tmp_path / "koppeling.yaml"
    entries = [
        "{kolom: Uw verhaal, rol: text}",
        "{kolom: nr, rol: narrative_id}",
        "{kolom: Ik ben, rol: perspective}",
    ]
    mapping.write_text("kolommen:\n" + "".join(f"  - {entry}\n" for entry in entries), "utf-8")
    corpus = load_narratives([files[0], again], mapping=mapping)
    assert "c.csv heeft niet: ‘Ik ben’; dat blijft daar leeg" in whats(corpus)
    assert not any(what.startswith("a.csv heeft niet") for what in whats(corpus))
    with pytest.raises(
        InputError, match="De kolom met verhalen uit de koppeling staat niet in dit bestand"
    ) as caught:
        load_narratives(files, mapping=mapping)
    assert [(problem.where, problem.expected) for problem in caught.value.problems] == [
        ("b.xlsx", "‘Uw verhaal’")
    ]


def test_what_is_true_of_every_file_is_said_once(tmp_path):
    paths = [
        write(tmp_path, [["nr", "Uw verhaal"], [name, text]], f"{name}.csv")
        for name, text in [("a1", ONE), ("b2", TWO)]
    ]
    said = whats(load_narratives(paths))
    assert "elk bestand: scheidingsteken ‘;’, tekenset UTF-8" in said
    assert len(set(said)) == len(said)


def test_no_file_at_all():
    with pytest.raises(InputError, match="Er is geen bestand genoemd"):
        load_narratives([])
