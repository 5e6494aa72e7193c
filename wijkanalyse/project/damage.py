"""What an accident did to a file: bits that flipped, a part that is gone, decisions that no log knows of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from wijkanalyse.errors import Problem
from wijkanalyse.project.schema import CHAINED, ROW, SCHEMA_VERSION, hash_text, link, read_salt, versions

#: Errors that say something about the place or the moment, not about the file.
_CIRCUMSTANCES = tuple(
    f"SQLITE_{name}" for name in "BUSY LOCKED CANTOPEN READONLY PERM IOERR FULL INTERRUPT".split()
)
_NOW = "Zet een kopie terug: wa.open_project(…, restore=True)."


def find_damage(connection: sqlite3.Connection) -> list[Problem]:
    """Return what is wrong with a file of ours; empty when it is whole. Of a newer version only what SQLite itself sees."""
    try:
        connection.execute("BEGIN")  # one moment, though others write
        try:
            return list(_find(connection))
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
    except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
        if getattr(error, "sqlite_errorname", "").startswith(_CIRCUMSTANCES):
            raise
        # A cell that cannot be decoded, or that is of another type than it was.
        return [_problem("Een deel van het bestand is niet te lezen.", "het hele bestand")]


def _find(connection: sqlite3.Connection) -> Iterator[Problem]:
    for (message,) in connection.execute("PRAGMA integrity_check(10)"):
        if message != "ok":
            yield _problem("De opbouw van het bestand klopt niet meer.", "het hele bestand")
            return
    _, version = versions(connection)
    if not CHAINED <= version <= SCHEMA_VERSION:
        return
    digest, held = read_salt(connection), dict[tuple[str, str], str | None]()
    for *row, stored in connection.execute(f"SELECT {', '.join(ROW)}, digest FROM log ORDER BY number"):  # noqa: S608
        digest = link(digest, row)
        if digest != stored:
            yield _problem("Een regel in het logboek is veranderd, of er ontbreekt er een.", f"logboek, regel {row[0]}")  # fmt: skip
            return
        kind, subject, after, origin = row[6], row[7], row[9], row[11]
        if kind is not None and origin is None:
            held[kind, subject] = after
    for kind, subject, value in connection.execute("SELECT kind, subject, value FROM decisions"):
        if held.pop((kind, subject), None) != value:
            yield _problem("Een besluit is anders dan het logboek zegt.", f"{kind} {subject}")
    for (kind, subject), lost in held.items():
        if lost is not None:
            yield _problem("Een besluit uit het logboek ontbreekt.", f"{kind} {subject}")
    for name, text in connection.execute("SELECT hash, text FROM texts"):
        if hash_text(text) != name:
            yield _problem("Een bewaarde tekst is veranderd.", f"tekst {name}")


def _problem(what: str, where: str, expected: str = "wat er stond toen het werd bewaard") -> Problem:
    return Problem(what=what, where=where, expected=expected, now=_NOW)


def last_row(connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Return what tells one state of a file from another: the last row of its log."""
    row = connection.execute("SELECT * FROM log ORDER BY number DESC LIMIT 1").fetchone()
    return tuple(row or (0,))
