"""Where tellers placed their story themselves, drawn on its card."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.conftest import make_corpus, three_subjects
from tests.dialogue.test_kit import finding, html_of
from wijkanalyse.corpus import ColumnSpec, Role


def placed(n: int = 30, dyad: list[float] | None = None):
    """Stories with a triad (all but three near the first corner) and a dyad."""
    shares = [(0.9, 0.05, 0.05)] * (n - 3) + [(0.05, 0.9, 0.05)] * 3
    corpus = make_corpus(three_subjects(n))
    frame = corpus.frame.assign(
        **{f"d{i}": [share[i] for share in shares] for i in range(3)}, lijn=dyad or [80.0] * n
    )
    specs = [
        ColumnSpec(
            name=f"d{i}", label=f"hoek {i}", role=Role.SIGNIFICATION, dtype="float", group="Waar ging het om"
        )
        for i in range(3)
    ]
    specs.append(
        ColumnSpec(
            name="lijn",
            label="van – naar",
            role=Role.SIGNIFICATION,
            dtype="float",
            unit="0–100",
            ends=("van", "naar"),
        )
    )
    return replace(corpus, frame=frame, columns=(*corpus.columns, *specs))


def test_the_tellers_own_place_is_drawn_when_enough_chose_it(tmp_path):
    corpus = placed()
    card = finding(corpus, 12, 12)
    refs = (card.stories[0], replace(card.stories[0], narrative_id="v029"))
    html = html_of([replace(card, stories=refs)], corpus, tmp_path)
    labels = re.findall(r'aria-label="(Waar ging het om|van – naar): ([^"]*)"', html)
    # Three tellers chose the second corner, which would also tell who did not choose the first.
    assert labels == [("van – naar", "aan de kant van ‘naar’")] * 2
    work = html_of(
        [replace(card, stories=refs)], replace(corpus, frame=corpus.frame), tmp_path, audience="werkbank"
    )
    assert "hoek 1" not in work  # five tellers is the least on the workbench too
    everybody = placed(33)
    everybody = replace(everybody, frame=everybody.frame[:30])
    labels = re.findall(
        r'aria-label="Waar ging het om: ([^"]*)"', html_of([finding(everybody, 12, 12)], everybody, tmp_path)
    )
    assert labels == ["in de hoek van ‘hoek 0’"] * 2


def test_answers_that_are_no_place_are_left_out(tmp_path):
    corpus = placed(dyad=[150.0] * 30)  # outside the line
    assert "van – naar" not in html_of([finding(corpus, 12, 12)], corpus, tmp_path)
