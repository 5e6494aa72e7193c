from __future__ import annotations

import pytest

from wijkanalyse.privacy.identifiers import Span
from wijkanalyse.privacy.names import find_again, find_names, name_forms
from wijkanalyse.privacy.words import CorpusWords, fold, is_word, split_words


def _found(text: str) -> list[tuple[str, str]]:
    words = split_words(text)
    return [(text[s.start : s.end], s.kind) for s in find_names(words, CorpusWords.count([words]))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Toen kwam buurvrouw Fatima langs.", "Fatima"),
        ("mijn zoontje daan wil niet", "daan"),
        ("Wij spraken mevrouw van der Meer gisteren.", "van der Meer"),
        ("Ik sprak mw. ter Braak niet.", "ter Braak"),
        ("Casus dhr. V., alleenstaand", "V."),
        ("Zij heet Özlem en lacht.", "Özlem"),
        ("Dat was Nguyễn Thị Lan toen.", "Nguyễn Thị Lan"),
        ("Volgens Oleksandr is het klaar.", "Oleksandr"),
        ("op naam van A. Krimi staat het", "A. Krimi"),
        ("Ik ken J.P. de Wit goed.", "J.P. de Wit"),
        ("Hendrik-Jan kan dat.", "Hendrik-Jan"),
        ("Wiep heet ze.", "Wiep"),
        ("Wil, onze coördinator, belde.", "Wil"),
        ("Kaan, 15, heeft honger.", "Kaan"),
        ("ik ben qorvana (14) hoor", "qorvana"),
        ("toen zei qorvana dat het goed was", "qorvana"),
        ("en qorvana van het buurtteam kwam", "qorvana"),
        ("ik zat met marloes te praten", "marloes"),
        ("In de muur stond KEES gekrast.", "KEES"),
        ("Daar zat Roos te wachten.", "Roos"),
        ("Dat is mijn zwager Frans geweest.", "Frans"),
        ("Toen kwam Albert binnen.", "Albert"),
        # A capital in the middle of a sentence, though the word is one or looks like two in one.
        ("volgens minister Brinkhorst klopt het", "Brinkhorst"),
        ("Toen schoot spits Eikelboom raak.", "Eikelboom"),
        ("Hij heet Gabriele d'Annunzio en lacht.", "Gabriele d'Annunzio"),
        ("de dichter (Qorvana, 1907) schreef", "Qorvana"),
        # An everyday word that opens a sentence.
        ("Wil pakte ook blauw.", "Wil"),
        ("Bakker belde me op.", "Bakker"),
        ("Staf de Clercq was er.", "Staf de Clercq"),
        ("De Groot belde me op.", "De Groot"),
        # Letters.
        ("Beste Roos, ik schrijf je.", "Roos"),
        ("Met vriendelijke groet,\nQorvana Zulmira", "Qorvana Zulmira"),
        ("Dat is mijn begeleider, T. Hij was goed.", "T."),
        # Lower case.
        ("en dhr pronk zegt dat", "pronk"),
        ("mijn collega de vries lacht", "de vries"),
        ("mijn collega ali lacht", "ali"),
        ("drie weken met qorvana van 8 en", "qorvana"),
        # The dictionary has these too.
        ("jan kwam langs met soep", "jan"),
        ("toen belde mohammed op", "mohammed"),
        ("ik wil dat wim komt", "wim"),
        ("dat is maarten's fiets", "maarten's"),
        ("bas zei niets", "bas"),
        ("en qorvana vh buurtteam kwam", "qorvana"),
    ],
)
def test_finds_persons(text: str, name: str) -> None:
    assert (name, "persoon") in _found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Utrecht is ver weg.", "Utrecht"),
        ("ik werk in bedum nu", "bedum"),
        ("wij gaan naar zwolle toe", "zwolle"),
        ("Ze woont in Den Haag hoor.", "Den Haag"),
        ("uit Alphen aan den Rijn kwam", "Alphen aan den Rijn"),
        ("Ik ga naar Best vandaag.", "Best"),
        ("Zij woont in Nieuw-Nickerie nu.", "Nieuw-Nickerie"),
        ("We wonen in de Tarwewijk hier.", "Tarwewijk"),
        ("hij komt uit qorvum en lacht", "qorvum"),
        ("Duitsland is ver weg.", "Duitsland"),
        ("Hij vloog naar de Verenigde Staten toen.", "Verenigde Staten"),
        ("In de VS is dat zo.", "VS"),
        ("Canada's bossen zijn groot.", "Canada's"),
        # By what it is, or by whose it is.
        ("Aan de Hollandse IJssel staat een molen.", "Hollandse IJssel"),
        ("Voor de Golf van Aden lag een schip.", "Golf van Aden"),
        ("Ooit heette dat de Duitse Democratische Republiek hoor.", "Duitse Democratische Republiek"),
        # In the list of localities alone.
        ("Stiens is ver weg.", "Stiens"),
    ],
)
def test_finds_places(text: str, name: str) -> None:
    assert (name, "plaats") in _found(text)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Hij zit op basisschool De Kameleon nu.", "De Kameleon", "school"),
        ("Ik belde Wijkteam Noordrand op.", "Wijkteam Noordrand", "organisatie"),
        ("Dat was bij VV Sportlust dus.", "VV Sportlust", "organisatie"),
        ("We koken in De Schakelaar samen.", "De Schakelaar", "organisatie"),
        ("een cursus in 't Spieker voor mannen", "t Spieker", "organisatie"),
        ("ik woon op camping de Zeven Linden", "de Zeven Linden", "organisatie"),
        ("in de Opstandingskerk zongen ze", "Opstandingskerk", "organisatie"),
        ("ik werk bij bakker qorvana in het dorp", "qorvana", "organisatie"),
    ],
)
def test_finds_organisations(text: str, name: str, kind: str) -> None:
    assert (name, kind) in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ik belde het UWV en de Belastingdienst.",
        "De Turkse bakker lacht. Onze Wmo-consulent ook.",
        "Moeder was moe. Niemand zei iets.",
        "Oeps. Dankjewel, zei ik. Jazeker!",
        "Hij zei: 'Kijk dan maar.'",
        "(Niet gedaan.) Derde keer ook niet.",
        "Op maandag komt DigiD of WhatsApp.",
        "Vóór die tijd lag er een roos op de bank.",
        "'s Avonds is het stil. 't Is goed.",
        "vitamine C. Daarna niets",
        "Bij Albert Heijn spreken ze Frans.",
        "Volgens de Statistiek klopt het.",
        "Wil je koffie? Elke dag weer.",
        "Een taal als Nederlands leer je.",
        "Volgens het UWV-programma en de A-elementen klopt het.",
        "Meer weten » Externe links en Bezienswaardigheden staan hier.",
        "Dat geldt op Surinaamse bodem en in het noordoosten.",
        "de zwarte piet en een iris, voor 6 jan klaar",
        "dat was raak in de roos",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert _found(text) == []


