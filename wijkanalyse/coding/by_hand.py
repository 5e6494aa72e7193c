"""Schemes, codings and memos as a project keeps them: each is a decision, so it is logged and can be undone.

A `wijkanalyse.project.Project` comes in as an argument; this room does not know it. What was decided about a place is JSON with narrative_id,
coder, code, start, end and quote, as far as they apply. A coding also has the hash of what its code meant then, and a code
that was merged, split or dropped leaves behind what it became: that is how `project.recheck()` finds what to look at again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import Corpus, PrivacyStatus
from wijkanalyse.errors import InputError, SchemeError, WijkError, list_names, short_name

if TYPE_CHECKING:
    import pandas as pd

CODING, MEMO, CODE, SCHEME = "codering", "memo", "code", "codeerschema"
KINDS = (CODING, MEMO, CODE, SCHEME)  #: for `project.undo(KINDS)`
_PLACE = ("narrative_id", "coder", "code", "start", "end")
_KEEP = "Bewaar eerst het codeerschema met wa.keep_scheme(project, scheme), of kies een van deze."
_FIELDS = {field.name for field in fields(Code)}


def keep_scheme(project: Any, scheme: Scheme) -> pd.DataFrame:
    """Keep a scheme in a project, or its next version; codings follow.

    Codings of merged codes get the code that stayed. Those of a code that was split or dropped, or that now means something
    else, are in `project.recheck()`. In-vivo codes stay, unless they were merged or split.

    Returns what changed (`Scheme.diff`); the same scheme again changes nothing. Raises SchemeError when another scheme in the
    project has a code with the same key.
    """
    codes, codings = project.decisions(CODE), project.decisions(CODING)
    if twice := [
        each.code for each in scheme if codes.get(each.code, {}).get("scheme", scheme.name) != scheme.name
    ]:
        what = f"Deze codes horen al bij een ander codeerschema: {list_names(twice)}."
        raise _no(
            what, scheme.name, "codes met een eigen sleutel", "Geef ze een andere sleutel.", SchemeError
        )
    is_new = scheme.name not in project.decisions(SCHEME)
    old = replace(scheme, codes=()) if is_new else kept_scheme(project, scheme.name)
    became = {key: list(into) for key, into in scheme.became if _is_current(codes.get(key))}
    given = {code.code for code in scheme} | became.keys()
    new = replace(
        scheme, codes=(*scheme.codes, *(each for each in old if each.narrative_id and each.code not in given))
    )
    values: dict[tuple[str, str], Any] = {
        (SCHEME, new.name): {"title": new.title, "version": new.version, "source": new.source}
    }
    values |= {
        (CODE, each.code): _value(each, new.name, place, codes.get(each.code, {}))
        for place, each in enumerate(new)
    }
    for each in old:
        if (CODE, each.code) not in values:
            left = {
                name: codes[each.code][name]
                for name in ("scheme", "name", "narrative_id")
                if name in codes[each.code]
            }
            values[CODE, each.code] = {**left, "became": became.get(each.code, [])}
    to: dict[str, str] = {}
    for key, value in codings.items():
        code = value["code"]
        while len(became.get(code, ())) == 1:
            code = became[code][0]
        to |= {key: code} if code != value["code"] else {}
    values |= _recoded(project, to, {key: value for (kind, key), value in values.items() if kind == CODE})
    held = {CODE: codes, SCHEME: project.decisions(SCHEME)}
    changed = {
        (kind, key): value
        for (kind, key), value in values.items()
        if kind not in held or value != held[kind].get(key)
    }
    project.decide(changed, action="codeerschema bewaard")
    return old.diff(new)


def kept_scheme(project: Any, name: str) -> Scheme:
    """Return a scheme as the project holds it now, with its in-vivo codes."""
    schemes, codes = project.decisions(SCHEME), project.decisions(CODE)
    if name not in schemes:
        raise _no(
            f"Er is geen codeerschema ‘{name}’ in dit project.",
            "kept_scheme",
            f"een van {list_names(schemes)}",
            _KEEP,
            SchemeError,
        )
    mine = {key: value for key, value in codes.items() if value["scheme"] == name and _is_current(value)}
    keys = sorted(mine, key=lambda key: (mine[key]["place"], key))
    return Scheme(name=name, codes=tuple(_code(key, mine[key]) for key in keys), **schemes[name])


def codings(project: Any, corpus: Corpus | None = None) -> pd.DataFrame:
    """Return the codings of a project, sorted; with a corpus only those whose quote stands at its place in these stories.

    narrative_id, coder, code, start, end (code points, end exclusive; missing for a whole story), quote, memo (of this coder on this
    place and code), date (UTC), id. What does not stand at its place is in `project.recheck()`.
    """
    values = project.decisions(CODING)
    if corpus is not None:
        told = dict(zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True))
        values = {
            key: each
            for key, each in values.items()
            if told.get(each["narrative_id"], "")[each.get("start", 0) : each.get("end", 0)]
            == each.get("quote", "")
            and each["narrative_id"] in told
        }
    memo = {_place(each): each["text"] for each in project.decisions(MEMO).values()}
    return _frame({key: {**each, "text": memo.get(_place(each), "")} for key, each in values.items()})


def memos(project: Any) -> pd.DataFrame:
    """Return all memos, in the columns of `codings`; empty is what a memo is not about."""
    return _frame(project.decisions(MEMO))


def add_coding(
    project: Any,
    corpus: Corpus,
    narrative_id: str,
    code: str,
    start: int | None = None,
    end: int | None = None,
    *,
    quote: str | None = None,
    coder: str | None = None,
) -> str:
    """Code a passage of a story, or without a place the whole story; made twice it is one. Return its id.

    Parameters
    ----------
    project : Project
        Holds the scheme of the code (`wa.keep_scheme`).
    corpus : Corpus
        At least `gemaskeerd`, for the quote is kept.
    start, end : int, optional
        Unicode code points from 0, end exclusive. A `quote` is checked against what stands there.
    coder : str, optional
        Default who opened the project.

    Raises
    ------
    InputError
        When the story, the place, the quote or the code is not there.
    """
    row = {"narrative_id": narrative_id, "code": code, "start": start, "end": end, "quote": quote}
    return _add(project, corpus, [row], coder, action="gecodeerd")[0]


def accept_suggestions(
    project: Any, corpus: Corpus, suggestions: pd.DataFrame, *, coder: str | None = None
) -> list[str]:
    """Make rows of `suggest_codings` codings of a person, in one action; return their ids."""
    rows = suggestions[["narrative_id", "code", "start", "end", "quote"]].astype(object)
    return _add(
        project,
        corpus,
        rows.where(rows.notna(), None).to_dict("records"),
        coder,
        action="voorstel overgenomen",
    )


def code_in_vivo(
    project: Any,
    corpus: Corpus,
    narrative_id: str,
    start: int,
    end: int,
    *,
    scheme: str,
    coder: str | None = None,
) -> str:
    """Code a passage with a new code that has these words as its name, in one action; return the id of the coding.

    The same words in a scheme are one code. Its key holds no word, for keys stand in the log; `project.erase` of the story
    takes the code along.
    """
    row = {"narrative_id": narrative_id, "start": start, "end": end}
    name = " ".join(_checked(corpus, row)["quote"].split())
    told = hashlib.blake2b(f"{scheme}:{name.lower()}".encode(), key=project.salt, digest_size=4).hexdigest()
    definition = "In de woorden van een verteller; nog te omschrijven."
    code = Code(code=f"in-vivo-{told}", name=name, definition=definition, narrative_id=narrative_id)
    here = kept_scheme(project, scheme)
    is_new = code.code not in project.decisions(CODE)
    made = {(CODE, code.code): _value(code, scheme, len(here), {})} if is_new else {}
    return _add(
        project, corpus, [{**row, "code": code.code}], coder, action="gecodeerd in eigen woorden", made=made
    )[0]


def remove_codings(project: Any, ids: str | Iterable[str]) -> None:
    """Take codings back, in one action; what is already gone is no error."""
    project.decide({(CODING, key): None for key in _held(project, ids)}, action="codering weggehaald")


def recode(project: Any, ids: str | Iterable[str], code: str) -> None:
    """Give codings another code, or their own as it is meant now: then they leave `project.recheck()`."""
    codes = project.decisions(CODE)
    _require(codes, code)
    project.decide(
        _recoded(project, dict.fromkeys(_held(project, ids), code), codes), action="anders gecodeerd"
    )


def write_memo(
    project: Any,
    text: str,
    *,
    corpus: Corpus | None = None,
    narrative_id: str | None = None,
    start: int | None = None,
    end: int | None = None,
    code: str | None = None,
    coder: str | None = None,
) -> None:
    """Write a memo on a code, a story, a passage or (with its code) a coding; one per person and thing, an empty text takes it away."""
    if code is not None:
        _require(project.decisions(CODE), code)
    if (corpus is None) != (narrative_id is None) or (
        narrative_id is None and (code is None or start is not None)
    ):
        raise _no(
            "Het is niet duidelijk waar deze memo over gaat.",
            "write_memo",
            "code=, of corpus= met narrative_id= (en start=, end=, code=)",
            "Geef er één mee.",
        )
    about = {"coder": coder or project.who} | ({"code": code} if code else {})
    if corpus is not None:
        about |= _checked(corpus, {"narrative_id": narrative_id, "start": start, "end": end})
    held = project.decisions(MEMO)
    key = next((key for key, value in held.items() if _place(value) == _place(about)), _key(about, held))
    if held.get(key, {}).get("text", "") != text:
        project.decide(
            {
                (MEMO, key): {**about, "text": text, "date": datetime.now(UTC).isoformat(timespec="seconds")}
                if text
                else None
            },
            action="memo geschreven",
        )


def _recoded(project: Any, to: Mapping[str, str], codes: Mapping[str, Any]) -> dict[tuple[str, str], Any]:
    """Return codings with the code they go to, as it is meant now; their memos go along, and of two that become one, one stays."""
    held, memos, values = project.decisions(CODING), project.decisions(MEMO), {}
    known, about = (
        {_place(value) for value in held.values()},
        {_place(memo): key for key, memo in memos.items()},
    )
    for key, code in to.items():
        moved = {**held[key], "code": code, "meaning": codes.get(code, {}).get("meaning")}
        is_double = code != held[key]["code"] and _place(moved) in known
        values[CODING, key] = None if is_double else moved
        known.add(_place(moved))
        memo = about.get(_place(held[key]))
        if memo and _place(moved) not in about:
            values[MEMO, memo] = {**memos[memo], "code": code}
            about[_place(moved)] = memo
    return values


def _add(
    project: Any,
    corpus: Corpus,
    rows: Iterable[dict[str, Any]],
    coder: str | None,
    *,
    action: str,
    made: Mapping[tuple[str, str], Any] | None = None,
) -> list[str]:
    values, held = dict(made or {}), project.decisions(CODING)
    codes = project.decisions(CODE) | {key: value for (_, key), value in values.items()}
    known, ids = {_place(value): key for key, value in held.items()}, []
    for row in rows:
        _require(codes, row["code"])
        value = {"coder": coder or project.who, "code": row["code"], **_checked(corpus, row)}
        if _place(value) not in known:
            known[_place(value)] = _key(value, held)
            values[CODING, known[_place(value)]] = {
                **value,
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "meaning": codes[row["code"]]["meaning"],
            }
        ids.append(known[_place(value)])
    project.decide(values, action=action)
    return ids


def _checked(corpus: Corpus, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a story or a place in it as it is kept, or raise where no such words stand."""
    corpus.require(PrivacyStatus.MASKED, purpose="coderen")
    given: list[Any] = [row.get(name) for name in ("narrative_id", "start", "end", "quote")]
    narrative, start, end, quote = given
    found = corpus.frame.loc[corpus.frame["narrative_id"] == narrative, "text"]
    if found.empty:
        raise _no(
            f"Er is geen verhaal ‘{short_name(narrative)}’.",
            "narrative_id",
            "het nummer van een verhaal in het corpus",
            "Controleer het nummer.",
        )
    if start is None and end is None:
        return {"narrative_id": narrative}
    text, where, now = str(found.iloc[0]), f"start {start}, end {end}", "Wijs de plek opnieuw aan."
    if not (
        hasattr(start, "__index__")
        and hasattr(end, "__index__")
        and 0 <= start < end <= len(text)
        and text[start:end].strip()
    ):
        raise _no(
            "Op deze plek staan geen woorden.",
            where,
            f"hele getallen van 0 tot en met {len(text)}, end na start",
            now,
        )
    if quote is not None and text[start:end] != quote:
        raise _no(
            "Het citaat staat niet op deze plek.",
            where,
            "dezelfde tekens als in het verhaal, geteld in Unicode-tekens",
            now,
        )
    return {"narrative_id": narrative, "start": int(start), "end": int(end), "quote": text[start:end]}


