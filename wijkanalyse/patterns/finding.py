"""From what stands out to findings: an observation in numbers, the stories that carry it and those that contradict it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.patterns.statistics import LEVEL, Array, Outcome, share_difference
from wijkanalyse.patterns.wording import QUESTIONS, TITLES, check_observation, how_many, pole

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.patterns.questions import Facet, Phrase, Question

N_DRAWS = 999
MIN_EFFECT = 0.1  # a difference of one in ten stories: less is not seen by who reads them
CARRIES, CONTRADICTS = "draagt", "spreekt tegen"
_BELONGS = {"thema": "in", "code": "met de code"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that stands out, in numbers, with the stories behind it."""

    kind: str
    key: str  #: the same in every run on the same stories and themes
    question: str  #: what the theme or code was held against, as people read it
    title: str
    observation: str
    linking_question: str
    subject: tuple[str, str]  #: theme or code, and what it is held against
    theme_id: int | None
    p: float  #: of this comparison alone
    q: float  #: after everything that was tried
    effect: float  #: difference in share of stories with all others, −1 to 1; every teller weighs one
    low: float
    high: float  #: low to high: 95% bootstrap interval over tellers
    n_narratives: int
    n_tellers: int
    n_missing: int  #: stories of the theme or code without an answer
    members: tuple[tuple[str, str], ...]  #: narrative_id and role (draagt, spreekt tegen), the clearest first
    tension: tuple[str, ...] = ()
    plainly: str = ""  #: the observation without a number, for where small numbers may not go


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Group:
    """Stories of one theme or one code, compared with all others."""

    kind: str  #: thema, code
    key: str
    label: str
    member: Array  #: bool, shape (n_stories,)
    typical: Array  #: place in the order from typical to hardly belonging; int, shape (n_stories,)
    theme_id: int | None = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Table:
    """Groups of stories held against the facets of one question, among these rows."""

    question: Question
    groups: tuple[Group, ...]
    rows: Array  #: bool, shape (n_stories,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """The stories that findings are made from."""

    frame: pd.DataFrame  #: narrative_id, teller_id; sorted
    tellers: Array  #: position of the teller, int, shape (n_stories,)
    least: int  #: tellers behind a number
    random_state: int

    def __repr__(self) -> str:
        return f"<Ground {len(self.tellers)} verhalen>"

    @cached_property
    def draws(self) -> Array:
        """How often each teller is drawn in each bootstrap sample; in the first, once each."""
        n = int(self.tellers.max()) + 1
        rng = np.random.default_rng([self.random_state, n])
        drawn = rng.multinomial(n, np.full(n, 1 / n), size=N_DRAWS)
        return np.vstack([np.ones(n), drawn]).astype(np.float32)

    def n_tellers(self, mask: Array) -> int:
        """Return how many people told these stories."""
        return len(np.unique(self.tellers[mask]))

    def enough(self, mask: Array) -> bool:
        """Tell whether these stories may be spoken of as a group."""
        return self.n_tellers(mask) >= self.least


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class _Cell:
    """One comparison of a table that stood out."""

    ground: Ground
    table: Table
    group: Group
    facet: Facet
    sign: float
    p: float
    q: float

    @cached_property
    def known(self) -> Array:
        return self.table.rows & np.isfinite(self.facet.values).all(axis=1)

    @cached_property
    def inside(self) -> Array:
        return self.known & self.group.member

    @cached_property
    def outside(self) -> Array:
        return self.known & ~self.group.member

    @property
    def subject(self) -> str:
        return f"verhalen {_BELONGS[self.group.kind]} ‘{self.group.label}’"

    def than_others(self, verb: str, how: str, rest: str) -> str:
        return f"V{self.subject[1:]} {verb} {how} dan de andere verhalen {rest}."

    def effects(self, holds: Array, draws: Array) -> Array:
        rows = self.known
        return share_difference(self.group.member[rows], holds[rows], self.ground.tellers[rows], draws)

    def effect(self, holds: Array) -> float:
        return float(self.effects(holds, self.ground.draws[:1])[0])

    def part(self, holds: Array, among: Array) -> str:
        """Return "8 van de 11", or that it is too few to count out."""
        if self.ground.enough(holds & among):
            return f"{int((holds & among).sum())} van de {int(among.sum())}"
        return f"minder dan {self.ground.least} vertellers onder {int(among.sum())} verhalen"

    def stories(self, mask: Array, order: Array, role: str) -> list[tuple[str, str]]:
        rows = np.flatnonzero(mask)
        ids = self.ground.frame["narrative_id"].to_numpy()
        return [(str(ids[row]), role) for row in rows[np.argsort(order[rows], kind="stable")]]

    def finding(
        self,
        version: str,
        holds: Array,
        counted: Array,
        members: list[tuple[str, str]],
        observation: str,
        plainly: str,
        **words: str,
    ) -> Finding:
        draws = self.effects(holds, self.ground.draws)
        low, high = np.nanquantile(draws[1:], (0.025, 0.975))
        kind, named = self.table.question.kind, {"group": f"‘{self.group.label}’", **words}
        parts = dict.fromkeys(
            (kind, self.group.kind, self.group.key, self.table.question.key, self.facet.key)
        )
        return Finding(
            kind=kind, key="-".join(parts).replace(" ", "-"), question=self.table.question.label, title=TITLES[version].format(**named),
            observation=check_observation(observation),
            linking_question=QUESTIONS.get(version, QUESTIONS[kind]).format(**named),
            subject=(self.group.label, " – ".join(words.values())), theme_id=self.group.theme_id,
            p=round(self.p, 6), q=round(self.q, 6), effect=round(float(draws[0]), 4), low=round(float(low), 4),
            high=round(float(high), 4), n_narratives=int(counted.sum()), n_tellers=self.ground.n_tellers(counted),
            n_missing=int((self.table.rows & self.group.member & ~self.known).sum()), members=tuple(members),
            tension=(words["left"], words["right"]) if "left" in words else (), plainly=check_observation(plainly),
        )  # fmt: skip


