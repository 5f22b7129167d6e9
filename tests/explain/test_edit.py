"""Edits change what they say and nothing else, and the old parameters are the undo."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.explain.edit import erased, swapped
from softmax_core.explain.ledger import evidence_ledger
from softmax_core.nn import Network, Params, ReLU, mlp_network, predict_logits, softmax_network

NETWORKS = [
    softmax_network(6, 3),
    softmax_network(6, 3, bias=False),
    mlp_network(6, 4, 3, ReLU()),
    mlp_network(6, 4, 3, ReLU(), (True, False)),
]


def params_of(network: Network) -> Params:
    rng = np.random.default_rng(0)
    params = {
        n: rng.normal(size=s).astype(np.float32) for n, s in network.parameter_shapes().items()
    }
    for array in params.values():
        array.setflags(write=False)
    return params


def inputs() -> np.ndarray:
    return np.random.default_rng(1).random((20, 6)).astype(np.float32)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_a_swap_exchanges_two_logits_of_every_picture(network: Network) -> None:
    params = params_of(network)
    before = predict_logits(network, params, inputs())
    after = predict_logits(network, swapped(network, params, 0, 2), inputs())
    np.testing.assert_allclose(after, before[:, [2, 1, 0]], rtol=1e-6)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_swapped_twice_is_as_before(network: Network) -> None:
    params = params_of(network)
    twice = swapped(network, swapped(network, params, 0, 1), 1, 0)
    assert list(twice) == list(params)
    for name, array in params.items():
        np.testing.assert_array_equal(twice[name], array)


def test_what_is_erased_says_nothing_any_more() -> None:
    network = softmax_network(6, 3)
    params = params_of(network)
    region = np.array([[True, False, True], [False, False, False]])
    x = inputs()[0]
    before = evidence_ledger(network, params, x)
    after = evidence_ledger(network, erased(network, params, 1, region), x)
    expected = before.products.copy()
    expected[1, [0, 2]] = 0
    np.testing.assert_array_equal(after.products, expected)
    np.testing.assert_array_equal(after.biases, before.biases)


def test_an_empty_region_erases_nothing_and_the_whole_leaves_the_bias() -> None:
    network = softmax_network(6, 3)
    params = params_of(network)
    none = erased(network, params, 0, np.zeros(6, bool))
    np.testing.assert_array_equal(none["W"], params["W"])
    all_gone = erased(network, params, 0, np.ones(6, bool))
    logits = predict_logits(network, all_gone, inputs())
    np.testing.assert_array_equal(logits[:, 0], np.full(20, params["b"][0]))


def test_the_parameters_passed_in_stay_as_they_are() -> None:
    network = softmax_network(6, 3)
    params = params_of(network)
    kept = {name: array.copy() for name, array in params.items()}
    for edited in (erased(network, params, 0, np.ones(6, bool)), swapped(network, params, 0, 1)):
        assert not np.array_equal(edited["W"], params["W"])
        assert not np.shares_memory(edited["W"], params["W"])
    for name, array in kept.items():
        np.testing.assert_array_equal(params[name], array)


def test_what_does_not_fit_is_refused() -> None:
    network = softmax_network(6, 3)
    params = params_of(network)
    with pytest.raises(UserError, match="different"):
        swapped(network, params, 1, 1)
    with pytest.raises(UserError, match="-1 is not one"):
        swapped(network, params, -1, 1)
    with pytest.raises(UserError, match="3 is not one"):
        erased(network, params, 3, np.ones(6, bool))
    with pytest.raises(UserError, match="6 pixels; this one holds 5 values of bool"):
        erased(network, params, 0, np.ones(5, bool))
    with pytest.raises(UserError, match="float64"):
        erased(network, params, 0, np.ones(6))  # type: ignore[arg-type] # the fault
    with pytest.raises(UserError, match="2 layers of weights"):
        erased(NETWORKS[2], params_of(NETWORKS[2]), 0, np.ones(6, bool))
