"""Engines for the tests: one with two worker processes, one moved by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from softmax_core.service import Engine, WorkerPool
from tests.service.by_hand import FakeClock, Manual, ManualExecutor


@pytest.fixture(scope="module")
def pooled() -> Iterator[tuple[Engine, WorkerPool]]:
    pool = WorkerPool(2)
    engine = Engine(lambda: pool, 2)
    yield engine, pool
    engine.close()


@pytest.fixture
def manual() -> Iterator[Manual]:
    executor, clock = ManualExecutor(), FakeClock()
    engine = Engine(lambda: executor, 1, clock)
    yield Manual(engine, executor, clock)
    engine.close()
