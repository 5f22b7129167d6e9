"""A batch after a first column of ones, with or without the pixels that are blank in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.taught import TrainSet

Floats = NDArray[np.float32]


class LaneRows:
    """Room for one batch, filled in place.

    Parameters
    ----------
    samples : Samples or TaughtSamples
    n_rows : int
        Of the largest batch.
    scale : float
        What pixels are multiplied with; once here costs less than in every lane.
    """

    def __init__(self, samples: TrainSet, n_rows: int, scale: float) -> None:
        n_features = samples.n_features
        self._samples, self._scale = samples, np.float32(scale)
        self._gathered = np.empty((n_rows, n_features), samples.dtype)
        self._now = self._gathered
        self._part = np.empty(n_rows * n_features, samples.dtype)
        self._X = np.empty(n_rows * (n_features + 1), np.float32)

    def read(self, rows: NDArray[np.int64]) -> NDArray[np.intp]:
        """Read these rows; return their labels."""
        self._now = self._gathered[: len(rows)]
        return self._samples.gather(rows, self._now)

    def used(self) -> NDArray[np.bool_]:
        """Tell for each pixel whether any of the rows last read has ink there."""
        return np.asarray(np.bitwise_or.reduce(self._now, axis=0) != 0)

    def floats(self, columns: NDArray[np.intp] | None = None) -> Floats:
        """Return X of the rows last read, with these features alone; it is only lent."""
        values = self._now if columns is None else self._pick(columns)
        n_rows, n_features = values.shape
        X = self._X[: n_rows * (n_features + 1)].reshape(n_rows, n_features + 1)
        X[:, 0] = 1
        np.multiply(values, self._scale, out=X[:, 1:])
        return X

    def _pick(self, columns: NDArray[np.intp]) -> NDArray[np.uint8] | Floats:
        n_rows = len(self._now)
        part = self._part[: n_rows * len(columns)].reshape(n_rows, len(columns))
        # The columns are in range, so "clip" never clips; it skips a copy.
        self._now.take(columns, axis=1, out=part, mode="clip")
        return part
