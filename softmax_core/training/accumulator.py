"""Running sums of several figures over many batches."""

from __future__ import annotations

import numpy as np


class Accumulator:
    """Adds up n figures at once, such as loss, correct predictions and samples.

    Parameters
    ----------
    n : int
        How many sums.
    """

    def __init__(self, n: int) -> None:
        self._sums = np.zeros(n)

    def add(self, *values: float) -> None:
        """Add one value to each sum.

        Raises
        ------
        ValueError
            If there are more or fewer values than sums.
        """
        if len(values) != len(self._sums):
            raise ValueError(f"There are {len(self._sums)} sums and {len(values)} values.")
        self._sums += values

    def reset(self) -> None:
        """Set all sums to 0."""
        self._sums.fill(0)

    def __getitem__(self, i: int) -> float:
        return float(self._sums[i])
