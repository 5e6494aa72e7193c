"""From headers and cells to column specs: which column is the story, and what the others are for.

Recognition is by header first and by the look of the cells second. Whatever is not recognised with
some confidence stays out of the corpus and is reported: a free-text column that nobody masks leaks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, list_names, short_name
from wijkanalyse.loaders.choices import Choice, find_choice, is_ranking
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import is_not_applicable, is_number_column, read_month, read_number

if TYPE_CHECKING:
    from wijkanalyse.loaders.tabular import Table

# Patterns match the whole lower-cased header; the first that fits decides.
_HEADERS: tuple[tuple[Role, str, str, str], ...] = (
    (
        Role.NARRATIVE_ID,
        "narrative_id",
        "Verhaalnummer",
        r"narrative_id|verhaal[ _-]?(id|nr|nummer)\.?|id|nr\.?|nummer|(respons|response|volg)[ _-]?(id|nr|nummer)\.?",
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
            r".*\bnaam\b.*|name|(voor|achter|bij|roep)naam|.*\b(interviewer|contactpersoon|(op|aan|door)gegeven door|verteld door|opgehaald door)\b.*|opm(erking)?(en)?\.?|.*\b(je|uw|jouw) (voor|achter)?naam\b.*|.*e-?mail.*|.*telefoon.*|.*ip[- ]?(adres|address).*"
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

MIN_STORY_WORDS = 4
LONG = 200  # characters of a cell that surely is running text
MAX_CHOICES = 20  # more distinct answers than this is no closed question
MAX_CHOICE_WORDS = 8
# An address for e-mail, or as many digits as a phone number or BSN has.
IDENTIFYING = re.compile(r"\S@\S+\.\S|(?<![\d.,])\d{8,}|\b06[- ]?(\d[- ]?){8}\b")
IDENTIFIES_SOMEONE = "wijst een persoon aan (in een notebook te houden met keep_direct_identifiers=True)"
_CLOSED = (Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION, Role.SIGNIFICATION)
OPEN_TEXT = "open tekst wordt hier niet gemaskeerd"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The outcome for one table: a spec per column that stays, the index it comes from, and the reasons.

    `choices` has the options of closed questions and `ranges` the ends of scales, by the name of their column.
    """

    specs: tuple[tuple[int, ColumnSpec], ...]
    guesses: tuple[Guess, ...]
    dropped: dict[str, str]
    choices: Mapping[str, Choice] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)


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
    told = [header for header, spec in table.known.items() if spec.role is Role.TEXT]
    text_index, guess = find_text(table, text or next(iter(told), None))
    guesses = [guess] if guess else []
    taken = {"text"}
    specs = [(text_index, _spec("text", "Verhaal", Role.TEXT, table.header[text_index]))]
    dropped: dict[str, str] = {}
    choices: dict[str, Choice] = {}
    for index, header in enumerate(table.header):
        if index == text_index:
            continue
        if header in table.left_out:
            dropped[header] = table.left_out[header]
            continue
        cells, known = table.column(index), table.known.get(header)
        choice = table.choices.get(header)
        if choice is None and known is None and not is_number_column(cells):
            choice = find_choice(cells, table.separators)
        spec, reason = _read_column(header, cells, known, choice, keep_direct_identifiers)
        if spec is not None and spec.name in taken:
            spec, reason = _rename(spec, taken), ""
        if spec is None:
            dropped[header] = reason
            continue
        taken.add(spec.name)
        specs.append((index, spec))
        if choice and spec.role in _CLOSED:
            choices[spec.name] = choice
    return Reading(specs=tuple(specs), guesses=tuple(guesses), dropped=dropped, choices=choices)


