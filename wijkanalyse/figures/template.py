"""One look for all figures: colours without a verdict, Dutch numbers, room for title and method note."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

INK, QUIET, GROUND, PAPER = "#1f2430", "#5b6270", "#8a909c", "#ffffff"
FONT = "Segoe UI, Helvetica Neue, Noto Sans, DejaVu Sans, Arial, sans-serif"

FONT_SIZES = {"title": 18, "subtitle": 13, "label": 12, "note": 11}
LINE = 1.3  # of the height of a letter; plotly's own
EDGE, GAP = 12, 12  # around everything, and between the words and the plot, in pixels
#: Narrowest on a screen: 1280 pixels at 200% zoom, less what JupyterLab keeps beside a cell.
SCREEN_WIDTH = 520

# Searched so that each has 4.5:1 on white and any two lie 16 apart in CIELAB, also as seen with deuteranopia and protanopia
# (tests/figures/test_colours.py). No plain red, no plain green; a theme is told apart by its label and place as well.
THEME_COLOURS = (
    "#003399", "#b23b00", "#0073e6", "#550066", "#805c39", "#007f99", "#660022", "#00806a", "#4e4266", "#2d70b2",
    "#662200", "#324c48",
)  # fmt: skip
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "triangle-down")

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
            "title": {
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "y": 1,
                "yref": "container",
                "yanchor": "top",
                "font": {"size": FONT_SIZES["title"]},
            },
            "legend": {
                "orientation": "h",
                "y": 0,
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
            # plotly's own row has a button that uploads the figure; a notebook shows that row. Upright, it stays off the title.
            "modebar": {
                "remove": ["sendChartToCloud", "sendDataToCloud", "downloadJson"],
                "orientation": "v",
            },
        }
    )


def theme_colour(theme_id: int) -> str:
    """Return the colour of a theme; the colour says nothing but which theme it is."""
    return THEME_COLOURS[theme_id % len(THEME_COLOURS)] if theme_id >= 0 else GROUND


def number(value: float, decimals: int = 0) -> str:
    """Return a number the Dutch way: 1.234,5."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
