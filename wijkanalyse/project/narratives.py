"""The stories as a project holds them: masked text under its hash, and what has to be looked at again when a file grew.

A story is a decision like any other: its id, and the hash of the text that holds now. The texts stand apart, so that the
log never repeats them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.errors import Problem
from wijkanalyse.project.anchoring import Alignment, renumbered
from wijkanalyse.project.schema import hash_text

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project.ledger import Key, Ledger

NARRATIVE = "verhaal"
SALTED = "masker-"  #: kinds whose subjects are hashes made with the salt of the project
ERASED = "verhalen gewist"  #: the action whose line in the log marks what may not come back
WITHDRAWN = "gewist"
NEW, CHANGED, GONE, LOST = "nieuw", "gewijzigd", "verdwenen", "citaat niet gevonden"
CODING, CODE = "codering", "code"
CODE_GONE, REDEFINED = "code vervallen", "definitie gewijzigd"
CHANGES = ["narrative_id", "change", "old", "new"]


def keep(ledger: Ledger, corpus: Corpus) -> pd.DataFrame:
    """See `Project.keep_narratives`."""
    import pandas as pd

    corpus.require(PrivacyStatus.MASKED, purpose="verhalen in het project bewaren")
    told = dict(zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True))
    rows: list[tuple[str, str, str, str]] = []
    with ledger.transaction():
        gone = erased(ledger)
        for narrative in sorted(told) if gone else ():
            if mark_of(ledger, narrative, told[narrative]) in gone:
                del told[narrative]
                rows.append((narrative, WITHDRAWN, "", ""))
        known, texts = ledger.decisions(NARRATIVE), stored_texts(ledger)
        values: dict[Key, Any] = {}
        moved: dict[str, tuple[str, str]] = {}
        for narrative in sorted(known.keys() | told.keys()):
            held, new = known.get(narrative), told.get(narrative)
            old = texts.get(held["hash"], "") if held else ""
            value, change = _now(held, new, texts)
            if value != held:
                values[NARRATIVE, narrative] = value
            if change:
                rows.append((narrative, change, old, new or ""))
            if held and new is not None and new != old:
                moved[narrative] = (old, new)
        for text in told.values():
            if hash_text(text) not in texts:
                ledger.query("INSERT OR IGNORE INTO texts VALUES (?, ?)", hash_text(text), text)
        values |= anchored(ledger.all_decisions(), moved) if moved else {}
        if values:
            n = {change: sum(row[1] == change for row in rows) for change in (NEW, CHANGED, GONE)}
            detail = ", ".join(f"{count} {change}" for change, count in n.items())
            ledger.append(values, action="verhalen bewaard", detail=detail)
    return pd.DataFrame(rows, columns=CHANGES)


def _now(held: Any, new: str | None, texts: dict[str, str]) -> tuple[Any, str]:
    """Return what holds of a story from now on, and what to call the change."""
    if new is None:
        return {**held, "gone": True}, "" if "gone" in held else GONE
    value = {"hash": hash_text(new)}
    if held is None:
        return value, NEW
    # Changed twice without anybody looking: the text that somebody knew is the old one.
    seen = held.get("was", held["hash"])
    if renumbered(texts.get(seen, "")) != renumbered(new):
        value["was"] = seen
    is_same = renumbered(texts.get(held["hash"], "")) == renumbered(new)
    return value, "" if is_same else CHANGED


def erased(ledger: Ledger) -> set[str]:
    """Return the marks of texts that were erased: a file that still has them does not bring them back.

    Under its old number a story may come again with another text: a name in it was missed, and is masked now.
    """
    found = ledger.query("SELECT detail FROM log WHERE action = ?", ERASED)
    return {mark for (detail,) in found for mark in json.loads(detail)["teksten"]}


def mark_of(ledger: Ledger, narrative: str, text: str) -> str:
    """Return what a story is known by after it was erased; nobody can tell the text from it."""
    return hashlib.blake2b(
        f"{narrative}\n{renumbered(text)}".encode(), key=ledger.salt, digest_size=8
    ).hexdigest()


def stored_texts(ledger: Ledger) -> dict[str, str]:
    """Return every text by its hash."""
    return dict(ledger.query("SELECT hash, text FROM texts"))


def current_texts(ledger: Ledger) -> dict[str, str]:
    """Return the text of every story that the project knows."""
    texts = stored_texts(ledger)
    return {narrative: texts.get(value["hash"], "") for narrative, value in ledger.decisions(NARRATIVE).items()}  # fmt: skip


def spans(decisions: dict[Key, Any]) -> Iterator[tuple[Key, Any]]:
    """Yield the decisions about a place in a story: they hold its narrative_id, start, end and quote."""
    for key, value in decisions.items():
        if isinstance(value, dict) and all(
            isinstance(value.get(name), kind)
            for name, kind in (("narrative_id", str), ("quote", str), ("start", int), ("end", int))
        ):
            yield key, value


def anchored(decisions: dict[Key, Any], moved: dict[str, tuple[str, str]]) -> dict[Key, Any]:
    """Return the spans that stand elsewhere in the new texts, as they are there.

    One that cannot be found for sure stays as it is: its quote does not stand at its place, and `open_spans` lists it.

    Parameters
    ----------
    decisions : dict
    moved : dict of narrative_id to (old text, new text)
    """
    alignments: dict[str, Alignment] = {}
    found = {}
    for key, value in spans(decisions):
        if value["narrative_id"] not in moved:
            continue
        old, new = moved[value["narrative_id"]]
        start, end, quote = value["start"], value["end"], value["quote"]
        if not 0 <= start < end or (old[start:end] != quote and new[start:end] == quote):
            continue
        if old[start:end] == quote:
            if value["narrative_id"] not in alignments:
                alignments[value["narrative_id"]] = Alignment(old, new)
            place = alignments[value["narrative_id"]].place(start, end)
        else:  # it was lost before; now it is plain
            at = new.find(quote)
            place = (at, at + len(quote)) if new.count(quote) == 1 else None
        if place and (place != (start, end) or new[slice(*place)] != quote):
            found[key] = {**value, "start": place[0], "end": place[1], "quote": new[slice(*place)]}
    return found


def open_spans(decisions: dict[Key, Any], texts: dict[str, str]) -> Iterator[tuple[Key, Any]]:
    """Yield the spans whose quote does not stand at their place."""
    for key, value in spans(decisions):
        text = texts.get(value["narrative_id"])
        if text is not None and text[max(value["start"], 0) : value["end"]] != value["quote"]:
            yield key, value


def stale_codings(decisions: dict[Key, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield narrative, change, old, new and subject of codings whose code is gone, or meant something else when they were made.

    Only where the project holds codes. Of a code that is gone: its name, and those of what it became.
    """
    codes = {subject: value for (kind, subject), value in decisions.items() if kind == CODE}
    for (kind, subject), value in decisions.items() if codes else ():
        if kind != CODING:
            continue
        code = codes.get(value["code"], {"became": []})
        if "became" in code:
            names = (codes.get(key, {}).get("name", key) for key in code["became"])
            yield value["narrative_id"], CODE_GONE, code.get("name", value["code"]), ", ".join(names), subject
        elif value.get("meaning", code["meaning"]) != code["meaning"]:
            old = code["earlier"].get(value["meaning"], "")
            yield value["narrative_id"], REDEFINED, old, code["definition"], subject


