"""Runs beside each other: the same start, the same batches, one thing different."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.training.advance import Budget, advance
from softmax_core.training.config import TrainingConfig
from softmax_core.training.dead import DeadClass, dead_classes
from softmax_core.training.evaluate import evaluate
from softmax_core.training.layered import network_of
from softmax_core.training.samples import Samples
from softmax_core.training.start import first_state
from softmax_core.training.state import StepRecords, TrainingState, join_records
from softmax_core.training.train_part import base_samples

_EVALUATIONS: Final = 24  # of each lane, besides the one at its start
_MAX_TESTED: Final = 2_000  # pictures; MNIST's 10,000 would take longer than the training


@dataclass(frozen=True)
class Lane:
    """One of the runs.

    Attributes
    ----------
    config : TrainingConfig
    state : TrainingState
        The last one; where the run was stopped, the last good one.
    records : StepRecords
        One row per step, of shape (n_steps,).
    test_step, test_loss, test_accuracy : ndarray of shape (k,)
        On held-out pictures, from step 0 on.
    dead : tuple of DeadClass
        Classes that ReLU has silenced.
    """

    config: TrainingConfig
    state: TrainingState
    records: StepRecords
    test_step: NDArray[np.int64]
    test_loss: NDArray[np.float64]
    test_accuracy: NDArray[np.float64]
    dead: tuple[DeadClass, ...]


def run_lanes(configs: tuple[TrainingConfig, ...], n_steps: int) -> tuple[Lane, ...]:
    """Train each of the settings for so many steps; pure but for reading the data set.

    They are fair to each other where seed, batch size and data set are the same: then so
    are the first weights and the order of the pictures.

    Raises
    ------
    UserError
        When a data set cannot be had.
    """
    return tuple(_run(config, n_steps) for config in configs)


def _run(config: TrainingConfig, n_steps: int) -> Lane:
    dataset = open_dataset(config.dataset)
    train_set = base_samples(config, dataset)
    test_set = _tested(dataset)
    state = first_state(config, dataset.info.n_features, dataset.info.n_classes)
    records: list[StepRecords] = []
    tests = [_test(config, state, test_set)]
    for until in _evaluated_steps(n_steps):
        state, part = advance(state, config, train_set, Budget(until_step=until))
        records.append(part)
        tests.append(_test(config, state, test_set))
        if state.stop is not None:
            break
    step, loss, accuracy = (np.array(column) for column in zip(*tests, strict=True))
    dead = dead_classes(state, len(train_set.labels))
    return Lane(config, state, join_records(records), step, loss, accuracy, dead)


def _evaluated_steps(n_steps: int) -> list[int]:
    steps: NDArray[Any] = np.linspace(0, n_steps, _EVALUATIONS + 1)[1:].round()
    return sorted({int(step) for step in steps if step > 0})


def _tested(dataset: Dataset) -> Samples:
    """Return some test pictures, one in so many; an odd number, as MNIST's file alternates."""
    stride = -(-len(dataset.test_labels) // _MAX_TESTED) | 1
    return Samples(dataset.test_images[::stride], dataset.test_labels[::stride])


def _test(
    config: TrainingConfig, state: TrainingState, test_set: Samples
) -> tuple[int, float, float]:
    loss, accuracy = evaluate(network_of(config, state.params), state.params, test_set, config)
    return state.step, loss, accuracy
