"""The marks of a figure: which cell of a table each stands on, and what a figure holds that is not drawn."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations, product, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.privacy.disclosure import TELLERS

if TYPE_CHECKING:
    import pandas as pd

# Other kinds of trace hold a row per story (box, histogram), or marks that have no cell in a table.
_JUDGED_TRACES = {"bar", "scatter", "scattergl", "heatmap", "pie"}
_STRIPPED = re.compile(
    "(customdata|hovertext|hovertemplate|ids|meta|uid|uirevision|selectedpoints)(src|fallback)?"
)


def objection(trace: Any, known: set[str], cells: pd.DataFrame | None, minimum: int) -> str | None:
    """Return why a trace of a figure may not go outside, or None.

    Parameters
    ----------
    trace : plotly trace
    known : set of str
        All narrative ids: a mark that carries one of them is one story.
    cells : pandas.DataFrame or None
        The released table that is drawn; missing is withheld.
    minimum : int
        Tellers behind every cell of it, for the message.
    """
    if any(len(known & set(_words(entry))) == 1 for entry in _list(trace.customdata)):
        return "Deze figuur heeft een teken per verhaal."
    marks = list(_marks(trace)) if trace.type in _JUDGED_TRACES else [()]
    found = [None if cells is None else _cell(labels, cells) for labels in marks]
    if None in found:
        return "Van deze figuur is niet na te gaan op hoeveel vertellers elk teken staat."
    if len(set(found)) < len(found):
        return "Deze figuur heeft meer tekens dan cellen; staat er een teken per verhaal?"
    if cells is not None and any(cells.isna().at[cell] for cell in found):
        return f"Een teken in deze figuur staat op minder dan {minimum} vertellers, of verraadt zo’n teken."
    return None


def _marks(trace: Any) -> Iterator[tuple[str, ...]]:
    """Yield the labels of each mark that is drawn."""
    names = ("labels", "values") if trace.type == "pie" else ("x", "y")
    x, y = (_list(trace[name]) for name in names)
    rows: list[Any] = list(zip(x, y, strict=False)) if x and y else [(value,) for value in x or y]
    if trace.type == "heatmap":
        values = (value for row in _list(trace.z) for value in row)
        # A value beyond the labels stays a mark without labels, and so without a cell.
        rows = [(*labels, value) for labels, value in zip_longest(product(y, x), values, fillvalue="")]
    for mark in rows:
        if not any(value is None or value != value for value in mark):
            yield *map(str, mark), str(trace.name)


def _cell(labels: Sequence[str], frame: pd.DataFrame) -> tuple[Any, Any] | None:
    """Return the one cell that labels point at, if it is one."""
    rows, columns = ({str(label): label for label in axis} for axis in (frame.index, frame.columns))
    names = [*labels, TELLERS] if list(columns) == [TELLERS] else labels
    found = {(rows[a], columns[b]) for a, b in permutations(names, 2) if a in rows and b in columns}
    return found.pop() if len(found) == 1 else None


def _list(values: Any) -> list[Any]:
    """Return values of a trace as a list, also when they came packed from JSON."""
    if not isinstance(values, dict):
        return [] if values is None else list(values)
    flat = np.frombuffer(b64decode(values["bdata"]), values["dtype"])
    return list(flat.reshape([int(size) for size in str(values.get("shape", -1)).split(",")]))


def _words(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield from re.split(r"[\s,;|]+", entry)
    elif isinstance(entry, Iterable):
        for part in entry:
            yield from _words(part)


def bare(node: Any) -> Any:
    """Return a part of a figure without what is not drawn: hover, customdata, texts per point, ids and meta."""
    if isinstance(node, dict):
        kept = {name: part for name, part in node.items() if not _STRIPPED.fullmatch(name)}
        return {name: bare(part) for name, part in kept.items() if name != "text" or isinstance(part, str)}
    return [bare(part) for part in node] if isinstance(node, list | tuple) else node
