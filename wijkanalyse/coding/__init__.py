"""What the researcher brings: schemes, what coders gave, where they differ, quotes behind a code, and the way to other programs."""

from wijkanalyse.coding.agreement import CoderComparison, compare_coders
from wijkanalyse.coding.exchange.reading import QdaProject, import_qdc, import_qdpx
from wijkanalyse.coding.exchange.tables import export_codebook, export_codings
from wijkanalyse.coding.exchange.writing import export_qdc, export_qdpx
from wijkanalyse.coding.retrieval import CrossTable, cross_tabulate, retrieve
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme

__all__ = [
    "Code",
    "CoderComparison",
    "CrossTable",
    "QdaProject",
    "Scheme",
    "compare_coders",
    "cross_tabulate",
    "export_codebook",
    "export_codings",
    "export_qdc",
    "export_qdpx",
    "import_qdc",
    "import_qdpx",
    "list_schemes",
    "load_scheme",
    "retrieve",
]
