from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy import Review

TEXTS = [
    "Mijn buurvrouw Fatima belde 06 12345678. Kwabbie lachte.",
    "Bij De Blauwe Reiger was het druk.",
    "Er gebeurde niets.",
]


@pytest.fixture
def project():
    with wa.open_project(":memory:", who="Noor") as project:
        yield project


@pytest.fixture
def review(project):
    raw = make_corpus(TEXTS, status=PrivacyStatus.RAW)
    return Review(wa.mask(raw, project=project), project)


def text_of(review: Review, story: int) -> str:
    return str(review.corpus.frame.at[story, "text"])


def place_of(review: Review, story: str, words: str):
    for place in review.places(story):
        (piece,) = (piece for piece in review.pieces(story) if piece.column == place.column)
        if piece.text[place.span.start : place.span.end] == words:
            return place
    raise AssertionError(words)


def select(review: Review, story: str, words: str, **options) -> None:
    piece = next(piece for piece in review.pieces(story) if words in piece.text)
    start = piece.text.index(words)
    review.add(story, piece.column, start, start + len(words), **options)


def test_every_place_can_be_left_and_masked_again(review):
    fatima = place_of(review, "v000", "Fatima")
    assert fatima.is_masked
    review.decide(fatima, masked=False)
    assert "Fatima" in text_of(review, 0)
    review.decide(place_of(review, "v000", "Fatima"), masked=True)
    assert "[buurvrouw 1]" in text_of(review, 0)


def test_another_role(review):
    review.decide(place_of(review, "v000", "Fatima"), masked=True, role="vriendin")
    assert "[vriendin 1]" in text_of(review, 0)


def test_a_missed_name_is_added_by_selecting_part_of_it(review):
    before = text_of(review, 1)
    select(review, "v001", "lauwe Rei", role="buurthuis")
    after = text_of(review, 1)
    assert before != after
    assert "[buurthuis 1]" in after
    assert "Reiger" not in after


def test_selecting_part_of_a_masked_name_does_not_bring_back_the_rest(project):
    raw = make_corpus(["Mijn buurvrouw Anna de Vries belde."], status=PrivacyStatus.RAW)
    review = Review(wa.mask(raw), project)
    select(review, "v000", "Vries", role="mevrouw")
    assert text_of(review, 0) == "Mijn buurvrouw [mevrouw 1] belde."


def test_a_piece_shows_no_text(review):
    assert "Fatima" not in repr(review.pieces("v000"))


def test_always_and_never_hold_for_every_story(project):
    texts = ["Toen kwam het Zonnetje langs.", "Bij het Zonnetje was het leuk.", "Wij gaan naar Grolloo."]
    raw = make_corpus(texts, status=PrivacyStatus.RAW)
    review = Review(wa.mask(raw), project)
    select(review, "v000", "Zonnetje", role="buurthuis")
    review.decide(place_of(review, "v000", "Zonnetje"), masked=True, role="buurthuis", everywhere=True)
    assert [text.count("[buurthuis 1]") for text in review.corpus.frame["text"]] == [1, 1, 0]
    review.decide(place_of(review, "v001", "Zonnetje"), masked=False, everywhere=True)
    assert "het Zonnetje was" in text_of(review, 1)  # but the place that was added stays a place
    assert "[buurthuis 1]" in text_of(review, 0)


def test_a_story_is_reviewed_when_it_was_read_and_a_corpus_when_all_are(review):
    assert review.n_read == 0
    review.read("v000")
    assert review.is_done("v000")
    assert review.n_open("v000") == 0
    corpus = review.corpus
    assert corpus.status is PrivacyStatus.MASKED
    assert corpus.reviewed == {"v000"}
    part = corpus.only_reviewed()
    assert part.status is PrivacyStatus.REVIEWED
    assert list(part.frame["narrative_id"]) == ["v000"]
    review.read("v001")
    review.read("v002")
    corpus = review.corpus
    assert corpus.status is PrivacyStatus.REVIEWED
    assert corpus.privacy_report.reviewed_share == 1
    assert "Nagekeken door een mens: 3 van de 3 verhalen, 100% van de plekken" in str(corpus.privacy_report)
    assert corpus.provenance.steps[-1].endswith("nagekeken: 3 van de 3 verhalen, door Noor")
    assert repr(review) == "<Review 3 van 3 verhalen nagekeken>"


def test_deciding_all_places_is_not_reading(review):
    for place in review.places("v000"):
        review.decide(place, masked=place.is_masked)
    assert review.n_open("v000") == 0
    assert not review.is_done("v000")


def test_a_decision_after_reading_leaves_the_story_read_and_an_open_place_does_not(review):
    review.read("v000")
    review.decide(place_of(review, "v000", "Fatima"), masked=False)
    assert review.is_done("v000")
    assert "Fatima" in text_of(review, 0)
    review.undo()
    assert "Fatima" not in text_of(review, 0)
    assert review.is_done("v000")
    review.undo()
    assert not review.is_done("v000")
    assert not review.undo()


