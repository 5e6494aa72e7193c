"""Numbers of stories and of tellers that stay the same when a file grows."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.set_apart import plain

if TYPE_CHECKING:
    import pandas as pd

# Codes such as R-1006, 12b or a GUID. Not “Anna 62”, and no more digits than a phone number or BSN has.
CODE_LIKE = re.compile(
    r"(?:[A-Za-z]{1,2}|resp)?[-_.]?\d{1,6}[-_]?[a-z]?|(?=.*\d)(?=.*[A-Fa-f])[0-9a-fA-F]{8}[0-9a-fA-F-]{0,28}"
)


def narrative_ids(frame: pd.DataFrame) -> tuple[list[str], list[Guess]]:
    """Return the number of every story: its own, or one from its text; and what was chosen."""
    from_text = [
        "v" + hashlib.blake2b(plain(text).encode(), digest_size=5).hexdigest() for text in frame["text"]
    ]
    if "narrative_id" not in frame:
        return from_text, []
    given = [value if isinstance(value, str) else "" for value in frame["narrative_id"]]
    # Only the stories that share a number lose it: the others keep theirs, and with it all decisions.
    repeated = {value for value, n in Counter(given).items() if value and n > 1}
    ids = [
        own if not value or value in repeated else value for value, own in zip(given, from_text, strict=True)
    ]
    if not repeated:
        return ids, []
    n_stories = sum(value in repeated for value in given)
    guess = Guess(
        what=f"{len(repeated)} verhaalnummers komen vaker voor; hun {n_stories} verhalen kregen een nummer uit de tekst",
        overrule="maak de nummers in het bestand uniek",
    )
    return ids, [guess]


def teller_ids(frame: pd.DataFrame) -> list[str]:
    """Return a code for the teller of every story; who is unknown told only that one."""
    unknown = [f"t-{narrative_id}" for narrative_id in frame["narrative_id"]]
    if "teller_id" not in frame:
        return unknown
    return [
        _teller_code(value) if isinstance(value, str) else own
        for value, own in zip(frame["teller_id"], unknown, strict=True)
    ]


def _teller_code(value: str) -> str:
    # A column of tellers often holds names. A code stays as it is, anything else becomes one.
    if CODE_LIKE.fullmatch(value):
        return value
    return "t" + hashlib.blake2b(plain(value).encode(), digest_size=5).hexdigest()
