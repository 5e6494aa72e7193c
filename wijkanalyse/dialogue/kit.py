"""The session kit: pattern cards, story cards, a running order and answer sheets, to print and to lay on a table."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, today
from wijkanalyse.dialogue.kit_knowledge import knowledge
from wijkanalyse.dialogue.kit_pictures import bars, placings
from wijkanalyse.dialogue.kit_plan import Plan, plan_session
from wijkanalyse.dialogue.kit_print import NO_BROWSER, print_pdf
from wijkanalyse.dialogue.kit_word import word
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
from wijkanalyse.privacy.gate import MIN_TELLERS, REQUIRED_STATUS, ROUND_TO, Audience, is_large_enough, release_table, release_texts, shown_attribute  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Scheme
    from wijkanalyse.patterns import PatternCard
    from wijkanalyse.privacy.decisions import Store

NAME = "sessiepakket"
SECTIONS = {"draaiboek": "A4", "patroonkaarten": "A5", "verhaalkaarten": "A6"}
STORY_LETTERS, MOST_PARAGRAPHS = 1400, 5  # what an A6 holds in letters that can be read at a table
QUOTE_WORDS, READING_WORDS, MOST_READINGS, MOST_SAID = 30, 40, 4, 5  # what an A5 holds
PROVISIONAL, OWN_USE, UNREVIEWED = (
    "voorlopig beeld, bedoeld voor gesprek",
    "WERKVERSIE voor eigen gebruik: niet doorgeven",
    "WERKVERSIE, niet nagekeken: niet doorgeven",
)
OTHERS = "vertellers van alle andere verhalen"
LABELS = ("vertellers van verhalen die dit dragen", "vertellers van verhalen die dit tegenspreken")
READ_LABELS = ("thema of code, een van de twee", "allebei")


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
        The stories of the cards; may be left out when the cards carry it.
    participants, minutes : int
        For the running order: groups of three or four, at least ten minutes for a card.
    codings, scheme : optional
        Codings with a scheme of two levels, such as `vragen-en-knelpunten`: each code at the top becomes a *kenniskaart*. With
        these the cards may be an empty list.
    audience : Audience
        `"buiten"` for what goes to the table: stories that a person reviewed, rounded numbers, and no card that fewer than ten
        people carry. `"werkbank"` for a version of your own, marked as such on every page.
    project : Project, optional
        Its log gets a line.

    Raises
    ------
    PrivacyError
        When the stories were not reviewed, or no card is carried by enough people.
    InputError
        Without cards or corpus, with too few people or minutes, or when a file cannot be written.
    """
    audience, corpus, folder = _audience(audience), _corpus(cards, corpus), Path(folder)
    corpus.require(REQUIRED_STATUS[audience], purpose="een sessiepakket")
    known = knowledge(corpus, codings, scheme, audience)
    kept = [card for card in cards if is_large_enough(card.n_tellers, audience)]
    if not kept and not known:
        raise _nothing(len(cards), audience)
    plan = plan_session(
        [*(card.kind for card in kept), *("kenniskaart" for _ in known)],
        participants=participants,
        minutes=minutes,
    )
    mark = (
        PROVISIONAL
        if audience is Audience.OUTSIDE
        else UNREVIEWED
        if corpus.status is PrivacyStatus.MASKED
        else OWN_USE
    )
    stories = _stories(kept, known, corpus, audience)
    voices = _voices(corpus, audience)
    html: str = environment().get_template("kit.html.j2").render(
        css=raw((TEMPLATES / "kit.css").read_text(encoding="utf-8")), raw=raw, plural=plural, date=dutch_date(today()), mark=mark,
        title=title, participants=participants, minutes=minutes, plan=plan, corpus=corpus, meaning=MEANING, known=known, stories=stories,
        n_left_out=len(cards) - len(kept), least=MIN_TELLERS[audience],
        cards=[_card(card, corpus, stories, voices, audience) for card in kept],
    )  # fmt: skip
    rules: dict[str, Any] = {"audience": audience, "project": project}
    page = write_file(folder / f"{NAME}.html", html, corpus, **rules)
    docx = write_file(folder / f"{NAME}.docx", word(html, title=title, mark=mark), corpus, **rules)
    printed = {f"{NAME}-{size}-{section}.pdf": print_pdf(page, section) for section, size in SECTIONS.items()}
    pdfs = tuple(write_file(folder / name, pdf, corpus, **rules) for name, pdf in printed.items() if pdf)
    if not pdfs:
        warnings.warn(NO_BROWSER, stacklevel=2)
    return SessionKit(
        html=page, docx=docx, pdfs=pdfs, plan=plan, n_stories=len(stories), n_left_out=len(cards) - len(kept)
    )


