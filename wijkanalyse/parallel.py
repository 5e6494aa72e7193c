"""More than one core: the same work, in the same order, to the same bytes.

What is random gets its seed per round, never per worker, so that it does not matter who does what.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from wijkanalyse.errors import InputError

Result = TypeVar("Result")


def workers(n_jobs: int | None, n: int, least: int) -> int:
    """Return how many workers to use: as many as asked; or one for fewer than `least` items, and otherwise one per core.

    Raises
    ------
    InputError
        When less than one is asked.
    """
    if n_jobs is None and n < least:
        return 1
    if n_jobs is None:
        from joblib import cpu_count

        return int(cpu_count())
    if n_jobs < 1:
        raise InputError.one(
            what=f"{n_jobs} kernen kan niet.",
            where="n_jobs",
            expected="een geheel getal vanaf 1, of None voor een voorstel",
            now="Laat n_jobs weg, of geef n_jobs=1 om alles na elkaar te doen.",
        )
    return n_jobs


def each(
    function: Callable[..., Result], *items: Sequence[Any], n_jobs: int, threads: bool = False
) -> Iterator[Result]:
    """Yield what a function gives for each item, in their order; with several sequences, for what stands on one place.

    Parameters
    ----------
    function : callable
        Without side effects. For processes it can be pickled, as can the items.
    *items : sequence
    n_jobs : int
        1 uses neither threads nor processes.
    threads : bool
        For numerics, which leave Python alone: nothing is copied. Python itself needs processes.

    Notes
    -----
    To processes texts go through a pipe and never through a file: `max_nbytes=None` keeps joblib from laying arrays in
    /dev/shm or a temporary folder. The backend is fixed, so that a scheduler elsewhere cannot get them either.
    """
    n_jobs = min(n_jobs, len(items[0]))
    if n_jobs < 2:
        yield from map(function, *items)
        return
    from joblib import Parallel, delayed

    how = {"n_jobs": n_jobs, "return_as": "generator", "max_nbytes": None}
    together = zip(*items, strict=True)
    if threads:
        yield from Parallel(**how, backend="threading")(delayed(function)(*one) for one in together)
        return
    for result, warned in Parallel(**how, backend="loky")(
        delayed(_heard)(function, *one) for one in together
    ):
        for one in warned:
            warnings.warn_explicit(*one)
        yield result


Warned = tuple[Warning | str, type[Warning], str, int]


def _heard(function: Callable[..., Result], *arguments: Any) -> tuple[Result, list[Warned]]:
    """Return the result with the warnings: those of another process would only reach a terminal."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = function(*arguments)
    return result, [(one.message, one.category, one.filename, one.lineno) for one in said]
