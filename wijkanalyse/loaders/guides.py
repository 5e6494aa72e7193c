"""What comes with a table of a narrative tool and says what its columns are: a framework or a story form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms.narrafirma import read_narrafirma, read_story_form
from wijkanalyse.loaders.forms.sensemaker import read_framework, read_with_framework
from wijkanalyse.loaders.tabular import decode, read_rows

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
    if "Answers" in text and (form := read_story_form(read_rows(text, path.name)[0])) is not None:
        return lambda rows, source: read_narrafirma(rows, form, source)
    return None
