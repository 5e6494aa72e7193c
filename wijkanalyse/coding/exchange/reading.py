"""Work from other programs: a REFI-QDA project or codebook, with an account of everything that has no place here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.after_masking import without_names
from wijkanalyse.coding.exchange.checking import Row, moment
from wijkanalyse.coding.exchange.positions import read_places
from wijkanalyse.coding.exchange.writing import ABOUT, LABELS, MEMO, NO_DATE
from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.corpus import Corpus, PrivacyStatus, Provenance, package_versions, today
from wijkanalyse.errors import InputError, fold_lines
from wijkanalyse.foreign.package import Package, parse, problem, read_file
from wijkanalyse.foreign.sources import MARK, PARTS, SourceReader, guid_of, normal, own_scheme, slug, unique

if TYPE_CHECKING:
    import pandas as pd

_TAGS = ("User", "Code", "Variable", "TextSource", "Note")
NAMED = "lijkt iemand te noemen en is gemaskeerd; is het geen naam, geef het woord dan mee in keep="
NEXT = "De verhalen zijn nog ruw. Maskeer ze met wa.mask; wa.mask_codings zet de codings en memo’s dan op de gemaskeerde tekst."
_FRAME = {"float": "float64", "int": "Int64", "bool": "boolean"}
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
        head = [f"Ingelezen: {self.corpus.provenance.source}", f"  {counts}", f"  plaatsen: {self.counting}"]
        raw = [NEXT] if self.corpus.status is PrivacyStatus.RAW else []
        return fold_lines([*head, end, *lost, *raw])


def import_qdc(path: str | Path, *, keep: Iterable[str] = ()) -> Scheme:
    """Read a REFI-QDA codebook (`.qdc`), without its sets of codes.

    A name or definition of another program that names somebody gets a placeholder, and `source` says in how many codes; words in
    `keep` look like a name and are none.

    Raises
    ------
    InputError
        When it is no codebook, or codes share a GUID.
    """
    path = Path(path)
    root = parse(read_file(path), path.name, "CodeBook")
    _refuse_doubles(root, path.name)
    return _read_scheme(root, root.get("origin", ""), path.stem, keep)[0]


def import_qdpx(path: str | Path, *, masked_by: str | None = None, keep: Iterable[str] = ()) -> QdaProject:
    """Read a REFI-QDA project (`.qdpx`) of ATLAS.ti, MAXQDA, NVivo, QualCoder or ourselves.

    Parameters
    ----------
    path : str or Path
    masked_by : str, optional
        Who masked and checked the texts elsewhere, as in `load_narratives`; without it they are `ruw`.
    keep : iterable of str
        Words in names and definitions of codes that look like a name and are none. What names somebody there gets a placeholder,
        unless we made the file.

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
    return _Reader(package, keep).project(masked_by)


def _refuse_doubles(root: Any, name: str) -> None:
    """Refuse GUIDs that stand for two things: what belongs to what is then a guess."""
    found = Counter((element.tag, guid_of(element)) for element in root.iter(*_TAGS))
    doubles = Counter(tag for (tag, _), n in found.items() if n > 1)
    good = "een eigen guid voor alles, zodat te zien is wat bij wat hoort"
    whats = [f"{n} × meer dan één {tag} met dezelfde guid." for tag, n in doubles.items()]
    if whats:
        raise InputError([problem(what, name, good) for what in whats])


