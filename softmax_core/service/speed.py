"""How fast a run goes: samples per second over the last second."""

from __future__ import annotations

from collections import deque
from typing import Final

_WINDOW: Final = 1.0  # seconds


class Speed:
    """Counts the samples a run has seen.

    Attributes
    ----------
    samples_per_second : float
        0 until there is something to count.
    """

    def __init__(self) -> None:
        self.samples_per_second = 0.0
        self._counts: deque[tuple[float, int]] = deque()  # when, samples seen

    def begin(self, now: float, samples_seen: int) -> None:
        """Start counting afresh, after a rest."""
        self._counts.clear()
        self._counts.append((now, samples_seen))

    def count(self, now: float, samples_seen: int) -> None:
        """Take the samples seen by now."""
        self._counts.append((now, samples_seen))
        while len(self._counts) > 2 and now - self._counts[1][0] > _WINDOW:
            self._counts.popleft()
        (start, before), (end, after) = self._counts[0], self._counts[-1]
        if end > start:
            self.samples_per_second = (after - before) / (end - start)
