"""Codings to and from other programs, and on paper."""

from wijkanalyse.coding.exchange.reading import QdaProject, import_qdc, import_qdpx
from wijkanalyse.coding.exchange.tables import export_codebook, export_codings
from wijkanalyse.coding.exchange.writing import export_qdc, export_qdpx

__all__ = [
    "QdaProject",
    "export_codebook",
    "export_codings",
    "export_qdc",
    "export_qdpx",
    "import_qdc",
    "import_qdpx",
]
