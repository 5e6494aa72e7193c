from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkanalyse.privacy.ages import age_label
from wijkanalyse.privacy.identifiers import Span, date_label, find_identifiers

# kind, sentence with the place between « and »
POSITIVE = [
    *(("bsn", text) for text in (
        "Mijn bsn is «111222333».", "«123456782» stond erop", "nummer «111.222.333» op de brief", "bsn «1112 22 333»",
        "burgerservicenummer: «123456789»", "BSN «111 222 333»",
    )),
    *(("iban", text) for text in (
        "over op «NL91 ABNA 0417 1643 00» graag", "«NL91ABNA0417164300»", "rekening «nl91abna0417164300»", "«BE68 5390 0754 7034»",
        "«NL00RABO0123456789» klopte niet",
    )),
    *(("telefoon", text) for text in (
        "Bel «06 00 12 34 56».", "bel «0600123456»", "app «06-00123456» even", "«06.00.12.34.56»", "«+31 6 00123456»", "«0031600123456»",
        "«+31 (0)6 00 12 34 56»", "«085 000 1234»", "«(085) 000 12 34»", "«085-0001234»", "«0850 001 234»", "«06 - 00 12 34 56»", "«06/00123456»",
        "«06 00 12 34 567», na vijven",
    )),
    *(("email", text) for text in (
        "mail «j.de.wit@voorbeeld.nl» maar", "«info@sub.example.org»", "«a+b@example.frl»", "«jan(at)example.nl»",
    )),
    *(("url", text) for text in ("kijk op «https://www.example.nl/a?b=1»", "«www.voorbeeld.nl»", "via «voorbeeld.nl/aanmelden» ging", "op «example.org».")),
    *(("handle", text) for text in ("volg «@buurt_noord»", "zie «@jan.w2»")),
    *(("kenteken", f"auto «{plate}» stond") for plate in (
        "AB-12-34", "12-34-AB", "12-AB-34", "AB-12-CD", "AB-CD-12", "12-AB-CD", "12-ABC-3", "1-ABC-23", "AB-123-C", "A-123-BC", "ABC-12-D",
        "A-12-BCD", "1-AB-234", "123-AB-4", "kh-482-p",
    )),
    ("kenteken", "kenteken «AB 123 C» reed weg"),
    *(("postcode", text) for text in ("in «1234 AB» woont", "«1234AB»", "op «1234ab» nummer")),
    *(("straat", text) for text in (
        "op de «Dorpsstraat 12» woont", "«Lange Vijverberg­straat 3»".replace("­", ""), "«Kerkweg 12-III»", "in de «Hofstraat 12a»", "«Molenlaan nummer 8-2»",
        "in de «Molenstraat» werd", "«Burgemeester de Witstraat 5»", "aan de «Laan van Meerdervoort 100»", "«Noordplein 3»", "op «Oosterpark 14»",
        "op de «kerkstraat 12» woont",
    )),
    ("straat", "de bewoners van nummer «8-2» klaagden"),
    *(("dossiernummer", text) for text in (
        "dossier «WT-2023-00412» ligt", "zaaknummer «Z12345»", "kenmerk: «AB/12.345»", "melding «R-230914-77»", "klantnummer is «88123»", "«AWB-23-1234»",
        "zaak «WT2023-00412»",
    )),
    ("document", "paspoort «NXR8K54L1» verlopen"),
    ("nummer", "meter «12345678» afgelezen"),
    *(("datum", text) for text in (
        "op «3 maart» kwam", "«3 maart 2021»", "sinds «mei 2021»", "«12 mrt» gebeld", "«3-11-'19»", "«3-11-2019»", "«3/11/19»", "«03.11.2019»", "«2019-11-03»",
        "op «8/11» was", "de «eerste mei» was", "op «drieëntwintig mei»", "«1e juni»", "«14 febr. '22»", "«3 en 4 april»", "Op «3, 10 en 11 oktober» niet",
        "«mei '21»", "van «2 t/m 5 juli»", "op «31 dec» knalde", "de «3e van maart»",
    )),
    ("datum", "gebeld.\n«8/11». Crisisdienst belde"),
    *(("leeftijd", text) for text in (
        "mijn zoon van «12»", "Daan («73») kwam", "ze is «86» geworden", "hij is «drieëntwintig jaar»", "Ik ben «19» dus", "een «12»-jarige", "een «16»jarig meisje",
        "mijn dochter Lot is «26 jaar», zij", "Kaan, «15», heeft", "mevrouw Smit, «88 jaar», woont", "toen ik «twintig» werd", "als je «18» bent", "sinds m'n «27e»",
        "op mijn «82ste» ga ik", "In maart werd ik «59» en", "mijn zoon wordt volgende maand «13».", "mensen boven de «negentig»", "haar «negende» verjaardag",
        "«zes weken» oud", "ze was misschien «22» en", "die vrouw zal «35» zijn", "een man van «47», moe", "iemand van «achtentachtig» moet", "kinderen van 4 en «7»",
        "ik ben «zeventien» en", "leeftijd: «44»", "«18 maanden» oud", "mijn moeder (bijna «90») belde",
        "een kind van «6» midden in een hap", "schoof bij mij aan, «61» nu.",
    )),
]  # fmt: skip

