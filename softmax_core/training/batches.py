"""Gathering a batch: rows of pictures or points into a float buffer that is reused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.joined import aligned, width_of
from softmax_core.training.taught import TrainSet


class BatchBuffer:
    """Room for one batch, filled in place.

    The pixels are left as whole numbers 0..255: multiplying the whole batch by
    1/255 costs more than folding that factor into the few logits and gradients
    (measured: 5 to 10 % of an epoch).

    Parameters
    ----------
    samples : Samples or TaughtSamples
    batch_size : int
        The most rows that are read at a time.
    always_on : float or None
        The value of one more input, the same for all, that carries the bias; it stands
        behind the pixels, and zeros behind it, as in ``joined``. None leaves it out.
    """

    def __init__(self, samples: TrainSet, batch_size: int, always_on: float | None = None) -> None:
        n_features = samples.n_features
        self._samples = samples
        self._gathered = np.empty((batch_size, n_features), samples.dtype)
        width = n_features if always_on is None else width_of(n_features)
        self._inputs = aligned((batch_size, width))
        self._pixels = self._inputs[:, :n_features]
        if always_on is not None:
            self._inputs[:, n_features] = always_on

    def fill(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Read the rows' unscaled values (float32) and labels; the buffer is only lent."""
        n = len(rows)
        gathered = self._gathered[:n]
        labels = self._samples.gather(rows, gathered)
        np.copyto(self._pixels[:n], gathered)
        return self._inputs[:n], labels
