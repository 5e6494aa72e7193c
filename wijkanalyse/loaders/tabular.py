"""Delimited text, as people have it, to a plain table of strings; and where the header is.

Nothing is interpreted here but the file itself: encoding, delimiter, where the header is. What a
column means is decided in `roles`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms import Guide, recognise
from wijkanalyse.loaders.forms.narrafirma import is_native, split_native
from wijkanalyse.loaders.header import in_two_rows, join_headers, looks_like_story_row, rows_above_header
from wijkanalyse.loaders.mending import mend
from wijkanalyse.loaders.questions import find_questions
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import name_columns

if TYPE_CHECKING:
    from wijkanalyse.corpus import ColumnSpec
    from wijkanalyse.loaders.choices import Choice

DELIMITERS = (";", ",", "\t", "|")
# csv refuses cells over 128 KiB by default; a pasted interview is longer.
MAX_CELL_CHARACTERS = 10_000_000
# No text holds this one: the delimiter of a file with a single column, so that no story is cut at a comma.
NO_DELIMITER = "\x1f"
# Excel's own first line in a CSV, which names the delimiter.
SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# A row added to the end, to see whether a quote was still open there.
END = "einde van het bestand"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A header and rows of equal length, all cells stripped strings.

    `story` is the header of the stories where the format tells it; `set_apart` what could not become a row, counted by reason;
    `known` and `left_out` what the program that made the file says of its columns, by header; `separators` what may stand
    between several answers in one cell, and `choices` the options where the program tells them.
    """

    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    guesses: tuple[Guess, ...] = ()
    story: str | None = None
    set_apart: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, ColumnSpec] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    separators: tuple[str, ...] = (";",)
    choices: Mapping[str, Choice] = field(default_factory=dict)
    unit: str = "rijen"  #: what the rows were before

    @property
    def n_read(self) -> int:
        """Number of rows read, with those that could not become one."""
        return len(self.rows) + sum(self.set_apart.values())

    def column(self, index: int) -> list[str]:
        """Return the cells of one column."""
        return [row[index] for row in self.rows]


def read_csv(path: Path, *, data: bytes | None = None, guide: Guide | None = None) -> Table:
    """Read delimited text, of a file or from its bytes; encoding and delimiter are found by looking.

    Raises
    ------
    InputError
        When the file is empty, is no text, or ends inside a cell.
    """
    data = path.read_bytes() if data is None else data
    text, encoding = decode(data, path.name)
    if not re.search(r"\w", text):
        raise _empty(path.name)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    if named := SEP_LINE.match(text):
        delimiter, text = named.group(1), text[named.end() :]
    else:
        delimiter = _find_delimiter(text)
    rows = split_native(text, delimiter) if is_native(text) else split_rows(text, delimiter, path.name)
    shown = {"\t": "scheidingsteken tab", NO_DELIMITER: "één kolom"}.get(
        delimiter, f"scheidingsteken ‘{delimiter}’"
    )
    guess = Guess(what=f"{shown}, tekenset {encoding}", overrule="sla het bestand op als .xlsx")
    return make_table(path.name, rows, [guess], guide)


def split_rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Return the cells of delimited text.

    Raises
    ------
    InputError
        When it ends inside a cell.
    """
    if rows := _regular_rows(text, delimiter):
        return rows
    try:
        rows = list(csv.reader(io.StringIO(f"{text}\n{END}", newline=""), delimiter=delimiter))
    except csv.Error:
        rows = [[]]
    if rows.pop() != [END]:
        # Without this, one forgotten quote makes one story of all rows that follow.
        raise InputError.one(
            what="Het bestand is niet als tabel te lezen: een aanhalingsteken wordt niet gesloten.",
            where=name,
            expected="een CSV-bestand met kolommen, aanhalingstekens in paren",
            now="Open het in Excel of LibreOffice, kijk of alle rijen er zijn en sla het op als .xlsx.",
        )
    return rows


def _regular_rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the cells as the parser of pandas cuts them, in half the time of `csv`; none unless that gives the same.

    It does where all rows are as long, which the delimiters tell: those within cells and between them are all there are.
    """
    import pandas as pd

    if text[:1] == "\ufeff" or "\x00" in text or text.count("\r") != text.count("\r\n"):
        return []
    data = io.BytesIO(text.encode())
    try:
        frame = pd.read_csv(
            data, sep=delimiter, header=None, dtype=object, na_filter=False, skip_blank_lines=False
        )
    except ValueError:
        return []
    columns = [frame[name].tolist() for name in frame]
    within = sum(cell.count(delimiter) for column in columns for cell in column)
    longest = max(len(cell) for column in columns for cell in column)
    if within + len(frame) * (len(columns) - 1) != text.count(delimiter) or longest > MAX_CELL_CHARACTERS:
        return []
    return list(map(list, zip(*columns, strict=True)))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return bytes as text, and the name of the encoding that was found."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    if b"\x00" in data[:4096]:
        raise InputError.one(
            what="Dit is geen tekstbestand.",
            where=name,
            expected="een .csv of .xlsx met verhalen",
            now="Controleer of je het goede bestand hebt en of de extensie klopt.",
        )
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        # What Excel on a Dutch Windows writes. Five bytes have no meaning there; they stay visible as �.
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def looks_like_table(data: bytes, name: str) -> bool:
    """Tell whether text is delimited: a first row of short names, and nearly all rows as wide; prose has commas too."""
    text, _ = decode(data, name)
    delimiter = _find_delimiter(text)
    if SEP_LINE.match(text):
        return True
    try:
        rows = [
            row
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 200)
            if any(row)
        ]
    except csv.Error:
        return delimiter != ","
    header = [cell.strip() for cell in rows[0]] if rows else []
    if delimiter == NO_DELIMITER:
        return len(rows) > 1 and header[0].casefold() in ("verhaal", "verhalen", "tekst", "text", "story")
    named = all(header) and not any(cell[-1] in ".!;" or len(cell.split()) > 15 for cell in header)
    return named and len(rows) > 1 and sum(len(row) == len(header) for row in rows) >= 0.9 * len(rows)


