"""What the machine found, what people made of it, and the frames that show both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.errors import ThemeError
from wijkanalyse.themes.clustering import NOWHERE, count_words, term_overlap, theme_terms
from wijkanalyse.themes.consensus import candidates
from wijkanalyse.themes.engine import place_among
from wijkanalyse.themes.firmness import theme_jaccard, verdict
from wijkanalyse.themes.naming import how_spoken, name_themes
from wijkanalyse.themes.nearness import nearness, theme_profiles
from wijkanalyse.themes.views import resemblance

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme
    from wijkanalyse.corpus import Corpus
    from wijkanalyse.themes.consensus import Point
    from wijkanalyse.themes.engine import Array, Vectors
    from wijkanalyse.themes.firmness import Rounds

TOO_SHORT = "te weinig woorden"
MIN_LEMMAS = 3  # a story with fewer content words cannot be placed
MIN_KEPT = 5  # stories of a map that have to be there, to place others among
NO_THEME = "blijft bij geen enkel thema, of deelt er geen woorden mee"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ground:
    """What stays as it is when people rearrange themes: the stories, their vectors, and what came out each round."""

    corpus: Corpus
    scheme: Scheme | None
    documents: list[list[str]]  #: content lemmas of every narrative
    usable: Array  #: bool, shape (n_narratives,); the rows that vectors and rounds are about
    copies: Array  #: row of the first narrative that tells the same, nearly or wholly; shape (n_narratives,)
    reasons: list[str]  #: why a narrative cannot be placed, else empty
    vectors: Vectors
    rounds: Rounds
    places: Array  #: shape (n_usable, 2)
    points: Array  #: shape (n_usable, n_dimensions)
    curve: list[Point]
    has_structure: bool
    settings: Mapping[str, Any]
    kept: Mapping[str, Sequence[float]] = field(default_factory=dict)  #: places on a map that was kept

    @cached_property
    def counted(self) -> tuple[Any, Array]:
        """The words of the usable narratives; see `count_words`."""
        return count_words([self.documents[row] for row in np.flatnonzero(self.usable)])

    @cached_property
    def near(self) -> pd.DataFrame:
        """How near each narrative is to the codes of the scheme; empty without one."""
        ids = list(self.corpus.frame["narrative_id"])
        empty = _empty("narrative_id", "code", "nearness", "words")
        return nearness(ids, self.documents, self.scheme) if self.scheme else empty

    def on(self, layout: Mapping[str, Sequence[float]]) -> Ground:
        """Return this with the stories of a map where they were, and new ones among those that they share their words with."""
        ids, rows = self.corpus.frame["narrative_id"].to_numpy(), np.flatnonzero(self.usable)
        old = np.array([narrative in layout for narrative in ids[rows]], dtype=bool)
        if old.sum() < MIN_KEPT:
            raise ThemeError.one(
                what=f"Van deze verhalen staan er {old.sum()} op de bewaarde kaart; dat is te weinig om er nieuwe tussen te zetten.",
                where="themes.keep_map", expected=f"een kaart met minstens {MIN_KEPT} van deze verhalen",
                now="Geef de kaart die bij deze verhalen hoort: themes.assignments van de vorige keer.",
            )  # fmt: skip
        places = np.zeros((len(ids), 2))
        known = np.array([layout[narrative] for narrative in ids[rows[old]]], dtype=float)
        places[rows] = np.round(place_among(self.points, self.points[old], known), 4)
        places = places[self.copies]
        kept = {name: layout.get(name, place) for name, place in zip(ids, places.tolist(), strict=True)}
        return replace(
            self, kept=kept, settings={**self.settings, "n_added": len(kept.keys() - layout.keys())}
        )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Division:
    """Which narrative is in which theme, and what people said about it. Theme ids are stable; there may be gaps."""

    labels: Array  #: theme id per narrative, −1 is past nergens; shape (n_narratives,)
    names: Mapping[int, str] = field(default_factory=dict)  #: given by people
    locked: frozenset[int] = frozenset()
    touched: frozenset[int] = frozenset()  #: people changed which stories are in it
    reasons: Mapping[str, str] = field(default_factory=dict)  #: narratives that people set apart, and why

    @property
    def ids(self) -> list[int]:
        """The themes that have stories, in order."""
        return [int(theme) for theme in np.unique(self.labels) if theme >= 0]

    def compact(self, usable: Array) -> Array:
        """Return the position of each usable narrative's theme in `ids`, −1 for none."""
        labels = self.labels[usable]
        return np.where(labels >= 0, np.searchsorted(self.ids, labels), NOWHERE)


