"""Taking a story out for good: when its teller withdraws it, or a name in it was missed.

The one place where the log does not only grow. Who did what when stays; what was said in the story goes.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.project.narratives import ERASED, NARRATIVE, mark_of, stored_texts
from wijkanalyse.project.schema import ROW, link

if TYPE_CHECKING:
    from wijkanalyse.project.ledger import Ledger


def erase(ledger: Ledger, narratives: Collection[str]) -> None:
    """See `Project.erase`."""
    with ledger.transaction():
        ledger.query("PRAGMA secure_delete = ON")
        rows = ledger.query("SELECT number, kind, subject, before, after FROM log WHERE kind IS NOT NULL")
        about = {row[0]: _about(*row[1:]) for row in rows}
        found = [row for row in rows if about[row[0]] in narratives]
        if unknown := sorted(set(narratives) - set(about.values())):
            raise InputError.one(
                what=f"Over deze verhalen staat niets in het project: {list_names(unknown)}.",
                where=ledger.path.name,
                expected="nummers van verhalen die met project.keep_narratives(corpus) zijn bewaard",
                now="Er is niets gewist. Controleer de nummers.",
            )
        guards = ledger.query(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log'"
        )
        for name, _ in guards:
            ledger.query(f"DROP TRIGGER {name}")
        for number, kind, subject, *_ in found:
            ledger.query("UPDATE log SET before = NULL, after = NULL WHERE number = ?", number)
            ledger.query("DELETE FROM decisions WHERE kind = ? AND subject = ?", kind, subject)
        still = {
            value.get(name) for value in ledger.decisions(NARRATIVE).values() for name in ("hash", "was")
        }
        values = [_held(value) for *_, before, after in found for value in (before, after)]
        texts = stored_texts(ledger)
        gone = {
            mark_of(ledger, subject, texts[held["hash"]])
            for _, kind, subject, *versions in found
            for held in map(_held, versions)
            if kind == NARRATIVE and held.get("hash") in texts
        }
        for text in {value.get(name) for value in values for name in ("hash", "was")} - still:
            ledger.query("DELETE FROM texts WHERE hash = ?", text)
        digest = ledger.salt
        for row in ledger.query(f"SELECT {', '.join(ROW)} FROM log ORDER BY number"):  # noqa: S608
            digest = link(digest, row)
            ledger.query("UPDATE log SET digest = ? WHERE number = ?", digest, row[0])
        for _, script in guards:
            ledger.query(script)
        what = json.dumps({"verhalen": sorted(narratives), "teksten": sorted(gone)}, ensure_ascii=False)
        ledger.append({}, action=ERASED, detail=what)
    ledger.query("VACUUM")  # what was deleted leaves no trace in empty pages
    ledger.query("PRAGMA wal_checkpoint(TRUNCATE)")


def _held(value: str | None) -> dict[str, str]:
    found = json.loads(value) if value else None
    return found if isinstance(found, dict) else {}


def _about(kind: str, subject: str, before: str | None, after: str | None) -> str | None:
    """Return the narrative that a row of the log is about, when it holds its text or a quote."""
    if kind == NARRATIVE:
        return subject
    return (_held(after) or _held(before)).get("narrative_id")
