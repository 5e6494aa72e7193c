"""SenseMaker: a table with GUIDs for questions and answers, and a framework (JSON) that says what they mean.

Columns are read as the raw export writes them and as R packages work them up: X and Y for percentX and percentY, Y times
the height of the triangle, parts times a hundred.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.choices import Choice
from wijkanalyse.loaders.forms import Column, Form, asked, make_form
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import IDENTIFIES_SOMEONE, OPEN_TEXT, by_header, slug
from wijkanalyse.loaders.values import NOT_APPLICABLE, name_columns, read_number

HEIGHT = math.sqrt(3) / 2  # of a triangle with sides of 1: worked-up exports draw in it
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HEADER = re.compile(rf"({_GUID})(?:_({_GUID}))?_?(percentX|percentY|XRight|YTop|XR|X|Y|NA|Zone)?", re.I)
_ACROSS, _UP = ("percentX", "XRight", "X", "XR"), ("percentY", "YTop", "Y")
_UPLOADED = "server_upload_time"
_PERSON = re.compile(r"geo|latitude|longitude|location|(^|_)ip(_|$)|email|phone", re.I)
_MEDIA = re.compile(r"photo|audio|video|image|file|embedded", re.I)


@dataclass(frozen=True, kw_only=True)
class Signifier:
    """One question: its kind, title and the parts (corners, ends, stones, answers) by their GUID."""

    kind: str
    title: str
    parts: Mapping[str, str] = field(default_factory=dict)
    is_about_teller: bool = False


@dataclass(frozen=True, kw_only=True)
class Framework:
    """The questions by their GUID, and which of them ask for the story."""

    signifiers: Mapping[str, Signifier]
    stories: frozenset[str]


def read_framework(content: str) -> Framework | None:
    """Return the framework in a JSON text, or None when it is something else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "fragment_signifier_id" not in found:
        return None
    signifiers: dict[str, Signifier] = {}
    stories: set[str] = set()
    for each in _objects(found):
        story, inside = each.get("fragment_signifier_id"), each.get("content")
        stories |= {str(one).lower() for one in (story if isinstance(story, list) else [story]) if one}
        if isinstance(inside, dict) and isinstance(each.get("type"), str):
            parts = [part for kind in ("labels", "items", "stones") for part in inside.get(kind) or ()]
            signifiers[str(each.get("id")).lower()] = Signifier(
                kind=each["type"],
                title=plain(each.get("title")),
                parts={
                    str(part.get("id")).lower(): plain(part.get("text") or part.get("title"))
                    for part in parts
                    if isinstance(part, dict)
                },
                is_about_teller=bool(each.get("sticky")),
            )
    titles = name_columns([signifier.title for signifier in signifiers.values()])
    named = {
        guid: replace(one, title=title) for (guid, one), title in zip(signifiers.items(), titles, strict=True)
    }
    return Framework(signifiers=named, stories=frozenset(stories))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        yield from _objects(part)


def plain(title: object) -> str:
    """Return a title without its HTML, also where tags were escaped."""
    text = str(title or "")
    for _ in range(2):
        text = unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join(text.split())


def read_sensemaker(rows: list[list[str]]) -> Form | None:
    """Return the export of SenseMaker, recognised by its header; what it asked is in the framework, so the story alone."""
    columns = _columns(rows)
    texts = {
        name: sum(map(len, cells))
        for name, cells in columns.items()
        if re.fullmatch(_GUID, name, re.I) and not any(re.fullmatch(_GUID, cell, re.I) for cell in cells)
    }
    if not {"project_id", _UPLOADED} <= set(columns) or not any(texts.values()):
        return None
    story = max(texts, key=lambda name: texts[name]).lower()
    form = _Reader(columns, Framework(signifiers={}, stories=frozenset([story]))).form()
    now = 'geef het framework mee: --koppeling framework.json of mapping="framework.json"'
    guess = Guess(
        what="wat er gevraagd is, staat niet in dit bestand; alleen de verhalen gaan mee", overrule=now
    )
    return replace(form, guesses=(guess,))


