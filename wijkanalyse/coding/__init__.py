"""What the researcher brings to the text: schemes, codings by hand, and suggestions."""

from wijkanalyse.coding.by_hand import (
    accept_suggestions,
    add_coding,
    code_in_vivo,
    codings,
    keep_scheme,
    kept_scheme,
    memos,
    recode,
    remove_codings,
    write_memo,
)  # fmt: skip
from wijkanalyse.coding.scheme import Code, Scheme, list_schemes, load_scheme
from wijkanalyse.coding.suggestions import suggest_codings

__all__ = [
    "Code", "Scheme", "accept_suggestions", "add_coding", "code_in_vivo", "codings", "keep_scheme", "kept_scheme",
    "list_schemes", "load_scheme", "memos", "recode", "remove_codings", "suggest_codings", "write_memo",
]  # fmt: skip
