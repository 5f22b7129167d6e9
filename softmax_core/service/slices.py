"""What a worker does for a session: open the data, train a slice, evaluate where it is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from softmax_core.data.dataset import Dataset
from softmax_core.data.store import open_dataset
from softmax_core.service.snapshots import bare
from softmax_core.service.worker_time import worker_clock
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
from softmax_core.training.state import fitted, join_records
from softmax_core.training.taught import TrainSet, n_train_samples, with_taught
from softmax_core.training.train_part import base_samples, n_base_samples
from softmax_core.training.update_ratio import UpdateRatio, update_ratio

# Evaluating MNIST's whole training set costs half an epoch of training it.
MAX_EVALUATED: Final = 10_000


@dataclass(frozen=True)
class SliceOrder:
    """How far to train, and whether to evaluate where the slice ends.

    Attributes
    ----------
    seconds : float
        Time budget of the slice, in seconds of the worker's own work.
    until_epoch, steps : int or None
        Where to stop at the latest; ``steps`` 0 asks for an evaluation alone.
    evaluate_at_end : bool
        Evaluate the last state, besides the steps at which a run is always evaluated.
    snapshot : bool
        Bring along the last state that was evaluated, wherever in the slice it was.
    """

    config: TrainingConfig
    state: TrainingState
    seconds: float
    until_epoch: int | None = None
    steps: int | None = None
    evaluate_at_end: bool = False
    snapshot: bool = True

    @property
    def counts_steps(self) -> bool:
        """Tell whether it asks for a number of updates and no more."""
        return self.steps is not None and self.until_epoch is None


Evaluated = tuple[Evaluation, TrainingState]


@dataclass(frozen=True)
class SliceResult:
    """The state a slice ended with and all it recorded on the way.

    Attributes
    ----------
    evaluations : tuple of Evaluation
    evaluated : tuple of (Evaluation, TrainingState)
        Those whose state came along, without its own past: one that ends the slice costs
        nothing to send, as its arrays are sent already; of all others there are few.
    seconds : float
        The worker's time for all of it.
    ratio : UpdateRatio or None
        How far its last step moved the weights.
    evaluation_seconds : float
        Of its time, that of the last evaluation; 0 where there was none.
    """

    state: TrainingState
    records: StepRecords
    evaluations: tuple[Evaluation, ...]
    evaluated: tuple[Evaluated, ...]
    seconds: float
    ratio: UpdateRatio | None = None
    evaluation_seconds: float = 0.0


def run_slice(order: SliceOrder) -> SliceResult:
    """Train one slice; a pure function but for reading the data set.

    Every run is evaluated at steps 1, 2, 4, 8, ... and after each epoch, whatever its
    slices; ``evaluate_at_end`` adds points, it moves none. The states at steps 1, 2, 4, 8, ...
    always come along; of the others the last one that was evaluated, when it is asked for.
    """
    dataset = open_dataset(order.config.dataset)
    samples = train_set_of(order.config, dataset)
    clock, measuring = worker_clock(), 0.0
    began = clock()
    deadline = began + order.seconds
    state, records = fitted(order.state, samples.n_samples), list[StepRecords]()
    evaluated: list[Evaluated] = []
    last_step = _last_step(order)
    while True:
        budget = Budget(
            until_step=min(last_step, _next_power_of_two(state.step)),
            until_epoch=_next_epoch(state, order.until_epoch),
            seconds=max(deadline - clock(), 0.0),
            clock=clock,
        )
        state, part = advance(state, order.config, samples, budget)
        records.append(part)
        finished = not len(part.step) or _is_spent(order, state, last_step)
        finished = finished or clock() >= deadline
        due = len(part.step) > 0 and _is_evaluated(state)
        if due or (finished and order.evaluate_at_end):
            before = clock()
            evaluated.append((_evaluate(order.config, state, dataset), bare(state)))
            measuring = clock() - before
        if finished:
            return SliceResult(
                state,
                join_records(records),
                tuple(evaluation for evaluation, _ in evaluated),
                _sent(evaluated, order, state),
                clock() - began,
                update_ratio(state),
                measuring,
            )


def _sent(
    evaluated: list[Evaluated], order: SliceOrder, last: TrainingState
) -> tuple[Evaluated, ...]:
    """Choose the states that are worth their way: a hidden layer's weigh 300 kB each."""
    return tuple(
        pair
        for pair in evaluated
        if _is_power_of_two(pair[1].step)
        or pair[1].params is last.params
        or (order.snapshot and pair is evaluated[-1])
    )


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


def _is_power_of_two(step: int) -> bool:
    return step & (step - 1) == 0


def _is_evaluated(state: TrainingState) -> bool:
    return state.position == 0 or _is_power_of_two(state.step)


def evaluated_part(samples: Samples) -> Samples:
    """Return at most ``MAX_EVALUATED`` of the samples, spread over all of them.

    One in so many, by an odd number: MNIST's training file alternates between two groups
    of writers, and a model of 91 % reads its even pictures at 89 %, its odd ones at 94 %.
    """
    stride = -(-len(samples.labels) // MAX_EVALUATED) | 1
    return Samples(samples.images[::stride], samples.labels[::stride])


def train_set_of(config: TrainingConfig, dataset: Dataset, *, part: bool = False) -> TrainSet:
    """Return what is trained on, or a part of it that the drawings make up the same share of."""
    base = base_samples(config, dataset)
    base = evaluated_part(base) if part else base
    return with_taught(base, config.taught, dataset.info.image_shape)


def _evaluate(config: TrainingConfig, state: TrainingState, dataset: Dataset) -> Evaluation:
    n_samples = n_train_samples(config, n_base_samples(config, len(dataset.train_labels)))
    train_part = train_set_of(config, dataset, part=True)
    test_set = Samples(dataset.test_images, dataset.test_labels)
    epoch = state.epoch + state.position / n_samples
    return evaluate_both(config, state, train_part, test_set, epoch)
