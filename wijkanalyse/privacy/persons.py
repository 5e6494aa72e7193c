"""People whose surroundings name them: a cue before, a verb or an age after; also in lower case."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wijkanalyse.privacy.cues import (
    AUXILIARIES,
    BEFORE_NAME,
    BROAD_CUES,
    CUES,
    LOWER_PLACE_CUES,
    NAMING,
    PARTICLES,
    PERSON_VERBS,
    SALUTATIONS,
    SHORT_TITLES,
    TEAM_ENDINGS,
    TITLES,
    WORD_NAMES,
)
from wijkanalyse.privacy.runs import Found, run_end
from wijkanalyse.privacy.words import Word, fold, is_function_word, is_kept, is_listed, is_word, name_list

AGE_AFTER = re.compile(r",? \(?\d{1,2}[,)]")  # "Kaan, 15, heeft", "shabnam (14)"


_OF = frozenset(["van", "v", "vd", "vh"])
_AGE_FOLLOWS = re.compile(r" \d{1,2}(?!\d|[.,:]\d)")  # "djairo van 8 en"
_OURS = frozenset(["onze", "mijn", "mn", "m'n", "me", "zijn", "haar", "hun", "een"])


def by_cue(words: Sequence[Word], index: int) -> Found | None:
    """Find a name whose preceding word says that one follows."""
    word = words[index]
    if index == 0:
        return None
    cue = words[index - 1].lower
    if _is_addressed(words, index):
        return Found(index, run_end(words, index), "persoon", "persoon", "aanwijzing:aanhef", 0.9)
    if (
        word.is_initials
        and len(word.text) == 2
        and cue in CUES
        and word.gap in (" ", ", ")
        and _ends(words, index)
    ):
        return Found(index, index, *CUES[cue], f"aanwijzing:{cue}", 0.8)
    if word.initial:
        return None
    if cue in CUES or cue in NAMING:
        kind, label = CUES.get(cue, ("persoon", "persoon"))
        head_at = index
        while head_at < len(words) - 1 and words[head_at].lower in PARTICLES:
            head_at += 1
        if _is_named_head(words[head_at], after_particle=head_at > index) and (
            head_at == index or word.is_capital or (cue in TITLES and words[head_at - 1].lower != "het")
        ):
            return Found(index, run_end(words, head_at), kind, label, f"aanwijzing:{cue}", 0.95)
        titled = cue in SHORT_TITLES and len(word.text) > 2 and not is_function_word(word.lower)
        if word.text.islower() and _whole_surname(words, index, head_at):
            return Found(index, head_at, kind, label, f"aanwijzing:{cue}", 0.8)
        telling = cue not in BROAD_CUES or is_listed(word)
        if word.text.islower() and (titled or (telling and _looks_like_lower_name(word))):
            return Found(index, index, kind, label, f"aanwijzing:{cue}", 0.8)
    return None


def _whole_surname(words: Sequence[Word], first: int, last: int) -> bool:
    """Tell whether particles and a word are a listed surname, "de vries"; "de" alone says nothing."""
    return last > first and fold(" ".join(w.text for w in words[first : last + 1])) in name_list()


def _is_addressed(words: Sequence[Word], index: int) -> bool:
    r"""Tell whether a word is whom a letter addresses or who signs it: "Beste Roos,", "groet,\nMarian"."""
    word, before = words[index], words[index - 1]
    if before.lower not in SALUTATIONS or not word.is_capital or is_kept(word) or word.lower in CUES:
        return False
    if "\n" in word.gap:
        return len(word.gap) < 6 and (
            index + 1 == len(words) or words[index + 1].is_capital or "\n" in words[index + 1].gap
        )
    return word.gap == " " and before.initial and not is_function_word(word.lower)


def _ends(words: Sequence[Word], index: int) -> bool:
    return index + 1 == len(words) or words[index + 1].is_capital or "\n" in words[index + 1].gap


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
        return len(lower) > 1 and not is_function_word(lower)
    return len(lower) > 2 and not is_word(lower) and not is_kept(word)


def by_lower_case(words: Sequence[Word], index: int) -> Found | None:
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
        is_followed_like_a_name(words, index) or (before in BEFORE_NAME and word.gap == " ")
    ):
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    return None


def _ends_clause(words: Sequence[Word], index: int) -> bool:
    if index + 1 == len(words):
        return True
    following = words[index + 1]
    return following.gap != " " or is_function_word(following.lower)


def is_followed_like_a_name(words: Sequence[Word], index: int) -> bool:
    """Tell whether what follows says that a word is somebody's name."""
    word = words[index]
    if index + 1 >= len(words):
        return False
    following = words[index + 1]
    if AGE_AFTER.match(following.gap):
        return True
    if following.gap == " " and following.lower in PERSON_VERBS and (word.initial or not word.is_capital):
        return True
    rest = [w.lower for w in words[index + 1 : index + 4]]
    if (
        following.gap == " "
        and rest[0] in _OF
        and _AGE_FOLLOWS.match(words[index + 2].gap if len(rest) > 1 else "")
    ):
        return True
    if following.gap == " " and rest[0] in _OF and any(part.endswith(TEAM_ENDINGS) for part in rest[1:]):
        return True
    if following.gap == " " and word.initial and rest[0] in AUXILIARIES:
        return True
    # "Wil, onze coördinator": a role in apposition.
    return following.gap == ", " and len(rest) > 1 and rest[0] in _OURS and rest[1] in CUES
