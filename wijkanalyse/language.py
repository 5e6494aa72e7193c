"""The Dutch pipeline: tokens, sentences, lemmas, stop words. No model is downloaded.

spaCy's blank Dutch pipeline tokenises; simplemma's dictionary gives lemmas and tells known words,
because spaCy's lookup lemmatiser misses half of the everyday forms.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# "[buurvrouw 3]" → buurvrouw: a placeholder keeps the role that carries meaning. These roles carry none.
PLACEHOLDER = re.compile(r"\[([^\W\d][^\[\]\n]{0,60})\]")
_EMPTY_PLACEHOLDERS = frozenset(
    [
        "persoon",
        "plaats",
        "wijk",
        "straat",
        "adres",
        "leeftijd",
        "datum",
        "telefoon",
        "email",
        "e-mail",
        "url",
        "bsn",
        "iban",
        "kenteken",
        "dossiernummer",
        "postcode",
        "verteller",
        "nummer",
        "naam",
        "organisatie",
    ]
)

# Words that fill spoken Dutch and say nothing about what a story is about; beside spaCy's list.
_FILLERS = frozenset(
    [
        "echt",
        "gewoon",
        "eigenlijk",
        "maar",
        "wel",
        "toch",
        "even",
        "nou",
        "ja",
        "nee",
        "oke",
        "heel",
        "erg",
        "best",
        "soms",
        "altijd",
        "vaak",
        "ook",
        "zo",
        "dus",
        "dan",
        "toen",
        "daar",
        "hier",
        "er",
        "gaan",
        "komen",
        "doen",
        "zeggen",
        "hebben",
        "zijn",
        "worden",
        "kunnen",
        "moeten",
        "willen",
        "mogen",
        "zullen",
        "krijgen",
        "maken",
        "zien",
        "weten",
        "vinden",
        "laten",
        "blijven",
        "geven",
        "staan",
        "zitten",
        "liggen",
        "nemen",
        "houden",
        "vragen",
        "kijken",
        "lopen",
        "denken",
        "horen",
        "bellen",
        "beginnen",
        "lijken",
        "heten",
        "jaar",
        "dag",
        "week",
        "maand",
        "uur",
        "keer",
        "tijd",
        "moment",
        "ding",
        "iets",
        "iemand",
        "niemand",
        "alles",
        "niets",
        "mens",
        "man",
        "vrouw",
        "goed",
        "nieuw",
        "groot",
        "klein",
        "veel",
        "weinig",
        "ander",
        "eerst",
        "laat",
        "lang",
        "kort",
        "heel",
        "half",
        "twee",
        "drie",
        "vier",
        "vijf",
        "zes",
        "zeven",
        "acht",
        "negen",
        "tien",
        "weer",
        "steeds",
        "nooit",
        "ooit",
        "nog",
        "al",
        "meer",
        "minder",
        "bijna",
        "misschien",
        "natuurlijk",
        "precies",
        "zelf",
        "elkaar",
        "samen",
        "meteen",
        "inmiddels",
        "sinds",
        "ineens",
        "opeens",
        "uiteindelijk",
        "verder",
        "terug",
        "weg",
        "thuis",
        "huis",
        "vandaag",
        "morgen",
        "gister",
        "gisteren",
        "nu",
        "straks",
        "later",
        "snel",
        "stuk",
        "beetje",
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
        "ochtend",
        "middag",
        "avond",
        "nacht",
        "vanochtend",
        "vanmiddag",
        "vanavond",
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
        "week",
        "weekend",
        "kwartier",
        "minuut",
        "seconde",
        "mevrouw",
        "meneer",
        "mijnheer",
        "mejuffrouw",
        "heer",
        "dame",
        "mevr",
        "dhr",
        "mw",
        "u",
        "uw",
        "jij",
        "jouw",
        "erbij",
        "erin",
        "eruit",
        "ervan",
        "eraan",
        "erop",
        "ermee",
        "erover",
        "erdoor",
        "ernaar",
        "helemaal",
        "allemaal",
        "allebei",
        "trouwens",
        "zeker",
        "hartstikke",
        "ongeveer",
        "sowieso",
        "tenslotte",
        "overigens",
        "natuurlijk",
        "zelfs",
        "alsnog",
        "alvast",
        "eerlijk",
        "leggen",
        "zetten",
        "pakken",
        "halen",
        "brengen",
        "trekken",
        "hangen",
        "vallen",
        "stoppen",
        "proberen",
        "voelen",
        "noemen",
        "snappen",
        "begrijpen",
        "schrijven",
        "lezen",
        "hand",
        "hoofd",
        "oog",
        "gezicht",
        "naam",
        "woord",
        "stem",
        "deur",
        "tafel",
        "stoel",
        "kamer",
        "raam",
        "keuken",
        "lijst",
        "kant",
        "eind",
        "begin",
        "rest",
        "deel",
        "soort",
        "manier",
        "reden",
        "vraag",
        "antwoord",
        "wit",
        "zwart",
        "rood",
        "blauw",
        "groen",
        "geel",
        "hard",
        "zacht",
        "mooi",
        "lief",
        "aardig",
        "raar",
        "gek",
        "leuk",
        "fijn",
        "slecht",
        "verkeerd",
        "hoog",
        "laag",
        "ver",
        "dichtbij",
        "'t",
        "'n",
        "'m",
        "z'n",
        "m'n",
        "d'r",
        "ie",
        "ivm",
        "mbt",
        "bijv",
        "enz",
        "etc",
        "evt",
        "svp",
        "ipv",
        "tm",
        "mn",
        "bv",
        "vb",
        "ca",
    ]
)


@lru_cache(maxsize=1)
def pipeline() -> Language:
    """Return the blank Dutch pipeline: tokeniser and sentence rules."""
    import spacy

    nlp = spacy.blank("nl")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 20_000_000
    return nlp


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Return Dutch stop words: spaCy's list and words that fill spoken stories."""
    from spacy.lang.nl.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | _FILLERS


def tokenise(text: str) -> Doc:
    """Split a text into tokens, each with its offset."""
    return pipeline().make_doc(text)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end (code points, end exclusive) of every sentence."""
    return [(sentence.start_char, sentence.end_char) for sentence in pipeline()(text).sents]


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form of a lower-cased word.

    Notes
    -----
    simplemma splits some compounds with an underscore (buurman → buur_man); that is undone.
    """
    import simplemma

    return str(simplemma.lemmatize(word, lang="nl")).replace("_", "").lower()


@lru_cache(maxsize=200_000)
def is_known(word: str) -> bool:
    """Tell whether a lower-cased word is in the Dutch dictionary."""
    import simplemma

    return bool(simplemma.is_known(word, lang="nl"))


@lru_cache(maxsize=200_000)
def _content_lemma(word: str) -> str:
    """Return the lemma of a word that says something, else an empty string."""
    if len(word) < 3 or word in stop_words() or not any(char.isalpha() for char in word):
        return ""
    base = lemma(word)
    return "" if len(base) < 3 or base in stop_words() else base


def content_lemmas(text: str) -> list[str]:
    """Return the lemmas that carry content, in order: no stop words, numbers or punctuation.

    A placeholder of masking counts as its role ("[buurvrouw 3]" → buurvrouw) when that means something.
    """
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", PLACEHOLDER.sub(_role, text).lower())
    return [base for word in words if (base := _content_lemma(word))]


def _role(match: re.Match[str]) -> str:
    role = match.group(1).split()[0].lower()
    return " " if role in _EMPTY_PLACEHOLDERS else f" {role} "
