"""How well the themes are found, and how fast; run as ``python -m benchmarks.themes``."""
