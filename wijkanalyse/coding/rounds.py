"""A round of coding by several people: who is done with which story, what a blind coder may see, which suggestions are open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding import kept

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus


def reject_suggestions(project: Any, suggestions: pd.DataFrame, *, coder: str | None = None) -> None:
    """Keep that a person does not take rows of `suggest_codings`, in one action."""
    project.decide(
        kept.as_decided(project, suggestions, kept.REFUSED, coder), action="voorstel afgewezen", who=coder
    )


def open_suggestions(
    project: Any, corpus: Corpus, suggestions: pd.DataFrame, *, coder: str | None = None
) -> pd.DataFrame:
    """Return the rows of `suggest_codings` that a person still has to decide about.

    What she took, refused or coded herself is left out, and so are codes that the project does not have and quotes that do
    not stand at their place.
    """
    codes, told = project.decisions(kept.CODE), dict(corpus.frame[["narrative_id", "text"]].to_numpy())
    known = {
        kept.place(value)
        for kind in (kept.CODING, kept.SUGGESTION)
        for value in project.decisions(kind).values()
    }
    is_open = [
        kept.is_current(codes.get(row["code"]))
        and row["narrative_id"] in told
        and told[row["narrative_id"]][row["start"] or 0 : row["end"] or 0] == row["quote"]
        and kept.place({**row, "coder": coder or project.who}) not in known
        for row in kept.suggestion_rows(suggestions)
    ]
    return suggestions.loc[is_open]


def mark_done(project: Any, narrative_id: str, *, is_done: bool = True, coder: str | None = None) -> None:
    """Keep that a person is done with a story, or not yet after all."""
    value = {"narrative_id": narrative_id, "coder": coder or project.who}
    held = project.decisions(kept.DONE)
    key = next(
        (key for key, each in held.items() if kept.place(each) == kept.place(value)), kept.key_of(value, held)
    )
    if is_done != (key in held):
        now = datetime.now(UTC).isoformat(timespec="seconds")
        project.decide(
            {(kept.DONE, key): {**value, "date": now} if is_done else None},
            action="verhaal klaar" if is_done else "verhaal weer open",
            who=coder,
        )


def done(project: Any) -> pd.DataFrame:
    """Return who is done with which story: narrative_id, coder, date; `seen=` of `wa.compare_coders`."""
    import pandas as pd

    rows = list(project.decisions(kept.DONE).values())
    frame = pd.DataFrame(rows, columns=["narrative_id", "coder", "date"])
    return frame.sort_values(["narrative_id", "coder"], ignore_index=True)


def blinded(project: Any, frame: pd.DataFrame, *, coder: str | None = None) -> pd.DataFrame:
    """Return the rows of `codings` or `memos` that a person may see in a blind round: of others only in stories that she is done with."""
    mine = coder or project.who
    ready = {each["narrative_id"] for each in project.decisions(kept.DONE).values() if each["coder"] == mine}
    return frame[(frame["coder"] == mine) | frame["narrative_id"].isin(ready)].reset_index(drop=True)


def undo_coding(project: Any, *, coder: str | None = None) -> tuple[bool, str]:
    """Undo the last thing that a person did, not that of another; return whether there was one, and its story ("" for none)."""
    before = {(kind, key): value for kind in kept.BY_CODERS for key, value in project.decisions(kind).items()}
    touched = project.undo(kept.BY_CODERS, who=coder or project.who)
    after = {(kind, key): value for kind in kept.BY_CODERS for key, value in project.decisions(kind).items()}
    about = [(before.get(key) or after.get(key) or {}).get("narrative_id") for key in touched]
    return bool(touched), next((narrative for narrative in about if narrative), "")
