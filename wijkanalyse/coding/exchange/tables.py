"""Codings for people: as a table for Excel, R and SPSS, and as stories with their codes in the margin."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from wijkanalyse.coding.exchange.checking import Row, released, require_suffix
from wijkanalyse.coding.exchange.writing import LABELS, code_names, render, zipped
from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.foreign.sources import slug, unique
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, read_audience, shown_attribute
from wijkanalyse.privacy.tables import table_file

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store
    from wijkanalyse.privacy.gate import SafeText

_TABLES, _PAGES = (".csv", ".xlsx"), (".html", ".docx")


def export_codebook(scheme: Scheme, path: str | Path) -> Path:
    """Write a coding scheme as a table (`.csv` or `.xlsx`), one row per code."""
    path, fields = require_suffix(path, *_TABLES), [*LABELS][:5]
    header = ["Sleutel", "Naam", "Onder", "Definitie", *(LABELS[field] for field in fields), "Kleur"]
    rows = []
    for code in scheme:
        told = [getattr(code, name) for name in ("code", "name", "parent", "definition", *fields[:-1])]
        rows.append([*(text or "" for text in told), "; ".join(code.terms), code.colour])
    widths = (20, 24, 20, 50, 40, 40, 40, 30, 40, 10)
    content = table_file([header, *rows], path.suffix, title="codeboek", widths=widths)
    return write_file(path, content, None, audience=Audience.OUTSIDE)


def export_codings(
    codings: pd.DataFrame,
    path: str | Path,
    *,
    corpus: Corpus,
    scheme: Scheme | None = None,
    shape: Literal["lang", "matrix"] = "lang",
    audience: Audience | str = Audience.OUTSIDE,
    keep: Iterable[str] = (),
    project: Store | None = None,
) -> Path:
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
    used = sorted({row.code for key in texts for row in rows[key]})
    names = dict(zip(used, used, strict=True)) if scheme is None else code_names(scheme)
    if path.suffix.lower() in _TABLES:
        table = _matrix(list(texts), rows, list(names)) if shape == "matrix" else [[*Row._fields]]
        table += [[*row] for key in texts for row in rows[key]] if shape == "lang" else []
        if column := shown_attribute(corpus):
            table = [[*table[0], column], *([*line, texts[str(line[0])].attribute] for line in table[1:])]
        content: str | bytes = table_file(table, path.suffix, title="coderingen")
    else:
        content = _page(
            path, texts, rows, names, scheme, is_draft=corpus.status is not PrivacyStatus.REVIEWED
        )
    return write_file(path, content, corpus, audience=audience, project=project)


def _matrix(keys: list[str], rows: dict[str, list[Row]], codes: list[str]) -> list[list[Any]]:
    columns: list[str] = []
    for code in codes:
        name = slug(code, "_")
        columns.append(unique(name if name[:1].isalpha() else f"c_{name}", columns, "_"))
    given = {key: {row.code for row in rows[key]} for key in keys}
    lines = [[key, int(bool(some)), *(int(code in some) for code in codes)] for key, some in given.items()]
    return [["narrative_id", "gecodeerd", *columns], *lines]


def _page(
    path: Path,
    texts: dict[str, SafeText],
    rows: dict[str, list[Row]],
    names: dict[str, str],
    scheme: Scheme | None,
    *,
    is_draft: bool,
) -> str | bytes:
    colours = {code.code: code.colour for code in scheme or ()}
    stories = [{"safe": safe} | _laid_out(safe.text, rows[key]) for key, safe in texts.items() if rows[key]]
    for number, note in enumerate(note for story in stories for note in story["notes"]):
        note["id"] = number
    values = {"stories": stories, "names": names, "colours": colours, "draft": is_draft}
    if path.suffix.lower() == ".html":
        return render("codings.html.j2", **values)
    folder = Path(__file__).parent / "templates" / "docx"
    parts = sorted(part.relative_to(folder).as_posix() for part in folder.rglob("*.j2"))
    # A template with a name that starts with a point would not be installed.
    names_in = {part: part.removesuffix(".j2").replace("_rels/rels", "_rels/.rels") for part in parts}
    return zipped({name: render(f"docx/{part}", **values).encode() for part, name in names_in.items()})


def _laid_out(text: str, rows: list[Row]) -> dict[str, Any]:
    """Return paragraphs, as pieces under the same codings; a coding has a lane, so that its line runs on."""
    notes: list[dict[str, Any]] = []
    lanes: list[int] = []
    for row in rows:
        lane = next((lane for lane, end in enumerate(lanes) if end <= (row.start or 0)), len(lanes))
        if row.end is not None:
            lanes[lane : lane + 1] = [row.end]
        notes.append({"row": row, "lane": lane, "start": row.start, "end": row.end})
    placed, whole = (
        [note for note in notes if (note["end"] is None) is is_whole] for is_whole in (False, True)
    )
    cuts = {0, len(text), *(note[side] for note in placed for side in ("start", "end"))}
    cuts |= {place for at, sign in enumerate(text) if sign == "\n" for place in (at, at + 1)}
    paragraphs: list[list[dict[str, Any]]] = [[]]
    for start, end in pairwise(sorted(cuts)):
        piece: dict[str, Any] = {"text": text[start:end].strip("\n")}
        piece["opens"] = [note for note in placed if note["start"] == start]
        piece["on"] = [note for note in placed if note["start"] <= start and end <= note["end"]]
        piece["closes"] = [note for note in placed if note["end"] == end]
        paragraphs[-1].append(piece)
        if text[start:end] == "\n":
            paragraphs.append([])
    return {"paragraphs": paragraphs, "notes": notes, "whole": whole}
