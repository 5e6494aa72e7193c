"""What is set apart, and what is not."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.loaders.test_load_narratives import stories, whats, write
from wijkanalyse.errors import InputError
from wijkanalyse.language import first_copies
from wijkanalyse.loaders import load_narratives
from wijkanalyse.loaders.set_apart import (
    KEY,
    SHARE,
    _alike,
    _keys,
    _near_copies,
    find_stories,
    plain,
    plain_each,
)

ENGLISH = "The lady at the desk was very kind to me and she told me what I had to do with all of the letters from my landlord."
TURKISH = "Ben çok yalnız kaldım ama komşum bana yardım etti ve bu benim için çok iyi oldu çünkü ben burada kimse bilmiyorum."
ARABIC = "كنت وحدي في البيت ثم جاءت إلى هذا المكان من كان معي في هذه المدينة وقالت لي إن كل شيء على ما يرام"
FRISIAN = "Ik wie by it loket en dy frou sei dat ik werom komme moast, mar it wie net maklik en ik hie gjin jild foar de bus."
MIXED = "Mi a bai na loket y nan a bisa mi dat ik terug moest komen, maar niemand wist waar het formulier was voor mij."


def reasons(texts, tellers=None, keep=()):
    kept, counts, _ = find_stories(texts, tellers or [""] * len(texts), keep)
    assert len(texts) == sum(kept) + sum(counts.values())
    return kept, counts


@pytest.fixture(scope="module")
def story():
    return max(wa.load_sample().frame["text"], key=len)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("e", "é", 2),
        lambda text: f"{text}\nPS: dank voor het lezen.",
        lambda text: f"Hallo. {text} Groet.",
        lambda text: re.sub(r"\. ", " . ", text, count=2),
        lambda text: text.replace(" ik ", " ik zelf ", 1),
    ],
)
def test_a_story_sent_again_with_a_small_change_counts_once_and_the_longest_stays(story, change):
    texts = [story, change(story)]
    kept, counts = reasons(texts)
    assert counts == {"bijna dubbel": 1}
    assert len(texts[kept.index(True)]) == max(map(len, texts))
    assert reasons(texts, keep=["bijna dubbel"]) == ([True, True], {})


def test_two_tellers_who_tell_the_same_are_two_voices(tmp_path, story):
    assert reasons([story, story, f"{story} PS."], ["a", "b", "b"]) == (
        [True, False, True],
        {"bijna dubbel": 1},
    )
    rows = [["Verteller", "Verhaal"], ["R-1", story], ["R-2", story], ["R-2", story]]
    corpus = load_narratives(write(tmp_path, rows))
    frame = corpus.frame
    assert "letterlijk gelijk aan een verhaal van een ander, en toch gebleven: 1" in whats(corpus)
    assert sorted(frame["teller_id"]) == ["R-1", "R-2"]
    assert frame["narrative_id"].nunique() == 2


def test_no_story_of_the_sample_is_set_apart_also_under_a_standard_opening():
    texts = list(wa.load_sample().frame["text"])
    assert reasons(texts) == ([True] * len(texts), {})
    opening = (
        "Wat ik vertel gaat over het wijkteam bij ons in de buurt en over wat er dit jaar gebeurde met mij. "
        * 2
    )
    opened = [opening + text for text in texts if len(text) > len(opening)]
    assert all(reasons(opened)[0])


def test_near_copies_are_the_same_however_the_file_is_shuffled(tmp_path):
    texts = list(wa.load_sample().frame["text"])
    rows = [[text, "rood"] for text in [*texts, *(f"{text} PS: dank." for text in texts[:40])]]
    shuffled = random.Random(1).sample(rows, len(rows))
    one, two = (
        load_narratives(write(tmp_path, [["Verhaal", "kleur"], *order])) for order in (rows, shuffled)
    )
    assert one.provenance.corpus_hash == two.provenance.corpus_hash
    assert one.check_report.set_apart["bijna dubbel"] > 30


@pytest.mark.parametrize(
    "text",
    ["test", "Test 2", "Dit is een test.", "even testen of het werkt", "asdf asdf", "qwertyuiop", "hahaha", "zzzz"],
)  # fmt: skip
def test_what_was_typed_to_try_the_form(text):
    assert reasons([text]) == ([False], {"proefinvoer zoals ‘dit is een test’": 1})
    assert reasons([text], keep=["proefinvoer"])[0] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Het was een test van mijn geduld.", "Testen bij de GGD", "De vlag hing halfstok, dag lag daar glas", "mama en papa",
        "Lorem is de naam van mijn hond", "Als sjaal had hij glas",
    ],
)  # fmt: skip
def test_a_short_story_is_no_test(text):
    assert reasons([text])[0] == [True]


@pytest.mark.parametrize("text", [ENGLISH, TURKISH, ARABIC])
def test_another_language_is_set_apart_with_how_to_keep_it(tmp_path, story, text):
    path = write(tmp_path, stories(story, "Ik was blij met de hulp van het team.", "Niemand kwam.", text))
    corpus = load_narratives(path)
    assert corpus.check_report.set_apart == {"niet Nederlands": 1}
    said = next(guess for guess in corpus.check_report.guesses if "niet in het Nederlands" in guess.what)
    assert '--houd "niet Nederlands" of keep=["niet Nederlands"]' in said.overrule
    assert len(load_narratives(path, keep=["niet Nederlands"])) == 4


@pytest.mark.parametrize("text", [FRISIAN, MIXED, "Thank you very much", "İyi"])
def test_frisian_mixed_and_short_texts_stay(story, text):
    assert reasons([story, text, "Ik was blij."])[0] == [True] * 3


def test_a_corpus_in_another_language_is_not_set_apart_from_itself(story):
    kept, counts, said = find_stories([ENGLISH, TURKISH, story], [""] * 3)
    assert (kept, counts) == ([True] * 3, {})
    assert said[0].what == "niet in het Nederlands: 1 Engels en 1 Turks. Maskeren kent alleen Nederlands"


@pytest.mark.parametrize("keep", ["bijna dubbel", ["lege rij"], ["iets"]])
def test_what_cannot_be_kept(tmp_path, keep):
    with pytest.raises(InputError, match="Wat niet apart gezet moet worden, is niet te begrijpen"):
        load_narratives(write(tmp_path, stories(ENGLISH)), keep=keep)


def test_the_report_of_copies_and_tests(tmp_path, story):
    corpus = load_narratives(write(tmp_path, stories(story, f"{story} PS.", "test")))
    assert "1 keer proefinvoer" in whats(corpus)
    assert any(what.startswith("1 verhalen zijn bijna gelijk") for what in whats(corpus))


ODD = st.sampled_from(
    [
        "ß",
        "É",
        "İ",
        "ﬁ",
        "\u2028",
        "\x0b",
        "\x1c",
        "\x1f",
        "\x00",
        "\r\n",
        "\n\n",
        "\xa0",
        "\u200b",
        "\ud800",
        "😀",
        "  ",
    ]
)


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=5), ODD), max_size=5).map(lambda parts: "".join(parts).strip())
    )
)
def test_many_texts_at_a_time_are_compared_as_one_by_one(texts):
    assert list(plain_each(texts)) == list(map(plain, texts))
    assert list(plain_each(texts * 200)) == list(map(plain, texts * 200))


# Pieces that come back, so that texts share a begin, a middle or an end, short and long.
PIECES = st.sampled_from(
    ["een brief. ", "de buurvrouw belde. ", "ik " * 30, "Toen. ", "x", "en wat er daarna nog kwam " * 4]
)


@given(
    st.lists(st.lists(PIECES, min_size=1, max_size=12).map(lambda parts: "".join(parts).strip()), max_size=12)
)
def test_only_stories_that_can_be_near_copies_are_compared_and_none_is_missed(texts):
    keys = [(_keys(plain(text)), row) for row, text in enumerate(texts)]
    everything = [row for row, text in enumerate(texts) if _near_in_full(texts, keys, row)]
    close = [row for row in range(len(texts)) if row in everything]
    found = first_copies(
        [plain(texts[row]).split() for row in sorted(close, key=lambda row: (-len(texts[row]), row))]
    )
    order = sorted(close, key=lambda row: (-len(texts[row]), row))
    expected = [row for number, row in enumerate(order) if found[number] != number]
    assert _near_copies(texts, [""] * len(texts), keys) == expected


def _near_in_full(texts, keys, row):
    """Tell whether a neighbour in the alphabet of all keys is close: what the quick look may not change."""
    for part in range(3):
        ordered = sorted((key[part], number) for key, number in keys)
        for (one, first), (other, second) in pairwise(ordered):
            size = min(KEY, len(texts[first]) // SHARE, len(texts[second]) // SHARE)
            alike = (
                len(one) >= size > 1 and one.startswith(other[:size]) and _alike(texts[first], texts[second])
            )
            if row in (first, second) and one[:2] == other[:2] and alike:
                return True
    return False
