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
    texts = frame["text"].tolist()
    if "narrative_id" not in frame:
        return _told_by_several(list(map(_from_text, texts)), frame), []
    given = [value if isinstance(value, str) else "" for value in frame["narrative_id"].tolist()]
    # Only the stories that share a number lose it: the others keep theirs, and with it all decisions.
    repeated = {value for value, n in Counter(given).items() if value and n > 1}
    ids = [
        _from_text(text) if not value or value in repeated else value
        for value, text in zip(given, texts, strict=True)
    ]
    ids = _told_by_several(ids, frame)
    if not repeated:
        return ids, []
    n_stories = sum(value in repeated for value in given)
    guess = Guess(
        what=f"{len(repeated)} verhaalnummers komen vaker voor; hun {n_stories} verhalen kregen een nummer uit de tekst",
        overrule="maak de nummers in het bestand uniek",
    )
    return ids, [guess]


def _from_text(text: str) -> str:
    return "v" + hashlib.blake2b(plain(text).encode(), digest_size=5).hexdigest()


def _told_by_several(ids: list[str], frame: pd.DataFrame) -> list[str]:
    """Give those who tell one and the same text a number each; which is first does not matter: what is decided fits both."""
    if len(set(ids)) == len(ids):
        return ids
    again: Counter[str] = Counter()
    tellers = frame["teller_id"].fillna("").tolist() if "teller_id" in frame else [""] * len(ids)
    numbered = list(ids)
    for row in sorted(range(len(ids)), key=lambda row: (ids[row], tellers[row])):
        again[ids[row]] += 1
        if again[ids[row]] > 1:
            numbered[row] = f"{ids[row]}-{again[ids[row]]}"
    return numbered


def teller_ids(frame: pd.DataFrame) -> list[str]:
    """Return a code for the teller of every story; who is unknown told only that one.

    A column of tellers often holds names. A code stays as it is; a name becomes the first number of the teller's own stories, for
    whoever has a list of names can undo a hash.
    """
    ids = frame["narrative_id"].tolist()
    if "teller_id" not in frame:
        return [f"t-{narrative_id}" for narrative_id in ids]
    values = [value if isinstance(value, str) else "" for value in frame["teller_id"].tolist()]
    first: dict[str, str] = {}
    for narrative_id, value in sorted(zip(ids, values, strict=True), key=lambda one: (len(one[0]), one[0])):
        first.setdefault(plain(value), narrative_id)
    return [
        value if CODE_LIKE.fullmatch(value) else f"t-{first[plain(value)] if value else narrative_id}"
        for narrative_id, value in zip(ids, values, strict=True)
    ]
