"""The project file: one SQLite file in which every human decision is kept.

There is one mechanism for all of them. A decision has a kind ("masker-plek"), a subject (which place) and a value. What holds
now stands in `decisions`; the log holds who made which decision when, what held before and what after, so that every step
can be undone and done again. The file holds no word of a narrative unless the user types it there.
"""

from __future__ import annotations

import getpass
import json
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import ProjectError

if TYPE_CHECKING:
    import pandas as pd

APPLICATION_ID = 0x57494A4B  # "WIJK"
#: One script per version; a file is brought up to date by those it has not had.
MIGRATIONS = (
    """
    CREATE TABLE log (
        number INTEGER PRIMARY KEY, moment TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT ''
    ) STRICT;
    """,
    """
    ALTER TABLE log ADD COLUMN step INTEGER;
    ALTER TABLE log ADD COLUMN kind TEXT;
    ALTER TABLE log ADD COLUMN subject TEXT;
    ALTER TABLE log ADD COLUMN before TEXT;
    ALTER TABLE log ADD COLUMN after TEXT;
    ALTER TABLE log ADD COLUMN moves INTEGER;
    CREATE TABLE decisions (
        kind TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, subject)
    ) STRICT;
    CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
    INSERT INTO secrets VALUES ('salt', randomblob(16));
    """,
)
SCHEMA_VERSION = len(MIGRATIONS)
LOG_COLUMNS = ["number", "moment", "who", "action", "detail"]


