"""Names by their capital, when the word is no ordinary one."""

from __future__ import annotations

from collections.abc import Sequence

from wijkanalyse.privacy.cues import (
    ARTICLES,
    AUXILIARIES,
    CUES,
    GIVEN_WORDS,
    INNER_PARTICLES,
    NAMING,
    ORGANISATION_CUES,
    PARTICLES,
    PERSON_VERBS,
    WORD_NAMES,
)
from wijkanalyse.privacy.persons import AGE_AFTER, is_followed_like_a_name
from wijkanalyse.privacy.runs import Found, continues, kind_of_run, run_end
from wijkanalyse.privacy.words import (
    CorpusWords,
    Word,
    fold,
    is_dictionary_word,
    is_function_word,
    is_kept,
    is_listed,
    is_word,
    name_list,
)


def by_capital(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find a run of capitalised words that are no ordinary words."""
    word = words[index]
    if word.is_initials:
        return _by_initials(words, index)
    if word.initial and _is_given_word(words, index):
        return Found(index, run_end(words, index), "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    certain = not word.initial
    listed = is_listed(word) or (certain and word.lower in WORD_NAMES)
    if (
        (is_kept(word) and not _is_first_name_of_a_brand(words, index))
        or len(word.text) == 1
        or (word.initial and (word.lower in CUES or word.lower in ORGANISATION_CUES))
    ):
        return None
    in_apposition = word.lower in WORD_NAMES and words[index + 1 : index + 2] and words[index + 1].gap == ", "
    if in_apposition and is_followed_like_a_name(words, index):
        return Found(index, index, "persoon", "persoon", "aanwijzing:omgeving", 0.75)
    if is_function_word(word.lower) and not (certain and listed and word.lower not in PARTICLES):
        return _function_start(words, index, corpus)
    if word.initial:
        ordinary = (is_word(word.lower) and not listed) or corpus.is_ordinary(word.lower)
        if ordinary and not _is_name_by_neighbours(words, index):
            return None
    elif not listed and not _after_place_cue(words, index) and _is_ordinary_noun(words, index, corpus):
        return None
    last = run_end(words, index)
    kind, label = kind_of_run(words, index)
    confidence = (0.9 if listed else 0.75) if certain else (0.7 if listed else 0.6)
    return Found(index, last, kind, label, "hoofdletter", confidence)


def _is_first_name_of_a_brand(words: Sequence[Word], index: int) -> bool:
    """Tell whether "Albert" stands without "Heijn": then it is somebody."""
    rest = words[index + 1].lower if index + 1 < len(words) else ""
    return {"albert": "heijn", "douwe": "egberts"}.get(words[index].lower, rest) != rest


def _is_given_word(words: Sequence[Word], index: int) -> bool:
    """Tell whether an everyday word opens a sentence as a name: "Wil pakte", "Bakker belde", "Staf de Clercq"."""
    word, rest = words[index], words[index + 1 : index + 5]
    if word.lower not in WORD_NAMES or not rest or rest[0].gap != " ":
        return False
    if rest[0].lower in PERSON_VERBS or (word.lower in GIVEN_WORDS and rest[0].lower in AUXILIARIES):
        return True
    head = next((follows for follows in rest if follows.lower not in INNER_PARTICLES), rest[0])
    return rest[0].lower in INNER_PARTICLES and rest[0].text.islower() and continues(head)


def _is_name_by_neighbours(words: Sequence[Word], index: int) -> bool:
    """Tell whether an everyday word that opens a sentence is a name: "Merel Oudshoorn", "Wiep heet ze"."""
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else None
    if following is None:
        return False
    if continues(following) and following.gap == " ":
        # A longer word is what somebody is: "Bondscoach Louis", "Mejuffrouw Buitendijk".
        return word.lower in WORD_NAMES or (len(word.lower) < 8 and not is_word(following.lower))
    if following.lower in ("heet", "heette") and following.gap == " ":
        return not is_function_word(word.lower) and word.lower not in CUES
    role = word.lower in CUES or word.lower in NAMING
    apposition = AGE_AFTER.match(following.gap) or following.gap == ", "
    return bool(apposition and not role and is_followed_like_a_name(words, index))


def _by_initials(words: Sequence[Word], index: int) -> Found | None:
    """Find "J. de Wit", "A.B. Krimi" and "T. maakt"; a letter that ends a sentence stays."""
    head = index + 1
    while (
        head < len(words) and (words[head].is_initials or words[head].lower in PARTICLES) and head - index < 5
    ):
        head += 1
    if (
        head < len(words)
        and continues(words[head])
        and not (head == index + 1 and is_function_word(words[head].lower))
        and len(words[head].gap) <= 1
    ):
        return Found(index, run_end(words, head), "persoon", "persoon", "voorletters", 0.9)
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
    if head >= len(words) or not continues(words[head]) or words[head].gap != " ":
        return None
    if words[index].lower in {"de", "het"} and head == index + 1:
        return by_article(words, index, corpus)
    if words[index].initial and words[index].lower in {"in", "op", "te", "al", "het"}:
        return None  # "In Utrecht", "Op de Brink": the run without its first words is looked at next
    kind, label = kind_of_run(words, index)
    return Found(index, run_end(words, head), kind, label, "hoofdletter", 0.7)


def by_article(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find "De Wever", "in De Schakelaar", "'t Spieker"; "De Turkse" and "Het Team" stay."""
    head = words[index + 1]
    named = fold(f"de {head.text}") in name_list()
    everyday = is_word(head.lower) and not named
    if everyday and words[index].initial and corpus.lower[head.lower]:
        return None
    found = by_capital(words, index + 1, corpus)
    if found is None and not named and is_function_word(head.lower) and words[index].initial:
        return None
    last = found.last if found else run_end(words, index + 1)
    # An everyday word with a capital article is a house, a club or a team; anything else a surname.
    kind = "organisatie" if everyday and not is_listed(head) else "persoon"
    return Found(index, last, kind, kind, "hoofdletter", 0.75)


def _after_place_cue(words: Sequence[Word], index: int) -> bool:
    return words[index - 1].lower in ("in", "naar", "uit", "te", "vanuit")


def _is_ordinary_noun(words: Sequence[Word], index: int, corpus: CorpusWords) -> bool:
    """Tell whether a capital in the middle of a sentence stands on an ordinary word: "de Gemeente".

    Officials write Gemeente and Wijkteam. A name that is a word (Eikelboom, Zijlaard) has no article, and
    a compound that nobody writes in lower case (Brinkhorst, Tarwewijk) is a name with one too.
    """
    word, before = words[index], words[index - 1].lower
    if len(word.lower) < 6 or not is_word(word.lower):
        return False
    return corpus.is_ordinary(word.lower) or (before in ARTICLES and is_dictionary_word(word.lower))
