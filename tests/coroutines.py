"""Running coroutines in tests that share their process with Playwright."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, in a thread: the browser tests leave a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def one_loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Lend what ``run`` does, for thousands of coroutines: in one thread and one loop."""
    runner = asyncio.Runner()
    with ThreadPoolExecutor(1) as thread:
        try:
            yield lambda work: thread.submit(runner.run, work).result()
        finally:
            thread.submit(runner.close).result()
