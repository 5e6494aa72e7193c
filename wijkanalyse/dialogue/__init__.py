"""What goes to the table: pages and cards for a conversation."""

from wijkanalyse.dialogue.kit import SessionKit, build_session_kit
from wijkanalyse.dialogue.page import write_page
from wijkanalyse.dialogue.stories import write_stories

__all__ = ["SessionKit", "build_session_kit", "write_page", "write_stories"]
