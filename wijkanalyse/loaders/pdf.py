"""The child that reads a PDF: from standard input, the text of its pages as JSON to standard output."""

from __future__ import annotations

import io
import json
import logging
import sys


def main() -> None:
    """Print a list with the text of each page, or null when there is a password."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings may quote the file
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    locked = reader.is_encrypted and not reader.decrypt("")
    sys.stdout.write(json.dumps(None if locked else [page.extract_text() for page in reader.pages]))
