"""Opening a project: where it lies, whether it is whole, of which version it is, and whether it can be written."""

from __future__ import annotations

import getpass
import sqlite3
import warnings
from contextlib import suppress
from pathlib import Path

from wijkanalyse.errors import ProjectError
from wijkanalyse.project.copies import (
    connect_to_read,
    copies,
    copy_to,
    keep_daily_copy,
    newest_whole,
    put_back,
)
from wijkanalyse.project.damage import find_damage
from wijkanalyse.project.places import shared_place
from wijkanalyse.project.schema import APPLICATION_ID, SCHEMA_VERSION, migrate, versions
from wijkanalyse.project.verbs import Project

BUSY_SECONDS = 30.0
_MEMORY = ":memory:"
_UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_FULL")
_BROKEN = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

SHARED = (
    "Dit project staat in {place}. Werk er met één mens tegelijk in, sluit het na gebruik en wacht tot alles is bijgewerkt voor een "
    "ander het opent. Twee kopieën voeg je samen met wa.merge_projects."
)
NEWER = "Dit project is gemaakt met een nieuwere versie en is alleen te lezen. Werk wijkanalyse bij om erin te schrijven."
UNWRITABLE = "In dit project kan niet worden geschreven (geen rechten, of een schijf die vol of alleen te lezen is). Het is alleen te lezen."
DAMAGED = "Dit project is beschadigd en is alleen te lezen. project.check() zegt wat er mis is."
NO_COPY = "Er kon vandaag geen kopie van het project worden gemaakt. Controleer of er ruimte is, en maak zelf een kopie."


class _DamagedError(Exception):
    """A file that is not whole, or is gone while there are copies of it."""


def open_project(
    path: str | Path, *, who: str | None = None, restore: bool = False, read_only: bool = False
) -> Project:
    """Create or open a project file.

    It is checked first. When it changed since the newest copy, a copy is made beside it as `….bak-<date>`; the last three
    stay. A file of an older version is brought up to date, after a copy `….bak-<version>`.

    Parameters
    ----------
    path : str or Path
        Usually `onderzoek.wijk`, beside the notebooks. ":memory:" keeps everything in memory.
    who : str, optional
        Who works in it, for the log; default the name one is logged in with.
    restore : bool
        When the file is damaged or gone, set it aside and go on with the newest copy that is whole.
    read_only : bool
        Look without writing; a damaged file opens too, as far as it can be read.

    Returns
    -------
    Project
        What there is to know about it stands in `notices` and is given as a warning: a shared folder, only to be read.

    Raises
    ------
    ProjectError
        When the file is something else, is damaged, or cannot be made.

    Examples
    --------
    >>> import wijkanalyse as wa
    >>> project = wa.open_project("onderzoek.wijk")  # doctest: +SKIP
    """
    path, who = Path(path), who or _login_name()
    try:
        project = _open(path, who, read_only=read_only)
    except _DamagedError:
        copy = newest_whole(path)
        if not restore or copy is None:
            raise _damage_error(path, copy) from None
        project = _restore(path, copy, who)
    except (sqlite3.Error, OSError) as error:
        raise cannot_open(path, error) from error
    for notice in project.notices:
        warnings.warn(notice, UserWarning, stacklevel=2)
    return project


def open_whole(path: Path, who: str | None = None) -> Project:
    """Open a project only to read, and only when it is whole and of this version.

    Raises
    ------
    ProjectError
        When it is not.
    """
    try:
        project = _open_to_read(path, who or _login_name(), is_strict=True)
    except _DamagedError:
        raise _damage_error(path, newest_whole(path)) from None
    except (sqlite3.Error, OSError) as error:
        raise cannot_open(path, error) from error
    if project.query("PRAGMA user_version")[0][0] > SCHEMA_VERSION:
        project.close()
        raise ProjectError.one(
            what="Dit project is gemaakt met een nieuwere versie.", where=path.name, expected=f"versie {SCHEMA_VERSION} of ouder",
            now="Werk wijkanalyse bij.",
        )  # fmt: skip
    return project


def _open(path: Path, who: str, *, read_only: bool) -> Project:
    is_file = str(path) != _MEMORY
    if is_file and not (path.exists() and path.stat().st_size) and path.parent.is_dir() and copies(path):
        raise _DamagedError
    if read_only:
        return _open_to_read(path, who)
    try:
        return _open_to_write(path, who, is_file=is_file)
    except sqlite3.OperationalError as error:
        if _name(error).startswith(_UNWRITABLE) and path.is_file() and path.stat().st_size:
            return _open_to_read(path, who, UNWRITABLE)
        raise


