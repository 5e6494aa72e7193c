from __future__ import annotations

from dataclasses import replace

import pytest

from tests.privacy.test_masking import make
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Role
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.gate import Audience, SafeText, is_large_enough, release_texts, shown_attribute


def _corpus(status: PrivacyStatus, *, perspective: bool = False) -> Corpus:
    corpus = replace(make("Het regende.", "Zij lachte.", titles=["Regen", "Lach"]), status=status)
    if not perspective:
        return corpus
    spec = ColumnSpec(name="perspective", label="perspectief", role=Role.PERSPECTIVE)
    return replace(
        corpus, frame=corpus.frame.assign(perspective=["inwoner", None]), columns=(*corpus.columns, spec)
    )


def test_safe_text_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError, match="release_texts only"):
        SafeText(narrative_id="n0", title="", text="Het regende.", attribute="", audience=Audience.OUTSIDE)
    with pytest.raises(TypeError, match="release_texts only"):
        SafeText(narrative_id="n0", title="", text="", attribute="", audience=Audience.OUTSIDE, key=object())


@pytest.mark.parametrize(
    ("status", "audience"),
    [
        (PrivacyStatus.RAW, Audience.WORKBENCH),
        (PrivacyStatus.RAW, Audience.OUTSIDE),
        (PrivacyStatus.MASKED, Audience.OUTSIDE),
    ],
)
def test_too_little_protection_is_refused_without_text(status: PrivacyStatus, audience: Audience) -> None:
    with pytest.raises(PrivacyError, match="verhalen laten lezen") as caught:
        release_texts(_corpus(status), audience=audience)
    assert "regende" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "audience"),
    [
        (PrivacyStatus.MASKED, Audience.WORKBENCH),
        (PrivacyStatus.REVIEWED, Audience.WORKBENCH),
        (PrivacyStatus.REVIEWED, Audience.OUTSIDE),
    ],
)
def test_enough_protection_is_released_in_the_order_asked(status: PrivacyStatus, audience: Audience) -> None:
    texts = release_texts(_corpus(status), ["n1", "n0"], audience=audience)
    assert [(t.narrative_id, t.title, t.text, t.audience) for t in texts] == [
        ("n1", "Lach", "Zij lachte.", audience),
        ("n0", "Regen", "Het regende.", audience),
    ]


def test_all_narratives_by_default() -> None:
    assert len(release_texts(_corpus(PrivacyStatus.MASKED), audience=Audience.WORKBENCH)) == 2


def test_unknown_ids_are_counted_and_not_shown() -> None:
    with pytest.raises(InputError, match="2 verhalen bestaan niet in dit corpus") as caught:
        release_texts(_corpus(PrivacyStatus.MASKED), ["n0", "Fatima", "Daan"], audience=Audience.WORKBENCH)
    assert "Fatima" not in str(caught.value)


def test_perspective_is_the_only_attribute() -> None:
    corpus = _corpus(PrivacyStatus.MASKED, perspective=True)
    assert shown_attribute(corpus) == "perspective"
    assert shown_attribute(_corpus(PrivacyStatus.MASKED)) is None
    assert [t.attribute for t in release_texts(corpus, audience=Audience.WORKBENCH)] == ["inwoner", ""]


def test_repr_holds_no_text() -> None:
    shown = repr(release_texts(_corpus(PrivacyStatus.MASKED), audience=Audience.WORKBENCH))
    assert "regende" not in shown
    assert "Regen" not in shown
    assert "n0, 12 tekens, werkbank" in shown


@pytest.mark.parametrize(
    ("n", "audience", "enough"),
    [
        (4, Audience.WORKBENCH, False),
        (5, Audience.WORKBENCH, True),
        (9, Audience.OUTSIDE, False),
        (10, Audience.OUTSIDE, True),
    ],
)
def test_thresholds(n: int, audience: Audience, enough: bool) -> None:
    assert is_large_enough(n, audience) is enough
