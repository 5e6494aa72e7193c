"""The sample is what it says it is."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

import wijkanalyse as wa
from wijkanalyse.loaders import SAMPLE_FOLDER

OPGAVEN = ("bestaanszekerheid", "kansengelijkheid", "veiligheid", "sociale-verbanden")


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE_FOLDER / "goud" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def raw():
    return wa.load_sample(raw=True)


@pytest.fixture(scope="module")
def spans():
    found = defaultdict(list)
    for row in rows("plekken.csv"):
        found[row["narrative_id"]].append(
            (int(row["start"]), int(row["end"]), row["kind"], row["placeholder"])
        )
    return found


def texts(corpus) -> dict[str, str]:
    return dict(zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True))


def test_counts(sample, raw):
    assert len(sample) == len(raw) >= 240
    assert 170 <= sample.n_tellers <= 200
    per_teller = sample.frame["teller_id"].value_counts()
    assert (per_teller > 1).sum() >= 30


def test_lengths(sample):
    words = sample.frame["text"].str.split().str.len()
    assert words.between(60, 250).mean() > 0.7
    assert (words <= 35).sum() >= 5
    assert (words >= 350).sum() >= 5
    assert words.max() <= 520


def test_no_two_stories_share_their_wording(sample):
    grams = {}
    for narrative_id, text in texts(sample).items():
        words = re.findall(r"\w+", text.lower())
        grams[narrative_id] = {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    shared: Counter[tuple[str, str]] = Counter()
    where = defaultdict(list)
    for narrative_id, found in grams.items():
        for gram in found:
            where[gram].append(narrative_id)
    for ids in where.values():
        for i, a in enumerate(ids):
            shared.update((a, b) for b in ids[:i])
    assert max(n / min(len(grams[a]), len(grams[b])) for (a, b), n in shared.items()) < 0.03


def test_voices(sample):
    share = sample.frame["perspective"].value_counts(normalize=True)
    assert share["inwoner"] > 1 / 3
    assert set(share.index) == {
        "inwoner", "mantelzorger", "jongere", "vrijwilliger", "wijkteam", "school", "huisartsenpraktijk", "beleid",
    }  # fmt: skip
    assert sample.frame["organisation"].nunique() == 9
    assert sample.frame["month"].nunique() == 18


def test_a_teller_keeps_the_same_attributes(sample):
    for column in ("perspective", "age_band", "living_situation", "municipality_kind", "organisation"):
        assert sample.frame.groupby("teller_id")[column].nunique(dropna=False).max() == 1


def test_some_answers_are_missing(sample):
    for column in (
        "age_band",
        "living_situation",
        "organisation",
        "about_income",
        "dyad_help",
        "feeling",
        "seen_1_to_5",
    ):
        assert 0 < sample.frame[column].isna().mean() < 0.3, column


def test_triads_sum_to_one_and_dyads_lie_between(sample):
    for names in (
        ["about_income", "about_taking_part", "about_safety"],
        ["difference_people", "difference_rules", "difference_chance"],
    ):
        answered = sample.frame[names].dropna(how="all")
        assert answered.notna().all().all()
        assert answered.sum(axis=1).to_numpy() == pytest.approx(1.0)
    for name in ("dyad_help", "dyad_rules", "dyad_together"):
        assert sample.frame[name].dropna().between(0, 1).all()


def test_gold_offsets_reproduce_the_masked_text(raw, sample, spans):
    masked = texts(sample)
    for narrative_id, text in texts(raw).items():
        out, position = "", 0
        for (start, end, kind, placeholder), following in pairwise(
            [*spans[narrative_id], (len(text) + 1, 0, "", "")]
        ):
            assert position <= start < end <= len(text)
            assert end <= following[0]
            before = text[position:start]
            if kind == "persoon":
                role = re.escape(placeholder.strip("[]").rsplit(" ", 1)[0])
                before = re.sub(rf"(?i)(?<!\w){role}\s$", "", before)
            out, position = out + before + placeholder, end
        assert out + text[position:] == masked[narrative_id], narrative_id


def test_no_masked_story_holds_its_own_identifiers(raw, sample, spans):
    masked = texts(sample)
    for narrative_id, text in texts(raw).items():
        for start, end, kind, _ in spans[narrative_id]:
            value = text[start:end]
            if kind == "leeftijd" or len(value) < 4 or value.lower() in ORDINARY:
                continue
            assert not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", masked[narrative_id]), (
                narrative_id,
                kind,
            )


#: Names in the sample that are everyday words too; they may stand in the text as a word.
ORDINARY = {"storm", "mooi", "bos", "groen", "roos"}


def test_gold_of_opgaven_and_what_lies_outside(sample):
    gold = rows("duiding.csv")
    assert {row["narrative_id"] for row in gold} == set(sample.frame["narrative_id"])
    assert sum(row["buiten_kader"] == "1" for row in gold) >= 25
    for name in OPGAVEN:
        assert sum(row[name] == "1" for row in gold) >= 35
    assert sum(sum(row[name] == "1" for name in OPGAVEN) >= 2 for row in gold) >= 25
    assert all(bool(row["emergent"]) == (row["buiten_kader"] == "1") for row in gold)


def test_two_coders_differ_and_quote_what_they_coded(sample):
    text = texts(sample)
    codings = rows("coderingen.csv")
    assert len({row["narrative_id"] for row in codings}) <= 60
    by_story = defaultdict(lambda: defaultdict(set))
    for row in codings:
        start, end = int(row["start"]), int(row["end"])
        assert text[row["narrative_id"]][start:end] == row["quote"]
        assert row["code"] in OPGAVEN
        by_story[row["narrative_id"]][row["coder"]].add(row["code"])
    assert {row["coder"] for row in codings} == {"A", "B"}
    same = sum(codes["A"] == codes["B"] for codes in by_story.values())
    assert 0.2 < same / len(by_story) < 0.9


def test_bsn_in_the_sample_belong_to_nobody(raw, spans):
    from stdnum.nl import bsn

    text = texts(raw)
    values = [
        re.sub(r"\D", "", text[narrative_id][start:end])
        for narrative_id, found in spans.items()
        for start, end, kind, _ in found
        if kind == "bsn"
    ]
    assert any(bsn.is_valid(value) for value in values)
    assert any(not bsn.is_valid(value) for value in values)
    # The range 99999… is kept for tests.
    assert all(value.startswith("99999") for value in values if bsn.is_valid(value))


def test_data_dictionary_in_the_readme_is_the_one_of_the_specs(sample):
    page = (SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")
    for spec in sample.columns:
        assert f"| `{spec.name}` | {spec.label} | {spec.role} |" in page
