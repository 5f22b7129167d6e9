"""What is true of softmax and cross-entropy whatever the logits are."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from softmax_core.nn import (
    Array,
    cross_entropy,
    cross_entropy_from_one_hot,
    cross_entropy_grad,
    log_softmax,
    one_hot,
    softmax,
)

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, max_side=12)


def logits_up_to(limit: float, dtype: type[np.floating]) -> st.SearchStrategy[Array]:
    width: Literal[32, 64] = 32 if dtype is np.float32 else 64
    bound = float(np.dtype(dtype).type(limit))
    return hnp.arrays(dtype, SHAPES, elements=st.floats(-bound, bound, width=width))


moderate = logits_up_to(50.0, np.float64)
huge = st.one_of(logits_up_to(1e30, np.float64), logits_up_to(1e37, np.float32))


def labels_for(logits: Array) -> Array:
    labels: Array = np.arange(len(logits)) % logits.shape[1]
    return labels


@given(moderate, st.floats(-1e3, 1e3))
def test_adding_a_constant_to_all_logits_changes_no_probability(logits: Array, c: float) -> None:
    np.testing.assert_allclose(softmax(logits + c), softmax(logits), rtol=1e-11)


@given(huge)
def test_rows_of_probabilities_sum_to_one(logits: Array) -> None:
    probabilities = softmax(logits)
    assert probabilities.min() >= 0
    tolerance = 20 * float(np.finfo(logits.dtype).eps)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=tolerance)


@given(moderate)
def test_log_softmax_is_the_logarithm_of_softmax(logits: Array) -> None:
    np.testing.assert_allclose(log_softmax(logits), np.log(softmax(logits)), atol=1e-13, rtol=1e-13)


@given(huge)
def test_huge_logits_give_finite_results_without_a_warning(logits: Array) -> None:
    labels = labels_for(logits)
    Y = one_hot(labels, logits.shape[1], logits.dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        arrays = [softmax(logits), log_softmax(logits), cross_entropy_grad(logits, labels)]
        losses = [cross_entropy(logits, labels), cross_entropy_from_one_hot(logits, Y)]
    assert all(np.isfinite(array).all() for array in arrays)
    assert np.isfinite(losses).all()
    assert min(losses) >= 0


@given(huge)
def test_rows_of_the_gradient_sum_to_zero_and_its_sizes_to_two_at_most(logits: Array) -> None:
    dlogits = cross_entropy_grad(logits, labels_for(logits))
    tolerance = 20 * float(np.finfo(logits.dtype).eps)
    np.testing.assert_allclose(dlogits.sum(axis=1), 0, atol=tolerance)
    assert float(np.abs(dlogits).sum()) <= 2 + tolerance


@pytest.mark.parametrize(("dtype", "size"), [(np.float32, 1e37), (np.float64, 1e30)])
def test_a_confident_mistake_costs_the_distance_of_the_logits(
    dtype: type[np.floating], size: float
) -> None:
    # 40 samples: their losses add up to more than float32 can hold.
    logits = np.tile(np.array([[size, -size, 0]], dtype), (40, 1))
    wrong = np.ones(40, int)
    assert cross_entropy(logits, wrong) == pytest.approx(2 * size, rel=1e-6)
    from_one_hot = cross_entropy_from_one_hot(logits, one_hot(wrong, 3, dtype))
    assert from_one_hot == pytest.approx(2 * size, rel=1e-6)
    expected = np.tile([[1 / 40, -1 / 40, 0]], (40, 1))
    np.testing.assert_allclose(cross_entropy_grad(logits, wrong), expected, rtol=1e-6)
