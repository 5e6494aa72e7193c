"""The gate: text, tables and figures leave only through here.

What may leave depends on the audience. `WORKBENCH` is the user's own screen and working page; `OUTSIDE` is
everything that is handed on. All thresholds stand in this file and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
from wijkanalyse.errors import InputError, PrivacyError
from wijkanalyse.privacy.disclosure import OTHER, withhold
from wijkanalyse.privacy.marks import bare, objection

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from wijkanalyse.privacy.decisions import Store


class Audience(StrEnum):
    """Who will read it."""

    WORKBENCH = "werkbank"
    OUTSIDE = "buiten"


#: Distinct tellers behind a mark, cell or group of quotes (ACRO's default outside; half of it inside).
MIN_TELLERS = {Audience.WORKBENCH: 5, Audience.OUTSIDE: 10}
LOWEST_MINIMUM = 3  #: whatever the reason: one of two people knows who the other is
CLASS_SHARE, DOMINANCE_SHARE = 0.9, 0.5  #: see `disclosure.class_disclosed` and `disclosure.dominated`
ROUND_TO = 5
REQUIRED_STATUS = {Audience.WORKBENCH: PrivacyStatus.MASKED, Audience.OUTSIDE: PrivacyStatus.REVIEWED}
NOT_SHOWN = "–"
_PERSONAL = {Role.NARRATIVE_ID, Role.TELLER_ID, Role.TEXT, Role.TITLE, Role.DIRECT_IDENTIFIER}
_KEY = object()


@dataclass(frozen=True, eq=False, kw_only=True)
class _Released:
    audience: Audience
    key: InitVar[object] = None  # no field, so that dataclasses.replace cannot pass it on

    def __post_init__(self, key: object) -> None:
        if key is not _KEY:
            made_by = {"SafeText": "release_texts", "SafeTable": "release_table"}
            name = type(self).__name__
            raise TypeError(f"{name} is made by {made_by.get(name, 'release_figure')} only")


@dataclass(frozen=True, kw_only=True)
class SafeText(_Released):
    """A narrative that may be shown, with one context field (the perspective) beside it or an empty one."""

    narrative_id: str
    title: str
    text: str
    attribute: str

    def __repr__(self) -> str:
        return f"<SafeText {self.narrative_id}, {len(self.text)} tekens, {self.audience}>"


@dataclass(frozen=True, eq=False, kw_only=True)
class SafeTable(_Released):
    """Distinct tellers per cell; it has no totals, as those are for `withhold` to take as known already."""

    frame: pd.DataFrame  #: Int64; what is withheld is NA
    note: str  #: Dutch, to stand under the table
    minimum: int

    def shown(self) -> pd.DataFrame:
        """Return the table as people read it, with “–” for what is withheld."""
        return self.frame.astype(object).where(self.frame.notna(), NOT_SHOWN).astype(str)

    def __repr__(self) -> str:
        rows, columns = self.frame.shape
        return f"<SafeTable {rows} × {columns}, {_n_withheld(self.frame)} weggelaten, {self.audience}>"


@dataclass(frozen=True, eq=False, kw_only=True)
class SafeFigure(_Released):
    """A plotly figure that may be shown, with the note that has to stand under it."""

    figure: go.Figure
    note: str

    def __repr__(self) -> str:
        return f"<SafeFigure {len(self.figure.data)} reeksen, {self.audience}>"


def read_audience(audience: Audience | str) -> Audience:
    """Return the audience that a person named."""
    try:
        return Audience(audience)
    except ValueError as error:
        raise InputError.one(
            what="Voor wie dit is, is niet duidelijk.",
            where="audience=",
            expected=" of ".join(f"‘{each}’" for each in Audience),
            now="Kies ‘buiten’ voor alles wat je doorgeeft.",
        ) from error


def minimum(audience: Audience, *, override: int | None = None, reason: str | None = None) -> int:
    """Return how many distinct tellers are needed; stricter is free, looser raises PrivacyError without a reason."""
    usual = MIN_TELLERS[audience]
    least = usual if override is None else override
    if least >= usual or (least >= LOWEST_MINIMUM and (reason or "").strip()):
        return least
    raise PrivacyError.one(
        what=f"De drempel van {least} vertellers is lager dan de gebruikelijke {usual}.",
        where=f"publiek ‘{audience}’",
        expected=f"een drempel vanaf {usual}, of een reden (reason=) en een drempel vanaf {LOWEST_MINIMUM}",
        now="Laat de drempel weg, of geef een reden; de lezer krijgt die onder de tabel te zien.",
    )


def is_large_enough(n_tellers: int, audience: Audience) -> bool:
    """Tell whether a group stands on enough distinct tellers to be shown as a group."""
    return n_tellers >= MIN_TELLERS[audience]


def release_texts(
    corpus: Corpus,
    narrative_ids: list[str] | None = None,
    *,
    audience: Audience,
    group: Mapping[str, Any] | pd.Series | None = None,
) -> list[SafeText]:
    """Return narratives that may be shown, in the order asked for; default all.

    Parameters
    ----------
    corpus, narrative_ids, audience
    group : mapping or Series, optional
        What else is seen of a story, such as its theme, by narrative_id. Outside, the attribute is left out where
        fewer than the minimum of tellers in the corpus share it within the group; without a group, at all.

    Raises
    ------
    PrivacyError
        When the corpus is not masked (workbench) or not reviewed (outside).
    InputError
        When an id does not exist.
    """
    corpus.require(REQUIRED_STATUS[audience], purpose="verhalen laten lezen")
    frame = corpus.frame.set_index("narrative_id", drop=False)
    ids = list(frame.index) if narrative_ids is None else narrative_ids
    _require_known(corpus, ids)
    name = shown_attribute(corpus)
    values = frame[name].fillna("").astype(str) if name else frame["narrative_id"].map(lambda _: "")
    if audience == Audience.OUTSIDE:
        groups = frame["narrative_id"].map((lambda _: "") if group is None else group)
        # A story without a group shares it with nobody: its number of tellers is missing, and so not enough.
        shared = frame.groupby([values, groups.rename("group")])["teller_id"].transform("nunique")
        values = values.where(shared >= minimum(audience), "")
    return [
        SafeText(
            narrative_id=narrative_id,
            title=str(frame.at[narrative_id, "title"] or ""),
            text=str(frame.at[narrative_id, "text"]),
            attribute=values[narrative_id],
            audience=audience,
            key=_KEY,
        )
        for narrative_id in ids
    ]


def shown_attribute(corpus: Corpus) -> str | None:
    """Return the one column that may stand beside a text: the perspective, when there is one."""
    specs = corpus.with_role(Role.PERSPECTIVE)
    return specs[0].name if specs else None


def release_table(
    corpus: Corpus,
    frame: pd.DataFrame,
    *,
    rows: str,
    columns: str | None = None,
    audience: Audience,
    reason: str | None = None,
    override: int | None = None,
    order: Sequence[Any] = (),
    rounded: bool = False,
    project: Store | None = None,
) -> SafeTable:
    """Count distinct tellers per cell, and withhold what would tell about a few of them.

    Parameters
    ----------
    corpus, audience
    frame : pandas.DataFrame
        One row per narrative and category, with `narrative_id`: codings, assignments or `corpus.frame`.
    rows, columns : str
        Columns of `frame`, or else of the corpus. Stories where one is missing do not count.
    reason, override : optional
        As in `minimum`.
    order : sequence
        Categories as the scheme has them; others follow by the alphabet, and organisations always do. Outside, other
        labels of too few tellers are put together: an exact age or an answer in own words is data too.
    rounded : bool
        Round to 5.
    project : Project, optional
        Its log gets a line when the threshold is looser than usual.

    Raises
    ------
    PrivacyError
        By status, by threshold, or for a column that holds texts or persons.
    InputError
        When a column or a narrative does not exist.
    """
    corpus.require(REQUIRED_STATUS[audience], purpose="een tabel laten zien")
    least = minimum(audience, override=override, reason=reason)
    if project is not None and least < MIN_TELLERS[audience]:
        project.note(
            "drempel verlaagd",
            detail=f"{least} in plaats van {MIN_TELLERS[audience]} vertellers, {audience}: {reason}",
        )
    names = [rows] if columns is None else [rows, columns]
    long = _with_tellers(corpus, frame, names)
    for name in names if audience == Audience.OUTSIDE else ():
        sizes = long.groupby(name, observed=True)["teller_id"].transform("nunique")
        known = (sizes >= least) | long[name].isin(order) | long[name].isna()
        long = long.assign(**{name: long[name].where(known, OTHER)})
    counts, withheld = withhold(
        long.dropna(subset=names), rows, columns,
        minimum=least, class_share=CLASS_SHARE, dominance_share=DOMINANCE_SHARE,
    )  # fmt: skip
    if rounded:
        counts = (counts + ROUND_TO // 2) // ROUND_TO * ROUND_TO
    organisations = {spec.name for spec in corpus.with_role(Role.ORGANISATION)}
    index, header = (
        _ordered(labels, () if name in organisations else order)
        for name, labels in ((rows, counts.index), (columns, counts.columns))
    )
    cells = counts.astype("Int64").mask(withheld).loc[index, header]
    note = _note(cells, least, audience, rounded, reason)
    return SafeTable(frame=cells, note=note, minimum=least, audience=audience, key=_KEY)


def _with_tellers(corpus: Corpus, frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return ids and columns; who told a story is looked up in the corpus and nowhere else."""
    import pandas as pd

    personal = {spec.name for spec in corpus.columns if spec.role in _PERSONAL}
    if len(set(names)) < len(names) or personal & set(names):
        raise PrivacyError.one(
            what="Deze kolommen geven geen tabel: ze bevatten verhalen of personen, of zijn twee keer dezelfde.",
            where=" × ".join(f"kolom ‘{name}’" for name in names),
            expected="een of twee kolommen met categorieën, zoals thema en perspectief",
            now="Kies andere kolommen voor rows= en columns=.",
        )
    _require_known(corpus, frame["narrative_id"])
    lent = [corpus.spec(name).name for name in names if name not in frame]
    own = frame[["narrative_id", *(name for name in names if name in frame)]].astype(object)
    long = own.merge(corpus.frame[["narrative_id", "teller_id", *lent]].astype(object), on="narrative_id")
    for name in names:
        said = [("nee", "ja")[one] if isinstance(one, bool) else one for one in long[name]]
        long[name] = pd.Series(said, index=long.index, dtype=object)
    return long


