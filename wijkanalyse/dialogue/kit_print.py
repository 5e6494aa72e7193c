"""A page as PDF, printed by the browser of this computer."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

NO_BROWSER = (
    "Er is geen PDF gemaakt, want er is hier geen Chrome, Edge of Chromium gevonden. Open het HTML-bestand in je browser en kies "
    "Afdrukken, of gebruik het Word-bestand."
)
SECONDS = 60
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--no-pdf-header-footer",
)  # fmt: skip


def print_pdf(page: Path, part: str) -> bytes | None:
    """Return one part of a page of ours (the id of a section) as PDF, or None when no browser does it.

    Notes
    -----
    The page forbids the browser every request. A profile of its own keeps the browser from joining one that is already open.
    """
    browser = _browser()
    if browser is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "page.pdf"
        command = [
            browser,
            *_OPTIONS,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            f"{page.resolve().as_uri()}#{part}",
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None


def _browser() -> str | None:
    """Return the browser that also draws the figures."""
    try:
        from choreographer.browsers.chromium import Chromium
    except ImportError:
        return None
    found: str | None = Chromium.find_browser(skip_local=False)
    return found
