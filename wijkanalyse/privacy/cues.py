"""Words that announce a name, and words around a name that give it away."""

from __future__ import annotations

#: Word before a name → (kind, role in the placeholder). The role stays, the name goes.
CUES: dict[str, tuple[str, str]] = {
    word: ("persoon", role)
    for role, words in {
        "moeder": "moeder ma mama mam", "vader": "vader pa papa pap", "zoon": "zoon zoontje", "dochter": "dochter dochtertje",
        "broer": "broer broertje", "zus": "zus zusje zuster", "oma": "oma omaatje", "opa": "opa", "tante": "tante", "oom": "oom ome",
        "neef": "neef neefje", "nicht": "nicht nichtje", "kleinkind": "kleinzoon kleindochter kleinkind kleinkinderen",
        "zwager": "zwager schoonbroer", "schoonzus": "schoonzus schoonzusje", "schoonmoeder": "schoonmoeder", "schoonvader": "schoonvader",
        "schoonzoon": "schoonzoon", "schoondochter": "schoondochter", "stiefvader": "stiefvader", "stiefmoeder": "stiefmoeder",
        "stiefkind": "stiefzoon stiefdochter", "huisgenoot": "huisgenoot huisgenote", "ouderling": "ouderling diaken", "partner": "man vrouw partner echtgenoot echtgenote ex ex-man ex-vrouw verloofde wederhelft",
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
NAMING = frozenset(
    ["heet", "heette", "heten", "heetten", "genaamd", "geheten", "noemen", "noem", "naam", "ene"]
)
# Titles also announce a name that opens with a small particle: "mevrouw van der Meer".
TITLES = frozenset([
    "mevrouw", "mevr", "mw", "meneer", "mijnheer", "dhr", "heer", "dokter", "dr", "drs", "mejuffrouw", "ds", "familie", "juffrouw", "fam",
])  # fmt: skip
# After these an unknown lower-case word is too often something else ("man gewoonweg", "ex zn").
# A short title stands before a name and nothing else, also in lower case: "dhr pronk".
SHORT_TITLES = frozenset(["dhr", "mw", "mevr", "drs", "fam", "mej"])
BROAD_CUES = frozenset([
    "man", "vrouw", "ex", "hulp", "naam", "kind", "kinderen", "jongen", "meisje", "heer", "dame", "arts", "noem", "noemen",
    "agent", "patiënt", "leerling", "coach", "maat", "hulpverlener", "collega", "bewoner", "cliënt",
])  # fmt: skip
PLACE_CUES = frozenset([
    "in", "naar", "uit", "te", "bij", "vanuit", "omgeving", "richting", "rond", "vlakbij", "tussen", "wijk", "buurt", "dorp",
    "stad", "stadje", "gemeente", "regio",
])  # fmt: skip
SURE_PLACE_CUES = frozenset(["wijk", "buurt", "dorp", "stad", "stadje", "regio", "streek", "woonplaats"])
# Places that are everyday words or names: only with a capital, after a place cue.
AMBIGUOUS_PLACES = frozenset([
    "best", "kampen", "bergen", "buren", "huizen", "laren", "hoorn", "grave", "echt", "beek", "horst", "putten", "dieren",
    "duiven", "leek", "haren", "doorn", "geel", "mol", "halle", "lier", "namen", "essen", "nice", "balk", "monster", "sluis",
    "stein", "holten", "goor", "zuilen", "laak", "peel", "etten", "roden", "vries", "hulst", "houten", "assen", "soest", "elst",
    "ede", "keren", "axel", "stratum", "rijen", "laag", "aalst", "schagen", "weert", "oss", "vaals", "waterland", "westland",
    "zeeland", "gent", "ommen", "edam", "eden", "lombok", "sofia", "florence", "valencia", "medina", "santiago", "lima",
    "transvaal", "jordaan", "wadden", "thorn", "urk", "deurne", "wierden", "asten", "dongen", "someren", "borne", "druten",
    "alken", "balen", "beringen", "bever", "boom", "born", "champagne", "dalen", "duizel", "epen", "erica", "erp", "esch", "gieten", "glimmen",
    "halfweg", "hapert", "helden", "herten", "horn", "kapellen", "keppel", "kleef", "koog", "laken", "landen", "lede", "leende", "lemmer", "lent",
    "losser", "made", "malle", "marche", "marken", "menen", "mill", "nes", "peer", "putte", "rif", "rijs", "rolde", "ruinen", "schilde",
    "schoten", "seine", "sloten", "spa", "split", "steenderen", "tegelen", "tienen", "tours", "velden", "voeren", "vorst", "waal", "wichelen",
    "zetten", "zolder", "zwaag", "alpen", "maas", "dover", "bari", "cork", "aden", "chili", "panama", "america", "salvador", "phoenix", "harlem",
    "virginia", "florida", "orlando", "dallas", "houston", "wellington", "adelaide", "nancy", "kessel", "bakel", "java",
])  # fmt: skip
# "in bedum": only these announce a lower-case place; "bij" and "te" stand before too much else.
LOWER_PLACE_CUES = frozenset(["in", "naar", "uit", "vanuit"])
ORGANISATION_CUES: dict[str, str] = {
    word: role
    for role, words in {
        "basisschool": "basisschool obs cbs pcbs", "school": "school lyceum college mbo vmbo scholengemeenschap kinderdagverblijf kdv bso",
        "kerk": "kerk kerkje parochie moskee gemeente", "buurthuis": "buurthuis wijkcentrum dorpshuis buurtcentrum buurtkamer inloophuis",
        "organisatie": "stichting vereniging organisatie instelling bedrijf firma bureau", "voetbalclub": "vv sv fc voetbalclub voetbalvereniging",
        "zorgaanbieder": "zorgaanbieder verpleeghuis verzorgingshuis zorgcentrum ziekenhuis woonzorgcentrum hospice", "wijkteam": "wijkteam buurtteam dorpenteam gebiedsteam",
        "café": "café kroeg restaurant cafetaria eetcafé", "camping": "camping vakantiepark",
        "winkel": "bakker bakkerij slager slagerij kringloop kringloopwinkel kapsalon drogist supermarkt garage", "praktijk": "praktijk huisartsenpraktijk apotheek fysiotherapie tandartspraktijk", "flat": "flat complex", "woningcorporatie": "woningcorporatie woningstichting corporatie",
    }.items()
    for word in words.split()
}  # fmt: skip


# Abbreviations that are part of a club's name: "VV Kolkse Boys".
CLUB_CUES = frozenset(["vv", "sv", "fc", "hvc", "rkvv", "svv", "ckv", "kv", "hc", "tv", "bv"])
# A capitalised word that ends so names a church, a school or a neighbourhood.
ORGANISATION_ENDINGS = {
    "kerk": "kerk",
    "kapel": "kerk",
    "moskee": "kerk",
    "school": "school",
    "lyceum": "school",
    "college": "school",
}
PLACE_ENDINGS = ("wijk", "buurt", "kwartier", "polder", "dorp", "veen", "hoven", "drecht", "dijk")

PARTICLES = frozenset([
    "van", "de", "der", "den", "het", "ter", "ten", "te", "'t", "’t", "t", "el", "al", "bin", "ben", "ibn", "von", "du", "le",
    "la", "d'", "da", "dos", "di", "op", "in", "vd", "vander", "vanden",
])  # fmt: skip
# Particles that may stand inside a name, after its first word.
INNER_PARTICLES = PARTICLES - frozenset(["op", "in", "te", "al", "ben", "t"])
# Names that are everyday words: a capital in the middle of a sentence makes them a name.
WORD_NAMES = frozenset([
    "wil", "bas", "roos", "storm", "mees", "fleur", "iris", "jade", "linde", "merel", "beer", "wolf", "lot", "bo", "jet", "tijn",
    "ties", "guus", "hoop", "bos", "mooi", "groen", "elke", "mark", "rob", "rik", "pim", "pien", "sam", "kaat", "toon", "gijs",
    "raven", "trees", "staf", "sterre", "hans", "jan", "piet", "door", "ward", "vos", "kok", "kuiper", "visser", "bakker", "smit", "mulder",
    "meijer", "dekker", "prins", "koning", "de-wit", "lieve", "noor", "sanne", "bram", "aart", "ger", "dirk", "ad", "bert", "ton",
])  # fmt: skip

# Of these the ones that are first of all a given name: they are one before a verb, "Wil was er".
GIVEN_WORDS = WORD_NAMES - frozenset([
    "roos", "storm", "beer", "wolf", "lot", "hoop", "bos", "mooi", "groen", "door", "raven", "vos", "kok", "kuiper", "visser",
    "bakker", "smit", "mulder", "meijer", "dekker", "prins", "koning", "ad", "linde",
])  # fmt: skip
ARTICLES = frozenset(
    [
        "de",
        "het",
        "een",
        "den",
        "der",
        "des",
        "onze",
        "ons",
        "uw",
        "deze",
        "dit",
        "die",
        "dat",
        "geen",
        "elke",
        "iedere",
    ]
)
# A letter opens so; the next word is a name, however ordinary: "Beste Roos,".
SALUTATIONS = frozenset([
    "beste", "geachte", "lieve", "hoi", "hallo", "hey", "dag", "waarde", "dear", "groet", "groeten", "groetjes", "gr", "liefs",
    "hoogachtend",
])  # fmt: skip

# Who does this has a name: "sylvano zegt altijd", "zei sylvano".
PERSON_VERBS = frozenset([
    "zegt", "zei", "vroeg", "vraagt", "belde", "belt", "appt", "appte", "vindt", "vond", "knikte", "lachte", "lacht", "huilde",
    "mailde", "mailt", "snapt", "snapte", "kookt", "fluisterde", "riep", "roept", "antwoordde", "schreef", "vertelde", "vertelt",
    "heet", "heette", "woont", "pakte", "kreeg", "lacht", "keek", "liep", "bleef", "gaf", "nam", "stuurde", "begon", "dacht", "wilde",
])  # fmt: skip
# These open a clause after a name at the start of a sentence: "silke was mijn begeleider".
AUXILIARIES = frozenset([
    "is", "was", "heeft", "had", "kwam", "komt", "ging", "gaat", "wil", "wou", "wilde", "kan", "kon", "moet", "moest", "doet",
    "deed", "zat", "zit", "staat", "stond", "werkt",
])  # fmt: skip
BEFORE_NAME = frozenset(["zei", "vroeg", "belde", "belt", "appte", "appt", "mailde", "mailt"])
# "Ronnie van het buurtteam": whoever is "of" these is a person.
TEAM_ENDINGS = (
    "team",
    "teams",
    "punt",
    "loket",
    "huis",
    "opvang",
    "gemeente",
    "wijk",
    "bank",
    "school",
    "beneden",
    "boven",
    "overkant",
)
