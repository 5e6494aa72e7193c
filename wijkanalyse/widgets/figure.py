"""A figure on screen whose marks can be clicked; it knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget

from wijkanalyse.figures.template import CONFIG

if TYPE_CHECKING:
    import plotly.graph_objects as go


class ClickableFigure(anywidget.AnyWidget):
    """A figure of plotly; `on_marks` gets the keys of the marks that are clicked or selected.

    plotly has a widget too, but there every figure takes plotly itself along, 5 MB, and where a browser needs over two seconds
    for that it stays empty. Here a page gets plotly once. The figure goes as a message, on request, and is no state.
    """

    _esm = Path(__file__).with_name("figure.js")

    figure: go.Figure | None = None  #: as it is on screen

    def __init__(self, on_marks: Callable[[list[str]], object]) -> None:
        self._on_marks = on_marks
        super().__init__()
        self.on_msg(self._receive)

    def show(self, figure: go.Figure) -> None:
        """Put another figure on screen; the part of it that a person zoomed in on stays."""
        from plotly.io.json import to_json_plotly

        self.figure = figure
        rows: list[list[str]] = CONFIG["modeBarButtons"]
        config = {**CONFIG, "modeBarButtons": [[*rows[0], "select2d", "lasso2d"]]}
        self.send({"figure": to_json_plotly(figure), "config": config})

    def _receive(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        if content.get("type") == "ready":
            if content.get("bare"):
                from plotly.offline import get_plotlyjs

                self.send({}, buffers=[get_plotlyjs().encode()])
            if self.figure is not None:
                self.show(self.figure)
        elif keys := content.get("keys"):
            self._on_marks([str(key) for key in keys])
