"""Names by their capital, when the word is no ordinary one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wijkanalyse.privacy import cues
from wijkanalyse.privacy.lexicon import (
    fold,
    is_derived,
    is_dictionary_word,
    is_everyday,
    is_function_word,
    is_word,
    kept_words,
    name_list,
)
from wijkanalyse.privacy.localities import by_place
from wijkanalyse.privacy.persons import is_followed_like_a_name, is_someone_of
from wijkanalyse.privacy.runs import Found, continues, kind_of_run, run_end

if TYPE_CHECKING:
    from wijkanalyse.privacy.words import CorpusWords, Words

_WITH = frozenset(["uit", "naast", "tegenover"])
_BEFORE_LETTER = frozenset("als met door van voor aan bij".split())
_BRANDS = {"albert": "heijn", "douwe": "egberts"}  # a first name when the second word does not follow
_ORDINARY_PARTICLES = frozenset(["van", "de", "het", "op", "in", "te", "al", "ben"])


def by_capital(words: Words, index: int, corpus: CorpusWords) -> Found | None:
    """Find a run of capitalised words that are no ordinary words."""
    word = words[index]
    if word.is_initials:
        return _by_initials(words, index)
    if word.lower in cues.PARTICLES and word.lower not in cues.WORD_NAMES:
        found = by_particle(words, index, corpus)
        if found or not word.is_listed:
            return found
    if len(word.text) == 1 or not _is_name(words, index, corpus):
        return None
    kind, label = kind_of_run(words, index)
    confidence = 0.75 if word.is_listed or not word.initial or word.lower in cues.WORD_NAMES else 0.6
    confidence += 0.15 if word.is_listed and not word.initial else 0
    return Found(index, run_end(words, index), kind, label, "hoofdletter", confidence)


def _is_name(words: Words, index: int, corpus: CorpusWords) -> bool:
    """Tell whether a word with a capital is a name, by what it is, where it stands and what the corpus does with it."""
    word = words[index]
    named = word.lower in cues.WORD_NAMES and not word.is_kept
    if named and (not word.initial or _is_given_word(words, index)):
        return True
    if word.is_kept:
        return _is_first_name(words, index)
    if not word.initial:
        return not _is_ordinary_here(words, index, corpus)
    if word.lower in cues.CUES or word.lower in cues.ORGANISATION_CUES or is_function_word(word.lower):
        return False
    if corpus.is_name(word.lower) or (word.is_listed and not corpus.is_ordinary(word.lower)):
        return True
    everyday = is_everyday(word.lower) or corpus.is_ordinary(word.lower)
    return not everyday or _is_name_by_neighbours(words, index)


def _is_first_name(words: Words, index: int) -> bool:
    """Tell whether a word that is a language or a shop too is a first name: "Frans Halsema", "Albert kwam"."""
    word, last = words[index], run_end(words, index)
    if word.lower in _BRANDS:
        return words.at(index + 1).lower != _BRANDS[word.lower]
    if word.is_acronym:
        return False
    if word.lower not in cues.GIVEN_WORDS and not word.is_listed:  # "Heinz Guderian"; but "Franse Guderian"
        brand = word.lower in kept_words() and not word.lower.endswith(("s", "se", "e", "er"))
        return brand and not word.initial and last > index and not is_word(words[last].lower)
    return (last > index and not words[last].is_kept) or (word.initial and _is_given_word(words, index))


def _is_given_word(words: Words, index: int) -> bool:
    """Tell whether an everyday word opens a sentence as a name: "Wil pakte", "Bakker belde", "Staf de Clercq"."""
    word, following = words[index], words.at(index + 1)
    if following.gap == ", " or following.gap[:2] == " (":
        return is_followed_like_a_name(words, index)
    if following.gap != " ":
        return False
    given = word.lower in cues.GIVEN_WORDS
    if following.lower in cues.PERSON_VERBS or (given and following.lower in cues.AUXILIARIES):
        return True
    if given and (is_someone_of(words, index) or following.lower in _WITH):
        return True
    return continues(following) or run_end(words, index) > index


def _is_name_by_neighbours(words: Words, index: int) -> bool:
    """Tell whether an everyday word that opens a sentence is a name: "Merel Oudshoorn", "Wiep heet ze"."""
    word, following = words[index], words.at(index + 1)
    if continues(following) and following.gap == " ":
        # A longer word is what somebody is: "Bondscoach Louis", "Mejuffrouw Buitendijk".
        return len(word.lower) < 8 and not is_word(following.lower) and word.lower not in cues.NAMING
    if following.lower in ("heet", "heette") and following.gap == " ":
        return True
    return following.gap != " " and word.lower not in cues.NAMING and is_followed_like_a_name(words, index)


def _is_ordinary_here(words: Words, index: int, corpus: CorpusWords) -> bool:
    """Tell whether a capital in the middle of a sentence stands on an ordinary word: "de Gemeente".

    Officials write Gemeente and Wijkteam. A name that is a word (Eikelboom, Zijlaard) has no article, and
    a compound that nobody writes in lower case (Brinkhorst, Tarwewijk) is a name with one too.
    """
    word, before, following = words[index], words[index - 1].lower, words.at(index + 1)
    if is_function_word(word.lower):
        return not continues(following) or is_word(following.lower)  # "Les Wallace"
    if (
        continues(following)
        and following.gap == " "
        and word.lower not in cues.CUES
        and not following.is_listed
    ):
        return False  # "het Nationaal Park Dwingelderveld"
    if word.is_listed or before in cues.LOWER_PLACE_CUES or before == "te" or len(word.lower) < 6:
        return False
    if corpus.lower[word.lower] >= max(1, corpus.capital[word.lower]):
        return is_word(word.lower)
    derived = is_derived(word.lower) and not word.lower.endswith("tjes")
    verb = following.lower in cues.PERSON_VERBS or following.lower in cues.AUXILIARIES
    thing = following.text.islower() and following.gap == " " and not is_function_word(following.lower)
    inflected = word.lower.endswith("e") and thing and not verb
    # A heading that is glued to what stands before it: "Bezienswaardigheden", "Externe links".
    return is_dictionary_word(word.lower) and (before in cues.ARTICLES or derived or inflected)


def _by_initials(words: Words, index: int) -> Found | None:
    """Find "J. de Wit", "A.B. Krimi" and "T. maakt"; a letter that ends a sentence stays."""
    word, head = words[index], index + 1
    while words.at(head).is_initials or (words.at(head).lower in cues.PARTICLES and head - index < 5):
        head += 1
    named = words.at(head)
    function = head == index + 1 and is_function_word(named.lower)
    if continues(named) and len(named.gap) <= 1 and not function:
        return Found(index, run_end(words, head), "persoon", "persoon", "voorletters", 0.9)
    alone = len(word.text) == 2 and head == index + 1 and index and "\n" not in word.gap
    told = words[index - 1].lower in _BEFORE_LETTER and "\n" in named.gap
    if alone and (told or (named.text.islower() and named.gap == " ")):
        return Found(index, index, "persoon", "persoon", "voorletters", 0.6)
    return None


def by_particle(words: Words, index: int, corpus: CorpusWords) -> Found | None:
    """Find a name that opens with its particle: "De Vries belde", "in De Schakelaar"; "De Turkse" stays.

    A particle that opens a sentence may be an ordinary one ("De Olympiade", "Van Bekker niets"): then it
    belongs to the name only when the list, the corpus or the verb after it says so.
    """
    head = index + 1
    while words.at(head).lower in cues.PARTICLES and not words.at(head).initial:
        head += 1
    word, named = words[index], words.at(head)
    if not named.is_capital or named.initial or named.gap != " " or named.is_kept:
        return None
    first = " ".join(w.lower for w in words[index : head + 1])
    surname = fold(first) in name_list()
    everyday = is_everyday(named.lower) and not named.is_listed and not surname
    if word.initial and not surname and not _is_particle_of_name(words, index, head, corpus):
        return None  # the words after the particle are looked at next
    # An everyday word with a capital article is a house, a club or a team; anything else a surname.
    house = everyday and head == index + 1 and word.lower != "van"
    kind, label = ("organisatie", "organisatie") if house else kind_of_run(words, index)
    return Found(index, run_end(words, head), kind, label, "hoofdletter", 0.75)


def _is_particle_of_name(words: Words, first: int, head: int, corpus: CorpusWords) -> bool:
    """Tell whether particles that open a sentence are part of a name: "Van der Vaart", "De Wever zei"."""
    word, verb = words[first], words.at(run_end(words, head) + 1)
    written = " ".join(w.lower for w in words[first : head + 1])
    if any(w.lower not in _ORDINARY_PARTICLES for w in words[first:head]):
        return True
    if by_place(words, head) or word.lower not in ("de", "het", "van"):
        return False
    told = corpus.capital[written] or (verb.gap == " " and verb.lower in cues.PERSON_VERBS | {"heeft", "had"})
    return bool(told) and (head == first + 1 or not words[head - 1].is_capital)
