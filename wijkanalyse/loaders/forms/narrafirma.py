"""NarraFirma: data with a story form (CSV) that says what the columns are, and its own export of a story collection.

Both repeat a header where a question has several answers, and have rows of remarks that begin with a semicolon.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError, list_names
from wijkanalyse.loaders.forms.form import OPEN_TEXT, Draft, Form, number_text
from wijkanalyse.loaders.values import read_number

NAME = "NarraFirma"
NATIVE = ("Story title", "Story text", "Collection date", "Language", "Eliciting question")
FORM_HEADER = frozenset(["Type", "About", "Short name", "Long name", "Answers"])
_WRITE_IN = "WRITEIN_"
_RANGE = (0.0, 100.0)
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
    scale: tuple[float, float] = _RANGE


def read_story_form(rows: Sequence[Sequence[str]]) -> StoryForm | None:
    """Return the story form in the rows of a CSV file, or None when it is something else."""
    rows = [[cell.strip() for cell in row] for row in _answered(rows)]
    if not rows or not set(rows[0]) >= FORM_HEADER:
        return None
    at = {name: index for index, name in enumerate(rows[0])}
    questions: dict[str, Question] = {}
    settings, scale = dict(_DEFAULTS), _RANGE
    for row in rows[1:]:
        column, kind, about, short, long = (
            row[at[name]] if at.get(name, len(row)) < len(row) else ""
            for name in ("Data column name", "Type", "About", "Short name", "Long name")
        )
        answers = [cell for cell in row[at["Answers"] :] if cell]
        if about == "import" and answers:
            settings[kind] = answers[0]
            scale = _range(answers) if kind == "Scale range" else scale
        elif about in ("story", "participant", "eliciting", "annotation"):
            pairs = [answer.split("|") for answer in answers]
            header = column or short or ("Eliciting question" if about == "eliciting" else "")
            questions[header] = Question(
                kind="Single choice" if about == "eliciting" else kind,
                about=about,
                title="Gekozen vraag" if about == "eliciting" else long or short,
                answers=tuple(pair[0].strip() for pair in pairs),
                shown=tuple((pair[1] if len(pair) > 1 else pair[0]).strip() for pair in pairs),
            )
    return StoryForm(questions=questions, settings=settings, scale=scale)


def _range(answers: Sequence[str]) -> tuple[float, float]:
    low, high = [*map(read_number, answers[:2]), math.nan, math.nan][:2]
    return (low, high) if high > low else _RANGE


def is_native(text: str) -> bool:
    """Tell whether a text is NarraFirma's own export: by how it begins, with no quotes there."""
    return re.match(r"Story title([,;\t])Story text\1Collection date\1", text) is not None


def split_native(text: str, delimiter: str) -> list[list[str]]:
    """Return the cells of NarraFirma's own export.

    It quotes a cell only when there is a delimiter or a line break in it: any other quote, also at the beginning, is a
    sign of the text. Read as other CSV, such a quote takes the rows that follow along.
    """
    sign = re.escape(delimiter)
    quoted = re.compile(rf'"((?:[^"]|"")*)"(?={sign}|\n|\Z)')
    bare = re.compile(rf"[^\n{sign}]*")
    text = text.replace("\r\n", "\n")
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        match = quoted.match(text, at)
        if match and (delimiter in match[1] or "\n" in match[1]):
            rows[-1].append(match[1].replace('""', '"'))
        else:
            match = bare.match(text, at)
            rows[-1].append(match[0] if match else "")
        at = match.end() if match else len(text)
        if text[at : at + 1] == "\n":
            rows.append([])
        elif at == len(text) - 1:
            rows[-1].append("")  # a delimiter at the very end
        at += 1
    return rows


def unwrapped(text: str) -> str:
    """Return a text without the quotes that the export adds to one with line breaks.

    A story gets quotes around it, unchanged inside; when it has a delimiter too, quotes around those, doubled inside.
    """
    for is_doubled in (True, False):
        inner = text[1:-1]
        if len(text) < 2 or text[0] + text[-1] != '""' or not re.search(r"[\n\r]", text):
            break
        runs = [len(run) for run in re.findall('"+', inner)]
        if not is_doubled:
            text = inner
        elif inner[:2] == inner[-2:] == '""' and not any(run % 2 for run in runs):
            text = inner.replace('""', '"')
    return text.strip()


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
    filled = [row for row in rows if any(row)]
    first = next((at for at, row in enumerate(filled) if not row[0].startswith(";")), 0)
    header = filled[first] if filled else []
    story = form.settings["Story text column name"]
    if story not in header:
        raise InputError.one(
            what="Dit verhaalformulier van NarraFirma hoort niet bij dit bestand: de kolom met verhalen staat er niet in.",
            where=source,
            expected=f"een kolom ‘{story}’; er zijn {list_names(dict.fromkeys(header))}",
            now="Zet in het formulier achter ‘Story text column name’ de naam van de kolom met verhalen.",
        )
    # The second row of the native export names the option of every column.
    remark = filled[first + 1] if len(filled) > first + 1 and filled[first + 1][0].startswith(";") else []
    body = [[*row, *[""] * (len(header) - len(row))] for row in _answered(filled[first + 1 :])]
    options = [*remark, *[""] * (len(header) - len(remark))]
    columns = [
        (name, option, [row[at] for row in body])
        for at, (name, option) in enumerate(zip(header, options, strict=False))
    ]
    return _Reader(columns, form).form()


