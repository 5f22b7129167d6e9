"""What a run was like on average in each epoch, while its weights moved."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from softmax_core.training.accumulator import Accumulator
from softmax_core.training.state import StepRecords, TrainingState, fitted


class EpochMeans(NamedTuple):
    """Loss and accuracy over the batches of one epoch, each measured before its update.

    Every batch counts by its size, so each sample counts once. The weights moved meanwhile:
    this lags behind what the weights at the end of the epoch would reach.
    """

    epoch: int  # the first is 1
    step: int  # its last
    loss: float
    accuracy: float


class EpochMeter:
    """Adds up step records, and says what a whole epoch was like once it is over.

    Parameters
    ----------
    n_samples : int
        Size of the training set.
    """

    def __init__(self, n_samples: int) -> None:
        self._n_samples = n_samples
        self._started_at = 0  # samples_seen where epoch 0 would have begun with this size
        self._sums = Accumulator(3)  # loss, correct, samples

    def add(self, records: StepRecords) -> list[EpochMeans]:
        """Take the records of a slice; return the epochs that ended in it.

        An epoch whose beginning was not seen, as in a loaded run, is left out.
        """
        ended = []
        counted = records.samples_seen - self._started_at
        epochs = (counted - records.batch_size) // self._n_samples + 1
        for epoch in np.unique(epochs):
            of_epoch = np.flatnonzero(epochs == epoch)
            sizes = records.batch_size[of_epoch].astype(np.float64)
            loss = float(records.loss[of_epoch].astype(np.float64) @ sizes)
            correct = float(records.accuracy[of_epoch].astype(np.float64) @ sizes)
            self._sums.add(loss, correct, float(sizes.sum()))
            last = of_epoch[-1]
            if counted[last] == epoch * self._n_samples:
                ended += self._means(int(epoch), int(records.step[last]))
                self._sums.reset()
        return ended

    def resize(self, n_samples: int, state: TrainingState) -> None:
        """Take a training set of another size, from this state on.

        The present epoch, if it has begun, is not of one size and gets no means.
        """
        state = fitted(state, n_samples)
        self._n_samples = n_samples
        self._started_at = state.samples_seen - state.position - state.epoch * n_samples
        self.forget()

    def forget(self) -> None:
        """Drop what is known of the present epoch: some of its steps were undone."""
        self._sums.reset()

    def _means(self, epoch: int, step: int) -> list[EpochMeans]:
        loss, correct, n = (self._sums[i] for i in range(3))
        return [EpochMeans(epoch, step, loss / n, correct / n)] if n == self._n_samples else []
