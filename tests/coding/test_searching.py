"""Search finds a word in every form it has, where it stands, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.language import is_compound_of

TEXTS = [
    "Ik heb schulden. De schuldhulpverlening belde niet.",
    "Geen geld, en [buurvrouw 2] hielp.",
    "Er was geen   Geld thuis; ons huis was koud 🙂 en de brief kwam.",
    "De huurschuld bleef. Het geld ook geen.",
    "Niets.",
]


@pytest.fixture(scope="module")
def corpus():
    return make_corpus(
        TEXTS, perspective=["inwoner", "team", "inwoner", "team", "inwoner"], supported=[1.0, 2, 3, 4, 5]
    )


def found(corpus, words, **options):
    frame = wa.search(corpus, words, **options)
    return [(row.narrative_id, row.quote) for row in frame.itertuples()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("schuld", [("v000", "schulden"), ("v000", "schuldhulpverlening"), ("v003", "huurschuld")]),
        ("SCHULDEN", [("v000", "schulden"), ("v000", "schuldhulpverlening"), ("v003", "huurschuld")]),
        ("schuld -huur*", [("v000", "schulden"), ("v000", "schuldhulpverlening")]),
        ("schuld huurschuld", [("v003", "huurschuld"), ("v003", "huurschuld")]),
        ('"geen geld"', [("v001", "Geen geld"), ("v002", "geen   Geld")]),
        ('“geen geld” -"geld thuis"', [("v001", "Geen geld")]),
        ('"schuld"', []),
        ("huis", [("v002", "huis")]),
        ("buurvrouw", [("v001", "buurvrouw")]),
        ("schuld*", [("v000", "schulden"), ("v000", "schuldhulpverlening")]),
        ("helpen", [("v001", "hielp")]),
        ("-geld", [("v000", ""), ("v004", "")]),
        ('"', [(f"v{number:03d}", "") for number in range(5)]),
        ("", [(f"v{number:03d}", "") for number in range(5)]),
        ('"geen geld thuis ons huis was koud en de brief kwam en meer dan dat er hier is en nog wat woorden erbij en nog meer en nog meer"', []),
    ],
)  # fmt: skip
def test_what_is_found(corpus, words, expected):
    assert found(corpus, words) == expected


def test_a_place_is_in_code_points_and_has_its_context(corpus):
    row = wa.search(corpus, "brief").iloc[0]
    text = TEXTS[2]
    assert (row.start, row.end) == (text.index("brief"), text.index("brief") + 5)
    assert row.context in text
    assert row.term == "brief"
    assert list(wa.search(corpus, "-brief").columns) == [
        "narrative_id",
        "title",
        "term",
        "quote",
        "start",
        "end",
        "context",
    ]
    assert wa.search(corpus, "-brief")["start"].isna().all()


def test_filters_on_attributes_themes_and_codes(corpus):
    themes = pd.DataFrame(
        {"narrative_id": ["v000", "v001", "v002", "v003", "v004"], "theme_id": [0, 0, 1, 1, -1]}
    )
    codings = pd.DataFrame({"narrative_id": ["v001", "v003"], "coder": "a", "code": ["geld", "wonen"]})
    assert found(corpus, "geld", where={"perspective": "inwoner"}) == [("v002", "Geld")]
    assert found(corpus, "geld", where={"supported": (3, 5)}) == [("v002", "Geld"), ("v003", "geld")]
    assert found(corpus, "geld", where={"theme": 0}, themes=themes) == [("v001", "geld")]
    assert found(corpus, "", where={"theme": "thema 1", "code": "wonen"}, themes=themes, codings=codings) == [
        ("v003", "")
    ]
    assert found(corpus, "", where={"perspective": ["inwoner", "team"]}, codings=codings) == found(corpus, "")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"theme": 0}, "geen ‘theme’ om op te filteren"),
        ({"code": "x"}, "geen ‘code’ om op te filteren"),
        ({"any": []}, "geen ‘any’ om op te filteren"),
        ({"title": ""}, "geen ‘title’"),
    ],
)
def test_what_cannot_be_asked(corpus, where, message):
    with pytest.raises(InputError, match=message):
        wa.search(corpus, "geld", where=where)
    with pytest.raises(PrivacyError, match="zoeken in verhalen"):
        wa.search(replace(corpus, status=PrivacyStatus.RAW), "geld")


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.text(alphabet='schuldgeenbrief"-* “”[]1é🙂\n', max_size=30))
def test_no_question_breaks_it_and_every_quote_stands_at_its_place(words):
    corpus = make_corpus(TEXTS)
    told = corpus.frame.set_index("narrative_id")["text"]
    for row in wa.search(corpus, words).dropna().itertuples():
        assert told[row.narrative_id][row.start : row.end] == row.quote != ""


def test_another_text_under_the_same_number_is_searched_anew():
    assert found(make_corpus(["de brief"]), "brief") == [("v000", "brief")]
    assert found(make_corpus(["het loket"]), "brief") == []
    assert found(make_corpus(["en nog iets"]), "iets") == [("v000", "iets")]


@pytest.mark.parametrize(
    ("word", "part", "expected"),
    [
        ("schuldhulpverlening", "schuld", True), ("huurschulden", "schuld", True), ("mantelzorgondersteuning", "zorg", True),
        ("gezinshulp", "hulp", True), ("wmo-consulent", "wmo", True), ("moeder-kindhuis", "huis", True), ("gehuisvest", "huis", False),
        ("thuis", "huis", False), ("bezorgd", "zorg", False), ("verzorging", "zorg", False), ("huur", "uur", False), ("schuld", "schuld", False),
        ("schuldig", "schuld", False),
    ],
)  # fmt: skip
def test_compounds_by_their_parts(word, part, expected):
    assert is_compound_of(word, part) is expected
