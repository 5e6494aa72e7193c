"""A scheme in a project, and its next version: codings follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.kept import (
    CODE,
    CODING,
    KEEP,
    SCHEME,
    code_of,
    code_value,
    is_current,
    recoded,
    refusal,
)
from wijkanalyse.coding.scheme import Scheme
from wijkanalyse.errors import SchemeError, list_names

if TYPE_CHECKING:
    import pandas as pd


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
        raise refusal(
            what, scheme.name, "codes met een eigen sleutel", "Geef ze een andere sleutel.", SchemeError
        )
    is_new = scheme.name not in project.decisions(SCHEME)
    old = replace(scheme, codes=()) if is_new else kept_scheme(project, scheme.name)
    became = {key: list(into) for key, into in scheme.became if is_current(codes.get(key))}
    given = {code.code for code in scheme} | became.keys()
    new = replace(
        scheme, codes=(*scheme.codes, *(each for each in old if each.narrative_id and each.code not in given))
    )
    values: dict[tuple[str, str], Any] = {
        (SCHEME, new.name): {"title": new.title, "version": new.version, "source": new.source}
    }
    values |= {
        (CODE, each.code): code_value(each, new.name, place, codes.get(each.code, {}))
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
    values |= recoded(project, to, {key: value for (kind, key), value in values.items() if kind == CODE})
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
        raise refusal(
            f"Er is geen codeerschema ‘{name}’ in dit project.",
            "kept_scheme",
            f"een van {list_names(schemes)}",
            KEEP,
            SchemeError,
        )
    mine = {key: value for key, value in codes.items() if value["scheme"] == name and is_current(value)}
    keys = sorted(mine, key=lambda key: (mine[key]["place"], key))
    return Scheme(name=name, codes=tuple(code_of(key, mine[key]) for key in keys), **schemes[name])