def slug(header: str, max_length: int = 40) -> str:
    """Return a header as an ASCII snake_case name."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:max_length].strip("_") or "kolom"


def find_text(table: Table, text: str | None) -> tuple[int, Guess | None]:
    """Return the number of the column with stories: the one that is named, else the one with most text."""
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
    lengths = [sum(map(len, table.column(i))) for i in range(len(table.header))]
    index = max(range(len(lengths)), key=lambda i: (lengths[i], -i))
    # Counting the words of long cells takes longer than reading the file.
    n_words = [len(cell.split()) if len(cell) < LONG else LONG // 6 for cell in table.column(index)]
    # Most words stand in running text, however many cells only say ‘geen’.
    if not any(n_words) or 2 * sum(n for n in n_words if n >= MIN_STORY_WORDS) < sum(n_words):
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
    header: str,
    cells: Sequence[str],
    known: ColumnSpec | None,
    choice: Choice | None,
    keep_direct_identifiers: bool,
) -> tuple[ColumnSpec | None, str]:
    filled = [cell for cell in cells if cell]
    if not filled:
        return None, "leeg"
    spec = known or by_header(header, filled)
    if choice and (spec is None or spec.role in _CLOSED):
        if is_ranking(filled):
            return None, "keuzes op volgorde; die lezen wij nog niet"
        spec = spec or _spec(slug(header), header, Role.SIGNIFICATION, header)
        # A story is told from one perspective and in one organisation's column: what stands there stays together.
        several = choice.separator is not None and spec.role in (Role.CONTEXT, Role.SIGNIFICATION)
        return replace(spec, dtype="bool" if several else "category"), ""
    if spec is None and any(IDENTIFYING.search(cell) for cell in filled):
        spec = _spec(slug(header), header, Role.DIRECT_IDENTIFIER, header)
    if spec is not None:
        if spec.role is Role.DIRECT_IDENTIFIER and not keep_direct_identifiers:
            return None, IDENTIFIES_SOMEONE
        reason = _why_open(spec.role, filled)
        return (None, reason) if reason else (spec, "")
    numbers = [cell for cell in filled if not is_not_applicable(cell)]
    if is_number_column(numbers):
        if _is_rating(header, numbers):
            return _spec(slug(header), header, Role.SIGNIFICATION, header, dtype="float"), ""
        return (
            None,
            "een getal waarvan niet duidelijk is wat het betekent; zeg het met een koppeling (--koppeling of mapping=)",
        )
    distinct = len(set(filled))
    if distinct > max(2, len(filled) // 2):
        return None, _open(distinct)
    reason = _why_open(Role.CONTEXT, filled)
    return (
        (None, reason)
        if reason
        else (_spec(slug(header), header, Role.CONTEXT, header, dtype="category"), "")
    )


# A heading that names the ends of a scale: "(1–5)", "0-1", "rondkomen (0 tot 100)".
_SCALE = re.compile(r"\b\d+\s?(?:–|-|tot|t/m)\s?\d+\b|schaal|rapportcijfer")


def _is_rating(header: str, filled: Sequence[str]) -> bool:
    """Tell whether numbers are the teller's own answer: a named scale, or shares between 0 and 1."""
    values = [read_number(cell) for cell in filled]
    if _SCALE.search(header.lower()):
        return True
    return min(values) >= 0 and max(values) <= 1 and any(value % 1 for value in values)


def by_header(header: str, filled: Sequence[str]) -> ColumnSpec | None:
    """Return what a column is by its header, or None when that does not tell; dates are looked for in its cells."""
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
        return IDENTIFIES_SOMEONE
    distinct = len(set(filled))
    # There are more teams and municipalities than that.
    if distinct > MAX_CHOICES and role is not Role.ORGANISATION:
        return _open(distinct)
    return OPEN_TEXT if max(len(cell.split()) for cell in filled) > MAX_CHOICE_WORDS else ""


def _open(distinct: int) -> str:
    return f"{distinct} verschillende antwoorden: {OPEN_TEXT}"


def _spec(name: str, label: str, role: Role, source: str, dtype: str = "str") -> ColumnSpec:
    return ColumnSpec(name=name, label=label, role=role, dtype=dtype, source=source)


def _rename(spec: ColumnSpec, taken: set[str]) -> ColumnSpec:
    # Two columns that mean the same: the second keeps its own header and becomes context.
    base = slug(spec.source or spec.name)
    name, number = base, 2
    while name in taken or name in ("narrative_id", "teller_id", "text"):
        name, number = f"{base}_{number}", number + 1
    role = Role.CONTEXT if spec.role in (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TITLE) else spec.role
    return replace(spec, name=name, role=role, label=spec.label if spec.group else spec.source or spec.label)
