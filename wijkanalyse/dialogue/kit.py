"""The session kit: pattern cards, story cards, a running order and answer sheets, to print and to lay on a table."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, today
from wijkanalyse.dialogue.kit_knowledge import knowledge
from wijkanalyse.dialogue.kit_pictures import bars, placings
from wijkanalyse.dialogue.kit_plan import Plan, plan_session
from wijkanalyse.dialogue.kit_print import NO_BROWSER, print_pdf
from wijkanalyse.dialogue.kit_word import word
from wijkanalyse.dialogue.kit_words import CONSENT, HARVEST, HOW, ROOM, SAFE, UNDISCUSSED
from wijkanalyse.dialogue.paper import (
    MEANING,
    TEMPLATES,
    dutch_date,
    environment,
    plural,
    raw,
    shorten,
    title_of,
)
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns.finding import CARRIES, CONTRADICTS
from wijkanalyse.patterns.wording import without_numbers
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import (
    MIN_TELLERS,
    REQUIRED_STATUS,
    ROUND_TO,
    Audience,
    SafeText,
    is_large_enough,
    release_table,
    release_texts,
    shown_attribute,
)

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Scheme
    from wijkanalyse.patterns import PatternCard
    from wijkanalyse.privacy.decisions import Store

NAME = "sessiepakket"
PARTS = {"draaiboek": "A4", "patroonkaarten": "A5", "verhaalkaarten": "A6"}
STORY_LETTERS, MOST_PARAGRAPHS = 1400, 4  # what an A6 holds in letters that can be read at arm's length
QUOTE_WORDS, READING_WORDS = 20, 40
MOST_READINGS, MOST_SAID = 4, 6
OPEN, WORK, UNREVIEWED = (
    "voorlopig beeld, bedoeld voor gesprek",
    "WERKVERSIE voor eigen gebruik: niet doorgeven",
    "WERKVERSIE, niet nagekeken: niet doorgeven",
)
LABELS = {
    "drie lezingen": ("een van de twee: computer of mens", "allebei"),
    "": ("vertellers van verhalen die dit dragen", "vertellers van verhalen die iets anders zeggen"),
}


@dataclass(frozen=True, kw_only=True)
class SessionKit:
    """What was written, and how the session is planned."""

    html: Path
    docx: Path
    pdfs: tuple[Path, ...]  #: A4, A5 and A6 apart; empty without a browser
    plan: Plan
    n_left_out: int  #: cards that too few people carry to leave the house
    n_stories: int


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
        Is made when it does not exist.
    corpus : Corpus
        The stories of the cards; may be left out when the cards carry it.
    participants, minutes : int
        For the running order: groups of three or four, at least ten minutes for a card.
    title : str
    codings, scheme : optional
        Codings with a scheme of two levels, such as `vragen-en-knelpunten`: for each code at the top a *kenniskaart* is added, with what was
        coded under it. With these the cards may be an empty list.
    audience : Audience
        `"buiten"` for what goes to the table: stories that a person reviewed, rounded numbers, and no card that fewer than ten people carry.
        `"werkbank"` for a version of your own, marked as such on every page.
    project : Project, optional
        Its log gets a line.

    Returns
    -------
    SessionKit

    Raises
    ------
    PrivacyError
        When the stories were not reviewed, or no card is carried by enough people.
    InputError
        Without cards or corpus, with too few people or minutes, or when a file cannot be written.
    """
    audience, corpus = _audience(audience), _corpus(cards, corpus)
    corpus.require(REQUIRED_STATUS[audience], purpose="een sessiepakket")
    known = knowledge(corpus, codings, scheme, audience)
    kept = [card for card in cards if is_large_enough(card.n_tellers, audience)]
    _refuse_nothing(cards, kept, known, audience)
    plan = plan_session(
        [card.kind for card in kept] + ["kenniskaart"] * len(known),
        participants=participants,
        minutes=minutes,
    )
    content = _content(kept, corpus, known, plan, audience)
    content |= {
        "title": title,
        "n_left_out": len(cards) - len(kept),
        "minutes": minutes,
        "participants": participants,
    }
    css = (TEMPLATES / "kit.css").read_text(encoding="utf-8")
    html = environment().get_template("kit.html.j2").render(css=raw(css), raw=raw, plural=plural, **content)
    rules: dict[str, Any] = {"audience": audience, "project": project}
    folder = Path(folder)
    path = write_file(folder / f"{NAME}.html", html, corpus, **rules)
    written = write_file(folder / f"{NAME}.docx", word(content), corpus, **rules)
    pdfs: list[Path] = []
    for part, size in PARTS.items():
        if (pdf := print_pdf(path, part)) is not None:
            pdfs.append(write_file(folder / f"{NAME}-{size}-{part}.pdf", pdf, corpus, **rules))
    if not pdfs:
        warnings.warn(NO_BROWSER, stacklevel=2)
    return SessionKit(
        html=path, docx=written, pdfs=tuple(pdfs), plan=plan, n_left_out=len(cards) - len(kept), n_stories=len(content["stories"]),
    )  # fmt: skip


