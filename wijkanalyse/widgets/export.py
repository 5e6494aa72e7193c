"""What leaves, on screen: which figures and quotes, for whom, in which form; what stays inside, and why."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.dialogue import bulletin
from wijkanalyse.figures.export import PAGE_MM, SUFFIXES, export_figure
from wijkanalyse.figures.picture import one_browser
from wijkanalyse.privacy.gate import Audience
from wijkanalyse.study import working_folder
from wijkanalyse.widgets.panel import Panel

if TYPE_CHECKING:
    from wijkanalyse.project import Project
    from wijkanalyse.themes import Themes

HELP = "Vink aan wat je wilt bewaren. Naar buiten gaan alleen getallen over genoeg vertellers, en citaten die een mens goedkeurde."
QUOTES = "Lees een citaat in zijn verhaal voor je het aanvinkt: herkent iemand zichzelf of een ander? Wat je aanvinkt, wordt meteen bewaard."
SAVING = (
    "Bij elke figuur komen een bestand met de getallen en een tekst voor wie niet kan zien. Het bulletin is altijd voor buiten: de "
    "figuren als SVG en PNG, de citaten, en een pagina over hoe je ze leest."
)
DRAWING = "De figuren worden getekend."
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "Voor wie": [
        ("buiten: bulletin, partners, pers", Audience.OUTSIDE),
        ("werkbank: alleen voor jezelf", Audience.WORKBENCH),
    ],
    "Vorm": [(suffix[1:].upper(), suffix) for suffix in SUFFIXES],
    "Breedte": [("hele bladspiegel (170 mm)", PAGE_MM), ("één kolom (85 mm)", 85)],
}


class ExportPanel(Panel):
    """Choose what leaves, and save it. Use `export_panel`.

    `ticks` are the checkboxes of figures by name, `quotes` those of quotes in the order of `wa.propose_quotes`.
    """

    def __init__(self, themes: Themes, project: Project, folder: Path) -> None:
        import ipywidgets

        super().__init__("Wat gaat er de deur uit?", HELP)
        self.themes, self.project, self.folder = themes, project, folder
        self.audience, self.suffix, self.width = (
            ipywidgets.Dropdown(description=f"{name}:", options=options) for name, options in CHOICES.items()
        )
        self._figures, self.ticks, self._whys = bulletin.check_figures(themes), dict[str, Any](), list[Any]()
        for name, _, words, why in self._figures:
            self.ticks[name] = self.tick(words.title if words else name, value=not why)
            self._whys.append(ipywidgets.HTML(f"blijft binnen. {escape(why)}"))
        self._proposed = bulletin.propose_quotes(themes, project)
        self.quotes = [
            self.tick(f"{row.theme} ({row.role}, {row.narrative_id}): {row.quote}", value=row.approved)
            for row in self._proposed.itertuples()
        ]
        self.audience.observe(lambda _change: self._allow(), "value")
        for tick in self.quotes:
            tick.observe(lambda _change: self.run(self._approve), "value")
        self.saved = ipywidgets.HTML()
        self.fill(
            ipywidgets.HTML("<h4>Figuren</h4>"),
            *(self.row(tick, why) for tick, why in zip(self.ticks.values(), self._whys, strict=True)),
            ipywidgets.HTML(f"<h4>Citaten</h4>{QUOTES}"),
            *self.quotes,
            ipywidgets.HTML(f"<h4>Bewaren</h4>{SAVING}"),
            self.row(self.audience, self.suffix, self.width),
            self.row(
                self.button("Bewaar losse figuren", self._save, doing=DRAWING),
                self.button("Maak het bulletin", self._bulletin, doing=DRAWING, style="primary"),
            ),
            self.status,
            self.saved,
        )
        self._allow()

    def _allow(self) -> None:
        for (name, figure, _, why), shown in zip(self._figures, self._whys, strict=True):
            stays = bool(why) and (self.audience.value == Audience.OUTSIDE or figure is None)
            self.ticks[name].disabled = stays
            self.ticks[name].value = self.ticks[name].value and not stays
            shown.layout.display = None if stays else "none"

    def _approve(self) -> str:
        chosen = self._proposed.assign(approved=[tick.value for tick in self.quotes])
        bulletin.approve_quotes(chosen, self.themes.corpus, self.project)
        return "Bewaard."

    def _save(self) -> str:
        files, asked = [], [(name, figure) for name, figure, *_ in self._figures if self.ticks[name].value]
        how = {"audience": self.audience.value, "width_mm": self.width.value, "project": self.project}
        with one_browser():
            for done, (name, figure) in enumerate(asked):
                self.status.report(self.ticks[name].description, done, len(asked))
                files.append(export_figure(figure, self.folder / f"{name}{self.suffix.value}", **how))
        return self._told(files, [])

    def _bulletin(self) -> str:
        how = {"project": self.project, "width_mm": self.width.value}
        names = [name for name, tick in self.ticks.items() if tick.value]
        return self._told(*bulletin.write_bulletin(self.themes, self.folder, figures=names, **how))

    def _told(self, files: list[Path], notices: list[str]) -> str:
        lines = [path.name for path in files] + [f"Let op: {notice}" for notice in notices]
        self.saved.value = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        return f"Bewaard in de map {self.folder.name}: {len(files)}." if files else "Er is niets aangevinkt."


def export_panel(themes: Themes, project: Project, folder: str | Path = "figuren") -> ExportPanel:
    """Show a panel in which a person chooses which figures and quotes leave, and sees what stays inside and why.

    The files go to a folder beside the project, which keeps the quotes that were approved, and in its log what went outside.
    Raises PrivacyError when not every story was reviewed.
    """
    return ExportPanel(themes, project, working_folder(project) / folder)
