"""Where in a document a story begins, and whose turn it is."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.loaders.test_documents import MARKER, NAME, ONE, THREE, TWO, texts, told, whats, write
from wijkanalyse.errors import InputError
from wijkanalyse.loaders import document_text
from wijkanalyse.loaders.document_stories import only_the_teller, split_lines, turns
from wijkanalyse.loaders.documents import read_documents

# Where a story begins.


def test_headings_and_lines_split_a_document(tmp_path):
    heads = tmp_path / "a.md"
    heads.write_text(f"vooraf\n# Een\n{ONE}\n## klein\nmeer\n# Twee\n{TWO}\n", encoding="utf-8")
    table = read_documents(heads)
    assert told(table) == {"Een": f"{ONE}\nklein\nmeer", "Twee": TWO}
    assert table.set_apart == {"tekst boven de eerste kop": 1}
    assert "gesplitst op koppen" in whats(table)
    rules = tmp_path / "b.txt"
    rules.write_text(f"{ONE}\n\n* * *\n{TWO}\n-----\n{THREE}\n---\n", encoding="utf-8")
    assert texts(read_documents(rules)) == sorted([ONE, TWO, THREE])
    assert "gesplitst op een lijn" in whats(read_documents(rules))
    assert len(read_documents(rules, "niet").rows) == 1
    numbered = tmp_path / "c.txt"
    numbered.write_text(f"Verhaal 1\n{ONE}\nVerhaal 2: geld\n{TWO}", encoding="utf-8")
    assert told(read_documents(numbered)) == {"Verhaal 1": ONE, "Verhaal 2: geld": TWO}


def test_the_headings_of_a_form_do_not_split(tmp_path):
    form = f"# Wat gebeurde er?\n{ONE}\n# Wat deed dat met u?\n{TWO}"
    folder = write(tmp_path / "m", a__md=form, b__md=form.replace("loket", "huis"))
    assert len(read_documents(folder).rows) == 2
    assert len(wa.load_narratives(folder, split="niet")) == 2


def test_short_parts_do_not_split_unless_asked_for(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# A\nkort\n# B\nook kort", encoding="utf-8")
    assert len(read_documents(path).rows) == 1
    assert told(read_documents(path, "koppen")) == {"A": "kort", "B": "ook kort"}


def test_a_way_to_split_that_is_none(tmp_path):
    with pytest.raises(InputError, match="Zo kan een document niet gesplitst worden"):
        wa.load_narratives(write(tmp_path / "m", a__txt=ONE), split="zin")


WORDS = st.text("abcdé? .:", min_size=0, max_size=30)
LINES = st.lists(
    st.one_of(
        WORDS.map(lambda text: (0, text)),
        WORDS.map(lambda text: (1, text)),
        st.sampled_from([(0, "---"), (0, "* * *"), (2, "Kop"), (0, "Verhaal 3"), (0, ONE)]),
    ),
    max_size=12,
)


@settings(derandomize=True, deadline=None)
@given(LINES, st.sampled_from([None, "koppen", "lijn", "niet"]))
def test_splitting_loses_nothing(lines, how):
    kind, above, parts = split_lines(lines, how)
    again = [word for _, text in above for word in text.split()]
    for heading, part in parts:
        again += [word for text in (heading, *(text for _, text in part)) for word in text.split()]
    drawn = kind == "lijn"
    whole = [
        word
        for _, text in lines
        if not (drawn and document_text.RULE.fullmatch(text))
        for word in text.split()
    ]
    assert again == whole


SPEECH = st.lists(
    st.tuples(st.sampled_from(["I: ", "R: ", "R2: ", "Jan: ", "[00:01:02] I: ", "Kortom: ", ""]), WORDS),
    max_size=15,
)


@settings(derandomize=True, deadline=None)
@given(SPEECH)
def test_turns_lose_nothing(spoken):
    lines = [(0, f"{who}{said}") for who, said in spoken]
    found = turns(lines)
    if not found:
        assert only_the_teller(lines, Counter()) == "\n".join(text for _, text in lines).strip()
        return
    whole = " ".join(text for _, text in lines).split()
    again = [word for who, said in found for word in said.split()]
    missing = Counter(whole) - Counter(again)
    assert not Counter(again) - Counter(whole)
    assert all(word.endswith(":") or re.fullmatch(r"\[.*\]", word) for word in missing)


# Conversations.


def conversation(*spoken: str) -> tuple[str, Counter[str]]:
    happened: Counter[str] = Counter()
    return only_the_teller([(0, line) for line in spoken], happened), +happened


@pytest.mark.parametrize(
    ("asks", "tells"),
    [
        ("I", "R"),
        ("Interviewer", "Respondent"),
        ("i1", "Geïnterviewde"),
        ("**I", "**R"),
        ("[00:12] I", "0:01:02 R"),
    ],
)
def test_only_the_turns_of_the_teller(asks, tells):
    story, happened = conversation("Opname 3", f"{asks}: Hoe gaat het?", f"{tells}: {ONE}", "En verder.", f"{asks}: Ja?", f"{tells}: {TWO}")  # fmt: skip
    assert story == f"{ONE}\nEn verder.\n{TWO}"
    assert happened == {"gesprek": 1, "vragen": 2, "aanhef": 1}


def test_names_for_the_turns():
    asked = [f"{NAME}: Hoe ging dat?", f"Bo: {ONE}", f"{NAME}: En toen?", f"Bo: {TWO}"]
    assert conversation(*asked) == (f"{ONE}\n{TWO}", {"gesprek": 1, "geraden": 1, "vragen": 2})
    unclear = [line.replace("?", ".") for line in asked]
    assert conversation(*unclear) == ("\n".join(unclear), {"onduidelijk": 1})


def test_several_tellers_and_one_who_asks():
    story, happened = conversation("I: Hoe was het?", f"R1: {ONE}", f"R2: {TWO}")
    assert story == f"{ONE}\n{TWO}"
    assert happened["meer"] == 1


def test_a_colon_makes_no_conversation():
    for lines in (
        ["Kortom: dat was het.", ONE],
        ["http://a: b", "http://a: c"],
        ["I: Hoe?", "I: Wat?", "I: Wie?", "I: En?"],
    ):
        assert conversation(*lines) == ("\n".join(lines), {})


def test_no_name_or_word_in_report_or_error(tmp_path):
    spoken = f"{NAME}: Hoe ging dat?\nBo: {ONE}\n{NAME}: En toen?\nBo: {TWO}"
    folder = write(tmp_path / "m", **{f"{NAME}__txt": spoken, f"{NAME}2__docx": b"stuk", "b__txt": THREE})
    corpus = wa.load_narratives(folder)
    shown = f"{corpus!r}{corpus.check_report}{corpus.provenance}{list(corpus.frame['narrative_id'])}"
    assert NAME not in shown
    assert MARKER not in shown
    assert "Bo" not in re.findall(r"\w+", shown)
    assert corpus.check_report.n_read == 3 == len(corpus) + 1
    (folder / f"{NAME}.txt").unlink()
    (folder / "b.txt").unlink()
    with pytest.raises(InputError) as caught:
        wa.load_narratives(folder)
    assert NAME not in f"{caught.value}{caught.value.__cause__!r}{caught.value.__context__!r}"
