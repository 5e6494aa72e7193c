"""The running order of a session: which group talks about which card, when, and what does not fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from wijkanalyse.dialogue.paper import plural
from wijkanalyse.errors import InputError
from wijkanalyse.language import listing

CARD, LONGEST_CARD = 10, 20  #: minutes for a card: less is no conversation, with more the others wait
FEWEST_CARDS, MOST_CARDS = 5, 10  #: for a group: less cannot be compared, more tires
FEWEST_PEOPLE, GROUP, MOST_PEOPLE = 3, 4, 200  #: three or four around a card
MIN_GROUPS = 2  #: at a card, because a pattern needs two readings
WELCOME, READING, PAUSE, HARVEST, CLOSING = 10, 10, 10, 15, 5
PAUSE_FROM = 150
SHORTEST = WELCOME + CARD + HARVEST + CLOSING


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A session on paper; cards are numbered from 1, in the order they were given."""

    groups: tuple[int, ...]  #: how many people in each
    card_minutes: int
    rounds: tuple[tuple[int, ...], ...]  #: for each group its cards, in order
    copies: int  #: of each card, so that no group has to wait for another
    steps: tuple[tuple[str, str], ...]  #: minutes and what: welkom, lezen, kaarten, pauze, ophalen, afronden
    warnings: tuple[str, ...]  #: Dutch


def plan_session(kinds: Sequence[str], *, participants: int, minutes: int) -> Plan:
    """Divide people over groups, and cards (of these kinds, in order) over groups and minutes.

    Raises InputError for what is no session.
    """
    if not FEWEST_PEOPLE <= participants <= MOST_PEOPLE or minutes < SHORTEST:
        raise InputError.one(
            what="Zo is er geen sessie te maken.",
            where=f"{participants} deelnemers, {minutes} minuten",
            expected=f"{FEWEST_PEOPLE} tot {MOST_PEOPLE} deelnemers en minstens {SHORTEST} minuten",
            now="Kies een ander aantal deelnemers, of neem meer tijd.",
        )
    # Five people are one group: in a group of two nobody listens.
    n_groups = max(1, min(-(-participants // GROUP), participants // FEWEST_PEOPLE))
    groups = tuple(participants // n_groups + (g < participants % n_groups) for g in range(n_groups))
    n, pause = len(kinds), PAUSE if minutes >= PAUSE_FROM else 0
    left = minutes - WELCOME - HARVEST - CLOSING - pause
    reading = READING if left >= READING + CARD else 0
    each = min(n, MOST_CARDS, (left - reading) // CARD)
    card_minutes = min(LONGEST_CARD, (left - reading) // each)
    spare = left - reading - each * card_minutes
    rounds = _rounds(n, n_groups, each)
    lengths = {
        "welkom": WELCOME,
        "lezen": reading,
        "kaarten": each * card_minutes,
        "pauze": pause,
        "ophalen": HARVEST + spare,
        "afronden": CLOSING,
    }
    ends = [sum(list(lengths.values())[: place + 1]) for place in range(len(lengths))]
    return Plan(
        groups=groups,
        card_minutes=card_minutes,
        rounds=rounds,
        copies=max(max(Counter(at_once).values()) for at_once in zip(*rounds, strict=True)),
        steps=tuple(
            (f"{end - lengths[what]}–{end}", what)
            for what, end in zip(lengths, ends, strict=True)
            if lengths[what]
        ),
        warnings=(*_too_short(n, each, minutes, left, reading), *_too_few(kinds, rounds)),
    )


def _rounds(n: int, n_groups: int, each: int) -> tuple[tuple[int, ...], ...]:
    """Give each group the cards after those of the group before it; who has the same ones begins at another."""
    rounds, seen = [], Counter[int]()
    for group in range(n_groups):
        start = group * each % n
        turn = seen[start] % each
        seen[start] += 1
        cards = [(start + place) % n + 1 for place in range(each)]
        rounds.append(tuple(cards[turn:] + cards[:turn]))
    return tuple(rounds)


def _too_short(n: int, each: int, minutes: int, left: int, reading: int) -> list[str]:
    wanted = min(FEWEST_CARDS, n)
    if each >= wanted:
        return []
    text = f"De tijd is krap: in {minutes} minuten bespreekt een groep {plural(each, 'kaart', 'kaarten')} van minstens {CARD} minuten. Om te "
    text += f"kunnen vergelijken zijn er {wanted} nodig, en daarvoor {minutes - left + READING + wanted * CARD} minuten."
    if reading:
        more = plural(min(n, left // CARD), "kaart", "kaarten")
        text += f" Wat kan vervallen: het stille lezen ({READING} minuten). Dan haalt een groep {more}."
    return [text]


def _too_few(kinds: Sequence[str], rounds: Sequence[Sequence[int]]) -> list[str]:
    times = Counter(number for cards in rounds for number in cards)
    few = [str(number) for number in range(1, len(kinds) + 1) if times[number] < MIN_GROUPS]
    if not few:
        return []
    text = f"Minder dan twee groepen bespreken kaart {listing(few)}, en een patroon vraagt twee lezingen."
    double = [str(number) for number in range(len(kinds), 1, -1) if kinds[number - 1] in kinds[: number - 1]]
    if double:
        text += f" Leg kaarten weg in deze volgorde, want van hun soort ligt er nog een: {', '.join(double)}."
    return [f"{text} Of vraag een groep om zelf twee lezingen te maken."]
