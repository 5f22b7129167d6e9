"""The published mini-batch notebook's training, for tests: plain NumPy, and none of our code.

Small normal weights, batches of 128 in a new order each epoch, rate 0.1, mean gradient; at the
end the weights go into W.npy and b.npy by np.save, the bias as one row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.dataset import Dataset


class Notebook(NamedTuple):
    """What the notebook has at its end."""

    W: NDArray[np.float32]
    b: NDArray[np.float32]
    test_loss: float
    test_accuracy: float

    def save(self, folder: Path) -> Path:
        """Leave the two files behind."""
        folder.mkdir(exist_ok=True)
        np.save(folder / "W.npy", self.W)
        np.save(folder / "b.npy", self.b)
        return folder


def run_notebook(dataset: Dataset, n_epochs: int, seed: int) -> Notebook:
    """Train on a data set of pictures and test at the end."""
    rng, n_classes = np.random.default_rng(seed), dataset.info.n_classes
    X = dataset.train_images.astype(np.float32) / np.float32(255)
    labels = dataset.train_labels
    W = (rng.standard_normal((X.shape[1], n_classes)) * 0.01).astype(np.float32)
    b = np.zeros((1, n_classes), np.float32)
    for _ in range(n_epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 128):
            rows = order[start : start + 128]
            G = _probabilities(X[rows] @ W + b)
            G[np.arange(len(rows)), labels[rows]] -= 1
            G /= len(rows)
            W -= np.float32(0.1) * (X[rows].T @ G)
            b -= np.float32(0.1) * G.sum(axis=0, keepdims=True)
    P = _probabilities(dataset.test_images / np.float32(255) @ W + b)
    true = P[np.arange(len(P)), dataset.test_labels]
    accuracy = (P.argmax(axis=1) == dataset.test_labels).mean()
    return Notebook(W, b, float(-np.log(true).mean()), float(accuracy))


def _probabilities(Z: NDArray[Any]) -> NDArray[Any]:
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(E / E.sum(axis=1, keepdims=True))
