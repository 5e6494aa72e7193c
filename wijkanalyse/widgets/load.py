"""A file with stories on screen: choose or upload it, say what each column is, and see what was read."""

from __future__ import annotations

import os
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, Role
from wijkanalyse.errors import InputError, short_name
from wijkanalyse.loaders import READERS, ROLE_NAMES, load_sample, propose_mapping, read_proposal, with_roles
from wijkanalyse.study import choose_source, keep_mapping, keep_upload, load_source, working_folder
from wijkanalyse.widgets.panel import Panel

if TYPE_CHECKING:
    from wijkanalyse.project import Project

HELP = (
    "Kies een bestand dat al in je werkmap staat, of haal er een op van je computer: dan komt er een kopie in de werkmap. "
    "Een tabel (Excel, CSV) of documenten (Word, PDF, een zip). Er gaat niets naar internet."
)
COLUMNS = "<h4>Wat is elke kolom?</h4>Dit dacht het programma. Klopt het niet, kies dan iets anders."
SAMPLE = (
    "Je werkt nu met verzonnen voorbeeldverhalen. Kies een bestand om met je eigen verhalen verder te gaan."
)
IN_LAB = "Ga nu verder met de cellen hieronder (Shift+Enter)."
IN_APP = "Ververs nu deze pagina (F5): de rest gaat dan over deze verhalen."
ROLES = [
    ("gaat niet mee", ""),
    *((name, str(role)) for role, name in ROLE_NAMES.items() if role is not Role.DIRECT_IDENTIFIER),
]
READING = "De verhalen worden gelezen."


class LoadPanel(Panel):
    """Choose a file with stories. Use `load_panel`; `roles` has what each column is, by its header."""

    def __init__(self, project: Project, path: str | Path | None, **how: Any) -> None:
        import ipywidgets

        super().__init__("Verhalen inlezen", HELP)
        self.project, self.folder, self.roles = project, working_folder(project), dict[str, Any]()
        self._corpus: Corpus | None = None
        self.files = ipywidgets.Dropdown(description="In de werkmap:", options=self._found())
        self.upload = ipywidgets.FileUpload(
            description="Ophalen van je computer", accept=",".join(READERS), layout={"width": "max-content"}
        )
        self.files.observe(lambda change: self.choose(self.folder / change["new"]), "value")
        self.upload.observe(self._uploaded, "value")
        self.columns, self.report = ipywidgets.VBox().add_class("wp-columns"), ipywidgets.HTML()
        self.load = self.button("Zo inlezen", self._load_mapped, doing=READING, style="primary")
        self.fill(self.row(self.files, self.upload), self.columns, self.status, self.report)
        load = partial(choose_source, project, path, **how) if path else partial(load_source, project)
        self.run(lambda: self._show(load()), doing=READING)

    @property
    def corpus(self) -> Corpus:
        """The stories, `ruw` unless they were masked elsewhere; the invented sample as long as no file was chosen."""
        if self._corpus is None:
            raise InputError.one(
                what="Er zijn nog geen verhalen ingelezen.",
                where="het paneel ‘Verhalen inlezen’",
                expected="een bestand dat is ingelezen",
                now="Kies een bestand, kijk de kolommen na en klik op ‘Zo inlezen’.",
            )
        return self._corpus

    def choose(self, path: Path) -> None:
        """Open a file and show what each column seems to be; it is loaded when a person says that it is right."""
        if path.is_file():
            self.run(partial(self._propose, path), doing="Het bestand wordt bekeken.")

    def _found(self) -> list[tuple[str, str]]:
        names = sorted(path.name for path in self.folder.iterdir() if path.suffix.lower() in READERS)
        return [("kies een bestand", ""), *((name, name) for name in names)]

    def _uploaded(self, change: dict[str, Any]) -> None:
        files = [(file["name"], bytes(file["content"])) for file in change["new"]]
        self.upload.value = ()  # what stays in the widget can be saved along with the notebook

        def place() -> None:
            path = keep_upload(*files[0], self.folder)
            self.files.options = self._found()
            self.files.value = path.name

        if files:
            self.run(place)

    def _propose(self, path: Path) -> str:
        import ipywidgets

        self._corpus, self._path, self.columns.children, self.report.value = None, path, (), ""
        self._entries, rows = read_proposal(propose_mapping(path)), []
        for entry in self._entries:
            chosen = ipywidgets.Dropdown(
                description=short_name(entry["kolom"]),
                options=ROLES,
                value="" if entry["waarom"] else entry["rol"],
            )
            self.roles[entry["kolom"]] = chosen
            rows.append(self.row(chosen, ipywidgets.HTML(f"<small>{escape(entry['waarom'])}</small>")))
        self.columns.children = [ipywidgets.HTML(COLUMNS), *rows, self.load]
        return f"{path.name} is geopend. Kijk de kolommen na en klik op ‘Zo inlezen’."

    def _load_mapped(self) -> str:
        entries = with_roles(self._entries, {header: role.value for header, role in self.roles.items()})
        mapping = keep_mapping(entries, self._path)
        then = IN_APP if os.environ.get("SERVER_SOFTWARE", "").startswith("voila") else IN_LAB
        return f"{self._show(choose_source(self.project, self._path, mapping=mapping))} {then}"

    def _show(self, corpus: Corpus | None) -> str:
        self._corpus, self.columns.children = corpus or load_sample(raw=True), ()
        self.report.value = f"<pre>{escape(str(self._corpus.check_report))}</pre>"
        if corpus is None:
            return SAMPLE
        n = len(corpus)
        return f"{n} {'verhaal' if n == 1 else 'verhalen'} ingelezen uit {corpus.provenance.source}."


def load_panel(project: Project, path: str | Path | None = None, **how: Any) -> LoadPanel:
    """Show a panel in which a person chooses or uploads a file with stories, and says what each column is.

    The project keeps which file it is and what the columns are: the panel opens with it the next time, and `wa.load_study`
    goes on with it in another notebook. The file itself stays in the working folder, beside the project.

    Parameters
    ----------
    project : Project
    path : str or Path, optional
        A file to load at once, without asking; `how` as in `load_narratives`. Default the one that the project knows, else the
        invented sample.
    """
    return LoadPanel(project, path, **how)
