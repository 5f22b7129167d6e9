"""A data set: what is known about it, and its pictures or points with their labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Inputs = NDArray[Any]  # uint8 for pictures, float32 for points
Kind = Literal["pictures", "points"]


@dataclass(frozen=True)
class DatasetInfo:
    """What is known about a data set before it is opened.

    Parameters
    ----------
    name : str
        Its key, as in ``open_dataset(name)``.
    title : str
        Its name for people.
    class_names : tuple of str
        What label 0, 1, ... stands for.
    image_shape : tuple of int
        Rows and columns of a picture; of a point, one row of its coordinates.
    n_train, n_test : int
        How many pictures or points to learn from, and how many held out.
    source, licence, description : str
        Who made it, under which terms it may be used, and what it shows.
    kind : {"pictures", "points"}
        Whether a sample is a picture or a point in the plane.
    upright : bool
        Whether the pictures have had their slant removed, so that drawings must too.
    made_from : str
        The data set these pictures were made from, if it was another.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    n_train: int
    n_test: int
    source: str
    licence: str
    description: str
    kind: Kind = "pictures"
    upright: bool = False
    made_from: str = ""

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def n_features(self) -> int:
        """How many pixels a picture has, or coordinates a point."""
        return self.image_shape[0] * self.image_shape[1]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures as rows of bytes (0 paper, 255 ink) or points, and their labels; read-only.

    The type tells which: a byte is a pixel, to be divided by 255; a coordinate is used as it is.

    Parameters
    ----------
    info : DatasetInfo
    train_images : ndarray of shape (n_train, n_features), uint8, or float32 for points
    train_labels : ndarray of shape (n_train,), uint8
    test_images : ndarray of shape (n_test, n_features), uint8, or float32 for points
    test_labels : ndarray of shape (n_test,), uint8
    """

    info: DatasetInfo
    train_images: Inputs  # (n_train, n_features)
    train_labels: Bytes  # (n_train,)
    test_images: Inputs  # (n_test, n_features)
    test_labels: Bytes  # (n_test,)

    @property
    def arrays(self) -> dict[str, Inputs]:
        """The four arrays by name."""
        return {name: getattr(self, name) for name in ARRAY_NAMES}

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the four arrays, one after the other."""
        digest = hashlib.sha256()
        for array in self.arrays.values():
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


ARRAY_NAMES = ("train_images", "train_labels", "test_images", "test_labels")
