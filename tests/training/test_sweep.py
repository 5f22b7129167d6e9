"""The sweep of 32 rates, and the evaluation of many lanes in one pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.training import Budget, Samples, TrainingConfig, advance, evaluate, first_state
from softmax_core.training.evaluate_lanes import evaluate_lanes
from softmax_core.training.layered import network_of
from softmax_core.training.sweep import good_rates, sweep, sweep_configs

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