def comparable(ground: Ground, table: Table) -> Array:
    """Return which comparisons of a table stand on enough tellers, shape (n_facets, n_groups).

    Not where by chance nobody would be expected: a test of this size can find nothing there that may be shown.
    """
    tried = np.zeros((len(table.question.facets), len(table.groups)), dtype=bool)
    for f, facet in enumerate(table.question.facets):
        known = table.rows & np.isfinite(facet.values).all(axis=1)
        most = max(ground.n_tellers(known & phrase.holds) for phrase in facet.phrases) / max(known.sum(), 1)
        for g, group in enumerate(table.groups):
            twice = table.question.key == "code" and group.kind == "code" and group.key >= facet.key
            inside = known & group.member
            expected = most * inside.sum()
            tried[f, g] = (
                not twice and expected >= 1 and ground.enough(inside) and ground.enough(known & ~inside)
            )
    return tried


def findings_of(
    ground: Ground, tables: list[Table], outcomes: list[Outcome], every_q: list[Array]
) -> Iterator[Finding]:
    """Yield what stands out and can be said in numbers that may be shown."""
    answers: dict[tuple[str, str], Phrase] = {}  # how the tellers themselves saw a theme or code
    for table, outcome, q in zip(tables, outcomes, every_q, strict=True):
        kind = table.question.kind
        for f, g in np.argwhere(np.nan_to_num(q, nan=1.0) <= LEVEL):
            sign = float(outcome.sign[f, g])
            if table.question.only_more and sign < 0:
                continue
            cell = _Cell(
                ground=ground, table=table, group=table.groups[g], facet=table.question.facets[f], sign=sign,
                p=float(outcome.p[f, g]), q=float(q[f, g]),
            )  # fmt: skip
            if kind == "drie lezingen":
                other = ("code", cell.facet.key)
                found = _three_readings(
                    cell, answers.get((cell.group.kind, cell.group.key)) or answers.get(other)
                )
            else:
                found = _tension(cell) if kind == "spanningsveld" else _more_or_less(cell)
            if found is not None:
                if kind == "duiding" and found.effect > 0:
                    answers.setdefault((cell.group.kind, cell.group.key), _largest(cell)[0])
                yield found


