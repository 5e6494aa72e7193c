"""People decide: what they do to a division into themes. Pure functions; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from wijkanalyse.coding.scheme import Code, Scheme
from wijkanalyse.errors import ThemeError, list_names
from wijkanalyse.themes.clustering import NOWHERE
from wijkanalyse.themes.consensus import agree
from wijkanalyse.themes.engine import Array, order_by_size
from wijkanalyse.themes.frames import Division, Ground
from wijkanalyse.themes.views import resemblance

if TYPE_CHECKING:
    import pandas as pd

THEME, APART = "thema", "thema-apart"
KINDS = (THEME, APART)
BEGIN, START = "thema-begin", "indeling"  #: kind and subject of how the machine divided the stories
SAME_THEME = 0.5  # Jaccard of the stories from which a theme of a new run is the one that people named
LEAST_LIKE = 10  # percentile of how much members resemble their theme; a new story must resemble it as much


class Store(Protocol):
    """Where decisions are kept; `wijkanalyse.project.Project` is one."""

    def decisions(self, kind: str) -> dict[str, Any]:
        """Return what holds now of one kind."""

    def decide(self, values: Mapping[tuple[str, str], Any], *, action: str, detail: str = "") -> None:
        """Record one action."""

    def undo(self, kinds: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Undo the last action."""

    def redo(self, kinds: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Do again what was undone last."""


def rename(division: Division, theme: int, label: str) -> Division:
    """Give a theme a name of one's own."""
    _require(division, [theme])
    if not label.strip():
        raise ThemeError.one(
            what="Een thema kan geen lege naam hebben.", where=f"thema {theme}", expected="een naam van een paar woorden",
            now="Geef een naam.",
        )  # fmt: skip
    return replace(division, names={**division.names, theme: " ".join(label.split())})


def merge(division: Division, themes: Iterable[int], label: str | None = None) -> Division:
    """Put themes together under the first of them."""
    chosen = list(dict.fromkeys(themes))
    _require(division, chosen)
    if len(chosen) < 2:
        raise ThemeError.one(
            what="Samenvoegen kan met twee thema’s of meer.", where=f"thema {list_names(chosen)}",
            expected="minstens twee verschillende thema’s", now="Noem ze allemaal: themes.merge([2, 5]).",
        )  # fmt: skip
    first, gone = chosen[0], set(chosen[1:])
    labels = np.where(np.isin(division.labels, chosen), first, division.labels)
    names = {theme: name for theme, name in division.names.items() if theme not in gone}
    locked = frozenset(first if theme in gone else theme for theme in division.locked)
    touched = (division.touched - gone) | {first}
    merged = replace(division, labels=labels, names=names, locked=locked, touched=touched)
    return rename(merged, first, label) if label else merged


def split(ground: Ground, division: Division, theme: int, into: int = 2) -> Division:
    """Divide a theme; its largest part keeps the id, the others get new ones."""
    _require(division, [theme])
    rows = np.flatnonzero((division.labels[ground.usable]) == theme)
    if not 2 <= into <= len(rows) // 2:
        raise ThemeError.one(
            what=f"Thema {theme} kan niet in {into} delen: er zijn {len(rows)} verhalen met genoeg woorden.",
            where="themes.split", expected=f"een getal van 2 tot en met {max(2, len(rows) // 2)}", now="Kies een kleiner getal.",
        )  # fmt: skip
    seed = int(ground.settings["random_state"])
    parts = order_by_size(agree(ground.vectors.matrix[rows], into, seed, smallest=1))
    new = max(division.ids) + 1
    labels = division.labels.copy()
    labels[np.flatnonzero(ground.usable)[rows]] = np.where(parts == 0, theme, new + parts - 1)
    beside = (division.labels == theme) & (division.labels[ground.copies] == theme)
    labels = np.where(beside, labels[ground.copies], labels)
    return replace(
        division, labels=labels, touched=division.touched | {theme, *range(new, int(labels.max()) + 1)}
    )


def move(
    ground: Ground, division: Division, narratives: Iterable[str], to: int, reason: str = ""
) -> Division:
    """Put narratives in another theme, or with −1 in none."""
    if to != NOWHERE:
        _require(division, [to])
    wanted = list(dict.fromkeys(narratives))
    known = ground.corpus.frame["narrative_id"]
    if unknown := set(wanted) - set(known):
        raise ThemeError.one(
            what=f"{len(unknown)} verhalen bestaan niet in dit corpus.", where="themes.move",
            expected="nummers uit themes.assignments", now="Kies bestaande nummers.",
        )  # fmt: skip
    labels = np.where(known.isin(wanted), to, division.labels)
    reasons = {narrative: why for narrative, why in division.reasons.items() if narrative not in wanted}
    if to == NOWHERE:
        reasons |= dict.fromkeys(wanted, reason or "door mensen apart gezet")
    sources = {int(theme) for theme in division.labels[known.isin(wanted)]}
    touched = (division.touched | sources | {to}) & {int(theme) for theme in np.unique(labels) if theme >= 0}
    return replace(division, labels=labels, reasons=reasons, touched=touched)


def lock(division: Division, themes: Iterable[int], *, on: bool = True) -> Division:
    """Keep themes as they are when the machine looks again, or let them go."""
    chosen = set(themes)
    _require(division, chosen)
    return replace(division, locked=division.locked | chosen if on else division.locked - chosen)


def _require(division: Division, themes: Iterable[int]) -> None:
    if unknown := [theme for theme in themes if theme not in division.ids]:
        raise ThemeError.one(
            what=f"Thema {list_names(unknown)} bestaat niet.", where="themes",
            expected=f"een van {list_names(division.ids)}", now="Kijk in themes.topics.",
        )  # fmt: skip


def records(ground: Ground, division: Division) -> dict[tuple[str, str], Any]:
    """Return what a store keeps: every theme that people named, changed or locked, and the narratives they set apart."""
    narratives = ground.corpus.frame["narrative_id"]
    kept = {
        (THEME, str(theme)): {
            "label": division.names.get(theme, ""),
            "locked": theme in division.locked,
            "narratives": sorted(narratives[division.labels == theme]),
        }
        for theme in division.ids
        if theme in division.locked | division.touched or theme in division.names
    }
    return kept | {(APART, narrative): reason for narrative, reason in division.reasons.items()}


def begin(project: Store, ground: Ground, division: Division, names: Mapping[int, str]) -> None:
    """Record how the machine divided the stories: all that people do from here on comes back, as a change to this."""
    labels = dict(zip(ground.corpus.frame["narrative_id"], division.labels.tolist(), strict=True))
    called = {str(theme): name for theme, name in names.items()}
    start = {"question": ground.settings["question"], "themes": labels, "names": called}
    store(project, ground, division, action="begonnen met de thema’s", start=start)


def left_in(project: Store, narratives: Sequence[str], question: Sequence[Any]) -> Division | None:
    """Return the division as people left it in a project; None where they did not begin, or with other stories or another question."""
    held = project.decisions(BEGIN).get(START)
    if held is None or held["question"] != list(question) or not held["themes"].keys() >= set(narratives):
        return None
    of, _ = last_left(project)
    here, themes = set(narratives), project.decisions(THEME)
    apart = {narrative: why for narrative, why in project.decisions(APART).items() if narrative in here}
    return Division(
        labels=np.array([of[narrative] for narrative in narratives], dtype=np.int64),
        names={int(theme): value["label"] for theme, value in themes.items() if value["label"]},
        locked=frozenset(int(theme) for theme, value in themes.items() if value["locked"]),
        touched=frozenset(map(int, themes)),
        reasons=apart,
    )


def last_left(project: Store) -> tuple[dict[str, int], dict[int, str]]:
    """Return the theme of every narrative as people last left them, and the names of the themes; empty where nobody began."""
    held = project.decisions(BEGIN).get(START)
    if held is None:
        return {}, {}
    of, themes = dict(held["themes"]), project.decisions(THEME)
    for theme, value in themes.items():
        of |= dict.fromkeys(value["narratives"], int(theme))
    of |= dict.fromkeys(project.decisions(APART), NOWHERE)
    called = held.get("names", {}) | {
        theme: value["label"] for theme, value in themes.items() if value["label"]
    }
    return of, {theme: called.get(str(theme), f"thema {theme}") for theme in sorted(set(of.values()))}


def step(project: Store, *, forward: bool = False) -> bool:
    """Undo the last edit that a project holds, or do it again; False when there is none since people began."""
    there, back = (project.redo, project.undo) if forward else (project.undo, project.redo)
    moved = there((BEGIN, *KINDS))
    if (BEGIN, START) in moved:
        back((BEGIN, *KINDS))
        return False
    return bool(moved)


def store(
    project: Store, ground: Ground, division: Division, *, action: str, start: Mapping[str, Any] | None = None
) -> bool:
    """Record a division in a project, as one action (with where people `start`); False when nothing changed.

    What was decided about narratives that are not in this corpus stays: one may be looking at a part.
    """
    here = set(ground.corpus.frame["narrative_id"])
    wanted = records(ground, division)
    now = {(kind, subject): value for kind in KINDS for subject, value in project.decisions(kind).items()}
    for key, value in now.items():
        kind, subject = key
        if kind == APART and subject not in here:
            wanted[key] = value
        elif kind == THEME and (
            elsewhere := [narrative for narrative in value["narratives"] if narrative not in here]
        ):
            mine = wanted.get(key, {**value, "narratives": []})
            wanted[key] = {**mine, "narratives": sorted({*mine["narratives"], *elsewhere})}
    changed = {key: value for key, value in wanted.items() if now.get(key) != value}
    changed |= dict.fromkeys(now.keys() - wanted.keys())
    changed |= {(BEGIN, START): start} if start else {}
    if changed:
        project.decide(changed, action=action)
    return bool(changed)


def locked_rows(project: Store, narratives: Sequence[str]) -> tuple[Array, dict[int, str]]:
    """Return the theme of every narrative that is in a locked theme (else −1) and the names of these themes."""
    theme_of = {
        narrative: int(theme)
        for theme, value in sorted(project.decisions(THEME).items())
        if value["locked"]
        for narrative in value["narratives"]
    }
    labels = np.array([theme_of.get(narrative, NOWHERE) for narrative in narratives], dtype=np.int64)
    names = {
        int(theme): value["label"]
        for theme, value in project.decisions(THEME).items()
        if value["locked"] and value["label"]
    }
    return labels, names


def join(ground: Ground, found: Array, locked: Array, names: Mapping[int, str], project: Store) -> Division:
    """Put locked themes beside what the machine found among the other narratives.

    Parameters
    ----------
    found : ndarray of int, shape (n_narratives,)
        Themes of this run, −1 where a narrative was locked or fits nowhere.
    locked, names
        As `locked_rows` returns them.

    Returns
    -------
    Division
        A narrative that is in no locked theme joins the one it resembles most, when it resembles that as much as nine in ten
        of its members do and more than any theme of this run. A theme of this run that shares half of its narratives with
        one that people named carries that name.
    """
    narratives = list(ground.corpus.frame["narrative_id"])
    first = int(locked.max()) + 1
    labels = np.where(locked >= 0, locked, np.where(found >= 0, found + first, NOWHERE))
    division = Division(
        labels=labels, names=dict(names), locked=frozenset(int(t) for t in np.unique(locked) if t >= 0)
    )
    if division.locked:
        joined = _joined(ground, division)
        division = replace(division, labels=np.where(locked >= 0, locked, joined[ground.copies]))
    apart = {
        narrative: why for narrative, why in project.decisions(APART).items() if narrative in set(narratives)
    }
    labels = np.where([narrative in apart for narrative in narratives], NOWHERE, division.labels)
    division = replace(division, labels=labels, reasons=apart)
    return replace(division, names={**_recognised(division, narratives, project), **division.names})


def _joined(ground: Ground, division: Division) -> Array:
    labels, ids = division.labels.copy(), division.ids
    compact = division.compact(ground.usable)
    likeness = resemblance(ground.vectors.matrix, compact)
    rows = np.flatnonzero(ground.usable)
    best = likeness.argmax(axis=1)
    for position, theme in enumerate(ids):
        if theme not in division.locked or not (compact == position).any():
            continue
        least = np.percentile(likeness[compact == position, position], LEAST_LIKE)
        new = (
            (best == position)
            & (likeness[:, position] >= max(least, 1e-6))
            & ~np.isin(labels[rows], list(division.locked))
        )
        labels[rows[new]] = theme
    return labels


def _recognised(division: Division, narratives: Sequence[str], project: Store) -> dict[int, str]:
    """Return names that people gave before, for the themes of this run that are the same ones."""
    members = {
        theme: {n for n, label in zip(narratives, division.labels, strict=True) if label == theme}
        for theme in division.ids
    }
    names: dict[int, str] = {}
    for value in project.decisions(THEME).values():
        before = set(value["narratives"]) & set(narratives)
        if value["locked"] or not value["label"] or not before:
            continue
        shared = {
            theme: len(before & now) / len(before | now)
            for theme, now in members.items()
            if theme not in names
        }
        theme = max(shared, key=lambda theme: (shared[theme], -theme), default=None)
        if theme is not None and shared[theme] >= SAME_THEME:
            names[theme] = value["label"]
    return names


def changes(
    before: pd.DataFrame, now: pd.DataFrame, labels_before: Mapping[int, str], labels: Mapping[int, str]
) -> pd.DataFrame:
    """Return what became of themes: one row per theme of now, matched to the earlier theme it shares most with.

    Parameters
    ----------
    before, now : pandas.DataFrame
        Assignments: narrative_id and theme_id.
    labels_before, labels : mapping of int to str

    Returns
    -------
    pandas.DataFrame
        theme_id, label, earlier_label (empty: new), n_stayed, n_came, n_left and n_new (not in the earlier corpus).
        Last come the earlier themes of which nothing is left, with theme_id missing.
    """
    import pandas as pd

    both = now.merge(before, on="narrative_id", how="left", suffixes=("", "_before"))
    table = pd.crosstab(both["theme_id"], both["theme_id_before"])
    old_sizes = before["theme_id"].value_counts()
    rows: list[tuple[Any, ...]] = []
    seen = set()
    for theme, label in labels.items():
        members = both[both["theme_id"] == theme]
        shared = table.loc[theme] if theme in table.index else pd.Series(dtype=int)
        match = int(shared.idxmax()) if len(shared) and shared.max() > 0 else None
        stayed = int(shared.max()) if match is not None else 0
        seen.add(match)
        fresh = int(members["theme_id_before"].isna().sum())
        rows.append(
            (theme, label, labels_before.get(match, "") if match is not None else "", stayed, len(members) - stayed - fresh,
             int(old_sizes.get(match, 0)) - stayed if match is not None else 0, fresh)
        )  # fmt: skip
    rows += [
        (pd.NA, "", label, 0, 0, int(old_sizes.get(theme, 0)), 0)
        for theme, label in labels_before.items()
        if theme not in seen
    ]
    frame = pd.DataFrame(
        rows, columns=["theme_id", "label", "earlier_label", "n_stayed", "n_came", "n_left", "n_new"]
    )
    return frame.astype({"theme_id": "Int64"})


def as_scheme(topics: pd.DataFrame, terms: pd.DataFrame, name: str, source: str) -> Scheme:
    """Return themes as codes of a scheme, with their terms as a first definition for people to mend."""
    codes = tuple(
        Code(
            code=f"thema-{topic.theme_id}",
            name=topic.label,
            definition=f"Verhalen met woorden als {topic.terms}. Voorlopig: schrijf een eigen definitie.",
            source=source,
            terms=tuple(terms.loc[terms["theme_id"] == topic.theme_id, "term"]),
        )
        for topic in topics.itertuples()
        if topic.theme_id >= 0
    )
    return Scheme(name=name, title=name, version="1", source=source, codes=codes)
