"""NarraFirma's catalysis file (CSV, its own words: "observations" with "interpretations"), in and out."""

from __future__ import annotations

import csv
import io
import math
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.patterns.cards import PatternCard, Reading
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wijkanalyse.corpus import Corpus

NOTE, PULLS = "[note]", " ↔ "
HEADER = (
    "; Observation,Name,Description,Strength,Linking question,Pattern,Graph type,"
    "Question 1,Question 2,Question 3,Additional patterns,X,Y"
)
APART = 200  # between perspectives in NarraFirma's diagram, where an interpretation belongs to the nearest


def export_catalysis(corpus: Corpus, cards: Sequence[PatternCard], path: str | Path) -> Path:
    """Write cards with their readings to a `.csv` for NarraFirma; the stories stay here.

    Raises
    ------
    PrivacyError
        When the corpus is not reviewed, cards were not found with `audience=Audience.OUTSIDE`, or a masked name
        stands in a text.
    """
    if any(card.audience != Audience.OUTSIDE for card in cards):
        raise PrivacyError.one(
            what="Op deze kaarten staan getallen die alleen voor de werkbank zijn.",
            where="wa.export_catalysis, cards",
            expected="kaarten waarvan elk getal op tien vertellers of meer rust",
            now="Zoek ze met wa.find_patterns(…, audience=Audience.OUTSIDE).",
        )
    names = sorted({reading.perspective for card in cards for reading in card.readings})
    rows = [[*HEADER.split(","), "Interpretation name|description|idea|questions|x|y"]]
    for card in cards:
        cells = []
        for reading in card.readings:
            name, text = reading.perspective.replace("|", "¦"), reading.text.replace("|", "¦")
            cells.append(f"{name}|{text}|||{APART * names.index(reading.perspective)}|{APART}")
        said = [f"{part.session}, {part.date}: {line}" for part in card.said for line in part.lines]
        row = [
            card.title,
            card.observation,
            "",
            card.linking_question,
            card.card_id,
            "",
            "",
            "",
            "",
            PULLS.join(card.tension),
        ]
        rows.append(["Observation", *row, "", "", *cells, "\n".join([NOTE + card.note, *said])])
    rows += [["Perspective", name, "", str(APART * n), str(APART), str(n)] for n, name in enumerate(names)]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return write_file(path, out.getvalue(), corpus, audience=Audience.OUTSIDE)


def import_catalysis(path: str | Path, cards: Sequence[PatternCard] = ()) -> list[PatternCard]:
    """Read the observations and interpretations of a catalysis file as cards with readings.

    Parameters
    ----------
    path : str or Path
        UTF-8. An interpretation belongs to the nearest perspective of the diagram, else its name is one; graphs
        are left behind.
    cards : sequence of PatternCard
        Those that were exported come back whole, with the readings of the file. Other cards have no stories.

    Raises
    ------
    InputError
        When it cannot be read, or is another file.
    """
    rows, known = _rows(Path(path)), {card.card_id: card for card in cards}
    places = [(row[1], *row[3:5]) for row in rows if row[0] == "Perspective"]
    found = []
    for number, row in enumerate((row for row in rows if row[0] == "Observation"), start=1):
        card = known.get(row[5]) or PatternCard(
            card_id=row[5] or f"narrafirma-{number}",
            kind="uit NarraFirma",
            theme_id=None,
            title=row[1],
            observation=row[2],
            firmness=row[3] or "niet bekend",
            note="\n".join(cell.removeprefix(NOTE) for cell in row[13:] if cell.startswith(NOTE)),
            n_narratives=0,
            n_tellers=0,
            stories=(),
            missing_voices=(),
            linking_question=row[4],
            tension=tuple(row[10].split(PULLS)) if row[10].count(PULLS) == 1 else (),
        )
        cells = [cell for cell in row[13:] if cell and not cell.startswith(NOTE)]
        found.append(replace(card, readings=tuple(_reading(cell, places) for cell in cells)))
    return found


def _reading(cell: str, places: list[tuple[str, ...]]) -> Reading:
    def spot(texts: Sequence[str]) -> list[float]:
        return [float(text) if text.isdecimal() else 100 for text in texts]  # where NarraFirma puts it then

    name, *texts = [part.strip().replace("¦", "|") for part in f"{cell}|||||".split("|")]
    nearest = min(places, default=(name,), key=lambda place: math.dist(spot(place[1:]), spot(texts[3:5])))[0]
    text = "\n".join(part for part in ("" if name == nearest else name, *texts[:3]) if part)
    return Reading(perspective=nearest or "onbekend", text=text)


def _rows(path: Path) -> list[list[str]]:
    text = ""
    with suppress(OSError, UnicodeDecodeError):
        text = path.read_bytes().decode("utf-8-sig")
    tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) for mark in ",;\t"]
    rows = max(tables, key=lambda table: sum(len(row) for row in table if row[:1] == ["Observation"]))
    rows = [[*row, *[""] * 13] for row in rows if row and row[0].strip("; ") and row[0][0] != ";"]
    kinds = {row[0] for row in rows}
    if "Observation" not in kinds or not kinds <= {"Observation", "Perspective", "Theme"}:
        raise InputError.one(
            what="Dit is geen catalysis-bestand van NarraFirma, of het is niet te lezen.",
            where=path.name,
            expected="een CSV in UTF-8 waarvan elke rij begint met Observation, Perspective of Theme",
            now="Exporteer het opnieuw uit NarraFirma.",
        )
    # NarraFirma quotes a cell with both lines and a delimiter twice.
    return [
        [cell[1:-1].replace('""', '"') if re.fullmatch('(?s)".*\n.*"', cell) else cell for cell in row]
        for row in rows
    ]
