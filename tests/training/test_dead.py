"""Dead classes: declared only when no picture of the training set can wake them."""

from __future__ import annotations

import numpy as np

from softmax_core.nn import predict_logits
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.dead import DeadClass, dead_classes
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs
from softmax_core.training.state import TrainingState

RELU = TrainingConfig(
    network="relu-softmax", bias="none", init="tiny-normal", seed=1024, batch_size=32
)


def silent(config: TrainingConfig, state: TrainingState, samples: Samples) -> set[int]:
    """Classes whose logit no picture raises above 0, by looking at all pictures."""
    network = network_of(config, state.params)
    logits = predict_logits(network, state.params, to_inputs(samples.images))
    return set(np.flatnonzero(~(logits > 0).any(axis=0)).tolist())


def test_the_classes_called_dead_are_those_that_no_picture_wakes(small_samples: Samples) -> None:
    found = 0
    for seed in range(1024, 1032):
        config = TrainingConfig(**{**vars(RELU), "seed": seed, "learning_rate": 0.5})
        state = first_state(config, 784, 10)
        state, _ = advance(state, config, small_samples, Budget(steps=400))
        dead = dead_classes(state, 400, config.batch_size)
        assert {d.index for d in dead} == silent(config, state, small_samples)
        for d in dead:
            before = first_state(config, 784, 10)
            before, _ = advance(before, config, small_samples, Budget(steps=d.since_step))
            rest, _ = advance(before, config, small_samples, Budget(steps=60))
            np.testing.assert_array_equal(
                before.params["W"][:, d.index], rest.params["W"][:, d.index]
            )
        found += len(dead)
    assert found > 0  # or nothing was tested


def test_a_class_is_not_called_dead_before_every_picture_was_seen() -> None:
    state = TrainingState({}, step=100, last_active=(100, 82, 81, 0))
    # 400 pictures in batches of 40: 10 steps a pass, and any 19 steps hold a whole one.
    assert dead_classes(state, 400, 40) == (DeadClass(2, 81), DeadClass(3, 0))
    assert dead_classes(state, 400, 4_000)[0] == DeadClass(1, 82)  # every step is a pass


def test_other_networks_have_no_dead_classes(small_samples: Samples) -> None:
    for network in ("softmax", "mlp"):
        config = TrainingConfig(network=network, hidden_units=4)
        state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=30))
        assert state.last_active is None
        assert dead_classes(state, 400, 128) == ()


def test_signs_of_life_do_not_depend_on_how_a_run_was_cut(small_samples: Samples) -> None:
    first = first_state(RELU, 784, 10)
    whole, _ = advance(first, RELU, small_samples, Budget(steps=60))
    cut = first
    for steps in (1, 9, 30, 20):
        cut, _ = advance(cut, RELU, small_samples, Budget(steps=steps))
    assert whole.last_active is not None
    assert cut.last_active == whole.last_active
