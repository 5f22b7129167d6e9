"""The switches of Break it safely: what they break, within how many steps, and the way back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from softmax_core.data.store import open_dataset
from softmax_core.training import (
    Budget,
    History,
    Samples,
    StepRecords,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
)
from softmax_core.training.breaking import (
    LOG_OF_PROBABILITY,
    NAIVE_SOFTMAX,
    RAW_PIXELS,
    SWITCHES,
    Switch,
    can_be_broken,
    is_broken,
    is_on,
    loss_leap,
    mended,
    switched,
    to_break,
)

DATASET = "mnist-5k"
HEALTHY = TrainingConfig(dataset=DATASET)


def train(
    config: TrainingConfig, state: TrainingState, steps: int
) -> tuple[TrainingState, StepRecords]:
    dataset = open_dataset(DATASET)
    train_set = Samples(dataset.train_images, dataset.train_labels)
    return advance(state, config, train_set, Budget(steps=steps))


@cache
def start(steps: int) -> TrainingState:
    state = first_state(to_break(HEALTHY, DATASET), 784, 10)
    return train(HEALTHY, state, steps)[0] if steps else state


@pytest.mark.parametrize("steps", [0, 100])
@pytest.mark.parametrize(
    ("switch", "tensor"), [(NAIVE_SOFTMAX, "exp(Z)"), (LOG_OF_PROBABILITY, "log P")]
)
def test_it_stops_within_5_steps_and_names_the_logit(
    switch: Switch, tensor: str, steps: int
) -> None:
    before = start(steps)
    state, _ = train(switched(HEALTHY, switch, True), before, 10)
    assert state.stop is not None
    assert before.step < state.stop.step <= before.step + 5
    fault = state.stop.fault
    assert fault is not None
    assert fault.tensor == tensor
    assert fault.logit is not None
    if switch is NAIVE_SOFTMAX:
        assert fault.logit > 88.7
    else:
        assert fault.largest is not None
        assert fault.logit < fault.largest - 88
    for values in state.params.values():
        assert np.isfinite(values).all()
    # And the way back: the same run goes on as if nothing had been.
    mended_state, records = train(mended(switched(HEALTHY, switch, True)), without_stop(state), 50)
    assert mended_state.stop is None
    assert records.loss[-1] < 1.2


def without_stop(state: TrainingState) -> TrainingState:
    return replace(state, stop=None, doubt=None, previous=None)


@pytest.mark.parametrize("switch", [NAIVE_SOFTMAX, LOG_OF_PROBABILITY])
def test_with_pixels_of_0_to_1_nothing_fails(switch: Switch) -> None:
    config = switched(switched(HEALTHY, switch, True), RAW_PIXELS, False)
    assert is_on(config, switch)
    for rate in (0.1, 1.0):
        state, records = train(replace(config, learning_rate=rate), start(0), 200)
        assert state.stop is None
        _, healthy = train(replace(HEALTHY, learning_rate=rate), start(0), 200)
        np.testing.assert_allclose(records.loss, healthy.loss, rtol=0.02, atol=0.01)


@pytest.mark.parametrize("steps", [0, 100])
def test_raw_pixels_with_the_stable_softmax_leap_but_stay_finite(steps: int) -> None:
    before = start(steps)
    history = History(4_000)
    if steps:
        history.add(train(HEALTHY, start(0), steps)[1])
    state, records = train(switched(HEALTHY, RAW_PIXELS, True), before, 90)
    history.add(records)
    assert state.stop is None
    assert np.isfinite(records.loss).all()
    leap = loss_leap(history.curve(), steps)
    assert leap is not None
    assert leap.steps <= 5
    assert leap.before < 2.4 < 1_000 < leap.highest
    assert state.doubt is not None  # the good weights are kept meanwhile
    assert state.doubt.before.step >= steps - 1


def test_a_healthy_run_has_no_leap() -> None:
    history = History(4_000)
    history.add(train(HEALTHY, start(0), 100)[1])
    assert loss_leap(history.curve()) is None
    assert loss_leap(History(4_000).curve()) is None


def test_both_others_bring_the_raw_pixels_with_them_and_let_them_go() -> None:
    for switch in SWITCHES:
        config = switched(HEALTHY, switch, True)
        assert is_on(config, switch)
        assert is_on(config, RAW_PIXELS)
        assert is_broken(config)
    naive = switched(HEALTHY, NAIVE_SOFTMAX, True)
    assert switched(naive, RAW_PIXELS, False).softmax == "naive"
    assert switched(naive, NAIVE_SOFTMAX, False).pixels == "raw"


def test_mended_switches_all_off_and_touches_nothing_else() -> None:
    config = TrainingConfig(dataset=DATASET, learning_rate=0.3, gradient="diagonal", seed=4)
    broken = config
    for switch in SWITCHES:
        broken = switched(broken, switch, True)
    assert mended(broken) == config
    assert mended(config) is config


def test_a_run_to_break_begins_at_pure_guessing_and_keeps_the_switches() -> None:
    broken = switched(replace(HEALTHY, network="mlp", seed=9), NAIVE_SOFTMAX, True)
    config = to_break(broken, DATASET)
    assert (config.network, config.seed, config.softmax, config.pixels) == (
        *("softmax", 9),
        *("naive", "raw"),
    )
    _, records = train(mended(config), start(0), 1)
    assert records.loss[0] == pytest.approx(np.log(10), rel=1e-6)


def test_a_run_with_steps_of_softmax_regression_is_ridden_on_as_it_is() -> None:
    assert can_be_broken(HEALTHY, start(100))
    assert not can_be_broken(HEALTHY, start(0))
    assert not can_be_broken(replace(HEALTHY, network="mlp"), start(100))
