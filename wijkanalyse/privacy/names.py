"""Names in running text: by cue, by list, by capital, and then once more over the whole corpus.

No model is needed. Each layer proposes places; what a layer accepts with confidence is remembered, and
the corpus pass masks the same name wherever it returns: in lower case, as genitive or diminutive.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from wijkanalyse.privacy.cues import (
    AMBIGUOUS_PLACES,
    AUXILIARIES,
    BEFORE_NAME,
    BROAD_CUES,
    CLUB_CUES,
    CUES,
    INNER_PARTICLES,
    LOWER_PLACE_CUES,
    NAMING,
    ORGANISATION_CUES,
    ORGANISATION_ENDINGS,
    PARTICLES,
    PERSON_VERBS,
    PLACE_CUES,
    PLACE_ENDINGS,
    SURE_PLACE_CUES,
    TEAM_ENDINGS,
    TITLES,
    WORD_NAMES,
)
from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.words import (
    CorpusWords,
    Word,
    Words,
    fold,
    is_function_word,
    is_kept,
    is_listed,
    is_word,
    name_list,
    places,
)

__all__ = ["find_again", "find_names", "name_forms"]

_AGE_AFTER = re.compile(r",? \(?\d{1,2}[,)]")  # "Kaan, 15, heeft", "shabnam (14)"


class Found(NamedTuple):
    """A name as first and last index into the words of a text."""

    first: int
    last: int
    kind: str
    label: str
    rule: str
    confidence: float


def find_names(words: Words, corpus: CorpusWords) -> list[Span]:
    """Return the names that stand in one text by cue, list or capital, without overlap.

    Parameters
    ----------
    words : Words
        One text, from `split_words`.
    corpus : CorpusWords
        Tells which capitalised words are ordinary ones.
    """
    spans: list[Span] = []
    index = 0
    while index < len(words):
        if words[index].is_plain and (not index or words[index - 1].lower not in _ANNOUNCERS):
            index += 1
            continue  # most words; what follows is for the few that can be a name
        found = _name_at(words, index, corpus)
        if found is None:
            index += 1
            continue
        start, end = words.span(found.first, found.last)
        spans.append(
            Span(
                start=start,
                end=end,
                kind=found.kind,
                label=found.label,
                rule=found.rule,
                confidence=found.confidence,
            )
        )
        index = found.last + 1
    return spans


_ANNOUNCERS = frozenset([*CUES, *NAMING, *ORGANISATION_CUES])


def _name_at(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    word = words[index]
    found = _by_cue(words, index) or _by_place(words, index)
    if found:
        return found
    if (
        word.text == "t"
        and word.gap[-1:] in ("'", "’")
        and index + 1 < len(words)
        and _continues(words[index + 1])
    ):
        return _by_article(words, index, corpus)
    if word.is_capital or (
        word.lower in ("de", "het") and index and words[index - 1].lower in ORGANISATION_CUES
    ):
        found = _by_organisation(words, index)
        return found or (_by_capital(words, index, corpus) if word.is_capital else None)
    return _by_lower_case(words, index)


def _by_cue(words: Sequence[Word], index: int) -> Found | None:
    """Find a name whose preceding word says that one follows."""
    word = words[index]
    if index == 0 or word.initial:
        return None
    cue = words[index - 1].lower
    if cue in CUES or cue in NAMING:
        kind, label = CUES.get(cue, ("persoon", "persoon"))
        head_at = index
        while head_at < len(words) - 1 and words[head_at].lower in PARTICLES:
            head_at += 1
        if _is_named_head(words[head_at], after_particle=head_at > index) and (
            head_at == index or word.is_capital or (cue in TITLES and words[head_at - 1].lower != "het")
        ):
            return Found(index, _run_end(words, head_at), kind, label, f"aanwijzing:{cue}", 0.95)
        if cue not in BROAD_CUES and word.text.islower() and _looks_like_lower_name(word):
            return Found(index, index, kind, label, f"aanwijzing:{cue}", 0.8)
    return None


def _is_named_head(word: Word, *, after_particle: bool) -> bool:
    if not word.is_capital or word.initial:
        return False
    if word.is_initials:
        return True
    if word.is_acronym and (len(word.lower) < 4 or is_word(word.lower)):
        return False
    return (not is_kept(word) or is_listed(word)) and (  # "mijn zwager Frans" is no language
        after_particle or word.lower in WORD_NAMES or not is_function_word(word.lower)
    )


def _looks_like_lower_name(word: Word) -> bool:
    lower = word.lower
    if is_listed(word):
        return len(lower) > 2 and not is_function_word(lower)
    return len(lower) > 2 and not is_word(lower) and not is_kept(word)


def _by_place(words: Sequence[Word], index: int) -> Found | None:
    """Find a place by its name, and an unknown lower-case word that must be one ("in bedum")."""
    word = words[index]
    before = words[index - 1].lower if index and not word.initial else ""
    known = places().get(word.folded, ())
    if not known and "-" in word.text:
        known = places().get(word.text.split("-")[0].casefold(), ())
    for parts in known:
        last = index + len(parts) - 1
        if len(parts) > 1 and tuple(w.folded for w in words[index : last + 1]) != parts:
            continue
        if _is_place_here(words, index, last, before):
            end = _run_end(words, last) if word.is_capital else last
            return Found(index, end, "plaats", "plaats", "lijst:plaats", 0.9)
    return None


def _is_place_here(words: Sequence[Word], first: int, last: int, before: str) -> bool:
    word = words[first]
    if word.is_capital != words[last].is_capital and word.lower not in PARTICLES:
        return False
    several, cued = last > first, before in PLACE_CUES
    if not words[last].is_capital:
        # In lower case a place must be no word, or stand where only a place can.
        unknown = len(word.lower) > 3 and not is_word(word.lower) and not is_listed(word)
        return (
            cued
            if several
            else (unknown or before in LOWER_PLACE_CUES) and word.lower not in AMBIGUOUS_PLACES
        )
    if several or word.lower not in AMBIGUOUS_PLACES:
        return cued or not is_listed(word)
    return not word.initial and cued


def _by_organisation(words: Sequence[Word], index: int) -> Found | None:
    """Find the name of a school, church, club, team or shop; a capitalised cue belongs to it."""
    word = words[index]
    before = words[index - 1] if index and not word.initial else None
    label = ORGANISATION_CUES.get(before.lower, "") if before else ""
    following = words[index + 1] if index + 1 < len(words) else None
    if not word.is_capital:
        if following and _continues(following):
            return Found(
                index, _run_end(words, index + 1), _kind_of(label), label, "aanwijzing:lidwoord", 0.8
            )
        return None
    if before and label and not is_kept(word) and (not word.is_acronym or before.lower in CLUB_CUES):
        return Found(index, _run_end(words, index), _kind_of(label), label, f"aanwijzing:{before.lower}", 0.9)
    opens = ORGANISATION_CUES.get(word.lower, "voetbalclub" if word.lower in CLUB_CUES else "")
    if (
        opens
        and following
        and following.gap == " "
        and (following.is_capital or following.lower in PARTICLES)
    ):
        head = index + 1
        while head < len(words) - 1 and words[head].lower in PARTICLES:
            head += 1
        if words[head].is_capital and not words[head].initial and not is_kept(words[head]):
            return Found(index, _run_end(words, head), _kind_of(opens), opens, "aanwijzing:eigen", 0.85)
    if word.is_acronym and 2 < len(word.lower) < 6 and following and _continues(following) and is_kept(word):
        known = word.lower in _KNOWN_ACRONYM_HEADS or following.gap != " "
        return (
            None
            if known
            else Found(index, _run_end(words, index + 1), "organisatie", "organisatie", "hoofdletter", 0.7)
        )
    return None if word.initial and is_word(word.lower) else _by_ending(words, index)


_KNOWN_ACRONYM_HEADS = frozenset(["ggz", "ggd", "uwv", "duo", "wmo", "abn", "ing", "svb"])


def _by_ending(words: Sequence[Word], index: int) -> Found | None:
    word = words[index]
    if is_kept(word) or word.is_acronym:
        return None
    for ending, label in ORGANISATION_ENDINGS.items():
        if word.lower.endswith(ending) and len(word.lower) > len(ending) + 2:
            return Found(index, _run_end(words, index), _kind_of(label), label, "hoofdletter", 0.8)
    if not word.initial and word.lower.endswith(PLACE_ENDINGS) and len(word.lower) > 7:
        return Found(
            index,
            _run_end(words, index),
            "plaats",
            "wijk" if word.lower.endswith(("wijk", "buurt")) else "plaats",
            "hoofdletter",
            0.8,
        )
    return None


def _kind_of(label: str) -> str:
    return "school" if "school" in label else "organisatie"


def _by_lower_case(words: Sequence[Word], index: int) -> Found | None:
    """Find a name without a capital: on the list and no word, or unknown where only a name can stand."""
    word = words[index]
    lower = word.lower
    double = "-" in lower and is_listed(word)
    if (
        len(lower) < 3
        or not word.text.islower()
        or (is_word(lower) and not double)
        or is_kept(word)
        or "." in lower
    ):
        return None
    if is_listed(word) and len(lower) > 3:
        return Found(index, index, "persoon", "persoon", "lijst:naam", 0.75)
    before = words[index - 1].lower if index and not word.initial else ""
    if before in LOWER_PLACE_CUES and len(lower) > 4 and word.gap == " " and _ends_clause(words, index):
        return Found(index, index, "plaats", "plaats", "aanwijzing:plaats", 0.6)
    if len(lower) > 3 and (
        _is_followed_like_a_name(words, index) or (before in BEFORE_NAME and word.gap == " ")
    ):
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    return None


def _ends_clause(words: Sequence[Word], index: int) -> bool:
    if index + 1 == len(words):
        return True
    following = words[index + 1]
    return following.gap != " " or is_function_word(following.lower)


def _is_followed_like_a_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether what follows says that a word is somebody's name."""
    word = words[index]
    if index + 1 >= len(words):
        return False
    following = words[index + 1]
    if _AGE_AFTER.match(following.gap):
        return True
    if following.gap == " " and following.lower in PERSON_VERBS and (word.initial or not word.is_capital):
        return True
    rest = [w.lower for w in words[index + 1 : index + 4]]
    if following.gap == " " and rest[0] == "van" and rest[-1].endswith(TEAM_ENDINGS):
        return True
    if following.gap == " " and word.initial and rest[0] in AUXILIARIES:
        return True
    # "Wil, onze coördinator": a role in apposition.
    return following.gap == ", " and len(rest) > 1 and rest[0] in _OURS and rest[1] in CUES


