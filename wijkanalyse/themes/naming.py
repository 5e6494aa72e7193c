"""A first, readable name for a theme; people give a better one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from wijkanalyse.language import content_lemmas, listing, spoken_words
from wijkanalyse.themes.fields import word_fields

if TYPE_CHECKING:
    from wijkanalyse.themes.engine import Array, Vectors

# A field names a theme when most of its stories touch it, much more often than the other stories do. A name
# says more than a list of words, so for a theme that hardly returns it takes more.
MIN_SHARE, MIN_LIFT, MAX_FIELDS = 0.5, 2.0, 2
MIN_SHARE_LOOSE, MIN_LIFT_LOOSE = 0.65, 2.5
BESIDE = (0.2, 2.5)  # the least share and lift of each of two fields that mark a theme together
N_LABEL = 3
MAX_READ = 300  # stories of a theme
MIN_THING, MIN_PAIR = 0.3, 0.5  # shares of the places where a term stands
MIN_STORIES = 0.125  # share of the stories of the theme
_BEFORE_THINGS = frozenset(
    "de het een mijn onze geen deze elke iedere in op naar van bij met voor uit over per zonder tegen".split()
)
_DENIALS = frozenset(["geen", "niet", "nooit", "zonder"])


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """How the stories say a term."""

    form: str
    is_apt: bool = True  #: names a thing, in enough of the stories


def name_themes(
    vectors: Vectors,
    labels: Array,
    terms: Sequence[Sequence[str]],
    firm: Sequence[bool],
    said: Sequence[Mapping[str, Spoken]] = (),
) -> list[str]:
    """Return a name per theme: of the word fields that mark it, else of its strongest terms.

    Parameters
    ----------
    vectors : Vectors
    labels : ndarray of int, shape (n_narratives,)
    terms : sequence of sequence of str
        Strongest terms of every theme.
    firm : sequence of bool
        Whether each theme returns well enough to carry the name of a subject.
    said : sequence of mapping, optional
        How the stories of every theme say its terms, from `how_spoken`.

    Returns
    -------
    list of str
        All different: where two themes would get one name, their first own term is put behind it.
    """
    names = [
        name_from_fields(vectors, labels == theme, firm[theme])
        or label_from(words, said[theme] if said else {})
        for theme, words in enumerate(terms)
    ]
    count = Counter(names)
    return [
        f"{name} ({words[0]})" if count[name] > 1 and words else name
        for name, words in zip(names, terms, strict=True)
    ]


def name_from_fields(vectors: Vectors, members: Array, firm: bool) -> str:
    """Return the name of the field that marks a theme, or of the two, as "Buren en trappenhuis"; or an empty string.

    Where no field does so by itself, two may do it together: each stands out, and most stories touch one of them.
    """
    least = (MIN_SHARE, MIN_LIFT) if firm else (MIN_SHARE_LOOSE, MIN_LIFT_LOOSE)
    touched = vectors.fields.toarray() > 0
    fields = [(i,) for i in range(touched.shape[1])]

    def excess(group: tuple[int, ...], least: tuple[float, float]) -> float:
        """Return how much more often the stories of the theme touch one of these fields; 0 where that is too little."""
        either = touched[:, group].any(axis=1)
        inside, outside = either[members].mean(), either[~members].mean() if (~members).any() else 0.0
        stands_out = inside >= least[0] and inside >= least[1] * max(outside, 1 / len(members))
        return float(inside - outside) if stands_out else 0.0

    def ranked(groups: Iterable[tuple[int, ...]], least: tuple[float, float]) -> list[tuple[int, ...]]:
        found = {group: excess(group, least) for group in groups}
        return sorted((group for group in found if found[group]), key=lambda group: (-found[group], group))

    marking = [i for (i,) in ranked(fields, least)]
    if not marking:
        beside = [i for (i,) in ranked(fields, BESIDE)]
        marking = [i for pair in ranked(combinations(beside, 2), least)[:1] for i in pair]
    fields_by_key = {field.key: field for field in word_fields()}
    chosen = [fields_by_key[vectors.field_keys[i]] for i in marking[:MAX_FIELDS]]
    if len(chosen) < 2:
        return chosen[0].name if chosen else ""
    one, other = (field.short for field in chosen)
    return f"{one} en {other[0].lower()}{other[1:]}"


def label_from(words: Sequence[str], spoken: Mapping[str, Spoken]) -> str:
    """Return a first, readable label: three terms that are not forms of one another, things before doings."""
    said = [spoken.get(word) or Spoken(form=word) for word in words]
    chosen: list[str] = []
    for one in sorted(said, key=lambda one: not one.is_apt):  # stable: the strongest term first
        if all(one.form not in other and other not in one.form for other in chosen):
            chosen.append(one.form)
        if len(chosen) == N_LABEL:
            break
    if not chosen:
        return "Zonder eigen woorden"
    text = listing(chosen)
    return text[0].upper() + text[1:]


def how_spoken(texts: Sequence[str], terms: Iterable[str]) -> dict[str, Spoken]:
    """Return how stories say their terms: a dictionary form alone ("huishoudelijk", "geld") can mislead.

    What stands behind an article, a preposition or a number is a thing, unless it is inflected ("oude"). An adjective that mostly stands before one word goes
    with it ("huishoudelijke hulp"), and a word that is mostly denied is shown so ("geen geld").
    """
    wanted, texts = set(terms), texts[:MAX_READ]
    things, stories = Counter[str](), Counter[str]()
    written: dict[str, Counter[str]] = {term: Counter() for term in wanted}
    pairs: dict[str, Counter[str]] = {term: Counter() for term in wanted}
    for text in texts:
        spoken = spoken_words(text)
        words = ["", "", *(word for word, _ in spoken), ""]
        stories.update(wanted & {base for _, base in spoken})
        for i, (word, base) in enumerate(spoken, start=2):
            if base not in wanted:
                continue
            written[base][word] += 1
            is_adjective = word.endswith("e") and len(word) > len(base) and not base.endswith("e")
            things[base] += not is_adjective and (
                words[i - 1] in _BEFORE_THINGS or words[i - 1][-1:].isdigit()
            )
            if denial := next((before for before in (words[i - 1], words[i - 2]) if before in _DENIALS), ""):
                pairs[base][f"{denial} {word}"] += 1
            if word.endswith("e") and content_lemmas(words[i + 1]):
                pairs[base][f"{word} {words[i + 1]}"] += 1
    outcome = {}
    for term in wanted:
        total = written[term].total()
        pair, n_pair = _most(pairs[term], term)
        together = n_pair > 1 and n_pair >= MIN_PAIR * total
        is_thing = together or things[term] >= MIN_THING * total
        form = pair if together else _most(written[term], term)[0] if is_thing else term
        outcome[term] = Spoken(form=form, is_apt=is_thing and stories[term] >= MIN_STORIES * len(texts))
    return outcome


def _most(counts: Counter[str], term: str) -> tuple[str, int]:
    """Return what stands there most often; of equals the term itself, then by the alphabet."""
    return min(counts.items(), key=lambda item: (-item[1], item[0] != term, item[0]), default=(term, 0))
