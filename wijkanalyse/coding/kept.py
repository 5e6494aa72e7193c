"""What a project keeps of coding, as JSON: schemes, codes, codings, memos, and what was decided about suggestions.

A `wijkanalyse.project.Project` comes in as an argument; this room does not know it. What was decided about a place has
narrative_id, coder, code, start, end and quote, as far as they apply. A coding also has the hash of what its code meant then, and
a code that was merged, split or dropped leaves behind what it became: so `project.recheck()` finds what to look at again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.codings import quote_at
from wijkanalyse.coding.scheme import Code
from wijkanalyse.corpus import Corpus, PrivacyStatus
from wijkanalyse.errors import InputError, WijkError, list_names, short_name

if TYPE_CHECKING:
    import pandas as pd

CODING, MEMO, CODE, SCHEME = "codering", "memo", "code", "codeerschema"
#: A story that a coder is done with; what she decided about a suggestion.
DONE, SUGGESTION = "verhaal gecodeerd", "voorstel"
#: For `project.undo(BY_CODERS, who=coder)`: a scheme stays as it is.
BY_CODERS = (CODING, MEMO, DONE, SUGGESTION)
KINDS = (*BY_CODERS, CODE, SCHEME)  #: for `project.undo(KINDS)`
TAKEN, REFUSED = "overgenomen", "afgewezen"
PLACE = ("narrative_id", "coder", "code", "start", "end")
KEEP = "Bewaar eerst het codeerschema met wa.keep_scheme(project, scheme), of kies een van deze."
FIELDS = {field.name for field in fields(Code)}


def place(value: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a decision is about: the same for two decisions about the same thing."""
    return tuple(value.get(name) for name in PLACE)


def key_of(value: Mapping[str, Any], taken: Iterable[str]) -> str:
    """Return an id that the same thing has in two copies of a project; another one where one that moved has it."""
    turn = 0
    while (
        key := hashlib.blake2b(f"{place(value)}{turn or ''}".encode(), digest_size=8).hexdigest()
    ) in taken:
        turn += 1
    return key


def is_current(value: Mapping[str, Any] | None) -> bool:
    """Tell whether a code as it is kept can still be given."""
    return value is not None and "became" not in value


def require_code(codes: Mapping[str, Any], code: str) -> None:
    """Refuse a code that the project does not have, or has no longer."""
    if not is_current(codes.get(code)):
        usable = [key for key, value in codes.items() if is_current(value)]
        raise refusal(
            f"De code ‘{short_name(code)}’ is er niet in dit project.",
            "code",
            f"een van {list_names(usable)}",
            KEEP,
        )


