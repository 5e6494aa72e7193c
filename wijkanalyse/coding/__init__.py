"""What the researcher brings to the text: schemes, what coders gave, where they differ, and the quotes behind a code."""

from wijkanalyse.coding.agreement import CoderComparison, compare_coders
from wijkanalyse.coding.retrieval import CrossTable, cross_tabulate, retrieve
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme

__all__ = [
    "Code",
    "CoderComparison",
    "CrossTable",
    "Scheme",
    "compare_coders",
    "cross_tabulate",
    "list_schemes",
    "load_scheme",
    "retrieve",
]
