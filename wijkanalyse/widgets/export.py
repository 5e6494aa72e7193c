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

HELP = (
    "Vink aan wat je wilt bewaren. Naar buiten gaan alleen getallen over genoeg vertellers, en citaten die een mens goedkeurde. "
    "Bij elke figuur komen een bestand met de getallen en een tekst voor wie niet kan zien."
)
QUOTES = (
    "Voorstellen, per thema. Lees een citaat in zijn verhaal voor je het aanvinkt: herkent iemand zichzelf of een ander? "
    "Wat je aanvinkt, wordt meteen bewaard."
)
BULLETIN = (
    "De figuren hierboven als SVG en PNG, de citaten, en een pagina over hoe je ze leest. Altijd voor buiten."
)
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
        self._figures = {each[0]: each for each in bulletin.check_figures(themes)}
        self.audience, self.suffix, self.width = (
            ipywidgets.Dropdown(description=f"{name}:", options=options) for name, options in CHOICES.items()
        )
        self.audience.observe(lambda _change: self._allow(), "value")
        self.ticks = {
            name: self.tick(words.title if words else name, value=not why)
            for name, _, words, why in self._figures.values()
        }
        self._whys = {
            name: ipywidgets.HTML(f"blijft binnen. {escape(why)}") for name, *_, why in self._figures.values()
        }
        self._proposed = bulletin.propose_quotes(themes)
        held = {(one["narrative_id"], " ".join(one["quote"].split())) for one in project.decisions(bulletin.KIND).values()}  # fmt: skip
        self.quotes = [
            self.tick(f"{row.theme} ({row.role}): {row.quote}", value=(row.narrative_id, row.quote) in held)
            for row in self._proposed.itertuples()
        ]
        for tick in self.quotes:
            tick.observe(lambda _change: self.run(self._approve), "value")
        self.saved = ipywidgets.HTML()
        loose = self.button("Bewaar deze figuren", self._save, doing="De figuren worden getekend.")
        whole = self.button(
            "Maak het bulletin", self._bulletin, doing="Het bulletin wordt gemaakt.", style="primary"
        )
        self.fill(
            ipywidgets.HTML("<h4>Figuren</h4>"),
            *(self.row(tick, self._whys[name]) for name, tick in self.ticks.items()),
            self.row(self.audience, self.suffix, self.width),
            loose,
            ipywidgets.HTML(f"<h4>Citaten</h4>{QUOTES}"),
            *self.quotes,
            ipywidgets.HTML(f"<h4>Bulletin</h4>{BULLETIN}"),
            whole,
            self.status,
            self.saved,
        )
        self._allow()

    def _allow(self) -> None:
        for name, figure, _, why in self._figures.values():
            stays = bool(why) and (self.audience.value == Audience.OUTSIDE or figure is None)
            self.ticks[name].disabled = stays
            self.ticks[name].value = self.ticks[name].value and not stays
            self._whys[name].layout.display = None if stays else "none"

    def _approve(self) -> str:
        chosen = self._proposed.assign(approved=[tick.value for tick in self.quotes])
        bulletin.approve_quotes(chosen, self.themes.corpus, self.project)
        return "Bewaard."

    def _save(self) -> str:
        files, names = [], [name for name, tick in self.ticks.items() if tick.value]
        how = {"audience": self.audience.value, "width_mm": self.width.value, "project": self.project}
        with one_browser():
            for done, name in enumerate(names):
                self.status.report(self.ticks[name].description, done, len(names))
                path = self.folder / f"{name}{self.suffix.value}"
                files.append(export_figure(self._figures[name][1], path, **how))
        return self._told(files, [])

    def _bulletin(self) -> str:
        names = [name for name, tick in self.ticks.items() if tick.value]
        width: float = self.width.value
        made = bulletin.write_bulletin(
            self.themes, self.folder, figures=names, project=self.project, width_mm=width
        )
        return self._told(*made)

    def _told(self, files: list[Path], notices: list[str]) -> str:
        lines = [path.name for path in files] + [f"Let op: {notice}" for notice in notices]
        self.saved.value = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        return f"Bewaard in de map {self.folder.name}: {len(files)}." if files else "Er is niets aangevinkt."


def export_panel(themes: Themes, project: Project, folder: str | Path = "figuren") -> ExportPanel:
    """Show a panel in which a person chooses which figures and quotes leave, and sees what stays inside and why.

    Parameters
    ----------
    themes : Themes
        Of a corpus that was reviewed; otherwise a `PrivacyError`.
    project : Project
        Keeps which quotes were approved; its log gets a line for each file that goes outside.
    folder : str or Path
        For the files; default the folder `figuren` beside the project.
    """
    return ExportPanel(themes, project, working_folder(project) / folder)
