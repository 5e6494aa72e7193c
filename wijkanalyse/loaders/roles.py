"""From headers and cells to column specs: which column is the story, and what the others are for.

Recognition is by header first and by the look of the cells second. Whatever is not recognised with
some confidence stays out of the corpus and is reported: a free-text column that nobody masks leaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem, list_names, short_name
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import is_number_column, read_month

if TYPE_CHECKING:
    from wijkanalyse.loaders.tabular import Table

# Patterns match the whole lower-cased header; the first that fits decides.
_HEADERS: tuple[tuple[Role, str, str, str], ...] = (
    (
        Role.NARRATIVE_ID,
        "narrative_id",
        "Verhaalnummer",
        r"narrative_id|verhaal[ _-]?(id|nr|nummer)|id|nr|nummer",
    ),
    (
        Role.TELLER_ID,
        "teller_id",
        "Verteller",
        r"(teller|verteller|respondent|deelnemer|responder)[ _-]?(id|nr|nummer)?",
    ),
    (
        Role.DIRECT_IDENTIFIER,
        "",
        "",
        (
            r"(voor|achter|bij)?naam|name|.*\b(je|uw|jouw) (voor|achter)?naam\b.*|.*e-?mail.*|.*telefoon.*|.*ip[- ]?(adres|address).*"
            r"|(woon)?adres|straat(naam)?|.*\b(je|uw|jouw) (woon)?adres\b.*|.*\bpostcode\b.*|.*\bgeboorte(datum|dag)\b.*"
            r"|.*\b(bsn|burgerservicenummer|iban|rekeningnummer)\b.*"
        ),
    ),
    (Role.TITLE, "title", "Titel", r"titel|title|.*\btitel\b.*"),
    (
        Role.TIME,
        "month",
        "Maand",
        r"maand|month|datum|date|tijdstempel|timestamp|begintijd|tijd van voltooien|start(datum|date)|submitdate|.*\bwanneer\b.*",
    ),
    (
        Role.CONTEXT,
        "age_band",
        "Leeftijd",
        r"leeftijd(s?(groep|categorie|klasse))?|.*\b(hoe oud|(je|uw|jouw) leeftijd)\b.*|age([ _]band)?",
    ),
    (
        # After the age: ‘Hoe oud bent u?’ asks no perspective.
        Role.PERSPECTIVE,
        "perspective",
        "Perspectief",
        r"perspectief|perspective|rol|.*\b(ik ben|ik vertel dit|bent u|ben je)\b.*",
    ),
    (
        Role.CONTEXT,
        "living_situation",
        "Woonsituatie",
        r"woonsituatie|(?!.*\bwaar\b).*\bwoont? (je|u)\b.*|living_situation",
    ),
    (
        Role.CONTEXT,
        "municipality_kind",
        "Soort gemeente",
        r"soort gemeente|.*stad of dorp.*|municipality_kind",
    ),
    (
        Role.ORGANISATION,
        "organisation",
        "Team of organisatie",
        r"(wijk|buurt|dorpen|lokaal )?team|organi[sz]at(ie|ion)|gemeente|.*welk (wijk|lokaal )?team\b.*",
    ),
)
_COMPILED = tuple((role, name, label, re.compile(pattern)) for role, name, label, pattern in _HEADERS)

MAX_CHOICES = 20  # more distinct answers than this is no closed question
MAX_CHOICE_WORDS = 8
# An address for e-mail, or as many digits as a phone number or BSN has.
IDENTIFYING = re.compile(r"\S@\S+\.\S|(?<![\d.,])\d{8,}|\b06[- ]?(\d[- ]?){8}\b")
# Roles with one column each, which always has the name that the rest of the package asks for.
FIXED_NAMES = {role: str(role) for role in (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT, Role.TITLE)}
DTYPES = ("str", "category", "float")
_IDENTIFIES = "wijst een persoon aan (houd haar met keep_direct_identifiers=True)"
_OPEN = "open tekst wordt hier niet gemaskeerd"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The outcome for one table: a spec per column that stays, the index it comes from, and the reasons."""

    specs: tuple[tuple[int, ColumnSpec], ...]
    guesses: tuple[Guess, ...]
    dropped: dict[str, str]


