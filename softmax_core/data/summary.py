"""What a data set looks like in a few arrays: some pictures, averages and counts by class."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Bytes


def rows_by_class(labels: Bytes, n_classes: int, per_class: int) -> NDArray[np.int64]:
    """Choose the first pictures of every class, one of each class after the other.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,), uint8
    n_classes : int
    per_class : int
        How many of each class; a class that has fewer gives all it has.

    Returns
    -------
    ndarray of int
        Rows of the data set: the first picture of class 0, of class 1, ..., then the second
        of class 0, and so on.
    """
    first = [np.flatnonzero(labels == k)[:per_class] for k in range(n_classes)]
    rows = [found[i] for i in range(per_class) for found in first if i < len(found)]
    return np.array(rows, dtype=np.int64)


def class_means(images: Bytes, labels: Bytes, n_classes: int) -> NDArray[np.float64]:
    """Return the mean picture of each class.

    Returns
    -------
    ndarray of shape (n_classes, n_features), float64
        Share of full ink, in [0, 1]; NaN for a class without pictures.
    """
    means = np.full((n_classes, images.shape[1]), np.nan)
    for k in np.unique(labels):
        means[k] = images[labels == k].mean(axis=0) / 255
    return means


def class_counts(labels: Bytes, n_classes: int) -> NDArray[Any]:
    """Return how many pictures each class has, shape (n_classes,)."""
    return np.bincount(labels, minlength=n_classes)
