"""Microsoft Forms, Google Forms, LimeSurvey and Qualtrics: what they write beside the answers, and how they write a heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wijkanalyse.corpus import ColumnSpec, Role
from wijkanalyse.loaders.forms import Form
from wijkanalyse.loaders.questions import NO
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import name_columns, read_month

Rows = Sequence[list[str]]


@dataclass(frozen=True, kw_only=True)
class Program:
    """The columns a program adds, as patterns of their codes or headings in lower case."""

    name: str
    clock: tuple[str, ...]  #: the first of these that is filled says when a story was told
    person: str
    own: str
    number: str = ""
    separators: tuple[str, ...] = (";",)


MICROSOFT = Program(
    name="Microsoft Forms", number="id", person="e-mail|e-mailadres|email|naam|name",
    clock=("begintijd", "start time", "tijd van voltooien", "completion time"),
    own=r"(tijd|tijdstip) van laatste wijziging|last modified time|(punten|points|feedback) [-–] .*|totaal( aantal)? punten"
    r"|total points|quiz ?feedback|cijfer vrijgegeven op|grade posted time",
)  # fmt: skip
GOOGLE = Program(
    name="Google Forms", clock=("tijdstempel", "timestamp"), own="score", separators=(";", ", "),
    person="e-mail|e-?mailadres|email|email address|gebruikersnaam|username",
)  # fmt: skip
LIMESURVEY = Program(
    name="LimeSurvey", number="id", clock=("startdate", "submitdate", "datestamp"),
    person=r"ipaddr|token|firstname|lastname|email|participant_id|attribute_\d+",
    own=r"lastpage|startlanguage|seed|refurl|quota_exit|(interview|group|question)time.*|emailstatus|language|sent|completed"
    r"|remindersent|remindercount|usesleft|validfrom|validuntil",
)  # fmt: skip
QUALTRICS = Program(
    name="Qualtrics", number="responseid", clock=("startdate", "recordeddate", "enddate"), separators=(";", ","),
    person="ipaddress|recipient(lastname|firstname|email)|external(data)?reference|location(latitude|longitude|accuracy)",
    own=r"responseset|status|progress|duration \(in seconds\)|finished|distributionchannel|userlanguage"
    r"|q_(ballot|recaptcha|relevantid|total|url|language|datapolicy|terminate|straight|duplicate|unanswered|ambiguous)\w*"
    r"|.+_(browser|version|operating system|resolution|first click|last click|page submit|click count)",
)  # fmt: skip
# Headings of LimeSurvey when only texts are exported, in English and Dutch.
LIMESURVEY_TEXTS = {
    r"response id|antwoord[ -]id|respons[ -]?id": "id", r"date started|start ?datum|datum gestart": "startdate",
    r"date submitted|datum (in|ver)zonden|datum ingestuurd|inzenddatum": "submitdate", r"seed": "seed",
    r"date last action|datum laatste (actie|handeling)": "datestamp", r"last page|laatste pagina": "lastpage",
    r"start language|start ?taal|begintaal": "startlanguage", r"ip[ -]address|ip[ -]adres": "ipaddr",
    r"referrer url|verwijzende url|verwijzings-?url": "refurl", r"token|access code|toegangscode": "token",
    r"total time|totale tijd|(group|question) time: .*": "interviewtime",
}  # fmt: skip
QUALTRICS_OWN = frozenset(
    "startdate enddate recordeddate responseid ipaddress status progress finished".split()
)
# Status as a word and as a number, and the channel.
PREVIEW = re.compile(r".*\b(preview|test)\b.*|[1259]|17", re.IGNORECASE)
FOR_PROGRAM = "schrijft het programma erbij; zegt niets over het verhaal"
SECOND_CLOCK = "een tweede tijdstip; het eerste telt"
TYPED = "wat iemand zelf bij een keuze typte; dat wordt hier niet gemaskeerd"


def read_microsoft(rows: Rows) -> Form | None:
    """Read Microsoft Forms: metadata in Dutch or English, then a column per question."""
    codes = _plain(_first(rows))
    known = {"begintijd", "tijd van voltooien"} <= set(codes) or {"start time", "completion time"} <= set(
        codes
    )
    return _form(MICROSOFT, codes, *_parted(rows)) if known else None


def read_google(rows: Rows) -> Form | None:
    """Read Google Forms: a time stamp, then a column per question."""
    codes = _plain(_first(rows))
    return _form(GOOGLE, codes, *_parted(rows)) if len(codes) > 1 and codes[0] in GOOGLE.clock else None


def read_limesurvey(rows: Rows) -> Form | None:
    """Read LimeSurvey, with codes above the columns, texts, or both (“G01Q01[SQ001]. Wat gebeurde er?”)."""
    header = _first(rows)
    parted = [re.fullmatch(r"(\w+(?:\[\w+\])*)\. (.+)", " ".join(cell.split())) for cell in header]
    codes = _plain([found[1] if found else cell for found, cell in zip(parted, header, strict=True)])
    header = [found[2] if found else cell for found, cell in zip(parted, header, strict=True)]
    if "id" not in codes:
        codes = [
            next((code for text, code in LIMESURVEY_TEXTS.items() if re.fullmatch(text, one)), one)
            for one in codes
        ]
    if "id" not in codes or len({"submitdate", "lastpage", "startlanguage", "seed"} & set(codes)) < 2:
        return None
    left_out, n_open = {}, 0
    _, body = _parted(rows)
    for index, code in enumerate(codes):
        cells = [row[index] for row in body]
        if code == "submitdate":
            n_open = sum(any(row) and not cell for row, cell in zip(body, cells, strict=True))
            # What LimeSurvey writes for a survey that does not keep the time.
            cells = ["" if cell.startswith("1980-01-01") else cell for cell in cells]
        elif re.search(r"comment\]$|\[opmerking\]$", code):
            left_out[index] = TYPED
        elif found := re.fullmatch(r"(.+?) ?\[(other|anders|overige?)\]", code):
            if sum(one.startswith((f"{found[1]}[", f"{found[1]} [")) for one in codes) == 1:
                left_out[index] = TYPED
            # That somebody typed something counts as a tick; the words stay out.
            cells = ["Y" if cell and cell.casefold() not in NO else cell for cell in cells]
            header[index] = re.sub(r"\[[^\[\]]+\]$", "[anders]", header[index])
        body = [[*row[:index], cell, *row[index + 1 :]] for row, cell in zip(body, cells, strict=True)]
    return _form(LIMESURVEY, codes, header, body, left_out=left_out, n_open=n_open)


def read_qualtrics(rows: Rows) -> Form | None:
    """Read Qualtrics: a row of codes, beneath it mostly one of questions, and in new exports one of its own JSON."""
    if _first(rows)[:1] == ["V1"]:  # the oldest exports have V1, V2 … above the names
        _, rows = _parted(rows)
    codes = _plain(_first(rows))
    if len(QUALTRICS_OWN & set(codes)) < 4:
        return None
    header, body = _parted(rows)
    dates = [index for index, code in enumerate(codes) if code in QUALTRICS.clock]
    if body and dates and not any(read_month(body[0][index]) for index in dates):
        header, body = body[0], body[1:]
    if body and any(cell.startswith('{"ImportId"') for cell in body[0]):
        body = body[1:]
    left_out = {index: TYPED for index, code in enumerate(codes) if re.search(r"_\d+_text$", code)}
    header = [
        _question(text) if re.search(r"_\d+$", code) else re.sub(SELECTED, "", text)
        for code, text in zip(codes, header, strict=True)
    ]
    marks = [index for index, code in enumerate(codes) if code in ("status", "distributionchannel")]
    real = [row for row in body if not any(PREVIEW.fullmatch(row[index]) for index in marks)]
    done = [index for index, code in enumerate(codes) if code == "finished"]
    n_open = sum(row[index].casefold() in NO for index in done for row in real)
    n_tests = len(body) - len(real)
    set_apart = {"proefantwoord van de makers in Qualtrics": n_tests} if n_tests else {}
    return _form(QUALTRICS, codes, header, real, left_out=left_out, n_open=n_open, set_apart=set_apart)


SELECTED = re.compile(r" - (selected choice|geselecteerde keuze)$", re.IGNORECASE)


def _question(text: str) -> str:
    """Write “Vraag - Selected Choice - optie” as “Vraag [optie]”."""
    question, dash, option = text.rpartition(" - ")
    return f"{re.sub(SELECTED, '', question)} [{option}]" if dash else text


def _plain(cells: Sequence[str]) -> list[str]:
    return [" ".join(cell.split()).casefold() for cell in cells]


def _first(rows: Rows) -> list[str]:
    """Return the first row that is filled, as long as the longest: by it a program is known."""
    width = max(map(len, rows), default=0)
    first: list[str] = next(filter(any, rows), [])
    return [*first, *[""] * (width - len(first))]


def _parted(rows: Rows) -> tuple[list[str], Rows]:
    """Return the first row that is filled, and all beneath it to the last that is; rows are equally long."""
    filled = [number for number, row in enumerate(rows) if any(row)]
    if not filled:
        return [], []
    width = max(map(len, rows))
    header, *body = ([*row, *[""] * (width - len(row))] for row in rows[filled[0] : filled[-1] + 1])
    return header, body


def _form(
    program: Program, codes: Sequence[str], header: Sequence[str], body: Rows, *,
    left_out: Mapping[int, str] | None = None, n_open: int = 0, **more: Any,
) -> Form:  # fmt: skip
    """Return the form, with what is known of the columns that the program adds."""
    names = name_columns(header)
    known, without = {}, {names[index]: why for index, why in (left_out or {}).items()}
    filled = {code for index, code in enumerate(codes) if any(row[index] for row in body)}
    clock = next((code for code in program.clock if code in filled), None)
    for code, name in zip(codes, names, strict=True):
        if code == clock:
            known[name] = ColumnSpec(name="month", label="Maand", role=Role.TIME, source=name)
        elif code in program.clock:
            without[name] = SECOND_CLOCK
        elif code == program.number:
            known[name] = ColumnSpec(
                name="narrative_id", label="Verhaalnummer", role=Role.NARRATIVE_ID, source=name
            )
        elif re.fullmatch(program.person, code):
            known[name] = ColumnSpec(
                name=re.sub(r"\W", "_", code), label=name, role=Role.DIRECT_IDENTIFIER, source=name
            )
        elif re.fullmatch(program.own, code):
            without[name] = FOR_PROGRAM
    unfinished = Guess(
        what=f"{n_open} antwoorden zijn niet afgemaakt; wie een verhaal schreef gaat mee",
        overrule="haal die rijen uit het bestand",
    )
    return Form(
        name=program.name, header=names, rows=tuple(map(tuple, body)), known=known, left_out=without,
        separators=program.separators, guesses=(unfinished,) if n_open else (), **more,
    )  # fmt: skip
