"""The gradient check itself: exact on known slopes, and it notices wrong formulas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    Linear,
    Network,
    Params,
    ReLU,
    Sigmoid,
    check_gradients,
    complex_step_gradient,
    mlp_network,
    numeric_gradient,
    relu_softmax_network,
    scaled_params,
    softmax_network,
)

RNG = np.random.default_rng(23)
X = RNG.random((32, 50))
LABELS = RNG.integers(0, 10, 32)
NETWORKS = [
    softmax_network(50, 10),
    relu_softmax_network(50, 10),
    mlp_network(50, 20, 10, ReLU()),
    mlp_network(50, 20, 10, Sigmoid()),
]
MLP = NETWORKS[3]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("n_samples", [1, 32])
def test_right_gradients_pass(network: Network, l2: float, n_samples: int) -> None:
    params = scaled_params(network, np.random.default_rng(1))
    errors = check_gradients(network, params, X[:n_samples], LABELS[:n_samples], l2)
    assert set(errors) == set(network.parameter_shapes())
    assert max(errors.values()) < 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_right_gradients_pass_however_near_a_kink_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = mlp_network(50, 20, 10, ReLU())
    params = scaled_params(network, rng)
    params["b1"] -= X[0].astype(np.float32) @ params["W1"] - 1e-6  # sample 0: all at 1e-6
    assert max(check_gradients(network, params, X, LABELS, rng=rng).values()) < 1e-7


def summed_instead_of_mean(self: Linear, cache: Array, dout: Array) -> Params:
    return {self.weight: len(dout) * (cache.T @ dout), str(self.bias): len(dout) * dout.sum(axis=0)}


def first_sample_only_in_bias(self: Linear, cache: Array, dout: Array) -> Params:
    return {self.weight: cache.T @ dout, str(self.bias): dout[0]}


def sigmoid_without_its_slope(
    self: Sigmoid, params: Params, cache: Array, dout: Array
) -> tuple[Array, Params]:
    return dout * cache, {}


@pytest.mark.parametrize(
    ("layer", "method", "wrong", "noticed"),
    [
        (Linear, "parameter_grads", summed_instead_of_mean, {"W1", "b1", "W2", "b2"}),
        (Linear, "parameter_grads", first_sample_only_in_bias, {"b1", "b2"}),
        (Sigmoid, "backward", sigmoid_without_its_slope, {"W1", "b1"}),
    ],
)
def test_a_wrong_formula_is_noticed_where_it_is(
    layer: type,
    method: str,
    wrong: Callable[..., object],
    noticed: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layer, method, wrong)
    params = scaled_params(MLP, np.random.default_rng(1))
    errors = check_gradients(MLP, params, X, LABELS)
    assert {name for name, error in errors.items() if error > 0.1} == noticed
    assert all(error < 1e-12 for name, error in errors.items() if name not in noticed)


def test_entries_are_chosen_by_the_generator() -> None:
    params = scaled_params(MLP, np.random.default_rng(1))
    runs = [
        check_gradients(MLP, params, X, LABELS, entries=3, rng=np.random.default_rng(seed))
        for seed in (0, 0, 1)
    ]
    assert runs[0] == runs[1] == check_gradients(MLP, params, X, LABELS, entries=3)
    assert runs[0] != runs[2]


def test_unscaled_pixels_are_refused() -> None:
    params = scaled_params(MLP, np.random.default_rng(1))
    with pytest.raises(UserError, match="Divide pixels by 255"):
        check_gradients(MLP, params, (X * 255).astype(np.uint8), LABELS)


def test_central_differences_are_exact_for_a_polynomial_of_degree_four() -> None:
    x = np.array([[0.5, -1.0], [2.0, 0.25]])
    slopes = numeric_gradient(lambda v: float((v**4 - 3 * v**2).sum()), x, eps=0.1)
    np.testing.assert_allclose(slopes, 4 * x**3 - 6 * x, rtol=1e-12)


def test_both_ways_find_the_slope_of_the_sine() -> None:
    x = np.linspace(-3, 3, 7)
    by_differences = numeric_gradient(lambda v: float(np.sin(v).sum()), x)
    np.testing.assert_allclose(by_differences, np.cos(x), atol=1e-10)
    by_complex_step = complex_step_gradient(lambda v: complex(np.sin(v).sum()), x)
    np.testing.assert_allclose(by_complex_step, np.cos(x), rtol=1e-15)


def test_chosen_entries_come_in_their_order_and_x_stays_as_it_was() -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    x.flags.writeable = False
    chosen = np.array([4, 1])
    by_differences = numeric_gradient(lambda v: float((v**2).sum()), x, entries=chosen)
    by_complex_step = complex_step_gradient(lambda v: complex((v**2).sum()), x, chosen)
    np.testing.assert_allclose(by_differences, [8, 2], rtol=1e-9)
    np.testing.assert_allclose(by_complex_step, [8, 2], rtol=1e-15)
