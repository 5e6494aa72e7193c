"""The session kit: pattern cards, story cards, a running order and answer sheets, to print and to lay on a table."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from wijkanalyse.privacy.gate import MIN_TELLERS, ROUND_TO, Audience, release_table

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding import Scheme
    from wijkanalyse.patterns import PatternCard
    from wijkanalyse.privacy.decisions import Store

NAME = "sessiepakket"
SECTIONS = {"draaiboek": "A4", "patroonkaarten": "A5", "verhaalkaarten": "A6"}
STORY_LETTERS, MOST_PARAGRAPHS = 1400, 5  # what an A6 holds in letters that can be read at a table
QUOTE_WORDS, READING_WORDS, MOST_READINGS, MOST_SAID = 24, 28, 4, 3  # what an A5 holds
#: On every page, because cards are laid on the table without the page they came from.
MARKS = {
    (Audience.OUTSIDE, PrivacyStatus.REVIEWED): "voorlopig beeld, bedoeld voor gesprek",
    (Audience.WORKBENCH, PrivacyStatus.REVIEWED): "WERKVERSIE voor eigen gebruik: niet doorgeven",
    (Audience.WORKBENCH, PrivacyStatus.MASKED): "WERKVERSIE, niet nagekeken: niet doorgeven",
}
OTHERS = "vertellers van alle andere verhalen"
LABELS = {
    "": ("vertellers van verhalen die dit dragen", "vertellers van verhalen die dit tegenspreken"),
    "drie lezingen": ("thema of code, een van de twee", "allebei"),
}


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
    audience, corpus, folder = gate.read_audience(audience), _corpus(cards, corpus), Path(folder)
    corpus.require(gate.REQUIRED_STATUS[audience], purpose="een sessiepakket")
    known = knowledge(corpus, codings, scheme, audience)
    kept = [card for card in cards if gate.is_large_enough(card.n_tellers, audience)]
    if not kept and not known:
        raise (PrivacyError if cards else InputError).one(
            what="Er is geen kaart om over te praten.", where=f"wa.build_session_kit, {len(cards)} kaarten",
            expected=f"minstens één patroonkaart die door minstens {MIN_TELLERS[audience]} vertellers wordt gedragen; liefst zes tot twaalf",
            now='Maak ze met wa.find_patterns(corpus, themes=themes), met minder thema’s, of maak een pakket voor jezelf: audience="werkbank".',
        )  # fmt: skip
    kinds = [*(card.kind for card in kept), *("kenniskaart" for _ in known)]
    plan = plan_session(kinds, participants=participants, minutes=minutes)
    stories = _stories(kept, known, corpus, audience)
    mark, css = MARKS[audience, corpus.status], (paper.TEMPLATES / "kit.css").read_text(encoding="utf-8")
    html: str = paper.environment().get_template("kit.html.j2").render(
        css=paper.raw(css), plural=paper.plural, date=paper.dutch_date(today()), mark=mark, title=title, participants=participants, minutes=minutes,
        plan=plan, corpus=corpus, meaning=paper.MEANING, known=known, stories=stories, n_left_out=len(cards) - len(kept),
        least=MIN_TELLERS[audience], about="ongeveer " if audience is Audience.OUTSIDE else "",
        cards=[_card(card, corpus, stories, audience) for card in kept],
    )  # fmt: skip
    rules: dict[str, Any] = {"audience": audience, "project": project}
    page = write_file(folder / f"{NAME}.html", html, corpus, **rules)
    docx = write_file(folder / f"{NAME}.docx", word(html, title=title, mark=mark), corpus, **rules)
    printed = {f"{NAME}-{size}-{section}.pdf": print_pdf(page, section) for section, size in SECTIONS.items()}
    pdfs = tuple(write_file(folder / name, pdf, corpus, **rules) for name, pdf in printed.items() if pdf)
    if not pdfs:
        warnings.warn(NO_BROWSER, stacklevel=2)
    return SessionKit(html=page, docx=docx, pdfs=pdfs, plan=plan, n_stories=len(stories), n_left_out=len(cards) - len(kept))  # fmt: skip


def _corpus(cards: Sequence[PatternCard], corpus: Corpus | None) -> Corpus:
    for carried in (corpus, *(getattr(card, "corpus", None) for card in cards)):
        if carried is not None:
            return carried
    raise InputError.one(
        what="Bij welke verhalen deze kaarten horen, is niet bekend.", where="wa.build_session_kit, corpus=",
        expected="het corpus waarin de kaarten zijn gevonden",
        now='Geef het mee: wa.build_session_kit(cards, "sessie/", corpus=corpus).',
    )  # fmt: skip


def _stories(cards: Sequence[PatternCard], known: Sequence[Any], corpus: Corpus, audience: Audience) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Return every story as it is printed, by the order of the cards, with its perspective when that is rare on none of them."""
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    seen = [[story.narrative_id for story in card.stories] for card in cards]
    seen += [[quote[0] for _, quotes in card["parts"] for quote in quotes] for card in known]
    groups = [dict(card.finding.members) if card.finding else everybody for card in cards]
    stories: dict[str, dict[str, Any]] = {}
    for number, (ids, group) in enumerate(zip_longest(seen, groups, fillvalue=everybody), start=1):
        for safe in gate.release_texts(corpus, list(dict.fromkeys(ids)), audience=audience, group=group):
            new = {
                "id": safe.narrative_id,
                "title": paper.title_of(safe),
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


def _card(card: PatternCard, corpus: Corpus, stories: Mapping[str, Any], audience: Audience) -> dict[str, Any]:  # fmt: skip
    """Return what a card prints beside its own fields; outside without a number that is not of a released table."""
    finding, observation, note, outside = card.finding, card.observation, card.note, audience is Audience.OUTSIDE  # fmt: skip
    if outside:
        own = finding is not None and finding.observation == observation  # a person may have worded it anew
        observation = finding.plainly if finding and own else without_numbers(observation)
        note = re.sub(r"Zonder antwoord[^.]*\.\s*", "", note)
    rows, counted = _counts(card, corpus, audience)
    said = [(f"{paper.dutch_date(said.date)}, {said.session}", line) for said in getattr(card, "said", ()) for line in said.lines]  # fmt: skip
    printed = [(story, stories[story.narrative_id]) for story in card.stories]
    return {
        "of": card, "observation": observation, "note": note, "rows": rows, "counted": counted,
        "n_narratives": _rounded(card.n_narratives, outside), "n_tellers": _rounded(card.n_tellers, outside),
        "missing": _missing(card, corpus, audience),
        "readings": [(each.perspective, paper.shorten(each.text, READING_WORDS)) for each in card.readings[:MOST_READINGS]],
        "said": [(when, paper.shorten(line, READING_WORDS)) for when, line in said[-MOST_SAID:]],
        "stories": [(ref, story, paper.shorten(" ".join(story["text"].split()), QUOTE_WORDS)) for ref, story in printed],
    }  # fmt: skip


def _missing(card: PatternCard, corpus: Corpus, audience: Audience) -> list[str]:
    """Return the voices that may be called missing: that tells something about everybody who has them."""
    name = gate.shown_attribute(corpus)
    sizes = corpus.frame.groupby(name)["teller_id"].nunique() if name else {}
    return [voice for voice in card.missing_voices if gate.is_large_enough(sizes.get(voice, 0), audience)]


def _rounded(n: int, outside: bool) -> int:
    return (n + ROUND_TO // 2) // ROUND_TO * ROUND_TO if outside else n


def _counts(card: PatternCard, corpus: Corpus, audience: Audience) -> tuple[list[tuple[str, int | None, bool]], str]:  # fmt: skip
    """Return the bars of the picture and the note below it."""
    import pandas as pd

    outside = audience is Audience.OUTSIDE
    if card.finding is None:
        few = outside and 0 < corpus.n_tellers - card.n_tellers < MIN_TELLERS[audience]
        here = None if few else _rounded(card.n_tellers, outside)
        rows = [("vertellers van deze verhalen", here, True), ("alle vertellers", corpus.n_tellers, False)]
        return rows, f"Het eerste getal is afgerond op een veelvoud van {ROUND_TO}." if outside else ""
    labels = dict(zip((CARRIES, CONTRADICTS), LABELS.get(card.kind, LABELS[""]), strict=True))
    roles = pd.DataFrame(card.finding.members, columns=["narrative_id", "rol"])
    carries = roles[roles["rol"] == CARRIES]
    # Where too few contradict, they are put together with all other stories.
    ids = corpus.frame["narrative_id"]
    others = pd.DataFrame({"narrative_id": ids[~ids.isin(carries["narrative_id"])], "rol": OTHERS})
    for frame in (roles, pd.concat([carries, others])):
        table = release_table(corpus, frame, rows="rol", audience=audience, order=(CARRIES,), rounded=outside)
        counted = table.frame.iloc[:, 0]
        if counted.notna().all():
            break
    rows = [(labels.get(role, role), None if pd.isna(n) else int(n), role == CARRIES) for role, n in counted.items()]  # fmt: skip
    return rows, table.note


def _paragraphs(text: str) -> list[str]:
    """Return a story, cut after a sentence where it is too long for its card; many short lines run on."""
    n_words = len(text.split())
    cut = paper.shorten(text, max(1, STORY_LETTERS * n_words // max(len(text), 1)))
    parts = [" ".join(part.split()) for part in cut.split("\n") if part.strip()]
    return parts if len(parts) <= MOST_PARAGRAPHS else [" / ".join(parts)]
