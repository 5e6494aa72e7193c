"""A mapping file (YAML): the user says what every column is, and nothing is guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem, list_names, short_name
from wijkanalyse.loaders.choices import Choice, find_choice
from wijkanalyse.loaders.roles import IDENTIFIES_SOMEONE, Reading, slug
from wijkanalyse.loaders.values import is_number_column

if TYPE_CHECKING:
    from wijkanalyse.loaders.tabular import Table

# Roles with one column each, which always has the name that the rest of the package asks for.
FIXED_NAMES = {role: str(role) for role in (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT, Role.TITLE)}
MAX_NAME = 60  # a proposal may add a number to a name that is as long as `slug` makes it
DTYPES = ("str", "category", "float", "bool")


def read_mapping(path: Path, table: Table, *, keep_direct_identifiers: bool = False) -> Reading:
    """Read a mapping file (YAML) that says what each column is.

    The file has one entry per column under `kolommen`, with `kolom` (the header), `naam`, `label`,
    `rol`, and optionally `soort`, `eenheid`, `groep`, `uiteinden`, `keuzes` (the options of a closed question) and `bereik`
    (the lowest and highest number of a scale). Columns it does not name stay out, and so do direct identifiers unless they
    are kept.

    Raises
    ------
    InputError
        With every entry that does not fit the table.
    """
    problems: list[Problem] = []
    specs: list[tuple[int, ColumnSpec]] = []
    choices: dict[str, Choice] = {}
    ranges: dict[str, tuple[float, float]] = {}
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
        index = table.header.index(header)
        specs.append((index, spec))
        if choice := _choice(entry, spec, table.column(index), table.separators):
            choices[spec.name] = choice
        if "bereik" in entry:
            ranges[spec.name] = (float(entry["bereik"][0]), float(entry["bereik"][1]))
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
    return Reading(specs=tuple(specs), guesses=(), dropped=dropped, choices=choices, ranges=ranges)


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
    options = entry.get("keuzes", ["x"])
    if not isinstance(options, list) or not options:
        yield Problem(
            what=f"De keuzes van kolom ‘{shown}’ zijn geen lijst.",
            where=where,
            expected="keuzes: [boos, opgelucht, moe]",
            now="Zet de keuzes tussen vierkante haken, en een keuze met een komma erin tussen aanhalingstekens.",
        )
    ends = entry.get("bereik", [0, 1])
    if (
        not isinstance(ends, list)
        or [type(end) in (int, float) for end in ends] != [True, True]
        or ends[0] >= ends[1]
    ):
        yield Problem(
            what=f"Het bereik van kolom ‘{shown}’ bestaat niet uit twee getallen.",
            where=where,
            expected="bereik: [0, 100]",
            now="Zet het laagste en het hoogste getal tussen vierkante haken.",
        )
    name = _mapped_name(entry, header)
    if name in taken or (name in FIXED_NAMES.values() and entry["rol"] != name):
        yield Problem(
            what=f"De naam ‘{name}’ is al van een andere kolom.",
            where=where,
            expected="een eigen naam voor elke kolom; ‘text’, ‘title’, ‘narrative_id’ en ‘teller_id’ horen bij die rol",
            now="Verbeter ‘naam:’ of de rol.",
        )


def _choice(
    entry: dict[str, Any], spec: ColumnSpec, cells: Sequence[str], separators: Sequence[str]
) -> Choice | None:
    """Return the options of a closed question, named or found; with `soort: bool` a cell can hold several."""
    several = spec.dtype == "bool"
    if "keuzes" not in entry:
        return find_choice(cells, separators) if several or spec.dtype == "category" else None
    separator = (";" if any(";" in cell for cell in cells) else ",") if several else None
    options = tuple(str(option) for option in entry["keuzes"])
    return Choice(options=options, separator=separator, by_user=True)


def _mapped_name(entry: dict[str, Any], header: str) -> str:
    return FIXED_NAMES.get(entry["rol"]) or slug(str(entry.get("naam") or header), MAX_NAME)


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


def write_mapping(table: Table, reading: Reading) -> str:
    """Return a mapping file that says of a table what a reading says: every column, those left out as a remark.

    It holds headers and counts, never a cell.
    """
    specs = {table.header[index]: spec for index, spec in reading.specs}
    lines = [_INTRODUCTION.format(source=" ".join(table.source.split()))]
    for index, header in enumerate(table.header):
        filled = [cell for cell in table.column(index) if cell]
        spec = specs.get(header) or _left_out(header, reading.dropped[header], filled)
        choice = reading.choices.get(spec.name) if header in specs else None
        why = "" if header in specs else f"; gaat niet mee: {' '.join(reading.dropped[header].split())}"
        mark = "" if header in specs else "# "
        options = choice.options if choice and choice.by_user else ()
        lines.append(f"  # {len(filled)} ingevuld, {len(set(filled))} verschillend{why}")
        lines.append(f"  {mark}- {_flow(header, spec, options)}")
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
# Voorstel voor {source}: wat elke kolom is. Verbeter het en geef het mee: --koppeling (of mapping=) met de naam van dit bestand.
#   kolom: de kop in het bestand · naam: korte naam · label: zoals mensen het lezen
#   rol: narrative_id, teller_id, text, title, perspective, context, organisation, time, signification
#   soort: str, category, float of bool · eenheid: bereik, zoals 0–1 · groep: vraag waar de kolom bij hoort
#   uiteinden: van laag naar hoog · bereik: laagste en hoogste getal · keuzes: de antwoorden van een gesloten vraag
# Haal het hekje voor het streepje weg om een kolom toch mee te nemen. Let op: open tekst naast het verhaal wordt niet gemaskeerd.
kolommen:"""


