from __future__ import annotations

import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from wijkanalyse.privacy.doubts import find_doubts, is_slip
from wijkanalyse.privacy.identifiers import find_identifiers
from wijkanalyse.privacy.names import find_names
from wijkanalyse.privacy.words import CorpusWords, split_words


def _doubts(text: str) -> list[tuple[str, str, float]]:
    words = split_words(text)
    corpus = CorpusWords.count([words])
    taken = bytearray(len(text))
    for span in (*find_identifiers(text), *find_names(words, corpus)):
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    return [(text[s.start : s.end], s.rule, s.confidence) for s in find_doubts(words, taken, corpus)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lieve kinderen zijn het.", ("Lieve", "twijfel:naam of woord", 0.3)),
        ("Toen kwam de Chauffeur weer.", ("Chauffeur", "twijfel:hoofdletter", 0.4)),
        ("ik zag daar kwabsel lopen", ("kwabsel", "twijfel:onbekend woord", 0.3)),
        ("de hulp kwabsel kwam weer", ("kwabsel", "twijfel:onbekend woord", 0.5)),
        ("dat was van zuiderster toen", ("zuiderster", "twijfel:klinkt als een straat of huis", 0.25)),
        ("zij woont in de lantaarn nu", ("lantaarn", "twijfel:waar iemand woont of zit", 0.2)),
        ("Ik heb u geholpen. Negen. Dank u.", ("Negen", "twijfel:los getal", 0.2)),
        ("toen gooide bas een bal", ("bas", "twijfel:naam of woord", 0.2)),
    ],
)
def test_leaves_a_doubt(text: str, found: tuple[str, str, float]) -> None:
    assert found in _doubts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ik ging naar het loket en wachtte een uur.",
        "Wil je koffie? Dan maak ik die.",
        "Ik belde het UWV en de Belastingdienst op maandag.",
        "en toen zeii ze dat ze weer moset wachten",  # slips of the keyboard
        "ik heb het opgeschreven en alles ingeleverd",
        "de gemeente heeft een keukentafelgesprek gedaan",
    ],
)
def test_ordinary_text_leaves_none(text: str) -> None:
    assert _doubts(text) == []


def test_what_is_masked_is_no_doubt() -> None:
    words = split_words("kwabsel lacht")
    assert find_doubts(words, bytearray(b"\x01" * 13), CorpusWords.count([words])) == []


def test_a_word_that_many_use_is_no_doubt() -> None:
    words = split_words("ik zag daar kwabsel lopen")
    corpus = CorpusWords.count([words] * 4)
    assert find_doubts(words, bytearray(25), corpus) == []


@pytest.mark.parametrize(
    ("word", "slip"), [("wachtte", False), ("neit", True), ("toenn", True), ("kwabsel", False)]
)
def test_slip_of_the_keyboard(word: str, slip: bool) -> None:
    assert is_slip(word, CorpusWords.count([])) is slip


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.sampled_from("Roos de kwabsel R. Jan, belde\nstichting lantaarn Één ŞERIFE ' \"".split(" ")),
        max_size=12,
    )
)
def test_doubts_are_sorted_apart_and_within_bounds(parts: list[str]) -> None:
    text = " ".join(parts)
    words = split_words(text)
    spans = find_doubts(words, bytearray(len(text)), CorpusWords.count([words]))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0.1 <= s.confidence <= 0.5 and s.rule.startswith("twijfel:") for s in spans)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)


def test_the_sample_gives_a_person_few_doubts_a_story() -> None:
    texts = wa.load_sample(raw=True).frame["text"].tolist()
    words = [split_words(text) for text in texts]
    corpus = CorpusWords.count(words)
    counts = []
    for text, tokens in zip(texts, words, strict=True):
        taken = bytearray(len(text))
        for span in (*find_identifiers(text), *find_names(tokens, corpus)):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
        counts.append(len(find_doubts(tokens, taken, corpus)))
    assert statistics.median(counts) <= 2
