"""Pattern cards: an observation over several stories, with the stories attached and room for readings.

A card states what lies side by side, never why. The readings are people's work: a card offers questions
from several positions, and says that it is not discussed yet as long as it has fewer than two readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.language import listing
from wijkanalyse.patterns.choice import (
    StoryRef,
    choose_stories,
    leading_codes,
    most_contrary,
    varied_findings,
    varied_topics,
)
from wijkanalyse.patterns.finding import CARRIES, CONTRADICTS, Finding
from wijkanalyse.patterns.search import PatternSearch, search_patterns
from wijkanalyse.patterns.wording import QUESTIONS, check_observation, how_many
from wijkanalyse.privacy.gate import Audience, is_large_enough, read_audience

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.themes import Themes

MIN_READINGS = 2
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
_REASONS = {
    "samenloop": ("hier komen ze samen voor", "hier staat het een zonder het ander"),
    "stemmen": ("hoort bij wat vaker is", "hoort bij het thema, en komt van een andere kant"),
    "duiding": ("de verteller duidt het zoals meer vertellers hier", "de verteller duidt het anders"),
    "spanningsveld": ("ligt aan een van beide kanten", "ligt aan geen van beide kanten"),
    "verschuiving": ("hoort bij de tijd waarin dit vaker wordt verteld", "komt uit de andere tijd"),
    "drie lezingen": ("computer en mens lezen dit verhaal anders", "hier gaan thema en code samen"),
    "past nergens": ("lijkt weinig op de andere verhalen", ""),
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One interpretation of a pattern, and the position it is read from."""

    perspective: str
    text: str
    key: str = ""  #: where it stands in the project


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said about a card in one session, in sentences ready to print."""

    session: str
    date: str  #: ISO
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PatternCard:
    """One pattern, ready to lay on a table."""

    card_id: str
    kind: str  #: samenloop, stemmen, duiding, spanningsveld, verschuiving, drie lezingen, past nergens, thema
    theme_id: int | None  #: None when it is about a code
    title: str
    observation: str
    firmness: str  #: of the theme it is about
    note: str  #: how sure, and how much was tried to find it
    n_narratives: int
    n_tellers: int
    stories: tuple[StoryRef, ...]
    missing_voices: tuple[str, ...]
    linking_question: str
    narratives: tuple[str, ...] = ()  #: stories of its theme or code that carry it: what the card is known by
    tension: tuple[str, ...] = ()  #: the two poles
    finding: Finding | None = None  #: the numbers, and every story behind it with its role; None for a thema
    reading_questions: tuple[tuple[str, str], ...] = READING_QUESTIONS
    statute_questions: tuple[str, ...] = STATUTE_QUESTIONS
    readings: tuple[Reading, ...] = ()
    said: tuple[Said, ...] = ()  #: session by session, the earliest first
    mark: str = ""  #: a few words of whoever prepares the session
    audience: Audience = Audience.WORKBENCH  #: for whom the numbers on it are
    corpus: Corpus | None = field(default=None, repr=False, compare=False)  #: where it was found
    proposed: PatternCard | None = field(default=None, repr=False, compare=False)  #: before people worded it

    @property
    def is_discussed(self) -> bool:
        """Whether there are two readings or more."""
        return len(self.readings) >= MIN_READINGS


def find_patterns(
    corpus: Corpus,
    *,
    themes: Themes,
    codings: pd.DataFrame | None = None,
    n_cards: int = 8,
    poles: Sequence[tuple[str, str]] = (),
    audience: Audience | str = Audience.WORKBENCH,
    random_state: int = 2022,
    n_jobs: int = 1,
) -> list[PatternCard]:
    """Propose pattern cards, chosen for variety and not for strength.

    Parameters
    ----------
    corpus : Corpus
        The corpus the themes were found in, or a part of it: then only stories of that part are counted and shown.
    themes : Themes
    codings : pandas.DataFrame, optional
        narrative_id, coder, code, start, end, quote. Codes are compared in the stories that occur in it.
    n_cards : int
        At most this many. One is kept for the stories that fit nowhere, when enough people told them. Where fewer patterns
        stand out, cards of other themes fill the place: they describe, and claim nothing.
    poles : sequence of pairs of codes, optional
        Codes that pull at each other, for tensions.
    audience : Audience
        For whom the numbers are: five tellers behind each on the workbench, ten outside. Choose `"buiten"` for cards
        that go into a session kit: what fewer than ten people carry stays out of it.
    random_state : int
        Seed of the permutations.
    n_jobs : int
        Threads for the permutations, −1 for one per core; the outcome is the same.

    Returns
    -------
    list of PatternCard
        `note` says how much was tried and how much of what was found is expected by chance. Where nothing is
        to be compared or nobody told enough, the list is shorter or empty. `patterns.search_patterns` gives everything found.

    Raises
    ------
    InputError
        When themes or codings are of other stories, or the audience is not known.
    """
    audience = read_audience(audience)
    search = search_patterns(
        corpus, themes=themes, codings=codings, poles=poles, audience=audience, random_state=random_state,
        n_jobs=n_jobs,
    )  # fmt: skip
    themes = _within(themes, corpus)
    groups = [topic for topic in themes.topics.itertuples() if is_large_enough(topic.n_tellers, audience)]
    nowhere = [_nowhere_card(corpus, themes, search, topic) for topic in groups if topic.theme_id < 0]
    nowhere = nowhere[: max(0, n_cards - 1)]
    room = max(1, n_cards - len(nowhere))
    found = [
        _pattern_card(corpus, themes, search, finding) for finding in varied_findings(search.findings, room)
    ]
    told = {card.theme_id for card in found}
    # A theme that a pattern tells about already would lie on the table twice.
    rest = varied_topics(
        [topic for topic in groups if topic.theme_id >= 0 and topic.theme_id not in told], themes
    )
    described = [_theme_card(corpus, themes, search, topic) for topic in rest[: room - len(found)]]
    return [replace(card, audience=audience, corpus=corpus) for card in (*found, *described, *nowhere)]


def _within(themes: Themes, corpus: Corpus) -> Themes:
    """Return themes with the stories of this corpus alone, counted anew."""
    told = themes.assignments.merge(corpus.frame[["narrative_id", "teller_id"]], on="narrative_id")
    counts = told.groupby("theme_id").agg(
        n_narratives=("teller_id", "size"), n_tellers=("teller_id", "nunique")
    )
    topics = themes.topics.drop(columns=list(counts)).merge(counts, on="theme_id")
    return replace(themes, assignments=told.drop(columns="teller_id"), topics=topics)


def _pattern_card(corpus: Corpus, themes: Themes, search: PatternSearch, finding: Finding) -> PatternCard:
    effect, low, high = (round(100 * value) for value in (finding.effect, finding.low, finding.high))
    note = f"Verschil met de andere verhalen: {effect} op de 100 verhalen; met andere vertellers had het ook {low} of {high} kunnen zijn. "
    note += "Elke verteller telt even zwaar."
    if finding.n_missing:
        note += f" Zonder antwoord, dus niet meegeteld: {finding.n_missing}."
    firm = dict(zip(themes.firmness["theme_id"], themes.firmness["verdict"], strict=True))
    return PatternCard(
        card_id=finding.key,
        kind=finding.kind,
        theme_id=finding.theme_id,
        title=finding.title,
        observation=finding.observation,
        firmness=str(firm.get(finding.theme_id, "coderingen van mensen")),
        note=f"{note} {search.note}",
        n_narratives=finding.n_narratives,
        n_tellers=finding.n_tellers,
        stories=choose_stories(corpus, finding.members, _REASONS[finding.kind]),
        missing_voices=_missing_voices(corpus, {narrative_id for narrative_id, _ in finding.members}),
        linking_question=finding.linking_question,
        narratives=_carrying(themes, finding),
        tension=finding.tension,
        finding=finding,
    )


def _carrying(themes: Themes, finding: Finding) -> tuple[str, ...]:
    carry = [narrative_id for narrative_id, role in finding.members if role == CARRIES]
    own = set(carry if finding.theme_id is None else themes.stories(finding.theme_id)["narrative_id"])
    return tuple(narrative_id for narrative_id in carry if narrative_id in own)


def _theme_card(corpus: Corpus, themes: Themes, search: PatternSearch, topic: Any) -> PatternCard:
    members = themes.stories(topic.theme_id)
    firm = dict(zip(themes.firmness["theme_id"], themes.firmness["verdict"], strict=True))
    contrary = most_contrary(corpus, members)
    chosen = [(narrative_id, CARRIES) for narrative_id in members["narrative_id"]]
    chosen += [(narrative_id, CONTRADICTS) for narrative_id in contrary]
    return PatternCard(
        card_id=f"thema-{topic.theme_id}",
        kind="thema",
        theme_id=int(topic.theme_id),
        title=topic.label,
        observation=check_observation(_observation(themes, topic)),
        firmness=str(firm[topic.theme_id]),
        note="Dit beschrijft een thema; er is niets vergeleken."
        + ("" if search.findings else f" {search.note}"),
        n_narratives=int(topic.n_narratives),
        n_tellers=int(topic.n_tellers),
        stories=choose_stories(
            corpus, chosen,
            ("keerde het vaakst terug in dit thema", "de verteller duidt het anders dan de meesten in dit thema"),
        ),
        missing_voices=_missing_voices(corpus, set(members["narrative_id"])),
        linking_question=QUESTIONS["thema"].format(group=_words(topic, 3)),
        narratives=tuple(members["narrative_id"]),
    )  # fmt: skip


def _nowhere_card(corpus: Corpus, themes: Themes, search: PatternSearch, topic: Any) -> PatternCard:
    """Offer what fits nowhere, whatever a test would say of it."""
    members = sorted(themes.stories(topic.theme_id)["narrative_id"])
    stories = choose_stories(
        corpus, [(narrative_id, CARRIES) for narrative_id in members], _REASONS["past nergens"], edge=False
    )
    number = how_many(int(topic.n_narratives), len(themes.assignments), int(topic.n_tellers))
    return PatternCard(
        card_id="past-nergens",
        kind="past nergens",
        theme_id=int(topic.theme_id),
        title="Wat nergens bij past",
        observation=check_observation(
            f"{number}, delen weinig woorden met de andere en horen bij geen enkel thema. Ze blijven hier naast elkaar liggen. {search.nowhere}".strip()
        ),
        firmness="geen thema",
        note="Deze kaart is er altijd; hier is niets getoetst.",
        n_narratives=int(topic.n_narratives),
        n_tellers=int(topic.n_tellers),
        stories=stories,
        missing_voices=_missing_voices(corpus, set(members)),
        linking_question=QUESTIONS["past nergens"],
        narratives=tuple(members),
    )


def _observation(themes: Themes, topic: Any) -> str:
    number = how_many(int(topic.n_narratives), len(themes.assignments), int(topic.n_tellers))
    text = (
        f"{number}, lijken in woorden op elkaar. Woorden die hier vaker staan dan elders: {_words(topic, 6)}."
    )
    if themes.scheme is not None:
        names = [f"‘{themes.scheme[code].name}’" for code in leading_codes(themes, topic.theme_id)]
        if names:
            text += f" Door de bril van de opgaven liggen ze het dichtst bij {listing(names)}."
        else:
            text += " Door de bril van de opgaven vallen ze grotendeels buiten het kader."
    return text


def _words(topic: Any, n: int) -> str:
    return listing([f"‘{term}’" for term in topic.terms.split(", ")[:n]])


def _missing_voices(corpus: Corpus, heard: set[str]) -> tuple[str, ...]:
    """Return perspectives that are in the corpus and not in these stories; alphabetical."""
    specs = corpus.with_role(Role.PERSPECTIVE)
    if not specs:
        return ()
    frame, name = corpus.frame, specs[0].name
    here = set(frame.loc[frame["narrative_id"].isin(heard), name].dropna())
    return tuple(sorted(str(value) for value in set(frame[name].dropna()) - here))
