"""How far an update goes, against weights taken step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.update_ratio import update_ratio


@pytest.mark.parametrize("network", ["softmax", "mlp"])
def test_it_is_the_length_of_the_step_beside_that_of_the_weights(
    small_samples: Samples, network: str
) -> None:
    config = TrainingConfig(network=network, init="scaled", momentum=0.5)
    before, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=6))
    after, _ = advance(before, config, small_samples, Budget(steps=1))
    found = update_ratio(after)
    assert found is not None
    assert found.step == 7
    for name, old in before.params.items():
        expected = np.linalg.norm(after.params[name] - old) / np.linalg.norm(old)
        assert found.by_name[name] == pytest.approx(expected, rel=1e-5)
    rows = [np.concatenate([a.ravel() for a in s.params.values()]) for s in (before, after)]
    whole = np.linalg.norm(rows[1] - rows[0]) / np.linalg.norm(rows[0])
    assert found.whole == pytest.approx(whole, rel=1e-5)


def test_without_momentum_it_is_the_rate_times_the_recorded_gradient(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(init="small-normal")
    start = first_state(config, 784, 10)
    state, records = advance(start, config, small_samples, Budget(steps=1))
    found = update_ratio(state)
    length = np.sqrt(sum(float(np.vdot(a, a)) for a in start.params.values()))
    assert found is not None
    assert found.whole == pytest.approx(0.1 * float(records.gradient_norm[0]) / length, rel=1e-5)


def test_from_zero_weights_the_first_step_is_beyond_all_measure(small_samples: Samples) -> None:
    config = TrainingConfig(init="zero")
    state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=1))
    found = update_ratio(state)
    assert found is not None
    assert found.whole == float("inf")


def test_there_is_none_before_the_first_step_or_after_loading(small_samples: Samples) -> None:
    config = TrainingConfig()
    state = first_state(config, 784, 10)
    assert update_ratio(state) is None
    state, _ = advance(state, config, small_samples, Budget(steps=3))
    assert update_ratio(replace(state, previous=None)) is None