def read_roles(table: Table, *, text: str | None, keep_direct_identifiers: bool) -> Reading:
    """Decide what every column of a table is.

    Parameters
    ----------
    table : Table
    text : str or None
        Header of the story column; None to take the one with the longest text.
    keep_direct_identifiers : bool
        Keep names, addresses and the like; they are dropped otherwise.

    Raises
    ------
    InputError
        When there is no column with text, or none of the name that was given.
    """
    text_index, guess = _find_text(table, text)
    guesses = [guess] if guess else []
    taken = {"text"}
    specs = [(text_index, _spec("text", "Verhaal", Role.TEXT, table.header[text_index]))]
    dropped: dict[str, str] = {}
    for index, header in enumerate(table.header):
        if index == text_index:
            continue
        spec, reason = _read_column(header, table.column(index), keep_direct_identifiers)
        if spec is not None and spec.name in taken:
            spec, reason = _rename(spec, taken), ""
        if spec is None:
            dropped[header] = reason
            continue
        taken.add(spec.name)
        specs.append((index, spec))
    return Reading(specs=tuple(specs), guesses=tuple(guesses), dropped=dropped)


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
            dropped[header] = _IDENTIFIES
            continue
        dropped.pop(header, None)
        specs.append((table.header.index(header), spec))
    if not problems and sum(spec.role is Role.TEXT for _, spec in specs) != 1:
        problems.append(
            Problem(
                what="De koppeling wijst niet precies één kolom met verhalen aan.",
                where=path.name,
                expected="één kolom met rol: text",
                now="Geef de kolom met de verhalen rol: text.",
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


def slug(header: str, max_length: int = 40) -> str:
    """Return a header as an ASCII snake_case name."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:max_length].strip("_") or "kolom"


def _find_text(table: Table, text: str | None) -> tuple[int, Guess | None]:
    if text is not None:
        wanted = " ".join(text.split()).casefold()
        for index, header in enumerate(table.header):
            if header.casefold() == wanted:
                return index, None
        raise InputError.one(
            what=f"Er is geen kolom ‘{short_name(text)}’.",
            where=table.source,
            expected=f"een van {list_names(table.header)}",
            now='Geef de naam zoals die in het bestand staat, met --tekst "naam" of text="naam".',
        )
    lengths = [sum(len(cell) for cell in table.column(i)) for i in range(len(table.header))]
    index = max(range(len(lengths)), key=lambda i: (lengths[i], -i))
    filled = [cell for cell in table.column(index) if cell]
    if not filled or sum(len(cell.split()) for cell in filled) / len(filled) < 4:
        raise InputError.one(
            what="Er is geen kolom met verhalen gevonden.",
            where=table.source,
            expected="een kolom met lopende tekst",
            now='Wijs de kolom zelf aan met --tekst "naam" of text="naam".',
        )
    # A header that may be a story is never shown: list_names cuts it.
    shown = list_names([table.header[index]])
    return index, Guess(what=f"de verhalen staan in kolom {shown}", overrule='--tekst "naam" of text="naam"')


def _read_column(
    header: str, cells: Sequence[str], keep_direct_identifiers: bool
) -> tuple[ColumnSpec | None, str]:
    filled = [cell for cell in cells if cell]
    if not filled:
        return None, "leeg"
    spec = _by_header(header, filled)
    if spec is None and any(IDENTIFYING.search(cell) for cell in filled):
        spec = _spec(slug(header), header, Role.DIRECT_IDENTIFIER, header)
    if spec is not None:
        if spec.role is Role.DIRECT_IDENTIFIER and not keep_direct_identifiers:
            return None, _IDENTIFIES
        reason = _why_open(spec.role, filled)
        return (None, reason) if reason else (spec, "")
    if is_number_column(filled):
        return _spec(slug(header), header, Role.SIGNIFICATION, header, dtype="float"), ""
    distinct = len(set(filled))
    if distinct > max(2, len(filled) // 2):
        return None, _open(distinct)
    reason = _why_open(Role.CONTEXT, filled)
    return (
        (None, reason)
        if reason
        else (_spec(slug(header), header, Role.CONTEXT, header, dtype="category"), "")
    )


def _by_header(header: str, filled: Sequence[str]) -> ColumnSpec | None:
    # A second column ‘Naam’ is called ‘Naam (2)’ by now, and holds a name all the same.
    lowered = re.sub(r" \(\d+\)$", "", header).lower().strip(" ?:*")
    for role, name, label, pattern in _COMPILED:
        if not pattern.fullmatch(lowered):
            continue
        if role is Role.DIRECT_IDENTIFIER:
            return _spec(slug(header), header, role, header)
        # ‘Wanneer voelde u zich gehoord?’ asks no date: the cells decide.
        if role is not Role.TIME or any(read_month(cell) for cell in filled):
            return _spec(name, label, role, header)
    return None


def _why_open(role: Role, filled: Sequence[str]) -> str:
    """Return why a column that would stand beside a story is open text, or an empty string."""
    if role not in (Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION) or is_number_column(filled):
        return ""
    if any(IDENTIFYING.search(cell) for cell in filled):
        return _IDENTIFIES
    distinct = len(set(filled))
    # There are more teams and municipalities than that.
    if distinct > MAX_CHOICES and role is not Role.ORGANISATION:
        return _open(distinct)
    return _OPEN if max(len(cell.split()) for cell in filled) > MAX_CHOICE_WORDS else ""


def _open(distinct: int) -> str:
    return f"{distinct} verschillende antwoorden: {_OPEN}"


def _spec(name: str, label: str, role: Role, source: str, dtype: str = "str") -> ColumnSpec:
    return ColumnSpec(name=name, label=label, role=role, dtype=dtype, source=source)


def _rename(spec: ColumnSpec, taken: set[str]) -> ColumnSpec:
    # Two columns that mean the same: the second keeps its own header and becomes context.
    base = slug(spec.source or spec.name)
    name, number = base, 2
    while name in taken or name in ("narrative_id", "teller_id", "text"):
        name, number = f"{base}_{number}", number + 1
    role = Role.CONTEXT if spec.role in (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TITLE) else spec.role
    return ColumnSpec(
        name=name, label=spec.source or spec.label, role=role, dtype=spec.dtype, source=spec.source
    )
