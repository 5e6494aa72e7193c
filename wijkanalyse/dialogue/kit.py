"""The session kit: pattern cards, story cards, a running order and answer sheets, to print and to lay on a table."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, today
from wijkanalyse.dialogue import paper
from wijkanalyse.dialogue.kit_knowledge import knowledge
from wijkanalyse.dialogue.kit_places import places
from wijkanalyse.dialogue.kit_plan import Plan, plan_session
from wijkanalyse.dialogue.kit_print import NO_BROWSER, print_pdf
from wijkanalyse.dialogue.kit_word import word
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns.finding import CARRIES, CONTRADICTS
from wijkanalyse.patterns.wording import without_numbers
from wijkanalyse.privacy import gate
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import MIN_TELLERS, Audience, release_table

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Scheme
    from wijkanalyse.patterns import PatternCard, StoryRef
    from wijkanalyse.privacy.decisions import Store

NAME = "sessiepakket"
SECTIONS = {"draaiboek": "A4", "patroonkaarten": "A5", "verhaalkaarten": "A6"}
STORY_LETTERS, MOST_PARAGRAPHS = 1400, 5  # what an A6 holds in letters that can be read at a table
FRONT_LETTERS, QUOTE_WORDS = 1650, (18, 45)  # what the front of an A5 holds; the least and most of a quote
LETTERS_OF_A_WORD = 6  # with its space
READING_WORDS, MOST_READINGS, MOST_SAID = 28, 4, 3  # what its back holds
#: On every page, because cards are laid on the table without the page they came from.
MARKS = {
    (Audience.OUTSIDE, PrivacyStatus.REVIEWED): "voorlopig beeld, bedoeld voor gesprek",
    (Audience.WORKBENCH, PrivacyStatus.REVIEWED): "WERKVERSIE voor eigen gebruik: niet doorgeven",
    (Audience.WORKBENCH, PrivacyStatus.MASKED): "WERKVERSIE, niet nagekeken: niet doorgeven",
}
OTHERS = "alle andere vertellers"
LABELS = {
    "": ("vertellers van verhalen waarin dit zo is", "vertellers van verhalen waarin het anders is"),
    "drie lezingen": ("vertellers van verhalen met een van de twee", "vertellers van verhalen met allebei"),
    "thema": ("vertellers van deze verhalen", ""),
}
LABELS["past nergens"] = LABELS["thema"]
#: In the small print of a card: numbers that were not counted by the gate.
UNRELEASED = re.compile(r"(?:Verschil|Zonder antwoord)[^.]*\.\s*")


@dataclass(frozen=True, kw_only=True)
class SessionKit:
    """What was written, and how the session is planned."""

    html: Path
    docx: Path
    pdfs: tuple[Path, ...]  #: A4, A5 and A6 apart; empty without a browser
    plan: Plan
    n_stories: int
    n_left_out: int  #: cards that too few people carry to leave the house


def build_session_kit(
    cards: Sequence[PatternCard],
    folder: str | Path = "sessie/",
    *,
    corpus: Corpus | None = None,
    participants: int = 20,
    minutes: int = 120,
    title: str = "Sessiepakket",
    codings: pd.DataFrame | None = None,
    scheme: Scheme | None = None,
    audience: Audience | str = Audience.OUTSIDE,
    project: Store | None = None,
) -> SessionKit:
    """Write everything for a conversation about patterns: HTML to print, PDF when there is a browser, and Word.

    Parameters
    ----------
    cards : sequence of PatternCard
        In the order they get their number; leave out or add what you like.
    folder : str or Path
    corpus : Corpus
        The stories of the cards; default what they were found in.
    participants, minutes : int
        For the running order: groups of three or four, at least ten minutes for a card.
    codings, scheme : optional
        Codings with a scheme of two levels, such as `vragen-en-knelpunten`: each code at the top becomes a
        *kenniskaart*. With these the cards may be an empty list.
    audience : Audience
        `"buiten"` for what goes to the table: stories that a person reviewed, rounded numbers, and no card that
        fewer than ten people carry. `"werkbank"` for a version of your own, marked as such on every page.
    project : Project, optional
        Its log gets a line for each file that goes outside.

    Raises
    ------
    PrivacyError
        When the stories were not reviewed, or no card is carried by enough people.
    InputError
        Without cards or corpus, with too few people or minutes, or when a file cannot be written.
    """
    audience, corpus, folder = gate.read_audience(audience), _corpus(cards, corpus), Path(folder)
    corpus.require(gate.REQUIRED_STATUS[audience], purpose="een sessiepakket")
    known = knowledge(corpus, codings, scheme, audience)
    kept = [card for card in cards if gate.is_large_enough(card.n_tellers, audience)]
    if not kept and not known:
        raise (PrivacyError if cards else InputError).one(
            what="Er is geen kaart om over te praten.",
            where=f"wa.build_session_kit, {len(cards)} kaarten",
            expected=f"minstens één patroonkaart die door minstens {MIN_TELLERS[audience]} vertellers wordt gedragen; liefst zes tot twaalf",
            now='Maak ze met wa.find_patterns(corpus, themes=themes), met minder thema’s, of maak een pakket voor jezelf: audience="werkbank".',
        )
    kinds = [*(card.kind for card in kept), *("kenniskaart" for _ in known)]
    plan = plan_session(kinds, participants=participants, minutes=minutes)
    stories = _stories(kept, known, corpus, audience)
    mark, css = MARKS[audience, corpus.status], (paper.TEMPLATES / "kit.css").read_text(encoding="utf-8")
    template = paper.environment().get_template("kit.html.j2")
    html: str = template.render(
        css=paper.raw(css),
        plural=paper.plural,
        date=paper.dutch_date(today()),
        mark=mark,
        title=title,
        participants=participants,
        minutes=minutes,
        plan=plan,
        corpus=corpus,
        meaning=paper.MEANING,
        known=known,
        stories=stories,
        n_left_out=len(cards) - len(kept),
        least=MIN_TELLERS[audience],
        outside=audience == Audience.OUTSIDE,
        cards=_cards(kept, corpus, stories, audience),
    )
    rules: dict[str, Any] = {"audience": audience, "project": project}
    # What is printed is this page, after its last look: in the streams of a PDF nothing can be looked for.
    page = write_file(folder / f"{NAME}.html", html, corpus, **rules)
    docx = write_file(folder / f"{NAME}.docx", word(html, title=title, mark=mark), corpus, **rules)
    printed = {f"{NAME}-{size}-{section}.pdf": print_pdf(page, section) for section, size in SECTIONS.items()}
    pdfs = tuple(write_file(folder / name, pdf, corpus, **rules) for name, pdf in printed.items() if pdf)
    if not pdfs:
        warnings.warn(NO_BROWSER, stacklevel=2)
    return SessionKit(
        html=page, docx=docx, pdfs=pdfs, plan=plan, n_stories=len(stories), n_left_out=len(cards) - len(kept)
    )


def _corpus(cards: Sequence[PatternCard], corpus: Corpus | None) -> Corpus:
    for carried in (corpus, *(card.corpus for card in cards)):
        if carried is not None:
            return carried
    raise InputError.one(
        what="Bij welke verhalen deze kaarten horen, is niet bekend.",
        where="wa.build_session_kit, corpus=",
        expected="het corpus waarin de kaarten zijn gevonden",
        now='Geef het mee: wa.build_session_kit(cards, "sessie/", corpus=corpus).',
    )


def _stories(
    cards: Sequence[PatternCard], known: Sequence[Any], corpus: Corpus, audience: Audience
) -> dict[str, dict[str, Any]]:
    """Return every story as it is printed, by the order of the cards, with its perspective when it is rare on none."""
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    seen = [[story.narrative_id for story in card.stories] for card in cards]
    seen += [[quote[0] for _, quotes in card["parts"] for quote in quotes] for card in known]
    groups = [dict(_members(card)) for card in cards]
    stories: dict[str, dict[str, Any]] = {}
    for number, (ids, group) in enumerate(zip_longest(seen, groups, fillvalue=everybody), start=1):
        for safe in gate.release_texts(corpus, list(dict.fromkeys(ids)), audience=audience, group=group):
            new = {
                "id": safe.narrative_id,
                "title": safe.title,
                "text": safe.text,
                "attribute": safe.attribute,
            }
            story = stories.setdefault(
                safe.narrative_id, new | {"paragraphs": _paragraphs(safe.text), "cards": []}
            )
            story["cards"].append(number)
            story["attribute"] = safe.attribute and story["attribute"]
    for narrative_id, found in places(corpus, list(stories), audience).items():
        stories[narrative_id]["places"] = found
    return stories


def _members(card: PatternCard) -> Sequence[tuple[str, str]]:
    if card.finding:
        return card.finding.members
    return [(narrative_id, CARRIES) for narrative_id in card.narratives]


def _cards(
    cards: Sequence[PatternCard], corpus: Corpus, stories: Mapping[str, Any], audience: Audience
) -> list[dict[str, Any]]:
    """Return what cards print beside their own fields; outside without a number that the gate did not count."""
    outside = audience == Audience.OUTSIDE
    pictures = [_counts(card, corpus, audience) for card in cards]
    texts = [
        (_plainly(card), UNRELEASED.sub("", card.note)) if outside else (card.observation, card.note)
        for card in cards
    ]
    return [
        {
            "of": card,
            "observation": observation,
            "note": note,
            "rows": rows,
            "missing": _missing(card, corpus, audience),
            "readings": [
                (each.perspective, paper.shorten(each.text, READING_WORDS))
                for each in card.readings[:MOST_READINGS]
            ],
            "said": _said(card),
            "stories": _quotes(card, stories, n_letters=len(card.title + observation + note)),
        }
        for card, (observation, note), rows in zip(
            cards, texts, _apart(pictures, corpus) if outside else pictures, strict=True
        )
    ]


def _plainly(card: PatternCard) -> str:
    """Return the observation without a number; a person may have worded it anew."""
    if card.finding and card.finding.observation == card.observation:
        return card.finding.plainly
    return without_numbers(card.observation)


def _said(card: PatternCard) -> list[tuple[str, list[str]]]:
    """Return what was said last, by session, as far as there is room."""
    lines = [(said, paper.shorten(line, READING_WORDS)) for said in card.said for line in said.lines]
    sessions: dict[str, list[str]] = {}
    for said, line in lines[-MOST_SAID:]:
        sessions.setdefault(f"{paper.dutch_date(said.date)}, {said.session}", []).append(line)
    return list(sessions.items())


def _quotes(
    card: PatternCard, stories: Mapping[str, Any], *, n_letters: int
) -> list[tuple[StoryRef, Mapping[str, Any], str]]:
    """Return the beginning of each story, shorter where other texts of so many letters take the room."""
    least, most = QUOTE_WORDS
    room = (FRONT_LETTERS - n_letters) // (LETTERS_OF_A_WORD * max(len(card.stories), 1))
    n_words = max(least, min(most, room))
    found = [(ref, stories[ref.narrative_id]) for ref in card.stories]
    return [(ref, story, paper.shorten(" ".join(story["text"].split()), n_words)) for ref, story in found]


def _missing(card: PatternCard, corpus: Corpus, audience: Audience) -> list[str]:
    """Return the voices that may be called missing: that tells something about everybody who has them."""
    name = gate.shown_attribute(corpus)
    sizes = corpus.frame.groupby(name)["teller_id"].nunique() if name else {}
    return [voice for voice in card.missing_voices if gate.is_large_enough(sizes.get(voice, 0), audience)]


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A bar in the picture of a card, and who is counted in it."""

    label: str
    n: int | None  #: None when it may not be told
    filled: bool
    tellers: frozenset[Any]


