"""No page of docs/ is stale: what it names exists, what it counts was measured, and what it shows was made from the real thing."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shlex
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

import wijkanalyse as wa
from docs import maak_naslag
from wijkanalyse.cli import app
from wijkanalyse.loaders import SAMPLE_FOLDER
from wijkanalyse.patterns import cards
from wijkanalyse.patterns.statistics import LEVEL, ROUNDS
from wijkanalyse.privacy import gate
from wijkanalyse.themes import clustering, consensus, firmness, model

ROOT = SAMPLE_FOLDER.parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def prose(path: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@cache
def sections(path: Path) -> dict[str, str]:
    """The text under each heading, without that under the next, by anchor."""
    parts = re.split(r"^#+ (.+)$", prose(path), flags=re.MULTILINE)
    return {maak_naslag.anchor(head): text for head, text in zip(parts[1::2], parts[2::2], strict=True)}


def links() -> list[tuple[Path, str, str]]:
    return [(path, text, target) for path in PAGES for _, text, target in LINK.findall(prose(path))]


@pytest.mark.parametrize("name", maak_naslag.PAGES)
def test_the_reference_is_what_the_code_says_now(name):
    made = maak_naslag.PAGES[name]()
    assert (DOCS / name).read_text(encoding="utf-8") == made, "python -m docs.maak_naslag"


def test_every_public_name_is_in_the_reference():
    assert set(wa.__all__) - set(maak_naslag.names()) == set(), "zet ze in docs/naslag.yaml"


def test_columns_in_the_reference_are_those_of_the_real_frames(sample, sample_themes):
    scheme, project = wa.load_scheme("opgaven"), wa.open_project(":memory:", who="Noor")
    project.keep_narratives(sample)
    wa.keep_scheme(project, scheme)
    suggested = wa.suggest_codings(sample, scheme)
    wa.accept_suggestions(project, sample, suggested.head(5))
    wa.accept_suggestions(project, sample, suggested.head(3), coder="Sam")
    names = {
        "wa": wa, "corpus": sample, "themes": sample_themes, "project": project, "scheme": scheme,
        "codings": wa.codings(project),
    }  # fmt: skip
    for what, spec in maak_naslag.WORDS["tabellen"].items():
        columns, told = list(eval(what, names).columns), list(spec["kolommen"])
        assert columns[: len(told)] == told, what
        assert len(columns) == len(told) or "ook" in spec, what
    project.close()
    assert list(maak_naslag.WORDS["kaart"]) == [field.name for field in dataclasses.fields(cards.PatternCard)]


def test_links_resolve_to_files_and_headings():
    for path, _, target in links():
        file, _, heading = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        assert goal.is_relative_to(ROOT), (path.name, target)
        assert goal.exists(), (path.name, target)
        assert not heading or heading in sections(goal), (path.name, target)


def test_every_page_and_picture_can_be_reached_from_the_readme():
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        seen.add(page := todo.pop())
        near = {
            (page.parent / target.partition("#")[0]).resolve() for path, _, target in links() if path == page
        }
        todo += [path for path in near - seen if path in PAGES]
        seen |= near
    assert {*DOCS.glob("*.md"), *DOCS.glob("*.png")} <= seen


def test_what_pages_name_exists():
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert {*re.findall(r"\bwa\.(\w+)", text)} <= {*wa.__all__}, path.name
        for name in re.findall(r"`((?:notebooks|docs|data|wijkanalyse|benchmarks)/[\w./-]+)`", text):
            assert (ROOT / name).exists(), (path.name, name)
        for name in re.findall(r"`(?:notebooks/)?(\d\d-[a-z-]+)(?:\.ipynb)?`", text):
            assert (ROOT / "notebooks" / f"{name}.ipynb").exists(), (path.name, name)
        for kind, name in re.findall(r"`(themes|project|corpus)\.(\w+)", text):
            made = maak_naslag.resolve(kind.title())
            assert hasattr(made, name) or name in {field.name for field in dataclasses.fields(made)}, (
                kind,
                name,
            )


def test_commands_that_pages_print_can_be_typed():
    commands = get_command(app).commands
    typed = [
        line
        for path in PAGES
        for line in re.findall(r"start\.py (\w.*?)(?:`|$)", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert len(typed) > 5
    for line in typed:
        name, *arguments = shlex.split(line)
        if name != "test":
            commands[name].make_context(name, arguments)


#: What JupyterLab itself writes on the screen.
LAB = {"Run", "Run All Cells", "Kernel", "Kernel Restarting", "Restart Kernel and Run All Cells", "Open in New Browser Tab"}  # fmt: skip


def test_labels_that_handbooks_name_are_on_the_screen():
    sources = [path for kind in ("py", "js", "j2") for path in (ROOT / "wijkanalyse").rglob(f"*.{kind}")]
    shown = "".join(path.read_text("utf-8") for path in [*sources, *(ROOT / "notebooks").glob("*.ipynb")])
    for path in DOCS.glob("handleiding-*.md"):
        named = {*re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", path.read_text("utf-8"))} - LAB
        assert [label for label in sorted(named) if label not in shown] == [], path.name


def test_every_picture_is_made_by_the_script():
    script = (DOCS / "maak_beelden.py").read_text(encoding="utf-8")
    assert [path.name for path in DOCS.glob("*.png") if f'"{path.stem}' not in script] == []
    assert sum(path.stat().st_size for path in DOCS.glob("*.png")) < 2**20


def test_measured_numbers_stand_in_the_section_they_link_to():
    quoted = [(text, target.partition("#")[2]) for _, text, target in links() if "RESULTS.md#" in target]
    assert len(quoted) > 15
    for text, heading in quoted:
        assert len(text) > 3, "te kort om ergens anders niet te staan"
        assert text in " ".join(sections(RESULTS)[heading].split()), (text, heading)


METHOD = [
    f"minstens {model.MIN_USABLE} bruikbare verhalen",
    f"ongeveer {consensus.TALKABLE}, want",
    f"minder dan {clustering.MIN_STAY:.0%} van de keren",
    f"hoogstens {clustering.MAX_NOWHERE:.0%} van de verhalen",
    f"{firmness.N_ROUNDS} keer opnieuw, steeds met 80% van de verhalen",
    f"| stevig | overlap van {firmness.FIRM:.2f} of meer".replace(".", ","),
    f"| patroon | overlap van {firmness.PATTERN:.2f} of meer".replace(".", ","),
    f"minder dan {firmness.MIN_STORIES} verhalen",
    f"minstens {cards.MIN_READINGS} lezingen",
    f"komt uit {inspect.signature(wa.compare_coders).parameters['rounds'].default} keer",
    f"{ROUNDS} keer opnieuw uit te delen",
    f"hoogstens {LEVEL:.0%} toeval",
    "minstens {} | minstens {} |".format(*gate.MIN_TELLERS.values()),
    f"nooit onder {gate.LOWEST_MINIMUM}",
    f"meer dan {gate.DOMINANCE_SHARE:.0%} van de verhalen in een vakje",
    f"{gate.CLASS_SHARE:.0%} of meer van een groep",
    f"veelvoud van {gate.ROUND_TO}",
]


def test_numbers_of_the_method_are_those_of_the_code_and_no_other_number_is_quoted():
    text = " ".join(LINK.sub("", prose(DOCS / "verantwoording.md")).split())
    for sentence in METHOD:
        assert sentence in text
        text = text.replace(sentence, "")
    assert {*re.findall(r"\d+(?:[,./]\d+)*", text)} <= {
        "0",
        "1",
        "95",
    }  # ends of a scale; what an interval is
