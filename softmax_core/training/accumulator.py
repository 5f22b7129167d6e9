"""Running sums of several figures over many batches."""

from __future__ import annotations


class Accumulator:
    """Adds up n figures at once, such as loss, correct predictions and samples.

    Parameters
    ----------
    n : int
        How many sums.
    """

    def __init__(self, n: int) -> None:
        self._sums = [0.0] * n

    def add(self, *values: float) -> None:
        """Add one value to each sum.

        Raises
        ------
        ValueError
            If there are more or fewer values than sums.
        """
        pairs = zip(self._sums, values, strict=True)
        self._sums = [total + float(value) for total, value in pairs]

    def reset(self) -> None:
        """Set all sums to 0."""
        self._sums = [0.0] * len(self._sums)

    def __getitem__(self, i: int) -> float:
        return self._sums[i]
