"""Try everything that can be compared, and keep what stands out after all that was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wijkanalyse.errors import InputError, list_names
from wijkanalyse.patterns.finding import Finding, Ground, Group, Table, comparable, findings_of
from wijkanalyse.patterns.questions import GOT, Enough, Facet, Phrase, Question, questions_of
from wijkanalyse.patterns.statistics import (
    LEVEL,
    ROUNDS,
    Array,
    Comparison,
    compare,
    false_discoveries,
    replace_zeros,
    ridits,
    share_difference,
)
from wijkanalyse.patterns.wording import how_many
from wijkanalyse.privacy.gate import Audience, minimum

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.corpus import Corpus
    from wijkanalyse.themes import Themes

MIN_THEMES = 3  # with two, the other theme is always the next


@dataclass(frozen=True, kw_only=True)
class PatternSearch:
    """Everything that stood out, and how much was tried to find it."""

    findings: tuple[Finding, ...]
    n_tests: int  #: comparisons of a group of stories with all others
    n_tables: int  #: questions those belong to
    n_found: int  #: comparisons with q at or under the level, also those that are too small to show
    nowhere: str = ""  #: what differs most among the stories that fit nowhere; looked at, not tested
    level: float = LEVEL
    rounds: int = ROUNDS
    random_state: int = 2022

    @property
    def expected_by_chance(self) -> float:
        """At most so many of what was found are expected to be chance."""
        return self.level * self.n_found

    @property
    def note(self) -> str:
        """One Dutch sentence for the small print."""
        if not self.n_tests:
            return (
                "Er viel niets te vergelijken: daarvoor zijn er te weinig antwoorden of te weinig vertellers."
            )
        text = f"Gezocht is met {self.n_tests} vergelijkingen, in {self.n_tables} tabellen. Boven toeval uit: {self.n_found}."
        most = (
            "minder dan 1"
            if self.expected_by_chance < 1
            else f"hoogstens {int(np.ceil(self.expected_by_chance))}"
        )
        return f"{text} Verwacht door toeval: {most} van de {self.n_found}." if self.n_found else text


def search_patterns(
    corpus: Corpus,
    *,
    themes: Themes,
    codings: pd.DataFrame | None = None,
    poles: Sequence[tuple[str, str]] = (),
    audience: Audience = Audience.WORKBENCH,
    rounds: int = ROUNDS,
    random_state: int = 2022,
    n_jobs: int = 1,
) -> PatternSearch:
    """Hold every theme and code against what tellers answered, who they are, when they told it, and one another.

    Parameters
    ----------
    corpus : Corpus
        The corpus the themes were found in.
    themes : Themes
    codings : pandas.DataFrame, optional
        narrative_id, coder, code and the place. Stories that occur in it were read by a coder; a row without a code says
        that nothing was found there. Stories that do not occur in it do not count as "without the code".
    poles : sequence of pairs of codes
        Codes that pull at each other.
    audience : Audience
        Sets how many tellers a number must stand on.
    rounds : int
        Permutations; p is never under 1 / (rounds + 1).
    random_state : int
    n_jobs : int
        Threads for the permutations, −1 for one per core; the outcome is the same.

    Returns
    -------
    PatternSearch
        Findings by kind and key. Copies of a story by someone else do not count.

    Raises
    ------
    InputError
        When themes or codings are of other stories, or a column is missing.
    """
    frame, assignments = _rows(corpus, themes)
    tellers = np.unique(frame["teller_id"].astype(str), return_inverse=True)[1]
    ground = Ground(frame=frame, tellers=tellers, least=minimum(audience), random_state=random_state)  # fmt: skip
    questions = questions_of(corpus, frame, ground.enough)
    everything = np.ones(len(frame), dtype=bool)
    groups = _theme_groups(themes, assignments)
    tables = [Table(question=question, groups=groups, rows=everything) for question in questions]
    if together := _together(themes, assignments):
        tables.append(Table(question=together, groups=groups, rows=everything))
    if codings is not None:
        tables += _code_tables(corpus, themes, codings, poles, frame, ground.enough, questions, groups)
    findings, n_tests, n_tables, n_found = _try(ground, tables, rounds, random_state, n_jobs)
    order = sorted(findings, key=lambda finding: (finding.kind, finding.key))
    return PatternSearch(
        nowhere=_nowhere(ground, questions, assignments["theme_id"].to_numpy() < 0), findings=tuple(order), n_tests=n_tests, n_tables=n_tables, n_found=n_found, rounds=rounds,
        random_state=random_state,
    )  # fmt: skip


def _try(
    ground: Ground, tables: list[Table], rounds: int, random_state: int, n_jobs: int
) -> tuple[list[Finding], int, int, int]:
    tried = [comparable(ground, table) for table in tables]
    kept = [(table, mask) for table, mask in zip(tables, tried, strict=True) if mask.any()]
    comparisons = [
        Comparison(
            groups=np.stack([group.member for group in table.groups], axis=1),
            facets=[np.where(table.rows[:, None], facet.values, np.nan) for facet in table.question.facets],
            tried=mask,
        )
        for table, mask in kept
    ]
    outcomes = compare(comparisons, ground.tellers, rounds=rounds, random_state=random_state, n_jobs=n_jobs)
    every_q = false_discoveries(outcomes)
    findings = list(findings_of(ground, [table for table, _ in kept], outcomes, every_q))
    n_found = sum(int((q <= LEVEL).sum()) for q in every_q)
    return findings, int(sum(mask.sum() for _, mask in kept)), len(kept), n_found


def _nowhere(ground: Ground, questions: Sequence[Question], member: Array) -> str:
    """Say what differs most among the stories that fit nowhere, of what enough people say there."""
    best, text = 0.0, ""
    for phrase, known in (
        (phrase, np.isfinite(facet.values).all(axis=1))
        for question in questions for facet in question.facets for phrase in facet.phrases
    ):  # fmt: skip
        here = known & member & phrase.holds
        if not ground.enough(here) or not ground.enough(known & ~member & phrase.holds):
            continue
        rows = ground.tellers[known]
        effect = float(share_difference(member[known], phrase.holds[known], rows, ground.draws[:1])[0])
        if effect > best:
            n, of = int(here.sum()), int((known & member).sum())
            there, rest = int((known & ~member & phrase.holds).sum()), int((known & ~member).sum())
            best, text = effect, how_many(n, of, ground.n_tellers(here))
            text += f", {phrase.verb[1]} {phrase.rest}. Bij de andere verhalen: {there} van de {rest}."
    return text


def _rows(corpus: Corpus, themes: Themes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the stories that count, and their place in the themes, in the same order."""
    assignments = themes.assignments[themes.assignments["copy_of"] == ""].set_index("narrative_id")
    frame = corpus.frame[corpus.frame["narrative_id"].isin(assignments.index)].reset_index(drop=True)
    if not set(corpus.frame["narrative_id"]) <= set(themes.assignments["narrative_id"]):
        raise InputError.one(
            what="De thema’s zijn van andere verhalen dan dit corpus.",
            where="wa.find_patterns, themes",
            expected="thema’s die in dit corpus zijn gevonden",
            now="Zoek ze opnieuw met wa.find_themes(corpus).",
        )
    return frame, assignments.loc[frame["narrative_id"]].reset_index()


