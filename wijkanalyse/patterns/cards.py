"""Pattern cards: an observation over several stories, with the stories attached and room for readings.

A card states what lies side by side, never why. The readings are people's work: a card offers questions
from several positions, and says that it is not discussed yet as long as it has fewer than two readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.language import listing
from wijkanalyse.privacy.gate import Audience, is_large_enough
from wijkanalyse.themes.nearness import OUTSIDE

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.themes import Themes

MIN_READINGS = 2
N_TYPICAL = 3
STATUTE_QUESTIONS = (
    "Wat zien we hier ontstaan, en is dat de bedoeling?",
    "Voelden mensen zich gezien, gehoord en gesteund?",
    "Hebben wij, of heeft het systeem, leed toegevoegd?",
)
READING_QUESTIONS = (
    ("inwoner", "Wat zou iemand die dit meemaakte zeggen dat hier gebeurt?"),
    ("professional", "Wat herken je uit je eigen werk, en wat laten deze verhalen weg?"),
    ("beleid en bestuur", "Welke regel, keuze of afspraak speelt mee, en voor wie was die bedoeld?"),
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One interpretation of a pattern, and the position it is read from."""

    perspective: str
    text: str


@dataclass(frozen=True, kw_only=True)
class StoryRef:
    """A story on a card and why it is there."""

    narrative_id: str
    role: str  #: typisch, tegenverhaal, rand
    reason: str


@dataclass(frozen=True, kw_only=True)
class PatternCard:
    """One pattern, ready to lay on a table."""

    card_id: str
    kind: str  #: thema, past nergens
    theme_id: int
    title: str
    observation: str
    firmness: str
    n_narratives: int
    n_tellers: int
    stories: tuple[StoryRef, ...]
    missing_voices: tuple[str, ...]
    linking_question: str
    reading_questions: tuple[tuple[str, str], ...] = READING_QUESTIONS
    statute_questions: tuple[str, ...] = STATUTE_QUESTIONS
    readings: tuple[Reading, ...] = ()

    @property
    def is_discussed(self) -> bool:
        """Whether there are two readings or more."""
        return len(self.readings) >= MIN_READINGS


def find_patterns(corpus: Corpus, *, themes: Themes, n_cards: int = 3) -> list[PatternCard]:
    """Propose pattern cards, chosen for variety and not for strength.

    Parameters
    ----------
    corpus : Corpus
        The corpus the themes were found in.
    themes : Themes
    n_cards : int
        At most this many. One card is kept for the stories that fit nowhere, when enough people told them.

    Returns
    -------
    list of PatternCard
        Themes carried by fewer than five tellers get no card. The list can be shorter than asked for.
    """
    groups = [
        topic for topic in themes.topics.itertuples() if is_large_enough(topic.n_tellers, Audience.WORKBENCH)
    ]
    nowhere = [topic for topic in groups if topic.theme_id < 0]
    ordered = _for_variety([topic for topic in groups if topic.theme_id >= 0], themes)
    chosen = ordered[: max(1, n_cards - bool(nowhere))] + nowhere[: max(0, n_cards - 1)]
    return [_card(corpus, themes, topic) for topic in chosen]


def _for_variety(topics: list[Any], themes: Themes) -> list[Any]:
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


def _card(corpus: Corpus, themes: Themes, topic: Any) -> PatternCard:
    members = themes.stories(topic.theme_id)
    nowhere = topic.theme_id < 0
    firm = themes.firmness.set_index("theme_id")["verdict"]
    return PatternCard(
        card_id=f"thema-{topic.theme_id}" if not nowhere else "past-nergens",
        kind="past nergens" if nowhere else "thema",
        theme_id=topic.theme_id,
        title="Wat nergens bij past" if nowhere else topic.label,
        observation=_observation(themes, topic),
        firmness="geen thema" if nowhere else str(firm[topic.theme_id]),
        n_narratives=topic.n_narratives,
        n_tellers=topic.n_tellers,
        stories=_choose_stories(corpus, members, nowhere),
        missing_voices=_missing_voices(corpus, members),
        linking_question=(
            "Wat zeggen deze verhalen dat wij niet vroegen?"
            if nowhere
            else "Hoe komt het dat deze verhalen dezelfde woorden gebruiken, en wat vertellen ze verschillend?"
        ),
    )


