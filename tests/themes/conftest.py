"""One thread, as `find_themes` works: on a busy machine small sums over two threads take five times as long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wijkanalyse.themes.clustering import one_thread


@pytest.fixture(autouse=True, scope="session")
def single_thread() -> Iterator[None]:
    with one_thread():
        yield
