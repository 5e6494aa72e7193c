"""Codings for people: as a table for Excel, R and SPSS, and as stories with their codes in the margin."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from wijkanalyse.coding.exchange.checking import Row, released, require_suffix, slug, unique
from wijkanalyse.coding.exchange.writing import LABELS, code_names, render, zipped
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, read_audience, shown_attribute
from wijkanalyse.privacy.tables import table_file

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store

_TABLES, _PAGES = (".csv", ".xlsx"), (".html", ".docx")
_WORD = sorted((Path(__file__).parent / "templates" / "docx").rglob("*.j2"))


def export_codebook(scheme: Scheme, path: str | Path) -> Path:
    """Write a coding scheme as a table (`.csv` or `.xlsx`), one row per code."""
    path, fields = (
        require_suffix(path, *_TABLES),
        [field for field in LABELS if field not in ("code", "name")],
    )
    header = ["Sleutel", "Naam", "Onder", "Definitie", *(LABELS[field] for field in fields), "Kleur"]
    rows = [
        [code.code, code.name, code.parent or "", code.definition, *(getattr(code, f) for f in fields[:-1]), "; ".join(code.terms), code.colour]
        for code in scheme
    ]  # fmt: skip
    content = table_file(
        [header, *rows], path.suffix, title="codeboek", widths=(20, 24, 20, 50, 40, 40, 40, 30, 40, 10)
    )
    return write_file(path, content, None, audience=Audience.OUTSIDE)


def export_codings(
    codings: pd.DataFrame, path: str | Path, *, corpus: Corpus, scheme: Scheme | None = None, shape: Literal["lang", "matrix"] = "lang",
    audience: Audience | str = Audience.OUTSIDE, keep: Iterable[str] = (), project: Store | None = None,
) -> Path:  # fmt: skip
    """Write codings as a table (`.csv`, `.xlsx`), or as stories with codes in the margin (`.html`, `.docx`).

    Parameters
    ----------
    codings, corpus, audience, keep, project
        As for `export_qdpx`.
    path : str or Path
        Its suffix says what is made.
    scheme : Scheme, optional
        Gives codes their names and colours, and the matrix its order and the codes that nobody used.
    shape : {"lang", "matrix"}
        Of a table: one row per coding, or one per story with a 1 for every code that anybody gave it, with names of columns
        that R and SPSS take. `gecodeerd` is 0 for a story without any coding: nobody may have read it.

    Raises
    ------
    PrivacyError, InputError
        As `export_qdpx` does.
    """
    path, audience = require_suffix(path, *_TABLES, *_PAGES), read_audience(audience)
    texts, rows = released(corpus, codings, None, scheme, audience=audience, keep=keep, where=path.name)
    names = {code: code for key in texts for row in rows[key] if (code := row.code)}
    names = dict(sorted(names.items())) if scheme is None else code_names(scheme)
    column = shown_attribute(corpus)
    if path.suffix.lower() in _TABLES:
        header, lines = list(Row._fields), [[*row] for key in texts for row in rows[key]]
        if shape == "matrix":
            columns: list[str] = []
            for code in names:
                columns.append(unique("c_" * (not code[:1].isalpha()) + slug(code, "_"), columns, "_"))
            given = {key: {row.code for row in rows[key]} for key in texts}
            header = ["narrative_id", "gecodeerd", *columns]
            lines = [
                [key, int(bool(codes)), *(int(code in codes) for code in names)]
                for key, codes in given.items()
            ]
        beside = [[texts[line[0]].attribute] for line in lines] if column else [[] for _ in lines]
        table = [
            [*header, *([column] if column else [])],
            *([*a, *b] for a, b in zip(lines, beside, strict=True)),
        ]
        content: str | bytes = table_file(table, path.suffix, title="coderingen")
    else:
        colours = {} if scheme is None else {code.code: code.colour for code in scheme}
        stories = [
            {"safe": safe} | _laid_out(safe.text, rows[key]) for key, safe in texts.items() if rows[key]
        ]
        for number, note in enumerate(note for story in stories for note in story["notes"]):
            note["id"] = number
        values = {
            "stories": stories,
            "names": names,
            "colours": colours,
            "draft": corpus.status is not PrivacyStatus.REVIEWED,
        }
        if path.suffix.lower() == ".html":
            content = render("codings.html.j2", **values)
        else:
            parts = (part.relative_to(_WORD[0].parent).as_posix() for part in _WORD)
            content = zipped(
                {part.removesuffix(".j2"): render(f"docx/{part}", **values).encode() for part in parts}
            )
    return write_file(path, content, corpus, audience=audience, project=project)


def _laid_out(text: str, rows: list[Row]) -> dict[str, Any]:
    """Return paragraphs, as pieces under the same codings; a coding has a lane, so that its line runs on."""
    notes: list[dict[str, Any]] = []
    lanes: list[int] = []
    for row in rows:
        lane = next((lane for lane, end in enumerate(lanes) if end <= (row.start or 0)), len(lanes))
        if row.end is not None:
            lanes[lane : lane + 1] = [row.end]
        notes.append({"row": row, "lane": lane})
    breaks = (place for at, sign in enumerate(text) if sign == "\n" for place in (at, at + 1))
    cuts = sorted(
        {0, len(text), *breaks, *(place for row in rows if row.end for place in (row.start, row.end))}
    )
    paragraphs: list[list[dict[str, Any]]] = [[]]
    for start, end in pairwise(cuts):
        paragraphs[-1].append({
            "text": text[start:end].strip("\n"), "opens": [note for note in notes if note["row"].start == start],
            "on": [note for note in notes if note["row"].end and note["row"].start <= start and end <= note["row"].end],
            "closes": [note for note in notes if note["row"].end == end],
        })  # fmt: skip
        if text[start:end] == "\n":
            paragraphs.append([])
    return {
        "paragraphs": paragraphs,
        "notes": notes,
        "whole": [note for note in notes if note["row"].end is None],
    }
