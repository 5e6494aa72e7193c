"""Exports of form programs and narrative tools, recognised by their header: the maker says what a column is, so nobody guesses.

To add one: write `read_xxx(rows) -> Form | None` in a file of its own and name it in `RECOGNISERS`.
"""

from __future__ import annotations

from collections.abc import Callable

from wijkanalyse.loaders.forms.form import Form
from wijkanalyse.loaders.forms.narrafirma import read_native
from wijkanalyse.loaders.forms.sensemaker import read_sensemaker

#: What a file beside the table says of its columns (a framework, a story form): rows and the name of the file → form.
Guide = Callable[[list[list[str]], str], Form]
#: Each looks at the rows as they stand in the file and says None when it is not its own.
RECOGNISERS: tuple[Callable[[list[list[str]]], Form | None], ...] = (read_sensemaker, read_native)


def recognise(rows: list[list[str]]) -> Form | None:
    """Return the table of the first program that knows its own header, or None."""
    return next((form for read in RECOGNISERS if (form := read(rows)) is not None), None)
