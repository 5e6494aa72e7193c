"""What the researcher brings: schemes, codings by hand and suggested, where coders differ, quotes, and other programs.

`wa.codings` is `by_hand.codings`: here its name would stand in the way of the file `codings`.
"""

from wijkanalyse.coding.after_masking import MaskedCodings, mask_codings
from wijkanalyse.coding.agreement import CoderComparison, compare_coders
from wijkanalyse.coding.by_hand import (
    accept_suggestions,
    add_coding,
    code_in_vivo,
    keep_codings,
    memos,
    recode,
    remove_codings,
    write_memo,
)
from wijkanalyse.coding.disagreements import write_disagreements
from wijkanalyse.coding.exchange.reading import QdaProject, import_qdc, import_qdpx
from wijkanalyse.coding.exchange.tables import export_codebook, export_codings
from wijkanalyse.coding.exchange.writing import export_qdc, export_qdpx
from wijkanalyse.coding.retrieval import CrossTable, cross_tabulate, retrieve
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme
from wijkanalyse.coding.scheme_in_project import keep_scheme, kept_scheme
from wijkanalyse.coding.suggestions import suggest_codings

__all__ = [
    "Code", "CoderComparison", "CrossTable", "MaskedCodings", "QdaProject", "Scheme", "accept_suggestions", "add_coding", "code_in_vivo",
    "compare_coders", "cross_tabulate", "export_codebook", "export_codings", "export_qdc", "export_qdpx", "import_qdc",
    "import_qdpx", "keep_codings", "keep_scheme", "kept_scheme", "list_schemes", "load_scheme", "mask_codings", "memos", "recode", "remove_codings", "retrieve",
    "suggest_codings", "write_disagreements", "write_memo",
]  # fmt: skip
