"""Codings and memos that people give; each is a decision in the project, so it is logged and can be undone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding import kept
from wijkanalyse.coding.scheme import Code
from wijkanalyse.coding.scheme_in_project import kept_scheme

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus


def codings(project: Any, corpus: Corpus | None = None) -> pd.DataFrame:
    """Return the codings of a project, sorted; with a corpus only those whose quote stands at its place in these stories.

    narrative_id, coder, code, start, end (code points, end exclusive; missing for a whole story), quote, memo (of this coder on this
    place and code), date (UTC), id. What does not stand at its place is in `project.recheck()`.
    """
    values = kept.standing(project.decisions(kept.CODING), corpus)
    memo = {kept.place(each): each["text"] for each in project.decisions(kept.MEMO).values()}
    told = {key: {**each, "text": memo.get(kept.place(each), "")} for key, each in values.items()}
    return kept.coding_frame(told)


def memos(project: Any, corpus: Corpus | None = None) -> pd.DataFrame:
    """Return all memos, in the columns of `codings`; empty is what a memo is not about. With a corpus as `codings` does."""
    return kept.coding_frame(kept.standing(project.decisions(kept.MEMO), corpus))


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
    decided = kept.as_decided(project, suggestions, kept.TAKEN, coder)
    return _add(
        project, corpus, kept.suggestion_rows(suggestions), coder, action="voorstel overgenomen", made=decided
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
    name = " ".join(kept.checked(corpus, row)["quote"].split())
    told = hashlib.blake2b(f"{scheme}:{name.lower()}".encode(), key=project.salt, digest_size=4).hexdigest()
    definition = "In de woorden van een verteller; nog te omschrijven."
    code = Code(code=f"in-vivo-{told}", name=name, definition=definition, narrative_id=narrative_id)
    here = kept_scheme(project, scheme)
    is_new = code.code not in project.decisions(kept.CODE)
    made = {(kept.CODE, code.code): kept.code_value(code, scheme, len(here), {})} if is_new else {}
    return _add(
        project, corpus, [{**row, "code": code.code}], coder, action="gecodeerd in eigen woorden", made=made
    )[0]


def keep_codings(
    project: Any, corpus: Corpus, codings: pd.DataFrame, *, memos: pd.DataFrame | None = None
) -> list[str]:
    """Keep codings that were made elsewhere, each with its own coder, date and memo, in one action; return their ids.

    Parameters
    ----------
    project : Project
        Holds the scheme of the codes.
    corpus : Corpus
        At least `gemaskeerd`. What was coded before masking goes through `wa.mask_codings` first.
    codings, memos : pandas.DataFrame
        As `import_qdpx` gives them. What the project has already stays as it is; a memo on the same thing is added to it.

    Raises
    ------
    InputError
        When a story, place, quote or code is not there; then nothing is kept.
    """
    rows = kept.records(codings)
    told = [*rows, *(kept.records(memos) if memos is not None else [])]
    held = project.decisions(kept.MEMO)
    known = {kept.place(value): key for key, value in held.items()}
    made: dict[tuple[str, str], Any] = {}
    for row in told:
        if not row.get("memo"):
            continue
        value = {"coder": row.get("coder") or project.who} | (
            {"code": row["code"]} if row.get("code") else {}
        )
        value |= kept.checked(corpus, row) if row.get("narrative_id") else {}
        key = known.setdefault(kept.place(value), kept.key_of(value, held))
        earlier = made.get((kept.MEMO, key)) or held.get(key, {"text": ""})
        if row["memo"] not in earlier["text"]:
            text = "\n\n".join(filter(None, [earlier["text"], row["memo"]]))
            made[kept.MEMO, key] = {**value, "text": text, "date": row.get("date") or _now()}
    return _add(project, corpus, rows, None, action="coderingen van elders bewaard", made=made)


def remove_codings(project: Any, ids: str | Iterable[str], *, coder: str | None = None) -> None:
    """Take codings back with the memos on them, in one action; what is already gone is no error."""
    held = kept.held_codings(project, ids)
    places = {kept.place(value) for value in held.values()}
    gone = {(kept.CODING, key): None for key in held}
    gone |= {
        (kept.MEMO, key): None
        for key, memo in project.decisions(kept.MEMO).items()
        if kept.place(memo) in places
    }
    project.decide(gone, action="codering weggehaald", who=coder)


def recode(project: Any, ids: str | Iterable[str], code: str, *, coder: str | None = None) -> None:
    """Give codings another code, or their own as it is meant now: then they leave `project.recheck()`."""
    codes = project.decisions(kept.CODE)
    kept.require_code(codes, code)
    values = kept.recoded(project, dict.fromkeys(kept.held_codings(project, ids), code), codes)
    project.decide(values, action="anders gecodeerd", who=coder)


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
        kept.require_code(project.decisions(kept.CODE), code)
    if (corpus is None) != (narrative_id is None) or (
        narrative_id is None and (code is None or start is not None)
    ):
        raise kept.refusal(
            "Het is niet duidelijk waar deze memo over gaat.",
            "write_memo",
            "code=, of corpus= met narrative_id= (en start=, end=, code=)",
            "Geef er één mee.",
        )
    about = {"coder": coder or project.who} | ({"code": code} if code else {})
    if corpus is not None:
        about |= kept.checked(corpus, {"narrative_id": narrative_id, "start": start, "end": end})
    held = project.decisions(kept.MEMO)
    known = {kept.place(value): key for key, value in held.items()}
    key = known.get(kept.place(about)) or kept.key_of(about, held)
    if held.get(key, {}).get("text", "") != text:
        project.decide(
            {(kept.MEMO, key): {**about, "text": text, "date": _now()} if text else None},
            action="memo geschreven",
            who=coder,
        )


def _add(
    project: Any,
    corpus: Corpus,
    rows: Iterable[dict[str, Any]],
    coder: str | None,
    *,
    action: str,
    made: Mapping[tuple[str, str], Any] | None = None,
) -> list[str]:
    values: dict[tuple[str, str], Any] = {}
    held, made = project.decisions(kept.CODING), made or {}
    new = {key: value for (kind, key), value in made.items() if kind == kept.CODE}
    codes = project.decisions(kept.CODE) | new
    known, ids = {kept.place(value): key for key, value in held.items()}, []
    for row in rows:
        kept.require_code(codes, row["code"])
        who = coder or row.get("coder") or project.who
        value = {"coder": who, "code": row["code"], **kept.checked(corpus, row)}
        if kept.place(value) not in known:
            known[kept.place(value)] = kept.key_of(value, held)
            values[kept.CODING, known[kept.place(value)]] = {
                **value,
                "date": row.get("date") or _now(),
                "meaning": codes[row["code"]]["meaning"],
            }
        ids.append(known[kept.place(value)])
    project.decide({**values, **made}, action=action, who=coder)  # codings first: undo goes by the first kind
    return ids


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
