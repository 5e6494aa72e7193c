"""Where coders differ, and how far that is from chance: something to talk about, with the differences first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from wijkanalyse.coding.agreement_measures import Array, coefficients, draw_stories, interval, masi
from wijkanalyse.coding.codings import read_codings, refuse
from wijkanalyse.coding.exchange.writing import code_names
from wijkanalyse.corpus import Corpus, PrivacyStatus
from wijkanalyse.language import sentences

if TYPE_CHECKING:
    import pandas as pd

    from wijkanalyse.coding.scheme import Scheme

ALL = "alle codes"
NOT_READ = "niet gelezen"
NOT_SHARED = "niets is door twee mensen gelezen"
READING = """Begin bij de verschillen: leg ze naast elkaar, vraag wat ieder zag, en maak de omschrijving van de code scherper of laat
het verschil staan. De getallen zeggen niet wie gelijk heeft, en ook niet of het goed genoeg is; ze wijzen aan waar praten iets oplevert.

Percentage: in welk deel twee codeurs hetzelfde deden. Bij een zeldzame code is dat altijd hoog. Cohen (steeds twee codeurs), Fleiss en
Krippendorff halen eraf wat toeval zou geven: 0 is niet meer dan toeval, 1 is overal gelijk. Bij een zeldzame code zakken ze al door een
paar verschillen; kijk dus ook naar ‘komt voor’. Gwet heeft daar minder last van. MASI telt codes die elkaar overlappen voor een deel mee.
Unitising kijkt naar hele stukken tekst: hoe gelijk zijn de grenzen?