def test_the_most_uncertain_comes_first_and_the_order_stays(review):
    scores = [review.uncertainty(story) for story in review.order]
    assert scores == sorted(scores, reverse=True)
    order = review.order
    review.read(order[0])
    assert review.uncertainty(order[0]) == 0
    assert review.order == order


def test_a_name_that_is_masked_elsewhere_and_not_here_is_in_doubt(project):
    texts = ["Mijn zus Bloem belde.", "Er stond een bloem in de vaas."]
    review = Review(wa.mask(make_corpus(texts, status=PrivacyStatus.RAW)), project)
    doubt = place_of(review, "v001", "bloem")
    assert not doubt.is_masked
    assert doubt.span.rule == "twijfel:elders"


def test_decisions_hold_in_another_session_and_for_a_grown_file(project):
    raw = make_corpus(TEXTS, status=PrivacyStatus.RAW)
    first = Review(wa.mask(raw, project=project), project)
    first.decide(place_of(first, "v000", "Fatima"), masked=False)
    first.read("v000")
    first.read("v002")
    grown = make_corpus([*TEXTS[:2], TEXTS[2] + " Of toch.", "Nog een."], status=PrivacyStatus.RAW)
    corpus = wa.mask(grown, project=project)
    assert "Fatima" in corpus.frame.at[0, "text"]
    assert corpus.reviewed == {"v000"}  # v002 was changed, so it must be read again


def test_a_shuffled_file_and_the_same_decisions_give_the_same_text(project):
    raw = make_corpus(TEXTS, status=PrivacyStatus.RAW)
    review = Review(wa.mask(raw, project=project), project)
    select(review, "v001", "Reiger", role="buurthuis")
    shuffled = make_corpus(TEXTS, status=PrivacyStatus.RAW)
    shuffled = shuffled.with_changes(step="", frame=shuffled.frame.iloc[[2, 0, 1]])
    assert list(wa.mask(shuffled, project=project).frame["text"]) == list(review.corpus.frame["text"])


def test_a_selection_without_a_word(review):
    with pytest.raises(InputError, match="In deze selectie staat geen woord"):
        review.add("v000", "text", len(TEXTS[0]) - 1, len(TEXTS[0]))


def test_without_the_source_text_there_is_nothing_to_review(project):
    with pytest.raises(PrivacyError, match="De tekst van vóór het maskeren is er niet"):
        Review(make_corpus(TEXTS), project)


def test_a_title_is_reviewed_too(project):
    raw = make_corpus(["Er gebeurde niets."], status=PrivacyStatus.RAW)
    raw = raw.with_changes(step="", frame=raw.frame.assign(title="Brief van Fatima"))
    review = Review(wa.mask(raw), project)
    assert [piece.column for piece in review.pieces("v000")] == ["title", "text"]
    assert place_of(review, "v000", "Fatima").column == "title"


LETTERS = st.sampled_from(
    [
        "Fatima ",
        "belde ",
        "de ",
        "roos ",
        "Roos ",
        "06 12345678 ",
        "😀 ",
        "e\u0301 ",
        "van der Berg. ",
        "\n\n",
        "Jan-Willem ",
        "’s ",
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(parts=st.lists(LETTERS, min_size=3, max_size=14), ends=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_whatever_is_selected_is_masked_and_nothing_else_moves(parts, ends):
    text = "".join(parts)
    start, end = sorted(round(share * len(text)) for share in ends)
    with wa.open_project(":memory:") as project:
        review = Review(wa.mask(make_corpus([text], status=PrivacyStatus.RAW), project=project), project)
        before = {(place.span.start, place.span.end) for place in review.places("v000") if place.is_masked}
        try:
            review.add("v000", "text", start, end)
        except InputError:
            return
        corpus = review.corpus
        found = {(row.start, row.end) for row in corpus.privacy_report.findings.itertuples()}
        covered = {at for first, last in found for at in range(first, last)}
        assert {at for at in range(start, end) if text[at].isalnum()} <= covered
        # Nothing that was masked becomes readable, and what lay beside the selection is masked as before.
        assert {at for first, last in before for at in range(first, last)} <= covered
        assert {span for span in before if span[1] <= start or span[0] >= end} - found == set()
        pieces, position = [], 0
        for row in sorted(corpus.privacy_report.findings.itertuples(), key=lambda row: row.start):
            pieces += [text[position : row.start]]
            position = row.end
        for piece in [*pieces, text[position:]]:
            assert piece.strip(" \n") in corpus.frame.at[0, "text"]
        review.undo()
        again = {(place.span.start, place.span.end) for place in review.places("v000") if place.is_masked}
        assert again == before
