"""A figure as a page that needs no network: its words around it, its numbers as a table, its stories beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import PrivacyStatus
from wijkanalyse.figures.template import CONFIG
from wijkanalyse.privacy.gate import Audience, release_texts
from wijkanalyse.privacy.report import REMAINING_RISK

if TYPE_CHECKING:
    from wijkanalyse.figures.behind import Behind, Released

FOLDER = Path(__file__).parent
MAX_TEXT = 500_000  #: characters of stories in one page, so that a page stays under 6 MB
WORKING = "WERKVERSIE, alleen voor eigen gebruik. De namen zijn nog niet door een mens nagekeken. Geef dit bestand niet door. "
TOO_MANY = "Dit zijn te veel verhalen voor in dit bestand. In een notebook lees je ze met wa.explore(figuur)."
OUTSIDE = "De verhalen zelf staan niet in dit bestand."


def zoom_script() -> str:
    """Return the script that lets names appear on zooming in, for `to_html(post_script=…)`."""
    return (FOLDER / "zoom.js").read_text(encoding="utf-8")


def page(released: Released, under: Behind) -> str:
    """Return a figure as HTML: on the workbench with the stories behind its marks, outside with numbers only."""
    import jinja2
    from markupsafe import Markup

    inside = released.safe.audience == Audience.WORKBENCH
    ids = sorted(set(under.members["narrative_id"]))
    length = int(under.corpus.frame.set_index("narrative_id").loc[ids, "text"].str.len().sum())
    reader = inside and length <= MAX_TEXT
    plot = released.safe.figure.to_html(
        full_html=False, include_plotlyjs=True, div_id="figuur", config=CONFIG, post_script=zoom_script()
    )
    stories, marks = _stories(under, ids) if reader else ("", [])
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    html: str = environment.get_template("standalone.html.j2").render(
        words=released.words,
        banner=WORKING + REMAINING_RISK if under.corpus.status is PrivacyStatus.MASKED else "",
        plot=Markup(plot),  # noqa: S704  made by plotly, which escapes; titles of stories are in its JSON
        in_figure=bool(released.safe.figure.layout.title.text),  # changed by hand, and so shown as it is
        reader=reader,
        reason=TOO_MANY if inside else OUTSIDE,
        marks=marks,
        stories=Markup(stories),  # noqa: S704  JSON without "<"
        table=Markup(_table(released.table.shown())),  # noqa: S704  escaped there
        table_note=released.table.note,
    )
    return html


def _stories(under: Behind, ids: list[str]) -> tuple[str, list[dict[str, str]]]:
    """Return the stories as JSON, and what each mark is called in a list."""
    safe = release_texts(under.corpus, ids, audience=Audience.WORKBENCH)
    texts = {
        story.narrative_id: {
            "title": story.title or "zonder titel", "text": story.text, "attribute": story.attribute,
        }
        for story in safe
    }  # fmt: skip
    marks = {key: sorted(group) for key, group in under.members.groupby("mark", sort=True)["narrative_id"]}
    labels = [
        {"key": key, "label": f"{texts[key]['title']} ({key})" if key in texts else f"{key}: {len(group)}"}
        for key, group in marks.items()
    ]
    content = json.dumps({"texts": texts, "marks": marks}, ensure_ascii=False, sort_keys=True)
    # "</script>" inside a story would end the element.
    return content.replace("<", "\\u003c").replace("\u2028", "\\u2028"), labels


def _table(shown: Any) -> str:
    from markupsafe import escape

    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ["", *shown.columns])
    rows = (
        f'<tr><th scope="row">{escape(label)}</th>{"".join(f"<td>{escape(value)}</td>" for value in values)}</tr>'
        for label, values in zip(shown.index, shown.to_numpy(), strict=True)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
