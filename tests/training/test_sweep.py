"""The sweep of 32 rates, and the evaluation of many lanes in one pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.training import Budget, Samples, TrainingConfig, advance, evaluate, first_state
from softmax_core.training.evaluate_lanes import evaluate_lanes
from softmax_core.training.layered import network_of
from softmax_core.training.sweep import (
    good_rates,
    goodness,
    grid_batch_sizes,
    grid_configs,
    sweep,
    sweep_configs,
)

CONFIG = TrainingConfig(batch_size=64, epochs=2)


def test_rates_are_equal_steps_of_the_logarithm_from_end_to_end() -> None:
    rates = np.array([config.learning_rate for config in sweep_configs(CONFIG)])
    assert len(rates) == 32
    assert rates[0] == 1e-4
    assert rates[-1] == 10
    np.testing.assert_allclose(rates[1:] / rates[:-1], 1e5 ** (1 / 31), rtol=0.02)


def test_a_sweep_is_32_runs(small_samples: Samples) -> None:
    found = sweep(CONFIG, small_samples, small_samples, 10)
    start = first_state(CONFIG, small_samples.n_features, 10)
    for lane in (0, 10, 20, 24):  # beyond, rounding errors grow from step to step
        config = found.configs[lane]
        alone, records = advance(start, config, small_samples, Budget(until_epoch=2))
        W = alone.params["W"]
        np.testing.assert_allclose(found.states[lane].params["W"], W, atol=1e-5 * np.abs(W).max())
        np.testing.assert_allclose(found.records[lane].loss, records.loss, rtol=1e-5)
    first, last = good_rates(found.test.accuracy)
    assert 0 < first <= int(found.test.accuracy.argmax()) <= last
    assert found.test.loss[0] > 2.0  # hardly learned at 1e-4
    assert found.test.accuracy.max() > 0.7  # after 14 steps


@pytest.mark.parametrize("n_lanes", [1, 5])
def test_lanes_are_evaluated_as_each_would_be(small_samples: Samples, n_lanes: int) -> None:
    kinds = (
        TrainingConfig(init="unit-normal"),
        TrainingConfig(init="zero"),  # all logits are equal: the first class is chosen
        TrainingConfig(network="mlp", hidden_units=8),
        TrainingConfig(init="unit-normal", pixels="raw"),
        TrainingConfig(init="unit-normal", loss="clipped"),
        TrainingConfig(init="unit-normal", bias="none"),
    )
    configs = [replace(config, seed=seed) for config in kinds for seed in range(n_lanes)]
    states = [first_state(config, small_samples.n_features, 10) for config in configs]
    found = evaluate_lanes(states, configs, small_samples)
    for lane, (state, config) in enumerate(zip(states, configs, strict=True)):
        network = network_of(config, state.params)
        loss, accuracy = evaluate(network, state.params, small_samples, config)
        assert found.loss[lane] == pytest.approx(loss, rel=1e-5)
        assert found.accuracy[lane] == accuracy


def test_good_rates_are_the_neighbours_of_the_best_that_are_hardly_worse() -> None:
    accuracy = np.array([0.900, 0.10, 0.895, 0.91, 0.9, 0.85, 0.905])
    assert good_rates(accuracy) == (3, 4)  # 0.895 is more than 0.01 below
    assert good_rates(np.array([0.5, 0.5])) == (0, 1)


@pytest.mark.parametrize(
    ("n_samples", "sizes"),
    [(60_000, (8, 32, 128, 512, 2048)), (1437, (8, 32, 128, 512, 1437)), (100, (8, 32, 100))],
)
def test_a_map_has_up_to_five_batch_sizes_four_times_apart(
    n_samples: int, sizes: tuple[int, ...]
) -> None:
    assert grid_batch_sizes(n_samples) == sizes
    rows = grid_configs(CONFIG, n_samples)
    assert [{config.batch_size for config in row} for row in rows] == [{size} for size in sizes]
    rates = [config.learning_rate for config in rows[0]]
    assert (len(rates), rates[0], rates[-1]) == (16, 1e-4, 10)
    assert all([config.learning_rate for config in row] == rates for row in rows)
    assert {replace(c, learning_rate=1.0, batch_size=1) for row in rows for c in row} == {
        replace(CONFIG, learning_rate=1.0, batch_size=1)
    }


def test_runs_are_held_against_each_other_by_accuracy_or_else_by_loss() -> None:
    loss, diverged = np.array([0.0, np.log(2), np.nan]), np.array([False, False, True])
    nan = np.full(3, np.nan)
    np.testing.assert_allclose(goodness(loss, nan, diverged), [1.0, 0.5, -1.0])
    accuracy = np.array([0.7, 0.8, 0.9])
    np.testing.assert_array_equal(goodness(loss, accuracy, diverged), [0.7, 0.8, -1.0])
    assert (goodness(nan, nan, np.zeros(3, bool)) == -1).all()
