"""Names in running text: by cue, by name list, by capitals, and then once more over the whole corpus.

No model is needed. Each layer proposes places; what a layer accepts with confidence is remembered, and
the corpus pass masks the same name wherever it returns: in lower case, as genitive or diminutive.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wijkanalyse.privacy.identifiers import NUMBER_WORDS, Span

# "S. Ramdhani", "mevr. A.B. de Wit": initials belong to the name that follows.
INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){1,4}(?=(?:(?:van|de|der|den|ter|ten|el)\s){0,2}[A-ZÀ-Ý][a-zà-ÿ])")
WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*\.?(?<=\w)|[^\W\d_]\.(?:[^\W\d_]\.)*")
_SENTENCE_END = re.compile(r"[.!?…:;\n\r•>“”\"‘(\[–—-]\s*$|^\s*$")
PARTICLES = frozenset(
    [
        "van",
        "de",
        "der",
        "den",
        "het",
        "ter",
        "ten",
        "te",
        "'t",
        "’t",
        "el",
        "al",
        "bin",
        "ben",
        "ibn",
        "von",
        "du",
        "le",
        "la",
        "d'",
        "da",
        "dos",
        "di",
        "op",
        "in",
    ]
)

#: Word before a name → (kind, role in the placeholder). The role stays, the name goes.
CUES: dict[str, tuple[str, str]] = {
    word: ("persoon", role)
    for role, words in {
        "moeder": "moeder ma mama mam", "vader": "vader pa papa pap", "zoon": "zoon zoontje", "dochter": "dochter dochtertje",
        "broer": "broer broertje", "zus": "zus zusje zuster", "oma": "oma omaatje", "opa": "opa", "tante": "tante", "oom": "oom ome",
        "neef": "neef neefje", "nicht": "nicht nichtje", "kleinkind": "kleinzoon kleindochter kleinkind kleinkinderen",
        "partner": "man vrouw partner echtgenoot echtgenote ex ex-man ex-vrouw verloofde wederhelft",
        "vriend": "vriend vriendje maat", "vriendin": "vriendin vriendinnetje", "buurvrouw": "buurvrouw bovenbuurvrouw onderbuurvrouw overbuurvrouw",
        "buurman": "buurman bovenbuurman onderbuurman overbuurman", "buurkind": "buurjongen buurmeisje buurkind",
        "juf": "juf juffrouw lerares mejuffrouw", "meester": "meester leraar docent mentor", "huisarts": "huisarts dokter arts dr drs",
        "collega": "collega", "kind": "kind baby peuter jongen meisje jongetje puber tweeling kinderen pleegkind",
        "begeleider": "begeleider begeleidster coach gezinscoach hulpverlener hulpverleenster casemanager werkbegeleider jongerenwerker teamleider coördinator opbouwwerker",
        "wijkteammedewerker": "wijkteammedewerker wijkteamer consulent klantmanager sociaal-werker maatschappelijk-werkster "
        "maatschappelijk-werker wijkcoach regisseur", "bewindvoerder": "bewindvoerder schuldhulpverlener budgetcoach",
        "vrijwilliger": "vrijwilliger vrijwilligster maatje taalmaatje", "wijkagent": "wijkagent agent agente politieagent",
        "mevrouw": "mevrouw mevr mw mej dame", "meneer": "meneer mijnheer dhr heer", "dominee": "dominee pastoor imam pater ds",
        "cliënt": "cliënt cliënte bewoner bewoonster patiënt patiënte leerling", "verpleegkundige": "verpleegkundige wijkverpleegkundige "
        "thuishulp hulp poetshulp", "wethouder": "wethouder burgemeester", "voogd": "voogd jeugdbeschermer", "trainer": "trainer trainster",
        "kat": "kat poes hond hondje kater",
    }.items()
    for word in words.split()
}  # fmt: skip
# "heet Daan", "genaamd Daan": no role of its own.
NAMING = frozenset(["heet", "heette", "heten", "heetten", "genaamd", "geheten", "noemen", "noem", "naam"])
_PLACE_CUES = frozenset(
    [
        "in",
        "naar",
        "uit",
        "te",
        "bij",
        "vanuit",
        "omgeving",
        "richting",
        "rond",
        "vlakbij",
        "wijk",
        "buurt",
        "dorp",
        "stad",
        "stadje",
        "gemeente",
        "regio",
    ]
)
_SURE_PLACE_CUES = frozenset(["wijk", "buurt", "dorp", "stad", "stadje", "regio", "streek", "woonplaats"])
_ORGANISATION_CUES: dict[str, str] = {
    word: role
    for role, words in {
        "basisschool": "basisschool obs cbs pcbs", "school": "school lyceum college mbo vmbo scholengemeenschap kinderdagverblijf kdv bso",
        "kerk": "kerk kerkje parochie moskee gemeente", "buurthuis": "buurthuis wijkcentrum dorpshuis buurtcentrum buurtkamer inloophuis",
        "organisatie": "stichting vereniging organisatie instelling bedrijf firma bureau", "voetbalclub": "vv sv fc voetbalclub voetbalvereniging",
        "zorgaanbieder": "zorgaanbieder verpleeghuis verzorgingshuis zorgcentrum ziekenhuis woonzorgcentrum hospice", "wijkteam": "wijkteam buurtteam dorpenteam gebiedsteam",
        "café": "café kroeg restaurant", "woningcorporatie": "woningcorporatie woningstichting corporatie",
    }.items()
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A token with what the rules need to know of it."""

    start: int
    end: int
    text: str
    initial: bool  # first of a sentence, so its capital says nothing

    @property
    def lower(self) -> str:
        """The word in lower case, without a closing point."""
        return self.text.lower().rstrip(".")

    @property
    def is_capital(self) -> bool:
        """Whether it starts with a capital."""
        return self.text[0].isupper()

    @property
    def is_acronym(self) -> bool:
        """Whether it is two or more capitals."""
        letters = [char for char in self.text if char.isalpha()]
        return len(letters) > 1 and all(char.isupper() for char in letters)


