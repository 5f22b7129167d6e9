"""What a worker does for a sweep: train a group of runs a slice, and measure them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.service.slices import train_set_of
from softmax_core.service.worker_time import worker_clock
from softmax_core.training import Budget, Samples, TrainingConfig, TrainingState
from softmax_core.training.evaluate_lanes import LaneEvaluation, evaluate_lanes
from softmax_core.training.race import advance_race
from softmax_core.training.train_part import base_samples

# Pictures that a run is measured on while it is trained: its point moves, and costs little.
_GLIMPSE: Final = 800
# Training pictures for the loss in the end; the test set is always read whole. All of them
# would take as long as three epochs of one run.
MAX_LOSS_SAMPLES: Final = 2_500


@dataclass(frozen=True)
class SweepOrder:
    """How long to train a group of runs, and whether to measure them where the slice ends.

    Attributes
    ----------
    configs, states : tuple
        One for each run; data set, batch size and epochs alike.
    seconds : float
        Time budget of the slice.
    measure : bool
        Measure them on a part of the pictures, unless they are done, which is measured whole.
    """

    configs: tuple[TrainingConfig, ...]
    states: tuple[TrainingState, ...]
    seconds: float
    measure: bool = False


@dataclass(frozen=True)
class SweepResult:
    """What a slice did.

    Attributes
    ----------
    states : tuple of TrainingState
    found : LaneEvaluation or None
        Loss on training and accuracy on test pictures; None where they were not measured.
    is_done : bool
        Whether all have done their epochs or stopped; then they were measured whole.
    seconds : float
        The worker's time for all of it.
    """

    states: tuple[TrainingState, ...]
    found: LaneEvaluation | None
    is_done: bool
    seconds: float


def run_sweep_slice(order: SweepOrder) -> SweepResult:
    """Train one slice of a sweep; a pure function but for reading the data set."""
    clock = worker_clock()
    began = clock()
    dataset, config = open_dataset(order.configs[0].dataset), order.configs[0]
    budget = Budget(until_epoch=config.epochs, seconds=order.seconds, clock=clock)
    train_set = train_set_of(config, dataset)
    states, _records = advance_race(order.states, order.configs, train_set, budget)
    is_done = all(state.stop is not None or state.epoch >= config.epochs for state in states)
    found = None
    if is_done or order.measure:
        on_train, on_test = _measured_on(config, dataset, whole=is_done)
        loss = evaluate_lanes(states, order.configs, on_train).loss
        accuracy = evaluate_lanes(states, order.configs, on_test).accuracy
        found = LaneEvaluation(loss, accuracy)
    return SweepResult(states, found, is_done, clock() - began)


def _measured_on(
    config: TrainingConfig, dataset: Dataset, *, whole: bool
) -> tuple[Samples, Samples]:
    train_set = base_samples(config, dataset)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    if whole:
        return _part(train_set, MAX_LOSS_SAMPLES), test_set
    return _part(train_set, _GLIMPSE), _part(test_set, _GLIMPSE)


def _part(samples: Samples, most: int) -> Samples:
    """Return at most so many, one in so many by an odd number, as for a run's curves."""
    stride = -(-len(samples.labels) // most) | 1
    return Samples(samples.images[::stride], samples.labels[::stride])
