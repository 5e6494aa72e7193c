"""The set for a bulletin: figures that may leave, quotes that a person approved, and how to read them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.behind import release
from wijkanalyse.figures.export import PAGE_MM, export_figure
from wijkanalyse.figures.firmness import plot_firmness
from wijkanalyse.figures.opgaven import plot_opgaven
from wijkanalyse.figures.over_time import plot_over_time
from wijkanalyse.figures.picture import one_browser
from wijkanalyse.figures.signification import plot_signification
from wijkanalyse.figures.theme_map import plot_theme_map
from wijkanalyse.figures.voices import plot_voices
from wijkanalyse.figures.words import method_note, without_source
from wijkanalyse.language import content_lemmas, sentences
from wijkanalyse.privacy import gate
from wijkanalyse.privacy.disclosure import TELLERS
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.figures.words import Words
    from wijkanalyse.privacy.decisions import Store
    from wijkanalyse.themes import Themes

KIND = "citaat"  #: of the decision in a project that a quote may go outside
PER_THEME = 3  #: quotes of one theme that go outside
PLACE = ("narrative_id", "start", "end", "quote")  #: what such a decision holds
SHORTEST, LONGEST, SENTENCES = 15, 45, 3  #: words, and sentences, of a quote that is proposed
PAGE, QUOTES = "zo-lees-je-deze-figuren.html", "citaten.txt"
COARSER = "Met minder thema’s of meer verhalen kan het soms wel."
LOST = "Het verhaal is veranderd, niet nagekeken, of in geen thema dat groot genoeg is."
HOW = "De citaten koos een mens, en keurde ze goed. Het zijn voorbeelden, geen bewijs."
ENOUGH = 0.25  #: of the numbers of a figure; with fewer it is a picture of what was left out
_CHOICE = re.compile(r"- \[(?P<tick>[ xX])\] (?P<narrative_id>\S.*?) \| (?P<quote>\S.*)")


def propose_quotes(themes: Themes, project: Store | None = None) -> pd.DataFrame:
    """Return quotes to choose from, of `themes.examples`: typical stories, a counter-story and the edge of each theme.

    Returns
    -------
    pandas.DataFrame
        theme (those of enough tellers to be named outside), role, narrative_id, quote (one to three whole
        sentences with many words of the theme, and no placeholder where that can be), approved (in the project).
    """
    import pandas as pd

    safe = gate.release_texts(themes.corpus, audience=Audience.WORKBENCH)
    texts = {story.narrative_id: story.text for story in safe}
    held = project.decisions(KIND).values() if project is not None else ()
    approved = {(value["narrative_id"], " ".join(value["quote"].split())) for value in held}
    rows = []
    for theme, label in _large(themes).items():
        terms = set(themes.terms.loc[themes.terms["theme_id"] == theme, "term"])
        for story in themes.examples(theme).itertuples():
            quote = _telling(texts[story.narrative_id], terms)
            key = (story.narrative_id, quote)
            rows.append((label, story.role, *key, key in approved))
    return pd.DataFrame(rows, columns=["theme", "role", "narrative_id", "quote", "approved"])


def approve_quotes(quotes: pd.DataFrame, corpus: Corpus, project: Store) -> None:
    """Record which quotes a person approved for outside, and which no more.

    Parameters
    ----------
    quotes : pandas.DataFrame
        narrative_id, quote, approved: what `propose_quotes` gave, after somebody judged it.
    corpus : Corpus
    project : Project
        With `project.keep_narratives(corpus)` quotes move along when a story changes.

    Raises
    ------
    InputError
        When an approved quote does not stand in its story word for word; then nothing is recorded.
    """
    texts = dict(zip(corpus.frame["narrative_id"], corpus.frame["text"], strict=True))
    held, values, wrong = project.decisions(KIND), {}, []
    subjects = {(value["narrative_id"], value["start"], value["end"]): key for key, value in held.items()}
    for row in quotes.itertuples():
        words = r"\s+".join(map(re.escape, row.quote.split()))
        if found := re.search(words, texts.get(row.narrative_id, "")) if words else None:
            place = (row.narrative_id, *found.span())
            value = dict(zip(PLACE, (*place, found[0]), strict=True))
            subject = subjects.get(place, f"{row.narrative_id}, teken {found.start()} tot {found.end()}")
            values[KIND, subject] = value if row.approved else None
        elif row.approved:
            wrong.append(f"{row.narrative_id}, rij {row.Index}")
    if wrong:
        raise InputError.one(
            what=f"{len(wrong)} citaten staan niet letterlijk in hun verhaal.",
            where=list_names(wrong),
            now="Verbeter ze. Er is nog niets goedgekeurd.",
            expected="woord voor woord een stuk uit het verhaal; korter mag",
        )
    changed = {key: value for key, value in values.items() if held.get(key[1]) != value}
    project.decide(changed, action="citaten goedgekeurd of ingetrokken")


def write_choices(quotes: pd.DataFrame, corpus: Corpus, path: str | Path) -> Path:
    """Write quotes to a text file in which a person ticks what may go outside."""
    themes = [(theme, list(rows.itertuples())) for theme, rows in quotes.groupby("theme", sort=False)]
    text = _template("citaten-kiezen.md.j2").render(themes=themes, most=PER_THEME)
    return write_file(path, text, corpus, audience=Audience.WORKBENCH)


def read_choices(path: Path) -> pd.DataFrame:
    """Return what a person ticked by the number of the line: narrative_id, quote, approved.

    Raises InputError when a line cannot be read.
    """
    import pandas as pd

    try:
        lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
        found = {number: _CHOICE.fullmatch(line) for number, line in lines if line.startswith("- [")}
    except (OSError, UnicodeDecodeError):
        found = {1: None}
    if wrong := [number for number, match in found.items() if match is None]:
        raise InputError.one(
            what="Niet elke keuze is te lezen.",
            where=f"{path.name}, regel {list_names(wrong)}",
            expected="regels als: - [x] nummer van het verhaal | citaat",
            now="Herstel dat, en bewaar het als tekst (UTF-8).",
        )
    rows = [
        (match["narrative_id"], match["quote"], match["tick"] != " ") for match in found.values() if match
    ]
    return pd.DataFrame(rows, columns=["narrative_id", "quote", "approved"], index=list(found))


def check_figures(themes: Themes) -> list[tuple[str, go.Figure | None, Words | None, str]]:
    """Return every figure for a bulletin: its name, the figure and its words, and in Dutch why it may not leave, if so.

    Raises PrivacyError when not every story was reviewed.
    """
    themes.corpus.require(gate.REQUIRED_STATUS[Audience.OUTSIDE], purpose="een bulletin maken")
    checked: list[tuple[str, go.Figure | None, Words | None, str]] = []
    for name, make in _figures(themes).items():
        try:
            figure = make()
        except InputError as error:
            checked.append((name, None, None, error.problems[0].what))
            continue
        released = release(figure, audience=Audience.OUTSIDE)
        n, missing = released.table.frame.size, int(released.table.frame.isna().sum().sum())
        is_full = n - missing >= max(1, ENOUGH * n)
        why = "" if is_full else f"Van de {n} getallen gaan er {missing} over te weinig vertellers. {COARSER}"
        checked.append((name, figure, released.words, why))
    return checked


def write_bulletin(
    themes: Themes,
    folder: str | Path,
    *,
    figures: Collection[str] | None = None,
    project: Store | None = None,
    width_mm: float = PAGE_MM,
    remark: str = "",
) -> tuple[list[Path], list[str]]:
    """Write figures (SVG and PNG, with numbers and alt text), approved quotes, and a page on how to read the figures.

    Parameters
    ----------
    themes : Themes
        Of a corpus that was reviewed.
    folder : str or Path
    figures : collection of str, optional
        Names of the figures, as `check_figures` has them; default all that may leave.
    project : Project, optional
        Where approved quotes are; its log gets a line for each file. Without it there are no quotes.
    width_mm : float
        Of a figure on paper; 85 is a column.
    remark : str
        A line at the top of the page.

    Returns
    -------
    list of Path, list of str
        What was written; and in Dutch, what was left out and why.

    Raises
    ------
    PrivacyError
        When not every story was reviewed, or a masked word stands in a file.
    """
    corpus, folder = themes.corpus, Path(folder)
    outside: dict[str, Any] = {"audience": Audience.OUTSIDE}
    asked = [each for each in check_figures(themes) if figures is None or each[0] in figures]
    drawn = [(name, figure, words) for name, figure, words, why in asked if not why]
    notices = [f"Geen figuur ‘{name}’. {why}" for name, _, _, why in asked if why]
    with one_browser():
        # Without a browser a figure is one page instead of both.
        files = [
            export_figure(figure, folder / f"{name}{suffix}", width_mm=width_mm, project=project)
            for name, figure, _ in drawn
            for suffix in (".png", ".svg")
        ]
    images = {file.stem: base64.b64encode(file.read_bytes()) for file in files if file.suffix == ".svg"}
    quotes, said = _approved(themes, project)
    voice = gate.shown_attribute(corpus)
    heard = gate.release_table(corpus, corpus.frame, rows=voice, **outside).shown()[TELLERS] if voice else {}
    verdicts = dict(zip(themes.firmness["theme_id"], themes.firmness["verdict"], strict=True))
    page = _template("bulletin.html.j2").render(
        figures=drawn,
        images=images,
        remark=remark,
        quotes=QUOTES if quotes else "",
        least=gate.MIN_TELLERS[Audience.OUTSIDE],
        corpus=corpus,
        heard=dict(heard),
        firm=[(label, verdicts[theme]) for theme, label in _large(themes).items()],
    )
    note = without_source(method_note(corpus, HOW), corpus)
    texts = {PAGE: page} | (
        {QUOTES: _template("citaten.txt.j2").render(quotes=quotes, note=note)} if quotes else {}
    )
    files += [
        write_file(folder / name, text, corpus, project=project, **outside) for name, text in texts.items()
    ]
    return list(dict.fromkeys(files)), [*notices, *said]


def _figures(themes: Themes) -> dict[str, Callable[[], Any]]:
    """Return what makes each figure, by name; what needs a choice of groups, poles or codes is made in a notebook."""
    corpus = themes.corpus
    # All tellers together: by perspective most answers are of too few.
    roles = {Role.PERSPECTIVE: Role.CONTEXT}
    columns = tuple(replace(spec, role=roles.get(spec.role, spec.role)) for spec in corpus.columns)
    answers = partial(plot_signification, replace(corpus, columns=columns))
    asked = dict.fromkeys(spec.group or spec.label for spec in corpus.with_role(Role.SIGNIFICATION))
    return {
        "themakaart": partial(plot_theme_map, themes),
        "stemmen": partial(plot_voices, themes),
        "opgaven": partial(plot_opgaven, themes),
        **{f"duiding-{n}": partial(answers, question=title) for n, title in enumerate(asked or [None], 1)},
        "tijd": partial(plot_over_time, themes),
        "stevigheid": partial(plot_firmness, themes),
    }


def _large(themes: Themes) -> dict[int, str]:
    """Return the themes that enough tellers told about to be named outside, by the alphabet."""
    topics = themes.topics[themes.topics["theme_id"] >= 0].sort_values("label")
    large = [gate.is_large_enough(n, Audience.OUTSIDE) for n in topics["n_tellers"]]
    return dict(zip(topics["theme_id"][large], topics["label"][large], strict=True))


def _telling(text: str, terms: set[str]) -> str:
    """Return the whole sentences, one to three, that say most in the words of a theme."""
    spans = sentences(text)
    parts = [
        text[start:end].strip() for i, (start, _) in enumerate(spans) for _, end in spans[i : i + SENTENCES]
    ]

    def fitness(part: str) -> tuple[bool, bool, bool, int]:
        is_whole = part.count("[") == part.count("]")  # a sentence may begin within a placeholder
        fits = SHORTEST <= len(part.split()) <= LONGEST
        return is_whole, fits, not {"[", "\n"} & set(part), len(terms & set(content_lemmas(part)))

    return " ".join(max(parts, key=fitness).split())  # the first of equals


def _approved(themes: Themes, project: Store | None) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the approved quotes per theme with who said it, and what is missing; of other tellers if possible."""
    import pandas as pd

    large = _large(themes)
    stories = themes.assignments[["narrative_id", "theme_id"]].merge(themes.corpus.frame, on="narrative_id")
    group = dict(zip(stories["narrative_id"], stories["theme_id"].map(large), strict=True))
    released = gate.release_texts(themes.corpus, audience=Audience.OUTSIDE, group=group)
    texts = {safe.narrative_id: safe for safe in released}
    approved = list(project.decisions(KIND).values()) if project is not None else []
    quotes = pd.DataFrame(approved, columns=PLACE).merge(stories, on="narrative_id")
    literal = [texts[row.narrative_id].text[row.start : row.end] == row.quote for row in quotes.itertuples()]
    quotes = quotes[pd.Series(literal, dtype=bool)].query("theme_id in @large").sort_values([*PLACE])
    turn = quotes.groupby(["theme_id", "teller_id"]).cumcount()
    chosen: dict[str, list[Any]] = {label: [] for label in large.values()}
    for row in quotes.loc[turn.sort_values(kind="stable").index].itertuples():
        own = chosen[large[row.theme_id]]
        own += (
            [(" ".join(row.quote.split()), texts[row.narrative_id].attribute)] if len(own) < PER_THEME else []
        )
    short = [label for label, own in chosen.items() if len(own) < PER_THEME]
    said = [f"Nog geen {PER_THEME} goedgekeurde citaten bij: {list_names(short)}."] if short else []
    if lost := len(approved) - len(quotes):
        said.append(f"{lost} goedgekeurde citaten doen niet mee. {LOST}")
    return {label: own for label, own in chosen.items() if own}, said


def _template(name: str) -> Any:
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    escape = jinja2.select_autoescape(["html.j2"])  # Markdown shows an escape as it is
    made = jinja2.Environment(loader=loader, autoescape=escape, trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    return made.get_template(name)
