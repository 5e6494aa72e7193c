from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import wijkanalyse as wa
from tests.conftest import make_corpus
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.figures.behind import behind, release
from wijkanalyse.figures.contrast import log_odds
from wijkanalyse.privacy.gate import Audience


def two_groups(first, second):
    return make_corpus([*first, *second], perspective=["inwoner"] * len(first) + ["wijkteam"] * len(second))


def drawn(figure):
    return {
        word: (trace.name, text)
        for trace in figure.data
        for word, text in zip(trace.customdata, trace.text, strict=True)
    }


def test_log_odds_by_hand():
    z = log_odds(np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    # log(4/2) − log(2/4) = 2 log 2, variance 1/4 + 1/2.
    assert z == pytest.approx([2 * np.log(2) / 0.75**0.5, -2 * np.log(2) / 0.75**0.5])


def test_a_stronger_prior_says_less():
    a, b, prior = np.array([9.0, 1.0]), np.array([1.0, 9.0]), np.array([1.0, 1.0])
    assert log_odds(a, b, prior)[0] > log_odds(a, b, 10 * prior)[0] > 0


def test_words_by_the_tellers_of_both_groups():
    corpus = two_groups(["brief school"] * 20, ["dossier school"] * 10)
    words = drawn(wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam"))
    assert words["brief"] == (
        "vaker bij inwoner",
        "brief<br>inwoner: 20 van 20 vertellers<br>wijkteam: 0 van 10 vertellers",
    )
    assert words["dossier"][0] == "vaker bij wijkteam"
    assert words["school"][0] == "geen duidelijk verschil"
    figure = wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam")
    assert figure.layout.title.text.startswith("Vaker bij inwoner: brief; vaker bij wijkteam: dossier")
    assert len(behind(figure).stories(["brief"])) == 20


def test_one_talkative_teller_carries_no_word():
    corpus = two_groups(["fiets fiets fiets bakker"] * 30 + ["brood"] * 30, ["brood"] * 30)
    frame = corpus.frame.assign(teller_id=["veel"] * 30 + corpus.frame["teller_id"].tolist()[30:])
    words = drawn(wa.plot_contrast(replace(corpus, frame=frame), "perspective", "inwoner", "wijkteam"))
    assert set(words) == {"brood"}  # fiets and bakker are of one person
    assert words["brood"][1] == "brood<br>inwoner: 30 van 31 vertellers<br>wijkteam: 30 van 30 vertellers"


def test_stories_of_neither_group_are_not_opened():
    corpus = make_corpus(["brief"] * 6, perspective=["inwoner", "wijkteam", "school"] * 2)
    figure = wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam")
    assert behind(figure).stories(["brief"])["narrative_id"].tolist() == ["v000", "v001", "v003", "v004"]
    assert "Geen woord onderscheidt" in behind(figure).words.title


def test_no_word_of_two_tellers():
    figure = wa.plot_contrast(two_groups(["brief"], ["dossier"]), "perspective", "inwoner", "wijkteam")
    assert not len(figure.data)
    assert "geen woord" in figure.layout.annotations[0].text
    assert not len(release(figure, audience=Audience.OUTSIDE).safe.figure.data)


@pytest.mark.parametrize("values", [("inwoner", "inwoner"), ("inwoner", "school")])
def test_two_values_that_occur(values):
    with pytest.raises(InputError, match="twee verschillende groepen"):
        wa.plot_contrast(two_groups(["brief"], ["dossier"]), "perspective", *values)


def test_words_are_shown_only_after_masking():
    corpus = replace(two_groups(["brief"] * 2, ["dossier"] * 2), status=PrivacyStatus.RAW)
    with pytest.raises(PrivacyError, match="‘ruw’"):
        wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam")


def test_outside_words_that_enough_tellers_of_both_groups_use():
    corpus = two_groups(
        ["brief school"] * 20 + ["dossier"] * 12 + ["fiets"] * 9,
        ["dossier school"] * 20 + ["brief"] * 12 + ["fiets"] * 9,
    )
    released = release(
        wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam"), audience=Audience.OUTSIDE
    )
    first, second = released.safe.figure.data
    assert (first.name, second.name) == ("inwoner", "wijkteam")
    shares = dict(zip(first.y, zip(first.x, second.x, strict=True), strict=True))
    assert "fiets" not in shares  # nine tellers
    assert shares["brief"] == pytest.approx((20 / 41, 12 / 41))
    assert first.marker.symbol != second.marker.symbol
    assert "brief: 49% en 29%" in released.words.alt


def test_outside_a_small_group_is_not_shown():
    corpus = two_groups(["brief school"] * 30, ["brief school"] * 9)
    released = release(
        wa.plot_contrast(corpus, "perspective", "inwoner", "wijkteam"), audience=Audience.OUTSIDE
    )
    assert not len(released.safe.figure.data)