def _audience(audience: Audience | str) -> Audience:
    try:
        return Audience(audience)
    except ValueError as error:
        raise InputError.one(
            what="Voor wie het pakket is, is niet duidelijk.", where="audience=",
            expected=" of ".join(f"‘{each}’" for each in Audience), now="Kies ‘buiten’ voor alles wat je uitdeelt.",
        ) from error  # fmt: skip


def _corpus(cards: Sequence[PatternCard], corpus: Corpus | None) -> Corpus:
    for carried in (corpus, *(getattr(card, "corpus", None) for card in cards)):
        if carried is not None:
            return carried
    raise InputError.one(
        what="Bij welke verhalen deze kaarten horen, is niet bekend.", where="wa.build_session_kit, corpus=",
        expected="het corpus waarin de kaarten zijn gevonden",
        now='Geef het mee: wa.build_session_kit(cards, "sessie/", corpus=corpus).',
    )  # fmt: skip


def _nothing(n_cards: int, audience: Audience) -> InputError | PrivacyError:
    if n_cards:
        return PrivacyError.one(
            what=f"Geen van deze {n_cards} kaarten kan naar buiten.", where="wa.build_session_kit, cards",
            expected=f"kaarten die door minstens {MIN_TELLERS[audience]} vertellers worden gedragen",
            now='Zoek minder thema’s in wa.find_themes, of maak een pakket voor jezelf met audience="werkbank".',
        )  # fmt: skip
    return InputError.one(
        what="Er zijn geen kaarten om over te praten.", where="wa.build_session_kit, cards",
        expected="minstens één patroonkaart, en liefst zes tot twaalf",
        now="Maak ze met wa.find_patterns(corpus, themes=themes). Komt daar niets uit? Lees dan de verhalen zelf naast elkaar.",
    )  # fmt: skip


def _stories(
    cards: Sequence[PatternCard], known: Sequence[Mapping[str, Any]], corpus: Corpus, audience: Audience
) -> dict[str, dict[str, Any]]:
    """Return every story of the kit as it is printed, in the order of the cards.

    A story has its perspective beside it only when that is not rare on any card that it is on.
    """
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    on_cards = [
        (
            [story.narrative_id for story in card.stories],
            dict(card.finding.members) if card.finding else everybody,
        )
        for card in cards
    ]
    on_cards += [([quote[0] for _, quotes in card["parts"] for quote in quotes], everybody) for card in known]
    stories: dict[str, dict[str, Any]] = {}
    for number, (ids, group) in enumerate(on_cards, start=1):
        for safe in release_texts(corpus, list(dict.fromkeys(ids)), audience=audience, group=group):
            story = stories.setdefault(safe.narrative_id, {
                "id": safe.narrative_id, "title": title_of(safe), "text": safe.text, "paragraphs": _paragraphs(safe.text),
                "attribute": safe.attribute, "cards": [],
            })  # fmt: skip
            story["cards"].append(number)
            story["attribute"] = safe.attribute and story["attribute"]
    for narrative_id, placed in placings(corpus, list(stories), audience).items():
        stories[narrative_id]["placings"] = placed
    return stories


