"""The same run with many learning rates, from far too small to far too large, all at once."""

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
N_GRID_RATES: Final = 16  # for each batch size, where that is swept too
LOWEST_RATE: Final = 1e-4
HIGHEST_RATE: Final = 10.0

_SMALLEST_BATCH: Final = 8
_MOST_BATCH_SIZES: Final = 5

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


def sweep_configs(config: TrainingConfig, n_rates: int = N_RATES) -> tuple[TrainingConfig, ...]:
    """Return the settings with each rate: equal steps in the logarithm, three digits."""
    exponents = np.linspace(np.log10(LOWEST_RATE), np.log10(HIGHEST_RATE), n_rates)
    return tuple(replace(config, learning_rate=float(f"{10.0**x:.3g}")) for x in exponents)


def grid_configs(config: TrainingConfig, n_samples: int) -> tuple[tuple[TrainingConfig, ...], ...]:
    """Return the settings with each batch size, small to large, and each rate.

    Parameters
    ----------
    config : TrainingConfig
    n_samples : int
        Size of the training set.

    Returns
    -------
    tuple of tuples
        A row for each of ``grid_batch_sizes``, ``N_GRID_RATES`` in each.
    """
    return tuple(
        sweep_configs(replace(config, batch_size=size), N_GRID_RATES)
        for size in grid_batch_sizes(n_samples)
    )


def grid_batch_sizes(n_samples: int) -> tuple[int, ...]:
    """Return 8 and four times as much each time, up to five sizes; the whole set ends it early."""
    sizes: list[int] = []
    while len(sizes) < _MOST_BATCH_SIZES:
        size = _SMALLEST_BATCH * 4 ** len(sizes)
        sizes.append(min(size, n_samples))
        if size >= n_samples:
            break
    return tuple(sizes)


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


def goodness(
    loss: NDArray[np.float64], accuracy: NDArray[np.float64], diverged: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return what rates are held against each other by, in [0, 1]; -1 for what came to nothing.

    It is the test accuracy. Where there is none, it is ``exp(-loss)``: the probability (its
    geometric mean) that the true class is given.

    Parameters
    ----------
    loss, accuracy : ndarrays of one shape
        Of the training and of the test set; nan for what is not known.
    diverged : ndarray of bool
    """
    known = np.exp(-loss) if np.isnan(accuracy).all() else accuracy
    return np.where(diverged | ~np.isfinite(known), -1.0, known)


def good_rates(accuracy: NDArray[np.float64]) -> tuple[int, int]:
    """Return the first and the last of the good rates around the best.

    Parameters
    ----------
    accuracy : ndarray of shape (n_rates,)
        From the lowest rate to the highest; or their ``goodness``.
    """
    best = int(accuracy.argmax())
    bad = np.flatnonzero(accuracy < accuracy[best] - GOOD_ENOUGH)
    below, above = bad[bad < best], bad[bad > best]
    first = int(below[-1]) + 1 if len(below) else 0
    last = int(above[0]) - 1 if len(above) else len(accuracy) - 1
    return first, last
