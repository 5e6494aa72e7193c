"""`Project`: the ledger with the verbs of a notebook."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.project import narratives
from wijkanalyse.project.copies import copies, keep_daily_copy
from wijkanalyse.project.damage import find_damage
from wijkanalyse.project.erasing import erase
from wijkanalyse.project.ledger import Ledger
from wijkanalyse.project.logbook import logbook
from wijkanalyse.project.raw import keep_raw

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

LOG_COLUMNS = ["number", "moment", "who", "action", "detail", "origin"]


class Project(Ledger):
    """An open project file. Use `open_project`; close it, or use it in a `with` block.

    Attributes
    ----------
    notices : tuple of str
        What there is to know about the file, in Dutch: a shared folder, only to be read.
    is_read_only : bool
    who : str
        Who works in it.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        who: str,
        *,
        is_read_only: bool = False,
        notices: Iterable[str] = (),
    ) -> None:
        super().__init__(path, connection, who, is_read_only=is_read_only)
        self.notices = tuple(notices)

    def __repr__(self) -> str:
        return f"<Project {self.path.name}{', alleen te lezen' if self.is_read_only else ''}>"

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    def log(self) -> pd.DataFrame:
        """Return the log, one line per action, in the order in which it was written.

        Returns
        -------
        pandas.DataFrame
            number, moment (UTC), who, action, detail, origin (the file it was joined from; empty for this one).
        """
        import pandas as pd

        rows = self.query(
            "SELECT number, moment, who, action, detail, coalesce(origin, '') FROM log "
            "WHERE step IS NULL OR step = number ORDER BY number"
        )
        return pd.DataFrame(rows, columns=LOG_COLUMNS)

    def logbook(self) -> str:
        """Return the log as Markdown for the method section: who did how much of what between when, then every line.

        No word of a story is in it, unless somebody typed it in the name of a theme.
        """
        return logbook(self.log(), self.path.name)

    def keep_narratives(self, corpus: Corpus) -> pd.DataFrame:
        """Keep the masked stories in the project, and carry every decision over to a file that grew.

        The project then holds the masked text of every story (column `text`), under its number and a hash; never the text
        from before masking. Spans move along with their quote. What is not found for sure stays as it is, and stands in
        `recheck`. A story that is not in the corpus any more keeps its text and its decisions.

        Parameters
        ----------
        corpus : Corpus
            At least `gemaskeerd`. All stories of the project, not a part of them.

        Returns
        -------
        pandas.DataFrame
            narrative_id, change (nieuw, gewijzigd, verdwenen, gewist), old, new: the texts. Only other numbers in placeholders
            are no change: those count over the corpus. What was erased is not kept again: take it out of the file too.

        Raises
        ------
        PrivacyError
            When the corpus is not masked.
        ProjectError
            When the file cannot be written.
        """
        return narratives.keep(self, corpus)

    def recheck(self) -> pd.DataFrame:
        """Return what a person has to look at again.

        Returns
        -------
        pandas.DataFrame
            narrative_id, change (gewijzigd, citaat niet gevonden, code vervallen, definitie gewijzigd), old, new, kind,
            subject. Of a changed story the two texts; of a quote that does not stand at its place the quote, and the text
            as it is; of a coding whose code is gone the code, and what it became; of a code that now means something else
            what it meant, and its definition.
        """
        return narratives.to_look_at(self)

    def mark_rechecked(self, narrative_ids: str | Iterable[str]) -> None:
        """Say that a person has looked at changed stories, or at codings whose code means something else now, again.

        Raises
        ------
        InputError
            When one of them is not open.
        """
        ids = sorted({narrative_ids} if isinstance(narrative_ids, str) else set(narrative_ids))
        decisions = self.all_decisions()
        seen: dict[tuple[str, str], Any] = {}
        for narrative in ids:
            if "was" in (held := decisions.get((narratives.NARRATIVE, narrative), {})):
                seen[narratives.NARRATIVE, narrative] = {name: value for name, value in held.items() if name != "was"}  # fmt: skip
        for narrative, change, *_, subject in narratives.stale_codings(decisions):
            if narrative in ids and change == narratives.REDEFINED:
                coding = decisions[narratives.CODING, subject]
                meaning = decisions[narratives.CODE, coding["code"]]["meaning"]
                seen[narratives.CODING, subject] = {**coding, "meaning": meaning}
        open_now = {value.get("narrative_id", subject) for (_, subject), value in seen.items()}
        if unknown := [narrative for narrative in ids if narrative not in open_now]:
            raise InputError.one(
                what=f"Deze verhalen hoeven niet opnieuw te worden bekeken: {list_names(unknown)}.",
                where="narrative_ids",
                expected="verhalen met ‘gewijzigd’ of ‘definitie gewijzigd’ in project.recheck()",
                now="Een citaat dat niet is gevonden, verdwijnt uit de lijst als je de plek opnieuw aanwijst; een code die vervallen is, als je opnieuw codeert.",
            )
        self.decide(seen, action="gewijzigd verhaal opnieuw bekeken")

    def erase(self, narrative_ids: str | Iterable[str]) -> None:
        """Take stories out of the project for good: their text, quotes from them and memos, also out of the log.

        For a teller who withdraws a story, or a name that was missed. Who did something when stays in the log. The copies
        beside the project are removed, as the story is in them too, and a new one is made. This cannot be undone; copies
        elsewhere, and files that were exported, are yours to look after.

        Raises
        ------
        InputError
            When the project holds nothing of one of them.
        """
        ids = {narrative_ids} if isinstance(narrative_ids, str) else set(narrative_ids)
        erase(self, ids)
        if self.path.is_file():
            with self._lock:
                for copy in copies(self.path).values():
                    copy.unlink()
                keep_daily_copy(self._connection, self.path)

    def check(self) -> pd.DataFrame:
        """Return what is wrong with the file, in Dutch; empty when it is sound.

        It looks at the structure, the chain of the log, whether the decisions are those of the log, the hashes of the
        texts, quotes at their places, and decisions about stories that are not there. It finds accidents, not a forger.

        Returns
        -------
        pandas.DataFrame
            what, where, expected, now.
        """
        import pandas as pd

        self.query("SELECT 1")  # a closed file is no damaged one
        with self._lock:
            found = find_damage(self._connection) or list(narratives.find_faults(self))
        return pd.DataFrame(
            [vars(problem) for problem in found], columns=["what", "where", "expected", "now"]
        )

    def keep_raw(self, corpus: Corpus, passphrase: str, path: str | Path | None = None) -> Path:
        """Keep the text from before masking in a second, encrypted file; nothing does so unless you call this.

        Parameters
        ----------
        corpus : Corpus
            Raw, or masked in this session.
        passphrase : str
            At least twelve characters. Without it nobody can read the file, we neither.
        path : str or Path, optional
            Ends in `.ruw`. Default a new file in your own data folder; never in the working folder or beside a project.

        Returns
        -------
        Path
            Where it is; the log says so too. `wa.open_raw(path, passphrase)` reads it.

        Raises
        ------
        PrivacyError
            When the raw text is not in memory, or the place or the passphrase will not do.
        """
        return keep_raw(self, corpus, passphrase, path)