def _open_to_write(path: Path, who: str, *, is_file: bool) -> Project:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    notices = []
    try:
        version = _version(connection, path)
        if version > SCHEMA_VERSION:
            connection.close()
            return _open_to_read(path, who, NEWER)
        if version and find_damage(connection):
            raise _DamagedError
        if 0 < version < SCHEMA_VERSION:
            if is_file:
                copy_to(connection, path.with_name(f"{path.name}.bak-{version}"))
            try:
                migrate(connection)
            except sqlite3.OperationalError as error:
                if _name(error) == "SQLITE_ERROR":  # a table that this version cannot have
                    raise _DamagedError from None
                raise
            if find_damage(connection):
                raise _DamagedError
        elif not version:
            migrate(connection)
        # A write that changes nothing: it fails here rather than in the middle of somebody's work.
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("PRAGMA synchronous = FULL")
        if is_file:
            place = shared_place(path.resolve())
            notices = [SHARED.format(place=place)] if place else []
            with suppress(
                sqlite3.OperationalError
            ):  # another process that just opens it keeps the mode as it is
                connection.execute(f"PRAGMA journal_mode = {'DELETE' if place else 'WAL'}")
            try:
                keep_daily_copy(connection, path)
            except (sqlite3.Error, OSError):
                notices.append(NO_COPY)
    except BaseException as error:
        connection.close()
        if _name(error).startswith(_BROKEN):
            raise _DamagedError from None
        raise
    return Project(path, connection, who, notices=notices)


def _open_to_read(path: Path, who: str, notice: str = "", *, is_strict: bool = False) -> Project:
    connection = connect_to_read(path)
    try:
        try:
            version = _version(connection, path)
        except sqlite3.OperationalError:
            # Left by a crash in a folder where nothing can be written: read what the file itself holds.
            connection.close()
            connection = connect_to_read(path, alone=True)
            version = _version(connection, path)
        is_damaged = bool(find_damage(connection)) or (is_strict and not version)
        if is_damaged and (notice or is_strict):
            raise _DamagedError
        if version < SCHEMA_VERSION and not is_damaged:
            old, connection = connection, sqlite3.connect(_MEMORY, isolation_level=None, check_same_thread=False)  # fmt: skip
            old.backup(connection)
            old.close()
            migrate(connection)
    except BaseException as error:
        connection.close()
        if _name(error).startswith(_BROKEN):
            raise _DamagedError from None
        raise
    notices = [*filter(None, [notice]), *([DAMAGED] if is_damaged else [])]
    return Project(path, connection, who, is_read_only=True, notices=notices)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    application, version = versions(connection)
    if (application != APPLICATION_ID or version < 0) and copies(path):
        raise _DamagedError
    if application != APPLICATION_ID or version < 0:
        raise ProjectError.one(
            what="Dit is geen projectbestand van wijkanalyse.",
            where=path.name,
            expected="een .wijk-bestand van dit programma",
            now="Kies het goede bestand.",
        )
    return version


def _restore(path: Path, copy: Path, who: str) -> Project:
    try:
        aside = put_back(path, copy)
    except OSError as error:
        raise ProjectError.one(
            what="De kopie kan niet worden teruggezet.",
            where=path.name,
            expected="een map waarin je mag schrijven, met genoeg ruimte",
            now=f"Er is niets weggegooid. Kopieer zelf {copy.name} naar een andere map en open hem daar.",
        ) from error
    project = _open(path, who, read_only=False)
    rest = f"; het beschadigde bestand heet nu {aside.name}" if aside.exists() else ""
    project.note("kopie teruggezet", detail=copy.name + rest)
    return project


def cannot_open(path: Path, error: Exception) -> ProjectError:
    """Return what to say of a file that cannot be opened or made."""
    in_use = _name(error).startswith("SQLITE_BUSY")
    return ProjectError.one(
        what="Het projectbestand is in gebruik."
        if in_use
        else "Het projectbestand kan niet worden geopend of gemaakt.",
        where=path.name,
        expected="een .wijk-bestand van dit programma, in een map waarin je mag schrijven",
        now="Sluit het in andere vensters en probeer het nog eens."
        if in_use
        else "Controleer de naam en de map.",
    )


def _damage_error(path: Path, copy: Path | None) -> ProjectError:
    return ProjectError.one(
        what="Het projectbestand is beschadigd of weg, of het is geen projectbestand.",
        where=path.name,
        expected="een .wijk-bestand van dit programma, zoals het is bewaard",
        now="Er staat geen hele kopie naast. Haal er een uit de back-up van je computer; wat nog leesbaar is, zie je met "
        "wa.open_project(…, read_only=True)."
        if copy is None
        else f'De nieuwste hele kopie is {copy.name}. Zet haar terug met wa.open_project("{path.name}", restore=True); het '
        "beschadigde bestand blijft ernaast staan. Wat er daarna nog is besloten, zie je misschien met read_only=True.",
    )


def _name(error: BaseException) -> str:
    return getattr(error, "sqlite_errorname", "")


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "onbekend"