def _read_scheme(
    book: Any, origin: str, name: str, keep: Iterable[str]
) -> tuple[Scheme, dict[str, str], set[Any]]:
    """Return the codes, their keys by GUID in the same order, and the elements of codes that named somebody."""
    keys: dict[str, str] = {}
    codes, own = [], own_scheme(origin)
    elements = [] if book is None else list(book.iter("Code"))
    written = [(each.get("name") or "code", normal(each.findtext("Description") or "")) for each in elements]
    told = [text for pair in written for text in pair]
    told = told if own else without_names(told, keep)
    safe = list(zip(told[::2], told[1::2], strict=True))
    named = {element for element, old, new in zip(elements, written, safe, strict=True) if old != new}
    for element, (title, description) in zip(elements, safe, strict=True):
        definition, *rest = _LABELLED.split(description)
        labelled = dict(zip(rest[::2], rest[1::2], strict=True))
        given = {field: labelled.get(label, "") for field, label in LABELS.items()}
        enough = re.match(r"\d{1,2}(\.\d{1,9})?\Z", given["enough"], re.ASCII)
        colour = element.get("color", "")
        key = slug(title) if element in named else given["code"] or slug(title)
        keys[guid_of(element)] = key = unique(key or "code", keys.values())
        if len(colour) == len("#abc"):
            colour = "#" + "".join(2 * digit for digit in colour[1:])
        codes.append(
            Code(
                **given
                | {
                    "code": key,
                    "name": given["name"] or title,
                    "definition": definition,
                    "parent": keys.get(guid_of(element.getparent())),
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
        "source": (origin or name)
        + (f"; {len(named)} × een code die iemand leek te noemen, gemaskeerd" if named else ""),
    } | own
    return Scheme(**about, codes=tuple(codes)), keys, named


class _Reader(SourceReader):
    """Takes from a project what has a place here; an element that nobody took, is lost, and counted."""

    def __init__(self, package: Package, keep: Iterable[str]) -> None:
        super().__init__(package)
        self._memos, self._codings = list[Row](), list[Row]()
        origin, name = self._root.get("origin", ""), self._root.get("name") or package.name
        book = self._root.find("CodeBook")
        self._scheme, self._keys, named = _read_scheme(book, origin, name, keep)
        for element in named:
            self._lose(element, NAMED, whole=False)
        self._notes = {guid_of(note): note for note in self._root.findall("Notes/Note")}
        self._users: dict[str, str] = {}
        for user in self._root.findall("Users/User"):
            name = unique(user.get("name") or user.get("id") or "onbekend", self._users.values(), " ")
            self._users[guid_of(self._take(user))] = name

    def _made(self, *elements: Any) -> dict[str, Any]:
        """Return who made something and when, as its element says, or else the one above it."""
        who = [
            self._users[guid] for each in elements if (guid := guid_of(each, "creatingUser")) in self._users
        ]
        when = next((found for each in elements if (found := each.get("creationDateTime"))), NO_DATE)
        date = "" if when == NO_DATE else moment(when)
        if date is None:
            self._lose(elements[0], "de datum is niet te lezen", whole=False)
        return {"coder": who[0] if who else "", "date": date or ""}

    def _remarks(self, element: Any, about: Row, *above: Any) -> list[Row]:
        """Return what is written about an element: its description and its notes."""
        found, description = [], element.find("Description")
        if description is not None and MARK not in description.attrib:
            text = normal(self._take(description).text or "")
            found += [about._replace(memo=text)] if text and not text.startswith(ABOUT) else []
        for reference in element.findall("NoteRef"):
            if (note := self._notes.get(guid_of(reference, "targetGUID"))) is not None:
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
        texts = self.texts()
        names = self.names(list(texts))
        for source in texts:
            self._read(self._take(source), Row(names[source][0]))
            if source.get("richTextPath"):
                self._lose(source, "de opmaak komt niet mee, de tekst wel", whole=False)
        counting = self._read_selections(texts, names)
        corpus = self._corpus(texts, names, masked_by)
        self._memos += self._remarks(self._root, Row())
        for note in self._notes.values():
            self._memos += self._remark(note, Row()) if MARK not in note.attrib else []
        for element in self._root.iter():
            if element.tag not in PARTS and MARK not in element.attrib:
                self._lose(element, "hiervoor is hier geen plaats", whole=False)
        loss = [(*key, n) for key, n in sorted(self.loss.items())]
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
            code = self._keys.get(guid_of(coding.find("CodeRef"), "targetGUID"))
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

        stories = self.stories(texts, names)
        for case, told in stories.cases:
            remarks = self._remarks(case, Row())
            for row in told:
                self._memos += [remark._replace(narrative_id=row["narrative_id"]) for remark in remarks]
        kinds = {name: _FRAME[spec.dtype] for name, spec in stories.specs.items() if spec.dtype in _FRAME}
        source = self._package.name
        steps = [f"{today()}: {len(stories.rows)} verhalen ingelezen uit {source}"]
        if masked_by:
            steps.append(f"{today()}: elders gemaskeerd en nagekeken, volgens opgave door {masked_by}")
        return Corpus(
            frame=pd.DataFrame(stories.rows, columns=list(stories.specs)).astype(kinds),
            columns=tuple(stories.specs.values()),
            provenance=Provenance(source=source, steps=tuple(steps), versions=package_versions()),
            status=PrivacyStatus.REVIEWED if masked_by else PrivacyStatus.RAW,
        )
