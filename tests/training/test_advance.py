"""``advance``: the same bits however a run is cut, against oracles that are not ours."""

from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from softmax_core.nn import loss_and_grads
from softmax_core.training import (
    Budget,
    Samples,
    TrainingConfig,
    TrainingState,
    advance,
    first_state,
)
from softmax_core.training.fused import FusedStepper
from softmax_core.training.layered import LayeredStepper, network_of
from softmax_core.training.start import build_network, epoch_order

NETWORKS = ("softmax", "relu-softmax", "mlp")
HIDDEN: dict[str, Any] = {"network": "mlp", "hidden_units": 12}


def digest(state: TrainingState) -> str:
    """Fingerprint of all parameters and the velocity."""
    arrays = [*state.params.values(), *state.velocity.values()]
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def start(config: TrainingConfig, samples: Samples) -> TrainingState:
    return first_state(config, samples.images.shape[1], int(samples.labels.max()) + 1)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_weights_are_the_same_bits_however_the_run_is_cut(
    small_samples: Samples, network: str, momentum: float
) -> None:
    config = TrainingConfig(network=network, batch_size=32, momentum=momentum, hidden_units=12)
    whole, records = advance(start(config, small_samples), config, small_samples, Budget(steps=40))
    cut, losses = start(config, small_samples), []
    for steps in (1, 2, 3, 5, 8, 13, 7, 1):
        cut, part = advance(cut, config, small_samples, Budget(steps=steps))
        losses.append(part.loss)
    assert cut.step == whole.step == 40
    assert digest(cut) == digest(whole)
    np.testing.assert_array_equal(np.concatenate(losses), records.loss)


def test_a_state_survives_pickling_in_the_middle_of_an_epoch(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=48, momentum=0.5)
    state, _ = advance(start(config, small_samples), config, small_samples, Budget(steps=3))
    again = pickle.loads(pickle.dumps(state))
    ends = [advance(s, config, small_samples, Budget(steps=9))[0] for s in (state, again)]
    assert digest(ends[0]) == digest(ends[1])


def test_the_number_of_blas_threads_changes_nothing(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=128)
    ends = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            ends.append(
                advance(start(config, small_samples), config, small_samples, Budget(steps=20))[0]
            )
    assert digest(ends[0]) == digest(ends[1])


def test_advance_leaves_the_state_it_was_given_alone(small_samples: Samples) -> None:
    for network in NETWORKS:
        config = TrainingConfig(network=network, hidden_units=8, momentum=0.9)
        state, _ = advance(start(config, small_samples), config, small_samples, Budget(steps=2))
        before = digest(state)
        advance(state, config, small_samples, Budget(steps=5))
        assert digest(state) == before


@settings(max_examples=25)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=12), st.integers(0, 5))
def test_every_epoch_visits_each_picture_once_whatever_the_batch_sizes(
    sizes: list[int], seed: int
) -> None:
    n = 200
    rng = np.random.default_rng(1)
    samples = Samples(
        rng.integers(0, 256, (n, 4), dtype=np.uint8), rng.integers(0, 3, n).astype(np.uint8)
    )
    config = TrainingConfig(seed=seed)
    state, used = first_state(config, 4, 3), 0
    for size in sizes:
        state, records = advance(state, replace(config, batch_size=size), samples, Budget(steps=1))
        used += int(records.batch_size[0])
        assert state.samples_seen == used
        assert state.epoch * n + state.position == used


def test_the_order_of_epochs_comes_from_the_seed_alone() -> None:
    assert sorted(epoch_order(3, 0, 50)) == list(range(50))
    np.testing.assert_array_equal(epoch_order(3, 1, 50), epoch_order(3, 1, 50))
    assert not np.array_equal(epoch_order(3, 0, 50), epoch_order(3, 1, 50))
    assert not np.array_equal(epoch_order(3, 0, 50), epoch_order(4, 0, 50))


