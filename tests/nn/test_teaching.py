"""The naive ways: right where nothing overflows, and failing exactly where they must."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special
from sklearn import metrics

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    clipped_cross_entropy,
    cross_entropy,
    log_of_probability,
    naive_softmax,
    softmax,
    whole_max_softmax,
)

WAYS: list[Callable[[Array], Array]] = [naive_softmax, whole_max_softmax]
LOGITS = np.random.default_rng(5).normal(0, 3, (6, 4))
LABELS = np.array([0, 3, 2, 1, 1, 0])
moderate = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=10),
    elements=st.floats(-300, 300),
)


@pytest.mark.parametrize("way", WAYS)
def test_moderate_logits_give_the_probabilities_of_scipy(way: Callable[[Array], Array]) -> None:
    np.testing.assert_allclose(way(LOGITS), special.softmax(LOGITS, axis=1), rtol=1e-14)


@given(moderate)
def test_all_softmaxes_agree_while_nothing_leaves_the_range(logits: Array) -> None:
    for way in WAYS:
        np.testing.assert_allclose(way(logits), softmax(logits), rtol=1e-12, atol=1e-300)


@given(moderate, st.floats(-300, 300))
def test_a_shift_of_all_logits_changes_no_probability(logits: Array, c: float) -> None:
    for way in WAYS:
        np.testing.assert_allclose(way(logits + c), way(logits), rtol=1e-11, atol=1e-300)


def test_the_naive_softmax_overflows_where_float32_does() -> None:
    below, above = np.array([[88.7, 0]], np.float32), np.array([[88.8, 0]], np.float32)
    np.testing.assert_array_equal(naive_softmax(below), softmax(below))
    np.testing.assert_array_equal(naive_softmax(above), [[np.nan, 0]])  # inf/inf and 1/inf
    assert np.isfinite(naive_softmax(above.astype(np.float64))).all()


def test_the_naive_softmax_is_zero_by_zero_where_all_exponentials_underflow() -> None:
    deep = np.array([[-104.0, -110.0]], np.float32)
    assert np.isnan(naive_softmax(deep)).all()
    np.testing.assert_allclose(softmax(deep), [[0.99752736, 0.00247262]], rtol=1e-5)


def test_one_confident_row_turns_the_others_into_nan_with_the_maximum_of_the_whole() -> None:
    logits = np.array([[1, 2, 3], [1000, 0, 0]], np.float64)
    both = whole_max_softmax(logits)
    assert np.isnan(both[0]).all()
    np.testing.assert_array_equal(both[1], [1, 0, 0])
    np.testing.assert_allclose(whole_max_softmax(logits[:1]), softmax(logits[:1]), rtol=1e-15)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmaxes_keep_dtype_shape_and_input(
    way: Callable[[Array], Array], dtype: type[np.floating]
) -> None:
    logits = LOGITS.astype(dtype)
    logits.flags.writeable = False
    assert way(logits).dtype == dtype
    assert way(logits[:0]).shape == (0, 4)
    with pytest.raises(UserError, match="one row per sample"):
        way(logits[0])


def test_losses_are_those_of_scikit_learn() -> None:
    probabilities = softmax(LOGITS)
    theirs = metrics.log_loss(LABELS, probabilities)
    assert log_of_probability(probabilities, LABELS) == pytest.approx(theirs, rel=1e-14)
    assert clipped_cross_entropy(probabilities, LABELS) == pytest.approx(theirs, rel=1e-14)


def test_a_probability_of_zero_costs_infinitely_much_or_the_logarithm_of_the_floor() -> None:
    logits, labels = np.array([[0, 200], [0, 0]], np.float32), np.array([0, 0])
    probabilities = softmax(logits)
    assert probabilities[0, 0] == 0
    assert log_of_probability(probabilities, labels) == np.inf
    # Means over two samples, the second of which costs ln 2.
    clipped = (9 * np.log(10) + np.log(2)) / 2
    assert clipped_cross_entropy(probabilities, labels) == pytest.approx(clipped, rel=1e-6)
    higher = clipped_cross_entropy(probabilities, labels, floor=0.01)
    assert higher == pytest.approx((np.log(100) + np.log(2)) / 2, rel=1e-6)
    assert cross_entropy(logits, labels) == pytest.approx((200 + np.log(2)) / 2, rel=1e-6)


def test_a_nan_among_the_probabilities_is_not_hidden() -> None:
    probabilities = np.array([[np.nan, 1.0]])
    assert np.isnan(log_of_probability(probabilities, np.array([0])))
    assert np.isnan(clipped_cross_entropy(probabilities, np.array([0])))


def test_a_perfect_prediction_costs_zero_and_not_minus_zero() -> None:
    perfect = np.eye(2)
    for loss in (log_of_probability, clipped_cross_entropy):
        assert str(loss(perfect, np.array([0, 1]))) == "0.0"


@pytest.mark.parametrize("loss", [log_of_probability, clipped_cross_entropy])
def test_labels_that_do_not_fit_are_refused(loss: Callable[[Array, Array], float]) -> None:
    with pytest.raises(UserError, match="from 0 to 3"):
        loss(softmax(LOGITS), LABELS + 1)
    with pytest.raises(UserError, match="0 samples"):
        loss(softmax(LOGITS)[:0], LABELS[:0])