def _value(code: Code, scheme: str, place: int, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return a code as JSON; it remembers what it meant before, so that a coder sees what changed."""
    value = {
        name: list(each) if isinstance(each, tuple) else each for name, each in asdict(code).items() if each
    }
    meaning, earlier = (
        hashlib.blake2b(code.meaning.encode(), digest_size=8).hexdigest(),
        dict(held.get("earlier", {})),
    )
    if held.get("meaning", meaning) != meaning:
        earlier[held["meaning"]] = _code(code.code, held).meaning
    return {**value, "scheme": scheme, "place": place, "meaning": meaning, "earlier": earlier}


def _code(key: str, value: Mapping[str, Any]) -> Code:
    known: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each
        for name, each in value.items()
        if name in _FIELDS
    }
    return Code(**{**known, "code": key})


def _is_current(value: Mapping[str, Any] | None) -> bool:
    return value is not None and "became" not in value


def _require(codes: Mapping[str, Any], code: str) -> None:
    if not _is_current(codes.get(code)):
        usable = [key for key, value in codes.items() if _is_current(value)]
        raise _no(
            f"De code ‘{short_name(code)}’ is er niet in dit project.",
            "code",
            f"een van {list_names(usable)}",
            _KEEP,
        )


def _held(project: Any, ids: str | Iterable[str]) -> dict[str, Any]:
    wanted = {ids} if isinstance(ids, str) else set(ids)
    return {key: value for key, value in project.decisions(CODING).items() if key in wanted}


def _place(value: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value.get(name) for name in _PLACE)


def _key(value: Mapping[str, Any], taken: Iterable[str]) -> str:
    """Return an id that the same thing has in two copies of a project; another one where one that moved has it."""
    turn = 0
    while (
        key := hashlib.blake2b(f"{_place(value)}{turn or ''}".encode(), digest_size=8).hexdigest()
    ) in taken:
        turn += 1
    return key


def _frame(values: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (*_place(each), *(each.get(name, "") for name in ("quote", "text", "date")), key)
        for key, each in values.items()
    ]
    frame = pd.DataFrame(rows, columns=[*_PLACE, "quote", "memo", "date", "id"]).astype(
        {"start": "Int64", "end": "Int64"}
    )
    return frame.sort_values(
        ["narrative_id", "start", "end", "code", "coder", "id"], na_position="first", ignore_index=True
    )


def _no(what: str, where: str, expected: str, now: str, kind: type[WijkError] = InputError) -> WijkError:
    return kind.one(what=what, where=where, expected=expected, now=now)
