"""wijkanalyse: from stories in the Dutch social domain to patterns that people can talk about.

All verbs of a notebook are here; each is loaded when it is first used, so that the import stays light.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wijkanalyse.coding import (
        accept_suggestions,
        add_coding,
        code_in_vivo,
        compare_coders,
        cross_tabulate,
        keep_scheme,
        kept_scheme,
        list_schemes,
        load_scheme,
        memos,
        recode,
        remove_codings,
        retrieve,
        suggest_codings,
        write_memo,
    )
    from wijkanalyse.coding.by_hand import codings
    from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
    from wijkanalyse.dialogue import write_page, write_stories
    from wijkanalyse.dialogue.catalysis import export_catalysis, import_catalysis
    from wijkanalyse.dialogue.talking_back import add_reading, change_card, compare_sessions
    from wijkanalyse.dialogue.talking_back import read_cards, record_session  # isort: skip
    from wijkanalyse.errors import WijkError
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
    from wijkanalyse.loaders import load_narratives, load_sample
    from wijkanalyse.patterns import find_patterns
    from wijkanalyse.privacy import mask, open_key
    from wijkanalyse.project import merge_projects, open_project, open_raw
    from wijkanalyse.themes import Themes, find_themes
    from wijkanalyse.widgets.cards import edit_cards, session_form
    from wijkanalyse.widgets.explore import explore
    from wijkanalyse.widgets.review import review

__all__ = [
    "Corpus",
    "PrivacyStatus",
    "Role",
    "Themes",
    "WijkError",
    "accept_suggestions",
    "add_coding",
    "add_reading",
    "change_card",
    "code_in_vivo",
    "codings",
    "compare_coders",
    "compare_sessions",
    "cross_tabulate",
    "edit_cards",
    "explore",
    "export_catalysis",
    "export_figure",
    "find_patterns",
    "find_themes",
    "import_catalysis",
    "keep_scheme",
    "kept_scheme",
    "list_schemes",
    "load_narratives",
    "load_sample",
    "load_scheme",
    "mask",
    "memos",
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
    "read_cards",
    "recode",
    "record_session",
    "remove_codings",
    "retrieve",
    "review",
    "session_form",
    "suggest_codings",
    "write_memo",
    "write_page",
    "write_stories",
]

_HOME = {
    "Corpus": "corpus",
    "PrivacyStatus": "corpus",
    "Role": "corpus",
    "Themes": "themes",
    "WijkError": "errors",
    "accept_suggestions": "coding",
    "add_coding": "coding",
    "add_reading": "dialogue.talking_back",
    "change_card": "dialogue.talking_back",
    "code_in_vivo": "coding",
    "codings": "coding.by_hand",
    "compare_coders": "coding",
    "compare_sessions": "dialogue.talking_back",
    "cross_tabulate": "coding",
    "edit_cards": "widgets.cards",
    "explore": "widgets.explore",
    "export_catalysis": "dialogue.catalysis",
    "export_figure": "figures.export",
    "find_patterns": "patterns",
    "find_themes": "themes",
    "import_catalysis": "dialogue.catalysis",
    "keep_scheme": "coding",
    "kept_scheme": "coding",
    "list_schemes": "coding",
    "load_narratives": "loaders",
    "load_sample": "loaders",
    "load_scheme": "coding",
    "mask": "privacy",
    "memos": "coding",
    "merge_projects": "project",
    "open_key": "privacy",
    "open_project": "project",
    "open_raw": "project",
    "plot_co_occurrence": "figures.co_occurrence",
    "plot_contrast": "figures.contrast",
    "plot_firmness": "figures.firmness",
    "plot_opgaven": "figures.opgaven",
    "plot_over_time": "figures.over_time",
    "plot_signification": "figures.signification",
    "plot_tension": "figures.tension",
    "plot_theme_map": "figures.theme_map",
    "plot_three_layers": "figures.three_layers",
    "plot_voices": "figures.voices",
    "read_cards": "dialogue.talking_back",
    "recode": "coding",
    "record_session": "dialogue.talking_back",
    "remove_codings": "coding",
    "retrieve": "coding",
    "review": "widgets.review",
    "session_form": "widgets.cards",
    "suggest_codings": "coding",
    "write_memo": "coding",
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
