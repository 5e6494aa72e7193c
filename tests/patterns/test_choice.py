from __future__ import annotations

from dataclasses import replace

from tests.conftest import make_corpus
from wijkanalyse.patterns import Finding
from wijkanalyse.patterns.choice import choose_stories, most_contrary, varied_findings


def test_never_two_stories_by_one_teller_and_short_ones_first():
    texts = ["woord " * (300 if number == 1 else 20) for number in range(8)]
    tellers = ["a", "b", "a", "c", "d", "e", "f", "f"]
    small = make_corpus(texts).frame.assign(teller_id=tellers)
    made = replace(make_corpus(texts), frame=small)
    members = [(f"v{number:03d}", "draagt") for number in range(7)] + [("v007", "spreekt tegen")]
    chosen = choose_stories(made, members, ("omdat", "anders"))
    # v001 is too long, v002 is by the teller of v000, v006 by the teller of the counter-story.
    assert [(story.role, story.narrative_id) for story in chosen] == [
        ("typisch", "v000"), ("typisch", "v003"), ("typisch", "v004"), ("tegenverhaal", "v007"), ("rand", "v005"),
    ]  # fmt: skip
    only_long = choose_stories(made, [("v001", "draagt")], ("omdat", "anders"))
    assert [story.narrative_id for story in only_long] == ["v001"]


def test_the_counter_story_is_the_one_told_differently():
    # Nearest to the theme first: among the nearer five the median is 2, v003 lies 3 from it and v001 1. v008 is too far out.
    made = make_corpus(["woord " * 20] * 10, supported=[2.0, 3.0, 2.0, 5.0, 2.0, 2.0, 2.0, 2.0, 9.0, 2.0])
    assert most_contrary(made, made.frame)[:2] == ["v003", "v001"]
    assert "v008" not in most_contrary(made, made.frame)
    without_answers = make_corpus(["woord " * 20] * 8)
    assert most_contrary(without_answers, without_answers.frame) == []
    assert most_contrary(made, made.frame.head(3)) == []


def finding(kind, subject, against, key=""):
    return Finding(
        kind=kind, key=f"{kind}-{subject}-{key}-{against}", question=key or kind, title="", observation="", linking_question="", subject=(subject, against),
        theme_id=None, p=0.0, q=0.0, effect=0.2, low=0.1, high=0.3, n_narratives=9, n_tellers=9, n_missing=0, members=(),
    )  # fmt: skip


def test_cards_are_chosen_for_variety_and_not_for_strength():
    many = [finding("duiding", f"t{number}", "‘boos’", "gevoel") for number in range(4)]
    other = [
        finding("stemmen", "t0", "‘school’", "perspectief"),
        finding("samenloop", "t5", "‘t6’"),
        finding("samenloop", "t6", "‘t5’"),
    ]
    chosen = varied_findings([*many, *other], 4)
    assert [(f.kind, f.subject[0]) for f in chosen] == [
        ("duiding", "t0"), ("samenloop", "t5"), ("stemmen", "t0"), ("duiding", "t1"),
    ]  # fmt: skip
    # The other way round is the same pattern.
    assert len(varied_findings([*many, *other], 99)) == 6
