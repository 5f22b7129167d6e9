"""Softmax and loss as they are often published: right on paper, and apt to fail in floats.

They are here to be watched failing, so what overflows in them or is divided by zero
becomes inf or nan without a warning. What training should use is in ``losses``.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from softmax_core.nn.arrays import Array, check_batch, check_logits

CLIP_FLOOR: Final = 1e-9


def naive_softmax(logits: Array) -> Array:
    """Return ``exp(z[i, k]) / sum_j exp(z[i, j])`` without any shift.

    In float32 ``exp`` overflows above 88.7 and then inf / inf is nan; when all logits of
    a row are below -103.9 it underflows and 0 / 0 is nan.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array

    Returns
    -------
    (n_samples, n_classes) array of the same dtype
        Equals ``softmax`` as long as nothing over- or underflows.

    Raises
    ------
    UserError
        ``logits-shape`` if logits are not a matrix with at least one column.
    """
    check_logits(logits)
    return _normalized(logits)


def whole_max_softmax(logits: Array) -> Array:
    """Subtract the maximum of the whole array, not of each row, before the exponential.

    Nothing overflows, but one confident row can lie so far above another that all
    exponentials of the other are 0, and 0 / 0 is nan. The result of a row depends on
    which rows it is computed with.

    Parameters
    ----------
    logits : (n_samples, n_classes) floating-point array

    Returns
    -------
    (n_samples, n_classes) array of the same dtype
        Equals ``softmax`` as long as no whole row underflows.

    Raises
    ------
    UserError
        ``logits-shape`` if logits are not a matrix with at least one column.
    """
    check_logits(logits)
    if len(logits) == 0:
        return logits.copy()
    with np.errstate(all="ignore"):
        return _normalized(logits - logits.max())


def log_of_probability(probabilities: Array, labels: Array) -> float:
    """Return the mean cross-entropy as the logarithm of a finished probability.

    A probability that underflowed to 0 costs inf. ``cross_entropy`` goes from the
    logits to the logarithm directly and never meets the 0.

    Parameters
    ----------
    probabilities : (n_samples, n_classes) array
    labels : (n_samples,) int array

    Returns
    -------
    float
        Nats; inf or nan when a probability was 0 or nan.

    Raises
    ------
    UserError
        ``logits-shape``, ``batch-empty``, ``labels-shape``, ``labels-range``
        or ``labels-count``.
    """
    return float(losses_by_log(probabilities, labels).mean(dtype=np.float64)) + 0.0


def clipped_cross_entropy(probabilities: Array, labels: Array, floor: float = CLIP_FLOOR) -> float:
    """Return the mean cross-entropy with every probability lifted to at least ``floor``.

    No loss exceeds ``-log(floor)``, 20.7 for 1e-9, however wrong a prediction is. Where
    the floor is in force this loss is flat and its true gradient 0; the published
    gradient, ``probabilities - Y``, is that of the loss without a floor.

    Parameters
    ----------
    probabilities : (n_samples, n_classes) array
    labels : (n_samples,) int array
    floor : float
        Above 0.

    Returns
    -------
    float
        Nats.

    Raises
    ------
    UserError
        As ``log_of_probability``.
    """
    return float(clipped_losses(probabilities, labels, floor).mean(dtype=np.float64)) + 0.0


def losses_by_log(probabilities: Array, labels: Array) -> Array:
    """Return the loss of each sample, of which ``log_of_probability`` is the mean."""
    check_batch(probabilities, labels)
    with np.errstate(all="ignore"):
        losses: Array = -np.log(probabilities[np.arange(len(labels)), labels])
    return losses


def clipped_losses(probabilities: Array, labels: Array, floor: float = CLIP_FLOOR) -> Array:
    """Return the loss of each sample, of which ``clipped_cross_entropy`` is the mean."""
    return losses_by_log(np.clip(probabilities, floor, 1), labels)


def _normalized(logits: Array) -> Array:
    with np.errstate(all="ignore"):
        exponentials = np.exp(logits)
        probabilities: Array = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities
