"""From logits to probabilities, to the cross-entropy loss and to its gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from softmax_core.errors import UserError
from softmax_core.nn.arrays import Array, check_batch, check_labels, check_logits


def softmax(logits: Array) -> Array:
    """Turn each row of logits into probabilities.

    ``p[i, k] = exp(z[i, k]) / sum_j exp(z[i, j])``. Adding a constant to a row
    cancels in the fraction, so the row's maximum is subtracted first: the largest
    exponent is then 0, nothing overflows, and the sum is at least 1.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array

    Returns
    -------
    (n_samples, n_classes) array of the same dtype
        Rows sum to 1.

    Raises
    ------
    UserError
        ``logits-shape`` if logits are not a matrix with at least one column.
    """
    exponentials = np.exp(_shifted(logits))
    probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


def log_softmax(logits: Array) -> Array:
    """Return the logarithm of each probability, also of those too small for ``softmax``.

    ``log p[i, k] = s[i, k] - log sum_j exp(s[i, j])`` with ``s[i, k] = z[i, k] - max_j z[i, j]``:
    the log-sum-exp shift.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array

    Returns
    -------
    (n_samples, n_classes) array of the same dtype
        Nats, at most 0.

    Raises
    ------
    UserError
        ``logits-shape`` if logits are not a matrix with at least one column.
    """
    shifted = _shifted(logits)
    log_probabilities: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_probabilities


def one_hot(labels: Array, n_classes: int, dtype: DTypeLike = np.float32) -> Array:
    """Write each label as a row that is 1 at the label and 0 elsewhere.

    Parameters
    ----------
    labels : (n_samples,) int array
    n_classes : int
    dtype : dtype of the result

    Returns
    -------
    (n_samples, n_classes) array

    Raises
    ------
    UserError
        ``labels-shape`` or ``labels-range``.
    """
    check_labels(labels, n_classes)
    Y = np.zeros((len(labels), n_classes), dtype)
    Y[np.arange(len(labels)), labels] = 1
    return Y


def cross_entropy(logits: Array, labels: Array) -> float:
    """Return the mean cross-entropy ``-(1/n) sum_i log p[i, labels[i]]``.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array
    labels : (n_samples,) int array

    Returns
    -------
    float
        Nats, at least 0; ``log(n_classes)`` if all logits are equal.

    Raises
    ------
    UserError
        ``logits-shape``, ``batch-empty``, ``labels-shape``, ``labels-range``
        or ``labels-count``.
    """
    check_batch(logits, labels)
    chosen = log_softmax(logits)[np.arange(len(labels)), labels]
    # In float32 the sum of a few losses near 1e37 would overflow; in float64 it cannot.
    return -float(chosen.mean(dtype=np.float64)) + 0.0  # + 0.0: a perfect loss is 0, not -0


def cross_entropy_from_one_hot(logits: Array, Y: Array) -> float:
    """Return the mean cross-entropy ``-(1/n) sum_ik Y[i, k] log p[i, k]``.

    Parameters
    ----------
    logits, Y : (n_samples, n_classes) arrays
        Each row of Y sums to 1.

    Returns
    -------
    float
        Nats; equals ``cross_entropy`` of the labels Y was made from.

    Raises
    ------
    UserError
        ``logits-shape``, ``one-hot-shape`` if Y has another shape than logits,
        or ``batch-empty``.
    """
    check_logits(logits)
    if Y.shape != logits.shape:
        raise UserError(
            "one-hot-shape",
            f"One-hot labels must have the logits' shape {logits.shape}; these have {Y.shape}.",
        )
    if len(Y) == 0:
        raise UserError(
            "batch-empty", "A mean over 0 samples does not exist. Pass at least one sample."
        )
    weighted = Y * log_softmax(logits)
    return -float(weighted.sum(dtype=np.float64)) / len(Y) + 0.0


def cross_entropy_grad(logits: Array, labels: Array) -> Array:
    """Return the gradient of ``cross_entropy`` with respect to the logits.

    For one sample of class c the loss is ``L = log sum_j exp(z_j) - z_c``, so

        dL/dz_k = exp(z_k) / sum_j exp(z_j) - [k = c] = p_k - Y_k

    and for the mean over n samples ``dlogits = (probabilities - Y) / n``. Here, and
    nowhere else, is the division by n: the real size of this batch, so that a
    smaller last batch of an epoch is a mean like the others.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array
    labels : (n_samples,) int array

    Returns
    -------
    (n_samples, n_classes) array of the logits' dtype
        Rows sum to 0.

    Raises
    ------
    UserError
        As ``cross_entropy``.
    """
    check_batch(logits, labels)
    dlogits = softmax(logits)
    dlogits[np.arange(len(labels)), labels] -= 1
    dlogits /= len(labels)
    return dlogits


def _shifted(logits: Array) -> Array:
    check_logits(logits)
    shifted: Array = logits - logits.max(axis=1, keepdims=True)
    return shifted
