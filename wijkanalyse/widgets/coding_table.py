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
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.project import Project

HELP = "Kies een getal: daaronder staan de citaten. Open een citaat om te lezen wat eromheen staat."
NOTHING = "Er is nog niets gecodeerd. Codeer een stuk van een verhaal, en kies dan ‘Lees opnieuw’."
SHOWN = 300  #: quotes on screen
KINDS = (Role.PERSPECTIVE, Role.CONTEXT, Role.TIME, Role.SIGNIFICATION)  # not the team: nobody compares those
UNITS = [("verhalen", "verhaal"), ("vertellers", "verteller"), ("stukken tekst", "fragment")]
AUDIENCES = [("anderen", Audience.OUTSIDE), ("mezelf", Audience.WORKBENCH)]
FILES = {".xlsx": "Excel", ".docx": "Word, codes in de kantlijn", ".qdpx": "ATLAS.ti, MAXQDA, NVivo"}


class CodingTable(Panel):
    """Numbers, quotes and files. Use `coding_table`.

    Attributes
    ----------
    codings : pandas.DataFrame
    selected : pandas.DataFrame
        The quotes that are asked for, as `wa.retrieve` gives them.
    """

    def __init__(
        self, corpus: Corpus, scheme: Scheme, project: Project, codings: pd.DataFrame | None, themes: Any
    ) -> None:
        import ipywidgets

        super().__init__("Coderingen", HELP)
        self._corpus, self._scheme, self._project = corpus, scheme, project
        self._given, self._themes = codings, themes
        specs = [spec for kind in KINDS for spec in corpus.with_role(kind) if spec.dtype == "category"]
        columns = [(spec.label, spec.name) for spec in specs] + [("Codeur", "coder"), ("Andere code", "code")]
        columns += [("Thema", "theme")] if themes is not None else []
        self.fields = {
            "columns": ipywidgets.Dropdown(description="Naast", options=columns),
            "unit": ipywidgets.Dropdown(description="Tel", options=UNITS),
            "coder": ipywidgets.Dropdown(description="Codeur"),
            "code": ipywidgets.Dropdown(description="Code"),
            "words": ipywidgets.Text(description="Zoek", placeholder="woord, of nummer van verhaal"),
            "memo": ipywidgets.Checkbox(description="alleen met memo", indent=False),
            "audience": ipywidgets.Dropdown(description="Voor", options=AUDIENCES),
        }
        self.fields["words"].continuous_update = False
        self.cross, self.quotes, self._note = Table(self._choose), Table(), ipywidgets.HTML()
        self.run(self._read)
        acts = dict.fromkeys(("columns", "unit", "coder"), self._count)
        for name, act in {**acts, **dict.fromkeys(("code", "words", "memo"), self._find)}.items():
            self.fields[name].observe(lambda _, act=act: self.run(act, doing="Even zoeken"), "value")
        again = self.button("Lees opnieuw", self._read, doing="Even lezen")
        saves = [
            self.button(name, partial(self.save, suffix), doing="Bewaren") for suffix, name in FILES.items()
        ]
        self.fill(
            self.row(*(self.fields[name] for name in ("columns", "unit", "coder")), again),
            self.cross,
            self._note,
            self.row(*(self.fields[name] for name in ("code", "words", "memo"))),
            self.status,
            self.quotes,
            ipywidgets.HTML("<h4>Bewaren</h4>Alle coderingen, ook die nu niet in beeld zijn."),
            self.row(self.fields["audience"], *saves),
        )

    def __repr__(self) -> str:
        return f"<CodingTable {len(self.selected)} van de {len(self.codings)} coderingen>"

    def _read(self) -> str:
        if self._given is None:
            self.codings = by_hand.codings(self._project, self._corpus)
        else:
            self.codings = self._given
        if self._scheme.name in self._project.decisions(kept.SCHEME):
            self._scheme = scheme_in_project.kept_scheme(self._project, self._scheme.name)
        self._names = {key: key for key in sorted(set(self.codings["code"]))}
        self._names |= {code.code: code.name for code in self._scheme}
        self.fields["code"].options = [("alle", ""), *((name, key) for key, name in self._names.items())]
        self.fields["coder"].options = [("iedereen", ""), *sorted(set(self.codings["coder"]))]
        return self._count()

    def _count(self) -> str:
        coder = self.fields["coder"].value
        self._of_coder = self.codings[self.codings["coder"] == coder] if coder else self.codings
        self.counts = retrieval.cross_tabulate(
            self._corpus,
            self._of_coder,
            columns=self.fields["columns"].value,
            unit=self.fields["unit"].value,
            themes=self._themes,
        )
        self._note.value = self.counts.note
        frame = self.counts.frame
        totals = [self._names.get(name, name) + f" (van {frame.at[retrieval.TOTAL, name]})" for name in frame]
        rows = [
            [self._names.get(row, row), *(_number(row, column, cells[column]) for column in frame)]
            for row, cells in frame.iterrows()
        ]
        self.cross.show("In hoeveel verhalen een code staat", ["Code", *totals], rows)
        self.cross.chosen = ""
        return self._find()

    def _choose(self, key: str) -> None:
        self.cross.chosen = "" if key == self.cross.chosen else key
        self.run(self._find)

    def _find(self) -> str:
        cell = self.cross.chosen.split("\t") if self.cross.chosen else []
        quotes = self.counts.behind(*cell) if cell else self._of_coder
        words, where = self.fields["words"].value.strip(), dict[str, Any]()
        if words in set(quotes["narrative_id"]):
            where["narrative_id"] = words
        elif words:
            where["any"] = [{"quote": words}, {"memo": words}]
        if self.fields["code"].value:
            where["code"] = self.fields["code"].value
        if self.fields["memo"].value:
            where["memo"] = True
        self.selected = retrieval.retrieve(
            self._corpus, quotes, where, scheme=self._scheme, themes=self._themes
        )
        rows = [self._row(quote) for quote in self.selected.head(SHOWN).itertuples()]
        self.quotes.show("Citaten", ["Verhaal", "Code", "Codeur", "Citaat", "Memo"], rows)
        if self.codings.empty:
            return NOTHING
        told = f"{len(self.selected)} van de {len(self.codings)} coderingen"
        told += ": " + " × ".join(self._names.get(part, part) for part in cell) if cell else ""
        return f"{told}." + (f" De eerste {SHOWN} staan hier." if len(self.selected) > SHOWN else "")

    def _row(self, quote: Any) -> list[Any]:
        import pandas as pd

        is_whole = pd.isna(quote.start)
        shown = {
            "text": "het hele verhaal" if is_whole else quote.quote,
            "more": quote.context or quote.quote,
        }
        story = f"{quote.narrative_id} {quote.title or ''}".strip()
        return [story, self._names.get(quote.code, quote.code), quote.coder, shown, quote.memo]

    def save(self, suffix: str) -> str:
        """Write all codings to a file; `suffix` is one of `FILES`."""
        path = Path("uitvoer") / f"coderingen{suffix}"
        options: dict[str, Any] = {
            "corpus": self._corpus, "scheme": self._scheme, "audience": self.fields["audience"].value, "project": self._project,
        }  # fmt: skip
        if suffix == ".qdpx":
            memos = by_hand.memos(self._project)
            on_codings = memos["narrative_id"].notna() & memos["code"].notna()  # these stand in the codings
            writing.export_qdpx(codings=self.codings, path=path, memos=memos[~on_codings], **options)
        else:
            tables.export_codings(self.codings, path, **options)
        return f"Bewaard: {path.as_posix()}."


def _number(row: str, column: str, n: Any) -> str | dict[str, str]:
    import pandas as pd

    if pd.isna(n) or not n:
        return "" if pd.isna(n) else "0"
    return {"text": str(n), "key": f"{row}\t{column}"}


def coding_table(
    corpus: Corpus,
    scheme: Scheme,
    *,
    project: Project,
    codings: pd.DataFrame | None = None,
    themes: Any = None,
) -> CodingTable:
    """Show codings as a table: how often codes stand beside an attribute, the quotes behind each number, and files to save.

    Parameters
    ----------
    corpus : Corpus
        At least `gemaskeerd`; to save for others `nagekeken`.
    scheme : Scheme
        Names the codes. Of a project that has it, its own version.
    project : Project
    codings : pandas.DataFrame, optional
        Default those of the project, read again when somebody asks.
    themes : optional
        `Themes`, to see codes beside themes.

    Returns
    -------
    CodingTable
        For the last line of a cell. Its `selected` is the frame of the quotes on screen.

    Raises
    ------
    PrivacyError
        When the corpus is not masked.
    """
    corpus.require(PrivacyStatus.MASKED, purpose="coderingen laten lezen")
    return CodingTable(corpus, scheme, project, codings, themes)
