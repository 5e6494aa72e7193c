"""How well the themes are found, and how fast: ``python -m benchmarks.themes [--data MAP] [--no-peers] [--speed [--large]]``.

Prints Markdown tables. The sample is held against its gold (read by hand), with other methods beside it on the same lemmas;
then with its words dealt out anew, when there is nothing to find. ``--data`` does the same for a folder of labelled sets:
every ``*.csv`` there with columns ``text;label``. ``--speed`` measures only time and memory. The sample was written by the
same hands as the word fields: it shows the direction, no proof.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from benchmarks.themes.cases import load_sample_case
from benchmarks.themes.methods import OURS, PEERS, warm_up
from benchmarks.themes.speed import child, print_speed
from benchmarks.themes.tables import (
    number,
    print_data,
    print_limit,
    print_null,
    print_numbers,
    print_sample,
    print_shares,
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="map met gelabelde sets: *.csv met kolommen text;label")
    parser.add_argument(
        "--peers", action=argparse.BooleanOptionalAction, default=True, help="meet ook andere methoden"
    )
    parser.add_argument("--speed", action="store_true", help="meet alleen tijd en geheugen")
    parser.add_argument("--large", action="store_true", help="met --speed: ook 100.000 verhalen")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        child(options.child)
        return
    names = ("numpy", "scipy", "scikit-learn", "simplemma", "bertopic", "umap-learn", "hdbscan", "numba")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    print(f"Python {sys.version.split()[0]}, {versions}\n")
    if options.speed:
        print_speed(large=options.large)
        return
    methods = OURS | PEERS if options.peers else OURS
    if options.peers:
        print(
            f"BERTopic inlezen en UMAP vertalen: {number(warm_up(), 1)} s; telt nergens mee. De seconden van wijkanalyse zijn heel `wa.find_themes`, met stevigheid en kaart; die van de andere vanaf lemma’s tot labels.\n"
        )
    case = load_sample_case()
    print_sample(case, methods)
    print_shares(case)
    print_numbers(case)
    print_null(case)
    print_limit(case)
    if options.data:
        print_data(options.data, methods)


if __name__ == "__main__":
    main()
