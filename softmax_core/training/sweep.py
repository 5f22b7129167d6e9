"""The same run with 32 learning rates, from far too small to far too large, all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.training.advance import Budget
from softmax_core.training.config import TrainingConfig
from softmax_core.training.evaluate_lanes import LaneEvaluation, evaluate_lanes
from softmax_core.training.race import advance_race
from softmax_core.training.samples import Samples
from softmax_core.training.start import first_state
from softmax_core.training.state import StepRecords, TrainingState
from softmax_core.training.taught import TrainSet

N_RATES: Final = 32
LOWEST_RATE: Final = 1e-4
HIGHEST_RATE: Final = 10.0

# Rates count as good whose accuracy is at most this far below the best's.
GOOD_ENOUGH: Final = 0.01


@dataclass(frozen=True)
class Sweep:
    """What became of each rate; every field has one entry a rate, from low to high.

    Attributes
    ----------
    configs : tuple of TrainingConfig
    states : tuple of TrainingState
        A rate at which the run had to stop has ``stop`` set and its last good weights.
    records : tuple of StepRecords
    test : LaneEvaluation
        Of these states, on held-out samples.
    """

    configs: tuple[TrainingConfig, ...]
    states: tuple[TrainingState, ...]
    records: tuple[StepRecords, ...]
    test: LaneEvaluation


def sweep_configs(config: TrainingConfig) -> tuple[TrainingConfig, ...]:
    """Return the settings with each rate: equal steps in the logarithm, three digits."""
    exponents = np.linspace(np.log10(LOWEST_RATE), np.log10(HIGHEST_RATE), N_RATES)
    return tuple(replace(config, learning_rate=float(f"{10.0**x:.3g}")) for x in exponents)


def sweep_starts(
    config: TrainingConfig, n_features: int, n_classes: int
) -> tuple[TrainingState, ...]:
    """Return the states before the first step: one for all, as the start knows no rate."""
    return (first_state(config, n_features, n_classes),) * N_RATES


def sweep(config: TrainingConfig, train_set: TrainSet, test_set: Samples, n_classes: int) -> Sweep:
    """Train with every rate for ``config.epochs`` epochs, and test.

    Who wants to show it live calls ``advance_race`` and ``evaluate_lanes`` on
    ``sweep_configs`` slice by slice; the result is the same.
    """
    configs = sweep_configs(config)
    starts = sweep_starts(config, train_set.n_features, n_classes)
    states, records = advance_race(starts, configs, train_set, Budget(until_epoch=config.epochs))
    return Sweep(configs, states, records, evaluate_lanes(states, configs, test_set))


def good_rates(accuracy: NDArray[np.float64]) -> tuple[int, int]:
    """Return the first and the last of the good rates around the best.

    Parameters
    ----------
    accuracy : ndarray of shape (n_rates,)
        From the lowest rate to the highest.
    """
    best = int(accuracy.argmax())
    bad = np.flatnonzero(accuracy < accuracy[best] - GOOD_ENOUGH)
    below, above = bad[bad < best], bad[bad > best]
    first = int(below[-1]) + 1 if len(below) else 0
    last = int(above[0]) - 1 if len(above) else len(accuracy) - 1
    return first, last
