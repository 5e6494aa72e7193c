"""From themes to observations that people can talk about, with the stories attached."""

from wijkanalyse.patterns.cards import PatternCard, Reading, Said, find_patterns
from wijkanalyse.patterns.choice import StoryRef
from wijkanalyse.patterns.finding import Finding
from wijkanalyse.patterns.search import PatternSearch, search_patterns
from wijkanalyse.patterns.wording import check_observation

__all__ = [
    "Finding",
    "PatternCard",
    "PatternSearch",
    "Reading",
    "Said",
    "StoryRef",
    "check_observation",
    "find_patterns",
    "search_patterns",
]
