"""Make the files of SenseMaker, NarraFirma and a program for coding: the same twelve stories as `maak`, and what tellers answered.

Run with the Python of the project; WIJKANALYSE_BUITEN names one that has pyrefiqda, which writes the project for coding.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

import wijkanalyse as wa

HERE = Path(__file__).parent
NUMBERS = [6, 40, 70, 85, 91, 129, 146, 158, 174, 196, 201, 218]
HEADER = ("Verhaalnummer", "Respondentnummer", "Titel", "Verhaal", "Perspectief", "Maand")
NAMES = ["narrative_id", "teller_id", "title", "text", "perspective", "month"]


def guid(*words: object) -> str:
    return str(uuid5(NAMESPACE_URL, " ".join(map(str, words))))


CORNERS = {"about_income": "rondkomen", "about_taking_part": "meedoen", "about_safety": "veilig zijn"}
ENDS = ("losgelaten", "overgenomen")
TRIAD, DYAD, CHOICE = "In dit verhaal ging het om …", "De hulp heeft mij …", "Hoe voelde het?"


def save_sensemaker(told: list[dict[str, object]]) -> None:
    """Write the raw export and the framework: GUIDs for questions and answers, places as shares and as X and Y."""
    perspectives = sorted({str(row["perspective"]) for row in told})
    feelings = sorted({str(row["feeling"]) for row in told if isinstance(row["feeling"], str)})
    nothing: dict[str, object] = {
        "parameters": {},
        "items": {},
        "labels": {},
        "stones": {},
        "axis": {"x": {}, "y": {}},
    }

    def signifier(kind: str, title: str, *, sticky: bool = False, **content: object) -> dict[str, object]:
        about = {
            "id": guid(title),
            "name": "Name",
            "type": kind,
            "title": title,
            "allow_na": True,
            "sticky": sticky,
        }
        return {**about, "content": {**nothing, **content}}

    def items(names: list[str], key: str = "title") -> list[dict[str, str]]:
        return [{"id": guid(name), key: f"<div>{name}<br></div>"} for name in names]

    story = signifier("freetext", "<p>Vertel over een moment dat u is bijgebleven.</p>", multiline=True)
    title = signifier("freetext", "Welke <b>titel</b> geeft u uw verhaal?")
    who = signifier(
        "list", "Ik vertel dit als&nbsp;…", sticky=True, items=items(perspectives), max_responses=1
    )
    felt = signifier("list", CHOICE, items=items(feelings), max_responses=3)
    triad = signifier("triad", f"<i>{TRIAD}</i>", labels=items(list(CORNERS.values()), "text"))
    dyad = signifier("dyad", DYAD, labels=items(list(ENDS), "text"))
    photo = signifier("photo", "Voeg een foto toe")
    framework = {
        "definition_version": 1, "name": "Vertelpunt", "id": guid("project"), "language": "nl",
        "fragment_signifier_id": story["id"],
        "sections": [{"id": guid("deel"), "title": "", "signifiers": [story, title, who, felt, triad, dyad, photo]}],
    }  # fmt: skip
    (HERE / "sensemaker.json").write_text(
        json.dumps(framework, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    rows = []
    for number, row in enumerate(told):
        when = datetime.fromisoformat(f"{row['month']}-14T09:30:00+00:00").astimezone(UTC)
        cells: dict[str, object] = {
            "id": row["narrative_id"], "project_id": guid("project"), "version": 0.3, "language": "nl",
            "server_upload_time": int(when.timestamp() * 1000),
            f"{story['id']}": row["text"], f"{title['id']}": row["title"], f"{who['id']}": guid(row["perspective"]),
        }  # fmt: skip
        cells |= {f"{felt['id']}_{guid(one)}": int(one == row["feeling"]) or "" for one in feelings}
        top, right = row["about_income"], row["about_safety"]
        known = not pd.isna(top)
        cells[f"{triad['id']}_percentX"] = right + top / 2 if known else ""
        cells[f"{triad['id']}_percentY"] = top if known else ""
        for name, label in CORNERS.items():
            # Some rows have the place alone.
            cells[f"{triad['id']}_{guid(label)}"] = row[name] if known and number % 4 else ""
        cells[f"{triad['id']}_NA"] = "" if known else 1
        place = row["dyad_help"]
        known = not pd.isna(place)
        cells[f"{dyad['id']}_percentX"] = place if known else ""
        cells[f"{dyad['id']}_{guid(ENDS[0])}"] = round(1 - place, 2) if known else ""
        cells[f"{dyad['id']}_{guid(ENDS[1])}"] = place if known else ""
        cells[f"{dyad['id']}_NA"] = 1 if row["narrative_id"] == "V174" else ""
        cells |= {
            f"{photo['id']}": "",
            "definition_version": 1,
            "responder_id": row["teller_id"],
            "meta_platform": "web",
        }
        cells |= {"meta_platform_verion": "", "meta_selectedLanguage": "nl"}
        rows.append(cells)
    pd.DataFrame(rows).to_csv(HERE / "sensemaker.csv", index=False)


def save_narrafirma(told: list[dict[str, object]]) -> None:
    """Write data and a story form with a question of every common kind."""
    perspectives = sorted({str(row["perspective"]) for row in told})
    feelings = sorted({str(row["feeling"]) for row in told if isinstance(row["feeling"], str)})
    form = [
        ["; Verhaalformulier van het vertelpunt"],
        ["Data column name", "Type", "About", "Short name", "Long name", "Options", "Answers"],
        ["", "Story title column name", "import", "", "", "", "Titel"],
        ["", "Story text column name", "import", "", "", "", "Verhaal"],
        ["", "Participant ID column name", "import", "", "", "", "Wie"],
        ["", "Story collection date column name", "import", "", "", "", "Datum"],
        ["", "End text", "form", "", "", "", "<strong>Bedankt</strong>"],
        ["Rol", "Single choice", "participant", "Rol", "Ik vertel dit als …", "", *(f"{one[:5]}|{one}" for one in perspectives)],
        ["Gevoel", "Multi-choice multi-column texts", "story", "Gevoel", CHOICE, "writeInTextBoxLabel=Anders", *feelings],
        ["Hulp", "Scale", "story", "Hulp", DYAD, "", *ENDS],
        ["Vraag", "eliciting", "eliciting", "Vraag", "", "", "moment|Een moment|Vertel over een moment dat u is bijgebleven."],
    ]  # fmt: skip
    write_csv("narrafirma-formulier.csv", form, encoding="utf-8-sig")
    header = [
        "Wie",
        "Titel",
        "Verhaal",
        "Datum",
        "Vraag",
        "Rol",
        *["Gevoel"] * len(feelings),
        "WRITEIN_Gevoel",
        "Hulp",
        "Los",
    ]
    rows: list[list[object]] = [header, ["; proef", *[""] * (len(header) - 1)]]
    for row in told:
        ticks = [one if one == row["feeling"] else "" for one in feelings]
        place = "" if pd.isna(row["dyad_help"]) else round(float(str(row["dyad_help"])) * 100)
        before = [row["teller_id"], row["title"], row["text"], f"{row['month']}-14", "moment"]
        rows.append([*before, str(row["perspective"])[:5], *ticks, "", place, "x"])
    write_csv("narrafirma.csv", rows, encoding="utf-8-sig")


def write_csv(name: str, rows: list[list[object]] | list[list[str]], encoding: str = "utf-8") -> None:
    with (HERE / name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_MINIMAL).writerows(rows)


def native_line(cells: list[str], delimiter: str = ",") -> str:
    """Write cells as NarraFirma does: quotes for a delimiter, and once more for a line break; never for a quote."""
    done = []
    for cell in cells:
        for sign in (delimiter, "\n"):
            if sign in cell:
                cell = '"' + cell.replace('"', '""') + '"'
        done.append(cell)
    return delimiter.join(done) + "\n"


def native_story(text: str) -> str:
    """Return a story as NarraFirma hands it to its writer of lines."""
    return f'"{text}"' if "\n" in text or "\r" in text else text


def save_native(told: list[dict[str, object]]) -> None:
    feelings = sorted({str(row["feeling"]) for row in told if isinstance(row["feeling"], str)})
    n = len(feelings)
    header = ["Story title", "Story text", "Collection date", "Language", "Eliciting question"]
    lines = [
        [*header, *["Gevoel"] * n, "WRITEIN_Gevoel", "Ik vertel dit als"],
        [";", *[""] * 4, *feelings, "", ""],
    ]
    for row in told:
        ticks = [one if one == row["feeling"] else "" for one in feelings]
        cells = [
            row["title"],
            native_story(str(row["text"])),
            f"{row['month']}-14",
            "nl",
            "Een moment",
            *ticks,
            "",
            row["perspective"],
        ]
        lines.append([str(cell) for cell in cells])
    (HERE / "narrafirma-native.csv").write_text(
        "".join(map(native_line, lines)), encoding="utf-8", newline=""
    )


QDPX = """
import json, sys, tempfile
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from pyrefiqda.refiproject import RefiProject
from pyrefiqda import models as m
guid = lambda *words: str(uuid5(NAMESPACE_URL, " ".join(words)))
records, beside = json.load(sys.stdin), ["Respondentnummer", "Titel", "Perspectief", "Maand"]
with tempfile.TemporaryDirectory() as name:
    sources, code = [], guid("code")
    for record in records:
        number = record["Verhaalnummer"]
        path = Path(name) / f"{number}.txt"
        path.write_text(record["Verhaal"], encoding="utf-8")
        quote = record["Verhaal"][5:20]
        selection = m.PlainTextSelectionType(guid=guid("plaats", number), name=quote, start_position=5, end_position=20,
            coding=[m.CodingType(guid=guid("codering", number), code_ref=m.CodeRefType(target_guid=code))])
        sources.append(m.TextSourceType(
            guid=guid("bron", number), name=number, plain_text_selection=[selection],
            plain_text_path=RefiProject.import_source_file(path, name, guid("bron", number)),
            variable_value=[m.VariableValueType(variable_ref=m.VariableRefType(target_guid=guid(one)), text_value=record[one]) for one in beside]))
    project = m.Project(name="Twaalf", sources=m.SourcesType(text_source=sources),
        code_book=m.ProjectCodeBookType(codes=m.ProjectCodesType(code=[m.ProjectCodeType(guid=code, name="Hulp", is_codable=True)])),
        variables=m.VariablesType(variable=[m.VariableType(guid=guid(one), name=one, type_of_variable="Text") for one in beside]))
    RefiProject.save(project, sys.argv[1], source_media_dir=Path(name) / "sources")
"""


def save_qdpx(records: list[dict[str, str]]) -> None:
    python = os.environ["WIJKANALYSE_BUITEN"]
    subprocess.run(
        [python, "-c", QDPX, HERE / "twaalf.qdpx"], input=json.dumps(records), text=True, check=True
    )


def main() -> None:
    frame = wa.load_sample().frame.set_index("narrative_id", drop=False)
    frame = frame.loc[[f"V{number:03d}" for number in NUMBERS]]
    told = frame.to_dict("records")
    save_sensemaker(told)
    save_narrafirma(told)
    save_native(told)
    save_qdpx([dict(zip(HEADER, row, strict=True)) for row in frame[NAMES].itertuples(index=False)])


if __name__ == "__main__":
    main()