def _observation(themes: Themes, topic: Any) -> str:
    n, total = topic.n_narratives, len(themes.assignments)
    if topic.theme_id < 0:
        return (
            f"{n} van de {total} verhalen, van {topic.n_tellers} vertellers, delen te weinig woorden met de andere "
            "om bij een thema te horen. Ze blijven hier naast elkaar liggen."
        )
    text = (
        f"{n} van de {total} verhalen, van {topic.n_tellers} vertellers, lijken in woorden op elkaar. "
        f"Woorden die hier vaker staan dan elders: {listing(topic.terms.split(', ')[:6])}."
    )
    if themes.scheme is not None:
        names = [themes.scheme[code].name.lower() for code in leading_codes(themes, topic.theme_id)]
        if names:
            text += f" Door de bril van de opgaven liggen ze het dichtst bij {listing(names)}."
        else:
            text += " Door de bril van de opgaven vallen ze grotendeels buiten het kader."
    return text


def _choose_stories(corpus: Corpus, members: pd.DataFrame, nowhere: bool) -> tuple[StoryRef, ...]:
    """Choose typical stories, one that contradicts and one from the edge; never two by one teller."""
    chosen: list[StoryRef] = []
    tellers: set[str] = set()

    def take(rows: pd.DataFrame, role: str, reason: str, limit: int) -> None:
        for row in rows.itertuples():
            if limit == 0:
                return
            if row.teller_id in tellers:
                continue
            tellers.add(row.teller_id)
            chosen.append(StoryRef(narrative_id=row.narrative_id, role=role, reason=reason))
            limit -= 1

    if nowhere:
        take(
            members.sort_values("narrative_id"),
            "past nergens",
            "lijkt weinig op de andere verhalen",
            N_TYPICAL + 1,
        )
        return tuple(chosen)
    half = members.iloc[: max(N_TYPICAL, len(members) // 2)]
    contrary = _most_contrary(corpus, half)
    if contrary is not None:
        take(contrary, "tegenverhaal", "de verteller duidt het anders dan de meesten in dit thema", 1)
    take(members, "typisch", "keerde het vaakst terug in dit thema", N_TYPICAL)
    take(members.iloc[::-1], "rand", "hoort er maar net bij", 1)
    order = {"typisch": 0, "tegenverhaal": 1, "rand": 2}
    return tuple(sorted(chosen, key=lambda story: order[story.role]))


def _most_contrary(corpus: Corpus, members: pd.DataFrame) -> pd.DataFrame | None:
    """Return stories ordered by how far the teller's own answers lie from the middle of the theme."""
    names = [spec.name for spec in corpus.with_role(Role.SIGNIFICATION) if spec.dtype == "float"]
    if not names or len(members) < 4:
        return None
    answers = members[names].astype(float)
    spread = answers.std(ddof=0).replace(0, np.nan)
    distance = ((answers - answers.median()).abs() / spread).mean(axis=1)
    if distance.isna().all():
        return None
    ordered = members.assign(distance=distance.fillna(-1.0))
    return ordered.sort_values(["distance", "narrative_id"], ascending=[False, True])


def _missing_voices(corpus: Corpus, members: pd.DataFrame) -> tuple[str, ...]:
    """Return perspectives that are in the corpus and not in these stories; alphabetical."""
    specs = corpus.with_role(Role.PERSPECTIVE)
    if not specs:
        return ()
    name = specs[0].name
    heard = set(members[name].dropna())
    return tuple(sorted(str(value) for value in set(corpus.frame[name].dropna()) - heard))
