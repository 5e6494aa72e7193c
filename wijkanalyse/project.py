"""The project file: one SQLite file in which every human decision will be kept.

This first form creates and opens the file and keeps an append-only log. Reviews, codings, theme edits and
readings are added to it as numbered migrations.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import ProjectError

if TYPE_CHECKING:
    import pandas as pd

APPLICATION_ID = 0x57494A4B  # "WIJK"
SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE log (
    number INTEGER PRIMARY KEY,
    moment TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
"""


class Project:
    """An open project file. Use `open_project`; close it, or use it in a `with` block."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def __repr__(self) -> str:
        return f"<Project {self.path.name}>"

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def note(self, action: str, *, who: str, detail: str = "") -> None:
        """Append one line to the log; written at once. Never pass a word of a narrative.

        Raises
        ------
        ProjectError
            When the file cannot be written, or is closed.
        """
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with self._connection:
                self._connection.execute(
                    "INSERT INTO log (moment, who, action, detail) VALUES (?, ?, ?, ?)",
                    (moment, who, action, detail),
                )
        except sqlite3.Error as error:
            raise ProjectError.one(
                what="Er kan niet in het projectbestand worden geschreven.",
                where=self.path.name,
                expected="een open .wijk-bestand dat nergens anders in gebruik is",
                now="Sluit het in andere vensters, open het opnieuw en probeer het nog eens.",
            ) from error

    def log(self) -> pd.DataFrame:
        """Return the log: number, moment (UTC), who, action, detail; the oldest first."""
        import pandas as pd

        rows = self._connection.execute(
            "SELECT number, moment, who, action, detail FROM log ORDER BY number"
        ).fetchall()
        return pd.DataFrame(rows, columns=["number", "moment", "who", "action", "detail"])


def open_project(path: str | Path) -> Project:
    """Create or open a project file.

    Parameters
    ----------
    path : str or Path
        Usually `onderzoek.wijk`, beside the notebooks.

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
        connection = sqlite3.connect(path)
        if is_new:
            connection.executescript(
                f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; {_SCHEMA} COMMIT;"
            )
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
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
    return Project(path, connection)
