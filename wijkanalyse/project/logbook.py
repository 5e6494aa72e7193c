"""The log as people read it: a page for the method section of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.project.ledger import REDONE, UNDONE

if TYPE_CHECKING:
    import pandas as pd


def logbook(log: pd.DataFrame, name: str) -> str:
    """Return Markdown: who did what, how often and when; then every line.

    Parameters
    ----------
    log : pandas.DataFrame
        As `Project.log` returns it.
    name : str
        What the page is about.
    """
    lines = [f"# Logboek van {_plain(name)}", ""]
    if log.empty:
        return "\n".join([*lines, "Er is nog niets gedaan.", ""])
    days = log["moment"].str[:10]
    moves = log["action"].str.startswith((f"{UNDONE}: ", f"{REDONE}: "))
    lines += [
        (f"{_count(len(log), 'handeling', 'handelingen')} van {_count(log['who'].nunique(), 'mens', 'mensen')}, van {days.min()} tot en met {days.max()} (UTC). "
        f"Daarvan {int(moves.sum())} keer ongedaan gemaakt of opnieuw gedaan."),
        "", "| wie | wat | hoe vaak | van | tot en met |", "|---|---|---:|---|---|",
    ]  # fmt: skip
    done = log.assign(day=days).groupby(["who", "action"])["day"].agg(n="size", first="min", last="max")
    lines += [f"| {_plain(row.Index[0])} | {_plain(row.Index[1])} | {row.n} | {row.first} | {row.last} |" for row in done.itertuples()]  # fmt: skip
    lines += ["", "## Alles op volgorde", "", "| nr | moment (UTC) | wie | wat | bijzonderheden |", "|---:|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| {number} | {row.moment[:16].replace('T', ' ')} | {_plain(row.who)} | {_plain(row.action)} | "
        f"{_plain(row.detail)}{f' (uit {_plain(row.origin)})' if row.origin else ''} |"
        for number, row in enumerate(log.itertuples(), start=1)
    ]
    return "\n".join([*lines, ""])


def _count(n: int, one: str, more: str) -> str:
    return f"{n} {one if n == 1 else more}"


def _plain(text: str) -> str:
    """Return a text that cannot break a row of a table."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
