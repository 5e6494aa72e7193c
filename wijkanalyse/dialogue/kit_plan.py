"""The running order of a session: which group talks about which card, when, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wijkanalyse.errors import InputError
from wijkanalyse.language import listing

GROUP = 4  #: people around a card at most; three can also do it
CARD, LONGEST_CARD = 10, 20  #: minutes for a card: less is no conversation, more and the others wait
FEWEST_CARDS, MOST_CARDS = 5, 10  #: for a group: less cannot be compared, more tires
MIN_GROUPS = 2  #: at a card, because a pattern needs two readings
WELCOME, READING, PAUSE, HARVEST, CLOSING = 10, 10, 10, 15, 5
PAUSE_FROM = 150
FEWEST_PEOPLE, MOST_PEOPLE = 3, 200
SHORTEST = WELCOME + CARD + HARVEST + CLOSING


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A session on paper; cards are numbered from 1, in the order they were given."""

    groups: tuple[int, ...]  #: how many people in each
    card_minutes: int
    rounds: tuple[tuple[int, ...], ...]  #: for each group its cards, in order
    copies: int  #: of each card, so that no group has to wait for another
    steps: tuple[tuple[str, str, str], ...]  #: minutes, what, how
    warnings: tuple[str, ...]  #: Dutch


def plan_session(kinds: Sequence[str], *, participants: int, minutes: int) -> Plan:
    """Divide people over groups and cards over groups and minutes.

    Parameters
    ----------
    kinds : sequence of str
        The kind of each card, in order.
    participants, minutes : int

    Raises
    ------
    InputError
        With fewer than three people, or too little time for one card.
    """
    if not FEWEST_PEOPLE <= participants <= MOST_PEOPLE or minutes < SHORTEST:
        raise InputError.one(
            what="Zo is er geen sessie te maken.", where=f"{participants} deelnemers, {minutes} minuten",
            expected=f"{FEWEST_PEOPLE} tot {MOST_PEOPLE} deelnemers en minstens {SHORTEST} minuten",
            now="Kies een ander aantal deelnemers, of neem meer tijd.",
        )  # fmt: skip
    # Five people are one group: a group of two has nobody who listens.
    n_groups = max(
        n for n in range(1, -(-participants // GROUP) + 1) if n == 1 or participants // n >= FEWEST_PEOPLE
    )
    groups = tuple(participants // n_groups + (g < participants % n_groups) for g in range(n_groups))
    n, pause = len(kinds), PAUSE if minutes >= PAUSE_FROM else 0
    fixed = WELCOME + HARVEST + CLOSING + pause
    # Where there is no time for a card after the silent reading, the reading goes.
    reading = READING if minutes - fixed - READING >= CARD else 0
    time = minutes - fixed - reading
    each = min(n, MOST_CARDS, time // CARD)
    card_minutes = min(LONGEST_CARD, time // each)
    rounds = _rounds(n, n_groups, each)
    copies = max(max(Counter(at_once).values()) for at_once in zip(*rounds, strict=True))
    lengths = (
        (WELCOME, "Welkom", "Waarom we hier zijn, wat er met jullie woorden gebeurt, en de afspraken over veiligheid."),
        (reading, "Stil lezen", "Iedereen leest drie blinde verhaalkaarten en houdt er één bij zich die blijft hangen."),
        (each * card_minutes, f"{_cards(each)} per groep",
         f"{card_minutes} minuten per kaart: lees voor, praat, schrijf op. Daarna schuift de kaart door (zie de tabel hieronder)."),
        (pause, "Pauze", "Leg dit halverwege de kaarten."),
        (minutes - fixed - reading - each * card_minutes + HARVEST, "Ophalen",
         "Elke groep noemt één lezing waar ze het níét over eens werd, en één verhaal dat bleef hangen. Niemand vat samen tot één conclusie."),
        (CLOSING, "Afronden", "Wat nemen we mee, wie doet wat, en wanneer horen de aanwezigen wat ermee gebeurde?"),
    )  # fmt: skip
    steps, at = [], 0
    for length, what, how in lengths:
        if length:
            steps.append((f"{at}–{at + length}", what, how))
            at += length
    return Plan(
        groups=groups, card_minutes=card_minutes, rounds=rounds, copies=copies, steps=tuple(steps),
        warnings=tuple(_warnings(kinds, rounds, each, minutes, fixed, reading)),
    )  # fmt: skip


def _rounds(n: int, n_groups: int, each: int) -> tuple[tuple[int, ...], ...]:
    """Give each group the cards that follow those of the group before it; the same cards start at another one."""
    rounds, seen = [], Counter[int]()
    for group in range(n_groups):
        start = group * each % n
        turn = seen[start] % each
        seen[start] += 1
        cards = [(start + place) % n + 1 for place in range(each)]
        rounds.append(tuple(cards[turn:] + cards[:turn]))
    return tuple(rounds)


def _warnings(
    kinds: Sequence[str], rounds: Sequence[Sequence[int]], each: int, minutes: int, fixed: int, reading: int
) -> list[str]:
    n, found = len(kinds), []
    spare = [number for number in range(n, 0, -1) if kinds[number - 1] in kinds[: number - 1]]
    if each < min(FEWEST_CARDS, n):
        wanted = min(FEWEST_CARDS, n)
        found.append(
            f"De tijd is krap: in {minutes} minuten bespreekt een groep {_cards(each)} van minstens {CARD} minuten, en "
            f"{_cards(wanted)} is het minste om te kunnen vergelijken. Daarvoor zijn {fixed + READING + wanted * CARD} minuten nodig."
        )
        if reading:
            more = min(n, (minutes - fixed) // CARD)
            found.append(
                f"Wat kan vervallen: het stille lezen ({READING} minuten). Dan haalt een groep {_cards(more)}."
            )
    times = Counter(number for cards in rounds for number in cards)
    nowhere = [number for number in range(1, n + 1) if not times[number]]
    once = [number for number in range(1, n + 1) if 0 < times[number] < MIN_GROUPS]
    if nowhere:
        found.append(
            f"Geen groep komt toe aan kaart {listing([str(number) for number in nowhere])}. Laat kaarten weg of neem meer tijd."
        )
    if once:
        found.append(
            f"Maar één groep bespreekt kaart {listing([str(number) for number in once])}. Een patroon vraagt twee lezingen: vraag die groep er "
            "zelf twee te maken, of laat kaarten weg."
        )
    if (nowhere or once) and spare:
        found.append(
            f"Weglaten kan het best in deze volgorde, want van hun soort ligt er nog een: kaart {', '.join(map(str, spare))}."
        )
    return found


def _cards(n: int) -> str:
    return f"{n} {'kaart' if n == 1 else 'kaarten'}"
