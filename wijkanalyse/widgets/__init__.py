"""Widgets for the notebooks; each is imported from its own file, so that this room costs nothing at start."""
