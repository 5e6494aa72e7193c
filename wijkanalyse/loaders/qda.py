"""Stories and attributes out of a REFI-QDA project; its codings come along with `wa.import_qdpx`, on the same ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from wijkanalyse.corpus import Role
from wijkanalyse.foreign.package import Package
from wijkanalyse.foreign.sources import SourceReader
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table
from wijkanalyse.loaders.values import name_columns

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
    specs = [
        spec
        for spec in stories.specs.values()
        if spec.role not in _FIXED or any(row[spec.name] for row in stories.rows)
    ]
    headers = name_columns([spec.label for spec in specs])
    guesses = [
        (f"{n} × {tag}: {why}", "verbeter het in dat programma")
        for (tag, why), n in sorted(reader.loss.items())
    ]
    if n := len(package.root.findall(".//Coding")):
        guesses.append(
            (f"{n} coderingen blijven in het bestand", f'lees ze met wa.import_qdpx("{path.name}")')
        )
    sources = Counter(element.tag for element in package.root.iterfind("Sources/*"))
    n_texts = sources.pop("TextSource")
    set_apart = {"bron zonder tekst": n_texts - len(texts), "beeld, geluid of PDF": sources.total()}
    return Table(
        source=path.name,
        header=headers,
        rows=tuple(tuple(_cell(row[spec.name]) for spec in specs) for row in stories.rows),
        guesses=tuple(Guess(what=what, overrule=overrule) for what, overrule in guesses),
        set_apart={reason: n for reason, n in set_apart.items() if n},
        # Of an attribute that another program made we know no more than of any column.
        known={
            header: replace(spec, source=header, dtype="float" if spec.dtype == "int" else spec.dtype)
            for header, spec in zip(headers, specs, strict=True)
            if reader.is_own or spec.role in _FIXED
        },
    )


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
