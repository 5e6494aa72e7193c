"""Frames in, plotly figures out; one template, Dutch labels, and every mark opens its stories."""

from wijkanalyse.figures.theme_map import plot_theme_map

__all__ = ["plot_theme_map"]
