"""How good the lanes of a race are on what each learns from and on what was held out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate import Evaluation
from softmax_core.training.evaluate_lanes import LaneEvaluation, evaluate_lanes
from softmax_core.training.samples import Samples
from softmax_core.training.state import TrainingState
from softmax_core.training.taught import TaughtSamples, TrainSet


def evaluate_race(
    states: Sequence[TrainingState],
    configs: Sequence[TrainingConfig],
    train_sets: Sequence[TrainSet],
    test_set: Samples,
    epochs: Sequence[float],
) -> tuple[Evaluation, ...]:
    """Evaluate all lanes: those with the same samples in one pass over them.

    Parameters
    ----------
    states, configs : sequences
        One for each lane, at least one.
    train_sets : sequence of Samples or TaughtSamples
        All or a part of what each lane learns from; the very same object where it is the same.
    test_set : Samples
        All or a part.
    epochs : sequence of float
        Whole epochs each lane has done, and the share of its present one.

    Returns
    -------
    tuple of Evaluation
        As ``evaluate_both`` finds for each lane alone, but for the rounding of float32 and
        without the accuracy of each class.
    """
    tested = evaluate_lanes(states, configs, test_set)
    trained = LaneEvaluation(np.empty(len(states)), np.empty(len(states)))
    for train_set in {id(own): own for own in train_sets}.values():
        lanes = [i for i, own in enumerate(train_sets) if own is train_set]
        found = _on(train_set, [states[i] for i in lanes], [configs[i] for i in lanes])
        trained.loss[lanes], trained.accuracy[lanes] = found
    return tuple(
        Evaluation(
            step=states[lane].step,
            epoch=epochs[lane],
            train_loss=float(trained.loss[lane]),
            train_accuracy=float(trained.accuracy[lane]),
            test_loss=float(tested.loss[lane]),
            test_accuracy=float(tested.accuracy[lane]),
        )
        for lane in range(len(states))
    )


def _on(
    train_set: TrainSet, states: Sequence[TrainingState], configs: Sequence[TrainingConfig]
) -> LaneEvaluation:
    if not isinstance(train_set, TaughtSamples):
        return evaluate_lanes(states, configs, train_set)
    base = evaluate_lanes(states, configs, train_set.base)
    joined = evaluate_lanes(states, configs, train_set.joined)
    share = train_set.n_joined / train_set.n_samples
    return LaneEvaluation(
        (1 - share) * base.loss + share * joined.loss,
        (1 - share) * base.accuracy + share * joined.accuracy,
    )
