"""What tellers, coders and the machine say of stories, in one form: narrative_id and label, and the labels in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.template import number

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus

NO_ANSWER, NOT_CODED, NOWHERE, _OUTSIDE = (
    "Geen antwoord",
    "Niet gecodeerd",
    "Past nergens",
    "buiten het kader",
)
NOTHING = (NO_ANSWER, NOT_CODED, NOWHERE)
_LAST = (_OUTSIDE, *NOTHING)
_MOST_ANSWERS = 7  # of a scale; with more, a number is a place on a line


def read_answers(corpus: Corpus, teller: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the tellers' own answer, one row per story, and the answers in the order of the question.

    Parameters
    ----------
    corpus : Corpus
    teller : str
        A column with a choice, a scale or a dyad (0–1, in three equal parts), or the question of a triad
        (`ColumnSpec.group`): the corner that weighs most.

    Raises
    ------
    InputError
        When there is no such column, or its numbers are no answers.
    """
    corners = {spec.name: spec.label for spec in corpus.columns if spec.group == teller}
    if len(corners) > 1:
        weights = corpus.frame[list(corners)].astype(float)
        most = weights.eq(weights.max(axis=1), axis=0)
        answers = most.idxmax(axis=1).map(corners).where(most.sum(axis=1) == 1, "even veel")
        answers, known = answers.where(weights.notna().any(axis=1)), [*corners.values(), "even veel"]
    else:
        answers, known = _of_column(corpus, teller)
    answers = answers.astype(object).where(answers.notna(), NO_ANSWER)
    labels = [label for label in [*known, NO_ANSWER] if (answers == label).any()]
    return corpus.frame[["narrative_id"]].assign(label=answers), labels


def _of_column(corpus: Corpus, name: str) -> tuple[pd.Series, list[str]]:
    import pandas as pd

    spec, values = corpus.spec(name), corpus.frame[name]
    found = sorted(values.dropna().unique())
    if spec.dtype not in ("float", "int") or len(found) <= _MOST_ANSWERS:
        form = str if spec.dtype not in ("float", "int") else "{:g}".format
        return values.astype(object).map(form, na_action="ignore"), [form(value) for value in found]
    if spec.unit != "0–1":
        raise InputError.one(
            what=f"De kolom ‘{name}’ heeft {len(found)} verschillende getallen; dat zijn geen antwoorden om naast codes te leggen.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="een keuze, een schaal, een tweeluik (0–1) of de vraag van een drieluik",
            now="Kies een andere kolom voor teller=.",
        )
    low, high = spec.ends or ("laag", "hoog")
    names = [f"vooral {low}", "ertussenin", f"vooral {high}"]
    return pd.cut(values.astype(float), [-1, 1 / 3, 2 / 3, 2], labels=names), names


def read_codes(
    frame: pd.DataFrame,
    corpus: Corpus,
    *,
    topics: pd.DataFrame | None = None,
    scheme: Any = None,
    at_least: float = 0,
    strongest: bool = False,
) -> tuple[pd.DataFrame, list[str]]:
    """Return each story's codes or themes, a row per pair, and their labels in order.

    Parameters
    ----------
    frame : pandas.DataFrame
        narrative_id and `code` or `theme_id`: codings, `themes.assignments`, `.memberships` or `.nearness`.
        Stories that are not in the corpus are left out.
    corpus : Corpus
    topics, scheme : optional
        `themes.topics` for the names of themes; the scheme for the names of codes and their order.
    at_least : float
        Of the column `weight` or `nearness`, when there is one.
    strongest : bool
        Keep one row per story: where that column is largest.

    Raises
    ------
    InputError
        When columns are missing, or when none of the stories is in the corpus.
    """
    key = next((name for name in ("code", "theme_id") if name in frame), None)
    if key is None or "narrative_id" not in frame:
        raise InputError.one(
            what="Deze tabel zegt niet welk verhaal welke code of welk thema heeft.",
            where=f"kolommen {list_names(map(str, frame.columns))}",
            expected="de kolommen ‘narrative_id’ en ‘code’ of ‘theme_id’",
            now="Geef een tabel met coderingen, themes.assignments, themes.memberships of themes.nearness.",
        )
    own = frame[frame["narrative_id"].isin(corpus.frame["narrative_id"])]
    if own.empty and len(frame):
        raise InputError.one(
            what="Geen van deze verhalen staat in het corpus.",
            where=f"{len(frame)} rijen naast een corpus uit {corpus.provenance.source}",
            expected="verhaalnummers uit corpus.frame['narrative_id']",
            now="Gebruik het corpus waarop is gecodeerd of waaruit de thema’s komen.",
        )
    if strength := next((name for name in ("nearness", "weight") if name in frame), None):
        own = own[own[strength] >= at_least]
        if strongest:
            own = own.sort_values(["narrative_id", strength, key], ascending=[True, False, True])
            own = own.drop_duplicates("narrative_id")
    in_scheme = {} if scheme is None else {code.code: code.name for code in scheme}
    names = {-1: NOWHERE, **in_scheme}
    if topics is not None:
        names |= dict(zip(topics["theme_id"], topics["label"], strict=True))
    prefix = "thema " if key == "theme_id" else ""
    own = own.assign(label=[names.get(value, f"{prefix}{value}") for value in own[key]])
    found = own[["narrative_id", "label"]].drop_duplicates().sort_values(["narrative_id", "label"])
    return found.reset_index(drop=True), in_order(found["label"], list(in_scheme.values()))


def in_order(labels: Any, first: list[str]) -> list[str]:
    """Return labels as given first, then by the alphabet with 2 before 10; what says that there is none comes last."""
    place = {label: position for position, label in enumerate(first)}

    def key(label: str) -> tuple[int, int, str]:
        padded = re.sub(r"\d+", lambda digits: digits[0].zfill(9), label.casefold())
        return _LAST.index(label) if label in _LAST else -1, place.get(label, len(place)), padded

    return sorted(set(labels), key=key)


def how_many(n: int, tellers: int) -> str:
    """Return how many stories of how many tellers, in Dutch."""
    stories = "1 verhaal" if n == 1 else f"{number(n)} verhalen"
    return f"{stories} van {number(tellers)} {'verteller' if tellers == 1 else 'vertellers'}"


def written(
    x: float, y: float, lines: list[str], *, size: float, name: str = "naam", **more: Any
) -> dict[str, Any]:
    """Return an annotation: lines of words at a place, `more` as plotly has it."""
    plain = {"xanchor": "center", "showarrow": False, "borderpad": 0, "font": {"size": size}}
    return {
        "x": x,
        "y": y,
        "text": "<br>".join(lines),
        "name": name,
        "align": more.get("xanchor"),
        **plain,
        **more,
    }
