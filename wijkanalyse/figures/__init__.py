"""Frames in, plotly figures out; one template, Dutch labels, and every mark opens its stories.

How a figure is made stands at the top of `behind.py`.
"""

from wijkanalyse.figures.co_occurrence import plot_co_occurrence
from wijkanalyse.figures.contrast import plot_contrast
from wijkanalyse.figures.export import export_figure
from wijkanalyse.figures.firmness import plot_firmness
from wijkanalyse.figures.opgaven import plot_opgaven
from wijkanalyse.figures.over_time import plot_over_time
from wijkanalyse.figures.signification import plot_signification
from wijkanalyse.figures.tension import plot_tension
from wijkanalyse.figures.theme_map import plot_theme_map
from wijkanalyse.figures.three_layers import plot_three_layers
from wijkanalyse.figures.voices import plot_voices

__all__ = [
    "export_figure",
    "plot_co_occurrence",
    "plot_contrast",
    "plot_firmness",
    "plot_opgaven",
    "plot_over_time",
    "plot_signification",
    "plot_tension",
    "plot_theme_map",
    "plot_three_layers",
    "plot_voices",
]
