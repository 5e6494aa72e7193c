"""NarraFirma: data with a story form (CSV) that says what the columns are, and its own export of a story collection.

Both repeat a header where a question has several answers, and have rows of remarks that begin with a semicolon.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.errors import InputError, list_names
from wijkanalyse.loaders.choices import Choice
from wijkanalyse.loaders.forms import Column, Form, asked, make_form
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.roles import OPEN_TEXT, slug
from wijkanalyse.loaders.values import NOT_APPLICABLE, name_columns, read_number

NATIVE = ("Story title", "Story text", "Collection date", "Language", "Eliciting question")
FORM_HEADER = frozenset(["Type", "About", "Short name", "Long name", "Answers"])
#: What a form can say of the file as a whole, and what holds when it is silent.
_DEFAULTS = {
    "Story title column name": "Story title",
    "Story text column name": "Story text",
    "Participant ID column name": "Participant ID",
    "Story collection date column name": "Collection date",
    "Language column name": "Language",
    "Yes no questions yes indicator": "Yes",
    "Yes no questions Q-A separator": "",
    "Yes no questions Q-A ending": "",
    "Multi choice single column delimiter": ",",
}
_FIXED = (
    ("Story text column name", Role.TEXT, "Verhaal", "text"),
    ("Story title column name", Role.TITLE, "Titel", "title"),
    ("Participant ID column name", Role.TELLER_ID, "Verteller", "teller_id"),
    ("Story collection date column name", Role.TIME, "Maand", "month"),
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a story form; `answers` are as in the data, `shown` as people read them."""

    kind: str
    about: str
    title: str
    answers: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryForm:
    """The questions by the header of their column, and what the form says of the file."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=lambda: _DEFAULTS)
    scale: tuple[str, ...] = ()


def read_story_form(rows: Sequence[Sequence[str]]) -> StoryForm | None:
    """Return the story form in the rows of a CSV file, or None when it is something else."""
    rows = [[cell.strip() for cell in row] for row in _answered(rows)]
    if not rows or not set(rows[0]) >= FORM_HEADER:
        return None
    at = {name: index for index, name in enumerate(rows[0])}
    questions: dict[str, Question] = {}
    settings, scale = dict(_DEFAULTS), tuple[str, ...]()
    for row in rows[1:]:
        names = ("Data column name", "Type", "About", "Short name", "Long name")
        column, kind, about, short, long = (
            row[at[name]] if at.get(name, len(row)) < len(row) else "" for name in names
        )
        answers = tuple(cell for cell in row[at["Answers"] :] if cell)
        if about == "import" and answers:
            settings[kind], scale = answers[0], answers if kind == "Scale range" else scale
        elif about in ("story", "participant", "eliciting", "annotation"):
            pairs = [[part.strip() for part in answer.split("|")] for answer in answers]
            if about == "eliciting":
                column, kind, long = column or "Eliciting question", "Single choice", "Gekozen vraag"
            questions[column or short] = Question(
                kind=kind,
                about=about,
                title=long or short,
                answers=tuple(pair[0] for pair in pairs),
                shown=tuple(pair[min(1, len(pair) - 1)] for pair in pairs),
            )
    titles = name_columns([question.title for question in questions.values()])
    named = {
        header: replace(one, title=title)
        for (header, one), title in zip(questions.items(), titles, strict=True)
    }
    return StoryForm(questions=named, settings=settings, scale=scale)


def is_native(text: str) -> bool:
    """Tell whether a text is NarraFirma's own export: by how it begins."""
    return re.match(r"Story title([,;\t])Story text\1Collection date\1", text) is not None


def split_native(text: str, delimiter: str) -> list[list[str]]:
    """Return the cells of NarraFirma's own export.

    It quotes a cell only when there is a delimiter or a line break in it: any other quote, also at the beginning, is a
    sign of the text. Read as other CSV, such a quote takes the rows that follow along.
    """
    sign = re.escape(delimiter)
    inside = r'(?:[^"]|"")*'
    cell = re.compile(rf'(?:"(?={inside}[{sign}\n])({inside})"(?={sign}|\n|\Z)|([^{sign}\n]*))({sign}|\n|\Z)')
    rows: list[list[str]] = [[]]
    for quoted, bare, end in cell.findall(text.replace("\r\n", "\n")):
        rows[-1].append(quoted.replace('""', '"') or bare)
        if end == "\n":
            rows.append([])
        elif not end:
            break
    return rows


def unwrapped(text: str) -> str:
    """Return a text without the quotes that the export adds to one with line breaks.

    A story gets quotes around it, unchanged inside; when it has a delimiter too, quotes around those, doubled inside.
    """
    wrapped = re.compile(r'"(?=.*[\n\r])(.*)"', re.DOTALL)
    if (outer := wrapped.fullmatch(text)) and not any(len(run) % 2 for run in re.findall('"+', outer[1])):
        text = outer[1].replace('""', '"') if outer[1][:2] == outer[1][-2:] == '""' else text
    inner = wrapped.fullmatch(text)
    return (inner[1] if inner else text).strip()


def read_native(rows: list[list[str]]) -> Form | None:
    """Return NarraFirma's own export of a story collection, recognised by its header."""
    header = next((row for row in rows if any(row)), [])
    return read_narrafirma(rows, StoryForm()) if tuple(header[:5]) == NATIVE else None