def make_frames(ground: Ground, division: Division) -> dict[str, pd.DataFrame]:
    """Return the frames of `Themes` by name."""
    import pandas as pd

    frame, usable, ids = ground.corpus.frame, ground.usable, division.ids
    labels = division.compact(usable)
    jaccard, core = _firmness(labels, ground.rounds, len(ids))
    similarity = np.zeros((len(labels), len(ids)))
    if (labels >= 0).any():
        found = resemblance(ground.vectors.matrix, labels)
        similarity[:, : found.shape[1]] = found
    share = similarity / np.maximum(similarity.sum(axis=1, keepdims=True), 1e-12)
    weights = np.zeros((len(frame), len(ids)))
    weights[usable] = np.round(share, 6)
    weights = weights[ground.copies]
    assignments = _assignments(ground, division, weights, core)
    rows = np.flatnonzero(usable)
    tellers = frame["teller_id"].to_numpy()[rows]
    terms = theme_terms(ground.counted, labels, len(ids), tellers)
    overlap = term_overlap(ground.counted, labels, len(ids), ground.rounds)
    members = {theme: frame.loc[division.labels == theme, "teller_id"] for theme in ids}
    firmness = pd.DataFrame(
        [
            (theme, round(value, 4), verdict(value, len(told), share=len(told) / max(len(labels), 1), has_structure=ground.has_structure),
             round(same, 4), told.nunique(), round(float(told.value_counts(normalize=True).iloc[0]), 4))
            for (theme, told), value, same in zip(members.items(), jaccard, overlap, strict=True)
        ],
        columns=["theme_id", "jaccard", "verdict", "term_overlap", "n_tellers", "dominance"],
    )  # fmt: skip
    return {
        "topics": _topics(ground, division, labels, terms, firmness),
        "assignments": assignments,
        "memberships": pd.DataFrame(
            {
                "narrative_id": np.repeat(frame["narrative_id"].to_numpy(), len(ids)),
                "theme_id": np.tile(np.array(ids, dtype=np.int64), len(frame)),
                "weight": weights.ravel(),
            }
        ),
        "terms": pd.DataFrame(
            [(theme, term, round(weight, 6)) for theme, words in zip(ids, terms, strict=True) for term, weight in words],
            columns=["theme_id", "term", "weight"],
        ),
        "firmness": firmness,
        "nearness": ground.near,
        "profiles": theme_profiles(ground.near, assignments) if ground.scheme else _empty("theme_id", "code", "share"),
        "curve": _curve(ground),
    }  # fmt: skip


def _firmness(labels: Array, rounds: Rounds, n_themes: int) -> tuple[Array, Array]:
    """Return Jaccard per theme, also for themes that only hold narratives without words, and core per narrative."""
    jaccard = np.zeros(n_themes)
    if not (labels >= 0).any():
        return jaccard, np.zeros(len(labels))
    found, core = theme_jaccard(labels, rounds)
    jaccard[: len(found)] = found
    return jaccard, core


def _assignments(ground: Ground, division: Division, weights: Array, core: Array) -> pd.DataFrame:
    import pandas as pd

    n, ids, labels = len(division.labels), division.ids, division.labels
    every_core, places = np.zeros(n), np.zeros((n, 2))
    every_core[ground.usable] = np.nan_to_num(core)
    places[ground.usable] = ground.places
    every_core, places = every_core[ground.copies], places[ground.copies]
    narratives = ground.corpus.frame["narrative_id"]
    places = np.array([ground.kept.get(name, place) for name, place in zip(narratives, places, strict=True)])
    is_copy = (ground.copies != np.arange(n)) & [not why for why in ground.reasons]
    own = np.searchsorted(ids, np.maximum(labels, 0)) if ids else np.zeros(n, dtype=int)
    own = np.minimum(own, max(len(ids) - 1, 0))
    by_hand = narratives.map(dict(division.reasons))
    reason = np.where(labels >= 0, "", [why or NO_THEME for why in ground.reasons])
    return pd.DataFrame(
        {
            "narrative_id": narratives,
            "theme_id": labels.astype(np.int64),
            "weight": np.where(labels >= 0, weights[np.arange(n), own] if ids else 0.0, 0.0),
            "core": np.round(np.where(labels >= 0, every_core, 0.0), 4),
            "x": places[:, 0],
            "y": places[:, 1],
            "reason": by_hand.where((labels < 0) & by_hand.notna(), reason).astype(str),
            "copy_of": np.where(is_copy, narratives.to_numpy()[ground.copies], ""),
        }
    )


def _topics(
    ground: Ground,
    division: Division,
    labels: Array,
    terms: list[list[tuple[str, float]]],
    firmness: pd.DataFrame,
) -> pd.DataFrame:
    import pandas as pd

    words = [[term for term, _ in best] for best in terms]
    firm = firmness["verdict"].isin(["stevig", "patroon"]).tolist()
    texts = ground.corpus.frame["text"]
    said = [
        how_spoken(texts[division.labels == theme].tolist(), best)
        for theme, best in zip(division.ids, words, strict=True)
    ]
    forms = [
        list(dict.fromkeys(spoken[term].form for term in best))
        for spoken, best in zip(said, words, strict=True)
    ]
    proposed = dict(zip(division.ids, name_themes(ground.vectors, labels, words, firm, said), strict=True))
    names = {**proposed, **division.names, NOWHERE: "Past nergens"}
    members = {theme: ground.corpus.frame[division.labels == theme] for theme in [*division.ids, NOWHERE]}
    rows = [
        (theme, names[theme], len(frame), frame["teller_id"].nunique(), ", ".join(best))
        for (theme, frame), best in zip(members.items(), [*forms, []], strict=True)
        if len(frame)
    ]
    return pd.DataFrame(rows, columns=["theme_id", "label", "n_narratives", "n_tellers", "terms"])


def _curve(ground: Ground) -> pd.DataFrame:
    import pandas as pd

    curve = ground.curve
    rows = [
        (point.n_themes, round(point.agreement, 4), round(point.chance, 4), round(point.score, 4))
        for point in curve
    ]
    frame = pd.DataFrame(rows, columns=["n_themes", "agreement", "chance", "score"])
    return frame.assign(candidate=frame["n_themes"].isin(candidates(curve) if ground.has_structure else []))


def _empty(*columns: str) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
