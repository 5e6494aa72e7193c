"""What goes to the table: pages and cards for a conversation, and what leaves for a bulletin."""

from wijkanalyse.dialogue.bulletin import approve_quotes, propose_quotes, write_bulletin
from wijkanalyse.dialogue.kit import SessionKit, build_session_kit
from wijkanalyse.dialogue.page import write_page
from wijkanalyse.dialogue.stories import write_stories

__all__ = [
    "SessionKit",
    "approve_quotes",
    "build_session_kit",
    "propose_quotes",
    "write_bulletin",
    "write_page",
    "write_stories",
]
