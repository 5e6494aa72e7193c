"""Masking, review, disclosure control, and the gate for everything that leaves."""

from wijkanalyse.privacy.identifiers import Span, find_identifiers
from wijkanalyse.privacy.key import Key, open_key
from wijkanalyse.privacy.masking import mask
from wijkanalyse.privacy.report import PrivacyReport
from wijkanalyse.privacy.review import Review

__all__ = ["Key", "PrivacyReport", "Review", "Span", "find_identifiers", "mask", "open_key"]
