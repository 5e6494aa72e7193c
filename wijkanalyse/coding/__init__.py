"""What the researcher brings to the text: schemes, codings by hand, and their way to other programs and back."""

from wijkanalyse.coding.exchange.reading import QdaProject, import_qdc, import_qdpx
from wijkanalyse.coding.exchange.tables import export_codebook, export_codings
from wijkanalyse.coding.exchange.writing import export_qdc, export_qdpx
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme

__all__ = [
    "Code",
    "QdaProject",
    "Scheme",
    "export_codebook",
    "export_codings",
    "export_qdc",
    "export_qdpx",
    "import_qdc",
    "import_qdpx",
    "list_schemes",
    "load_scheme",
]
