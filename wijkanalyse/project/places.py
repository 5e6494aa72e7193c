"""Where a file lies: on this computer, or where several computers write in it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

_SYNCED = re.compile(
    r"(?i)(onedrive|sharepoint|dropbox|google ?drive|googledrive|my drive|mijn drive|icloud|mobile documents|"
    r"com~apple~clouddocs|nextcloud|owncloud)\b"
)
_NETWORK_TYPES = frozenset("nfs nfs4 cifs smb smb3 smbfs ncpfs afs ceph 9p davfs fuse.sshfs fuse.rclone fuse.davfs2 fuse.glusterfs".split())  # fmt: skip


def shared_place(
    path: Path, *, environment: Mapping[str, str] = os.environ, mounts: str | None = None
) -> str | None:
    """Return in Dutch what kind of shared place a file lies in; None on a disk of this computer.

    Parameters
    ----------
    path : Path
        Absolute.
    environment : mapping
        `OneDrive*` names folders there.
    mounts : str, optional
        As /proc/mounts; default what this computer says, nothing where it does not.
    """
    synced = [
        Path(folder) for name, folder in environment.items() if name.upper().startswith("ONEDRIVE") and folder
    ]
    if any(path.is_relative_to(folder) for folder in synced) or any(
        _SYNCED.match(part) for part in path.parts
    ):
        return "een map die wordt gesynchroniseerd"
    # A drive letter of a network drive resolves to this form.
    is_unc = str(path).replace("\\", "/").startswith("//")
    return "een netwerkschijf" if is_unc or _mounted_type(path, mounts) in _NETWORK_TYPES else None


def _mounted_type(path: Path, mounts: str | None) -> str:
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    found = [
        (len(point), kind)
        for point, kind in (
            (fields[1].replace("\\040", " "), fields[2]) for fields in map(str.split, mounts.splitlines())
        )
        if path.is_relative_to(point)
    ]
    return max(found, default=(0, ""))[1]


def user_data_folder() -> Path:
    """Return where programs keep a user's data: outside every project, and not synchronised as a rule."""
    home = Path.home()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif (home / "Library").is_dir():
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "wijkanalyse"