def split_words(text: str) -> list[Word]:
    """Split a text into words with offsets, and mark those that open a sentence."""
    words: list[Word] = []
    previous = 0
    for match in WORD.finditer(text):
        gap = text[previous : match.start()]
        initial = not words or bool(_SENTENCE_END.search(gap) and gap.strip(" ,"))
        if not initial and words and words[-1].text.endswith(".") and len(words[-1].text) > 3:
            initial = True
        # "'s Avonds", "’t Is": the first real word after an elided one still opens the sentence.
        words.append(Word(match.start(), match.end(), match.group(), initial))
        previous = match.end()
    return words


def fold(name: str) -> str:
    """Return a name without accents, case and punctuation, for comparing."""
    special = name.replace("ı", "i").replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", special)
    return "".join(char for char in plain if char.isalnum() or char == " ").casefold().strip()


@lru_cache(maxsize=1)
def name_list() -> frozenset[str]:
    """Return known given and family names, folded; words that are everyday Dutch are not in it."""
    path = Path(__file__).parent / "data" / "names.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(fold(line) for line in lines if line and not line.startswith("#"))


# Names that are everyday words: a capital in the middle of a sentence makes them a name.
WORD_NAMES = frozenset(
    [
        "wil",
        "bas",
        "roos",
        "storm",
        "mees",
        "fleur",
        "iris",
        "jade",
        "linde",
        "merel",
        "beer",
        "wolf",
        "lot",
        "bo",
        "jet",
        "tijn",
        "ties",
        "guus",
        "hoop",
        "bos",
        "mooi",
        "groen",
    ]
)


