"""The session kit as a Word file, to change before it is printed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from wijkanalyse.dialogue.kit_words import CONSENT, HARVEST, HOW, ROOM, SAFE, UNDISCUSSED
from wijkanalyse.privacy.gate import NOT_SHOWN

if TYPE_CHECKING:
    from docx.document import Document

_MM = {"A4": (210, 297, 15), "A5": (148, 210, 10), "A6": (105, 148, 8)}


def word(content: dict[str, Any]) -> bytes:
    """Return the kit as DOCX: the same pages as the HTML, in three sizes; places in triads and dyads are in words."""
    import docx
    from docx.shared import Pt, RGBColor

    document = docx.Document()
    document.core_properties.title = content["title"]
    document.core_properties.language = "nl-NL"
    for name, size in (
        ("Normal", 9.5),
        ("Title", 20),
        ("Heading 1", 15),
        ("Heading 2", 12),
        ("Heading 3", 10.5),
        ("List Bullet", 9.5),
    ):
        style: Any = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = (
            "Calibri",
            Pt(size),
            RGBColor(0x1F, 0x24, 0x30),
        )
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.space_before = Pt(0 if size < 10 else 6)
    _page(document, "A4", content["mark"], first=True)
    _running_order(document, content)
    for card in content["known"]:
        _knowledge(document, card)
    for group, numbers in enumerate(content["plan"].rounds, start=1):
        _answers(document, content, group, numbers)
    if content["cards"]:
        _page(document, "A5", content["mark"])
    for card in content["cards"]:
        _pattern(document, card, first=card["number"] == 1)
    for blind in (False, True):
        _page(document, "A6", content["mark"])
        stories = sorted(content["stories"], key=lambda story: story["id"]) if blind else content["stories"]
        for place, story in enumerate(stories):
            _story(document, story, blind=blind, first=place == 0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: Document, size: str, mark: str, *, first: bool = False) -> None:
    """Begin pages of a size, with the status on top of each."""
    from docx.enum.section import WD_SECTION
    from docx.shared import Mm

    section = document.sections[0] if first else document.add_section(WD_SECTION.NEW_PAGE)
    width, height, margin = _MM[size]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(margin)
    section.top_margin, section.header_distance, section.footer_distance = (
        Mm(margin + 6),
        Mm(margin - 2),
        Mm(4),
    )
    section.header.paragraphs[0].text = mark


def _running_order(document: Document, content: dict[str, Any]) -> None:
    plan = content["plan"]
    document.add_heading(content["title"], level=0)
    document.add_paragraph(
        f"Draaiboek · {content['date']} · {content['participants']} deelnemers, {content['minutes']} minuten · {len(plan.groups)} groepen"
    )
    for warning in plan.warnings:
        _bold(document, "Let op: ", warning)
    document.add_heading("Verloop", level=1)
    _table(document, [("Minuten", "Wat", "Hoe"), *plan.steps], (20, 35, 125))
    document.add_heading("Welke groep heeft welke kaart", level=1)
    header = ("Groep", "Mensen", *(f"{n}e" for n in range(1, len(plan.rounds[0]) + 1)))
    rows = [
        (str(g), str(n), *(f"kaart {c}" for c in cards))
        for g, (n, cards) in enumerate(zip(plan.groups, plan.rounds, strict=True), start=1)
    ]
    _table(document, [header, *rows], [180 / len(header)] * len(header))
    _table(
        document,
        [("Kaart", "Titel"), *((str(number), title) for number, title in content["titles"].items())],
        (20, 160),
    )
    for heading, lines in (("Zo gaat een kaart", HOW), ("Toestemming en veiligheid", CONSENT)):
        document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line, style="List Bullet")
    for line in (SAFE, *content["steps"]):
        document.add_paragraph(line)


def _knowledge(document: Document, card: dict[str, Any]) -> None:
    document.add_page_break()
    document.add_heading(f"Kenniskaart {card['number']}: {card['title']}", level=1)
    document.add_paragraph(card["definition"])
    for part in card["parts"]:
        if part["name"]:
            document.add_heading(part["name"], level=2)
        for quote in part["quotes"]:
            document.add_paragraph(f"{quote['text']} ({quote['title']}, {quote['id']})", style="List Bullet")
    _room(document, "Wie kan hier een antwoord op geven?", 4)


def _answers(document: Document, content: dict[str, Any], group: int, numbers: tuple[int, ...]) -> None:
    document.add_page_break()
    document.add_heading(f"Antwoordblad groep {group}", level=1)
    rows = [(f"{number}. {content['titles'][number]}", "", "", "") for number in numbers]
    _table(document, [HARVEST, *rows], (48, 40, 52, 40), height=min(30, 190 / len(rows)))
    _room(document, "Afspraken van deze groep", 2)


def _pattern(document: Document, card: dict[str, Any], *, first: bool) -> None:
    if not first:
        document.add_page_break()
    document.add_heading(f"Kaart {card['number']}: {card['title']}", level=2)
    if not card["is_discussed"]:
        _bold(document, UNDISCUSSED.format(card["n_readings"]), "")
    document.add_paragraph(card["observation"])
    for label, n, _ in card["bars"]:
        document.add_paragraph(f"{label}: {NOT_SHOWN if n is None else n}", style="List Bullet")
    _bold(
        document,
        "Hoe stevig: ",
        f"{card['firmness']}{': ' if card['meaning'] else ''}{card['meaning']}. {card['carried']}.",
    )
    if card["missing"]:
        _bold(document, "Wie hoor je niet: ", card["missing"])
    for story in card["stories"]:
        _bold(
            document,
            f"{story['role']}: ",
            f"{story['title']} ({story['id']}{', ' if story['attribute'] else ''}{story['attribute']}). {story['quote']}",
        )
    document.add_page_break()
    document.add_heading(f"Kaart {card['number']}: om over te praten", level=3)
    document.add_paragraph(card["linking_question"])
    if card["tension"]:
        _bold(document, "Spanningsveld: ", card["tension"])
    for who, text in card["readings"] or card["questions"]:
        _bold(document, f"{who}: ", text)
    for question in card["statute"]:
        document.add_paragraph(question, style="List Bullet")
    for when, line in card["said"]:
        _bold(document, f"{when}: ", line)
    _room(document, ROOM, 6)


def _story(document: Document, story: dict[str, Any], *, blind: bool, first: bool) -> None:
    if not first:
        document.add_page_break()
    document.add_heading(story["title"], level=3)
    document.add_paragraph(" · ".join(filter(None, [story["id"], "" if blind else story["attribute"]])))
    for part in story["paragraphs"]:
        document.add_paragraph(part)
    if not blind and story["placings"]:
        document.add_page_break()
        document.add_heading(f"{story['id']}: zo plaatste de verteller het zelf", level=3)
        for placing in story["placings"]:
            _bold(document, f"{placing.question}: ", placing.words)


def _bold(document: Document, head: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(head[:1].upper() + head[1:]).bold = True
    paragraph.add_run(text)


def _room(document: Document, heading: str, lines: int) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Pt

    _bold(document, heading, "")
    section = document.sections[-1]
    for _ in range(lines):
        line = document.add_paragraph("\t")
        stop = section.page_width - section.left_margin - section.right_margin
        line.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
        line.paragraph_format.space_before = Pt(9)


def _table(document: Document, rows: Any, widths: Any, *, height: float = 0) -> None:
    from docx.shared import Mm

    rows = list(rows)
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    for n, row in enumerate(rows):
        if height and n:
            table.rows[n].height = Mm(height)
        for cell, text, width in zip(table.rows[n].cells, row, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].add_run(text).bold = n == 0