def test_unknown_words_at_a_sentence_start_are_names_and_the_confidence_says_so() -> None:
    words = split_words("Qorvana belde. Daarna kwam Qorvana.")
    spans = find_names(words, CorpusWords.count([words]))
    assert [(s.start, s.end, s.confidence) for s in spans] == [(0, 7, 0.6), (27, 34, 0.75)]


@pytest.mark.parametrize(
    ("text", "initial"),
    [
        ("Ja. Nee", [True, True]),
        ("dhr. Smit", [True, False]),
        ("Ik zei: 'Kom", [True, False, True]),
        ("J. Smit", [True, False]),
        ("a\nb", [True, True]),
    ],
)
def test_split_words_marks_what_opens_a_sentence(text: str, initial: list[bool]) -> None:
    assert [word.initial for word in split_words(text)] == initial


def test_words_reproduce_the_text() -> None:
    text = "Mevr. A.B. de Wit-Jansen, 't is ’s avonds."
    words = split_words(text)
    spans = [words.span(at, at) for at in range(len(words))]
    assert [text[start:end] for start, end in spans] == [word.text for word in words]
    assert "".join(word.gap + word.text for word in words) + "." == text


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Özlem", "ozlem"), ("Łukasz", "lukasz"), ("D'Angelo", "dangelo"), ("Yıldız", "yildiz")],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_name_forms() -> None:
    assert list(name_forms("daan")) == ["daan", "daans", "daantje", "daanje", "daanie", "daantjes", "daanjes"]


def test_dictionary_and_kept_words() -> None:
    assert is_word("casusoverleg")
    assert is_word("vóórdat")
    assert not is_word("qorvana")
    assert [word.is_kept for word in split_words("Turks Nieuw-Nickerie UWV")] == [True, False, True]


ACCEPTED = Span(start=0, end=4, kind="persoon", label="zoon", rule="aanwijzing:zoon", confidence=0.95)


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("Daans fiets, daantje en DAAN", True, ["Daans", "daantje", "DAAN"]),
        ("zij zegt storm is ziek", True, ["storm"]),
        ("zij zegt storm is ziek", False, []),
        ("storm storm storm storm", True, []),
    ],
)
def test_find_again(text: str, own: bool, expected: list[str]) -> None:
    accepted = {form: ACCEPTED for name in ("daan", "storm") for form in name_forms(name)}
    words = split_words(text)
    again = find_again(
        words, bytearray(len(text)), accepted, CorpusWords.count([words]), accepted if own else {}
    )
    assert [text[s.start : s.end] for s in again] == expected


def test_a_country_is_a_place_that_says_so() -> None:
    words = split_words("Zij komt uit Syrië.")
    assert [s.label for s in find_names(words, CorpusWords.count([words]))] == ["land"]


@pytest.mark.parametrize(
    ("text", "rule", "kind", "expected"),
    [
        (
            "Toen kwam Davenport. Davenport lacht.",
            "hoofdletter",
            "persoon",
            ["Davenport", "Davenport"],
        ),  # a word the corpus knows as a name only
        ("Davenport naast davenport.", "hoofdletter", "persoon", []),
        ("Hij leert Nederlands.", "lijst:plaats", "plaats", []),
    ],
)
def test_find_again_at_a_sentence_start(text: str, rule: str, kind: str, expected: list[str]) -> None:
    known = Span(start=0, end=9, kind=kind, label=kind, rule=rule, confidence=0.75)
    words = split_words(text)
    accepted = dict.fromkeys(["davenport", "nederlands"], known)
    again = find_again(words, bytearray(len(text)), accepted, CorpusWords.count([words]))
    assert [text[s.start : s.end] for s in again] == expected
