"""From codings back to words: the quotes that meet a question, and where codes meet one another or an attribute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Literal

from wijkanalyse.coding.codings import read_codings, refuse
from wijkanalyse.corpus import Corpus, PrivacyStatus, Role
from wijkanalyse.errors import list_names
from wijkanalyse.language import sentences

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

UNKNOWN, TOTAL = "niet ingevuld", "in totaal"
_ATTRIBUTES = {Role.PERSPECTIVE, Role.CONTEXT, Role.ORGANISATION, Role.TIME, Role.SIGNIFICATION}
_FIRST = ["narrative_id", "title", "code", "coder", "quote", "start", "end", "context", "memo"]
_UNITS = {"verhaal": "narrative_id", "verteller": "teller_id", "fragment": "fragment"}
_RELATIONS = {
    "overlap": "een stuk van de rij dat minstens één teken deelt met een stuk van de kolom",
    "binnen": "een stuk van de rij dat helemaal binnen een stuk van de kolom ligt",
    "nabij": "een stuk van de rij met hoogstens {near} tekens tot een stuk van de kolom",
}


def retrieve(
    corpus: Corpus,
    codings: pd.DataFrame,
    where: Mapping[str, Any] | None = None,
    *,
    scheme: Scheme | None = None,
    themes: Any = None,
) -> pd.DataFrame:
    """Return the quotes that meet a question, with where they come from.

    Parameters
    ----------
    corpus, codings
        Masked or reviewed stories, and what was coded in them.
    where : mapping, optional
        All must hold: `code`, `coder`, `theme` (label or number) or an attribute, with a value, a list of which one holds, or for
        numbers `(low, high)`; `memo`, `quote`: words in it, or whether there is any. With such a mapping inside: `not`, `overlaps`,
        `in_story` (so does a quote that shares text, or of the same story); with a list of them: `any`, `all`.
    scheme, themes : optional
        With a scheme a code brings the codes under it along; themes are `Themes`, or a frame of narrative_id and theme_id.

    Returns
    -------
    pandas.DataFrame
        One row per coding: narrative_id, title, code, coder, quote (all of the story where it has no place), start, end, context
        (the sentences it stands in), memo, other columns of the codings, theme when given, attributes.

    Raises
    ------
    InputError
        When a field, code or value does not exist, or the codings do not fit the stories.

    Examples
    --------
    >>> wa.retrieve(corpus, codings, {"code": ["geld", "wonen"], "not": {"in_story": {"code": "dank"}}})  # doctest: +SKIP
    """
    quotes = _quotes(corpus, codings, themes)
    under = {code: {code} for code in {*quotes["code"], *(code.code for code in scheme or ())}}
    for code in scheme or ():
        above = code
        while scheme and above.parent:
            above = scheme[above.parent]
            under[above.code].add(code.code)
    return quotes[_holds(quotes, where or {}, under)].reset_index(drop=True)


def _quotes(corpus: Corpus, codings: pd.DataFrame, themes: Any) -> pd.DataFrame:
    import pandas as pd

    corpus.require(PrivacyStatus.MASKED, purpose="citaten opzoeken")
    attributes = [spec.name for spec in corpus.columns if spec.role in _ATTRIBUTES]
    stories = corpus.frame.reindex(columns=["narrative_id", "teller_id", "title", "text", *attributes])
    if themes is not None:
        bare = isinstance(themes, pd.DataFrame)
        names = {} if bare else dict(themes.topics[["theme_id", "label"]].to_numpy())
        given = (themes if bare else themes.assignments)[["narrative_id", "theme_id"]]
        given = given.assign(theme=[names.get(number, f"thema {number}") for number in given["theme_id"]])
        stories = stories.merge(given, on="narrative_id", how="left")
    found = read_codings(codings, corpus)
    found = found.drop(columns=[name for name in found if name != "narrative_id" and name in stories])
    frame = found.merge(stories, on="narrative_id", how="left")
    contexts, bounds = [], lru_cache(maxsize=None)(sentences)
    for text, first, last in zip(frame["text"], frame["start"], frame["end"], strict=True):
        around = [] if pd.isna(first) else [(a, b) for a, b in bounds(text) if a < last and b > first]
        contexts.append(text[min(first, around[0][0]) : max(last, around[-1][1])].strip() if around else "")
    frame = frame.assign(context=pd.Series(contexts, dtype=object)).drop(columns="text")
    return frame[[*_FIRST, *(name for name in frame if name not in _FIRST)]]


def _holds(quotes: pd.DataFrame, where: Mapping[str, Any], under: Mapping[str, set[str]]) -> pd.Series:
    """Return of each quote whether everything in `where` holds."""
    return reduce(and_, (_test(quotes, *part, under) for part in where.items()), quotes["code"].notna())


def _test(quotes: pd.DataFrame, name: str, wanted: Any, under: Mapping[str, set[str]]) -> Any:
    import pandas as pd

    if name in ("any", "all"):
        parts = [_holds(quotes, part, under) for part in wanted]
        return reduce(and_ if name == "all" else or_, parts) if parts else name == "all"
    if name in ("not", "in_story", "overlaps"):
        holds = _holds(quotes, wanted, under)
        if name == "not":
            return ~holds
        if name == "in_story":
            return quotes["narrative_id"].isin(quotes.loc[holds, "narrative_id"])
        return quotes.index.isin(_meetings(quotes, quotes[holds], "overlap")["row"])
    if name in ("memo", "quote"):
        words, there = quotes[name].str.casefold(), isinstance(wanted, bool)
        return (words != "") == wanted if there else words.str.contains(wanted.casefold(), regex=False)
    fields = [field for field in quotes if field not in _FIRST or field in ("narrative_id", "code", "coder")]
    if name not in fields:
        known = list_names([*fields, "memo", "quote", "not", "any", "all", "in_story", "overlaps"])
        raise refuse(f"Er is geen ‘{name}’ om op te zoeken.", "where=", f"een van {known}")
    asked = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
    if name == "theme" and not any(isinstance(one, str) for one in asked):
        return _test(quotes, "theme_id", asked, under)
    values = quotes[name]
    if isinstance(wanted, tuple) and len(wanted) == 2 and pd.api.types.is_numeric_dtype(values):
        return values.between(*wanted)
    found = set(under) if name == "code" else set(values.dropna())
    if missing := [one for one in asked if one not in found]:
        # An attribute may hold an answer in a teller's own words.
        ours = name in ("code", "coder", "theme", "theme_id") or isinstance(values.dtype, pd.CategoricalDtype)
        known = list_names(sorted(found, key=str)) if ours else f"de {len(found)} waarden van deze kolom"
        raise refuse(f"Bij ‘{name}’ komt {list_names(missing)} niet voor.", "where=", f"een van {known}")
    return values.isin(set().union(*(under[one] for one in asked)) if name == "code" else asked)


def _meetings(rows: pd.DataFrame, columns: pd.DataFrame, relation: str, near: int = 0) -> pd.DataFrame:
    """Return which quotes of `rows` meet which of `columns`, as their index: `row`, `column`."""
    sides = []
    for name, frame in (("row", rows), ("column", columns)):
        places = frame[["narrative_id", "start", "end"]].fillna({"start": 0, "end": 1 << 60})
        sides.append(places.astype({"start": int, "end": int}).assign(**{name: frame.index}))
    both = sides[0].merge(sides[1], on="narrative_id", suffixes=("", "_2"))
    gap = both[["start", "start_2"]].max(axis=1) - both[["end", "end_2"]].min(axis=1)
    inside = (both["start"] >= both["start_2"]) & (both["end"] <= both["end_2"])
    return both.loc[{"overlap": gap < 0, "binnen": inside, "nabij": gap <= near}[relation], ["row", "column"]]


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossTable:
    """How often codes meet codes, attributes or themes; for the workbench. What goes outside, `release_table` counts itself."""

    frame: pd.DataFrame  #: Int64, with `in totaal`: what a share would be of; a code beside itself is missing
    #: As `retrieve` gives them, with `row`, `column` and `other_quote`.
    quotes: pd.DataFrame = field(repr=False)
    note: str  #: Dutch: what is counted, out of how many

    def behind(self, row: str, column: str) -> pd.DataFrame:
        """Return the quotes of one cell; InputError when there is no such cell."""
        for name, known in ((row, self.frame.index), (column, self.frame.columns)):
            if name not in known:
                raise refuse(f"‘{name}’ staat niet in de tabel.", "behind", f"een van {list_names(known)}")
        chosen = (self.quotes["row"] == row) & (self.quotes["column"] == column)
        return self.quotes[chosen].reset_index(drop=True)

    def _repr_html_(self) -> str:
        table = self.frame.astype(object).where(self.frame.notna(), "")
        table = table.rename_axis(None).rename_axis(None, axis=1)
        return f"{table.to_html()}<p>{self.note}</p>"  # pandas escapes what it writes


def cross_tabulate(
    corpus: Corpus,
    codings: pd.DataFrame,
    rows: str = "code",
    columns: str = "code",
    *,
    relation: Literal["overlap", "binnen", "nabij"] = "overlap",
    unit: Literal["verhaal", "fragment", "verteller"] = "verhaal",
    near: int = 100,
    themes: Any = None,
) -> CrossTable:
    """Count where codes meet codes, or in which stories they stand.

    Parameters
    ----------
    corpus, codings, themes
        As in `retrieve`. Coders count together; choose one with `codings[codings["coder"] == …]`.
    rows, columns : str
        One is `code`; the other `code`, `coder`, `theme` or an attribute.
    relation : str
        Of two codes: they share text, the row lies within the column, or at most `near` characters stand between them. A
        coding of a whole story spans all of it.
    unit : str
        What is counted, each once in a cell: stories, tellers, or pieces of text of the row.

    Raises
    ------
    InputError
        When a name does not exist, or neither is `code`.
    """
    import pandas as pd

    quotes = _quotes(corpus, codings, themes)
    fields = ["code", "coder", "theme", *(spec.name for spec in corpus.columns if spec.role in _ATTRIBUTES)]
    for name, value, known in (
        ("relation", relation, _RELATIONS),
        ("unit", unit, _UNITS),
        ("rows", rows, fields if columns == "code" else ["code"]),
        ("columns", columns, fields),
    ):
        if value not in known or (value == "theme" and themes is None):
            raise refuse(
                f"‘{value}’ kan hier niet.", f"{name}=", f"een van {list_names(known)} (thema: met themes=)"
            )
    quotes["fragment"] = quotes[["narrative_id", "start", "end"]].astype(str).sum(axis=1)
    sides = {"row": quotes[rows].astype(object), "column": quotes[columns].astype(object)}
    cells = quotes.assign(
        **{side: values.where(values.notna(), UNKNOWN).astype(str) for side, values in sides.items()}
    )
    totals = [cells.assign(row=TOTAL), cells.assign(column=TOTAL), cells.assign(row=TOTAL, column=TOTAL)]
    order = [[*sorted(set(cells[side])), TOTAL] for side in sides]
    if rows == columns:
        met = _meetings(quotes, quotes, relation, near)
        other = quotes.loc[met["column"], ["code", "coder", "quote", "start", "end"]].reset_index(drop=True)
        cells = cells.loc[met["row"]].assign(column=list(other["code"])).reset_index(drop=True)
        cells = cells.join(other.add_prefix("other_"))[cells["row"] != cells["column"]]
    cells, key = pd.concat([cells, *totals], ignore_index=True), _UNITS[unit]
    counts = cells.groupby(["row", "column"])[key].nunique().unstack()  # noqa: PD010
    counts = counts.reindex(order[0], columns=order[1]).fillna(0).astype("Int64")
    if rows == columns:
        counts = counts.mask([[a == b != TOTAL for b in order[1]] for a in order[0]])
    note = f"Geteld per {unit}; met een codering zijn dat er {counts.iloc[-1, -1]}, uit een corpus van {len(corpus)} verhalen. "
    note += f"Een cel telt {_RELATIONS[relation].format(near=near)}. " if rows == columns else ""
    note += "Een aandeel is altijd van een getal bij ‘in totaal’. Alleen voor eigen gebruik: er staan kleine groepen in."
    return CrossTable(frame=counts, quotes=cells.drop(columns="fragment"), note=note)
