"""Codings for other programs: a REFI-QDA project (`.qdpx`) or codebook (`.qdc`).

The templates follow what the schema of the standard and other programs take: LF, no BOM, code points, end exclusive, the
quote as the name of a selection. GUIDs come from what a thing is, so that the same work gives the same bytes.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from wijkanalyse.coding.exchange.checking import Row, released, require_suffix
from wijkanalyse.coding.exchange.positions import places
from wijkanalyse.coding.scheme import Code
from wijkanalyse.corpus import ColumnSpec, Corpus, Role
from wijkanalyse.foreign.sources import KINDS, ORIGIN, normal, unique
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, SafeText, read_audience, shown_attribute

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.privacy.decisions import Store

ABOUT, MEMO, NO_DATE = "Gemaakt met wijkanalyse.", "Memo", "1980-01-01T00:00:00Z"
#: What the standard has no field for stands in the description, and is read back from there.
LABELS = {
    "use_when": "Gebruiken bij",
    "not_when": "Niet bij",
    "example": "Voorbeeld",
    "source": "Bron",
    "terms": "Termen",
    "hints": "Steunwoorden",
    "lack": "Gemis telt",
    "word_fields": "Woordvelden",
    "enough": "Drempel",
    "name": "Naam",
    "code": "Sleutel",
}
_NEVER = (Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT, Role.DIRECT_IDENTIFIER)
_SPACE = UUID("6f2c8c9e-6b0e-5d0a-9f43-2f4d1c9a7e55")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export_qdpx(
    corpus: Corpus,
    codings: pd.DataFrame,
    path: str | Path,
    *,
    scheme: Scheme,
    memos: pd.DataFrame | None = None,
    audience: Audience | str = Audience.OUTSIDE,
    keep: Iterable[str] = (),
    project: Store | None = None,
) -> Path:
    """Write stories, codes, codings and memos as a REFI-QDA project for ATLAS.ti, MAXQDA, NVivo or QualCoder.

    Parameters
    ----------
    corpus : Corpus
        Reviewed; for your own work, with `audience="werkbank"`, masked is enough.
    codings : pandas.DataFrame
        narrative_id, coder, code, start, end, quote, memo, date; the last five may lack. Without places: the whole story.
    path, scheme
    memos : pandas.DataFrame, optional
        narrative_id, code, start, end, coder, memo, date: what is filled in says what it is about (a story, a place in it, a
        code, or else the project). A memo on a coding goes with that coding, or where it is not there, with its place.
    audience : Audience
        `"buiten"` or `"werkbank"`. Outside one attribute goes along, the perspective, where enough tellers share it.
    keep : iterable of str
        Words in memos that look like a name and are none.
    project : Project, optional
        Its log gets a line.

    Raises
    ------
    PrivacyError
        By the status of the corpus, or when a memo holds what may not leave.
    InputError
        With everything that does not fit: codes, stories, places, quotes, dates.

    Notes
    -----
    `teller_id` and direct identifiers are left out. Dates are in UTC, to the second.
    """
    path, audience = require_suffix(path, ".qdpx"), read_audience(audience)
    texts, rows = released(corpus, codings, memos, scheme, audience=audience, keep=keep, where=path.name)
    columns, shown = [spec for spec in corpus.columns if spec.role not in _NEVER], shown_attribute(corpus)
    if audience is Audience.OUTSIDE:
        columns = [spec for spec in columns if spec.role is Role.TITLE or spec.name == shown]
    beside = {row["narrative_id"]: row for row in corpus.frame.to_dict("records")}
    stories = {
        key: _placed(safe, rows[key]) | {"given": list(_values(columns, safe, audience, beside[key]))}
        for key, safe in texts.items()
    }
    moved = [row for it in stories.values() for some in (it["whole"], *it["places"]) for row in some]
    kept = {"narrative_id", "text", *(spec.name for spec in columns)}
    content = render(
        "project.qde.j2",
        scheme=scheme,
        names=code_names(scheme),
        stories=stories,
        loose=rows[""],
        variables=list(_variables(columns)),
        coders=sorted({row.coder for some in rows.values() for row in some} - {""}),
        notes=[row for row in (*moved, *rows[""]) if row.memo],
        about=f"{ABOUT} Weggelaten: {', '.join(spec.label for spec in corpus.columns if spec.name not in kept)}.",
    )
    parts = {"project.qde": content.encode()}
    for key, safe in texts.items():
        parts[f"sources/{_guid('source', key)}.txt"] = normal(safe.text).encode("utf-8", "replace")
    return write_file(path, zipped(parts), corpus, audience=audience, project=project)


def export_qdc(scheme: Scheme, path: str | Path) -> Path:
    """Write a coding scheme as a REFI-QDA codebook (`.qdc`)."""
    content = render("codebook.qdc.j2", scheme=scheme, names=code_names(scheme))
    return write_file(require_suffix(path, ".qdc"), content, None, audience=Audience.OUTSIDE)


def render(template: str, **values: Any) -> str:
    """Return a filled-in template; a value can hold no markup, and nothing that XML or a program would change."""
    import jinja2
    from markupsafe import Markup, escape

    def safe(value: Any) -> Any:
        if isinstance(value, Markup):
            return value
        text = str(escape(_NOT_XML.sub("\ufffd", str(value))))
        return Markup(re.sub("[\t\n\r]", lambda sign: f"&#{ord(sign[0])};", text))  # noqa: S704  escaped above

    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=safe
    )
    environment.globals |= {"guid": _guid, "described": _described, "origin": _origin, "instant": _instant}
    return environment.get_template(template).render(**values)


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return parts as a zip file without dates, in the order given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _guid(*what: object) -> str:
    return str(uuid5(_SPACE, json.dumps([str(part) for part in what])))


def _origin(scheme: Scheme) -> str:
    """Return what the standard has no place for in a codebook."""
    about = {name: getattr(scheme, name) for name in ("name", "title", "version", "source")}
    return ORIGIN + json.dumps(about, ensure_ascii=False)


def _instant(date: str) -> str:
    return f"{date}T00:00:00Z" if len(date) == len("2026-11-22") else date or NO_DATE


def code_names(scheme: Scheme) -> dict[str, str]:
    """Return a name for every code that no other code has."""
    names: dict[str, str] = {}
    for code in scheme:
        names[code.code] = unique(code.name, names.values(), " ")
    return names


def _described(code: Code, name: str) -> str:
    about = {field: getattr(code, field) for field in LABELS}
    about |= {field: "; ".join(getattr(code, field)) for field in ("terms", "hints", "word_fields")}
    about["enough"] = "" if code.enough == Code.enough else code.enough
    about |= {"name": "" if name == code.name else code.name, "lack": "ja" if code.lack else ""}
    labelled = (f"{LABELS[field]}: {text}" for field, text in about.items() if text)
    return "\n".join([code.definition, *labelled])


def _placed(safe: SafeText, rows: list[Row]) -> dict[str, list[Any]]:
    """Return codings and memos by their place in the text as it is written: per place and coder, and of the whole."""
    at, text, moved = places(safe.text), normal(safe.text), []
    for row in rows:
        if row.start is not None and row.end is not None:
            start = at[row.start]
            end = max(at[row.end], start + 1)  # half of a line break
            row = row._replace(start=start, end=end, quote=text[start:end])
        moved.append(row)
    groups = groupby(sorted(moved, key=_place), key=_place)
    found = {place: list(some) for place, some in groups}
    return {"whole": found.pop((), []), "places": list(found.values())}


def _place(row: Row) -> tuple[Any, ...]:
    return () if row.start is None else (row.start, row.end, row.coder)


def _variables(columns: Sequence[ColumnSpec]) -> Iterator[tuple[str, ColumnSpec, str, str]]:
    names: list[str] = []
    for spec in columns:
        names.append(unique(spec.label, names, " "))
        about = {field: value for field, value in asdict(spec).items() if value}
        yield names[-1], spec, KINDS.get(spec.dtype, "Text"), json.dumps(about, ensure_ascii=False)


def _values(
    columns: Sequence[ColumnSpec], safe: SafeText, audience: Audience, row: dict[Any, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield what stands beside a text, as the standard writes it; outside what the gate released."""
    for spec in columns:
        value = safe.attribute if audience is Audience.OUTSIDE else row[spec.name]
        text = str(safe.title if spec.role is Role.TITLE else value)
        if text not in ("", "None", "nan", "<NA>", "inf", "-inf"):
            kind = KINDS.get(spec.dtype, "Text")
            forms = {"Float": lambda number: f"{Decimal(repr(float(number))):f}", "Boolean": str.lower}
            yield spec.name, kind, forms.get(kind, str)(text)
