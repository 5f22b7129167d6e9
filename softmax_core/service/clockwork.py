"""One thread that calls back at a given time and once a second."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from typing import Final

_TICK: Final = 1.0  # seconds


class Clockwork:
    """Wakes sessions that are held back by their pace, and the reaper.

    The thread starts with the first appointment or the first tick asked for.

    Parameters
    ----------
    tick : callable
        Called about once a second.
    due : callable
        Called with the name of each appointment when its time has come.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        due: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._tick, self._due, self._clock = tick, due, clock
        self._appointments: list[tuple[float, str]] = []
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="clockwork", daemon=True)
        self._thread.start()

    def call_at(self, when: float, name: str) -> None:
        """Make an appointment."""
        with self._wake:
            heapq.heappush(self._appointments, (when, name))
            self._wake.notify()

    def close(self) -> None:
        """End the thread."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _work(self) -> None:
        next_tick = self._clock() + _TICK
        while True:
            with self._wake:
                names = self._wait(next_tick)
                if self._closed:
                    return
            # Called without our lock: these take the engine's.
            for name in names:
                self._due(name)
            if self._clock() >= next_tick:
                next_tick = self._clock() + _TICK
                self._tick()

    def _wait(self, next_tick: float) -> list[str]:
        """Wait for the next thing to do and return the appointments that are due."""
        until = min(next_tick, self._appointments[0][0]) if self._appointments else next_tick
        self._wake.wait(max(until - self._clock(), 0.0))
        names = []
        while self._appointments and self._appointments[0][0] <= self._clock():
            names.append(heapq.heappop(self._appointments)[1])
        return names
