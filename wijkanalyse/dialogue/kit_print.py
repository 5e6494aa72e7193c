"""A page as PDF, printed by the browser of this computer."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

NO_BROWSER = "Er is geen PDF gemaakt: hier is geen Chrome, Edge of Chromium die dat kan. Open de HTML in je browser en kies Afdrukken."
SECONDS = 60
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def print_pdf(page: Path, part: str) -> bytes | None:
    """Return one section of our own page, which forbids every request, as PDF; None when no browser does it."""
    try:
        from choreographer.browsers.chromium import Chromium  # as kaleido finds it for figures
    except ImportError:
        return None
    browser = Chromium.find_browser(skip_local=False)
    # A profile of its own keeps the browser from joining one that is open.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target, address = Path(folder) / "page.pdf", f"{page.resolve().as_uri()}#{part}"
        command = [
            browser or "",
            *_OPTIONS,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={target}",
            address,
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None
