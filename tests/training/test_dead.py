"""Dead classes: declared only when no picture of the training set can wake them."""

from __future__ import annotations

import numpy as np

from softmax_core.nn import predict_logits
from softmax_core.training import Budget, Samples, TrainingConfig, advance, first_state
from softmax_core.training.dead import dead_classes
from softmax_core.training.layered import network_of
from softmax_core.training.samples import to_inputs
from softmax_core.training.state import LastActive, TrainingState

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
        dead = dead_classes(state, 400)
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
    def dead(samples_seen: int, *last: int) -> tuple[int, ...]:
        signs = tuple(LastActive(seen // 40, seen) for seen in last)
        state = TrainingState(
            {}, position=samples_seen % 400, samples_seen=samples_seen, last_active=signs
        )
        return tuple(d.index for d in dead_classes(state, 400))

    assert dead(4_000, 4_000, 3_640, 3_600, 0) == (2, 3)  # 3,600 to 4,000 is the tenth epoch
    assert dead(3_960, 3_600, 3_200, 3_240) == (1,)  # the tenth is not over
    assert dead(399, 0) == ()
    assert dead(400, 0) == (0,)


def test_a_larger_batch_in_mid_run_makes_no_class_look_dead(small_samples: Samples) -> None:
    small = TrainingConfig(**{**vars(RELU), "batch_size": 4})
    state, _ = advance(first_state(small, 784, 10), small, small_samples, Budget(steps=37))
    large = TrainingConfig(**{**vars(RELU), "batch_size": 4_000})
    state, _ = advance(state, large, small_samples, Budget(steps=3))
    dead = {d.index for d in dead_classes(state, 400)}
    assert dead <= silent(large, state, small_samples)


def test_other_networks_have_no_dead_classes(small_samples: Samples) -> None:
    for network in ("softmax", "mlp"):
        config = TrainingConfig(network=network, hidden_units=4)
        state, _ = advance(first_state(config, 784, 10), config, small_samples, Budget(steps=30))
        assert state.last_active is None
        assert dead_classes(state, 400) == ()


def test_signs_of_life_do_not_depend_on_how_a_run_was_cut(small_samples: Samples) -> None:
    first = first_state(RELU, 784, 10)
    whole, _ = advance(first, RELU, small_samples, Budget(steps=60))
    cut = first
    for steps in (1, 9, 30, 20):
        cut, _ = advance(cut, RELU, small_samples, Budget(steps=steps))
    assert whole.last_active is not None
    assert cut.last_active == whole.last_active
