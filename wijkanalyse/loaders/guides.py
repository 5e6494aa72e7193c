"""What comes with a table of a narrative tool and says what its columns are: a framework or a story form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms.narrafirma import read_narrafirma, read_story_form
from wijkanalyse.loaders.forms.sensemaker import read_framework, read_with_framework
from wijkanalyse.loaders.tabular import decode, split_rows

if TYPE_CHECKING:
    from wijkanalyse.loaders.forms import Guide


def read_guide(path: Path) -> Guide | None:
    """Return what a file says of the columns of another, or None when it is neither a framework nor a story form.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError.one(
            what="De koppeling bestaat niet of mag niet gelezen worden.",
            where=path.name,
            expected="een koppeling (.yaml), een framework van SenseMaker (.json) of een verhaalformulier van NarraFirma (.csv)",
            now="Controleer de naam en de map.",
        ) from error
    text, _ = decode(data, path.name)
    if (framework := read_framework(text)) is not None:
        return lambda rows, source: read_with_framework(rows, framework, source)
    # Rows of a story form have all lengths: the delimiter is told by its header.
    header = re.search(r'About"?([,;\t])"?Short name', text)
    rows = split_rows(text, header[1], path.name) if header else []
    if (form := read_story_form(rows)) is not None:
        return lambda rows, source: read_narrafirma(rows, form, source)
    return None
