"""The text from before masking, only where somebody asks for it: a second file, encrypted, elsewhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import PrivacyStatus, Role
from wijkanalyse.errors import PrivacyError
from wijkanalyse.project.places import user_data_folder
from wijkanalyse.sealed import Seal

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.project.ledger import Ledger

_SEAL = Seal(name="de ruwe tekst", suffix=".ruw", magic=b"wijkanalyse-ruw-1\n")


def keep_raw(ledger: Ledger, corpus: Corpus, passphrase: str, path: str | Path | None) -> Path:
    """See `Project.keep_raw`."""
    raw: Any = corpus if corpus.status is PrivacyStatus.RAW else getattr(corpus.key, "raw", None)
    if raw is None:
        raise PrivacyError.one(
            what="De tekst van vóór het maskeren is er niet.",
            where=f"corpus uit {corpus.provenance.source}, ‘{corpus.status}’",
            expected="een corpus dat in deze zitting is geladen of gemaskeerd",
            now="Laad de verhalen opnieuw.",
        )
    with ledger.transaction():  # the file and the line about it, or neither
        place = _own_place(ledger) if path is None else Path(path)
        names = ["narrative_id", *(spec.name for spec in raw.columns if spec.role in (Role.TITLE, Role.TEXT))]
        saved = _SEAL.save_table(place, raw.frame[names], passphrase)
        try:
            ledger.append({}, action="ruwe tekst versleuteld bewaard", detail=f"{saved}, {len(raw)} verhalen")
        except BaseException:
            saved.unlink()
            raise
    return saved


def open_raw(path: str | Path, passphrase: str) -> pd.DataFrame:
    """Return what `Project.keep_raw` wrote: narrative_id, title and text from before masking.

    Raises
    ------
    PrivacyError
        When it is no such file, or the passphrase is not the right one.
    """
    return _SEAL.open_table(path, passphrase)


def _own_place(ledger: Ledger) -> Path:
    """Return a new name in the user's own folder; two projects called the same are told apart."""
    folder = user_data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise PrivacyError.one(
            what="De ruwe tekst kan hier niet worden bewaard.",
            where=str(folder),
            expected="een map waarin je mag schrijven",
            now="Geef zelf een plek op met path=.",
        ) from error
    own = hashlib.blake2b(ledger.salt, digest_size=3).hexdigest()
    return folder / f"{ledger.path.stem.strip(':')}-{own}-{ledger.end()[0] + 1}.ruw"