_OURS = frozenset(["onze", "mijn", "mn", "m'n", "me", "zijn", "haar", "hun", "een"])


def _by_capital(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find a run of capitalised words that are no ordinary words."""
    word = words[index]
    if word.is_initials:
        return _by_initials(words, index)
    certain = not word.initial
    listed = is_listed(word) or (certain and word.lower in WORD_NAMES)
    if (
        (is_kept(word) and not _is_first_name_of_a_brand(words, index))
        or len(word.text) == 1
        or (word.initial and (word.lower in CUES or word.lower in ORGANISATION_CUES))
    ):
        return None
    in_apposition = word.lower in WORD_NAMES and words[index + 1 : index + 2] and words[index + 1].gap == ", "
    if in_apposition and _is_followed_like_a_name(words, index):
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    if is_function_word(word.lower) and not (certain and listed and word.lower not in PARTICLES):
        return _function_start(words, index, corpus)
    if word.initial:
        ordinary = (is_word(word.lower) and not listed) or corpus.is_ordinary(word.lower)
        if ordinary and not _is_name_by_neighbours(words, index):
            return None
    elif not listed and not _after_place_cue(words, index) and _is_ordinary_noun(word, corpus):
        return None
    last = _run_end(words, index)
    kind, label = _kind_of_run(words, index)
    confidence = (0.9 if listed else 0.75) if certain else (0.7 if listed else 0.6)
    return Found(index, last, kind, label, "hoofdletter", confidence)


def _is_first_name_of_a_brand(words: Sequence[Word], index: int) -> bool:
    """Tell whether "Albert" stands without "Heijn": then it is somebody."""
    rest = words[index + 1].lower if index + 1 < len(words) else ""
    return {"albert": "heijn", "douwe": "egberts"}.get(words[index].lower, rest) != rest


def _is_name_by_neighbours(words: Sequence[Word], index: int) -> bool:
    """Tell whether an everyday word that opens a sentence is a name: "Merel Oudshoorn", "Wiep heet ze"."""
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None:
        return False
    if _continues(following) and following.gap == " ":
        return word.lower in WORD_NAMES or not is_word(following.lower)
    if following.lower in ("heet", "heette") and following.gap == " ":
        return not is_function_word(word.lower) and word.lower not in CUES
    role = word.lower in CUES or word.lower in NAMING
    apposition = _AGE_AFTER.match(following.gap) or following.gap == ", "
    return bool(apposition and not role and _is_followed_like_a_name(words, index))


def _by_initials(words: Sequence[Word], index: int) -> Found | None:
    """Find "J. de Wit", "A.B. Krimi" and "T. maakt"; a letter that ends a sentence stays."""
    head = index + 1
    while (
        head < len(words) and (words[head].is_initials or words[head].lower in PARTICLES) and head - index < 5
    ):
        head += 1
    if (
        head < len(words)
        and _continues(words[head])
        and not (head == index + 1 and is_function_word(words[head].lower))
        and len(words[head].gap) <= 1
    ):
        return Found(index, _run_end(words, head), "persoon", "persoon", "voorletters", 0.9)
    word = words[index]
    if len(word.text) == 2 and head == index + 1 < len(words) and "\n" not in word.gap and index:
        follows = words[head]
        if follows.text.islower() and follows.gap == " ":
            return Found(index, index, "persoon", "persoon", "voorletters", 0.6)
    return None


def _function_start(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find a name that opens with its particle: "De Vries belde", "Van der Meer zei", "De Eendracht"."""
    if words[index].lower not in PARTICLES:
        return None
    head = index + 1
    while head < len(words) and words[head].lower in PARTICLES and not words[head].initial:
        head += 1
    if head >= len(words) or not _continues(words[head]) or words[head].gap != " ":
        return None
    if words[index].lower in {"de", "het"} and head == index + 1:
        return _by_article(words, index, corpus)
    if words[index].initial and words[index].lower in {"in", "op", "te", "al", "het"}:
        return None  # "In Utrecht", "Op de Brink": the run without its first words is looked at next
    kind, label = _kind_of_run(words, index)
    return Found(index, _run_end(words, head), kind, label, "hoofdletter", 0.7)


def _by_article(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find "De Wever", "in De Schakelaar", "'t Spieker"; "De Turkse" and "Het Team" stay."""
    head = words[index + 1]
    named = fold(f"de {head.text}") in name_list()
    everyday = is_word(head.lower) and not named
    if everyday and words[index].initial and corpus.lower[head.lower]:
        return None
    found = _by_capital(words, index + 1, corpus)
    if found is None and is_function_word(head.lower) and words[index].initial:
        return None
    last = found.last if found else _run_end(words, index + 1)
    # An everyday word with a capital article is a house, a club or a team; anything else a surname.
    kind = "organisatie" if everyday and not is_listed(head) else "persoon"
    return Found(index, last, kind, kind, "hoofdletter", 0.75)


def _after_place_cue(words: Sequence[Word], index: int) -> bool:
    return words[index - 1].lower in ("in", "naar", "uit", "te", "vanuit")


def _is_ordinary_noun(word: Word, corpus: CorpusWords) -> bool:
    # Officials write Gemeente and Wijkteam; names that are words (Roos, Wil, Storm) are short, and a
    # compound that nobody writes in lower case (Brinkhorst, Tarwewijk) is a name.
    return (
        len(word.lower) >= 6
        and is_word(word.lower)
        and (corpus.is_ordinary(word.lower) or len(word.lower) >= 8)
    )


def _continues(word: Word) -> bool:
    return (
        word.is_capital
        and not word.initial
        and not is_kept(word)
        and not (word.is_acronym and len(word.text) < 4)
    )


def _run_end(words: Sequence[Word], index: int) -> int:
    """Return the last word of a name: capitals go on, particles only when a capital follows."""
    last = index
    while last + 1 < len(words):
        after = last + 1
        while (
            after < len(words)
            and words[after].lower in INNER_PARTICLES
            and not words[after].is_capital
            and after - last < 4
        ):
            after += 1
        between = words[last + 1 : after + 1]
        if (
            after >= len(words)
            or not _continues(words[after])
            or any(w.gap not in (" ", "  ", " '", " ’") for w in between)
        ):
            break
        last = after
    return last


def _kind_of_run(words: Sequence[Word], first: int) -> tuple[str, str]:
    before = words[first - 1].lower if first else ""
    if before in SURE_PLACE_CUES or (before in PLACE_CUES and words[first].folded not in name_list()):
        return "plaats", "plaats"
    return "persoon", "persoon"


def name_forms(folded: str) -> Iterator[str]:
    """Yield the folded forms under which an accepted single name returns: as is, genitive, diminutive."""
    yield folded
    for suffix in ("s", "tje", "je", "ie", "tjes", "jes"):
        yield folded + suffix


def find_again(
    words: Words,
    taken: bytearray,
    accepted: Mapping[str, Span],
    corpus: CorpusWords,
    own: Container[str] = (),
) -> list[Span]:
    """Return places where a name that was accepted elsewhere returns, also in lower case.

    Parameters
    ----------
    words : Words
    taken : bytearray
        One byte per character of the text; 1 where a span lies already.
    accepted : mapping of str to Span
        Folded single name → the span that was accepted for it.
    corpus : CorpusWords
    own : container of str
        Those of `accepted` that stand in this teller's own stories.
    """
    spans = []
    for index, word in enumerate(words):
        known = accepted.get(word.folded)
        if known is None:
            continue
        start, end = words.span(index, index)
        if any(taken[start:end]) or not _is_again(word, known, corpus, word.folded in own):
            continue
        spans.append(
            Span(
                start=start,
                end=end,
                kind=known.kind,
                label=known.label,
                rule="corpus",
                confidence=0.8,
            )
        )
    return spans


def _is_again(word: Word, known: Span, corpus: CorpusWords, own: bool) -> bool:
    """Tell whether a word that looks like a known name is that name here."""
    lower, by_cue = word.lower, known.rule.startswith("aanwijzing")
    if word.is_capital:
        if word.initial and is_word(lower) and (corpus.is_ordinary(lower) or not own):
            return known.confidence >= 0.9 and own
        return known.confidence >= 0.9 or not (is_kept(word) and not word.is_acronym)
    if is_function_word(lower) or is_kept(word):
        return False
    # "roos" the flower: an everyday word is the person only when this teller named her so, and it is rare.
    if is_word(lower):
        return by_cue and own and corpus.lower[lower] <= 3
    return known.confidence > 0.6