def _audience(audience: Audience | str) -> Audience:
    try:
        return Audience(audience)
    except ValueError as error:
        raise InputError.one(
            what="Voor wie het pakket is, is niet duidelijk.", where="audience=",
            expected=" of ".join(f"‘{each}’" for each in Audience), now="Kies ‘buiten’ voor alles wat je uitdeelt.",
        ) from error  # fmt: skip


def _corpus(cards: Sequence[PatternCard], corpus: Corpus | None) -> Corpus:
    carried = (getattr(card, "corpus", None) for card in cards)
    corpus = corpus if corpus is not None else next((each for each in carried if each is not None), None)
    if corpus is None:
        raise InputError.one(
            what="Bij welke verhalen deze kaarten horen, is niet bekend.", where="wa.build_session_kit, corpus=",
            expected="het corpus waarin de kaarten zijn gevonden",
            now='Geef het mee: wa.build_session_kit(cards, "sessie/", corpus=corpus).',
        )  # fmt: skip
    return corpus


def _refuse_nothing(
    cards: Sequence[Any], kept: Sequence[Any], known: Sequence[Any], audience: Audience
) -> None:
    if kept or known:
        return
    if not cards:
        raise InputError.one(
            what="Er zijn geen kaarten om over te praten.", where="wa.build_session_kit, cards",
            expected="minstens één patroonkaart, en liefst zes tot twaalf",
            now="Maak ze met wa.find_patterns(corpus, themes=themes). Komt daar niets uit? Dan is het corpus te klein: lees de verhalen zelf.",
        )  # fmt: skip
    raise PrivacyError.one(
        what=f"Geen van deze {len(cards)} kaarten kan naar buiten.", where="wa.build_session_kit, cards",
        expected=f"kaarten die door minstens {MIN_TELLERS[audience]} vertellers worden gedragen",
        now='Zoek met minder thema’s, of maak een pakket voor jezelf met audience="werkbank".',
    )  # fmt: skip


def _content(
    cards: Sequence[PatternCard], corpus: Corpus, known: list[dict[str, Any]], plan: Plan, audience: Audience
) -> dict[str, Any]:
    """Return everything that is printed, as the templates of HTML and of Word use it."""
    on_cards = [
        (number, story.narrative_id) for number, card in enumerate(cards, start=1) for story in card.stories
    ]
    on_cards += [
        (card["number"], quote["id"])
        for card in _number(known, len(cards))
        for part in card["parts"]
        for quote in part["quotes"]
    ]
    ids = list(dict.fromkeys(narrative_id for _, narrative_id in on_cards))
    texts = {safe.narrative_id: safe for safe in release_texts(corpus, ids, audience=audience)}
    attributes = _attributes(cards, known, corpus, audience)
    placed = placings(corpus, ids, audience)
    voices = _voices(corpus, audience)
    views = [
        _card(number, card, corpus, texts, attributes, voices, audience)
        for number, card in enumerate(cards, start=1)
    ]
    mark = (
        OPEN
        if audience is Audience.OUTSIDE
        else UNREVIEWED
        if corpus.status is PrivacyStatus.MASKED
        else WORK
    )
    return {
        "date": dutch_date(today()), "mark": mark, "plan": plan, "cards": views, "known": known, "min_tellers": MIN_TELLERS[audience],
        "titles": {card["number"]: card["title"] for card in [*views, *known]},
        "stories": [
            {
                "id": narrative_id, "title": title_of(texts[narrative_id]), "attribute": attributes[narrative_id],
                "paragraphs": _paragraphs(texts[narrative_id].text), "placings": placed[narrative_id],
                "cards": ", ".join(str(number) for number in dict.fromkeys(n for n, each in on_cards if each == narrative_id)),
            }
            for narrative_id in ids
        ],
        "n_narratives": len(corpus), "n_tellers": corpus.n_tellers, "steps": corpus.provenance.steps,
        "how": HOW, "consent": CONSENT, "safe": SAFE, "harvest": HARVEST, "undiscussed": UNDISCUSSED, "room": ROOM,
    }  # fmt: skip


def _number(known: list[dict[str, Any]], n_cards: int) -> list[dict[str, Any]]:
    for number, card in enumerate(known, start=n_cards + 1):
        card["number"] = number
    return known


