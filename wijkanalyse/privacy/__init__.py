"""Masking, review, disclosure control, and the gate for everything that leaves."""

from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.masking import PrivacyReport, mask

__all__ = ["PrivacyReport", "Span", "find_identifiers", "mask"]
