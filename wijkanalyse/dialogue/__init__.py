"""What goes to the table: pages and cards for a conversation, and what was said there."""

from wijkanalyse.dialogue.catalysis import export_catalysis, import_catalysis
from wijkanalyse.dialogue.page import write_page
from wijkanalyse.dialogue.stories import write_stories
from wijkanalyse.dialogue.talking_back import (
    add_reading,
    change_card,
    compare_sessions,
    read_cards,
    record_session,
)

__all__ = [
    "add_reading",
    "change_card",
    "compare_sessions",
    "export_catalysis",
    "import_catalysis",
    "read_cards",
    "record_session",
    "write_page",
    "write_stories",
]
