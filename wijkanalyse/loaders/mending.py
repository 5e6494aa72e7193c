"""What another program broke in the cells, mended where that is certain, and counted by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wijkanalyse.loaders.report import Guess
from wijkanalyse.loaders.values import column_letter

# What a spreadsheet shows where a formula failed, in English and in Dutch: no answer of anybody.
ERRORS = frozenset(
    "#REF! #N/A #NAME? #VALUE! #DIV/0! #NUM! #NULL! #SPILL! #CALC! #VERW! #N/B #NAAM? #WAARDE! #DEEL/0! #GETAL! #LEEG!".split()
)
# Half-decoded text has at least one of these; most cells need no further look.
SIGNS = "ÂÃÄÅâð"


def mend(rows: Sequence[Sequence[str]]) -> tuple[list[list[str]], list[Guess]]:
    """Return stripped rows without failed formulas, NUL characters and half-decoded text, and what was changed."""
    failed: Counter[int] = Counter()
    decoded: Counter[int] = Counter()
    n_nul = 0
    mended = [[cell.strip() for cell in row] for row in rows]
    for row in mended:
        for column, cell in enumerate(row):
            if cell[:1] == "#" and cell.upper() in ERRORS:
                failed[column] += 1
                row[column] = ""
                continue
            if "\x00" in cell:
                n_nul += cell.count("\x00")
                row[column] = cell = cell.replace("\x00", "").strip()
            if not cell.isascii() and any(sign in cell for sign in SIGNS):
                row[column] = _decoded(cell)
                decoded[column] += row[column] != cell
    guesses = [
        Guess(
            what=f"mislukte formules (zoals #REF! of #NAAM?) tellen als lege cel: {_columns(failed)}",
            overrule="verbeter ze in het bestand; stond er een verhaal dat met = of - begint, zet er dan een ' voor",
        ),
        Guess(
            what=f"verkeerd gelezen letters (zoals Ã© voor é) zijn hersteld: {_columns(decoded)}",
            overrule="vraag het bestand opnieuw op als .xlsx of als CSV UTF-8",
        ),
        Guess(
            what=f"{n_nul} onleesbare tekens (NUL) zijn weggelaten",
            overrule="bewaar het bestand opnieuw in het programma waar het vandaan komt",
        ),
    ]
    return mended, [guess for guess, n in zip(guesses, (failed, +decoded, n_nul), strict=True) if n]


def _decoded(cell: str) -> str:
    import ftfy

    # Only the encoding: curly quotes, ligatures and wide letters are somebody's own.
    return ftfy.fix_encoding(cell, replace_lossy_sequences=False, fix_c1_controls=False)


def _columns(counts: Counter[int]) -> str:
    """Say in which columns, and in how many cells of each."""
    shown = [f"kolom {column_letter(column)} ({n})" for column, n in sorted((+counts).items())]
    return ", ".join(shown[:12]) + (f" en nog {len(shown) - 12} kolommen" if len(shown) > 12 else "")
