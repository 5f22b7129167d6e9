"""The work that all do: an epoch of a network on MNIST from given weights, in given batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from softmax_core.data.store import Dataset
from softmax_core.nn import Params
from softmax_core.training import TrainingConfig, first_state
from softmax_core.training.samples import to_inputs
from softmax_core.training.start import epoch_order

Floats = NDArray[np.float32]
N_CLASSES = 10


@dataclass(frozen=True)
class Task:
    """One epoch, and how good the weights are that come of it.

    Attributes
    ----------
    dataset : Dataset
        MNIST: pixels are uint8, as they come from the file.
    config : TrainingConfig
        Network, learning rate and batch size.
    """

    dataset: Dataset
    config: TrainingConfig

    @property
    def n_samples(self) -> int:
        """Number of training pictures."""
        return len(self.dataset.train_labels)

    @property
    def batch_size(self) -> int:
        """Samples of a batch; the last one of an epoch may be smaller."""
        return min(self.config.batch_size, self.n_samples)

    @cached_property
    def start(self) -> Params:
        """The weights everybody begins with."""
        n_features = self.dataset.train_images.shape[1]
        return first_state(self.config, n_features, N_CLASSES).params

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The order of samples in the epoch."""
        return epoch_order(self.config.seed, 0, self.n_samples)

    @cached_property
    def inputs(self) -> Floats:
        """All training pictures in [0, 1], shape (n_samples, n_features)."""
        return to_inputs(self.dataset.train_images)

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Their classes."""
        return self.dataset.train_labels.astype(np.int64)

    def accuracy(self, params: Mapping[str, Floats]) -> float:
        """Return the share of the test set that these weights read rightly."""
        X = to_inputs(self.dataset.test_images)
        if "W1" in params:
            X = np.maximum(X @ params["W1"] + params["b1"], 0)
            logits = X @ params["W2"] + params["b2"]
        else:
            logits = X @ params["W"] + params["b"]
        return float(np.mean(logits.argmax(axis=1) == self.dataset.test_labels))


class Peer(NamedTuple):
    """One way to do it.

    Attributes
    ----------
    name : str
        As in the table.
    epoch : callable
        Trains one epoch from the start and returns the weights in the shapes of ``Task.start``.
    """

    name: str
    epoch: Callable[[], Mapping[str, Floats]]


def layers_of(params: Mapping[str, Floats]) -> list[tuple[Floats, Floats]]:
    """Return (W, b) of each layer, first to last."""
    if "W" in params:
        return [(params["W"], params["b"])]
    return [(params["W1"], params["b1"]), (params["W2"], params["b2"])]


def params_of(layers: list[tuple[Floats, Floats]]) -> dict[str, Floats]:
    """Name the arrays of each layer as everybody else does."""
    if len(layers) == 1:
        return {"W": layers[0][0], "b": layers[0][1]}
    return {
        f"{name}{index}": array
        for index, layer in enumerate(layers, 1)
        for name, array in zip(("W", "b"), layer, strict=True)
    }
