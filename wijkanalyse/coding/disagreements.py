"""Where coders differ, on paper: to talk about side by side, with room for what they agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding.exchange.writing import render
from wijkanalyse.corpus import Corpus, PrivacyStatus
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import Audience, release_texts

if TYPE_CHECKING:
    from wijkanalyse.coding.agreement import CoderComparison
    from wijkanalyse.privacy.decisions import Store


def write_disagreements(
    comparison: CoderComparison, path: str | Path, *, corpus: Corpus, project: Store | None = None
) -> Path:
    """Write the places that coders read differently as a page to print, for the coders themselves.

    Parameters
    ----------
    comparison : CoderComparison
        From `compare_coders`.
    path : str or Path
        Ends in `.html`.
    corpus : Corpus
        Masked or reviewed; of a corpus that nobody reviewed the page says so.
    project : Project, optional
        Its log gets a line.

    Raises
    ------
    PrivacyError
        When the corpus is still `ruw`.
    InputError
        When the file cannot be written, or a story is not in the corpus.
    """
    told = list(differences(comparison))
    ids = list(dict.fromkeys(place["narrative_id"] for place in told))
    texts = {safe.narrative_id: safe for safe in release_texts(corpus, ids, audience=Audience.WORKBENCH)}
    stories = [
        {"safe": texts[key], "places": [place for place in told if place["narrative_id"] == key]}
        for key in ids
    ]
    is_draft = corpus.status is not PrivacyStatus.REVIEWED
    page = render("disagreements.html.j2", stories=stories, note=comparison.note, draft=is_draft)
    return write_file(path, page, corpus, audience=Audience.WORKBENCH, project=project)


def differences(comparison: CoderComparison) -> Iterator[dict[str, Any]]:
    """Yield every place that was read differently: narrative_id, start, end, text, codes, and of each coder her codes and memo."""
    frame = comparison.disagreements
    coders = [name.removeprefix("codes: ") for name in frame.columns if name.startswith("codes: ")]
    places = ["narrative_id", "start", "end"]
    plain = frame.astype(object).where(frame.notna(), None)
    for key, rows in plain.groupby(places, sort=True, dropna=False):
        first = rows.iloc[0]
        start, end = (None if first[name] is None else int(first[name]) for name in places[1:])
        words = dict.fromkeys(part for text in rows["text"] for part in text.split(" | "))
        said = [
            {"coder": coder, "codes": first[f"codes: {coder}"] or "", "memo": first[f"memo: {coder}"] or ""}
            for coder in coders
        ]
        yield {
            "narrative_id": key[0], "start": start, "end": end, "text": " | ".join(words),
            "codes": [f"{row.name}: wel {row.coded_by}, niet {row.not_coded_by}" for row in rows.itertuples()], "said": said,
        }  # fmt: skip
