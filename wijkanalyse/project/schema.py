"""The tables of a project file, how an older file is brought up to date, and the chain of its log."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

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
    # Without rowid a table is its own index: there is no second copy of a key that can differ from the first.
    """
    ALTER TABLE log ADD COLUMN origin TEXT;
    ALTER TABLE log ADD COLUMN digest BLOB;
    CREATE INDEX log_steps ON log (kind, number) WHERE step = number AND origin IS NULL;
    CREATE TRIGGER log_stands BEFORE UPDATE ON log WHEN old.digest IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'append-only'); END;
    ALTER TABLE decisions RENAME TO decisions_2;
    CREATE TABLE decisions (
        kind TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, subject)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO decisions SELECT * FROM decisions_2;
    DROP TABLE decisions_2;
    CREATE TABLE texts (hash TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
    """,
)
SCHEMA_VERSION = len(MIGRATIONS)
CHAINED = 3  #: the version from which the log is a chain
#: What the digest of a row covers. `origin` names the file of somebody else whose log was joined to this one.
ROW = ("number", "moment", "who", "action", "detail", "step", "kind", "subject", "before", "after", "moves", "origin")  # fmt: skip


def link(digest: bytes, row: Sequence[Any]) -> bytes:
    """Return the digest of a row of the log: of the digest of the row before, and its own cells.

    It shows accidents, not intent: who can write in the file can make a chain anew.
    """
    return hashlib.blake2b(digest + "\x1f".join(map(str, row)).encode(), digest_size=16).digest()


def hash_text(text: str) -> str:
    """Return the name under which a text is stored."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def read_salt(connection: sqlite3.Connection) -> bytes:
    """Return the first link of the chain, which is also the key of the hashes of the masking."""
    return bytes(connection.execute("SELECT value FROM secrets WHERE name = 'salt'").fetchone()[0])


def versions(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return whose file it is and of which version; an empty database is ours, version 0."""
    application, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if (application, version) == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        return APPLICATION_ID, 0
    return application, version


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file up to date, in one transaction; of two that try at once the second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        _, version = versions(connection)
        for statement in _statements("".join(MIGRATIONS[version:])):
            connection.execute(statement)
        if version < CHAINED <= SCHEMA_VERSION:
            digest = read_salt(connection)
            for row in connection.execute(f"SELECT {', '.join(ROW)} FROM log ORDER BY number").fetchall():  # noqa: S608
                digest = link(digest, row)
                connection.execute("UPDATE log SET digest = ? WHERE number = ?", (digest, row[0]))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
