"""Training from start to end as a generator: terminal, tests and benchmarks drive it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from softmax_core.training.advance import Budget, advance
from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate import Evaluation, evaluate_both
from softmax_core.training.samples import Samples
from softmax_core.training.start import first_state
from softmax_core.training.state import StepRecords, TrainingState
from softmax_core.training.taught import TrainSet


@dataclass(frozen=True)
class EpochReport:
    """What one epoch did.

    ``seconds`` is the time of its steps alone, without the evaluation after it.
    """

    state: TrainingState
    records: StepRecords
    evaluation: Evaluation
    seconds: float


def train(
    config: TrainingConfig,
    train_set: TrainSet,
    test_set: Samples,
    n_classes: int,
    state: TrainingState | None = None,
) -> Iterator[EpochReport]:
    """Train epoch by epoch; yield after each, and after the step that stopped the run.

    Parameters
    ----------
    config : TrainingConfig
    train_set : Samples or TaughtSamples
        As for ``advance``.
    test_set : Samples
    n_classes : int
    state : TrainingState, optional
        Where to go on from; a fresh start without it.

    Yields
    ------
    EpochReport
        ``config.epochs`` of them, fewer when the run is stopped.
    """
    n_features = train_set.n_features
    state = state or first_state(config, n_features, n_classes)
    for epoch in range(state.epoch + 1, config.epochs + 1):
        began = time.perf_counter()
        state, records = advance(state, config, train_set, Budget(until_epoch=epoch))
        seconds = time.perf_counter() - began
        done = state.epoch + state.position / train_set.n_samples
        evaluation = evaluate_both(config, state, train_set, test_set, done)
        yield EpochReport(state, records, evaluation, seconds)
        if state.stop is not None:
            return


def without_stop(state: TrainingState) -> TrainingState:
    """Return the state ready to go on after whoever is in charge changed the settings."""
    return replace(state, stop=None, doubt=None, previous=None)
