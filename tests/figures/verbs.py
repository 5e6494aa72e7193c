"""All plot verbs, each with the material it wants: the tests walk this list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import wijkanalyse as wa

#: Verb → how it is called on themes (a `Themes`, or what looks like one).
VERBS: dict[str, Callable[[Any], Any]] = {
    "plot_theme_map": wa.plot_theme_map,
    "plot_voices": wa.plot_voices,
}
