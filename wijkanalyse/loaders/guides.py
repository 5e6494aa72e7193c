"""What comes with a table of a narrative tool and says what its columns are: a framework or a story form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.loaders.forms.narrafirma import read_narrafirma, read_story_form
from wijkanalyse.loaders.forms.sensemaker import read_framework, read_with_framework
from wijkanalyse.loaders.tabular import decode, split_rows

if TYPE_CHECKING:
    from wijkanalyse.loaders.forms import Guide


def read_guide(path: Path) -> Guide | None:
    """Return what a file says of the columns of another, or None when it is neither a framework nor a story form."""
    try:
        text, _ = decode(path.read_bytes(), path.name)
    except OSError:
        return None  # who reads it as a mapping tells what is wrong
    if framework := read_framework(text):
        return lambda rows, source: read_with_framework(rows, framework, source)
    # Rows of a story form have all lengths: the delimiter is told by its header.
    header = re.search(r'About"?([,;\t])"?Short name', text)
    if form := read_story_form(split_rows(text, header[1], path.name)) if header else None:
        return lambda rows, source: read_narrafirma(rows, form, source)
    return None
