"""Write the reference from the code and from naslag.yaml: python -m docs.maak_naslag."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

import wijkanalyse as wa
from wijkanalyse.cli import app
from wijkanalyse.project import Project

DOCS = Path(__file__).parent
WORDS = yaml.safe_load((DOCS / "naslag.yaml").read_text(encoding="utf-8"))
MADE = "<!-- Gemaakt door docs/maak_naslag.py; verander docs/naslag.yaml of de docstring. -->"
WIDTH = 100


def names() -> list[str]:
    """Return every name the reference tells about: verbs, classes, and methods as `Themes.merge`."""
    return [name for step in WORDS["stappen"].values() for name in step]


def resolve(name: str) -> Any:
    """Return what a name of the reference stands for; AttributeError when it does not exist."""
    found: Any = wa
    for part in name.split("."):
        found = Project if part == "Project" else getattr(found, part)
    return found


def anchor(heading: str) -> str:
    """Return the anchor that GitHub and JupyterLab give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def called(name: str) -> str:
    """Return how a verb is called: `wa.mask`, or `themes.merge` for a method of what a verb gave."""
    first, _, method = name.partition(".")
    return f"{first.lower()}.{method}" if method else f"wa.{name}"


def signature(name: str) -> str:
    """Return how a verb is called, with its defaults; empty for a class, which verbs make."""
    verb = resolve(name)
    if inspect.isclass(verb):
        return ""
    told = []
    for each in inspect.signature(verb).parameters.values():
        if each.kind is each.KEYWORD_ONLY and "*" not in told:
            told.append("*")
        if each.name != "self":
            told.append(_parameter(each))
    line = f"{called(name)}({', '.join(told)})"
    return textwrap.fill(line, WIDTH, subsequent_indent="    ", break_long_words=False)


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
    return f"{stars}{parameter.name}" + ("" if parameter.default is parameter.empty else f"={default!r}")


def commands() -> str:
    """Return the commands of `wijkanalyse`, each with what may stand behind it."""
    parts = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        rows = [
            (f"`{each.opts[0] if each.opts[0].startswith('-') else each.metavar or each.opts[0]}`", each.help)
            for each in command.params
            if each.name != "help"
        ]
        parts.append(
            f"### wijkanalyse {name}\n\n{command.help}\n\n{table(('wat', 'wat het doet'), rows)}".strip()
        )
    return "\n\n".join(parts)


def overview() -> str:
    """Return the Dutch page: commands, verbs by step, tables with their columns, the card."""
    steps = "\n\n".join(
        f"### {step}\n\n"
        + table(
            ("opdracht", "wat het doet"),
            (
                (f"[`{called(name)}`](naslag-functies.md#{anchor(name)})", line)
                for name, line in verbs.items()
            ),
        )
        for step, verbs in WORDS["stappen"].items()
    )
    frames = "\n\n".join(
        f"### {name}\n\nEén rij is {spec['rij']}.{' ' + spec['ook'] if 'ook' in spec else ''}\n\n"
        + table(("kolom", "betekenis"), ((f"`{column}`", line) for column, line in spec["kolommen"].items()))
        for name, spec in WORDS["tabellen"].items()
    )
    card = table(("veld", "betekenis"), ((f"`{field}`", line) for field, line in WORDS["kaart"].items()))
    return f"""{MADE}

# Naslag

Wat je kunt typen, en wat je terugkrijgt. Hoe je ermee werkt staat in de handleidingen; wat de uitkomsten betekenen in de
[verantwoording](verantwoording.md).

- [In de terminal](#in-de-terminal)
- [In een notebook](#in-een-notebook): de opdrachten, per stap van het werk
- [Tabellen](#tabellen): welke kolommen je terugkrijgt
- [De patroonkaart](#de-patroonkaart)

## In de terminal

Zet `python3 start.py` ervoor, of op Windows `py start.py`: `python3 start.py lab mijn-onderzoek`. In een omgeving waarin het pakket
is geïnstalleerd typ je `wijkanalyse`. Met `--help` achter een opdracht krijg je dezelfde uitleg.

{commands()}

## In een notebook

Begin met `import wijkanalyse as wa`. Klik op een opdracht voor wat zij verwacht, teruggeeft en weigert. Die tekst is Engels, net als de code;
in een notebook krijg je haar ook met een vraagteken: `wa.mask?`. Namen als `corpus` en `themes` zijn wat een eerdere opdracht teruggaf.

{steps}

## Tabellen

Alle tabellen zijn gewone pandas-frames. Kolomnamen zijn Engels, waarden Nederlands. Een plek in een tekst telt tekens vanaf 0, zonder het einde.

{frames}

## De patroonkaart

`wa.find_patterns` geeft een lijst van kaarten. Een kaart heeft deze velden.

{card}
"""


def functions() -> str:
    """Return the English page: signature and docstring of every verb."""
    parts = []
    for step, verbs in WORDS["stappen"].items():
        parts.append(f"## {step}")
        for name, line in verbs.items():
            told = "\n\n".join(filter(None, [signature(name), inspect.getdoc(resolve(name))]))
            parts.append(f"### {name}\n\n{line}\n\n```text\n{told}\n```")  # not Python: it would be formatted
    head = "# Functies\n\nPer opdracht: hoe je haar aanroept, en de Engelse beschrijving uit de code. Het overzicht staat in de [naslag](naslag.md)."
    return "\n\n".join([MADE, head, *parts]) + "\n"


PAGES = {"naslag.md": overview, "naslag-functies.md": functions}


def main() -> None:
    """Write both pages."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