Tussen haakjes: waartussen 95 van de 100 getallen liggen als je de verhalen telkens opnieuw trekt. Met weinig verhalen is dat breed, en dan
nog te smal. Een streepje is niet uit te rekenen; waarom staat in de kolom ‘reason’ van .coefficients."""
_DUTCH = {
    "narrative_id": "verhaal",
    "name": "code",
    "coded_by": "wel",
    "not_coded_by": "niet",
    "text": "tekst",
}
_SHOWN, _LONG = 10, 400


@dataclass(frozen=True, kw_only=True, eq=False)
class CoderComparison:
    """What coders gave differently, and coefficients beside it."""

    #: One row per place and code: narrative_id, start, end, code, name, coded_by, not_coded_by, text, and of each coder the names of
    #: the codes that she gave there (`codes: …`) with her memos (`memo: …`).
    disagreements: pd.DataFrame = field(repr=False)
    #: code, name, unit, coefficient, value (0–1, also of a percentage), low, high, prevalence (share of readings), coders, reason.
    coefficients: pd.DataFrame = field(repr=False)
    note: str  #: Dutch: what was compared

    def _repr_html_(self) -> str:
        """Return the differences, how to read, and a table with a row per code."""
        import pandas as pd

        rows: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for row in self.coefficients.itertuples():
            style = "{:.0%}" if row.coefficient == "percentage" else "{:.2f}"
            numbers = (style.format(x).replace(".", ",") for x in (row.value, row.low, row.high))
            value, low, high = ("–" if "nan" in number else number for number in numbers)
            pair = f": {row.coders}" if row.coefficient.startswith("Cohen") else ""
            rows[row.name]["komt voor"] = f"{row.prevalence:.0%}".replace("nan%", "–")
            rows[row.name][row.coefficient + pair] = value if low == "–" else f"{value} ({low} – {high})"
        n = len(self.disagreements)
        first = self.disagreements.head(_SHOWN).drop(columns=["start", "end", "code"])
        first = first.assign(text=[shorten(text, _LONG, placeholder=" …") for text in first["text"]])
        first = first.loc[:, [not name.startswith("memo: ") or first[name].any() for name in first]]
        with pd.option_context("display.max_colwidth", None):  # otherwise quotes are cut off
            told = first.astype(object).where(first.notna(), "").rename(columns=_DUTCH)
            table = re.sub(
                "<(t[dh])>",
                r'<\1 style="text-align: left; vertical-align: top">',
                told.to_html(index=False, justify="left"),
            )
        more = f"<p>En nog {n - _SHOWN}, in .disagreements.</p>" if n > _SHOWN else ""
        below = pd.DataFrame.from_dict(rows, orient="index").fillna("").to_html()
        reading = READING.replace("\n\n", "</p><p>")
        return f"<p>{self.note}</p>{table}{more}<p>{reading}</p>{below}"


def compare_coders(
    codings: pd.DataFrame,
    unit: Literal["verhaal", "zin", "teken"] = "verhaal",
    narratives: Iterable[str] | None = None,
    *,
    corpus: Corpus | None = None,
    seen: pd.DataFrame | None = None,
    scheme: Scheme | None = None,
    rounds: int = 1000,
    random_state: int = 2022,
) -> CoderComparison:
    """Lay the codings of two or more people side by side.

    Parameters
    ----------
    codings : pandas.DataFrame
        Of everybody; what a machine suggested is no coding.
    unit : str
        Did they give a story, a sentence, a character the same codes? A coding of a whole story is of all its sentences.
    narratives : iterable of str, optional
        All stories that were to be coded, so that those without codings count. Default: those that were read.
    corpus : Corpus, optional
        Masked or reviewed. Needed for sentences and characters.
    seen : pandas.DataFrame, optional
        narrative_id, coder: who read what; a story that somebody did not open is missing for her, and not "without codes".
        Default: everybody read all.
    scheme : Scheme, optional
        For the names of the codes; of a project `wa.kept_scheme`, with the in-vivo codes. Without it their keys stand there.
    rounds, random_state : int
        Of the bootstrap over stories.

    Returns
    -------
    CoderComparison
        Per code, and for `alle codes`: the set of codes a place got. What cannot be computed is missing, with a reason.

    Raises
    ------
    InputError
        When codings do not fit the stories, or there is no text for sentences or characters.
    """
    if unit not in ("verhaal", "zin", "teken") or (corpus is None and unit != "verhaal"):
        expected = "unit= ‘verhaal’, of met corpus= erbij ‘zin’ of ‘teken’"
        raise refuse("Zo zijn de coderingen niet te vergelijken.", "wa.compare_coders", expected)
    if corpus is not None:
        corpus.require(PrivacyStatus.MASKED, purpose="coderingen vergelijken")
    frame = read_codings(codings, corpus)
    texts = {} if corpus is None else dict(corpus.frame[["narrative_id", "text"]].to_numpy())
    read = set(zip(frame["narrative_id"], frame["coder"], strict=True))
    if seen is not None:
        read |= set(zip(seen["narrative_id"], seen["coder"], strict=True))
    ids = sorted({key for key, _ in read} if narratives is None else set(narratives))
    if strangers := set(frame["narrative_id"]) - set(ids) | (set(ids) - set(texts) if texts else set()):
        expected = "elke codering bij een verhaal uit narratives=, en elk daarvan in corpus="
        raise refuse(
            f"{len(strangers)} verhalen zijn niet bekend.", "wa.compare_coders", expected, "Vul aan."
        )
    coders, codes = sorted({coder for _, coder in read}), sorted(set(frame["code"]))
    opened = [seen is None or (key, coder) in read for key in ids for coder in coders]
    if texts and unit != "verhaal":
        length = frame["narrative_id"].map(lambda key: len(texts[key])).astype("Int64")
        frame = frame.assign(start=frame["start"].fillna(0), end=frame["end"].fillna(length))
    readers = np.array(opened, dtype=bool).reshape(len(ids), len(coders))
    names = {code: str(code) for code in (ALL, *codes)} | (code_names(scheme) if scheme else {})
    grid = _lay_out(frame, ids, texts, readers, codes, coders, unit, names)
    n, twice = len(frame), int((readers.sum(axis=1) > 1).sum())
    note = f"{n} coderingen met {len(codes)} codes door {len(coders)} codeurs, vergeleken per {unit}. Van {len(ids)} verhalen zijn er {twice} "
    note += "door minstens twee mensen gelezen."
    note += " Aangenomen is dat ieder alles las; zo niet, geef seen= mee." if seen is None else ""
    numbers = _coefficients(grid, draw_stories(len(ids), rounds, random_state))
    return CoderComparison(disagreements=_disagreements(grid), coefficients=numbers, note=note)


class _Grid(NamedTuple):
    """Who gave which code at which place."""

    codings: list[Any]  #: rows of the frame
    places: list[tuple[int, str, Any, Any, str]]  #: number and id of the story, start, end, text
    hits: list[list[int]]  #: of each place, the codings that touch it
    given: Array  #: bool, shape (n_codes, n_places, n_coders)
    stories: Array  #: of each place
    opened: Array  #: bool, shape (n_stories, n_coders)
    codes: list[str]
    coders: list[str]
    unit: str
    names: dict[str, str]  #: of the codes, and of `ALL`


def _lay_out(
    frame: pd.DataFrame,
    ids: list[str],
    texts: dict[str, str],
    opened: Array,
    codes: list[str],
    coders: list[str],
    unit: str,
    names: dict[str, str],
) -> _Grid:
    codings, own = list(frame.itertuples(index=False)), defaultdict(list)
    for number, row in enumerate(codings):
        own[row.narrative_id].append(number)
    places: list[tuple[int, str, Any, Any, str]] = []
    hits: list[list[int]] = []
    for story, key in enumerate(ids):
        text, bounds = texts.get(key, ""), list[Any]([(None, None)])
        if unit == "zin":
            bounds = list(sentences(text))
        elif unit == "teken":
            cuts = {0, len(text)}.union(*((codings[n].start, codings[n].end) for n in own[key]))
            bounds = list(pairwise(sorted(cuts)))
        for a, b in bounds:
            touching = own[key]
            if a is not None:
                touching = [n for n in touching if codings[n].start < b and codings[n].end > a]
            hits.append(touching)
            places.append((story, key, a, b, "" if unit == "verhaal" else text[a:b]))
    given = np.zeros((len(codes), len(places), len(coders)), dtype=bool)
    code_at, coder_at = ({name: number for number, name in enumerate(names)} for names in (codes, coders))
    for place, touching in enumerate(hits):
        for row in (codings[number] for number in touching):
            given[code_at[row.code], place, coder_at[row.coder]] = True
    stories = np.array([place[0] for place in places], dtype=int)
    return _Grid(codings, places, hits, given, stories, opened, codes, coders, unit, names)


def _coefficients(grid: _Grid, draws: Array) -> pd.DataFrame:
    import pandas as pd

    stories, read, by_length = grid.stories, grid.opened[grid.stories], grid.unit == "teken"
    weights = np.array([b - a if by_length else 1 for _, _, a, b, _ in grid.places], dtype=float)
    kinds, number = np.unique(grid.given.transpose(1, 2, 0)[read], axis=0, return_inverse=True)
    sets = np.full(read.shape, -1)
    sets[read] = number
    rows = []
    for code, marked in zip([ALL, *grid.codes], [grid.given.any(axis=0), *grid.given], strict=True):
        either = np.where(read, marked, -1)
        own = [row for row in grid.codings if code in (ALL, row.code)]
        squares = _squares(grid, own) if by_length else None
        found = coefficients(either, stories, weights, draws, squares=squares)
        if code == ALL:
            whole = coefficients(sets, stories, weights, draws, distance=masi(kinds))
            found = whole | {key: values for key, values in found.items() if key not in whole}
        for (name, who), values in found.items():
            n_stories = int((grid.opened[:, who].sum(axis=1) > 1).sum())
            value, low, high = interval(values, n_stories)
            reason = "" if np.isfinite(low) else "geen interval: te weinig verhalen, of te zeldzaam"
            if not np.isfinite(value):
                reason = "geen variatie: ieder gaf overal hetzelfde" if n_stories else NOT_SHARED
            readings = (read * weights[:, None])[:, who]
            prevalence = (readings * marked[:, who]).sum() / readings.sum() if readings.any() else np.nan
            pair = ", ".join(str(grid.coders[coder]) for coder in who)
            rows.append((code, grid.names[code], grid.unit, name, value, low, high, prevalence, pair, reason))
    columns = ["code", "name", "unit", "coefficient", "value", "low", "high", "prevalence"]
    columns += ["coders", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _squares(grid: _Grid, codings: list[Any]) -> Array:
    """Return per story the sum of squared lengths of what coders marked; what overlaps is one piece, what touches is two."""
    story_of = {place[1]: place[0] for place in grid.places}
    pieces: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    squares = np.zeros(len(grid.opened))
    for row in codings:  # in the order of the text
        mine = pieces[row.narrative_id, row.coder]
        if mine and row.start < mine[-1][1]:
            mine[-1] = (mine[-1][0], max(mine[-1][1], row.end))
        else:
            mine.append((row.start, row.end))
    for (key, _), mine in pieces.items():
        squares[story_of[key]] += sum((last - first) ** 2 for first, last in mine)
    return np.where(grid.opened.sum(axis=1) > 1, squares, 0)


def _disagreements(grid: _Grid) -> pd.DataFrame:
    import pandas as pd

    read, found = grid.opened[grid.stories], []
    for code, marked in zip(grid.codes, grid.given, strict=True):
        yes, no = marked & read, ~marked & read
        where = np.flatnonzero(yes.any(axis=1) & no.any(axis=1))
        # What lies side by side and was marked by the same people, of sentences in the same coding, is one piece of text.
        same = (np.diff(where) == 1) & (np.diff(grid.stories[where]) == 0) & (grid.unit != "verhaal")
        if grid.unit == "zin":
            mine = [[n for n in grid.hits[place] if grid.codings[n].code == code] for place in where]
            same &= np.array([one == after for one, after in pairwise(mine)], dtype=bool)
        same &= (yes[where[1:]] == yes[where[:-1]]).all(axis=1)
        for run in np.split(where, np.flatnonzero(~same) + 1) if len(where) else []:
            touching = [
                grid.codings[number] for number in sorted({n for place in run for n in grid.hits[place]})
            ]
            text = ("" if grid.unit == "teken" else " ").join(grid.places[place][4] for place in run)
            if grid.unit == "verhaal":
                text = " | ".join(dict.fromkeys(row.quote for row in touching if row.code == code))
            elif not any(letter.isalnum() for letter in text):
                continue
            who = [
                [name for name, one in zip(grid.coders, side[run[0]], strict=True) if one]
                for side in (yes, no)
            ]
            start, end = grid.places[run[0]][2], grid.places[run[-1]][3]
            cells = [grid.places[run[0]][1], start, end, code, grid.names[code], *map(", ".join, who), text]
            for coder in grid.coders:
                own = [(grid.names[row.code], row.memo) for row in touching if row.coder == coder]
                codes = ", ".join(sorted({name for name, _ in own}))
                cells.append(codes if coder in who[0] + who[1] else NOT_READ)
                cells.append(" | ".join(sorted({f"{name}: {memo}" for name, memo in own if memo})))
            found.append(cells)
    columns = ["narrative_id", "start", "end", "code", "name", "coded_by", "not_coded_by", "text"]
    columns += [f"{kind}: {coder}" for coder in grid.coders for kind in ("codes", "memo")]
    frame = pd.DataFrame(found, columns=columns).astype({"start": "Int64", "end": "Int64"})
    return frame.sort_values(["narrative_id", "start", "end", "code"], kind="stable", ignore_index=True)
