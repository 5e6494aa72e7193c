"""Words that announce a name and words around a name that give it away, from ``data/cues.txt``."""

from __future__ import annotations

from pathlib import Path


def _groups() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return section → group → words; an indented line goes on with the group above it."""
    text = (Path(__file__).parent / "data" / "cues.txt").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in text.replace("\n  ", " ").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and line[0] != "#":
            group, _, words = line.partition(": ")
            section[group] = tuple(words.split())
    return found


_GROUPS = _groups()
_WORDS = {group: frozenset(words) for group, words in _GROUPS["woorden"].items()}
_ENDINGS = _GROUPS["uitgangen"]

#: Word before a name → (kind, role in the placeholder). The role stays, the name goes.
CUES = {word: ("persoon", role) for role, words in _GROUPS["personen"].items() for word in words}
NAMING = _WORDS["noemen"]  #: "heet Daan", "genaamd Daan": no role of its own.
TITLES = _WORDS["titels"]  #: These also announce a small particle: "mevrouw van der Meer".
SHORT_TITLES = _WORDS["korte titels"]  #: Before a name and nothing else, also in lower case: "dhr pronk".
BROAD_CUES = _WORDS["brede rollen"]  #: After these an unknown word is often something else: "man gewoonweg".
POSSESSIVES = _WORDS["bezitters"]
SALUTATIONS = _WORDS["aanhef"]  #: A letter opens so; the next word is a name, however ordinary.
ORGANISATION_CUES = {word: role for role, words in _GROUPS["organisaties"].items() for word in words}
CLUB_CUES = _WORDS["clubs"]  #: Abbreviations that are part of a club's name: "VV Kolkse Boys".
ORGANISATION_ENDINGS = {end: role for role in ("kerk", "school") for end in _ENDINGS[role]}
PLACE_ENDINGS = _ENDINGS["plaats"]
TEAM_ENDINGS = _ENDINGS["team"]  #: "Ronnie van het buurtteam": whoever is "of" these is a person.
PLACE_CUES = _WORDS["voor een plaats"]
SURE_PLACE_CUES = _WORDS["zeker voor een plaats"]
#: "in bedum": only these announce a lower-case place; "bij" and "te" stand before too much else.
LOWER_PLACE_CUES = frozenset(["in", "naar", "uit", "vanuit"])
PLACE_HEADS = _WORDS["hoofden van plaatsen"]  #: "de Ierse Zee", "het Byzantijnse Rijk".
DIRECTIONS = _WORDS["richtingen"]  #: The first half of "Noord-Europees".
AMBIGUOUS_PLACES = _WORDS["plaats of woord"]  #: Only with a capital, after a place cue.
PARTICLES = _WORDS["tussenvoegsels"]
INNER_PARTICLES = _WORDS["binnen een naam"]  #: These may stand inside a name, after its first word.
#: Names that are everyday words: a capital in the middle of a sentence makes them a name.
GIVEN_WORDS = _WORDS["voornaam of woord"]
WORD_NAMES = GIVEN_WORDS | _WORDS["achternaam of woord"]
#: Names that the dictionary has too, or of three letters, and that nobody writes in lower case as a word: "jan", "oscar".
SURE_NAMES = _WORDS["altijd een naam"]
NAME_ENDINGS = tuple(_WORDS["naamuitgangen"])  #: Many surnames and villages end so: Veldman, Oosterbeek.
ARTICLES = _WORDS["lidwoorden"]
PERSON_VERBS = _WORDS["persoonswerkwoorden"]  #: Who does this has a name: "sylvano zegt altijd".
AUXILIARIES = _WORDS["hulpwerkwoorden"]  #: These open a clause after a name: "silke was mijn begeleider".
BEFORE_NAME = _WORDS["voor een naam"]
PEOPLE = CUES.keys() | _WORDS["mensen"]  #: Everybody who can be of an age.
BEFORE_AGE = CUES.keys() | _WORDS["voor een leeftijd"]  #: The last word before a number that can be an age.