@lru_cache(maxsize=1)
def kept_words() -> frozenset[str]:
    """Return capitalised words that point to nobody: countries, languages, national bodies, brands, feasts."""
    path = Path(__file__).parent / "data" / "kept.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word.lower() for line in lines if not line.startswith("#") for word in line.split())


# "erbij", "waarmee", "daarnaast": Dutch makes these at will, no dictionary holds them all.
_PRONOMINAL = re.compile(r"(er|daar|waar|hier)(aan|achter|af|bij|boven|door|heen|in|langs|mee|na|naar|naast|om|onder|op|over|tegen|tussen|"
                         r"uit|van|vandaan|voor|vanaf|vanuit|omheen|doorheen|tegenover)")  # fmt: skip


@lru_cache(maxsize=200_000)
def is_word(lower: str) -> bool:
    """Tell whether a lower-cased token is an everyday Dutch word, a number word or a compound of known words."""
    from wijkanalyse.language import is_known, stop_words

    if lower in stop_words() or is_known(lower) or lower in NUMBER_WORDS or _PRONOMINAL.fullmatch(lower):
        return True
    parts = [lower] if "-" not in lower else lower.split("-")
    return all(part and (is_known(part) or _is_compound(part)) for part in parts)


def _is_compound(word: str) -> bool:
    """Tell whether a word is two known words in one, with or without a joint (s, en): casus|overleg."""
    from wijkanalyse.language import is_known

    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        if is_known(tail) and any(
            is_known(stem)
            for stem in (head, head.removesuffix("s"), head.removesuffix("en"))
            if len(stem) > 3
        ):
            return True
    return False


def _is_kept(word: Word) -> bool:
    lower = word.lower.replace("’", "'")
    if lower in kept_words() or (word.is_acronym and (len(lower) <= 6 or is_word(lower))):
        return True
    return any(
        part in kept_words()
        for part in (lower.rstrip("s"), lower.removesuffix("se"), lower.removesuffix("e"))
        if len(part) > 3
    ) or ("-" in lower and lower.split("-")[0] in kept_words())


@dataclass(frozen=True)
class CorpusWords:
    """How often each word stands in lower case in the corpus: "wil" often, "marloes" never."""

    lower: Counter[str]

    @classmethod
    def count(cls, texts: Iterable[Sequence[Word]]) -> CorpusWords:
        """Count the lower-case words of all texts."""
        return cls(Counter(word.text for words in texts for word in words if word.text.islower()))

    def is_ordinary(self, word: str) -> bool:
        """Tell whether the corpus itself uses a word in lower case, as a word."""
        return self.lower[word] >= 2


def find_names(words: Sequence[Word], corpus: CorpusWords) -> list[Span]:
    """Return the names that stand in one text by cue, list or capital, without overlap.

    Parameters
    ----------
    words : sequence of Word
        One text, from `split_words`.
    corpus : CorpusWords
        Tells which capitalised words are ordinary ones.
    """
    spans: list[Span] = []
    index = 0
    while index < len(words):
        found = _by_cue(words, index) or _by_capital(words, index, corpus)
        if found is None:
            index += 1
            continue
        first, last, kind, label, rule, confidence = found
        spans.append(
            Span(
                start=words[first].start,
                end=words[last].end,
                kind=kind,
                label=label,
                rule=rule,
                confidence=confidence,
            )
        )
        index = last + 1
    return spans


Found = tuple[int, int, str, str, str, float]


