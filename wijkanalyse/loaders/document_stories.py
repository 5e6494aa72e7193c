"""Lines of a document to stories: attributes at the top, where a story begins, and who tells it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from wijkanalyse.loaders.document_text import LABEL, NUMBERED, RULE, Line

MIN_WORDS = 8  #: a part with fewer words is no sign that a document holds several stories
MAX_BLOCK = 20_000  #: characters of a block with attributes
ASKS = frozenset("i int interviewer interviewster onderzoeker gespreksleider moderator vraag q".split())
TELLS = frozenset(
    "r resp respondent respondente verteller geïnterviewde deelnemer participant antwoord inwoner cliënt".split()
)
Stories = tuple[str, list[Line], list[tuple[str, list[Line]]]]


def front_matter(lines: list[Line], happened: Counter[str]) -> tuple[dict[str, str], list[Line]]:
    """Take a block of `name: value` between two lines of --- off the top."""
    import yaml

    texts = [text.strip() for _, text in lines]
    start = next((place for place, text in enumerate(texts) if text), len(texts))
    fences = [place for place, text in enumerate(texts[: start + 100]) if re.fullmatch(r"-{3,}|—+", text)]
    if len(fences) < 2 or fences[0] != start:
        return {}, lines
    block = "\n".join(texts[start + 1 : fences[1]])
    try:
        # Every value as text: YAML makes numbers and dates of codes. Nested values are left out: they can grow without end.
        found = yaml.BaseLoader(block[:MAX_BLOCK]).get_single_data()
    except (yaml.YAMLError, RecursionError):
        happened["voorblok"] += 1
        return {}, lines
    if not isinstance(found, dict) or len(block) > MAX_BLOCK:
        return {}, lines
    attributes = {}
    for name, value in found.items():
        values = value if isinstance(value, list) else [value]
        attributes[" ".join(str(name).split())] = "; ".join(one for one in values if isinstance(one, str))
    return attributes, lines[fences[1] + 1 :]


def split_lines(lines: list[Line], how: str | None, common: Collection[str] = ()) -> Stories:
    """Split a document into stories.

    Returns
    -------
    tuple
        How it was split, the lines above the first heading, and per story its heading and lines.
    """
    rules = [place for place, (_, text) in enumerate(lines) if RULE.fullmatch(text)]
    for kind, marks in (("koppen", _headings(lines, common)), ("lijn", rules)):
        if not marks or how not in (None, kind):
            continue
        edges = [*([-1] if kind == "lijn" else []), *marks, len(lines)]
        parts = [(lines[a][1] if kind == "koppen" else "", lines[a + 1 : b]) for a, b in pairwise(edges)]
        if kind == "lijn":
            parts = [part for part in parts if any(text.strip() for _, text in part[1])]
        long = sum(len(" ".join(text for _, text in part).split()) >= MIN_WORDS for _, part in parts)
        if how == kind or (long >= 2 and 2 * long >= len(parts)):
            return kind, lines[: marks[0]] if kind == "koppen" else [], parts
    return "niet", [], [("", lines)]


def _headings(lines: list[Line], common: Collection[str]) -> list[int]:
    """Return where the headings of the highest level are that comes more than once; else numbered lines as ‘Verhaal 3’."""
    for wanted in sorted({level for level, _ in lines if level}):
        marks = [
            place
            for place, (level, text) in enumerate(lines)
            if level == wanted and text.casefold() not in common
        ]
        if len(marks) > 1:
            return marks
    return [place for place, (_, text) in enumerate(lines) if NUMBERED.fullmatch(text.strip())]


def turns(lines: list[Line]) -> list[tuple[str, str]]:
    """Return speaker (folded; empty above the first) and words of every turn; empty when this is no conversation."""
    found = [LABEL.match(text.strip()) for _, text in lines]
    said = Counter(one[1].casefold() for one in found if one)
    speakers = {who for who, n in said.items() if n > 1 or _base(who) in ASKS | TELLS}
    n_turns = sum(said[who] for who in speakers)
    sure = bool({_base(who) for who in speakers} & ASKS and {_base(who) for who in speakers} & TELLS)
    n_lines = sum(bool(text.strip()) for _, text in lines)
    if not sure and (len(speakers) < 2 or n_turns < 4 or n_turns < 0.3 * n_lines):
        return []
    spoken: list[tuple[str, list[str]]] = [("", [])]
    for (_, text), one in zip(lines, found, strict=True):
        if one and one[1].casefold() in speakers:
            spoken.append((one[1].casefold(), [one[2] or ""]))
        else:
            spoken[-1][1].append(text)
    return [(who, "\n".join(words).strip()) for who, words in spoken]


def _base(who: str) -> str:
    return re.sub(r"[\s\d.]+$", "", who)


def only_the_teller(lines: list[Line], happened: Counter[str]) -> str:
    """Return the story: all lines, or of a conversation the turns of who tells."""
    whole = "\n".join(text for _, text in lines).strip()
    spoken = turns(lines)
    if not spoken:
        return whole
    (_, above), *spoken = spoken
    speakers = {who for who, _ in spoken}
    asking = {who for who in speakers if _base(who) in ASKS}
    telling = {who for who in speakers if _base(who) in TELLS}
    if not asking and not telling:
        asked = {
            who: sum("?" in words for one, words in spoken if one == who)
            / sum(one == who for one, _ in spoken)
            for who in speakers
        }
        most, *others = sorted(speakers, key=lambda who: (-asked[who], who))
        if asked[most] < 0.5 or 2 * asked[others[0]] > asked[most]:
            happened["onduidelijk"] += 1
            return whole
        asking = {most}
        happened["geraden"] += 1
    telling = telling or speakers - asking
    if not telling:
        return whole
    happened["gesprek"] += 1
    happened["meer"] += len(telling) > 1
    happened["vragen"] += sum(who not in telling for who, _ in spoken)
    happened["aanhef"] += len([line for line in above.split("\n") if line.strip()])
    return "\n".join(words for who, words in spoken if who in telling and words)