def _counts(card: PatternCard, corpus: Corpus, audience: Audience) -> list[_Row]:
    """Return the bars of the picture."""
    import pandas as pd

    if not _members(card):
        return []
    labels = dict(zip((CARRIES, CONTRADICTS), LABELS.get(card.kind, LABELS[""]), strict=True))
    told = corpus.frame[["narrative_id", "teller_id"]]
    roles = told.merge(pd.DataFrame(_members(card), columns=["narrative_id", "rol"]), on="narrative_id")
    carries = roles[roles["rol"] == CARRIES]
    # Where nobody contradicts, or too few, they are put together with everybody else.
    others = told[~told["teller_id"].isin(carries["teller_id"])].assign(rol=OTHERS)
    rows: list[_Row] = []
    for frame in (roles, pd.concat([carries, others])):
        table = release_table(
            corpus,
            frame[["narrative_id", "rol"]],
            rows="rol",
            audience=audience,
            order=(CARRIES,),
            rounded=audience == Audience.OUTSIDE,
        )
        rows = [
            _Row(
                label=labels.get(role, OTHERS),
                n=None if pd.isna(n) else int(n),
                filled=role == CARRIES,
                tellers=frozenset(frame.loc[frame["rol"] == role, "teller_id"]),
            )
            for role, n in table.frame.iloc[:, 0].items()
        ]
        if len(rows) > 1 and all(row.n is not None for row in rows):
            break
    return rows


def _apart(pictures: Sequence[list[_Row]], corpus: Corpus) -> list[list[_Row]]:
    """Withhold the numbers of a card where less those of an earlier one, or of everybody, they tell about a few."""
    shown = {frozenset(corpus.frame["teller_id"])}
    kept = []
    for rows in pictures:
        groups = {row.tellers for row in rows if row.n is not None}
        if any(_gives_away(one, other) for one in groups for other in shown):
            rows = [replace(row, n=None) for row in rows]
        else:
            shown |= groups
        kept.append(rows)
    return kept


def _gives_away(one: frozenset[Any], other: frozenset[Any]) -> bool:
    nested = one < other or other < one
    return nested and not gate.is_large_enough(len(one ^ other), Audience.OUTSIDE)


def _paragraphs(text: str) -> list[str]:
    """Return a story, cut after a sentence where it is too long for its card; many short lines run on."""
    n_words = len(text.split())
    cut = paper.shorten(text, max(1, STORY_LETTERS * n_words // max(len(text), 1)))
    parts = [" ".join(part.split()) for part in cut.split("\n") if part.strip()]
    return parts if len(parts) <= MOST_PARAGRAPHS else [" / ".join(parts)]
