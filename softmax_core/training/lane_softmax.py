"""Loss, hits and gradient of many lanes' logits on the same batch."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Below it a probability, 1e-26, changes nothing; but times a rate it may become a number so
# small that processors take a hundred times as long over it: lanes beyond the edge of
# stability, sure of everything, took twice the time.
_LOWEST: Final = np.float32(-60)


def to_dlogits(
    logits: Floats, labels: NDArray[np.intp], factor: Floats
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn logits into ``factor * (softmax(logits) - Y)`` in place.

    The class comes first: NumPy is slow to reduce short rows, and here it takes the largest,
    or the sum, of ten long ones.

    Parameters
    ----------
    logits : contiguous ndarray of shape (n_classes, n_lanes, n_samples)
    labels : ndarray of shape (n_samples,)
    factor : ndarray of shape (n_lanes,)

    Returns
    -------
    losses, correct : ndarray of shape (n_lanes,)
        Sums over the samples.
    """
    _, n_lanes, n_samples = logits.shape
    flat = logits.reshape(-1)
    places = np.arange(n_lanes * n_samples).reshape(n_lanes, n_samples)
    true = places + labels * places.size  # where the true class's logits are, in flat
    logits -= logits.max(axis=0)
    true_logits = flat.take(true)
    correct = np.count_nonzero(is_right(logits, labels, true_logits), axis=1)
    np.maximum(logits, _LOWEST, out=logits)
    np.exp(logits, out=logits)
    sums = logits.sum(axis=0)
    losses = np.log(sums).sum(axis=1) - true_logits.sum(axis=1)
    np.divide(factor[:, np.newaxis], sums, out=sums)
    logits *= sums
    flat[true] = flat.take(true) - factor[:, np.newaxis]
    return losses.astype(np.float64), np.asarray(correct, np.float64)


def is_right(shifted: Floats, labels: NDArray[np.intp], true_logits: Floats) -> NDArray[np.bool_]:
    """Tell for each sample whether its own class has the largest logit, of equals the first.

    Parameters
    ----------
    shifted : ndarray of shape (n_classes, ..., n_samples)
        Logits less each sample's largest, which is 0 here.
    labels : ndarray of shape (n_samples,)
    true_logits : ndarray of shape (..., n_samples)
        Those of each sample's own class.
    """
    is_largest = shifted >= 0
    if np.count_nonzero(is_largest) == true_logits.size:
        return true_logits >= 0
    # Ties, as with weights of zero: to look each one up takes four times as long.
    found: NDArray[np.bool_] = is_largest.argmax(axis=0) == labels
    return found
