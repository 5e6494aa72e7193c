"""wijkanalyse: from stories in the Dutch social domain to patterns that people can talk about.

All verbs of a notebook are here; each is loaded when it is first used, so that the import stays light.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names once more, for an editor
    from wijkanalyse.coding import (
        accept_suggestions,
        add_coding,
        code_in_vivo,
        compare_coders,
        cross_tabulate,
        export_codebook,
        export_codings,
        export_qdc,
        export_qdpx,
        import_qdc,
        import_qdpx,
        keep_codings,
        keep_scheme,
        kept_scheme,
        list_schemes,
        load_scheme,
        mask_codings,
        memos,
        recode,
        remove_codings,
        retrieve,
        suggest_codings,
        write_disagreements,
        write_memo,
    )
    from wijkanalyse.coding.by_hand import codings
    from wijkanalyse.coding.rounds import done
    from wijkanalyse.coding.searching import search
    from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
    from wijkanalyse.dialogue import (
        approve_quotes,
        build_session_kit,
        propose_quotes,
        write_bulletin,
        write_page,
        write_stories,
    )
    from wijkanalyse.dialogue.catalysis import export_catalysis, import_catalysis
    from wijkanalyse.dialogue.talking_back import (
        add_reading,
        change_card,
        compare_sessions,
        read_cards,
        record_session,
    )
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
    from wijkanalyse.study import load_study
    from wijkanalyse.themes import Themes, find_themes
    from wijkanalyse.widgets.cards import edit_cards, session_form
    from wijkanalyse.widgets.code import code
    from wijkanalyse.widgets.coding_table import coding_table
    from wijkanalyse.widgets.disagreements import show_disagreements
    from wijkanalyse.widgets.explore import explore
    from wijkanalyse.widgets.export import export_panel
    from wijkanalyse.widgets.load import load_panel
    from wijkanalyse.widgets.panel import show_progress
    from wijkanalyse.widgets.reader import read
    from wijkanalyse.widgets.review import review
    from wijkanalyse.widgets.workshop import theme_workshop

_NAMES = {
    "coding": (
        "accept_suggestions add_coding code_in_vivo compare_coders cross_tabulate export_codebook "
        "export_codings export_qdc export_qdpx import_qdc import_qdpx keep_codings keep_scheme kept_scheme "
        "list_schemes load_scheme mask_codings memos recode remove_codings retrieve suggest_codings write_disagreements write_memo"
    ),
    "coding.by_hand": "codings",
    "coding.rounds": "done",
    "coding.searching": "search",
    "corpus": "Corpus PrivacyStatus Role",
    "dialogue": "approve_quotes build_session_kit propose_quotes write_bulletin write_page write_stories",
    "dialogue.catalysis": "export_catalysis import_catalysis",
    "dialogue.talking_back": "add_reading change_card compare_sessions read_cards record_session",
    "errors": "WijkError",
    "figures.co_occurrence": "plot_co_occurrence",
    "figures.contrast": "plot_contrast",
    "figures.export": "export_figure",
    "figures.firmness": "plot_firmness",
    "figures.opgaven": "plot_opgaven",
    "figures.over_time": "plot_over_time",
    "figures.signification": "plot_signification",
    "figures.tension": "plot_tension",
    "figures.theme_map": "plot_theme_map",
    "figures.three_layers": "plot_three_layers",
    "figures.voices": "plot_voices",
    "loaders": "load_narratives load_sample",
    "patterns": "find_patterns",
    "privacy": "mask open_key",
    "project": "merge_projects open_project open_raw",
    "study": "load_study",
    "themes": "Themes find_themes",
    "widgets.cards": "edit_cards session_form",
    "widgets.code": "code",
    "widgets.coding_table": "coding_table",
    "widgets.disagreements": "show_disagreements",
    "widgets.explore": "explore",
    "widgets.export": "export_panel",
    "widgets.load": "load_panel",
    "widgets.panel": "show_progress",
    "widgets.reader": "read",
    "widgets.review": "review",
    "widgets.workshop": "theme_workshop",
}
_HOME = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = sorted(_HOME)
__version__ = metadata.version("wijkanalyse")


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'wijkanalyse' has no attribute {name!r}")
    value = getattr(import_module(f"wijkanalyse.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
