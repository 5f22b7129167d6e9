"""The clock of a worker's slices counts what the worker does, not what it waits for."""

from __future__ import annotations

import time

from softmax_core.service.worker_time import worker_clock


def test_time_that_others_had_is_not_counted() -> None:
    clock, began = worker_clock(), time.perf_counter()
    before = clock()
    time.sleep(0.2)  # as if others had the processor
    assert clock() - before < 0.5 * (time.perf_counter() - began)


def test_work_is_counted() -> None:
    clock = worker_clock()
    before = clock()
    while clock() == before:
        pass  # would never end if work were not counted
