"""Codings to and from other programs, and on paper."""