def read_with_framework(rows: list[list[str]], framework: Framework, source: str) -> Form:
    """Return the export of SenseMaker as its framework says.

    Raises
    ------
    InputError
        When the framework is of another project.
    """
    columns = _columns(rows)
    if not any(name.lower() in framework.stories for name in columns):
        found = {match[1].lower() for name in columns if (match := _HEADER.fullmatch(name))}
        n, n_all = len(found & set(framework.signifiers)), len(framework.signifiers)
        raise InputError.one(
            what="Dit framework van SenseMaker hoort niet bij dit bestand: de vraag naar het verhaal staat er niet in.",
            where=source,
            expected=f"een kolom voor de vragen van het framework; van {n} van de {n_all} is er een",
            now="Exporteer het framework (JSON) en de verhalen (CSV) van hetzelfde project opnieuw.",
        )
    return _Reader(columns, framework).form()


def _columns(rows: list[list[str]]) -> dict[str, list[str]]:
    filled = [row for row in rows if any(row)] or [[]]
    return {
        name: [row[at] if at < len(row) else "" for row in filled[1:]]
        for at, name in enumerate(filled[0])
        if name
    }


class _Reader:
    def __init__(self, columns: Mapping[str, Sequence[str]], framework: Framework) -> None:
        self._left, self._framework = dict(columns), framework
        self._n = len(next(iter(columns.values()), ()))
        self._columns: list[Column] = []

    def form(self) -> Form:
        names = [name for name in self._left if name.lower() in self._framework.stories]
        parts = zip(*(self._left.pop(name) for name in names), strict=True)
        self._keep("Verhaal", ["\n\n".join(filter(None, texts)) for texts in parts], Role.TEXT)
        for header, label, role in (
            ("id", "Verhaalnummer", Role.NARRATIVE_ID),
            ("FragmentID", "Verhaalnummer", Role.NARRATIVE_ID),
            ("responder_id", "Verteller", Role.TELLER_ID),
            (_UPLOADED, "Maand", Role.TIME),
        ):
            if cells := self._left.pop(header, None):
                cells = [_month(cell) for cell in cells] if role is Role.TIME else cells
                name = "month" if role is Role.TIME else str(role)
                spec = ColumnSpec(name=name, label=label, role=role)
                self._columns.append(Column(header=header, cells=cells, spec=spec))
        readers = {
            "triad": self._triad,
            "dyad": self._dyad,
            "stones": self._stones,
            "list": self._list,
            "freetext": self._title,
        }
        for guid, signifier in self._framework.signifiers.items():
            if read := readers.get(signifier.kind):
                read(guid, signifier)
        for header, cells in self._left.items():
            shown, why = self._why(header)
            self._columns.append(Column(header=shown, cells=cells, left_out=why))
        return make_form("SenseMaker", self._columns)

    def _keep(self, label: str, cells: Sequence[str], role: Role, header: str = "", **more: Any) -> None:
        name = more.pop("name", "") or (str(role) if role in (Role.TEXT, Role.TITLE) else slug(label))
        spec = ColumnSpec(name=name, label=label, role=role, **more)
        self._columns.append(Column(header=header or label, cells=cells, spec=spec))

    def _take(self, guid: str, part: str = "", ends: Sequence[str] = ("",)) -> Sequence[str]:
        """Return the cells of a column of a question, which is then read; none when it is not there."""
        for name in self._left:
            match = _HEADER.fullmatch(name)
            found = match and (match[1].lower(), (match[2] or "").lower(), match[3] or "")
            if found and found[:2] == (guid, part) and found[2] in ends:
                cells = self._left.pop(name)
                # Only the height of a triangle is drawn smaller.
                by = HEIGHT if found[2] == "Y" and not part else 1.0
                return cells if by == 1 else [_text(read_number(cell) / by) for cell in cells]
        return ()

    def _said_not(self, guid: str, cells: Sequence[str]) -> list[str]:
        """Return cells with “n.v.t.” where the teller said so: that is an answer, and no cell is none."""
        said = self._take(guid, "", ("NA",)) or [""] * self._n
        return [
            cell or (NOT_APPLICABLE if one not in ("", "0") else "")
            for cell, one in zip(cells, said, strict=True)
        ]

    def _numbers(self, *where: Any) -> list[float]:
        return [read_number(cell) for cell in self._take(*where) or [""] * self._n]

    def _triad(self, guid: str, signifier: Signifier) -> None:
        corners = [self._numbers(guid, part) for part in signifier.parts]
        across, up = self._numbers(guid, "", _ACROSS), self._numbers(guid, "", _UP)
        whole = 100.0 if any(share > 1.5 for corner in corners for share in corner) else 1.0
        rows = []
        for x, y, *given in zip(across, up, *corners, strict=True):
            right = x - y / 2
            place = [y, 1 - y - right, right]
            rows.append(
                [_text(whole * max(share, 0)) for share in place]
                if any(map(math.isnan, given))
                else [*map(_text, given)]
            )
        cells = [list(column) for column in zip(*rows, strict=True)]
        cells[0] = self._said_not(guid, cells[0])
        for label, column in zip(signifier.parts.values(), cells, strict=True):
            more = {
                "name": f"{slug(signifier.title, 20)}_{slug(label, 19)}",
                "group": signifier.title,
                "dtype": "float",
            }
            self._keep(label, column, Role.SIGNIFICATION, f"{signifier.title}: {label}", **more)

    def _dyad(self, guid: str, signifier: Signifier) -> None:
        left, right = (self._numbers(guid, part) for part in signifier.parts)
        across = self._numbers(guid, "", _ACROSS)
        whole = 100.0 if any(share > 1.5 for share in (*left, *right, *across)) else 1.0
        places = [
            next((share for share in (high, x, whole - low) if share == share), math.nan)
            for low, high, x in zip(left, right, across, strict=True)
        ]
        cells = self._said_not(guid, [_text(place / whole) for place in places])
        ends = tuple(signifier.parts.values())
        self._keep(signifier.title, cells, Role.SIGNIFICATION, dtype="float", unit="0–1", ends=ends)

    def _stones(self, guid: str, signifier: Signifier) -> None:
        for part, label in signifier.parts.items():
            for kinds, ends in ((_ACROSS, ("links", "rechts")), (_UP, ("onder", "boven"))):
                cells = self._said_not(guid, self._take(guid, part, kinds) or [""] * self._n)
                title = f"{signifier.title}: {label}, van {ends[0]} naar {ends[1]}"
                self._keep(title, cells, Role.SIGNIFICATION, dtype="float", unit="0–1", ends=ends)

    def _list(self, guid: str, signifier: Signifier) -> None:
        """Read a closed question: one answer by its GUID, or a tick for each."""
        ticks = {label: cells for part, label in signifier.parts.items() if (cells := self._take(guid, part))}
        given = self._take(guid) if not ticks and signifier.parts else ()
        if ticks:
            chosen = [
                [label for label, cells in ticks.items() if cells[row] not in ("", "0")]
                for row in range(self._n)
            ]
            answers = ["; ".join(labels) for labels in chosen]
        elif given:
            answers = [signifier.parts.get(cell.lower(), cell) for cell in given]
        else:
            return
        answers = self._said_not(guid, answers)
        options = [*signifier.parts.values(), *([NOT_APPLICABLE] if NOT_APPLICABLE in answers else [])]
        choice = Choice(options=tuple(options), separator=";" if ticks else None, by_user=True)
        role = Role.CONTEXT if signifier.is_about_teller else Role.SIGNIFICATION
        spec = asked(signifier.title, role)
        self._columns.append(Column(header=signifier.title, cells=answers, spec=spec, choice=choice))

    def _title(self, guid: str, signifier: Signifier) -> None:
        told = by_header(signifier.title, [])
        if told and told.role is Role.TITLE and (cells := self._take(guid)):
            self._keep("Titel", cells, Role.TITLE, signifier.title)

    def _why(self, header: str) -> tuple[str, str]:
        """Return a column that stays out, in words where the framework has them, and the reason."""
        match = _HEADER.fullmatch(header)
        signifier = self._framework.signifiers.get(match[1].lower()) if match else None
        if _PERSON.search(header) or (signifier and _PERSON.search(signifier.kind)):
            return header, IDENTIFIES_SOMEONE
        if match is None or signifier is None:
            return header, "staat niet in het framework" if match else "staat er alleen voor SenseMaker"
        shown = ": ".join(filter(None, (signifier.title, match[3])))
        if match[3]:
            return shown, "afgeleid van een plaats die al meegaat"
        return shown, "beeld of geluid" if _MEDIA.search(signifier.kind) else OPEN_TEXT


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.10g}"


def _month(cell: str) -> str:
    """Return the month of a moment in milliseconds since 1970, or the cell itself when it is no such number."""
    try:
        return datetime.fromtimestamp(int(cell) / 1000, UTC).strftime("%Y-%m")
    except (ValueError, OverflowError, OSError):
        return cell
