"""Gradient times input against the complex step, its gap by hand, and hidden units that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.errors import UserError
from softmax_core.explain.ledger import evidence_ledger
from softmax_core.explain.saliency import (
    approximate_contrast,
    approximate_ledger,
    gradient_times_input,
    hidden_units,
)
from softmax_core.nn import (
    Layer,
    Network,
    Params,
    ReLU,
    Sigmoid,
    complex_step_gradient,
    mlp_network,
    predict_logits,
    softmax_network,
)


def random_mlp(
    seed: int, activation: Layer, biases: tuple[bool, bool] = (True, True)
) -> tuple[Network, Params, np.ndarray]:
    rng = np.random.default_rng(seed)
    network = mlp_network(12, 7, 4, activation, biases)
    params = {
        name: rng.normal(0, 0.6, shape).astype(np.float32)
        for name, shape in network.parameter_shapes().items()
    }
    x: np.ndarray = rng.random(12) * (rng.random(12) < 0.6)
    return network, params, x.astype(np.float32)


@pytest.mark.parametrize("activation", [ReLU(), Sigmoid()], ids=["relu", "sigmoid"])
@given(seed=st.integers(0, 2**32 - 1), k=st.integers(0, 3))
def test_the_gradient_is_that_of_the_complex_step(activation: Layer, seed: int, k: int) -> None:
    network, params, x = random_mlp(seed, activation)
    doubles = {name: array.astype(float) for name, array in params.items()}

    def logit(point: np.ndarray) -> complex:
        return complex(predict_logits(network, doubles, point[None])[0, k])

    start = x.astype(float)
    slope = complex_step_gradient(logit, start)
    found = gradient_times_input(network, params, x, k)
    np.testing.assert_allclose(found.products, slope * start, rtol=1e-10, atol=1e-13)
    own = predict_logits(network, params, x[None])[0, k]
    assert found.logit == pytest.approx(float(own), abs=1e-5)
    assert found.total == pytest.approx(found.products.sum(), abs=1e-12)
    assert found.gap == found.logit - found.total


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_with_relu_the_gap_is_what_the_biases_add(seed: int, k: int) -> None:
    network, params, x = random_mlp(seed, ReLU())
    active = x.astype(float) @ params["W1"] + params["b1"] > 0
    by_hand = (params["b1"] * active) @ params["W2"][:, k].astype(float) + params["b2"][k]
    found = gradient_times_input(network, params, x, k)
    assert found.gap == pytest.approx(float(by_hand), abs=1e-12)
    network, params, x = random_mlp(seed, ReLU(), (False, False))
    assert gradient_times_input(network, params, x, k).gap == pytest.approx(0, abs=1e-12)


def test_of_one_linear_layer_it_is_the_ledger() -> None:
    rng = np.random.default_rng(0)
    network = softmax_network(30, 5)
    params = {n: rng.normal(size=s) for n, s in network.parameter_shapes().items()}
    x = rng.random(30)
    ledger = evidence_ledger(network, params, x)
    found = gradient_times_input(network, params, x, 3)
    np.testing.assert_allclose(found.products, ledger.products[3], rtol=1e-14)
    assert found.gap == pytest.approx(params["b"][3])


@pytest.mark.parametrize("activation", [ReLU(), Sigmoid()], ids=["relu", "sigmoid"])
@pytest.mark.parametrize("biases", [(True, True), (False, False), (True, False)])
def test_the_hidden_units_add_up_to_the_logit(activation: Layer, biases: tuple[bool, bool]) -> None:
    for seed in range(20):
        network, params, x = random_mlp(seed, activation, biases)
        for k in range(4):
            units = hidden_units(network, params, x, k)
            own = float(predict_logits(network, params, x[None])[0, k])
            assert units.contributions.sum() + units.bias == pytest.approx(units.logit, abs=1e-12)
            assert units.logit == pytest.approx(own, abs=1e-5)
            sizes = np.abs(units.contributions)[units.order]
            assert (np.diff(sizes) <= 0).all()
            assert sorted(units.order) == list(range(7))


def test_hidden_units_worked_by_hand() -> None:
    network = mlp_network(2, 3, 2, ReLU())
    params = {
        "W1": np.array([[1, 2, -1], [0, 1, 0]], np.float32),
        "b1": np.array([0, 0, 0.5], np.float32),
        "W2": np.array([[1, 3], [2, -2], [9, 9]], np.float32),
        "b2": np.array([0, 0.25], np.float32),
    }
    units = hidden_units(network, params, np.array([1, 0.5], np.float32), 1)
    assert units.activations.tolist() == [1, 2.5, 0]
    assert units.contributions.tolist() == [3, -5, 0]
    assert units.order.tolist() == [1, 0, 2]
    assert (units.bias, units.logit) == (0.25, -1.75)


def test_what_cannot_be_explained_so_is_refused() -> None:
    network, params, x = random_mlp(0, ReLU())
    with pytest.raises(UserError, match="0 to 3; 4 is not one"):
        gradient_times_input(network, params, x, 4)
    with pytest.raises(UserError, match="12 floats"):
        hidden_units(network, params, x[:5], 0)
    with pytest.raises(UserError, match="no hidden units"):
        hidden_units(softmax_network(12, 4), params, x, 0)
    params["b2"][:] = np.nan
    with pytest.raises(UserError, match="not a number"):
        gradient_times_input(network, params, x, 0)
    with pytest.raises(UserError, match="not a number"):
        hidden_units(network, params, x, 0)


@pytest.mark.parametrize("activation", [ReLU(), Sigmoid()], ids=["relu", "sigmoid"])
@given(seed=st.integers(0, 2**32 - 1))
def test_the_approximate_ledger_is_gradient_times_input_of_every_class(
    activation: Layer, seed: int
) -> None:
    network, params, x = random_mlp(seed, activation)
    ledger = approximate_ledger(network, params, x)
    for k in range(network.n_classes):
        alone = gradient_times_input(network, params, x, k)
        np.testing.assert_allclose(ledger.products[k], alone.products, rtol=1e-12, atol=1e-15)
        assert ledger.biases[k] == pytest.approx(alone.gap, abs=1e-12)
        assert ledger.logits[k] == pytest.approx(alone.logit, abs=1e-12)
    parts = ledger.ink_for + ledger.ink_against + ledger.biases
    np.testing.assert_allclose(parts, ledger.logits, atol=1e-12)
    contrast = approximate_contrast(ledger, (2, 0))
    assert contrast.ink_for + contrast.ink_against + contrast.bias == pytest.approx(
        float(ledger.logits[2] - ledger.logits[0]), abs=1e-12
    )
    assert contrast.total == contrast.difference


def test_of_one_layer_the_approximate_ledger_is_the_exact_one() -> None:
    rng = np.random.default_rng(3)
    network = softmax_network(12, 4)
    params = {"W": rng.normal(size=(12, 4)).astype(np.float32), "b": np.ones(4, np.float32)}
    x = rng.random(12).astype(np.float32)
    approximate, exact = approximate_ledger(network, params, x), evidence_ledger(network, params, x)
    np.testing.assert_allclose(approximate.products, exact.products, rtol=1e-12)
    np.testing.assert_allclose(approximate.biases, exact.biases, atol=1e-12)


def test_a_class_is_not_compared_with_itself() -> None:
    network, params, x = random_mlp(1, ReLU())
    with pytest.raises(UserError, match="Two different classes"):
        approximate_contrast(approximate_ledger(network, params, x), (1, 1))
