"""What the machine clusters: themes as frames, how firm they are, how near to a scheme."""

from wijkanalyse.themes.model import find_themes
from wijkanalyse.themes.result import Themes

__all__ = ["Themes", "find_themes"]