def _require_known(corpus: Corpus, ids: Iterable[Any]) -> None:
    known = set(corpus.frame["narrative_id"])
    if unknown := [narrative_id for narrative_id in ids if narrative_id not in known]:
        raise InputError.one(
            what=f"{len(unknown)} verhalen bestaan niet in dit corpus.",
            where=f"corpus uit {corpus.provenance.source}",
            expected="verhaalnummers uit corpus.frame['narrative_id']",
            now="Gebruik hetzelfde corpus als waarop de analyse is gedaan.",
        )


def _ordered(labels: Iterable[Any], order: Sequence[Any]) -> list[Any]:
    """Return labels by scheme, then alphabet with 2 before 10, and what was put together last."""
    place = {label: position for position, label in enumerate(order)}

    def key(label: Any) -> tuple[int, bool, str]:
        padded = re.sub(r"\d+", lambda digits: digits[0].zfill(9), str(label).casefold())
        return place.get(label, len(place)), label == OTHER, padded

    return sorted(labels, key=key)


def _n_withheld(cells: pd.DataFrame) -> int:
    return int(cells.isna().to_numpy().sum())


def _note(cells: pd.DataFrame, least: int, audience: Audience, rounded: bool, reason: str | None) -> str:
    note = f"Geteld zijn vertellers; elk getal staat op minstens {least}. "
    note += f"Weggelaten ({NOT_SHOWN}): {_n_withheld(cells)} van de {cells.size} cellen, omdat ze over te weinig mensen gaan "
    note += "of zo’n cel verraden."
    if rounded:
        note += f" Getallen zijn afgerond op een veelvoud van {ROUND_TO}."
    if least < (usual := MIN_TELLERS[audience]):
        why = " ".join((reason or "").split()).rstrip(".")
        note += f" De drempel is lager dan de gebruikelijke {usual}; reden: {why}."
    return note


