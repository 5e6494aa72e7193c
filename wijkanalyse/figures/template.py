"""One look for all figures: colours without a verdict, Dutch numbers, room for title and method note."""

from __future__ import annotations

from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK, QUIET, GROUND, PAPER = "#1f2430", "#5b6270", "#8a909c", "#ffffff"
FONT = "Segoe UI, Helvetica Neue, Noto Sans, DejaVu Sans, Arial, sans-serif"

# After Paul Tol's qualitative schemes, darkened until each has 3:1 on white. No red beside green; a theme is
# told apart by its label and place as well.
THEME_COLOURS = (
    "#332288", "#0077BB", "#882255", "#8C6D1F", "#117766", "#AA4499", "#A8480F", "#4A6FA5", "#6B4C9A", "#7A7A12",
    "#A0436B", "#2F7F9F",
)  # fmt: skip

#: Texts of plotly's own buttons, which are English otherwise.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "scrollZoom": True,
    "locale": "nl",
    "locales": {
        "nl": {
            "dictionary": {
                "Autoscale": "Alles in beeld",
                "Box Select": "Kies met een kader",
                "Lasso Select": "Kies met een lus",
                "Download plot as a png": "Bewaar als plaatje",
                "Download plot": "Bewaar als plaatje",
                "Pan": "Schuiven",
                "Reset axes": "Begin opnieuw",
                "Zoom": "Inzoomen op een vak",
                "Zoom in": "Inzoomen",
                "Zoom out": "Uitzoomen",
                "Double-click to zoom back out": "Dubbelklik om terug te gaan",
                "Preparing image - this may take a few seconds": "Plaatje wordt gemaakt",
                "Image download succeeded": "Bewaard",
                "Image download failed": "Bewaren lukte niet",
                "Snapshot succeeded": "Bewaard",
                "Taking snapshot - this may take a few seconds": "Plaatje wordt gemaakt",
            },
            "format": {"decimal": ",", "thousands": "."},
        }
    },
    # Named one by one: plotly's default row has buttons that offer to send the figure elsewhere.
    "modeBarButtons": [["toImage", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
    "toImageButtonOptions": {"format": "svg", "filename": "wijkanalyse"},
}


@lru_cache(maxsize=1)
def template() -> go.layout.Template:
    """Return the `wijk` template."""
    import plotly.graph_objects as go

    axis = {"showgrid": False, "zeroline": False, "linecolor": "#c9cdd4", "tickfont": {"color": QUIET}}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 14, "color": INK},
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "colorway": list(THEME_COLOURS),
            "separators": ",.",
            "margin": {"l": 12, "r": 12, "t": 84, "b": 118},
            "title": {"x": 0.01, "xanchor": "left", "y": 0.98, "yanchor": "top", "font": {"size": 19}},
            "legend": {
                "orientation": "h",
                "y": -0.01,
                "yanchor": "top",
                "x": 0,
                "itemclick": False,
                "itemdoubleclick": False,
                "font": {"size": 12, "color": QUIET},
            },
            "hoverlabel": {
                "bgcolor": PAPER,
                "bordercolor": GROUND,
                "font": {"family": FONT, "color": INK, "size": 13},
            },
            "xaxis": axis,
            "yaxis": axis,
            "dragmode": "pan",
        }
    )


def dress(figure: go.Figure, *, title: str, subtitle: str, note: str, width: int = 110) -> go.Figure:
    """Give a figure its observation as title, the denominator beneath it, and the method as a note."""
    lines = "<br>".join(wrap(note, width))
    figure.update_layout(
        template=template(),
        title={"text": title, "subtitle": {"text": subtitle, "font": {"size": 13, "color": QUIET}}},
    )
    figure.add_annotation(
        text=lines, xref="paper", yref="paper", x=0, y=0, yshift=-58, xanchor="left", yanchor="top",
        align="left", showarrow=False, font={"size": 11, "color": QUIET},
    )  # fmt: skip
    return figure


def theme_colour(theme_id: int) -> str:
    """Return the colour of a theme; the colour says nothing but which theme it is."""
    return THEME_COLOURS[theme_id % len(THEME_COLOURS)] if theme_id >= 0 else GROUND


def number(value: float, decimals: int = 0) -> str:
    """Return a number the Dutch way: 1.234,5."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