def _answered(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    return (row for row in rows if any(row) and not row[0].startswith(";"))


Column = tuple[str, str, list[str]]  # header, option, cells


class _Reader:
    def __init__(self, columns: list[Column], form: StoryForm) -> None:
        self._form, self._draft = form, Draft()
        self._columns: dict[str, list[Column]] = {}
        for column in columns:
            self._columns.setdefault(self._asked(column[0]), []).append(column)

    def _asked(self, header: str) -> str:
        """Return the header of the question that a column is of: ‘Needed [help]’ is of ‘Needed’."""
        separator = self._form.settings["Yes no questions Q-A separator"]
        separator = " " if separator.lower() == "space" else separator
        base = header.partition(separator)[0].strip() if separator else header
        question = self._form.questions.get(base)
        return base if question and question.kind.endswith("yes/no") else header

    def form(self) -> Form:
        fixed = {self._form.settings[key]: (role, label, name) for key, role, label, name in _FIXED}
        for header, columns in self._columns.items():
            question = self._form.questions.get(header)
            _, _, cells = columns[0]
            if header in fixed:
                role, label, name = fixed[header]
                self._draft.keep(header, [unwrapped(cell) for cell in cells], role, label, name=name)
            elif header.startswith(_WRITE_IN):
                self._draft.leave(header, cells, f"zelf ingevuld antwoord; {OPEN_TEXT}")
            elif question is not None:
                self._read(header, question, columns)
            elif len(columns) > 1 or columns[0][1]:
                self._read(header, self._unknown(header, columns), columns)
            elif self._form.questions and header != self._form.settings["Language column name"]:
                self._draft.leave(header, cells, "staat niet in het verhaalformulier")
            else:
                self._draft.add(header, cells)
        if n := len(self._form.questions.keys() - self._columns.keys()):
            what = f"{n} vragen uit het verhaalformulier staan niet in het bestand"
            self._draft.guess(what, "kijk of de namen achter ‘Data column name’ die van de kolommen zijn")
        return self._draft.done(NAME)

    def _unknown(self, header: str, columns: Sequence[Column]) -> Question:
        """Return the question of a repeated header when there is no form."""
        found = [option or next(filter(None, cells), "") for _, option, cells in columns]
        answers = tuple(dict.fromkeys(filter(None, found)))
        return Question(kind="Multi", about="story", title=header, answers=answers, shown=answers)

    def _read(self, header: str, question: Question, columns: Sequence[Column]) -> None:
        question = replace(question, title=self._draft.question(question.title))
        role = Role.SIGNIFICATION if question.about == "story" else Role.CONTEXT
        if question.about == "annotation":
            self._draft.leave(
                header, columns[0][2], "aantekening van een onderzoeker, geen antwoord van de verteller"
            )
        elif question.kind in ("Text", "Textarea"):
            self._draft.leave(header, columns[0][2], OPEN_TEXT)
        elif question.kind == "Scale":
            self._scale(header, question, columns[0][2])
        elif question.kind.startswith("Multi"):
            chosen = self._chosen(question, columns)
            headers = {shown: f"{header}: {shown}" for shown in question.shown}
            self._draft.options(question.title, headers, chosen, role)
        else:
            chosen = self._chosen(question, columns)
            cells = ["; ".join(sorted(row)) for row in chosen]
            self._draft.choice(header, cells, role, question.title)

    def _chosen(self, question: Question, columns: Sequence[Column]) -> list[set[str]]:
        """Return for every row what was chosen, in the words that people read; count what is no answer."""
        numbered = {str(number): shown for number, shown in enumerate(question.shown, start=1)}
        named = dict(zip(question.answers, question.shown, strict=True)) | {
            one: one for one in question.shown
        }
        meant = numbered if question.kind.endswith("indexed") else named
        n_odd, rows = 0, []
        for cells in zip(*(self._given(question, column) for column in columns), strict=True):
            given = [one for some in cells for one in some]
            n_odd += sum(one not in meant for one in given) if meant else 0
            rows.append({meant.get(one, "") if meant else one for one in given} - {""})
        self._draft.unmatched(question.title, n_odd)
        return rows

    def _given(self, question: Question, column: Column) -> Iterator[list[str]]:
        header, _, cells = column
        settings = self._form.settings
        if question.kind.endswith("yes/no"):
            answer = header.partition(settings["Yes no questions Q-A separator"])[2].strip()
            answer = answer.removesuffix(settings["Yes no questions Q-A ending"]).strip()
            yield from (
                [answer] if cell == settings["Yes no questions yes indicator"] else [] for cell in cells
            )
        elif "delimited" in question.kind:
            delimiter = settings["Multi choice single column delimiter"]
            delimiter = " " if delimiter.lower() == "space" else delimiter
            yield from ([part.strip() for part in cell.split(delimiter) if part.strip()] for cell in cells)
        else:
            yield from ([cell] if cell else [] for cell in cells)

    def _scale(self, header: str, question: Question, cells: Sequence[str]) -> None:
        """Add a scale as a place between its ends; a third answer is the one for ‘does not apply’."""
        own = question.answers[2:]
        low, high = _range(own) if len(own) > 1 else self._form.scale
        numbers = [read_number(cell) for cell in cells]
        places = [
            "" if math.isnan(number) else number_text(min(max((number - low) / (high - low), 0.0), 1.0))
            for number in numbers
        ]
        self._draft.place(question.title, header, places, question.title, question.shown[:2])
        said = [
            bool(own) and cell == own[0] and math.isnan(number)
            for cell, number in zip(cells, numbers, strict=True)
        ]
        self._draft.not_applicable(
            question.title, f"{header}: n.v.t.", said, [bool(place) for place in places]
        )
        n = sum(
            bool(cell) and not place and not one for cell, place, one in zip(cells, places, said, strict=True)
        )
        self._draft.unmatched(question.title, n)
