"""What goes to the table: pages and cards for a conversation."""

from wijkanalyse.dialogue.page import write_page

__all__ = ["write_page"]
