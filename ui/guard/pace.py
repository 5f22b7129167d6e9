"""How fast one page may speak: a burst at once, and then so many a second."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Counts what has come, and tells how long the next has to wait.

    Parameters
    ----------
    a_second : float
        What is taken for as long as one likes.
    burst : int
        What may come at once after a rest.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self, a_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._a_second, self._burst, self._clock = a_second, burst, clock
        self._left = float(burst)
        self._at = clock()

    def wait(self) -> float:
        """Count one more and return the seconds it has to wait; the next one comes after it."""
        now = self._clock()
        gained = (now - self._at) * self._a_second
        self._left, self._at = min(self._left + gained, self._burst) - 1.0, now
        return max(0.0, -self._left / self._a_second)
