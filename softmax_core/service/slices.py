"""What a worker does for a session: open the data, train a slice, evaluate where it is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.training import (
    Budget,
    Evaluation,
    Samples,
    StepRecords,
    TrainingConfig,
    TrainingState,
    advance,
)
from softmax_core.training.evaluate import evaluate_both
from softmax_core.training.state import join_records

# Evaluating MNIST's whole training set costs half an epoch of training it.
MAX_EVALUATED: Final = 10_000


@dataclass(frozen=True)
class SliceOrder:
    """How far to train, and whether to evaluate where the slice ends.

    Attributes
    ----------
    seconds : float
        Time budget of the slice.
    until_epoch, steps : int or None
        Where to stop at the latest; ``steps`` 0 asks for an evaluation alone.
    evaluate_at_end : bool
        Evaluate the last state, besides the steps at which a run is always evaluated.
    """

    config: TrainingConfig
    state: TrainingState
    seconds: float
    until_epoch: int | None = None
    steps: int | None = None
    evaluate_at_end: bool = False

    @property
    def is_single_step(self) -> bool:
        """Tell whether it asks for one update and no more."""
        return self.steps == 1 and self.until_epoch is None


@dataclass(frozen=True)
class SliceResult:
    """The state a slice ended with and all it recorded on the way."""

    state: TrainingState
    records: StepRecords
    evaluations: tuple[Evaluation, ...]
    seconds: float  # the worker's time for all of it


def run_slice(order: SliceOrder) -> SliceResult:
    """Train one slice; a pure function but for reading the data set.

    Every run is evaluated at steps 1, 2, 4, 8, ... and after each epoch, whatever its
    slices; ``evaluate_at_end`` adds points, it moves none.
    """
    dataset = open_dataset(order.config.dataset)
    samples = Samples(dataset.train_images, dataset.train_labels)
    bounds = Budget(seconds=order.seconds)
    began = bounds.clock()
    deadline = began + order.seconds
    state, records, evaluations = order.state, [], []
    last_step = _last_step(order)
    while True:
        budget = Budget(
            until_step=min(last_step, _next_power_of_two(state.step)),
            until_epoch=_next_epoch(state, order.until_epoch),
            seconds=max(deadline - bounds.clock(), 0.0),
        )
        state, part = advance(state, order.config, samples, budget)
        records.append(part)
        finished = not len(part.step) or _is_spent(order, state, last_step)
        finished = finished or bounds.clock() >= deadline
        due = len(part.step) > 0 and _is_evaluated(state)
        if due or (finished and order.evaluate_at_end):
            evaluations.append(_evaluate(order.config, state, dataset))
        if finished:
            seconds = bounds.clock() - began
            return SliceResult(state, join_records(records), tuple(evaluations), seconds)


def _last_step(order: SliceOrder) -> int:
    return 2**62 if order.steps is None else order.state.step + order.steps


def _next_epoch(state: TrainingState, until_epoch: int | None) -> int:
    following = state.epoch + 1
    return following if until_epoch is None else min(following, until_epoch)


def _is_spent(order: SliceOrder, state: TrainingState, last_step: int) -> bool:
    if state.stop is not None or state.step >= last_step:
        return True
    return order.until_epoch is not None and state.epoch >= order.until_epoch


def _next_power_of_two(step: int) -> int:
    return 1 << step.bit_length()


def _is_evaluated(state: TrainingState) -> bool:
    return state.position == 0 or state.step & (state.step - 1) == 0


def evaluated_part(samples: Samples) -> Samples:
    """Return at most ``MAX_EVALUATED`` of the samples, spread over all of them.

    One in so many, by an odd number: MNIST's training file alternates between two groups
    of writers, and a model of 91 % reads its even pictures at 89 %, its odd ones at 94 %.
    """
    stride = -(-len(samples.labels) // MAX_EVALUATED) | 1
    return Samples(samples.images[::stride], samples.labels[::stride])


def _evaluate(config: TrainingConfig, state: TrainingState, dataset: Dataset) -> Evaluation:
    n_samples = len(dataset.train_labels)
    train_part = evaluated_part(Samples(dataset.train_images, dataset.train_labels))
    test_set = Samples(dataset.test_images, dataset.test_labels)
    epoch = state.epoch + state.position / n_samples
    return evaluate_both(config, state, train_part, test_set, epoch)
