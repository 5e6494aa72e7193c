"""What the researcher brings to the text: schemes, codings by hand and suggested, where coders differ, and the quotes behind a code.

`wa.codings` is `by_hand.codings`: here its name would stand in the way of the file `codings`.
"""

from wijkanalyse.coding.agreement import CoderComparison, compare_coders
from wijkanalyse.coding.by_hand import (
    accept_suggestions,
    add_coding,
    code_in_vivo,
    keep_scheme,
    kept_scheme,
    memos,
    recode,
    remove_codings,
    write_memo,
)  # fmt: skip
from wijkanalyse.coding.retrieval import CrossTable, cross_tabulate, retrieve
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme
from wijkanalyse.coding.suggestions import suggest_codings

__all__ = [
    "Code", "CoderComparison", "CrossTable", "Scheme", "accept_suggestions", "add_coding", "code_in_vivo", "compare_coders", "cross_tabulate",
    "keep_scheme", "kept_scheme", "list_schemes", "load_scheme", "memos", "recode", "remove_codings", "retrieve", "suggest_codings", "write_memo",
]  # fmt: skip
