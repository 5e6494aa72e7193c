"""From headers and cells to column specs: which column is the story, and what the others are for.

Recognition is by header first and by the look of the cells second. Whatever is not recognised with
some confidence stays out of the corpus and is reported: a free-text column that nobody masks leaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.report import Guess

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
            r"|(woon)?adres|straat(naam)?|postcode|geboorte(datum|dag)|bsn|burgerservicenummer|iban|rekeningnummer"
        ),
    ),
    (Role.TITLE, "title", "Titel", r"titel|title|.*\btitel\b.*"),
    (
        Role.PERSPECTIVE,
        "perspective",
        "Perspectief",
        r"perspectief|perspective|rol|.*\b(ik ben|bent u|ben je)\b.*",
    ),
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
        r"leeftijd(s?(groep|categorie|klasse))?|.*\bhoe oud\b.*|age([ _]band)?",
    ),
    (
        Role.CONTEXT,
        "living_situation",
        "Woonsituatie",
        r"woonsituatie|.*\bwoon(t)? (je|u)\b.*|living_situation",
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
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


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


def read_mapping(path: Path, table: Table) -> Reading:
    """Read a mapping file (YAML) that says what each column is.

    The file has one entry per column under `kolommen`, with `kolom` (the header), `naam`, `label`,
    `rol`, and optionally `soort`, `eenheid`, `groep` and `uiteinden`. Columns it does not name stay out.

    Raises
    ------
    InputError
        With every entry that does not fit the table.
    """
    import yaml

    try:
        entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["kolommen"]
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError.one(
            what="De kolomkoppeling is niet te lezen.",
            where=path.name,
            expected="YAML met een lijst ‘kolommen’",
            now="Vergelijk het bestand met data/sample/kolommen.yaml.",
        ) from error
    problems, specs, used = [], [], set()
    for number, entry in enumerate(entries, start=1):
        header = " ".join(str(entry.get("kolom", "")).split())
        if header not in table.header:
            problems.append(
                Problem(
                    what=f"De kolom ‘{header}’ uit de koppeling staat niet in het bestand.",
                    where=f"{path.name}, kolom nummer {number}",
                    expected=f"een van {list_names(table.header)}",
                    now="Verbeter de naam achter ‘kolom:’.",
                )
            )
            continue
        try:
            role = Role(entry["rol"])
        except (KeyError, ValueError):
            problems.append(
                Problem(
                    what=f"De kolom ‘{header}’ heeft geen rol die wij kennen.",
                    where=f"{path.name}, kolom nummer {number}",
                    expected=f"rol: een van {list_names(Role)}",
                    now="Verbeter de rol.",
                )
            )
            continue
        used.add(header)
        specs.append(
            (
                table.header.index(header),
                ColumnSpec(
                    name=entry.get("naam") or slug(header),
                    label=entry.get("label") or header,
                    role=role,
                    dtype=entry.get("soort", "str"),
                    unit=entry.get("eenheid"),
                    group=entry.get("groep"),
                    source=header,
                    ends=tuple(entry.get("uiteinden", ())),
                ),
            )
        )
    if not problems and sum(spec.role is Role.TEXT for _, spec in specs) != 1:
        problems.append(
            Problem(
                what="De koppeling wijst niet precies één kolom met verhalen aan.",
                where=path.name,
                expected="één kolom met rol: text",
                now="Geef de kolom met de verhalen rol: text en naam: text.",
            )
        )
    if problems:
        raise InputError(problems)
    dropped = {header: "staat niet in de koppeling" for header in table.header if header not in used}
    return Reading(specs=tuple(specs), guesses=(), dropped=dropped)


def is_number_column(cells: Sequence[str]) -> bool:
    """Tell whether all filled cells are numbers, with a decimal comma or point."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(NUMBER.fullmatch(cell) for cell in filled)


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
            what=f"Er is geen kolom ‘{text}’.",
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
    lowered = header.lower().strip(" ?:*")
    for role, name, label, pattern in _COMPILED:
        if pattern.fullmatch(lowered):
            if role is Role.DIRECT_IDENTIFIER:
                if not keep_direct_identifiers:
                    return None, "wijst een persoon aan (houd haar met keep_direct_identifiers=True)"
                name, label = slug(header), header
            return _spec(name, label, role, header), ""
    if is_number_column(filled):
        return _spec(slug(header), header, Role.SIGNIFICATION, header, dtype="float"), ""
    distinct = len(set(filled))
    if distinct > min(MAX_CHOICES, max(2, len(filled) // 2)):
        return None, f"{distinct} verschillende antwoorden: open tekst wordt hier niet gemaskeerd"
    if max(len(cell.split()) for cell in filled) > MAX_CHOICE_WORDS:
        return None, "open tekst wordt hier niet gemaskeerd"
    return _spec(slug(header), header, Role.CONTEXT, header, dtype="category"), ""


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
