"""Masking, review, disclosure control, and the gate for everything that leaves."""

from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.masking import mask
from wijkanalyse.privacy.report import PrivacyReport

__all__ = ["PrivacyReport", "Span", "find_identifiers", "mask"]
