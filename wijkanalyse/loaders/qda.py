"""Stories and attributes out of a REFI-QDA project; its codings come along with `wa.import_qdpx`, on the same ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.foreign.package import Package
from wijkanalyse.foreign.sources import SourceReader
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table

_FIXED = (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TITLE, Role.TEXT)


def read_qdpx(path: Path) -> Table:
    """Read the texts of a `.qdpx` and what stands beside them.

    Cells of stories are not stripped: codings of the same file count from their first character.

    Raises
    ------
    InputError
        When the file is damaged, unsafe or without texts.
    """
    package = Package(path)
    reader = SourceReader(package)
    texts = reader.texts()
    stories = reader.stories(texts, reader.names(list(texts)))
    for row in stories.rows:
        # Who is in no case with others is a teller of one story, as everywhere.
        row["teller_id"] = "" if row["teller_id"] == f"t-{row['narrative_id']}" else row["teller_id"]
    headers: dict[str, ColumnSpec] = {}
    for spec in stories.specs.values():
        if spec.role in _FIXED and not any(row[spec.name] for row in stories.rows):
            continue
        header = next(name for name in _numbered(spec.label) if name not in headers)
        headers[header] = replace(spec, source=header, dtype="float" if spec.dtype == "int" else spec.dtype)
    sources = Counter(element.tag for element in package.root.iterfind("Sources/*"))
    set_apart = {
        "bron zonder tekst": sources["TextSource"] - len(texts),
        "beeld, geluid of PDF": sum(sources.values()) - sources["TextSource"],
    }
    return Table(
        source=path.name,
        header=tuple(headers),
        rows=tuple(tuple(_cell(row[spec.name]) for spec in headers.values()) for row in stories.rows),
        guesses=tuple(_guesses(path.name, package, reader)),
        set_apart={reason: n for reason, n in set_apart.items() if n},
        # Of an attribute that another program made we know no more than of any column.
        known={header: spec for header, spec in headers.items() if reader.is_own or spec.role in _FIXED},
    )


def _guesses(name: str, package: Package, reader: SourceReader) -> list[Guess]:
    found = [
        Guess(
            what="dit bestand is een project van een programma voor coderen (REFI-QDA)",
            overrule="geef een tabel",
        )
    ]
    if n := len(package.root.findall(".//Coding")):
        found.append(
            Guess(
                what=f"{n} coderingen blijven in het bestand",
                overrule=f'lees ze met wa.import_qdpx("{name}")',
            )
        )
    for (tag, reason), n in sorted(reader.loss.items()):
        found.append(
            Guess(what=f"{n} × {tag}: {reason}", overrule="verbeter het in het programma van het project")
        )
    return found


def _numbered(label: str) -> list[str]:
    label = " ".join(label.split())
    return [label, *(f"{label} ({number})" for number in range(2, 10_000))]


def _cell(value: Any) -> str:
    return (
        "" if value is None else {True: "ja", False: "nee"}[value] if isinstance(value, bool) else str(value)
    )
