"""A figure leaves: the picture, the numbers it stands on, and what it shows in words."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from wijkanalyse.errors import InputError
from wijkanalyse.figures.behind import Released, behind, release
from wijkanalyse.figures.picture import NoBrowserError, picture, pixels
from wijkanalyse.figures.standalone import page
from wijkanalyse.figures.template import SCREEN_WIDTH
from wijkanalyse.privacy.files import PROVENANCE, last_look, write_file
from wijkanalyse.privacy.gate import Audience, read_audience
from wijkanalyse.privacy.tables import table_file

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from wijkanalyse.privacy.decisions import Store
    from wijkanalyse.privacy.gate import SafeTable

PICTURES = (".svg", ".pdf", ".png")
SUFFIXES = (*PICTURES, ".docx", ".html")
PAGE_MM = 170  #: the text of an A4
_WIDTHS = range(60, 401)
NO_BROWSER = (
    "Voor {suffix} is een browser nodig die hier niet gevonden is. De figuur staat nu in {name}: open dat bestand en kies ‘Bewaar als "
    "plaatje’, dan krijg je een SVG. Wil je het voortaan meteen? Installeer Chrome, Edge of Chromium en daarna: pip install kaleido"
)


def export_figure(
    figure: go.Figure,
    path: str | Path,
    *,
    audience: Audience | str = Audience.OUTSIDE,
    width_mm: float = PAGE_MM,
    override: int | None = None,
    reason: str | None = None,
    project: Store | None = None,
) -> Path:
    """Write a figure to a file by its suffix, with the numbers (`.csv`) and a text for who cannot see it (`.alt.txt`).

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        As a plot function returned it.
    path : str or Path
        On `.svg`, `.pdf`, `.png` (300 dpi), `.html` (needs no network) or `.docx` (picture with a caption).
    audience : Audience
        `"buiten"` or `"werkbank"`. Outside the figure is drawn anew from a released table: groups of fewer than ten tellers are left
        out, and no mark is one story. On the workbench the HTML holds the stories too.
    width_mm : float
        On paper, 60 to 400: 170 is the text of an A4, 85 a column. Words and labels are placed for this width. In HTML the width is
        that of the screen.
    override, reason, project : optional
        As in `release_table`.

    Returns
    -------
    Path
        The figure. Without a browser to draw a picture, an HTML of the same name, and a warning says what to install.

    Raises
    ------
    PrivacyError
        By the status of the corpus, or when a masked word still stands in the figure.
    InputError
        For another suffix or width, or a figure that does not know what is behind it.
    """
    path, under = Path(path), behind(figure)
    audience = read_audience(audience)
    kind = path.suffix.lower()
    if kind not in SUFFIXES or not _WIDTHS.start <= width_mm < _WIDTHS.stop:
        raise InputError.one(
            what="Zo kan de figuur niet worden bewaard.", where=f"‘{path.name}’, {width_mm} mm breed",
            expected=f"een naam op {', '.join(SUFFIXES)}, en {_WIDTHS.start} tot {_WIDTHS.stop - 1} mm breed",
            now="Kies een andere naam of breedte.",
        )  # fmt: skip
    rules = {"audience": audience, "override": override, "reason": reason}
    in_page, width = kind in (".html", ".docx"), SCREEN_WIDTH if kind == ".html" else pixels(width_mm)
    released = release(figure, width=width, with_words=not in_page, project=project, **rules)  # type: ignore[arg-type]
    # Letters in a picture cannot be read back, so that the words are looked at before they are drawn.
    last_look(
        f"{released.safe.figure.to_plotly_json()} {released.words}",
        under.corpus,
        audience=audience,
        where=path.name,
    )
    try:
        content: str | bytes = (
            page(released, under) if kind == ".html" else _content(released, kind, width_mm)
        )
    except NoBrowserError:
        path = path.with_suffix(".html")
        warnings.warn(NO_BROWSER.format(suffix=kind, name=path.name), stacklevel=2)
        content = page(release(figure, with_words=False, **rules), under)  # type: ignore[arg-type]
    beside: dict[str, str | bytes] = {".csv": _csv(released.table), ".alt.txt": released.words.alt + "\n"}
    for suffix, text in beside.items():
        write_file(path.with_name(path.stem + suffix), text, under.corpus, audience=audience)
    return write_file(path, content, under.corpus, audience=audience, project=project)


def _content(released: Released, kind: str, width_mm: float) -> bytes:
    figure = released.safe.figure
    if kind == ".docx":
        return _docx(released, picture(figure, "png", width_mm=width_mm, words=released.words), width_mm)
    return picture(figure, kind[1:], width_mm=width_mm, words=released.words)


def _csv(table: SafeTable) -> bytes:
    shown = table.shown()
    rows = [["", *shown.columns], *shown.reset_index(names="").to_numpy().tolist(), [], [table.note]]
    return table_file(rows, ".csv", title="getallen")


def _docx(released: Released, png: bytes, width_mm: float) -> bytes:
    """Return a Word file: title, denominator, picture with its text for who cannot see it, caption."""
    try:
        import docx
        from docx.shared import Mm
    except ImportError as error:
        raise InputError.one(
            what="Voor een Word-bestand ontbreekt een onderdeel.", where="python-docx", expected="python-docx 1.1 of nieuwer",
            now="Installeer het met: pip install python-docx. Of bewaar de figuur als .png of .svg.",
        ) from error  # fmt: skip
    words, document = released.words, docx.Document()
    about = document.core_properties
    about.title, about.subject, about.language = words.title, PROVENANCE + words.note[:240], "nl-NL"
    document.add_heading(words.title, level=2)
    document.add_paragraph(words.subtitle)
    document.add_picture(io.BytesIO(png), width=Mm(min(width_mm, 150)))
    drawing = document.inline_shapes[0]._inline.docPr  # noqa: SLF001  python-docx has no other way to an alt text
    drawing.set("descr", words.alt)
    document.add_paragraph(words.note, style="Caption")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
