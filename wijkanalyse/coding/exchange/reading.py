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
from wijkanalyse.coding.exchange.package import Package, parse, problem, read_file, refusal
from wijkanalyse.coding.exchange.positions import normal, read_places
from wijkanalyse.coding.exchange.writing import ABOUT, KINDS, LABELS, MEMO, NO_DATE, ORIGIN
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import ColumnSpec, Corpus, PrivacyStatus, Provenance, Role, package_versions, today
from wijkanalyse.errors import InputError, fold_lines

if TYPE_CHECKING:
    import pandas as pd

_MARK = "gezien"
_TAGS = ("User", "Code", "Variable", "TextSource", "Note")
#: These only hold others, or belong to the one above them; they are not counted as lost.
_PARTS = frozenset(
    "Project CodeBook Users Codes Variables Cases Sources Notes Links Sets Graphs CodeRef NoteRef SourceRef VariableRef MemberCode "
    "MemberSource MemberNote PlainTextContent TextValue BooleanValue IntegerValue FloatValue DateValue DateTimeValue".split()
)
NEXT = "De verhalen zijn nog ruw. Maskeer ze met wa.mask; wa.mask_codings zet de codings en memo’s dan op de gemaskeerde tekst."
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_FRAME = {"float": "float64", "int": "Int64", "bool": "boolean"}
_READ: dict[str, Any] = {"float": float, "int": int, "bool": lambda text: _TRUTH[text.strip()]}
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
        raw = self.corpus.status is PrivacyStatus.RAW
        return fold_lines(
            [
                f"Ingelezen: {self.corpus.provenance.source}",
                f"  {counts}",
                f"  plaatsen: {self.counting}",
                end,
                *lost,
                *([NEXT] if raw else []),
            ]
        )


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
    return _read_scheme(root, root.get("origin", ""), path.stem)[0]


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
    found = Counter((element.tag, _guid(element)) for element in root.iter(*_TAGS))
    doubles = Counter(tag for (tag, _), n in found.items() if n > 1)
    good = "een eigen guid voor alles, zodat te zien is wat bij wat hoort"
    whats = [f"{n} × meer dan één {tag} met dezelfde guid." for tag, n in doubles.items()]
    if whats:
        raise InputError([problem(what, name, good) for what in whats])


