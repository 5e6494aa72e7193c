"""Talking back: how people read the cards and what they say in a session, kept in a project; and what changed since.

Each remark is a decision of its own about a card, or about none. So each can be undone, changed and taken back, and the
remarks of two people who worked in two copies of a project come together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date as day
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from wijkanalyse.errors import InputError, PrivacyError, Problem, list_names
from wijkanalyse.patterns.cards import PatternCard, Reading, Said
from wijkanalyse.privacy.finding import Piece, find_all

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.themes.editing import Store

CARD, REMARK = "patroonkaart", "gezegd"
RESONANCE, READING, QUESTION = "weerklank", "lezing", "vraag"
#: What can be said, in the order in which a card shows it, and how.
WHATS = {
    RESONANCE: "{kind} {text}",
    READING: "{group} las dit als {perspective}: {text}",
    QUESTION: "Nieuwe vraag: {text}",
    "niet herkend": "Niet herkend: {text}",
    "afspraak": "Afspraak: {text}",
}
#: Kinds of resonant stories in participatory narrative inquiry: pivot, voice, discovery, other.
RESONANCES = {
    "keerpunt": "Bij verhaal {} nam het gesprek een andere wending.",
    "stem": "Verhaal {} gaf een stem aan wat gezegd moest worden.",
    "ontdekking": "Verhaal {} liet iets zien dat nieuw was.",
    "anders": "Verhaal {} bleef hangen.",
}
TYPED = ("text", "perspective", "group", "session")
FIELDS = ("what", "card", *TYPED, "date", "narrative_id", "kind")
COLUMNS = "card session date what change text perspective group narrative_id kind".split()
OWN = {"title": 1, "linking_question": 1, "mark": 1, "tension": 2}  #: what people change, in how many parts
SAME_CARD = 0.5  # a card about a theme is the same one with more than this share of the stories of then
MAY_STAND = ("leeftijd", "datum")  # in "mensen van 65 en ouder", and "op 3 december praten we verder"


def add_reading(
    project: Store, card: PatternCard, perspective: str, text: str, *, key: str = "", is_checked: bool = False
) -> None:
    """Keep how somebody reads a card; people may interpret here, also causes.

    Parameters
    ----------
    project, card
    perspective, text : str
        From where it is read, such as "inwoner", and what.
    key : str
        Of a reading from `wa.read_cards` that this one replaces; without a text it is taken back.
    is_checked : bool
        A person looked at what seems to be a name, and says that it is none.

    Raises
    ------
    InputError
        When the perspective or the text is empty.
    PrivacyError
        When a name or a number seems to stand in it.
    """
    remark = {"what": READING, "card": card.card_id, "perspective": perspective, "text": text, "key": key}
    _keep(project, [remark], [card], is_checked)


def change_card(
    project: Store, card: PatternCard, *, is_checked: bool = False, **words: str | tuple[str, ...]
) -> None:
    """Give a card words of one's own; an empty text brings back what the program proposed.

    Parameters
    ----------
    project, card, is_checked
        As in `add_reading`, which says what is raised.
    **words
        `title`, `linking_question`, `tension` (two poles), `mark` (for who prepares the session: "meenemen").
    """
    parts = {name: [text] if isinstance(text, str) else list(text) for name, text in words.items()}
    if any(OWN.get(name) != len(part) or any(part) != all(part) for name, part in parts.items()):
        raise InputError.one(
            what="Dit kan zo niet op een kaart.",
            where=f"kaart ‘{card.card_id}’",
            expected=f"een van {list_names(OWN)}; tension met twee polen",
            now="Vul beide polen in, of geen van beide.",
        )
    _check_words((text for part in parts.values() for text in part), is_checked)
    subject, record = _record(project, card)
    own = {name: text for name, text in {**record["own"], **words}.items() if any(text)}
    project.decide({(CARD, subject): {**record, "own": own}}, action="kaart gewijzigd")


def record_session(
    project: Store,
    *,
    name: str,
    date: str,
    said: Iterable[Mapping[str, Any]] | pd.DataFrame,
    cards: Sequence[PatternCard] = (),
    is_checked: bool = False,
) -> None:
    """Keep what was said in a session, as one action; calling it again with the same name and date adds to it.

    Parameters
    ----------
    project, is_checked
        As in `add_reading`, which says what is raised; when something is missing or unknown, nothing is kept.
    name, date : str
        The date as 2026-11-20.
    said : DataFrame or iterable of mappings
        One remark each: `what` (weerklank, lezing, vraag, niet herkend, afspraak), `text`, and where it applies
        `card` (a card_id; else it is about the whole session), `group`, `perspective` (of a lezing),
        `narrative_id` and `kind` (of weerklank: keerpunt, stem, ontdekking, anders), and `key` as in
        `add_reading`. A lezing becomes a reading of its card.
    cards : sequence of PatternCard
        The cards that `card` refers to.
    """
    import pandas as pd

    rows = said.fillna("").to_dict("records") if isinstance(said, pd.DataFrame) else said
    _keep(project, [{**row, "session": name, "date": date or "?"} for row in rows], cards, is_checked)


def read_cards(cards: Sequence[PatternCard], project: Store) -> list[PatternCard]:
    """Return cards, as `wa.find_patterns` gave them, with all that people wrote on them, and what was said by session.

    A card of a theme is known by its stories, so that what was said stays with it when the corpus grows; what
    belongs to no card of these stays in the project. Cards that were read before may be read again.
    """
    held, laid = project.decisions(CARD), []
    for card in cards:
        proposed = card.proposed or card
        own: dict[str, Any] = {name: getattr(proposed, name) for name in OWN}
        for subject in reversed(_subjects(card, held)):
            own |= {
                name: part if OWN[name] == 1 else tuple(part) for name, part in held[subject]["own"].items()
            }
        readings = [reading for reading in card.readings if not reading.key]
        lines: dict[tuple[str, str], list[str]] = {}
        for key, remark in remarks_on(project, card).items():
            if remark["what"] == READING:
                readings.append(Reading(perspective=remark["perspective"], text=remark["text"], key=key))
            if remark["session"]:
                lines.setdefault(_at(remark), []).append(_sentence(remark))
        said = (Said(session=at[1], date=at[0], lines=tuple(lines[at])) for at in sorted(lines))
        laid.append(replace(card, readings=tuple(readings), said=tuple(said), proposed=proposed, **own))
    return laid


def remarks_on(project: Store, card: PatternCard | None = None) -> dict[str, dict[str, str]]:
    """Return what was said about a card, or about none, by key: in the order of `WHATS`, by perspective and text."""
    subjects, order = _subjects(card, project.decisions(CARD)) if card else [""], list(WHATS)
    found = [(key, remark) for key, remark in project.decisions(REMARK).items() if remark["card"] in subjects]
    return dict(
        sorted(found, key=lambda row: (order.index(row[1]["what"]), row[1]["perspective"], row[1]["text"]))
    )


def compare_sessions(project: Store) -> pd.DataFrame:
    """Return what was said per card and session, and what is new or gone since the session before.

    Returns
    -------
    pandas.DataFrame
        card (its title; empty: the whole session), session, date, what, change (nieuw, ook eerder gezegd, niet
        meer gevraagd), text, perspective, group, narrative_id, kind. A question is *niet meer gevraagd* when the
        last session about this card asked it and this one did not. Nothing is counted.
    """
    import pandas as pd

    held, rows = project.decisions(CARD), []
    told = [remark for remark in project.decisions(REMARK).values() if remark["session"]]
    for card, *at in sorted({(remark["card"], *_at(remark)) for remark in told}):
        here = sorted((remark for remark in told if remark["card"] == card), key=_same)
        now = {_same(remark): remark for remark in here if _at(remark) == tuple(at)}
        before = {_same(remark): remark for remark in here if _at(remark) < tuple(at)}
        last = max(map(_at, before.values()), default=None)
        changes = [(now[same], "ook eerder gezegd" if same in before else "nieuw") for same in now]
        asked = [same for same in sorted(before.keys() - now.keys()) if same[0] == QUESTION]
        changes += [(before[same], "niet meer gevraagd") for same in asked if _at(before[same]) == last]
        title = held[card]["own"].get("title", held[card]["title"]) if card else ""
        rows += [
            {**remark, "card": title, "date": at[0], "session": at[1], "change": change}
            for remark, change in changes
        ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _keep(
    project: Store, rows: Iterable[Mapping[str, Any]], cards: Sequence[PatternCard], is_checked: bool
) -> None:
    held, by_id = project.decisions(REMARK), {card.card_id: card for card in cards}
    values: dict[tuple[str, str], Any] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=1):
        key = row.get("key") or uuid4().hex
        remark = {field: str(row.get(field, held.get(key, {}).get(field, ""))).strip() for field in FIELDS}
        values[REMARK, key] = remark if key not in held or remark["text"] or remark["narrative_id"] else None
        problems += _problems(number, remark, by_id) if values[REMARK, key] else []
    if problems:
        raise InputError(problems)
    remarks = list(filter(None, values.values()))
    _check_words((remark[field] for remark in remarks for field in TYPED), is_checked)
    for remark in remarks:
        if remark["card"]:
            remark["card"], values[CARD, remark["card"]] = _record(project, by_id[remark["card"]])
    project.decide(values, action="over een kaart gezegd" if remarks else "opmerking weggehaald")


def _problems(number: int, remark: Mapping[str, str], cards: Mapping[str, PatternCard]) -> Iterator[Problem]:
    """Yield what is missing or unknown, without a word of the texts."""
    what, is_date = remark["what"], False
    with suppress(ValueError):
        is_date = day.fromisoformat(remark["date"]).isoformat() == remark["date"]
    for is_there, problem, expected in (
        (
            is_date if remark["session"] else not remark["date"],
            "Een sessie heeft een naam en een datum nodig.",
            "name, en date als 2026-11-20",
        ),
        (what in WHATS, "Wat voor opmerking dit is, is onbekend.", f"what is een van {list_names(WHATS)}"),
        (
            remark["card"] in {"", *cards},
            "Deze kaart ligt er niet.",
            f"card is leeg, of een van {list_names(cards)}",
        ),
        (remark["text"] or what == RESONANCE, "Er staat niet wat er is gezegd.", "een paar woorden"),
        (
            what != READING or (remark["perspective"] and remark["card"]),
            "Een lezing hoort bij een kaart en een perspectief.",
            "allebei",
        ),
        (
            what != RESONANCE or (remark["narrative_id"] and remark["kind"] in RESONANCES),
            "Van de weerklank ontbreekt het verhaal of de soort.",
            f"narrative_id, en kind is een van {list_names(RESONANCES)}",
        ),
    ):
        if not is_there:
            yield Problem(
                what=problem,
                where=f"opmerking {number}",
                expected=expected,
                now="Er is niets bewaard. Vul het aan.",
            )


def _check_words(texts: Iterable[str], is_checked: bool) -> None:
    """Refuse texts with what seems a name or a number, unless a person looked; the error has no word of them."""
    pieces = [
        Piece(narrative_id=str(n), teller_id=str(n), column="", text=text) for n, text in enumerate(texts)
    ]
    spans = [] if is_checked else find_all(pieces, add={}, keep=(), decisions=None, voice=None)
    found = Counter(span.kind for row in spans for span in row if span.kind not in MAY_STAND)
    if found:
        raise PrivacyError.one(
            what=f"Hier lijkt een naam of nummer in te staan: {', '.join(f'{n} × {kind}' for kind, n in sorted(found.items()))}.",
            where="wat je bij een kaart schrijft",
            expected="tekst waarin niemand te herkennen is: ‘een buurvrouw’, ‘het wijkteam’",
            now="Er is niets bewaard. Haal het weg. Is het geen naam of nummer? Zeg dan dat je hebt gekeken (in code: is_checked=True).",
        )


def _record(project: Store, card: PatternCard) -> tuple[str, dict[str, Any]]:
    """Return under which subject a card stands in a project, and what is kept of it; new when nothing was said."""
    held, subject = project.decisions(CARD), card.card_id
    if known := _subjects(card, held):
        return known[0], held[known[0]]
    while subject in held:  # another theme had this number before
        subject += "~"
    return subject, {
        "family": _family(card),
        "title": (card.proposed or card).title,
        "narratives": sorted(card.narratives),
        "own": {},
    }


def _subjects(card: PatternCard, held: Mapping[str, Any]) -> list[str]:
    """Return the subjects that are about a card, the one that shares most stories first.

    A theme may get another number: a card about one is known by what it is held against and by more than half
    of its stories.
    """
    family, now, alike = _family(card), set(card.narratives), []
    for subject, record in held.items():
        share = len(now.intersection(record["narratives"])) / max(len(record["narratives"]), 1)
        if record["family"] == family and (share > SAME_CARD or family == card.card_id):
            alike.append((-share, subject))
    return [subject for _, subject in sorted(alike)]


def _family(card: PatternCard) -> str:
    is_theme = card.theme_id is not None and card.theme_id >= 0
    return re.sub(r"thema-\d+(-\d+$)?", "thema", card.card_id) if is_theme else card.card_id


def _at(remark: Mapping[str, str]) -> tuple[str, str]:
    return remark["date"], remark["session"]


def _same(remark: Mapping[str, str]) -> tuple[str, ...]:
    return remark["what"], remark["text"].casefold(), remark["narrative_id"]


def _sentence(remark: Mapping[str, str]) -> str:
    group = remark["group"][:1].upper() + remark["group"][1:] or "Iemand"
    kind = RESONANCES.get(remark["kind"], "").format(remark["narrative_id"])
    return WHATS[remark["what"]].format(**{**remark, "group": group, "kind": kind}).strip()
