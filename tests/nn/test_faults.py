"""The first value that is not finite: its place, its logit, and what is said about it."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    Fault,
    Network,
    Params,
    ReLU,
    Sigmoid,
    Variant,
    batch_loss_and_grads,
    find_fault,
    mlp_network,
    normal_params,
    relu_softmax_network,
    softmax_network,
)
from softmax_core.nn.variants import GRADIENT_MISTAKES, LOSSES, SOFTMAXES

THREE = softmax_network(3, 3)


def fault_at(logits: list[list[float]], labels: list[int], variant: Variant) -> Fault | None:
    """Return the fault of a network whose logits are exactly these."""
    params = {"W": np.eye(3, dtype=np.float32), "b": np.zeros(3, np.float32)}
    return find_fault(THREE, params, np.array(logits, np.float32), np.array(labels), variant)


def expect(fault: Fault | None, tensor: str, row: int, column: int, value: float) -> Fault:
    assert fault is not None
    assert (fault.tensor, fault.row, fault.column) == (tensor, row, column)
    assert fault.value == value or (math.isnan(fault.value) and math.isnan(value))
    return fault


def test_the_naive_softmax_names_the_logit_that_overflowed() -> None:
    fault = fault_at([[1, 2, 3], [0, 5, 88.5], [7, 812.4, 0]], [0, 0, 0], Variant("naive"))
    fault = expect(fault, "exp(Z)", 2, 1, math.inf)
    assert fault.logit == pytest.approx(812.4)
    assert fault.largest is None
    assert fault.sentence() == (
        "exp(Z) overflowed: the logit of class 1 for example 3 of the batch is 812.4, "
        "and in float32 exp overflows above 88.7"
    )


@pytest.mark.parametrize(
    ("logit", "words"),
    [(90.0, "is 90,"), (27_614.06, "is 27,614.1,"), (3.4e38, "is 3.4e+38,")],
)
def test_logits_of_every_size_can_be_read(logit: float, words: str) -> None:
    assert words in Fault("exp(Z)", 0, 3, math.inf, logit).sentence()


def test_exponentials_that_are_finite_one_by_one_may_overflow_as_a_sum() -> None:
    fault = fault_at([[88.5, 88.6, 88.0]], [0], Variant("naive"))
    fault = expect(fault, "sum of exp(Z)", 0, 1, math.inf)
    assert fault.logit == pytest.approx(88.6)
    assert "its largest logit, of class 1, is 88.6" in fault.sentence()


def test_naive_exponentials_that_all_underflow_are_zero_by_zero() -> None:
    fault = fault_at([[0, 0, 0], [-120, -104, -130]], [0, 0], Variant("naive"))
    fault = expect(fault, "P (the probabilities)", 1, 1, math.nan)
    assert (fault.logit, fault.largest) == (-104, None)
    assert "example 2" in fault.sentence()
    assert "float32 exp gives 0 below -104.0" in fault.sentence()


def test_the_maximum_of_the_whole_array_is_named_where_it_was_subtracted() -> None:
    fault = fault_at([[1, 2, 3], [1000, 0, 0]], [0, 0], Variant("whole-max"))
    fault = expect(fault, "P (the probabilities)", 0, 2, math.nan)
    assert (fault.logit, fault.largest) == (3, 1000)
    assert "is 3, but 1,000, the largest of the batch, was subtracted" in fault.sentence()


@pytest.mark.parametrize(("gap", "breaks"), [(103.0, False), (104.5, True)])
def test_the_logarithm_of_a_probability_breaks_at_a_gap_of_104(gap: float, breaks: bool) -> None:
    variant = Variant(loss="log-of-probability")
    fault = fault_at([[0, 0, 0], [3, 3 - gap, 0]], [1, 1], variant)
    if not breaks:
        assert fault is None
        return
    fault = expect(fault, "log P", 1, 1, -math.inf)
    assert (fault.logit, fault.largest) == (3 - gap, 3)
    assert "true class, 1, for example 2 of the batch is -101.5 and the largest" in fault.sentence()


def test_the_stable_way_survives_all_of_these() -> None:
    for loss in ("log-sum-exp", "clipped"):
        logits = [[1.0, 2.0, 3.0], [1e3, 0.0, 0.0], [-900.0, -800.0, -1e30], [3e38, 0.0, 0.0]]
        assert fault_at(logits, [0, 0, 2, 0], Variant(loss=loss)) is None


def test_separate_layers_break_at_the_division_by_a_probability() -> None:
    fault = fault_at([[0, 0, 0], [0, 150, 0]], [0, 2], Variant(gradient="separate-layers"))
    fault = expect(fault, "dP", 1, 2, -math.inf)
    assert (fault.logit, fault.largest) == (0, 150)
    assert fault.sentence().startswith("dP became -inf: the logit of the true class, 2, for")


def test_a_parameter_an_input_or_a_hidden_layer_may_be_where_it_begins() -> None:
    network = mlp_network(2, 2, 2, ReLU())
    params = {name: np.ones(s, np.float32) for name, s in network.parameter_shapes().items()}
    X, labels = np.ones((3, 2), np.float32), np.zeros(3, int)
    lost = {**params, "b1": np.array([0, np.nan], np.float32)}
    expect_plain(find_fault(network, lost, X, labels, Variant()), "b1", None)
    odd = X.copy()
    odd[2, 1] = np.inf
    expect_plain(find_fault(network, params, odd, labels, Variant()), "X", 2)
    big = {**params, "W1": np.full((2, 2), 3e38, np.float32)}
    expect_plain(find_fault(network, big, X, labels, Variant()), "H1", 0)


def expect_plain(fault: Fault | None, tensor: str, row: int | None) -> None:
    assert fault is not None
    assert (fault.tensor, fault.row, fault.column, fault.logit) == (tensor, row, None, None)
    assert fault.sentence().startswith(f"{tensor} holds the value ")


def test_logits_and_gradients_may_overflow_too() -> None:
    # Each of the two products is finite, their sum is not.
    network = softmax_network(2, 2)
    params = {"W": np.full((2, 2), 3e38, np.float32), "b": np.zeros(2, np.float32)}
    X = np.ones((1, 2), np.float32)
    fault = find_fault(network, params, X, np.array([0]), Variant())
    fault = expect(fault, "Z (the logits)", 0, 0, math.inf)
    assert fault.sentence() == (
        "Z (the logits) holds the value inf for example 1 of the batch, class 0"
    )
    flat = {name: np.zeros_like(values) for name, values in params.items()}
    X, labels = np.full((4, 2), 3e38, np.float32), np.zeros(4, int)
    # Probabilities are 1/2: dW adds four times half of 3e38.
    expect_plain(find_fault(network, flat, X, labels, Variant(reduction="sum")), "dW", None)


def test_float64_has_other_bounds() -> None:
    params = {"W": np.eye(3), "b": np.zeros(3)}
    X = np.array([[0.0, 800.0, 0.0]])
    fault = find_fault(THREE, params, X, np.array([0]), Variant("naive"))
    assert fault is not None
    assert fault.sentence().endswith("in float64 exp overflows above 709.8")
    assert fault.underflow_at == pytest.approx(-745.13, abs=0.01)
    assert np.exp(fault.underflow_at + 0.01) > 0
    assert np.exp(fault.underflow_at - 0.01) == 0


def test_the_bounds_of_float32_are_where_exp_really_fails() -> None:
    fault = Fault("exp(Z)", 0, 0, math.inf, 90.0)
    with np.errstate(over="ignore", under="ignore"):
        below, above = np.exp(np.array([-0.01, 0.01], np.float32) + np.float32(fault.overflow_at))
        least, none = np.exp(np.array([0.01, -0.01], np.float32) + np.float32(fault.underflow_at))
    assert np.isfinite(below)
    assert np.isinf(above)
    assert least > 0
    assert none == 0


NETWORKS = [
    softmax_network(20, 4),
    relu_softmax_network(20, 4),
    mlp_network(20, 6, 4, Sigmoid(), (True, False)),
]


def raw_batch(network: Network, std: float) -> tuple[Params, Array, Array]:
    rng = np.random.default_rng(8)
    params = normal_params(network, std, rng)
    X = rng.integers(0, 256, (30, 20)).astype(np.float32)
    return params, X, rng.integers(0, 4, 30)


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
@pytest.mark.parametrize(("std", "breaks"), [(0.01, False), (1.0, True), (100.0, True)])
def test_a_fault_is_found_exactly_when_loss_or_gradients_are_not_finite(
    network: Network, std: float, breaks: bool
) -> None:
    params, X, labels = raw_batch(network, std * (100 if network.kind == "mlp" else 1))
    gradients = ("exact", "separate-layers", *GRADIENT_MISTAKES)
    found = 0
    for softmax, loss, gradient in product(SOFTMAXES, LOSSES, gradients):
        variant = Variant(softmax, loss, gradient)
        value, grads, _ = batch_loss_and_grads(network, params, X, labels, variant)
        finite = np.isfinite(value) and all(np.isfinite(grad).all() for grad in grads.values())
        fault = find_fault(network, params, X, labels, variant)
        assert (fault is None) == finite, variant
        found += not finite
        if fault is not None:
            assert not math.isfinite(fault.value)
            assert "unknown" not in fault.sentence()
    assert (found > 0) == breaks


def test_what_cannot_be_computed_is_refused() -> None:
    params, X, labels = raw_batch(NETWORKS[0], 0.1)
    with pytest.raises(UserError, match="no softmax called 'none'"):
        find_fault(NETWORKS[0], params, X, labels, Variant("none"))
    with pytest.raises(UserError, match="Divide pixels by 255"):
        find_fault(NETWORKS[0], params, X.astype(np.uint8), labels, Variant())
