"""What pages and cards share: titles, dates, cuts after a sentence, and templates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup

    from wijkanalyse.privacy.gate import SafeText

TEMPLATES = Path(__file__).parent / "templates"
MAX_WORDS_ON_CARD = 95
MEANING = {
    "stevig": "komt steeds terug als je verhalen weglaat",
    "patroon": "komt meestal terug als je verhalen weglaat",
    "los": "komt vaak niet terug als je verhalen weglaat; lees extra goed zelf",
    "te weinig verhalen": "minder dan vijf verhalen",
}


def dutch_date(iso: str) -> str:
    """Return an ISO date the Dutch way: 3 maart 2026."""
    year, month, day = iso.split("-")
    names = "januari februari maart april mei juni juli augustus september oktober november december".split()
    return f"{int(day)} {names[int(month) - 1]} {year}"


def environment() -> Any:
    """Return the templates of this room; what is put in them is escaped."""
    import jinja2

    loader = jinja2.FileSystemLoader(TEMPLATES)
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


def raw(text: str) -> Markup:
    """Mark text of our own (never of a story) as safe to insert unescaped."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def title_of(safe: SafeText, n_words: int = 6) -> str:
    """Return the teller's title, or the first words of the story: a list of "zonder titel" cannot be chosen from."""
    if safe.title:
        return safe.title
    words = safe.text.split()
    return "“" + " ".join(words[:n_words]) + ("…”" if len(words) > n_words else "”")


def plural(n: int, one: str, many: str) -> str:
    """Return a count with its noun: 1 verhaal, 2 verhalen."""
    return f"{n} {one if n == 1 else many}"


def shorten(text: str, max_words: int = MAX_WORDS_ON_CARD) -> str:
    """Return a text cut after a whole sentence, with […] where something was left out."""
    from wijkanalyse.language import sentences

    if len(text.split()) <= max_words:
        return text
    kept = ""
    for _, stop in sentences(text):
        if len(text[:stop].split()) > max_words:
            break
        kept = text[:stop].rstrip()
    kept = kept or " ".join(text.split()[:max_words])
    if kept.rfind("[") > kept.rfind("]"):
        kept = kept[: kept.rfind("[")].rstrip()  # never half a placeholder
    return f"{kept} […]"
