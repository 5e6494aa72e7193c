"""Which patterns and stories come on the table: chosen for variety, never for strength."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.patterns.finding import CARRIES, CONTRADICTS, Finding
from wijkanalyse.themes.nearness import OUTSIDE

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.themes import Themes

N_TYPICAL = 3
MAX_WORDS = 250  # of a story on a card: what is read aloud in two minutes
_EDGE = "hoort er maar net bij"


@dataclass(frozen=True, kw_only=True)
class StoryRef:
    """A story on a card and why it is there."""

    narrative_id: str
    role: str  #: typisch, tegenverhaal, rand, past nergens
    reason: str


def varied_findings(findings: Sequence[Finding], room: int) -> list[Finding]:
    """Choose one after another what repeats least of what is there: the kind, the theme or code, what it is held against."""
    chosen: list[Finding] = []
    seen: Counter[tuple[str, str]] = Counter()
    rest = list(findings)
    while rest and len(chosen) < room:
        best = min(rest, key=lambda finding: (*_repeats(finding, seen), finding.kind, finding.key))
        chosen.append(best)
        rest.remove(best)
        seen.update(_aspects(best))
        # The same two things, the other way round, are one card.
        rest = [other for other in rest if _names(other) != _names(best)]
    return chosen


def _names(finding: Finding) -> set[str]:
    return {name.strip("‘’") for name in finding.subject}


def _aspects(finding: Finding) -> list[tuple[str, str]]:
    question = finding.key.rsplit("-", 1)[0].removesuffix(",-midden")
    return [
        ("kind", finding.kind),
        ("question", question),
        *(("name", name) for name in sorted(_names(finding))),
    ]


def _repeats(finding: Finding, seen: Counter[tuple[str, str]]) -> tuple[int, int]:
    aspects = _aspects(finding)
    return sum(seen[aspect] for aspect in aspects), max(seen[aspect] for aspect in aspects)


def varied_topics(topics: list[Any], themes: Themes) -> list[Any]:
    """Order themes so that each next one lies near another opgave than those before it."""
    if themes.profiles.empty:
        return topics
    leading = {topic.theme_id: leading_codes(themes, topic.theme_id)[:1] for topic in topics}
    ordered: list[Any] = []
    rest = list(topics)
    while rest:
        counts = {
            id(topic): sum(leading[topic.theme_id] == leading[other.theme_id] for other in ordered)
            for topic in rest
        }
        best = min(rest, key=lambda topic: (counts[id(topic)], rest.index(topic)))
        ordered.append(best)
        rest.remove(best)
    return ordered


def leading_codes(themes: Themes, theme_id: int) -> list[str]:
    """Return the codes a theme lies near to, the nearest first; without those far behind the first."""
    profile = themes.profiles[
        (themes.profiles["theme_id"] == theme_id) & (themes.profiles["code"] != OUTSIDE)
    ]
    profile = profile.sort_values(["share", "code"], ascending=[False, True])
    if profile.empty:
        return []
    top = float(profile["share"].iloc[0])
    return [row.code for row in profile.itertuples() if row.share >= 0.7 * top and row.share > 0.08]


def choose_stories(
    corpus: Corpus, members: Sequence[tuple[str, str]], reasons: tuple[str, str], *, edge: bool = True
) -> tuple[StoryRef, ...]:
    """Choose typical stories, one that contradicts and one from the edge; never two by one teller.

    A story of more than 250 words comes only when no shorter one is left in its role.
    """
    frame = corpus.frame.set_index("narrative_id")
    ids = [narrative_id for narrative_id, _ in members]
    teller = frame.loc[ids, "teller_id"].astype(str).to_dict()
    long = (frame.loc[ids, "text"].str.split().str.len() > MAX_WORDS).to_dict()
    carries = [narrative_id for narrative_id, role in members if role == CARRIES]
    contradicts = [narrative_id for narrative_id, role in members if role == CONTRADICTS]
    chosen: list[StoryRef] = []
    taken: set[str] = set()

    def take(candidates: Sequence[str], role: str, reason: str, limit: int) -> None:
        for narrative_id in sorted(candidates, key=long.__getitem__):
            if limit and teller[narrative_id] not in taken:
                taken.add(teller[narrative_id])
                chosen.append(StoryRef(narrative_id=narrative_id, role=role, reason=reason))
                limit -= 1

    if not edge:
        take(carries, "past nergens", reasons[0], N_TYPICAL + 1)
        return tuple(chosen)
    # The counter-story first: it is the one that can run out.
    take(contradicts, "tegenverhaal", reasons[1], 1)
    take(carries, "typisch", reasons[0], N_TYPICAL)
    take(carries[::-1], "rand", _EDGE, 1)
    order = {"typisch": 0, "tegenverhaal": 1, "rand": 2}
    return tuple(sorted(chosen, key=lambda story: order[story.role]))


def most_contrary(corpus: Corpus, members: pd.DataFrame) -> list[str]:
    """Return the nearer half of a theme, ordered by how far the teller's own answers lie from its middle."""
    half = members.iloc[: max(N_TYPICAL, len(members) // 2)]
    names = [spec.name for spec in corpus.with_role(Role.SIGNIFICATION) if spec.dtype == "float"]
    if not names or len(half) < 4:
        return []
    answers = half[names].astype(float)
    spread = answers.std(ddof=0).replace(0, np.nan)
    distance = ((answers - answers.median()).abs() / spread).mean(axis=1)
    ordered = half.assign(distance=distance).dropna(subset="distance")
    return list(ordered.sort_values(["distance", "narrative_id"], ascending=[False, True])["narrative_id"])
