"""Make the files of other programs that the readers are tested with: twelve stories of the sample, each time the same.

Run with a Python that has pyreadstat and pyarrow, beside LibreOffice: `python tests/loaders/files/maak.py`.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

import wijkanalyse as wa

HERE = Path(__file__).parent
NUMBERS = [6, 40, 70, 85, 91, 129, 146, 158, 174, 196, 201, 218]
HEADER = ("Verhaalnummer", "Respondentnummer", "Titel", "Verhaal", "Perspectief", "Maand")
NAMES = ["narrative_id", "teller_id", "title", "text", "perspective", "month"]


def office(source: Path, suffix: str, name: str, *more: str) -> None:
    """Let LibreOffice write `source` as another kind of file."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", *more]
        subprocess.run(
            [*command, "--convert-to", suffix, "--outdir", folder, str(source)],
            check=True,
            capture_output=True,
        )
        (HERE / name).write_bytes((Path(folder) / f"{source.stem}.{suffix.partition(':')[0]}").read_bytes())


def save_documents(rows: list[tuple[str, ...]]) -> None:
    """Let LibreOffice write the stories as documents, from web pages; the attributes stand in them or in a table beside them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = [page(row[2], row[3]) for row in rows[1:]]
        for number, one in enumerate(pages, start=1):
            (folder / f"{number:02d}.html").write_text(PAGE.format(one), encoding="utf-8")
        run_office(folder, "docx:Office Open XML Text", sorted(folder.glob("??.html")))
        beside = io.StringIO(newline="")
        header = ("Bestand", *(column for column in HEADER if column != "Verhaal"))
        csv.writer(beside, delimiter=";").writerows(
            [header, *((f"{number:02d}", *row[:3], *row[4:]) for number, row in enumerate(rows[1:], start=1))]
        )
        with zipfile.ZipFile(HERE / "twaalf-docx.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.glob("??.docx")):
                archive.write(path, path.name)
            archive.writestr("kenmerken.csv", beside.getvalue())
        blocks = [front_matter(row) for row in rows[1:]]
        both = [
            page(f"Verhaal {number}", block.replace("\n", "\n\n") + f"\n\n{row[3]}")
            for number, (row, block) in enumerate(zip(rows[1:], blocks, strict=True), start=1)
        ]
        (folder / "twaalf.html").write_text(PAGE.format("".join(both)), encoding="utf-8")
        for suffix, name in (("odt:writer8", "twaalf.odt"), ("pdf:writer_web_pdf_Export", "twaalf.pdf")):
            run_office(folder, suffix, [folder / "twaalf.html"])
            (HERE / name).write_bytes((folder / name).read_bytes())
        with zipfile.ZipFile(HERE / "twaalf-md.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (row, block) in enumerate(zip(rows[1:], blocks, strict=True), start=1):
                archive.writestr(f"{number:02d}.md", f"{block}\n\n{row[3]}\n")


PAGE = "<html><head><meta charset='utf-8'></head><body>{}</body></html>"


def page(title: str, text: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(one).replace(chr(10), '<br>')}</p>" for one in text.split("\n\n"))
    return f"<h1>{html.escape(title)}</h1>{paragraphs}"


def front_matter(row: tuple[str, ...]) -> str:
    values = (f"{name}: {value}" for name, value in zip(HEADER, row, strict=True) if name != "Verhaal")
    return "\n".join(["---", *values, "---"])


def run_office(folder: Path, suffix: str, paths: list[Path]) -> None:
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--infilter=HTML (StarWriter)",
    ]
    subprocess.run(
        [*command, "--convert-to", suffix, "--outdir", str(folder), *map(str, paths)],
        check=True,
        capture_output=True,
    )


def main() -> None:
    frame = wa.load_sample().frame.set_index("narrative_id", drop=False)
    frame = frame.loc[[f"V{number:03d}" for number in NUMBERS], NAMES]
    rows = [HEADER, *frame.itertuples(index=False)]
    with (HERE / "twaalf.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    utf8 = "--infilter=CSV:44,34,UTF8"
    for suffix in ("xlsx", "xls", "ods"):
        office(HERE / "twaalf.csv", suffix, f"twaalf.{suffix}", utf8)
    records = [dict(zip(HEADER, row, strict=True)) for row in rows[1:]]
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (HERE / "twaalf.jsonl").write_text("".join(lines), encoding="utf-8")
    table = pd.DataFrame(records)
    table.to_parquet(HERE / "twaalf.parquet", index=False)
    save_sav(table)
    save_documents(rows)
    save_surveys(rows)


def save_sav(table: pd.DataFrame) -> None:
    """Write SPSS as it exports a questionnaire: short names, questions as labels, answers as numbers with a label."""
    import pyreadstat

    answers = dict(enumerate(sorted(table["Perspectief"].unique()), start=1))
    numbers = {answer: number for number, answer in answers.items()}
    coded = table.assign(Perspectief=table["Perspectief"].map(numbers))
    coded.columns = [f"v{number}" for number in range(1, len(HEADER) + 1)]
    pyreadstat.write_sav(
        coded, str(HERE / "twaalf.sav"), column_labels=list(HEADER), variable_value_labels={"v5": answers}
    )


HELPED = ("luisteren", "doorvragen", "geld, of een lening")
QUESTIONS = ("Wat gebeurde er?", "Welke titel geeft u uw verhaal?", "Ik vertel dit als …", "Wat hielp?")


def save_surveys(rows: list[tuple[str, ...]]) -> None:
    """Write the stories as four form programs export them, with what they add; “Wat hielp?” has several answers."""
    told = []
    for number, (_, _, title, text, perspective, month) in enumerate(rows[1:], start=1):
        helped = [option for at, option in enumerate(HELPED) if number >> at & 1]
        told.append((number, f"{month}-15 10:{number:02d}:00", text, title, perspective, helped))
    metadata = ("ID", "Begintijd", "Tijd van voltooien", "E-mail", "Naam", "Tijd van laatste wijziging")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "microsoft.csv"
        cells = [
            (
                number,
                when,
                when,
                f"iemand{number}@voorbeeld.nl",
                f"Iemand {number}",
                "",
                *asked,
                ";".join([*helped, ""]) if helped else "",
            )
            for number, when, *asked, helped in told
        ]
        write_csv(path, [(*metadata, *QUESTIONS), *cells], ",")
        office(path, "xlsx", "microsoft-forms.xlsx", "--infilter=CSV:44,34,UTF8")
    cells = [(when.replace("-", "/"), "", *asked, ", ".join(helped)) for _, when, *asked, helped in told]
    write_csv(HERE / "google-forms.csv", [("Tijdstempel", "E-mailadres", *QUESTIONS), *cells], ",")
    codes = [f"G01Q{number:02d}. {question}" for number, question in enumerate(QUESTIONS[:3], start=1)]
    ticks = [f"G01Q04[SQ{at:03d}]. Wat hielp? [{option}]" for at, option in enumerate(HELPED, start=1)]
    header = (
        "id. Antwoord ID", "submitdate. Datum ingestuurd", "lastpage. Laatste pagina", "startlanguage. Starttaal",
        "seed. Seed", "ipaddr. IP-adres", *codes, *ticks, "G01Q04[other]. Wat hielp? [Anders]",
    )  # fmt: skip
    cells = [
        (
            number,
            when,
            3,
            "nl",
            1234567,
            "192.0.2.1",
            *asked,
            *("Y" if option in helped else "" for option in HELPED),
            "",
        )
        for number, when, *asked, helped in told
    ]
    write_csv(HERE / "limesurvey.csv", [header, *cells], ";", quoting=csv.QUOTE_ALL)
    header = (
        "StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
        "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference", "LocationLatitude",
        "LocationLongitude", "DistributionChannel", "UserLanguage", "Q1", "Q2", "Q3", "Q4_1", "Q4_2", "Q4_3", "Q4_3_TEXT",
    )  # fmt: skip
    asked_so = [f"{QUESTIONS[3]} - Selected Choice - {option}" for option in HELPED]
    own = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", "\n".join(header[:17])).split("\n")
    texts = (*own, *QUESTIONS[:3], *asked_so, f"{asked_so[-1]} - Text")
    ids = [json.dumps({"ImportId": name[0].lower() + name[1:]}) for name in header]
    cells = [
        (
            when, when, "IP Address", "192.0.2.1", 100, 300, "True", when, f"R_{number:02d}aB", "Iemand", "", "", "", 52.1, 5.1,
            "anonymous", "NL", *asked, *(option if option in helped else "" for option in HELPED), "van mijn buurman" if number == 4 else "",
        )
        for number, when, *asked, helped in told
    ]  # fmt: skip
    preview = (
        "2025-01-01 09:00:00",
        "",
        "Survey Preview",
        *[""] * 12,
        "preview",
        "NL",
        "Even kijken of dit werkt",
        *[""] * 6,
    )
    with (HERE / "qualtrics.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, texts, ids, preview, *cells])


def write_csv(path: Path, rows: list[tuple[object, ...]], delimiter: str, **more: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, **more).writerows(rows)


if __name__ == "__main__":
    main()
