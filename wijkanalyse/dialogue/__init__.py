"""What goes to the table: pages and cards for a conversation."""

from wijkanalyse.dialogue.page import write_page
from wijkanalyse.dialogue.stories import write_stories

__all__ = ["write_page", "write_stories"]
