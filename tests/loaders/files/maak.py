"""Make the files of other programs that the readers are tested with: twelve stories of the sample, each time the same.

Run with a Python that has pyreadstat and pyarrow, beside LibreOffice: `python tests/loaders/files/maak.py`.
"""

from __future__ import annotations

import csv
import json
import subprocess
import tempfile
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


if __name__ == "__main__":
    main()
