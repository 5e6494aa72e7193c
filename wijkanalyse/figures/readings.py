"""What tellers, coders and the machine say of stories, in one form; and the questions that tellers answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Role
from wijkanalyse.errors import InputError, list_names
from wijkanalyse.figures.template import number
from wijkanalyse.privacy.gate import shown_attribute

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import ColumnSpec, Corpus

NO_ANSWER, NOT_CODED, NOWHERE = NOTHING = ("Geen antwoord", "Niet gecodeerd", "Past nergens")
UNKNOWN, OUTSIDE = "niet ingevuld", "buiten het kader"
_LAST = (OUTSIDE, UNKNOWN, *NOTHING)
TRIAD, LINE, CHOICE = "drieluik", "lijn", "keuze"
CORNER, PART = 0.6, 0.2  # where SenseMaker draws the zones of a triad
_MAX_STEPS = 11  # answers on a scale with steps
_MOST_ANSWERS = 7  # beside codes; with more, a number is a place on a line
_RANGE = re.compile(r"(\d+)\s?(?:–|-|tot|t/m)\s?(\d+)")


def theme_stories(themes: Any, *columns: str) -> pd.DataFrame:
    """Return narrative_id, theme_id and the label of its theme as `thema`, and columns of the assignments or the corpus."""
    own = [name for name in columns if name in themes.assignments]
    lent = [name for name in columns if name not in own]
    found = themes.assignments[["narrative_id", "theme_id", *own]].merge(
        themes.corpus.frame[["narrative_id", *lent]], on="narrative_id"
    )
    return found.assign(thema=found["theme_id"].map(themes.topics.set_index("theme_id")["label"]))


def told_by(corpus: Corpus, themes: Any = None, group: str | None = None) -> tuple[str, pd.Series]:
    """Return by what stories are put in groups, in Dutch, and the group of each story by narrative_id.

    By a column of the corpus when one is named, else by theme when there are themes, else by perspective; "" when there is
    none of these. Who did not fill it in is a group too.
    """
    frame = corpus.frame.set_index("narrative_id")
    if group is None and themes is not None:
        own = theme_stories(themes).set_index("narrative_id")["thema"]
        return "thema", own.reindex(frame.index).fillna(NOWHERE).astype(str)
    column = group or shown_attribute(corpus)
    if column is None:
        return "", frame["text"].map(lambda _: "alle verhalen")
    told = _in_words(corpus.spec(column), frame[column])
    return corpus.spec(column).label.lower(), told.astype(object).fillna(UNKNOWN).astype(str)


def _in_words(spec: ColumnSpec, values: pd.Series) -> pd.Series:
    return values.astype(object).map({True: "ja", False: "nee"}) if spec.dtype == "bool" else values


def in_order(labels: Any, first: Sequence[str] = ()) -> list[str]:
    """Return labels as given first, then by the alphabet with 2 before 10; what says that there is none comes last."""
    place = {label: position for position, label in enumerate(first)}

    def key(label: str) -> tuple[int, int, str, str]:
        padded = re.sub(r"\d+", lambda digits: digits[0].zfill(9), label.casefold())
        return _LAST.index(label) if label in _LAST else -1, place.get(label, len(place)), padded, label

    return sorted(set(labels), key=key)


def read_answers(corpus: Corpus, teller: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the tellers' own answer, one row per story (narrative_id, label), and the answers in the order of the question.

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
    parts = _without_ticks([spec for spec in corpus.columns if spec.group == teller])
    corners = {spec.name: spec.label for spec in parts}
    if len(corners) > 1:
        weights = corpus.frame[list(corners)].astype(float)
        most = weights.eq(weights.max(axis=1), axis=0)
        several = "meer dan één" if parts[0].dtype == "bool" else "even veel"
        answers = most.idxmax(axis=1).map(corners).where(most.sum(axis=1) == 1, several)
        answers = answers.where(weights.max(axis=1) > 0, "geen van deze")
        answers, known = (
            answers.where(weights.notna().any(axis=1)),
            [*corners.values(), several, "geen van deze"],
        )
    else:
        answers, known = _answers_of_column(corpus, teller)
    answers = answers.astype(object).where(answers.notna(), NO_ANSWER)
    labels = [label for label in [*known, NO_ANSWER] if (answers == label).any()]
    return corpus.frame[["narrative_id"]].assign(label=answers), labels


def _answers_of_column(corpus: Corpus, name: str) -> tuple[pd.Series, list[str]]:
    import pandas as pd

    spec, values = corpus.spec(name), corpus.frame[name]
    found, is_number = sorted(values.dropna().unique()), spec.dtype in ("float", "int")
    if not is_number or len(found) <= _MOST_ANSWERS:
        form = "{:g}".format if is_number else str
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
    frame: pd.DataFrame, corpus: Corpus, *, topics: pd.DataFrame | None = None, scheme: Any = None,
    at_least: float = 0, strongest: bool = False,
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """Return each story's codes or themes, a row per pair (narrative_id, label), and their labels in order.

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


