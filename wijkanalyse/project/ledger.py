"""The one mechanism of the project file: decisions, and the log of how they came about.

A decision has a kind ("masker-plek"), a subject (which place) and a value. What holds now stands in `decisions`; the log
holds who made which decision when, what held before and what after, so that every step can be undone and done again.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from wijkanalyse.errors import ProjectError
from wijkanalyse.project.copies import copy_to
from wijkanalyse.project.schema import ROW, link, read_salt

UNDONE, REDONE = "ongedaan", "opnieuw"
_FULL = ("SQLITE_FULL", "SQLITE_IOERR")
_LAST = "SELECT step, moves, action FROM log WHERE step = number AND origin IS NULL{} ORDER BY number DESC"  # newest first

Key = tuple[str, str]  #: kind and subject


class Ledger:
    """Decisions and their log, in an open database."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, who: str, *, is_read_only: bool = False
    ) -> None:
        self.path = path
        self.who = who
        self.is_read_only = is_read_only
        self._connection = connection
        # JupyterLab lets a widget speak in another thread than the cells.
        self._lock = threading.RLock()
        self._is_writing = False

    def close(self) -> None:
        """Close the file; what stays is one file."""
        with self._lock, suppress(sqlite3.Error):
            if not self.is_read_only:
                # Another process may have it open: then that one, closing last, leaves one file.
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    @property
    def salt(self) -> bytes:
        """What the hashes of this project are made with, so that those of two projects do not match."""
        return bytes(self.query("SELECT value FROM secrets WHERE name = 'salt'")[0][0])

    def note(self, action: str, *, who: str | None = None, detail: str = "") -> None:
        """Append one line to the log; written at once. Never pass a word of a narrative.

        Parameters
        ----------
        action, detail : str
            In Dutch.
        who : str, optional
            Default who opened the project.

        Raises
        ------
        ProjectError
            When the file cannot be written, or is closed.
        """
        with self.transaction():
            self.append({}, action=action, detail=detail, who=who)

    def decisions(self, kind: str) -> dict[str, Any]:
        """Return what holds now of one kind: subject → value."""
        rows = self.query("SELECT subject, value FROM decisions WHERE kind = ? ORDER BY subject", kind)
        return dict(zip((row[0] for row in rows), self._values(rows), strict=True))

    def all_decisions(self) -> dict[Key, Any]:
        """Return everything that holds now: (kind, subject) → value."""
        rows = self.query("SELECT kind, subject, value FROM decisions ORDER BY kind, subject")
        return dict(zip((row[:2] for row in rows), self._values(rows), strict=True))

    def decide(
        self, values: Mapping[Key, Any], *, action: str, detail: str = "", who: str | None = None
    ) -> None:
        """Record one human action, at once and whole.

        Parameters
        ----------
        values : mapping of (kind, subject) to a JSON value
            What holds from now on; None takes a decision back.
        action, detail, who : str
            For the log, as in `note`; `action` is what was done ("gemaskeerd").

        Raises
        ------
        ProjectError
            When the file cannot be written; what held before then still holds.
        """
        if values:
            with self.transaction():
                self.append(values, action=action, detail=detail, who=who)

    def undo(self, kinds: Iterable[str] = (), *, who: str | None = None) -> tuple[Key, ...]:
        """Undo the last action (of some kinds, of one person) that still holds.

        Returns
        -------
        tuple of (kind, subject)
            What was touched. Empty when there is nothing to undo, or when an action of another kind since decided about
            the same: that one has to be undone first.
        """
        return self._move(kinds, who, forward=False)

    def redo(self, kinds: Iterable[str] = (), *, who: str | None = None) -> tuple[Key, ...]:
        """Do again what was undone last; empty when there is none, or something else was decided since."""
        return self._move(kinds, who, forward=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that happens inside, or nothing; meanwhile nobody else writes."""
        if self.is_read_only:
            raise ProjectError.one(
                what="Dit project is alleen te lezen.",
                where=self.path.name,
                expected="een project dat om te schrijven is geopend",
                now="Er is niets bewaard. project.notices zegt waarom; open een kopie in een map waarin je mag schrijven.",
            )
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._is_writing = True
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise _cannot_write(self.path, error) from _told(error)
                raise
            finally:
                self._is_writing = False

    def append(
        self,
        values: Mapping[Key, Any],
        *,
        action: str,
        detail: str = "",
        who: str | None = None,
        moves: int | None = None,
    ) -> None:
        """Add one action to the log, and what holds after it; inside a `transaction`. Without values it is a note."""
        first, digest = self.end()
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        about = (moment, who or self.who, action, detail)
        if not values:
            self._insert((first + 1, *about, None, None, None, None, None, moves, None), digest)
        for number, ((kind, subject), value) in enumerate(values.items(), start=first + 1):
            after = _json(value)
            row = (number, *about, first + 1, kind, subject, self._value((kind, subject)), after, moves, None)
            digest = self._insert(row, digest)
            if after is None:
                self.query("DELETE FROM decisions WHERE kind = ? AND subject = ?", kind, subject)
            else:
                self.query("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?)", kind, subject, after)

    def adopt(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of another log, as they are: they tell who did what, and change nothing that holds here."""
        _, digest = self.end()
        for row in rows:
            digest = self._insert(row, digest)

    def end(self) -> tuple[int, bytes]:
        """Return number and digest of the last row of the log."""
        rows = self.query("SELECT number, digest FROM log ORDER BY number DESC LIMIT 1")
        return rows[0] if rows else (0, read_salt(self._connection))

    def query(self, sql: str, *values: Any) -> list[Any]:
        """Return the rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                if self._is_writing:
                    raise
                raise _cannot_read(self.path) from _told(error)

    def copy_to(self, target: Path) -> None:
        """Write a copy of the file as it is now."""
        with self._lock:
            copy_to(self._connection, target)

    def _values(self, rows: Sequence[Any]) -> list[Any]:
        try:
            # As one list: three times as fast as one by one.
            values: list[Any] = json.loads(f"[{','.join(row[-1] for row in rows)}]")
        except ValueError:
            raise _cannot_read(self.path) from None
        return values

    def _insert(self, row: Sequence[Any], digest: bytes) -> bytes:
        digest = link(digest, row)
        places = ", ".join("?" * (len(ROW) + 1))
        self.query(f"INSERT INTO log ({', '.join(ROW)}, digest) VALUES ({places})", *row, digest)  # noqa: S608
        return digest

    def _value(self, key: Key) -> str | None:
        rows = self.query("SELECT value FROM decisions WHERE kind = ? AND subject = ?", *key)
        return rows[0][0] if rows else None

    def _move(self, kinds: Iterable[str], who: str | None, *, forward: bool) -> tuple[Key, ...]:
        with self.transaction():
            step = self._next_step(kinds, who, forward)
            if step is None:
                return ()
            cursor = self._connection.execute(
                "SELECT step, action, kind, subject, before, after FROM log WHERE number >= ? ORDER BY number",
                (step,),
            )
            rows = list(takewhile(lambda row: row[0] == step, cursor))
            values: dict[Key, Any] = {}
            for _, _, kind, subject, before, after in rows:
                held, wanted = (before, after) if forward else (after, before)
                if self._value((kind, subject)) != held:
                    return ()
                values[kind, subject] = None if wanted is None else json.loads(wanted)
            self.append(values, action=f"{REDONE if forward else UNDONE}: {rows[0][1]}", who=who, moves=step)
            return tuple(values)

    def _next_step(self, kinds: Iterable[str], who: str | None, forward: bool) -> int | None:
        """Walk back from the end of the log to the step that is next to undo, or to do again."""
        where, values = (" AND who = ?", (who,)) if who else ("", ())
        wanted = sorted(set(kinds))
        cursors = [self._connection.execute(_LAST.format(where + " AND kind = ?"), (*values, kind)) for kind in wanted]  # fmt: skip
        cursors = cursors or [self._connection.execute(_LAST.format(where), values)]
        seen = set()
        for number, moves, action in heapq.merge(*cursors, reverse=True):
            if forward and moves is None:
                return None
            step: int = moves or number
            holds = moves is None or action.startswith(REDONE)
            if step not in seen and holds is not forward:
                return step
            seen.add(step)
        return None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _cannot_read(path: Path) -> ProjectError:
    return ProjectError.one(
        what="Het projectbestand kan niet worden gelezen.",
        where=path.name,
        expected="een open .wijk-bestand dat heel is",
        now="Open het opnieuw; is er iets stuk, dan zegt wa.open_project welke kopie heel is.",
    )


def _told(error: sqlite3.Error) -> sqlite3.Error | None:
    """Return an error that may be shown as the cause: that of a text which cannot be decoded quotes the text."""
    return error if getattr(error, "sqlite_errorname", "") or "decode" not in str(error) else None


def _cannot_write(path: Path, error: sqlite3.Error) -> ProjectError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(_FULL):
        what, now = "De schijf is vol of niet bereikbaar.", "Maak ruimte of herstel de verbinding; doe het dan nog eens."  # fmt: skip
    elif name.startswith("SQLITE_BUSY"):
        what, now = "Het projectbestand is in gebruik.", "Sluit het in andere vensters en doe het nog eens."
    else:
        what, now = "Er kan niet in het projectbestand worden geschreven.", "Open het opnieuw en probeer het nog eens."  # fmt: skip
    return ProjectError.one(
        what=what,
        where=path.name,
        expected="een open .wijk-bestand op een schijf met ruimte, waarin niemand anders tegelijk schrijft",
        now=f"Deze handeling is niet bewaard, alles van daarvoor wel. {now}",
    )
