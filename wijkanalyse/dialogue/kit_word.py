"""The session kit as a Word file, to change before it is printed: made of the page itself, block by block."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

#: class of an article → width, height and margin of its page in mm, and its letters in points
PAGES = {"sheet": (210, 297, 14, 9.5), "card": (148, 210, 10, 8.5), "story": (105, 148, 8, 7.5)}
LARGER = {"h2": 1.5, "h3": 1.2}
ANSWER_HEIGHT = 180  # mm for all rows of an answer sheet


def word(html: str, *, title: str, mark: str) -> bytes:
    """Return the articles of our own page as DOCX, each on a new page of its size; a drawing becomes its words."""
    import docx
    from docx.shared import Pt, RGBColor
    from lxml.html import fromstring

    document: Any = docx.Document()
    document.core_properties.title, document.core_properties.language = title, "nl-NL"
    for name in ("Normal", "Header", "Heading 2", "Heading 3", "List Bullet", "Quote"):
        style = document.styles[name]
        style.font.name, style.font.italic, style.font.color.rgb = "Calibri", False, RGBColor(31, 36, 48)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(2)
    kind = ""
    for article in fromstring(html).iter("article"):
        before, kind = kind, article.get("class").split()[0]
        if before != kind:
            _section(document, kind, mark, first=not before)
        blocks = [made for block in article for made in _made(document, block, PAGES[kind][3])]
        blocks[0].paragraph_format.page_break_before = before == kind
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _section(document: Any, kind: str, mark: str, *, first: bool) -> None:
    """Begin pages of a size, with the mark on top of each."""
    from docx.shared import Mm, Pt

    section = document.sections[0] if first else document.add_section()
    width, height, margin, letters = PAGES[kind]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(margin)
    section.top_margin, section.header_distance, section.footer_distance = (
        Mm(margin + 4),
        Mm(margin - 2),
        Mm(4),
    )
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].add_run(mark).font.size = Pt(letters - 1)


def _made(document: Any, block: Any, letters: float) -> Iterator[Any]:
    """Yield the paragraphs made of a block, in order; of a table the table itself."""
    if block.tag in ("ul", "ol"):
        for number, item in enumerate(block, start=1):
            head = f"{item.get('value', number)}. " if block.tag == "ol" else ""
            yield _filled(
                document.add_paragraph(head, style="Normal" if head else "List Bullet"), item, letters
            )
    elif block.tag == "table":
        yield _table(document, block, letters)
    elif block.tag == "svg":
        yield _filled(document.add_paragraph(block.get("aria-label")), (), letters)
    elif block.get("class") == "lines":
        yield from (_ruled(document) for _ in block)
    elif block.tag in ("div", "figure", "blockquote"):
        for child in block:
            yield from _made(document, child, letters)
    else:
        style = {"h2": "Heading 2", "h3": "Heading 3"}.get(block.tag, "Normal")
        yield _filled(document.add_paragraph(style=style), block, letters * LARGER.get(block.tag, 1))


def _filled(paragraph: Any, element: Any, letters: float) -> Any:
    """Add the text of an element, keeping what is bold or leaning."""
    from docx.shared import Pt

    parts = [(element.text, "")] if len(element) or getattr(element, "text", None) else []
    for child in element:
        parts += [(child.text_content(), child.tag), (child.tail, "")]
    for text, tag in parts:
        run = paragraph.add_run(" ".join(text.split()) if tag else _spaced(text))
        run.bold, run.italic = (tag == "strong" or None), (tag == "em" or None)
    for run in paragraph.runs:
        run.font.size = Pt(letters)
    return paragraph


def _spaced(text: str | None) -> str:
    """Return a text with single spaces, also where it begins or ends with one."""
    text = text or ""
    return (
        f"{' ' * text[:1].isspace()}{' '.join(text.split())}{' ' * text[-1:].isspace()}"
        if text.strip()
        else " " * bool(text)
    )


def _ruled(document: Any) -> Any:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Pt

    section, line = document.sections[-1], document.add_paragraph("\t")
    stop = section.page_width - section.left_margin - section.right_margin
    line.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    line.paragraph_format.space_before = Pt(8)
    return line


def _table(document: Any, block: Any, letters: float) -> Any:
    """Make a table; its first row says in `data-deel` which part of the width each column takes."""
    from docx.shared import Mm

    rows = list(block.iter("tr"))
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    parts = [float(cell.get("data-deel", 1)) for cell in rows[0]]
    for made, row in zip(table.rows, rows, strict=True):
        if block.get("style") and row is not rows[0]:
            made.height = Mm(min(30, ANSWER_HEIGHT / (len(rows) - 1)))
        for cell, element, part in zip(made.cells, row, parts, strict=True):
            cell.width = Mm((PAGES["sheet"][0] - 2 * PAGES["sheet"][2]) * part / sum(parts))
            _filled(cell.paragraphs[0], element, letters)
            for run in cell.paragraphs[0].runs:
                run.bold = element.tag == "th"
    for column, part in zip(table.columns, parts, strict=True):
        column.width = Mm((PAGES["sheet"][0] - 2 * PAGES["sheet"][2]) * part / sum(parts))
    return table
