"""Worker processes that outlive an engine, so that not every test has to start its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Executor, Future
from typing import Any

from softmax_core.service.workers import WorkerPool

_PLACES = ("SOFTMAX_CACHE", "SOFTMAX_DATA")  # where a worker looks for data


class LentWorkers(Executor):
    """A pool as an engine sees it: closed with the engine, while its processes live on."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._futures: list[Future[Any]] = []
        self._closed = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Queue a call."""
        if self._closed:
            raise RuntimeError("The worker pool was shut down.")
        self._futures = [future for future in self._futures if not future.done()]
        self._futures.append(self._pool.submit(fn, *args, **kwargs))
        return self._futures[-1]

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let nothing that was begun here run on under the next engine."""
        self._closed = True
        for future in self._futures:
            if cancel_futures:
                future.cancel()
        if wait:
            futures.wait(self._futures)  # the pool takes note of the cancelled ones too


class Lender:
    """Lends one pool again and again, and another one when the data are to be elsewhere."""

    def __init__(self) -> None:
        self._pool: WorkerPool | None = None
        self._places: list[str | None] = []

    def __call__(self) -> LentWorkers:
        places = [os.environ.get(name) for name in _PLACES]
        if self._pool is None or places != self._places:
            self.close()
            self._pool, self._places = WorkerPool(), places
        return LentWorkers(self._pool)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
