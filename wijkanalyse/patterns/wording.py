"""What a card says: what lies side by side, in numbers with their denominator; no cause and no judgement."""

from __future__ import annotations

import re

from wijkanalyse.errors import InputError, list_names

# Quoted parts are names of themes, questions and answers: other people's words.
_QUOTED = re.compile(r"‘[^’]*’|“[^”]*”")
_CAUSE = (
    r"(leid|leidt|leiden|leidde|leidden)\b[^.]*\btot", r"(doordat|omdat|daardoor|waardoor|hierdoor|want|zodat|dankzij|vanwege|wegens)",
    r"veroorza\w*", r"(ge)?komt? (door|doordat)", r"(als|ten) gevolge? van", r"gevolg(en)?", r"oorza\w*", r"(be)?invloed\w*", r"effect(en|ief)?",
    r"resulte\w*", r"zorg(t|en|de|den) (ervoor|voor)", r"maa?k(t|en) dat", r"bepa(al|l)\w*", r"verklaa?r\w*", r"ligt? aan", r"te danken",
    r"te wijten", r"hangt? af van", r"bevorder\w*", r"belemmer\w*",
)  # fmt: skip
_JUDGEMENT = (
    r"goede?", r"slechte?(r|re|st|ste)?", r"betere?|beste?", r"fout(e|en)?", r"te (weinig|veel|lang|laat|hoog|laag)", r"helaas", r"gelukkig",
    r"(on)?terecht", r"probleem|problemen|problematisch\w*", r"fa(al|len)\w*", r"tekort\w*", r"succes\w*", r"zorgwekkend\w*", r"positie[fv]\w*",
    r"negatie[fv]\w*", r"prest\w*", r"scoo?r\w*", r"(on)?voldoende", r"opvallend\w*", r"schokkend\w*", r"maar liefst", r"zou(den)? moeten", r"moe(t|ten)",
    r"kwaliteit", r"achterstand\w*", r"risico\w*",
)  # fmt: skip
_REFUSED = re.compile(r"\b(" + "|".join((*_CAUSE, *_JUDGEMENT)) + r")\b", re.IGNORECASE)

TITLES = {
    "samenloop": "{group} komt vaker samen voor met {short}",
    "stemmen": "{group}: vaker verteld vanuit {short}",
    "stemmen, minder": "{group}: minder vaak verteld vanuit {short}",
    "duiding": "{group}: vaker {short}",
    "duiding, minder": "{group}: minder vaak {short}",
    "spanningsveld": "{group}: zowel {left} als {right}",
    "verschuiving": "{group}: {short} in de tijd vaker verteld",
    "drie lezingen": "{group} en {short}: wat de computer zag en wat een mens zag",
}
QUESTIONS = {
    "samenloop": "Hoe komt het dat {group} en {short} hier naast elkaar staan? Wanneer staat het een er zonder het ander?",
    "stemmen": "Hoe komt het dat we bij {group} vaker {short} horen? Wie zou het anders vertellen?",
    "stemmen, minder": "Hoe komt het dat we bij {group} minder vaak {short} horen? Wat zou diegene vertellen?",
    "duiding": "Hoe komt het dat vertellers bij {group} vaker uitkomen {short}? Wie niet, en wat staat er in dat verhaal?",
    "duiding, minder": "Hoe komt het dat vertellers bij {group} minder vaak uitkomen {short}? Wie wel, en wat staat er in dat verhaal?",
    "spanningsveld": "Wanneer is het {left}, en wanneer {right}? Wat gebeurt er als beide tegelijk trekken?",
    "verschuiving": "Hoe komt het dat we {group} {short} vaker horen? Veranderde er iets om ons heen, of vertelden er andere mensen?",
    "drie lezingen": "Wat ziet wie codeerde dat de computer niet ziet, en omgekeerd? Wat zou de verteller zelf zeggen?",
    "past nergens": "Wat zeggen deze verhalen dat wij niet vroegen?",
    "thema": "Hoe komt het dat {group} in deze verhalen bij elkaar komen? En waar gaan de verhalen elk een andere kant op?",
}


def pole(short: str) -> str:
    """Return the name in a phrase: "aan de kant van ‘regels’" is ‘regels’."""
    return str(_QUOTED.findall(short)[-1])


def refused_words(text: str) -> list[str]:
    """Return the words in a text that name a cause or judge; quoted names and answers are left alone."""
    return [match.group(0) for match in _REFUSED.finditer(_QUOTED.sub("‘’", text))]


def check_observation(text: str) -> str:
    """Return an observation as it is, or refuse it.

    Raises
    ------
    InputError
        When it names a cause, judges, or gives a percentage.
    """
    found = refused_words(text) + (["%"] if "%" in _QUOTED.sub("", text) else [])
    if not found:
        return text
    raise InputError.one(
        what=f"Deze waarneming zegt meer dan wat er naast elkaar ligt: {list_names(found)}.",
        where="tekst van een patroonkaart",
        expected="wat vaker of minder vaak samen voorkomt, in aantallen, zonder oorzaak en zonder oordeel",
        now="Laat deze woorden weg. Een uitleg hoort bij de lezingen, met het perspectief erbij.",
    )


def how_many(n: int, of: int, n_tellers: int, subject: str = "verhalen") -> str:
    """Return a number with its denominator: "12 van de 40 verhalen, van 11 vertellers"."""
    return f"{n} van de {of} {subject}, van {n_tellers} vertellers"


def without_numbers(observation: str) -> str:
    """Return a description without its counts, for where small numbers may not go; digits in names stay."""
    text = re.sub(r"^\d+ van de \d+ verhalen, van \d+ vertellers,", "Deze verhalen", observation)
    sentences = re.findall(rf"(?:{_QUOTED.pattern}|[^.‘“])+\.?", text)
    return "".join(each for each in sentences if not re.search(r"\d", _QUOTED.sub("", each))).strip()
