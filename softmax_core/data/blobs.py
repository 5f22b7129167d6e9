"""Three clouds of points in two dimensions, made by scikit-learn: no picture, no download.

A published tutorial asks scikit-learn for three classes in two dimensions and leaves the
number of clusters in each class at its default, two. That makes six clusters, and scikit-learn
puts each on a corner of its own of a square, which has four: it refuses. With one cluster in
each class, as here, everything else of that call is kept.
"""

from __future__ import annotations

import importlib.util
from typing import Final

import numpy as np

from softmax_core.data.catalogue import dataset_info
from softmax_core.data.dataset import Dataset
from softmax_core.errors import UserError

BLOBS: Final = "blobs"

_SEED: Final = 42  # the published one, of the points and of the split
# Of the four arrays as float32 and bytes: the generator works in 64 bits, so that another
# machine's rounding does not reach them.
_SHA256: Final = "f6cb082e8203d32989af8278fb823b2618e0a326efaef53f4fa557539ec1ee3b"


def blobs_fingerprint() -> str:
    """Give what identifies the content."""
    return f"generated {_SHA256}"


def load_blobs() -> Dataset:
    """Make the points and hold a fifth of them out.

    Scikit-learn is imported here and only here: that takes seconds, and the prepared
    files make it a matter of once.

    Raises
    ------
    UserError
        If the package is missing, or makes other points than the version this app was
        made with.
    """
    if importlib.util.find_spec("sklearn") is None:
        raise UserError(
            "embedded-missing",
            f'The data set "{BLOBS}" is made by the Python package scikit-learn, which is not '
            "installed: install what requirements.txt lists. Nothing else is affected.",
        )
    dataset = _make()
    if dataset.sha256 != _SHA256:
        raise UserError(
            "embedded-changed",
            f'The installed package scikit-learn does not make the points of "{BLOBS}" that this '
            "app was made with: install the version that requirements.txt lists. Nothing else is "
            "affected.",
        )
    return dataset


def _make() -> Dataset:
    from sklearn.datasets import make_classification
    from sklearn.model_selection import train_test_split

    info = dataset_info(BLOBS)
    X, labels = make_classification(
        n_samples=info.n_train + info.n_test,
        n_features=2,
        n_informative=2,
        n_redundant=0,
        n_classes=info.n_classes,
        n_clusters_per_class=1,
        random_state=_SEED,
    )
    points, labels = X.astype(np.float32), labels.astype(np.uint8)
    parts = train_test_split(points, labels, test_size=0.2, random_state=_SEED)
    train_points, test_points, train_labels, test_labels = parts
    return Dataset(info, train_points, train_labels, test_points, test_labels)
