"""The seconds a worker has worked, without those in which others had its processor.

On a busy machine a slice that counted them would end after a single step, and what each
slice costs besides its steps would be all that is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

_FINE_ENOUGH: Final = 1e-3  # seconds; Windows counts a thread's time in steps of 15 ms


def worker_clock() -> Callable[[], float]:
    """Return what tells the seconds this thread has worked, where the system counts them."""
    fine = time.get_clock_info("thread_time").resolution <= _FINE_ENOUGH
    return time.thread_time if fine else time.perf_counter