@dataclass(frozen=True, eq=False, kw_only=True)
class Question:
    """A question to tellers, with its answers."""

    title: str
    kind: str  #: TRIAD, LINE (dyads and scales) or CHOICE
    labels: tuple[str, ...]  #: the corners, the ends, or what could be chosen
    order: tuple[str, ...]  #: of the answers
    answers: pd.DataFrame = field(repr=False)  #: narrative_id, answer (a word); a row per answer
    places: pd.DataFrame = field(repr=False)  #: by narrative_id: shares of a triad, or `at` (0 to 1)
    has_steps: bool = False  #: a scale; `order` are its steps


def read_question(corpus: Corpus, name: str | None = None) -> Question:
    """Return a question by its title, or the label or name of one of its columns; default the first.

    Raises
    ------
    InputError
        When there is no such question, or its columns are not parts of one whole.
    """
    groups: dict[str, list[ColumnSpec]] = {}
    for spec in corpus.with_role(Role.SIGNIFICATION):
        groups.setdefault(spec.group or spec.label, []).append(spec)
    groups = {title: _without_ticks(group) for title, group in groups.items()}
    for title, group in groups.items():
        if name in (None, title):
            return _read(corpus, title, group)
        for spec in group:
            if name in (spec.name, spec.label):
                one = len(group) == 1 or _whole(_numbers(corpus, group)) is None
                return _read(corpus, spec.label if one else title, [spec] if one else group)
    raise InputError.one(
        what=f"Er is geen vraag ‘{name}’." if groups else "Er is geen vraag waarmee vertellers hun verhaal zelf duiden.",
        where=f"corpus uit {corpus.provenance.source}",
        expected=f"een van {list_names(groups)}" if groups else "minstens één kolom met de rol signification",
        now="Kies een van deze vragen met question=."
        if groups
        else "Zeg met een koppeling (kolommen.yaml) welke kolommen duiding zijn, en laad opnieuw.",
    )  # fmt: skip


def _without_ticks(specs: list[ColumnSpec]) -> list[ColumnSpec]:
    """Leave out the tick “n.v.t.” that stands beside a triad or a scale; ticks alone are a question of their own."""
    return [spec for spec in specs if spec.dtype != "bool"] or specs


def _numbers(corpus: Corpus, specs: Sequence[ColumnSpec]) -> pd.DataFrame:
    import pandas as pd

    frame = corpus.frame.set_index("narrative_id")[[spec.name for spec in specs]]
    return frame.apply(pd.to_numeric, errors="coerce").astype(float)


def _whole(values: pd.DataFrame) -> str | None:
    """Tell whether columns are what could be ticked (1, 0 or empty), or three parts that add up to the same for all."""
    if (values.isin([0, 1]) | values.isna()).all(axis=None):
        return CHOICE
    sums = values.dropna().sum(axis=1)
    is_triad = len(values.columns) == 3 and (abs(sums / sums.median() - 1) < 0.05).mean() > 0.95
    return TRIAD if is_triad else None


