"""Numbers of stories and tellers."""

from __future__ import annotations

import pytest

from tests.loaders.test_load_narratives import ONE, THREE, TWO, load, stories, whats


def test_ids_come_from_the_text_when_there_is_no_id_column(tmp_path):
    corpus = load(tmp_path, stories(ONE, TWO))
    assert corpus.frame["narrative_id"].str.fullmatch(r"v[0-9a-f]{10}").all()
    assert list(corpus.frame["teller_id"]) == [f"t-{one}" for one in corpus.frame["narrative_id"]]


def test_a_grown_and_shuffled_file_keeps_its_ids(tmp_path):
    before = load(tmp_path, stories(ONE, TWO)).frame.set_index("text")["narrative_id"]
    after = load(tmp_path, stories(THREE, TWO, "", ONE)).frame.set_index("text")["narrative_id"]
    assert dict(after[before.index]) == dict(before)


def test_an_empty_id_cell_is_filled_from_the_text(tmp_path):
    rows = [["id", "Verteller", "Verhaal"], ["V1", "R-1", ONE], ["", "", TWO], ["", "", THREE]]
    frame = load(tmp_path, rows).frame.set_index("text")
    from_text = load(tmp_path, stories(ONE, TWO, THREE)).frame.set_index("text")
    assert frame.loc[ONE, "narrative_id"] == "V1"
    assert frame.loc[ONE, "teller_id"] == "R-1"
    for text in (TWO, THREE):
        assert frame.loc[text, "narrative_id"] == from_text.loc[text, "narrative_id"]
        assert frame.loc[text, "teller_id"] == from_text.loc[text, "teller_id"]


def test_a_repeated_id_costs_only_its_own_stories_their_id(tmp_path):
    rows = [["id", "Verhaal"], ["V1", ONE], ["V2", TWO], ["V2", THREE]]
    corpus = load(tmp_path, rows)
    from_text = load(tmp_path, stories(ONE, TWO, THREE)).frame.set_index("text")["narrative_id"]
    ids = corpus.frame.set_index("text")["narrative_id"]
    assert ids[ONE] == "V1"
    assert (ids[TWO], ids[THREE]) == (from_text[TWO], from_text[THREE])
    assert "1 verhaalnummers komen vaker voor; hun 2 verhalen kregen een nummer uit de tekst" in whats(corpus)


@pytest.mark.parametrize(
    "code", ["R-1006", "12", "P003", "t12", "resp12", "12-b", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"]
)
def test_a_code_of_a_teller_stays(tmp_path, code):
    assert load(tmp_path, [["Verteller", "Verhaal"], [code, ONE]]).frame["teller_id"][0] == code


@pytest.mark.parametrize(
    "name",
    [
        "Anna",
        "Anna 62",
        "Jan de Vries",
        "0612345678",
        "06-12345678",
        "123456782",
        "1980-05-12",
        "a@b.nl",
        "Abeba-Ada",
    ],
)
def test_a_name_or_number_of_a_teller_becomes_a_code(tmp_path, name):
    rows = [["Verteller", "Verhaal"], [name, ONE], [f"{name.upper()} ", TWO], ["Anders", THREE]]
    corpus = load(tmp_path, rows)
    tellers = corpus.frame.set_index("text")["teller_id"]
    ids = corpus.frame.set_index("text")["narrative_id"]
    assert tellers[ONE] == tellers[TWO] == f"t-{min(ids[ONE], ids[TWO])}"
    assert tellers[THREE] == f"t-{ids[THREE]}"
    assert corpus.n_tellers == 2
