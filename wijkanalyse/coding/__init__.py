"""What the researcher brings to the text: schemes, codings by hand, and their way to other programs and back."""

from wijkanalyse.coding.exchange import (
    QdaProject,
    export_codebook,
    export_codings,
    export_qdc,
    export_qdpx,
    import_qdc,
    import_qdpx,
)
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
