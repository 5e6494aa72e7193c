"""Files that only a passphrase opens: the key of the masking, and raw text where somebody asks for it."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import PrivacyError

if TYPE_CHECKING:
    import pandas as pd

MIN_PASSPHRASE = 12  #: characters
_SALT_BYTES = 16
# scrypt as OWASP advises for files of long life: 128 MB of memory, about half a second per guess.
_SCRYPT: dict[str, Any] = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28, "dklen": 32}


@dataclass(frozen=True, kw_only=True)
class Seal:
    """One kind of sealed file."""

    name: str  #: Dutch, with its article: "de sleutel"
    suffix: str
    magic: bytes  #: the first bytes of such a file

    def path(self, path: str | Path) -> Path:
        """Return a path with the suffix of this kind."""
        path = Path(path).expanduser()
        return path if path.suffix == self.suffix else path.with_name(path.name + self.suffix)

    def save(self, path: str | Path, content: bytes, passphrase: str) -> Path:
        """Write a new encrypted file, for its owner only, outside the folder one works in.

        Raises
        ------
        PrivacyError
            When the place or the passphrase will not do, or the file exists.
        """
        path = self.path(path)
        self._check(path, passphrase)
        salt = os.urandom(_SALT_BYTES)
        sealed = _cipher(passphrase, salt).encrypt(content)
        try:
            # Opened for its owner only, before a byte is in it.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(self.magic + salt + sealed)
        except OSError as error:
            raise PrivacyError.one(
                what=f"{self.name.capitalize()} kan hier niet worden bewaard.",
                where=path.name,
                expected="een map die bestaat, waarin je mag schrijven, en een naam die nog niet bestaat",
                now="Kies een andere map of een andere naam.",
            ) from error
        return path

    def open(self, path: str | Path, passphrase: str) -> bytes:
        """Return what `save` wrote.

        Raises
        ------
        PrivacyError
            When it is no such file, or the passphrase is not the right one.
        """
        from cryptography.fernet import InvalidToken

        path = Path(path).expanduser()
        try:
            content = path.read_bytes()
            if not content.startswith(self.magic):
                raise InvalidToken
            rest = content[len(self.magic) :]
            opened: bytes = _cipher(passphrase, rest[:_SALT_BYTES]).decrypt(rest[_SALT_BYTES:])
        except (OSError, InvalidToken) as error:
            raise PrivacyError.one(
                what=f"{self.name.capitalize()} gaat niet open.",
                where=path.name,
                expected=f"een bestand {self.suffix} van wijkanalyse en de wachtzin waarmee het is bewaard",
                now="Controleer het bestand en de wachtzin. Een vergeten wachtzin is niet terug te halen.",
            ) from error
        return opened

    def save_table(self, path: str | Path, table: pd.DataFrame, passphrase: str) -> Path:
        """Write a frame of texts; raises as `save`."""
        content = json.dumps(table.to_dict("split", index=False), ensure_ascii=False)
        return self.save(path, content.encode(), passphrase)

    def open_table(self, path: str | Path, passphrase: str) -> pd.DataFrame:
        """Return what `save_table` wrote; raises as `open`."""
        import pandas as pd

        table = json.loads(self.open(path, passphrase))
        return pd.DataFrame(table["data"], columns=table["columns"])

    def _check(self, path: Path, passphrase: str) -> None:
        if path.resolve().is_relative_to(Path.cwd().resolve()) or any(path.parent.glob("*.wijk")):
            raise PrivacyError.one(
                what=f"{self.name.capitalize()} mag niet in de map staan waarin je werkt, en niet naast een project.",
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
