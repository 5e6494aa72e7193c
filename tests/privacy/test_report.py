from __future__ import annotations

from dataclasses import replace

import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus


@pytest.fixture(scope="module")
def report():
    texts = ["Mijn buurvrouw Fatima van 73 belde.", "Ik woon in Assen.", "Bel 06 00 11 22 33.", "Niets."]
    corpus = make_corpus(
        texts, status=PrivacyStatus.RAW, perspective=["inwoner", "inwoner", "mantelzorger", "inwoner"]
    )
    frame = corpus.frame.assign(teller_id=["a", "a", "b", "c"])
    return wa.mask(replace(corpus, frame=frame)).privacy_report


def test_counts_per_kind(report):
    assert dict(zip(report.counts["kind"], report.counts["n"], strict=True)) == {
        "leeftijd": 1, "persoon": 1, "plaats": 1, "telefoon": 1,
    }  # fmt: skip


def test_unique_combinations_are_counted_by_teller(report):
    # Inwoner: tellers a and c; mantelzorger: only b.
    assert report.combinations.n_combinations == 2
    assert report.combinations.n_unique == 1
    assert report.combinations.k == 1


def test_the_three_questions_are_answered(report):
    alone, linked, inferred = report.questions.values()
    assert (
        "1 van de 2 combinaties van perspective horen bij één verteller; de kleinste groep telt 1." in alone
    )
    assert "1 van de 3 vertellers hebben meer dan één verhaal" in linked
    assert inferred.startswith("Ja, voor wie het voorval of de verteller kent")


def test_the_report_claims_no_anonymity_and_shows_no_text(report):
    text = str(report)
    assert "gepseudonimiseerd" in text
    assert "anoniem" not in text.lower()
    assert "Nagekeken door een mens: 0 van de 4 verhalen, 0% van de plekken" in text
    assert not any(word in text for word in ("Fatima", "Assen", "06 00"))


def test_without_columns_about_the_teller_it_says_so():
    corpus = make_corpus(["Ik ben Joris."], status=PrivacyStatus.RAW)
    assert "geen kolommen over de verteller" in str(wa.mask(corpus).privacy_report)
