"""A training step through the layers, for every network."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import (
    Array,
    Network,
    Params,
    ReLU,
    Variant,
    accuracy,
    batch_loss_and_grads,
    loss_and_grads,
)
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.config import TrainingConfig
from softmax_core.training.samples import input_scale
from softmax_core.training.start import build_network
from softmax_core.training.state import TrainingState
from softmax_core.training.stepper import StepFigures
from softmax_core.training.taught import TrainSet

# A larger batch is worked through in chunks: the full MNIST as floats would be 188 MB.
MAX_CHUNK: Final = 2_048


class LayeredStepper:
    """Forward and backward through the layers, in the way the settings ask for, then SGD."""

    def __init__(
        self, config: TrainingConfig, state: TrainingState, samples: TrainSet, batch_size: int
    ) -> None:
        self._network = network_of(config, state.params)
        self._variant = config.variant
        self._scale = np.float32(input_scale(samples, config.pixels))
        self._params = dict(state.params)
        self._velocity = dict(state.velocity)
        before = state.previous or state
        self._before = (dict(before.params), dict(before.velocity))
        self._grads: Params = {}
        self._batch = BatchBuffer(samples, min(batch_size, MAX_CHUNK))

    def measure(self, rows: NDArray[np.int64], l2: float) -> StepFigures:
        """Compute loss, batch accuracy and gradient on these rows."""
        n, loss, correct = len(rows), 0.0, 0.0
        grads: Params = {}
        active: NDArray[np.bool_] | None = None
        for start in range(0, n, MAX_CHUNK):
            chunk = rows[start : start + MAX_CHUNK]
            share = len(chunk) / n
            X, labels = self._batch.fill(chunk)
            X *= self._scale
            part_loss, part, logits = self._part(X, labels, n, l2)
            loss += part_loss
            correct += share * accuracy(logits, labels)
            grads = part if share == 1 else _added(grads, part)
            active = _active(self._network, logits, active)
        self._grads = grads
        squares = sum(float(np.vdot(grad, grad)) for grad in grads.values())
        norm = math.sqrt(squares) if squares >= 0 else math.nan
        return StepFigures(loss, correct, norm, active)

    def _part(self, X: Array, labels: Array, n: int, l2: float) -> tuple[float, Params, Array]:
        """Return what a chunk adds to loss and gradients of a batch of n, and its logits."""
        network, params, share = self._network, self._params, len(X) / n
        if self._variant == Variant():
            loss, grads, logits = loss_and_grads(network, params, X, labels, l2)
            if share < 1:
                grads = {name: np.float32(share) * grad for name, grad in grads.items()}
            return share * loss, grads, logits
        loss, grads, logits = batch_loss_and_grads(network, params, X, labels, self._variant, n)
        if l2:
            times = share * n if self._variant.reduction == "sum" else share
            for layer in network.linear_layers:
                W = params[layer.weight]
                loss += share * l2 / 2 * float(np.square(W).sum(dtype=np.float64))
                grads[layer.weight] += np.float32(times * l2) * W
        return loss, grads, logits

    def update(self, learning_rate: float, momentum: float) -> None:
        """Take one step of SGD; the arrays of the state before it stay as they are."""
        self._before = self.snapshot()
        direction = self._grads
        if momentum:
            kept = self._velocity
            direction = {
                name: np.float32(momentum) * kept[name] + grad if kept else grad
                for name, grad in self._grads.items()
            }
        self._velocity = direction if momentum else {}
        rate = np.float32(learning_rate)
        self._params = {
            name: array - rate * direction[name] for name, array in self._params.items()
        }

    def snapshot(self) -> tuple[Params, Params]:
        """Return the parameters and the velocity; updates make new arrays, so no copies."""
        return dict(self._params), dict(self._velocity)

    def snapshot_before(self) -> tuple[Params, Params]:
        """Return both as they were before the last update."""
        params, velocity = self._before
        return dict(params), dict(velocity)


def network_of(config: TrainingConfig, params: Params) -> Network:
    """Describe the network that has these parameters."""
    weights = [array for array in params.values() if array.ndim == 2]
    return build_network(config, weights[0].shape[0], weights[-1].shape[1])


def _added(sums: Params, grads: Params) -> Params:
    return {name: grad + sums[name] if name in sums else grad for name, grad in grads.items()}


def _active(
    network: Network, logits: Array, before: NDArray[np.bool_] | None
) -> NDArray[np.bool_] | None:
    """Return the classes that some picture raises above 0, where ReLU guards the logits."""
    if not isinstance(network.layers[-1], ReLU):
        return None
    active: NDArray[np.bool_] = np.any(logits > 0, axis=0)
    return active if before is None else np.logical_or(active, before)
