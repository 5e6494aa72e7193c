"""What the machine clusters: themes as frames, how firm they are, how near to a scheme."""

from wijkanalyse.themes.model import Themes, find_themes

__all__ = ["Themes", "find_themes"]