def _find_delimiter(text: str) -> str:
    """Return the delimiter under which most rows have the same number (> 1) of cells.

    Rows without a header cell more than one, or that mostly differ in width, are a single column of text.
    """

    def score(delimiter: str) -> tuple[int, int]:
        sample = io.StringIO(text[:200_000], newline="")
        try:
            rows = list(islice(csv.reader(sample, delimiter=delimiter), 200))
        except csv.Error:
            return (0, 0)
        widths = [len(row) for row in rows if any(row)]
        if not widths or widths[0] == 1:
            return (0, 0)
        width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
        return (count, width) if width > 1 and 2 * count >= len(widths) else (0, 0)

    best = max(DELIMITERS, key=score)
    return best if score(best) > (0, 0) else NO_DELIMITER


def make_table(
    source: str, rows: Iterable[Sequence[str]], guesses: list[Guess], guide: Guide | None = None
) -> Table:
    """Find the header in rows of cells, and give every column a name of its own; a guide knows the columns already."""
    cleaned, mended = mend(list(rows))
    guesses = [*guesses, *mended]
    filled = [row for row in cleaned if any(row)]
    if not filled:
        raise _empty(source)
    if form := guide(cleaned, source) if guide else recognise(cleaned):
        asked = find_questions(["" if name in form.left_out else name for name in form.header], form.rows)
        found = Guess(
            what=f"dit bestand komt uit {form.name}", overrule='--koppeling of mapping="koppeling.yaml"'
        )
        return Table(
            source=source, header=form.header, rows=form.rows, left_out=form.left_out, set_apart=form.set_apart,
            known={**asked, **form.known}, separators=form.separators,
            choices=form.choices, guesses=(*guesses, found, *form.guesses),
        )  # fmt: skip
    width = max(len(row) for row in filled)
    # Empty rows stay in the count of rows read (set apart by the loader), those above the header do not.
    first = next(index for index, row in enumerate(cleaned) if any(row))
    last = max(index for index, row in enumerate(cleaned) if any(row))
    padded = [tuple(row + [""] * (width - len(row))) for row in cleaned[first : last + 1]]
    above = rows_above_header(padded)
    if above:
        guesses.append(
            Guess(
                what=f"de kolomnamen staan in rij {first + above + 1}", overrule="haal de regels erboven weg"
            )
        )
    header, body = padded[above], padded[above + 1 :]
    if looks_like_story_row(header, body):
        header, body = tuple([""] * width), padded
        guesses.append(
            Guess(what="geen rij met kolomnamen gevonden", overrule="zet kolomnamen in de eerste rij")
        )
    elif in_two_rows(header, body):
        header, body = join_headers(header, body[0]), body[1:]
        guesses.append(
            Guess(
                what=f"de kolomnamen staan in twee rijen ({first + above + 1} en {first + above + 2})",
                overrule="zet ze in één rij",
            )
        )
    if repeated := sum(n - 1 for name, n in Counter(header).items() if name):
        guesses.append(
            Guess(
                what=f"{repeated} kolommen hebben de naam van een andere en kregen een nummer: ‘naam (2)’",
                overrule="geef elke kolom een eigen naam",
            )
        )
    header = name_columns(header)
    known = find_questions(header, body)
    return Table(source=source, header=header, rows=tuple(body), guesses=tuple(guesses), known=known)


def _empty(name: str) -> InputError:
    return InputError.one(
        what="Er staat niets in dit bestand.",
        where=name,
        expected="een rij met kolomnamen en daaronder één verhaal per rij",
        now="Controleer of je het goede bestand of werkblad hebt.",
    )
