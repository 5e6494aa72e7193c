"""wijkanalyse: from stories in the Dutch social domain to patterns that people can talk about.

All verbs of a notebook are here; each is loaded when it is first used, so that the import stays light.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijkanalyse.coding import compare_coders, cross_tabulate, list_schemes, load_scheme, retrieve
    from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
    from wijkanalyse.dialogue import build_session_kit, write_page, write_stories
    from wijkanalyse.errors import WijkError
    from wijkanalyse.figures import (
        export_figure,
        plot_co_occurrence,
        plot_contrast,
        plot_firmness,
        plot_opgaven,
        plot_over_time,
        plot_signification,
        plot_tension,
        plot_theme_map,
        plot_three_layers,
        plot_voices,
    )
    from wijkanalyse.loaders import load_narratives, load_sample
    from wijkanalyse.patterns import find_patterns
    from wijkanalyse.privacy import mask, open_key
    from wijkanalyse.project import merge_projects, open_project, open_raw
    from wijkanalyse.themes import Themes, find_themes
    from wijkanalyse.widgets.explore import explore
    from wijkanalyse.widgets.review import review

__all__ = [
    "Corpus",
    "PrivacyStatus",
    "Role",
    "Themes",
    "WijkError",
    "build_session_kit",
    "compare_coders",
    "cross_tabulate",
    "explore",
    "export_figure",
    "find_patterns",
    "find_themes",
    "list_schemes",
    "load_narratives",
    "load_sample",
    "load_scheme",
    "mask",
    "merge_projects",
    "open_key",
    "open_project",
    "open_raw",
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
    "retrieve",
    "review",
    "write_page",
    "write_stories",
]

_HOME = {
    "Corpus": "corpus",
    "PrivacyStatus": "corpus",
    "Role": "corpus",
    "Themes": "themes",
    "WijkError": "errors",
    "build_session_kit": "dialogue",
    "compare_coders": "coding",
    "cross_tabulate": "coding",
    "explore": "widgets.explore",
    "export_figure": "figures",
    "find_patterns": "patterns",
    "find_themes": "themes",
    "list_schemes": "coding",
    "load_narratives": "loaders",
    "load_sample": "loaders",
    "load_scheme": "coding",
    "mask": "privacy",
    "merge_projects": "project",
    "open_key": "privacy",
    "open_project": "project",
    "open_raw": "project",
    "plot_co_occurrence": "figures",
    "plot_contrast": "figures",
    "plot_firmness": "figures",
    "plot_opgaven": "figures",
    "plot_over_time": "figures",
    "plot_signification": "figures",
    "plot_tension": "figures",
    "plot_theme_map": "figures",
    "plot_three_layers": "figures",
    "plot_voices": "figures",
    "retrieve": "coding",
    "review": "widgets.review",
    "write_page": "dialogue",
    "write_stories": "dialogue",
}

__version__ = metadata.version("wijkanalyse")


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'wijkanalyse' has no attribute {name!r}")
    value = getattr(import_module(f"wijkanalyse.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
