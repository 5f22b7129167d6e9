"""Softmax Lab itself, and the loop of the mini-batch notebook."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks.peers.task import N_CLASSES, Floats, Peer, Task
from softmax_core.training import Budget, Samples, TrainingConfig, TrainingState, advance
from softmax_core.training.start import first_state

OURS = "Softmax Lab"
LOOP = "published NumPy loop"


def ours(task: Task) -> Peer:
    """Return ``advance``, as the app's workers call it."""
    dataset = task.dataset
    samples = Samples(dataset.train_images, dataset.train_labels)
    start = first_state(task.config, samples.n_features, N_CLASSES)
    return Peer(OURS, lambda: _advanced(start, task.config, samples))


def _advanced(
    start: TrainingState, config: TrainingConfig, samples: Samples
) -> Mapping[str, Floats]:
    return advance(start, config, samples, Budget(until_epoch=1))[0].params


def published_loop(task: Task) -> Peer:
    """Return the mini-batch notebook's way, written anew from what it does.

    It copies the whole shuffled training set before an epoch, makes one-hot labels for each
    batch, and multiplies in whatever layout the arrays have. Softmax regression only.
    """
    size, rate = task.batch_size, np.float32(task.config.learning_rate)

    def epoch() -> Mapping[str, Floats]:
        W, b = task.start["W"].copy(), task.start["b"].copy()
        X, labels = task.inputs[task.order], task.labels[task.order]
        for first in range(0, len(labels), size):
            part, true = X[first : first + size], labels[first : first + size]
            Z = part @ W + b
            Z = np.exp(Z - Z.max(axis=1, keepdims=True))
            probabilities = Z / Z.sum(axis=1, keepdims=True)
            Y = np.zeros((len(true), N_CLASSES), np.float32)
            Y[np.arange(len(true)), true] = 1
            dlogits = (probabilities - Y) / np.float32(len(true))
            W -= rate * (part.T @ dlogits)
            b -= rate * dlogits.sum(axis=0)
        return {"W": W, "b": b}

    return Peer(LOOP, epoch)
