"""What a run is between two slices, and what a slice leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Fault, Params


@dataclass(frozen=True)
class Stop:
    """Why a run was stopped, in a sentence a student can act on."""

    step: int
    reason: str
    fault: Fault | None = None  # the first value that was not finite, where that was the cause


class LastActive(NamedTuple):
    """When a class was last raised above 0."""

    step: int
    samples_seen: int  # with that step


@dataclass(frozen=True)
class TrainingState:
    """Everything a run needs to go on; small, picklable, never changed in place.

    Attributes
    ----------
    params : dict of arrays
        Weights and biases, float32.
    velocity : dict of arrays
        Running sum of gradients for momentum; empty until momentum is used.
    step, epoch : int
        Updates and whole passes done.
    position : int
        Samples of the current epoch already used. Counted in samples, not in
        steps, so that the batch size may change in the middle of an epoch.
    samples_seen : int
        Samples used since the start.
    start_loss : float or None
        Loss of the first batch, the yardstick for divergence.
    previous : TrainingState or None
        The state one step earlier. A step's loss is only known at the next one, so this is
        where a run goes back to when that turns out far too high.
    last_active : tuple of n_classes LastActive, or None
        Where ReLU guards the logits: the last step at which a picture of the batch raised
        the class above 0.
    doubt : Doubt or None
        Set while the loss is suspiciously high.
    stop : Stop or None
        Set when the run was stopped; it does not go on.
    """

    params: Params
    velocity: Params = field(default_factory=dict)
    step: int = 0
    epoch: int = 0
    position: int = 0
    samples_seen: int = 0
    start_loss: float | None = None
    previous: TrainingState | None = None
    last_active: tuple[LastActive, ...] | None = None
    doubt: Doubt | None = None
    stop: Stop | None = None


@dataclass(frozen=True)
class Doubt:
    """The last trusted state, kept while the loss stays far above its start."""

    before: TrainingState
    high_steps: int  # steps in a row with a loss that is too high


class StepRecords(NamedTuple):
    """One row per step of a slice, oldest first; each array has shape (n_steps,)."""

    step: NDArray[np.int64]  # number of the step, the first is 1
    loss: NDArray[np.float32]  # of the batch, before its update
    accuracy: NDArray[np.float32]  # of the batch, before its update
    gradient_norm: NDArray[np.float32]
    learning_rate: NDArray[np.float32]
    batch_size: NDArray[np.int32]  # samples really used
    samples_seen: NDArray[np.int64]


def fitted(state: TrainingState, n_samples: int) -> TrainingState:
    """Return the state for a training set that may have become smaller.

    Where it ends before the state's position, the epoch is over. The position never exceeds
    the samples used in the epoch.
    """
    if state.position < n_samples:
        return state
    return replace(state, epoch=state.epoch + 1, position=0)


def step_records(rows: list[tuple[float, ...]]) -> StepRecords:
    """Turn rows of numbers into one array per column."""
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(StepRecords._fields))
    step, loss, accuracy, gradient_norm, learning_rate, batch_size, samples_seen = table.T
    return StepRecords(
        step.astype(np.int64),
        loss.astype(np.float32),
        accuracy.astype(np.float32),
        gradient_norm.astype(np.float32),
        learning_rate.astype(np.float32),
        batch_size.astype(np.int32),
        samples_seen.astype(np.int64),
    )


def join_records(parts: list[StepRecords]) -> StepRecords:
    """Put consecutive records together."""
    if len(parts) == 1:
        return parts[0]
    return StepRecords(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
