"""A data set: what is known about it, and its pictures and labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]


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
        Rows and columns of a picture.
    n_train, n_test : int
        How many pictures to learn from, and how many held out.
    source, licence, description : str
        Who made it, under which terms it may be used, and what it shows.
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

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def n_features(self) -> int:
        """How many pixels a picture has."""
        return self.image_shape[0] * self.image_shape[1]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures as rows of bytes (0 paper, 255 ink), and their labels; read-only.

    Parameters
    ----------
    info : DatasetInfo
    train_images : ndarray of shape (n_train, n_features), uint8
    train_labels : ndarray of shape (n_train,), uint8
    test_images : ndarray of shape (n_test, n_features), uint8
    test_labels : ndarray of shape (n_test,), uint8
    """

    info: DatasetInfo
    train_images: Bytes  # (n_train, n_features)
    train_labels: Bytes  # (n_train,)
    test_images: Bytes  # (n_test, n_features)
    test_labels: Bytes  # (n_test,)

    @property
    def arrays(self) -> dict[str, Bytes]:
        """The four arrays by name."""
        return {name: getattr(self, name) for name in ARRAY_NAMES}


ARRAY_NAMES = ("train_images", "train_labels", "test_images", "test_labels")