def read_narrafirma(rows: list[list[str]], form: StoryForm, source: str = "") -> Form:
    """Return the data of NarraFirma as its story form says.

    Raises
    ------
    InputError
        When the column of the story is not there.
    """
    header = next(_answered(rows), [])
    story = form.settings["Story text column name"]
    if story not in header:
        raise InputError.one(
            what="Dit verhaalformulier van NarraFirma hoort niet bij dit bestand: de kolom met verhalen staat er niet in.",
            where=source,
            expected=f"een kolom ‘{story}’; er zijn {list_names(dict.fromkeys(header))}",
            now="Zet in het formulier achter ‘Story text column name’ de naam van de kolom met verhalen.",
        )
    body = [[*row, *[""] * (len(header) - len(row))] for row in [*_answered(rows)][1:]]
    questions: dict[str, list[tuple[str, list[str]]]] = {}
    for at, name in enumerate(header):
        questions.setdefault(_question_of(name, form), []).append((name, [row[at] for row in body]))
    columns = [_column(name, asked_in, form) for name, asked_in in questions.items()]
    n = len(form.questions.keys() - questions.keys())
    now = "kijk of de namen achter ‘Data column name’ die van de kolommen zijn"
    absent = (
        [Guess(what=f"{n} vragen uit het verhaalformulier staan niet in het bestand", overrule=now)]
        if n
        else []
    )
    return make_form("NarraFirma", columns, absent)


def _answered(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    return (row for row in rows if any(row) and not row[0].startswith(";"))


def _question_of(header: str, form: StoryForm) -> str:
    """Return the header of the question that a column is of: ‘Needed [help]’ is of ‘Needed’."""
    separator = _sign(form.settings["Yes no questions Q-A separator"])
    base = header.partition(separator)[0].strip() if separator else header
    question = form.questions.get(base)
    return base if question and question.kind.endswith("yes/no") else header


def _sign(setting: str) -> str:
    return " " if setting.lower() == "space" else setting


def _column(header: str, columns: Sequence[tuple[str, list[str]]], form: StoryForm) -> Column:
    """Return what the columns of one question are together."""
    cells, question = columns[0][1], form.questions.get(header)
    for setting, role, label, name in _FIXED:
        if header == form.settings[setting]:
            spec = ColumnSpec(name=name, label=label, role=role)
            return Column(header=header, cells=[unwrapped(cell) for cell in cells], spec=spec)
    if question is None and len(columns) > 1:
        answers = tuple(dict.fromkeys(cell for _, some in columns for cell in some if cell))
        question = Question(kind="Multi", about="story", title=header, answers=answers, shown=answers)
    if question is None:
        foreign = form.questions and header != form.settings["Language column name"]
        why = (
            f"zelf ingevuld antwoord; {OPEN_TEXT}"
            if header.startswith("WRITEIN_")
            else "staat niet in het verhaalformulier"
            if foreign
            else ""
        )
        return Column(header=header, cells=cells, left_out=why)
    if question.about == "annotation":
        return Column(
            header=header,
            cells=cells,
            left_out="aantekening van een onderzoeker, geen antwoord van de verteller",
        )
    if question.kind in ("Text", "Textarea"):
        return Column(header=header, cells=cells, left_out=OPEN_TEXT)
    if question.kind == "Scale":
        return _scale(header, cells, question, form)
    given = [list(_given(row, question, columns, form)) for row in range(len(cells))]
    options = question.shown or tuple(dict.fromkeys(one for some in given for one in some))
    separator = ";" if question.kind.startswith("Multi") else None
    told = bool(question.shown) or question.kind in ("Boolean", "Checkbox")
    choice = Choice(options=options, separator=separator, by_user=told)
    spec = asked(question.title, Role.SIGNIFICATION if question.about == "story" else Role.CONTEXT)
    return Column(header=header, cells=["; ".join(some) for some in given], spec=spec, choice=choice)


def _given(
    row: int, question: Question, columns: Sequence[tuple[str, list[str]]], form: StoryForm
) -> Iterator[str]:
    """Yield what was answered in a row, in the words that people read; what is no answer as it is."""
    told = dict(zip(question.answers, question.shown, strict=True))
    if question.kind.endswith("indexed"):
        told = {str(number): shown for number, shown in enumerate(question.shown, start=1)}
    for header, cells in columns:
        answers = [cells[row]]
        if question.kind.endswith("yes/no"):
            named = header.partition(_sign(form.settings["Yes no questions Q-A separator"]))[2].strip()
            named = named.removesuffix(form.settings["Yes no questions Q-A ending"]).strip()
            answers = [named] if cells[row] == form.settings["Yes no questions yes indicator"] else []
        elif "delimited" in question.kind:
            answers = [
                part.strip()
                for part in cells[row].split(_sign(form.settings["Multi choice single column delimiter"]))
            ]
        yield from (told.get(answer, answer) for answer in answers if answer)


def _scale(header: str, cells: Sequence[str], question: Question, form: StoryForm) -> Column:
    """Return a scale; a third answer is the one for ‘does not apply’, a third and fourth are the numbers at its ends."""
    own = question.answers[2:]
    low, high = [*map(read_number, (own if len(own) > 1 else form.scale)[:2]), math.nan, math.nan][:2]
    unit = f"{low:g}–{high:g}" if low < high else "0–100"
    cells = [NOT_APPLICABLE if len(own) == 1 and cell == own[0] else cell for cell in cells]
    spec = ColumnSpec(
        name=slug(question.title),
        label=question.title,
        role=Role.SIGNIFICATION,
        dtype="float",
        unit=unit,
        ends=question.shown[:2],
    )
    return Column(header=header, cells=cells, spec=spec)
