"""Data sets made from other data sets: slant removed, unusual and European digits added."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.catalogue import DATASETS, dataset_info
from softmax_core.data.dataset import Bytes, Dataset
from softmax_core.data.european import EUROPEAN, european
from softmax_core.data.slant import upright
from softmax_core.data.varied import varied

_VERSION: Final = 3  # of how the pictures are made: another one prepares them again
_VARIATIONS: Final = 3  # of each unusual picture
_EUROPEAN_EACH: Final = 3_000  # pictures of each digit that Europeans write otherwise
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
        n_unusual = info.n_train - len(train) - len(EUROPEAN) * _EUROPEAN_EACH
        rows = most_unusual(train, labels, n_unusual // _VARIATIONS)
        more = [
            upright(varied(source.train_images[rows], info.image_shape, seed), info.image_shape)
            for seed in range(_VARIATIONS)
        ]
        foreign = [_europeans(source, digit) for digit in EUROPEAN]
        train = np.concatenate([train, *more, *foreign])
        digits = np.repeat(np.array(list(EUROPEAN), np.uint8), _EUROPEAN_EACH)
        labels = np.concatenate([labels, np.tile(labels[rows], _VARIATIONS), digits])
    return Dataset(info, train, labels, test, source.test_labels)


def _europeans(source: Dataset, digit: int) -> Bytes:
    """Make the first pictures of one digit European, vary them, and remove their slant."""
    shape = source.info.image_shape
    images = source.train_images[source.train_labels == digit][:_EUROPEAN_EACH]
    return upright(varied(european(images, digit, shape, 0), shape, _VARIATIONS + digit), shape)


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
