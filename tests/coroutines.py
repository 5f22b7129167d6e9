"""Running coroutines in tests that share their process with Playwright."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def one_loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Lend what runs coroutines to their end, thousands of them: in one thread and one loop."""
    runner = asyncio.Runner()
    with ThreadPoolExecutor(1) as thread:
        try:
            yield lambda work: thread.submit(runner.run, work).result()
        finally:
            thread.submit(runner.close).result()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, in a thread: the browser tests leave a loop in this one."""
    with one_loop() as run_in_loop:
        found: T = run_in_loop(work)
    return found
