"""Accuracy and confusions against counting by hand and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from softmax_core.errors import UserError
from softmax_core.nn import Array, accuracy, confusion_matrix, predictions, softmax

LOGITS = np.array([[0.1, 0.9, 0.0], [2.0, -1.0, 0.0], [0.0, 0.0, 0.5], [0.3, 0.2, 0.1]])


def test_predictions_are_the_columns_of_the_largest_logits() -> None:
    np.testing.assert_array_equal(predictions(LOGITS), [1, 0, 2, 0])


def test_logits_and_probabilities_predict_alike() -> None:
    np.testing.assert_array_equal(predictions(softmax(LOGITS)), predictions(LOGITS))


def test_of_equal_logits_the_first_is_chosen() -> None:
    np.testing.assert_array_equal(predictions(np.zeros((2, 3))), [0, 0])


def test_accuracy_is_the_share_of_right_predictions() -> None:
    labels = np.array([1, 0, 2, 2], np.uint8)
    assert accuracy(LOGITS, labels) == 0.75
    assert type(accuracy(LOGITS, labels)) is float


def test_a_row_of_the_confusion_matrix_is_the_true_class() -> None:
    # Both samples of class 0 were taken for 2; one sample of class 2 was right.
    matrix = confusion_matrix(np.array([0, 0, 2]), np.array([2, 2, 2]), 3)
    np.testing.assert_array_equal(matrix, [[0, 0, 2], [0, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int8])
def test_confusion_matrix_equals_that_of_scikit_learn(dtype: type[np.integer]) -> None:
    # 47 classes: with one byte per label, a careless 46 * 47 + 46 would wrap around.
    rng = np.random.default_rng(5)
    labels, chosen = rng.integers(0, 47, (2, 4000)).astype(dtype)
    expected = metrics.confusion_matrix(labels, chosen, labels=range(47))
    matrix = confusion_matrix(labels, chosen, 47)
    np.testing.assert_array_equal(matrix, expected)
    assert matrix.dtype.kind == "i"


def test_confusion_matrix_of_no_samples_is_zero() -> None:
    none = np.array([], int)
    np.testing.assert_array_equal(confusion_matrix(none, none, 2), np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("labels", "chosen", "words"),
    [
        (np.array([0, 1]), np.array([0]), "1 samples but 2 labels"),
        (np.array([0, 3]), np.array([0, 1]), "from 0 to 2; these go from 0 to 3"),
        (np.array([0, 1]), np.array([0, -1]), "these go from -1 to 0"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: Array, chosen: Array, words: str) -> None:
    with pytest.raises(UserError, match=words):
        confusion_matrix(labels, chosen, 3)


def test_accuracy_of_no_samples_is_refused() -> None:
    with pytest.raises(UserError, match="0 samples"):
        accuracy(LOGITS[:0], np.array([], int))
