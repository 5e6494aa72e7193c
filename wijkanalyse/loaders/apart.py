"""Work on a foreign file in a process of its own, which may use so much memory and time and no more.

A library that aborts on what it cannot bear, or never ends, takes nobody along.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 4 * 2**30  #: memory of the child; a million stories of 120 words take less
TOO_LONG = -99  #: what stands for the exit code when time was up; no system gives this one
_CHILD = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r}); "
    "from wijkanalyse.loaders.apart import bound; bound(); from {} import main; main()"
)


def run_apart(module: str, arguments: Sequence[str], data: bytes, seconds: float) -> tuple[int, bytes]:
    """Run `main` of a module with arguments and standard input; return its exit code and what it printed."""
    command = [sys.executable, "-c", _CHILD.format(module), *arguments]
    try:
        child = subprocess.run(command, input=data, capture_output=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return TOO_LONG, b""
    return child.returncode, child.stdout


def bound() -> None:
    """Bound the memory of this process."""
    with suppress(ImportError):  # Windows has no such limit; an abort there is caught all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
