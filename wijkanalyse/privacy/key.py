"""The key: which words stood behind the placeholders. In memory only; on request in an encrypted file elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import PrivacyError

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

MIN_PASSPHRASE = 12  #: characters
SUFFIX = ".sleutel"
_MAGIC = b"wijkanalyse-sleutel-1\n"
_SALT_BYTES = 16
# scrypt as OWASP advises for files of long life: 128 MB of memory, about half a second per guess.
_SCRYPT: dict[str, Any] = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28, "dklen": 32}


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
        path = Path(path).expanduser()
        path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        _check(path, passphrase)
        salt = os.urandom(_SALT_BYTES)
        content = self.table().to_dict("split", index=False)
        sealed = _cipher(passphrase, salt).encrypt(json.dumps(content, ensure_ascii=False).encode())
        try:
            # Opened for its owner only, before a byte is in it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + salt + sealed)
        except OSError as error:
            raise PrivacyError.one(
                what="De sleutel kan hier niet worden bewaard.",
                where=path.name,
                expected="een map die bestaat, waarin je mag schrijven, en een naam die nog niet bestaat",
                now="Kies een andere map of een andere naam.",
            ) from error
        return path


def open_key(path: str | Path, passphrase: str) -> pd.DataFrame:
    """Return what `Key.save` wrote: narrative_id, column, placeholder and original of every place.

    Raises
    ------
    PrivacyError
        When it is no such file, or the passphrase is not the right one.
    """
    import pandas as pd
    from cryptography.fernet import InvalidToken

    path = Path(path).expanduser()
    try:
        content = path.read_bytes()
        if not content.startswith(_MAGIC):
            raise InvalidToken
        salt, sealed = (
            content[len(_MAGIC) :][:_SALT_BYTES],
            content[len(_MAGIC) + _SALT_BYTES :],
        )
        table = json.loads(_cipher(passphrase, salt).decrypt(sealed))
    except (OSError, InvalidToken) as error:
        raise PrivacyError.one(
            what="Deze sleutel gaat niet open.",
            where=path.name,
            expected=f"een bestand {SUFFIX} van wijkanalyse en de wachtzin waarmee het is bewaard",
            now="Controleer het bestand en de wachtzin. Een vergeten wachtzin is niet terug te halen.",
        ) from error
    return pd.DataFrame(table["data"], columns=table["columns"])


def _check(path: Path, passphrase: str) -> None:
    if path.resolve().is_relative_to(Path.cwd().resolve()) or any(path.parent.glob("*.wijk")):
        raise PrivacyError.one(
            what="De sleutel mag niet in de map staan waarin je werkt, en niet naast een project.",
            where=path.name,
            expected="een map daarbuiten, die je niet met anderen deelt",
            now="Kies een andere map.",
        )
    if len(passphrase) < MIN_PASSPHRASE:
        raise PrivacyError.one(
            what="Deze wachtzin is te kort.",
            where="passphrase=",
            expected=f"minstens {MIN_PASSPHRASE} tekens",
            now="Kies een paar woorden die alleen jij bij elkaar zet.",
        )


def _cipher(passphrase: str, salt: bytes) -> Any:
    from cryptography.fernet import Fernet

    return Fernet(urlsafe_b64encode(hashlib.scrypt(passphrase.encode(), salt=salt, **_SCRYPT)))
