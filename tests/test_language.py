from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse import language
from wijkanalyse.language import content_lemmas, is_known, lemma, listing, sentences, stop_words, tokenise


def test_sentences_give_offsets_that_cut_the_text():
    text = "Ik belde. Niemand nam op! Waarom?"
    assert [text[start:end] for start, end in sentences(text)] == ["Ik belde.", "Niemand nam op!", "Waarom?"]
    assert sentences("") == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_tokens_and_sentences_cover_any_text_in_order(text):
    assert "".join(token.text_with_ws for token in tokenise(text)) == text
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_offsets_are_code_points_also_after_an_emoji():
    tokens = {token.text: token.idx for token in tokenise("😀 ja hoor")}
    assert tokens["ja"] == 2
    assert tokens["hoor"] == 5


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
