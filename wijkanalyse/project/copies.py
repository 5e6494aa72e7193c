"""Copies of a project beside it: one of every day that it was opened, and one of before every new version."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from wijkanalyse.corpus import today
from wijkanalyse.project.damage import find_damage, last_row
from wijkanalyse.project.schema import APPLICATION_ID, SCHEMA_VERSION, versions

N_KEPT = 3
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_SIBLINGS = ("-wal", "-shm", "-journal")


def connect_to_read(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """Open a file that is not to be written; `alone` when surely nobody writes in it, so that nothing is locked."""
    place = path.resolve().as_posix()
    uri = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode=ro{'&immutable=1' if alone else ''}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)


def copies(path: Path) -> dict[str, Path]:
    """Return the copies beside a project, by what stands after `.bak-`: a date, or a version."""
    start = f"{path.name}.bak-"
    found = {
        file.name.removeprefix(start): file
        for file in sorted(path.parent.iterdir())
        if file.name.startswith(start)
    }
    return {name: file for name, file in found.items() if _DATED.fullmatch(name) or name.isdecimal()}


def copy_to(connection: sqlite3.Connection, target: Path) -> None:
    """Write a copy, whole or not at all, also while others write in the original."""
    part = target.with_name(f"{target.name}.deel")
    try:
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def keep_daily_copy(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a whole file when it changed since the newest copy; of the dated ones the last three stay."""
    end = last_row(connection)
    if end == (0,):
        return
    dated = [file for name, file in copies(path).items() if _DATED.fullmatch(name)]
    if dated:
        with suppress(sqlite3.Error), closing(connect_to_read(dated[-1], alone=True)) as newest:
            if last_row(newest) == end:
                return
    copy_to(connection, path.with_name(f"{path.name}.bak-{today()}"))
    dated = [file for name, file in copies(path).items() if _DATED.fullmatch(name)]
    for file in dated[:-N_KEPT]:
        file.unlink()


def newest_whole(path: Path) -> Path | None:
    """Return the copy with the longest log among those that are whole."""
    found = []
    for copy in copies(path).values():
        with suppress(sqlite3.Error), closing(connect_to_read(copy, alone=True)) as connection:
            application, version = versions(connection)
            if application == APPLICATION_ID and 0 < version <= SCHEMA_VERSION and not find_damage(connection):  # fmt: skip
                found.append((last_row(connection)[0], copy.name, copy))
    return max(found)[2] if found else None


def put_back(path: Path, copy: Path) -> Path:
    """Set a damaged file aside, with what belongs to it, and put a copy in its place; return where it went."""
    numbers = ("", *(f"-{number}" for number in range(2, 1000)))
    aside = next(
        file
        for file in (path.with_name(f"{path.name}.stuk-{today()}{number}") for number in numbers)
        if not file.exists()
    )
    for suffix in (*_SIBLINGS, ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(aside.with_name(aside.name + suffix))
    with closing(connect_to_read(copy, alone=True)) as connection:
        copy_to(connection, path)
    return aside
