"""A training step through the layers, for every network."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from softmax_core.nn import Network, Params, accuracy, loss_and_grads
from softmax_core.training.batches import BatchBuffer
from softmax_core.training.samples import PIXEL_SCALE, Samples
from softmax_core.training.state import TrainingState
from softmax_core.training.stepper import StepFigures

_SCALE: Final = np.float32(PIXEL_SCALE)

# A larger batch is worked through in chunks: the full MNIST as floats would be 188 MB.
MAX_CHUNK: Final = 2_048


class LayeredStepper:
    """Forward and backward through ``network``'s layers, then SGD on every parameter."""

    def __init__(
        self, network: Network, state: TrainingState, samples: Samples, batch_size: int
    ) -> None:
        self._network = network
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
        for start in range(0, n, MAX_CHUNK):
            chunk = rows[start : start + MAX_CHUNK]
            share = len(chunk) / n
            X, labels = self._batch.fill(chunk)
            X *= _SCALE
            part = loss_and_grads(self._network, self._params, X, labels, l2)
            loss += share * part[0]
            correct += share * accuracy(part[2], labels)
            grads = part[1] if share == 1 else _added(grads, part[1], np.float32(share))
        self._grads = grads
        squares = sum(float(np.vdot(grad, grad)) for grad in grads.values())
        norm = math.sqrt(squares) if squares >= 0 else math.nan
        return StepFigures(loss, correct, norm)

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


def _added(sums: Params, grads: Params, share: np.float32) -> Params:
    """Add a chunk's mean gradient, weighted by its share of the batch."""
    return {
        name: share * grad + sums[name] if name in sums else share * grad
        for name, grad in grads.items()
    }