def _voices(corpus: Corpus, audience: Audience) -> set[str]:
    """Return the perspectives that may be called missing: that tells something about all who have it."""
    name = shown_attribute(corpus)
    if name is None:
        return set()
    table = release_table(corpus, corpus.frame[["narrative_id"]], rows=name, audience=audience).frame
    return set(table.index[table.notna().all(axis=1)])


def _card(
    card: PatternCard,
    corpus: Corpus,
    stories: Mapping[str, Mapping[str, Any]],
    voices: set[str],
    audience: Audience,
) -> dict[str, Any]:
    """Return what a card prints beside its own fields; outside without a number that is not of a released table."""
    outside, finding, observation, note = (
        audience is Audience.OUTSIDE,
        card.finding,
        card.observation,
        card.note,
    )
    if outside:
        own = finding is not None and finding.observation == observation  # a person may have worded it anew
        observation = finding.plainly if finding and own else without_numbers(observation)
        note = re.sub(r"Zonder antwoord[^.]*\.\s*", "", note)
    rows, counted = _counts(card, corpus, audience)
    return {
        "of": card, "observation": observation, "note": note, "picture": bars(rows, "Aantal vertellers"), "counted": counted,
        "n_narratives": _about(card.n_narratives, outside), "n_tellers": _about(card.n_tellers, outside),
        "missing": [voice for voice in card.missing_voices if voice in voices],
        "readings": [(reading.perspective, shorten(reading.text, READING_WORDS)) for reading in card.readings[:MOST_READINGS]],
        "said": [
            (f"{dutch_date(said.date)}, {said.session}", shorten(line, READING_WORDS)) for said in getattr(card, "said", ()) for line in said.lines
        ][-MOST_SAID:],
        "stories": [
            (story, stories[story.narrative_id], shorten(" ".join(stories[story.narrative_id]["text"].split()), QUOTE_WORDS))
            for story in card.stories
        ],
    }  # fmt: skip


def _about(n: int, outside: bool) -> str:
    return f"ongeveer {_rounded(n)}" if outside else str(n)


def _rounded(n: int) -> int:
    return (n + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def _counts(
    card: PatternCard, corpus: Corpus, audience: Audience
) -> tuple[list[tuple[str, int | None, bool]], str]:
    """Return the bars of the picture and the note below it."""
    import pandas as pd

    outside = audience is Audience.OUTSIDE
    if card.finding is None:
        few = outside and 0 < corpus.n_tellers - card.n_tellers < MIN_TELLERS[audience]
        here = None if few else _rounded(card.n_tellers) if outside else card.n_tellers
        rows = [("vertellers van deze verhalen", here, True), ("alle vertellers", corpus.n_tellers, False)]
        return rows, f"Het eerste getal is afgerond op een veelvoud van {ROUND_TO}." if outside else ""
    labels = dict(
        zip((CARRIES, CONTRADICTS), READ_LABELS if card.kind == "drie lezingen" else LABELS, strict=True)
    )
    roles = pd.DataFrame(card.finding.members, columns=["narrative_id", "rol"])
    carries = set(roles.loc[roles["rol"] == CARRIES, "narrative_id"])
    # Where too few contradict, they are put together with all other stories.
    everything = corpus.frame[["narrative_id"]].assign(
        rol=[CARRIES if each in carries else OTHERS for each in corpus.frame["narrative_id"]]
    )
    for frame in (roles, everything):
        table = release_table(corpus, frame, rows="rol", audience=audience, order=(CARRIES,), rounded=outside)
        counted = table.frame.iloc[:, 0]
        if counted.notna().all():
            break
    return [
        (labels.get(role, role), None if pd.isna(n) else int(n), role == CARRIES)
        for role, n in counted.items()
    ], table.note


def _paragraphs(text: str) -> list[str]:
    """Return a story, cut after a sentence where it is too long for its card; many short lines run on."""
    n_words = len(text.split())
    cut = shorten(text, max(1, STORY_LETTERS * n_words // max(len(text), 1)))
    parts = [" ".join(part.split()) for part in cut.split("\n") if part.strip()]
    return parts if len(parts) <= MOST_PARAGRAPHS else [" / ".join(parts)]
