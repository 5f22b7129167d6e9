"""The past of a run in bounded memory: buckets of steps that keep their extremes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.epochs import EpochMeans, EpochMeter
from softmax_core.training.evaluate import Evaluation
from softmax_core.training.points import Points
from softmax_core.training.state import StepRecords, TrainingState

CAPACITY: Final = 1_024  # buckets; at 56 bytes each, 57 KB a run
MAX_EVALUATIONS: Final = 512
MAX_MARKS: Final = 64


class Mark(NamedTuple):
    """A change of settings after ``step``."""

    step: int
    text: str


class Curve(NamedTuple):
    """The batch loss and accuracy bucket by bucket; arrays of shape (n_buckets,)."""

    step: NDArray[np.int64]  # last step of the bucket
    mean: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    accuracy: NDArray[np.float32]
    gradient_norm: NDArray[np.float32]
    learning_rate: NDArray[np.float32]
    samples_seen: NDArray[np.int64]


@dataclass
class _Buckets:
    """Sums and extremes; bucket ``i`` holds the steps ``i * width + 1 ... (i + 1) * width``."""

    count: NDArray[np.int64]
    loss: NDArray[np.float64]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    accuracy: NDArray[np.float64]
    gradient_norm: NDArray[np.float32]  # the largest
    learning_rate: NDArray[np.float32]  # the last
    step: NDArray[np.int64]  # the last
    samples_seen: NDArray[np.int64]  # the last


class History:
    """Step records and evaluations of one run, thinned as it grows.

    Buckets start one step wide and double their width whenever there would be more than
    ``CAPACITY``. They are aligned to the step number, so the same run leaves the same
    history however its slices were cut, and a spike of one step stays visible in
    ``low`` or ``high``.

    Parameters
    ----------
    n_samples : int
        Size of the training set, which tells where an epoch ends.
    """

    def __init__(self, n_samples: int) -> None:
        self.epochs: list[EpochMeans] = []
        self._meter = EpochMeter(n_samples)
        self.width = 1
        self.generation = 0  # changes whenever earlier buckets change
        self.evaluations: list[Evaluation] = []
        self.marks: list[Mark] = []
        self.edges = Points()  # the largest stable learning rate
        self.ratios = Points()  # how far an update moved the weights, as a share of them
        self._used = 0
        self._buckets = _empty_buckets()

    @property
    def last_step(self) -> int:
        """Number of the last step recorded, 0 before the first."""
        return int(self._buckets.step[self._used - 1]) if self._used else 0

    def add(self, records: StepRecords) -> None:
        """Append the records of a slice."""
        if not len(records.step):
            return
        self.epochs += self._meter.add(records)
        if len(self.epochs) > MAX_EVALUATIONS:
            self.epochs = self.epochs[:-1:2] + self.epochs[-1:]
        while (records.step[-1] - 1) // self.width >= CAPACITY:
            self._halve()
        bucket = (records.step - 1) // self.width
        starts = np.flatnonzero(np.diff(bucket, prepend=-1))
        index = bucket[starts]
        ends = np.append(starts[1:], len(bucket)) - 1
        b = self._buckets
        b.count[index] += ends - starts + 1
        b.loss[index] += np.add.reduceat(records.loss.astype(np.float64), starts)
        b.accuracy[index] += np.add.reduceat(records.accuracy.astype(np.float64), starts)
        b.low[index] = np.minimum(b.low[index], np.minimum.reduceat(records.loss, starts))
        b.high[index] = np.maximum(b.high[index], np.maximum.reduceat(records.loss, starts))
        largest = np.maximum.reduceat(records.gradient_norm, starts)
        b.gradient_norm[index] = np.maximum(b.gradient_norm[index], largest)
        b.learning_rate[index] = records.learning_rate[ends]
        b.step[index] = records.step[ends]
        b.samples_seen[index] = records.samples_seen[ends]
        self._used = int(index[-1]) + 1

    def resize(self, n_samples: int, state: TrainingState) -> None:
        """Take a training set of another size, as when a drawing joins it.

        Call it after the last records with the old size, and after a saved run was loaded
        whose training set had changed its size.

        Parameters
        ----------
        n_samples : int
            The new size.
        state : TrainingState
            From which training goes on with it.
        """
        self._meter.resize(n_samples, state)

    def add_evaluation(self, evaluation: Evaluation, keep: Collection[int] = ()) -> None:
        """Append an evaluation; one of the same step replaces it.

        Parameters
        ----------
        evaluation : Evaluation
        keep : collection of int
            Steps whose evaluations stay when others are thinned out.
        """
        if self.evaluations and self.evaluations[-1].step >= evaluation.step:
            self.evaluations = [e for e in self.evaluations if e.step < evaluation.step]
        self.evaluations.append(evaluation)
        if len(self.evaluations) > MAX_EVALUATIONS:
            # Every second one goes, the first and the newest stay.
            last = len(self.evaluations) - 1
            self.evaluations = [
                kept
                for i, kept in enumerate(self.evaluations)
                if i % 2 == 0 or i == last or kept.step in keep
            ]

    def mark(self, step: int, text: str) -> None:
        """Note a change of settings on the curve."""
        self.marks = [*self.marks, Mark(step, text)][-MAX_MARKS:]

    def unmark(self, mark: Mark) -> None:
        """Take back the last mark that says this, if there is one."""
        for i in range(len(self.marks) - 1, -1, -1):
            if self.marks[i] == mark:
                self.marks = self.marks[:i] + self.marks[i + 1 :]
                return

    def forget_after(self, step: int) -> None:
        """Drop all that came after ``step``, to go on from an earlier state.

        A bucket that is only partly earlier goes as a whole: its sums cannot be undone.
        An epoch cut in the middle gets no means either.
        """
        if step < self.last_step:
            self._meter.forget()
        keep = step // self.width
        fresh = _empty_buckets()
        for name, old in vars(self._buckets).items():
            getattr(fresh, name)[:keep] = old[:keep]
        self._buckets = fresh
        self._used = min(self._used, keep)
        self.evaluations = [e for e in self.evaluations if e.step <= step]
        self.epochs = [means for means in self.epochs if means.step <= step]
        self.marks = [m for m in self.marks if m.step <= step]
        self.edges.forget_after(step)
        self.ratios.forget_after(step)
        self.generation += 1

    def curve(self, after_step: int = 0) -> Curve:
        """Return the buckets whose last step is later than ``after_step``.

        Ask with the last step already known minus one bucket to get the bucket that
        was still filling again.
        """
        b, used = self._buckets, self._used
        first = int(np.searchsorted(b.step[:used], after_step, side="right"))
        part = slice(first, used)
        count = np.maximum(b.count[part], 1)
        return Curve(
            b.step[part].copy(),
            (b.loss[part] / count).astype(np.float32),
            b.low[part].copy(),
            b.high[part].copy(),
            (b.accuracy[part] / count).astype(np.float32),
            b.gradient_norm[part].copy(),
            b.learning_rate[part].copy(),
            b.samples_seen[part].copy(),
        )

    def _halve(self) -> None:
        """Merge neighbours: half as many buckets, twice as wide."""
        old, new = self._buckets, _empty_buckets()
        half = CAPACITY // 2
        for name in ("count", "loss", "accuracy"):
            merged = getattr(old, name).reshape(half, 2).sum(axis=1)
            getattr(new, name)[:half] = merged
        new.low[:half] = old.low.reshape(half, 2).min(axis=1)
        for name in ("high", "gradient_norm", "step", "samples_seen"):
            getattr(new, name)[:half] = getattr(old, name).reshape(half, 2).max(axis=1)
        rates = old.learning_rate.reshape(half, 2)
        filled = old.count.reshape(half, 2)[:, 1] > 0
        new.learning_rate[:half] = np.where(filled, rates[:, 1], rates[:, 0])
        self._buckets = new
        self.width *= 2
        self._used = -(-self._used // 2)
        self.generation += 1


def _empty_buckets() -> _Buckets:
    def zeros(kind: type) -> NDArray[Any]:
        return np.zeros(CAPACITY, kind)

    return _Buckets(
        count=zeros(np.int64),
        loss=zeros(np.float64),
        low=np.full(CAPACITY, np.inf, np.float32),
        high=np.full(CAPACITY, -np.inf, np.float32),
        accuracy=zeros(np.float64),
        gradient_norm=zeros(np.float32),
        learning_rate=zeros(np.float32),
        step=zeros(np.int64),
        samples_seen=zeros(np.int64),
    )
