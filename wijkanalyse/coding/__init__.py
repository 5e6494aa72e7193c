"""What the researcher brings to the text: schemes, and later codings and agreement."""

from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme

__all__ = ["Code", "Scheme", "list_schemes", "load_scheme"]
