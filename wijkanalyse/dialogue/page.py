"""The working page: theme map, themes and pattern cards in one file that needs no network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, today
from wijkanalyse.dialogue import paper
from wijkanalyse.figures.behind import behind
from wijkanalyse.figures.standalone import zoom_script
from wijkanalyse.figures.template import CONFIG, theme_colour
from wijkanalyse.figures.theme_map import plot_theme_map
from wijkanalyse.privacy.files import write_file
from wijkanalyse.privacy.gate import MIN_TELLERS, Audience, SafeText, release_texts
from wijkanalyse.privacy.report import REMAINING_RISK

if TYPE_CHECKING:
    from pathlib import Path

    import plotly.graph_objects as go

    from wijkanalyse.patterns import PatternCard
    from wijkanalyse.themes import Themes

BANNERS = {
    PrivacyStatus.MASKED: (
        "WERKVERSIE, alleen voor eigen gebruik. De namen zijn door de computer gemaskeerd en nog niet door een mens "
        "nagekeken. Geef deze pagina niet door. " + REMAINING_RISK
    ),
    PrivacyStatus.REVIEWED: (
        "Werkpagina voor eigen gebruik en gesprek. Namen zijn weggehaald en door een mens nagekeken; door wie, staat onderaan. Wie "
        "de verteller of het voorval kent, kan iemand nog herkennen."
    ),
}
#: On every card, because cards are laid on the table without the page they came from.
STATUS = {
    PrivacyStatus.MASKED: "WERKVERSIE, niet nagekeken: niet doorgeven",
    PrivacyStatus.REVIEWED: "voorlopig beeld, bedoeld voor gesprek",
}


def write_page(
    corpus: Corpus,
    themes: Themes,
    cards: list[PatternCard],
    path: str | Path,
    *,
    title: str = "Waar de verhalen over gaan",
) -> Path:
    """Write the theme map, the themes and the pattern cards as one self-contained HTML file.

    Parameters
    ----------
    corpus : Corpus
        Masked or reviewed; a page of a corpus that nobody reviewed says so in a banner.
    themes : Themes
    cards : list of PatternCard
    path : str or Path
        Its folder is made when it does not exist.
    title : str

    Returns
    -------
    Path
        The file. A policy inside it forbids the browser every request.

    Raises
    ------
    PrivacyError
        When the corpus is still `ruw`.
    InputError
        When the file cannot be written.
    """
    texts = {safe.narrative_id: safe for safe in release_texts(corpus, audience=Audience.WORKBENCH)}
    titles = {narrative_id: paper.title_of(safe) for narrative_id, safe in texts.items()}
    # In alphabetical order, what fits nowhere last: by size it would read as a ranking.
    figure = plot_theme_map(themes)
    topics = sorted(themes.topics.itertuples(), key=lambda topic: (topic.theme_id < 0, topic.label))
    html = (
        paper.environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            date=paper.dutch_date(today()),
            n_narratives=len(corpus),
            n_tellers=corpus.n_tellers,
            banner=BANNERS[corpus.status],
            css=paper.raw((paper.TEMPLATES / "page.css").read_text(encoding="utf-8")),
            js=paper.raw((paper.TEMPLATES / "page.js").read_text(encoding="utf-8")),
            figure=paper.raw(_figure_html(figure)),
            status=STATUS[corpus.status],
            stories_json=paper.raw(_stories_json(themes, texts, titles, figure)),
            themes=[_theme(themes, topic, texts, titles) for topic in topics],
            cards=[_card(card, texts, titles) for card in cards],
            min_tellers=MIN_TELLERS[Audience.WORKBENCH],
            steps=[*corpus.provenance.steps, *themes.provenance.steps[len(corpus.provenance.steps) :]],
            method=_method(themes),
        )
    )
    return write_file(path, html, corpus, audience=Audience.WORKBENCH)


def _figure_html(figure: go.Figure) -> str:
    import plotly.graph_objects as go

    # The last trace is the ring around the story that is being read; page.js moves it.
    ring = {"size": 19, "color": "rgba(0,0,0,0)", "line": {"width": 2.5, "color": "#1f2430"}}
    figure = go.Figure(figure).add_trace(
        go.Scatter(x=[None], y=[None], mode="markers", marker=ring, hoverinfo="skip", showlegend=False)
    )
    html: str = figure.to_html(
        full_html=False, include_plotlyjs=True, div_id="kaart", config=CONFIG, post_script=zoom_script()
    )
    return html


def _stories_json(
    themes: Themes, texts: dict[str, SafeText], titles: dict[str, str], figure: go.Figure
) -> str:
    members = behind(figure).members
    marks = dict(zip(members["narrative_id"], members["mark"], strict=True))
    labels = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    stories = [
        {
            "id": row.narrative_id,
            "mark": marks[row.narrative_id],
            "title": titles[row.narrative_id],
            "text": texts[row.narrative_id].text,
            "attribute": texts[row.narrative_id].attribute,
            "theme": labels[row.theme_id],
            "reason": f"Past nergens: {row.reason}." if row.reason else "",
            "x": row.x,
            "y": row.y,
        }
        for row in themes.assignments.itertuples()
    ]
    # "</script>" inside a story would end the element.
    return json.dumps(stories, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _theme(themes: Themes, topic: Any, texts: dict[str, SafeText], titles: dict[str, str]) -> dict[str, Any]:
    verdicts = dict(zip(themes.firmness["theme_id"], themes.firmness["verdict"], strict=True))
    profile = themes.profiles[themes.profiles["theme_id"] == topic.theme_id]
    names = {code.code: code.name for code in themes.scheme.top()} if themes.scheme else {}
    return {
        "label": topic.label,
        "colour": theme_colour(topic.theme_id),
        "size": f"{paper.plural(topic.n_narratives, 'verhaal', 'verhalen')} van {paper.plural(topic.n_tellers, 'verteller', 'vertellers')}",
        "verdict": verdicts.get(topic.theme_id, ""),
        "terms": topic.terms,
        "profile": [
            {
                "name": names.get(row.code, "Buiten het kader"),
                "width": round(100 * row.share),
                "words": "veel woorden"
                if row.share > 0.3
                else "een deel van de woorden"
                if row.share > 0.1
                else "weinig woorden",
            }
            for row in profile.itertuples()
        ],
        "stories": [
            {"narrative_id": key, "title": titles[key], "attribute": texts[key].attribute}
            for key in themes.stories(topic.theme_id)["narrative_id"]
        ],
    }


def _card(card: PatternCard, texts: dict[str, SafeText], titles: dict[str, str]) -> dict[str, Any]:
    return {
        **{
            name: getattr(card, name)
            for name in (
                "title",
                "observation",
                "firmness",
                "note",
                "is_discussed",
                "readings",
                "linking_question",
                "reading_questions",
                "statute_questions",
            )
        },
        "n_readings": len(card.readings),
        "meaning": paper.MEANING.get(card.firmness, ""),
        "missing_voices": ", ".join(card.missing_voices),
        "stories": [
            {
                "role": story.role,
                "reason": story.reason,
                "narrative_id": story.narrative_id,
                "title": titles[story.narrative_id],
                "attribute": texts[story.narrative_id].attribute,
                "text": paper.shorten(texts[story.narrative_id].text),
            }
            for story in card.stories
        ],
    }


def _method(themes: Themes) -> str:
    settings = themes.settings
    proposed = (
        "voorgesteld door de computer" if settings["n_themes_proposed"] else "gekozen door de gebruiker"
    )
    low, high = settings["n_themes_range"]
    if settings["n_themes_proposed"] and low < high:
        proposed += f"; van {low} tot {high} doet het bijna even goed, dus kies gerust een ander aantal"
    versions = ", ".join(f"{name} {version}" for name, version in themes.provenance.versions.items())
    return (
        f"Aantal thema’s: {settings['n_themes']} ({proposed}). Toevalsgetal {settings['random_state']}. Stevigheid uit "
        f"{settings['firmness_rounds']} keer rekenen met vier vijfde van de verhalen. Bron {themes.provenance.source}, corpus "
        f"{themes.provenance.corpus_hash}. {versions}. De opgaven zijn herkend aan woorden uit het codeerschema; dat is een bril, "
        "geen oordeel. Dit is geen meting van hoe vaak iets voorkomt en zegt niets over hoe goed een team werkt."
    )
