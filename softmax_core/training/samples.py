"""Labelled pictures or points as training sees them: pictures stay bytes until a batch is made."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

PIXEL_SCALE: Final = 1 / 255  # a pixel byte becomes a number in [0, 1]


class Samples(NamedTuple):
    """Pictures (bytes) or points (float32), and their classes."""

    images: NDArray[np.uint8] | NDArray[np.float32]  # (n_samples, n_features)
    labels: NDArray[np.uint8]  # (n_samples,)

    @property
    def n_samples(self) -> int:
        """How many there are."""
        return len(self.labels)

    @property
    def n_features(self) -> int:
        """Pixels of a picture, or coordinates of a point."""
        return int(self.images.shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of a pixel (uint8) or a coordinate (float32)."""
        return self.images.dtype

    def gather(self, rows: NDArray[np.int64], out: NDArray[Any]) -> NDArray[np.intp]:
        """Write these rows' values, unscaled, into ``out``; return their labels.

        Parameters
        ----------
        rows : ndarray of shape (k,), each from 0 to n_samples - 1
        out : ndarray of shape (k, n_features), of ``dtype``
        """
        # Rows come from a permutation, so "clip" never clips; it skips a copy.
        self.images.take(rows, axis=0, out=out, mode="clip")
        return self.labels[rows].astype(np.intp)


class _HasType(Protocol):
    @property
    def dtype(self) -> np.dtype[Any]: ...


def input_scale(images: _HasType, pixels: str = "scaled") -> float:
    """Return what images are multiplied with before a network sees them.

    Parameters
    ----------
    images : ndarray or a set of samples
        Its dtype tells pictures (uint8) from points, which are taken as they are.
    pixels : str
        As in ``TrainingConfig``: raw pixels stay 0 to 255.
    """
    return PIXEL_SCALE if images.dtype == np.uint8 and pixels == "scaled" else 1.0


def to_inputs(images: NDArray[Any], pixels: str = "scaled") -> NDArray[np.float32]:
    """Turn pictures or points into a batch ``X``.

    Parameters
    ----------
    images : ndarray of shape (n_samples, n_features), uint8 or float32
    pixels : str
        As in ``TrainingConfig``.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features)
        Pixels in [0, 1], unless they are left raw.
    """
    X = images.astype(np.float32)
    X *= np.float32(input_scale(images, pixels))
    return X
