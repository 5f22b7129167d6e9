"""Runs that follow a variant: against plain loops in NumPy, and how they stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.nn import check_gradients, numeric_gradient, predict_logits
from softmax_core.training import (
    Budget,
    Samples,
    TrainingConfig,
    TrainingState,
    advance,
    evaluate,
    first_state,
)
from softmax_core.training.fused import FusedStepper
from softmax_core.training.layered import network_of
from softmax_core.training.start import build_network
from softmax_core.training.train import without_stop

RAW = TrainingConfig(pixels="raw", init="small-normal")


def start(config: TrainingConfig) -> TrainingState:
    return first_state(config, 784, 10)


def run(config: TrainingConfig, samples: Samples, steps: int) -> tuple[TrainingState, list[float]]:
    state, records = advance(start(config), config, samples, Budget(steps=steps))
    return state, [float(loss) for loss in records.loss]


def probabilities_of(X: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    exponentials = np.exp(X @ W + b)
    probabilities: np.ndarray = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


def test_the_published_full_batch_loop_gives_the_same_weights(small_samples: Samples) -> None:
    config = TrainingConfig(
        init="unit-normal-all",
        batch_size=400,
        learning_rate=1e-3,
        gradient="true-class+one-bias",
        reduction="sum",
        loss="clipped",
    )
    state = start(config)
    W, b = (state.params[name].astype(np.float64) for name in ("W", "b"))
    assert np.abs(b).max() > 0.1  # random, too
    X, Y = small_samples.images / 255, np.eye(10)[small_samples.labels]
    losses = []
    for _ in range(30):
        P = probabilities_of(X, W, b)
        losses.append(-np.log(np.clip(P[Y == 1], 1e-9, 1)).mean())
        W = W + 1e-3 * X.T @ ((Y - P) * Y)
        b = b + 1e-3 * ((Y - P) * Y).mean()
    ours, records = advance(state, config, small_samples, Budget(steps=30))
    np.testing.assert_allclose(records.loss, losses, rtol=1e-5)
    np.testing.assert_allclose(ours.params["W"], W, atol=2e-5)
    np.testing.assert_allclose(ours.params["b"], b, atol=2e-5)


def test_a_summed_gradient_is_a_mean_one_with_the_rate_times_the_batch(
    small_samples: Samples,
) -> None:
    mean = TrainingConfig(batch_size=100, learning_rate=0.1)
    summed = replace(mean, learning_rate=0.001, reduction="sum")
    one, losses = run(mean, small_samples, 8)
    other, same = run(summed, small_samples, 8)
    np.testing.assert_allclose(losses, same, rtol=1e-5)
    np.testing.assert_allclose(one.params["W"], other.params["W"], atol=1e-6)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("gradient", ["separate-layers", "true-class+one-bias", "diagonal"])
def test_a_variants_batch_may_be_larger_than_a_chunk(
    monkeypatch: pytest.MonkeyPatch, small_samples: Samples, gradient: str, reduction: str
) -> None:
    config = TrainingConfig(batch_size=400, gradient=gradient, reduction=reduction, l2=0.01)
    config = replace(config, learning_rate=0.1 if reduction == "mean" else 0.1 / 400)
    whole, losses = run(config, small_samples, 2)
    monkeypatch.setattr("softmax_core.training.layered.MAX_CHUNK", 96)
    chunked, same = run(config, small_samples, 2)
    np.testing.assert_allclose(losses, same, rtol=1e-6)
    np.testing.assert_allclose(whole.params["W"], chunked.params["W"], atol=1e-6)
    np.testing.assert_allclose(whole.params["b"], chunked.params["b"], atol=1e-6)


def test_the_penalty_is_descended_in_a_summed_gradient_too(small_samples: Samples) -> None:
    config = TrainingConfig(batch_size=400, learning_rate=1e-4, reduction="sum", l2=0.3)
    state = start(config)
    after, _ = advance(state, config, small_samples, Budget(steps=1))
    X, labels = small_samples.images / 255, small_samples.labels

    def total(W: np.ndarray) -> float:
        P = probabilities_of(X, W, np.zeros(10))
        return float(-np.log(P[np.arange(400), labels]).sum() + 400 * 0.15 * (W**2).sum())

    entries = np.array([1234, 4321, 5000, 7000])
    slopes = numeric_gradient(total, state.params["W"], entries=entries)
    moved = (state.params["W"].astype(np.float64) - after.params["W"]).ravel()[entries]
    np.testing.assert_allclose(moved / 1e-4, slopes, rtol=1e-3, atol=1e-2)


def test_the_legacy_start_is_that_of_numpys_global_seed() -> None:
    config = TrainingConfig(network="relu-softmax", bias="none", init="tiny-normal", seed=1024)
    before = np.random.get_state()  # noqa: NPY002 - the published way itself
    try:
        np.random.seed(1024)  # noqa: NPY002 - as above
        published = 0.001 * np.random.randn(784, 10)  # noqa: NPY002 - as above
    finally:
        np.random.set_state(before)  # noqa: NPY002 - as above
    params = start(config).params
    assert list(params) == ["W"]
    np.testing.assert_array_equal(params["W"], published.astype(np.float32))


@pytest.mark.parametrize(
    ("bias", "names"),
    [("all", "W1 b1 W2 b2"), ("first", "W1 b1 W2"), ("none", "W1 W2")],
)
def test_a_network_has_the_biases_asked_for_and_trains(
    small_samples: Samples, bias: str, names: str
) -> None:
    config = TrainingConfig(network="mlp", bias=bias, hidden_units=6, activation="sigmoid")
    config = replace(config, init="scaled", learning_rate=1.0)
    state = start(config)
    assert list(state.params) == names.split()
    network = build_network(config, 784, 10)
    X, labels = small_samples.images[:9] / 255, small_samples.labels[:9]
    assert max(check_gradients(network, state.params, X, labels).values()) < 1e-10
    trained, losses = run(config, small_samples, 60)
    assert losses[-1] < 0.8 * losses[0]
    assert network_of(config, trained.params) == network


def test_raw_pixels_are_taken_as_they_are(small_samples: Samples) -> None:
    config = replace(RAW, init="zero", batch_size=400, learning_rate=1e-5)
    state, _ = run(config, small_samples, 1)
    X, Y = small_samples.images.astype(np.float64), np.eye(10)[small_samples.labels]
    np.testing.assert_allclose(state.params["W"], -1e-5 * X.T @ (0.1 - Y) / 400, atol=1e-8)
    loss, _ = evaluate(network_of(config, state.params), state.params, small_samples, config)
    logits = X @ state.params["W"] + state.params["b"]
    expected = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(400), small_samples.labels]
    assert loss == pytest.approx(expected.mean(), rel=1e-5)


def test_points_are_not_scaled() -> None:
    rng = np.random.default_rng(0)
    points = Samples(
        rng.normal(size=(60, 2)).astype(np.float32), np.arange(60).astype(np.uint8) % 3
    )
    config = TrainingConfig(init="zero", batch_size=60, learning_rate=1.0)
    state, _ = advance(first_state(config, 2, 3), config, points, Budget(steps=1))
    Y = np.eye(3)[points.labels]
    np.testing.assert_allclose(state.params["W"], -points.images.T @ (1 / 3 - Y) / 60, atol=1e-7)
    first = first_state(config, 2, 3)
    fused = FusedStepper(network_of(config, first.params), first, points, 60, 1.0)
    assert fused.measure(np.arange(60), 0.0).loss == pytest.approx(np.log(3))


def test_with_raw_pixels_the_naive_softmax_breaks_within_three_steps(
    small_samples: Samples,
) -> None:
    for rate in (0.001, 0.01, 0.1, 1.0):
        config = replace(RAW, softmax="naive", batch_size=64, learning_rate=rate)
        state, losses = run(config, small_samples, 50)
        assert state.stop is not None
        assert state.stop.step <= 3
        assert len(losses) == state.stop.step - 1
        fault = state.stop.fault
        assert fault is not None
        assert fault.tensor == "exp(Z)"
        assert fault.logit is not None
        assert fault.logit > np.log(np.finfo(np.float32).max)
        assert f"step {state.stop.step}" in state.stop.reason
        assert f"class {fault.column}" in state.stop.reason
        assert "divide the pixels by 255" in state.stop.reason


def test_the_logit_named_is_the_one_the_kept_weights_lead_to(small_samples: Samples) -> None:
    config = replace(RAW, softmax="naive", batch_size=400, learning_rate=0.001)
    state, _ = run(config, small_samples, 50)
    assert state.stop is not None
    assert state.stop.fault is not None
    right = replace(config, softmax="stable")
    same = advance(start(config), right, small_samples, Budget(steps=state.stop.step - 1))[0]
    order = np.random.default_rng([0, state.stop.step - 1]).permutation(400)
    X = small_samples.images[order].astype(np.float32)
    logits = predict_logits(network_of(config, same.params), same.params, X)
    fault = state.stop.fault
    assert fault.row is not None
    assert fault.column is not None
    assert logits[fault.row, fault.column] == pytest.approx(fault.logit, rel=1e-3)


def test_the_stable_softmax_never_breaks_but_its_loss_leaps(small_samples: Samples) -> None:
    for rate in (0.01, 0.1, 1.0):
        state, losses = run(replace(RAW, learning_rate=rate, batch_size=64), small_samples, 90)
        assert np.isfinite(losses).all()
        assert max(losses[:5]) > 10 * losses[0]
        assert state.stop is None or state.stop.fault is None


def test_the_log_of_a_probability_that_is_0_breaks_and_names_the_true_class(
    small_samples: Samples,
) -> None:
    config = replace(RAW, loss="log-of-probability", batch_size=64, learning_rate=0.1)
    state, _ = run(config, small_samples, 50)
    assert state.stop is not None
    assert state.stop.step <= 5
    fault = state.stop.fault
    assert fault is not None
    assert fault.tensor == "log P"
    assert fault.largest is not None
    assert fault.logit is not None
    assert fault.largest - fault.logit > 87
    assert "log-sum-exp" in state.stop.reason


@pytest.mark.parametrize(
    "broken", [replace(RAW, softmax="naive"), replace(RAW, loss="log-of-probability")]
)
def test_once_mended_a_run_goes_on_from_the_last_good_weights(
    small_samples: Samples, broken: TrainingConfig
) -> None:
    config = replace(broken, batch_size=64)
    stopped, _ = run(config, small_samples, 50)
    assert stopped.stop is not None
    assert all(np.isfinite(array).all() for array in stopped.params.values())
    mended = replace(config, softmax="stable", loss="log-sum-exp", pixels="scaled")
    state, records = advance(without_stop(stopped), mended, small_samples, Budget(steps=200))
    assert state.stop is None
    assert state.step == stopped.step + 200
    assert records.loss[-20:].mean() < 1.0


def test_scaled_pixels_do_not_break_either_naive_way(small_samples: Samples) -> None:
    config = TrainingConfig(softmax="naive", loss="log-of-probability", batch_size=64)
    state, losses = run(config, small_samples, 100)
    assert state.stop is None
    _, right = run(TrainingConfig(batch_size=64), small_samples, 100)
    np.testing.assert_allclose(losses, right, rtol=1e-4)


def test_a_lost_variant_is_the_same_however_it_was_cut(small_samples: Samples) -> None:
    config = replace(RAW, softmax="naive", batch_size=64, learning_rate=0.001)
    whole, _ = run(config, small_samples, 50)
    cut = start(config)
    while cut.stop is None:
        cut, _ = advance(cut, config, small_samples, Budget(steps=1))
    assert whole.stop is not None
    assert cut.stop.reason == whole.stop.reason
    np.testing.assert_array_equal(cut.params["W"], whole.params["W"])