def _attributes(
    cards: Sequence[PatternCard], known: Sequence[dict[str, Any]], corpus: Corpus, audience: Audience
) -> dict[str, str]:
    """Return the perspective of each story, empty when it would be rare on any card that the story is on."""
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    shown: dict[str, str] = {}
    groups = [
        (
            dict(card.finding.members) if card.finding else everybody,
            [story.narrative_id for story in card.stories],
        )
        for card in cards
    ]
    groups += [
        (everybody, [quote["id"] for card in known for part in card["parts"] for quote in part["quotes"]])
    ]
    for group, ids in groups:
        for safe in release_texts(corpus, ids, audience=audience, group=group):
            before = shown.get(safe.narrative_id, safe.attribute)
            shown[safe.narrative_id] = safe.attribute if before else ""
    return shown


def _voices(corpus: Corpus, audience: Audience) -> set[str]:
    """Return the perspectives of which may be said that they are not heard: that tells something about all who have it."""
    name = shown_attribute(corpus)
    if name is None:
        return set()
    table = release_table(corpus, corpus.frame[["narrative_id", name]], rows=name, audience=audience).frame
    return set(table.index[table.notna().all(axis=1)])


def _card(
    number: int, card: PatternCard, corpus: Corpus, texts: dict[str, SafeText], attributes: dict[str, str],
    voices: set[str], audience: Audience,
) -> dict[str, Any]:  # fmt: skip
    outside, finding = audience is Audience.OUTSIDE, card.finding
    plainly = (
        finding.plainly
        if finding and finding.observation == card.observation
        else without_numbers(card.observation)
    )
    rows, counts = _picture(card, corpus, audience)
    readings = [(reading.perspective, shorten(reading.text, READING_WORDS)) for reading in card.readings]
    said = [(said, line) for said in getattr(card, "said", ()) for line in said.lines][-MOST_SAID:]
    carried = (
        f"{_about(card.n_narratives, outside)} verhalen, van {_about(card.n_tellers, outside)} vertellers"
    )
    return {
        "number": number, "title": card.title, "kind": card.kind, "is_discussed": card.is_discussed, "n_readings": len(card.readings),
        "observation": plainly if outside else card.observation, "svg": bars(rows, "Aantal vertellers"), "bars": rows, "counts": counts, "carried": carried,
        "firmness": card.firmness, "meaning": MEANING.get(card.firmness, ""), "tension": " – ".join(card.tension),
        "note": re.sub(r"Zonder antwoord[^.]*\.\s*", "", card.note) if outside else card.note,
        "missing": ", ".join(voice for voice in card.missing_voices if voice in voices), "linking_question": card.linking_question,
        "questions": card.reading_questions, "statute": card.statute_questions, "readings": readings[:MOST_READINGS],
        "n_more": len(readings[MOST_READINGS:]), "said": [(f"{dutch_date(each.date)}, {each.session}", line) for each, line in said],
        "stories": [
            {
                "role": story.role, "reason": story.reason, "id": story.narrative_id, "title": title_of(texts[story.narrative_id]),
                "attribute": attributes[story.narrative_id], "quote": shorten(" ".join(texts[story.narrative_id].text.split()), QUOTE_WORDS),
            }
            for story in card.stories
        ],
    }  # fmt: skip


def _about(n: int, outside: bool) -> str:
    return f"ongeveer {(n + ROUND_TO // 2) // ROUND_TO * ROUND_TO}" if outside else str(n)


def _picture(
    card: PatternCard, corpus: Corpus, audience: Audience
) -> tuple[list[tuple[str, int | None, bool]], str]:
    """Return the bars of the picture and the note below it; all numbers are of one released table."""
    import pandas as pd

    outside = audience is Audience.OUTSIDE
    if card.finding is None:
        rest = corpus.n_tellers - card.n_tellers
        n = card.n_tellers if not outside else (card.n_tellers + ROUND_TO // 2) // ROUND_TO * ROUND_TO
        here = n if is_large_enough(rest, audience) or not rest else None
        rows = [("vertellers van deze verhalen", here, True), ("alle vertellers", corpus.n_tellers, False)]
        return rows, "Afgerond op een veelvoud van 5." if outside else ""
    frame = pd.DataFrame(card.finding.members, columns=["narrative_id", "rol"])
    table = release_table(
        corpus, frame, rows="rol", audience=audience, order=(CARRIES, CONTRADICTS), rounded=outside
    )
    labels = dict(zip((CARRIES, CONTRADICTS), LABELS.get(card.kind, LABELS[""]), strict=True))
    counted = table.frame.iloc[:, 0]
    rows = [(labels[role], None if pd.isna(n) else int(n), role == CARRIES) for role, n in counted.items()]
    return rows, table.note


def _paragraphs(text: str) -> list[str]:
    """Return a story, cut after a sentence where it is too long for its card; many short lines become one."""
    words = text.split()
    cut = shorten(text, max(1, STORY_LETTERS * len(words) // max(len(text), 1)))
    parts = [" ".join(part.split()) for part in cut.split("\n") if part.strip()]
    return parts if len(parts) <= MOST_PARAGRAPHS else [" ".join(parts)]
