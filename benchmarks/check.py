"""Whether a stage became dearer: ratios to a bare library on the same machine, held against the stored ones."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.running import Run

STORED = Path(__file__).with_name("ratios.json")
SIZE, ROUNDS = 1_000, 5
#: So many times the stored ratio is a regression; less is noise of a shared machine.
TOLERANCE = {"processortijd": 1.4, "geheugen": 1.25}
YARDSTICK = "indelen"  # whose bare library a stage without one of its own is held against

Ratios = Mapping[str, Mapping[str, float]]


def ratios(
    ours: Mapping[str, Sequence[Run]], bare: Mapping[str, Sequence[Run]]
) -> dict[str, dict[str, float]]:
    """Return per stage how many times the bare library it takes, in time and in memory: the median of ratios within a round."""
    outcome = {}
    for stage, runs in ours.items():
        beside = bare[stage if stage in bare else YARDSTICK]
        pairs = list(zip(runs, beside, strict=False))  # a run that was stopped half-way has one more
        outcome[stage] = {
            "processortijd": round(statistics.median(one.cpu / other.cpu for one, other in pairs), 3),
            "geheugen": round(statistics.median(one.peak / other.peak for one, other in pairs), 3),
        }
    return outcome


def compare(stored: Ratios, now: Ratios) -> list[str]:
    """Return a Dutch sentence for each ratio that is beyond its tolerance, and for each that was not measured."""
    said = []
    for stage, what in stored.items():
        for name, before in what.items():
            after = now.get(stage, {}).get(name)
            if after is None:
                said.append(f"{stage}: {name} is niet gemeten.")
            elif after > before * TOLERANCE[name]:
                figures = f"{after:.2f} keer de kale bibliotheek, bewaard is {before:.2f}".replace(".", ",")
                most = f"{TOLERANCE[name]:g}".replace(".", ",")
                said.append(f"{stage} kost meer {name}: {figures} (hoogstens {most} keer zoveel mag).")
    return said


def verdict(now: Ratios, *, keep: bool) -> int:
    """Print how the ratios compare with the stored ones, or store them; return what the command exits with."""
    if keep:
        STORED.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"Bewaard in {STORED.name}.")
        return 0
    problems = compare(json.loads(STORED.read_text(encoding="utf-8")), now)
    print("\n".join(problems) if problems else "Geen stap kost meer dan bewaard is, binnen de speling.")
    return 1 if problems else 0
