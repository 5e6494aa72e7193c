"""The key: which words stood behind the placeholders. In memory only; on request in an encrypted file elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.sealed import Seal

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

_SEAL = Seal(name="de sleutel", suffix=".sleutel", magic=b"wijkanalyse-sleutel-1\n")


class Key:
    """The corpus as it was before masking, and the places in it. Its repr counts, and it never gets into a pickle.

    Parameters
    ----------
    raw : Corpus
    findings : pandas.DataFrame
        The places, with offsets in the texts of `raw`, as in `PrivacyReport.findings`.
    arguments : mapping
        What `mask` was told, to mask in the same way once more.
    """

    def __init__(
        self,
        raw: Corpus | None = None,
        findings: pd.DataFrame | None = None,
        arguments: Mapping[str, Any] | None = None,
    ):
        self.raw = raw
        self._findings = findings
        self.arguments = dict(arguments or {})

    def __repr__(self) -> str:
        n = 0 if self._findings is None else len(self._findings)
        return f"<Key van {n} plekken, alleen in het geheugen>"

    def __reduce__(self) -> tuple[type[Key], tuple[()]]:
        # A pickle lands in temporary files and caches: what comes out of it is an empty key.
        return Key, ()

    def table(self) -> pd.DataFrame:
        """Return placeholder and original of every place; for the user's own eyes, never for a file in the clear."""
        import pandas as pd

        columns = ["narrative_id", "column", "placeholder", "original"]
        if self.raw is None or self._findings is None:
            return pd.DataFrame(columns=columns)
        texts = self.raw.frame.set_index("narrative_id")
        rows = [
            (row.narrative_id, row.column, row.placeholder, texts.at[row.narrative_id, row.column][row.start : row.end])
            for row in self._findings.itertuples()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def originals(self) -> set[str]:
        """Return the words that were masked, to look for in what is about to leave."""
        return set(self.table()["original"])

    def save(self, path: str | Path, passphrase: str) -> Path:
        """Write the key to an encrypted file, outside the folder one works in.

        Parameters
        ----------
        path : str or Path
            Ends in `.sleutel` (added when it does not). Not in the working folder or below it: who gets that folder
            must not get the key.
        passphrase : str
            At least twelve characters. Without it nobody can read the file, we neither.

        Raises
        ------
        PrivacyError
            When the place or the passphrase will not do, or the file exists.
        """
        return _SEAL.save_table(path, self.table(), passphrase)


def open_key(path: str | Path, passphrase: str) -> pd.DataFrame:
    """Return what `Key.save` wrote: narrative_id, column, placeholder and original of every place.

    Raises
    ------
    PrivacyError
        When it is no such file, or the passphrase is not the right one.
    """
    return _SEAL.open_table(path, passphrase)
