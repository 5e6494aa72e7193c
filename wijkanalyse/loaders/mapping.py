"""A mapping file (YAML): the user says what every column is, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem, list_names, short_name
from wijkanalyse.loaders.roles import IDENTIFIES_SOMEONE, Reading, slug
from wijkanalyse.loaders.values import is_number_column

if TYPE_CHECKING:
    from wijkanalyse.loaders.tabular import Table

# Roles with one column each, which always has the name that the rest of the package asks for.
FIXED_NAMES = {role: str(role) for role in (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT, Role.TITLE)}
DTYPES = ("str", "category", "float")


def proposed_entries(table: Table, reading: Reading) -> list[dict[str, Any]]:
    """Return a guess as the entries of a mapping, one per column; what stays out has an empty `rol`, and `waarom`."""
    specs = dict(reading.specs)
    entries: list[dict[str, Any]] = []
    for index, header in enumerate(table.header):
        spec, kind = specs.get(index), "float" if is_number_column(table.column(index)) else "str"
        if spec is None:
            entries.append({"kolom": header, "rol": "", "soort": kind, "waarom": reading.dropped[header]})
            continue
        more = {"eenheid": spec.unit, "groep": spec.group, "uiteinden": list(spec.ends)}
        named = {"kolom": header, "naam": spec.name, "label": spec.label}
        entries.append({**named, "rol": str(spec.role), "soort": spec.dtype, **more})
    return entries


def with_roles(entries: Sequence[dict[str, Any]], roles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return proposed entries with the role that a person gave each header; without those that stay out."""
    chosen = []
    for entry in entries:
        role = roles[entry["kolom"]]
        is_answer = role == Role.SIGNIFICATION and entry["soort"] == "float"
        new = {"kolom": entry["kolom"], "rol": role, "soort": "float" if is_answer else "str"}
        chosen += [entry if role == entry["rol"] else new] if role else []
    return chosen


def read_mapping(path: Path, table: Table, *, keep_direct_identifiers: bool = False) -> Reading:
    """Read a mapping file (YAML) that says what each column is.

    The file has one entry per column under `kolommen`, with `kolom` (the header), `naam`, `label`,
    `rol`, and optionally `soort`, `eenheid`, `groep` and `uiteinden`. Columns it does not name stay out, and so do
    direct identifiers unless they are kept.

    Raises
    ------
    InputError
        With every entry that does not fit the table.
    """
    problems: list[Problem] = []
    specs: list[tuple[int, ColumnSpec]] = []
    dropped = dict.fromkeys(table.header, "staat niet in de koppeling")
    for number, entry in enumerate(_mapping_entries(path), start=1):
        where = f"{path.name}, kolom nummer {number}"
        header = " ".join(str(entry.get("kolom", "")).split()) if isinstance(entry, dict) else ""
        found = list(_entry_problems(entry, header, where, table, {spec.name for _, spec in specs}))
        problems += found
        if found:
            continue
        spec = _mapped_spec(entry, header)
        if spec.role is Role.DIRECT_IDENTIFIER and not keep_direct_identifiers:
            dropped[header] = IDENTIFIES_SOMEONE
            continue
        dropped.pop(header, None)
        specs.append((table.header.index(header), spec))
    if not problems and sum(spec.role is Role.TEXT for _, spec in specs) != 1:
        problems.append(
            Problem(
                what="De koppeling wijst niet precies één kolom met verhalen aan.",
                where=path.name,
                expected="één kolom met rol: text",
                now="Geef één kolom de rol text (in het paneel: verhaal).",
            )
        )
    if problems:
        raise InputError(problems)
    return Reading(specs=tuple(specs), guesses=(), dropped=dropped)


def _mapping_entries(path: Path) -> list[Any]:
    import yaml

    try:
        # utf-8-sig: the editor of Windows puts a BOM before it.
        entries = yaml.safe_load(path.read_text(encoding="utf-8-sig"))["kolommen"]
        if isinstance(entries, list):
            return entries
        cause: Exception | None = None
    except (yaml.YAMLError, UnicodeDecodeError, OSError, TypeError, KeyError) as error:
        cause = error
    mark = getattr(cause, "problem_mark", None)
    raise InputError.one(
        what="De kolomkoppeling is niet te lezen.",
        where=path.name + (f", regel {mark.line + 1}" if mark else ""),
        expected="YAML met een lijst ‘kolommen’",
        now="Vergelijk het bestand met data/sample/kolommen.yaml.",
    ) from cause


def _entry_problems(entry: Any, header: str, where: str, table: Table, taken: set[str]) -> Iterator[Problem]:
    if header not in table.header:
        yield Problem(
            what=f"De kolom ‘{short_name(header)}’ uit de koppeling staat niet in het bestand.",
            where=where,
            expected=f"een van {list_names(table.header)}",
            now="Verbeter de naam achter ‘kolom:’.",
        )
        return
    shown = short_name(header)
    if entry.get("rol") not in list(Role):
        yield Problem(
            what=f"De kolom ‘{shown}’ heeft geen rol die wij kennen.",
            where=where,
            expected=f"rol: een van {list_names(Role)}",
            now="Verbeter de rol.",
        )
        return
    if entry.get("soort", "str") not in DTYPES:
        yield Problem(
            what=f"De kolom ‘{shown}’ heeft geen soort die wij kennen.",
            where=where,
            expected=f"soort: een van {list_names(DTYPES)}",
            now="Verbeter de soort of laat haar weg.",
        )
    if not isinstance(entry.get("uiteinden", []), list):
        yield Problem(
            what=f"De uiteinden van kolom ‘{shown}’ zijn geen lijst.",
            where=where,
            expected="uiteinden: [van laag, naar hoog]",
            now="Zet de uiteinden tussen vierkante haken.",
        )
    name = _mapped_name(entry, header)
    if name in taken or (name in FIXED_NAMES.values() and entry["rol"] != name):
        yield Problem(
            what=f"De naam ‘{name}’ is al van een andere kolom.",
            where=where,
            expected="een eigen naam voor elke kolom; ‘text’, ‘title’, ‘narrative_id’ en ‘teller_id’ horen bij die rol",
            now="Verbeter ‘naam:’ of de rol.",
        )


def _mapped_name(entry: dict[str, Any], header: str) -> str:
    return FIXED_NAMES.get(entry["rol"]) or slug(str(entry.get("naam") or header))


def _mapped_spec(entry: dict[str, Any], header: str) -> ColumnSpec:
    return ColumnSpec(
        name=_mapped_name(entry, header),
        label=str(entry.get("label") or header),
        role=Role(entry["rol"]),
        dtype=entry.get("soort", "str"),
        unit=entry.get("eenheid"),
        group=entry.get("groep"),
        source=header,
        ends=tuple(str(end) for end in entry.get("uiteinden", ())),
    )
