"""Softmax and cross-entropy as layers: alone, together, and where a probability is 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics

from softmax_core.nn import (
    Array,
    CrossEntropy,
    Softmax,
    complex_step_gradient,
    cross_entropy,
    cross_entropy_grad,
    log_softmax,
    one_hot,
    softmax,
)

RNG = np.random.default_rng(41)
LOGITS = RNG.normal(0, 3, (7, 5))
LABELS = np.array([0, 4, 2, 2, 1, 0, 3])
Y = one_hot(LABELS, 5, np.float64)


def joined(logits: Array, labels: Array) -> tuple[float, Array]:
    """Return loss and dlogits on the long way, through both layers."""
    probabilities, cache = Softmax().forward({}, logits)
    loss, seen = CrossEntropy().forward(
        probabilities, one_hot(labels, logits.shape[1], logits.dtype)
    )
    dlogits, grads = Softmax().backward({}, cache, CrossEntropy().backward(seen))
    assert grads == {}
    return loss, dlogits


def test_softmax_by_hand() -> None:
    # Probabilities 1/4 and 3/4; Jacobian (3/16, -3/16), (-3/16, 3/16).
    out, cache = Softmax().forward({}, np.log([[1.0, 3.0]]))
    np.testing.assert_allclose(out, [[0.25, 0.75]], rtol=1e-15)
    dX, _ = Softmax().backward({}, cache, np.array([[16.0, 0.0]]))
    np.testing.assert_allclose(dX, [[3.0, -3.0]], rtol=1e-15)


def test_cross_entropy_by_hand() -> None:
    probabilities = np.array([[0.25, 0.75], [0.5, 0.5]])
    loss, cache = CrossEntropy().forward(probabilities, np.eye(2))
    assert loss == pytest.approx(1.5 * np.log(2), rel=1e-15)  # mean of ln 4 and ln 2
    np.testing.assert_array_equal(CrossEntropy().backward(cache), [[-2.0, 0.0], [0.0, -1.0]])


def test_every_output_of_softmax_moves_every_input_as_the_numeric_jacobian_says() -> None:
    out, cache = Softmax().forward({}, LOGITS)
    for k in range(5):
        dout = np.zeros_like(out)
        dout[:, k] = 1
        dX, _ = Softmax().backward({}, cache, dout)

        def column(logits: Array, k: int = k) -> complex:
            return complex(np.exp(log_softmax(logits))[:, k].sum())

        np.testing.assert_allclose(dX, complex_step_gradient(column, LOGITS), atol=1e-16)


def test_cross_entropy_has_the_loss_of_scikit_learn_and_its_numeric_slope() -> None:
    probabilities = softmax(LOGITS)
    loss, cache = CrossEntropy().forward(probabilities, Y)
    assert loss == pytest.approx(metrics.log_loss(LABELS, probabilities), rel=1e-14)
    numeric = complex_step_gradient(
        lambda p: complex(-np.log(p[np.arange(7), LABELS]).mean()), probabilities
    )
    np.testing.assert_allclose(CrossEntropy().backward(cache), numeric, rtol=1e-14)


def test_targets_may_be_spread_over_classes() -> None:
    spread = RNG.dirichlet(np.ones(5), 7)
    probabilities, cache = Softmax().forward({}, LOGITS)
    loss, seen = CrossEntropy().forward(probabilities, spread)
    assert loss == pytest.approx(-(spread * log_softmax(LOGITS)).sum() / 7, rel=1e-14)
    dlogits, _ = Softmax().backward({}, cache, CrossEntropy().backward(seen))
    np.testing.assert_allclose(dlogits, (probabilities - spread) / 7, atol=1e-16)


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=10),
        elements=st.floats(-80, 80),
    )
)
def test_the_long_way_ends_where_the_joint_gradient_is(logits: Array) -> None:
    labels = np.arange(len(logits)) % logits.shape[1]
    loss, dlogits = joined(logits, labels)
    assert loss == pytest.approx(cross_entropy(logits, labels), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(dlogits, cross_entropy_grad(logits, labels), atol=1e-14)


def test_in_float32_the_long_way_is_as_good_down_to_a_gap_of_87() -> None:
    logits = np.array([[0, 87, 0.0], [0, 80, 79.0], [-30, 30, 10]], np.float32)
    _, dlogits = joined(logits, np.zeros(3, int))
    assert dlogits.dtype == np.float32
    np.testing.assert_allclose(dlogits, cross_entropy_grad(logits, np.zeros(3, int)), atol=5e-7)


def test_a_probability_of_zero_hurts_only_where_it_is_the_true_class() -> None:
    logits = np.array([[200.0, 0.0]], np.float32)
    loss, dlogits = joined(logits, np.array([0]))
    assert loss == 0
    np.testing.assert_array_equal(dlogits, [[0, 0]])
    loss, dlogits = joined(logits, np.array([1]))
    assert loss == np.inf
    dprobabilities = CrossEntropy().backward((softmax(logits), np.array([[0, 1]], np.float32)))
    np.testing.assert_array_equal(dprobabilities, [[0, -np.inf]])


def test_the_layers_say_what_they_are() -> None:
    assert Softmax() == Softmax()
    assert CrossEntropy() == CrossEntropy()
    assert len({Softmax(), Softmax(), CrossEntropy()}) == 2