def _theme_groups(themes: Themes, assignments: pd.DataFrame) -> tuple[Group, ...]:
    order = np.lexsort((-assignments["weight"].to_numpy(), -assignments["core"].to_numpy()))
    typical = np.argsort(order, kind="stable")
    labels = assignments["theme_id"].to_numpy()
    return tuple(
        Group(kind="thema", key=str(topic.theme_id), label=topic.label, member=labels == topic.theme_id,
              typical=typical, theme_id=int(topic.theme_id))
        for topic in themes.topics.sort_values("theme_id").itertuples() if topic.theme_id >= 0
    )  # fmt: skip


def _together(themes: Themes, assignments: pd.DataFrame) -> Question | None:
    """Compare which other theme a story resembles beside its own.

    Shares of themes add up to one, so that raw shares always seem to avoid one another. What is tested is log share minus
    what this theme usually has and what this story has on average, over the themes a story is not in (two-way fit).
    """
    wide = themes.memberships.pivot_table(index="narrative_id", columns="theme_id", values="weight")
    if wide.shape[1] < MIN_THEMES:
        return None
    shares = replace_zeros(wide.loc[assignments["narrative_id"]].to_numpy(), detection=1e-4)
    own = assignments["theme_id"].to_numpy()[:, None] == wide.columns.to_numpy()[None, :]
    rest = np.where(own, np.nan, np.log(shares))
    known = np.isfinite(rest).any(axis=1)
    fitted = rest[known]
    for _ in range(20):
        fitted = fitted - np.nanmean(fitted, axis=0) if len(fitted) else fitted
        fitted = fitted - np.nanmean(fitted, axis=1, keepdims=True) if len(fitted) else fitted
    values = np.full(rest.shape, np.nan)
    values[known] = fitted
    following = np.argmax(np.where(np.isfinite(rest), rest, -np.inf), axis=1)
    names = dict(zip(themes.topics["theme_id"], themes.topics["label"], strict=True))
    facets = []
    for column, theme_id in enumerate(wide.columns):
        label = f"‘{names[theme_id]}’"
        holds = known & (following == column) & ~own[:, column]
        phrase = Phrase(verb=("lijkt", "lijken"), rest=f"daarnaast het meest op {label}", short=label, holds=holds,
                        score=values[:, column])  # fmt: skip
        facets.append(Facet(key=str(theme_id), values=ridits(values[:, column]), phrases=(phrase,)))
    return Question(kind="samenloop", key="thema", label="thema’s", facets=tuple(facets), only_more=True)