def _by_cue(words: Sequence[Word], index: int) -> Found | None:
    """Find a name whose preceding word says that one follows."""
    if index == 0:
        return None
    cue, word = words[index - 1].lower, words[index]
    if word.initial and not words[index - 1].text.endswith("."):
        return None
    if cue in CUES or cue in NAMING:
        kind, label = CUES.get(cue, ("persoon", "persoon"))
        particle_end = index
        while particle_end < len(words) - 1 and words[particle_end].lower in PARTICLES:
            particle_end += 1
        head = words[particle_end]
        starts_capital = (
            head.is_capital
            and not head.initial
            and not head.is_acronym
            and not _is_kept(head)
            and (head.lower in WORD_NAMES or not _is_function_word(head.lower))
        )
        if starts_capital and (particle_end == index or words[index].is_capital or cue in _TITLES):
            return index, _run_end(words, particle_end), kind, label, f"aanwijzing:{cue}", 0.95
        if cue not in _BROAD_CUES and word.text.islower() and _looks_like_lower_name(word):
            return index, index, kind, label, f"aanwijzing:{cue}", 0.8
    if cue in _ORGANISATION_CUES and word.is_capital and not _is_kept(word) and not word.is_acronym:
        kind = "school" if "school" in _ORGANISATION_CUES[cue] else "organisatie"
        return (
            index,
            _run_end(words, index),
            kind,
            _ORGANISATION_CUES[cue],
            f"aanwijzing:{cue}",
            0.9,
        )
    return None


_TITLES = frozenset(
    [
        "mevrouw",
        "mevr",
        "mw",
        "meneer",
        "mijnheer",
        "dhr",
        "heer",
        "dokter",
        "dr",
        "drs",
        "mejuffrouw",
        "ds",
        "familie",
        "juffrouw",
    ]
)
# After these an unknown lower-case word is too often something else ("man gewoonweg", "ex zn").
_BROAD_CUES = frozenset(
    [
        "man",
        "vrouw",
        "ex",
        "hulp",
        "naam",
        "kind",
        "kinderen",
        "jongen",
        "meisje",
        "heer",
        "dame",
        "arts",
        "noem",
        "noemen",
        "agent",
        "patiënt",
        "leerling",
        "coach",
        "maat",
        "hulpverlener",
        "collega",
        "bewoner",
        "cliënt",
    ]
)


def _looks_like_lower_name(word: Word) -> bool:
    lower = word.lower
    if fold(lower) in name_list():
        return len(lower) > 2 and not _is_function_word(lower)
    return len(lower) > 2 and not is_word(lower) and lower not in kept_words() and not _is_kept(word)


@lru_cache(maxsize=50_000)
def _is_function_word(lower: str) -> bool:
    from wijkanalyse.language import stop_words

    return lower in stop_words()


def _by_capital(words: Sequence[Word], index: int, corpus: CorpusWords) -> Found | None:
    """Find a run of capitalised words that are no ordinary words."""
    word = words[index]
    if not word.is_capital:
        return None
    certain = not word.initial
    listed = fold(word.text) in name_list() or (certain and word.lower in WORD_NAMES)
    if _is_kept(word) and not (listed and not word.is_acronym and word.lower not in kept_words()):
        return None
    if _is_function_word(word.lower) and not (certain and listed):
        return _function_start(words, index)
    if word.initial:
        ordinary = (is_word(word.lower) and not listed) or corpus.is_ordinary(word.lower)
        surname = (
            index + 1 < len(words) and _continues(words, index + 1) and not is_word(words[index + 1].lower)
        )
        if ordinary and not surname:
            return None
    elif len(word.text) == 1 or (
        not listed and not _after_place_cue(words, index) and _is_ordinary_noun(word, corpus)
    ):
        return None
    last = _run_end(words, index)
    kind, label = _kind_of_run(words, index)
    confidence = (0.9 if listed else 0.75) if certain else (0.7 if listed else 0.6)
    return index, last, kind, label, "hoofdletter", confidence


def _function_start(words: Sequence[Word], index: int) -> Found | None:
    """Find a name that opens with its particle: "De Vries belde", "Van der Meer zei"."""
    if words[index].lower not in PARTICLES or not words[index].is_capital:
        return None
    nxt = index + 1
    while nxt < len(words) and words[nxt].lower in PARTICLES and not words[nxt].initial:
        nxt += 1
    if nxt >= len(words) or words[nxt].initial or not words[nxt].is_capital or _is_kept(words[nxt]):
        return None
    if (
        words[index].initial
        and words[index].lower in {"in", "op", "te", "het", "al", "de"}
        and nxt == index + 1
    ):
        return None  # "In Utrecht", "De Turkse": the run without its first word is looked at next
    last = _run_end(words, nxt)
    kind, label = _kind_of_run(words, index)
    return index, last, kind, label, "hoofdletter", 0.7


