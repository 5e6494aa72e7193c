"""Coding schemes: the codes a researcher brings to the text, read from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wijkanalyse.errors import Problem, SchemeError, list_names

SCHEME_FOLDER = Path(__file__).parent / "schemes"
_REQUIRED = ("code", "naam", "definitie")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


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
    terms: tuple[str, ...] = ()  #: words in stories that point to it; * stands for any letters, within a word


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A named set of codes."""

    name: str
    title: str
    version: str
    source: str
    codes: tuple[Code, ...]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)

    def top(self) -> tuple[Code, ...]:
        """Return the codes without a parent."""
        return tuple(code for code in self.codes if code.parent is None)

    def __getitem__(self, key: str) -> Code:
        for code in self.codes:
            if code.code == key:
                return code
        raise SchemeError.one(
            what=f"Er is geen code ‘{key}’.",
            where=f"codeerschema {self.name}",
            expected=f"een van {list_names(code.code for code in self.codes)}",
            now="Kies een van deze codes.",
        )


def list_schemes() -> list[str]:
    """Return the names of the schemes that come with the package."""
    return sorted(path.stem for path in SCHEME_FOLDER.glob("*.yaml"))


def load_scheme(name: str | Path) -> Scheme:
    """Load a coding scheme by its name or from a YAML file.

    Parameters
    ----------
    name : str or Path
        One of `list_schemes()`, or the path of a `.yaml` file of your own.

    Raises
    ------
    SchemeError
        With every code that is not complete, and its place in the file.

    Examples
    --------
    >>> [code.code for code in load_scheme("opgaven")]
    ['bestaanszekerheid', 'kansengelijkheid', 'veiligheid', 'sociale-verbanden']
    """
    path = SCHEME_FOLDER / f"{name}.yaml" if str(name) in list_schemes() else Path(name)
    if not path.is_file():
        raise SchemeError.one(
            what=f"Er is geen codeerschema ‘{name}’.",
            where="wa.load_scheme",
            expected=f"een van {list_names(list_schemes())}, of het pad van een eigen .yaml",
            now="Controleer de naam of het pad.",
        )
    return _parse(path)


def _parse(path: Path) -> Scheme:
    import yaml

    try:
        # utf-8-sig: the editor of Windows puts a BOM before it.
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        entries = list(content["codes"])
    except (yaml.YAMLError, UnicodeDecodeError, OSError, TypeError, KeyError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SchemeError.one(
            what="Het codeerschema is niet te lezen.",
            where=f"{path.name}" + (f", regel {mark.line + 1}" if mark else ""),
            expected="YAML met een lijst ‘codes’",
            now="Vergelijk het met wijkanalyse/coding/schemes/opgaven.yaml.",
        ) from error
    problems = list(_problems(entries, path.name))
    if not entries:
        problems = [
            Problem(
                what="Het codeerschema heeft geen codes.",
                where=path.name,
                expected="minstens één code onder ‘codes’",
                now="Vul de lijst aan.",
            )
        ]
    if problems:
        raise SchemeError(problems)
    return Scheme(
        name=str(content.get("naam", path.stem)),
        title=str(content.get("titel", path.stem)),
        version=str(content.get("versie", "")),
        source=str(content.get("bron", path.name)),
        codes=tuple(_code(entry) for entry in entries),
    )


def _problems(entries: list[Any], file: str) -> Iterator[Problem]:
    parents = {str(e["code"]): e.get("onder") for e in entries if isinstance(e, dict) and e.get("code")}
    keys = [str(entry["code"]) for entry in entries if isinstance(entry, dict) and entry.get("code")]
    for number, entry in enumerate(entries, start=1):
        where = f"{file}, code nummer {number}"
        missing = [field for field in _REQUIRED if not (isinstance(entry, dict) and entry.get(field))]
        if missing:
            yield Problem(
                what=f"Er ontbreekt iets: {list_names(missing)}.",
                where=where,
                expected=f"bij elke code {list_names(_REQUIRED)}",
                now="Vul het aan.",
            )
            continue
        key = str(entry["code"])
        if keys.count(key) > 1:
            yield Problem(
                what=f"De code ‘{key}’ komt vaker voor.",
                where=where,
                expected="elke code één keer",
                now="Geef een van beide een andere naam.",
            )
        if entry.get("onder") and str(entry["onder"]) not in parents:
            yield Problem(
                what=f"De code hoort onder ‘{entry['onder']}’, en die is er niet.",
                where=where,
                expected=f"een van {list_names(parents)}",
                now="Verbeter ‘onder’.",
            )
        elif _is_under_itself(key, parents):
            yield Problem(
                what=f"De code ‘{key}’ hoort via ‘onder’ bij zichzelf.",
                where=where,
                expected="een boom: elke code onder een andere, of onder geen",
                now="Verbeter ‘onder’.",
            )
        if "kleur" in entry and not _COLOUR.fullmatch(str(entry["kleur"])):
            yield Problem(
                what=f"De kleur van code ‘{key}’ is niet te lezen.",
                where=where,
                expected='een kleur zoals "#0072B2", tussen aanhalingstekens',
                now="Verbeter ‘kleur’ of laat haar weg.",
            )
        if not isinstance(entry.get("termen", ""), str | list):
            yield Problem(
                what=f"De termen van code ‘{key}’ zijn niet te lezen.",
                where=where,
                expected="woorden met spaties ertussen, of een lijst",
                now="Verbeter ‘termen’.",
            )


def _is_under_itself(key: str, parents: dict[str, Any]) -> bool:
    above: list[str] = []
    parent = parents.get(key)
    while parent and str(parent) not in above:
        above.append(str(parent))
        parent = parents.get(str(parent))
    return key in above


def _code(entry: dict[str, Any]) -> Code:
    terms = entry.get("termen", ())
    return Code(
        code=str(entry["code"]),
        name=str(entry["naam"]),
        definition=str(entry["definitie"]),
        use_when=entry.get("gebruik", ""),
        not_when=entry.get("niet", ""),
        example=entry.get("voorbeeld", ""),
        source=entry.get("bron", ""),
        parent=str(entry["onder"]) if entry.get("onder") else None,
        colour=entry.get("kleur", "#555555"),
        terms=tuple(terms.split() if isinstance(terms, str) else map(str, terms)),
    )


def term_pattern(term: str) -> re.Pattern[str]:
    """Return the pattern of a term on lower-cased words or lemmas; * stands for any letters."""
    return re.compile(re.escape(term.lower()).replace(r"\*", r"[\w -]*"))