def to_look_at(ledger: Ledger) -> pd.DataFrame:
    """See `Project.recheck`."""
    import pandas as pd

    texts, decisions = stored_texts(ledger), ledger.all_decisions()
    rows = []
    for narrative, value in ledger.decisions(NARRATIVE).items():
        if "was" in value:
            rows.append((narrative, CHANGED, texts.get(value["was"], ""), texts.get(value["hash"], ""), NARRATIVE, narrative))  # fmt: skip
    told = current_texts(ledger)
    for (kind, subject), value in open_spans(decisions, told):
        narrative = value["narrative_id"]
        rows.append((narrative, LOST, value["quote"], told[narrative], kind, subject))
    for narrative, change, old, new, subject in stale_codings(decisions):
        rows.append((narrative, change, old, new, CODING, subject))
    return pd.DataFrame(sorted(rows), columns=[*CHANGES, "kind", "subject"])


def find_faults(ledger: Ledger) -> Iterator[Problem]:
    """Yield what is wrong with stories and what was decided about them."""
    texts, decisions = current_texts(ledger), ledger.all_decisions()
    about = [
        (key, value)
        for key, value in decisions.items()
        if isinstance(value, dict) and "narrative_id" in value and value.keys() & {"quote", "code"}
    ]
    if about and not texts:
        yield Problem(
            what=f"Er zijn {len(about)} codings of memo’s, maar er zijn geen verhalen bewaard.",
            where="het project",
            expected="de verhalen waar ze over gaan",
            now="Doe project.keep_narratives(corpus).",
        )
        return
    for (kind, subject), value in about:
        if value["narrative_id"] not in texts:
            yield Problem(
                what="Het verhaal hierbij is er niet.",
                where=f"{kind} {subject}, verhaal {value['narrative_id']}",
                expected="een verhaal dat in het project is bewaard",
                now="Bewaar het verhaal met project.keep_narratives(corpus), of neem het besluit terug.",
            )
    for (kind, subject), value in open_spans(decisions, texts):
        yield Problem(
            what="Het citaat staat niet op zijn plek.",
            where=f"{kind} {subject}, verhaal {value['narrative_id']}",
            expected="dezelfde woorden op de plek die erbij staat",
            now="Kijk in project.recheck() en wijs de plek opnieuw aan, of neem het besluit terug.",
        )
    known = stored_texts(ledger)
    for narrative, value in ledger.decisions(NARRATIVE).items():
        if not {value["hash"], value.get("was", value["hash"])} <= known.keys():
            yield Problem(
                what="De tekst van dit verhaal ontbreekt.",
                where=f"verhaal {narrative}",
                expected="een bewaarde tekst",
                now="Bewaar het verhaal opnieuw met project.keep_narratives(corpus).",
            )
