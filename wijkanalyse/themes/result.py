"""`Themes`: frames that figures, patterns and people read, and what people do to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wijkanalyse.corpus import Corpus, Provenance, today
from wijkanalyse.errors import ThemeError
from wijkanalyse.themes import editing
from wijkanalyse.themes.clustering import NOWHERE, make_bertopic, one_thread
from wijkanalyse.themes.frames import Division, Ground, make_frames
from wijkanalyse.themes.neighbours import neighbours

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme


@dataclass(frozen=True, eq=False, kw_only=True)
class Themes:
    """Themes that the machine proposes; people name, merge, split or reject them.

    Every edit returns a new `Themes`, is logged in the project when there is one, and can be undone.

    Attributes
    ----------
    topics : pandas.DataFrame
        One row per theme, at first the largest first: theme_id, label, n_narratives, n_tellers, terms. −1 comes last.
    assignments : pandas.DataFrame
        One row per story: narrative_id, theme_id (−1 = past nergens), weight (share of this theme in the
        story's resemblance to all themes, 0–1), core (share of subsamples in which it stayed with its theme),
        x, y (place on the map), reason (why it is in no theme, else empty), copy_of (the story that tells the same, nearly or
        wholly; only that one counts in finding themes).
    memberships : pandas.DataFrame
        One row per story and theme: narrative_id, theme_id, weight; sums to 1 within a story.
    terms : pandas.DataFrame
        theme_id, term, weight (c-TF-IDF), the strongest first.
    firmness : pandas.DataFrame
        theme_id, jaccard, verdict (stevig, patroon, los, te weinig verhalen), term_overlap, n_tellers, dominance.
    nearness, profiles : pandas.DataFrame
        Nearness of stories and themes to the codes of the scheme; empty without a scheme.
    curve : pandas.DataFrame
        n_themes, agreement, chance, score, candidate: what the proposed number rests on; empty when the number was
        given. `candidate` marks at most three numbers worth a look.
    settings : mapping
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    memberships: pd.DataFrame
    terms: pd.DataFrame
    firmness: pd.DataFrame
    nearness: pd.DataFrame
    profiles: pd.DataFrame
    curve: pd.DataFrame
    provenance: Provenance
    ground: Ground = field(repr=False)
    division: Division = field(repr=False)
    project: editing.Store | None = field(repr=False, default=None)
    previous: Themes | None = field(repr=False, default=None)
    is_recorded: bool = field(repr=False, default=False)  #: whether the last edit is an action in the project

    def __repr__(self) -> str:
        n_nowhere = int((self.assignments["theme_id"] == NOWHERE).sum())
        return (
            f"<Themes {len(self.division.ids)} thema’s over {len(self.assignments)} verhalen, "
            f"{n_nowhere} past nergens; voorlopig beeld>"
        )

    @property
    def corpus(self) -> Corpus:
        """The stories."""
        return self.ground.corpus

    @property
    def scheme(self) -> Scheme | None:
        """The scheme beside the themes."""
        return self.ground.scheme

    @property
    def settings(self) -> Mapping[str, Any]:
        """How the themes were made."""
        return self.ground.settings

    @cached_property
    def bertopic(self) -> Any:
        """A BERTopic model of these themes, for its plots, hierarchy, saving and new texts; made when first asked for (seconds)."""
        documents = [self.ground.documents[row] for row in np.flatnonzero(self.ground.usable)]
        return make_bertopic(documents, self.division.labels[self.ground.usable])

    def stories(self, theme_id: int) -> pd.DataFrame:
        """Return the stories of a theme with their title and text, the most typical first."""
        members = self.assignments[self.assignments["theme_id"] == theme_id]
        order = members.sort_values(["core", "weight", "narrative_id"], ascending=[False, False, True])
        return order.merge(self.corpus.frame, on="narrative_id", how="left")

    def examples(self, theme_id: int, *, n_typical: int = 3, n_edge: int = 2) -> pd.DataFrame:
        """Return stories to read a theme by, each by another teller where that is possible.

        Returns
        -------
        pandas.DataFrame
            role (typisch, rand, tegenverhaal), narrative_id, weight, core, title, text. *Rand*: they often leave the theme when
            stories are left out. *Tegenverhaal*: stays with the theme, and resembles it least.
        """
        import pandas as pd

        members = self.stories(theme_id)
        loose = members.sort_values(["core", "weight", "narrative_id"])
        stays = members[members["core"] >= members["core"].median()].sort_values(["weight", "narrative_id"])
        chosen: list[tuple[str, Any]] = []
        for role, order, most in (
            ("typisch", members, n_typical),
            ("tegenverhaal", stays, 1),
            ("rand", loose, n_edge),
        ):
            taken = {row.narrative_id for _, row in chosen}
            tellers = {row.teller_id for _, row in chosen}
            rest = [row for row in order.itertuples() if row.narrative_id not in taken]
            rest.sort(key=lambda row: row.teller_id in tellers)  # stable: another teller first
            chosen += [(role, row) for row in rest[:most]]
        columns = ["narrative_id", "weight", "core", "title", "text"]
        return pd.DataFrame(
            [(role, *(getattr(row, name, "") for name in columns)) for role, row in chosen],
            columns=["role", *columns],
        )

    def neighbours(self, narrative_id: str, n: int = 5) -> pd.DataFrame:
        """Return the stories that resemble one most, with the words they share.

        Parameters
        ----------
        narrative_id : str
        n : int
            How many at most.

        Returns
        -------
        pandas.DataFrame
            narrative_id, title, words (shared, the rarest first), the nearest first. Empty for a story that cannot be placed; of
            stories that tell the same, only the first one counts.

        Raises
        ------
        ThemeError
            When there is no such story.
        """
        return neighbours(self.ground, narrative_id, n)

    def take_up(self, project: editing.Store) -> Themes:
        """Return the themes as people left them in a project, or begin there.

        From then on every edit is kept with all that it changed: `find_themes` on the same stories with this project, and the same
        question, gives the themes as they were left, in another session too. Of other stories, only what is locked stays.
        """
        ids = list(self.corpus.frame["narrative_id"])
        division = editing.left_in(project, ids, self.settings["question"])
        mine: dict[str, Any] = {"project": project, "previous": None, "is_recorded": False}
        if division is None:
            editing.begin(project, self.ground, self.division, _names(self))
            return replace(self, **mine)
        return replace(self, **mine, **make_frames(self.ground, division), division=division)

    def rename(self, theme_id: int, label: str) -> Themes:
        """Give a theme a name of your own.

        Examples
        --------
        >>> themes = themes.rename(0, "Wachten op een brief")  # doctest: +SKIP
        """
        return self._with(editing.rename(self.division, theme_id, label), f"thema {theme_id} hernoemd")

    def merge(self, theme_ids: Iterable[int], label: str | None = None) -> Themes:
        """Put themes together under the id of the first."""
        chosen = list(theme_ids)
        return self._with(
            editing.merge(self.division, chosen, label), f"thema {', '.join(map(str, chosen))} samengevoegd"
        )

    def split(self, theme_id: int, into: int = 2) -> Themes:
        """Divide a theme into parts; the largest keeps its id."""
        with one_thread():
            return self._with(
                editing.split(self.ground, self.division, theme_id, into), f"thema {theme_id} gesplitst"
            )

    def move(self, narrative_ids: str | Iterable[str], to: int) -> Themes:
        """Put one story or several in another theme."""
        chosen = _listed(narrative_ids)
        return self._with(
            editing.move(self.ground, self.division, chosen, to), f"{len(chosen)} verhalen naar thema {to}"
        )

    def set_aside(self, narrative_ids: str | Iterable[str], reason: str = "") -> Themes:
        """Take stories out of their theme: they stay visible as *past nergens*, with the reason."""
        chosen = _listed(narrative_ids)
        division = editing.move(self.ground, self.division, chosen, NOWHERE, reason)
        return self._with(division, f"{len(chosen)} verhalen apart gezet")

    def lock(self, *theme_ids: int) -> Themes:
        """Keep themes as they are when the machine looks again, also when there are more stories by then."""
        return self._with(
            editing.lock(self.division, theme_ids), f"thema {', '.join(map(str, theme_ids))} vastgezet"
        )

    def unlock(self, *theme_ids: int) -> Themes:
        """Let locked themes go."""
        division = editing.lock(self.division, theme_ids, on=False)
        return self._with(division, f"thema {', '.join(map(str, theme_ids))} losgelaten")

    def undo(self) -> Themes:
        """Return the themes as they were before the last edit.

        Raises
        ------
        ThemeError
            When nothing was edited.
        """
        if self.previous is None:
            raise ThemeError.one(
                what="Er is niets om ongedaan te maken.", where="themes.undo", expected="thema’s die je hebt bewerkt",
                now="Ga verder met deze thema’s.",
            )  # fmt: skip
        if self.project is not None and self.is_recorded:
            self.project.undo(editing.KINDS)
        return self.previous

    def changes_since(self, earlier: Themes | None = None) -> pd.DataFrame:
        """Return what became of the themes of an earlier run or version, as when there are more stories now.

        Parameters
        ----------
        earlier : Themes, optional
            Default as people last left them in the project (`wa.theme_workshop`), also when that was another day.

        Returns
        -------
        pandas.DataFrame
            One row per theme, beside the earlier theme that it shares most stories with: theme_id, label, earlier_label (empty:
            new), n_stayed, n_came, n_left, n_new (stories that were not there). Last come the earlier themes of which
            nothing is left, without a theme_id.
        """
        import pandas as pd

        columns = ["narrative_id", "theme_id"]
        if earlier is not None:
            before, labels = earlier.assignments[columns], _names(earlier)
        else:
            of, labels = editing.last_left(self.project) if self.project is not None else ({}, {})
            before = pd.DataFrame({"narrative_id": list(of), "theme_id": list(of.values())}).astype(
                {"narrative_id": "str", "theme_id": "int64"}
            )
        return editing.changes(before, self.assignments[columns], labels, _names(self))

    def keep_map(self, layout: pd.DataFrame | None = None) -> Themes:
        """Keep the map: stories stay where they were, and new ones come among the stories that they share their words with.

        Parameters
        ----------
        layout : pandas.DataFrame, optional
            narrative_id, x, y: `themes.assignments` of an earlier run. Default the map that the project keeps, if it has one. The
            project keeps the outcome. A new story lies at the mean of its five nearest old ones, weighed by nearness behind the
            map; `settings["n_added"]` counts them. A map that many new stories came to fits them less than a new one would.

        Raises
        ------
        ThemeError
            When the layout is none, or fewer than five of these stories are on it.
        """
        held = self.project.decisions("kaart").get("themakaart", {}) if self.project is not None else {}
        if layout is None and not held:
            layout = self.assignments
        with one_thread():
            ground = self.ground.on(held if layout is None else _read_layout(layout))
        if self.project is not None and ground.kept != held:
            self.project.decide({("kaart", "themakaart"): ground.kept}, action="themakaart bewaard")
        return replace(self, **make_frames(ground, self.division), ground=ground)

    def to_scheme(self, name: str = "thema’s") -> Scheme:
        """Return the themes as codes of a scheme, to code with or to hold beside others."""
        return editing.as_scheme(
            self.topics, self.terms, name, f"thema’s van corpus {self.provenance.corpus_hash}"
        )

    def _with(self, division: Division, step: str) -> Themes:
        recorded = self.project is not None and editing.store(
            self.project, self.ground, division, action=step
        )
        return replace(
            self,
            **make_frames(self.ground, division),
            division=division,
            previous=self,
            is_recorded=recorded,
            provenance=self.provenance.add(f"{today()}: {step}"),
        )


def _names(themes: Themes) -> dict[int, str]:
    return dict(zip(themes.topics["theme_id"].tolist(), themes.topics["label"], strict=True))


def _read_layout(layout: pd.DataFrame) -> dict[str, list[float]]:
    columns = ["narrative_id", "x", "y"]
    if not {*columns} <= {*layout.columns} or layout[columns].isna().any(axis=None):
        raise ThemeError.one(
            what="Dit is geen kaart.", where="themes.keep_map", expected=f"een tabel met de kolommen {', '.join(columns)}, overal gevuld",
            now="Geef themes.assignments van de vorige keer.",
        )  # fmt: skip
    return {row.narrative_id: [float(row.x), float(row.y)] for row in layout[columns].itertuples()}


def _listed(narrative_ids: str | Iterable[str]) -> list[str]:
    return [narrative_ids] if isinstance(narrative_ids, str) else list(narrative_ids)
