"""Frames in, plotly figures out; one template, Dutch labels, and every mark opens its stories.

Each verb has its own file, and `wijkanalyse` knows where; how a figure is made stands at the top of `behind.py`.
"""
