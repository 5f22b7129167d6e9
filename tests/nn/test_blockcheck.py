"""The block check points at the wrong block and only there; at none if all is right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.nn import (
    Network,
    Params,
    ReLU,
    Sigmoid,
    Variant,
    check_blocks,
    check_gradients,
    culprits,
    mlp_network,
    normal_params,
    relu_softmax_network,
    softmax_network,
)

N = 32
RNG = np.random.default_rng(3)
X = RNG.random((N, 30))
LABELS = RNG.integers(0, 5, N)
NETWORKS = [
    softmax_network(30, 5),
    softmax_network(30, 5, bias=False),
    relu_softmax_network(30, 5),
    mlp_network(30, 8, 5, Sigmoid()),
    mlp_network(30, 8, 5, ReLU(), (True, False)),
]
# Variant -> the wrong ones among: the logits' block, the last layer's W, the last layer's b.
EXPECTED = {
    ("exact", "mean"): (),
    ("separate-layers", "mean"): (),
    ("true-class", "mean"): ("W",),
    ("one-bias", "mean"): ("b",),
    ("bias-over-classes", "mean"): ("b",),
    ("diagonal", "mean"): ("logits",),
    ("exact", "sum"): ("logits",),
    ("separate-layers", "sum"): ("logits",),
    ("true-class+one-bias", "sum"): ("logits", "W", "b"),
    ("diagonal+bias-over-classes", "mean"): ("logits", "b"),
}


def start(network: Network, dtype: type[np.floating] = np.float64) -> Params:
    std = 1.0 if network.kind == "mlp" else 0.3
    return normal_params(network, std, np.random.default_rng(6), dtype)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("way", EXPECTED, ids="-".join)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_wrong_blocks_are_named_and_no_others(
    network: Network, way: tuple[str, str], dtype: type[np.floating]
) -> None:
    variant = Variant(gradient=way[0], reduction=way[1])
    checks = check_blocks(network, start(network, dtype), X.astype(dtype), LABELS, variant)
    assert [check.name for check in checks] == ["logits", *network.parameter_shapes()]
    last = network.linear_layers[-1]
    names = {"logits": "logits", "W": last.weight, "b": last.bias}
    wrong = tuple(name for block in EXPECTED[way] if (name := names[block]) is not None)
    assert culprits(checks) == wrong
    for check in checks:
        if check.name in wrong:
            assert check.own_error > 0.1
        else:
            assert check.own_error < 1e-12


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize("gradient", ["exact", "separate-layers"])
def test_a_right_gradient_agrees_everywhere_with_the_factor_one(
    network: Network, gradient: str
) -> None:
    for check in check_blocks(network, start(network), X, LABELS, Variant(gradient=gradient)):
        assert check.error < 1e-12
        assert check.ratio == pytest.approx(1, rel=1e-12)
        np.testing.assert_allclose(check.claimed, check.numeric, atol=1e-15)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_a_forgotten_division_is_one_factor_n_in_every_block(network: Network) -> None:
    for check in check_blocks(network, start(network), X, LABELS, Variant(reduction="sum")):
        assert check.ratio == pytest.approx(N, rel=1e-12)
        assert check.error == pytest.approx(1 - 1 / N, rel=1e-12)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_what_the_diagonal_spoils_below_is_seen_but_not_blamed(network: Network) -> None:
    first, *below = check_blocks(network, start(network), X, LABELS, Variant(gradient="diagonal"))
    assert first.own_error == first.error > 0.1
    for check in below:
        assert check.error > 0.1
        assert check.own_error < 1e-12
    assert [check.ratio for check in (first, *below)] == [None] * (1 + len(below))


@pytest.mark.parametrize("mistake", ["true-class", "one-bias", "bias-over-classes"])
def test_a_mistake_in_one_rule_has_no_factor(mistake: str) -> None:
    network = NETWORKS[0]
    checks = check_blocks(network, start(network), X, LABELS, Variant(gradient=mistake))
    (wrong,) = (check for check in checks if check.name in culprits(checks))
    assert wrong.ratio is None
    assert wrong.error == pytest.approx(wrong.own_error, rel=1e-9)
    if mistake == "bias-over-classes":
        assert np.abs(wrong.claimed).max() < 1e-15
        assert wrong.error == pytest.approx(1, rel=1e-9)


def test_the_errors_are_those_of_the_plain_check_at_the_same_entries() -> None:
    network, params = NETWORKS[3], start(NETWORKS[3])
    checks = check_blocks(network, params, X, LABELS, entries=10_000)
    errors = check_gradients(network, params, X, LABELS, entries=10_000)
    for check in checks[1:]:
        assert check.claimed.size == params[check.name].size
        assert check.error < 1e-12
        assert errors[check.name] < 1e-12


def test_entries_are_chosen_by_the_generator() -> None:
    network = NETWORKS[0]

    def entries(seed: int | None) -> list[float]:
        rng = None if seed is None else np.random.default_rng(seed)
        checks = check_blocks(network, start(network), X, LABELS, entries=3, rng=rng)
        return [float(value) for check in checks for value in check.numeric]

    assert len(entries(1)) == 9
    assert entries(0) == entries(None) == entries(0)
    assert entries(0) != entries(1)


@pytest.mark.parametrize("softmax", ["naive", "whole-max"])
def test_where_the_softmax_breaks_it_is_the_logits_that_are_blamed(softmax: str) -> None:
    network = softmax_network(30, 5)
    params = {name: 3000 * values for name, values in start(network).items()}
    checks = check_blocks(network, params, X, LABELS, Variant(softmax))
    assert culprits(checks) == ("logits",)
    assert checks[0].error == math.inf
    assert all(math.isnan(check.own_error) for check in checks[1:])
    assert culprits(check_blocks(network, params, X, LABELS, Variant())) == ()


def test_one_broken_row_is_enough_even_if_none_of_its_entries_is_tried() -> None:
    network = softmax_network(30, 5)
    odd = X.copy()
    odd[7] *= -3000  # far below all the others, whose own probabilities are as they were
    params = {"W": np.abs(start(network)["W"]), "b": np.zeros(5)}
    checks = check_blocks(network, params, odd, LABELS, Variant("whole-max"), entries=2)
    assert np.isfinite(checks[0].claimed).all()
    assert checks[0].error == math.inf
    assert culprits(checks) == ("logits",)


def test_all_zero_parameters_of_softmax_regression_are_no_obstacle() -> None:
    network = softmax_network(30, 5)
    params = {name: np.zeros(shape) for name, shape in network.parameter_shapes().items()}
    assert culprits(check_blocks(network, params, X, LABELS)) == ()


def test_what_cannot_be_computed_is_refused() -> None:
    network = NETWORKS[0]
    with pytest.raises(UserError, match="Divide pixels by 255"):
        check_blocks(network, start(network), X.astype(np.uint8), LABELS)
    with pytest.raises(UserError, match="no loss called"):
        check_blocks(network, start(network), X, LABELS, Variant(loss="odd"))
