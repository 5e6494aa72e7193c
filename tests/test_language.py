from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse import language
from wijkanalyse.language import (
    content_lemmas,
    content_words,
    first_copies,
    is_known,
    lemma,
    listing,
    other_language,
    sentences,
    spoken_words,
    stop_words,
)


def test_sentences_give_offsets_that_cut_the_text():
    text = "Ik belde. Niemand nam op! Waarom?"
    assert [text[start:end] for start, end in sentences(text)] == ["Ik belde.", "Niemand nam op!", "Waarom?"]
    assert sentences("") == []


def test_a_placeholder_is_never_cut():
    text = "Ma. [datum in de winter]. Ik liet het zakken. [buurjongen 1] ving het op. (Echt waar.)"
    assert [text[a:b].strip() for a, b in sentences(text)][1:] == [
        "[datum in de winter].", "Ik liet het zakken.", "[buurjongen 1] ving het op.", "(Echt waar.)",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_sentences_cover_any_text_in_order(text):
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_offsets_are_code_points_also_after_an_emoji():
    assert sentences("😀 ja hoor. Nee.") == [(0, 10), (11, 15)]


@pytest.mark.parametrize(
    ("word", "base"),
    [("schulden", "schuld"), ("buurman", "buurman"), ("gekregen", "krijgen"), ("buurvrouwen", "buurvrouw")],
)
def test_lemma(word, base):
    assert lemma(word) == base


def test_is_known_tells_words_from_names():
    assert is_known("schuld")
    assert is_known("buurvrouw")
    assert not is_known("qzxvwk")


def test_stop_words_hold_spacys_list_and_the_fillers_of_speech():
    assert {"de", "het", "eigenlijk", "mevrouw", "z'n"} <= stop_words()
    assert not {"schuld", "school", "huur", "eenzaam"} & stop_words()


def test_content_lemmas_leave_what_says_nothing():
    assert content_lemmas("Toen kreeg ik eigenlijk 3 aanmaningen, en de deurwaarder!") == [
        "aanmaning",
        "deurwaarder",
    ]
    assert content_lemmas("") == []
    assert content_lemmas("... 12 34 — ?!") == []


def test_content_lemmas_keep_order_and_repeats():
    assert content_lemmas("schuld school schuld") == ["schuld", "school", "schuld"]
    assert content_words("schuld school [buurvrouw 3] en schuld") == {"schuld", "school", "buurvrouw"}


def test_a_placeholder_counts_as_its_role_when_that_means_something():
    assert content_lemmas("[buurvrouw 3] betaalde de school") == ["buurvrouw", "betalen", "school"]
    assert content_lemmas("[Persoon 1] uit [straat] en [e-mail 2] over school") == ["school"]
    assert content_lemmas("[123] school [ naam]") == ["school"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_content_lemmas_are_never_stop_words_or_shorter_than_three(text):
    for base in content_lemmas(text):
        assert len(base) >= 3
        assert base not in stop_words()


def test_the_pipeline_is_made_once():
    assert language.pipeline() is language.pipeline()
    assert language.pipeline().pipe_names == ["sentencizer"]


@pytest.mark.parametrize(
    ("words", "text"),
    [(["brief"], "brief"), (["brief", "loket"], "brief en loket"), (("a", "b", "c"), "a, b en c")],
)
def test_listing_is_dutch(words, text):
    assert listing(words) == text


def test_words_come_as_written_and_with_their_lemma():
    assert spoken_words("De buren van [buurvrouw 3] belden") == [
        ("de", ""), ("buren", "buur"), ("van", ""), ("buurvrouw", "buurvrouw"), ("belden", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I went to the office and they told me that I had to wait for the letter.", "Engels"),
        ("Ich habe nicht gewusst, dass man das auch mit dem Amt machen kann.", "Duits"),
        ("Nous avons attendu très longtemps et personne ne nous a dit pourquoi ils sont partis.", "Frans"),
        ("Bu mahallede çok uzun zamandır oturuyoruz ama kimse bize bir şey demedi daha.", "Turks"),
        ("Nie wiem dlaczego tak jest, ale oni już tam nie są i co teraz.", "Pools"),
        ("ذهبت إلى المكتب و لم يكن هناك أحد في كل مرة من قبل", "Arabisch"),
        ("Ik ben naar het wijkteam gegaan en ze zeiden dat ik moest wachten op de brief.", ""),
        ("wachten brief deurwaarder", ""),
        ("The end.", ""),
        ("😀 😀 123", ""),
        ("", ""),
        ("Hij zei: I don't know, en toen zijn we maar naar huis gegaan met zijn drieën.", ""),
    ],
)
def test_another_language_is_told_by_its_small_words(text, name):
    assert other_language(text) == name


def test_no_story_of_the_sample_is_foreign(sample):
    assert [text for text in sample.frame["text"] if other_language(text)] == []


def test_forms_that_the_dictionary_sends_to_one_another_get_one_lemma():
    assert lemma("tolk") == lemma("tolken") == "tolken"
    assert lemma("fiets") == lemma("fietsen") == "fietsen"
    assert lemma("buurman") == "buurman"


def test_a_copy_points_at_the_first():
    words = "a b c d e f g h i j k l".split()
    one_other = [*words[:-1], "z"]  # 9 of 11 rows of three in common
    assert first_copies([words, ["x", "y", "z"], list(words), one_other, words[6:]]) == [0, 1, 0, 0, 4]


def test_short_stories_are_copies_only_when_they_are_the_same():
    assert first_copies([["a", "b"], ["b", "a"], ["a", "b"], [], []]) == [0, 1, 0, 3, 3]
    assert first_copies([]) == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=9), max_size=12))
def test_looking_up_rare_rows_misses_no_copy(documents):
    def rows(words):
        return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}

    first = list(range(len(documents)))
    for number in range(len(documents)):
        for other in range(number):
            one, two = rows(documents[number]), rows(documents[other])
            if first[other] == other and 5 * len(one & two) >= 4 * len(one | two):
                first[number] = other
                break
    assert first_copies(documents) == first