class Project:
    """An open project file. Use `open_project`; close it, or use it in a `with` block."""

    def __init__(self, path: Path, connection: sqlite3.Connection, who: str) -> None:
        self.path = path
        self.who = who
        self._connection = connection
        # JupyterLab lets a widget speak in another thread than the cells.
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<Project {self.path.name}>"

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @property
    def salt(self) -> bytes:
        """What the hashes of this project are made with, so that those of two projects do not match."""
        row = self._query("SELECT value FROM secrets WHERE name = 'salt'")
        return bytes(row[0][0])

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
        self._write([(who or self.who, action, detail, None, None, None, None)])

    def decisions(self, kind: str) -> dict[str, Any]:
        """Return what holds now of one kind: subject → value."""
        rows = self._query("SELECT subject, value FROM decisions WHERE kind = ? ORDER BY subject", kind)
        return {subject: json.loads(value) for subject, value in rows}

    def decide(
        self, values: Mapping[tuple[str, str], Any], *, action: str, detail: str = "", who: str | None = None
    ) -> None:
        """Record one human action, at once and whole.

        Parameters
        ----------
        values : mapping of (kind, subject) to a JSON value
            What holds from now on; None takes a decision back.
        action, detail, who : str
            For the log, as in `note`; `action` is what was done ("gemaskeerd").
        """
        self._write(
            [(who or self.who, action, detail, kind, subject, self._value(kind, subject), _json(value))
             for (kind, subject), value in values.items()]
        )  # fmt: skip

    def undo(self, kinds: Iterable[str] = ()) -> bool:
        """Undo the last action (of some kinds) that still holds; False when there is none."""
        return self._move(set(kinds), forward=False)

    def redo(self, kinds: Iterable[str] = ()) -> bool:
        """Do again what was undone last; False when there is none, or something else was decided since."""
        return self._move(set(kinds), forward=True)

    def log(self) -> pd.DataFrame:
        """Return the log: number, moment (UTC), who, action, detail; the oldest first, one line per action."""
        import pandas as pd

        rows = self._query(
            f"SELECT {', '.join(LOG_COLUMNS)} FROM log WHERE step IS NULL OR step = number ORDER BY number"  # noqa: S608
        )
        return pd.DataFrame(rows, columns=LOG_COLUMNS)

    def _move(self, kinds: set[str], *, forward: bool) -> bool:
        done, undone = self._steps(kinds)
        stack = undone if forward else done
        if not stack:
            return False
        step = stack[-1]
        rows = self._query(
            "SELECT action, kind, subject, before, after FROM log WHERE step = ? ORDER BY number", step
        )
        prefix = "opnieuw" if forward else "ongedaan"
        self._write(
            [(self.who, f"{prefix}: {action}", "", kind, subject, self._value(kind, subject), after if forward else before)
             for action, kind, subject, before, after in rows],
            moves=step,
        )  # fmt: skip
        return True

    def _steps(self, kinds: set[str]) -> tuple[list[int], list[int]]:
        """Return the steps that hold and those that were undone, the last one last."""
        done: list[int] = []
        undone: list[int] = []
        for step, kind, moves in self._query(
            "SELECT step, kind, moves FROM log WHERE step = number ORDER BY number"
        ):
            if kinds and kind not in kinds:
                continue
            if moves is None:
                done, undone = [*done, step], []
            elif moves in done:
                done.remove(moves)
                undone.append(moves)
            else:
                undone.remove(moves)
                done.append(moves)
        return done, undone

    def _value(self, kind: str, subject: str) -> str | None:
        rows = self._query("SELECT value FROM decisions WHERE kind = ? AND subject = ?", kind, subject)
        return rows[0][0] if rows else None

    def _write(self, rows: list[tuple[str | None, ...]], *, moves: int | None = None) -> None:
        """Write the rows of one action and what holds after it, in one transaction."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._lock, self._connection as connection:
                step = None
                for who, action, detail, kind, subject, before, after in rows:
                    number = connection.execute(
                        "INSERT INTO log (moment, who, action, detail, kind, subject, before, after, moves) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        (moment, who, action, detail, kind, subject, before, after, moves),
                    ).lastrowid
                    if kind is None:
                        continue
                    step = step or number
                    connection.execute("UPDATE log SET step = ? WHERE number = ?", (step, number))
                    connection.execute(
                        "DELETE FROM decisions WHERE kind = ? AND subject = ?", (kind, subject)
                    )
                    if after is not None:
                        connection.execute("INSERT INTO decisions VALUES (?, ?, ?)", (kind, subject, after))
        except sqlite3.Error as error:
            raise ProjectError.one(
                what="Er kan niet in het projectbestand worden geschreven.",
                where=self.path.name,
                expected="een open .wijk-bestand dat nergens anders in gebruik is",
                now="Sluit het in andere vensters, open het opnieuw en probeer het nog eens.",
            ) from error

    def _query(self, sql: str, *values: Any) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise ProjectError.one(
                what="Het projectbestand kan niet worden gelezen.",
                where=self.path.name,
                expected="een open .wijk-bestand dat heel is",
                now="Open het opnieuw, of zet een kopie terug.",
            ) from error


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def open_project(path: str | Path, *, who: str | None = None) -> Project:
    """Create or open a project file.

    A file of an older version is brought up to date; a copy of it stays beside it as `….bak-<version>`.

    Parameters
    ----------
    path : str or Path
        Usually `onderzoek.wijk`, beside the notebooks. ":memory:" keeps everything in memory.
    who : str, optional
        Who works in it, for the log; default the name one is logged in with.

    Raises
    ------
    ProjectError
        When the file is something else, of a newer version, or cannot be written.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> project = wa.open_project("onderzoek.wijk")  # doctest: +SKIP
    """
    path = Path(path)
    is_new = not path.exists() or path.stat().st_size == 0
    connection = None
    try:
        connection = sqlite3.connect(path, check_same_thread=False)
        if is_new:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application == APPLICATION_ID:
            _migrate(connection, path, version)
    except (sqlite3.DatabaseError, OSError) as error:
        if connection is not None:
            connection.close()
        raise ProjectError.one(
            what="Het projectbestand kan niet worden geopend of gemaakt.",
            where=path.name,
            expected="een .wijk-bestand van dit programma, in een map waarin je mag schrijven",
            now="Controleer de map, of zet een kopie van het bestand terug.",
        ) from error
    if application != APPLICATION_ID or version > SCHEMA_VERSION:
        connection.close()
        newer = application == APPLICATION_ID
        raise ProjectError.one(
            what="Dit projectbestand is van een nieuwere versie."
            if newer
            else "Dit is geen projectbestand van wijkanalyse.",
            where=path.name,
            expected=f"een .wijk-bestand, versie {SCHEMA_VERSION} of ouder",
            now="Werk wijkanalyse bij." if newer else "Kies het goede bestand.",
        )
    return Project(path, connection, who or _login_name())


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "onbekend"


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring a file up to date, after a copy of it."""
    if 0 < version < SCHEMA_VERSION:
        shutil.copyfile(path, path.with_name(f"{path.name}.bak-{version}"))
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