def code_value(code: Code, scheme: str, place: int, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return a code as JSON; it remembers what it meant before, so that a coder sees what changed."""
    value = {
        name: list(each) if isinstance(each, tuple) else each for name, each in asdict(code).items() if each
    }
    meaning, earlier = (
        hashlib.blake2b(code.meaning.encode(), digest_size=8).hexdigest(),
        dict(held.get("earlier", {})),
    )
    if held.get("meaning", meaning) != meaning:
        earlier[held["meaning"]] = code_of(code.code, held).meaning
    return {**value, "scheme": scheme, "place": place, "meaning": meaning, "earlier": earlier}


def code_of(key: str, value: Mapping[str, Any]) -> Code:
    """Return a code from how it is kept."""
    known: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each
        for name, each in value.items()
        if name in FIELDS
    }
    return Code(**{**known, "code": key})


def recoded(project: Any, to: Mapping[str, str], codes: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return codings with the code they go to, as it is meant now; their memos go along, and of two that become one, one stays."""
    held, memos, values = project.decisions(CODING), project.decisions(MEMO), {}
    known, about = (
        {place(value) for value in held.values()},
        {place(memo): key for key, memo in memos.items()},
    )
    for key, code in to.items():
        moved = {**held[key], "code": code, "meaning": codes.get(code, {}).get("meaning")}
        is_double = code != held[key]["code"] and place(moved) in known
        values[CODING, key] = None if is_double else moved
        known.add(place(moved))
        memo = about.get(place(held[key]))
        if memo and place(moved) not in about:
            values[MEMO, memo] = {**memos[memo], "code": code}
            about[place(moved)] = memo
    return values


def checked(corpus: Corpus, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story or a place in it as it is kept, or raise where no such words stand."""
    corpus.require(PrivacyStatus.MASKED, purpose="coderen")
    given: list[Any] = [row.get(name) for name in ("narrative_id", "start", "end", "quote")]
    narrative, start, end, quote = given
    found = corpus.frame.loc[corpus.frame["narrative_id"] == narrative, "text"]
    if found.empty:
        raise refusal(
            f"Er is geen verhaal ‘{short_name(narrative)}’.",
            "narrative_id",
            "het nummer van een verhaal in het corpus",
            "Controleer het nummer.",
        )
    if start is None and end is None:
        return {"narrative_id": narrative}
    text = str(found.iloc[0])
    words = quote_at(text, start, end, quote)
    if not (words or "").strip():
        raise refusal(
            "Op deze plek staan geen woorden, of andere dan het citaat.",
            f"verhaal {short_name(narrative)}, start {start}, end {end}",
            f"hele getallen van 0 tot en met {len(text)} in Unicode-tekens, end na start; een citaat dat daar staat",
            "Wijs de plek opnieuw aan.",
        )
    return {"narrative_id": narrative, "start": int(start), "end": int(end), "quote": words}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of codings, memos or suggestions, with None for what is missing."""
    told = frame.astype(object)
    rows = told.where(told.notna(), None).to_dict("records")
    return [
        {
            str(name): int(value) if name in ("start", "end") and value is not None else value
            for name, value in row.items()
        }
        for row in rows
    ]


def suggestion_rows(suggestions: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what makes a suggestion the same suggestion."""
    return records(suggestions[["narrative_id", "code", "start", "end", "quote"]])


def as_decided(
    project: Any, suggestions: pd.DataFrame, verdict: str, coder: str | None
) -> dict[tuple[str, str], Any]:
    """Return suggestions as they are kept: without their quote, for a story that changed may get them again."""
    decided = {"coder": coder or project.who, "verdict": verdict}
    kept = [
        {name: value for name, value in row.items() if value is not None and name != "quote"} | decided
        for row in suggestion_rows(suggestions)
    ]
    held = project.decisions(SUGGESTION)
    return {(SUGGESTION, key_of(each, ())): each for each in kept if held.get(key_of(each, ())) != each}


def held_codings(project: Any, ids: str | Iterable[str]) -> dict[str, Any]:
    """Return the codings with these ids that the project still has."""
    wanted = {ids} if isinstance(ids, str) else set(ids)
    return {key: value for key, value in project.decisions(CODING).items() if key in wanted}


def standing(values: Mapping[str, Any], corpus: Corpus | None) -> Mapping[str, Any]:
    """Return what is about no story, or whose quote, where it has one, stands at its place in these stories; without a corpus everything."""
    if corpus is None:
        return values
    told = dict(zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True))
    found = {}
    for key, each in values.items():
        text = told.get(each["narrative_id"]) if "narrative_id" in each else ""
        words = each.get("quote")
        if text is not None and (words is None or text[each.get("start", 0) : each.get("end", 0)] == words):
            found[key] = each
    return found


def coding_frame(values: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return codings or memos as a frame: place, quote, memo, date and id; sorted."""
    import pandas as pd

    rows = [
        (*place(each), *(each.get(name, "") for name in ("quote", "text", "date")), key)
        for key, each in values.items()
    ]
    frame = pd.DataFrame(rows, columns=[*PLACE, "quote", "memo", "date", "id"]).astype(
        {"start": "Int64", "end": "Int64"}
    )
    return frame.sort_values(
        ["narrative_id", "start", "end", "code", "coder", "id"], na_position="first", ignore_index=True
    )


def refusal(what: str, where: str, expected: str, now: str, kind: type[WijkError] = InputError) -> WijkError:
    """Return an error in four parts."""
    return kind.one(what=what, where=where, expected=expected, now=now)
