"""Labelled pictures as training sees them: bytes until a batch is made."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

PIXEL_SCALE: Final = 1 / 255  # a pixel byte becomes a number in [0, 1]


class Samples(NamedTuple):
    """Pictures and their classes."""

    images: NDArray[np.uint8]  # (n_samples, n_features)
    labels: NDArray[np.uint8]  # (n_samples,)


def to_inputs(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn pixel bytes into a batch ``X`` in [0, 1].

    Parameters
    ----------
    images : ndarray of shape (n_samples, n_features), uint8

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
    """
    X = images.astype(np.float32)
    X *= np.float32(PIXEL_SCALE)
    return X