NEAR_MISSES = [
    "Dat kost € 1.250,00 of 43 euro 20.", "Om 06:30 gaat de wekker.", "om 06.30 uur", "de Wet langdurige zorg 2015", "de Jeugdwet 2015 en de Wmo 2015",
    "een 3-jarig contract", "De bus is 17,80.", "We zijn 12 jaar getrouwd.", "nummer 3 in de rij", "Ik was 12 jaar in dienst.", "Hij was 20 jaar met haar.",
    "Het werd 80.", "de norm is 24.", "Dat is acht.", "twee dagen later", "groep 8 van de school", "in 2019 begon het", "bel 0800 1234 of 0900 8844",
    "een half jaar geleden", "ik ben 3 keer geweest", "vier van de vijf", "een bedrag van 47,50", "10-12 mensen", "5-6 weken", "1 op de 3", "maat 38",
    "Onderweg viel hij.", "Snelweg dicht.", "36 uur per week", "mijn tweede kant", "een tienjarige overeenkomst", "vanaf 18.00 uur",
    "op nummer 1 staat geld", "a.u.b. en z.s.m.", "mei was koud", "in januari", "12% minder", "artikel 2.3.5", "formulier 3a", "€ 1234 al betaald", "1-2-3 klaar", "een kind van 6 euro per dag",
    "we zien elkaar @ 10.30", "zaak 12 van de lijst", "de trein van 8 en de bus van 9", "hij woont op de laan, 2 hoog",
]  # fmt: skip


def _marked(sentence: str) -> tuple[str, int, int]:
    start = sentence.index("«")
    return sentence.replace("«", "").replace("»", ""), start, sentence.index("»") - 1


@pytest.mark.parametrize(("kind", "sentence"), POSITIVE)
def test_finds_exactly_the_place(kind: str, sentence: str) -> None:
    text, start, end = _marked(sentence)
    found = [(span.start, span.end, span.kind) for span in find_identifiers(text)]
    assert (start, end, kind) in found


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_near_miss_stays(sentence: str) -> None:
    assert find_identifiers(sentence) == []


def test_bsn_that_fails_the_check_is_only_a_number() -> None:
    assert [(s.kind, s.label, s.confidence) for s in find_identifiers("pas 123456789 kwijt")] == [
        ("bsn", "nummer", 0.7)
    ]


