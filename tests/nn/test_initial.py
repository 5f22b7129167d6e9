"""Starting parameters: named, shaped, spread and reproduced as promised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import DTypeLike

from softmax_core.nn import (
    Network,
    Params,
    ReLU,
    mlp_network,
    normal_params,
    scaled_params,
    softmax_network,
    zero_params,
)

Start = Callable[..., Params]

NETWORK = mlp_network(800, 200, 10, ReLU())


def small(network: Network, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> Params:
    return normal_params(network, 0.01, rng, dtype)


def zeros(network: Network, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> Params:
    return zero_params(network, dtype)


STARTS: list[Start] = [zeros, small, scaled_params]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_names_shapes_and_dtype_are_those_of_the_network(
    start: Start, dtype: type[np.floating]
) -> None:
    params = start(NETWORK, np.random.default_rng(1), dtype)
    assert {name: values.shape for name, values in params.items()} == NETWORK.parameter_shapes()
    assert list(params) == ["W1", "b1", "W2", "b2"]
    assert {values.dtype for values in params.values()} == {np.dtype(dtype)}


@pytest.mark.parametrize("start", STARTS)
def test_biases_start_at_zero(start: Start) -> None:
    params = start(NETWORK, np.random.default_rng(1))
    assert not params["b1"].any()
    assert not params["b2"].any()


def test_zero_params_are_zero() -> None:
    assert not any(values.any() for values in zero_params(NETWORK).values())


@pytest.mark.parametrize("start", [small, scaled_params])
def test_float32_starts_from_the_rounded_numbers_of_float64(start: Start) -> None:
    single = start(NETWORK, np.random.default_rng(7), np.float32)
    double = start(NETWORK, np.random.default_rng(7), np.float64)
    for name, values in double.items():
        np.testing.assert_array_equal(single[name], values.astype(np.float32))


@pytest.mark.parametrize("std", [0.01, 1.0])
def test_normal_params_have_the_mean_and_spread_asked_for(std: float) -> None:
    W = normal_params(NETWORK, std, np.random.default_rng(3), np.float64)["W1"]
    # 160,000 draws: the mean is off by std / 400, the spread by std / 566 (one sigma).
    assert abs(W.mean()) < 4 * std / 400
    assert W.std() == pytest.approx(std, rel=4 / 566)


def test_scaled_params_spread_as_the_root_of_two_over_their_inputs() -> None:
    params = scaled_params(NETWORK, np.random.default_rng(3), np.float64)
    assert params["W1"].std() == pytest.approx(0.05, rel=0.01)  # sqrt(2 / 800)
    assert params["W2"].std() == pytest.approx(0.1, rel=0.06)  # sqrt(2 / 200), 2,000 draws


def test_the_generator_alone_decides_and_is_advanced() -> None:
    network = softmax_network(4, 3)
    rng = np.random.default_rng(9)
    first, second = small(network, rng), small(network, rng)
    again = small(network, np.random.default_rng(9))
    np.testing.assert_array_equal(first["W"], again["W"])
    assert (first["W"] != second["W"]).any()
