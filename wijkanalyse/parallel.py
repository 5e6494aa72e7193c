"""More than one core: the same work, in the same order, to the same bytes.

What is random gets its seed per round, never per worker, so that it does not matter who does what.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Result = TypeVar("Result")


def each(
    function: Callable[..., Result], *items: Sequence[Any], n_jobs: int, threads: bool = False
) -> Iterator[Result]:
    """Yield what a function gives for each item, in their order; with several sequences, for what stands in one place.

    Parameters
    ----------
    function : callable
        Without side effects; for processes it and the items can be pickled.
    *items : sequence
    n_jobs : int
        1 is one after another, in this process; −1 is one per core.
    threads : bool
        For numerics, which leave Python alone: nothing is copied. Python itself needs processes.

    Notes
    -----
    Texts go to a process through a pipe and never through a file: without `max_nbytes=None` joblib lays large arrays in
    /dev/shm or a temporary folder. The backend is fixed, so that no scheduler elsewhere gets them either.
    """
    if n_jobs == 1 or len(items[0]) < 2:
        yield from map(function, *items)
        return
    from joblib import Parallel, delayed

    backend, task = ("threading", _one_thread(function)) if threads else ("loky", _Heard(function))
    run = Parallel(n_jobs=n_jobs, backend=backend, return_as="generator", max_nbytes=None)
    for outcome in run(delayed(task)(*one) for one in zip(*items, strict=True)):
        if threads:
            yield outcome
            continue
        result, said = outcome
        for one in said:
            warnings.warn_explicit(*one)
        yield result


def _one_thread(function: Callable[..., Result]) -> Callable[..., Result]:
    """Return a function that leaves no sum to several threads; OpenMP asks this of each thread apart."""
    from threadpoolctl import threadpool_limits

    def limited(*arguments: Any) -> Result:
        with threadpool_limits(1):
            return function(*arguments)

    return limited


class _Heard:
    """A function that also returns its warnings: those of another process would only reach a terminal."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> tuple[Any, list[tuple[Any, ...]]]:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            result = self.function(*arguments)
        return result, [(one.message, one.category, one.filename, one.lineno) for one in said]
