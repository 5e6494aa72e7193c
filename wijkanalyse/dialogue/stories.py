"""The masked narratives as a table that may be handed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, release_texts, shown_attribute
from wijkanalyse.privacy.tables import table_file

if TYPE_CHECKING:
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.privacy.decisions import Store

_WIDTHS = (10, 26, 120, 20)  #: of the columns in a spreadsheet, in letters


def write_stories(corpus: Corpus, path: str | Path, *, project: Store | None = None) -> Path:
    """Write the reviewed narratives to a CSV or XLSX file: number, title, text and at most one attribute.

    Parameters
    ----------
    corpus : Corpus
        Reviewed; `corpus.only_reviewed()` gives the part that is.
    path : str or Path
        Ends in `.csv` (for Excel: semicolons, UTF-8) or `.xlsx`.
    project : Project, optional
        Its log gets a line.

    Returns
    -------
    Path

    Raises
    ------
    PrivacyError
        When narratives were not reviewed, or a masked name still stands in one.
    InputError
        When the file cannot be written.

    Notes
    -----
    Who told what is left out: two narratives by one teller are easier to recognise than two by two. The attribute is
    empty where fewer than ten tellers share it.
    """
    path = Path(path)
    attribute = shown_attribute(corpus)
    everybody = dict.fromkeys(corpus.frame["narrative_id"], "")
    texts = release_texts(corpus, audience=Audience.OUTSIDE, group=everybody)
    header = ["Nummer", "Titel", "Verhaal", *([corpus.spec(attribute).label] if attribute else [])]
    rows = [[safe.narrative_id, safe.title, safe.text, safe.attribute][: len(header)] for safe in texts]
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError.one(
            what="Verhalen kunnen niet in dit soort bestand.",
            where=path.name,
            expected="een naam op .csv of .xlsx",
            now="Kies een van deze twee.",
        )
    content = table_file([header, *rows], path.suffix, title="verhalen", widths=_WIDTHS)
    return write_file(path, content, corpus, audience=Audience.OUTSIDE, project=project)
