"""A table to read and to choose from; it knows nothing of what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets


class Table(anywidget.AnyWidget):
    """A table that scrolls within itself; some cells are buttons, and `chosen` is the key of the one that was pressed.

    What stands in it goes to the browser as a message, on request, and is no state of the widget: it can hold words of a story.
    """

    _esm = Path(__file__).with_name("table.js")
    _css = Path(__file__).with_name("table.css")
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(self, on_choice: Callable[[str], object] = str) -> None:
        self._page: dict[str, Any] = {}
        self._on_choice = on_choice
        super().__init__()
        self.on_msg(self._receive)

    def show(self, caption: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Put another table on screen. A cell is a text, or has `text` with `key` (a button) or `more` (it opens below)."""
        self._page = {"caption": caption, "header": list(header), "rows": [list(row) for row in rows]}
        self.send(self._page)

    def _receive(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        if content.get("type") == "ready":
            self.send(self._page)
        elif content.get("type") == "choose":
            self._on_choice(str(content.get("key", "")))
