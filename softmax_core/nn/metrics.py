"""How good predictions are: the share that is right, and what is mistaken for what."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn.arrays import (
    Array,
    check_batch,
    check_labels,
    check_logits,
    check_same_length,
)


def predictions(logits_or_probabilities: Array) -> NDArray[np.intp]:
    """Return the class with the largest value in each row; of equals, the first.

    Softmax keeps the order within a row, so logits and probabilities choose alike.

    Parameters
    ----------
    logits_or_probabilities : (n_samples, n_classes) array

    Returns
    -------
    (n_samples,) int array

    Raises
    ------
    UserError
        ``logits-shape`` if it is not a matrix with at least one column.
    """
    check_logits(logits_or_probabilities)
    chosen: NDArray[np.intp] = logits_or_probabilities.argmax(axis=1)
    return chosen


def accuracy(logits_or_probabilities: Array, labels: Array) -> float:
    """Return the share of samples whose prediction is their label.

    Parameters
    ----------
    logits_or_probabilities : (n_samples, n_classes) array
    labels : (n_samples,) int array

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    UserError
        ``logits-shape``, ``batch-empty``, ``labels-shape``, ``labels-range``
        or ``labels-count``.
    """
    check_batch(logits_or_probabilities, labels)
    return float((predictions(logits_or_probabilities) == labels).mean())


def confusion_matrix(labels: Array, predictions: Array, n_classes: int) -> NDArray[np.intp]:
    """Count how often each class was taken for each class.

    Parameters
    ----------
    labels, predictions : (n_samples,) int arrays
    n_classes : int

    Returns
    -------
    (n_classes, n_classes) int array
        Entry [i, j]: samples of true class i that were predicted as class j.

    Raises
    ------
    UserError
        ``labels-shape``, ``labels-range`` or ``labels-count``.
    """
    check_labels(labels, n_classes)
    check_labels(predictions, n_classes)
    check_same_length(labels, len(predictions))
    # Widened first: with uint8 labels, 25 * 47 would wrap around at 256.
    cells = labels.astype(np.intp) * n_classes + predictions.astype(np.intp)
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)
