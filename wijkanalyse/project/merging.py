"""Two copies of one project, in which two people worked, become one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import ProjectError
from wijkanalyse.project.narratives import NARRATIVE, SALTED, anchored, current_texts, stored_texts
from wijkanalyse.project.opening import cannot_open, open_project, open_whole
from wijkanalyse.project.schema import ROW, hash_text

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.project.ledger import Key, Ledger
    from wijkanalyse.project.verbs import Project

#: Kinds of which two people can each have their own: where both changed one, both stay.
BOTH_STAY = frozenset({"codering", "memo"})
NOT_JOINED = "a, want maskeren kan niet mee"
CONFLICTS = ["kind", "subject", "in_a", "in_b", "kept"]


def merge_projects(
    a: str | Path, b: str | Path, into: str | Path | None = None, *, who: str | None = None
) -> tuple[Project, pd.DataFrame]:
    """Join two copies of a project that began as one; neither of them changes.

    What one of both changed holds. Codings and memos of both stay. What both changed, each in another way, holds as it is
    in `a`; what `b` made of it is reported. The log of `b` is taken over whole, with the name of its file.

    Parameters
    ----------
    a, b : str or Path
        Closed project files.
    into : str or Path, optional
        A new file; default `….samen.wijk` beside `a`.
    who : str, optional
        Who joins them, for the log.

    Returns
    -------
    project : Project
        Open. The joining is one action: `undo` gives what `a` held.
    conflicts : pandas.DataFrame
        kind, subject, in_a, in_b (the values), kept (a, b, beide). Of projects that did not begin as one, decisions
        about masking cannot be joined, for their hashes do not match: those of `b` are all reported, and so is that.

    Raises
    ------
    ProjectError
        When a file cannot be opened, both are the same, or `into` exists.
    """
    import pandas as pd

    a, b = Path(a), Path(b)
    into = a.with_name(f"{a.stem}.samen.wijk") if into is None else Path(into)
    if into.exists() or a.resolve() == b.resolve():
        raise ProjectError.one(
            what="Samenvoegen kan alleen in een nieuw bestand, uit twee verschillende bestanden.",
            where=into.name,
            expected="a en b zijn twee projecten, into bestaat nog niet",
            now="Kies een andere naam voor into.",
        )
    with closing(open_whole(a, who)) as one, closing(open_whole(b, who)) as other:
        pairs = zip(_digests(one), _digests(other), strict=False)
        base = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        joined = _join(one, other, base)
        rows = other.query(f"SELECT {', '.join(ROW)} FROM log WHERE number > ? ORDER BY number", base)  # noqa: S608
        texts = stored_texts(other)
        try:
            one.copy_to(into)
        except (sqlite3.Error, OSError) as error:
            raise cannot_open(into, error) from error
    merged = open_project(into, who=who)
    with merged.transaction():
        shift = merged.end()[0] - base
        merged.adopt(_shifted(row, base, shift, b.name) for row in rows)
        for name, text in texts.items():
            merged.query("INSERT OR IGNORE INTO texts VALUES (?, ?)", name, text)
        detail = f"{b.name}: {len(joined.taken)} besluiten overgenomen, {len(joined.conflicts)} verschillen"
        if any(kept == NOT_JOINED for *_, kept in joined.conflicts):
            detail += f". Besluiten over maskeren uit {b.name} zijn niet overgenomen: de projecten zijn niet als één begonnen"
        merged.append(joined.taken, action="samengevoegd", detail=detail)
    return merged, pd.DataFrame(joined.conflicts, columns=CONFLICTS)


@dataclass(kw_only=True)
class _Joined:
    taken: dict[Key, Any] = field(default_factory=dict)
    conflicts: list[tuple[str, str, Any, Any, str]] = field(default_factory=list)


def _join(one: Ledger, other: Ledger, base: int) -> _Joined:
    """Return what is added to `one`: what `other` changed since the row up to which their logs are the same."""
    before, mine, theirs = _held(one, base), one.all_decisions(), other.all_decisions()
    same_salt = one.salt == other.salt
    there = {_json(value) for (kind, _), value in mine.items() if kind in BOTH_STAY}
    joined = _Joined()
    for key in sorted(theirs.keys() | before.keys()):
        (kind, subject), was, in_a, in_b = key, before.get(key), mine.get(key), theirs.get(key)
        if in_b in (was, in_a) or (kind in BOTH_STAY and _json(in_b) in there):
            continue
        if kind.startswith(SALTED) and not same_salt:
            kept = NOT_JOINED
        elif in_a == was:
            joined.taken[key] = in_b
            continue
        else:
            kept = "a" if kind not in BOTH_STAY or in_b is None else "b" if in_a is None else "beide"
        if kept in ("b", "beide"):
            # Both stay, so theirs gets a subject of its own, and the same one when the same file is joined again.
            joined.taken[(kind, f"{subject}~{hash_text(_json(in_b))[:8]}") if kept == "beide" else key] = in_b
        joined.conflicts.append((kind, subject, in_a, in_b, kept))
    _anchor(joined, mine, one, other)
    return joined


def _anchor(joined: _Joined, mine: dict[Key, Any], one: Ledger, other: Ledger) -> None:
    """Move the spans of each file to the text that holds after joining."""
    texts = stored_texts(one) | stored_texts(other)
    told = {
        subject: texts.get(value["hash"], "")
        for (kind, subject), value in {**mine, **joined.taken}.items()
        if kind == NARRATIVE and value
    }
    kept = {key: value for key, value in mine.items() if key not in joined.taken}
    for ledger, values in ((one, kept), (other, dict(joined.taken))):
        moved = {
            narrative: (text, told[narrative])
            for narrative, text in current_texts(ledger).items()
            if told.get(narrative, text) != text
        }
        joined.taken |= anchored(values, moved)


def _digests(ledger: Ledger) -> list[bytes]:
    return [digest for (digest,) in ledger.query("SELECT digest FROM log ORDER BY number")]


def _held(ledger: Ledger, number: int) -> dict[Key, Any]:
    """Return what held after a row of the log."""
    rows = ledger.query(
        "SELECT kind, subject, after FROM log WHERE number <= ? AND kind IS NOT NULL AND origin IS NULL ORDER BY number",
        number,
    )
    held = {(kind, subject): after for kind, subject, after in rows}
    return {key: json.loads(after) for key, after in held.items() if after is not None}


def _shifted(row: tuple[Any, ...], base: int, shift: int, name: str) -> tuple[Any, ...]:
    """Return a row of the other log under the number that it gets here."""
    number, moment, who, action, detail, step, kind, subject, held, after, moves, origin = row
    step, moves = (at + shift if at is not None and at > base else at for at in (step, moves))
    return (
        number + shift,
        moment,
        who,
        action,
        detail,
        step,
        kind,
        subject,
        held,
        after,
        moves,
        origin or name,
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
