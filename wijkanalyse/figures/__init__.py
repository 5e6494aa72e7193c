"""Frames in, plotly figures out; one template, Dutch labels, and every mark opens its stories.

How a figure is made stands at the top of `behind.py`.
"""

from wijkanalyse.figures.export import export_figure
from wijkanalyse.figures.theme_map import plot_theme_map
from wijkanalyse.figures.voices import plot_voices

__all__ = ["export_figure", "plot_theme_map", "plot_voices"]
