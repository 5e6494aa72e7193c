"""Which rows are stories: what is set apart and why, so that read = kept + set apart, always.

A story is set apart where it would count twice, or where masking, which knows Dutch, cannot protect who is in it. Each reason is
counted, and what may be a mistake can be kept (`keep`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from wijkanalyse.language import first_copies, listing, other_language
from wijkanalyse.loaders.report import Guess

EMPTY, DUPLICATE = "lege rij", "letterlijk dubbel"
FILLER, TEST = "vulantwoord zoals ‘geen’ of ‘n.v.t.’", "proefinvoer zoals ‘dit is een test’"
NEAR, FOREIGN = "bijna dubbel", "niet Nederlands"
KEEPABLE = ("vulantwoord", "proefinvoer", NEAR, FOREIGN)  #: how `keep` and --houd call them

# Answers that stand for "no story"; compared in lower case without punctuation.
FILLERS = frozenset(
    "geen nvt niet niets niks nee ja xxx xx x weetniet weetikniet geenidee geenverhaal geenantwoord geenmening "
    "geenopmerkingen geencommentaar zieboven".split()
)
LETTER = re.compile(r"[^\W_]")
SHORT = 60  #: characters; a longer text is no filler and no test
_TEST_WORDS = (
    r"(?:(?:dit|is|een|maar|even|nog|ik|om|te|kijken|zien|of|het|dat|werkt|de|alleen|voor|\d+) )*"
    r"(?:test|tests|testje|testen|testing|testverhaal|testinvoer|testbericht|testantwoord|proefinvoer)"
    r"(?: (?:test|testen|dit|is|een|of|het|dat|werkt|\d+))*"
)
# Runs over the keyboard (asdf, qwerty) and one to four letters that keep coming back.
_KEYS = r"(?:\w*(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|rtyu|uiop|zxcv|xcvb|cvbn)\w*|(\w{1,4}?)\1{2,}\w?)"
TESTS = re.compile(rf"{_TEST_WORDS}|{_KEYS}(?: \w*(?:sdf|dfg|fgh|hjk|jkl|qwe|xcv)\w*)*|lorem ipsum.*")
# Of these a Dutch story has at least three, and a story in another language does not.
DUTCH = tuple(f" {word} " for word in "het een niet ik van dat maar voor naar ze".split())
KEY = 150  #: characters that near copies share at the begin, further on, or at the end
SHARE = 5  #: or of a short story a fifth
FAR = 64  #: characters that tell at once that a story is like no other


def plain(text: str) -> str:
    """Return a text as it is compared: two stories that differ in this are two stories."""
    folded = text.lower() if text.isascii() else text.casefold()
    # Of all white space only the plain space is printable: most texts need not be taken apart.
    return folded if folded.isprintable() and "  " not in folded else " ".join(folded.split())


def plain_each(texts: Sequence[str]) -> Iterator[str]:
    """Give what `plain` does of many stripped texts, some hundred at a time: as bytes that takes a third of the time."""
    import numpy as np

    for at in range(0, len(texts), 256):
        block = texts[at : at + 256]
        data = "\x1f".join(block).encode("utf-8", "surrogatepass").translate(_LOWER)
        is_space = np.frombuffer(data, dtype=np.uint8) == ord(" ")
        again = np.flatnonzero(is_space[1:] & is_space[:-1])
        if len(again):
            data = np.delete(np.frombuffer(data, dtype=np.uint8), again).tobytes()
        folded = data.decode("utf-8", "surrogatepass")
        other = set(data.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
        for letter in {one for one in other if one != one.casefold()}:
            folded = folded.replace(letter, letter.casefold())
        cut = folded.split("\x1f")
        yield from cut if "".join(other).isprintable() and len(cut) == len(block) else map(plain, block)


# Capitals to small letters and white space to spaces, but for the mark between two texts.
_ASCII = bytes(range(128))
_LOWER = "".join(" " if chr(n).isspace() and n != 0x1F else chr(n).lower() for n in range(128)).encode()
_LOWER += bytes(range(128, 256))


def find_stories(
    texts: Sequence[str], tellers: Sequence[str], keep: Sequence[str] = ()
) -> tuple[list[bool], dict[str, int], list[Guess]]:
    """Find which texts are stories to keep.

    Two tellers may tell the same: only where the teller is the same, or unknown, a copy is set apart.

    Parameters
    ----------
    texts : sequence of str
        In an order that does not depend on that of the file: of equals the first is kept.
    tellers : sequence of str
        Empty where unknown.
    keep : sequence of str
        Reasons (`KEEPABLE`) for which nothing is set apart.

    Returns
    -------
    tuple
        Which texts are kept, how many are not by reason, and what to say about them.
    """
    reasons = [""] * len(texts)
    languages: Counter[str] = Counter()
    first: dict[tuple[int, str], int] = {}
    keys: list[tuple[tuple[str, str, str], int]] = []
    for row, compared in enumerate(plain_each(texts)):
        reasons[row] = _why_none(compared)
        if reasons[row] and not reasons[row].startswith(tuple(keep)):
            continue
        same = first.setdefault((hash(compared), tellers[row]), row)
        if same != row and plain(texts[same]) == compared:
            reasons[row] = DUPLICATE
            continue
        keys.append((_keys(compared), row))
        if not _has_three(DUTCH, compared) and (language := other_language(texts[row])):
            languages[language] += 1
            reasons[row] = FOREIGN
    said: list[tuple[str, str]] = []
    if 2 * reasons.count(FOREIGN) > len(keys):  # a corpus in another language is not set apart from itself
        reasons = ["" if reason == FOREIGN else reason for reason in reasons]
    if languages:
        named = listing([f"{n} {name}" for name, n in sorted(languages.items())])
        how = f"vertaal ze, of houd ze en kijk ze extra goed na: {_how(FOREIGN)}"
        said.append((f"niet in het Nederlands: {named}. Maskeren kent alleen Nederlands", how))
    for row in _near_copies(texts, tellers, keys):
        reasons[row] = reasons[row] or NEAR
    kept = [not reason or reason.startswith(tuple(keep)) for reason in reasons]
    counts = Counter(reason for reason, stays in zip(reasons, kept, strict=True) if not stays)
    tellers_of = Counter(number for (number, _), row in first.items() if kept[row])
    if shared := sum(n - 1 for n in tellers_of.values()):
        how = "is het dezelfde verteller? Geef haar dan overal hetzelfde nummer"
        said.append((f"letterlijk gelijk aan een verhaal van een ander, en toch gebleven: {shared}", how))
    if NEAR in counts:
        told = f"{counts[NEAR]} verhalen zijn bijna gelijk aan een ander van dezelfde (of een onbekende) verteller; "
        said.append((f"{told}het langste is gebleven", _how(NEAR)))
    if TEST in counts:
        said.append((f"{counts[TEST]} keer proefinvoer", _how("proefinvoer")))
    guesses = [Guess(what=what, overrule=overrule) for what, overrule in said]
    order = (EMPTY, FILLER, TEST, DUPLICATE, NEAR, FOREIGN)
    return kept, {reason: counts[reason] for reason in order if reason in counts}, guesses


def _how(reason: str) -> str:
    return f'--houd "{reason}" of keep=["{reason}"]'


def _why_none(compared: str) -> str:
    if not compared:
        return EMPTY
    if len(compared) > SHORT:
        return "" if LETTER.search(compared) else FILLER
    if re.sub(r"[\W_]+", "", compared) in FILLERS | {""}:
        return FILLER
    return TEST if TESTS.fullmatch(re.sub(r"[\W_]+", " ", compared).strip()) else ""


def _has_three(words: Sequence[str], text: str) -> bool:
    """Tell whether three of these stand in a text; most texts have them early."""
    found = 0
    for word in words:
        found += word in text
        if found == 3:
            return True
    return False


def _keys(compared: str) -> tuple[str, str, str]:
    """Return the begin, a part from the end of a sentence on, and the end from back to front."""
    further = compared.find(". ", KEY) + 2
    return compared[:KEY], compared[further : further + KEY] if further > 1 else "", compared[: -KEY - 1 : -1]


def _alike(one: str, other: str) -> bool:
    """Tell whether most of eight short pieces of a text stand in another: of two copies they do."""
    return sum(one[i : i + 12] in other for i in range(0, len(one), len(one) // 8 + 1)) > 4


def _near_copies(
    texts: Sequence[str], tellers: Sequence[str], keys: list[tuple[tuple[str, str, str], int]]
) -> list[int]:
    """Return the rows that tell what a longer story of the same teller tells.

    Copies are what `first_copies` says. It is asked only about stories of which a part is equal to that of a neighbour in
    alphabetical order: otherwise it would take ten times as long as reading the file.
    """
    close: set[int] = set()
    sizes = [min(KEY, len(text) // SHARE) for text in texts]
    for part in range(3):
        often = Counter(found[part][:FAR] for found, _ in keys)
        likely = {(found[part], row) for found, row in keys if often[found[part][:FAR]] > 1}
        # What a short story may share is short: the highest power of two within its size.
        short = {
            found[part][: 1 << sizes[row].bit_length() - 1] for found, row in keys if 1 < sizes[row] < FAR
        }
        for n in {len(begin) for begin in short if begin}:
            likely |= {(found[part], row) for found, row in keys if found[part][:n] in short}
        # By row among equals: the order may not depend on that of the file.
        for (one, row), (other, next_row) in pairwise(sorted(likely)):
            if one[:2] != other[:2]:  # of most pairs this is all that is looked at
                continue
            size = min(sizes[row], sizes[next_row])
            if len(one) >= size > 1 and one.startswith(other[:size]) and _alike(texts[row], texts[next_row]):
                close |= {row, next_row}
    by_teller: dict[str, list[int]] = {}
    for row in sorted(close, key=lambda row: (-len(texts[row]), row)):
        by_teller.setdefault(tellers[row], []).append(row)
    copies = []
    for rows in by_teller.values():
        found = first_copies([plain(texts[row]).split() for row in rows])
        copies += [row for number, row in enumerate(rows) if found[number] != number]
    return copies
