"""The texts of a REFI-QDA project and what stands beside them, with an account of everything that has no place here."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.foreign.package import Package, refusal

MARK = "gezien"
ORIGIN = "wijkanalyse "  #: begins what we wrote ourselves
KINDS = {"float": "Float", "int": "Integer", "bool": "Boolean"}
#: These only hold others, or belong to the one above them; they are not counted as lost.
PARTS = frozenset(
    "Project CodeBook Users Codes Variables Cases Sources Notes Links Sets Graphs CodeRef NoteRef SourceRef VariableRef MemberCode "
    "MemberSource MemberNote PlainTextContent TextValue BooleanValue IntegerValue FloatValue DateValue DateTimeValue".split()
)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_READ: dict[str, Any] = {"float": float, "int": int, "bool": lambda text: _TRUTH[text.strip()]}
#: The number of a document, or an id of ours; another name may be that of a person.
_NUMBER = re.compile(r"[A-Za-z]{0,3}[-_.]?\d{1,6}[a-z]?|v[0-9a-f]{10}")


def normal(text: str) -> str:
    """Return a text without byte order mark, with LF as its only line break."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def slug(text: str, mark: str = "-") -> str:
    """Return a text as a key: lower-case letters and digits, with marks between."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", mark, plain.casefold()).strip(mark)


def unique(name: str, taken: Collection[str], mark: str = "-") -> str:
    """Return a name that is not taken, with a number behind it when needed."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}{mark}{number}"
    return found


def guid_of(element: Any, name: str = "guid") -> str:
    """Return the GUID of an element, in one form."""
    return "" if element is None else element.get(name, "").strip("{} ").lower()


def own_scheme(origin: str) -> dict[str, str]:
    """Return what we wrote about the scheme, or nothing when another program made the file."""
    try:
        about = json.loads(origin.removeprefix(ORIGIN)) if origin.startswith(ORIGIN) else {}
        return {name: str(about[name]) for name in ("name", "title", "version", "source") if name in about}
    except (ValueError, TypeError):
        return {}


@dataclass(frozen=True, eq=False, kw_only=True)
class Stories:
    """One row per text, with what each column is, and which rows a case told."""

    rows: list[dict[str, Any]]
    specs: dict[str, ColumnSpec]
    cases: list[tuple[Any, list[dict[str, Any]]]]


