"""Data sets made from other data sets: slant removed, and unusual digits varied."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.catalogue import DATASETS, dataset_info
from softmax_core.data.dataset import Bytes, Dataset
from softmax_core.data.slant import upright
from softmax_core.data.varied import varied

_VERSION: Final = 2  # of how the pictures are made: another one prepares them again
_VARIATIONS: Final = 4  # of each unusual picture
_UNUSUAL: Final = "mnist-unusual"


def is_derived(name: str) -> bool:
    """Tell whether a data set is made from another one."""
    return name in DATASETS and bool(DATASETS[name].made_from)


def derived_fingerprint(name: str, source: str) -> str:
    """Give what identifies the content, from that of the data set it is made from."""
    return f"{name} {_VERSION} {hashlib.sha256(source.encode()).hexdigest()}"


def derive(name: str, source: Dataset) -> Dataset:
    """Make a data set from another one; the same pictures every time."""
    info = dataset_info(name)
    train, test = (
        upright(images, info.image_shape) for images in (source.train_images, source.test_images)
    )
    labels = source.train_labels
    if name == _UNUSUAL:
        rows = most_unusual(train, labels, (info.n_train - len(train)) // _VARIATIONS)
        more = [
            upright(varied(source.train_images[rows], info.image_shape, seed), info.image_shape)
            for seed in range(_VARIATIONS)
        ]
        train = np.concatenate([train, *more])
        labels = np.concatenate([labels, np.tile(labels[rows], _VARIATIONS)])
    return Dataset(info, train, labels, test, source.test_labels)


def most_unusual(images: Bytes, labels: Bytes, n: int) -> NDArray[np.intp]:
    """Find the pictures that are least like the average picture of their class.

    Measured by ``|x - own average|^2 - |x - nearest other average|^2``: above 0, a reader
    who knows nothing but the averages misreads the picture.

    Parameters
    ----------
    images : ndarray of shape (n_samples, n_features), uint8
    labels : ndarray of shape (n_samples,), uint8
    n : int

    Returns
    -------
    ndarray of shape (n,)
        Rows, the most unusual first.
    """
    X = images.astype(np.float32)
    classes = np.unique(labels)
    averages = np.array([X[labels == k].mean(axis=0, dtype=np.float64) for k in classes])
    distances = (averages**2).sum(axis=1) - 2.0 * (X @ averages.T.astype(np.float32))
    at = (np.arange(len(X)), np.searchsorted(classes, labels))
    own = distances[at]
    distances[at] = np.inf
    return np.argsort(distances.min(axis=1) - own, kind="stable")[:n]