def test_several_kinds_in_one_sentence() -> None:
    text = "Bel 06 00 12 34 56 of mail a@example.nl op 3 maart."
    assert [(s.start, s.end, s.label) for s in find_identifiers(text)] == [
        (4, 18, "telefoon"), (27, 39, "email"), (43, 50, "datum in de lente"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("age", "label"),
    [
        (0, "0–4"),
        (4, "0–4"),
        (5, "5–9"),
        (19, "15–19"),
        (20, "20–29"),
        (79, "70–79"),
        (80, "80+"),
        (104, "80+"),
    ],
)
def test_age_bands(age: int, label: str) -> None:
    assert age_label(age) == f"leeftijd {label}"


def test_months_of_age_count_as_years() -> None:
    assert [s.label for s in find_identifiers("Hij is 18 maanden oud.")] == ["leeftijd 0–4"]


@pytest.mark.parametrize(
    ("month", "season"), [(1, "winter"), (3, "lente"), (6, "zomer"), (11, "herfst"), (12, "winter")]
)
def test_seasons(month: int, season: str) -> None:
    assert date_label(month) == f"datum in de {season}"


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2)])
def test_span_refuses_impossible_offsets(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start < end"):
        Span(start=start, end=end, kind="x", label="x", rule="x")


# Generated identifiers in generated sentences.
_D = st.sampled_from("0123456789")


def _digits(n: int) -> st.SearchStrategy[str]:
    return st.text(_D, min_size=n, max_size=n)


def _bsn_of(head: str) -> str | None:
    total = sum(int(d) * w for d, w in zip(head, range(9, 1, -1), strict=True)) % 11
    return None if total == 10 or head.startswith("00") else head + str(total)


def _iban_of(parts: tuple[str, str]) -> str:
    body = "".join(str(ord(c) - 55) if c.isalpha() else c for c in parts[0] + parts[1] + "NL00")
    return f"NL{98 - int(body) % 97:02d}{parts[0]}{parts[1]}"


_LETTERS = st.text(st.sampled_from("BDFGHJKLNPRSTVXZ"), min_size=1, max_size=3)
_SHAPES = [
    "XX-99-99",
    "99-99-XX",
    "99-XX-99",
    "XX-99-XX",
    "XX-XX-99",
    "99-XX-XX",
    "99-XXX-9",
    "9-XXX-99",
    "XX-999-X",
    "X-999-XX",
    "XXX-99-X",
    "X-99-XXX",
    "9-XX-999",
    "999-XX-9",
]


@st.composite
def _plates(draw: st.DrawFn) -> str:
    shape = draw(st.sampled_from(_SHAPES))
    return "".join(
        draw(st.sampled_from("BDFGHJKLNPRSTVXZ")) if c == "X" else draw(_D) if c == "9" else c for c in shape
    )


_MONTHS = [
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
    "jan",
    "feb",
    "mrt",
    "apr",
    "aug",
    "okt",
    "nov",
    "dec",
]
GENERATED = {
    "bsn": _digits(8).map(_bsn_of).filter(bool),
    "iban": st.tuples(
        st.tuples(st.sampled_from(["ABNA", "RABO", "INGB", "TRIO"]), _digits(10)).map(_iban_of), st.sampled_from(["", " ", ".", "-"]),
    ).map(lambda p: p[1].join(p[0][at : at + 4] for at in range(0, 18, 4))),
    "telefoon": st.one_of(
        st.tuples(
            st.sampled_from(["06", "06 ", "06-", "+316", "+31 6 ", "00316", "+31 (0)6 ", "(06) "]), _digits(8), st.sampled_from(["", " ", "-", "."]),
        ).map(lambda p: p[0] + p[2].join(p[1][at : at + 2] for at in (0, 2, 4, 6))),
        st.tuples(st.sampled_from(["085 ", "(085) ", "085-", "+31 85 "]), _digits(6), st.sampled_from(["", " "])).map(
            lambda p: f"{p[0]}2{p[1][:2]}{p[2]}{p[1][2:]}"
        ),
    ),
    "handle": st.from_regex(r"@[a-z]{2,9}(_[a-z]{2,4}|[0-9]{2}|\.[a-z]{2,5})?", fullmatch=True),
    "document": st.from_regex(r"N[A-NP-Z][A-NP-Z0-9]{5}[A-NP-Z0-9][0-9]", fullmatch=True),
    "email": st.tuples(st.from_regex(r"[a-z][a-z0-9]{1,8}", fullmatch=True), st.sampled_from(["@example.nl", "@voorbeeld.org", " @ post.example.info", "(at)example.amsterdam", " [at] example.nl"])).map("".join),
    "url": st.from_regex(r"(https://|www\.)[a-z]{2,9}\.(nl|org|com)", fullmatch=True),
    "kenteken": _plates(),
    "postcode": st.from_regex(r"[1-9][0-9]{3} {0,2}[B-HJ-NP-RT-Z]{2}", fullmatch=True),
    "dossiernummer": st.from_regex(r"(WT|ZK|DOS)[-/]20[12][0-9][-/][0-9]{5}|ZK20[12][0-9]-[0-9]{6}", fullmatch=True),
    "datum": st.one_of(
        st.tuples(st.integers(1, 28), st.sampled_from(_MONTHS)).map(lambda p: f"{p[0]} {p[1]}"),
        st.tuples(st.integers(1, 28), st.integers(1, 12), st.integers(1930, 2026)).map(lambda p: f"{p[0]}-{p[1]}-{p[2]}"),
        st.tuples(st.sampled_from(_MONTHS), st.integers(1930, 2026)).map(lambda p: f"{p[0]} {p[1]}"),
        st.tuples(st.integers(1, 28), st.sampled_from(_MONTHS), st.sampled_from([" ", ", ", " '", " van "]), st.integers(1930, 1999)).map(
            lambda p: f"{p[0]}{'e ' if p[2] == ' van ' else ' '}{p[1]}{p[2]}{p[3] % 100 if p[2] == chr(32) + chr(39) else p[3]}"
        ),
        st.tuples(st.integers(1, 28), st.integers(1, 12), st.sampled_from("-/."), st.integers(30, 99)).map(
            lambda p: f"{p[0]:02}{p[2]}{p[1]:02}{p[2]}{p[3]}"
        ),
    ),
    "straat": st.tuples(
        st.sampled_from(["Kerk", "Molen", "2e Wilgen", "Jan van Galen", "Burgemeester Smits", "Prinses Beatrix"]),
        st.sampled_from(["straat", "laan", "weg", "plein", "singel", "hof", "pad", "kade", "markt"]),
        st.integers(1, 999), st.sampled_from(["", "a", "-2", "-III", " b", " bis", " hs", " 2 hoog", "-1e", " II"]),
    ).map(lambda p: f"{p[0]}{p[1]} {p[2]}{p[3]}"),
    "leeftijd": st.tuples(st.sampled_from(["mijn zoon van ", "Ik ben ", "mijn vader is ", "mijn kind van ", "onze zoon wordt morgen ", "mijn oma werd "]), st.integers(2, 99)).map(lambda p: f"{p[0]}{p[1]}"),
}  # fmt: skip
_FRAMES = st.sampled_from(
    [
        "Toen zei ze: {} en dat was het.",
        "{}",
        "Ik schreef {}, niemand keek.",
        "het was {} volgens mij",
        "Dus ({}) klopt.",
    ]
)


@pytest.mark.parametrize("kind", sorted(GENERATED))
def test_generated_identifier_is_always_masked(kind: str) -> None:
    @settings(max_examples=320, deadline=None, derandomize=True, database=None)
    @given(GENERATED[kind], _FRAMES)
    def check(value: str, frame: str) -> None:
        text = frame.format(value)
        covered = {i for span in find_identifiers(text) for i in range(span.start, span.end)}
        start = text.index(value)
        wanted = re.compile(r"\d+" if kind == "leeftijd" else r"\w+")
        left = [
            m.group()
            for m in wanted.finditer(text, start, start + len(value))
            if not set(range(*m.span())) <= covered
        ]
        assert left == []

    check()


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.one_of(
            *GENERATED.values(),
            st.text(max_size=12),
            st.sampled_from(["de", "van", "en ", "\n", "Jan", "is"]),
        ),
        max_size=8,
    ).map(" ".join)
)
def test_spans_are_sorted_and_never_overlap(text: str) -> None:
    spans = find_identifiers(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


def test_a_place_is_found_anywhere_in_a_long_text() -> None:
    # The rules look near what betrays a kind; nothing may fall outside.
    filler = "Er gebeurde verder niets bijzonders die dag. " * 6
    for kind, sentence in POSITIVE:
        if "\n" not in sentence:
            bare, start, end = _marked(sentence)
            found = {(s.start, s.end, s.kind) for s in find_identifiers(f"{filler}{bare}\n{filler}")}
            assert (len(filler) + start, len(filler) + end, kind) in found, sentence
