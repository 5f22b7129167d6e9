"""Softmax and cross-entropy against hand, Decimal, SciPy and scikit-learn."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special
from sklearn import metrics

from softmax_core.errors import UserError
from softmax_core.nn import (
    Array,
    complex_step_gradient,
    cross_entropy,
    cross_entropy_from_one_hot,
    cross_entropy_grad,
    log_softmax,
    numeric_gradient,
    one_hot,
    softmax,
)

LOGITS = np.random.default_rng(3).normal(0, 4, (6, 5))
LABELS = np.array([0, 4, 2, 2, 1, 0])

# Logits ln 1 and ln 3 are in the ratio 1 to 3, so the probabilities are 1/4 and 3/4;
# equal logits give 1/2 and 1/2.
HAND_LOGITS = np.array([[0.0, np.log(3)], [5.0, 5.0]])
HAND_LABELS = np.array([0, 1])


def test_probabilities_of_the_hand_case_are_quarters_and_halves() -> None:
    np.testing.assert_allclose(softmax(HAND_LOGITS), [[0.25, 0.75], [0.5, 0.5]], rtol=1e-15)


def test_loss_of_the_hand_case_is_the_mean_of_ln_4_and_ln_2() -> None:
    assert cross_entropy(HAND_LOGITS, HAND_LABELS) == pytest.approx(1.5 * np.log(2), rel=1e-15)


def test_gradient_of_the_hand_case() -> None:
    # Probabilities minus one-hot, halved: 1/4 - 1 and 3/4 for label 0, 1/2 and 1/2 - 1 for 1.
    expected = [[-0.375, 0.375], [0.25, -0.25]]
    np.testing.assert_allclose(cross_entropy_grad(HAND_LOGITS, HAND_LABELS), expected, rtol=1e-15)


def decimal_loss(logits: Array, labels: Array) -> float:
    """Return the mean cross-entropy by its definition, with 400 digits and no shift."""
    with localcontext() as context:
        context.prec = 400
        total = Decimal(0)
        for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
            exponentials = [Decimal(z).exp() for z in row]
            total -= (exponentials[label] / sum(exponentials)).ln()
        return float(total / len(labels))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0, 300.0])
def test_loss_equals_the_definition_in_400_digits(scale: float) -> None:
    logits = LOGITS / 4 * scale
    loss = cross_entropy(logits, LABELS)
    assert loss == pytest.approx(decimal_loss(logits, LABELS), rel=1e-14)


def test_log_softmax_and_softmax_equal_those_of_scipy() -> None:
    np.testing.assert_allclose(log_softmax(LOGITS), special.log_softmax(LOGITS, axis=1), rtol=1e-14)
    np.testing.assert_allclose(softmax(LOGITS), special.softmax(LOGITS, axis=1), rtol=1e-14)


def test_loss_equals_the_log_loss_of_scikit_learn() -> None:
    expected = metrics.log_loss(LABELS, softmax(LOGITS), labels=range(5))
    assert cross_entropy(LOGITS, LABELS) == pytest.approx(expected, rel=1e-13)


def test_loss_from_one_hot_equals_the_loss_from_labels() -> None:
    Y = one_hot(LABELS, 5, np.float64)
    expected = cross_entropy(LOGITS, LABELS)
    assert cross_entropy_from_one_hot(LOGITS, Y) == pytest.approx(expected, rel=1e-15)


def test_equal_logits_lose_the_logarithm_of_the_number_of_classes() -> None:
    assert cross_entropy(np.zeros((3, 10)), np.array([0, 5, 9])) == pytest.approx(np.log(10))


def test_a_perfect_loss_is_zero_and_not_minus_zero() -> None:
    logits, labels = np.array([[900.0, 0.0]]), np.array([0])
    losses = [
        cross_entropy(logits, labels),
        cross_entropy_from_one_hot(logits, one_hot(labels, 2)),
    ]
    assert [str(loss) for loss in losses] == ["0.0", "0.0"]


@pytest.mark.parametrize(
    ("logits", "labels"),
    [
        (LOGITS, LABELS),
        (LOGITS[:1], LABELS[:1]),
        (LOGITS, np.array([1, 3, 3, 1, 1, 3])),
        (LOGITS[:, :1], np.zeros(6, int)),
    ],
    ids=["all classes", "a batch of one", "missing classes", "one class"],
)
def test_gradient_is_the_numeric_derivative_of_the_loss(logits: Array, labels: Array) -> None:
    def complex_loss(z: Array) -> complex:
        return complex(-log_softmax(z)[np.arange(len(labels)), labels].mean())

    dlogits = cross_entropy_grad(logits, labels)
    numeric = numeric_gradient(lambda z: cross_entropy(z, labels), logits)
    size = np.linalg.norm(dlogits) or 1.0
    assert np.linalg.norm(dlogits - numeric) / size < 1e-9
    by_complex_step = complex_step_gradient(complex_loss, logits)
    assert np.linalg.norm(dlogits - by_complex_step) / size < 1e-12


def test_one_hot_rows_are_rows_of_the_identity() -> None:
    labels = np.array([2, 0, 2], np.uint8)
    np.testing.assert_array_equal(one_hot(labels, 4), np.eye(4)[[2, 0, 2]])
    assert one_hot(labels, 4).dtype == np.float32
    assert one_hot(labels, 4, np.float64).dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_array_keeps_its_dtype(dtype: type[np.floating]) -> None:
    logits = LOGITS.astype(dtype)
    results = [softmax(logits), log_softmax(logits), cross_entropy_grad(logits, LABELS)]
    assert [result.dtype for result in results] == [dtype] * 3
    assert type(cross_entropy(logits, LABELS)) is float
    assert type(cross_entropy_from_one_hot(logits, one_hot(LABELS, 5, dtype))) is float


def test_nothing_changes_the_logits_it_is_given() -> None:
    logits = LOGITS.copy()
    logits.flags.writeable = False
    softmax(logits), log_softmax(logits), cross_entropy(logits, LABELS)
    cross_entropy_grad(logits, LABELS)
    np.testing.assert_array_equal(logits, LOGITS)


@pytest.mark.parametrize(
    ("logits", "labels", "code", "words"),
    [
        (LOGITS[0], LABELS, "logits-shape", r"\(5,\)"),
        (LOGITS[:, :0], LABELS, "logits-shape", r"\(6, 0\)"),
        (LOGITS[:0], LABELS[:0], "batch-empty", "0 samples"),
        (LOGITS, LABELS[:3], "labels-count", "6 samples but 3 labels"),
        (LOGITS, LABELS + 1, "labels-range", "from 0 to 4; these go from 1 to 5"),
        (LOGITS, LABELS - 1, "labels-range", "these go from -1 to 3"),
        (LOGITS, LABELS * 1.0, "labels-shape", "float64"),
        (LOGITS, LABELS == 0, "labels-shape", "bool"),
        (LOGITS, LABELS[:, None], "labels-shape", r"\(6, 1\)"),
    ],
)
def test_a_wrong_batch_is_refused_with_a_sentence(
    logits: Array, labels: Array, code: str, words: str
) -> None:
    for function in (cross_entropy, cross_entropy_grad):
        with pytest.raises(UserError, match=words) as refusal:
            function(logits, labels)
        assert refusal.value.code == code


def test_wrong_one_hot_labels_are_refused_with_a_sentence() -> None:
    with pytest.raises(UserError, match=r"\(6, 5\); these have \(6, 4\)"):
        cross_entropy_from_one_hot(LOGITS, np.zeros((6, 4)))
    with pytest.raises(UserError, match="0 samples"):
        cross_entropy_from_one_hot(LOGITS[:0], np.zeros((0, 5)))
    with pytest.raises(UserError, match="from 0 to 3; these go from 0 to 4"):
        one_hot(LABELS, 4)