def test_the_first_weights_do_not_repeat_an_epochs_random_numbers() -> None:
    config = TrainingConfig(init="unit-normal", seed=5)
    W = first_state(config, 30, 10).params["W"]
    repeated = np.random.default_rng([5, 0]).normal(size=(30, 10)).astype(np.float32)
    assert not np.allclose(W, repeated)


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("network", [{}, HIDDEN, HIDDEN | {"activation": "sigmoid"}])
def test_the_fused_step_agrees_with_the_layered_one(
    small_samples: Samples, l2: float, momentum: float, network: dict[str, Any]
) -> None:
    init = "scaled" if network else "unit-normal"
    config = TrainingConfig(batch_size=64, init=init, **network)
    state = start(config, small_samples)
    fused = FusedStepper(network_of(config, state.params), state, small_samples, 64)
    layered = LayeredStepper(config, state, small_samples, 64)
    for epoch in range(3):
        rows = epoch_order(0, epoch, len(small_samples.labels))[:64]
        ours, theirs = fused.measure(rows, l2), layered.measure(rows, l2)
        np.testing.assert_allclose(ours[:3], theirs[:3], rtol=2e-6)
        fused.update(0.1, momentum)
        layered.update(0.1, momentum)
    for name, array in fused.snapshot()[0].items():
        np.testing.assert_allclose(array, layered.snapshot()[0][name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("network", NETWORKS)
def test_a_batch_larger_than_a_chunk_has_the_gradient_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, small_samples: Samples, network: str
) -> None:
    config = TrainingConfig(network=network, batch_size=400, learning_rate=0.5, hidden_units=8)
    state = start(config, small_samples)
    once, whole = advance(state, config, small_samples, Budget(steps=1))
    for module in ("fused", "layered"):
        monkeypatch.setattr(f"softmax_core.training.{module}.MAX_CHUNK", 96)
    chunked, parts = advance(state, config, small_samples, Budget(steps=1))
    np.testing.assert_allclose(parts.loss, whole.loss, rtol=1e-6)
    np.testing.assert_allclose(parts.accuracy, whole.accuracy)
    for name, array in once.params.items():
        np.testing.assert_allclose(chunked.params[name], array, atol=1e-6)


def test_a_short_last_batch_is_averaged_over_its_real_size(small_samples: Samples) -> None:
    n = len(small_samples.labels)
    config = TrainingConfig(batch_size=n - 10, learning_rate=1.0, init="zero")
    state, records = advance(start(config, small_samples), config, small_samples, Budget(steps=2))
    assert records.batch_size.tolist() == [n - 10, 10]
    rows = epoch_order(0, 0, n)[n - 10 :]
    X = small_samples.images[rows] / 255.0
    one_step, _ = advance(start(config, small_samples), config, small_samples, Budget(steps=1))
    params = {name: array.astype(np.float64) for name, array in one_step.params.items()}
    network = build_network(config, X.shape[1], 10)
    loss, grads, _ = loss_and_grads(network, params, X, small_samples.labels[rows])
    assert records.loss[1] == pytest.approx(loss, rel=1e-6)
    np.testing.assert_allclose(state.params["b"], params["b"] - grads["b"], atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.8])
def test_softmax_training_agrees_with_scikit_learn_on_the_same_batches(
    small_samples: Samples, momentum: float
) -> None:
    config = TrainingConfig(batch_size=100, learning_rate=0.2, momentum=momentum)
    state = start(config, small_samples)
    theirs = _sklearn_softmax(state, config, small_samples)
    for epoch in range(2):
        order = epoch_order(0, epoch, len(small_samples.labels))
        for begin in range(0, len(order), 100):
            rows = order[begin : begin + 100]
            theirs.partial_fit(
                small_samples.images[rows] / np.float32(255), small_samples.labels[rows]
            )
    ours, _ = advance(state, config, small_samples, Budget(until_epoch=2))
    np.testing.assert_allclose(ours.params["W"], theirs.coefs_[0], atol=2e-6)
    np.testing.assert_allclose(ours.params["b"], theirs.intercepts_[0], atol=2e-6)