def _code_tables(
    corpus: Corpus,
    themes: Themes,
    codings: pd.DataFrame,
    poles: Sequence[tuple[str, str]],
    frame: pd.DataFrame,
    enough: Enough,
    questions: Sequence[Question],
    groups: tuple[Group, ...],
) -> list[Table]:
    _refuse_other_codings(corpus, codings)
    read = frame["narrative_id"].isin(codings["narrative_id"]).to_numpy()
    names = {code.code: code.name for code in themes.scheme or ()}
    has = {
        code: frame["narrative_id"].isin(codings.loc[codings["code"] == code, "narrative_id"]).to_numpy()
        for code in sorted(set(codings["code"].dropna()))
    }
    by_id = np.arange(len(frame))
    coded = tuple(
        Group(kind="code", key=code, label=names.get(code, code), member=mask, typical=by_id)
        for code, mask in has.items()
        if enough(mask)
    )
    facets = {group.key: _code_facet(group) for group in coded}
    together = Question(
        kind="samenloop", key="code", label="codes", facets=tuple(facets.values()), only_more=True
    )
    readings = replace(together, kind="drie lezingen")
    pulling = tuple(
        Facet(key=f"{a}-{b}", values=(has[a] | has[b]).astype(float)[:, None], phrases=(*facets[a].phrases, *facets[b].phrases))
        for a, b in poles if a in facets and b in facets
    )  # fmt: skip
    tension = Question(kind="spanningsveld", key="code", label="codes", facets=pulling, only_more=True)
    return [
        *(Table(question=question, groups=coded, rows=read) for question in questions),
        Table(question=together, groups=coded, rows=read),
        *(Table(question=question, groups=groups, rows=read) for question in (tension, readings)),
    ]


def _code_facet(group: Group) -> Facet:
    values = group.member.astype(float)
    phrase = Phrase(
        verb=GOT, rest=f"de code ‘{group.label}’", short=f"‘{group.label}’", holds=group.member, score=values
    )
    return Facet(key=group.key, values=values[:, None], phrases=(phrase,))


def _refuse_other_codings(corpus: Corpus, codings: pd.DataFrame) -> None:
    missing = [name for name in ("narrative_id", "code") if name not in codings.columns]
    known = set(corpus.frame["narrative_id"])
    strangers = set() if missing else set(codings["narrative_id"]) - known
    if missing or strangers:
        raise InputError.one(
            what=f"Kolommen ontbreken: {list_names(missing)}." if missing
            else f"{len(strangers)} gecodeerde verhalen staan niet in dit corpus.",
            where="wa.find_patterns, codings",
            expected="een tabel met narrative_id, coder, code, start, end en quote, bij de verhalen van dit corpus",
            now="Gebruik de coderingen van ditzelfde corpus.",
        )  # fmt: skip