def _left_out(header: str, why: str, filled: Sequence[str]) -> ColumnSpec:
    """Return what a column that stays out would be: whoever takes it along may not take a name along by that."""
    number = is_number_column(filled)
    role = Role.SIGNIFICATION if number else Role.CONTEXT
    role = Role.DIRECT_IDENTIFIER if why == IDENTIFIES_SOMEONE else role
    return ColumnSpec(name=slug(header), label=header, role=role, dtype="float" if number else "str")


_PROPOSED = re.compile(r"  # \d.*?(?:; gaat niet mee: (.*))?\n  (?:# )?- (.*)")


def read_proposal(proposal: str) -> list[dict[str, Any]]:
    """Return the entries of what `write_mapping` wrote, with `waarom` a column stays out; empty for one that is kept."""
    import yaml

    return [{**yaml.safe_load(entry), "waarom": why} for why, entry in _PROPOSED.findall(proposal)]


def with_roles(entries: Sequence[dict[str, Any]], roles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return proposed entries with the role that a person gave each header; without those that she left out."""
    chosen = []
    for entry in entries:
        role = roles[entry["kolom"]]
        kind = "str" if role in (*FIXED_NAMES, Role.TIME) else "category"
        if role == Role.SIGNIFICATION and entry["soort"] == "float":
            kind = "float"
        new = {"kolom": entry["kolom"], "rol": role, "soort": kind}
        chosen += [entry if role == entry["rol"] else new] if role else []
    return chosen


def _flow(header: str, spec: ColumnSpec, options: Sequence[str]) -> str:
    import yaml

    entry = {
        "kolom": header,
        "naam": spec.name,
        "label": spec.label,
        "rol": str(spec.role),
        "soort": spec.dtype,
        "eenheid": spec.unit,
        "groep": spec.group,
        "uiteinden": list(spec.ends),
        "keuzes": list(options),
    }
    told = {key: value for key, value in entry.items() if value}
    line = yaml.safe_dump(told, default_flow_style=True, allow_unicode=True, sort_keys=False, width=math.inf)
    return str(line).strip()
