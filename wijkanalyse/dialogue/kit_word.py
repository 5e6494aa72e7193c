"""The session kit as a Word file, to change before it is printed: made of the page itself, block by block."""

from __future__ import annotations

import io
import re
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
        style.paragraph_format.space_after = Pt(2)
        style.paragraph_format.space_before = Pt(6 if name == "Heading 3" else 0)
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
    section.top_margin, section.header_distance = Mm(margin + 4), Mm(margin - 2)
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].add_run(mark).font.size = Pt(letters - 1)


def _made(document: Any, block: Any, letters: float) -> Iterator[Any]:
    """Yield the paragraphs made of a block, in order; of a table the table itself."""
    new = document.add_paragraph
    if block.tag == "ul":
        yield from (_filled(new(style="List Bullet"), item, letters) for item in block)
    elif block.tag == "ol":
        yield from (_filled(new(f"{number}. "), item, letters) for number, item in enumerate(block, start=1))
    elif block.tag == "table":
        yield _table(document, block, letters)
    elif block.tag == "svg":
        yield _filled(new(block.get("aria-label")), (), letters)
    elif block.get("class") == "lines":
        yield from (_ruled(document) for _ in block)
    elif block.get("class") == "top":  # the mark beside it stands on every page already
        yield _filled(new(), block[0], letters - 1)
    elif block.tag in ("div", "figure", "blockquote"):
        for child in block.xpath("*[not(@class='drawn')]"):
            yield from _made(document, child, letters)
    else:
        style = {"h2": "Heading 2", "h3": "Heading 3"}.get(block.tag, "Normal")
        yield _filled(new(style=style), block, letters * LARGER.get(block.tag, 1))


def _filled(paragraph: Any, element: Any, letters: float) -> Any:
    """Add the text of an element, keeping what is bold or leaning."""
    from docx.shared import Pt

    parts = [(getattr(element, "text", ""), "")]
    for child in element:
        parts += [(child.text_content(), child.tag), (child.tail, "")]
    for text, tag in parts:
        run = paragraph.add_run(re.sub(r"\s+", " ", text or ""))
        run.bold, run.italic = (tag == "strong" or None), (tag == "em" or None)
    for run in paragraph.runs:
        run.font.size = Pt(letters)
    return paragraph


def _ruled(document: Any) -> Any:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER

    section, line = document.sections[-1], document.add_paragraph("\n\t")
    stop = section.page_width - section.left_margin - section.right_margin
    line.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    return line


def _table(document: Any, block: Any, letters: float) -> Any:
    """Make a table; its first row says in `data-deel` which part of the width each column takes."""
    from docx.shared import Mm

    rows = list(block.iter("tr"))
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    parts = [float(cell.get("data-deel", 1)) for cell in rows[0]]
    for number, row in enumerate(rows):
        if block.get("style") and number:
            table.rows[number].height = Mm(min(30, ANSWER_HEIGHT / (len(rows) - 1)))
        for cell, element in zip(table.rows[number].cells, row, strict=True):
            for run in _filled(cell.paragraphs[0], element, letters).runs:
                run.bold = element.tag == "th"
    for column, part in zip(table.columns, parts, strict=True):
        column.width = Mm((PAGES["sheet"][0] - 2 * PAGES["sheet"][2]) * part / sum(parts))
        for cell in column.cells:
            cell.width = column.width
    return table
