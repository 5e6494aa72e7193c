"""Coding schemes: the codes a researcher brings to the text, read from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import Problem, SchemeError, list_names
from wijkanalyse.language import word_field_entries

if TYPE_CHECKING:
    import pandas as pd

SCHEME_FOLDER = Path(__file__).parent / "schemes"
_WORDS, _TEXT = ("termen", "steun", "velden"), "een tekst"
_SPACED = "woorden met spaties ertussen, of een lijst"
_WORD_FIELDS = "namen uit woordvelden.yaml met spaties ertussen, of een lijst"
#: Fields of a code in YAML, in `Code`, and what can stand there.
FIELDS = {
    "code": ("code", _TEXT), "naam": ("name", _TEXT), "definitie": ("definition", _TEXT), "onder": ("parent", _TEXT),
    "gebruik": ("use_when", _TEXT), "niet": ("not_when", _TEXT), "voorbeeld": ("example", _TEXT),
    "bron": ("source", _TEXT), "kleur": ("colour", 'een kleur zoals "#0072B2", tussen aanhalingstekens'),
    "termen": ("terms", _SPACED), "steun": ("hints", _SPACED), "velden": ("word_fields", _WORD_FIELDS),
    "drempel": ("enough", "een getal tussen 0 en 100, met een punt"), "gemis": ("lack", "true of false"),
}  # fmt: skip
_REQUIRED = ("code", "naam", "definitie")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
ADDED, REMOVED, RENAMED = "toegevoegd", "vervallen", "hernoemd"
REDEFINED, MOVED = "definitie gewijzigd", "verplaatst"


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code of a scheme."""

    code: str  #: stable key, lower case
    name: str  #: Dutch, as people read it
    definition: str
    use_when: str = ""
    not_when: str = ""
    example: str = ""
    source: str = ""  #: file and section it rests on
    parent: str | None = None
    colour: str = "#555555"
    terms: tuple[str, ...] = ()  #: words in stories that point to it; * stands for any letters, _ joins words
    hints: tuple[str, ...] = ()  #: words that only say something beside others: they count half
    word_fields: tuple[str, ...] = ()  #: keys in `woordvelden.yaml`; their words count half in suggestions
    enough: float = 1.0  #: a top code is suggested above this many terms, see `wa.suggest_codings`
    lack: bool = False  #: the words name something good, so that it is missing counts as well ("geen geld")
    narrative_id: str | None = None  #: of an in-vivo code: the story whose words are its name

    @property
    def meaning(self) -> str:
        """What a coder holds on to: when it changes, codings have to be looked at again."""
        return "\n".join(text for text in (self.definition, self.use_when, self.not_when) if text)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A named set of codes."""

    name: str
    title: str
    version: str
    source: str
    codes: tuple[Code, ...]
    #: What codes became that were merged or split, for `wa.keep_scheme`: (key, keys) in order.
    became: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def top(self) -> tuple[Code, ...]:
        """Return the codes without a parent."""
        return tuple(code for code in self.codes if code.parent is None)

    def under(self, key: str) -> tuple[Code, ...]:
        """Return a code and everything below it."""
        below = (code for child in self.codes if child.parent == key for code in self.under(child.code))
        return (self[key], *below)

    def __getitem__(self, key: str) -> Code:
        for code in self.codes:
            if code.code == key:
                return code
        expected = f"een van {list_names(code.code for code in self)}"
        raise _no(f"Er is geen code ‘{key}’.", f"codeerschema {self.name}", expected, "Kies een van deze codes.")  # fmt: skip

    def revise(self, key: str, **changes: Any) -> Scheme:
        """Return the scheme with a code renamed (`name=`), described otherwise or moved (`parent=`); not its key."""
        parent = changes.get("parent")
        if parent is not None and self[parent] in self.under(key):
            raise self._refused(f"De code ‘{key}’ zou onder zichzelf komen.", "een code die er niet onder hoort")  # fmt: skip
        changed = replace(self[key], **changes)
        return replace(self, codes=tuple(changed if each.code == key else each for each in self))

    def merge(self, keys: Iterable[str], into: str) -> Scheme:
        """Return the scheme with codes merged into one of them; their words and the codes below go along."""
        gone = [self[key] for key in sorted(set(keys) - {into})]
        names, above = {each.code for each in gone}, self[into].parent
        while above in names:
            above = self[above].parent
        words: dict[str, Any] = {}
        for name in ("terms", "hints", "word_fields"):
            every = [word for each in (self[into], *gone) for word in getattr(each, name)]
            words[name] = tuple(dict.fromkeys(every))
        kept = [each for each in self if each.code not in names]
        codes = [replace(each, parent=into) if each.parent in names else each for each in kept]
        codes = [replace(each, parent=above, **words) if each.code == into else each for each in codes]
        became = [(each.code, (into,)) for each in gone]
        return replace(self, codes=tuple(codes), became=(*self.became, *became))

    def split(self, key: str, into: Iterable[Code]) -> Scheme:
        """Return the scheme with new codes in the place of one; what was below it comes beside them."""
        parts, above = list(into), self[key].parent
        keys = tuple(part.code for part in parts)
        if len(set(keys)) < max(2, len(keys)) or set(keys) & {each.code for each in self}:
            raise self._refused("Zo kan een code niet worden gesplitst.", "minstens twee codes, elk met een nieuwe sleutel")  # fmt: skip
        codes: list[Code] = []
        for each in self:
            if each.code == key:
                codes += [replace(part, parent=part.parent or above) for part in parts]
            else:
                codes.append(replace(each, parent=above) if each.parent == key else each)
        return replace(self, codes=tuple(codes), became=(*self.became, (key, keys)))

    def diff(self, other: Scheme) -> pd.DataFrame:
        """Return what is different in another version: code, change, old, new (names, meanings or parents).

        `change` is toegevoegd, vervallen, hernoemd, definitie gewijzigd (or use when, or not when) or verplaatst.
        """
        import pandas as pd

        mine, theirs = ({code.code: code for code in scheme} for scheme in (self, other))
        rows = [(key, REMOVED, mine[key].name, "") for key in mine.keys() - theirs.keys()]
        rows += [(key, ADDED, "", theirs[key].name) for key in theirs.keys() - mine.keys()]
        for key in mine.keys() & theirs.keys():
            for change, field in ((RENAMED, "name"), (REDEFINED, "meaning"), (MOVED, "parent")):
                old, new = getattr(mine[key], field), getattr(theirs[key], field)
                rows += [(key, change, old or "", new or "")] * (old != new)
        return pd.DataFrame(sorted(rows), columns=["code", "change", "old", "new"])

    def _refused(self, what: str, expected: str) -> SchemeError:
        return _no(what, f"codeerschema {self.name}", expected, "Er is niets veranderd. Kies een andere code.")  # fmt: skip


def list_schemes() -> pd.DataFrame:
    """Return the schemes that come with the package: name (for `load_scheme`), title, version, n_codes, source."""
    import pandas as pd

    schemes = [load_scheme(name) for name in _names()]
    rows = [(each.name, each.title, each.version, len(each), each.source) for each in schemes]
    return pd.DataFrame(rows, columns=["name", "title", "version", "n_codes", "source"])


def _names() -> list[str]:
    return sorted(path.stem for path in SCHEME_FOLDER.glob("*.yaml"))


def load_scheme(name: str | Path) -> Scheme:
    """Load a coding scheme by its name in `list_schemes()`, or from a `.yaml` file of your own.

    Raises SchemeError with every code that is not right, and its line in the file.

    Examples
    --------
    >>> [code.code for code in load_scheme("opgaven").top()]
    ['bestaanszekerheid', 'kansengelijkheid', 'veiligheid', 'sociale-verbanden']
    """
    path = SCHEME_FOLDER / f"{name}.yaml" if str(name) in _names() else Path(name)
    if not path.is_file():
        expected = f"een van {list_names(_names())}, of het pad van een eigen .yaml"
        raise _no(f"Er is geen codeerschema ‘{name}’.", "wa.load_scheme", expected, "Controleer de naam of het pad.")  # fmt: skip
    return _parse(path)


def _parse(path: Path) -> Scheme:
    import yaml

    try:
        # utf-8-sig: the editor of Windows puts a BOM before it.
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        root: Any = loader.get_single_node()
        content = loader.construct_document(root)
        node = next(value for key, value in root.value if key.value == "codes")
        entries = list(zip(content["codes"], node.value, strict=True))
    except (yaml.YAMLError, ValueError, OSError, TypeError, AttributeError, StopIteration) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, regel {mark.line + 1}" if mark else path.name
        now = "Vergelijk het met wijkanalyse/coding/schemes/opgaven.yaml."
        raise _no("Het codeerschema is niet te lezen.", where, "YAML met een lijst ‘codes’", now) from error
    if problems := list(_problems(entries, path.name)):
        raise SchemeError(problems)
    return Scheme(
        name=str(content.get("naam", path.stem)),
        title=str(content.get("titel", path.stem)),
        version=str(content.get("versie", "")),
        source=str(content.get("bron", path.name)),
        codes=tuple(_code(entry) for entry, _ in entries),
    )


def _problems(entries: list[tuple[Any, Any]], file: str) -> Iterator[Problem]:
    """Yield what is wrong: of each entry with its node, which knows its lines."""
    known = [entry for entry, _ in entries if isinstance(entry, dict) and entry.get("code")]
    keys, parents = [str(e["code"]) for e in known], {str(e["code"]): e.get("onder") for e in known}
    if not entries:
        yield Problem(what="Het codeerschema heeft geen codes.", where=file, expected="minstens één code onder ‘codes’", now="Vul de lijst aan.")  # fmt: skip
    for entry, node in entries:
        fields = [field for field, _ in node.value] if isinstance(entry, dict) else []
        lines = {field.value: field.start_mark.line + 1 for field in fields}

        def problem(
            what: str, expected: str, field: str = "", *, lines: Any = lines, node: Any = node
        ) -> Problem:
            line = lines.get(field, node.start_mark.line + 1)
            now = f"Verbeter ‘{field}’." if field else "Vul aan of haal weg."
            return Problem(what=what, where=f"{file}, regel {line}", expected=expected, now=now)

        missing = [field for field in _REQUIRED if not (isinstance(entry, dict) and entry.get(field))]
        if missing:
            yield problem(f"Er ontbreekt iets: {list_names(missing)}.", f"bij elke code {list_names(_REQUIRED)}")  # fmt: skip
            continue
        key = str(entry["code"])
        for field, value in entry.items():
            if field not in FIELDS:
                yield problem(f"Het veld ‘{field}’ is niet bekend.", f"een van {list_names(FIELDS)}", str(field))  # fmt: skip
            elif not _fits(field, value):
                yield problem(f"Het veld ‘{field}’ van code ‘{key}’ is niet te lezen.", FIELDS[field][1], field)  # fmt: skip
        if len(lines) < len(fields):
            yield problem(f"Een veld van code ‘{key}’ staat er twee keer.", "elk veld één keer")
        if keys.count(key) > 1:
            yield problem(f"De code ‘{key}’ komt vaker voor.", "elke code één keer", "code")
        if entry.get("onder") and str(entry["onder"]) not in parents:
            yield problem(f"De code hoort onder ‘{entry['onder']}’, en die is er niet.", f"een van {list_names(parents)}", "onder")  # fmt: skip
        elif _is_under_itself(key, parents):
            yield problem(f"De code ‘{key}’ hoort via ‘onder’ bij zichzelf.", "een boom: elke code onder een andere, of onder geen", "onder")  # fmt: skip


def _fits(field: str, value: Any) -> bool:
    if field == "gemis":
        return isinstance(value, bool)
    if field == "kleur":
        return bool(_COLOUR.fullmatch(str(value)))
    if field == "drempel":
        return type(value) in (int, float) and 0 < value < 100
    if field == "velden":
        return isinstance(value, str | list) and set(_words(value)) <= word_field_entries().keys()
    return isinstance(value, str | list) if field in _WORDS else not isinstance(value, list | dict)


def _words(value: str | list[Any]) -> tuple[str, ...]:
    return tuple(value.split() if isinstance(value, str) else map(str, value))


def _is_under_itself(key: str, parents: dict[str, Any]) -> bool:
    above, parent = set(), parents.get(key)
    while parent and str(parent) not in above:
        above.add(str(parent))
        parent = parents.get(str(parent))
    return key in above


def _code(entry: dict[str, Any]) -> Code:
    fields: dict[str, Any] = {}
    for field, value in entry.items():
        if field in _WORDS:
            value = _words(value)
        elif field not in ("gemis", "drempel"):
            value = str(value) if value else None if field == "onder" else ""
        fields[FIELDS[field][0]] = value
    return Code(**fields)


def _no(what: str, where: str, expected: str, now: str) -> SchemeError:
    return SchemeError.one(what=what, where=where, expected=expected, now=now)
