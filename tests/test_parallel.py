"""More than one core: order, errors and warnings are those of one."""

from __future__ import annotations

import warnings

import pytest

from wijkanalyse.errors import InputError
from wijkanalyse.parallel import each


def add(a, b):
    return a + b


def warn(number):
    warnings.warn(f"nummer {number}", UserWarning, stacklevel=1)
    return number


def refuse(number):
    raise InputError.one(what=f"Nummer {number}.", where="hier", expected="iets anders", now="Kies.")


WAYS = [(1, False), (2, True), (2, False)]


@pytest.mark.parametrize(("n_jobs", "threads"), WAYS)
def test_the_order_is_that_of_the_items(n_jobs, threads):
    assert list(each(add, range(9), range(9), n_jobs=n_jobs, threads=threads)) == list(range(0, 18, 2))
    assert list(each(add, [], [], n_jobs=n_jobs, threads=threads)) == []


@pytest.mark.parametrize(("n_jobs", "threads"), WAYS)
def test_an_error_comes_through_whole(n_jobs, threads):
    with pytest.raises(InputError) as caught:
        list(each(refuse, range(3), n_jobs=n_jobs, threads=threads))
    (problem,) = caught.value.problems
    assert problem.what in ("Nummer 0.", "Nummer 1.", "Nummer 2.")
    assert str(caught.value) == str(problem)


@pytest.mark.parametrize(("n_jobs", "threads"), WAYS)
def test_warnings_come_through(n_jobs, threads):
    with pytest.warns(UserWarning, match="nummer") as said:
        assert list(each(warn, range(3), n_jobs=n_jobs, threads=threads)) == [0, 1, 2]
    assert sorted(str(one.message) for one in said) == ["nummer 0", "nummer 1", "nummer 2"]