def _after_place_cue(words: Sequence[Word], index: int) -> bool:
    return index > 0 and words[index - 1].lower in ("in", "naar", "uit", "te", "vanuit")


def _is_ordinary_noun(word: Word, corpus: CorpusWords) -> bool:
    # Officials write Gemeente and Wijkteam; names that are words (Roos, Wil, Storm) are short.
    return (
        len(word.lower) >= 6
        and is_word(word.lower)
        and (corpus.is_ordinary(word.lower) or len(word.lower) >= 8)
    )


def _continues(words: Sequence[Word], index: int) -> bool:
    word = words[index]
    return word.is_capital and not word.initial and not _is_kept(word) and not word.is_acronym


def _run_end(words: Sequence[Word], index: int) -> int:
    """Return the last word of a name: capitals go on, particles only when a capital follows."""
    last = index
    while last + 1 < len(words):
        nxt = last + 1
        if words[nxt].initial or words[nxt].start - words[last].end > 2:
            break
        if _continues(words, nxt):
            last = nxt
            continue
        after = nxt
        while (
            after < len(words)
            and words[after].lower in PARTICLES - {"op", "in", "te", "al", "ben"}
            and after - nxt < 3
        ):
            after += 1
        if (
            after == nxt
            or after >= len(words)
            or not _continues(words, after)
            or words[after].start - words[after - 1].end > 2
        ):
            break
        last = after
    return last


def _kind_of_run(words: Sequence[Word], first: int) -> tuple[str, str]:
    before = words[first - 1].lower if first else ""
    head = fold(words[first].text)
    if before in _SURE_PLACE_CUES or (before in _PLACE_CUES and head not in name_list()):
        return "plaats", "plaats"
    return "persoon", "persoon"


_SUFFIXES = ("'s", "’s", "s", "'", "’", "tje", "je", "etje", "pje", "ie", "kes")


def name_forms(name: str) -> Iterator[str]:
    """Yield the folded forms under which an accepted single name returns: as is, genitive, diminutive."""
    base = fold(name)
    yield base
    for suffix in ("s", "tje", "je", "ie", "tjes", "jes"):
        yield base + suffix


def find_again(
    words: Sequence[Word], taken: bytearray, accepted: dict[str, Span], corpus: CorpusWords
) -> list[Span]:
    """Return places where a name that was accepted elsewhere returns, also in lower case.

    Parameters
    ----------
    words : sequence of Word
    taken : bytearray
        One byte per character of the text; 1 where a span lies already.
    accepted : dict of str to Span
        Folded single name → the span that was accepted for it.
    corpus : CorpusWords
    """
    spans = []
    for word in words:
        if any(taken[word.start : word.end]):
            continue
        known = accepted.get(fold(word.text))
        if known is None:
            continue
        lower = word.lower
        if not word.is_capital and (
            _is_function_word(lower)
            or (is_word(lower) and corpus.lower[lower] > 1 and fold(lower) not in name_list())
        ):
            continue  # "roos" the flower; whoever means the person writes a capital or is caught by a cue
        if not word.is_capital and is_word(lower) and corpus.lower[lower] > 3:
            continue
        if (
            word.is_capital
            and word.initial
            and is_word(lower)
            and corpus.is_ordinary(lower)
            and known.confidence < 0.9
        ):
            continue
        spans.append(
            Span(
                start=word.start,
                end=word.end,
                kind=known.kind,
                label=known.label,
                rule="corpus",
                confidence=0.8,
            )
        )
    return spans