class SourceReader:
    """Takes from a project what has a place here; an element that nobody took, is lost, and counted."""

    def __init__(self, package: Package) -> None:
        self._package, self._root, self.loss = package, package.root, Counter[tuple[str, str]]()
        self.is_own = bool(own_scheme(self._root.get("origin", "")))

    def _take(self, element: Any) -> Any:
        element.set(MARK, "")
        return element

    def _lose(self, element: Any, reason: str, *, whole: bool = True) -> None:
        """Count an element, and unless it is taken itself all that is in it."""
        for part in element.iter() if whole else [element]:
            if not whole or (part.tag not in PARTS and MARK not in part.attrib):
                self.loss[part.tag, reason] += 1
                self._take(part)

    def _text(self, element: Any) -> str:
        """Return the text of a source or note as it is in the file; without one, the element is lost."""
        inside, path = element.find("PlainTextContent"), element.get("plainTextPath") or ""
        text, flaw = (inside.text, "") if inside is not None else self._package.text(path)
        found = text if text and normal(text).strip() else ""
        if flaw or not found:
            self._lose(element, flaw or "er staat geen tekst in", whole=not found)
        return found

    def texts(self) -> dict[Any, str]:
        """Return the text of every source that has one.

        Raises
        ------
        InputError
            When none has.
        """
        found = self._root.findall("Sources/TextSource")
        texts = {each: text for each in found if (text := self._text(each))}
        if not texts:
            good = "minstens één tekst; beeld, geluid en PDF lezen we niet"
            now = "Maak er in het andere programma tekst van."
            raise refusal("In dit project staat geen tekst.", self._package.name, good, now)
        return texts

    def names(self, sources: list[Any]) -> dict[Any, tuple[str, str]]:
        """Return id and title of each. A name such as “Gesprek Jolanda” is no id: ids are not masked."""
        found: dict[Any, tuple[str, str]] = {}
        ids: set[str] = set()
        for source in sources:
            name = (source.get("name") or "").strip()
            is_id = name and (self.is_own or _NUMBER.fullmatch(name))
            made = "v" + blake2b((name or guid_of(source)).encode(), digest_size=5).hexdigest()
            found[source] = unique(name if is_id else made, ids), "" if is_id else name
            ids.add(found[source][0])
        return found

    def stories(self, texts: dict[Any, str], names: dict[Any, tuple[str, str]]) -> Stories:
        """Return the texts with their attributes; those of a case go to all its texts, which then share a teller."""
        own = {"narrative_id": "Verhaalnummer", "teller_id": "Verteller", "title": "Titel", "text": "Verhaal"}
        specs = {name: ColumnSpec(name=name, label=label, role=Role(name)) for name, label in own.items()}
        columns: dict[str, ColumnSpec] = {}
        for variable in self._root.findall("Variables/Variable"):
            spec = self._spec(self._take(variable), specs)
            specs[spec.name] = columns[guid_of(variable)] = spec
        rows: dict[str, dict[str, Any]] = {}
        cases: list[tuple[Any, list[dict[str, Any]]]] = []
        for source, (key, title) in names.items():
            given = {
                "narrative_id": key,
                "teller_id": f"t-{key}",
                "title": title,
                "text": normal(texts[source]),
            }
            rows[guid_of(source)] = dict.fromkeys(specs) | given
            self._read_values(source, [rows[guid_of(source)]], columns)
        for case in self._root.findall("Cases/Case"):
            told = [
                row for each in case.findall("SourceRef") if (row := rows.get(guid_of(each, "targetGUID")))
            ]
            self._read_values(self._take(case) if told else case, told, columns)
            cases += [(case, told)] if told else []
            for row in told:
                row["teller_id"] = told[0]["teller_id"]
        return Stories(rows=list(rows.values()), specs=specs, cases=cases)

    def _spec(self, variable: Any, taken: dict[str, ColumnSpec]) -> ColumnSpec:
        label, description = variable.get("name") or "kenmerk", variable.find("Description")
        dtype = {kind: dtype for dtype, kind in KINDS.items()}.get(variable.get("typeOfVariable", ""), "str")
        try:
            about = json.loads(description.text) if self.is_own else {}
            about |= {"role": Role(about["role"]), "ends": tuple(about.get("ends", ())), "dtype": dtype}
            if about["name"] not in taken or about["role"] is Role.TITLE:
                self._take(description)
                return ColumnSpec(**about)
        except (ValueError, TypeError, KeyError, AttributeError):
            pass  # of another program, or changed there
        name = unique(slug(label, "_") or "kenmerk", taken, "_")
        return ColumnSpec(name=name, label=label, role=Role.CONTEXT, dtype=dtype)

    def _read_values(self, parent: Any, rows: list[dict[str, Any]], columns: dict[str, ColumnSpec]) -> None:
        for element in parent.findall("VariableValue") if rows else ():
            spec = columns.get(guid_of(element.find("VariableRef"), "targetGUID"))
            text = element[-1].text if len(element) > 1 else ""
            try:
                value = _READ.get(spec.dtype, str)(text) if spec and text else None
            except (ValueError, KeyError):
                value = None
            if spec is None or value is None:
                self._lose(element, "hoort bij geen kenmerk, of past er niet bij")
                continue
            self._take(element)
            if any(row[spec.name] not in (None, "", value) for row in rows):
                self._lose(element, "een tweede, andere waarde voor hetzelfde verhaal", whole=False)
            for row in rows:
                row[spec.name] = value if row[spec.name] in (None, "") else row[spec.name]
