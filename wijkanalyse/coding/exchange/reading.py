"""Work from other programs: a REFI-QDA project or codebook, with an account of everything that has no place here."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.exchange.checking import Row, moment, slug, unique
from wijkanalyse.coding.exchange.package import Package, parse, problem, read_file
from wijkanalyse.coding.exchange.positions import normal, read_places
from wijkanalyse.coding.exchange.writing import ABOUT, LABELS, NO_DATE, ORIGIN
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role, package_versions, today
from wijkanalyse.errors import InputError, fold_lines

if TYPE_CHECKING:
    import pandas as pd

_MARK = "gezien"
#: These only hold others, or belong to the one above them; they are not counted as lost.
_PARTS = frozenset(
    "Project CodeBook Users Codes Variables Cases Sources Notes Links Sets Graphs CodeRef NoteRef SourceRef VariableRef MemberCode "
    "MemberSource MemberNote PlainTextContent TextValue BooleanValue IntegerValue FloatValue DateValue DateTimeValue".split()
)
_TYPES = {"Float": ("float", "float64"), "Integer": ("int", "Int64"), "Boolean": ("bool", "boolean")}
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
#: The number of a document, or an id of ours; another name may be that of a person.
_NUMBER = re.compile(r"[A-Za-z]{0,3}[-_.]?\d{1,6}[a-z]?|v[0-9a-f]{10}")
_LABELLED = re.compile(rf"(?:^|\n)({'|'.join(LABELS.values())}): ")


@dataclass(frozen=True, eq=False, kw_only=True)
class QdaProject:
    """What was in a REFI-QDA project; printing it shows what did not come along."""

    corpus: Corpus
    codings: pd.DataFrame  #: narrative_id, coder, code, start, end, quote, memo, date
    scheme: Scheme
    memos: pd.DataFrame  #: the same columns; no code or no story, or neither: about the project
    loss: pd.DataFrame  #: element, reason, n: all that is not here, or was read with a doubt
    counting: str  #: Dutch: how the program counted positions, and how many quotes agree

    def __repr__(self) -> str:
        counts = f"{len(self.corpus)} verhalen, {len(self.scheme)} codes, {len(self.codings)} codings, {len(self.memos)} memo’s"
        lost = [f"  - {row.n} × {row.element}: {row.reason}" for row in self.loss.itertuples()]
        end = "Niet meegekomen, of met een kanttekening:" if lost else "Alles is meegekomen."
        return fold_lines([f"Ingelezen: {self.corpus.provenance.source}", f"  {counts}", f"  plaatsen: {self.counting}", end, *lost])  # fmt: skip


def import_qdc(path: str | Path) -> Scheme:
    """Read a REFI-QDA codebook (`.qdc`), without its sets of codes.

    Raises
    ------
    InputError
        When it is no codebook, or codes share a GUID.
    """
    path = Path(path)
    root = parse(read_file(path), path.name, "CodeBook")
    _refuse_doubles(root, path.name)
    return _read_scheme(root.find("Codes"), root.get("origin", ""), path.stem)[0]


def import_qdpx(path: str | Path, *, masked_by: str | None = None) -> QdaProject:
    """Read a REFI-QDA project (`.qdpx`) of ATLAS.ti, MAXQDA, NVivo, QualCoder or ourselves.

    Parameters
    ----------
    path : str or Path
    masked_by : str, optional
        Who masked and checked the texts elsewhere, as in `load_narratives`; without it they are `ruw`.

    Raises
    ------
    InputError
        When the file is damaged, unsafe or without texts; with all its problems at once.

    Notes
    -----
    A document with a number for a name keeps it as its id; another name becomes the title, where `mask` looks for people.
    Stories that share a case share their teller. Programs count positions in their own ways: see `counting`.
    """
    package = Package(Path(path))
    _refuse_doubles(package.root, package.name)
    return _Reader(package).project(masked_by)


def _guid(element: Any, name: str = "guid") -> str:
    return "" if element is None else element.get(name, "").strip("{} ").lower()


def _refuse_doubles(root: Any, name: str) -> None:
    """Refuse GUIDs that stand for two things: what belongs to what is then a guess."""
    found = Counter(
        (tag, _guid(element))
        for tag in ("User", "Code", "Variable", "TextSource", "Note")
        for element in root.iter(tag)
    )
    doubles = Counter(tag for (tag, _), n in found.items() if n > 1)
    if doubles:
        good = "een eigen guid voor alles, zodat te zien is wat bij wat hoort"
        raise InputError(
            [
                problem(f"{n} × meer dan één {tag} met dezelfde guid.", name, good)
                for tag, n in doubles.items()
            ]
        )


def _read_scheme(container: Any, origin: str, name: str) -> tuple[Scheme, dict[str, str]]:
    """Return the codes, and their keys by GUID in the same order."""
    keys: dict[str, str] = {}
    codes = []
    for element in [] if container is None else container.iter("Code"):
        definition, *rest = _LABELLED.split(normal(element.findtext("Description") or ""))
        labelled = dict(zip(rest[::2], rest[1::2], strict=True))
        given = {field: labelled.get(label, "") for field, label in LABELS.items()}
        title, colour = element.get("name") or "code", element.get("color", "")
        keys[_guid(element)] = key = unique(given["code"] or slug(title) or "code", keys.values())
        if len(colour) == len("#abc"):
            colour = "#" + "".join(2 * digit for digit in colour[1:])
        codes.append(Code(**given | {
            "code": key, "name": given["name"] or title, "definition": definition, "parent": keys.get(_guid(element.getparent())),
            "colour": colour if re.fullmatch("#[0-9A-Fa-f]{6}", colour) else Code.colour,
            "terms": tuple(term for term in given["terms"].split("; ") if term),
        }))  # fmt: skip
    about = {"name": slug(name), "title": name, "version": "", "source": origin or name} | _own(origin)
    return Scheme(**about, codes=tuple(codes)), keys


def _own(origin: str) -> dict[str, str]:
    """Return what we wrote about the scheme, or nothing when another program made the file."""
    try:
        about = json.loads(origin.removeprefix(ORIGIN)) if origin.startswith(ORIGIN) else {}
        return {name: str(about[name]) for name in ("name", "title", "version", "source") if name in about}
    except (ValueError, TypeError):
        return {}


class _Reader:
    """Takes from a project what has a place here; an element that nobody took, is lost, and counted."""

    def __init__(self, package: Package) -> None:
        self._package, self._root, self._loss = package, package.root, Counter[tuple[str, str]]()
        origin, self._memos = self._root.get("origin", ""), list[Row]()
        self._is_own, name = bool(_own(origin)), self._root.get("name") or package.name
        self._scheme, self._keys = _read_scheme(self._root.find("CodeBook/Codes"), origin, name)
        self._notes = {_guid(note): note for note in self._root.findall("Notes/Note")}
        self._users: dict[str, str] = {}
        for user in self._root.findall("Users/User"):
            name = unique(user.get("name") or user.get("id") or "onbekend", self._users.values(), " ")
            self._users[_guid(self._take(user))] = name

    def _take(self, element: Any) -> Any:
        element.set(_MARK, "")
        return element

    def _lose(self, element: Any, reason: str, *, whole: bool = True) -> None:
        """Count an element, and unless it is taken itself all that is in it."""
        for part in element.iter() if whole else [element]:
            if not whole or (part.tag not in _PARTS and _MARK not in part.attrib):
                self._loss[part.tag, reason] += 1
                self._take(part)

    def _text(self, element: Any) -> str | None:
        """Return the text of a source or note as it is in the file, or None after counting it as lost."""
        inside = element.find("PlainTextContent")
        path = element.get("plainTextPath") or ""
        text, flaw = (inside.text or "", "") if inside is not None else self._package.text(path)
        if not normal(text or "").strip():
            self._lose(element, flaw or "er staat geen tekst in")
            return None
        if flaw:
            self._lose(element, flaw, whole=False)
        return text

    def _made(self, *elements: Any) -> dict[str, Any]:
        """Return who made something and when, as its element says, or else the one above it."""
        who = [self._users[guid] for each in elements if (guid := _guid(each, "creatingUser")) in self._users]
        when = next((found for each in elements if (found := each.get("creationDateTime"))), NO_DATE)
        date = "" if when == NO_DATE else moment(when)
        if date is None:
            self._lose(elements[0], "de datum is niet te lezen", whole=False)
        return {"coder": who[0] if who else "", "date": date or ""}

    def _remarks(self, element: Any, about: Row, *above: Any) -> list[Row]:
        """Return what is written about an element: its description and its notes."""
        found, description = [], element.find("Description")
        if description is not None and _MARK not in description.attrib:
            text = normal(self._take(description).text or "")
            found += [about._replace(memo=text)] if text and not text.startswith(ABOUT) else []
        guids = (_guid(reference, "targetGUID") for reference in element.findall("NoteRef"))
        return found + [
            row
            for guid in guids
            if guid in self._notes
            for row in self._remark(self._notes[guid], about, *above)
        ]

    def _remark(self, note: Any, about: Row, *above: Any) -> list[Row]:
        name, text = note.get("name", ""), normal(self._text(note) or "")
        title = "" if name == "Memo" or text.startswith(name) else f"{name}\n"
        return [about._replace(memo=title + text, **self._made(self._take(note), *above))] if text else []

    def project(self, masked_by: str | None) -> QdaProject:
        """Return everything, as `import_qdpx` does."""
        import pandas as pd

        nothing, codings = Row("", "", "", None, None, "", "", ""), list[Row]()
        elements = [] if (codes := self._root.find("CodeBook/Codes")) is None else list(codes.iter("Code"))
        for element, key in zip(elements, self._keys.values(), strict=True):
            for part in (element, *element.findall("Description")):
                self._take(part)
            self._memos += self._remarks(element, nothing._replace(code=key))
            if element.get("isCodable") in ("false", "0"):
                self._lose(element, "een groep; hier een gewone code", whole=False)
        texts = {
            s: text for s in self._root.findall("Sources/TextSource") if (text := self._text(s)) is not None
        }
        if not texts:
            now = "Zet de teksten in het andere programma om naar platte tekst; beeld, geluid en PDF lezen we niet."
            raise InputError(
                [problem("In dit project staat geen tekst.", self._package.name, "minstens één tekst", now)]
            )
        names = self._names(list(texts))
        marked, counting = self._marked(texts)
        for source, text in texts.items():
            story = nothing._replace(narrative_id=names[source][0])
            if source.get("richTextPath"):
                self._lose(source, "de opmaak komt niet mee, de tekst wel", whole=False)
            codings += self._codings(self._take(source), story)
            self._memos += self._remarks(source, story)
            for selection, span in marked[source]:
                place = story._replace(start=span[0], end=span[1], quote=normal(text)[slice(*span)])
                found, remarks = (
                    self._codings(selection, place, source),
                    self._remarks(selection, place, selection),
                )
                if not found and not remarks and not len(selection):
                    self._lose(selection, "een plaats zonder code en memo")
                codings += found
                self._memos += remarks
                self._take(selection)
        corpus = self._corpus(texts, names, masked_by)
        self._memos += self._remarks(self._root, nothing)
        self._memos += [
            row
            for note in self._notes.values()
            if _MARK not in note.attrib
            for row in self._remark(note, nothing)
        ]
        for element in self._root.iter():
            if element.tag not in _PARTS and _MARK not in element.attrib:
                self._lose(element, "hiervoor is hier geen plaats", whole=False)
        loss = [(*key, n) for key, n in sorted(self._loss.items())]
        order, places = ["narrative_id", "start", "end", "code", "coder"], {"start": "Int64", "end": "Int64"}
        frames = [
            pd.DataFrame(rows, columns=list(Row._fields)).astype(places).sort_values(order, kind="stable", na_position="first", ignore_index=True)
            for rows in (codings, self._memos)
        ]  # fmt: skip
        return QdaProject(
            corpus=corpus, codings=frames[0], scheme=self._scheme, memos=frames[1], counting=counting,
            loss=pd.DataFrame(loss, columns=["element", "reason", "n"]),
        )  # fmt: skip

    def _names(self, sources: list[Any]) -> dict[Any, tuple[str, str]]:
        """Return id and title of each. A name such as “Gesprek Jolanda” is no id: ids are not masked."""
        found: dict[Any, tuple[str, str]] = {}
        ids: set[str] = set()
        for source in sources:
            name = (source.get("name") or "").strip()
            is_id = name and (self._is_own or _NUMBER.fullmatch(name))
            made = "v" + blake2b((name or _guid(source)).encode(), digest_size=5).hexdigest()
            key = unique(name if is_id else made, ids)
            ids.add(key)
            found[source] = key, "" if is_id else name
        return found

    def _marked(self, texts: dict[Any, str]) -> tuple[dict[Any, list[tuple[Any, tuple[int, int]]]], str]:
        """Return selections with their places, and how the program counted: the same way in all texts."""
        found, marked = [], []
        for number, source in enumerate(texts):
            for selection in source.findall("PlainTextSelection"):
                try:
                    places = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
                except ValueError:
                    self._lose(selection, "de plaats is geen getal")
                    continue
                found.append((source, selection))
                marked.append((number, *places, selection.get("name", "")))
        spans, counting = read_places(list(texts.values()), marked)
        by_source: dict[Any, list[tuple[Any, tuple[int, int]]]] = {source: [] for source in texts}
        for (source, selection), span in zip(found, spans, strict=True):
            if span is None:
                self._lose(selection, "de plaats valt buiten de tekst")
            else:
                by_source[source].append((selection, span))
        return by_source, counting

    def _codings(self, parent: Any, place: Row, *above: Any) -> list[Row]:
        found = []
        for coding in parent.findall("Coding"):
            code = self._keys.get(_guid(coding.find("CodeRef"), "targetGUID"))
            if code is None:
                self._lose(coding, "verwijst naar een code die er niet is")
                continue
            made = self._made(self._take(coding), parent, *above)
            memo = "\n\n".join(row.memo for row in self._remarks(coding, place))
            found.append(
                place._replace(code=code, memo=memo, **made | {"coder": made["coder"] or "onbekend"})
            )
        return found

    def _corpus(
        self, texts: dict[Any, str], names: dict[Any, tuple[str, str]], masked_by: str | None
    ) -> Corpus:
        import pandas as pd

        own = (
            ("narrative_id", "Verhaalnummer"),
            ("teller_id", "Verteller"),
            ("title", "Titel"),
            ("text", "Verhaal"),
        )
        specs = {name: ColumnSpec(name=name, label=label, role=Role(name)) for name, label in own}
        columns: dict[str, ColumnSpec] = {}
        for variable in self._root.findall("Variables/Variable"):
            spec = self._spec(self._take(variable), specs)
            specs[spec.name] = columns[_guid(variable)] = spec
        rows: dict[str, dict[str, Any]] = {
            _guid(source): dict.fromkeys(specs) | {"narrative_id": key, "teller_id": f"t-{key}", "title": title, "text": normal(texts[source])}
            for source, (key, title) in names.items()
        }  # fmt: skip
        for source in texts:
            self._values(source, [rows[_guid(source)]], columns)
        for case in self._root.findall("Cases/Case"):
            told = [
                rows[guid]
                for each in case.findall("SourceRef")
                if (guid := _guid(each, "targetGUID")) in rows
            ]
            if told:
                self._values(self._take(case), told, columns)
            for row in told:
                row["teller_id"] = told[0]["teller_id"]
                self._memos += self._remarks(case, Row(row["narrative_id"], "", "", None, None, "", "", ""))
        kinds = {
            name: kind
            for name, spec in specs.items()
            for dtype, kind in _TYPES.values()
            if spec.dtype == dtype
        }
        steps = [f"{today()}: {len(rows)} verhalen ingelezen uit {self._package.name}"]
        steps += (
            [f"{today()}: elders gemaskeerd en nagekeken, volgens opgave door {masked_by}"]
            if masked_by
            else []
        )
        return Corpus(
            frame=pd.DataFrame(list(rows.values()), columns=list(specs)).astype(kinds), columns=tuple(specs.values()),
            provenance=Provenance(source=self._package.name, steps=tuple(steps), versions=package_versions()),
            status=PrivacyStatus.REVIEWED if masked_by else PrivacyStatus.RAW,
        )  # fmt: skip

    def _spec(self, variable: Any, taken: dict[str, ColumnSpec]) -> ColumnSpec:
        label, description = variable.get("name") or "kenmerk", variable.find("Description")
        dtype = _TYPES.get(variable.get("typeOfVariable", ""), ("str", ""))[0]
        try:
            about = json.loads(description.text) if self._is_own else {}
            spec = ColumnSpec(
                **about | {"role": Role(about["role"]), "ends": tuple(about.get("ends", ())), "dtype": dtype}
            )
            if spec.name not in taken or spec.role is Role.TITLE:
                self._take(description)
                return spec
        except (ValueError, TypeError, KeyError, AttributeError):
            pass  # of another program, or changed there
        return ColumnSpec(
            name=unique(slug(label, "_") or "kenmerk", taken, "_"),
            label=label,
            role=Role.CONTEXT,
            dtype=dtype,
        )

    def _values(self, parent: Any, rows: list[dict[str, Any]], columns: dict[str, ColumnSpec]) -> None:
        convert: dict[str, Any] = {"float": float, "int": int, "bool": _TRUTH.__getitem__}
        for element in parent.findall("VariableValue"):
            spec, text = (
                columns.get(_guid(element.find("VariableRef"), "targetGUID")),
                "".join(element.itertext()).strip(),
            )
            try:
                value = convert.get(spec.dtype, str)(text) if spec and text else None
            except (ValueError, KeyError):
                value = None
            if spec is None or value is None:
                self._lose(element, "hoort bij geen kenmerk, of past er niet bij")
                continue
            self._take(element)
            for row in rows:
                if row[spec.name] not in (None, "", value):
                    self._lose(element, "een tweede, andere waarde voor hetzelfde verhaal", whole=False)
                else:
                    row[spec.name] = value