def _read_scheme(book: Any, origin: str, name: str) -> tuple[Scheme, dict[str, str]]:
    """Return the codes, and their keys by GUID in the same order."""
    keys: dict[str, str] = {}
    codes = []
    for element in () if book is None else book.iter("Code"):
        definition, *rest = _LABELLED.split(normal(element.findtext("Description") or ""))
        labelled = dict(zip(rest[::2], rest[1::2], strict=True))
        given = {field: labelled.get(label, "") for field, label in LABELS.items()}
        enough = re.match(r"\d{1,2}(\.\d{1,9})?\Z", given["enough"], re.ASCII)
        title, colour = element.get("name") or "code", element.get("color", "")
        keys[_guid(element)] = key = unique(given["code"] or slug(title) or "code", keys.values())
        if len(colour) == len("#abc"):
            colour = "#" + "".join(2 * digit for digit in colour[1:])
        codes.append(
            Code(
                **given
                | {
                    "code": key,
                    "name": given["name"] or title,
                    "definition": definition,
                    "parent": keys.get(_guid(element.getparent())),
                    "colour": colour if re.fullmatch("#[0-9A-Fa-f]{6}", colour) else Code.colour,
                    "terms": tuple(filter(None, given["terms"].split("; "))),
                    "hints": tuple(filter(None, given["hints"].split("; "))),
                    "lack": given["lack"] == "ja",
                    "word_fields": tuple(given["word_fields"].split("; ")) if given["word_fields"] else (),
                    "enough": float(enough[0]) if enough else Code.enough,
                }
            )
        )
    about: dict[str, Any] = {
        "name": slug(name),
        "title": name,
        "version": "",
        "source": origin or name,
    } | _own(origin)
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
        origin, self._memos, self._codings = self._root.get("origin", ""), list[Row](), list[Row]()
        self._is_own, name = bool(_own(origin)), self._root.get("name") or package.name
        self._scheme, self._keys = _read_scheme(self._root.find("CodeBook"), origin, name)
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

    def _text(self, element: Any) -> str:
        """Return the text of a source or note as it is in the file; without one, the element is lost."""
        inside, path = element.find("PlainTextContent"), element.get("plainTextPath") or ""
        text, flaw = (inside.text, "") if inside is not None else self._package.text(path)
        found = text if text and normal(text).strip() else ""
        if flaw or not found:
            self._lose(element, flaw or "er staat geen tekst in", whole=not found)
        return found

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
        for reference in element.findall("NoteRef"):
            if (note := self._notes.get(_guid(reference, "targetGUID"))) is not None:
                found += self._remark(note, about, *above)
        return found

    def _remark(self, note: Any, about: Row, *above: Any) -> list[Row]:
        name, text = note.get("name", ""), normal(self._text(note))
        title = "" if name == MEMO or text.startswith(name) else f"{name}\n"
        return [about._replace(memo=title + text, **self._made(self._take(note), *above))] if text else []

    def project(self, masked_by: str | None) -> QdaProject:
        """Return everything, as `import_qdpx` does."""
        import pandas as pd

        for element, key in zip(self._root.iterfind("CodeBook//Code"), self._keys.values(), strict=True):
            for part in (element, *element.findall("Description")):
                self._take(part)
            self._memos += self._remarks(element, Row(code=key))
            if element.get("isCodable") in ("false", "0"):
                self._lose(element, "een groep; hier een gewone code", whole=False)
        texts = {
            each: text for each in self._root.findall("Sources/TextSource") if (text := self._text(each))
        }
        if not texts:
            what, good = (
                "In dit project staat geen tekst.",
                "minstens één tekst; beeld, geluid en PDF lezen we niet",
            )
            raise refusal(what, self._package.name, good, "Maak er in het andere programma tekst van.")
        names = self._names(list(texts))
        for source in texts:
            self._read(self._take(source), Row(names[source][0]))
            if source.get("richTextPath"):
                self._lose(source, "de opmaak komt niet mee, de tekst wel", whole=False)
        counting = self._read_selections(texts, names)
        corpus = self._corpus(texts, names, masked_by)
        self._memos += self._remarks(self._root, Row())
        for note in self._notes.values():
            self._memos += self._remark(note, Row()) if _MARK not in note.attrib else []
        for element in self._root.iter():
            if element.tag not in _PARTS and _MARK not in element.attrib:
                self._lose(element, "hiervoor is hier geen plaats", whole=False)
        loss = [(*key, n) for key, n in sorted(self._loss.items())]
        order, places = ["narrative_id", "start", "end", "code", "coder"], {"start": "Int64", "end": "Int64"}
        codings, memos = (
            pd.DataFrame(rows, columns=list(Row._fields))
            .astype(places)
            .sort_values(order, kind="stable", na_position="first", ignore_index=True)
            for rows in (self._codings, self._memos)
        )
        frame = pd.DataFrame(loss, columns=["element", "reason", "n"])
        return QdaProject(
            corpus=corpus, codings=codings, scheme=self._scheme, memos=memos, counting=counting, loss=frame
        )

    def _names(self, sources: list[Any]) -> dict[Any, tuple[str, str]]:
        """Return id and title of each. A name such as “Gesprek Jolanda” is no id: ids are not masked."""
        found: dict[Any, tuple[str, str]] = {}
        ids: set[str] = set()
        for source in sources:
            name = (source.get("name") or "").strip()
            is_id = name and (self._is_own or _NUMBER.fullmatch(name))
            made = "v" + blake2b((name or _guid(source)).encode(), digest_size=5).hexdigest()
            found[source] = unique(name if is_id else made, ids), "" if is_id else name
            ids.add(found[source][0])
        return found

    def _read_selections(self, texts: dict[Any, str], names: dict[Any, tuple[str, str]]) -> str:
        """Read the selections of all texts together: a program counts in one way. Return how, in Dutch."""
        found, marked = [], []
        for number, source in enumerate(texts):
            for selection in source.findall("PlainTextSelection"):
                try:
                    start, end = (int(selection.get(name, "")) for name in ("startPosition", "endPosition"))
                except ValueError:
                    self._lose(selection, "de plaats is geen getal")
                    continue
                found.append((source, selection))
                marked.append((number, start, end, selection.get("name", "")))
        spans, counting = read_places(list(texts.values()), marked)
        for (source, selection), span in zip(found, spans, strict=True):
            if span is None:
                self._lose(selection, "de plaats valt buiten de tekst")
                continue
            place = Row(
                names[source][0], start=span[0], end=span[1], quote=normal(texts[source])[slice(*span)]
            )
            if not self._read(selection, place, selection, source) and not len(selection):
                self._lose(selection, "een plaats zonder code en memo")
            self._take(selection)
        return counting

    def _read(self, element: Any, place: Row, *above: Any) -> bool:
        """Read the codings and memos of a text or a place in it; tell whether there were any."""
        remarks, n = self._remarks(element, place, *above), len(self._codings)
        for coding in element.findall("Coding"):
            code = self._keys.get(_guid(coding.find("CodeRef"), "targetGUID"))
            if code is None:
                self._lose(coding, "verwijst naar een code die er niet is")
                continue
            made = self._made(self._take(coding), *above)
            memo = "\n\n".join(row.memo for row in self._remarks(coding, place))
            made["coder"] = made["coder"] or "onbekend"
            self._codings.append(place._replace(code=code, memo=memo, **made))
        self._memos += remarks
        return bool(remarks) or len(self._codings) > n

    def _corpus(
        self, texts: dict[Any, str], names: dict[Any, tuple[str, str]], masked_by: str | None
    ) -> Corpus:
        import pandas as pd

        own = {"narrative_id": "Verhaalnummer", "teller_id": "Verteller", "title": "Titel", "text": "Verhaal"}
        specs = {name: ColumnSpec(name=name, label=label, role=Role(name)) for name, label in own.items()}
        columns: dict[str, ColumnSpec] = {}
        for variable in self._root.findall("Variables/Variable"):
            spec = self._spec(self._take(variable), specs)
            specs[spec.name] = columns[_guid(variable)] = spec
        rows: dict[str, dict[str, Any]] = {}
        for source, (key, title) in names.items():
            given = {
                "narrative_id": key,
                "teller_id": f"t-{key}",
                "title": title,
                "text": normal(texts[source]),
            }
            rows[_guid(source)] = dict.fromkeys(specs) | given
            self._read_values(source, [rows[_guid(source)]], columns)
        for case in self._root.findall("Cases/Case"):
            told = [row for each in case.findall("SourceRef") if (row := rows.get(_guid(each, "targetGUID")))]
            self._read_values(self._take(case) if told else case, told, columns)
            remarks = self._remarks(case, Row()) if told else []
            for row in told:
                row["teller_id"] = told[0]["teller_id"]
                self._memos += [remark._replace(narrative_id=row["narrative_id"]) for remark in remarks]
        kinds = {name: _FRAME[spec.dtype] for name, spec in specs.items() if spec.dtype in _FRAME}
        source, steps = (
            self._package.name,
            [f"{today()}: {len(rows)} verhalen ingelezen uit {self._package.name}"],
        )
        if masked_by:
            steps.append(f"{today()}: elders gemaskeerd en nagekeken, volgens opgave door {masked_by}")
        return Corpus(
            frame=pd.DataFrame(list(rows.values()), columns=list(specs)).astype(kinds),
            columns=tuple(specs.values()),
            provenance=Provenance(source=source, steps=tuple(steps), versions=package_versions()),
            status=PrivacyStatus.REVIEWED if masked_by else PrivacyStatus.RAW,
        )

    def _spec(self, variable: Any, taken: dict[str, ColumnSpec]) -> ColumnSpec:
        label, description = variable.get("name") or "kenmerk", variable.find("Description")
        dtype = {kind: dtype for dtype, kind in KINDS.items()}.get(variable.get("typeOfVariable", ""), "str")
        try:
            about = json.loads(description.text) if self._is_own else {}
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
            spec = columns.get(_guid(element.find("VariableRef"), "targetGUID"))
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
