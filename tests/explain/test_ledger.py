"""The ledger adds up: to the model's logits, and in print to the last digit."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.errors import UserError
from softmax_core.explain.ledger import (
    Ledger,
    evidence_ledger,
    printed_entry,
    printed_parts,
    softmax_steps,
)
from softmax_core.nn import (
    Network,
    Params,
    ReLU,
    mlp_network,
    predict_logits,
    relu_softmax_network,
    softmax,
    softmax_network,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Params, np.ndarray]:
    """A random linear model, with or without bias and ReLU, in either precision; a drawing."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_features, n_classes = draw(st.sampled_from([(784, 10), (64, 10), (6, 2), (1, 47)]))
    make = draw(st.sampled_from([softmax_network, relu_softmax_network]))
    network = make(n_features, n_classes, bias=draw(st.booleans()))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    size = draw(st.sampled_from([1e-6, 0.05, 1.0, 300.0]))
    params = {
        name: (size * rng.standard_normal(shape)).astype(dtype)
        for name, shape in network.parameter_shapes().items()
    }
    ink = rng.random(n_features) * (rng.random(n_features) < draw(st.sampled_from([0, 0.2, 1])))
    return network, params, (draw(st.sampled_from([1, 255])) * ink).astype(dtype)


def rounding_bound(ledger: Ledger, dtype: type) -> np.ndarray:
    """How far the rounding of n additions can take a sum (N. Higham, theorem 3.1, twice)."""
    size = np.abs(ledger.products).sum(axis=1) + np.abs(ledger.biases)
    bound: np.ndarray = (ledger.products.shape[1] + 2) * float(np.finfo(dtype).eps) * size
    return bound


@given(cases())
def test_the_sum_equals_the_logit_of_any_model_and_drawing(
    case: tuple[Network, Params, np.ndarray],
) -> None:
    network, params, x = case
    ledger = evidence_ledger(network, params, x)
    own = predict_logits(network, params, x[None])[0]
    np.testing.assert_array_equal(ledger.outputs.astype(x.dtype), own)
    assert (np.abs(ledger.sums - ledger.logits) <= rounding_bound(ledger, x.dtype.type)).all()
    by_parts = ledger.ink_for + ledger.ink_against + ledger.biases
    assert (np.abs(by_parts - ledger.sums) <= rounding_bound(ledger, np.float64)).all()
    assert (ledger.ink_for >= 0).all()
    assert (ledger.ink_against <= 0).all()


@given(cases(), st.integers(1, 4))
def test_the_printed_parts_add_up_to_the_printed_logit(
    case: tuple[Network, Params, np.ndarray], digits: int
) -> None:
    ledger = evidence_ledger(*case)
    unit = 10.0**-digits
    off = unit + np.abs(ledger.sums - ledger.logits).max() + 1e-12 * np.abs(ledger.products).sum()
    for k in range(len(ledger.logits)):
        entry = printed_entry(ledger, k, digits)
        texts = [Decimal(f"{value:.{digits}f}") for value in entry]
        assert sum(texts[:3]) == texts[3]
        assert texts[3] == Decimal(f"{ledger.logits[k]:.{digits}f}")
        parts = (ledger.ink_for[k], ledger.ink_against[k], ledger.biases[k])
        np.testing.assert_allclose(entry[:3], parts, rtol=0, atol=off)


def test_a_case_worked_by_hand() -> None:
    network = softmax_network(3, 2)
    W = np.array([[2, -1], [0.5, 0], [-4, 8]], np.float32)
    params = {"W": W, "b": np.array([0.125, -1], np.float32)}
    ledger = evidence_ledger(network, params, np.array([1, 0.5, 0.25], np.float32))
    assert ledger.products.tolist() == [[2, 0.25, -1], [-1, 0, 2]]
    assert ledger.ink_for.tolist() == [2.25, 2]
    assert ledger.ink_against.tolist() == [-1, -1]
    assert ledger.sums.tolist() == ledger.logits.tolist() == [1.375, 0]
    # 1.375 prints as 1.38 and 0.125 alone as 0.12: one hundredth has to go up.
    assert printed_entry(ledger, 0) == (2.25, -1.0, 0.13, 1.38)


def test_without_bias_none_is_printed() -> None:
    params = {"W": np.array([[0.3333], [0.3333], [-0.1111]], np.float32)}
    ledger = evidence_ledger(softmax_network(3, 1, bias=False), params, np.ones(3, np.float32))
    assert ledger.biases.tolist() == [0]
    assert printed_entry(ledger, 0) == (0.67, -0.11, 0.0, 0.56)
    assert not ledger.relu


def test_with_relu_the_ledger_is_that_of_the_logits_before_it() -> None:
    params = {"W": np.array([[3, -2]], np.float32), "b": np.zeros(2, np.float32)}
    ledger = evidence_ledger(relu_softmax_network(1, 2), params, np.ones(1, np.float32))
    assert ledger.relu
    assert ledger.logits.tolist() == [3, -2]
    assert ledger.outputs.tolist() == [3, 0]


def test_softmax_on_paper() -> None:
    steps = softmax_steps(np.array([math.log(2), math.log(6), 0]))
    np.testing.assert_allclose(steps.exponentials, [1 / 3, 1, 1 / 6])
    assert steps.largest == math.log(6)
    assert steps.total == pytest.approx(1.5)
    np.testing.assert_allclose(steps.fractions, [2 / 9, 6 / 9, 1 / 9])
    np.testing.assert_allclose(steps.shifted, [math.log(1 / 3), 0, math.log(1 / 6)])


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=47))
def test_the_fractions_are_the_models_probabilities(values: list[float]) -> None:
    logits = np.array(values)
    np.testing.assert_allclose(
        softmax_steps(logits).fractions, softmax(logits[None])[0], rtol=1e-12, atol=1e-300
    )


def test_what_has_no_exact_ledger_is_refused() -> None:
    linear, row = softmax_network(4, 2), np.zeros(4, np.float32)
    params = {"W": np.zeros((4, 2), np.float32), "b": np.zeros(2, np.float32)}
    mlp = mlp_network(4, 3, 2, ReLU())
    with pytest.raises(UserError, match="2 layers of weights"):
        evidence_ledger(mlp, {}, row)
    with pytest.raises(UserError, match=r"4 floats .* \(1, 4\)"):
        evidence_ledger(linear, params, row[None])
    with pytest.raises(UserError, match="uint8"):
        evidence_ledger(linear, params, np.zeros(4, np.uint8))
    with pytest.raises(UserError, match="0 to 1; 2 is not one"):
        printed_entry(evidence_ledger(linear, params, row), 2)
    broken = params | {"b": np.array([0, np.inf], np.float32)}
    with pytest.raises(UserError, match="not a number"):
        evidence_ledger(linear, broken, row)


@given(
    st.lists(st.floats(-1e4, 1e4, allow_nan=False), min_size=1, max_size=30),
    st.integers(0, 5),
)
def test_the_printed_parts_of_any_sum_add_up_in_print(parts: list[float], digits: int) -> None:
    total = math.fsum(parts)
    printed = printed_parts(parts, total, digits)
    shown = [Decimal(f"{part:.{digits}f}") for part in printed]
    assert sum(shown) == Decimal(f"{total:.{digits}f}")
    for part, exact in zip(shown, parts, strict=True):
        assert abs(part - Decimal(exact)) <= Decimal(1).scaleb(-digits)
