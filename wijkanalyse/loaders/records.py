"""Tables that carry their own names and types (JSON Lines, Parquet, SPSS) to a plain table of strings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, Problem, list_names
from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.tabular import Table, decode, make_table
from wijkanalyse.loaders.workbook import cell_text

if TYPE_CHECKING:
    import pandas as pd


def read_jsonl(path: Path) -> Table:
    """Read JSON Lines: one object per line, its names are the columns, in the order they come up.

    Raises
    ------
    InputError
        With the number of every line that is no object.
    """
    text, _ = decode(path.read_bytes(), path.name)
    wrong, records = [], []
    # Not splitlines: that also cuts at characters that may stand within a text.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            records.append(record)
        else:
            wrong.append(number)
    if wrong:
        raise InputError.one(
            what=f"{len(wrong)} regels zijn geen JSON-object.",
            where=f"{path.name}, regel {list_names(wrong)}",
            expected='op elke regel één object: {"verhaal": "…", "nummer": 1}',
            now="Verbeter deze regels, of sla het bestand op als .csv of .xlsx.",
        )
    names = list(dict.fromkeys(name for record in records for name in record))
    return make_table(
        path.name, [names, *([_json_text(record.get(name)) for name in names] for record in records)], []
    )


def _json_text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_json_text, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else cell_text(value)


def read_parquet(path: Path) -> Table:
    """Read Parquet, when pyarrow is there: it is heavy, and no part of the basis.

    Raises
    ------
    InputError
        When pyarrow is missing or the file cannot be read.
    """
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except ImportError as error:
        raise InputError.one(
            what="Om Parquet te lezen is er een pakket nodig dat niet is ingericht.",
            where=path.name,
            expected="het pakket pyarrow",
            now="Installeer het met: .venv/bin/pip install pyarrow. Of sla het bestand op als .csv.",
        ) from error
    except Exception as error:
        raise _broken(path.name, "Parquet-bestand") from error
    return _from_frame(path.name, frame, list(frame.columns), [])


def read_sav(path: Path) -> Table:
    """Read SPSS; answers by their label, and the question as the header where there is one.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(path, apply_value_formats=True, formats_as_category=False)
    except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, OSError) as error:
        raise _broken(path.name, "SPSS-bestand (.sav)") from error
    labels = meta.column_names_to_labels
    guess = Guess(
        what="de vraagteksten uit SPSS zijn de kolomnamen, de labels de antwoorden",
        overrule="sla op als .csv",
    )
    return _from_frame(path.name, frame, [labels.get(name) or name for name in frame.columns], [guess])


def _from_frame(source: str, frame: pd.DataFrame, header: list[str], guesses: list[Guess]) -> Table:
    rows = ([cell_text(value) for value in row] for row in frame.astype(object).itertuples(index=False))
    return make_table(source, [list(map(str, header)), *rows], guesses)


def _broken(name: str, kind: str) -> InputError:
    return InputError([Problem(
        what=f"Dit bestand is beschadigd of is geen {kind}.", where=name, expected=f"een {kind} dat het programma opent waar het vandaan komt",
        now="Bewaar het daar opnieuw, of als .csv of .xlsx.",
    )])  # fmt: skip
