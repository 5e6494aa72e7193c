"""Codings as a table on screen: count them, read the quotes behind a number, save them. The verbs are in `coding`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.coding import by_hand, kept, retrieval, scheme_in_project
from wijkanalyse.coding.exchange import tables, writing
from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
from wijkanalyse.privacy.gate import Audience
from wijkanalyse.widgets.panel import Panel
from wijkanalyse.widgets.table import Table

if TYPE_CHECKING:
    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.project import Project

HELP = "Kies een getal: daaronder staan de citaten. Open een citaat (▸) om te lezen wat eromheen staat."
NOTHING = "Er is nog niets gecodeerd. Codeer een stuk van een verhaal, en kies dan ‘Lees opnieuw’."
SHOWN = 300  #: quotes on screen
ROLES = (Role.PERSPECTIVE, Role.CONTEXT, Role.TIME, Role.SIGNIFICATION)  # not the team: nobody compares those
UNITS = [("verhalen", "verhaal"), ("vertellers", "verteller"), ("stukken tekst", "fragment")]
AUDIENCES = [("buiten: om door te geven", Audience.OUTSIDE), ("werkbank: alleen voor jezelf", Audience.WORKBENCH)]  # fmt: skip
FILES = {".xlsx": "Excel", ".docx": "Word, codes in de kantlijn", ".qdpx": "ATLAS.ti, MAXQDA, NVivo"}


class CodingTable(Panel):
    """Numbers, quotes and files. Use `coding_table`; `selected` are the quotes asked for, as `wa.retrieve` gives them."""

    def __init__(self, corpus: Corpus, scheme: Scheme, project: Project, themes: Any) -> None:
        import ipywidgets

        super().__init__("Coderingen", HELP)
        self._corpus, self._scheme, self._project, self._themes = corpus, scheme, project, themes
        specs = [spec for role in ROLES for spec in corpus.with_role(role) if spec.dtype == "category"]
        beside = [(spec.label, spec.name) for spec in specs] + [("codeur", "coder"), ("andere code", "code")]
        beside += [("thema", "theme")] if themes is not None else []
        choices = {"Naast:": beside, "Tel:": UNITS, "Codeur:": [("", "")], "Code:": [("", "")], "voor:": AUDIENCES}  # fmt: skip
        self.beside, self.unit, self.coder, self.code, self.audience = (
            ipywidgets.Dropdown(description=name, options=options) for name, options in choices.items()
        )
        self.words = ipywidgets.Text(description="Zoek:", continuous_update=False)
        self.words.placeholder = "een woord of een verhaalnummer"
        self.cross, self.quotes, self._note = Table(self._choose), Table(), ipywidgets.HTML()
        self.run(self._read)
        for field in (self.beside, self.unit, self.coder):
            field.observe(lambda _change: self.run(self._count, doing="Tellen."), "value")
        for field in (self.code, self.words):
            field.observe(lambda _change: self.run(self._find, doing="Zoeken."), "value")
        saves = [self.button(name, partial(self.save, suffix), doing="Bewaren.") for suffix, name in FILES.items()]  # fmt: skip
        again = self.button("Lees opnieuw", self._read, doing="Lezen.")
        saved_as = ipywidgets.HTML("Bewaar alle coderingen als")
        self.fill(
            self.row(self.beside, self.unit, self.coder),
            self.cross,
            self._note,
            self.row(self.code, self.words, again),
            self.row(saved_as, *saves, self.audience),
            self.status,
            self.quotes,
        )

    def _read(self) -> str:
        self.codings = by_hand.codings(self._project, self._corpus)
        if self._scheme.name in self._project.decisions(kept.SCHEME):
            self._scheme = scheme_in_project.kept_scheme(self._project, self._scheme.name)
        self._names = {key: key for key in sorted(set(self.codings["code"]))}
        self._names |= {code.code: code.name for code in self._scheme}
        self.code.options = [("alle", ""), *((name, key) for key, name in self._names.items())]
        self.coder.options = [("iedereen", ""), *((who, who) for who in sorted(set(self.codings["coder"])))]
        return self._count()

    def _count(self) -> str:
        chosen = self.coder.value
        self._counted = self.codings[self.codings["coder"] == chosen] if chosen else self.codings
        self._table = retrieval.cross_tabulate(
            self._corpus, self._counted, columns=self.beside.value, unit=self.unit.value, themes=self._themes
        )
        frame, self._note.value = self._table.frame, self._table.note
        names = [f"{self._names.get(each, each)}\nvan {frame.at[retrieval.TOTAL, each]}" for each in frame]
        rows = []
        for code, counts in frame.astype(object).where(frame.notna(), "").iterrows():
            numbers = ({"text": str(n), "key": f"{code}\t{name}"} for name, n in counts.items())
            rows.append([self._names.get(code, code), *numbers])
        self.cross.show("Hoe vaak een code voorkomt", ["Code", *names], rows)
        self.cross.chosen = ""
        return self._find()

    def _choose(self, key: str) -> None:
        self.cross.chosen = "" if key == self.cross.chosen else key
        self.run(self._find)

    def _find(self) -> str:
        cell, words = self.cross.chosen.split("\t"), self.words.value.strip()
        quotes = self._table.behind(*cell) if self.cross.chosen else self._counted
        where: dict[str, Any] = {"code": self.code.value} if self.code.value else {}
        if words in set(quotes["narrative_id"]):
            where["narrative_id"] = words
        elif words:
            where["any"] = [{"quote": words}, {"memo": words}]
        self.selected = retrieval.retrieve(self._corpus, quotes, where, scheme=self._scheme)
        rows = []
        for quote in self.selected.head(SHOWN).fillna({"title": ""}).itertuples():
            shown = {"text": quote.quote, "more": quote.context}
            if not quote.context:
                shown = {"text": "het hele verhaal", "more": quote.quote}
            story = f"{quote.narrative_id} {quote.title}".strip()
            rows.append([story, self._names[quote.code], quote.coder, shown, quote.memo])
        self.quotes.show("Citaten", ["Verhaal", "Code", "Codeur", "Citaat", "Memo"], rows)
        if self.codings.empty:
            return NOTHING
        names = " × ".join(self._names.get(part, part) for part in cell)
        behind = f" bij {names}" if names else ""
        rest = f" De eerste {SHOWN} staan hier." if len(self.selected) > SHOWN else ""
        return f"{len(self.selected)} van de {len(self.codings)} coderingen{behind}.{rest}"

    def save(self, suffix: str) -> str:
        """Write all codings to a file in the folder `uitvoer`; `suffix` is one of `FILES`."""
        path = Path("uitvoer") / f"coderingen{suffix}"
        how: Any = {"corpus": self._corpus, "scheme": self._scheme, "audience": self.audience.value, "project": self._project}  # fmt: skip
        if suffix == ".qdpx":
            memos = by_hand.memos(self._project, self._corpus)
            writing.export_qdpx(codings=self.codings, path=path, memos=memos, **how)
        else:
            tables.export_codings(self.codings, path, **how)
        return f"Bewaard: {path.as_posix()}."


def coding_table(corpus: Corpus, scheme: Scheme, *, project: Project, themes: Any = None) -> CodingTable:
    """Show the codings of a project: how often codes stand beside an attribute, the quotes behind each number, files to save.

    The corpus is at least `gemaskeerd` (otherwise a `PrivacyError`); of a project that has the scheme, its own version names the
    codes; with `themes` they can be counted beside themes.
    """
    corpus.require(PrivacyStatus.MASKED, purpose="coderingen laten lezen")
    return CodingTable(corpus, scheme, project, themes)