def _more_or_less(cell: _Cell) -> Finding | None:
    """Say what these stories have more often, or less often, than the others."""
    phrase, effect = _largest(cell)
    has, has_not = cell.inside & phrase.holds, cell.inside & ~phrase.holds
    more = effect > 0
    carries, against = (has, has_not) if more else (has_not, has)
    if abs(effect) < MIN_EFFECT or (not more and phrase.side == cell.sign) or not cell.ground.enough(carries):
        return None
    kind, (one, many) = cell.table.question.kind, phrase.verb
    if cell.ground.enough(has):
        text = how_many(int(has.sum()), int(cell.inside.sum()), cell.ground.n_tellers(has), cell.subject)
        text += f", {many} {phrase.rest}."
    else:
        text = (
            f"Van de {int(cell.inside.sum())} {cell.subject}, van {cell.ground.n_tellers(cell.inside)} vertellers, zijn er van minder "
            f"dan {cell.ground.least} vertellers waarvoor geldt: het verhaal {one} {phrase.rest}."
        )
    text += f" Bij de andere verhalen: {cell.part(phrase.holds, cell.outside)}."
    order = np.nan_to_num(phrase.score if more else -phrase.score)
    return cell.finding(
        kind if more else f"{kind}, minder", phrase.holds, has if more else cell.inside,
        cell.stories(carries, cell.group.typical, CARRIES) + cell.stories(against, order, CONTRADICTS),
        text, cell.than_others(many, "vaker" if more else "minder vaak", phrase.rest), short=phrase.short,
    )  # fmt: skip


def _largest(cell: _Cell) -> tuple[Phrase, float]:
    """Return what may be said of a facet that differs most, in the direction that was found."""
    fitting = [phrase for phrase in cell.facet.phrases if cell.sign in (0, phrase.side)] or cell.facet.phrases
    effects = [cell.effect(phrase.holds) for phrase in fitting]
    return fitting[int(np.argmax(effects))], max(effects)


def _tension(cell: _Cell) -> Finding | None:
    """Say that both ends are told more within a group than elsewhere."""
    left, right = cell.facet.phrases
    ends = [cell.inside & left.holds, cell.inside & right.holds]
    either = left.holds | right.holds
    if not all(cell.ground.enough(end) for end in ends) or cell.effect(either) < MIN_EFFECT:
        return None
    if min(cell.effect(left.holds), cell.effect(right.holds)) <= 0:
        return None
    (n_left, n_right), many = [(int(end.sum()), cell.ground.n_tellers(end)) for end in ends], left.verb[1]
    sides = [dict(enumerate(cell.stories(end, cell.group.typical, CARRIES))) for end in ends]
    by_turns = [side[place] for place in range(max(map(len, sides))) for side in sides if place in side]
    return cell.finding(
        "spanningsveld", either, cell.inside & either,
        list(dict.fromkeys(by_turns)) + cell.stories(cell.inside & ~either, cell.group.typical, CONTRADICTS),
        f"{how_many(n_left[0], int(cell.inside.sum()), n_left[1], cell.subject)}, {many} {left.rest}; {n_right[0]}, van {n_right[1]} "
        f"vertellers, {many} {right.rest}. Een van beide: {cell.part(either, cell.inside)}. Bij de andere verhalen: "
        f"{cell.part(either, cell.outside)}.",
        cell.than_others(many, "vaker", f"{left.rest}, en ook vaker {right.rest}"),
        left=pole(left.short), right=pole(right.short),
    )  # fmt: skip


def _three_readings(cell: _Cell, answer: Phrase | None) -> Finding | None:
    """Say where the machine's theme and a person's code point to the same stories, and where only one does."""
    (phrase,) = cell.facet.phrases
    code = cell.known & phrase.holds
    both, single = cell.inside & code, cell.inside ^ code
    if cell.effect(phrase.holds) < MIN_EFFECT or not (
        cell.ground.enough(both) and cell.ground.enough(single)
    ):
        return None
    numbers: dict[str, Any] = {
        name: int(mask.sum()) for name, mask in (("all", cell.known), ("theme", cell.inside), ("code", code))
    }
    text = (
        f"Van de {numbers['all']} verhalen die een mens codeerde, zette de computer er {numbers['theme']} in ‘{cell.group.label}’ en kregen er "
        f"{numbers['code']} van een mens {phrase.rest}. {int(both.sum())} verhalen, van {cell.ground.n_tellers(both)} vertellers, hebben allebei; "
        f"{int(single.sum())}, van {cell.ground.n_tellers(single)} vertellers, hebben een van de twee."
    )
    if answer is not None and cell.ground.enough(said := answer.holds & (both | single)):
        text += f" Volgens de vertellers zelf {answer.verb[1]} er van al deze verhalen {int(said.sum())} {answer.rest}."
    order = cell.group.typical
    return cell.finding(
        "drie lezingen", phrase.holds, single,
        cell.stories(single, order, CARRIES) + cell.stories(both, order, CONTRADICTS), text,
        f"{cell.than_others('kregen van een mens', 'vaker', phrase.rest)} Er zijn ook verhalen die maar een van de twee hebben.",
        short=phrase.short,
    )  # fmt: skip