def release_figure(
    figure: go.Figure, corpus: Corpus, *, audience: Audience, table: SafeTable | None = None
) -> SafeFigure:
    """Return a figure that may be shown: on the workbench a copy, outside without a way to single stories.

    Parameters
    ----------
    figure, corpus, audience
    table : SafeTable, optional
        The numbers drawn, for the same audience. Outside every mark must have its own cell in it, found by the
        mark's labels: x, y and the name of its trace; without a table only a figure without marks passes.

    Raises
    ------
    PrivacyError
        By status; outside also when a mark is one story or stands on too few tellers, or when that cannot be told.
    """
    import plotly.graph_objects as go

    corpus.require(REQUIRED_STATUS[audience], purpose="een figuur laten zien")
    figure = go.Figure(figure)
    if audience == Audience.OUTSIDE:
        known = set(corpus.frame["narrative_id"])
        usable = table is not None and table.audience == Audience.OUTSIDE
        cells, least = (table.frame, table.minimum) if table is not None and usable else (None, 0)
        for trace in figure.data:
            if what := objection(trace, known, cells, least):
                raise PrivacyError.one(
                    what=what,
                    where=f"figuur voor publiek ‘{audience}’",
                    expected="staven, punten of vakken met elk een eigen, getoonde cel in een vrijgegeven tabel",
                    now="Teken de cijfers van release_table voor hetzelfde publiek en geef die tabel mee met table=.",
                )
        plain = figure.to_plotly_json()
        figure = go.Figure({"data": bare(plain["data"]), "layout": bare(plain["layout"])})
        figure.update_layout(hovermode=False).update_traces(hoverinfo="skip")
    return SafeFigure(figure=figure, note=table.note if table else "", audience=audience, key=_KEY)
