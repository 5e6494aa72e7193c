"""SenseMaker: a table with GUIDs for questions and answers, and a framework (JSON) that says what they mean.

Columns are read as the raw export writes them and as R packages work them up: X and Y for percentX and percentY, Y times
the height of the triangle, parts times a hundred.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError
from wijkanalyse.loaders.forms.form import OPEN_TEXT, Draft, Form, number_text
from wijkanalyse.loaders.roles import IDENTIFIES_SOMEONE, by_header
from wijkanalyse.loaders.values import read_number

NAME = "SenseMaker"
HEIGHT = math.sqrt(3) / 2  # of a triangle with sides of 1: worked-up exports draw in it
_GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_HEADER = re.compile(rf"({_GUID})(?:_({_GUID}))?_?(percentX|percentY|XRight|YTop|XR|X|Y|NA|Zone)?", re.I)
_ACROSS, _UP = ("percentX", "XRight", "X"), ("percentY", "YTop", "Y")
_ID, _TELLER, _UPLOADED = ("id", "FragmentID"), "responder_id", "server_upload_time"
_PLACE = re.compile(r"geo|latitude|longitude|location|(^|_)ip(_|$)|email|phone", re.I)
_MEDIA = ("photo", "audio", "video", "image", "file", "embedded")


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
    stories: Collection[str]
    named: bool = True


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
        given = each.get("fragment_signifier_id")
        stories |= {str(one).lower() for one in (given if isinstance(given, list) else [given]) if one}
        content_of = each.get("content")
        if isinstance(content_of, dict) and isinstance(each.get("type"), str) and each.get("id"):
            parts = [
                part
                for kind in ("labels", "items", "stones")
                for part in (content_of.get(kind) or [])
                if isinstance(part, dict) and part.get("id")
            ]
            signifiers[str(each["id"]).lower()] = Signifier(
                kind=each["type"],
                title=plain(str(each.get("title") or "")),
                parts={
                    str(part["id"]).lower(): plain(str(part.get("text") or part.get("title") or ""))
                    for part in parts
                },
                is_about_teller=bool(each.get("sticky")),
            )
    return Framework(signifiers=signifiers, stories=stories)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def plain(text: str) -> str:
    """Return a title without its HTML, also where tags were escaped."""
    for _ in range(2):
        text = unescape(re.sub(r"<[^<>]*>", " ", text))
    return " ".join(text.split())


def read_sensemaker(rows: list[list[str]]) -> Form | None:
    """Return the export of SenseMaker, recognised by its header; its questions have numbers for names."""
    columns = _columns(rows)
    framework = _numbered(columns)
    own = {"project_id", _UPLOADED} <= set(columns) and any(
        name.lower() in framework.stories for name in columns
    )
    return _Reader(columns, framework).form() if own else None


def read_with_framework(rows: list[list[str]], framework: Framework, source: str) -> Form:
    """Return the export of SenseMaker as its framework says.

    Raises
    ------
    InputError
        When the framework is of another project.
    """
    columns = _columns(rows)
    if not any(name.lower() in framework.stories for name in columns):
        asked = {match[1].lower() for name in columns if (match := _HEADER.fullmatch(name))}
        n, n_all = len(asked & set(framework.signifiers)), len(framework.signifiers)
        raise InputError.one(
            what="Dit framework van SenseMaker hoort niet bij dit bestand: de vraag naar het verhaal staat er niet in.",
            where=source,
            expected=f"een kolom voor de vragen van het framework; van {n} van de {n_all} is er een",
            now="Exporteer het framework (JSON) en de verhalen (CSV) van hetzelfde project opnieuw.",
        )
    return _Reader(columns, framework).form()


def _columns(rows: list[list[str]]) -> dict[str, list[str]]:
    filled = [row for row in rows if any(row)]
    header = filled[0] if filled else []
    return {
        name: [row[at] if at < len(row) else "" for row in filled[1:]]
        for at, name in enumerate(header)
        if name
    }


class _Reader:
    def __init__(self, columns: Mapping[str, Sequence[str]], framework: Framework) -> None:
        self._left, self._framework, self._draft = dict(columns), framework, Draft()
        self._n = len(next(iter(columns.values()), ()))

    def form(self) -> Form:
        self._stories()
        for name, role, label, fixed in (
            (
                next((name for name in _ID if name in self._left), ""),
                Role.NARRATIVE_ID,
                "Verhaalnummer",
                "narrative_id",
            ),
            (_TELLER, Role.TELLER_ID, "Verteller", "teller_id"),
        ):
            if (cells := self._left.pop(name, None)) is not None:
                self._draft.keep(name, cells, role, label, name=fixed)
        if (cells := self._left.pop(_UPLOADED, None)) is not None:
            self._draft.keep(_UPLOADED, [_month(cell) for cell in cells], Role.TIME, "Maand", name="month")
        readers: dict[str, Callable[[str, Signifier], None]] = {
            "triad": self._triad,
            "dyad": self._dyad,
            "stones": self._stones,
            "list": self._list,
            "freetext": self._freetext,
        }
        asked = {match[1].lower() for name in self._left if (match := _HEADER.fullmatch(name))}
        for guid, signifier in self._framework.signifiers.items():
            if guid in asked and signifier.kind in readers:
                title = self._draft.question(signifier.title or signifier.kind)
                readers[signifier.kind](guid, replace(signifier, title=title))
        for name, cells in self._left.items():
            self._draft.leave(self._shown(name), cells, self._why(name))
        if not self._framework.named:
            self._draft.guess(
                "de vragen en antwoorden staan niet in dit bestand en heten nu ‘driehoek 1’, ‘lijn 1’",
                'geef het framework mee: --koppeling framework.json of mapping="framework.json"',
            )
        return self._draft.done(NAME)

    def _stories(self) -> None:
        names = [name for name in self._left if name.lower() in self._framework.stories]
        cells = [self._left.pop(name) for name in names]
        texts = ["\n\n".join(filter(None, parts)) for parts in zip(*cells, strict=True)]
        self._draft.keep(self._shown(names[0]), texts, Role.TEXT, "Verhaal", name="text")
        if len(names) > 1:
            self._draft.guess(
                f"{len(names)} vragen naar het verhaal staan bij elkaar", "geef een eigen koppeling mee"
            )

    def _shown(self, name: str) -> str:
        """Return a header in words, where the framework has them: nobody reads a GUID."""
        match = _HEADER.fullmatch(name)
        signifier = self._framework.signifiers.get(match[1].lower()) if match else None
        if match is None or signifier is None or not self._framework.named:
            return name
        part = signifier.parts.get((match[2] or "").lower(), "")
        return ": ".join(filter(None, (signifier.title or signifier.kind, part, match[3])))

    def _take(self, guid: str, part: str = "", ends: Sequence[str] = ("",)) -> tuple[str, Sequence[str]]:
        """Return header and cells of the first column of a question that is there; cells are empty when none is."""
        for name in self._left:
            match = _HEADER.fullmatch(name)
            if (
                match
                and match[1].lower() == guid
                and (match[2] or "").lower() == part
                and (match[3] or "") in ends
            ):
                return name, self._left.pop(name)
        return "", [""] * self._n

    def _numbers(self, guid: str, part: str = "", ends: Sequence[str] = ("",)) -> tuple[str, list[float]]:
        """Return a column as numbers; parts of a hundred become parts of one."""
        name, cells = self._take(guid, part, ends)
        numbers = [read_number(cell) for cell in cells]
        by = 100.0 if any(number > 1.5 for number in numbers) else 1.0
        if not part and name.endswith("Y") and not name.endswith("percentY"):
            by = HEIGHT
        return name, [number / by for number in numbers]

    def _triad(self, guid: str, signifier: Signifier) -> None:
        corners = [self._numbers(guid, part) for part in signifier.parts]
        across, up = (self._numbers(guid, "", ends) for ends in (_ACROSS, _UP))
        if len(corners) != 3 or not any(name for name, _ in (*corners, up)):
            return
        shares, n_odd = [], 0
        for x, y, *given in zip(across[1], up[1], *(numbers for _, numbers in corners), strict=True):
            found = [y, 1 - y - (x - y / 2), x - y / 2] if any(map(math.isnan, given)) else given
            whole = sum(found)
            fits = abs(whole - 1) < 0.02 and min(found) > -0.02
            n_odd += not fits and not math.isnan(whole)
            shares.append([number_text(max(share, 0.0)) if fits else "" for share in found])
        for at, label in enumerate(signifier.parts.values()):
            cells = [row[at] for row in shares]
            header = self._shown(corners[at][0] or f"{guid}_{list(signifier.parts)[at]}")
            self._draft.place(signifier.title, header, cells, label)
        self._draft.unmatched(signifier.title, n_odd)
        self._not_applicable(guid, signifier, [bool(row[0]) for row in shares])

    def _dyad(self, guid: str, signifier: Signifier) -> None:
        parts = list(signifier.parts)
        if len(parts) != 2:
            return
        (_, left), (name, right) = (self._numbers(guid, part) for part in parts)
        across_name, across = self._numbers(guid, "", (*_ACROSS, "XR"))
        if not name and not across_name:
            return
        cells = []
        for low, high, x in zip(left, right, across, strict=True):
            known = [value for value in (high, x, 1 - low) if not math.isnan(value)]
            cells.append(number_text(known[0]) if known and -0.02 < known[0] < 1.02 else "")
        ends = tuple(signifier.parts.values())
        self._draft.place(signifier.title, self._shown(name or across_name), cells, signifier.title, ends)
        self._not_applicable(guid, signifier, [bool(cell) for cell in cells])

    def _stones(self, guid: str, signifier: Signifier) -> None:
        placed = [False] * self._n
        for part, label in signifier.parts.items():
            for kinds, way in ((_ACROSS, "van links naar rechts"), (_UP, "van onder naar boven")):
                name, numbers = self._numbers(guid, part, kinds)
                if name:
                    cells = ["" if math.isnan(number) else number_text(number) for number in numbers]
                    placed = [was or bool(cell) for was, cell in zip(placed, cells, strict=True)]
                    ends = ("links", "rechts") if kinds is _ACROSS else ("onder", "boven")
                    self._draft.place(
                        signifier.title, self._shown(name), cells, f"{signifier.title}: {label}, {way}", ends
                    )
        self._not_applicable(guid, signifier, placed)

    def _list(self, guid: str, signifier: Signifier) -> None:
        role = Role.CONTEXT if signifier.is_about_teller else Role.SIGNIFICATION
        ticks = {part: self._take(guid, part) for part in signifier.parts}
        ticks = {part: (name, cells) for part, (name, cells) in ticks.items() if name}
        if ticks:
            labels = {part: signifier.parts[part] for part in ticks}
            chosen = [
                {labels[part] for part, (_, cells) in ticks.items() if _is_yes(cells[row])}
                for row in range(self._n)
            ]
            headers = {labels[part]: self._shown(name) for part, (name, _) in ticks.items()}
            self._draft.options(signifier.title, headers, chosen, role)
            self._not_applicable(guid, signifier, [bool(row) for row in chosen])
            return
        name, cells = self._take(guid) if signifier.parts else ("", [])
        if name:
            answers = [signifier.parts.get(cell.lower(), "") for cell in cells]
            self._draft.choice(self._shown(name), answers, role, signifier.title)
            n = sum(bool(cell) and not answer for cell, answer in zip(cells, answers, strict=True))
            self._draft.unmatched(signifier.title, n)
            self._not_applicable(guid, signifier, [bool(answer) for answer in answers])

    def _freetext(self, guid: str, signifier: Signifier) -> None:
        asked = by_header(signifier.title, [])
        if asked and asked.role is Role.TITLE:
            name, cells = self._take(guid)
            if name:
                self._draft.keep(self._shown(name), cells, Role.TITLE, "Titel", name="title")

    def _not_applicable(self, guid: str, signifier: Signifier, answered: Sequence[bool]) -> None:
        name, cells = self._take(guid, "", ("NA",))
        self._draft.not_applicable(
            signifier.title, self._shown(name), [_is_yes(cell) for cell in cells], answered
        )

    def _why(self, name: str) -> str:
        match = _HEADER.fullmatch(name)
        signifier = self._framework.signifiers.get(match[1].lower()) if match else None
        if _PLACE.search(name) or (signifier and _PLACE.search(signifier.kind)):
            return IDENTIFIES_SOMEONE
        if match is None:
            return "staat er alleen voor SenseMaker"
        if signifier is None:
            return (
                "staat niet in het framework"
                if self._framework.named
                else "wat dit is, staat in het framework"
            )
        if match[3]:
            return "afgeleid van een plaats die al meegaat"
        if any(signifier.kind.lower().endswith(kind) for kind in _MEDIA):
            return "beeld of geluid"
        return OPEN_TEXT


def _is_yes(cell: str) -> bool:
    return cell.casefold() not in ("", "0", "false", "no", "nee")


def _month(cell: str) -> str:
    """Return the month of a moment in milliseconds since 1970, or the cell itself when it is no such number."""
    try:
        return datetime.fromtimestamp(int(cell) / 1000, UTC).strftime("%Y-%m")
    except (ValueError, OverflowError, OSError):
        return cell


def _numbered(columns: Mapping[str, Sequence[str]]) -> Framework:
    """Return a framework made of a header alone: kinds by their columns, and numbers for names."""
    parts: dict[str, dict[str, set[str]]] = {}
    for name in columns:
        if match := _HEADER.fullmatch(name):
            parts.setdefault(match[1].lower(), {}).setdefault((match[2] or "").lower(), set()).add(
                match[3] or ""
            )
    signifiers: dict[str, Signifier] = {}
    lengths: dict[str, int] = {}
    counts: dict[str, int] = {}
    for guid, held in parts.items():
        kind, word, labels = _kind({part: ends for part, ends in held.items() if part}, held.get("", set()))
        counts[word] = counts.get(word, 0) + 1
        if kind == "freetext":
            cells = next(cells for name, cells in columns.items() if name.lower() == guid)
            lengths[guid] = 0 if any(re.fullmatch(_GUID, cell) for cell in cells) else sum(map(len, cells))
        elif kind:
            names = dict(zip(filter(None, held), labels, strict=False))
            signifiers[guid] = Signifier(kind=kind, title=f"{word} {counts[word]}", parts=names)
    story = max(lengths, key=lambda guid: lengths[guid], default="")
    return Framework(signifiers=signifiers, stories={story}, named=False)


def _kind(parts: Mapping[str, set[str]], ends: set[str]) -> tuple[str, str, Sequence[str]]:
    """Return the kind of a question by its columns, a word for it and names for its parts."""
    if any(part & {*_ACROSS, *_UP} for part in parts.values()):
        return "stones", "stenen", [f"steen {number}" for number in range(1, len(parts) + 1)]
    if len(parts) == 3 and ends & set(_UP):
        return "triad", "driehoek", ("boven", "links", "rechts")
    if len(parts) == 2 and ends & {*_ACROSS, "XR"}:
        return "dyad", "lijn", ("links", "rechts")
    if parts:
        return "list", "keuze", [f"antwoord {number}" for number in range(1, len(parts) + 1)]
    return ("freetext", "tekst", ()) if "" in ends else ("", "", ())
