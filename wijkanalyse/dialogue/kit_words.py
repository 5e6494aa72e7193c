"""What a facilitator says and asks in every session; the same on paper and in Word."""

from __future__ import annotations

HOW = (
    "Lees de voorkant van de kaart hardop. Lees daarna samen een verhaal dat erbij past, en altijd ook het tegenverhaal.",
    "Welk verhaal blijft hangen, en hoe? Omslag: hier kantelt iets. Stem: hier hoor je iemand die je anders niet hoort. Ontdekking: dit wist je nog niet. Of anders.",
    "Lees het patroon op minstens twee manieren, en schrijf erbij vanuit wie: inwoner, professional, beleid, buurt … Het hoeft niet hetzelfde te zijn.",
    "Wat zien we hier ontstaan, en is dat de bedoeling? Voelden mensen zich gezien, gehoord en gesteund? Hebben wij, of heeft het systeem, leed toegevoegd?",
    "Wat herkent niemand hier, en welke nieuwe vraag komt op? Onenigheid mag blijven staan: schrijf beide kanten op.",
    "Draai een verhaalkaart pas na het lezen om: achterop staat hoe de verteller het zelf plaatste.",
)
CONSENT = (
    "Zeg bij het begin: we schrijven op wat er gezegd wordt, zonder namen, en het komt terug bij de patronen. Wie dat niet wil, zegt het; dan schrijven we het niet op.",
    "De verhalen zijn van echte mensen en niemand weet van wie. Denk je iemand te herkennen? Noem geen naam, ook niet vragend, en leg de kaart weg.",
    "Niemand hoeft iets over zichzelf te vertellen. Een kaart overslaan of even weglopen mag altijd, zonder uitleg.",
    "Maak geen foto’s van de kaarten. Tel ze aan het begin en aan het eind, en neem ze weer mee.",
    "Spreek vooraf af wie er is als een verhaal iemand raakt. Vandaag is dat: ______________________",
    "Klinkt er gevaar dat nu speelt? Bespreek het na afloop apart, en volg de meldcode van je eigen organisatie.",
)
SAFE = (
    "Dit is geen meting. De kaarten zijn gekozen om hun verscheidenheid en niet om hun sterkte, en zeggen niets over hoe goed een team werkt. "
    "Vergelijk geen teams."
)
HARVEST = (
    "Kaart",
    "Welk verhaal bleef hangen? (omslag, stem, ontdekking, anders)",
    "Onze lezingen, en vanuit wie",
    "Nieuwe vraag; wat herkent niemand",
)
UNDISCUSSED = "nog niet besproken: {} van minstens twee lezingen"
ROOM = "Onze lezingen (minstens twee, en vanuit wie)"
