"""People whose surroundings name them: a cue before, a verb or an age after; also in lower case."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import fold, is_function_word, is_word, name_list
from wijkanalyse.privacy.runs import Found, run_end

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import Word, Words

_AGE_AFTER = re.compile(r",? \(?\d{1,2}[,)]")  # "Kaan, 15, heeft", "shabnam (14)"
_OF = frozenset(["van", "v", "vd", "vh"])
_GENITIVE = re.compile(r"['’]?s$")
_BEFORE_THING = frozenset(["de", "den", "een", "geen", "het", "zwarte"])  # "een iris", "zwarte piet"
_MONTH_DAY = re.compile(r"\d\s*$")  # "voor 6 jan"
_AGE_FOLLOWS = re.compile(r" \d{1,2}(?!\d|[.,:]\d)")  # "djairo van 8 en"


def by_cue(words: Words, index: int) -> Found | None:
    """Find a name whose preceding word says that one follows."""
    word = words[index]
    if index == 0:
        return None
    if _is_addressed(words, index):
        return Found(index, run_end(words, index), "persoon", "persoon", "aanwijzing:aanhef", 0.9)
    cue = words[index - 1].lower
    if cue not in cues.CUES and cue not in cues.NAMING:
        return None
    kind, label = cues.CUES.get(cue, ("persoon", "persoon"))
    if word.is_initials and len(word.text) == 2 and word.gap in (" ", ", ") and _ends(words, index):
        return Found(index, index, kind, label, f"aanwijzing:{cue}", 0.8)
    if word.initial:
        return None
    last = _announced_capital(words, index, cue)
    if last is not None:
        return Found(index, last, kind, label, f"aanwijzing:{cue}", 0.95)
    last = _announced_lower(words, index, cue) if word.text.islower() else None
    return None if last is None else Found(index, last, kind, label, f"aanwijzing:{cue}", 0.8)


def _announced_capital(words: Words, index: int, cue: str) -> int | None:
    """Return the last word of a name with a capital after a cue, with the particles before it."""
    head = particles_end(words, index)
    if head == index + 1 and words[index].lower not in cues.INNER_PARTICLES:
        return None  # "mevrouw in Heerde"
    if not _is_named_head(words[head], after_particle=head > index):
        # "mevrouw Ma": a word that only here must be a name.
        word = words[index]
        certain = cue in cues.TITLES or (cue not in cues.BROAD_CUES and word.is_listed)
        return run_end(words, index) if certain and word.is_capital and word.gap in (" ", ". ") else None
    titled = cue in cues.TITLES and words[head - 1].lower != "het"
    return run_end(words, head) if head == index or words[index].is_capital or titled else None


def particles_end(words: Words, index: int) -> int:
    """Return the first word from here that is no particle."""
    while index < len(words) - 1 and words[index].lower in cues.PARTICLES:
        index += 1
    return index


def _announced_lower(words: Words, index: int, cue: str) -> int | None:
    """Return the last word of a name in lower case after a cue: "collega de vries", "dhr pronk"."""
    word, last = words[index], particles_end(words, index)
    # Particles and a word, or two words, that the list has as one name: "de vries", "ali asaf".
    for end in (last, index + 1):
        if index < end < len(words) and fold(" ".join(w.text for w in words[index : end + 1])) in name_list():
            return end
    if cue in cues.SHORT_TITLES and len(word.text) > 2 and not is_function_word(word.lower):
        return index
    telling = cue not in cues.BROAD_CUES or words.at(index - 2).lower in cues.POSSESSIVES
    if word.is_listed:
        return None if is_function_word(word.lower) or len(word.lower) < 2 else index
    unknown = len(word.folded) > 1 and not is_word(word.lower) and not word.is_kept
    return index if telling and unknown and (len(word.lower) > 2 or not word.lower.isascii()) else None


def _is_addressed(words: Words, index: int) -> bool:
    r"""Tell whether a word is whom a letter addresses or who signs it: "Beste Roos,", "groet,\nMarian"."""
    word, before = words[index], words[index - 1]
    if before.lower not in cues.SALUTATIONS or not word.is_capital or word.is_kept or word.lower in cues.CUES:
        return False
    if "\n" in word.gap:
        return len(word.gap) < 6 and _ends(words, index)
    return word.gap == " " and before.initial and not is_function_word(word.lower)


def _ends(words: Words, index: int) -> bool:
    following = words.at(index + 1)
    return following.is_capital or "\n" in following.gap


def _is_named_head(word: Word, *, after_particle: bool) -> bool:
    if not word.is_capital or word.initial:
        return False
    if word.is_initials:
        return True
    if word.is_acronym and (len(word.lower) < 4 or is_word(word.lower)):
        return False
    named = after_particle or word.lower in cues.WORD_NAMES or not is_function_word(word.lower)
    known = word.is_listed or word.lower in cues.GIVEN_WORDS  # "mijn zwager Frans"
    return named and (known or not word.is_kept)


def by_lower_case(words: Words, index: int) -> Found | None:
    """Find a name without a capital: on the list and no word, or unknown where only a name can stand."""
    word = words[index]
    lower, before = word.lower, words.before(index)
    own = lower if lower in cues.SURE_NAMES or is_word(lower) else _GENITIVE.sub("", lower)  # "oscars fiets"
    is_thing = before in _BEFORE_THING or _MONTH_DAY.search(word.gap)
    if own in cues.SURE_NAMES and word.text.islower() and not is_thing:
        return Found(index, index, "persoon", "persoon", "lijst:naam", 0.75)
    if len(lower) < 3 or not word.text.islower() or word.is_kept or "." in lower:
        return None
    if lower in cues.WORD_NAMES and is_someone_of(words, index):  # "storm van het team"
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    tells = word.initial and words.at(index + 1).gap == " " and words.at(index + 1).lower in cues.PERSON_VERBS
    if tells and lower in cues.GIVEN_WORDS:  # "bas zei niets"
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.6)
    if is_word(lower) and not ("-" in lower and word.is_listed):
        return None
    if len(lower) > 3 and word.is_listed:
        return Found(index, index, "persoon", "persoon", "lijst:naam", 0.75)
    if before in cues.LOWER_PLACE_CUES and len(lower) > 4 and word.gap == " " and _ends_clause(words, index):
        return Found(index, index, "plaats", "plaats", "aanwijzing:plaats", 0.6)
    announced = before in cues.BEFORE_NAME and word.gap == " "
    if len(lower) > 3 and (announced or is_followed_like_a_name(words, index)):
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    return None


def _ends_clause(words: Words, index: int) -> bool:
    following = words.at(index + 1)
    return following.gap != " " or is_function_word(following.lower)


def is_followed_like_a_name(words: Words, index: int) -> bool:
    """Tell whether what follows says that a word is somebody's name."""
    word, following, after = words[index], words.at(index + 1), words.at(index + 2)
    if _AGE_AFTER.match(following.gap):
        return True
    if following.gap == ", ":  # "Wil, onze coördinator": a role in apposition
        return following.lower in cues.POSSESSIVES | {"de"} and after.lower in cues.CUES
    if following.gap != " ":
        return False
    opens = word.initial or not word.is_capital
    told = following.lower in cues.PERSON_VERBS or (word.initial and following.lower in cues.AUXILIARIES)
    return (opens and told) or is_someone_of(words, index)


def is_someone_of(words: Words, index: int) -> bool:
    """Tell whether a word is of an age or a team: "djairo van 8", "Ronnie van het buurtteam"."""
    if words.at(index + 1).lower not in _OF:
        return False
    rest = [words.at(at).lower for at in range(index + 2, index + 4)]
    return _AGE_FOLLOWS.match(words.at(index + 2).gap) is not None or any(
        part.endswith(cues.TEAM_ENDINGS) for part in rest
    )
