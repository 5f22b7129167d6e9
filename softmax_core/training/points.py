"""A measure of a run at some of its steps, in bounded memory."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAX_POINTS: Final = 256


class Points:
    """Values by step, rising; every second one goes when there are too many."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._values: list[float] = []

    @property
    def steps(self) -> NDArray[np.int64]:
        """The steps at which it was measured, shape (n,)."""
        return np.array(self._steps, np.int64)

    @property
    def values(self) -> NDArray[np.float64]:
        """What was measured there, shape (n,)."""
        return np.array(self._values, np.float64)

    def add(self, step: int, value: float) -> None:
        """Note a value, wherever among the others its step is; one of the same step goes."""
        place = bisect_left(self._steps, step)
        if place < len(self._steps) and self._steps[place] == step:
            self._values[place] = value
            return
        self._steps.insert(place, step)
        self._values.insert(place, value)
        if len(self._steps) > MAX_POINTS:  # the first and the newest stay
            self._steps = self._steps[:-1:2] + self._steps[-1:]
            self._values = self._values[:-1:2] + self._values[-1:]

    def forget_after(self, step: int) -> None:
        """Drop what was measured after a step."""
        keep = bisect_left(self._steps, step + 1)
        del self._steps[keep:]
        del self._values[keep:]