def _read(corpus: Corpus, title: str, group: list[ColumnSpec]) -> Question:
    values, labels = _numbers(corpus, group), tuple(spec.label for spec in group)
    if len(group) == 1 and group[0].dtype in ("float", "int"):
        return _line(title, group[0], values.iloc[:, 0].dropna())
    if len(group) == 1:
        # Microsoft Forms puts several answers in one cell, with a semicolon behind each.
        column = (
            _in_words(group[0], corpus.frame.set_index("narrative_id")[group[0].name]).dropna().astype(str)
        )
        cells = column.str.split(";").explode().str.strip()
        cells = cells[cells != ""].rename("answer")
        return _chosen(title, cells, tuple(sorted(cells.unique(), key=str.casefold)))
    whole = _whole(values)
    if whole == CHOICE:
        ticked = values.set_axis(labels, axis=1).melt(var_name="answer", ignore_index=False)
        return _chosen(title, ticked.loc[ticked["value"] == 1, "answer"], labels)
    if whole == TRIAD:
        shares = values.dropna().div(values.dropna().sum(axis=1), axis=0)
        words, order = _zones(shares.to_numpy(), labels)
        answers = shares[[]].assign(answer=words).reset_index()
        return Question(title=title, kind=TRIAD, labels=labels, order=order, answers=answers, places=shares)
    raise InputError.one(
        what=f"De vraag ‘{title}’ heeft {len(group)} kolommen die elk een eigen antwoord zijn.",
        where=f"corpus uit {corpus.provenance.source}",
        expected=f"een van de kolommen {list_names(labels)}",
        now="Teken ze een voor een: question= met de naam van de kolom.",
    )


def _zones(shares: Any, labels: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    a, b, c = labels
    sides: dict[tuple[int, ...], str] = {(0, 1): f"{a} en {b}", (0, 2): f"{a} en {c}", (1, 2): f"{b} en {c}"}
    corners = [f"vooral {label}" for label in labels]
    words = [
        corners[int(row.argmax())]
        if row.max() >= CORNER - 1e-9
        else sides.get(tuple(np.flatnonzero(row >= PART - 1e-9).tolist()), "alle drie")
        for row in shares
    ]
    return words, (*corners, *sides.values(), "alle drie")


def _chosen(title: str, cells: pd.Series, labels: tuple[str, ...]) -> Question:
    answers = cells.reset_index().drop_duplicates(ignore_index=True)
    places = answers.drop_duplicates("narrative_id").set_index("narrative_id")[[]]
    return Question(title=title, kind=CHOICE, labels=labels, order=labels, answers=answers, places=places)


def _line(title: str, spec: ColumnSpec, values: pd.Series) -> Question:
    low, high = _low_high(spec, values)
    a, b = ends = spec.ends if len(spec.ends) == 2 else ("laag", "hoog")
    has_steps = 1 < high - low < _MAX_STEPS and bool((values % 1 == 0).all())
    order: tuple[str, ...] = (f"vooral {a}", f"meer {a}", "ertussenin", f"meer {b}", f"vooral {b}")
    if has_steps:
        order = tuple(number(low + step) for step in range(int(high - low) + 1))
    places = ((values - low) / (high - low)).to_frame("at")
    words = [order[round(at * (len(order) - 1))] for at in places["at"]]
    answers = places[[]].assign(answer=words).reset_index()
    return Question(
        title=title, kind=LINE, labels=ends, order=order, answers=answers, places=places, has_steps=has_steps
    )


def _low_high(spec: ColumnSpec, values: pd.Series) -> tuple[float, float]:
    """Return the ends of a line: as its unit or label says, else 0 and 1, else as far as the answers go."""
    said = (found for found in (_RANGE.search(spec.unit or ""), _RANGE.search(spec.label)) if found)
    for low, high in [*(sorted(map(float, found.groups())) for found in said), (0.0, 1.0)]:
        if low < high and values.between(low, high).all():
            return low, high
    return float(values.min()), float(max(values.max(), values.min() + 1))
