"""From themes to observations that people can talk about, with the stories attached."""

from wijkanalyse.patterns.cards import PatternCard, Reading, StoryRef, find_patterns

__all__ = ["PatternCard", "Reading", "StoryRef", "find_patterns"]