def _sklearn_softmax(
    state: TrainingState, config: TrainingConfig, samples: Samples
) -> MLPClassifier:
    """Return scikit-learn's softmax regression, set to our first weights."""
    model = MLPClassifier(
        hidden_layer_sizes=(),
        solver="sgd",
        alpha=0.0,
        learning_rate_init=config.learning_rate,
        momentum=config.momentum,
        nesterovs_momentum=False,
        batch_size=config.batch_size,
        shuffle=False,
    )
    rows = slice(0, config.batch_size)
    model.partial_fit(
        samples.images[rows] / np.float32(255), samples.labels[rows], classes=np.arange(10)
    )
    model.coefs_[0][:] = state.params["W"]
    model.intercepts_[0][:] = state.params["b"]
    for velocity in model._optimizer.velocities:
        velocity[:] = 0
    return model


def test_a_run_stops_before_its_weights_overflow_and_names_the_step(
    small_samples: Samples,
) -> None:
    config = TrainingConfig(learning_rate=10.0, l2=1.0, batch_size=32)
    state, records = advance(start(config, small_samples), config, small_samples, Budget(steps=999))
    assert state.stop is not None
    assert state.step < state.stop.step == records.step[-1] + 1
    # The weights that are kept have a measured loss of their own, and it is a good one.
    assert records.loss[state.step] < 20 < records.loss[state.step + 1]
    assert f"stopped at step {state.stop.step}" in state.stop.reason
    assert f"weights of step {state.step} are kept" in state.stop.reason
    assert all(np.isfinite(array).all() for array in state.params.values())
    assert np.isfinite(records.loss).all()
    again, more = advance(state, config, small_samples, Budget(steps=5))
    assert again == state
    assert not len(more.step)


def test_a_loss_that_rises_and_stays_high_goes_back_to_the_last_good_step(
    small_samples: Samples,
) -> None:
    # A penalty slowly blows the weights up: each step multiplies them by 1 - 2.1.
    config = TrainingConfig(learning_rate=100.0, l2=0.021, batch_size=400, init="unit-normal")
    state, records = advance(start(config, small_samples), config, small_samples, Budget(steps=500))
    assert state.stop is not None
    assert "stayed far above its start" in state.stop.reason
    assert state.step < records.step[-1]
    kept, _ = advance(start(config, small_samples), config, small_samples, Budget(steps=state.step))
    assert digest(state) == digest(kept)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_lost_run_keeps_the_same_weights_however_it_was_cut(
    small_samples: Samples, network: str, momentum: float
) -> None:
    config = TrainingConfig(
        network=network, learning_rate=10.0, l2=1.0, momentum=momentum, hidden_units=8
    )
    first = start(config, small_samples)
    whole, _ = advance(first, config, small_samples, Budget(steps=500))
    cut = first
    while cut.stop is None:
        cut, _ = advance(cut, config, small_samples, Budget(steps=1))
    assert cut.stop == whole.stop
    assert cut.step == whole.step
    assert digest(cut) == digest(whole)


@pytest.mark.parametrize("batch_size", [8, 128, 400])
@pytest.mark.parametrize("learning_rate", [1e-6, 0.001, 1.0, 10.0, 100.0])
def test_softmax_regression_bounces_at_high_rates_and_is_not_stopped(
    small_samples: Samples, batch_size: int, learning_rate: float
) -> None:
    config = TrainingConfig(learning_rate=learning_rate, batch_size=batch_size)
    state, _ = advance(start(config, small_samples), config, small_samples, Budget(steps=150))
    assert state.stop is None
    assert all(np.isfinite(array).all() for array in state.params.values())


def test_a_time_budget_takes_at_least_one_step_and_stops_by_the_clock(
    small_samples: Samples,
) -> None:
    ticks = iter(range(1000))
    budget = Budget(seconds=4.5, clock=lambda: float(next(ticks)))
    config = TrainingConfig()
    state, _ = advance(start(config, small_samples), config, small_samples, budget)
    assert state.step == 5
    spent = Budget(seconds=0.0, clock=lambda: 0.0)
    state, _ = advance(state, config, small_samples, spent)
    assert state.step == 6


def test_in_the_files_order_every_epoch_is_the_same_and_no_seed_changes_it() -> None:
    for seed, epoch in ((0, 0), (0, 1), (7, 3)):
        np.testing.assert_array_equal(epoch_order(seed, epoch, 50, "file"), np.arange(50))
